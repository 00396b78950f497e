package cond

import (
	"math"
	"math/bits"
	"slices"
)

// Outcomes is a set of truths.
type Outcomes uint8

// The members of Outcomes.
const (
	MayBeUnknown Outcomes = 1 << Unknown
	MayBeFalse   Outcomes = 1 << False
	MayBeTrue    Outcomes = 1 << True
)

// Has tells whether t is among the outcomes.
func (o Outcomes) Has(t Tri) bool { return o&(1<<t) != 0 }

// Certain tells whether there is one truth alone.
func (o Outcomes) Certain() bool { return bits.OnesCount8(uint8(o)) == 1 }

// Walk visits every node of the tree, those of log filters included, parents
// first. A shared node is visited once for each place that it stands in.
func (n *Node) Walk(visit func(*Node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, a := range n.Args {
		a.Walk(visit)
	}
	if n.Log != nil {
		n.Log.Where.Walk(visit)
	}
}

// Size counts the parts that an evaluation of the node may look at, filters
// of activities included: one that several others ask counts for each of
// them. It stops counting beyond most.
func (n *Node) Size(most int) int { return n.size(most, map[*Node]int{}) }

func (n *Node) size(most int, known map[*Node]int) int {
	if n == nil {
		return 0
	}
	if size, ok := known[n]; ok {
		return size
	}
	size := 1
	for _, a := range n.Args {
		size = min(size+a.size(most, known), most+1)
	}
	if n.Log != nil {
		size = min(size+n.Log.Where.size(most, known), most+1)
	}
	known[n] = size
	return size
}

// Varies tells whether the node's value depends on anything that e leaves
// open.
func (n *Node) Varies(e *Env) bool {
	switch n.Op {
	case Field:
		return n.open(e)
	case Metric:
		return e.MetricLow != nil && e.MetricLow[n.Slot] != e.MetricHigh[n.Slot]
	case Grade:
		return e.GradeSets != nil && len(e.GradeSets[n.Slot]) > 1
	}
	return slices.ContainsFunc(n.Args, func(a *Node) bool { return a.Varies(e) })
}

func (n *Node) open(e *Env) bool {
	switch n.Space {
	case Account:
		return e.Open != nil && e.Open[n.Slot]
	case Contact:
		return e.held.times && slices.ContainsFunc(e.held.list[:e.held.n], func(h holding) bool { return h.of(n) })
	case Computed:
		return e.OpenLets != nil && e.OpenLets[n.Slot]
	}
	return false
}

// Possible gives every truth that a Bool node could have, whatever e leaves
// open turns out to be, staying missing included. Each open value is taken by
// itself wherever it is read, so the set may be larger than it need be, and
// is never too small.
func (n *Node) Possible(e *Env) Outcomes {
	if !n.Varies(e) {
		return 1 << n.Truth(e)
	}
	switch n.Op {
	case Foreign:
		return MayBeTrue | MayBeFalse | MayBeUnknown
	case Field:
		return e.span(n).truths()
	case And, Or:
		out := n.Args[0].Possible(e)
		for _, a := range n.Args[1:] {
			out = Combine(n.Op, out, a.Possible(e))
		}
		return out
	case Not:
		return n.Args[0].Possible(e).Not()
	case If:
		return n.eachBranch(e, (*Node).Possible)
	case Else:
		out := n.Args[0].Possible(e)
		if out.Has(Unknown) {
			out = out&^MayBeUnknown | n.Args[1].Possible(e)
		}
		return out
	case Missing:
		return n.Args[0].reach(e).missing()
	case Empty:
		s := n.Args[0].reach(e)
		out := s.missing()
		if n.Args[0].Type == List && s.known {
			out |= MayBeTrue | MayBeFalse
		}
		return out
	}
	out := Outcomes(0)
	known := true
	// Each argument is looked at once: twice a level would be exponential.
	var spans [2]Span
	for i, a := range n.Args {
		s := a.reach(e)
		if i < len(spans) {
			spans[i] = s
		}
		known = known && s.known
		if s.unknown {
			out |= MayBeUnknown
		}
	}
	if !known {
		return MayBeUnknown
	}
	return out | n.tests(e, spans[0], spans[1])
}

// tests gives the truths of a test whose arguments are all known and reach
// over a and b.
func (n *Node) tests(e *Env, a, b Span) Outcomes {
	either := MayBeTrue | MayBeFalse
	switch n.Op {
	case VM, Call:
		return either | MayBeUnknown
	case Ne:
		return n.equals(e, a, b).Not()
	case Eq:
		return n.equals(e, a, b)
	case Lt, Le, Gt, Ge:
		if n.Args[0].Type != Number && !e.held.times {
			return either
		}
		out := Outcomes(0)
		// The extremes of two spans decide whether an order can hold and
		// whether its contrary can.
		if ordered(n.Op, a.lo, b.hi) || ordered(n.Op, a.hi, b.lo) {
			out |= MayBeTrue
		}
		if !ordered(n.Op, a.lo, b.hi) || !ordered(n.Op, a.hi, b.lo) {
			out |= MayBeFalse
		}
		return out
	case Between:
		if n.Args[0].Type != Number && !e.held.times {
			return either
		}
		s, low, high := a, n.Lo.Num, n.Hi.Num
		if n.Args[0].Type == Time {
			low, high = float64(n.Lo.Time), float64(n.Hi.Time)
		}
		in := func(f float64) bool { return inside(f, low, high, n.Lo, n.Hi) }
		out := Outcomes(0)
		below := !n.Lo.Unbounded && (s.hi < low || s.hi == low && n.Lo.Open)
		above := !n.Hi.Unbounded && (s.lo > high || s.lo == high && n.Hi.Open)
		if !below && !above {
			out |= MayBeTrue
		}
		if !in(s.lo) || !in(s.hi) {
			out |= MayBeFalse
		}
		return out
	case OneOf:
		if n.Args[0].Type == Number {
			s := a
			out := MayBeFalse
			if s.lo == s.hi && n.Set.HasNum(s.lo) {
				out = 0
			}
			if slices.ContainsFunc(n.Set.Nums, func(f float64) bool { return s.lo <= f && f <= s.hi }) {
				out |= MayBeTrue
			}
			return out
		}
		return each(n.Args[0].texts(e), n.Set.HasText)
	}
	return either
}

// equals gives the truths of an Eq whose arguments are known.
func (n *Node) equals(e *Env, a, b Span) Outcomes {
	x, y := n.Args[0], n.Args[1]
	switch x.Type {
	case Number:
		out := Outcomes(0)
		if a.lo <= b.hi && b.lo <= a.hi {
			out |= MayBeTrue
		}
		if !(a.lo == a.hi && b.lo == b.hi && a.lo == b.lo) {
			out |= MayBeFalse
		}
		return out
	case Text:
		if s, ok := y.String(e); ok && !y.Varies(e) {
			return each(x.texts(e), func(t string) bool { return equalText(t, s, n.Fold) })
		}
		if s, ok := x.String(e); ok && !x.Varies(e) {
			return each(y.texts(e), func(t string) bool { return equalText(t, s, n.Fold) })
		}
	}
	return MayBeTrue | MayBeFalse
}

// texts gives the finite set of texts that a node could be, nil where there is
// none.
func (n *Node) texts(e *Env) []string {
	if n.Op == Grade && e.GradeSets != nil {
		return e.GradeSets[n.Slot]
	}
	return nil
}

// each gives the truths of a test over a finite set of texts, or both where
// the set is not known.
func each(texts []string, test func(string) bool) Outcomes {
	if texts == nil {
		return MayBeTrue | MayBeFalse
	}
	out := Outcomes(0)
	for _, t := range texts {
		out |= 1 << Of(test(t))
	}
	return out
}

func (o Outcomes) Not() Outcomes {
	out := o & MayBeUnknown
	if o.Has(True) {
		out |= MayBeFalse
	}
	if o.Has(False) {
		out |= MayBeTrue
	}
	return out
}

// Combine joins the outcomes of two independent conditions.
func Combine(op Op, a, b Outcomes) Outcomes {
	if op == Or {
		return Combine(And, a.Not(), b.Not()).Not()
	}
	out := (a | b) & MayBeFalse
	if a.Has(True) && b.Has(True) {
		out |= MayBeTrue
	}
	if a.Has(Unknown) && b&^MayBeFalse != 0 || b.Has(Unknown) && a&^MayBeFalse != 0 {
		out |= MayBeUnknown
	}
	return out
}

// eachBranch joins what the branches give that an If could take.
func (n *Node) eachBranch(e *Env, of func(*Node, *Env) Outcomes) Outcomes {
	test := n.Args[0].Possible(e)
	out := test & MayBeUnknown
	if test.Has(True) {
		out |= of(n.Args[1], e)
	}
	if test.Has(False) {
		out |= of(n.Args[2], e)
	}
	return out
}

// Span is what a node's value could be: between Lo and Hi if it is a number,
// and whether it could be known and unknown.
type Span struct {
	lo, hi         float64
	known, unknown bool
}

// Bounds gives the least and the most that a Number node could be, and
// whether it could be known and unknown. Where it could not be known the
// bounds mean nothing.
func (n *Node) Bounds(e *Env) (lo, hi float64, known, unknown bool) {
	s := n.reach(e)
	return s.lo, s.hi, s.known, s.unknown
}

func (s Span) unbounded() bool { return math.IsInf(s.lo, 0) || math.IsInf(s.hi, 0) }

func (s Span) missing() Outcomes {
	out := Outcomes(0)
	if s.known {
		out |= MayBeFalse
	}
	if s.unknown {
		out |= MayBeTrue
	}
	return out
}

// truths gives what a Bool with the span could be.
func (s Span) truths() Outcomes {
	out := Outcomes(0)
	if s.known {
		out |= MayBeTrue | MayBeFalse
	}
	if s.unknown {
		out |= MayBeUnknown
	}
	return out
}

// union joins two spans; what can't be known adds no bounds.
func (s Span) union(t Span) Span {
	u := Span{known: s.known || t.known, unknown: s.unknown || t.unknown}
	switch {
	case s.known && t.known:
		u.lo, u.hi = min(s.lo, t.lo), max(s.hi, t.hi)
	case s.known:
		u.lo, u.hi = s.lo, s.hi
	default:
		u.lo, u.hi = t.lo, t.hi
	}
	return u
}

func (n *Node) reach(e *Env) Span {
	if n.Type == Bool {
		o := n.Possible(e)
		return Span{known: o&^MayBeUnknown != 0, unknown: o.Has(Unknown)}
	}
	if !n.Varies(e) {
		if n.Type == Time {
			t, ok := n.Instant(e)
			return Span{float64(t), float64(t), ok, !ok}
		}
		if n.Type != Number {
			ok := n.known(e)
			return Span{known: ok, unknown: !ok}
		}
		f, ok := n.Number(e)
		return Span{f, f, ok, !ok}
	}
	switch n.Op {
	case Field:
		return e.span(n)
	case Metric:
		return Span{e.MetricLow[n.Slot], e.MetricHigh[n.Slot], true, false}
	case Grade:
		return Span{known: true}
	case If:
		test := n.Args[0].Possible(e)
		s := Span{unknown: test.Has(Unknown)}
		if test.Has(True) {
			s = s.union(n.Args[1].reachWhere(n.Args[0], True, e))
		}
		if test.Has(False) {
			s = s.union(n.Args[2].reachWhere(n.Args[0], False, e))
		}
		return s
	case Else:
		s := n.Args[0].reach(e)
		if s.unknown {
			s.unknown = false
			s = s.union(n.Args[1].reach(e))
		}
		return s
	case Neg, Abs, Round, Floor, Ceil:
		s := n.Args[0].reach(e)
		a, b := unary(n.Op, s.lo), unary(n.Op, s.hi)
		least := min(a, b)
		if n.Op == Abs && s.lo < 0 && s.hi > 0 {
			least = 0
		}
		s.lo, s.hi = least, max(a, b)
		return s
	case Add, Sub, Mul, Div, Mod, Min, Max:
		return n.reachArithmetic(e)
	case Len:
		s := n.Args[0].reach(e)
		s.lo, s.hi = 0, math.Inf(1)
		return s
	case Days:
		s := n.Args[0].reach(e)
		if e.held.times {
			return s.wholeDays(e.At)
		}
		s.lo, s.hi = math.Inf(-1), math.Inf(1)
		return s
	}
	return anything
}

// anything is what may be any number, or unknown.
var anything = Span{math.Inf(-1), math.Inf(1), true, true}

func (n *Node) reachArithmetic(e *Env) Span {
	s := n.Args[0].reach(e)
	for _, a := range n.Args[1:] {
		t := a.reach(e)
		u := s.arithmetic(n.Op, t)
		s = Span{u.lo, u.hi, s.known && t.known && u.known, s.unknown || t.unknown || u.unknown}
	}
	return s
}

// arithmetic gives between what the numbers of two spans come to, and whether
// some have no answer: zero as a divisor, infinities that cancel out.
func (s Span) arithmetic(op Op, t Span) Span {
	endless := s.unbounded() && t.unbounded()
	var u Span
	switch op {
	case Add:
		u = Span{lo: s.lo + t.lo, hi: s.hi + t.hi, unknown: endless}
	case Sub:
		u = Span{lo: s.lo - t.hi, hi: s.hi - t.lo, unknown: endless}
	case Min:
		u = Span{lo: min(s.lo, t.lo), hi: min(s.hi, t.hi)}
	case Max:
		u = Span{lo: max(s.lo, t.lo), hi: max(s.hi, t.hi)}
	case Mul:
		u = corners(s.lo*t.lo, s.lo*t.hi, s.hi*t.lo, s.hi*t.hi)
		u.unknown = s.unbounded() && t.has(0) || t.unbounded() && s.has(0)
	case Div:
		u = s.quotient(t)
		u.unknown = endless || t.has(0)
	case Mod:
		// It has the sign of the dividend, and is never beyond either.
		most := max(math.Abs(t.lo), math.Abs(t.hi))
		u = Span{lo: max(min(s.lo, 0), -most), hi: min(max(s.hi, 0), most), unknown: s.unbounded() || t.has(0)}
	}
	if math.IsNaN(u.lo) || math.IsNaN(u.hi) {
		return anything
	}
	u.known = op != Div && op != Mod || t.lo != 0 || t.hi != 0
	return u
}

func (s Span) has(v float64) bool { return s.lo <= v && v <= s.hi }

// quotient gives between what quotients are, where the divisor is not zero.
func (s Span) quotient(t Span) Span {
	if t.lo == 0 {
		t.lo = math.SmallestNonzeroFloat64
	}
	if t.hi == 0 {
		t.hi = -math.SmallestNonzeroFloat64
	}
	if t.lo < 0 && t.hi > 0 {
		return anything
	}
	return corners(s.lo/t.lo, s.lo/t.hi, s.hi/t.lo, s.hi/t.hi)
}

// corners spans what an operation gives at the ends of two spans. What has no
// answer there comes of an end that is infinite: next to it is zero.
func corners(of ...float64) Span {
	s := Span{lo: math.Inf(1), hi: math.Inf(-1)}
	for _, v := range of {
		if math.IsNaN(v) {
			v = 0
		}
		s.lo, s.hi = min(s.lo, v), max(s.hi, v)
	}
	return s
}
