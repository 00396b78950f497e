package accountscore

import (
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// trackedSums is what the tables of a plan come to for a tracked account: each
// value that changes takes away what it brought and adds what it brings.
type trackedSums struct {
	classes []int32 // by axis of the plan
	dims    []trackedDim
	looked  [][]lookedUp // by dimension and composite
	unknown int          // rules of the tables without an answer
	doubted []tableRef   // statics whose part of the range does not hold any more
}

// trackedDim is a dimension whose every rule is in the tables.
type trackedDim struct {
	points    micro.M // of the composites
	low, high micro.M // how far the range is from the sum
	statics   []trackedStatic
	stale     bool
}

// trackedStatic is what a static brings to the range.
type trackedStatic struct {
	low, high micro.M
	doubted   bool
}

// lookedUp is where a composite stands: its entry, and what is missing of what
// it reads.
type lookedUp struct {
	entry int32
	joins int32 // the one field that is missing, if the composite joins the others there
}

// What lookedUp.joins says besides.
const (
	allKnown = -1 - iota
	byItself
)

// tableRef names a composite or a static.
type tableRef struct{ dim, index int32 }

// tableReaders is what of a plan a change of each field reaches.
type tableReaders struct {
	pure       []bool       // dimensions whose every rule is in the tables
	composites [][]tableRef // by field
	statics    [][]tableRef // by field
	loose      []bool       // by field: something beside the tables reads it
}

func (m *Model) tableReaders() *tableReaders {
	n := len(m.fields)
	r := &tableReaders{pure: make([]bool, len(m.dims)), composites: make([][]tableRef, n), statics: make([][]tableRef, n), loose: make([]bool, n)}
	reads := func(slots []int) {
		for _, i := range slots {
			r.loose[i] = true
		}
	}
	node := func(n *cond.Node) { reads(m.slots(n)) }
	for i := range m.dims {
		d, pd := &m.dims[i], &m.plan.dims[i]
		r.pure[i] = len(pd.single) == 0 && len(d.scales) == 0 && d.contacts == nil
		for _, g := range pd.single {
			reads(d.groups[g].reads)
		}
		for _, s := range d.scales {
			reads(s.reads)
		}
		for c := range pd.composites {
			for _, read := range pd.composites[c].reads {
				r.composites[read.slot] = append(r.composites[read.slot], tableRef{int32(i), int32(c)})
				if !r.pure[i] {
					r.loose[read.slot] = true
				}
			}
		}
		for st := range pd.statics {
			slot := pd.statics[st].slot
			r.statics[slot] = append(r.statics[slot], tableRef{int32(i), int32(st)})
		}
	}
	for i := range m.lets {
		if m.lets[i].read {
			reads(m.lets[i].reads)
		}
	}
	for _, q := range m.disqualify {
		node(q.when)
	}
	for _, l := range append([]ladder{{"", m.tiers}}, m.ladders...) {
		for i := range l.tiers {
			node(l.tiers[i].when)
		}
	}
	return r
}

// initSums sums up what the account's values bring.
func (t *Tracker) initSums() {
	u, p := &t.sums, t.m.plan
	u.dims = make([]trackedDim, len(p.dims))
	u.looked = make([][]lookedUp, len(p.dims))
	for field := range t.m.fields {
		t.addRows(field, 1)
	}
	for d := range p.dims {
		u.dims[d] = trackedDim{stale: true, statics: make([]trackedStatic, len(p.dims[d].statics))}
		u.looked[d] = make([]lookedUp, len(p.dims[d].composites))
		for c := range p.dims[d].composites {
			t.lookUp(tableRef{int32(d), int32(c)})
		}
		for st := range u.dims[d].statics {
			t.doubt(int32(p.dims[d].statics[st].slot), int32(d))
		}
	}
}

// take takes what a field brings out of the sums.
func (t *Tracker) take(field int) {
	u, p := &t.sums, t.m.plan
	for _, ref := range t.guide.tables.composites[field] {
		d := &u.dims[ref.dim]
		c := &u.looked[ref.dim][ref.index]
		k := &p.dims[ref.dim].composites[ref.index]
		e := &k.entries[c.entry]
		d.points -= e.points
		u.unknown -= e.unknown
		switch {
		case c.joins == byItself:
			d.low -= e.low - e.points
			d.high -= e.high - e.points
		case c.joins >= 0:
			t.doubt(c.joins, ref.dim)
		}
	}
	t.addRows(field, -1)
}

// put puts what a field brings into the sums.
func (t *Tracker) put(field int) {
	t.addRows(field, 1)
	for _, ref := range t.guide.tables.composites[field] {
		t.lookUp(ref)
	}
}

// addRows adds what the classes of a field's value bring, or with -1 takes it
// away.
func (t *Tracker) addRows(field int, sign micro.M) {
	u, p := &t.sums, t.m.plan
	for i := p.from[field]; i < p.from[field+1]; i++ {
		a := &p.axes[i]
		row := a.row(int(u.classes[i]))
		for j, target := range a.targets {
			t.s.sums[target] += sign * row[j]
			if int(target) < len(u.dims) {
				u.dims[target].stale = true
			}
		}
		if u.classes[i] == 0 {
			u.unknown += int(sign) * a.unknown
		}
	}
}

// lookUp adds what a composite comes to.
func (t *Tracker) lookUp(ref tableRef) {
	d, c := &t.sums.dims[ref.dim], &t.sums.looked[ref.dim][ref.index]
	k := &t.m.plan.dims[ref.dim].composites[ref.index]
	c.entry = int32(k.place(t.s.sums))
	e := &k.entries[c.entry]
	d.points += e.points
	t.sums.unknown += e.unknown
	d.stale = true
	switch gap, joins := k.gap(t.s.env.Open); {
	case gap == nil:
		c.joins = allKnown
	case joins:
		c.joins = int32(gap.slot)
		t.doubt(c.joins, ref.dim)
	default:
		c.joins = byItself
		d.low += e.low - e.points
		d.high += e.high - e.points
	}
}

// doubt notes that a dimension's range over a missing field is to be worked out
// again.
func (t *Tracker) doubt(field, dim int32) {
	for _, ref := range t.guide.tables.statics[field] {
		if ref.dim != dim {
			continue
		}
		d := &t.sums.dims[dim]
		if st := &d.statics[ref.index]; !st.doubted {
			st.doubted, d.stale = true, true
			t.sums.doubted = append(t.sums.doubted, ref)
		}
	}
}

// sum gives the sum of a dimension whose every rule is in the tables.
func (t *Tracker) sum(dim int) span {
	d := &t.sums.dims[dim]
	at := t.s.sums[dim] + d.points
	return span{at, at + d.low, at + d.high}
}

// settleRanges works out what is doubted of the ranges.
func (t *Tracker) settleRanges() {
	u, s, p := &t.sums, t.s, t.m.plan
	for _, ref := range u.doubted {
		d, pd := &u.dims[ref.dim], &p.dims[ref.dim]
		st, ps := &d.statics[ref.index], &pd.statics[ref.index]
		st.doubted = false
		if !t.guide.tables.pure[ref.dim] {
			continue
		}
		var now trackedStatic
		if s.env.Open[ps.slot] {
			now.low, now.high = ps.free.low-ps.free.at, ps.free.high-ps.free.at
			if ps.axis >= 0 {
				v := gaps{p, s.sums, s.env.Open}
				s.joiners = s.joiners[:0]
				for _, reader := range t.guide.tables.composites[ps.slot] {
					if reader.dim == ref.dim && u.looked[ref.dim][reader.index].joins == int32(ps.slot) {
						s.joiners = append(s.joiners, joiner{int32(ps.slot), int32(pd.composites[reader.index].group), reader.index})
					}
				}
				together, _ := pd.together(ps, &t.m.dims[ref.dim], &v, s, s.joiners)
				now.low += together.low - together.at
				now.high += together.high - together.at
			}
		}
		d.low += now.low - st.low
		d.high += now.high - st.high
		*st = now
	}
	u.doubted = u.doubted[:0]
}
