package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Some terms are made of others: a grade of its dimension's points, the length
// of a list of the list, a test of a text of the text. A combination of their
// values in which the one does not follow from the other is no account.

// link says which values of two terms of a question, by their index there, can
// stand together.
type link struct {
	a, b  int
	agree func(a, b cond.Slot) bool
}

// links are those of one question.
type links []link

// allow tells whether the values that the terms up to the i-th have now can
// stand together.
func (k links) allow(e *cond.Env, reads []int, i int) bool {
	for _, link := range k {
		if max(link.a, link.b) == i && !link.agree(e.Accounts[reads[link.a]], e.Accounts[reads[link.b]]) {
			return false
		}
	}
	return true
}

// made is what a term is made of.
type made struct {
	of     string    // the key of the other term; empty: of none
	bounds []float64 // that cut the other one, for each class to have one value here
	// agree tells whether the values can stand together; whole is the texts of
	// the other term that are alone in their class.
	agree func(of, is cond.Slot, whole []string) bool
	test  *cond.Node // of a text, whose truth it is; nil: it is something else
}

// links finds the terms that are made of another one of the question, and
// those of the log that hang together.
func (l *logic) links(reads []int, all []cuts) links {
	found := l.link(reads, all)
	for i, t := range reads {
		m := &l.terms[t].made
		found = append(found, l.tests(reads, i)...)
		of, ok := l.index[m.of]
		j, read := slices.BinarySearch(reads, of)
		if m.of == "" || !ok || !read {
			continue
		}
		all[j].nums = append(slices.Clip(all[j].nums), m.bounds...)
		whole := slices.Clone(all[j].texts)
		found = append(found, link{j, i, func(of, is cond.Slot) bool { return m.agree(of, is, whole) }})
	}
	return found
}

// tests links a test of a text with those before it that follow from it, or that
// it follows from.
func (l *logic) tests(reads []int, i int) []link {
	var found []link
	b := &l.terms[reads[i]].made
	for j, t := range reads[:i] {
		a := &l.terms[t].made
		if a.test == nil || b.test == nil || a.of != b.of {
			continue
		}
		if up, down := entails(a.test, b.test), entails(b.test, a.test); up || down {
			found = append(found, link{j, i, func(a, b cond.Slot) bool {
				return a.State == b.State && !(up && a.Flag && !b.Flag) && !(down && b.Flag && !a.Flag)
			}})
		}
	}
	return found
}

// maxLinkedSteps bounds the steps of a grading that is tried together with the
// points of its dimension.
const maxLinkedSteps = 32

// grade says what a grade is made of: the points of its dimension, where it is
// of one.
func (a *abstraction) grade(slot int) made {
	grades := a.s.m.grades
	switch {
	case slot > 0:
		slot--
	case len(grades) != 1:
		return made{}
	}
	g := &grades[slot]
	if len(g.src.Steps) > maxLinkedSteps {
		return made{}
	}
	points := &cond.Node{Op: cond.Metric, Type: cond.Number, Slot: dsl.MetricDimension + g.dim}
	m := made{of: a.termKey(points), agree: func(of, is cond.Slot, _ []string) bool {
		return g.name(g.letter(micro.Of(of.Num))) == is.Text
	}}
	for i := range g.steps.entries {
		e := &g.steps.entries[i]
		m.bounds = append(m.bounds, e.lo, e.hi)
	}
	return m
}

// length says what the length of a list is made of.
func (a *abstraction) length(list *cond.Node) made {
	if list.Type != cond.List {
		return made{}
	}
	return made{of: a.termKey(list), agree: func(of, is cond.Slot, _ []string) bool {
		if of.State != cond.Known || is.State != cond.Known {
			return of.State == is.State
		}
		return (len(of.List) == 0) == (is.Num == 0)
	}}
}

// testOf says what the truth of a test of a text field is made of: of a text
// that conditions name it is known, of all others it could be either.
func (a *abstraction) testOf(n *cond.Node) made {
	switch n.Op {
	case cond.Contains, cond.Starts, cond.Ends, cond.HasWord:
	default:
		return made{}
	}
	x := n.Args[0]
	if len(n.Args) != 2 || x.Op != cond.Field || x.Type != cond.Text || x.Space == cond.Computed || n.Args[1].Op != cond.Const {
		return made{}
	}
	test := with(n, &cond.Node{Op: cond.Field, Type: cond.Text}, n.Args[1])
	return made{of: a.termKey(x), test: n, agree: func(of, is cond.Slot, whole []string) bool {
		if of.State != cond.Known || is.State != cond.Known {
			return of.State == is.State
		}
		if !slices.Contains(whole, of.Text) {
			return true
		}
		return test.Truth(&cond.Env{Accounts: []cond.Slot{of}}) == cond.Of(is.Flag)
	}}
}

// order is a comparison of two values of which none is constant: a term that
// says which is greater, or zero. What is compared with itself is equal.
func (a *abstraction) order(n *cond.Node) *cond.Node {
	x, y, op := a.key(n.Args[0]), a.key(n.Args[1]), n.Op
	if x > y {
		x, y, op = y, x, op.Mirrored()
	}
	t := term{typ: cond.Number, missing: true}
	if x == y {
		t.step = 1 // from zero to zero
	}
	is := with(n, a.term("order "+x+" "+y, func() term { return t }, cond.Number, &cuts{nums: []float64{0}}), &cond.Node{Op: cond.Const, Type: cond.Number})
	is.Op = op
	return is
}

// maxVetDays bounds the days of an age whose microseconds can be counted.
const maxVetDays = 1e6

// age is the term of how long ago a time is, in microseconds, below zero for
// the future.
func (a *abstraction) age(time *cond.Node, at ...int64) *cond.Node {
	return a.term("age "+a.key(time), func() term { return term{typ: cond.Time, missing: true} }, cond.Time, &cuts{times: at})
}

// daysTest makes an interval of the age of a comparison of whole days with a
// constant, so that it is one with `within`; nil where it is no such
// comparison.
func (a *abstraction) daysTest(n *cond.Node) *cond.Node {
	x, y := n.Args[0], n.Args[1]
	if x.Op != cond.Days || y.Op != cond.Const || !(y.Num > -maxVetDays && y.Num < maxVetDays) {
		return nil
	}
	return a.daysFrom(x, n.Op, y.Num)
}

// wholeDays gives the age from which on days are counted, and that from which
// on there are more: both ends of the same day where days are whole.
func wholeDays(days float64) (first, next int64) {
	return int64(math.Ceil(days)) * cond.Day, (int64(math.Floor(days)) + 1) * cond.Day
}

// daysFrom makes an interval of the age of a comparison of whole days.
func (a *abstraction) daysFrom(x *cond.Node, op cond.Op, days float64) *cond.Node {
	first, next := wholeDays(days)
	test := &cond.Node{Op: cond.Between, Type: cond.Bool, Lo: cond.Bound{Unbounded: true}, Hi: cond.Bound{Unbounded: true}}
	switch op {
	case cond.Ge:
		test.Lo = cond.Bound{Time: first}
	case cond.Gt:
		test.Lo = cond.Bound{Time: next}
	case cond.Lt:
		test.Hi = cond.Bound{Time: first, Open: true}
	case cond.Le:
		test.Hi = cond.Bound{Time: next, Open: true}
	default: // none where the days are not whole: first is next
		test.Lo, test.Hi = cond.Bound{Time: first}, cond.Bound{Time: next, Open: true}
	}
	test.Args = []*cond.Node{a.age(x.Args[0], first, next)}
	if op == cond.Ne {
		return &cond.Node{Op: cond.Not, Type: cond.Bool, Args: []*cond.Node{test}}
	}
	return test
}

// daysBetween is daysTest for an interval of days.
func (a *abstraction) daysBetween(n *cond.Node) *cond.Node {
	x := n.Args[0]
	if x.Op != cond.Days {
		return nil
	}
	var ends []*cond.Node
	for i, b := range [...]cond.Bound{n.Lo, n.Hi} {
		if b.Unbounded {
			continue
		}
		if !(b.Num > -maxVetDays && b.Num < maxVetDays) {
			return nil
		}
		op := [...]cond.Op{cond.Ge, cond.Le}[i]
		if b.Open {
			op = [...]cond.Op{cond.Gt, cond.Lt}[i]
		}
		ends = append(ends, a.daysFrom(x, op, b.Num))
	}
	return &cond.Node{Op: cond.And, Type: cond.Bool, Args: ends}
}
