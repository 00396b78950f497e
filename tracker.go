package accountscore

import (
	"math"
	"slices"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/classes"
	"github.com/accountscore/accountscore/internal/cond"
)

// Tracker keeps the score of one account up to date while its data changes and
// time passes: only what depends on a change is evaluated again. Its result is
// always that of [Model.Score] for an account with the same data at the same
// moment. It copies what it is given, and never feeds its own tier back: see
// [Tracker.SetPrevTier]. A Tracker must not be used by several goroutines at
// once; trackers of one model may be used at once. The zero Tracker is one of
// the zero [Model], as of the zero time: it scores everything to nothing.
type Tracker struct {
	guide *trackGuide
	until int64        // what is not a contact's next changes by itself; doubtful: to be worked out
	quick quickTracker // where there is a short way, instead of most below

	m    *Model
	s    *scratch    // what the account's values come to; env.Accounts holds them, aged
	kept []keptValue // of fields that age or have a default
	next []int32     // memory of classes
	sums trackedSums
	open int // fields that are missing
	bad  int // values of the account itself that cannot be used

	own   journal
	crowd crowd

	stale bool // the result does not hold any more
}

// keptValue is a value as it was given.
type keptValue struct {
	slot      cond.Slot
	refreshed time.Time
}

// trackGuide is what all trackers of a model need to know of it.
type trackGuide struct {
	names  *classes.Texts // of the fields that anything reads
	slots  []int          // theirs, by number of the name
	places []int          // by slot: place among those that are read
	kept   []int          // by slot: place in Tracker.kept, -1: a value stays as it is given
	keeps  int
	timed  []bool // by slot: what the passing of time changes reads it
	axes   int    // most of one field
	tables *tableReaders
	timing timing
	people peopleGuide
	// decides tells whether there is a tier to decide.
	decides bool
}

// slot finds a field by its name, -1 for one that nothing reads.
func (g *trackGuide) slot(name string) int { return g.slots[g.names.Class(name)] }

// trackGuide makes the guide, once.
func (m *Model) trackGuide() *trackGuide {
	m.trackOnce.Do(func() {
		g := &trackGuide{kept: make([]int, len(m.fields)), places: make([]int, len(m.fields)), tables: m.tableReaders()}
		for i := range m.fields {
			g.kept[i] = -1
		}
		names := make([]string, len(m.read))
		g.slots = append(g.slots, -1) // that of any other name
		for n, i := range m.read {
			names[n] = m.fields[i].Name
			g.slots = append(g.slots, i)
			g.places[i] = n
			g.axes = max(g.axes, len(m.plan.of(i)))
			if m.fields[i].ages() || m.fields[i].fallback != nil {
				g.kept[i] = g.keeps
				g.keeps++
			}
		}
		g.names = classes.NewTexts(names, false)
		g.decides = len(m.tiers)+len(m.disqualify) > 0
		g.timing.init(m)
		g.people.init(m.rollup)
		g.timed = make([]bool, len(m.fields))
		timed := slices.Clone(g.timing.nodes)
		for _, tiers := range g.timing.tiers {
			for i := range tiers {
				timed = append(timed, tiers[i].when) // what is held reads the same fields
			}
		}
		for _, n := range timed {
			for _, i := range m.slots(n) {
				g.timed[i] = true
			}
		}
		m.tracking = g
	})
	return m.tracking
}

// Track begins to keep an account up to date, as of a moment.
func (m *Model) Track(a Account, at time.Time) *Tracker {
	t := &Tracker{}
	t.begin(m, a, at)
	return t
}

// made makes a zero tracker one of the zero model.
func (t *Tracker) made() {
	if t.guide == nil {
		t.begin(new(Model), Account{}, time.Time{})
	}
}

// begin makes the tracker that of an account.
func (t *Tracker) begin(m *Model, a Account, at time.Time) {
	m = m.made()
	t.m, t.guide, t.s, t.stale, t.until = m, m.trackGuide(), m.newScratch(), true, doubtful
	t.kept, t.next = make([]keptValue, t.guide.keeps), make([]int32, t.guide.axes)
	t.sums.classes = make([]int32, len(m.plan.axes))
	s := t.s
	if m.signals > 0 {
		s.earned = make([]earned, 1+m.signals)
	}
	s.begin(nil, a.ID, a.PrevTier, at)
	if !t.guide.decides {
		s.tier = s.decide()
	}
	if m.quick != nil && m.quick.tracks() {
		t.quick.begin(m.quick, s)
	}
	for _, i := range m.read {
		f, slot := &m.fields[i], &s.env.Accounts[i]
		v, ok := a.Fields[f.key]
		fillTracked(f, slot, v, ok)
		if k := t.guide.kept[i]; k >= 0 {
			t.kept[k] = keptValue{*slot, a.Refreshed[f.Name]}
		}
		t.age(i)
		if t.quick.q != nil {
			t.quick.settle(&t.quick.q.fields[t.guide.places[i]], slot)
			continue
		}
		t.classify(i)
		copy(t.sums.classes[m.plan.from[i]:], t.next[:len(m.plan.of(i))])
		if s.env.Open[i] = slot.State.Missing(); s.env.Open[i] {
			t.open++
		}
		if slot.State == cond.Invalid {
			t.bad++
		}
	}
	if t.quick.q == nil {
		t.initSums()
	}
	t.own.record(s, a.Activities)
	t.crowd.init(t, a.Contacts)
	t.quick.people = int32(len(t.crowd.people))
}

// fillTracked reads a value that the tracker keeps: lists are copied.
func fillTracked(f *field, s *cond.Slot, v any, present bool) {
	f.fill(s, v, present)
	if f.typ == cond.List {
		s.List = slices.Clone(s.List)
	}
}

// age takes a value as it was given to what it is by now.
func (t *Tracker) age(i int) {
	if k := t.guide.kept[i]; k >= 0 {
		slot := &t.s.env.Accounts[i]
		*slot = t.kept[k].slot
		t.m.fields[i].age(slot, t.kept[k].refreshed, t.s.env.At)
	}
}

// classify finds the classes of a field's value, and tells whether they are the
// same as before.
func (t *Tracker) classify(i int) (same bool) {
	p, slot, same := t.m.plan, &t.s.env.Accounts[i], true
	first := p.from[i]
	axes := p.axes[first:p.from[i+1]]
	for j := range axes {
		class := int32(axes[j].class(slot, t.s.env.At))
		t.next[j] = class
		same = same && t.sums.classes[first+j] == class
	}
	return same
}

// settle makes everything hold for the value of a field, whose state was
// another before.
func (t *Tracker) settle(i int, was cond.State) {
	t.age(i)
	if t.quick.q != nil {
		t.quick.settle(&t.quick.q.fields[t.guide.places[i]], &t.s.env.Accounts[i])
		t.until = doubtful
		return
	}
	s := t.s
	now := s.env.Accounts[i].State
	if (was == cond.Invalid) != (now == cond.Invalid) {
		if t.bad++; was == cond.Invalid {
			t.bad -= 2
		}
		t.changed()
	}
	if missing := now.Missing(); !t.classify(i) || missing != s.env.Open[i] {
		t.take(i)
		t.moveRows(i)
		if missing != s.env.Open[i] {
			s.env.Open[i] = missing
			if t.open++; !missing {
				t.open -= 2
			}
			for _, ref := range t.guide.tables.statics[i] {
				t.doubt(ref)
			}
		}
		t.put(i)
		t.changed()
	} else if t.guide.tables.loose[i] {
		t.changed()
	}
	t.until = doubtful
}

// changed notes that the result, and the moment it lasts to, do not hold.
func (t *Tracker) changed() { t.stale, t.until = true, doubtful }

// doubtful comes before every moment.
const doubtful = math.MinInt64

// Set gives a field, by its name in the ruleset, a value: what [Account.Fields]
// may hold. A nil value is null. A field that the model does not read changes
// nothing.
func (t *Tracker) Set(field string, value any) { t.fill(field, value, true) }

// Unset takes a field's value away.
func (t *Tracker) Unset(field string) { t.fill(field, nil, false) }

func (t *Tracker) fill(field string, value any, present bool) {
	t.made()
	i := t.guide.slot(field)
	if i < 0 {
		return
	}
	if q := t.quick.q; q != nil && t.quick.set(&q.fields[t.guide.places[i]], value, present, t.guide.timed[i]) {
		t.until = doubtful
		return
	}
	slot := &t.s.env.Accounts[i]
	was := slot.State
	if k := t.guide.kept[i]; k >= 0 {
		slot = &t.kept[k].slot
	}
	fillTracked(&t.m.fields[i], slot, value, present)
	t.settle(i, was)
}

// SetRefreshed says when a field was last enriched; the zero time says that
// nobody knows. [Tracker.Set] leaves it as it is.
func (t *Tracker) SetRefreshed(field string, at time.Time) {
	t.made()
	if i := t.guide.slot(field); i >= 0 && t.guide.kept[i] >= 0 {
		t.kept[t.guide.kept[i]].refreshed = at
		t.settle(i, t.s.env.Accounts[i].State)
	}
}

// SetPrevTier says which tier the account had before; a tier's hold reads it.
func (t *Tracker) SetPrevTier(tier string) {
	t.made()
	t.s.prev, t.quick.prev = tier, tier
	t.changed()
}

// SetContact adds a contact, or replaces the one that has its id, activities
// included. Where that one has activities, all logs are read again:
// [Tracker.Record] adds one for less.
func (t *Tracker) SetContact(c Contact) {
	t.made()
	t.crowd.set(t, &c)
	t.quick.people = int32(len(t.crowd.people))
	t.changed()
}

// RemoveContact removes every contact that has the id.
func (t *Tracker) RemoveContact(id string) {
	t.made()
	if t.crowd.removeAll(t, id) {
		t.quick.people = int32(len(t.crowd.people))
		t.changed()
	}
}

// Record adds an activity to a contact, or with an empty id to the account
// itself. It does nothing where no contact has the id.
func (t *Tracker) Record(contactID string, act Activity) {
	t.made()
	if contactID == "" {
		t.crowd.recordOwn(t, act)
		t.changed()
	} else if t.crowd.record(t, contactID, act) {
		t.changed()
	}
}

// Advance moves to another moment. Only what time moves is evaluated again:
// contacts that decay, windows and dates that pass. Going back in time
// evaluates everything that depends on it.
func (t *Tracker) Advance(at time.Time) {
	t.made()
	s, before, now := t.s, t.s.env.At, clock(at)
	s.at, t.quick.at, t.quick.now = at, at, now
	if now == before {
		return
	}
	if now > before && now < t.until {
		s.env.At = now // what is kept of the log holds
		t.crowd.advance(t, before)
		return
	}
	s.env.At = now
	t.crowd.newTurn(t)
	for _, i := range t.guide.timing.fields {
		t.settle(i, s.env.Accounts[i].State)
	}
	t.crowd.advance(t, before)
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
	t.made()
	if t.quick.q != nil {
		t.quick.result(dst)
		return
	}
	if t.stale {
		t.refresh()
	}
	t.s.publish(dst)
}

// refresh evaluates what the last changes made doubtful, as [scratch.conclude]
// does.
func (t *Tracker) refresh() {
	s, m := t.s, t.m
	t.stale = false
	s.open, s.invalid = t.open > 0, t.bad+t.own.wrong+t.crowd.wrong
	t.crowd.log(t)
	t.crowd.conclude(s)
	s.meter()
	s.compute()
	t.settleRanges()
	for i := range m.dims {
		d, o := &m.dims[i], &s.dims[i]
		if !t.guide.tables.pure[i] {
			m.plan.dims[i].run(d, s, i)
		} else if t.sums.dims[i].stale {
			o.sum = t.sum(i)
			d.finish(s, o)
			t.sums.dims[i].stale = false
		}
		if m.metering {
			s.metric(dsl.MetricDimension+i, o.shown)
		}
	}
	s.total = m.total(s.dims)
	s.score = m.publishable(s.total)
	if m.metering {
		s.metric(dsl.MetricScore, s.score)
	}
	if len(m.grades) > 0 {
		s.grade()
	}
	if t.guide.decides {
		s.tier = s.decide()
	}
	s.unknown = t.sums.unknown
	for _, i := range m.plan.tested {
		if s.outs[i].truth == cond.Unknown {
			s.unknown++
		}
	}
}
