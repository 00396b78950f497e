package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// What each missing field could bring if it alone became known: the range of
// the score with every other field staying missing. Only what reads the field
// is tried again; all else stays what it is.

// Bounds of that work in one explanation. Ordinary rulesets take a thousandth
// of it.
const (
	maxTried     = 1_000
	maxTrialWork = 1 << 27 // parts of formulas that are looked at, roughly
)

// trial is the scoring as it stands, with nothing left open.
type trial struct {
	*explainer
	settled []dimensionOutcome
	places  []int      // of the dimensions' first groups
	reads   [][]reader // by field: what it could change
	work    int
}

// reader is what reads a field: some groups of a dimension, or just its
// scales.
type reader struct {
	dim    int
	groups []int // ascending
}

// bring works out Gain and Loss of the missing fields, which stand in slots.
func (e *explainer) bring(missing []FieldNote, slots []int) {
	if len(missing) == 0 {
		return
	}
	t := e.trial(slots[:min(len(slots), maxTried)])
	for i := range missing {
		if i < maxTried && t.work <= maxTrialWork {
			score := t.open(slots[i])
			missing[i].Gain, missing[i].Loss = (score.high - score.at).Float(), (score.at - score.low).Float()
		} else {
			missing[i].Untried = true
		}
	}
}

// trial closes everything that the account leaves open, and looks up what
// reads some fields.
func (e *explainer) trial(slots []int) *trial {
	m, s := e.m, e.s
	t := &trial{explainer: e, settled: make([]dimensionOutcome, len(m.dims)), places: make([]int, len(m.dims)), reads: make([][]reader, len(m.fields))}
	clear(s.env.Open)
	clear(s.env.OpenLets)
	s.open = true
	tried := make([]bool, len(m.fields))
	for _, slot := range slots {
		tried[slot] = true
	}
	place := 0
	for i := range m.dims {
		d, o := &m.dims[i], &s.dims[i]
		t.settled[i] = dimensionOutcome{certain(o.sum.at), certain(o.scaled.at), certain(o.points.at), certain(o.shown.at)}
		s.dims[i] = t.settled[i]
		t.places[i] = place
		place += len(d.groups)
		reads := func(slots []int, group ...int) {
			for _, slot := range slots {
				if !tried[slot] {
					continue
				}
				list := t.reads[slot]
				if len(list) == 0 || list[len(list)-1].dim != i {
					list = append(list, reader{dim: i})
				}
				last := &list[len(list)-1]
				last.groups = append(last.groups, group...)
				t.reads[slot] = list
			}
		}
		for g := range d.groups {
			reads(d.groups[g].reads, g)
		}
		for c := range d.scales {
			reads(d.scales[c].reads)
		}
	}
	return t
}

// open gives the published score with one field open. The other numbers of
// the scoring stay settled.
func (t *trial) open(slot int) span {
	m, s := t.m, t.s
	env := &s.env
	env.Open[slot] = true
	var lets []int
	for i := range m.lets {
		if l := &m.lets[i]; l.read {
			t.work++
			if _, ok := slices.BinarySearch(l.reads, slot); ok {
				env.OpenLets[i] = true
				lets = append(lets, i)
			}
		}
	}
	for i := range t.reads[slot] {
		r := &t.reads[slot][i]
		s.dims[r.dim] = t.dimension(r, slot)
	}
	t.work += len(m.dims)
	total := m.total(s.dims)
	for _, r := range t.reads[slot] {
		s.dims[r.dim] = t.settled[r.dim]
	}
	for _, i := range lets {
		env.OpenLets[i] = false
	}
	env.Open[slot] = false
	return m.publishable(total)
}

// dimension works out one dimension as [dimension.run] does, from the groups
// that read the open field.
func (t *trial) dimension(r *reader, slot int) dimensionOutcome {
	s := t.s
	d, guide := &t.m.dims[r.dim], &t.guide.dims[r.dim]
	o := t.settled[r.dim]
	points := s.points[t.places[r.dim]:]
	joint, rules, work := -1, 0, 0 // of groups that are taken together
	for _, g := range r.groups {
		gr := &d.groups[g]
		o.sum.low, o.sum.high = o.sum.low.Add(-points[g].at), o.sum.high.Add(-points[g].at)
		t.work += guide.work[g]
		if d.joint(slot, g) {
			joint, rules, work = slices.IndexFunc(d.axes, func(a axis) bool { return a.slot == slot }), rules+len(gr.rules), work+guide.work[g]
			continue
		}
		low, high := gr.spread(&s.env, s.outs[gr.index:])
		o.sum.low, o.sum.high = o.sum.low.Add(low), o.sum.high.Add(high)
	}
	if joint >= 0 {
		if samples := len(d.axes[joint].samples); rules*samples <= maxJoint {
			t.work += work * samples
		}
		low, high := d.axes[joint].spread(d, s)
		o.sum.low, o.sum.high = o.sum.low.Add(low), o.sum.high.Add(high)
	}
	d.finish(s, &o)
	for c := range d.scales {
		t.work += guide.scales[c].work
	}
	return o
}

// groupWork estimates what trying a group takes.
func groupWork(g *group) int {
	work := len(g.reads)
	for i := range g.rules {
		work += nodeWork(g.rules[i].when, 1) + nodeWork(g.rules[i].of, 1) + nodeWork(g.rules[i].per, 1)
	}
	return work
}

// nodeWork counts the parts of a formula, those that are deep in it more often:
// what is around them looks into them too.
func nodeWork(n *cond.Node, depth int) int {
	if n == nil {
		return 0
	}
	work := depth
	switch n.Op {
	case cond.VM, cond.Call, cond.Foreign, cond.Matches:
		work += costProgram
	}
	for _, a := range n.Args {
		work += nodeWork(a, depth+1)
	}
	return work
}
