package accountscore

import (
	"math"
	"time"

	"github.com/accountscore/accountscore/internal/classes"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// quick is the short way through a model of which the plan holds every rule.
// All that a scoring adds up is numbers of a few bits: points, how far the range
// goes below and above them, rules without an answer, the answers to what
// conditions ask of fields, and places in tables. They stand side by side in a
// few words, so that a field is one row of words to add, whatever it says and
// whether it is missing or not. What depends on several fields is looked up by
// its place and added too; see quick_build.go. What is decided of all that is in
// quick_decide.go.
//
// What no table holds is evaluated as it stands, see quick_trees.go. It gives up
// where an account asks for more, and the scoring begins anew with a scratch.
type quick struct {
	m      *Model
	fields []quickField
	tables []quickTable
	lanes  int // words of a row
	first  int // words that the entries of the tables are added to
	dims   []quickDim
	// scores are the published scores by the place of the one dimension that
	// counts; nil: there are several, or too many scores.
	scores  []float64
	stepped bool // all that dimensions come to is prepared by steps
	unknown quantity
	untold  quantity // missing fields whose part of the range is in no table
	timed   bool     // the moment matters
	aged    bool     // some field expires
	treed   bool     // something is evaluated as it stands
	kept    []int    // fields whose values stand in a scratch too
	trees   []quickTree
	held    bool // the tier before matters
	judges  bool // there is more to decide than tiers that ask for bounds alone
	tiers   []quickTier
	ladders []quickLadder

	gradings  []quickGrading
	rulings   []quickRuling
	inquiries []quickInquiry
}

// quickLanes is how many words a row has at most.
const quickLanes = 8

// quickSums is a scoring under way.
type quickSums [quickLanes]uint64

// quantity is where in the sums a number stands: bits·unit + bias.
type quantity struct {
	lane, shift uint8
	mask        uint64
	unit, bias  micro.M
}

func (k *quantity) bits(s *quickSums) uint64 {
	return s[k.lane&(quickLanes-1)] >> (k.shift & 63) & k.mask
}

func (k *quantity) of(s *quickSums) micro.M { return micro.M(k.bits(s))*k.unit + k.bias }

// quickTable is what depends on several fields, by their classes.
type quickTable struct {
	place   quantity
	entries []uint64 // quick.first words each
}

// quickField is a field with its axes.
type quickField struct {
	key   string
	typ   cond.Type
	plain bool // its value alone tells the row, by one axis, and nothing stands in for it
	kept  bool // its value stands in a scratch too
	// Of the dates of its last refresh one that is long ago makes it missing.
	expires bool
	slot    int
	from    int // its first axis in the plan
	field   *field
	quickAxis
	more []quickAxis // but for the first
}

// quickAxis finds the row of a value.
type quickAxis struct {
	kind  axisKind
	cuts  classes.Cuts
	texts *classes.Texts
	test  *cond.Node
	rows  []uint64
	lanes int // words of a row
}

// quickDim is where the sums of a dimension stand. Its sum, the least and the
// most that it could be are counted in steps.
type quickDim struct {
	*dimension
	index             int
	name              string
	limit             float64
	points, low, high quantity
	// The steps from the first to a sum of which all bits are zero.
	atStep, lowStep, highStep int64
	last                      int64 // step
	first, unit               micro.M
	steps                     []quickStep // nil: too many
	scales                    []quickScale
	treed                     bool // some of its lines are trees
}

// quickStep is what a sum of a dimension comes to.
type quickStep struct {
	shown float64
	share micro.M // of the total
}

// quickState is a scoring under way with what belongs to it.
type quickState struct {
	sums    quickSums
	now     int64
	invalid int      // values that cannot be used
	trees   *scratch // what trees read, where there are any
}

// score scores an account, and tells whether this way could.
func (q *quick) score(dst *Result, a *Account, at time.Time) bool {
	if q.treed {
		return q.scoreTrees(dst, a, at)
	}
	var s quickState
	if q.timed {
		s.now = clock(at)
	}
	q.sumUp(&s, a)
	dst.AccountID, dst.At, dst.Contacts = a.ID, at, len(a.Contacts)
	return q.publish(dst, &s, a.PrevTier)
}

// sumUp adds up what the values of the fields bring that are in no scratch.
func (q *quick) sumUp(s *quickState, a *Account) {
	refreshed := q.aged && len(a.Refreshed) > 0
	for i := range q.fields {
		f := &q.fields[i]
		if f.kept {
			continue
		}
		v, ok := a.Fields[f.key]
		if refreshed && f.expires {
			f.take(s, v, ok, a.Refreshed[f.field.Name])
		} else if class := f.classOf(v, s.now); class >= 0 {
			f.add(&s.sums, class)
		} else {
			f.take(s, v, ok, time.Time{})
		}
	}
}

// classOf gives the class of a value that alone tells it, -1 for any other. The
// kinds that most data is of come first.
func (f *quickField) classOf(v any, now int64) int {
	if !f.plain {
		return -1
	}
	switch v := v.(type) {
	case nil:
		return 0
	case float64:
		if f.typ == cond.Number && math.Abs(v) <= maxInteger {
			key := classes.Key(v)
			return knownClass + f.cuts.Cell(key).Class(key)
		}
	case string:
		if f.typ == cond.Text && !blank(v) {
			return knownClass + f.texts.Class(v)
		}
	case bool:
		if f.typ == cond.Bool {
			return knownClass + ordinal(v)
		}
	case time.Time:
		if t, state := instant(v); f.typ == cond.Time && state == cond.Known {
			if f.kind == ages {
				t = now - t
			}
			return knownClass + f.cuts.Cell(t).Class(t)
		}
	}
	return -1
}

// take adds up what any value brings.
func (f *quickField) take(s *quickState, v any, present bool, refreshed time.Time) {
	var slot cond.Slot
	f.field.fill(&slot, v, present)
	f.settle(s, &slot, refreshed)
}

// settle adds up what the value in a slot brings.
func (f *quickField) settle(s *quickState, slot *cond.Slot, refreshed time.Time) {
	f.field.age(slot, refreshed, s.now)
	if slot.State == cond.Invalid {
		s.invalid++
	}
	f.add(&s.sums, f.class(slot, s.now))
	for i := range f.more {
		f.more[i].add(&s.sums, f.more[i].class(slot, s.now))
	}
}

// add adds the row of a class.
func (a *quickAxis) add(s *quickSums, class int) {
	if a.lanes == 1 {
		s[0] += a.rows[class]
		return
	}
	a.addWide(s, class)
}

// addWide is add for rows of several words, of which there are four or eight.
func (a *quickAxis) addWide(s *quickSums, class int) {
	row := (*[quickLanes / 2]uint64)(a.rows[class*a.lanes:])
	s[0] += row[0]
	s[1] += row[1]
	s[2] += row[2]
	s[3] += row[3]
	if a.lanes == quickLanes {
		row := (*[quickLanes / 2]uint64)(a.rows[class*quickLanes+quickLanes/2:])
		s[4] += row[0]
		s[5] += row[1]
		s[6] += row[2]
		s[7] += row[3]
	}
}

// class gives the class of a field's value, as [planAxis.class] does.
func (a *quickAxis) class(slot *cond.Slot, now int64) int {
	if slot.State.Missing() {
		return 0
	}
	switch a.kind {
	case numbers:
		return knownClass + a.cuts.Class(classes.Key(slot.Num))
	case texts:
		return knownClass + a.texts.Class(slot.Text)
	case flags:
		return knownClass + ordinal(slot.Flag)
	case moments:
		return knownClass + a.cuts.Class(slot.Time)
	case ages:
		return knownClass + a.cuts.Class(now-slot.Time)
	case tests:
		return knownClass + ordinal(holds(a.test, slot))
	}
	return knownClass
}

// addNumber, addText and addMoment add the row of a value of a plain field.
func (a *quickAxis) addNumber(s *quickSums, v float64) {
	key := classes.Key(v)
	cell := a.cuts.Cell(key)
	a.add(s, knownClass+cell.Class(key))
}

func (a *quickAxis) addText(s *quickSums, v string) {
	a.add(s, knownClass+a.texts.Class(v))
}

func (a *quickAxis) addMoment(s *quickSums, t, now int64) {
	if a.kind == ages {
		t = now - t
	}
	cell := a.cuts.Cell(t)
	a.add(s, knownClass+cell.Class(t))
}

// lookUp adds what depends on several fields.
func (q *quick) lookUp(s *quickSums) {
	if q.first == 1 {
		sum := s[0]
		for i := range q.tables {
			t := &q.tables[i]
			sum += t.entries[t.place.bits(s)]
		}
		s[0] = sum
		return
	}
	sums := *s
	for i := range q.tables {
		t := &q.tables[i]
		entry := t.entries[int(t.place.bits(s))*q.first:][:q.first]
		for j, v := range entry {
			sums[j&(quickLanes-1)] += v
		}
	}
	*s = sums
}

// publish writes the result that [scratch.publish] would write, if it can. The
// account's id, its contacts and the moment are the caller's to write. Prev is
// the tier that it had before, where that matters.
func (q *quick) publish(r *Result, s *quickState, prev string) bool {
	if len(q.tables) > 0 {
		q.lookUp(&s.sums)
	}
	if q.untold.bits(&s.sums) != 0 {
		return false
	}
	if cap(r.Dimensions) < len(q.dims) {
		r.Dimensions = make([]DimensionScore, len(q.dims))
	}
	dims := r.Dimensions[:len(q.dims)]
	r.Unknown, r.Invalid = int(q.unknown.of(&s.sums)), s.invalid
	if q.stepped {
		q.total(r, s, dims)
	} else {
		q.workOut(r, s, dims)
	}
	r.Dimensions, r.Labels, r.ModelHash = dims, r.Labels[:0], q.m.hash
	r.Tier, r.TierCertain, r.Reason, r.Grade = "", true, "", ""
	r.Engaged, r.SeniorEngaged, r.Completeness = 0, 0, 0
	if q.judges {
		q.judge(r, s, prev)
	} else if len(q.tiers) > 0 {
		q.decide(r)
	}
	return true
}

// decide is [quickJudge.climb] for bounds alone.
func (q *quick) decide(r *Result) {
	for i := range q.tiers {
		holds, always, never := q.within(q.tiers[i].bounds, r)
		if holds {
			r.Tier, r.TierCertain = q.tiers[i].name, r.TierCertain && always
			return
		}
		r.TierCertain = r.TierCertain && never
	}
}

// places gives the steps of a dimension's sum, its least and its most.
func (d *quickDim) places(s *quickSums) (at, low, high int64) {
	at = int64(d.points.bits(s))
	return at + d.atStep, at + int64(d.low.bits(s)) + d.lowStep, at + int64(d.high.bits(s)) + d.highStep
}

// total writes the dimensions and the score from prepared steps.
func (q *quick) total(r *Result, s *quickState, dims []DimensionScore) {
	var total span
	var at, low, high int64
	for i := range dims {
		d, out := &q.dims[i], &dims[i]
		at, low, high = d.places(&s.sums)
		now, least, most := &d.steps[at], &d.steps[low], &d.steps[high]
		// Member by member: a whole literal would be made aside and copied.
		out.Name, out.Max = d.name, d.limit
		out.Points, out.Low, out.High = now.shown, least.shown, most.shown
		total.at, total.low, total.high = total.at+now.share, total.low+least.share, total.high+most.share
	}
	if q.scores != nil {
		r.Score, r.Low, r.High = q.scores[at], q.scores[low], q.scores[high]
	} else {
		r.Score, r.Low, r.High = q.m.publishable(total).floats()
	}
}

// workOut is total for all that is not prepared: too many steps, scales, and
// trees.
func (q *quick) workOut(r *Result, s *quickState, dims []DimensionScore) {
	var total span
	for i := range dims {
		d := &q.dims[i]
		at, low, high := d.places(&s.sums)
		if len(d.scales) > 0 || d.treed {
			sum := span{d.sum(at), d.sum(low), d.sum(high)}
			if d.treed {
				sum = sum.add(s.trees.dims[i].sum)
			}
			total = total.add(q.scale(r, s, d, &dims[i], sum))
			continue
		}
		now, least, most := d.step(q.m, at), d.step(q.m, low), d.step(q.m, high)
		dims[i] = DimensionScore{d.name, now.shown, least.shown, most.shown, d.limit}
		total = total.add(span{now.share, least.share, most.share})
	}
	r.Score, r.Low, r.High = q.m.publishable(total).floats()
}

// scale works a dimension out from its sum, and gives its share.
func (q *quick) scale(r *Result, s *quickState, d *quickDim, out *DimensionScore, sum span) span {
	j := quickJudge{q: q, r: r, s: s}
	o := dimensionOutcome{sum: sum, scaled: sum}
	for i := range d.scales {
		a := j.answer(&d.scales[i].when)
		if a.is == cond.MayBeUnknown {
			r.Unknown++
		}
		o.scaled = d.scales[i].multiply(o.scaled, a)
	}
	d.clamp(&o)
	out.Name, out.Max = d.name, d.limit
	out.Points, out.Low, out.High = o.shown.floats()
	if d.unscored {
		return span{}
	}
	return q.m.share(d.index, &o)
}

// sum gives the sum of a step.
func (d *quickDim) sum(step int64) micro.M { return d.first + micro.M(step)*d.unit }

// step gives what a step comes to.
func (d *quickDim) step(m *Model, i int64) quickStep {
	if d.steps != nil {
		return d.steps[i]
	}
	return d.finish(m, i)
}

// finish works a step of the dimension out.
func (d *quickDim) finish(m *Model, i int64) quickStep {
	o := dimensionOutcome{scaled: certain(d.sum(i))}
	d.clamp(&o)
	share := micro.M(0)
	if !d.unscored {
		share = m.share(d.index, &o).at
	}
	return quickStep{o.shown.at.Float(), share}
}
