package accountscore

import (
	"encoding/binary"
	"math/bits"
	"time"
	"unsafe"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// block is the memory in which a worker scores a block of rows a column at a
// time. Only rows that have a gap are gone through one by one, and only those
// whose range no table tells are left to the scalar way.
type block struct {
	c      *columnar
	fields []columnarField
	b      *boundTable
	out    *Scores
	from   int   // row of the table
	n      int   // rows
	at     int64 // µs

	sums      []*[blockRows]micro.M // accumulators
	low, high []*[blockRows]micro.M // what gaps take off and add to a dimension
	total     [blockRows]micro.M
	gap       [blockRows / chunkRows]uint64   // rows of which a read field is missing
	joined    [blockRows / chunkRows]uint64   // rows whose range takes several groups together
	aside     [blockRows / chunkRows]uint64   // rows left to the scalar way
	missing   [][blockRows / chunkRows]uint64 // gap, by field
	holds     [blockRows]uint8
	codes     [chunkRows]int32
	mask      [chunkRows]uint8
	slot      cond.Slot

	row     []micro.M // sums of one row, as in scratch.sums
	open    []bool    // its fields that are missing, by slot
	joiners []joiner
}

// block gives the memory for a worker; give puts it back.
func (c *columnar) block(b *boundTable, out *Scores, at time.Time) *block {
	k, ok := c.pool.Get().(*block)
	switch {
	case ok:
	case c.packed != nil:
		k = &block{c: c, fields: c.lookups(), sums: []*[blockRows]micro.M{new([blockRows]micro.M)}}
	default:
		k = &block{c: c, fields: c.lookups()}
		for range c.m.plan.width {
			k.sums = append(k.sums, new([blockRows]micro.M))
		}
		k.missing = make([][blockRows / chunkRows]uint64, len(c.fields))
		for range c.dims {
			k.low, k.high = append(k.low, new([blockRows]micro.M)), append(k.high, new([blockRows]micro.M))
		}
	}
	if k.row == nil {
		k.row, k.open = make([]micro.M, c.m.plan.width), make([]bool, len(c.m.fields))
	}
	k.b, k.out, k.at = b, out, clock(at)
	return k
}

func (k *block) give() {
	k.b, k.out, k.slot = nil, nil, cond.Slot{}
	k.c.pool.Put(k)
}

// run scores rows, save those that it leaves in aside.
func (k *block) run(from, to int) {
	k.from, k.n = from, to-from
	for _, s := range k.sums {
		clear(s[:k.n])
	}
	for i := range k.low {
		clear(k.low[i][:k.n])
		clear(k.high[i][:k.n])
	}
	clear(k.gap[:])
	clear(k.joined[:])
	clear(k.aside[:])
	for i := range k.missing {
		clear(k.missing[i][:])
	}
	for i := range k.b.blockFields {
		f, cf := &k.b.blockFields[i], &k.fields[i]
		first := 0
		if f.fast {
			for ; first+chunkRows <= k.n; first += chunkRows {
				k.found(i, first, k.classify(f, cf, first))
			}
		}
		for ; first < k.n; first += chunkRows {
			k.found(i, first, k.walk(f, cf, first, min(first+chunkRows, k.n)))
		}
	}
	if k.c.packed == nil {
		k.lack()
	}
	k.holdBack()
	k.publish()
}

// found notes which rows of a chunk have no value of a field. A packed model
// has marked them already.
func (k *block) found(field, first int, missing uint64) {
	if k.c.packed == nil {
		k.missing[field][first/chunkRows] = missing
	}
}

// lack notes what the rows lack that have no value of some field.
func (k *block) lack() {
	clear(k.out.Unknown[k.from : k.from+k.n])
	for i := range k.missing {
		for chunk, rows := range k.missing[i] {
			if chunk*chunkRows < k.n {
				k.miss(i, chunk*chunkRows, rows)
			}
		}
	}
}

// miss notes what the rows lack that have no value of a field.
func (k *block) miss(field, first int, rows uint64) {
	cf := &k.fields[field]
	k.gap[first/chunkRows] |= rows
	unknown := k.out.Unknown[k.from+first:]
	if len(cf.gaps) == 1 { // the usual case
		g := cf.gaps[0]
		low, high := k.chunkOf(k.low[g.dim], first), k.chunkOf(k.high[g.dim], first)
		for ; rows != 0; rows &= rows - 1 {
			i := bits.TrailingZeros64(rows) % chunkRows
			unknown[i] += cf.unknown
			low[i] += g.low
			high[i] += g.high
		}
		return
	}
	for ; rows != 0; rows &= rows - 1 {
		i := bits.TrailingZeros64(rows)
		unknown[i] += cf.unknown
		for _, g := range cf.gaps {
			k.low[g.dim][first+i] += g.low
			k.high[g.dim][first+i] += g.high
		}
	}
}

// chunkOf gives the chunk that begins at a row of the block.
func (k *block) chunkOf(of *[blockRows]micro.M, first int) *chunk { return (*chunk)(of[first:]) }

// classify adds up what the values of a chunk bring, and gives the rows that
// have none.
func (k *block) classify(f *blockField, cf *columnarField, first int) (missing uint64) {
	c, row := f.column, k.from+first
	if c == nil {
		k.addMissing(cf, first)
		return ^uint64(0)
	}
	known, mask := ^uint64(0), &fullMask
	if c.known != nil {
		known = binary.LittleEndian.Uint64(c.known[row>>3:])
	}
	if c.kind == dictColumn {
		return k.translate(f, first, known)
	}
	if known != ^uint64(0) {
		mask = &k.mask
		masks(mask, known)
	}
	var values *keys
	switch c.kind {
	case boolColumn:
		for i := range f.passes {
			p := &f.passes[i]
			p.flags(k.chunkOf(k.sums[p.sum], first), (*[chunkRows]bool)(c.bools[row:]), mask)
		}
		return ^known
	case floatColumn:
		values = bitsOf((*[chunkRows]float64)(c.floats[row:]))
	default:
		values = (*keys)(c.ints[row:])
	}
	unfit := len(f.passes) == 0
	for i := range f.passes {
		p := &f.passes[i]
		if p.run(k.chunkOf(k.sums[p.sum], first), values, mask) {
			unfit = true
		}
	}
	if unfit {
		return k.reconsider(f, cf, first, values, known)
	}
	return ^known
}

// reconsider looks at a chunk with a value that may be one that no field can
// hold. If it is not known, or just negative, all is well; otherwise the chunk
// is gone through row by row.
func (k *block) reconsider(f *blockField, cf *columnarField, first int, values *keys, known uint64) (missing uint64) {
	var slot cond.Slot
	for rows := known; rows != 0; rows &= rows - 1 {
		i := bits.TrailingZeros64(rows)
		if f.column.fill(&slot, k.from+first+i); slot.State != cond.Invalid {
			continue
		}
		masks(&k.mask, known)
		for j := range f.passes {
			p, sum := &f.passes[j], chunk{}
			p.run(&sum, values, &k.mask)
			was := k.chunkOf(k.sums[p.sum], first)
			for r := range was {
				was[r] -= sum[r]
			}
		}
		return k.walk(f, cf, first, first+chunkRows)
	}
	return ^known
}

// addMissing adds what a missing value brings to a whole chunk.
func (k *block) addMissing(cf *columnarField, first int) {
	for i := range cf.axes {
		for _, t := range cf.axes[i].targets {
			if t.table[0] != 0 {
				sum := k.chunkOf(k.sums[t.sum], first)
				for j := range sum {
					sum[j] += t.table[0]
				}
			}
		}
	}
}

// translate adds up what the codes of a chunk bring, and gives the rows that
// have no value.
func (k *block) translate(f *blockField, first int, known uint64) (missing uint64) {
	row := k.from + first
	codes := (*[chunkRows]int32)(f.column.codes[row:])
	if known != ^uint64(0) {
		k.codes = *codes
		for null := ^known; null != 0; null &= null - 1 {
			k.codes[bits.TrailingZeros64(null)] = -1
		}
		codes = &k.codes
	}
	odd := len(f.passes) == 0
	for i := range f.passes {
		p := &f.passes[i]
		sum := k.chunkOf(k.sums[p.sum], first)
		for row := p.codes(sum, codes); row < chunkRows; row++ {
			odd = true
			place := 1 + int(codes[row])
			if place < 0 || place >= len(p.table) {
				place = 0 // as a missing text
			}
			sum[row] += p.table[place]
		}
	}
	if !f.dict.any && !odd {
		if k.c.packed != nil {
			return 0 // it is marked
		}
		return negative(codes)
	}
	for i, code := range codes {
		wrong := int(code) >= len(f.column.texts)
		if wrong || code < 0 || f.dict.missing[1+code] {
			missing |= 1 << i
		}
		if wrong || code >= 0 && f.dict.wrong[1+code] {
			*k.out.wrong.at(row + i)++
		}
	}
	return missing
}

// fullMask is the mask of a chunk without a gap.
var fullMask = func() (m [chunkRows]uint8) {
	masks(&m, ^uint64(0))
	return m
}()

// bitsOf gives floats as the integers that their bits are, where they lie.
func bitsOf(values *[chunkRows]float64) *keys { return (*keys)(unsafe.Pointer(values)) }

// walk does row by row what classify does, for what chunks have no way of
// their own.
func (k *block) walk(f *blockField, cf *columnarField, first, end int) (missing uint64) {
	field, slot := &k.c.m.fields[f.slot], &k.slot
	*slot = cond.Slot{}
	for i := first; i < end; i++ {
		row := k.from + i
		f.column.fill(slot, row)
		field.admit(slot)
		if slot.State == cond.Invalid {
			*k.out.wrong.at(row)++
		}
		if slot.State != cond.Known || !field.plain {
			var refreshed time.Time
			if f.refreshed != nil {
				refreshed = f.refreshed.times[row]
			}
			field.age(slot, refreshed, k.at)
		}
		if slot.State.Missing() {
			missing |= 1 << (i - first)
		}
		for j := range cf.axes {
			a := &cf.axes[j]
			class := a.class(slot, k.at)
			for _, t := range a.targets {
				k.sums[t.sum][i] += t.table[class]
			}
		}
	}
	return missing
}

// composite looks the rows of a composite up.
func (k *block) composite(dim int, c *columnarComposite, sum *[blockRows]micro.M) {
	out, word := sum[:k.n], k.sums[c.word][:k.n]
	shift, mask, points := c.shift&63, uint64(c.mask), c.points
	for i, w := range word {
		out[i] += points[uint64(w)>>shift&mask]
	}
	unknown := k.out.Unknown[k.from : k.from+k.n]
	for chunk := range k.gap {
		rows := uint64(0)
		for _, f := range c.fields {
			rows |= k.missing[f][chunk]
		}
		for ; rows != 0; rows &= rows - 1 {
			i := (chunk*chunkRows + bits.TrailingZeros64(rows)) % blockRows
			e := &c.gaps[uint64(word[i])>>shift&mask]
			k.low[dim][i] += e.low
			k.high[dim][i] += e.high
			unknown[i] += e.unknown
			k.joined[chunk] |= e.joins << (i % chunkRows)
		}
	}
}

// join works out the range of a row in which several groups are taken together
// over a missing field, for all dimensions. It leaves to the scalar way what
// the tables are not enough for.
func (k *block) join(i int) {
	m := k.c.m
	for j, s := range k.sums {
		k.row[j] = s[i]
	}
	for j := range k.b.fields {
		k.open[k.b.fields[j].slot] = k.missing[j][i/chunkRows]>>(i%chunkRows)&1 == 1
	}
	for d := range m.dims {
		pd := &m.plan.dims[d]
		l, joined := pd.lookUp(k.row, k.joiners[:0])
		at := k.row[d] // its composites are in it
		sum, joined, ok := pd.spread(&m.dims[d], k.open, nil, joined, span{at, at + l.low, at + l.high})
		k.joiners = joined
		if !ok {
			k.aside[i/chunkRows] |= 1 << (i % chunkRows)
			return
		}
		k.low[d][i], k.high[d][i] = sum.low-at, sum.high-at
	}
}

// holdBack leaves to the scalar way the rows whose tier may be held.
func (k *block) holdBack() {
	prev := k.b.t.prevTiers
	if !k.c.held || prev == nil {
		return
	}
	for i, tier := range prev[k.from : k.from+k.n] {
		if tier != "" {
			k.aside[i/chunkRows] |= 1 << (i % chunkRows)
		}
	}
}
