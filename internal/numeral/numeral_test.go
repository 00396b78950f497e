package numeral

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNumbers(t *testing.T) {
	for v, want := range map[float64][2]string{
		0: {"0", "0"}, math.Copysign(0, -1): {"0", "0"}, 0.1: {"0.1", "0.1"}, -2.5: {"-2.5", "-2.5"}, 10_000: {"10000", "10000"},
		1e6: {"1000000", "1M"}, 12.5e6: {"12500000", "12.5M"}, 12_340_000: {"12340000", "12340000"}, -3e9: {"-3000000000", "-3B"},
		1e15: {"1000000000000000", "1000000000000000"}, 1 << 54: {"1.8014398509481984e+16", "1.8014398509481984e+16"}, 1e-10: {"1e-10", "1e-10"},
	} {
		assert.Equal(t, want, [2]string{Plain(v), Compact(v)}, "%v", v)
	}
}

func TestInterval(t *testing.T) {
	for ends, want := range map[[2]float64]string{
		{1, 49}: "1-49", {10, 20e6}: "10-20000000", {10e6, 20e6}: "10M-20M", {0, 20e6}: "0-20M", {-5, 5}: "-5..5", {-10, 20e6}: "-10..20000000",
		{500_000, 1e6}: "500000-1000000",
	} {
		assert.Equal(t, want, Interval(ends[0], ends[1]))
	}
}
