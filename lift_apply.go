package accountscore

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// Apply gives a copy of the explained account with some changes made, be they
// of a path or others: to score it shows what they bring. A contact gets the
// fields and activities of Who, With and Did; it scores what the ruleset makes
// of them, whatever the change's Score says. Nor are Effort, From, Min, Max and
// what else would do read. A change of a field,
// an activity or a contact that is not there does nothing, and nor does one of
// a kind that is none. An activity happens 10,000 times at most, and all of them
// together 100,000 times. An explanation that was not made by [Model.Explain] has
// no account, and gives the zero one.
func (x *Explanation) Apply(changes []Change) Account {
	if x = x.made(); x.subject == nil {
		return Account{}
	}
	a := x.subject.apply(withinReason(changes))
	return a.clone()
}

// maxDeeds bounds the activities that changes bring together.
const maxDeeds = maxGreedy * maxRepeats

// withinReason gives changes that bring no more activities than a path may: what
// goes beyond is left out, the last first.
func withinReason(changes []Change) []Change {
	left := maxDeeds
	take := func(count int) int {
		count = min(count, maxRepeats, left)
		left -= max(0, count)
		return count
	}
	changes = slices.Clone(changes)
	for i := range changes {
		c := &changes[i]
		switch c.Kind {
		case ChangeRepeat:
			c.Count = take(c.Count)
		case ChangeEngage:
			c.Did = slices.Clone(c.Did)
			for j := range c.Did {
				c.Did[j].Count = take(c.Did[j].Count)
			}
		}
	}
	return changes
}

// apply gives the account with some changes made. It shares memory with the
// subject's own where nothing changes.
func (sub *subject) apply(changes []Change) Account {
	a := sub.whole().account
	var fields, refreshed, log, contacts bool // copied already
	for i := range changes {
		switch c := &changes[i]; c.Kind {
		case ChangeRefresh, ChangeFill, ChangeReach:
			if c.Contact != "" {
				contacts = sub.changeContact(&a, c, contacts)
				continue
			}
			j := slices.IndexFunc(sub.model.fields, func(f field) bool { return f.Name == c.Field })
			if j < 0 {
				continue
			}
			f := &sub.model.fields[j]
			if c.Kind != ChangeRefresh {
				if !fields {
					a.Fields, fields = cloneMap(a.Fields), true
				}
				a.Fields[f.key] = f.changed(a.Fields[f.key], c)
			}
			if f.ages() {
				if !refreshed {
					a.Refreshed, refreshed = cloneMap(a.Refreshed), true
				}
				a.Refreshed[f.Name] = sub.at
			}
		case ChangeRepeat:
			if c.Contact != "" {
				contacts = sub.changeContact(&a, c, contacts)
				continue
			}
			if !log {
				a.Activities, log = slices.Clone(a.Activities), true
			}
			a.Activities = append(a.Activities, sub.model.deeds(c.deed(), sub.at)...)
		case ChangeEngage:
			contacts = sub.changeContact(&a, c, contacts)
		}
	}
	return a
}

func cloneMap[V any](m map[string]V) map[string]V {
	if m = maps.Clone(m); m == nil {
		m = map[string]V{}
	}
	return m
}

// changed gives the value of a field after a change: to a list items are added,
// and others are taken out of it.
func (f *field) changed(now any, c *Change) any {
	if f.typ == cond.List && c.ofItems() {
		has := convert(now, f.typ)
		return f.edited(has.List, listEdit{in: c.To.List, out: c.Out})
	}
	return caseValue(c.To)
}

// ofItems tells whether a change is of some items of a list.
func (c *Change) ofItems() bool {
	return c.Kind == ChangeReach && (c.To.Kind == dsl.ListValue || len(c.Out) > 0)
}

// changeContact changes a contact of the account, or adds a new one.
func (sub *subject) changeContact(a *Account, c *Change, copied bool) bool {
	if !copied {
		a.Contacts = slices.Clone(a.Contacts)
	}
	if c.New {
		k := Contact{ID: c.Contact}
		for n := 1; k.ID == "" || slices.ContainsFunc(a.Contacts, func(o Contact) bool { return o.ID == k.ID }); n++ {
			k.ID = "new " + strconv.Itoa(n)
		}
		a.Contacts = append(a.Contacts, c.contact(sub.model, k, sub.at))
		return true
	}
	if i := slices.IndexFunc(a.Contacts, func(o Contact) bool { return o.ID == c.Contact }); i >= 0 {
		a.Contacts[i] = c.contact(sub.model, a.Contacts[i], sub.at)
	}
	return true
}

// contact gives a contact as a change makes it.
func (c *Change) contact(m *Model, k Contact, at time.Time) Contact {
	deeds := c.Did
	switch c.Kind {
	case ChangeRepeat:
		deeds = []Deed{c.deed()}
	case ChangeFill:
		k.Fields = sourceFields(m.contactFields, []FieldValue{{Field: c.Field, Value: c.To}}, maps.Clone(k.Fields))
		return k
	default:
		k.Fields = maps.Clone(k.Fields)
		k.Fields = sourceFields(m.contactFields, c.Who, k.Fields)
		k.Fields = sourceFields(m.contactFields, c.With, k.Fields)
	}
	k.Activities = slices.Clone(k.Activities)
	for _, d := range deeds {
		k.Activities = append(k.Activities, m.deeds(d, at)...)
	}
	return k
}

func (c *Change) deed() Deed { return Deed{c.Activity, c.Count, c.Value, c.With} }

// deeds makes activities at the moment of the scoring. They share their
// fields.
func (m *Model) deeds(d Deed, at time.Time) []Activity {
	typ, ok := m.activityIndex[d.Activity]
	if !ok || d.Count < 1 {
		return nil
	}
	act := Activity{Type: d.Activity, At: at, Value: d.Value, Fields: sourceFields(m.activities[typ].fields, d.With, nil)}
	return slices.Repeat([]Activity{act}, min(d.Count, maxRepeats))
}
