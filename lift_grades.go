package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// A test of a grade says yes or no, and not how far the points are from there.
// The search needs that, so in its goals the tests of grades are tests of
// points.

// Bounds of what a test of a grade is made of: the boxes of points in which it
// holds, and the grades that are looked at to find them.
const (
	maxGradeBoxes = 64
	maxGradings   = 1 << 10
)

// byPoints gives the tiers with tests of points in place of those of grades.
func (m *Model) byPoints(tiers []tier) []tier {
	if len(m.grades) == 0 {
		return tiers
	}
	tiers = slices.Clone(tiers)
	for i := range tiers {
		t := &tiers[i]
		t.when, t.held = m.pointsOf(t.when), m.pointsOf(t.held)
	}
	return tiers
}

// pointsOf gives a condition in which tests of grades are tests of points. It
// gives the condition itself where there are none, and keeps a test that would
// take too many of them.
func (m *Model) pointsOf(n *cond.Node) *cond.Node {
	if n == nil {
		return nil
	}
	switch n.Op {
	case cond.And, cond.Or, cond.Not:
		args := make([]*cond.Node, len(n.Args))
		for i, a := range n.Args {
			args[i] = m.pointsOf(a)
		}
		if slices.Equal(args, n.Args) {
			return n
		}
		made := *n
		made.Args = args
		return &made
	}
	var list []*cond.Node
	boxes := m.gradeBoxes(n)
	for _, b := range boxes {
		if in := b.node(m); in != nil {
			list = append(list, in)
		}
	}
	if len(list) == 0 || len(list) < len(boxes) {
		return n
	}
	return several(cond.Or, list)
}

// several joins conditions.
func several(op cond.Op, list []*cond.Node) *cond.Node {
	if len(list) == 1 {
		return list[0]
	}
	return &cond.Node{Op: op, Type: cond.Bool, Args: list}
}

// stretch is points that have one grade, ends included.
type stretch struct {
	low, high micro.M
	place     int
}

// stretches cuts all points into those of one grade each, from the least.
func (g *grading) stretches() []stretch {
	list := []stretch{{micro.Min, micro.Max, g.letter(micro.Min)}}
	for _, p := range g.turns() {
		last := &list[len(list)-1]
		if place := g.letter(p); place != last.place {
			last.high = p - 1
			list = append(list, stretch{p, micro.Max, place})
		}
	}
	return list
}

// gradeBox is some points of each graded dimension. It is as large as can be,
// so that it bounds them from above only where more of them would not do.
type gradeBox []gradeSide

// gradeSide is points of a dimension, from one end to the other. Its stretches
// are counted.
type gradeSide struct {
	dim       int
	from, to  int
	stretches []stretch
}

// node is the test that the points are in the box, nil where all are.
func (b gradeBox) node(m *Model) *cond.Node {
	var all []*cond.Node
	for _, side := range b {
		name := m.dims[side.dim].name
		if low := side.stretches[side.from].low; low > micro.Min {
			all = append(all, gradeAxis{dim: side.dim, edge: low}.node(name))
		}
		if high := side.stretches[side.to].high; high < micro.Max {
			all = append(all, gradeAxis{dim: side.dim, edge: high, down: true}.node(name))
		}
	}
	if len(all) == 0 {
		return nil
	}
	return several(cond.And, all)
}

// gradeBoxes gives the points for which a test of a grade and constants holds:
// none for another test, and for one that would take too many boxes.
func (m *Model) gradeBoxes(n *cond.Node) []gradeBox {
	grade := -1
	for _, a := range n.Args {
		switch {
		case a.Op == cond.Grade && grade < 0:
			grade = a.Slot
		case a.Op != cond.Const:
			return nil
		}
	}
	var all gradeBox
	size := 1
	for i := range m.grades {
		if grade == 0 || grade == 1+i {
			side := gradeSide{dim: m.grades[i].dim, stretches: m.grades[i].stretches()}
			all, size = append(all, side), size*len(side.stretches)
		}
		if size > maxGradings {
			return nil
		}
	}
	if len(all) == 0 {
		return nil
	}
	// Whether it holds, by the stretches of each side: those of the last go
	// fastest.
	e := cond.Env{Grades: make([]string, 1+len(m.grades))}
	holds := make([]bool, size)
	for i := range holds {
		if joined, b := 0, all.at(i); grade == 0 {
			for g, side := range b {
				joined = joined*(len(m.grades[g].src.Steps)+1) + side.stretches[side.from].place
			}
			e.Grades[0] = m.joined[joined]
		} else {
			e.Grades[grade] = m.grades[grade-1].name(b[0].stretches[b[0].from].place)
		}
		holds[i] = n.Truth(&e) == cond.True
	}
	var boxes []gradeBox
	for i := range holds {
		b := all.at(i)
		if !holds[i] || slices.ContainsFunc(boxes, func(o gradeBox) bool { return o.covers(b) }) {
			continue
		}
		b.grow(holds)
		if boxes = append(boxes, b); len(boxes) > maxGradeBoxes {
			return nil
		}
	}
	return boxes
}

// at gives the box of one stretch of each side.
func (b gradeBox) at(place int) gradeBox {
	b = slices.Clone(b)
	for g := range slices.Backward(b) {
		n := len(b[g].stretches)
		b[g].from, b[g].to = place%n, place%n
		place /= n
	}
	return b
}

// grow makes the box as large as it can be, more points first.
func (b gradeBox) grow(holds []bool) {
	for g := range b {
		side := &b[g]
		for side.to++; side.to < len(side.stretches) && b.full(holds, 0, 0); side.to++ {
		}
		side.to--
		for side.from--; side.from >= 0 && b.full(holds, 0, 0); side.from-- {
		}
		side.from++
	}
}

// full tells whether the test holds everywhere in the box, from side g on.
func (b gradeBox) full(holds []bool, g, place int) bool {
	if g == len(b) {
		return holds[place]
	}
	for k := b[g].from; k <= b[g].to; k++ {
		if !b.full(holds, g+1, place*len(b[g].stretches)+k) {
			return false
		}
	}
	return true
}

func (b gradeBox) covers(o gradeBox) bool {
	for g := range b {
		if o[g].from < b[g].from || o[g].to > b[g].to {
			return false
		}
	}
	return true
}
