package arrow

import (
	"math"
	"math/big"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// decimals gives the numbers of an array of decimals of any width, each the
// float nearest to it; false where it is another.
func decimals(c arrow.Array) ([]float64, bool) {
	of, ok := c.DataType().(arrow.DecimalType)
	if !ok {
		return nil, false
	}
	out := make([]float64, c.Len())
	scale := of.GetScale()
	for i := range out {
		if c.IsNull(i) {
			continue
		}
		switch c := c.(type) {
		case *array.Decimal32:
			out[i] = decimal(int64(c.Value(i)), scale)
		case *array.Decimal64:
			out[i] = decimal(int64(c.Value(i)), scale)
		case *array.Decimal128:
			if v := c.Value(i); v.HighBits() == int64(v.LowBits())>>63 {
				out[i] = decimal(int64(v.LowBits()), scale)
			} else {
				out[i] = nearest(v.BigInt(), scale)
			}
		case *array.Decimal256:
			out[i] = nearest(c.Value(i).BigInt(), scale)
		default:
			return nil, false
		}
	}
	return out, true
}

// exactPowers are those of ten that a float holds exactly.
var exactPowers = func() (powers [23]float64) {
	for i := range powers {
		powers[i] = math.Pow10(i)
	}
	return powers
}()

// decimal gives the float nearest to v · 10^−scale. One division of two exact
// floats rounds once.
func decimal(v int64, scale int32) float64 {
	const exact = 1 << 53
	if v >= -exact && v <= exact && scale >= 0 && int(scale) < len(exactPowers) {
		return float64(v) / exactPowers[scale]
	}
	return nearest(big.NewInt(v), scale)
}

// nearest is decimal for numbers of any size.
func nearest(v *big.Int, scale int32) float64 {
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(max(int64(scale), -int64(scale))), nil)
	exact := new(big.Rat)
	if scale < 0 {
		exact.SetInt(power.Mul(power, v))
	} else {
		exact.SetFrac(v, power)
	}
	f, _ := exact.Float64()
	return f
}
