package bars

import (
	"fmt"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/bench/byhand"
	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
)

// costs are what parts of a scoring cost. Nothing is promised of them.
func costs() []Bar {
	return []Bar{
		{Name: "hand-written over values ÷ over pointers", On: "enterprise", Told: true, Measure: valuesAgainstPointers},
		{Name: "Scorer.ScoreInto over values ÷ hand-written over values", On: "enterprise", Told: true, Measure: valuesAgainstHand},
		{Name: "Scorer.ScoreInto with values missing ÷ with none missing", On: "mixed", Told: true, Measure: missingAgainstWhole},
		{Name: "Scorer.ScoreInto with weights, tiers and a disqualification ÷ points alone", On: "mixed", Told: true, Measure: decidedAgainstPoints},
	}
}

// handValues is the hand-written score over structs without pointers.
func handValues(s *subject, accounts []fixture.EnterpriseValues) paired.Task {
	return s.inOrder(func(part []uint16) (sum float64) {
		for _, i := range part {
			sum += byhand.EnterpriseValues(&accounts[i])
		}
		return sum
	})
}

func valuesAgainstPointers(o paired.Options) (Reading, error) {
	s, accounts := newSubject(fixture.EnterpriseSet()), fixture.EnterpriseValueStructs()
	if err := s.agree("the hand-written score", func(i int) float64 { return byhand.EnterpriseValues(&accounts[i]) }); err != nil {
		return Reading{}, err
	}
	return reading(paired.Measure(handValues(s, accounts), s.structHand, o)), nil
}

func valuesAgainstHand(o paired.Options) (Reading, error) {
	s, accounts := newSubject(fixture.EnterpriseSet()), fixture.EnterpriseValueStructs()
	task, one, err := bound(s, s.set.Model, accounts)
	if err != nil {
		return Reading{}, err
	}
	if err := s.agree("Scorer", one); err != nil {
		return Reading{}, err
	}
	return reading(paired.Measure(task, handValues(s, accounts), o)), nil
}

// missingAgainstWhole is what the range costs: of an account of which all is
// known, Low and High are the score.
func missingAgainstWhole(o paired.Options) (Reading, error) {
	set := fixture.MixedSet()
	some, _, err := bound(newSubject(set), set.Model, fixture.MixedStructs())
	if err != nil {
		return Reading{}, err
	}
	accounts := fixture.WholeMixedStructs()
	if len(accounts) < 100 {
		return Reading{}, fmt.Errorf("only %d accounts have all values", len(accounts))
	}
	whole, _, err := bound(&subject{set: set, order: fixture.Order(len(accounts))}, set.Model, accounts)
	if err != nil {
		return Reading{}, err
	}
	return reading(paired.Measure(some, whole, o)), nil
}

func decidedAgainstPoints(o paired.Options) (Reading, error) {
	s, accounts := newSubject(fixture.MixedSet()), fixture.MixedStructs()
	decided, one, err := bound(s, fixture.DecidedModel(), accounts)
	if err != nil {
		return Reading{}, err
	}
	for i, m := range s.set.Maps {
		want := fixture.DecidedModel().Score(accountscore.Account{Fields: m}, fixture.At).Score
		if got := one(i); got != want {
			return Reading{}, fmt.Errorf("Scorer scores account %d as %v, not %v", i, got, want)
		}
	}
	points, _, err := bound(s, s.set.Model, accounts)
	if err != nil {
		return Reading{}, err
	}
	return reading(paired.Measure(decided, points, o)), nil
}
