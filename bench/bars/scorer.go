package bars

import (
	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
)

// modelStruct is Scorer.ScoreInto of the set's structs, and its score of one
// account.
func (s *subject) modelStruct() (task paired.Task, one func(i int) float64, err error) {
	switch s.set.Name {
	case "enterprise":
		return bound(s, s.set.Model, fixture.EnterpriseStructs())
	case "mixed":
		return bound(s, s.set.Model, fixture.MixedStructs())
	}
	return bound(s, s.set.Model, fixture.HundredStructs())
}

// bound is Scorer.ScoreInto of structs in the subject's order, and the score of
// one of them.
func bound[T any](s *subject, m *accountscore.Model, accounts []T) (paired.Task, func(i int) float64, error) {
	scorer, err := accountscore.Bind[T](m)
	if err != nil {
		return nil, nil, err
	}
	var r accountscore.Result
	task := s.inOrder(func(part []uint16) (sum float64) {
		for _, i := range part {
			scorer.ScoreInto(&r, &accounts[i], fixture.At)
			sum += r.Score
		}
		return sum
	})
	return task, func(i int) float64 { return scorer.Score(&accounts[i], fixture.At).Score }, nil
}

func structAgainstHand(s *subject, o paired.Options) (Reading, error) {
	task, one, err := s.modelStruct()
	if err != nil {
		return Reading{}, err
	}
	if err := s.agree("Scorer", one); err != nil {
		return Reading{}, err
	}
	if err := s.agree("the hand-written struct score", s.handStruct); err != nil {
		return Reading{}, err
	}
	return reading(paired.Measure(task, s.structHand, o)), nil
}

func structAllocations(s *subject, _ paired.Options) (Reading, error) {
	task, _, err := s.modelStruct()
	if err != nil {
		return Reading{}, err
	}
	return Reading{Value: allocations(len(s.set.Maps), func() { task(len(s.set.Maps)) })}, nil
}
