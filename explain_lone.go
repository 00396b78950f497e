package accountscore

import (
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Most lines of most rulesets are one rule with a condition. What such a line
// earns and shows depends on little more than the truth of the condition, and
// stands prepared.

// lone is what a line of one rule with a condition comes to.
type lone struct {
	clause *clause
	points [3]micro.M // by truth
	floats [3]float64
	cell   *cell // what it shows; nil: its condition has several tests
}

// cell is room for a rule that is alone, and for its one test.
type cell struct {
	rules    [1]RuleExplanation
	tests    [1]TestExplanation
	distance Distance
	baseline float64
}

// prepare prepares a line of the account, nil where it is of another form.
func (g *groupGuide) prepare(gr *group) *lone {
	if gr.kind != "" || len(gr.rules) != 1 || gr.lo != micro.Min || gr.hi != micro.Max {
		return nil
	}
	r, guide := &gr.rules[0], &g.rules[0]
	if r.when == nil || r.per != nil {
		return nil
	}
	l := &lone{clause: &guide.clause, points: [3]micro.M{cond.False: r.otherwise, cond.True: r.points}}
	for truth, p := range l.points {
		l.floats[truth] = p.Float()
	}
	if guide.clause.plain {
		t := guide.clause.test
		l.cell = &cell{rules: [1]RuleExplanation{guide.base}, tests: [1]TestExplanation{{Text: t.text, Needed: t.need}}}
		if g.base.Baseline != nil {
			l.cell.baseline = *g.base.Baseline
		}
	}
	return l
}

// lone explains a line of one rule with one test.
func (e *explainer) lone(x *GroupExplanation, gr *group, guide *groupGuide, o *outcome) {
	l, g := guide.lone, &guide.rules[0]
	k := e.room.cells.one()
	*x, *k = guide.base, *l.cell
	if x.Baseline != nil {
		x.Baseline = &k.baseline
	}
	x.Rules = k.rules[:]
	r, t := &k.rules[0], &k.tests[0]
	r.Tests = k.tests[:]
	points := l.floats[o.truth]
	x.Sum, x.Points, x.Low, x.High = points, points, points, points
	r.State, r.Points, r.Low, r.High = stateOf(o.truth), points, points, points
	if e.s.open {
		rule := &gr.rules[0]
		low, high := g.interval(rule, &e.s.env, o)
		if low != high {
			x.Low, x.High = low.Float(), high.Float()
			r.Low, r.High = x.Low, x.High
		}
		if low < high || o.truth == cond.Unknown {
			e.wait(rule.id, rule.reads)
		}
	}
	truth := o.truth
	if l.clause.turned {
		truth = truth.Not()
	}
	if t.State = stateOf(truth); truth == cond.True {
		t.Needed = ""
	}
	test := l.clause.test
	e.shown(t, test.field, test.looks)
	if test.distant && test.distance(&k.distance, &e.s.env) {
		t.Distance = &k.distance
	}
}

// run works out dimension i as [dimension.run] does, from the answers and with
// the range from the plan.
func (e *explainer) run(d *dimension, o *dimensionOutcome, i int) {
	s := e.s
	points, winners := s.points[d.first:], s.winners[d.first:]
	var sum micro.M
	for g := range d.groups {
		gr := &d.groups[g]
		var p micro.M
		winner := -1
		if l := e.guide.dims[i].groups[g].lone; l != nil {
			truth := e.truth(l.clause)
			p = l.points[truth]
			s.outs[gr.index] = outcome{truth, p, p, p}
		} else {
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
