package accountscore

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/cond"
)

var inf = math.Inf(1)

// TestFactsRange states what dimensions and scores can come to.
func TestFactsRange(t *testing.T) {
	for _, c := range []struct {
		name, rules string
		want        Range
	}{
		{"a condition", "n > 5 → +50", Range{0, 50}},
		{"else", "n > 5 → +3 else -3", Range{-3, 3}},
		{"two rules that exclude each other", "n > 5 → +50\nn <= 5 → +20", Range{0, 50}},
		{"two rules that do not", "n > 5 → +50\nk <= 5 → +20", Range{0, 70}},
		{"one of", "field p text one of [a, b]\np = a → +5\np = b → +7", Range{0, 7}},
		{"a default closes nothing", "field n number default 7\nn > 5 → +50 else -5", Range{-5, 50}},
		{"per", "b → +2 per n", Range{-1e6, 1e6}},
		{"per, bounded", "b → +2 per n max 10 min 0", Range{0, 10}},
		{"a ramp", "n → 5..50 over 5M-50M", Range{0, 50}},
		{"a table", "n → { 1-49: 2, 50+: 20, else: 3, missing: 1 }", Range{1, 20}},
		{"best of", "best of {\n n > 2 → +5\n n > 1 → +20\n}", Range{0, 20}},
		{"first of, over several fields", "first of {\n n > 2 → +5\n k > 1 → -20\n true → +7\n}", Range{-20, 7}},
		{"best of with a floor", "best of {\n n > 2 → +5\n any(visit) → +20\n true → +2\n}", Range{2, 20}},
		{"sum of", "sum of max 15 min -5 {\n n > 2 → +50\n k > 2 → -50\n}", Range{-5, 15}},
		{"a question to the log", "count(visit) > 5 → +50 else -1", Range{-1, 50}},
		{"any is never unknown", "any(visit) → +5 else 3", Range{3, 5}},
		{"a count is not negative", "count(visit) < 0 → +50", Range{0, 0}},
		{"each", "each visit → +5", Range{0, 1e6}},
		{"each with max", "each visit → +5 max 30", Range{0, 30}},
		{"each that takes away", "each visit → -5 max 30", Range{-30, 0}},
		{"each per value", "each visit → +5 per value max 30", Range{-1e6, 30}},
		{"latest", "latest visit → +5 half-life 30d", Range{0, 5}},
		{"daily max in a window", "each visit within 3d → +5 daily max 10", Range{0, 40}},
		{"a scale", "dimension d {\n n > 5 → +50\n scale 150% when k > 5\n}", Range{0, 75}},
		{"a clamp", "dimension d max 40 {\n n > 5 → +50\n}", Range{0, 40}},
		{"out of and weight", "dimension d out of 40 weight 50% {\n n > 5 → +30\n}\ndimension e weight 50% {\n k > 5 → +10\n}", Range{0, 42.5}},
		{"unscored", "dimension d {\n n > 5 → +30\n}\ndimension e unscored {\n k > 5 → +10\n}", Range{0, 30}},
		{"the published score", "score min 0 max 20 round 0\nn > 5 → +30.5 else -1", Range{0, 20}},
		{"no rules", "tiers {\n all otherwise\n}", Range{0, 0}},
		{"contacts, ranked", peopleRules("score x\ncap 100\ncombine ranked 0.5"), Range{0, 200}},
		{"contacts, ranked 1", peopleRules("score x\ncap 100\ncombine ranked 1"), Range{0, inf}},
		{"contacts, sum", peopleRules("score x\ncap 100\ncombine sum"), Range{0, inf}},
		{"contacts, max", peopleRules("score x\ncap 100\ncombine max\nweight role { boss: 2, else: 0.5 }"), Range{0, 200}},
		{"contacts, negative weight", peopleRules("score x\ncap 100\ncombine max\nweight role { boss: 2, else: -0.5 }"), Range{-50, 200}},
		{"contacts, top", peopleRules("score x\ncap 100\ncombine top 3"), Range{0, 300}},
		{"contacts, mean", peopleRules("score x\ncap 100\ncombine mean"), Range{0, 100}},
		{"contacts, weighted mean", peopleRules("score x\ncap 100\ncombine weighted mean\nweight role { boss: 2, else: 0.5 }"), Range{0, 100}},
		{"contacts, best", peopleRules("score x\ncap 100\ncombine best 60%"), Range{0, 100}},
		{"contacts, bonus", peopleRules("score x\ncap 100\ncombine max\nbonus multi-thread 50% falling 0.5"), Range{0, 150}},
		{"contacts, steps", peopleRules("score x\ncap 100\ncombine max\nbonus { 2: +10, 3: +20 }"), Range{0, 120}},
		{"contacts who never engage", peopleRules("role = Boss → +5\nx > 5 → +4\ncombine max\nbonus { 2: +10, 3: +20 }"), Range{0, 9}},
		{"contacts without a cap", peopleRules("score x\ncombine max"), Range{0, 100000}},
		{"rules about contacts", peopleRules("role = Boss → +5\nx > 5 → +4\ncombine max") + "dimension d {\n engaged_contacts >= 1 → +50\n contacts > 5 → +3\n}", Range{0, 12}},
	} {
		f := compile(t, c.rules).Facts()
		assert.InDelta(t, c.want.Min, f.Score.Min, 1e-9, "%s: %v", c.name, f.Score)
		if math.IsInf(c.want.Max, 0) {
			assert.Equal(t, c.want.Max, f.Score.Max, c.name)
		} else {
			assert.InDelta(t, c.want.Max, f.Score.Max, 1e-9, "%s: %v", c.name, f.Score)
		}
	}
}

// peopleRules is a dimension from contacts with lines of its own.
func peopleRules(lines string) string {
	return "dimension people from contacts {\nfield x number\nfield role text\n" + lines + "\n}\n"
}

// TestFactsHold holds the facts of random models against random accounts.
func TestFactsHold(t *testing.T) {
	for seed := range uint64(300) {
		r := newRandom(seed)
		m, src := randomModel(t, r)
		f := m.Facts()
		for range 20 {
			a := r.account(r.IntN(3) == 0)
			got := m.Score(a, testMoment)
			require.GreaterOrEqual(t, got.Low, f.Score.Min, "%s\n%+v", src, a)
			require.LessOrEqual(t, got.High, f.Score.Max, "%s\n%+v", src, a)
			for i, d := range got.Dimensions {
				require.GreaterOrEqual(t, d.Low, f.Dimensions[i].Points.Min, "%s of\n%s\n%+v", d.Name, src, a)
				require.LessOrEqual(t, d.High, f.Dimensions[i].Points.Max, "%s of\n%s\n%+v", d.Name, src, a)
			}
		}
	}
}

func TestFactsCost(t *testing.T) {
	f := compile(t, `
field employees number
field title     text
field tags      list
activity visit (page text)
dimension fit {
  size:    employees > 5                          → +1
  pattern: title matches "^VP"                    → +1
  rare:    any(tags, len(#) > 3)                  → +1
  best of "visits" {
    seen:  any(visit where page contains "p")     → +1
    often: count(visit, 30d) > 3                  → +2
  }
  calls:   odd(employees)                         → +1
}`, WithFunc("odd", func(n float64) bool { return math.Mod(n, 2) == 1 })).Facts()
	assert.Equal(t, 6, f.Rules)
	assert.Equal(t, 5, f.Lines)
	var order []string
	by := map[string]RuleCost{}
	for _, c := range f.Costs {
		order, by[c.Rule] = append(order, c.Rule), c
	}
	assert.Equal(t, []string{"fit.rare", "fit.pattern", "fit.calls", "fit.seen", "fit.often", "fit.size"}, order)
	assert.Equal(t, [4]Form{FormProgram, FormRow, FormTree, FormTree}, [4]Form{by["fit.rare"].Form, by["fit.size"].Form, by["fit.seen"].Form, by["fit.calls"].Form})
	assert.Equal(t, 1, by["fit.rare"].Programs)
	assert.Equal(t, 1, by["fit.pattern"].Patterns)
	assert.Equal(t, 1, by["fit.seen"].Logs)
	assert.Equal(t, 1, by["fit.calls"].Calls)
	assert.Equal(t, 3, by["fit.size"].Nodes)
	assert.Equal(t, 3, by["fit.size"].Cost)
}

func TestRangeJSON(t *testing.T) {
	b, err := json.Marshal(Range{-2.5, inf})
	require.NoError(t, err)
	assert.JSONEq(t, `{"min": -2.5, "max": null}`, string(b))
	for _, want := range []Range{{-2.5, inf}, {-inf, 0}, {}, {-inf, inf}} {
		b, err := json.Marshal(want)
		require.NoError(t, err)
		var got Range
		require.NoError(t, json.Unmarshal(b, &got))
		assert.Equal(t, want, got)
	}
}

// TestLogicIsSound holds what is said of random conditions against random
// accounts.
func TestLogicIsSound(t *testing.T) {
	said := 0
	for seed := range uint64(300) {
		r := newRandom(seed)
		first, second := r.condition(2), r.condition(1)
		if seed%3 == 0 {
			second = "(" + first + ") or (" + second + ")"
		}
		m := compile(t, randomDeclarations+"dimension d {\n a: "+first+" → +1\n b: "+second+" → +1\n}\n")
		l := newLogic(m.statics())
		rules := [2]*cond.Node{m.dims[0].groups[0].rules[0].when, m.dims[0].groups[1].rules[0].when}
		a, b := l.prop(rules[0], nil), l.prop(rules[1], nil)
		never, always, implied := l.never(a), l.always(a), l.implies(a, b)
		if !never && !always && !implied {
			continue
		}
		said++
		for range 200 {
			s := m.scratch()
			s.traced = true // what every rule came to
			s.run(r.account(false), testMoment)
			x, y := s.outs[0].truth, s.outs[1].truth
			require.False(t, never && x == cond.True, "never: %s", first)
			require.False(t, always && x == cond.False, "always: %s", first)
			require.False(t, implied && x == cond.True && y != cond.True, "%s\nimplies %s", first, second)
			m.release(s)
		}
	}
	assert.Greater(t, said, 80)
}

// TestFactsByColumns holds what docs/streams.md says of the models that go row
// by row.
func TestFactsByColumns(t *testing.T) {
	const people = "dimension people from contacts {\n field heat number\n score heat\n}\n"
	const fit = "field size number\nfield plan text\nactivity visit\n"
	for src, columns := range map[string]bool{
		"dimension fit { size > 5 → +1 }\n":                                                       true,
		"dimension fit { size > 5 → +1 }\n" + people:                                              true,
		"dimension fit { size > 5 → +1 }\n" + people + "tiers { a when score > 3 and fit > 0 }\n": true,
		"dimension fit { count(visit) > 5 → +1 }\n":                                               false,
		"dimension fit {\n size > 5 → +1\n scale 50% when plan = Pro\n}\n":                        false,
		"dimension fit { size > 5 → +1 }\ndisqualify when plan = Pro\n":                           false,
		"dimension fit { size > 5 → +1 }\ntiers { a when plan = Pro }\n":                          false,
		people + "tiers { a when engaged_contacts > 3 }\n":                                        false,
		people + "tiers { a when completeness > 3 }\n":                                            false,
		"dimension people from contacts {\n each visit → +1\n}\n":                                 false,
	} {
		assert.Equal(t, columns, compile(t, fit+src).Facts().ByColumns, src)
	}
}
