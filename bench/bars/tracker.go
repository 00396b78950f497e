package bars

import (
	"fmt"
	"math/rand/v2"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
)

// change is one field of one account.
type change struct {
	field string
	value any // nil: the account lacks it
}

// changes gives, for each place of the order, a field of the account there.
func (s *subject) changes() []change {
	r := rand.New(rand.NewPCG(9, 9))
	list := make([]change, 1<<16)
	for i := range list {
		f := s.set.Fields[r.IntN(len(s.set.Fields))].Name
		list[i] = change{f, s.set.Maps[s.order[i]][f]}
	}
	return list
}

// trackerAgainstHand changes a field at a time and takes the result.
func trackerAgainstHand(s *subject, o paired.Options) (Reading, error) {
	list := s.changes()
	tracker := s.set.Model.Track(accountscore.Account{}, fixture.At)
	fields := map[string]any{}
	for i := range list[:4096] {
		tracker.Set(list[i].field, list[i].value)
		fields[list[i].field] = list[i].value
		want := s.set.Model.Score(accountscore.Account{Fields: fields}, fixture.At).Score
		if got := tracker.Result().Score; got != want {
			return Reading{}, fmt.Errorf("the tracker scores %s as %v, not %v, after change %d", s.set.Name, got, want, i)
		}
	}
	if err := s.agree("the hand-written score", s.handStruct); err != nil {
		return Reading{}, err
	}
	var r accountscore.Result
	next := 0
	track := func(n int) {
		sum := 0.0
		for range n {
			c := &list[next&(len(list)-1)]
			tracker.Set(c.field, c.value)
			tracker.ResultInto(&r)
			sum += r.Score
			next++
		}
		sink += sum
	}
	return reading(paired.Measure(track, s.structHand, o)), nil
}

// crowd is an account whose contacts change one at a time.
type crowd struct {
	model   *accountscore.Model
	account accountscore.Account
	changed []accountscore.Contact
}

func newCrowd(combine string, contacts int) *crowd {
	c := &crowd{model: fixture.RollupModelWith(combine), account: fixture.Companies(1, contacts)[0].Account()}
	r := rand.New(rand.NewPCG(11, 12))
	for range 1 << 12 {
		p := fixture.NewPerson(r, c.account.Contacts[r.IntN(contacts)].ID)
		c.changed = append(c.changed, p.Contact())
	}
	return c
}

// track is SetContact of one contact, and the result.
func (c *crowd) track() (paired.Task, error) {
	tracker := c.model.Track(c.account, fixture.At)
	// Both are held equal while the contacts change for the first time.
	at := map[string]int{}
	for i := range c.account.Contacts {
		at[c.account.Contacts[i].ID] = i
	}
	for i := range c.changed[:200] {
		tracker.SetContact(c.changed[i])
		c.account.Contacts[at[c.changed[i].ID]] = c.changed[i]
		want := c.model.Score(c.account, fixture.At).Score
		if got := tracker.Result().Score; got != want {
			return nil, fmt.Errorf("the tracker scores %d contacts as %v, not %v", len(c.account.Contacts), got, want)
		}
	}
	var r accountscore.Result
	next := 0
	return func(n int) {
		sum := 0.0
		for range n {
			tracker.SetContact(c.changed[next&(len(c.changed)-1)])
			tracker.ResultInto(&r)
			sum += r.Score
			next++
		}
		sink += sum
	}, nil
}

// rescore is a full score of the account.
func (c *crowd) rescore() paired.Task {
	var r accountscore.Result
	return func(n int) {
		sum := 0.0
		for range n {
			c.model.ScoreInto(&r, c.account, fixture.At)
			sum += r.Score
		}
		sink += sum
	}
}

func rescoreAgainstTracker(combine string, contacts int) func(paired.Options) (Reading, error) {
	return func(o paired.Options) (Reading, error) {
		c := newCrowd(combine, contacts)
		track, err := c.track()
		if err != nil {
			return Reading{}, err
		}
		return reading(paired.Measure(c.rescore(), track, o)), nil
	}
}

// trackerGrowth compares a change among many contacts with one among few.
func trackerGrowth(combine string, many, few int) func(paired.Options) (Reading, error) {
	return func(o paired.Options) (Reading, error) {
		a, err := newCrowd(combine, many).track()
		if err != nil {
			return Reading{}, err
		}
		b, err := newCrowd(combine, few).track()
		if err != nil {
			return Reading{}, err
		}
		return reading(paired.Measure(a, b, o)), nil
	}
}
