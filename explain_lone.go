package accountscore

import (
	"math/bits"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Most lines of most rulesets are one rule with a condition of a few tests. What
// such a line comes to depends on the answers to these alone, and stands
// prepared for each combination of them. To follow it takes hardly a branch
// that depends on the account: those are what most of the time would go into.

// lone is a line of one rule with a condition. The zero lone is a line of
// another form. It is small, and has all that most lines need: to look for it
// elsewhere takes longer than the work.
type lone struct {
	rule     *rule
	only     loneTest // where it has but one, here too: most have
	tests    []loneTest
	answers  [maxLoneTests]int32 // their places, noAnswer where there are fewer
	verdicts int32               // place of the first among the guide's
	index    int32               // of the rule's outcome
	place    int32               // of what the rule shows among the guide's
	single   int32               // place of its one test among the guide's, -1: it has several
	baseline int32               // place among the guide's, -1: it has none
	points   [3]micro.M          // by truth
	floats   [3]float64
}

// maxLoneTests bounds the combinations of answers, which are three to the power
// of the tests.
const maxLoneTests = 4

// prepared is what lines show whatever the account, side by side: an
// explanation takes a copy of all of it and reads it in order.
type prepared struct {
	lines     []GroupExplanation // of the account
	rules     []RuleExplanation  // of its lone rules
	tests     []TestExplanation  // of those with one test
	baselines []float64
}

// loneTest is a test of such a line.
type loneTest struct {
	test   *test
	answer int32       // place
	field  int32       // see test
	truths [3]cond.Tri // what is shown, by answer
	needed [3]string   // by answer
	gauge  gauge
}

// loneVerdict is what a line comes to by the answers to its tests.
type loneVerdict struct {
	truth       cond.Tri
	least, most cond.Tri // with the least and the most points that it could come to
	waits       bool     // for missing fields
	shown       uint8    // the tests that decide, by bit
	// What it takes beside what stands in [prepared].
	tests, distances uint8
}

// loneNeeds is what all prepared lines of an account take beside that.
type loneNeeds struct{ tests, distances int }

// verdict gives the place of the verdict on a line: the answers are the digits
// of a number, the first the lowest.
func (e *explainer) verdict(l *lone) int32 {
	at, a := &l.answers, e.answers
	return l.verdicts + int32(a[at[0]]) + 3*int32(a[at[1]]) + 9*int32(a[at[2]]) + 27*int32(a[at[3]])
}

// fieldSight is a field that prepared lines show.
type fieldSight struct {
	slot int
	look look
}

// sight is what tests of one field show of it.
type sight struct {
	seen   []Seen
	num    float64
	whole  bool    // num is a whole number
	future bool    // the time is to come
	age    micro.M // of a time, in days
	days   float64
}

// see looks at the fields that prepared lines show.
func (e *explainer) see() {
	list := e.room.seen.take(len(e.guide.sights))
	for i := range e.guide.sights {
		at := &e.guide.sights[i]
		f, slot := &e.fields[at.slot], &e.s.env.Accounts[at.slot]
		f.seen = list[i : i+1 : i+1]
		list[i] = Seen{Name: at.look.name}
		list[i].slot(slot, at.look.node.Type)
		f.num, f.whole = slot.Num, isWhole(slot.Num)
		if at.look.node.Type == cond.Time {
			f.age, f.future = daysOf(e.s.env.At-slot.Time), slot.Time > e.s.env.At
			f.days = f.age.Float()
		}
	}
}

// lone explains a line that is one rule with a condition. What it shows whatever
// the account is there.
func (e *explainer) lone(x *GroupExplanation, l *lone, v *loneVerdict) {
	own := &e.prepared
	r := &own.rules[l.place]
	x.Rules = own.rules[l.place : l.place+1 : l.place+1]
	if l.baseline >= 0 {
		x.Baseline = &own.baselines[l.baseline]
	}
	points, low, high := l.floats[v.truth], l.floats[v.least], l.floats[v.most]
	x.Sum, x.Points, x.Low, x.High = points, points, low, high
	r.State, r.Points, r.Low, r.High = stateOf(v.truth), points, low, high
	if l.single >= 0 {
		r.Tests = own.tests[l.single : l.single+1 : l.single+1]
		e.only(&r.Tests[0], &l.only)
	} else {
		r.Tests = e.room.tests.take(int(v.tests))
		for i, left := 0, v.shown; left != 0; i, left = i+1, left&(left-1) {
			t := &l.tests[bits.TrailingZeros8(left)]
			r.Tests[i] = TestExplanation{Text: t.test.text}
			e.only(&r.Tests[i], t)
		}
	}
	e.waiting[e.wanting] = l.rule
	e.wanting += ordinal(v.waits)
}

// await notes the lone lines that wait for missing fields, up to here. They are
// collected first, as that takes no branch.
func (e *explainer) await() {
	for _, r := range e.waiting[:e.wanting] {
		e.wait(r.id, r.reads)
	}
	e.wanting = 0
}

// only explains a test of which the text is there.
func (e *explainer) only(x *TestExplanation, t *loneTest) {
	answer := e.answers[t.answer]
	x.State, x.Needed = stateOf(t.truths[answer]), t.needed[answer]
	if t.field < 0 {
		x.Seen, x.Cut = e.seen(t.test.looks)
	} else {
		x.Seen = e.fields[t.field].seen
	}
	if t.gauge.kind == noGauge {
		return
	}
	d, known := &e.distances[e.gauged], answer != cond.Unknown
	switch f := &e.fields[max(t.field, 0)]; {
	case t.gauge.kind == numberGauge:
		d.from(&t.gauge, f.num, f.whole)
	case t.gauge.kind == ageGauge && t.field >= 0:
		known = d.aged(&t.gauge, f.age, f.days, f.future, t.test.negated) && known
	default:
		known = t.test.distance(d, &e.s.env)
	}
	e.gauged += ordinal(known)
	if !known {
		d = nil
	}
	x.Distance = d
}

// run works out dimension i as [dimension.run] does, from the answers and with
// the range from the plan.
func (e *explainer) run(d *dimension, o *dimensionOutcome, i int) {
	s, lones := e.s, e.guide.dims[i].lones
	points, winners, found := s.points[d.first:], s.winners[d.first:], e.found[d.first:]
	var sum micro.M
	for g := range d.groups {
		var p micro.M
		winner := -1
		if l := &lones[g]; l.rule != nil {
			found[g] = e.verdict(l)
			v := &e.guide.verdicts[found[g]]
			p = l.points[v.truth]
			s.outs[l.index] = outcome{v.truth, p}
			e.more.tests, e.more.distances = e.more.tests+int(v.tests), e.more.distances+int(v.distances)
		} else {
			gr := &d.groups[g]
			p, winner = gr.eval(&s.env, s, s.outs[gr.index:gr.index+len(gr.rules)])
		}
		points[g], winners[g] = certain(p), winner
		sum += p // no number of rules that fits into memory passes what 64 bits hold
	}
	o.sum = certain(sum)
	if s.open {
		l, joined := s.m.plan.dims[i].lookUp(s.sums, s.joiners[:0])
		o.sum.low, o.sum.high = sum+l.low, sum+l.high
		o.sum, s.joiners, _ = s.m.plan.dims[i].spread(d, s.env.Open, s, joined, o.sum)
	}
	if d.contacts != nil {
		o.sum = o.sum.add(certain(s.rollup.points)).add(certain(s.rollup.bonus))
	}
	d.finish(s, o)
}
