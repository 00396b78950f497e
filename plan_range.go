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

// joiner is a group that has but one open field, and is taken together with
// all others that have only that.
type joiner struct {
	slot, group int32
	composite   int32 // in planDim.composites, -1: the group is in no table
}

// spread gives the sum with the least and the most that it could be. Without a
// scratch it gives up where the tables are not enough. It collects the groups
// that are taken together in the memory of joined, and gives it back.
func (p *planDim) spread(d *dimension, v *gaps, s *scratch, joined []joiner, sum span) (_ span, _ []joiner, ok bool) {
	// Groups that have but one open field join the axis of that field, if it
	// takes them. All others that have an open field stand for themselves.
	for c := range p.composites {
		k := &p.composites[c]
		open, joins := k.gap(v.open)
		switch {
		case open == nil:
		case joins:
			joined = append(joined, joiner{int32(open.slot), int32(k.group), int32(c)})
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
			joined = append(joined, joiner{int32(slot), int32(g), -1})
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

// compositeRead is a field that a composite reads.
type compositeRead struct {
	slot  int
	joins bool // the group is taken together over it
}

// gap gives an open field that the composite reads, nil for none, and whether
// the group joins all others that have only that.
func (c *composite) gap(open []bool) (gap *compositeRead, joins bool) {
	for i := range c.reads {
		if r := &c.reads[i]; open[r.slot] {
			if gap != nil {
				return gap, false
			}
			gap = r
		}
	}
	return gap, gap != nil && gap.joins
}

// together gives what the groups that join an axis come to.
func (p *planDim) together(st *planStatic, d *dimension, v *gaps, s *scratch, joined []joiner) (_ span, ok bool) {
	a := &d.axes[st.axis]
	sum, found, tabled, cost := st.joint.at, false, st.table >= 0, st.cost
	for _, j := range joined {
		if int(j.slot) != st.slot {
			continue
		}
		found = true
		cost += d.groups[j.group].cost()
		if j.composite < 0 {
			tabled = false
			sum += s.points[d.first+int(j.group)].at
			continue
		}
		c := &p.composites[j.composite]
		sum += c.entries[c.place(v.sums)].points
	}
	switch {
	case !found:
		return st.joint, true
	case tabled && cost*len(a.samples) <= maxJoint:
		low, high := p.sweep(st, a.slack, v, joined)
		return span{sum, low, high}, true
	case s == nil:
		return span{}, false
	}
	// The groups that are looked up have left no outcome.
	for _, j := range joined {
		if gr := &d.groups[j.group]; j.composite >= 0 {
			gr.eval(&s.env, s, s.outs[gr.index:gr.index+len(gr.rules)])
		}
	}
	low, high := a.spread(d, s)
	return span{sum, low, high}, true
}

// composite gives the place of a group among those that are looked up, -1 for
// none.
func (p *planDim) composite(group int) int {
	i, ok := slices.BinarySearchFunc(p.composites, group, func(c composite, group int) int { return c.group - group })
	if !ok {
		return -1
	}
	return i
}

// swept is how many classes are tried at a time.
const swept = 32

// sweep tries every class of the missing field on the tables.
func (p *planDim) sweep(st *planStatic, slack micro.M, v *gaps, joined []joiner) (low, high micro.M) {
	axis := &v.plan.axes[st.table]
	var h hull
	for tried := st.tried; len(tried) > 0; {
		now := tried[:min(swept, len(tried))]
		tried = tried[len(now):]
		var sums [swept]micro.M
		if st.target >= 0 {
			for i, class := range now {
				sums[i] = axis.row(class)[st.target]
			}
		}
		for _, j := range joined {
			if int(j.slot) == st.slot {
				p.composites[j.composite].sweep(&sums, axis, st.table, now, v.sums)
			}
		}
		for i := range now {
			h.add(sums[i])
		}
	}
	return h.low - slack, h.high + slack
}

// sweep adds what the composite earns where the missing field is of each class.
func (c *composite) sweep(sums *[swept]micro.M, axis *planAxis, table int, tried []int, acc []micro.M) {
	target := 0
	for _, part := range c.parts {
		if part.axis == table {
			target = part.target
		}
	}
	rest := c.place(acc) - c.unpack(axis.row(0)[target])
	for i, class := range tried {
		sums[i] += c.entries[rest+c.unpack(axis.row(class)[target])].points
	}
}
