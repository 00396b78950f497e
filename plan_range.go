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
	base          []micro.M // what the rows bring of each that is tried
}

// joiner is a group that is taken together with a static and with all others
// that join it: a composite at a place, or a group that is in no table.
type joiner struct {
	static, group    int32
	composite, place int32 // composite -1: none
}

// lookedUp is what composites come to.
type lookedUp struct {
	points    micro.M
	low, high micro.M // beside the points, of those that stand by themselves
	unknown   int
}

// lookUp looks the composites up, and collects those that join a static in the
// memory of joined.
func (p *planDim) lookUp(sums []micro.M, joined []joiner) (lookedUp, []joiner) {
	var l lookedUp
	for c := range p.composites {
		k := &p.composites[c]
		place := k.place(sums)
		e := &k.entries[place]
		l.points += e.points
		l.unknown += int(e.unknown)
		if e.joins >= 0 {
			joined = append(joined, joiner{e.joins, int32(k.group), int32(c), int32(place)})
			continue
		}
		l.low += e.low
		l.high += e.high
	}
	return l, joined
}

// spread takes a sum, that of composites which stand by themselves included, to
// the least and the most that it could be. Without a scratch it gives up where
// the tables are not enough. It adds to joined, and gives its memory back.
func (p *planDim) spread(d *dimension, open []bool, s *scratch, joined []joiner, sum span) (_ span, _ []joiner, ok bool) {
	// Groups that have but one open field join the axis of that field, if it
	// takes them. All others that have an open field stand for themselves.
	for _, g := range p.loose {
		gr := &d.groups[g]
		slot, several := gr.openSlot(open)
		switch {
		case slot < 0:
		case !several && d.joint(slot, g):
			joined = append(joined, joiner{int32(p.static(slot)), int32(g), -1, 0})
		default:
			low, high := gr.spread(&s.env, s.outs[gr.index:])
			sum.low += low - s.points[d.first+g].at
			sum.high += high - s.points[d.first+g].at
		}
	}
	for i := range p.statics {
		st := &p.statics[i]
		if !open[st.slot] {
			continue
		}
		low, high, ok := p.gap(int32(i), d, s, joined)
		if !ok {
			return sum, joined, false
		}
		sum.low += low
		sum.high += high
	}
	return sum, joined, true
}

// static gives the place of what depends on a field alone, -1 for none.
func (p *planDim) static(slot int) int {
	i, ok := slices.BinarySearchFunc(p.statics, slot, func(st planStatic, slot int) int { return st.slot - slot })
	if !ok {
		return -1
	}
	return i
}

// gap gives what a missing field takes off the least and adds to the most,
// with all that joins its static.
func (p *planDim) gap(static int32, d *dimension, s *scratch, joined []joiner) (low, high micro.M, ok bool) {
	st := &p.statics[static]
	low, high = st.free.low-st.free.at, st.free.high-st.free.at
	if st.axis < 0 {
		return low, high, true
	}
	var memory [swept]*compositeEntry
	mine := memory[:0]
	prepared := true
	for i := range joined {
		if j := &joined[i]; j.static == static {
			e := p.entry(j)
			if prepared = e != nil && e.joins == static && len(mine) < len(memory); !prepared {
				break
			}
			mine = append(mine, e)
		}
	}
	if prepared && len(mine) == 0 {
		return low + st.joint.low - st.joint.at, high + st.joint.high - st.joint.at, true
	}
	if prepared {
		if l, h, ok := p.prepared(d, st, mine); ok {
			return low + l, high + h, true
		}
	}
	together, ok := p.together(static, d, s, joined)
	return low + together.low - together.at, high + together.high - together.at, ok
}

// prepared gives what the composites that join a static take off the least and
// add to the most together with it, if their tables tell.
func (p *planDim) prepared(d *dimension, st *planStatic, mine []*compositeEntry) (low, high micro.M, ok bool) {
	cost, at, ok := st.cost, st.joint.at, true
	for _, e := range mine {
		cost += int(e.cost)
		at += e.points
		ok = ok && e.tries >= 0
	}
	switch {
	case !ok:
	case len(mine) == 1:
		return mine[0].low, mine[0].high, true
	case cost*len(d.axes[st.axis].samples) <= maxJoint:
		least, most := p.sweep(st.base, mine)
		slack := d.axes[st.axis].slack
		return least - slack - at, most + slack - at, true
	}
	return 0, 0, false
}

// entry gives the entry of a composite that joins, nil for another group.
func (p *planDim) entry(j *joiner) *compositeEntry {
	if j.composite < 0 {
		return nil
	}
	return &p.composites[j.composite].entries[j.place]
}

// together gives what the groups that join a static come to, where nothing of
// that is prepared.
func (p *planDim) together(static int32, d *dimension, s *scratch, joined []joiner) (_ span, ok bool) {
	if s == nil {
		return span{}, false
	}
	st := &p.statics[static]
	a := &d.axes[st.axis]
	at, tabled, cost := st.joint.at, st.table >= 0, st.cost
	for i := range joined {
		j := &joined[i]
		if j.static != static {
			continue
		}
		cost += d.groups[j.group].cost()
		if e := p.entry(j); e != nil {
			at += e.points
		} else {
			at += s.points[d.first+int(j.group)].at
			tabled = false
		}
	}
	if tabled && cost*len(a.samples) <= maxJoint {
		sums := append(s.tried[:0], st.base...)
		for i := range joined {
			if j := &joined[i]; j.static == static {
				p.composites[j.composite].try(sums, int(j.place), st, &s.m.plan.axes[st.table])
			}
		}
		s.tried = sums
		return span{at, slices.Min(sums) - a.slack, slices.Max(sums) + a.slack}, true
	}
	// What is looked up has left no outcome.
	for i := range joined {
		if gr := &d.groups[joined[i].group]; joined[i].composite >= 0 {
			gr.eval(&s.env, s, s.outs[gr.index:gr.index+len(gr.rules)])
		}
	}
	low, high := a.spread(d, s)
	return span{at, low, high}, true
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

// swept is how many groups that join a static are swept.
const swept = 8

// sweep gives the least and the most that a static and the composites that join
// it come to, over all that is tried.
func (p *planDim) sweep(base []micro.M, joined []*compositeEntry) (low, high micro.M) {
	low, high = micro.Max, micro.Min
	first, second := p.tries[joined[0].tries:][:len(base)], p.tries[joined[1].tries:][:len(base)]
	for i, sum := range base {
		sum += first[i] + second[i]
		for _, e := range joined[2:] {
			sum += p.tries[int(e.tries)+i]
		}
		low, high = min(low, sum), max(high, sum)
	}
	return low, high
}
