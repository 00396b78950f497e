package accountscore

import (
	"math"
	"testing"
)

// BenchmarkRuleCost measures what the parts of a rule cost beside each other,
// which [RuleCost] weighs them by.
func BenchmarkRuleCost(b *testing.B) {
	for _, c := range []struct{ name, rule string }{
		{"comparison", "n > 5"},
		{"log", "count(visit) > 3"},
		{"pattern", `text matches "^VP of (Sales|Marketing)$"`},
		{"call", "odd(n)"},
		{"program", "any(tags, len(#) > 3)"},
	} {
		b.Run(c.name, func(b *testing.B) {
			m := compile(b, "field n number\nfield text text\nfield tags list\nactivity visit\n"+c.rule+" → +1",
				WithFunc("odd", func(n float64) bool { return math.Mod(n, 2) == 1 }))
			s := m.scratch()
			s.run(Account{Fields: map[string]any{"n": 7, "text": "VP of Marketing", "tags": []string{"CRM", "EHR", "ERP"}},
				Activities: visits(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)}, testMoment)
			when := m.dims[0].groups[0].rules[0].when
			for b.Loop() {
				when.Truth(&s.env)
			}
		})
	}
}
