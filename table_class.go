package accountscore

import (
	"encoding/binary"
	"math"

	"github.com/accountscore/accountscore/internal/classes"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// How the values of a column find their classes and what these bring, a chunk
// of rows at a time. It takes no branch that depends on a value: those are what
// a score by hand spends its time on.

// chunkRows is how many rows one word of a bitmap tells of.
const chunkRows = 64

// chunk is some sums.
type chunk = [chunkRows]micro.M

// blockField is a field with its column, made ready for chunks.
type blockField struct {
	*boundField
	fast   bool
	passes []blockPass
	dict   *blockDict
}

// blockPass adds to one accumulator what one axis brings.
type blockPass struct {
	kind  passKind
	sum   int
	table []micro.M
	small [8]micro.M // table, where it is small
	axis  *planAxis
	cuts  [4]int64 // of times, or of the bits of positive numbers
}

// passKind is a way to find classes.
type passKind uint8

const (
	dictPass passKind = iota // table is by code plus one
	knownPass
	onePass // one cut, or two …: by integers
	twoPass
	threePass
	fourPass
	cutsPass // between any numbers
	timePass // between any times
)

// blockDict is what a dictionary's texts are to a field.
type blockDict struct {
	missing []bool // by code plus one: no value, or none that can be used
	wrong   []bool
	any     bool // some text is missing
}

// prepare makes the columns ready for blocks.
func (b *boundTable) prepare(c *columnar, at int64) []blockField {
	out := make([]blockField, len(b.fields))
	for i := range b.fields {
		f := blockField{boundField: &b.fields[i]}
		field := &b.m.fields[f.slot]
		if f.fast = f.direct(field, b.t.n); f.fast && f.column != nil {
			if f.column.kind == dictColumn {
				f.translate(field, &c.fields[i], at)
			} else {
				f.plan(&c.fields[i])
			}
		}
		out[i] = f
	}
	return out
}

// direct tells whether the classes can be told from the column alone.
func (f *blockField) direct(field *field, rows int) bool {
	c := f.column
	switch {
	case field.fallback != nil, f.refreshed != nil:
		return false
	case c == nil:
		return true
	case c.invalid != nil:
		return false
	}
	switch c.kind {
	case floatColumn, intColumn:
		return field.allowed == nil
	case boolColumn, microColumn:
		return true
	case dictColumn:
		return len(c.texts) <= rows+blockRows // else most texts stand in no row
	}
	return false
}

// translate finds what a dictionary's texts bring, once each.
func (f *blockField) translate(field *field, cf *columnarField, at int64) {
	n := 1 + len(f.column.texts)
	d := &blockDict{missing: make([]bool, n), wrong: make([]bool, n)}
	d.missing[0] = true
	f.dict = d
	passes := map[int]*blockPass{}
	for i := range cf.axes {
		for _, t := range cf.axes[i].targets {
			if passes[t.sum] == nil {
				f.passes = append(f.passes, blockPass{kind: dictPass, sum: t.sum, table: make([]micro.M, n)})
			}
			passes[t.sum] = &f.passes[len(f.passes)-1]
		}
	}
	for i := range f.passes {
		passes[f.passes[i].sum] = &f.passes[i]
	}
	for code := -1; code < n-1; code++ {
		var slot cond.Slot
		if code >= 0 {
			field.fill(&slot, f.column.texts[code], true)
			d.missing[1+code], d.wrong[1+code] = slot.State.Missing(), slot.State == cond.Invalid
			d.any = d.any || d.missing[1+code]
		}
		for i := range cf.axes {
			for _, t := range cf.axes[i].targets {
				passes[t.sum].table[1+code] += t.table[cf.axes[i].class(&slot, at)]
			}
		}
	}
}

// plan chooses a way for each axis of a column that is no dictionary.
func (f *blockField) plan(cf *columnarField) {
	for i := range cf.axes {
		a := &cf.axes[i]
		for _, t := range a.targets {
			p := blockPass{sum: t.sum, table: t.table, axis: a.planAxis}
			copy(p.small[:], t.table)
			n := 0
			switch a.kind {
			case flags:
				p.kind, n, p.cuts[0] = onePass, 1, 1
			case numbers:
				p.kind, n = cutsPass, len(a.cuts)
				for j, c := range a.cuts {
					if !(c > 0) {
						n = 0 // integers order the bits of positive numbers alone
					} else if j < len(p.cuts) {
						p.cuts[j] = int64(math.Float64bits(c))
					}
				}
			case moments, ages:
				p.kind, n = timePass, len(a.times)
				copy(p.cuts[:], a.times)
			default:
				p.kind = knownPass
			}
			if n > 0 && n <= len(p.cuts) {
				p.kind = onePass + passKind(n-1)
			}
			f.passes = append(f.passes, p)
		}
	}
}

// run adds what the classes of a chunk bring. Numbers and times come as the
// integers that order them; mask is zero where there is no value.
func (p *blockPass) run(sum *chunk, keys *keys, mask *[chunkRows]uint8) {
	t := &p.small
	switch p.kind {
	case knownPass:
		for i := range sum {
			sum[i] += t[knownClass&mask[i]]
		}
	case onePass:
		a := p.cuts[0]
		for i, k := range keys {
			sum[i] += t[uint8(knownClass+ordinal(a <= k))&mask[i]&7]
		}
	case twoPass:
		a, b := p.cuts[0], p.cuts[1]
		for i, k := range keys {
			sum[i] += t[uint8(knownClass+ordinal(a <= k)+ordinal(b <= k))&mask[i]&7]
		}
	case threePass:
		a, b, c := p.cuts[0], p.cuts[1], p.cuts[2]
		for i, k := range keys {
			sum[i] += t[uint8(knownClass+ordinal(a <= k)+ordinal(b <= k)+ordinal(c <= k))&mask[i]&7]
		}
	case fourPass:
		a, b, c, d := p.cuts[0], p.cuts[1], p.cuts[2], p.cuts[3]
		for i, k := range keys {
			sum[i] += t[uint8(knownClass+ordinal(a <= k)+ordinal(b <= k)+ordinal(c <= k)+ordinal(d <= k))&mask[i]&7]
		}
	case cutsPass:
		for i, k := range keys {
			class := knownClass + classes.Count(p.axis.cuts, math.Float64frombits(uint64(k)))
			sum[i] += p.table[class&-int(mask[i]&1)]
		}
	case timePass:
		for i, k := range keys {
			class := knownClass + classes.Count(p.axis.times, k)
			sum[i] += p.table[class&-int(mask[i]&1)]
		}
	}
}

// translated adds what the codes of a chunk bring. A code below zero and one
// beyond the texts bring what a missing text does; it tells which are beyond.
func (p *blockPass) translated(sum *chunk, codes *[chunkRows]int32) (beyond uint64) {
	table := p.table
	for i := range sum {
		place := uint32(codes[i] + 1)
		if place >= uint32(len(table)) {
			beyond |= 1 << (i & 63)
			place = 0
		}
		sum[i] += table[place]
	}
	return beyond
}

// negative gives a bit for each code below zero.
func negative(codes *[chunkRows]int32) (set uint64) {
	for _, c := range codes {
		set = set>>1 | uint64(int64(c))&(1<<63)
	}
	return set
}

// keys are the integers that order a chunk's values: of a float its bits, which
// do so from zero up.
type keys = [chunkRows]int64

// The fillers of keys tell whether any value, known or not, is one that no
// field can hold.

func floatKeys(out *keys, values *[chunkRows]float64) (unfit bool) {
	const limit = 0x4340000000000000 // the bits of 2^53
	u := int64(0)
	for i, v := range values {
		k := int64(math.Float64bits(v))
		u |= limit - k&math.MaxInt64
		out[i] = k
	}
	return u < 0
}

func intKeys(out *keys, values *[chunkRows]int64) (unfit bool) {
	u := int64(0)
	for i, v := range values {
		u |= (maxInteger - v) | (maxInteger + v)
		out[i] = int64(math.Float64bits(float64(v)))
	}
	return u < 0
}

func timeKeys(out *keys, values *[chunkRows]int64) (unfit bool) {
	first, last, u := firstMoment, lastMoment, int64(0)
	for i, v := range values {
		u |= (v - first) | (last - v)
		out[i] = v
	}
	return u < 0
}

func boolKeys(out *keys, values *[chunkRows]bool) {
	for i, v := range values {
		out[i] = int64(ordinal(v))
	}
}

// spread is each byte's bits as masks.
var spread = func() (t [256]uint64) {
	for b := range t {
		for i := range 8 {
			if b>>i&1 == 1 {
				t[b] |= 0xff << (8 * i)
			}
		}
	}
	return t
}()

// masks makes bits masks of bytes.
func masks(mask *[chunkRows]uint8, bits uint64) {
	for i := range 8 {
		binary.LittleEndian.PutUint64(mask[8*i:], spread[uint8(bits>>(8*i))])
	}
}
