package accountscore

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// source is where the values of a scoring come from: an account, a bound
// struct, a row of a table. What it holds of the account itself it loads
// before the scoring; contacts are asked for one after the other.
type source interface {
	// contact loads the fields of a contact with [scratch.contactField].
	contact(s *scratch, i int)
}

// begin starts a scoring. What follows is one account field after the other,
// the account's activities, and each contact with its own.
func (s *scratch) begin(src source, id, prev string, at time.Time) {
	s.src, s.id, s.prev, s.at = src, id, prev, at
	s.env.At = clock(at)
	s.invalid, s.open = 0, false
	s.contactIDs, s.events, s.arena, s.offsets = s.contactIDs[:0], s.events[:0], s.arena[:0], s.offsets[:0]
	clear(s.sums)
}

// beginContact starts the log of one more contact.
func (s *scratch) beginContact(id string) {
	s.contactIDs = append(s.contactIDs, id)
	s.offsets = append(s.offsets, len(s.events))
}

// loaded ends the loading.
func (s *scratch) loaded() {
	s.offsets = append(s.offsets, len(s.events))
	s.headcount = len(s.contactIDs)
	s.closeContacts()
}

// settle finishes the slot of account field i, whose value is in it: its age,
// its default, whether it stays open, and what its classes bring, unless every
// rule is wanted. A zero refreshed is none.
func (s *scratch) settle(i int, refreshed time.Time) {
	slot := &s.env.Accounts[i]
	if f := &s.m.fields[i]; slot.State != cond.Known || !f.plain {
		f.age(slot, refreshed, s.env.At)
	}
	missing := slot.State.Missing()
	s.env.Open[i] = missing // Rule 5
	s.open = s.open || missing
	if !s.traced {
		s.m.plan.add(s.sums, i, slot, s.env.At)
	}
}

// bad counts a value that cannot be used and tells whether its error is
// wanted: making one costs more than the scoring.
func (s *scratch) bad() bool {
	s.invalid++
	return s.faults != nil
}

// load fills the slots from an account, of which it keeps the contacts alone.
func (s *scratch) load(a *Account, at time.Time) {
	s.given = a.Contacts
	s.begin(s, a.ID, a.PrevTier, at)
	for n, i := range s.m.read {
		f, slot := &s.m.fields[i], &s.env.Accounts[i]
		v, ok := a.Fields[f.key]
		f.fill(slot, v, ok)
		if ok && s.taken != nil {
			s.taken[n] = kept(v)
			s.present++
		}
		var refreshed time.Time
		if !f.plain {
			refreshed = a.Refreshed[f.Name]
		}
		s.settle(i, refreshed)
		if slot.State == cond.Invalid && s.bad() {
			e := f.fault(v)
			e.Account = a.ID
			s.faults = append(s.faults, e)
		}
	}
	s.loadActivities(a.Activities, "", 0)
	for i := range a.Contacts {
		s.beginContact(a.Contacts[i].ID)
		s.loadActivities(a.Contacts[i].Activities, a.Contacts[i].ID, i+1)
	}
	s.loaded()
}

// contact makes the scratch the source of the account that it was loaded with.
func (s *scratch) contact(_ *scratch, i int) {
	c := &s.given[i]
	for _, j := range s.m.readContact {
		f, slot := &s.m.contactFields[j], &s.env.Contacts[j]
		v, ok := c.Fields[f.key]
		f.fill(slot, v, ok)
		s.contactField(j)
		if slot.State == cond.Invalid && s.bad() {
			e := f.fault(v)
			e.Account, e.Contact = s.id, contactRef(c.ID, i+1)
			s.faults = append(s.faults, e)
		}
	}
}

// contactRef says for an error whose a value is: a contact's by its id, or by
// its place where it has none; the account's own where there is no place.
func contactRef(id string, place int) string {
	if place > 0 && strings.TrimSpace(id) == "" {
		return "#" + strconv.Itoa(place)
	}
	return id
}

// contactField finishes the slot of contact field j, whose value is in it.
func (s *scratch) contactField(j int) {
	if slot := &s.env.Contacts[j]; slot.State != cond.Known {
		s.m.contactFields[j].age(slot, time.Time{}, s.env.At)
	}
}

// loadContact makes a contact the current one: its slots and its log.
func (s *scratch) loadContact(i int) {
	s.src.contact(s, i)
	e := &s.env
	e.Events, e.Own = s.events[s.offsets[i]:s.offsets[i+1]], 0
	e.Turn++
}

// closeContacts makes the account's whole log the current one again.
func (s *scratch) closeContacts() {
	s.env.Events, s.env.Own = s.events, s.offsets[0]
	s.env.Turn++
}

// loadActivities appends a log to the events of the account or of the contact
// that is being loaded, whose place among the contacts counts from one.
func (s *scratch) loadActivities(log []Activity, contact string, place int) {
	m := s.m
	for i := range log {
		a := &log[i]
		typ, ok := m.activityIndex[a.Type]
		if !ok || !m.activities[typ].read {
			continue
		}
		bad := func(e *DataError) {
			e.Account, e.Contact, e.Activity = s.id, contactRef(contact, place), fmt.Sprintf("%s #%d", a.Type, i+1)
			s.faults = append(s.faults, e)
		}
		when := moment(a.At)
		if when.State != cond.Known || a.At.IsZero() {
			if s.bad() {
				bad(&DataError{Field: "at", Wanted: "the time when it happened", Got: got(a.At), Fix: "give every activity an at, such as 2026-10-01"})
			}
			continue
		}
		ev := s.event(typ, when.Time, a.Value)
		if number(a.Value, cond.Number).State == cond.Invalid {
			if s.bad() {
				bad(&DataError{Field: "value", Wanted: "a number", Got: got(a.Value), Fix: "leave it out where it is not known"})
			}
			ev.Value = 0
		}
		for j := range m.activities[typ].fields {
			f, slot := &m.activities[typ].fields[j], &ev.Fields[j]
			if !f.read {
				continue
			}
			v, ok := a.Fields[f.key]
			f.fill(slot, v, ok)
			f.age(slot, time.Time{}, 0)
			if slot.State == cond.Invalid && s.bad() {
				bad(f.fault(v))
			}
		}
	}
}

// event appends one activity, with its fields unset. It is valid until the
// next.
func (s *scratch) event(typ int, at int64, value float64) *cond.Event {
	fields := len(s.m.activities[typ].fields)
	from := len(s.arena)
	s.arena = slices.Grow(s.arena, fields)[:from+fields]
	ev := cond.Event{Type: int32(typ), At: at, Value: value, Fields: s.arena[from:]}
	clear(ev.Fields)
	s.events = append(s.events, ev)
	return &s.events[len(s.events)-1]
}
