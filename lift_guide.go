package accountscore

import (
	"math"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// partly is what a rule is worth to the search while only a part of what it
// asks for holds.
const partly = 0.5

// promise stages a set and says how far the account is from the goal then, as
// seen by points that no bound holds and by rules of which only a part holds
// yet. So it falls also where several changes are needed before any point is
// won.
func (l *lifter) promise(set []*move) (far float64) {
	if l.plain == nil {
		// The bounds give way as far as the account itself is beyond them.
		l.stage(nil)
		l.duringAll(nil, func() { l.plain = l.unbounded(nil) })
	}
	l.stage(set)
	l.duringAll(set, func() {
		if far = l.shortfall(); far == 0 {
			return
		}
		l.work += l.oneTry // to look at all tests
		points := l.unbounded(l.plain)
		e, m := &l.s.env, l.model
		slot := func(i int, v float64) { e.Metrics[i], e.MetricLow[i], e.MetricHigh[i] = v, v, v }
		for i := range m.dims {
			slot(dsl.MetricDimension+i, points[i])
		}
		slot(dsl.MetricScore, points[len(m.dims)])
		far = 1e-9
		for i := range m.disqualify {
			if l.goal.main() {
				far += lack(m.disqualify[i].when, e, false)
			}
		}
		if when := l.s.condition(&l.goal.tiers[l.goal.at]); when != nil {
			far += lack(when, e, true)
		}
	})
	return far
}

// unbounded gives what the dimensions show and the score, without the bounds of
// groups, dimensions and the score, or with those widened to what some points
// are. Groups follow, in the model's order.
func (l *lifter) unbounded(widened []float64) []float64 {
	m, s := l.model, l.s
	points := make([]float64, len(m.dims)+1, len(m.dims)+1+len(s.points))
	bound := func(at int, p, low, high float64) float64 {
		if widened == nil {
			return p
		}
		return min(max(p, min(low, widened[at])), max(high, widened[at]))
	}
	for i := range m.dims {
		d := &m.dims[i]
		sum := 0.0
		if d.contacts != nil {
			sum = s.rollup.points.Add(s.rollup.bonus).Float()
		}
		for g := range d.groups {
			p := bound(len(points), l.groupPromise(&d.groups[g]), d.groups[g].lo.Float(), d.groups[g].hi.Float())
			points = append(points, p)
			sum += p
		}
		for c := range d.scales {
			if s.outs[d.scales[c].index].truth == cond.True {
				sum *= d.scales[c].factor.Float()
			}
		}
		shown := 1.0
		if d.outOf != 0 {
			shown = 100 / d.outOf.Float()
		}
		sum = bound(i, sum*shown, d.lo.Float()*shown, d.hi.Float()*shown)
		points[i] = sum
		switch {
		case d.unscored:
		case m.weighted:
			points[len(m.dims)] += d.weight.Float() * sum
		default:
			points[len(m.dims)] += sum / shown
		}
	}
	points[len(m.dims)] = bound(len(m.dims), points[len(m.dims)], m.lo.Float(), m.hi.Float())
	return points
}

// groupPromise gives what a group earns with what its rules hold in part.
func (l *lifter) groupPromise(g *group) float64 {
	e := &l.s.env
	sum, best, earned := 0.0, 0.0, l.s.outs[g.index:g.index+len(g.rules)]
	for i := range g.rules {
		r := &g.rules[i]
		more := 0.0
		if r.when != nil && r.per == nil {
			whole := (r.points - r.otherwise).Float() * partly
			if share := l.share(r.when, e, maxShare); earned[i].truth == cond.True {
				more = -whole * (1 - share)
			} else {
				more = whole * share
			}
		}
		sum += earned[i].points.Float() + more
		if earned[i].truth != cond.True {
			best = max(best, more)
		}
	}
	if g.kind == "" || g.kind == dsl.SumOf {
		return sum
	}
	p, _ := g.eval(e, l.s, earned)
	return p.Float() + best
}

// maxShare bounds how deep lets are looked into.
const maxShare = 4

// share is the part of a condition that holds.
func (l *lifter) share(n *cond.Node, e *cond.Env, deep int) float64 {
	switch {
	case n.Op == cond.Not:
		return 1 - l.share(n.Args[0], e, deep)
	case n.Op == cond.And || n.Op == cond.Or:
		sum := 0.0
		for _, a := range n.Args {
			sum += l.share(a, e, deep)
		}
		return sum / math.Max(1, float64(len(n.Args)))
	case n.Op == cond.Field && n.Space == cond.Computed && deep > 0:
		return l.share(l.model.lets[n.Slot].Node, e, deep-1)
	case n.Truth(e) == cond.True:
		return 1
	}
	return 0
}
