package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// noted is a move of which it is noted what else does.
type noted struct {
	mv   *move
	open bool // of texts or items without end
	span cond.Stretch
}

// note keeps what else does of a move, for those that come after it.
func (l *lifter) note(mv *move, r *rowRange) {
	c := &mv.change
	if mv.slot < 0 {
		return
	}
	n := noted{mv: mv, open: mv.axis == nil && c.other()}
	if r != nil {
		n.span = cond.Stretch{Slot: mv.slot, Lo: r.known[0], Hi: r.known[1]}
	}
	l.noted = append(l.noted, n)
}

// beside gives the numbers noted before that the model asks about together with
// the field of a move. It gives false where it asks so about texts without end,
// or about more than can be looked at.
func (l *lifter) beside(mv *move) (spans []cond.Stretch, ok bool) {
	for _, n := range l.noted {
		together := slices.ContainsFunc(l.bySlot[mv.slot], func(i int) bool { return slices.Contains(l.probes[i].slots, n.mv.slot) })
		switch {
		case !together:
		case n.open:
			return nil, false
		case n.span.Lo < n.span.Hi:
			spans = append(spans, n.span)
		}
	}
	return spans, len(spans) < cond.MaxStretches
}

// standing makes the moves of a set that are in the account's fields while
// something is asked that needs no score.
func (l *lifter) standing(set []*move, ask func()) {
	slots := l.s.env.Accounts
	for _, mv := range set {
		if mv.slot >= 0 {
			slots[mv.slot] = mv.value
		}
	}
	l.lookAgain()
	ask()
	for _, mv := range set {
		if mv.slot >= 0 {
			slots[mv.slot] = l.own[mv.slot]
		}
	}
	l.lookAgain()
}

// steady prepares to tell, of the numbers or times between two that do, whether
// all of them do: what the model computes with them turns nowhere between, be
// the numbers noted before what they may. It gives nil where that cannot be told
// of any.
func (l *lifter) steady(set []*move, mv *move) func(low, high float64) bool {
	spans, ok := l.beside(mv)
	if !ok {
		return nil
	}
	curved := l.cutsOf(mv.slot).curved
	var rates []*probe
	for _, i := range l.bySlot[mv.slot] {
		if p := &l.probes[i]; p.rule != nil && (p.rule.ramp != nil || p.leaf == p.rule.per) {
			rates = append(rates, p)
		}
	}
	f := &l.model.fields[mv.slot]
	return func(low, high float64) (all bool) {
		if f.beside(low, 1) >= high || len(curved)+len(rates) == 0 {
			return true
		}
		box := append([]cond.Stretch{{Slot: mv.slot, Lo: low, Hi: high}}, spans...)
		l.standing(set, func() {
			all = !slices.ContainsFunc(curved, func(n *cond.Node) bool { return !l.settled(n, box, f) }) && l.oneWay(rates, box, f)
		})
		if all && len(rates) > 0 {
			ends := [...]stand{{mv: mv, slot: f.slotAt(low)}, {mv: mv, slot: f.slotAt(high)}}
			all = l.bridges(set, ends[:])
		}
		return all
	}
}

// steadyBeside tells whether what the model asks of a move together with numbers
// noted before is the same for all of these.
func (l *lifter) steadyBeside(set []*move, mv *move) (all bool) {
	spans, ok := l.beside(mv)
	if len(spans) == 0 || !ok {
		return ok
	}
	f := &l.model.fields[spans[0].Slot]
	l.standing(set, func() {
		all = true
		for _, i := range l.bySlot[mv.slot] {
			p := &l.probes[i]
			if !slices.ContainsFunc(spans, func(s cond.Stretch) bool { return slices.Contains(p.slots, s.Slot) }) {
				continue
			}
			all = all && p.rule == nil && l.settled(p.leaf, spans, f)
		}
	})
	return all
}

// bridges tells whether the goal is reached by all points between those that a
// set comes to at some stands of a move, and at every corner of what is noted of
// the others: "score >= 40 or score < 20" is not.
func (l *lifter) bridges(set []*move, ends []stand) (all bool) {
	e, s := &l.s.env, l.s
	metrics, dims := make([][2]float64, len(e.Metrics)), make([]span, len(s.dims))
	first := true
	see := func() {
		for slot, v := range e.Metrics {
			if m := &metrics[slot]; first {
				*m = [2]float64{v, v}
			} else {
				*m = [2]float64{min(m[0], v), max(m[1], v)}
			}
		}
		for i := range s.dims {
			if p, d := s.dims[i].shown.at, &dims[i]; first {
				*d = certain(p)
			} else {
				*d = span{p, min(d.low, p), max(d.high, p)}
			}
		}
		first = false
	}
	for _, end := range ends {
		was := l.swap(end)
		l.atCorners(set, func() {
			l.stage(set)
			l.during(set, see)
		})
		l.swap(was)
	}
	l.stage(set)
	l.during(set, func() {
		for slot, m := range metrics {
			e.Metrics[slot], e.MetricLow[slot], e.MetricHigh[slot] = m[0], m[0], m[1]
		}
		if l.graded {
			for i := range dims {
				s.dims[i].shown = dims[i]
			}
			s.grade()
		}
		for i := range l.goal.at + 1 {
			when := s.condition(&l.goal.tiers[i])
			all = all || when == nil || when.Possible(e) == cond.MayBeTrue
		}
	})
	return all
}

// maxSplits bounds into how many parts a stretch is split to settle one test.
const maxSplits = 400

// settled tells whether a test has one truth over all of a box of stretches. The
// first of them, of a field, is split where it is too long to tell.
func (l *lifter) settled(n *cond.Node, box []cond.Stretch, f *field) bool {
	if n.Type != cond.Bool || readsScores(n) {
		return false
	}
	cost := nodeWork(n, 1)
	over := func(low, high float64) (out cond.Outcomes) {
		part := slices.Clone(box)
		part[0].Lo, part[0].Hi = low, high
		l.work += cost
		l.over(part, func() { out = n.Possible(&l.s.env) })
		return out
	}
	return l.oneTruth(box[0].Lo, box[0].Hi, f, over)
}

// oneTruth tells the same of a test, given what it may come to over a stretch of
// a field.
func (l *lifter) oneTruth(least, most float64, f *field, over func(low, high float64) cond.Outcomes) bool {
	first := over(least, least)
	if !first.Certain() {
		return false
	}
	left := [][2]float64{{least, most}}
	for range maxSplits {
		if len(left) == 0 {
			return true
		}
		if !l.spend(0) {
			return false
		}
		low, high := left[len(left)-1][0], left[len(left)-1][1]
		left = left[:len(left)-1]
		out := over(low, high)
		if out == first {
			continue
		}
		mid := f.middle(low, high)
		if out.Certain() || low == high {
			return false
		}
		if mid <= low || mid >= high {
			left = append(left, [2]float64{low, low}, [2]float64{high, high})
			continue
		}
		left = append(left, [2]float64{mid, high}, [2]float64{low, mid})
	}
	return false
}

// over asks with some fields over stretches.
func (l *lifter) over(list []cond.Stretch, ask func()) {
	e := &l.s.env
	e.Over(list, func() {
		l.work += l.letWork
		for i := range l.model.lets {
			if l.model.lets[i].read {
				e.OpenLet(i, l.model.lets[i].Node)
			}
		}
		ask()
	})
}

// readsScores tells whether a test reads what comes of a scoring.
func readsScores(n *cond.Node) bool {
	found := false
	n.Walk(func(n *cond.Node) { found = found || n.Op == cond.Metric || n.Op == cond.Grade })
	return found
}

// middle gives a value between two of a field, of numbers by their size.
func (f *field) middle(low, high float64) float64 {
	const small = 1e-9
	switch {
	case f.typ == cond.Time:
		return math.Floor(low + (high-low)/2)
	case low < 0 && high > 0:
		return 0
	case low >= 0 && high > 4*max(low, small):
		return math.Sqrt(max(low, small) * high)
	case high <= 0 && low < 4*min(high, -small):
		return -math.Sqrt(min(high, -small) * low)
	}
	return low + (high-low)/2
}

// oneWay tells whether all points that go on with a number go up, or all of them
// down, over the first stretch of a box, never beyond what they are at its ends.
func (l *lifter) oneWay(rates []*probe, box []cond.Stretch, f *field) bool {
	e, slot := &l.s.env, box[0].Slot
	was := e.Accounts[slot]
	at := func(p *probe, v float64) (leaf, points float64, ok bool) {
		e.Accounts[slot] = f.slotAt(v)
		l.lookAgain()
		l.work += p.work
		leaf, ok = p.leaf.Number(e)
		_, earned := p.rule.eval(e, l.s)
		e.Accounts[slot] = was
		l.lookAgain()
		return leaf, earned.Float(), ok
	}
	up, down := false, false
	for _, p := range rates {
		a, least, known := at(p, box[0].Lo)
		b, most, stays := at(p, box[0].Hi)
		if known != stays {
			return false
		}
		if !l.plainly(p.leaf, slot) {
			if slices.ContainsFunc(box[1:], func(s cond.Stretch) bool { return slices.Contains(p.slots, s.Slot) }) {
				return false
			}
			within := false
			l.over(box[:1], func() {
				low, high, may, mayNot := p.leaf.Bounds(e)
				within = may == known && mayNot != known && (!known || low >= min(a, b) && high <= max(a, b))
			})
			if !within {
				return false
			}
		}
		up, down = up || most > least, down || most < least
	}
	return !up || !down
}
