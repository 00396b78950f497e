package bars

import (
	"fmt"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/bench/byhand"
	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
)

// sink keeps what is measured from being optimised away.
var sink float64

// subject is a ruleset with all that the bars compare on it.
type subject struct {
	set   *fixture.Set
	order []uint16
	// structHand and mapHand are the hand-written scores in the fixture's
	// order; handStruct and handMap of one account.
	structHand, mapHand paired.Task
	handStruct, handMap func(i int) float64
}

func newSubject(set *fixture.Set) *subject {
	s := &subject{set: set, order: fixture.Order(len(set.Maps))}
	maps := set.Maps
	// Each loop calls its function directly: behind a function value the call
	// would weigh on both sides and bring the ratio closer to one.
	switch set.Name {
	case "enterprise":
		accounts := fixture.EnterpriseStructs()
		s.handStruct = func(i int) float64 { return byhand.Enterprise(&accounts[i]) }
		s.handMap = func(i int) float64 { return byhand.EnterpriseMap(maps[i]) }
		s.structHand = s.inOrder(func(part []uint16) (sum float64) {
			for _, i := range part {
				sum += byhand.Enterprise(&accounts[i])
			}
			return sum
		})
		s.mapHand = s.inOrder(func(part []uint16) (sum float64) {
			for _, i := range part {
				sum += byhand.EnterpriseMap(maps[i])
			}
			return sum
		})
	case "mixed":
		accounts := fixture.MixedStructs()
		s.handStruct = func(i int) float64 { return byhand.Mixed(&accounts[i], fixture.At) }
		s.handMap = func(i int) float64 { return byhand.MixedMap(maps[i], fixture.At) }
		s.structHand = s.inOrder(func(part []uint16) (sum float64) {
			for _, i := range part {
				sum += byhand.Mixed(&accounts[i], fixture.At)
			}
			return sum
		})
		s.mapHand = s.inOrder(func(part []uint16) (sum float64) {
			for _, i := range part {
				sum += byhand.MixedMap(maps[i], fixture.At)
			}
			return sum
		})
	case "hundred":
		accounts := fixture.HundredStructs()
		s.handStruct = func(i int) float64 { return byhand.Hundred(&accounts[i], fixture.At) }
		s.handMap = func(i int) float64 { return byhand.HundredMap(maps[i], fixture.At) }
		s.structHand = s.inOrder(func(part []uint16) (sum float64) {
			for _, i := range part {
				sum += byhand.Hundred(&accounts[i], fixture.At)
			}
			return sum
		})
		s.mapHand = s.inOrder(func(part []uint16) (sum float64) {
			for _, i := range part {
				sum += byhand.HundredMap(maps[i], fixture.At)
			}
			return sum
		})
	}
	return s
}

// inOrder makes a task that reads the order part by part, over and over.
func (s *subject) inOrder(score func(part []uint16) float64) paired.Task {
	next := 0
	return func(n int) {
		for n > 0 {
			part := s.order[next:min(next+n, len(s.order))]
			sink += score(part)
			n -= len(part)
			if next += len(part); next == len(s.order) {
				next = 0
			}
		}
	}
}

// modelMap is Model.ScoreInto of map accounts.
func (s *subject) modelMap() paired.Task {
	inputs, m := s.set.Inputs(), s.set.Model
	var r accountscore.Result
	return s.inOrder(func(part []uint16) (sum float64) {
		for _, i := range part {
			m.ScoreInto(&r, inputs[i], fixture.At)
			sum += r.Score
		}
		return sum
	})
}

// agree makes sure that a score of an account by its index is the library's.
func (s *subject) agree(name string, score func(i int) float64) error {
	for i, want := range s.set.Scores() {
		if got := score(i); got != want {
			return fmt.Errorf("%s scores %s account %d as %v, not %v", name, s.set.Name, i, got, want)
		}
	}
	return nil
}
