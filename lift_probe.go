package accountscore

import (
	"math"
	"regexp"
	"slices"
	"strconv"

	"github.com/accountscore/accountscore/internal/cond"
)

// probe is one place of the model where values of the account decide
// something: a test of a condition, a table, a ramp, a factor, a line that
// counts activities. Two values of a field to which every probe gives the same
// answer are one to the model.
type probe struct {
	leaf   *cond.Node // of a test, or what a table, a ramp or a factor is of
	rule   *rule      // of the others
	slots  []int      // account fields that it reads, through lets too
	logs   []int      // activity types
	joined bool       // it reads more than one field, or more than fields
	work   int
}

// answer gives what the probe decides for what the scratch holds.
func (p *probe) answer(s *scratch) uint64 {
	e := &s.env
	if p.rule == nil {
		return uint64(p.leaf.Truth(e))
	}
	if p.rule.per != nil && p.leaf == p.rule.per {
		v, ok := p.leaf.Number(e)
		if !ok {
			return 1<<64 - 1
		}
		return uint64(p.rule.times(v))
	}
	truth, points := p.rule.eval(e, s)
	if t := p.rule.table; t != nil {
		i, _ := t.find(p.leaf, e)
		return uint64(truth)<<32 + uint64(i+1)
	}
	return uint64(truth)<<60 ^ uint64(points)
}

// probe lists the probes of everything that reads the account, contacts apart.
func (l *lifter) probe() {
	m := l.model
	seen := make([]bool, len(m.lets))
	l.denied = map[*cond.Node]bool{}
	for i := range m.dims {
		d := &m.dims[i]
		if d.contacts == nil {
			for r := range d.eachRule {
				l.probeRule(r, seen)
			}
		}
		for c := range d.scales {
			l.probeTests(d.scales[c].when, seen)
		}
	}
	for i := range m.disqualify {
		l.probeTests(m.disqualify[i].when, seen)
	}
	for i := range l.goal.tiers {
		l.probeTests(l.goal.tiers[i].when, seen)
	}
	l.bySlot = make([][]int, len(m.fields))
	for i := range l.probes {
		for _, slot := range l.probes[i].slots {
			l.bySlot[slot] = append(l.bySlot[slot], i)
		}
	}
}

func (l *lifter) probeRule(r *rule, lets []bool) {
	l.probeTests(r.when, lets)
	for _, n := range [...]*cond.Node{r.of, r.per} {
		if n != nil {
			l.addProbe(probe{leaf: n, rule: r})
		}
	}
	if r.signal != nil {
		l.addProbe(probe{rule: r, logs: []int{r.signal.log.Type}})
	}
}

// probeTests lists the tests of a condition, those of its lets too.
func (l *lifter) probeTests(n *cond.Node, lets []bool) {
	if n == nil {
		return
	}
	switch n.Op {
	case cond.Const:
		return
	case cond.And, cond.Or, cond.Not:
		for _, a := range n.Args {
			if n.Op == cond.Not && a.Src == n.Src {
				l.denied[a] = true
			}
			l.probeTests(a, lets)
		}
		return
	case cond.If, cond.Else:
		for _, a := range n.Args {
			if a.Type == cond.Bool {
				l.probeTests(a, lets)
			}
		}
		return
	case cond.Field:
		if n.Space == cond.Computed {
			if !lets[n.Slot] {
				lets[n.Slot] = true
				l.probeTests(l.model.lets[n.Slot].Node, lets)
			}
			return
		}
	}
	l.addProbe(probe{leaf: n})
}

func (l *lifter) addProbe(p probe) {
	others := false
	visited := map[int]bool{}
	var visit func(n *cond.Node)
	visit = func(n *cond.Node) {
		n.Walk(func(n *cond.Node) {
			switch {
			case n.Log != nil:
				p.logs = append(p.logs, n.Log.Type)
			case n.Op == cond.Metric, n.Op == cond.Grade:
				others = true
			case n.Op == cond.Field && n.Space == cond.Account:
				p.slots = append(p.slots, n.Slot)
			case n.Op == cond.Field && n.Space == cond.Computed && !visited[n.Slot]:
				visited[n.Slot] = true
				visit(l.model.lets[n.Slot].Node)
			}
		})
	}
	visit(p.leaf)
	slices.Sort(p.slots)
	slices.Sort(p.logs)
	p.slots, p.logs = slices.Compact(p.slots), slices.Compact(p.logs)
	if len(p.slots)+len(p.logs) == 0 {
		return
	}
	p.joined = others || len(p.slots) > 1 || len(p.slots) > 0 && len(p.logs) > 0
	p.work = 1 + nodeWork(p.leaf, 1)
	if p.rule != nil && p.rule.table != nil {
		p.work += len(p.rule.table.entries)
	}
	l.probes = append(l.probes, p)
}

// lookAgain works the lets out again after a value has changed.
func (l *lifter) lookAgain() {
	e := &l.s.env
	l.work += l.letWork
	for i := range l.model.lets {
		if l.model.lets[i].read {
			e.Lets[i] = l.model.lets[i].Eval(e)
		}
	}
}

// cuts are the values at which the model's mind about one field changes.
type fieldCuts struct {
	numbers []float64 // of times, in µs
	texts   []string
	curved  []*cond.Node // tests that compute with it
	parts   []*cond.Node // tests of a text that look at more than which of some whole texts it is
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
			c.test(p.leaf, slot, clock(l.at))
			continue
		}
		r := p.rule
		plain := plainly(p.leaf, slot)
		c.opaque = c.opaque || !plain && (r.table == nil || p.leaf.Type == cond.Text)
		bound := func(v float64) {
			if math.IsInf(v, 0) {
				return
			}
			if plain {
				c.numbers = append(c.numbers, v)
				return
			}
			if len(c.curved) == maxValues {
				c.opaque = true
				return
			}
			turn := &cond.Node{Op: cond.Ge, Type: cond.Bool, Args: []*cond.Node{p.leaf, {Op: cond.Const, Type: cond.Number, Num: v}}}
			c.curved, c.parts = append(c.curved, turn), append(c.parts, turn)
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
// it.
func plainly(n *cond.Node, slot int) bool {
	k := partition{}
	return k.value(n, slot)
}

// test collects the constants that a test compares the field with.
func (c *fieldCuts) test(n *cond.Node, slot int, at int64) {
	number := func(of *cond.Node, num float64, time int64) {
		if of.Type == cond.Time {
			num = float64(time)
		}
		if !math.IsInf(num, 0) {
			c.numbers = append(c.numbers, num)
		}
	}
	var x *cond.Node
	if len(n.Args) > 0 {
		x = n.Args[0]
	}
	switch n.Op {
	case cond.Field, cond.Missing:
		return
	case cond.Empty:
		c.counts = true
		return
	case cond.Eq, cond.Ne, cond.Lt, cond.Le, cond.Gt, cond.Ge:
		y := n.Args[1]
		if x.Op == cond.Const {
			x, y = y, x
		}
		if y.Op == cond.Const && plainly(x, slot) {
			number(x, y.Num, y.Time)
			c.texts = append(c.texts, y.Text)
			return
		}
	case cond.Between:
		if plainly(x, slot) {
			for _, b := range [...]cond.Bound{n.Lo, n.Hi} {
				if !b.Unbounded {
					number(x, b.Num, b.Time)
				}
			}
			return
		}
	case cond.OneOf:
		if plainly(x, slot) {
			c.numbers, c.texts = append(c.numbers, n.Set.Nums...), append(c.texts, n.Set.Texts...)
			return
		}
	case cond.Within:
		if plainly(x, slot) {
			c.numbers = append(c.numbers, float64(at-n.Window), float64(at))
			return
		}
	case cond.HasAny, cond.HasAll:
		if n.Set != nil {
			c.texts, c.sets = append(c.texts, n.Set.Texts...), append(c.sets, n.Set.Texts)
			return
		}
	case cond.Contains, cond.Starts, cond.Ends, cond.HasWord, cond.HasItem:
		if y := n.Args[1]; y.Op == cond.Const {
			c.texts = append(c.texts, y.Text)
			if x.Type == cond.Text {
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
		if text, err := strconv.Unquote(literal); err == nil && x != nil && x.Type == cond.List {
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
