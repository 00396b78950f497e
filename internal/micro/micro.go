// Package micro is exact decimal arithmetic in millionths. Sums are exact;
// a product is rounded once, to the nearest millionth, half away from zero.
// What does not fit saturates instead of wrapping.
package micro

import (
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// M is a number of millionths.
type M int64

// One is the number one.
const One M = 1_000_000

// The largest and the smallest M.
const (
	Max M = math.MaxInt64
	Min M = -math.MaxInt64
)

// Of rounds a float to millionths, half away from zero. NaN is zero.
func Of(f float64) M {
	switch f = math.Round(f * float64(One)); {
	case f >= math.MaxInt64:
		return Max
	case f <= -math.MaxInt64:
		return Min
	case f != f:
		return 0
	}
	return M(f)
}

// Exact tells whether a float has no more than six decimals.
func Exact(f float64) bool { return Of(f).Float() == f }

// Float gives the nearest float64.
func (m M) Float() float64 { return float64(m) / float64(One) }

// String gives the shortest decimal, without an exponent.
func (m M) String() string {
	neg, abs := split(m)
	s := strconv.FormatUint(abs/uint64(One), 10)
	if frac := abs % uint64(One); frac != 0 {
		s += "." + strings.TrimRight(strconv.FormatUint(frac+uint64(One), 10)[1:], "0")
	}
	if neg {
		return "-" + s
	}
	return s
}

// Add adds, saturating.
func (m M) Add(n M) M {
	s := m + n
	switch {
	case m > 0 && n > 0 && s < 0:
		return Max
	case m < 0 && n < 0 && s >= 0:
		return Min
	}
	return s
}

// Mul multiplies: (m · n), rounded to millionths.
func (m M) Mul(n M) M {
	// Most products fit 64 bits, and dividing those by a constant is cheap.
	mn, ma := split(m)
	nn, na := split(n)
	if hi, lo := bits.Mul64(ma, na); hi == 0 && lo <= math.MaxInt64 {
		return join(mn != nn, (lo+uint64(One)/2)/uint64(One))
	}
	return m.MulDiv(n, One)
}

// Div divides: (m / n), rounded to millionths; n is not zero.
func (m M) Div(n M) M { return m.MulDiv(One, n) }

// MulDiv gives m · n / d with the product held in 128 bits and one rounding;
// d is not zero.
func (m M) MulDiv(n, d M) M {
	mn, ma := split(m)
	nn, na := split(n)
	dn, da := split(d)
	neg := mn != nn != dn
	hi, lo := bits.Mul64(ma, na)
	lo, carry := bits.Add64(lo, da/2, 0)
	return quotient(neg, hi+carry, lo, da)
}

// Round rounds to a number of decimals, 0 to 6, half away from zero.
func (m M) Round(decimals int) M {
	neg, abs := split(m)
	// Division by a constant is a multiplication.
	switch decimals {
	case 0:
		abs = (abs + 500_000) / 1_000_000 * 1_000_000
	case 1:
		abs = (abs + 50_000) / 100_000 * 100_000
	case 2:
		abs = (abs + 5_000) / 10_000 * 10_000
	case 3:
		abs = (abs + 500) / 1_000 * 1_000
	case 4:
		abs = (abs + 50) / 100 * 100
	case 5:
		abs = (abs + 5) / 10 * 10
	}
	return join(neg, abs)
}

// Clamp holds m between lo and hi.
func (m M) Clamp(lo, hi M) M { return min(max(m, lo), hi) }

// Sum is a sum of products that is rounded once, at its end. The zero Sum is
// zero. It holds 128 bits, more than any number of contacts can fill.
type Sum struct {
	hi int64
	lo uint64
}

// Add adds m · n.
func (s *Sum) Add(m, n M) {
	mn, ma := split(m)
	nn, na := split(n)
	hi, lo := bits.Mul64(ma, na)
	if mn != nn {
		var borrow uint64
		s.lo, borrow = bits.Sub64(s.lo, lo, 0)
		s.hi -= int64(hi) + int64(borrow)
		return
	}
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, lo, 0)
	s.hi += int64(hi) + int64(carry)
}

// Join adds another sum.
func (s *Sum) Join(t Sum) {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, t.lo, 0)
	s.hi += t.hi + int64(carry)
}

// Rounded gives the sum in millionths.
func (s Sum) Rounded() M {
	neg := s.hi < 0
	hi, lo := uint64(s.hi), s.lo
	if neg {
		var borrow uint64
		lo, borrow = bits.Sub64(0, lo, 0)
		hi, _ = bits.Sub64(0, hi, borrow)
	}
	lo, carry := bits.Add64(lo, uint64(One)/2, 0)
	return quotient(neg, hi+carry, lo, uint64(One))
}

func quotient(neg bool, hi, lo, d uint64) M {
	if hi >= d {
		return join(neg, math.MaxUint64)
	}
	q, _ := bits.Div64(hi, lo, d)
	return join(neg, q)
}

func split(m M) (neg bool, abs uint64) {
	if m < 0 {
		return true, -uint64(m)
	}
	return false, uint64(m)
}

func join(neg bool, abs uint64) M {
	m := M(min(abs, math.MaxInt64))
	if neg {
		return -m
	}
	return m
}
