package peer

import (
	"fmt"

	bexpr "github.com/hashicorp/go-bexpr"

	"github.com/accountscore/accountscore/bench/fixture"
)

var bexprSyntax = syntax{
	and: " and ", or: " or ", known: none, value: same, number: fixture.Number, in: either(" or "),
}

// newBexpr takes rules that ask for equality alone: go-bexpr has no
// comparison by size and no window of time.
func newBexpr(set *fixture.Set) (Scorer, error) {
	for _, r := range set.Rules {
		for _, t := range r.When.Tests() {
			if t.Kind != fixture.OneOf {
				return nil, fmt.Errorf("%w: %s", ErrCannot, t)
			}
		}
	}
	programs := make([]*bexpr.Evaluator, len(set.Rules))
	for i, r := range set.Rules {
		p, err := bexpr.CreateEvaluator(bexprSyntax.print(r.When), bexpr.WithUnknownValue(""))
		if err != nil {
			return nil, err
		}
		programs[i] = p
	}
	return func(i int) (float64, error) {
		score := 0
		for j, p := range programs {
			v, err := p.Evaluate(set.Maps[i])
			if err != nil {
				return 0, err
			}
			if v {
				score += set.Rules[j].Points
			}
		}
		return float64(score), nil
	}, nil
}
