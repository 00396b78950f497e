package accountscore

import (
	"cmp"
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// ceiling is a test of a goal that points fail by being too high.
type ceiling struct {
	test   *cond.Node
	wanted bool // it has to hold, or not to
}

// ceilings lists those of the goal. Where there are some, a change may be too
// little by one of its ways and too much by the next: see [finder.between].
func (l *lifter) ceilings() []ceiling {
	var list []ceiling
	var visit func(n *cond.Node, wanted bool)
	visit = func(n *cond.Node, wanted bool) {
		switch n.Op {
		case cond.Not:
			visit(n.Args[0], !wanted)
		case cond.And, cond.Or:
			for _, a := range n.Args {
				visit(a, wanted)
			}
		case cond.Eq, cond.Ne, cond.Lt, cond.Le, cond.Gt, cond.Ge, cond.Between:
			if c := (ceiling{n, wanted}); n.Args[0].Type == cond.Number && slices.ContainsFunc(n.Args, readsPoints) && c.bounds() {
				list = append(list, c)
			}
		}
	}
	if when := l.s.condition(&l.goal.tiers[l.goal.at]); when != nil {
		visit(when, true)
	}
	return list
}

// readsPoints tells whether an operand is made of points, or of what contacts
// come to.
func readsPoints(n *cond.Node) bool {
	found := false
	n.Walk(func(n *cond.Node) { found = found || n.Op == cond.Metric })
	return found
}

// bounds tells whether the test bounds points from above: not where more of
// them always does.
func (c *ceiling) bounds() bool {
	first := readsPoints(c.test.Args[0])
	switch c.test.Op {
	case cond.Between, cond.Eq:
		return c.wanted
	case cond.Ne:
		return !c.wanted
	case cond.Lt, cond.Le:
		return c.wanted == first
	}
	return c.wanted != first
}

// over tells whether points are beyond it.
func (c *ceiling) over(e *cond.Env) bool {
	n := c.test
	if t := n.Truth(e); t == cond.Unknown || (t == cond.True) == c.wanted {
		return false
	}
	a, _ := n.Args[0].Number(e)
	switch n.Op {
	case cond.Between:
		return !n.Hi.Unbounded && a >= n.Hi.Num
	case cond.Eq, cond.Ne:
		b, _ := n.Args[1].Number(e)
		return a > b == readsPoints(n.Args[0])
	}
	return true
}

// between gives sets in which one move is brought between the way before it and
// its own, as far as no ceiling is passed; or to where the set reaches. A number
// is on either side. Only moves of fields are, or only the others.
func (f *finder) between(set []*move, fields bool) [][]*move {
	var list [][]*move
	for i, mv := range set {
		if len(f.ceilings) == 0 || (mv.slot >= 0) != fields {
			continue
		}
		for _, s := range f.spans(mv) {
			if m := f.highest(set, i, s); m != nil {
				with := slices.Clone(set)
				with[i] = m
				list = append(list, with)
				if mv.axis == nil {
					break // the spans are of one thing, the best first
				}
			}
		}
	}
	return list
}

// passed tells whether what was scored last is beyond a ceiling.
func (f *finder) passed() bool {
	return slices.ContainsFunc(f.ceilings, func(c ceiling) bool { return c.over(&f.s.env) })
}

// moveSpan is what lies between two ways of a change.
type moveSpan struct {
	low, high, unit float64
	whole           bool // it has no values within a unit
	at              func(v float64) *move
}

// thousandths is how finely a unit is divided, where it has to be.
const thousandths = 1_000

// highest gives the move of a span that passes no ceiling, next to those that
// do, or one with which the set reaches; nil where all or none pass one.
func (f *finder) highest(set []*move, i int, s moveSpan) *move {
	with := slices.Clone(set)
	var reached *move
	over := func(v float64) bool {
		with[i] = s.at(v)
		f.stage(with)
		passed := false
		f.during(with, func() {
			if f.reached() {
				reached = with[i]
				return
			}
			passed = f.passed()
		})
		return passed
	}
	up := over(s.high)
	same := over(s.low) == up
	low, high := s.low, s.high
	for _, parts := range [...]float64{1, thousandths} {
		for reached == nil && !same && f.spend(0) {
			at := math.Floor((low + (high-low)/2) / s.unit * parts)
			mid := at / parts * s.unit
			if mid <= low {
				mid = (at + 1) / parts * s.unit
			}
			if mid <= low || mid >= high {
				break
			}
			if over(mid) == up {
				high = mid
			} else {
				low = mid
			}
		}
		if s.whole {
			break
		}
	}
	switch {
	case reached != nil:
		return reached
	case same:
		return nil
	}
	if up {
		return s.at(low)
	}
	return s.at(high)
}

// spans gives what lies between the way of a lever before a move and the move
// itself: numbers and times of a field, times of an activity, what a contact
// scores.
func (f *finder) spans(mv *move) []moveSpan {
	switch c := &mv.change; {
	case mv.axis != nil:
		return f.rowSpans(mv)
	case c.Kind == ChangeRepeat:
		if was := f.before(mv); was != nil {
			return []moveSpan{{float64(was.change.Count), float64(c.Count), 1, true, func(v float64) *move {
				m := *mv
				m.effects = nil
				m.change.Count = int(v)
				m.change.Effort = m.change.effort()
				return &m
			}}}
		}
	case mv.worth != nil:
		return mv.worth.spans(mv)
	case c.Kind == ChangeFill && c.To.Kind == dsl.NumberValue && mv.slot < 0:
		return []moveSpan{{f.numberBefore(mv), c.To.Number, 1, false, mv.filledWith}}
	}
	return nil
}

// rowSpans gives what lies between a number or a time and the next lower one of
// its field that is tried or that the account has; and up to what the account
// has, where that is the next higher one.
func (f *finder) rowSpans(mv *move) []moveSpan {
	of, own := &f.model.fields[mv.slot], &f.own[mv.slot]
	v := of.rowValue(&mv.value)
	low, high := math.Inf(-1), math.Inf(1)
	next := func(value *cond.Slot) {
		switch at := of.rowValue(value); {
		case at < v:
			low = max(low, at)
		case at > v:
			high = min(high, at)
		}
	}
	for _, other := range f.leverOf(mv).moves {
		next(&other.value)
	}
	if usable(own) {
		next(own)
	}
	span := func(low, high float64) moveSpan {
		return moveSpan{low, high, mv.axis.unit, of.typ == cond.Time, func(v float64) *move {
			m := *mv
			m.effects = nil
			m.value, m.change.To = of.slotAt(v), of.literal(v)
			m.change.Effort = m.change.effort()
			return &m
		}}
	}
	var list []moveSpan
	if !math.IsInf(low, 0) {
		list = append(list, span(low, v))
	}
	if usable(own) && high == of.rowValue(own) {
		list = append(list, span(v, high)) // what the account has is no move
	}
	return list
}

// before gives the way of a lever before a move, nil for the first.
func (f *finder) before(mv *move) *move {
	lv := f.leverOf(mv)
	if i := slices.IndexFunc(lv.moves, func(m *move) bool { return m.id == mv.id }); i > 0 {
		return lv.moves[i-1]
	}
	return nil
}

func (l *lifter) leverOf(mv *move) *lever {
	if mv.lever < len(l.fields) {
		return &l.fields[mv.lever]
	}
	return &l.others[mv.lever-len(l.fields)]
}

// numberBefore gives the next smaller number that is tried of a contact's field.
func (l *lifter) numberBefore(mv *move) float64 {
	low := 0.0
	for _, other := range l.leverOf(mv).moves {
		if v := other.change.To.Number; v < mv.change.To.Number {
			low = max(low, v)
		}
	}
	return low
}

// filledWith gives the move with another number of a contact's field.
func (mv *move) filledWith(v float64) *move {
	m := *mv
	m.effects = nil
	m.change.To.Number = v
	first := func(c choice) bool { return c.to.Number >= v }
	m.choices = slices.Clone(mv.choices)
	slices.SortStableFunc(m.choices, func(a, b choice) int { return cmp.Compare(a.to.Number, b.to.Number) })
	if m.place = slices.IndexFunc(m.choices, first); m.place < 0 {
		m.place = len(m.choices)
	}
	m.choices = slices.Insert(m.choices, m.place, choice{to: m.change.To})
	return &m
}

// spans gives what lies between a contact who is just engaged and one who
// scores most: by the numbers that the score is made of, or else by how often
// the contact has done its activities, the last first.
func (w *worth) spans(mv *move) []moveSpan {
	if mv.change.Score <= w.least.Score {
		return nil
	}
	to := func(c Change) *move {
		m := *mv
		m.effects = nil
		m.change = w.weighed(c)
		return &m
	}
	var list []moveSpan
	if high, set := w.numberOf(&mv.change); set {
		low, _ := w.numberOf(&w.least)
		for _, base := range [...]Change{w.least, mv.change} {
			list = append(list, moveSpan{low, high, 1, false, func(v float64) *move { return to(w.with(base, v)) }})
		}
	}
	for last := len(mv.change.Did) - 1; last >= 0; last-- {
		list = append(list, moveSpan{0, float64(mv.change.Did[last].Count), 1, true, func(v float64) *move {
			c := mv.change
			c.Did = slices.Clone(c.Did[:last])
			if v > 0 {
				deed := mv.change.Did[last]
				deed.Count = int(v)
				c.Did = append(c.Did, deed)
			}
			return to(c)
		}})
	}
	return list
}
