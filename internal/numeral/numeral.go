// Package numeral writes numbers as rulesets do, so that what the formatter
// prints and what an explanation or a finding says are the same text.
package numeral

import (
	"math"
	"strconv"
)

// maxInteger is the largest number up to which a float64 holds every integer.
const maxInteger = 1 << 53

// Plain gives the shortest decimal that reads as v. Integers that a float64
// does not hold exactly, and what is very small, are written with an exponent.
func Plain(v float64) string {
	if a := math.Abs(v); a != 0 && (a < 1e-9 || a > maxInteger) {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(v+0, 'f', -1, 64) // +0 has no sign for zero
}

// Compact is Plain with a suffix for round millions and billions: 10M.
func Compact(v float64) string {
	switch a := math.Abs(v); {
	case a >= 1e9 && a < 1e15 && math.Mod(a, 1e8) == 0:
		return Plain(v/1e9) + "B"
	case a >= 1e6 && a < 1e9 && math.Mod(a, 1e5) == 0:
		return Plain(v/1e6) + "M"
	}
	return Plain(v)
}

// Interval writes an interval, both ends with a suffix or neither: 10-20M
// would read as ten to twenty million, or as tens of millions.
func Interval(lo, hi float64) string {
	from, to := Compact(lo), Compact(hi)
	if plain := [...]string{Plain(lo), Plain(hi)}; (from == plain[0]) != (to == plain[1]) && lo != 0 {
		from, to = plain[0], plain[1]
	}
	if lo < 0 || hi < 0 {
		return from + ".." + to
	}
	return from + "-" + to
}
