package accountscore

import (
	"math/bits"
	"slices"
	"sync"

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
	unit    micro.M // what points are counted in where it is alone
	places  uint8   // bits below the points in the one accumulator of packed
	width   int     // accumulators
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
}

// columnarComposite is a composite with its entries laid out by place.
type columnarComposite struct {
	*composite
	sum       int // accumulator of its place
	points    []micro.M
	low, high []micro.M // beside the points
	unknown   []int32
	joins     []bool // the tables do not tell the range
}

// columns gives the columnar way through the model, nil where there is none.
func (m *Model) columns() *columnar {
	m.columnarOnce.Do(func() { m.columnar = m.newColumnar() })
	return m.columnar
}

func (m *Model) newColumnar() *columnar {
	p := m.plan
	if len(p.tested) > 0 || m.rollup != nil {
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
	c.shortcuts()
	return c
}

// ladder takes the bounds of tiers, and tells whether they are all of them.
func (c *columnar) ladder(tiers []tier) ([]quickTier, bool) {
	var out []quickTier
	for i := range tiers {
		t := quickTier{name: tiers[i].name}
		if tiers[i].when != nil && !t.condition(tiers[i].when) {
			return nil, false
		}
		c.held = c.held || tiers[i].held != nil
		out = append(out, t)
	}
	return out, true
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
		if st := c.m.plan.dims[d].static(slot); st != nil {
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

// static gives what depends on a field alone, nil where nothing does.
func (p *planDim) static(slot int) *planStatic {
	i := slices.IndexFunc(p.statics, func(st planStatic) bool { return st.slot == slot })
	if i < 0 {
		return nil
	}
	return &p.statics[i]
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
		cc := columnarComposite{composite: k, sum: int(k.word), points: make([]micro.M, n), low: make([]micro.M, n), high: make([]micro.M, n),
			unknown: make([]int32, n), joins: make([]bool, n)}
		for place := range k.entries {
			e := &k.entries[place]
			cc.points[place], cc.unknown[place] = e.points, int32(e.unknown)
			cc.low[place], cc.high[place], cc.joins[place] = c.entryRange(i, k, place, joining)
		}
		out.composites = append(out.composites, cc)
	}
	return out
}

// entryRange gives what an entry takes off the least and adds to the most, and
// whether other groups have a say in that. What the groups that it is taken
// together with bring by themselves is in their field's gap and is taken out
// again.
func (c *columnar) entryRange(dim int, k *composite, place int, joining []int) (low, high micro.M, joins bool) {
	d, pd := &c.m.dims[dim], &c.m.plan.dims[dim]
	v := gaps{c.m.plan, make([]micro.M, c.m.plan.width), make([]bool, len(c.m.fields))}
	v.sums[k.word] = micro.M(place) << k.shift
	if !c.openAt(k, place, v.open) {
		return 0, 0, false
	}
	e := &k.entries[place]
	slot, several := d.groups[k.group].openSlot(v.open)
	if several || !d.joint(slot, k.group) {
		return e.low - e.points, e.high - e.points, false
	}
	st := pd.static(slot)
	if joining[slot] > 1 || st == nil {
		return 0, 0, true
	}
	together, ok := pd.together(st, d, &v, nil, []joiner{{int32(slot), int32(k.group), int32(pd.composite(k.group))}})
	if !ok {
		return 0, 0, true
	}
	return together.low - together.at - (st.joint.low - st.joint.at), together.high - together.at - (st.joint.high - st.joint.at), false
}

// openAt marks the fields that are missing at a place of a composite, and tells
// whether any is. A part's first class of known values brings the part's stride
// to the place, a missing value nothing.
func (c *columnar) openAt(k *composite, place int, open []bool) (any bool) {
	axes := c.m.plan.axes
	stride := func(part compositePart) int {
		a := &axes[part.axis]
		return k.unpack(a.row(knownClass)[part.target]) - k.unpack(a.row(0)[part.target])
	}
	for i, part := range k.parts {
		from, to := stride(part), len(k.entries)
		if i+1 < len(k.parts) {
			to = stride(k.parts[i+1])
		}
		if place%to/from == 0 {
			open[axes[part.axis].slot], any = true, true
		}
	}
	return any
}

// shortcuts finds out what the model spares.
func (c *columnar) shortcuts() {
	m := c.m
	c.width = m.plan.width
	d := &m.dims[0]
	if len(m.dims) > 1 || m.weighted || d.unscored || d.outOf != 0 && d.outOf != 100*micro.One || m.lo > d.lo || m.hi < d.hi {
		return
	}
	// Where everything is a whole number of the last published digit, the
	// dimension shows the score.
	digit := micro.One
	for range m.decimals {
		digit /= 10
	}
	if c.multiple(digit) {
		c.alone, c.unit = true, 1
		if c.multiple(micro.One) {
			c.unit = micro.One // points are counted whole: a float is made of them without a division
		}
		c.pack()
	}
}

// multiple tells whether all points of the one dimension, and its bounds, are
// multiples of a unit.
func (c *columnar) multiple(unit micro.M) bool {
	d := &c.m.dims[0]
	ok := d.lo == micro.Min || d.lo%unit == 0
	ok = ok && (d.hi == micro.Max || d.hi%unit == 0)
	c.eachPoints(func(p *micro.M) { ok = ok && *p%unit == 0 })
	return ok
}

// eachPoints visits everything that is added up to points.
func (c *columnar) eachPoints(visit func(*micro.M)) {
	for i := range c.fields {
		f := &c.fields[i]
		for g := range f.gaps {
			visit(&f.gaps[g].low)
			visit(&f.gaps[g].high)
		}
		for _, a := range f.axes {
			for _, t := range a.targets {
				for class := 0; t.sum < len(c.m.dims) && class < len(t.table); class++ {
					visit(&t.table[class])
				}
			}
		}
	}
	for i := range c.dims {
		for _, k := range c.dims[i].composites {
			for place := range k.points {
				visit(&k.points[place])
				visit(&k.low[place])
				visit(&k.high[place])
			}
		}
	}
}

// pack has points counted in the unit, and, where they and the places of the
// composites fit one accumulator, puts the points above the places.
func (c *columnar) pack() {
	c.eachPoints(func(p *micro.M) { *p /= c.unit })
	most := micro.M(0)
	for i := range c.fields {
		for _, a := range c.fields[i].axes {
			for _, t := range a.targets {
				if t.sum == 0 {
					most += max(slices.Max(t.table), -slices.Min(t.table))
				}
			}
		}
	}
	places := 0
	for _, k := range c.dims[0].composites {
		places = max(places, int(k.shift)+bits.Len64(uint64(k.mask)))
	}
	if c.width > 2 || places+bits.Len64(uint64(most))+1 > 63 {
		return
	}
	c.width, c.places = 1, uint8(places)
	for i := range c.fields {
		f := &c.fields[i]
		for j := range f.axes {
			one := columnarTarget{0, make([]micro.M, len(f.axes[j].rows)/max(1, len(f.axes[j].planAxis.targets)))}
			for _, t := range f.axes[j].targets {
				for class, p := range t.table {
					if t.sum == 0 {
						p <<= places
					}
					one.table[class] += p
				}
			}
			f.axes[j].targets = []columnarTarget{one}
		}
	}
	for i := range c.dims[0].composites {
		c.dims[0].composites[i].sum = 0
	}
}
