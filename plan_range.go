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

// gaps is what an account misses, with the sums of what it has.
type gaps struct {
	plan *plan
	sums []micro.M
	open []bool // by field
}

// spread gives the sum with the least and the most that it could be. Without a
// scratch it gives up where the tables are not enough. It collects the groups
// that are taken together in the memory of joined, and gives it back.
func (p *planDim) spread(d *dimension, v *gaps, s *scratch, joined []int, sum span) (_ span, _ []int, ok bool) {
	// Groups that have but one open field join the axis of that field, if it
	// takes them. All others that have an open field stand for themselves.
	for c := range p.composites {
		k := &p.composites[c]
		slot, several := d.groups[k.group].openSlot(v.open)
		switch {
		case slot < 0:
		case !several && d.joint(slot, k.group):
			joined = append(joined, k.group)
		default:
			entry := &k.entries[k.place(v.sums)]
			sum.low += entry.low - entry.points
			sum.high += entry.high - entry.points
		}
	}
	for _, g := range p.loose {
		gr := &d.groups[g]
		slot, several := gr.openSlot(v.open)
		switch {
		case slot < 0:
		case !several && d.joint(slot, g):
			joined = append(joined, g)
		default:
			low, high := gr.spread(&s.env, s.outs[gr.index:])
			sum.low += low - s.points[d.first+g].at
			sum.high += high - s.points[d.first+g].at
		}
	}
	for i := range p.statics {
		st := &p.statics[i]
		if !v.open[st.slot] {
			continue
		}
		sum.low += st.free.low - st.free.at
		sum.high += st.free.high - st.free.at
		if st.axis < 0 {
			continue
		}
		together, ok := p.together(st, d, v, s, joined)
		if !ok {
			return sum, joined, false
		}
		sum.low += together.low - together.at
		sum.high += together.high - together.at
	}
	return sum, joined, true
}

// together gives what the groups that join an axis come to.
func (p *planDim) together(st *planStatic, d *dimension, v *gaps, s *scratch, joined []int) (_ span, ok bool) {
	a := &d.axes[st.axis]
	sum, found, tabled, cost := st.joint.at, false, st.table >= 0, st.cost
	for _, g := range joined {
		gr := &d.groups[g]
		if slot, _ := gr.openSlot(v.open); slot != st.slot {
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
		sum += c.entries[c.place(v.sums)].points
	}
	switch {
	case !found:
		return st.joint, true
	case tabled && cost*len(a.samples) <= maxJoint:
		low, high := p.sweep(st, a, d, v, joined)
		return span{sum, low, high}, true
	case s == nil:
		return span{}, false
	}
	// The groups that are looked up have left no outcome.
	for _, g := range joined {
		if gr := &d.groups[g]; p.composite(g) != nil {
			gr.eval(&s.env, s, s.outs[gr.index:gr.index+len(gr.rules)])
		}
	}
	low, high := a.spread(d, s)
	return span{sum, low, high}, true
}

func (p *planDim) composite(group int) *composite {
	i, ok := slices.BinarySearchFunc(p.composites, group, func(c composite, group int) int { return c.group - group })
	if !ok {
		return nil
	}
	return &p.composites[i]
}

// sweep tries every class of the missing field on the tables.
func (p *planDim) sweep(st *planStatic, a *axis, d *dimension, v *gaps, joined []int) (low, high micro.M) {
	axis := &v.plan.axes[st.table]
	missing := axis.row(0)
	var h hull
	for _, class := range st.tried {
		row := axis.row(class)
		sum := micro.M(0)
		if st.target >= 0 {
			sum = row[st.target]
		}
		for _, g := range joined {
			if slot, _ := d.groups[g].openSlot(v.open); slot != st.slot {
				continue
			}
			c := p.composite(g)
			place := c.place(v.sums)
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
