package accountscore

import (
	"math"
	"slices"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// asTable writes accounts as a table, in columns of random kinds: what they
// hold is as it is, and what no typed column can hold is marked invalid.
func (r randomRules) asTable(m *Model, accounts []Account) *Table {
	t := r.asRows(m, accounts)
	var contacts []Contact
	persons := []int32{0}
	var log []Activity
	events := []int32{0}
	for _, a := range accounts {
		contacts = append(contacts, a.Contacts...)
		persons = append(persons, int32(len(contacts)))
		log = append(log, a.Activities...)
		events = append(events, int32(len(log)))
	}
	t.Activities(events, r.asLog(m, log))
	if len(contacts) > 0 || r.IntN(2) == 0 {
		t.Contacts(persons, r.asContacts(m, contacts))
	}
	return t
}

// asRows makes a table of what accounts say themselves.
func (r randomRules) asRows(m *Model, accounts []Account) *Table {
	t := NewTable(len(accounts))
	var ids, prev []string
	for _, a := range accounts {
		ids, prev = append(ids, a.ID), append(prev, a.PrevTier)
	}
	t.IDs(ids)
	t.PrevTiers(prev)
	for i := range m.fields {
		f := &m.fields[i]
		values := make([]any, len(accounts))
		present := false
		times := make([]time.Time, len(accounts))
		for j, a := range accounts {
			v, ok := a.Fields[f.key]
			values[j], present = v, present || ok
			times[j] = a.Refreshed[f.Name]
		}
		if present {
			r.addColumn(t, f, f.Name, values)
		}
		t.Refreshed(f.Name, times)
	}
	return t
}

func (r randomRules) asContacts(m *Model, contacts []Contact) *Table {
	t := NewTable(len(contacts))
	var ids []string
	var log []Activity
	events := []int32{0}
	for _, c := range contacts {
		ids = append(ids, c.ID)
		log = append(log, c.Activities...)
		events = append(events, int32(len(log)))
	}
	t.IDs(ids)
	t.Activities(events, r.asLog(m, log))
	for i := range m.contactFields {
		f := &m.contactFields[i]
		values := make([]any, len(contacts))
		for j, c := range contacts {
			values[j] = c.Fields[f.key]
		}
		r.addColumn(t, f, f.Name, values)
	}
	return t
}

func (r randomRules) asLog(m *Model, log []Activity) *ActivityTable {
	l := &ActivityTable{Fields: NewTable(len(log))}
	for _, a := range log {
		code := slices.Index(l.Names, a.Type)
		if code < 0 {
			code = len(l.Names)
			l.Names = append(l.Names, a.Type)
		}
		l.Types = append(l.Types, int32(code))
		l.At = append(l.At, a.At.UnixMicro())
		l.Values = append(l.Values, a.Value)
	}
	for i := range m.activities {
		for j := range m.activities[i].fields {
			f := &m.activities[i].fields[j]
			values := make([]any, len(log))
			for k, a := range log {
				values[k] = a.Fields[f.key]
			}
			r.addColumn(l.Fields, f, m.activities[i].name+"."+f.Name, values)
		}
	}
	return l
}

// addColumn adds a column of a field's values.
func (r randomRules) addColumn(t *Table, f *field, name string, values []any) {
	n := len(values)
	known, invalid := NewBitmap(n), NewBitmap(n)
	slots := make([]cond.Slot, n)
	whole := true
	for i, v := range values {
		slots[i] = convert(v, f.typ)
		switch slots[i].State {
		case cond.Known:
			known.Set(i)
			whole = whole && slots[i].Num == math.Trunc(slots[i].Num)
		case cond.Invalid:
			invalid.Set(i)
		}
	}
	switch f.typ {
	case cond.Number:
		if whole && r.IntN(2) == 0 {
			t.Int64s(name, each(slots, func(s *cond.Slot) int64 { return int64(s.Num) }), known)
		} else {
			t.Float64s(name, each(slots, func(s *cond.Slot) float64 { return s.Num }), known)
		}
	case cond.Bool:
		t.Bools(name, each(slots, func(s *cond.Slot) bool { return s.Flag }), known)
	case cond.Text:
		if r.IntN(2) == 0 {
			t.Strings(name, each(slots, func(s *cond.Slot) string { return s.Text }), known)
			break
		}
		dict := []string{"", "never"}
		codes := each(slots, func(s *cond.Slot) int32 {
			code := slices.Index(dict, s.Text)
			if s.State != cond.Known {
				return int32(-r.IntN(2))
			}
			if code < 0 {
				code = len(dict)
				dict = append(dict, s.Text)
			}
			return int32(code)
		})
		t.Dict(name, codes, dict)
		if r.IntN(2) == 0 {
			t.Known(name, known)
		}
	case cond.Time:
		if r.IntN(2) == 0 {
			t.Micros(name, each(slots, func(s *cond.Slot) int64 { return s.Time }), known)
		} else {
			t.Times(name, each(slots, func(s *cond.Slot) time.Time { return time.UnixMicro(s.Time).UTC() }), known)
		}
	case cond.List:
		offsets, items := []int32{0}, []string{}
		for i := range slots {
			items = append(items, slots[i].List...)
			offsets = append(offsets, int32(len(items)))
		}
		t.Lists(name, offsets, items, known)
	}
	if slices.Max(append(invalid, 0)) > 0 {
		t.Invalid(name, invalid)
	}
}

func each[T any](slots []cond.Slot, f func(*cond.Slot) T) []T {
	out := make([]T, len(slots))
	for i := range slots {
		out[i] = f(&slots[i])
	}
	return out
}
