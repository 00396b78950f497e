package cond

import (
	"math"
	"slices"
)

// What values could be where a condition holds. A condition that holds tells
// something of each value that it reads: with seats > 0 the seats are known and
// positive. What is worked out beside it counts for such values alone.

// maxHeld bounds how many values are narrowed at a time, and narrowings how
// often each of them is: a condition of several parts tells more of a value
// that it has told something of. What is left out is wider, and still holds.
const (
	maxHeld    = 4
	narrowings = 2
)

// held are the open values of which a condition that holds tells something.
type held struct {
	list [maxHeld]holding
	n    int
	busy bool // a condition is looked into
	// times tells that times have spans too. As numbers they are exact within
	// two centuries of 1970: enough to look for what holds, not for what scores
	// could be.
	times bool
}

// holding is what one open value could be.
type holding struct {
	space Space
	slot  int
	span  Span
}

// of tells whether a node is the value itself.
func (h *holding) of(n *Node) bool { return n.Op == Field && n.Space == h.space && n.Slot == h.slot }

// span gives what an open value could be.
func (e *Env) span(n *Node) Span {
	for i := range e.held.list[:e.held.n] {
		if h := &e.held.list[i]; h.of(n) {
			return h.span
		}
	}
	if n.Space == Computed && e.LetSpans != nil {
		return e.LetSpans[n.Slot]
	}
	if n.Set != nil {
		return Span{n.Set.Nums[0], n.Set.Nums[len(n.Set.Nums)-1], true, true}
	}
	return anything
}

// OpenLet finds what a let could be, and whether it is open: one that stays
// unknown whatever is learnt is not. Lets that it reads come before it.
func (e *Env) OpenLet(let int, n *Node) {
	if e.OpenLets[let] = n.Varies(e); e.OpenLets[let] {
		e.LetSpans[let] = n.reach(e)
		e.OpenLets[let] = e.LetSpans[let].known
	}
}

// BoundsWhere gives what [Node.Bounds] gives, over the values for which a
// condition holds. Where there are none the node could be neither known nor
// unknown.
func (n *Node) BoundsWhere(when *Node, e *Env) (lo, hi float64, known, unknown bool) {
	s := n.reachWhere(when, True, e)
	return s.lo, s.hi, s.known, s.unknown
}

// reachWhere gives what the node could be where a condition has a truth.
func (n *Node) reachWhere(when *Node, truth Tri, e *Env) Span {
	if e.held.busy || !when.Varies(e) || !n.Varies(e) {
		return n.reach(e)
	}
	was := e.held
	e.held.collect(n, e)
	e.held.collect(when, e) // it may compare one with another
	e.held.busy = true
	some := true
	for range narrowings {
		for i := range e.held.list[:e.held.n] {
			h := &e.held.list[i]
			h.span = when.narrow(e, truth, *h)
			some = some && !h.span.none()
		}
	}
	e.held.busy = false
	var s Span
	if some {
		s = n.reach(e)
	}
	e.held = was
	return s
}

// collect adds the open values that a node reads.
func (l *held) collect(n *Node, e *Env) {
	if n.Op == Field && n.open(e) && l.n < len(l.list) && !slices.ContainsFunc(l.list[:l.n], func(h holding) bool { return h.of(n) }) {
		l.list[l.n] = holding{n.Space, n.Slot, e.span(n)}
		l.n++
	}
	for _, a := range n.Args {
		l.collect(a, e)
	}
}

func (s Span) none() bool { return !s.known && !s.unknown }

// narrow gives what is left of a value where the condition has a truth. Every
// part of the condition is looked at once.
func (n *Node) narrow(e *Env, truth Tri, h holding) Span {
	switch n.Op {
	case Not:
		return n.Args[0].narrow(e, truth.Not(), h)
	case And, Or:
		if (n.Op == And) == (truth == True) {
			for _, a := range n.Args {
				h.span = a.narrow(e, truth, h)
			}
			return h.span
		}
		return h.either(e, truth, n.Args)
	case Else:
		return h.either(e, truth, n.Args)
	case If:
		a, b := n.Args[1].narrow(e, truth, h), n.Args[2].narrow(e, truth, h)
		switch {
		case b.none():
			h.span = a
			return n.Args[0].narrow(e, True, h)
		case a.none():
			h.span = b
			return n.Args[0].narrow(e, False, h)
		}
		return a.union(b)
	case Missing, Empty:
		if h.of(n.Args[0]) {
			// A list that is empty is known.
			known := truth == False || n.Op == Empty && n.Args[0].Type == List
			h.span.known, h.span.unknown = h.span.known && known, h.span.unknown && truth == True
			return h.span
		}
	case Lt, Le, Gt, Ge, Eq, Ne:
		if n.Args[0].Type == Number {
			if x, y := n.Args[0], n.Args[1]; h.stands(x) {
				return h.compared(e, n.Op.as(truth), x, y.reach(e))
			} else if h.stands(y) {
				return h.compared(e, n.Op.Mirrored().as(truth), y, x.reach(e))
			}
		}
	case Between, OneOf:
		if x := n.Args[0]; x.Type == Number && h.stands(x) {
			return h.stood(e, x, func(s Span) Span { return n.among(s, truth) })
		}
	}
	if !n.Possible(e).Has(truth) {
		return Span{}
	}
	h.span.unknown = h.span.unknown && !n.needs(&h)
	return h.span
}

// either gives what is left where one of some conditions has a truth.
func (h holding) either(e *Env, truth Tri, of []*Node) Span {
	var s Span
	for _, a := range of {
		s = s.union(a.narrow(e, truth, h))
	}
	return s
}

// stands tells whether a node is the value, be it with another that stands in
// for it while it is missing.
func (h *holding) stands(n *Node) bool { return h.of(n) || n.Op == Else && h.of(n.Args[0]) }

// stood narrows the value that a node stands for: what is left of it if it is
// known, and whether it may be missing.
func (h holding) stood(e *Env, n *Node, narrow func(Span) Span) Span {
	s := narrow(h.span)
	s.unknown = h.span.unknown && n.Op == Else && narrow(n.Args[1].reach(e)).known
	return s
}

// compared is what is left of the value that a node stands for where it
// compares with something.
func (h holding) compared(e *Env, op Op, n *Node, with Span) Span {
	return h.stood(e, n, func(s Span) Span { return s.compared(op, with) })
}

// as gives the comparison that holds where op has a truth.
func (op Op) as(truth Tri) Op {
	if truth == True {
		return op
	}
	switch op {
	case Lt:
		return Ge
	case Le:
		return Gt
	case Gt:
		return Le
	case Ge:
		return Lt
	case Eq:
		return Ne
	}
	return Eq
}

// compared gives what is left of known numbers that compare with some of t.
func (s Span) compared(op Op, t Span) Span {
	switch op {
	case Lt:
		s.hi = min(s.hi, math.Nextafter(t.hi, math.Inf(-1)))
	case Le:
		s.hi = min(s.hi, t.hi)
	case Gt:
		s.lo = max(s.lo, math.Nextafter(t.lo, math.Inf(1)))
	case Ge:
		s.lo = max(s.lo, t.lo)
	case Eq:
		s.lo, s.hi = max(s.lo, t.lo), min(s.hi, t.hi)
	case Ne:
		if t.lo == t.hi && s.lo == t.lo {
			s.lo = math.Nextafter(s.lo, math.Inf(1))
		}
		if t.lo == t.hi && s.hi == t.hi {
			s.hi = math.Nextafter(s.hi, math.Inf(-1))
		}
	}
	s.known = s.known && t.known && s.lo <= s.hi
	return s
}

// among gives what is left of known numbers for which an interval or a set has
// a truth.
func (n *Node) among(s Span, truth Tri) Span {
	at := func(v float64) Span { return Span{v, v, true, false} }
	if n.Op == OneOf {
		if truth == True {
			var some Span
			for _, v := range n.Set.Nums {
				some = some.union(s.compared(Eq, at(v)))
			}
			return some
		}
		s.known = s.known && !(s.lo == s.hi && n.Set.HasNum(s.lo))
		return s
	}
	from, to := Ge, Le
	if n.Lo.Open {
		from = Gt
	}
	if n.Hi.Open {
		to = Lt
	}
	if truth == True {
		if !n.Lo.Unbounded {
			s = s.compared(from, at(n.Lo.Num))
		}
		if !n.Hi.Unbounded {
			s = s.compared(to, at(n.Hi.Num))
		}
		return s
	}
	var outside Span
	if !n.Lo.Unbounded {
		outside = s.compared(from.as(False), at(n.Lo.Num))
	}
	if !n.Hi.Unbounded {
		outside = outside.union(s.compared(to.as(False), at(n.Hi.Num)))
	}
	return outside
}

// needs tells whether the node is certainly unknown while a value is missing.
func (n *Node) needs(h *holding) bool {
	switch n.Op {
	case Field:
		return h.of(n)
	case If, Not:
		return n.Args[0].needs(h)
	case Else:
		return n.Args[0].needs(h) && n.Args[1].needs(h)
	case And, Or, Missing, Empty, Foreign:
		return false
	}
	return slices.ContainsFunc(n.Args, func(a *Node) bool { return a.needs(h) })
}
