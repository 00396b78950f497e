package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// decisions takes over what the model decides besides the score, and its
// scales, and tells whether it could.
func (b *quickBuilder) decisions() bool {
	m, q := b.m, b.q
	if len(m.grades) > quickGradings {
		return false
	}
	for i := range m.grades {
		if len(m.grades[i].src.Steps) > quickLetters {
			return false
		}
		q.gradings = append(q.gradings, newQuickGrading(&m.grades[i]))
	}
	for i := range m.disqualify {
		when, ok := b.condition(m.disqualify[i].when)
		if !ok {
			return false
		}
		q.rulings = append(q.rulings, quickRuling{when, m.disqualify[i].reason})
	}
	var ok bool
	if q.tiers, ok = b.climbing(m.tiers); !ok {
		return false
	}
	for i := range m.ladders {
		tiers, ok := b.climbing(m.ladders[i].tiers)
		if !ok {
			return false
		}
		q.ladders = append(q.ladders, quickLadder{m.ladders[i].name, tiers})
	}
	b.scales = make([][]quickScale, len(m.dims))
	for i := range m.dims {
		for j := range m.dims[i].scales {
			s := &m.dims[i].scales[j]
			when, ok := b.condition(s.when)
			if !ok {
				return false
			}
			b.scales[i] = append(b.scales[i], quickScale{s, when})
		}
	}
	q.judges = q.judges || q.held || len(q.gradings)+len(q.rulings)+len(q.ladders) > 0
	return true
}

// climbing takes over the tiers of a ladder.
func (b *quickBuilder) climbing(tiers []tier) ([]quickTier, bool) {
	var out []quickTier
	for i := range tiers {
		t := quickTier{name: tiers[i].name}
		if tiers[i].when != nil && !b.when(&t.quickWhen, tiers[i].when) {
			return nil, false
		}
		if tiers[i].held != nil {
			b.q.held, t.held = true, &quickWhen{}
			if !b.when(t.held, tiers[i].held) {
				return nil, false
			}
		}
		b.q.judges = b.q.judges || len(t.rest) > 0
		out = append(out, t)
	}
	return out, true
}

// when adds what a condition asks for, and tells whether it could.
func (b *quickBuilder) when(w *quickWhen, n *cond.Node) bool {
	list, ok := scoreBounds(w.bounds, n)
	switch {
	case ok:
		w.bounds = list
		return true
	case n.Op == cond.And && b.p.inquiry(n) < 0:
		return !slices.ContainsFunc(n.Args, func(a *cond.Node) bool { return !b.when(w, a) })
	}
	c, ok := b.condition(n)
	w.rest = append(w.rest, c)
	return ok
}

// condition makes a condition, and tells whether it could.
func (b *quickBuilder) condition(n *cond.Node) (quickCond, bool) {
	if i := b.p.inquiry(n); i >= 0 {
		return quickCond{op: quickAsk, inquiry: i}, true
	}
	if list, ok := scoreBounds(nil, n); ok {
		return quickCond{op: quickAll, when: quickWhen{bounds: list}}, true
	}
	if c, ok := b.tree(n); ok {
		return c, true
	}
	switch n.Op {
	case cond.And:
		c := quickCond{op: quickAll}
		return c, b.when(&c.when, n)
	case cond.Or, cond.Not:
		c := quickCond{op: quickAny}
		if n.Op == cond.Not {
			c.op = quickNot
		}
		for _, a := range n.Args {
			arg, ok := b.condition(a)
			if !ok {
				return c, false
			}
			c.args = append(c.args, arg)
		}
		return c, true
	case cond.Ne:
		equal := *n
		equal.Op = cond.Eq
		c, ok := b.condition(&equal)
		return quickCond{op: quickNot, args: []quickCond{c}}, ok
	case cond.Eq, cond.OneOf:
		return b.graded(n)
	}
	return quickCond{}, false
}

// graded makes a condition on one grade of its truth for every letter.
func (b *quickBuilder) graded(n *cond.Node) (quickCond, bool) {
	c := quickCond{op: quickGrade, grade: -1}
	for _, a := range n.Args {
		switch {
		case a.Op == cond.Grade && c.grade < 0:
			c.grade = a.Slot
		case a.Op != cond.Const:
			return c, false
		}
	}
	if c.grade < 0 {
		return c, false
	}
	names := b.m.joined
	if c.grade > 0 {
		g := &b.m.grades[c.grade-1]
		names = nil
		for place := range len(g.src.Steps) + 1 {
			names = append(names, g.name(place))
		}
	}
	e := cond.Env{Grades: make([]string, 1+len(b.m.grades))}
	for _, name := range names {
		e.Grades[c.grade] = name
		c.letters = append(c.letters, n.Truth(&e) == cond.True)
	}
	return c, true
}

// newQuickGrading finds the probes of a grading: the points at its cuts and
// beside them, but for those between two of the same letter.
func newQuickGrading(g *grading) quickGrading {
	points := g.turns()
	q := quickGrading{grading: g}
	for i, p := range points {
		place := g.letter(p)
		if i > 0 && i+1 < len(points) && g.letter(points[i-1]) == place && g.letter(points[i+1]) == place {
			continue
		}
		q.probes = append(q.probes, quickProbe{p.Float(), place})
	}
	return q
}

// gradable tells whether floats hold exactly what the graded dimensions show.
func (b *quickBuilder) gradable() bool {
	for i := range b.m.grades {
		d := &b.q.dims[b.m.grades[i].dim]
		most := max(math.Abs(float64(d.sum(0))), math.Abs(float64(d.sum(d.last))))
		for i := range b.q.trees {
			most += float64(maxRulePoints) * float64(len(b.q.trees[i].rules))
		}
		for _, s := range d.scales {
			most *= max(1, math.Abs(s.factor.Float()))
		}
		if most > maxInteger {
			return false
		}
	}
	return true
}
