package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/internal/micro"
)

// The range of a dimension from its tables. It gives what dimension.spread
// gives: groups over one and the same missing field are taken together.

// planStatic is what the groups of a dimension that read one field and nothing
// else come to while it is missing.
type planStatic struct {
	slot int
	free span // of groups that take their own interval
	// Of groups that are taken together: at is theirs, low and high the least
	// and the most of all classes.
	joint span
	axis  int // of dimension.axes, -1: none is taken together
	cost  int // of one evaluation of these, as in axis.spread
	// The plan's axis that holds all that are taken together, -1: there is
	// none; the target of the dimension's sum, -1: none; and the classes of the
	// values that the range tries.
	table, target int
	tried         []int
}

// spread gives the sum with the least and the most that it could be.
func (p *planDim) spread(d *dimension, s *scratch, sum span) span {
	e := &s.env
	// Groups that have but one open field join the axis of that field, if it
	// takes them. All others that have an open field stand for themselves.
	joined := s.joiners[:0]
	for c := range p.composites {
		k := &p.composites[c]
		slot, several := d.groups[k.group].openSlot(e)
		switch {
		case slot < 0:
		case !several && d.joint(slot, k.group):
			joined = append(joined, k.group)
		default:
			entry := &k.entries[k.place(s.sums)]
			sum.low += entry.low - entry.points
			sum.high += entry.high - entry.points
		}
	}
	for _, g := range p.loose {
		gr := &d.groups[g]
		slot, several := gr.openSlot(e)
		switch {
		case slot < 0:
		case !several && d.joint(slot, g):
			joined = append(joined, g)
		default:
			low, high := gr.spread(e, s.outs[gr.index:])
			sum.low += low - s.points[d.first+g].at
			sum.high += high - s.points[d.first+g].at
		}
	}
	s.joiners = joined
	for i := range p.statics {
		st := &p.statics[i]
		if !e.Open[st.slot] {
			continue
		}
		sum.low += st.free.low - st.free.at
		sum.high += st.free.high - st.free.at
		if st.axis < 0 {
			continue
		}
		together := p.together(st, d, s)
		sum.low += together.low - together.at
		sum.high += together.high - together.at
	}
	return sum
}

// together gives what the groups that join an axis come to.
func (p *planDim) together(st *planStatic, d *dimension, s *scratch) span {
	e := &s.env
	a := &d.axes[st.axis]
	sum, found, tabled, cost := st.joint.at, false, st.table >= 0, st.cost
	for _, g := range s.joiners {
		gr := &d.groups[g]
		if slot, _ := gr.openSlot(e); slot != st.slot {
			continue
		}
		found = true
		cost += gr.cost()
		c := p.composite(g)
		if c == nil {
			tabled = false
			sum += s.points[d.first+g].at
			continue
		}
		sum += c.entries[c.place(s.sums)].points
	}
	switch {
	case !found:
		return st.joint
	case tabled && cost*len(a.samples) <= maxJoint:
		low, high := p.sweep(st, a, d, s)
		return span{sum, low, high}
	}
	// The groups that are looked up have left no outcome.
	for _, g := range s.joiners {
		if gr := &d.groups[g]; p.composite(g) != nil {
			gr.eval(e, s, s.outs[gr.index:gr.index+len(gr.rules)])
		}
	}
	low, high := a.spread(d, s)
	return span{sum, low, high}
}

func (p *planDim) composite(group int) *composite {
	i, ok := slices.BinarySearchFunc(p.composites, group, func(c composite, group int) int { return c.group - group })
	if !ok {
		return nil
	}
	return &p.composites[i]
}

// sweep tries every class of the missing field on the tables.
func (p *planDim) sweep(st *planStatic, a *axis, d *dimension, s *scratch) (low, high micro.M) {
	axis := &s.m.plan.axes[st.table]
	missing := axis.row(0)
	var h hull
	for _, class := range st.tried {
		row := axis.row(class)
		sum := micro.M(0)
		if st.target >= 0 {
			sum = row[st.target]
		}
		for _, g := range s.joiners {
			if slot, _ := d.groups[g].openSlot(&s.env); slot != st.slot {
				continue
			}
			c := p.composite(g)
			place := c.place(s.sums)
			for _, part := range c.parts {
				if part.axis == st.table {
					place += c.unpack(row[part.target]) - c.unpack(missing[part.target])
				}
			}
			sum += c.entries[place].points
		}
		h.add(sum)
	}
	return h.low - a.slack, h.high + a.slack
}
