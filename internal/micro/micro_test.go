package micro

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		in   float64
		want M
	}{
		{50, 50_000_000}, {0.1, 100_000}, {2.5, 2_500_000}, {-0.0000005, -1}, {0.0000004, 0},
		{1e300, Max}, {-1e300, Min}, {math.NaN(), 0}, {math.Inf(1), Max}, {999_999.999999, 999_999_999_999},
	} {
		assert.Equal(t, c.want, Of(c.in), "%v", c.in)
	}
	assert.True(t, Exact(0.000001))
	assert.False(t, Exact(0.0000001))
}

func TestString(t *testing.T) {
	for in, want := range map[M]string{0: "0", 1: "0.000001", -1_500_000: "-1.5", 98_208_000: "98.208", 20: "0.00002", Min: "-9223372036854.775807"} {
		assert.Equal(t, want, in.String())
	}
}

func TestRound(t *testing.T) {
	for _, c := range []struct {
		in       M
		decimals int
		want     M
	}{
		{1_500_000, 0, 2_000_000}, {-1_500_000, 0, -2_000_000}, {1_449_999, 1, 1_400_000}, {1_450_000, 1, 1_500_000},
		{5_000, 2, 10_000}, {4_999, 2, 0}, {123_456, 6, 123_456},
	} {
		assert.Equal(t, c.want, c.in.Round(c.decimals), "%v to %d", c.in, c.decimals)
	}
}

// TestArithmetic holds products, quotients and sums of products equal to exact
// rational arithmetic.
func TestArithmetic(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func() M {
		v := M(r.Uint64() >> (1 + r.IntN(63)))
		if r.IntN(2) == 0 {
			return -v
		}
		return v
	}
	for range 20_000 {
		a, b, d := pick(), pick(), pick()
		if d == 0 {
			d = 1
		}
		assert.Equal(t, rounded(product(a, b), big.NewInt(int64(d))), a.MulDiv(b, d), "%d*%d/%d", a, b, d)
		var s Sum
		exact := new(big.Int)
		for range 1 + r.IntN(5) {
			x, y := pick(), pick()
			s.Add(x, y)
			exact.Add(exact, product(x, y))
		}
		assert.Equal(t, rounded(exact, big.NewInt(int64(One))), s.Rounded())
		sum := new(big.Int).Add(big.NewInt(int64(a)), big.NewInt(int64(b)))
		assert.Equal(t, rounded(sum, big.NewInt(1)), a.Add(b))
	}
}

func product(a, b M) *big.Int { return new(big.Int).Mul(big.NewInt(int64(a)), big.NewInt(int64(b))) }

// rounded is n/d to the nearest integer, half away from zero, saturated.
func rounded(n, d *big.Int) M {
	neg := n.Sign()*d.Sign() < 0
	n, d = new(big.Int).Abs(n), new(big.Int).Abs(d)
	q := new(big.Int).Add(n, new(big.Int).Rsh(d, 1))
	q.Quo(q, d)
	m := Max
	if q.IsInt64() {
		m = M(q.Int64())
	}
	if neg {
		return -m
	}
	return m
}
