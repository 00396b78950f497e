package accountscore

import (
	"encoding/binary"
	"math/bits"
	"time"
	"unsafe"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// adder adds up what the values of columns bring, a window of rows at a time.
// Its rows are those of a model's accounts, or the contacts and activities that
// a model reads as if they were accounts.
type adder struct {
	m      *Model
	from   int   // row of the table
	n      int   // rows
	at     int64 // µs
	sums   []*[blockRows]micro.M
	marked bool          // the sums tell which values are missing
	bad    func(row int) // is told of each value that cannot be used
	// keep, where it is not nil, is given each value that is gone through by
	// itself.
	keep func(row int, s *cond.Slot)

	codes [chunkRows]int32
	found [chunkRows]uint16 // classes that passes share
	mask  [chunkRows]uint8
	slot  cond.Slot
}

func newAdder(m *Model, width int, bad func(row int)) adder {
	a := adder{m: m, bad: bad}
	for range width {
		a.sums = append(a.sums, new([blockRows]micro.M))
	}
	return a
}

// begin begins a window of rows.
func (a *adder) begin(from, to int) {
	a.from, a.n = from, to-from
	for _, s := range a.sums {
		clear(s[:a.n])
	}
}

// rowSet marks rows of a window.
type rowSet = [blockRows / chunkRows]uint64

// add adds up what a field's column brings, and gives the rows that have no
// value; where the sums tell that, it may leave them out.
func (a *adder) add(f *blockField, cf *columnarField, missing *rowSet) {
	first := 0
	if f.fast {
		for ; first+chunkRows <= a.n; first += chunkRows {
			missing[first/chunkRows] = a.classify(f, cf, first)
		}
	}
	for ; first < a.n; first += chunkRows {
		missing[first/chunkRows] = a.walk(f, cf, first, min(first+chunkRows, a.n))
	}
}

// chunkOf gives the chunk that begins at a row of the block.
func (a *adder) chunkOf(of *[blockRows]micro.M, first int) *chunk { return (*chunk)(of[first:]) }

// classify adds up what the values of a chunk bring, and gives the rows that
// have none.
func (a *adder) classify(f *blockField, cf *columnarField, first int) (missing uint64) {
	c, row := f.column, a.from+first
	if c == nil {
		a.addMissing(cf, first)
		return ^uint64(0)
	}
	known, mask := ^uint64(0), &fullMask
	if c.known != nil {
		known = binary.LittleEndian.Uint64(c.known[row>>3:])
	}
	if c.kind == dictColumn {
		return a.translate(f, first, known)
	}
	if known != ^uint64(0) {
		mask = &a.mask
		masks(mask, known)
	}
	var values *keys
	switch c.kind {
	case boolColumn:
		for i := range f.passes {
			p := &f.passes[i]
			p.flags(a.chunkOf(a.sums[p.sum], first), (*[chunkRows]bool)(c.bools[row:]), mask)
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
		sum := a.chunkOf(a.sums[p.sum], first)
		switch p.share {
		case aloneShare:
			unfit = p.run(sum, values, mask) || unfit
			continue
		case firstShare:
			unfit = p.find(&a.found, values, mask) || unfit
		}
		p.bring(sum, &a.found)
	}
	if unfit {
		return a.reconsider(f, cf, first, values, known)
	}
	return ^known
}

// reconsider looks at a chunk with a value that may be one that no field can
// hold. If it is not known, or just negative, all is well; otherwise the chunk
// is gone through row by row.
func (a *adder) reconsider(f *blockField, cf *columnarField, first int, values *keys, known uint64) (missing uint64) {
	var slot cond.Slot
	for rows := known; rows != 0; rows &= rows - 1 {
		i := bits.TrailingZeros64(rows)
		if f.column.fill(&slot, a.from+first+i); slot.State != cond.Invalid {
			continue
		}
		masks(&a.mask, known)
		for j := range f.passes {
			p, sum := &f.passes[j], chunk{}
			p.run(&sum, values, &a.mask)
			was := a.chunkOf(a.sums[p.sum], first)
			for r := range was {
				was[r] -= sum[r]
			}
		}
		return a.walk(f, cf, first, first+chunkRows)
	}
	return ^known
}

// addMissing adds what a missing value brings to a whole chunk.
func (a *adder) addMissing(cf *columnarField, first int) {
	for i := range cf.axes {
		for _, t := range cf.axes[i].targets {
			if t.table[0] != 0 {
				sum := a.chunkOf(a.sums[t.sum], first)
				for j := range sum {
					sum[j] += t.table[0]
				}
			}
		}
	}
}

// translate adds up what the codes of a chunk bring, and gives the rows that
// have no value.
func (a *adder) translate(f *blockField, first int, known uint64) (missing uint64) {
	row := a.from + first
	codes := (*[chunkRows]int32)(f.column.codes[row:])
	if known != ^uint64(0) {
		a.codes = *codes
		for null := ^known; null != 0; null &= null - 1 {
			a.codes[bits.TrailingZeros64(null)] = -1
		}
		codes = &a.codes
	}
	odd := len(f.passes) == 0
	for i := range f.passes {
		p := &f.passes[i]
		sum := a.chunkOf(a.sums[p.sum], first)
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
		if a.marked {
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
			a.bad(first + i)
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
func (a *adder) walk(f *blockField, cf *columnarField, first, end int) (missing uint64) {
	field, slot := &a.m.fields[f.slot], &a.slot
	*slot = cond.Slot{}
	for i := first; i < end; i++ {
		row := a.from + i
		f.column.fill(slot, row)
		field.admit(slot)
		if slot.State == cond.Invalid {
			a.bad(i)
		}
		if slot.State != cond.Known || !field.plain {
			var refreshed time.Time
			if f.refreshed != nil {
				refreshed = f.refreshed.times[row]
			}
			field.age(slot, refreshed, a.at)
		}
		if a.keep != nil {
			a.keep(i, slot)
		}
		if slot.State.Missing() {
			missing |= 1 << (i - first)
		}
		for j := range cf.axes {
			axis := &cf.axes[j]
			class := axis.class(slot, a.at)
			for _, t := range axis.targets {
				a.sums[t.sum][i] += t.table[class]
			}
		}
	}
	return missing
}
