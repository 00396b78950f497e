package accountscore

import (
	"math"
	"regexp"
	"slices"
	"strconv"

	"github.com/accountscore/accountscore/internal/cond"
)

// cuts are the values at which the model's mind about one field changes.
type fieldCuts struct {
	numbers []float64 // of times, in µs
	own     []float64 // those of them that the ruleset writes
	spans   []scaleSpan
	counted []*cond.Node // of those that compute with it, the ends of formulas that are counted and read no other field
	texts   []string
	curved  []*cond.Node // tests that compute with it
	parts   []*cond.Node // tests of a text that look at more than which of some whole texts it is
	inner   []*cond.Node // tests of a part of it within what another test asks about
	opaque  bool         // no tests tell what a text earns
	open    bool         // it counts by its size, or in a way that no constant tells
	below   bool         // and the more the smaller it is: below zero too

	sets    [][]string   // texts that one test looks for in a list
	ofItems []*cond.Node // tests that an item may meet by a part of it
	counts  bool         // how many items it has may decide
	looks   bool         // what an item looks like may decide, beside which one it is
}

// cutsOf collects where the tests of a field cut its values.
func (l *lifter) cutsOf(slot int) *fieldCuts {
	c := &fieldCuts{}
	for _, i := range l.bySlot[slot] {
		p := &l.probes[i]
		if p.rule == nil {
			l.test(c, p.leaf, slot)
			continue
		}
		r := p.rule
		plain := l.plainly(p.leaf, slot)
		l.within(c, p.leaf, slot)
		c.opaque = c.opaque || !plain && (r.table == nil || p.leaf.Type == cond.Text)
		bound := func(v float64) {
			if math.IsInf(v, 0) {
				return
			}
			if plain {
				c.numbers = append(c.numbers, v)
				if p.leaf != r.per || isWhole(v) {
					c.own = append(c.own, v)
				}
				return
			}
			if len(c.curved) == maxValues {
				c.opaque = true
				return
			}
			turn := &cond.Node{Op: cond.Ge, Type: cond.Bool, Args: []*cond.Node{p.leaf, {Op: cond.Const, Type: cond.Number, Num: v}}}
			c.curved, c.parts = append(c.curved, turn), append(c.parts, turn)
			if (r.ramp != nil || p.leaf == r.per) && !slices.ContainsFunc(l.model.slots(p.leaf), func(other int) bool { return other != slot }) {
				c.counted = append(c.counted, turn)
			}
		}
		if plain && r.ramp != nil && p.leaf != r.per {
			c.spans = append(c.spans, scaleSpan{lo: r.ramp.Lo, hi: r.ramp.Hi})
		}
		if p.leaf == r.per {
			c.open, c.below = true, c.below || r.points < 0
		}
		if p.leaf.Type != cond.Text {
			r.bounds(p.leaf, bound)
			continue
		}
		for j := range r.table.entries {
			c.texts = append(c.texts, r.src.Table[j].Key.Text)
		}
	}
	return c
}

// plainly tells whether a node is a field, or a constant that stands in for
// it; or a let that is no more.
func (l *lifter) plainly(n *cond.Node, slot int) bool {
	for {
		switch {
		case n.Op == cond.Else && n.Args[1].Op == cond.Const:
			n = n.Args[0]
		case n.Op == cond.Field && n.Space == cond.Computed:
			n = l.model.lets[n.Slot].Node
		default:
			return n.Op == cond.Field && n.Space == cond.Account && n.Slot == slot
		}
	}
}

// passesOn tells whether a formula may come to what a field is: to one of
// several values of which it is one, or to what a function makes of its text.
func (l *lifter) passesOn(n *cond.Node, slot int) bool {
	var visit func(n *cond.Node) bool
	lets := make([]bool, len(l.model.lets))
	visit = func(n *cond.Node) bool {
		switch n.Op {
		case cond.Field:
			if n.Space == cond.Computed {
				if lets[n.Slot] {
					return false
				}
				lets[n.Slot] = true
				return visit(l.model.lets[n.Slot].Node)
			}
			return n.Space == cond.Account && n.Slot == slot
		case cond.If:
			return visit(n.Args[1]) || visit(n.Args[2])
		case cond.Else:
			return slices.ContainsFunc(n.Args, visit)
		case cond.Call, cond.VM:
			return n.Type == cond.Text && slices.ContainsFunc(n.Args, visit)
		}
		return false
	}
	return visit(n)
}

// within collects what is asked of a field inside a formula, its lets too, and
// what is asked of formulas that pass it on.
func (l *lifter) within(c *fieldCuts, n *cond.Node, slot int) {
	is := func(n *cond.Node) bool { return l.passesOn(n, slot) }
	for _, m := range l.askedIn(n) {
		if !c.compared(m, clock(l.at), is) && m != n && m.Args[0].Type == cond.Text && is(m.Args[0]) {
			c.inner = append(c.inner, m)
		}
	}
}

// maxAsked bounds the tests that are kept by formula.
const maxAsked = 1 << 20

// askedIn gives the tests inside a formula and inside its lets, each once. They
// are the same for all fields, and long rows of lets are many to go through.
func (l *lifter) askedIn(n *cond.Node) []*cond.Node {
	if list, known := l.asked[n]; known {
		return list
	}
	var list []*cond.Node
	lets := make([]bool, len(l.model.lets))
	var visit func(of *cond.Node)
	visit = func(of *cond.Node) {
		of.Walk(func(m *cond.Node) {
			switch {
			case m.Op == cond.Field && m.Space == cond.Computed:
				if !lets[m.Slot] {
					lets[m.Slot] = true
					visit(l.model.lets[m.Slot].Node)
				}
			case m.Type == cond.Bool && len(m.Args) > 0:
				list = append(list, m)
			}
		})
	}
	visit(n)
	if l.askedRoom += 1 + len(list); l.askedRoom <= maxAsked {
		if l.asked == nil {
			l.asked = map[*cond.Node][]*cond.Node{}
		}
		l.asked[n] = list
	}
	return list
}

// compared collects the constants that a test compares something with, and
// tells whether it does nothing else.
func (c *fieldCuts) compared(n *cond.Node, at int64, is func(*cond.Node) bool) bool {
	number := func(of *cond.Node, num float64, time int64) {
		if of.Type == cond.Time {
			num = float64(time)
		}
		if !math.IsInf(num, 0) {
			c.numbers, c.own = append(c.numbers, num), append(c.own, num)
		}
	}
	x := n.Args[0]
	switch n.Op {
	case cond.Eq, cond.Ne, cond.Lt, cond.Le, cond.Gt, cond.Ge:
		y := n.Args[1]
		if x.Op == cond.Const {
			x, y = y, x
		}
		if y.Op != cond.Const || !is(x) {
			return false
		}
		number(x, y.Num, y.Time)
		c.texts = append(c.texts, y.Text)
	case cond.Between:
		if !is(x) {
			return false
		}
		for _, b := range [...]cond.Bound{n.Lo, n.Hi} {
			if !b.Unbounded {
				number(x, b.Num, b.Time)
			}
		}
	case cond.OneOf:
		if !is(x) {
			return false
		}
		c.numbers, c.own, c.texts = append(c.numbers, n.Set.Nums...), append(c.own, n.Set.Nums...), append(c.texts, n.Set.Texts...)
	case cond.Within:
		if !is(x) {
			return false
		}
		c.numbers = append(c.numbers, float64(at-n.Window), float64(at))
	default:
		return false
	}
	return true
}

// test collects the constants that a test compares the field with, and the test
// itself where it does more with it.
func (l *lifter) test(c *fieldCuts, n *cond.Node, slot int) {
	if len(n.Args) > 0 && c.compared(n, clock(l.at), func(x *cond.Node) bool { return l.plainly(x, slot) }) {
		return
	}
	l.within(c, n, slot)
	switch n.Op {
	case cond.Field, cond.Missing:
		return
	case cond.Empty:
		c.counts = true
		return
	case cond.HasAny, cond.HasAll:
		if n.Set != nil {
			c.texts, c.sets = append(c.texts, n.Set.Texts...), append(c.sets, n.Set.Texts)
			return
		}
	case cond.Contains, cond.Starts, cond.Ends, cond.HasWord, cond.HasItem:
		if y := n.Args[1]; y.Op == cond.Const {
			c.texts = append(c.texts, y.Text)
			if n.Args[0].Type == cond.Text {
				c.parts = append(c.parts, n)
			}
			if n.Op == cond.HasWord {
				c.ofItems, c.looks = append(c.ofItems, n), true
			}
			return
		}
	}
	if n.Type == cond.Bool {
		c.curved, c.parts = append(c.curved, n), append(c.parts, n)
	}
	c.open, c.counts = true, true
	c.looks = c.looks || !lengthsAlone(n)
	for _, literal := range literals.FindAllString(n.Src, maxListParts) {
		if text, err := strconv.Unquote(literal); err == nil && len(n.Args) > 0 && n.Args[0].Type == cond.List {
			c.texts = append(c.texts, text)
		}
	}
}

// literals are the texts in the words of a test.
var literals = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// lengthsAlone tells whether a test asks of lists how long they are, and nothing
// else.
func lengthsAlone(n *cond.Node) bool {
	if n.Type == cond.List || n.Op == cond.VM || n.Op == cond.Call || n.Op == cond.Foreign {
		return false
	}
	if n.Op == cond.Len {
		return n.Args[0].Op == cond.Field && n.Args[0].Space == cond.Account
	}
	return !slices.ContainsFunc(n.Args, func(a *cond.Node) bool { return !lengthsAlone(a) })
}
