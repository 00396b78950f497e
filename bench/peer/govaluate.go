package peer

import (
	"github.com/casbin/govaluate"

	"github.com/accountscore/accountscore/bench/fixture"
)

// Govaluate has no test for what is missing. What is missing is given as a
// text that equals no other; the tests for it come first and cut the rest off.
const absent = "\x00"

var govaluateSyntax = syntax{
	and: " && ", or: " || ", value: same, number: fixture.Number,
	known:   func(f string) string { return f + " != '" + absent + "'" },
	missing: func(f string) string { return f + " == '" + absent + "'" },
	in: func(v string, texts []string) string {
		return v + " in (" + quoted(texts) + ")"
	},
	not: func(s string) string { return "!(" + s + ")" },
	yes: func(v string) string { return "(" + v + " == true)" },
}

func newGovaluate(set *fixture.Set) (Scorer, error) {
	programs := make([]*govaluate.EvaluableExpression, len(set.Rules))
	for i, r := range set.Rules {
		p, err := govaluate.NewEvaluableExpression(govaluateSyntax.print(r.When))
		if err != nil {
			return nil, err
		}
		programs[i] = p
	}
	accounts := make([]govaluate.MapParameters, len(set.Maps))
	for i, m := range seconds(set) {
		for _, f := range fieldsOf(set) {
			if _, ok := m[f]; !ok {
				m[f] = absent
			}
		}
		accounts[i] = m
	}
	return func(i int) (float64, error) {
		score := 0
		for j, p := range programs {
			v, err := p.Eval(accounts[i])
			if err != nil {
				return 0, err
			}
			if v == true {
				score += set.Rules[j].Points
			}
		}
		return float64(score), nil
	}, nil
}
