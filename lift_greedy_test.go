package accountscore

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// mixedFields declares fields of five types, all of them to be filled in.
func mixedFields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "field f%d %s\n", i, []string{"number", "text", "list", "bool", "time"}[i%5])
	}
	return b.String()
}

// mixedRules are rules of one point, two of every other field. The two of a bool
// cannot hold at once.
func mixedRules(n int) string {
	first := []string{"f%d > 1", "f%d in [a, b]", "f%d has any [x, y]", "f%d", "f%d within 90d"}
	second := []string{"f%d between 10 and 99", "f%d in [b, c]", "f%d has any [z]", "not f%d", "f%d within 30d"}
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "    "+first[i%5]+" → +1\n", i)
		if i%2 == 0 {
			fmt.Fprintf(&b, "    "+second[i%5]+" → +1\n", i)
		}
	}
	return b.String()
}

// TestLiftGreedyFinds: of very many fields of which any few do, some are found,
// however the model adds their points up.
func TestLiftGreedyFinds(t *testing.T) {
	t.Parallel()
	const n = 300
	fields, rules := mixedFields(n), mixedRules(n)
	ladder := func(tiers, least int) string {
		var b strings.Builder
		for i := range tiers {
			fmt.Fprintf(&b, "  t%d when score >= %d\n", i, least+tiers-1-i)
		}
		return "tiers {\n" + b.String() + "  low otherwise\n}\n"
	}
	x := func(rules string) string { return "dimension x {\n" + rules + "}\n" }
	var best, grades strings.Builder
	for i := range n / 5 {
		fmt.Fprintf(&best, "  best of {\n    f%d > 1 → +1\n    f%d in [a, b] → +1\n    f%d has any [x] → +1\n  }\n", 5*i, 5*i+1, 5*i+2)
	}
	for i := range 39 {
		fmt.Fprintf(&grades, " %d+: g%d,", 50-i, i)
	}
	for _, c := range []struct {
		name, rules, tier string
		least             int // changes
	}{
		{"lines", x(rules) + ladder(1, 9), "t0", 5},
		{"a sum", x("  sum of all {\n"+rules+"  }\n") + ladder(1, 9), "t0", 5},
		{"a sum with a cap", x("  sum of all max 9 min 0 {\n"+rules+"  }\n") + ladder(1, 9), "t0", 5},
		{"best of few", x(best.String()) + ladder(1, 5), "t0", 5},
		{"40 tiers", x(rules) + ladder(40, 9), "t39", 5},
		{"40 tiers above", x(rules) + ladder(40, 5), "t32", 6},
		{"40 grades", x(rules) + "grades x {" + grades.String() + " else: z }\ntiers {\n  t0 when x.grade = g38\n  low otherwise\n}\n", "t0", 6},
		{"one of 40 grades", x(rules) + "grades x {" + grades.String() + " else: z }\ntiers {\n  t0 when not x.grade = z\n  low otherwise\n}\n", "x.grade g38", 6},
		{"weights", "score max 100\ndimension x weight 75% {\n" + rules + "}\ndimension y weight 25% {\n  true → +1\n}\n" + ladder(1, 7), "t0", 5},
		{"weights and a tier of a dimension", "score max 100\ndimension x weight 50% max 20 {\n" + rules + "}\ndimension y weight 50% {\n  true → +1\n}\ntiers {\n  t0 when x >= 9 and score >= 5\n  low otherwise\n}\n", "t0", 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := compile(t, fields+c.rules)
			x := m.Explain(Account{ID: "a"}, testMoment)
			paths := x.LiftTo(c.tier)
			require.NotEmpty(t, paths)
			for _, p := range paths {
				require.True(t, p.Reached, p.Reason)
				require.LessOrEqual(t, len(p.Changes), maxGreedy)
			}
			require.LessOrEqual(t, len(paths[0].Changes), c.least)
			if c.tier != "x.grade g38" {
				checkPaths(t, m, x, c.tier)
			}
		})
	}
}

// TestLiftGreedyFindsWhatStepsDo: a search finds a way wherever the best single
// steps, each found by trying all, lead to one.
func TestLiftGreedyFindsWhatStepsDo(t *testing.T) {
	t.Parallel()
	found := 0
	for seed := range uint64(60) {
		r := newRandom(71_000 + seed)
		m := compile(t, manyNumbers(r, 20+r.IntN(60), 40+r.IntN(60)))
		x := m.Explain(Account{ID: "a"}, testMoment)
		goal := m.tierGoal(0)
		l := newLifter(x.subject, goal)
		l.probe()
		l.levers()
		var set []*move
		short, reached := l.short(nil), false
		for range maxGreedy {
			best := short
			var next []*move
			for _, mv := range l.list {
				if with := l.with(set, mv); with != nil {
					if now := l.short(with); now < best-1e-9 {
						best, next = now, with
					}
				}
			}
			if next == nil {
				break
			}
			if set, short = next, best; short == 0 {
				reached = true
				break
			}
		}
		l.close()
		if reached && len(set) > maxExact {
			found++
			require.True(t, x.LiftTo("top")[0].Reached, "%d: %v", seed, l.changes(set))
		}
	}
	require.Greater(t, found, 20)
}

// manyNumbers is a random model of numbers that earn points alone and together.
func manyNumbers(r randomRules, n, least int) string {
	var fields, rules strings.Builder
	for i := range n {
		fmt.Fprintf(&fields, "field f%d number\n", i)
		switch r.IntN(4) {
		case 0:
			fmt.Fprintf(&rules, "  f%d → 0..%d over 0-%d\n", i, 3+r.IntN(8), 20+r.IntN(100))
		case 1:
			fmt.Fprintf(&rules, "  f%d > %d → +%d\n  f%d > %d → +%d\n", i, r.IntN(90), 1+r.IntN(6), i, r.IntN(90), 1+r.IntN(6))
		case 2:
			fmt.Fprintf(&rules, "  f%d * f%d > %d → +%d\n", i, (i+1)%n, 10+r.IntN(2000), 1+r.IntN(8))
		default:
			fmt.Fprintf(&rules, "  f%d + f%d between %d and %d → +%d\n  f%d > 0 → +0.%d per f%d max 5\n",
				i, (i+1)%n, 10+r.IntN(100), 120+r.IntN(90), 1+r.IntN(8), i, 1+r.IntN(8), i)
		}
	}
	return fields.String() + "dimension x {\n" + rules.String() + "}\ntiers {\n  top when score >= " + fmt.Sprint(least) + "\n  low otherwise\n}\n"
}

// TestLiftGreedyLeast: of a path that is found one change after the other no
// number could be a smaller whole one.
func TestLiftGreedyLeast(t *testing.T) {
	t.Parallel()
	numbers := 0
	for seed := range uint64(40) {
		r := newRandom(72_000 + seed)
		m := compile(t, manyNumbers(r, 8+r.IntN(16), 20+r.IntN(30)))
		x := m.Explain(Account{ID: "a"}, testMoment)
		for _, p := range x.LiftTo("top") {
			if !p.Reached || len(p.Changes) <= maxExact {
				continue
			}
			for i, c := range p.Changes {
				if c.To.Kind != dsl.NumberValue || c.Any {
					continue
				}
				numbers++
				changes := slices.Clone(p.Changes)
				for v := 0.0; v < min(c.To.Number, 300); v++ {
					changes[i].To.Number = v
					require.Equal(t, "low", m.Score(x.Apply(changes), x.At).Tier, "%d: %v: %s could be %g", seed, p, c.Field, v)
				}
			}
		}
	}
	require.Greater(t, numbers, 100)
}
