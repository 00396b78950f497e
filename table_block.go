package accountscore

import (
	"encoding/binary"
	"math/bits"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// block is the memory in which a worker scores a block of rows a column at a
// time. Only rows that have a gap are gone through one by one, and only those
// whose range no table tells are left to the scalar way.
type block struct {
	c    *columnar
	b    *boundTable
	out  *Scores
	from int   // row of the table
	n    int   // rows
	at   int64 // µs

	sums      []*[blockRows]micro.M // accumulators
	low, high []*[blockRows]micro.M // what gaps take off and add to a dimension
	total     [blockRows]micro.M
	gap       [blockRows / chunkRows]uint64 // rows of which a read field is missing
	aside     [blockRows / chunkRows]uint64 // rows left to the scalar way
	rows      [blockRows]uint16
	gaps      []uint16 // rows that have a gap
	holds     [blockRows]uint8
	keys      keys
	ages      keys
	codes     [chunkRows]int32
	mask      [chunkRows]uint8
	slot      cond.Slot
}

// block gives the memory for a worker; give puts it back.
func (c *columnar) block(b *boundTable, out *Scores, at time.Time) *block {
	k, ok := c.pool.Get().(*block)
	if !ok {
		k = &block{c: c}
		for range c.width {
			k.sums = append(k.sums, new([blockRows]micro.M))
		}
		for range c.dims {
			k.low, k.high = append(k.low, new([blockRows]micro.M)), append(k.high, new([blockRows]micro.M))
		}
	}
	k.b, k.out, k.at = b, out, at.UnixMicro()
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
	clear(k.out.Unknown[from:to])
	clear(k.gap[:])
	clear(k.aside[:])
	for i := range k.b.blockFields {
		f, cf := &k.b.blockFields[i], &k.c.fields[i]
		first := 0
		if f.fast {
			for ; first+chunkRows <= k.n; first += chunkRows {
				k.miss(cf, first, k.classify(f, cf, first))
			}
		}
		for ; first < k.n; first += chunkRows {
			k.miss(cf, first, k.walk(f, cf, first, min(first+chunkRows, k.n)))
		}
	}
	n := 0
	for i, gap := range k.gap {
		for ; gap != 0; gap &= gap - 1 {
			k.rows[n] = uint16(i*chunkRows + bits.TrailingZeros64(gap))
			n++
		}
	}
	k.gaps = k.rows[:n]
	k.holdBack()
	k.publish()
}

// chunk gives the sums of the chunk that begins at a row of the block.
func (k *block) chunk(sum, first int) *chunk { return (*chunk)(k.sums[sum][first:]) }

// miss notes what the rows lack that have no value of a field.
func (k *block) miss(cf *columnarField, first int, rows uint64) {
	k.gap[first/chunkRows] |= rows
	unknown := k.out.Unknown[k.from+first:]
	for ; rows != 0; rows &= rows - 1 {
		i := bits.TrailingZeros64(rows)
		unknown[i] += cf.unknown
		for _, g := range cf.gaps {
			k.low[g.dim][first+i] += g.low
			k.high[g.dim][first+i] += g.high
		}
	}
}

// classify adds up what the values of a chunk bring, and gives the rows that
// have none.
func (k *block) classify(f *blockField, cf *columnarField, first int) (missing uint64) {
	c, row := f.column, k.from+first
	known := ^uint64(0)
	if c != nil && c.known != nil {
		known = binary.LittleEndian.Uint64(c.known[row>>3:])
	}
	switch {
	case c == nil:
		k.addMissing(cf, first)
		return ^uint64(0)
	case c.kind == dictColumn:
		return k.translate(f, first, known)
	}
	masks(&k.mask, known)
	unfit := false
	switch c.kind {
	case floatColumn:
		unfit = floatKeys(&k.keys, (*[chunkRows]float64)(c.floats[row:]))
	case intColumn:
		unfit = intKeys(&k.keys, (*[chunkRows]int64)(c.ints[row:]))
	case microColumn:
		unfit = timeKeys(&k.keys, (*[chunkRows]int64)(c.ints[row:]))
	case boolColumn:
		boolKeys(&k.keys, (*[chunkRows]bool)(c.bools[row:]))
	}
	if unfit {
		return k.walk(f, cf, first, first+chunkRows)
	}
	for i := range f.passes {
		p := &f.passes[i]
		keys := &k.keys
		if p.axis.kind == ages {
			for j, t := range k.keys {
				k.ages[j] = k.at - t
			}
			keys = &k.ages
		}
		p.run(k.chunk(p.sum, first), keys, &k.mask)
	}
	return ^known
}

// addMissing adds what a missing value brings to a whole chunk.
func (k *block) addMissing(cf *columnarField, first int) {
	for i := range cf.axes {
		for _, t := range cf.axes[i].targets {
			if t.table[0] != 0 {
				sum := k.chunk(t.sum, first)
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
	beyond := uint64(0)
	for i := range f.passes {
		beyond = f.passes[i].translated(k.chunk(f.passes[i].sum, first), codes)
	}
	missing = negative(codes)
	if f.dict.any || beyond != 0 {
		for i, code := range codes {
			switch {
			case code < 0:
			case int(code) >= len(f.column.texts):
				missing |= 1 << i
				*k.out.wrong.at(row + i)++
			case f.dict.missing[1+code]:
				missing |= 1 << i
				if f.dict.wrong[1+code] {
					*k.out.wrong.at(row + i)++
				}
			}
		}
	}
	return missing
}

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
	out, word := sum[:k.n], k.sums[c.sum][:k.n]
	shift, mask, points := c.shift&63, uint64(c.mask), c.points
	for i, w := range word {
		out[i] += points[uint64(w)>>shift&mask]
	}
	low, high, unknown := k.low[dim], k.high[dim], k.out.Unknown[k.from:k.from+k.n]
	for _, i := range k.gaps {
		place := uint64(word[i]) >> shift & mask
		low[i%blockRows] += c.low[place]
		high[i%blockRows] += c.high[place]
		unknown[i] += c.unknown[place]
		if c.joins[place] {
			k.aside[i/chunkRows%uint16(len(k.aside))] |= 1 << (i % chunkRows)
		}
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
