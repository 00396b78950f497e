package accountscore

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// timeRest says what of the time that passed belongs to nothing alone: a date
// that a rule names, the day that a daily max is of.
const timeRest = "what the calendar changed, or what cannot be told apart"

// passed splits what the time that passed changed by what it made older: a type
// of activity, a field, a contact. Each is made as old as it was before, seen
// from the new moment, and aged again. The hybrid stands at the new moment, and
// does so again.
func (h *hybrid) passed(first, aged micro.M, add func(Contribution, micro.M)) {
	if first == aged {
		return
	}
	list := h.aging(h.to.at.Sub(h.from.at))
	for _, c := range list {
		c.set(false)
	}
	young, _ := h.score()
	for i, p := range h.try(list, young) {
		add(list[i].Contribution, p)
	}
	add(Contribution{Kind: FromTime, Text: timeRest}, young-first)
}

// aging lists what gets older: false makes it as much younger as time passed.
func (h *hybrid) aging(by time.Duration) []change {
	if by == math.MinInt64 || by == math.MaxInt64 {
		return nil // centuries: a Duration does not tell how long
	}
	var logs, fields, contacts []change
	for i := range h.logs {
		l := &h.logs[i]
		if len(l.of[0]) == 0 || !h.from.model.reads(l.name) {
			continue
		}
		old, young := l.of[0], later(l.of[0], by)
		logs = append(logs, change{Contribution{Kind: FromTime, Activity: l.name, Text: l.name + ": " + older(by)}, func(after bool) {
			if l.of[0] = young; after {
				l.of[0] = old
			}
			h.stale = true
		}})
	}
	fields = h.agingFields(by)
	for i := range h.contacts {
		c := &h.contacts[i]
		if c.of[0] == nil {
			continue
		}
		old, young := c.of[0], h.from.model.younger(c.of[0], by)
		contacts = append(contacts, change{Contribution{Kind: FromTime, Contact: c.name, Text: contactText(c.name) + ": " + older(by)}, func(after bool) {
			if c.of[0] = young; after {
				c.of[0] = old
			}
			h.stale = true
		}})
	}
	lists := [...][]change{fields, logs, contacts}
	most := h.most() / len(lists)
	var all []change
	for i, list := range lists {
		if len(list) > most {
			rest := together(list[most-1:])
			rest.Text = fmt.Sprintf("%d more %s: %s", len(list[most-1:]), [...]string{"fields", "types of activity", "contacts"}[i], older(by))
			list = append(list[:most-1:most-1], rest)
		}
		all = append(all, list...)
	}
	return all
}

// agingFields lists the account's times, and the fields whose values age.
func (h *hybrid) agingFields(by time.Duration) []change {
	var list []change
	for i := range h.from.model.fields {
		f := &h.from.model.fields[i]
		if !f.read {
			continue
		}
		if young, ok := f.later(h.account.Fields[f.key], by); ok {
			old := h.account.Fields[f.key]
			list = append(list, change{Contribution{Kind: FromTime, Field: f.Name, Text: f.Name + ": " + older(by)}, func(after bool) {
				if h.account.Fields[f.key] = young; after {
					h.account.Fields[f.key] = old
				}
			}})
		}
		if at, ok := h.account.Refreshed[f.Name]; ok && f.ages() {
			text := f.Name + ": its refresh is " + older(by)
			if was, is := h.from.state(f), h.from.stateAt(f, h.to.at); was != is {
				text = f.Name + " became " + string(valueStates[is])
			}
			list = append(list, change{Contribution{Kind: FromTime, Field: f.Name, Text: text}, func(after bool) {
				if h.account.Refreshed[f.Name] = at.Add(by); after {
					h.account.Refreshed[f.Name] = at
				}
			}})
		}
	}
	return list
}

// state is what a field of the account is at its moment.
func (sub *subject) state(f *field) cond.State { return sub.stateAt(f, sub.at) }

// stateAt is what a field of the account is at another moment.
func (sub *subject) stateAt(f *field, at time.Time) cond.State {
	s := sub.model.scratch()
	defer sub.model.release(s)
	s.load(&sub.account, at)
	i := slices.IndexFunc(sub.model.fields, func(o field) bool { return o.Name == f.Name })
	return s.env.Accounts[i].State
}

// older says how much older, or younger, something got.
func older(by time.Duration) string {
	word := "older"
	if by < 0 {
		by, word = -by, "younger"
	}
	if days := by / (24 * time.Hour); days > 0 {
		return counted(int(days), "day", "days") + " " + word
	}
	return by.Round(time.Second).String() + " " + word
}

// later gives activities that happened some time later.
func later(log []Activity, by time.Duration) []Activity {
	log = slices.Clone(log)
	for i := range log {
		if !log[i].At.IsZero() {
			log[i].At = log[i].At.Add(by)
		}
	}
	return log
}

// later gives a time some time later; none where there is no time.
func (f *field) later(v any, by time.Duration) (any, bool) {
	if f.typ != cond.Time {
		return nil, false
	}
	s := convert(v, f.typ)
	if s.State != cond.Known {
		return nil, false
	}
	return time.UnixMicro(s.Time).UTC().Add(by), true
}

// younger gives a contact all of whose times are some time later.
func (m *Model) younger(c *Contact, by time.Duration) *Contact {
	k := Contact{ID: c.ID, Fields: maps.Clone(c.Fields), Activities: later(c.Activities, by)}
	for i := range m.contactFields {
		if f := &m.contactFields[i]; k.Fields != nil {
			if v, ok := f.later(k.Fields[f.key], by); ok {
				k.Fields[f.key] = v
			}
		}
	}
	return &k
}
