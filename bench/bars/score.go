package bars

import (
	"math"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
	"github.com/accountscore/accountscore/bench/peer"
)

// on makes a bar for a ruleset.
func on(name string, set func() *fixture.Set, atLeast bool, limit float64, measure func(*subject, paired.Options) (Reading, error)) Bar {
	return Bar{Name: name, On: set().Name, AtLeast: atLeast, Limit: limit, Measure: func(o paired.Options) (Reading, error) {
		return measure(newSubject(set()), o)
	}}
}

// three makes a bar for each of the three rulesets.
func three(name string, atLeast bool, enterprise, mixed, hundred float64, measure func(*subject, paired.Options) (Reading, error)) []Bar {
	return []Bar{
		on(name, fixture.EnterpriseSet, atLeast, enterprise, measure),
		on(name, fixture.MixedSet, atLeast, mixed, measure),
		on(name, fixture.HundredSet, atLeast, hundred, measure),
	}
}

func mapAgainstHand(s *subject, o paired.Options) (Reading, error) {
	if err := s.agree("the hand-written map score", s.handMap); err != nil {
		return Reading{}, err
	}
	return reading(paired.Measure(s.modelMap(), s.mapHand, o)), nil
}

func exprAgainstMap(s *subject, o paired.Options) (Reading, error) {
	score, err := peer.NewExpr(s.set)
	if err != nil {
		return Reading{}, err
	}
	if err := peer.Verify(s.set, score); err != nil {
		return Reading{}, err
	}
	return reading(paired.Measure(s.engine(score), s.modelMap(), o)), nil
}

// engine is a peer as a task.
func (s *subject) engine(score peer.Scorer) paired.Task {
	return s.inOrder(func(part []uint16) (sum float64) {
		for _, i := range part {
			v, _ := score(int(i))
			sum += v
		}
		return sum
	})
}

func explainAgainstScore(s *subject, o paired.Options) (Reading, error) {
	return s.explaining("Explain", func(a accountscore.Account) float64 { return s.set.Model.Explain(a, fixture.At).Result.Score }, o)
}

func explainIntoAgainstScore(s *subject, o paired.Options) (Reading, error) {
	var x accountscore.Explanation
	return s.explaining("ExplainInto", func(a accountscore.Account) float64 {
		s.set.Model.ExplainInto(&x, a, fixture.At)
		return x.Result.Score
	}, o)
}

// explaining measures a way to explain, which gives the score, against scoring.
func (s *subject) explaining(name string, explain func(accountscore.Account) float64, o paired.Options) (Reading, error) {
	inputs := s.set.Inputs()
	if err := s.agree(name, func(i int) float64 { return explain(inputs[i]) }); err != nil {
		return Reading{}, err
	}
	task := s.inOrder(func(part []uint16) (sum float64) {
		for _, i := range part {
			sum += explain(inputs[i])
		}
		return sum
	})
	return reading(paired.Measure(task, s.modelMap(), o)), nil
}

func mapAllocations(s *subject, _ paired.Options) (Reading, error) {
	inputs, m := s.set.Inputs(), s.set.Model
	var r accountscore.Result
	return Reading{Value: allocations(len(inputs), func() {
		for i := range inputs {
			m.ScoreInto(&r, inputs[i], fixture.At)
		}
	})}, nil
}

// allocations gives how many each of n calls of a round makes, once a first
// round is past. Below a hundredth there are none: a garbage collection
// empties the pool of working memory, which is then made anew.
func allocations(n int, round func()) float64 {
	const rounds = 20
	round()
	made := mallocs(func() {
		for range rounds {
			round()
		}
	})
	return math.Floor(100*made/float64(rounds*n)) / 100
}
