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
	entries [][]*compositeEntry // of the composites, by dimension
	unknown int                 // rules of the tables without an answer
	doubted []tableRef          // statics whose part of the range does not hold any more
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
			for _, slot := range d.groups[pd.composites[c].group].reads {
				r.composites[slot] = append(r.composites[slot], tableRef{int32(i), int32(c)})
				if !r.pure[i] {
					r.loose[slot] = true
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
	u.entries = make([][]*compositeEntry, len(p.dims))
	for field := range t.m.fields {
		t.addRows(field)
	}
	for d := range p.dims {
		u.dims[d] = trackedDim{stale: true, statics: make([]trackedStatic, len(p.dims[d].statics))}
		u.entries[d] = make([]*compositeEntry, len(p.dims[d].composites))
		for c := range p.dims[d].composites {
			t.lookUp(tableRef{int32(d), int32(c)})
		}
		for st := range u.dims[d].statics {
			t.doubt(tableRef{int32(d), int32(st)})
		}
	}
}

// take takes away what the composites come to that read a field.
func (t *Tracker) take(field int) {
	u := &t.sums
	for _, ref := range t.guide.tables.composites[field] {
		d, e := &u.dims[ref.dim], u.entries[ref.dim][ref.index]
		d.points -= e.points
		u.unknown -= int(e.unknown)
		if e.joins >= 0 {
			t.doubt(tableRef{ref.dim, e.joins})
			continue
		}
		d.low -= e.low
		d.high -= e.high
	}
}

// put adds what they come to.
func (t *Tracker) put(field int) {
	for _, ref := range t.guide.tables.composites[field] {
		t.lookUp(ref)
	}
}

// addRows adds what the classes of a field's value bring.
func (t *Tracker) addRows(field int) {
	u, p := &t.sums, t.m.plan
	for i := p.from[field]; i < p.from[field+1]; i++ {
		p.axes[i].add(t.s.sums, int(u.classes[i]))
		if u.classes[i] == 0 {
			u.unknown += p.axes[i].unknown
		}
	}
}

// moveRows replaces what the classes of a field's value bring by what its next
// classes do.
func (t *Tracker) moveRows(field int) {
	u, p, sums := &t.sums, t.m.plan, t.s.sums
	first := p.from[field]
	axes := p.axes[first:p.from[field+1]]
	for i := range axes {
		a, was, is := &axes[i], u.classes[first+i], t.next[i]
		if was == is {
			continue
		}
		u.classes[first+i] = is
		before, after := a.row(int(was)), a.row(int(is))
		for j, target := range a.targets {
			sums[target] += after[j] - before[j]
			if int(target) < len(u.dims) {
				u.dims[target].stale = true
			}
		}
		switch {
		case was == 0:
			u.unknown -= a.unknown
		case is == 0:
			u.unknown += a.unknown
		}
	}
}

// lookUp adds what a composite comes to.
func (t *Tracker) lookUp(ref tableRef) {
	d := &t.sums.dims[ref.dim]
	k := &t.m.plan.dims[ref.dim].composites[ref.index]
	e := &k.entries[k.place(t.s.sums)]
	t.sums.entries[ref.dim][ref.index] = e
	d.points += e.points
	t.sums.unknown += int(e.unknown)
	d.stale = true
	if e.joins >= 0 {
		t.doubt(tableRef{ref.dim, e.joins})
		return
	}
	d.low += e.low
	d.high += e.high
}

// doubt notes that what a static brings to the range is to be worked out again.
func (t *Tracker) doubt(ref tableRef) {
	if st := &t.sums.dims[ref.dim].statics[ref.index]; !st.doubted {
		st.doubted, t.sums.dims[ref.dim].stale = true, true
		t.sums.doubted = append(t.sums.doubted, ref)
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
			joined := s.joiners[:0]
			for _, reader := range t.guide.tables.composites[ps.slot] {
				if reader.dim == ref.dim {
					if e := u.entries[ref.dim][reader.index]; e.joins == ref.index {
						k := &pd.composites[reader.index]
						joined = append(joined, joiner{ref.index, int32(k.group), reader.index, int32(k.place(s.sums))})
					}
				}
			}
			now.low, now.high, _ = pd.gap(ref.index, &t.m.dims[ref.dim], s, joined)
			s.joiners = joined
		}
		d.low += now.low - st.low
		d.high += now.high - st.high
		*st = now
	}
	u.doubted = u.doubted[:0]
}
