package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// proven tells that no change that may be proposed reaches the goal, tried or
// not: every set was tried, and the values that were stand for all; or the
// goal's condition cannot hold whatever some fields turn out to be, and
// whatever activities and contacts bring.
func (l *lifter) proven(slots []int) bool {
	if l.exhausted && !l.mayMove() && l.standForAll(slots) {
		return true
	}
	return !l.attainable(slots, math.MaxInt32)
}

// mayMove tells whether changes of activities and contacts may bring anything.
func (l *lifter) mayMove() bool { return len(l.others) > 0 || l.untold }

// attainable tells whether the goal's condition could hold if some fields of
// the staged account could be anything, and so many changes of activities and
// contacts brought anything that the model allows.
func (l *lifter) attainable(slots []int, others int) bool {
	s, e, m := l.s, &l.s.env, l.model
	for _, slot := range slots {
		e.Open[slot] = true
	}
	s.open = true
	l.work += 4 * l.oneTry
	s.conclude()
	if l.mayMove() {
		l.widen()
		l.widenPeople(float64(others))
	}
	l.meter()
	may := !l.goal.main() || !slices.ContainsFunc(m.disqualify, func(d disqualifier) bool {
		return l.settledByFields(d.when) && d.when.Possible(e) == cond.MayBeTrue
	})
	found := false
	for i := 0; i <= l.goal.at && may && !found; i++ {
		when := s.condition(&l.goal.tiers[i])
		found = when == nil || l.mayHold(when)
	}
	l.settle()
	clear(e.OpenLets)
	return found
}

// widen lets what activities and contacts have a say in be anything that the
// model allows.
func (l *lifter) widen() {
	s, m := l.s, l.model
	facts := m.statics()
	wide := make([]bool, len(m.dims))
	for i := range m.dims {
		d, o := &m.dims[i], &s.dims[i]
		whole := d.contacts != nil || slices.ContainsFunc(d.scales, func(c scale) bool { return l.beyondFields(c.when, wide) })
		for g := range d.groups {
			gr := &d.groups[g]
			if !l.groupBeyond(gr, wide) {
				continue
			}
			wide[i] = true
			if slot, _ := gr.openSlot(s.env.Open); slot >= 0 {
				whole = true // it may be counted together with others
				continue
			}
			earned, r := s.points[d.first+g].at, facts.group(gr)
			o.sum.low, o.sum.high = o.sum.low.Add(r.low.Add(-earned)), o.sum.high.Add(r.high.Add(-earned))
		}
		if wide[i] = wide[i] || whole; !wide[i] {
			continue
		}
		d.finish(s, o)
		if whole {
			o.shown.low, o.shown.high = facts.dims[i].low, facts.dims[i].high
			o.points.low, o.points.high = d.lo, d.hi
			if d.outOf == 0 {
				o.points = o.shown
			}
		}
		s.metric(dsl.MetricDimension+i, o.shown)
	}
	s.total = m.total(s.dims)
	s.score = m.publishable(s.total)
	s.metric(dsl.MetricScore, s.score)
	s.grade()
}

// countedPeople are what the rollup counts, which one change of an activity or a
// contact brings up or down by one at most.
var countedPeople = [...]int{dsl.MetricContacts, dsl.MetricEngaged, dsl.MetricSenior}

// widenPeople lets what is counted be anything that so many changes may make
// of it.
func (l *lifter) widenPeople(others float64) {
	for _, slot := range countedPeople {
		if e := &l.s.env; l.model.metered[slot] {
			e.MetricLow[slot], e.MetricHigh[slot] = max(0, e.Metrics[slot]-others), e.Metrics[slot]+others
		}
	}
}

// groupBeyond tells whether a group reads more than fields.
func (l *lifter) groupBeyond(g *group, dims []bool) bool {
	return slices.ContainsFunc(g.rules, func(r rule) bool {
		return r.signal != nil || slices.ContainsFunc([]*cond.Node{r.when, r.of, r.per}, func(n *cond.Node) bool { return n != nil && l.beyondFields(n, dims) })
	})
}

// mayHold tells whether a condition could hold. Activities and contacts may
// turn a test of theirs any way.
func (l *lifter) mayHold(n *cond.Node) bool {
	switch n.Op {
	case cond.And:
		return !slices.ContainsFunc(n.Args, func(a *cond.Node) bool { return !l.mayHold(a) })
	case cond.Or:
		return slices.ContainsFunc(n.Args, l.mayHold)
	}
	if l.mayMove() && l.beyondFields(n, nil) {
		return true
	}
	return n.Possible(&l.s.env).Has(cond.True)
}

// beyondFields tells whether a condition reads activities, or contacts other
// than through the points of dimensions and what is counted; or, given
// dimensions, those and what is counted.
func (l *lifter) beyondFields(n *cond.Node, dims []bool) bool {
	beyond, seen := false, make([]bool, len(l.model.lets))
	var visit func(n *cond.Node)
	visit = func(n *cond.Node) {
		n.Walk(func(n *cond.Node) {
			switch {
			case n.Log != nil, n.Op == cond.Call, n.Op == cond.Foreign:
				beyond = true
			case n.Op == cond.Metric && n.Slot >= dsl.MetricDimension:
				beyond = beyond || dims != nil && dims[n.Slot-dsl.MetricDimension]
			case n.Op == cond.Metric:
				beyond = beyond || n.Slot != dsl.MetricScore && (dims != nil || !slices.Contains(countedPeople[:], n.Slot))
			case n.Op == cond.Grade:
				beyond = beyond || slices.Contains(dims, true)
			case n.Op == cond.Field && n.Space == cond.Computed && !seen[n.Slot]:
				seen[n.Slot] = true
				visit(l.model.lets[n.Slot].Node)
			}
		})
	}
	visit(n)
	return beyond
}

// standForAll tells whether the values of fields that are tried stand for all
// that there are: not where a text or a list is asked for its parts, and not
// where a field is computed with. The ends of a ramp stand for what lies between,
// unless points may be too many, or another ramp of the field falls as it rises.
func (l *lifter) standForAll(slots []int) bool {
	bounded := len(l.ceilings()) > 0
	for _, slot := range slots {
		ramps := 0
		if f := &l.model.fields[slot]; f.typ == cond.Bool || f.allowed != nil && f.typ != cond.List {
			continue
		}
		for _, i := range l.bySlot[slot] {
			p := &l.probes[i]
			of := p.leaf
			if p.rule != nil && p.rule.ramp != nil {
				ramps++
			}
			switch {
			case bounded && ramps > 0, ramps > 1:
				return false
			case p.rule != nil && l.plainly(of, slot) && of != p.rule.per:
				continue
			case p.rule != nil:
				return false
			case of.Op == cond.Missing || of.Op == cond.Empty:
				continue
			case len(of.Args) == 0 || !slices.Contains(plainTests, of.Op):
				return false
			}
			if !l.plainly(of.Args[0], slot) || len(of.Args) > 1 && of.Args[1].Op != cond.Const {
				return false
			}
		}
	}
	return true
}

// plainTests compare a field with constants alone.
var plainTests = []cond.Op{cond.Eq, cond.Ne, cond.Lt, cond.Le, cond.Gt, cond.Ge, cond.Between, cond.OneOf}
