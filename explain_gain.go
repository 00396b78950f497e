package accountscore

import (
	"math"
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
	reads [][]reader // by field: what it could change
	work  int
	aside int // of the work, what together took

	slots   []int // that are missing
	settled []dimensionOutcome
	others  []int // see together
	opened  []int
	recent  opened
}

// reader is what reads a field in one dimension: some groups, or just its
// scales.
type reader struct {
	dim int
	// The groups by where the plan has them: in look-ups, or in none. What its
	// rows hold stands together in one of the dimension's statics, -1 for none.
	composites []readerGroup // by place among the dimension's composites
	loose      []readerGroup // by group
	static     int
	joint      int   // rules of the groups that are taken together over the field
	work       int   // of trying these
	shared     []int // groups with a rule that reads another field too
}

type readerGroup struct {
	at    int
	joins bool // all others that are taken together over the field
}

// bring works out Gain and Loss of the missing fields, which stand in slots.
func (e *explainer) bring(missing []FieldNote, slots []int) {
	if len(missing) == 0 {
		return
	}
	t := e.settle(slots[:min(len(slots), maxTried)])
	for i := range missing {
		if i < maxTried && t.work <= maxTrialWork {
			score := t.reopen(slots[i : i+1])
			missing[i].Gain, missing[i].Loss = (score.high - score.at).Float(), (score.at - score.low).Float()
			t.together(&missing[i], slots[i], score)
		} else {
			missing[i].Untried = true
		}
	}
}

// indexLimit bounds the memory that a model keeps of what reads its fields. A
// model that would pass it has what reads the missing fields looked up in each
// explanation.
const indexLimit = 1 << 20

// trialIndex lists what each of some fields could change, of all fields where
// none is given. It gives nil where that is more than a limit.
func (m *Model) trialIndex(slots []int, limit int) [][]reader {
	wanted := make([]bool, len(m.fields))
	for _, slot := range slots {
		wanted[slot] = true
	}
	list, size := make([][]reader, len(m.fields)), 0
	for i := range m.dims {
		d, pd := &m.dims[i], &m.plan.dims[i]
		at := func(slot int) *reader {
			if n := len(list[slot]); n == 0 || list[slot][n-1].dim != i {
				list[slot] = append(list[slot], reader{dim: i, static: pd.static(slot)})
			}
			return &list[slot][len(list[slot])-1]
		}
		for g := range d.groups {
			gr := &d.groups[g]
			work, composite := groupWork(gr), pd.composite(g)
			_, loose := slices.BinarySearch(pd.loose, g)
			if size += len(gr.reads); size > limit {
				return nil
			}
			for _, slot := range gr.reads {
				if slots != nil && !wanted[slot] {
					continue
				}
				r, joins := at(slot), d.joint(slot, g)
				if joins {
					r.joint, r.work = r.joint+len(gr.rules), r.work+work
				}
				switch {
				case composite >= 0:
					r.composites = append(r.composites, readerGroup{composite, joins})
				case loose:
					r.loose = append(r.loose, readerGroup{g, joins})
				}
			}
			for j := range gr.rules {
				if len(gr.rules[j].reads) < 2 {
					continue
				}
				for _, slot := range gr.rules[j].reads {
					if slots != nil && !wanted[slot] {
						continue
					}
					if r := at(slot); len(r.shared) == 0 || r.shared[len(r.shared)-1] != g {
						r.shared = append(r.shared, g)
					}
				}
			}
		}
		for c := range d.scales {
			for _, slot := range d.scales[c].reads {
				if slots == nil || wanted[slot] {
					at(slot)
				}
			}
		}
	}
	return list
}

// settle closes everything that the account leaves open, and looks up what
// reads some fields.
func (e *explainer) settle(slots []int) *trial {
	m, s := e.m, e.s
	t := &e.trial
	t.explainer, t.reads, t.slots, t.settled, t.work, t.aside = e, e.guide.trials, slots, t.settled[:0], 0, 0
	t.recent.run++
	if t.reads == nil {
		t.reads = m.trialIndex(slots, math.MaxInt)
	}
	clear(s.env.Open)
	clear(s.env.OpenLets)
	s.open = true
	for i := range m.dims {
		o := &s.dims[i]
		*o = dimensionOutcome{certain(o.sum.at), certain(o.scaled.at), certain(o.points.at), certain(o.shown.at)}
		t.settled = append(t.settled, *o)
	}
	return t
}

// open gives the published score with some fields open. The other numbers of
// the scoring stay settled.
func (t *trial) open(slots []int) span {
	m, s := t.m, t.s
	env := &s.env
	for _, slot := range slots {
		env.Open[slot] = true
	}
	for i := range m.lets {
		if l := &m.lets[i]; l.read {
			t.work++
			if slices.ContainsFunc(l.reads, func(slot int) bool { return env.Open[slot] }) {
				t.work += nodeWork(l.Node, 1)
				env.OpenLet(i, l.Node)
			}
		}
	}
	for _, slot := range slots {
		for i := range t.reads[slot] {
			r := &t.reads[slot][i]
			t.dimension(&s.dims[r.dim], r, slot)
		}
	}
	t.work += len(m.dims)
	total := m.total(s.dims)
	for _, slot := range slots {
		for i := range t.reads[slot] {
			dim := t.reads[slot][i].dim
			s.dims[dim] = t.settled[dim]
		}
		env.Open[slot] = false
	}
	clear(env.OpenLets)
	return m.publishable(total)
}

// dimension adds what a field that is open brings to the sum of one dimension,
// and works the dimension out as [dimension.run] does. What reads several open
// fields comes with the first of them.
func (t *trial) dimension(o *dimensionOutcome, r *reader, slot int) {
	s := t.s
	env := &s.env
	d, pd, guide := &t.m.dims[r.dim], &t.m.plan.dims[r.dim], &t.guide.dims[r.dim]
	joined := s.joiners[:0]
	alone := func(g int) {
		t.work += guide.work[g]
		low, high := d.groups[g].spread(env, s.outs[d.groups[g].index:])
		points := s.points[d.first+g].at
		o.sum.low, o.sum.high = o.sum.low+low-points, o.sum.high+high-points
	}
	for _, c := range r.composites {
		k := &pd.composites[c.at]
		t.work++
		first, several := d.groups[k.group].openSlot(env.Open)
		switch {
		case first != slot:
		case c.joins && !several:
			joined = append(joined, joiner{int32(r.static), int32(k.group), int32(c.at), int32(k.place(s.sums))})
		case k.lacks(env):
			alone(k.group) // its entry is of all that is missing
		default:
			entry := &k.entries[k.place(s.sums)]
			o.sum.low, o.sum.high = o.sum.low+entry.low, o.sum.high+entry.high
		}
	}
	for _, g := range r.loose {
		switch first, several := d.groups[g.at].openSlot(env.Open); {
		case first != slot:
		case g.joins && !several:
			joined = append(joined, joiner{int32(r.static), int32(g.at), -1, 0})
		default:
			alone(g.at)
		}
	}
	if r.static >= 0 {
		st := &pd.statics[r.static]
		t.work++
		if st.axis >= 0 {
			if samples := len(d.axes[st.axis].samples); len(joined) > 0 && r.joint*samples <= maxJoint {
				t.work += r.work * samples
			}
		}
		low, high, _ := pd.gap(int32(r.static), d, s, joined)
		o.sum.low, o.sum.high = o.sum.low+low, o.sum.high+high
	}
	s.joiners = joined
	d.finish(s, o)
	for c := range d.scales {
		t.work += guide.scales[c].work
	}
}

// lacks tells whether the composite reads a field that is missing and not open.
func (c *composite) lacks(e *cond.Env) bool {
	for i := range c.parts {
		if slot := c.parts[i].slot; !e.Open[slot] && e.Accounts[slot].State.Missing() {
			return true
		}
	}
	return false
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
