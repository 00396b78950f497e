package peer

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/bilibili/gengine/builder"
	"github.com/bilibili/gengine/context"
	"github.com/bilibili/gengine/engine"

	"github.com/accountscore/accountscore/bench/fixture"
)

// newGengine lets every rule add its points to one fact, into which each
// account is copied.
func newGengine(set *fixture.Set) (Scorer, error) {
	var text strings.Builder
	for i, r := range set.Rules {
		sign, points := "+", r.Points
		if points < 0 {
			sign, points = "-", -points
		}
		fmt.Fprintf(&text, "rule \"R%d\" \"\" salience 0\nbegin\nif %s {\nF.Score = F.Score %s %d\n}\nend\n",
			i, factSyntax.print(r.When), sign, points)
	}
	facts := newFacts(set)
	fact := reflect.New(facts.typ)
	data := context.NewDataContext()
	data.Add("F", fact.Interface())
	rules := builder.NewRuleBuilder(data)
	if err := rules.BuildRuleFromString(text.String()); err != nil {
		return nil, err
	}
	eng := engine.NewGengine()
	score := fact.Elem().Field(facts.score)
	return func(i int) (float64, error) {
		fact.Elem().Set(facts.accounts[i])
		if err := eng.Execute(rules, false); err != nil {
			return 0, err
		}
		return float64(score.Int()), nil
	}, nil
}
