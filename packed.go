package accountscore

import (
	"math"
	"math/bits"
	"slices"

	"github.com/accountscore/accountscore/internal/micro"
)

// packed is a columnar model of which all that a row comes to fits one
// accumulator: from its low bits up the places of the composites, the points,
// and a mark for each field that is missing. A field is then one addition, and
// what a row's gaps come to is looked up by its marks.
type packed struct {
	fields     []columnarField // with tables for the one accumulator
	composites []packedComposite
	together   []packedEntry // all composites by all their places, where these are few
	gaps       []packedEntry // by marks
	joins      bool          // some entry joins
	places     uint8         // bits below the points
	marks      uint8         // bits below the marks
	bias       int64         // points of an accumulator of zeros
	least      float64       // bounds of the dimension
	most       float64
	bounded    bool
	// A float of points is they times factor, or over divisor where factor is
	// zero.
	factor, divisor float64
}

// packedComposite is a composite with its entries by place.
type packedComposite struct {
	shift   uint8
	mask    uint64
	entries []packedEntry
}

// packedEntry is what a composite or a pattern of gaps comes to, in units; its
// low and high are beside the points.
type packedEntry struct {
	points    int64
	low, high float64 // whole numbers
	unknown   int32
	joins     uint32 // 1: no table tells the range
}

func (e *packedEntry) add(o *packedEntry) {
	e.points += o.points
	e.low += o.low
	e.high += o.high
	e.unknown += o.unknown
	e.joins |= o.joins
}

// maxMarks bounds the fields of a packed model: each doubles the patterns.
const maxMarks = 10

// maxPlaces bounds the bits of the places of composites that are looked up all
// at once: their table is to stay in a processor's first cache.
const maxPlaces = 10

// pack gives the packed form, nil where it does not fit.
func (c *columnar) pack() *packed {
	m := c.m
	if m.plan.width > 2 || len(c.fields) > maxMarks {
		return nil
	}
	p := &packed{}
	unit := p.floats(c.unit())
	for _, k := range c.dims[0].composites {
		p.places = max(p.places, k.shift+uint8(bits.Len64(uint64(k.mask))))
	}
	most := int64(0)  // of points, counted from the least
	reach := int64(0) // the largest number of points that any sum can have
	for i := range c.fields {
		f := &c.fields[i]
		out := columnarField{}
		for j := range f.axes {
			table := make([]micro.M, len(f.axes[j].rows)/max(1, len(f.axes[j].planAxis.targets)))
			for _, t := range f.axes[j].targets {
				if t.sum != 0 {
					for class, place := range t.table {
						table[class] += place
					}
					continue
				}
				least := slices.Min(t.table)
				p.bias += int64(least / unit)
				most += int64((slices.Max(t.table) - least) / unit)
				reach += int64(max(slices.Max(t.table), -least) / unit)
				for class, points := range t.table {
					table[class] += (points - least) / unit << p.places
				}
			}
			out.axes = append(out.axes, columnarAxis{f.axes[j].planAxis, []columnarTarget{{0, table}}})
		}
		if len(out.axes) == 0 {
			return nil
		}
		p.fields = append(p.fields, out)
	}
	for _, k := range c.dims[0].composites {
		reach += int64(max(slices.Max(k.points), -slices.Min(k.points)) / unit)
	}
	// Beyond 2^53 millionths a float is no longer exact.
	if int(p.places)+bits.Len64(uint64(most))+len(c.fields) > 63 || reach > maxInteger/int64(unit) {
		return nil
	}
	p.marks = p.places + uint8(bits.Len64(uint64(most)))
	for i := range p.fields {
		p.fields[i].axes[0].targets[0].table[0] += 1 << (int(p.marks) + i)
	}
	p.ranges(c, unit)
	p.bounds(&m.dims[0], unit)
	return p
}

// ranges lays out what gaps come to.
func (p *packed) ranges(c *columnar, unit micro.M) {
	p.gaps = make([]packedEntry, 1<<len(c.fields))
	for pattern := range p.gaps {
		e := &p.gaps[pattern]
		for i := range c.fields {
			if pattern>>i&1 == 0 {
				continue
			}
			e.unknown += c.fields[i].unknown
			for _, g := range c.fields[i].gaps {
				e.low += float64(g.low / unit)
				e.high += float64(g.high / unit)
			}
		}
	}
	for _, k := range c.dims[0].composites {
		pc := packedComposite{shift: k.shift, mask: uint64(k.mask), entries: make([]packedEntry, k.mask+1)}
		for place, g := range k.gaps {
			pc.entries[place] = packedEntry{int64(k.points[place] / unit), float64(g.low / unit), float64(g.high / unit), g.unknown, uint32(g.joins)}
			p.joins = p.joins || g.joins != 0
		}
		p.composites = append(p.composites, pc)
	}
	if p.places > maxPlaces {
		return
	}
	p.together = make([]packedEntry, 1<<p.places)
	for places := range p.together {
		for i := range p.composites {
			p.together[places].add(p.composites[i].at(uint64(places)))
		}
	}
}

// at gives the entry for an accumulator.
func (c *packedComposite) at(a uint64) *packedEntry { return &c.entries[a>>(c.shift&63)&c.mask] }

// bounds prepares the clamp of the dimension.
func (p *packed) bounds(d *dimension, unit micro.M) {
	p.least, p.most = math.Inf(-1), math.Inf(1)
	if d.lo > micro.Min {
		p.least, p.bounded = float64(d.lo/unit), true
	}
	if d.hi < micro.Max {
		p.most, p.bounded = float64(d.hi/unit), true
	}
}

// floats prepares how points become floats, and gives the unit in which they
// can be counted for that.
func (p *packed) floats(unit micro.M) micro.M {
	// A unit of k/2^n is exact, and so is its product with a whole number.
	for n, k := 0, unit; n <= 6; n, k = n+1, 2*k {
		if k%micro.One == 0 {
			p.factor = unit.Float()
			return unit
		}
	}
	rest := micro.One
	for rest != 0 {
		unit, rest = rest, unit%rest
	}
	p.divisor = float64(micro.One / unit)
	return unit
}

// float makes the published float of whole points: what micro.M.Float gives,
// within the bounds.
func (p *packed) float(points float64) float64 {
	points = min(max(points, p.least), p.most)
	if p.factor != 0 {
		return points * p.factor
	}
	return points / p.divisor
}

// runPacked scores the rows of a block from their accumulators.
func (k *block) runPacked() {
	p := k.c.packed
	if p.joins || len(k.out.Tier.Code) > 0 {
		k.marks()
	}
	switch {
	case p.factor == 0 || p.bounded || p.joins || p.together == nil:
		k.packedRows()
	case p.places == 0:
		k.plainRows()
	default:
		k.composedRows()
	}
}

// plainRows is packedRows where there is nothing but points.
func (k *block) plainRows() {
	p, from, to := k.c.packed, k.from, k.from+k.n
	sums, gaps, factor, bias := k.sums[0][:k.n], p.gaps, p.factor, p.bias
	marks := p.marks & 63
	points := uint64(1)<<marks - 1
	score, low, high, unknown := k.out.Score[from:to], k.out.Low[from:to], k.out.High[from:to], k.out.Unknown[from:to]
	for i, s := range sums {
		a := uint64(s)
		g := &gaps[a>>marks]
		at := float64(int64(a&points) + bias)
		score[i] = at * factor
		low[i] = (at + g.low) * factor
		high[i] = (at + g.high) * factor
		unknown[i] = g.unknown
	}
}

// composedRows is packedRows where the composites are looked up all at once.
func (k *block) composedRows() {
	p, from, to := k.c.packed, k.from, k.from+k.n
	sums, gaps, together, factor, bias := k.sums[0][:k.n], p.gaps, p.together, p.factor, p.bias
	places, marks := p.places&63, p.marks&63
	points, place := uint64(1)<<marks-1, uint64(len(together)-1)
	score, low, high, unknown := k.out.Score[from:to], k.out.Low[from:to], k.out.High[from:to], k.out.Unknown[from:to]
	for i, s := range sums {
		a := uint64(s)
		g, c := &gaps[a>>marks], &together[a&place]
		at := float64(int64(a&points>>places) + bias + c.points)
		score[i] = at * factor
		low[i] = (at + g.low + c.low) * factor
		high[i] = (at + g.high + c.high) * factor
		unknown[i] = g.unknown + c.unknown
	}
}

// packedRows writes the scores of any packed model.
func (k *block) packedRows() {
	p := k.c.packed
	points := uint64(1)<<p.marks - 1
	for i, s := range k.sums[0][:k.n] {
		a, row := uint64(s), k.from+i
		e := p.gaps[a>>p.marks]
		e.points = int64(a&points>>p.places) + p.bias
		for j := range p.composites {
			e.add(p.composites[j].at(a))
		}
		at := float64(e.points)
		k.out.Score[row] = p.float(at)
		k.out.Low[row] = p.float(at + e.low)
		k.out.High[row] = p.float(at + e.high)
		k.out.Unknown[row] = e.unknown
		k.aside[i/chunkRows] |= uint64(e.joins) << (i % chunkRows)
	}
}

// marks finds the rows that have a gap.
func (k *block) marks() {
	for i, s := range k.sums[0][:k.n] {
		k.gap[i/chunkRows] |= uint64(ordinal(uint64(s)>>k.c.packed.marks != 0)) << (i % chunkRows)
	}
}
