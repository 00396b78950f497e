package accountscore

import (
	"slices"
	"sync"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// columnar is the way through a model a column at a time, for tables: that of
// the plan, with everything that it looks up laid out by class. It exists for
// models of which the plan holds every rule, and whose tiers ask for the score
// and its dimensions alone.
type columnar struct {
	m       *Model
	fields  []columnarField // in the order of Model.read
	dims    []columnarDim
	tiers   []quickTier
	ladders [][]quickTier
	held    bool    // the tier before matters
	alone   bool    // the one dimension shows the score
	packed  *packed // nil: it does not fit
	rollup  *columnarRollup
	pool    sync.Pool
}

// columnarField is what a value of a field brings.
type columnarField struct {
	axes    []columnarAxis
	gaps    []columnarGap
	unknown int32 // rules without an answer while it is missing
}

// columnarAxis is an axis with what each class brings to each of its targets.
type columnarAxis struct {
	*planAxis
	targets []columnarTarget
}

type columnarTarget struct {
	sum   int // accumulator
	table []micro.M
}

// columnarGap is what a missing field takes off the least and adds to the most
// of a dimension.
type columnarGap struct {
	dim       int32
	low, high micro.M
}

type columnarDim struct {
	composites []columnarComposite
	joins      []columnarJoin
}

// columnarJoin is a field over which several groups can be taken together while
// it is missing, with those that look it up.
type columnarJoin struct {
	static     int32 // place in planDim.statics
	field      int   // place in columnar.fields
	composites []*columnarComposite
}

// columnarComposite is a composite with its entries laid out by place.
type columnarComposite struct {
	*composite
	fields []int // that it reads, as places in columnar.fields
	points []micro.M
	gaps   []columnarEntry
}

// columnarEntry is what a place of a composite takes off the least and adds to
// the most where a field is missing.
type columnarEntry struct {
	low, high micro.M
	unknown   int32
	joins     uint64 // 1: other groups have a say, so that no table tells
}

// columns gives the columnar way through the model, nil where there is none.
func (m *Model) columns() *columnar {
	m.columnarOnce.Do(func() { m.columnar = m.newColumnar() })
	return m.columnar
}

func (m *Model) newColumnar() *columnar {
	p := m.plan
	if len(m.dims) == 0 || len(p.tested) > 0 {
		return nil
	}
	for i := range m.dims {
		if len(p.dims[i].single)+len(m.dims[i].scales) > 0 {
			return nil
		}
	}
	for i := range m.activities {
		if m.activities[i].read {
			return nil
		}
	}
	c := &columnar{m: m}
	var ok bool
	if c.tiers, ok = c.ladder(m.tiers); !ok {
		return nil
	}
	if m.rollup != nil {
		if c.rollup = m.columnarRollup(); c.rollup == nil {
			return nil
		}
	}
	for i := range m.ladders {
		tiers, ok := c.ladder(m.ladders[i].tiers)
		if !ok {
			return nil
		}
		c.ladders = append(c.ladders, tiers)
	}
	for _, slot := range m.read {
		c.fields = append(c.fields, c.field(slot))
	}
	for i := range m.dims {
		c.dims = append(c.dims, c.dim(i))
	}
	if c.alone = c.lonely(); c.alone {
		c.packed = c.pack()
	}
	return c
}

// lookups gives what the fields bring, in the form that is used.
func (c *columnar) lookups() []columnarField {
	if c.packed != nil {
		return c.packed.fields
	}
	return c.fields
}

// ladder takes the bounds of tiers, and tells whether they are all of them.
func (c *columnar) ladder(tiers []tier) ([]quickTier, bool) {
	var out []quickTier
	for i := range tiers {
		t := quickTier{name: tiers[i].name}
		if tiers[i].when != nil && !t.bounded(tiers[i].when) {
			return nil, false
		}
		c.held = c.held || tiers[i].held != nil
		out = append(out, t)
	}
	return out, true
}

// bounded takes the bounds of a condition, and tells whether they are all of it.
func (w *quickWhen) bounded(n *cond.Node) (all bool) {
	if n.Op == cond.And {
		return !slices.ContainsFunc(n.Args, func(a *cond.Node) bool { return !w.bounded(a) })
	}
	w.bounds, all = scoreBounds(w.bounds, n)
	return all
}

func (c *columnar) field(slot int) columnarField {
	f := columnarField{}
	axes := c.m.plan.of(slot)
	for i := range axes {
		pa := &axes[i]
		f.unknown += int32(pa.unknown)
		f.axes = append(f.axes, columnarAxis{pa, c.targets(pa)})
	}
	for d := range c.m.dims {
		if j := c.m.plan.dims[d].static(slot); j >= 0 {
			st := &c.m.plan.dims[d].statics[j]
			low, high := st.free.low-st.free.at, st.free.high-st.free.at
			if st.axis >= 0 {
				low, high = low+st.joint.low-st.joint.at, high+st.joint.high-st.joint.at
			}
			if low != 0 || high != 0 {
				f.gaps = append(f.gaps, columnarGap{int32(d), low, high})
			}
		}
	}
	return f
}

// targets lays the rows of an axis out by target.
func (c *columnar) targets(a *planAxis) []columnarTarget {
	var out []columnarTarget
	for j, sum := range a.targets {
		table := make([]micro.M, len(a.rows)/len(a.targets))
		for class := range table {
			table[class] = a.row(class)[j]
		}
		out = append(out, columnarTarget{int(sum), table})
	}
	return out
}

func (c *columnar) dim(i int) columnarDim {
	var out columnarDim
	d, pd := &c.m.dims[i], &c.m.plan.dims[i]
	// Groups that could be taken together over a field, by field: of one, every
	// entry has its range.
	joining := make([]int, len(c.m.fields))
	for j := range pd.composites {
		g := pd.composites[j].group
		for _, slot := range d.groups[g].reads {
			if d.joint(slot, g) {
				joining[slot]++
			}
		}
	}
	for j := range pd.composites {
		k := &pd.composites[j]
		n := len(k.entries)
		cc := columnarComposite{composite: k, points: make([]micro.M, n), gaps: make([]columnarEntry, n)}
		for _, slot := range d.groups[k.group].reads {
			cc.fields = append(cc.fields, slices.Index(c.m.read, slot))
		}
		for place := range k.entries {
			e, gap := &k.entries[place], &cc.gaps[place]
			cc.points[place], gap.unknown = e.points, e.unknown
			var joins bool
			gap.low, gap.high, joins = c.entryRange(i, k, place, joining)
			gap.joins = uint64(ordinal(joins))
		}
		out.composites = append(out.composites, cc)
	}
	for i := range pd.statics {
		st := &pd.statics[i]
		if joining[st.slot] == 0 {
			continue
		}
		j := columnarJoin{static: int32(i), field: slices.Index(c.m.read, st.slot)}
		for k := range pd.composites {
			joins := false
			for place, e := range pd.composites[k].entries {
				joins = joins || e.joins == j.static && out.composites[k].gaps[place].joins != 0
			}
			if joins {
				j.composites = append(j.composites, &out.composites[k])
			}
		}
		if len(j.composites) > 0 {
			out.joins = append(out.joins, j)
		}
	}
	return out
}

// entryRange gives what an entry takes off the least and adds to the most, and
// whether other groups have a say in that. What the groups that it is taken
// together with bring by themselves is in their field's gap and is taken out
// again.
func (c *columnar) entryRange(dim int, k *composite, place int, joining []int) (low, high micro.M, joins bool) {
	pd, e := &c.m.plan.dims[dim], &k.entries[place]
	if e.joins < 0 {
		return e.low, e.high, false
	}
	st := &pd.statics[e.joins]
	if joining[st.slot] > 1 || e.tries < 0 {
		return 0, 0, true
	}
	return e.low - (st.joint.low - st.joint.at), e.high - (st.joint.high - st.joint.at), false
}

// lonely tells whether the one dimension shows the score: everything is a
// whole number of the last published digit, and nothing comes between.
func (c *columnar) lonely() bool {
	m := c.m
	d := &m.dims[0]
	if len(m.dims) > 1 || m.rollup != nil || m.weighted || d.unscored || d.outOf != 0 && d.outOf != 100*micro.One || m.lo > d.lo || m.hi < d.hi {
		return false
	}
	digit := micro.One
	for range m.decimals {
		digit /= 10
	}
	return c.unit()%digit == 0
}

// unit is the greatest number that the points of the one dimension and its
// bounds are multiples of.
func (c *columnar) unit() micro.M {
	unit := micro.M(0)
	join := func(p micro.M) {
		for p != 0 {
			unit, p = p, unit%p
		}
	}
	d := &c.m.dims[0]
	if d.lo > micro.Min {
		join(d.lo)
	}
	if d.hi < micro.Max {
		join(d.hi)
	}
	for _, f := range c.fields {
		for _, g := range f.gaps {
			join(g.low)
			join(g.high)
		}
		for _, a := range f.axes {
			for _, t := range a.targets {
				for class := 0; t.sum == 0 && class < len(t.table); class++ {
					join(t.table[class])
				}
			}
		}
	}
	for _, k := range c.dims[0].composites {
		for place := range k.points {
			join(k.points[place])
			join(k.gaps[place].low)
			join(k.gaps[place].high)
		}
	}
	if unit < 0 {
		unit = -unit
	}
	return max(unit, 1)
}
