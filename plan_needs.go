package accountscore

import (
	"math"
	"math/bits"
	"slices"
	"strconv"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// What a group must be told of each field: the cuts of its values that its
// rules can tell apart. A group that needs more than that fits no table.

// demand is what a group must be told by one axis.
type demand struct {
	slot int
	kind axisKind
	name string // of a test
	test *cond.Node
	// places are the nodes of the group that ask the test.
	places []*cond.Node
	nums   []float64
	times  []int64
	texts  []string
}

// needs collects the demands of one group.
type needs struct {
	m    *Model
	list []demand
	axes map[int]int // how many a field has
	many bool        // more than entries allow
}

// maxAxes is of how many axes a group can have entries: each has two classes or
// more.
var maxAxes = bits.Len(maxEntries) - 1

// maxAgeDays bounds what days_since is compared with where ages are cut.
const maxAgeDays = 1 << 20

func (k *needs) at(slot int, kind axisKind, name string) *demand {
	i := slices.IndexFunc(k.list, func(n demand) bool { return n.slot == slot && n.kind == kind && n.name == name })
	if i < 0 {
		if len(k.list) == maxAxes {
			k.many = true
			return &demand{} // of a group that fits no table
		}
		if i = len(k.list); k.axes == nil {
			k.axes = map[int]int{}
		}
		k.axes[slot]++
		k.list = append(k.list, demand{slot: slot, kind: kind, name: name})
	}
	return &k.list[i]
}

// main gives the demand on the axis that a field's plain comparisons use.
func (k *needs) main(n *cond.Node) *demand {
	return k.at(n.Slot, mainKinds[n.Type], "")
}

var mainKinds = [...]axisKind{cond.Number: numbers, cond.Text: texts, cond.Bool: flags, cond.Time: moments, cond.List: presence}

// group collects what a group needs, and tells whether tables can hold it.
func (k *needs) group(g *group) bool {
	for i := range g.rules {
		r := &g.rules[i]
		switch {
		case r.signal != nil, r.ramp != nil, r.per != nil:
			return false
		case r.table != nil:
			n, ok := k.value(r.of)
			if !ok || r.table.fold != k.folds(n) && n.Type == cond.Text {
				return false
			}
			axis := k.main(n)
			for _, t := range r.table.entries {
				switch t.kind {
				case dsl.KeyRange:
					axis.between(cond.Bound{Num: t.lo}, cond.Bound{Num: t.hi, Open: t.open})
				case dsl.KeyFrom:
					axis.cut(cond.Bound{Num: t.lo})
				case dsl.KeyNumber:
					axis.between(cond.Bound{Num: t.lo}, cond.Bound{Num: t.lo})
				case dsl.KeyText:
					axis.texts = append(axis.texts, t.text)
				}
			}
		case !k.condition(r.when):
			return false
		}
	}
	return k.settled()
}

// settled takes out what is demanded twice, and tells whether trials can be made
// of what is left.
func (k *needs) settled() bool {
	// Each axis of a field knows whether the field is missing.
	k.list = slices.DeleteFunc(k.list, func(n demand) bool { return n.kind == presence && k.axes[n.slot] > 1 })
	// A time is tried as a moment or as an age: no trial can be both.
	for _, n := range k.list {
		if n.kind == ages && slices.ContainsFunc(k.list, func(o demand) bool { return o.slot == n.slot && o.kind == moments }) {
			return false
		}
	}
	return len(k.list) > 0 && !k.many
}

// plainField tells whether a node is a field of the account as it stands.
func plainField(n *cond.Node) bool { return n.Op == cond.Field && n.Space == cond.Account }

// value gives the field that a node is, with or without a constant that stands
// in for it while it is missing.
func (k *needs) value(n *cond.Node) (*cond.Node, bool) {
	if n.Op == cond.Else && n.Args[1].Op == cond.Const {
		n = n.Args[0]
	}
	return n, plainField(n)
}

func (k *needs) folds(n *cond.Node) bool { return k.m.fields[n.Slot].IgnoringCase }

// condition collects what a condition needs, and tells whether classes decide
// it.
func (k *needs) condition(n *cond.Node) bool {
	switch n.Op {
	case cond.And, cond.Or, cond.Not, cond.If, cond.Else:
		return !slices.ContainsFunc(n.Args, func(a *cond.Node) bool { return a.Type != cond.Bool || !k.condition(a) })
	case cond.Const:
		return true
	case cond.Field:
		if plainField(n) {
			k.main(n)
			return true
		}
	case cond.Missing, cond.Empty:
		if a := n.Args[0]; plainField(a) && (n.Op == cond.Missing || a.Type != cond.List) {
			if a.Type == cond.Time { // apart from the moments: a group may ask for ages too
				k.at(a.Slot, presence, "")
			} else {
				k.main(a)
			}
			return true
		}
	case cond.Eq, cond.Ne, cond.Lt, cond.Le, cond.Gt, cond.Ge:
		return k.comparison(n)
	case cond.Between:
		if axis := k.compared(n.Args[0], false); axis != nil {
			axis.between(n.Lo, n.Hi)
			return true
		}
	case cond.OneOf:
		if axis := k.compared(n.Args[0], n.Fold); axis != nil {
			for _, f := range n.Set.Nums {
				axis.between(cond.Bound{Num: f}, cond.Bound{Num: f})
			}
			axis.texts = append(axis.texts, n.Set.Texts...)
			return true
		}
	case cond.Within:
		if a := n.Args[0]; plainField(a) {
			axis := k.at(a.Slot, ages, "")
			axis.between(cond.Bound{}, cond.Bound{Time: n.Window})
			return true
		}
	case cond.Contains, cond.Starts, cond.Ends, cond.Matches, cond.HasWord, cond.HasItem, cond.HasAny, cond.HasAll:
		if a := n.Args[0]; plainField(a) && !slices.ContainsFunc(n.Args[1:], func(a *cond.Node) bool { return a.Op != cond.Const }) {
			axis := k.at(a.Slot, tests, testName(n))
			axis.test, axis.places = n, append(axis.places, n)
			return true
		}
	}
	return false
}

// testName tells tests of one field apart: by their operator and by every text
// that they compare with.
func testName(n *cond.Node) string {
	b := strconv.AppendUint(nil, uint64(n.Op), 10)
	b = strconv.AppendBool(b, n.Fold)
	add := func(texts ...string) {
		b = append(b, '/')
		for _, t := range texts {
			b = append(strconv.AppendInt(b, int64(len(t)), 10), ':')
			b = append(b, t...)
		}
	}
	for _, a := range n.Args[1:] {
		add(a.Text)
		add(a.List...)
	}
	if n.Set != nil {
		add(n.Set.Texts...)
	}
	if n.Re != nil {
		add(n.Re.String())
	}
	return string(b)
}

func (k *needs) comparison(n *cond.Node) bool {
	x, y := n.Args[0], n.Args[1]
	if x.Type == cond.Bool {
		return k.condition(x) && k.condition(y)
	}
	lower := n.Op == cond.Ge || n.Op == cond.Gt
	if x.Op == cond.Const {
		x, y, lower = y, x, !lower
	}
	if y.Op != cond.Const {
		return false
	}
	value := cond.Bound{Num: y.Num, Time: y.Time}
	var axis *demand
	if x.Op == cond.Days {
		if !plainField(x.Args[0]) || !(math.Abs(y.Num) < maxAgeDays) {
			return false
		}
		// Whole days change at whole days alone.
		axis, value.Time = k.at(x.Args[0].Slot, ages, ""), int64(math.Floor(y.Num))*cond.Day
		axis.cut(value)
		axis.cut(cond.Bound{Time: value.Time + cond.Day})
		return true
	}
	if axis = k.compared(x, n.Fold); axis == nil {
		return false
	}
	switch value.Open = n.Op == cond.Gt || n.Op == cond.Lt; {
	case n.Op == cond.Eq || n.Op == cond.Ne:
		axis.between(value, value)
		axis.texts = append(axis.texts, y.Text)
	case lower:
		axis.between(value, cond.Bound{Unbounded: true})
	default:
		axis.between(cond.Bound{Unbounded: true}, value)
	}
	return true
}

// compared gives the demand on the field that a node is, nil where it is none.
func (k *needs) compared(n *cond.Node, fold bool) *demand {
	n, ok := k.value(n)
	if !ok || n.Type == cond.Text && fold != k.folds(n) {
		return nil
	}
	return k.main(n)
}

// between cuts where an interval begins and where it has ended.
func (n *demand) between(lo, hi cond.Bound) {
	if !lo.Unbounded {
		n.cut(lo)
	}
	if !hi.Unbounded {
		hi.Open = !hi.Open // what is beyond a closed end begins after it
		n.cut(hi)
	}
}

// cut begins a class at a value, or just after it where it is open.
func (n *demand) cut(b cond.Bound) {
	switch {
	case n.kind == numbers && b.Open:
		b.Num = math.Nextafter(b.Num, math.Inf(1))
		fallthrough
	case n.kind == numbers:
		if !math.IsInf(b.Num, 0) && !math.IsNaN(b.Num) {
			n.nums = append(n.nums, b.Num+0) // never the negative zero
		}
	case n.kind == moments || n.kind == ages:
		if b.Open {
			b.Time++
		}
		n.times = append(n.times, b.Time)
	}
}

// cuts gives what parts the classes of a demand, in order: the numbers, the
// times, or the texts, of which each is a class of its own.
func (n *demand) cuts(fold bool) (nums []float64, times []int64, words []string) {
	switch n.kind {
	case numbers:
		nums = ascending(n.nums)
	case moments, ages:
		times = ascending(n.times)
	case texts:
		words = n.texts
		if len(words) < 2 && !fold {
			break
		}
		words = make([]string, 0, len(n.texts))
		seen := make(map[string]bool, len(n.texts))
		for _, w := range n.texts {
			if fold {
				w = cond.Fold(w)
			}
			if !seen[w] {
				seen[w] = true
				words = append(words, w)
			}
		}
	}
	return nums, times, words
}

func ascending[T int64 | float64](values []T) []T {
	if len(values) < 2 {
		return values
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// samples gives a value for each class of a demand, from knownClass on.
func (n *demand) samples(fold bool) []cond.Slot {
	nums, times, words := n.cuts(fold)
	values := make([]cond.Slot, 0, 2+len(nums)+len(times)+len(words))
	known := func(s cond.Slot) { s.State = cond.Known; values = append(values, s) }
	switch n.kind {
	case presence:
		known(cond.Slot{})
	case flags, tests:
		known(cond.Slot{})
		known(cond.Slot{Flag: true})
	case numbers:
		below := 0.0
		if len(nums) > 0 {
			below = math.Nextafter(nums[0], math.Inf(-1))
		}
		known(cond.Slot{Num: below})
		for _, c := range nums {
			known(cond.Slot{Num: c})
		}
	case moments, ages:
		at := func(t int64) {
			if n.kind == ages {
				t = -t // the moment of the trial is zero
			}
			known(cond.Slot{Time: t})
		}
		below := int64(0)
		if len(times) > 0 {
			below = times[0] - 1
		}
		at(below)
		for _, t := range times {
			at(t)
		}
	case texts:
		known(cond.Slot{Text: stranger(words)})
		for _, w := range words {
			known(cond.Slot{Text: w})
		}
	}
	return values
}
