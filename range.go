package accountscore

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Rule 5 of the missing-data rules: the range. Groups that read one and the
// same missing field alone, in forms that cut its values into classes, are
// taken together: each class is tried, and the range holds the least and the
// most of their sums. Any other group with a missing field takes its own
// interval, and intervals add.

// axis is one field of a dimension with the values that stand for its classes.
type axis struct {
	slot    int
	samples []cond.Slot // by value class; two for each open interval
	groups  []int       // that can be taken together over this field, ascending
	static  []int       // of these, those that depend on nothing else
	low     micro.M     // the least of the static groups' sum, missing included
	high    micro.M
	slack   micro.M // what rounding may add where ramps go both ways
}

// maxJoint bounds the work of taking groups together, in rules and entries of
// tables evaluated. Beyond it each group takes its own interval, which is sound
// but wider.
const maxJoint = 1 << 18

// spread gives the least and the most of the dimension's lines; points holds
// what each group earned.
func (d *dimension) spread(s *scratch, points []span) (low, high micro.M) {
	e := &s.env
	for g := range d.groups {
		gr := &d.groups[g]
		slot, several := gr.openSlot(e.Open)
		switch {
		case slot < 0:
			continue // nothing missing
		case !several && d.joint(slot, g):
			points[g].low, points[g].high = 0, 0 // counted with its axis, below
			continue
		}
		points[g].low, points[g].high = gr.spread(e, s.outs[gr.index:])
	}
	for g := range points {
		low, high = low.Add(points[g].low), high.Add(points[g].high)
	}
	for i := range d.axes {
		if a := &d.axes[i]; e.Open[a.slot] {
			l, h := a.spread(d, s)
			low, high = low.Add(l), high.Add(h)
		}
	}
	return low, high
}

// openSlot gives an open slot that the group reads, -1 for none, and whether
// there are several.
func (g *group) openSlot(open []bool) (slot int, several bool) {
	slot = -1
	for _, r := range g.reads {
		if open[r] {
			if slot >= 0 {
				return slot, true
			}
			slot = r
		}
	}
	return slot, false
}

// joint tells whether a group is taken together over a field.
func (d *dimension) joint(slot, g int) bool {
	i, ok := slices.BinarySearchFunc(d.axes, slot, func(a axis, slot int) int { return a.slot - slot })
	if !ok {
		return false
	}
	_, ok = slices.BinarySearch(d.axes[i].groups, g)
	return ok
}

// spread gives the least and the most of the groups that are taken together.
func (a *axis) spread(d *dimension, s *scratch) (low, high micro.M) {
	e := &s.env
	dynamic := s.joined[:0]
	for _, g := range a.groups {
		if _, static := slices.BinarySearch(a.static, g); static {
			continue
		}
		if slot, several := d.groups[g].openSlot(e.Open); slot == a.slot && !several {
			dynamic = append(dynamic, g)
		}
	}
	s.joined = dynamic
	if len(dynamic) == 0 {
		return a.low, a.high
	}
	work := 0
	for _, g := range dynamic {
		work += d.groups[g].cost() * len(a.samples)
	}
	for _, g := range a.static {
		work += d.groups[g].cost() * len(a.samples)
	}
	if work > maxJoint {
		low, high = a.low, a.high
		for _, g := range dynamic {
			l, h := d.groups[g].spread(e, s.outs[d.groups[g].index:])
			low, high = low.Add(l), high.Add(h)
		}
		return low, high
	}
	return a.sweep(d, s, e, a.static, dynamic)
}

// sweep tries every class of the field, and the field staying missing.
func (a *axis) sweep(d *dimension, s *scratch, e *cond.Env, sets ...[]int) (low, high micro.M) {
	was := e.Accounts[a.slot]
	var h hull
	try := func() {
		sum := micro.M(0)
		for _, set := range sets {
			for _, g := range set {
				p, _ := d.groups[g].eval(e, s, s.trial)
				sum = sum.Add(p)
			}
		}
		h.add(sum)
	}
	try()
	for _, v := range a.samples {
		e.Accounts[a.slot] = v
		try()
	}
	e.Accounts[a.slot] = was
	return h.low.Add(-a.slack), h.high.Add(a.slack)
}

// axes finds, for each field of a dimension, what can be taken together.
func (c *compiler) axes(d *dimension) []axis {
	bySlot := map[int]*partition{}
	for g := range d.groups {
		for _, slot := range d.groups[g].reads {
			k := partition{typ: c.m.fields[slot].typ}
			if d.groups[g].bends(slot) && !d.groups[g].static() {
				continue // where it bends depends on other values
			}
			if k.typ != cond.List && k.typ != cond.Time && k.group(&d.groups[g], slot) {
				all := bySlot[slot]
				if all == nil {
					all = &partition{typ: k.typ}
					bySlot[slot] = all
				}
				all.join(&k, g)
			}
		}
	}
	var axes []axis
	s := &scratch{trial: make([]outcome, d.largest())}
	e := &cond.Env{Accounts: make(cond.Record, len(c.m.fields))}
	for slot := range c.m.fields {
		k := bySlot[slot]
		if k == nil {
			continue
		}
		f := &c.m.fields[slot]
		a := axis{slot: slot, samples: k.samples(f), groups: k.groups}
		cost := 0
		for _, g := range k.groups {
			if gr := &d.groups[g]; gr.static() {
				a.static = append(a.static, g)
				cost += gr.cost()
			}
		}
		if cost*len(a.samples) > maxJoint {
			continue
		}
		if cuts := a.bends(d, s, e); len(cuts) > 0 && f.allowed == nil {
			k.nums = append(k.nums, cuts...)
			a.samples = k.samples(f)
			a.slack = micro.M(k.ramps)
		}
		if k.rising && k.falling {
			a.slack = micro.M(k.ramps)
		}
		axes = append(axes, a)
	}
	return axes
}

// cost is what one evaluation of the group takes, in rules and table entries.
func (g *group) cost() int {
	n := len(g.rules)
	for i := range g.rules {
		if t := g.rules[i].table; t != nil {
			n += len(t.entries)
		}
	}
	return n
}

// bends tells whether the group's points can bend between two cuts of a field:
// where a clamp, or another rule of a best of, takes over from a ramp.
func (g *group) bends(slot int) bool {
	bounded := g.kind == dsl.BestOf || g.kind == dsl.SumOf && (g.lo != micro.Min || g.hi != micro.Max)
	return bounded && slices.ContainsFunc(g.rules, func(r rule) bool { return r.ramp != nil && slices.Contains(r.reads, slot) })
}

// bends finds the values of the field at which static groups bend. Between two
// samples every rule is linear, so two lines cross at most once.
func (a *axis) bends(d *dimension, s *scratch, e *cond.Env) []float64 {
	var cuts []float64
	was := e.Accounts[a.slot]
	for _, g := range a.static {
		gr := &d.groups[g]
		if !gr.bends(a.slot) {
			continue
		}
		at := func(v cond.Slot) []outcome {
			e.Accounts[a.slot] = v
			outs := make([]outcome, len(gr.rules))
			gr.eval(e, s, outs)
			return outs
		}
		var before []outcome
		for i, v := range a.samples {
			after := at(v)
			if i > 0 {
				cuts = gr.crossings(cuts, a.samples[i-1].Num, v.Num, before, after)
			}
			before = after
		}
	}
	e.Accounts[a.slot] = was
	return cuts
}

// crossings appends where, between two values, the sum meets a bound or one
// rule overtakes another.
func (g *group) crossings(cuts []float64, a, b float64, before, after []outcome) []float64 {
	cross := func(da, db micro.M) {
		if da < 0 && db > 0 || da > 0 && db < 0 {
			share := float64(da) / (float64(da) - float64(db))
			cuts = append(cuts, a+share*(b-a))
		}
	}
	if g.kind == dsl.SumOf {
		var x, y micro.M
		for i := range before {
			x, y = x.Add(before[i].points), y.Add(after[i].points)
		}
		for _, bound := range [...]micro.M{g.lo, g.hi} {
			if bound != micro.Min && bound != micro.Max {
				cross(x-bound, y-bound)
			}
		}
		return cuts
	}
	for i := range before {
		for j := range i {
			if (g.rules[i].ramp != nil || g.rules[j].ramp != nil) && before[i].truth == cond.True && before[j].truth == cond.True {
				cross(before[i].points-before[j].points, after[i].points-after[j].points)
			}
		}
	}
	return cuts
}

// static tells whether the group depends on one field of the account and on
// nothing else: no activity, no contact, no moment, no caller's function.
func (g *group) static() bool {
	if len(g.reads) != 1 {
		return false
	}
	static := true
	for i := range g.rules {
		r := &g.rules[i]
		static = static && r.signal == nil
		for _, n := range [...]*cond.Node{r.when, r.of, r.per} {
			n.Walk(func(n *cond.Node) {
				switch n.Op {
				case cond.Metric, cond.Grade, cond.Count, cond.Any, cond.Sum, cond.Since, cond.Within, cond.Days, cond.Call, cond.Foreign:
					static = false
				case cond.Field:
					static = static && n.Space == cond.Account
				}
			})
		}
	}
	return static
}

// largest is the most rules that one group of the dimension has.
func (d *dimension) largest() int {
	n := 0
	for g := range d.groups {
		n = max(n, len(d.groups[g].rules))
	}
	return n
}

// partition collects where the forms that read a field cut its values.
type partition struct {
	typ             cond.Type
	groups          []int
	nums            []float64
	texts           []string
	rising, falling bool
	ramps           int
}

func (k *partition) join(more *partition, g int) {
	k.groups = append(k.groups, g)
	k.nums, k.texts = append(k.nums, more.nums...), append(k.texts, more.texts...)
	k.rising, k.falling = k.rising || more.rising, k.falling || more.falling
	k.ramps += more.ramps
}

// group collects the cuts of a group, and tells whether it reads the field in
// plain forms alone.
func (k *partition) group(g *group, slot int) bool {
	for i := range g.rules {
		r := &g.rules[i]
		if _, ok := slices.BinarySearch(r.reads, slot); !ok {
			continue
		}
		if r.per != nil && reads(r.per, slot) || r.when != nil && !k.condition(r.when, slot) {
			return false
		}
		if r.of == nil || !reads(r.of, slot) {
			continue
		}
		if !k.value(r.of, slot) {
			return false
		}
		if r.ramp != nil {
			k.nums = append(k.nums, r.ramp.Lo, r.ramp.Hi)
			k.ramps++
			k.rising = k.rising || r.ramp.To > r.ramp.From
			k.falling = k.falling || r.ramp.To < r.ramp.From
			continue
		}
		for _, t := range r.table.entries {
			k.nums = append(k.nums, t.lo, t.hi)
			k.texts = append(k.texts, t.text)
		}
	}
	return true
}

// reads tells whether a node reads a field, be it through a let.
func reads(n *cond.Node, slot int) bool {
	found := false
	n.Walk(func(n *cond.Node) {
		// A let may read it: lets are not looked into here.
		found = found || n.Op == cond.Field && (n.Space == cond.Computed || n.Space == cond.Account && n.Slot == slot)
	})
	return found
}

// condition collects the cuts of a condition, and tells whether it reads the
// field in plain forms alone.
func (k *partition) condition(n *cond.Node, slot int) bool {
	// What is made of conditions is left to them: to ask at each level what is
	// below would walk a deep condition as often as it is deep.
	boolean := n.Op == cond.And || n.Op == cond.Or || n.Op == cond.Not || n.Op == cond.If && n.Type == cond.Bool
	if !boolean && !reads(n, slot) {
		return true
	}
	switch n.Op {
	case cond.And, cond.Or, cond.Not:
		return !slices.ContainsFunc(n.Args, func(a *cond.Node) bool { return !k.condition(a, slot) })
	case cond.If:
		return n.Type == cond.Bool && !slices.ContainsFunc(n.Args, func(a *cond.Node) bool { return !k.condition(a, slot) })
	case cond.Field:
		return n.Space == cond.Account
	case cond.Else:
		return k.condition(n.Args[0], slot) && k.condition(n.Args[1], slot)
	case cond.Missing, cond.Empty:
		return k.value(n.Args[0], slot)
	case cond.Eq, cond.Ne, cond.Lt, cond.Le, cond.Gt, cond.Ge:
		if n.Args[0].Type == cond.Bool {
			return k.condition(n.Args[0], slot) && k.condition(n.Args[1], slot)
		}
		x, y := n.Args[0], n.Args[1]
		if x.Op == cond.Const {
			x, y = y, x
		}
		if y.Op != cond.Const {
			return false
		}
		k.nums, k.texts = append(k.nums, y.Num), append(k.texts, y.Text)
		return k.value(x, slot)
	case cond.Between:
		for _, b := range []cond.Bound{n.Lo, n.Hi} {
			if !b.Unbounded {
				k.nums = append(k.nums, b.Num)
			}
		}
		return k.value(n.Args[0], slot)
	case cond.OneOf:
		k.nums, k.texts = append(k.nums, n.Set.Nums...), append(k.texts, n.Set.Texts...)
		return k.value(n.Args[0], slot)
	}
	return false
}

// value tells whether a node is the field itself, with or without a constant
// that stands in for it while it is missing.
func (k *partition) value(n *cond.Node, slot int) bool {
	if n.Op == cond.Else && n.Args[1].Op == cond.Const {
		n = n.Args[0]
	}
	return n.Op == cond.Field && n.Space == cond.Account && n.Slot == slot
}

// samples gives values that stand for every class. An open interval between
// two cuts is tried at both ends, where ramps are at their least and most.
func (k *partition) samples(f *field) []cond.Slot {
	known := func(s cond.Slot) cond.Slot { s.State = cond.Known; return s }
	var out []cond.Slot
	if f.allowed != nil {
		for _, v := range f.OneOf {
			out = append(out, known(cond.Slot{Num: v.Number, Text: v.Text}))
		}
		return out
	}
	switch k.typ {
	case cond.Bool:
		return []cond.Slot{known(cond.Slot{}), known(cond.Slot{Flag: true})}
	case cond.Text:
		slices.Sort(k.texts)
		k.texts = slices.Compact(k.texts)
		for _, t := range k.texts {
			if strings.TrimSpace(t) != "" { // blank text is missing
				out = append(out, known(cond.Slot{Text: t}))
			}
		}
		return append(out, known(cond.Slot{Text: stranger(k.texts)}))
	}
	slices.SortFunc(k.nums, cmp.Compare[float64])
	for _, v := range slices.Compact(k.nums) {
		for _, f := range [...]float64{math.Nextafter(v, math.Inf(-1)), v, math.Nextafter(v, math.Inf(1))} {
			if !math.IsInf(f, 0) {
				out = append(out, known(cond.Slot{Num: f}))
			}
		}
	}
	if len(out) == 0 {
		out = append(out, known(cond.Slot{})) // no cut: every number is alike
	}
	return out
}

// stranger gives a text that equals none of the texts, be their case ignored
// or not.
func stranger(texts []string) string {
	other := "another"
	for _, t := range texts {
		if t = cond.Fold(t); len(t) >= len(other) {
			other += t + "x"
		}
	}
	return other
}
