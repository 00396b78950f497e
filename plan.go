package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/internal/classes"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// plan is the compiled form of the rules that read the account's fields.
//
// Rules with constant bounds cut the values of a field into classes and cannot
// tell two values of one class apart. So whatever the rules that read only that
// field earn together is known for each class before any account is seen: one
// row of sums for each class. A group that reads several fields is looked up by
// the classes of all of them. Scoring is then one class and one row for each
// field and one look-up for each such group; how many rules there are hardly
// matters. Missing is a class like any other.
//
// Every entry was computed by the evaluator that the explanation observes, see
// plan_build.go, so that a plan can hold nothing of its own. What fits no table
// is evaluated as it stands: every group of the model is in exactly one place.
type plan struct {
	axes   []planAxis // by field
	from   []int      // axes of field i: axes[from[i]:from[i+1]]
	width  int        // accumulators: one for each dimension, then the packed places
	dims   []planDim
	tested []int // outcomes that are evaluated at every scoring: what the tables do not hold
	// inquiries are made for the short way alone.
	inquiries []inquiry
}

// axisKind says how a value's class is found.
type axisKind uint8

const (
	presence   axisKind = iota // known or not
	flags                      // true or false
	numbers                    // between cuts
	texts                      // one of some texts
	moments                    // between moments
	ages                       // between ages, at the moment of the scoring
	tests                      // what a test says of it: contains, has any, matches …
	knownClass = 1             // the first class of values that are known; 0 is missing
)

// planAxis is one way to cut the values of a field into classes.
type planAxis struct {
	slot    int
	kind    axisKind
	cuts    []float64
	times   []int64
	texts   *classes.Texts
	test    *cond.Node
	size    int       // classes
	targets []int32   // the accumulators that its rows are added to; none: it is there for inquiries
	rows    []micro.M // by class: what is added to each target
	unknown int       // rules without an answer while the field is missing
}

// class gives the class of the field's value at a moment.
func (a *planAxis) class(s *cond.Slot, at int64) int {
	if s.State.Missing() {
		return 0
	}
	switch a.kind {
	case numbers:
		return a.number(s.Num)
	case texts:
		return knownClass + a.texts.Class(s.Text)
	case flags:
		return knownClass + ordinal(s.Flag)
	case moments, ages:
		return a.moment(s.Time, at)
	case tests:
		return knownClass + ordinal(holds(a.test, s))
	}
	return knownClass
}

// holds gives a test's answer to a known value.
func holds(test *cond.Node, s *cond.Slot) bool {
	if test.Args[0].Type == cond.List {
		return test.HoldsItems(s.List)
	}
	return test.HoldsText(s.Text)
}

// fewCuts is up to how many cuts counting them in place is quickest: a call
// costs as much as the work.
const fewCuts = 8

func (a *planAxis) number(v float64) int {
	if len(a.cuts) > fewCuts {
		return knownClass + classes.Count(a.cuts, v)
	}
	class := knownClass
	for _, c := range a.cuts {
		class += ordinal(c <= v)
	}
	return class
}

func (a *planAxis) moment(t, at int64) int {
	switch a.kind {
	case moments:
		return knownClass + classes.Count(a.times, t)
	case ages:
		return knownClass + classes.Count(a.times, at-t)
	}
	return knownClass
}

// ordinal is one for true; it compiles to no branch.
func ordinal(b bool) int {
	if b {
		return 1
	}
	return 0
}

// row is what a class brings to the targets.
func (a *planAxis) row(class int) []micro.M {
	n := len(a.targets)
	return a.rows[class*n : class*n+n]
}

// planDim is one dimension's part of the plan.
type planDim struct {
	composites []composite
	single     []int // groups that are evaluated as they stand
	statics    []planStatic
	loose      []int // groups of single that read more than one field, or more than fields
	tries      []micro.M
}

// form tells which form a group has.
func (p *planDim) form(group int) Form {
	if _, single := slices.BinarySearch(p.single, group); single {
		return FormTree
	}
	if p.composite(group) >= 0 {
		return FormLookUp
	}
	return FormRow
}

// composite is a group that is looked up by the classes of several axes.
type composite struct {
	group   int
	word    int32 // the accumulator that its place is packed in
	shift   uint8
	mask    int64
	parts   []compositePart
	entries []compositeEntry
}

// compositePart is the part of the place that one axis brings: it stands in
// one target of the axis' rows. Class i brings i·stride.
type compositePart struct {
	axis, target int
	slot         int
	stride, size int
	draft        *draft // until the axes are made
}

// compositeEntry is what the group earns, and how many of its rules have no
// answer. Where fields are missing, low and high are what the range has beside
// the points. A group that joins a static is taken together with it: then they
// are what the two have, if no other group joins.
type compositeEntry struct {
	points, low, high micro.M
	unknown           int32
	joins             int32 // place of the static in planDim.statics, -1: it stands by itself
	cost              int32 // of one evaluation, as in axis.spread
	tries             int32 // place in planDim.tries of its points by what the static tries, -1: not prepared
}

// place gives the place of the group's entry.
func (c *composite) place(acc []micro.M) int { return c.unpack(acc[c.word]) }

// unpack takes the composite's bits from what an accumulator holds.
func (c *composite) unpack(packed micro.M) int { return int(int64(packed) >> c.shift & c.mask) }

// of gives the axes of a field.
func (p *plan) of(field int) []planAxis { return p.axes[p.from[field]:p.from[field+1]] }

// add adds up what the classes of a field's value bring.
func (p *plan) add(sums []micro.M, field int, slot *cond.Slot, at int64) {
	axes := p.of(field)
	for i := range axes {
		if len(axes[i].targets) > 0 {
			axes[i].add(sums, axes[i].class(slot, at))
		}
	}
}

// total adds up what the values of a scratch bring.
func (p *plan) total(s *scratch) {
	for _, i := range s.m.read {
		p.add(s.sums, i, &s.env.Accounts[i], s.env.At)
	}
}

// add adds what a class brings.
func (a *planAxis) add(sums []micro.M, class int) {
	row := a.rows[class*len(a.targets):]
	for j, t := range a.targets {
		sums[t] += row[j]
	}
}

// run works out dimension i as [dimension.run] does.
func (p *planDim) run(d *dimension, s *scratch, i int) {
	o := &s.dims[i]
	sum := s.sums[i]
	l, joined := p.lookUp(s.sums, s.joiners[:0])
	sum += l.points
	for _, g := range p.single {
		gr := &d.groups[g]
		points, _ := gr.eval(&s.env, s, s.outs[gr.index:gr.index+len(gr.rules)])
		s.points[d.first+g] = certain(points)
		sum += points
	}
	o.sum = certain(sum)
	if s.open {
		o.sum.low, o.sum.high = sum+l.low, sum+l.high
		o.sum, joined, _ = p.spread(d, s.env.Open, s, joined, o.sum)
	}
	s.joiners = joined
	if d.contacts != nil {
		o.sum = o.sum.add(certain(s.rollup.points)).add(certain(s.rollup.bonus))
	}
	d.finish(s, o)
}

// unknowns counts the rules without an answer.
func (p *plan) unknowns(s *scratch) int {
	n := 0
	for _, i := range p.tested {
		if s.outs[i].truth == cond.Unknown {
			n++
		}
	}
	if s.open {
		n += p.unanswered(s.sums, s.env.Open)
	}
	return n
}

// unanswered counts the rules in the tables that are without an answer.
func (p *plan) unanswered(sums []micro.M, open []bool) int {
	n := 0
	for i := range p.axes {
		if open[p.axes[i].slot] {
			n += p.axes[i].unknown
		}
	}
	for d := range p.dims {
		for c := range p.dims[d].composites {
			k := &p.dims[d].composites[c]
			n += int(k.entries[k.place(sums)].unknown)
		}
	}
	return n
}
