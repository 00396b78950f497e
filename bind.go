package accountscore

import (
	"slices"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// Scorer scores values of a Go struct without a map. It is immutable and safe
// for concurrent use, as long as nobody changes the struct meanwhile. The zero
// Scorer scores every struct as the zero [Model] does: to nothing.
type Scorer[T any] struct{ b *binding }

// Bind prepares the model for a Go struct: reflection once, here. Tags name the
// ruleset's fields, not those of the source:
//
//	type Lead struct {
//		ID        string         `score:",id"`
//		Employees *int           `score:"employees"`
//		Enriched  time.Time      `score:"employees,refreshed"`
//		Industry  sql.NullString `score:"industry"`
//		Seats     int            `score:"seats,omitzero"`
//		Tier      string         `score:",prevtier"`
//		People    []Person       `score:",contacts"`
//		Log       []Touch        `score:",activities"`
//	}
//	type Person struct { // its tags name the fields of contacts
//		Email string  `score:",id"`
//		Lead  float64 `score:"lead_score"`
//		Log   []Touch `score:",activities"`
//	}
//	type Touch struct { // its tags name the fields of activities
//		Type  string    `score:",type"`
//		At    time.Time `score:",at"`
//		Value float64   `score:",value"`
//		Page  string    `score:"page"`
//	}
//
// A field takes numbers of every kind and json.Number, strings, bools, slices
// of strings and time.Time, types made of these, pointers to them, and structs
// of a value and "Valid bool" such as sql.NullString. A time field takes text
// as [Account] does. Contacts and activities are slices of structs or of
// pointers; nil pointers among them are passed over. Embedded structs are
// walked; as in Go, a tag of the outer struct hides the same tag of an embedded
// one.
//
// A value is null when its pointer is nil or it is not valid, a text when blank,
// a time when zero, a slice when nil. Other zeros are values, unless the tag
// says ",omitzero". A field of the ruleset without a tag is unset.
//
// A tag that names no field, or whose Go type the field cannot use, is an
// error, and so is a tag on an unexported field. Every error comes at once, in
// one error that has Unwrap() []error, of *dsl.Error, whose File is the path of
// the Go field.
func Bind[T any](m *Model) (*Scorer[T], error) {
	b, err := bind[T](m)
	if err != nil {
		return nil, err
	}
	return &Scorer[T]{b}, nil
}

// Score scores a struct as of a moment, as [Model.Score] does an [Account]. Of
// a nil struct nothing is known.
func (s *Scorer[T]) Score(v *T, at time.Time) Result {
	var r Result
	s.ScoreInto(&r, v, at)
	return r
}

// ScoreInto is [Scorer.Score] into a result that the caller keeps: it replaces
// all of dst and reuses its slices. Once they are large enough it allocates only
// for rules that run as programs, see [FormProgram], and for texts of hundreds
// of bytes whose case is ignored.
func (s *Scorer[T]) ScoreInto(dst *Result, v *T, at time.Time) {
	if s.b == nil {
		new(Model).ScoreInto(dst, Account{}, at)
		return
	}
	if v == nil {
		s.b.m.ScoreInto(dst, Account{}, at)
		return
	}
	if s.b.short && s.b.scoreQuickly(dst, addressOf(v), at) {
		return
	}
	scratch := s.b.m.scratch()
	s.b.score(scratch, dst, addressOf(v), at)
	s.b.m.release(scratch)
}

// binding is where a struct holds what a model reads.
type binding struct {
	m          *Model
	id, prev   memberPlace
	fields     []memberField // those that the model reads
	contacts   memberContacts
	activities memberLog
	short      bool          // there is a short way
	quick      []quickMember // of the short way
	kept       []quickMember // of which the values stand in a scratch too
}

// quickMember is a field of the short way and where the struct holds it.
type quickMember struct {
	*quickField
	kind   goKind  // of what is read in place; goNone: by a slot
	behind bool    // a pointer at the offset leads to it
	offset uintptr // of the value, or of the pointer to it
	axis   quickAxis
	at     *memberField
}

// memberField is a field of the ruleset and where the struct holds it.
type memberField struct {
	memberPlace
	slot      int
	field     *field
	ages      bool
	refreshed memberPlace
}

// memberContacts is where a struct holds its contacts, and they their values.
type memberContacts struct {
	memberPlace
	id         memberPlace
	fields     []memberField
	activities memberLog
}

// memberLog is where a struct holds a log, and its activities their values.
type memberLog struct {
	memberPlace
	typ, at, value memberPlace
	fields         [][]memberField // by type of activity
}

// structSource is the contacts of the struct that a scratch was loaded with. It is
// the source of the scoring: contacts are read when their turn comes.
type structSource struct {
	b        *binding
	contacts []address
}

// bindQuick finds the struct's members for the short way, if that takes it.
func (b *binding) bindQuick() {
	q := b.m.quick
	if q == nil || b.contacts.indirect {
		return
	}
	for i := range q.fields {
		f := &q.fields[i]
		j := slices.IndexFunc(b.fields, func(m memberField) bool { return m.slot == f.slot })
		m := newQuickMember(f, &b.fields[j])
		if f.kept {
			b.kept = append(b.kept, m)
		} else {
			b.quick = append(b.quick, m)
		}
	}
	b.short = true
}

func newQuickMember(f *quickField, place *memberField) quickMember {
	at := &place.memberPlace
	m := quickMember{quickField: f, offset: at.offset, axis: f.quickAxis, at: place}
	if !f.plain || at.omitZero || at.nullable || f.expires && place.refreshed.kind != goNone {
		return m
	}
	switch {
	case len(at.pointers) == 1 && at.offset == 0:
		m.behind, m.offset = true, at.pointers[0]
	case at.far:
		return m
	}
	m.kind = at.kind
	return m
}

// scoreQuickly scores a struct, and tells whether the short way could.
func (b *binding) scoreQuickly(dst *Result, v address, at time.Time) bool {
	q := b.m.quick
	if q.treed {
		return b.scoreTrees(dst, v, at)
	}
	var s quickState
	if q.timed {
		s.now = clock(at)
	}
	quickly(b.quick, &s, v)
	return q.publish(dst, &s, b.introduce(dst, v, at))
}

// scoreTrees is scoreQuickly for a model that has trees.
func (b *binding) scoreTrees(dst *Result, v address, at time.Time) (could bool) {
	t := b.m.scratch()
	t.begin(nil, "", "", at)
	s := quickState{now: t.env.At, trees: t}
	for i := range b.kept {
		m := &b.kept[i]
		slot := &t.env.Accounts[m.slot]
		m.keep(&s, slot, m.read(slot, v))
	}
	if could = !b.m.quick.entangled(t); could {
		quickly(b.quick, &s, v)
		could = b.m.quick.publishGrown(dst, &s, b.introduce(dst, v, at))
	}
	b.m.release(t)
	return could
}

// introduce writes whose result it is, and gives the tier before where it
// matters.
func (b *binding) introduce(dst *Result, v address, at time.Time) (prev string) {
	dst.AccountID, dst.At, dst.Contacts = "", at, 0
	if b.id.kind != goNone {
		dst.AccountID = b.id.text(v)
	}
	if b.contacts.kind != goNone {
		people := b.contacts.rows(v)
		dst.Contacts = people.len
	}
	if b.m.quick.held {
		prev = b.prev.text(v)
	}
	return prev
}

func (b *binding) score(s *scratch, dst *Result, v address, at time.Time) {
	b.load(s, v, at)
	s.rollUp()
	s.conclude()
	s.publish(dst)
}

// load fills the slots from a struct. Nothing keeps v itself, so that a caller's
// struct may live on the stack.
func (b *binding) load(s *scratch, v address, at time.Time) {
	s.bound.b, s.bound.contacts = b, s.bound.contacts[:0]
	s.begin(&s.bound, b.id.text(v), b.prev.text(v), at)
	for i := range b.fields {
		f := &b.fields[i]
		slot := &s.env.Accounts[f.slot]
		f.fill(slot, v)
		f.field.admit(slot)
		var refreshed time.Time
		if f.ages {
			refreshed = f.refreshed.time(v)
		}
		s.settle(f.slot, refreshed)
		if slot.State == cond.Invalid {
			s.invalid++
		}
	}
	b.activities.load(s, v)
	people := b.contacts.rows(v)
	for i := range people.len {
		c := people.at(i)
		if c == nil {
			continue
		}
		s.bound.contacts = append(s.bound.contacts, c)
		s.beginContact(b.contacts.id.text(c))
		b.contacts.activities.load(s, c)
	}
	s.loaded()
}

// contact loads the fields of a contact.
func (c *structSource) contact(s *scratch, i int) {
	for j := range c.b.contacts.fields {
		f := &c.b.contacts.fields[j]
		slot := &s.env.Contacts[f.slot]
		f.fill(slot, c.contacts[i])
		f.field.admit(slot)
		s.contactField(f.slot)
		if slot.State == cond.Invalid {
			s.invalid++
		}
	}
}

// load appends a log to the events of the account or of the contact that is
// being loaded.
func (l *memberLog) load(s *scratch, v address) {
	log := l.rows(v)
	for i := range log.len {
		a := log.at(i)
		if a == nil {
			continue
		}
		typ, ok := s.m.activityIndex[l.typ.text(a)]
		if !ok || !s.m.activities[typ].read {
			continue
		}
		var when, value cond.Slot
		l.at.fill(&when, a)
		if when.State != cond.Known {
			s.invalid++
			continue
		}
		l.value.fill(&value, a)
		if value.State == cond.Invalid {
			s.invalid++
		}
		ev := s.event(typ, when.Time, value.Num)
		for j := range l.fields[typ] {
			f := &l.fields[typ][j]
			slot := &ev.Fields[f.slot]
			f.fill(slot, a)
			f.field.admit(slot)
			f.field.age(slot, time.Time{}, 0)
			if slot.State == cond.Invalid {
				s.invalid++
			}
		}
	}
}
