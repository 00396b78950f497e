package accountscore

import (
	"slices"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// Tracker keeps the score of one account up to date while its data changes and
// time passes: only what depends on a change is evaluated again. Its result is
// always that of [Model.Score] for an account with the same data at the same
// moment. It copies what it is given, and never feeds its own tier back: see
// [Tracker.SetPrevTier]. A Tracker must not be used by several goroutines at
// once; trackers of one model may be used at once.
type Tracker struct {
	m *Model
	s *scratch // what the account's values come to; env.Accounts holds them, aged

	fields []tracked // by slot; those that nothing reads stay unset
	open   int       // fields that are missing
	wrong  int       // values of the account itself that cannot be used

	own   journal
	crowd crowd
	until int64 // what is not a contact's next changes by itself; see nextChange

	stale bool // the result does not hold any more
}

// tracked is a field's value before its age is known.
type tracked struct {
	value     cond.Slot
	refreshed time.Time
}

// Track begins to keep an account up to date, as of a moment.
func (m *Model) Track(a Account, at time.Time) *Tracker {
	t := &Tracker{m: m, s: m.newScratch(), fields: make([]tracked, len(m.fields)), stale: true}
	s := t.s
	s.begin(nil, a.ID, a.PrevTier, at)
	for _, i := range m.read {
		f := &m.fields[i]
		v, ok := a.Fields[f.key]
		fillTracked(f, &t.fields[i].value, v, ok)
		if f.ages() {
			t.fields[i].refreshed = a.Refreshed[f.Name]
		}
		t.enter(i)
	}
	t.own.record(s, a.Activities)
	t.crowd.init(t, a.Contacts)
	return t
}

// fillTracked reads a value that the tracker keeps: lists are copied.
func fillTracked(f *field, s *cond.Slot, v any, present bool) {
	f.fill(s, v, present)
	if f.typ == cond.List {
		s.List = slices.Clone(s.List)
	}
}

// enter takes the value of a field into the sums.
func (t *Tracker) enter(i int) {
	s, f := t.s, &t.fields[i]
	slot := &s.env.Accounts[i]
	*slot = f.value
	s.settle(i, f.refreshed)
	if slot.State == cond.Invalid {
		t.wrong++
	}
	if s.env.Open[i] {
		t.open++
	}
}

// leave takes it out again.
func (t *Tracker) leave(i int) {
	s := t.s
	if s.env.Accounts[i].State == cond.Invalid {
		t.wrong--
	}
	if s.env.Open[i] {
		t.open--
	}
	t.m.plan.remove(s.sums, i, &s.env.Accounts[i], s.env.At)
	t.changed()
}

// changed notes that the result, and the moment it lasts to, do not hold.
func (t *Tracker) changed() { t.stale, t.until = true, 0 }

// slot finds a field by its name, -1 for one that nothing reads.
func (t *Tracker) slot(field string) int {
	i := fieldNamed(t.m.fields, field)
	if i >= 0 && !t.m.fields[i].read {
		return -1
	}
	return i
}

// Set gives a field, by its name in the ruleset, a value: what [Account.Fields]
// may hold. A nil value is null. A field that the model does not read changes
// nothing.
func (t *Tracker) Set(field string, value any) {
	if i := t.slot(field); i >= 0 {
		t.leave(i)
		fillTracked(&t.m.fields[i], &t.fields[i].value, value, true)
		t.enter(i)
	}
}

// Unset takes a field's value away.
func (t *Tracker) Unset(field string) {
	if i := t.slot(field); i >= 0 {
		t.leave(i)
		t.fields[i].value = cond.Slot{}
		t.enter(i)
	}
}

// SetRefreshed says when a field was last enriched; the zero time says that
// nobody knows. [Tracker.Set] leaves it as it is.
func (t *Tracker) SetRefreshed(field string, at time.Time) {
	if i := t.slot(field); i >= 0 && t.m.fields[i].ages() {
		t.leave(i)
		t.fields[i].refreshed = at
		t.enter(i)
	}
}

// SetPrevTier says which tier the account had before; a tier's hold reads it.
func (t *Tracker) SetPrevTier(tier string) {
	t.s.prev = tier
	t.changed()
}

// SetContact adds a contact, or replaces the one that has its id, activities
// included.
func (t *Tracker) SetContact(c Contact) {
	t.crowd.set(t, &c)
	t.changed()
}

// RemoveContact removes every contact that has the id.
func (t *Tracker) RemoveContact(id string) {
	if t.crowd.removeAll(t, id) {
		t.changed()
	}
}

// Record adds an activity to a contact, or with an empty id to the account
// itself. It does nothing where no contact has the id.
func (t *Tracker) Record(contactID string, act Activity) {
	if contactID == "" {
		t.own.record(t.s, []Activity{act})
		t.crowd.relog = true
		t.changed()
	} else if t.crowd.record(t, contactID, act) {
		t.changed()
	}
}

// Advance moves to another moment. Only what time moves is evaluated again:
// contacts that decay, windows and dates that pass. Going back in time
// evaluates everything that depends on it.
func (t *Tracker) Advance(at time.Time) {
	s, before, now := t.s, t.s.env.At, at.UnixMicro()
	if s.at = at; now == before {
		return
	}
	if now > before && now < t.until {
		s.env.At = now
		t.crowd.advance(t, before)
		return
	}
	// What a field brings is taken out as of the moment that it was put in.
	for _, i := range t.m.timed().fields {
		t.leave(i)
	}
	s.env.At = now
	for _, i := range t.m.timed().fields {
		t.enter(i)
	}
	t.crowd.advance(t, before)
	s.env.Turn++
	t.changed()
}

// Result is the account's score as of the tracker's moment.
func (t *Tracker) Result() Result {
	var r Result
	t.ResultInto(&r)
	return r
}

// ResultInto is [Tracker.Result] into a result that the caller keeps: it
// replaces all of dst and reuses its slices.
func (t *Tracker) ResultInto(dst *Result) {
	if t.stale {
		t.refresh()
	}
	t.s.publish(dst)
}

// refresh evaluates what the last changes made doubtful.
func (t *Tracker) refresh() {
	s := t.s
	s.open, s.invalid = t.open > 0, t.wrong+t.own.wrong+t.crowd.wrong
	t.crowd.log(t)
	t.crowd.conclude(s)
	s.conclude()
	t.stale = false
}
