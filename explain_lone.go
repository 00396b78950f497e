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
	more        loneNeeds
}

// loneNeeds is how much prepared lines show, but for what stands in [prepared].
type loneNeeds struct{ tests, distances int32 }

// power is of three, by exponent.
var power = [...]int32{1, 3, 9, 27}

// verdict gives the place of the verdict on a line.
func (e *explainer) verdict(l *lone) int32 {
	at, a := &l.answers, e.answers
	return l.verdicts + int32(a[at[0]]) + power[1]*int32(a[at[1]]) + power[2]*int32(a[at[2]]) + power[3]*int32(a[at[3]])
}

// alone tells whether a group is one rule with a condition.
func (g *group) alone() bool {
	r := &g.rules[0]
	return g.kind == "" && len(g.rules) == 1 && g.lo == micro.Min && g.hi == micro.Max && r.when != nil && r.per == nil
}

// prepare prepares the lines of the account's dimensions, once the answers are
// known.
func (g *guide) prepare(m *Model) {
	trial := explainer{answers: make([]cond.Tri, g.places)}
	for i := range m.dims {
		d, groups := &m.dims[i], g.dims[i].groups
		g.dims[i].lones = make([]lone, len(d.groups))
		for j := range d.groups {
			gr := &d.groups[j]
			g.prepared.lines = append(g.prepared.lines, groups[j].base)
			g.steps = append(g.steps, groups[j].rules[0].line)
			if gr.alone() {
				g.prepareLine(&trial, &g.dims[i].lones[j], &groups[j], gr)
			}
		}
	}
}

// prepareLine prepares a line, if every test has an answer.
func (g *guide) prepareLine(trial *explainer, l *lone, guide *groupGuide, gr *group) {
	r, c, all := &gr.rules[0], &guide.rules[0].clause, &g.prepared
	leaves := c.tests(nil)
	if leaves == nil {
		return
	}
	*l = lone{rule: r, verdicts: int32(len(g.verdicts)), index: int32(gr.index), place: int32(len(all.rules)), single: -1, baseline: -1,
		points: [3]micro.M{cond.False: r.otherwise, cond.True: r.points}}
	for truth, p := range l.points {
		l.floats[truth] = p.Float()
	}
	all.rules = append(all.rules, guide.rules[0].base)
	if b := guide.base.Baseline; b != nil {
		l.baseline = int32(len(all.baselines))
		all.baselines = append(all.baselines, *b)
	}
	if len(leaves) == 1 {
		l.single = int32(len(all.tests))
		all.tests = append(all.tests, TestExplanation{Text: leaves[0].test.text})
	}
	combinations := int32(1)
	for i, leaf := range leaves {
		combinations *= 3
		l.answers[i] = int32(leaf.answer)
		l.tests = append(l.tests, leaf.loneTest())
		if f := leaf.test.field; f >= 0 && !g.sees[f] {
			g.sees[f] = true
			g.sights = append(g.sights, fieldSight{f, leaf.test.looks[0]})
		}
	}
	for place := range combinations {
		for i := range leaves {
			trial.answers[l.answers[i]] = cond.Tri(place / power[i] % 3)
		}
		v := loneVerdict{truth: trial.truth(c)}
		v.least, v.most = l.ends(trial.possible(c))
		v.waits = v.truth == cond.Unknown || l.points[v.least] < l.points[v.most]
		v.shown, _ = trial.deciders(c, v.truth, 0)
		for i := range leaves {
			if v.shown>>i&1 == 1 && l.tests[i].gauge.tells(trial.answers[l.answers[i]]) {
				v.more.distances++
			}
		}
		if l.single < 0 {
			v.more.tests = int32(bits.OnesCount8(v.shown))
		}
		g.verdicts = append(g.verdicts, v)
	}
}

// tests appends the tests of a condition to a list that is not nil unless there
// are none before; nil where one has no answer, or where they are too many.
func (c *clause) tests(list []*clause) []*clause {
	if c.test != nil {
		if c.answer < 0 || !c.plain || len(list) == maxLoneTests {
			return nil
		}
		return append(list, c)
	}
	for i := range c.parts {
		if list = c.parts[i].tests(list); list == nil {
			return nil
		}
	}
	return list
}

// deciders gives the tests that made a condition what it is, by bit from a
// place on, and the place that follows.
func (e *explainer) deciders(c *clause, truth cond.Tri, place int) (uint8, int) {
	if c.test != nil {
		return 1 << place, place + 1
	}
	if c.bare {
		truth = truth.Not()
	}
	all := uint8(0)
	for i := range c.parts {
		part := e.truth(&c.parts[i])
		var mask uint8
		if mask, place = e.deciders(&c.parts[i], part, place); part == truth {
			all |= mask
		}
	}
	return all, place
}

func (c *clause) loneTest() loneTest {
	t := loneTest{test: c.test, answer: int32(c.answer), field: int32(c.test.field), truths: c.truths, gauge: c.test.gauge}
	for answer := range t.truths {
		if c.turned {
			t.truths[answer] = t.truths[answer].Not()
		}
		if t.truths[answer] != cond.True {
			t.needed[answer] = c.test.need
		}
	}
	return t
}

// ends gives the truths with the least and the most points among some.
func (l *lone) ends(may cond.Outcomes) (least, most cond.Tri) {
	first := true
	for t := range l.points {
		truth := cond.Tri(t)
		if !may.Has(truth) {
			continue
		}
		if first || l.points[truth] < l.points[least] {
			least = truth
		}
		if first || l.points[truth] > l.points[most] {
			most = truth
		}
		first = false
	}
	return least, most
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
		e.only(&r.Tests[0], &l.tests[0])
	} else {
		r.Tests = e.room.tests.take(int(v.more.tests))
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
	case t.gauge.kind == ageGauge && t.field >= 0 && known:
		known = d.aged(&t.gauge, f.age, f.days, f.future, t.test.negated)
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
			e.more.tests, e.more.distances = e.more.tests+v.more.tests, e.more.distances+v.more.distances
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
