package accountscore

import (
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Most lines of most rulesets are one rule with a condition. What such a line
// earns and shows depends on little more than the truth of the condition, and
// stands prepared: side by side, as an explanation reads all of it in order.

// lone is what a line of one rule with a condition comes to. The zero lone is
// a line of another form.
type lone struct {
	clause *clause
	rule   *rule
	answer int32      // place of the condition's truth, -1: it is not among the answers
	index  int32      // of the rule's outcome
	cell   int32      // place of what the line shows among the guide's, -1: it has several tests
	field  int32      // see test
	points [3]micro.M // by truth
	floats [3]float64
	low    [8]micro.M // by the truths that it could have
	high   [8]micro.M
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
		all.lines = append(all.lines, g.groups[j].base)
		gr := &d.groups[j]
		rule := &gr.rules[0]
		if gr.kind != "" || len(gr.rules) != 1 || gr.lo != micro.Min || gr.hi != micro.Max || rule.when == nil || rule.per != nil {
			continue
		}
		r := &g.groups[j].rules[0]
		l := &g.lones[j]
		*l = lone{clause: &r.clause, rule: rule, answer: int32(r.clause.answer), index: int32(gr.index), cell: -1, field: -1,
			points: [3]micro.M{cond.False: rule.otherwise, cond.True: rule.points}}
		for truth, p := range l.points {
			l.floats[truth] = p.Float()
		}
		for may := range l.low {
			var h hull
			for truth, p := range l.points {
				if cond.Outcomes(may).Has(cond.Tri(truth)) {
					h.add(p)
				}
			}
			l.low[may], l.high[may] = h.low, h.high
		}
		if r.clause.plain {
			l.cell, l.field = int32(len(all.cells)), int32(r.clause.test.field)
			all.cells = append(all.cells, g.groups[j].cell())
		}
	}
}

// cell is what a rule that is alone shows whatever the account.
func (g *groupGuide) cell() cell {
	t := g.rules[0].clause.test
	c := cell{rules: [1]RuleExplanation{g.rules[0].base}, tests: [1]TestExplanation{{Text: t.text, Needed: t.need}}}
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
	low, high := l.interval(e, o)
	if low != high {
		x.Low, x.High = low.Float(), high.Float()
		r.Low, r.High = x.Low, x.High
	}
	if low < high || o.truth == cond.Unknown {
		e.wait(r.ID, l.rule.reads)
	}
}

// only explains the one test of a line.
func (e *explainer) only(k *cell, l *lone, truth cond.Tri) {
	t, test := &k.tests[0], l.clause.test
	if l.clause.turned {
		truth = truth.Not()
	}
	if t.State = stateOf(truth); truth == cond.True {
		t.Needed = ""
	}
	if l.field >= 0 {
		t.Seen = e.fields[l.field]
	}
	if t.Seen == nil {
		e.shown(t, test.field, test.looks)
	}
	if test.distant && test.distance(&k.distance, &e.s.env) {
		t.Distance = &k.distance
	}
}

// interval is what the rule could earn by itself.
func (l *lone) interval(e *explainer, o *outcome) (low, high micro.M) {
	if l.answer < 0 && !l.rule.open(&e.s.env) {
		return o.points, o.points
	}
	may := e.possible(l.clause)
	return l.low[may], l.high[may]
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
