package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/internal/classes"
	"github.com/accountscore/accountscore/internal/micro"
)

// draft is an axis to be: what all groups that read it demand in one.
type draft struct {
	demand
	parts   []addition
	classes int // at most
	targets []int32
	unknown int
}

// addition is what one group adds to a target, by the classes of its own
// demand.
type addition struct {
	need   demand
	target int32
	values []micro.M // the first is that of a missing value
}

// draftKey tells the axes apart.
type draftKey struct {
	slot int
	kind axisKind
	name string
}

func (n *demand) key() draftKey { return draftKey{n.slot, n.kind, n.name} }

// fits takes room for the rows that a group adds to, if there is enough.
func (b *planner) fits(t *trials, target int32) bool {
	more := 0
	for i, n := range t.needs {
		classes, targets, now := t.sizes[i], 1, 0
		if d := b.byKey[n.key()]; d != nil {
			now = d.classes * len(d.targets)
			classes += d.classes
			targets = len(d.targets)
			if !slices.Contains(d.targets, target) {
				targets++
			}
		}
		more += classes*targets - now
	}
	if b.size+more > maxRows {
		return false
	}
	b.size += more
	return true
}

// add adds what a group brings to a target to the draft of its demand.
func (b *planner) add(n demand, target int32, values []micro.M) *draft {
	d := b.draft(n)
	d.classes += len(values)
	if !slices.Contains(d.targets, target) {
		d.targets = append(d.targets, target)
	}
	d.parts = append(d.parts, addition{n, target, values})
	return d
}

// draft gives the draft that a demand stands in, cut as finely as it asks.
func (b *planner) draft(n demand) *draft {
	d := b.byKey[n.key()]
	if d == nil {
		d = &draft{demand: demand{slot: n.slot, kind: n.kind, name: n.name, test: n.test}}
		b.drafts = append(b.drafts, d)
		b.byKey[d.key()] = d
	}
	d.nums, d.times, d.texts = append(d.nums, n.nums...), append(d.times, n.times...), append(d.texts, n.texts...)
	return d
}

// axis makes the axis and sums its rows up.
func (d *draft) axis(fold bool) planAxis {
	a := planAxis{slot: d.slot, kind: d.kind, test: d.test, targets: d.targets, unknown: d.unknown}
	switch d.kind {
	case presence:
		d.sum(&a, 1)
	case flags, tests:
		d.sum(&a, 2)
	default:
		var words []string
		a.cuts, a.times, words = d.cuts(fold)
		if d.kind == texts {
			a.texts = classes.NewTexts(words, fold)
		}
		d.sweep(&a, 1+len(a.cuts)+len(a.times)+len(words), fold)
	}
	return a
}

// column gives the rows from a target's first sum on.
func (a *planAxis) column(target int32) []micro.M {
	return a.rows[slices.Index(a.targets, target):]
}

// sum adds up the rows of an axis whose classes are the same for all groups.
func (d *draft) sum(a *planAxis, known int) {
	width := len(a.targets)
	a.size = knownClass + known
	a.rows = make([]micro.M, a.size*width)
	for i := range d.parts {
		column := a.column(d.parts[i].target)
		for class, v := range d.parts[i].values {
			column[class*width] += v
		}
	}
}

// sweep adds up the rows of an axis whose classes are cut finer than those of
// any one group. First each row holds what its class adds to the one before
// it, or a text to any other text; so the work goes with the cuts of all
// groups and not with their product.
func (d *draft) sweep(a *planAxis, known int, fold bool) {
	width := len(a.targets)
	a.size = knownClass + known
	a.rows = make([]micro.M, a.size*width)
	for i := range d.parts {
		part := &d.parts[i]
		column, v := a.column(part.target), part.values
		column[0] += v[0]
		column[knownClass*width] += v[knownClass]
		cuts, times, words := part.need.cuts(fold)
		for j := range len(v) - knownClass - 1 {
			class, before := 0, v[knownClass+j]
			switch d.kind {
			case numbers:
				class = classes.Count(a.cuts, cuts[j])
			case texts:
				class, before = a.texts.Class(words[j]), v[knownClass]
			default:
				class = classes.Count(a.times, times[j])
			}
			column[(knownClass+class)*width] += v[knownClass+j+1] - before
		}
	}
	for class := knownClass + 1; class < knownClass+known; class++ {
		from := class - 1
		if d.kind == texts {
			from = knownClass
		}
		for t := range width {
			a.rows[class*width+t] += a.rows[from*width+t]
		}
	}
}
