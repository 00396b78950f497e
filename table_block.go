package accountscore

import (
	"context"
	"math/bits"
	"time"

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
	adder

	low, high []*[blockRows]micro.M // what gaps take off and add to a dimension
	total     [blockRows]micro.M
	gap       rowSet   // rows of which a read field is missing
	aside     rowSet   // rows left to the scalar way
	missing   []rowSet // gap, by field
	holds     [blockRows]uint8

	people *peopleBlock // nil: no rollup
}

// block gives the memory for a worker; give puts it back.
func (c *columnar) block(b *boundTable, out *Scores, at time.Time) *block {
	k, ok := c.pool.Get().(*block)
	if !ok {
		k = c.newBlock()
	}
	k.b, k.out, k.at = b, out, clock(at)
	if k.people != nil {
		k.people.enter(b, k.at)
	}
	return k
}

func (c *columnar) newBlock() *block {
	m := c.m
	k := &block{c: c, fields: c.lookups(), missing: make([]rowSet, len(c.fields))}
	k.adder = newAdder(m, m.plan.width, func(row int) { *k.out.wrong.at(k.from + row)++ })
	if c.packed != nil {
		k.sums, k.marked = k.sums[:1], true
		return k
	}
	if c.rollup != nil {
		k.people = c.rollup.newPeople()
	}
	for range c.dims {
		k.low, k.high = append(k.low, new([blockRows]micro.M)), append(k.high, new([blockRows]micro.M))
	}
	return k
}

func (k *block) give() {
	k.b, k.out, k.slot = nil, nil, cond.Slot{}
	if k.people != nil {
		k.people.leave()
	}
	k.c.pool.Put(k)
}

// run scores rows, save those that it leaves in aside. It tells whether it got
// to their end.
func (k *block) run(ctx context.Context, from, to int) bool {
	k.begin(from, to)
	for i := range k.low {
		clear(k.low[i][:k.n])
		clear(k.high[i][:k.n])
	}
	clear(k.gap[:])
	clear(k.aside[:])
	for i := range k.b.blockFields {
		k.add(&k.b.blockFields[i], &k.fields[i], &k.missing[i])
	}
	if k.c.packed == nil {
		k.lack()
	}
	if k.people != nil && !k.rollUp(ctx) {
		return false
	}
	k.holdBack()
	k.publish()
	return true
}

// lack notes what the rows lack that have no value of some field.
func (k *block) lack() {
	clear(k.out.Unknown[k.from : k.from+k.n])
	for i := range k.missing {
		for first := 0; first < k.n; first += chunkRows {
			k.miss(i, first, k.missing[i][first/chunkRows])
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

// add adds the points of a composite.
func (c *columnarComposite) add(sums, word []micro.M) {
	sums = sums[:len(word)]
	shift, mask, points := c.shift&63, uint64(c.mask), c.points
	for i, w := range word {
		sums[i] += points[uint64(w)>>shift&mask]
	}
}

// composite looks the rows of a composite up.
func (k *block) composite(dim int, c *columnarComposite, sum *[blockRows]micro.M) {
	word := k.sums[c.word][:k.n]
	c.add(sum[:k.n], word)
	shift, mask := c.shift&63, uint64(c.mask)
	unknown := k.out.Unknown[k.from : k.from+k.n]
	for chunk := range (k.n + chunkRows - 1) / chunkRows {
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
		}
	}
}

// join takes the groups together that join a field where it is missing. What the
// field's own gap brings for those that join it always is replaced. It leaves to
// the scalar way what the tables are not enough for.
func (k *block) join(dim int, j *columnarJoin) {
	pd := &k.c.m.plan.dims[dim]
	st := &pd.statics[j.static]
	var memory [swept]*compositeEntry
	for chunk := range (k.n + chunkRows - 1) / chunkRows {
		for rows := k.missing[j.field][chunk]; rows != 0; rows &= rows - 1 {
			i := (chunk*chunkRows + bits.TrailingZeros64(rows)) % blockRows
			mine := memory[:0]
			fit := true
			for _, c := range j.composites {
				place := c.unpack(k.sums[c.word][i])
				e := &c.entries[place]
				switch {
				case e.joins != j.static || c.gaps[place].joins == 0:
				case len(mine) == len(memory):
					fit = false
				default:
					mine = append(mine, e)
				}
			}
			if len(mine) == 0 {
				continue
			}
			low, high, ok := pd.prepared(&k.c.m.dims[dim], st, mine)
			if !ok || !fit {
				k.aside[chunk] |= 1 << (i % chunkRows)
				continue
			}
			k.low[dim][i] += low - (st.joint.low - st.joint.at)
			k.high[dim][i] += high - (st.joint.high - st.joint.at)
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
