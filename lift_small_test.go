package accountscore

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// endPool are numbers at, beside and between the ends of what paths say of a
// field, but for what the rounding of numbers leaves open.
func endPool(paths []Path) func(*field) []dsl.Value {
	return func(f *field) []dsl.Value {
		var list, ends []float64
		for _, p := range paths {
			for i := range p.Changes {
				c := &p.Changes[i]
				if c.Field != f.Name {
					continue
				}
				for _, end := range []dsl.Value{c.Min, c.Max, c.To} {
					if end.Kind != dsl.NumberValue {
						continue
					}
					ends = append(ends, end.Number)
					for _, by := range []float64{1e-11, 1e-9, 1e-7, 1e-6, 1e-4, 0.01, 0.1, 0.5, 1, 2, 10, 1e6} {
						list = append(list, end.Number*(1-by), end.Number*(1+by), end.Number-by, end.Number+by)
					}
					list = append(list, end.Number)
				}
				if c.Min.Kind == dsl.NumberValue && c.Max.Kind == dsl.NumberValue {
					for part := 0.0; part <= 1; part += 1.0 / 64 {
						list = append(list, c.Min.Number+part*(c.Max.Number-c.Min.Number))
					}
				}
			}
		}
		for e := -12; e <= 15; e++ {
			list = append(list, math.Pow10(e), -math.Pow10(e), 3.7*math.Pow10(e), -3.7*math.Pow10(e))
		}
		list = slices.DeleteFunc(append(list, 0), func(v float64) bool {
			return slices.ContainsFunc(ends, func(end float64) bool { return v != end && math.Abs(v-end) <= 2*roundOff*math.Abs(end) })
		})
		slices.Sort(list)
		return numberValues(slices.Compact(list)...)
	}
}

// TestLiftClaimsSmall: whichever number the words of a path allow, it reaches,
// also where numbers are small; and the words tell small numbers as they are.
func TestLiftClaimsSmall(t *testing.T) {
	t.Parallel()
	found, tried := 0, 0
	for seed := range uint64(500) {
		r := newRandom(75_000 + seed)
		src := "field a number" + r.of("", " actionable", " enrichable") + "\nfield b number" + r.of("", " fixed", " fixed") + "\nlet q = a / b\n"
		small := func() string {
			return r.of("0.000001", "0.000003", "0.0000005", "0.00001", "0.00007", "0.0001", "0.0003", "0.001", "0.0025", "0.01", "0.00333", "0")
		}
		formula := func() string {
			return r.of("a", "a", "a * 3", "a / 7", "a * b", "q", "a - "+small(), "abs(a - "+small()+")", "1 / a", "a * 1000", "a * a", "(a - 0.001) * (a - 0.005)", "a % 0.001", "min(a, 0.01 - a)", "(a > 0.001 ? a : 0)", "a + b")
		}
		test := func() string {
			return formula() + " " + r.of(">", ">=", "<", "<=", "=") + " " + r.of(small(), small(), "30000", "1000000", "0.5")
		}
		for range 1 + r.IntN(3) {
			switch r.IntN(5) {
			case 0:
				src += fmt.Sprintf("%s → %d..%d over 0-%s\n", formula(), r.IntN(9)-3, r.IntN(12)-3, r.of("0.000003", "0.0001", "0.002", "0.01"))
			case 1:
				src += fmt.Sprintf("%s → %+d per %s max 8 min -8\n", test(), 1+r.IntN(3), r.of("a", "a * 1000", "a * 1000000", "a / 3"))
			default:
				src += test() + r.of("", " and "+test(), " or "+test()) + fmt.Sprintf(" → %+d\n", r.IntN(12)-2)
			}
		}
		src += fmt.Sprintf("tiers { top when score >= %d%s\n low otherwise }", 1+r.IntN(10), r.of("", "", " and score <= 12"))
		a := Account{Fields: map[string]any{}}
		for _, name := range []string{"a", "b"} {
			if r.IntN(3) > 0 {
				a.Fields[name] = []float64{0, 0.5, 7, 0.002, 0.000004, 3, 0.01, 1000}[r.IntN(8)]
			}
		}
		m := compile(t, src)
		x := m.Explain(a, testMoment)
		if x.Result.Tier == "top" {
			continue
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("%s\n%v", src, a.Fields)
				}
			}()
			paths := checkPaths(t, m, x, "top")
			if n := holdsClaims(t, src, x, paths, endPool(paths)); n > 0 {
				found++
				tried += n
			}
			for _, p := range paths {
				for _, c := range p.Changes {
					for _, v := range []dsl.Value{c.Min, c.To, c.Max} {
						require.False(t, v.Number == 0 && math.Signbit(v.Number) || v.Number != 0 && math.Abs(v.Number) < tiny, "%v: %g", p, v.Number)
						if v.Kind == dsl.NumberValue && math.Abs(v.Number) < 1000 {
							said, err := strconv.ParseFloat(liftValue(v), 64)
							require.NoError(t, err)
							require.InDelta(t, v.Number, said, roundOff*math.Abs(v.Number), "%v", p)
						}
					}
				}
			}
		})
	}
	require.Greater(t, found, 60)
	require.Greater(t, tried, 5000)
}
