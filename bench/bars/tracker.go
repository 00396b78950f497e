package bars

import (
	"fmt"
	"math/rand/v2"
	"reflect"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
)

// change is one field of an account that takes another value.
type change struct {
	account int
	field   string
	value   any
	known   bool
}

// changes draws n changes: each gives a random account the value that another
// account has of a random field, which may be none.
func changes(set *fixture.Set, n int) []change {
	r := rand.New(rand.NewPCG(8, uint64(n)))
	all := make([]change, n)
	for i := range all {
		f := set.Fields[r.IntN(len(set.Fields))].Name
		v, ok := set.Maps[r.IntN(len(set.Maps))][f]
		all[i] = change{r.IntN(len(set.Maps)), f, v, ok}
	}
	return all
}

func (c *change) apply(t *accountscore.Tracker) {
	if c.known {
		t.Set(c.field, c.value)
	} else {
		t.Unset(c.field)
	}
}

// trackers tracks every account of the set.
func trackers(set *fixture.Set) []*accountscore.Tracker {
	all := make([]*accountscore.Tracker, 0, len(set.Maps))
	for _, a := range set.Inputs() {
		all = append(all, set.Model.Track(a, fixture.At))
	}
	return all
}

// agreeOnChanges makes sure that trackers score as the whole account does.
func agreeOnChanges(set *fixture.Set, all []change) error {
	tracked := trackers(set)
	inputs := set.Inputs()
	for i := range inputs {
		fields := map[string]any{}
		for k, v := range inputs[i].Fields {
			fields[k] = v
		}
		inputs[i].Fields = fields
	}
	for i := range all {
		c := &all[i]
		c.apply(tracked[c.account])
		delete(inputs[c.account].Fields, c.field)
		if c.known {
			inputs[c.account].Fields[c.field] = c.value
		}
		got, want := tracked[c.account].Result(), set.Model.Score(inputs[c.account], fixture.At)
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("after %d changes the tracker has %v, not %v", i+1, got, want)
		}
	}
	return nil
}

func setAgainstHand(s *subject, o paired.Options) (Reading, error) {
	all := changes(s.set, fixture.OrderLen/8)
	if err := agreeOnChanges(s.set, all[:4*len(s.set.Maps)]); err != nil {
		return Reading{}, err
	}
	if err := s.agree("the hand-written struct score", s.handStruct); err != nil {
		return Reading{}, err
	}
	tracked := trackers(s.set)
	var r accountscore.Result
	next := 0
	set := func(n int) {
		for range n {
			c := &all[next]
			t := tracked[c.account]
			c.apply(t)
			t.ResultInto(&r)
			sink += r.Score
			if next++; next == len(all) {
				next = 0
			}
		}
	}
	return reading(paired.Measure(set, s.structHand, o)), nil
}

// crowd is one company of so many contacts, tracked, with changes to make.
type crowd struct {
	model   *accountscore.Model
	company fixture.Company
	tracker *accountscore.Tracker
	people  []accountscore.Contact // each replaces the contact of its id
}

func newCrowd(m *accountscore.Model, contacts int) *crowd {
	c := &crowd{model: m, company: fixture.Companies(1, contacts)[0]}
	c.tracker = m.Track(c.company.Account(), fixture.At)
	r := rand.New(rand.NewPCG(9, uint64(contacts)))
	for range 4_096 {
		p := fixture.NewPerson(r, c.company.People[r.IntN(contacts)].ID)
		c.people = append(c.people, p.Contact())
	}
	return c
}

// agree makes sure that the tracker scores as the whole account does.
func (c *crowd) agree() error {
	a := c.company.Account()
	t := c.model.Track(a, fixture.At)
	place := map[string]int{}
	for i := range a.Contacts {
		place[a.Contacts[i].ID] = i
	}
	for i, p := range c.people[:min(len(c.people), 200)] {
		t.SetContact(p)
		a.Contacts[place[p.ID]] = p
		if got, want := t.Result(), c.model.Score(a, fixture.At); !reflect.DeepEqual(got, want) {
			return fmt.Errorf("after %d changes the tracker of %d contacts has %v, not %v", i+1, len(a.Contacts), got, want)
		}
	}
	return nil
}

// task changes one contact after the other.
func (c *crowd) task() paired.Task {
	var r accountscore.Result
	next := 0
	return func(n int) {
		for range n {
			c.tracker.SetContact(c.people[next])
			c.tracker.ResultInto(&r)
			sink += r.Score
			if next++; next == len(c.people) {
				next = 0
			}
		}
	}
}

// rescoreAgainstTracker scores the whole account from a struct, the fastest way
// to score one.
func rescoreAgainstTracker(combine string, contacts int) func(paired.Options) (Reading, error) {
	return func(o paired.Options) (Reading, error) {
		c := newCrowd(fixture.RollupModelWith(combine), contacts)
		if err := c.agree(); err != nil {
			return Reading{}, err
		}
		scorer, err := accountscore.Bind[fixture.Company](c.model)
		if err != nil {
			return Reading{}, err
		}
		if got, want := scorer.Score(&c.company, fixture.At), c.model.Score(c.company.Account(), fixture.At); !reflect.DeepEqual(got, want) {
			return Reading{}, fmt.Errorf("Scorer scores %d contacts as %v, not %v", contacts, got, want)
		}
		var r accountscore.Result
		whole := func(n int) {
			for range n {
				scorer.ScoreInto(&r, &c.company, fixture.At)
				sink += r.Score
			}
		}
		return reading(paired.Measure(whole, c.task(), o)), nil
	}
}

// trackerGrowth is a change among many contacts over one among few.
func trackerGrowth(combine string, many, few int) func(paired.Options) (Reading, error) {
	return func(o paired.Options) (Reading, error) {
		m := fixture.RollupModelWith(combine)
		large, small := newCrowd(m, many), newCrowd(m, few)
		for _, c := range []*crowd{large, small} {
			if err := c.agree(); err != nil {
				return Reading{}, err
			}
		}
		return reading(paired.Measure(large.task(), small.task(), o)), nil
	}
}
