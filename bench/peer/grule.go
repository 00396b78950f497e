package peer

import (
	"fmt"
	"strings"

	"github.com/hyperjumptech/grule-rule-engine/ast"
	"github.com/hyperjumptech/grule-rule-engine/builder"
	"github.com/hyperjumptech/grule-rule-engine/engine"
	"github.com/hyperjumptech/grule-rule-engine/pkg"

	"github.com/accountscore/accountscore/bench/fixture"
)

// newGrule asks which rules match, which costs grule far less than to let each
// add its points and retract itself.
func newGrule(set *fixture.Set) (Scorer, error) {
	var grl strings.Builder
	points := map[string]int{}
	for i, r := range set.Rules {
		name := fmt.Sprintf("R%d", i)
		points[name] = r.Points
		fmt.Fprintf(&grl, "rule %s { when %s then Retract(%q); }\n", name, factSyntax.print(r.When), name)
	}
	library := ast.NewKnowledgeLibrary()
	if err := builder.NewRuleBuilder(library).BuildRuleFromResource("fixture", "1", pkg.NewBytesResource([]byte(grl.String()))); err != nil {
		return nil, err
	}
	base, err := library.NewKnowledgeBaseInstance("fixture", "1")
	if err != nil {
		return nil, err
	}
	facts := newFacts(set)
	eng := &engine.GruleEngine{MaxCycle: 1, ReturnErrOnFailedRuleEvaluation: true}
	return func(i int) (float64, error) {
		data := ast.NewDataContext()
		if err := data.Add("F", facts.accounts[i].Addr().Interface()); err != nil {
			return 0, err
		}
		matched, err := eng.FetchMatchingRules(data, base)
		if err != nil {
			return 0, err
		}
		score := 0
		for _, r := range matched {
			score += points[r.RuleName]
		}
		return float64(score), nil
	}, nil
}
