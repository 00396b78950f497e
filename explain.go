package accountscore

import (
	"errors"
	"slices"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// explained is an explanation with what it is about, and room for what most
// have little of.
type explained struct {
	Explanation
	about  subject
	dims   [1]DimensionExplanation
	scores [1]DimensionScore
}

// Explain scores the account as of a moment and says how the score came
// about. Its Result is what [Model.Score] gives: both come from the same run.
// It never fails and never panics, and is safe for concurrent use.
func (m *Model) Explain(a Account, at time.Time) *Explanation {
	m = m.made()
	made := new(explained)
	x := &made.Explanation
	x.subject = &made.about
	if len(m.dims) == 1 {
		x.Result.Dimensions = made.scores[:0]
	} else {
		x.Result.Dimensions = slices.Grow(x.Result.Dimensions, len(m.dims))
	}
	m.explain(x, made.dims[:], &a, at)
	return x
}

// ExplainInto is [Model.Explain] into an explanation that the caller keeps, for
// those who explain many accounts one after the other and keep none of the
// explanations: it replaces all of dst and reuses its memory. What was taken
// from dst before, and any copy of it, is spoilt.
//
// Much of the time of Explain goes into the memory of a new explanation, which
// this saves; the programs in bench measure both against a score.
func (m *Model) ExplainInto(dst *Explanation, a Account, at time.Time) {
	m = m.made()
	if dst.room == nil {
		*dst = Explanation{subject: &subject{}, room: &explainRoom{}}
	}
	dst.subject.reset()
	*dst = Explanation{subject: dst.subject, room: dst.room,
		Result: Result{Dimensions: dst.Result.Dimensions[:0], Labels: dst.Result.Labels[:0]}}
	m.explain(dst, nil, &a, at)
}

// explain makes an explanation. The first dimensions may be put into dims.
func (m *Model) explain(x *Explanation, dims []DimensionExplanation, a *Account, at time.Time) {
	s := m.scratch()
	defer m.release(s)
	e := s.explainer(x.room, len(a.Contacts))
	if len(dims) >= len(m.dims) {
		e.room.dims.last, e.room.dims.free = dims, dims
	}
	s.faults = []error{}
	s.traced, s.tabled = true, true
	if e.guide.keyed {
		s.taken, s.present = e.room.values.take(len(m.read)), 0
		clear(s.taken)
	}
	s.load(a, at)
	if s.open {
		m.plan.total(s) // what could become of the missing fields stands in tables
	}
	s.rollUp()
	e.answer()
	s.conclude()
	e.prepared, e.distances = e.room.stamp(e.guide, len(s.order), x.room != nil, e.more)
	e.see()
	x.subject.model, x.subject.at = m, at
	x.subject.take(a, s.taken, s.present)
	x.AccountID, x.At, x.Ruleset, x.Version, x.ModelHash, x.ReasonSide = a.ID, at, m.rules.Name, m.rules.Version, m.hash, m.rules.Reasons
	s.publish(&x.Result)
	for _, err := range s.faults {
		var d *DataError
		if errors.As(err, &d) {
			x.Invalid = append(x.Invalid, InvalidValue{d.Contact, d.Activity, d.Field, d.Wanted, d.Got})
		}
	}
	s.faults = nil // what follows looks at the same values again
	x.Dimensions = e.room.dims.take(len(m.dims))
	for i := range m.dims {
		e.dimension(&x.Dimensions[i], i)
	}
	x.Total = e.total()
	x.Lines = e.lines()
	decided := false
	for i := range m.disqualify {
		d := e.disqualifier(i)
		d.Decides = d.State == StateMatched && !decided
		decided = decided || d.Decides
		x.Disqualify = append(x.Disqualify, d)
	}
	for i := range m.grades {
		x.Grades = append(x.Grades, e.grade(i))
	}
	x.Tiers = e.tiers(m.tiers, e.guide.tiers, s.tier.index)
	for i := range m.ladders {
		l, v := &m.ladders[i], s.climb(m.ladders[i].tiers)
		x.Ladders = append(x.Ladders, LadderExplanation{l.name, v.tier, e.tiers(l.tiers, e.guide.ladders[i], v.index)})
	}
	// The notes come last: what each field could bring is tried in the scratch.
	x.Missing, x.Stale = e.notes(a)
	e.close()
}

// explainer makes the explanation of what a scratch holds after its run. It
// stays with the scratch.
type explainer struct {
	m       *Model
	s       *scratch
	guide   *guide
	room    *explainRoom
	own     explainRoom
	waits   []names  // by field: what waits for it
	lacks   [][]look // by let: see behind
	fields  []sight  // what tests show of each
	trial   trial
	tried   []int
	answers []cond.Tri // of tests, by place
	// Of the account's lines:
	prepared  prepared   // its copy
	found     []int32    // the places of the verdicts on the lone ones
	more      loneNeeds  // what they show
	distances []Distance // of their tests
	gauged    int        // how many of these are taken
	paid      []int32    // those with points
	waiting   []*rule    // for missing fields
	wanting   int        // how many these are
}

// explainer prepares the scratch's explainer. Without a room of its own the
// explanation is put into new memory.
func (s *scratch) explainer(room *explainRoom, contacts int) *explainer {
	m := s.m
	if s.tracer == nil {
		s.tracer = &explainer{m: m, s: s, waits: make([]names, len(m.fields)), lacks: make([][]look, len(m.lets)), fields: make([]sight, len(m.fields)), found: make([]int32, len(s.points)), paid: make([]int32, 1+len(s.points)), waiting: make([]*rule, 1+len(s.points))}
	}
	e := s.tracer
	e.guide = m.guidance()
	if e.room = room; room == nil {
		e.room = &e.own
	}
	e.room.open(m, e.guide, contacts, room != nil)
	return e
}

// close lets go of the explanation's memory.
func (e *explainer) close() {
	if e.room == &e.own {
		e.own = explainRoom{}
	} else {
		e.room.close()
	}
	e.room, e.prepared, e.distances = nil, prepared{}, nil
	for _, slot := range e.m.read {
		e.waits[slot].list, e.waits[slot].more = e.waits[slot].list[:0], 0
		e.fields[slot].seen = nil
	}
	clear(e.lacks)
}

// names are the first of many names.
type names struct {
	list []string
	more int
}

// maxNames bounds the names in a note.
const maxNames = 100

func (n *names) add(name string) {
	switch {
	case len(n.list) < maxNames:
		n.list = append(n.list, name)
	default:
		n.more++
	}
}

// wait notes what waits for the missing fields that it reads.
func (e *explainer) wait(name string, reads []int) {
	for _, slot := range reads {
		if e.s.env.Open[slot] {
			e.waits[slot].add(name)
		}
	}
}

func (e *explainer) dimension(x *DimensionExplanation, i int) {
	m, s := e.m, e.s
	d, o, g := &m.dims[i], &s.dims[i], &e.guide.dims[i]
	*x = g.base
	x.Min, x.Max, x.Weight = e.room.own(x.Min), e.room.own(x.Max), e.room.own(x.Weight)
	x.Sum, x.Points = o.sum.at.Float(), o.points.at.Float()
	x.Clamped = (o.points.at - o.scaled.at).Float()
	x.Shown, x.Low, x.High = o.shown.floats()
	if !d.unscored {
		x.Share = m.share(i, o).at.Float()
	}
	if len(d.groups) > 0 {
		x.Groups = e.prepared.lines[d.first:][:len(d.groups):len(d.groups)]
		for j := range d.groups {
			if l := &g.lones[j]; l.rule != nil {
				e.lone(&x.Groups[j], l, &e.guide.verdicts[e.found[d.first+j]])
				continue
			}
			e.await()
			gr := &d.groups[j]
			e.group(&x.Groups[j], gr, &g.groups[j], s.outs[gr.index:gr.index+len(gr.rules)], s.points[d.first+j].at, s.winners[d.first+j])
		}
		e.await()
	}
	if d.contacts != nil {
		x.Contacts = e.contacts(d.contacts, g)
	}
	at := o.sum.at
	for c := range d.scales {
		next := e.scaled(&d.scales[c], at)
		x.Scales = append(x.Scales, e.scale(i, c, next-at))
		at = next
	}
}

// boundOf gives a bound, nil where there is none.
func boundOf(b micro.M) *float64 {
	if b == micro.Min || b == micro.Max {
		return nil
	}
	f := b.Float()
	return &f
}

// scaled gives what a scale made of a sum.
func (e *explainer) scaled(c *scale, at micro.M) micro.M {
	if e.s.outs[c.index].truth == cond.True {
		return at.Mul(c.factor)
	}
	return at
}

func (e *explainer) scale(dim, c int, points micro.M) ScaleExplanation {
	sc, g := &e.m.dims[dim].scales[c], &e.guide.dims[dim].scales[c]
	truth := e.s.outs[sc.index].truth
	if e.prospect(sc.when, truth) == TierPossible {
		e.wait(g.name, sc.reads)
	}
	return ScaleExplanation{Factor: sc.factor.Float(), Reason: sc.src.Reason, Text: g.text, State: stateOf(truth),
		Points: points.Float(), Penalty: (sc.factor.Float()-1)*e.m.better() < 0, Tests: e.tests(&g.clause, truth, false)}
}

func (e *explainer) total() TotalExplanation {
	m, s := e.m, e.s
	clamped := s.total.at.Clamp(m.lo, m.hi)
	x := e.guide.total
	x.Min, x.Max = e.room.own(x.Min), e.room.own(x.Max)
	x.Sum, x.Clamped, x.Rounding = s.total.at.Float(), (clamped - s.total.at).Float(), (s.score.at - clamped).Float()
	x.Score, x.Low, x.High = s.score.floats()
	return x
}

func (e *explainer) disqualifier(i int) DisqualifyExplanation {
	d, g := &e.m.disqualify[i], &e.guide.disqualify[i]
	truth := e.s.outs[d.index].truth
	if e.prospect(d.when, truth) == TierPossible || truth == cond.Unknown {
		e.wait(g.name, g.reads)
	}
	return DisqualifyExplanation{Reason: e.m.rules.Disqualify[i].Reason, Text: g.text, State: stateOf(truth), Tests: e.tests(&g.clause, truth, false)}
}

// prospect says what a condition is over the open ranges.
func (e *explainer) prospect(when *cond.Node, now cond.Tri) TierState {
	switch out := when.Possible(&e.s.env); {
	case out == cond.MayBeTrue:
		return TierTrue
	case !out.Has(cond.True) && now != cond.True:
		return TierFalse
	}
	return TierPossible
}

func (e *explainer) grade(i int) GradeExplanation {
	m, s := e.m, e.s
	g := &m.grades[i]
	x := GradeExplanation{Name: g.label, Dimension: m.dims[g.dim].name, Points: s.dims[g.dim].shown.at.Float(), Grade: s.env.Grades[1+i]}
	x.Possible = []string{x.Grade}
	places := g.letters(nil, s.dims[g.dim].shown)
	slices.Sort(places)
	for _, place := range places {
		if name := g.name(place); !slices.Contains(x.Possible, name) {
			x.Possible = append(x.Possible, name)
		}
	}
	return x
}

func (e *explainer) tiers(tiers []tier, guides []tierGuide, chosen int) []TierExplanation {
	if len(tiers) == 0 {
		return nil
	}
	list := e.room.tiers.take(len(tiers))
	for i := range tiers {
		t, g := &tiers[i], &guides[i]
		x := TierExplanation{Name: t.name, Text: g.text, Chosen: i == chosen, State: TierTrue, Now: StateMatched, Plays: e.plays(t.src.Plays)}
		if t.src.Hold != nil {
			x.Hold = *t.src.Hold
		}
		if when := e.s.condition(t); when != nil {
			clause := &g.clause
			if t.held != nil && when == t.held {
				clause, x.Held = &g.held, true
			}
			truth := when.Truth(&e.s.env)
			x.State, x.Now = e.prospect(when, truth), stateOf(truth)
			x.Tests = e.tests(clause, truth, true)
			if x.State == TierPossible {
				e.wait(g.name, g.reads)
			}
		}
		list[i] = x
	}
	return list
}

// plays gives the explanation its own copy.
func (e *explainer) plays(list []Play) []Play {
	if len(list) == 0 {
		return nil
	}
	own := e.room.plays.take(len(list))
	copy(own, list)
	return own
}

func stateOf(t cond.Tri) State { return states[t] }

var states = [...]State{cond.Unknown: StateUnknown, cond.False: StateFailed, cond.True: StateMatched}

var valueStates = [...]ValueState{cond.Unset: ValueUnset, cond.Null: ValueNull, cond.Expired: ValueExpired, cond.Invalid: ValueInvalid,
	cond.Known: ValueKnown, cond.Stale: ValueStale, cond.Defaulted: ValueDefault}

// notes lists the account's fields that are missing and those that are stale.
func (e *explainer) notes(a *Account) (missing, stale []FieldNote) {
	m, s := e.m, e.s
	slots, old, waits := e.tried[:0], 0, 0
	for _, i := range m.read {
		switch s.env.Accounts[i].State {
		case cond.Known, cond.Defaulted:
		case cond.Stale:
			old++
		default:
			slots = append(slots, i)
			waits += len(e.waits[i].list)
		}
	}
	e.tried, e.room.names.left = slots, waits
	if len(slots) > 0 {
		missing = e.room.notes.take(len(slots))[:0]
	}
	if old > 0 {
		stale = e.room.notes.take(old)[:0]
	}
	for _, i := range m.read {
		f, slot := &m.fields[i], &s.env.Accounts[i]
		if slot.State == cond.Known || slot.State == cond.Defaulted {
			continue
		}
		list := &missing
		if slot.State == cond.Stale {
			list = &stale
		}
		*list = (*list)[:len(*list)+1]
		n := &(*list)[len(*list)-1]
		*n = e.guide.notes[i]
		n.State = valueStates[slot.State]
		if slot.State == cond.Expired || slot.State == cond.Stale {
			when := writable(a.Refreshed[f.Name])
			n.Refreshed, n.AgeDays = &when, cond.WholeDays(when.UnixMicro(), s.env.At)
			n.Value = valueOf(slot, f.typ)
		}
		if slot.State == cond.Stale {
			n.Change = string(f.Change)
			continue
		}
		if slot.State == cond.Invalid {
			n.Wanted, n.Found = f.wanted(), got(a.Fields[f.key])
		}
		if w := &e.waits[i]; len(w.list) > 0 {
			n.Rules, n.MoreRules = e.room.names.take(len(w.list)), w.more
			copy(n.Rules, w.list)
		}
	}
	if len(stale) > 0 {
		e.readers(stale)
	}
	e.bring(missing, slots)
	return missing, stale
}

// note is what the notes of a field that is missing have in common.
func (f *field) note() FieldNote {
	n := FieldNote{Field: f.Name, Description: f.Description, Change: string(f.Change)}
	if f.key != f.Name {
		n.Key = f.key
	}
	if n.Change == "" {
		n.Change = string(dsl.Enrichable)
	}
	return n
}

// readers names what reads the stale fields, which are in order of
// declaration.
func (e *explainer) readers(stale []FieldNote) {
	m := e.m
	read := make([]names, len(m.fields))
	for _, r := range e.guide.readers {
		for _, slot := range r.reads {
			if e.s.env.Accounts[slot].State == cond.Stale {
				read[slot].add(r.name)
			}
		}
	}
	next := 0
	for i := range m.fields {
		if next < len(stale) && stale[next].Field == m.fields[i].Name {
			stale[next].Rules, stale[next].MoreRules = read[i].list, read[i].more
			next++
		}
	}
}
