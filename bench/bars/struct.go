package bars

import (
	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
)

// bound is a set's structs with a scorer for them.
type bound struct {
	score func(i int) float64
	into  func(r *accountscore.Result, i int)
	task  func(s *subject) paired.Task
}

func bind[T any](set *fixture.Set, accounts []T) (*bound, error) {
	scorer, err := accountscore.Bind[T](set.Model)
	if err != nil {
		return nil, err
	}
	return &bound{
		score: func(i int) float64 { return scorer.Score(&accounts[i], fixture.At).Score },
		into:  func(r *accountscore.Result, i int) { scorer.ScoreInto(r, &accounts[i], fixture.At) },
		task: func(s *subject) paired.Task {
			var r accountscore.Result
			return s.inOrder(func(part []uint16) (sum float64) {
				for _, i := range part {
					scorer.ScoreInto(&r, &accounts[i], fixture.At)
					sum += r.Score
				}
				return sum
			})
		},
	}, nil
}

// bindSet binds the struct of a set.
func bindSet(set *fixture.Set) (*bound, error) {
	switch set.Name {
	case "enterprise":
		return bind(set, fixture.EnterpriseStructs())
	case "mixed":
		return bind(set, fixture.MixedStructs())
	}
	return bind(set, fixture.HundredStructs())
}

func structAgainstHand(s *subject, o paired.Options) (Reading, error) {
	b, err := bindSet(s.set)
	if err != nil {
		return Reading{}, err
	}
	if err := s.agree("Scorer", b.score); err != nil {
		return Reading{}, err
	}
	if err := s.agree("the hand-written score", s.handStruct); err != nil {
		return Reading{}, err
	}
	return reading(paired.Measure(b.task(s), s.structHand, o)), nil
}

func structAllocations(s *subject, _ paired.Options) (Reading, error) {
	b, err := bindSet(s.set)
	if err != nil {
		return Reading{}, err
	}
	var r accountscore.Result
	return Reading{Value: allocations(len(s.set.Maps), func(i int) { b.into(&r, i) })}, nil
}
