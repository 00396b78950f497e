package classes_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/classes"
	"github.com/accountscore/accountscore/internal/cond"
)

func TestCountIsTheNumberOfCutsPassed(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 70 {
		cuts := make([]float64, n)
		for i := range cuts {
			cuts[i] = float64(r.IntN(40))
		}
		slices.Sort(cuts)
		for v := -1.0; v < 42; v += 0.5 {
			want := 0
			for _, c := range cuts {
				if c <= v {
					want++
				}
			}
			require.Equal(t, want, classes.Count(cuts, v), "%v in %v", v, cuts)
		}
	}
}

func TestCutsAgreeWithCount(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	crowded := 0
	for range 400 {
		// Numbers of one size, of many sizes, next to each other, and times.
		draw := [...]func() int64{
			func() int64 { return classes.Key(float64(r.IntN(1000) - 500)) },
			func() int64 { return classes.Key(math.Exp(r.NormFloat64()*9) * float64(r.IntN(3)-1)) },
			func() int64 { return classes.Key(5) + int64(r.IntN(7)) },
			func() int64 { return r.Int64N(1<<62) - 1<<61 },
		}[r.IntN(4)]
		cuts := make([]int64, r.IntN(40))
		for i := range cuts {
			cuts[i] = draw()
		}
		slices.Sort(cuts)
		cuts = slices.Compact(cuts)
		c := classes.NewCuts(cuts)
		if c.Crowded() {
			crowded++
		}
		keys := []int64{classes.Key(-1 << 53), classes.Key(0), classes.Key(1 << 53), -1 << 62, 1 << 62}
		for range 40 {
			keys = append(keys, draw())
		}
		for _, k := range cuts {
			keys = append(keys, k-1, k, k+1)
		}
		for _, k := range keys {
			require.Equal(t, classes.Count(cuts, k), c.Class(k), "%v in %v", k, cuts)
		}
	}
	require.Greater(t, crowded, 10)
}

func TestKeysCompareAsNumbersDo(t *testing.T) {
	numbers := []float64{-1 << 53, -1.5, -1, math.Nextafter(0, -1), 0, math.Nextafter(0, 1), 1e-9, 1, math.Nextafter(1, 2), 10, 1 << 53}
	for i, x := range numbers {
		for j, y := range numbers {
			require.Equal(t, i < j, classes.Key(x) < classes.Key(y), "%v and %v", x, y)
		}
	}
	require.Equal(t, classes.Key(0), classes.Key(math.Copysign(0, -1)))
}

func TestTextsAgreeWithAMap(t *testing.T) {
	words := []string{"US", "UK", "us", "Healthcare", "healthcare services", "health", "", "K", "\u212A", "straße", "STRASSE",
		"ſam", "sam", "Ωmega", "ωmega", "CA", "a long name that ends alike", "a long game that ends alike", "0123456x89abcdef", "0123456y89abcdef"}
	for _, fold := range []bool{false, true} {
		for n := range len(words) + 1 {
			texts := classes.NewTexts(words[:n], fold)
			want := map[string]int{}
			for _, w := range words[:n] {
				if fold {
					w = cond.Fold(w)
				}
				if _, ok := want[w]; !ok {
					want[w] = len(want) + 1
				}
			}
			for _, w := range words {
				for _, s := range []string{w, strings.ToUpper(w), strings.ToLower(w), w + "x", "ſ" + w} {
					key := s
					if fold {
						key = cond.Fold(s)
					}
					require.Equal(t, want[key], texts.Class(s), "%q of %q, fold %v", s, words[:n], fold)
				}
			}
		}
	}
}

func TestTextsTakeManyKeys(t *testing.T) {
	var keys []string
	for i := range 10_000 {
		keys = append(keys, fmt.Sprintf("key %d of many", i))
	}
	texts := classes.NewTexts(keys, false)
	for i, k := range keys {
		require.Equal(t, i+1, texts.Class(k))
	}
	require.Zero(t, texts.Class("another"))
}

func BenchmarkCount(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	values := make([]float64, 1<<14)
	for i := range values {
		values[i] = r.Float64() * 100
	}
	for _, n := range []int{1, 4, 8, 64} {
		cuts := make([]float64, n)
		for i := range cuts {
			cuts[i] = float64(i) * 100 / float64(n)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			sum := 0
			for i := range b.N {
				sum += classes.Count(cuts, values[i&(1<<14-1)])
			}
			sink = sum
		})
		keys := make([]int64, n)
		for i := range keys {
			keys[i] = classes.Key(cuts[i])
		}
		prepared := classes.NewCuts(keys)
		b.Run(fmt.Sprint(n, "/cells"), func(b *testing.B) {
			sum := 0
			for i := range b.N {
				sum += prepared.Class(classes.Key(values[i&(1<<14-1)]))
			}
			sink = sum
		})
	}
}

func BenchmarkTexts(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"US", "UK", "CA", "AU", "DE", "Technology", "Finance", "Healthcare", "FR", "Retail", "Education", "BR"}
	texts := classes.NewTexts(words[:8], false)
	values := make([]string, 1<<14)
	for i := range values {
		values[i] = strings.Clone(words[r.IntN(len(words))])
	}
	sum := 0
	for i := range b.N {
		sum += texts.Class(values[i&(1<<14-1)])
	}
	sink = sum
}

var sink int
