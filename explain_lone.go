package accountscore

import (
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Most lines of most rulesets are one rule with a condition. What such a line
// earns and shows depends on little more than the truth of the condition, and
// stands prepared: side by side, as an explanation reads all of it in order.

// lone is what a line of one rule with a condition comes to. The zero lone is
// a line of another form. It is small, and has all that most lines need: to
// look for it elsewhere takes longer than the work.
type lone struct {
	clause *clause
	rule   *rule
	answer int32      // place of the condition's truth, -1: it is not among the answers
	index  int32      // of the rule's outcome
	points [3]micro.M // by truth
	floats [3]float64
	// The truths with the least and the most points, by the truths that the
	// condition could have.
	least, most [8]cond.Tri
	// Of one test:
	test    *test
	cell    int32 // place of what the line shows among the guide's, -1: it has several tests
	field   int32 // see test
	number  bool  // see test
	upward  bool
	distant bool
	turned  bool
}

// cell is room for a rule that is alone, and for its one test.
type cell struct {
	rules    [1]RuleExplanation
	tests    [1]TestExplanation
	distance Distance
	baseline float64
}

// prepare prepares the dimension's lines, once the answers are known.
func (all *guide) prepare(g *dimensionGuide, d *dimension) {
	g.lones = make([]lone, len(d.groups))
	for j := range d.groups {
		all.lines, all.steps = append(all.lines, g.groups[j].base), append(all.steps, g.groups[j].rules[0].line)
		gr := &d.groups[j]
		rule := &gr.rules[0]
		if gr.kind != "" || len(gr.rules) != 1 || gr.lo != micro.Min || gr.hi != micro.Max || rule.when == nil || rule.per != nil {
			continue
		}
		r := &g.groups[j].rules[0]
		l := &g.lones[j]
		*l = lone{clause: &r.clause, rule: rule, answer: int32(r.clause.answer), index: int32(gr.index), cell: -1,
			points: [3]micro.M{cond.False: rule.otherwise, cond.True: rule.points}}
		for truth, p := range l.points {
			l.floats[truth] = p.Float()
		}
		for may := range l.least {
			l.least[may], l.most[may] = l.ends(cond.Outcomes(may))
		}
		if r.clause.plain {
			t := r.clause.test
			l.test, l.cell, l.field = t, int32(len(all.cells)), int32(t.field)
			l.number, l.upward, l.distant, l.turned = t.number, t.upward, t.distant, r.clause.turned
			all.cells = append(all.cells, g.groups[j].cell())
		}
	}
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

// cell is what a rule that is alone shows whatever the account.
func (g *groupGuide) cell() cell {
	t := g.rules[0].clause.test
	c := cell{rules: [1]RuleExplanation{g.rules[0].base}, tests: [1]TestExplanation{{Text: t.text, Needed: t.need}}, distance: t.turn}
	if g.base.Baseline != nil {
		c.baseline = *g.base.Baseline
	}
	return c
}

// lone explains a line that is one rule with a condition. What it shows whatever
// the account is there.
func (e *explainer) lone(x *GroupExplanation, g *groupGuide, l *lone) {
	o := &e.s.outs[l.index]
	if l.cell < 0 {
		x.Baseline, x.Rules = e.room.own(x.Baseline), e.room.rules.take(1)
		x.Rules[0] = g.rules[0].base
		x.Rules[0].Tests = e.tests(l.clause, o.truth, false)
	} else {
		k := &e.cells[l.cell]
		if x.Baseline != nil {
			x.Baseline = &k.baseline
		}
		x.Rules, k.rules[0].Tests = k.rules[:], k.tests[:]
		e.only(k, l, o.truth)
	}
	r, points := &x.Rules[0], l.floats[o.truth]
	x.Sum, x.Points, x.Low, x.High = points, points, points, points
	r.State, r.Points, r.Low, r.High = stateOf(o.truth), points, points, points
	if !e.s.open {
		return
	}
	least, most := o.truth, o.truth
	if l.answer >= 0 || l.rule.open(&e.s.env) {
		may := e.possible(l.clause)
		least, most = l.least[may], l.most[may]
	}
	low, high := l.floats[least], l.floats[most]
	x.Low, x.High, r.Low, r.High = low, high, low, high
	if low < high || o.truth == cond.Unknown {
		e.wait(r.ID, l.rule.reads)
	}
}

// only explains the one test of a line.
func (e *explainer) only(k *cell, l *lone, truth cond.Tri) {
	t := &k.tests[0]
	if l.turned {
		truth = truth.Not()
	}
	if t.State = stateOf(truth); truth == cond.True {
		t.Needed = ""
	}
	if l.field >= 0 {
		t.Seen = e.fields[l.field]
	}
	if t.Seen == nil {
		e.shown(t, int(l.field), l.test.looks)
	}
	switch {
	case l.number:
		if s := &e.s.env.Accounts[l.field]; !s.State.Missing() {
			k.distance.of(s.Num, l.upward)
			t.Distance = &k.distance
		}
	case l.distant && l.test.distance(&k.distance, &e.s.env):
		t.Distance = &k.distance
	}
}

// run works out dimension i as [dimension.run] does, from the answers and with
// the range from the plan.
func (e *explainer) run(d *dimension, o *dimensionOutcome, i int) {
	s, lones := e.s, e.guide.dims[i].lones
	points, winners := s.points[d.first:], s.winners[d.first:]
	var sum micro.M
	for g := range d.groups {
		var p micro.M
		winner := -1
		if l := &lones[g]; l.clause != nil {
			truth := cond.Unknown
			if l.answer >= 0 {
				truth = e.answers[l.answer]
			} else {
				truth = e.truth(l.clause)
			}
			p = l.points[truth]
			s.outs[l.index] = outcome{truth, p}
		} else {
			gr := &d.groups[g]
			p, winner = gr.eval(&s.env, s, s.outs[gr.index:gr.index+len(gr.rules)])
		}
		points[g], winners[g] = certain(p), winner
		sum = sum.Add(p)
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
