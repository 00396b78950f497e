package accountscore

import (
	"encoding/binary"
	"math"
	"slices"

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
	small [256]micro.M // table, where it fits: a byte finds its place without a check
	// Values are compared as integers, see keys.
	cuts   []int64
	few    [4]int64
	top    uint64    // keys beyond it, and those below zero, are looked at again
	floats []float64 // cuts that integers do not order
	grid   *cutGrid  // of many cuts, nil: none
	share  passShare
}

// passShare tells whether passes of one axis, which are in a row, find the
// classes of a chunk once for all of them.
type passShare uint8

const (
	aloneShare passShare = iota
	firstShare
	laterShare
)

// passKind is a way to find classes.
type passKind uint8

const (
	knownPass passKind = iota // known or not
	dictPass                  // table is by code plus one
	flagPass
	onePass // one cut, or two …
	twoPass
	threePass
	fourPass
	manyPass
	gridPass
	floatPass
)

// blockDict is what a dictionary's texts are to a field.
type blockDict struct {
	missing []bool // by code plus one: no value, or none that can be used
	wrong   []bool
	any     bool // some text is missing
}

// prepare makes the columns of so many rows ready for blocks.
func prepare(bound []boundField, fields []columnarField, declared []field, rows int, at int64) []blockField {
	out := make([]blockField, len(bound))
	for i := range bound {
		f, cf := blockField{boundField: &bound[i]}, &fields[i]
		field := &declared[f.slot]
		if f.fast = f.direct(field, rows); f.fast && f.column != nil {
			if f.column.kind == dictColumn {
				f.translate(field, cf, at)
			} else {
				f.plan(cf, at)
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
func (f *blockField) plan(cf *columnarField, at int64) {
	for i := range cf.axes {
		a := &cf.axes[i]
		for j, t := range a.targets {
			p := blockPass{sum: t.sum, table: t.table}
			switch a.kind {
			case flags:
				p.kind = flagPass
			case numbers:
				p.numbers(a.cuts, f.column.kind)
			case moments:
				p.times(a.times)
			case ages:
				p.agesAt(a.times, at)
			}
			copy(p.small[:], p.table)
			copy(p.few[:], p.cuts)
			if n := len(p.cuts); p.kind == manyPass && n > 0 && n <= len(p.few) {
				p.kind = onePass + passKind(n-1)
			} else if p.kind == manyPass && p.lay() {
				p.kind = gridPass
			}
			if searched := p.kind == manyPass || p.kind == gridPass || p.kind == floatPass; searched && len(a.targets) > 1 && len(t.table) <= math.MaxUint16 {
				p.share = laterShare
				if j == 0 {
					p.share = firstShare
				}
			}
			f.passes = append(f.passes, p)
		}
	}
}

// numbers compares numbers with cuts.
func (p *blockPass) numbers(cuts []float64, kind columnKind) {
	if len(cuts) == 0 {
		return // known or not
	}
	p.kind = manyPass
	if kind == intColumn {
		p.top = maxInteger
		for _, c := range cuts {
			p.cuts = append(p.cuts, int64(math.Ceil(min(max(c, -2*maxInteger), 2*maxInteger))))
		}
		return
	}
	p.top = math.Float64bits(maxInteger)
	for _, c := range cuts {
		p.cuts = append(p.cuts, int64(math.Float64bits(c)))
	}
	if !(cuts[0] > 0) {
		p.kind, p.floats = floatPass, cuts
	}
}

func (p *blockPass) times(cuts []int64) {
	p.top = uint64(lastMoment)
	if len(cuts) > 0 {
		p.kind, p.cuts = manyPass, cuts
	}
}

// agesAt compares ages at a moment: the older, the smaller the time, so that
// cuts and classes turn round.
func (p *blockPass) agesAt(cuts []int64, at int64) {
	p.times(nil)
	if len(cuts) == 0 {
		return
	}
	p.kind = manyPass
	for _, c := range slices.Backward(cuts) {
		p.cuts = append(p.cuts, at-c+1)
	}
	p.table = slices.Clone(p.table)
	slices.Reverse(p.table[knownClass:])
}

// keys are the values of a chunk as integers in the same order: a time or an
// integer itself, of a float the bits, which order it from zero up.
type keys = [chunkRows]int64

// run adds what the classes of a chunk bring; mask is zero where there is no
// value. It tells whether a value, be it known or not, may be one that no field
// can hold. Each way is a function of its own, so that all of it fits the
// processor's registers.
func (p *blockPass) run(sum *chunk, keys *keys, mask *[chunkRows]uint8) (unfit bool) {
	switch p.kind {
	case onePass:
		return p.one(sum, keys, mask)
	case twoPass:
		return p.two(sum, keys, mask)
	case threePass:
		return p.three(sum, keys, mask)
	case fourPass:
		return p.four(sum, keys, mask)
	case manyPass:
		return p.many(sum, keys, mask)
	case gridPass:
		return p.gridded(sum, keys, mask)
	case floatPass:
		return p.byFloats(sum, keys, mask)
	}
	return p.none(sum, keys, mask)
}

func (p *blockPass) none(sum *chunk, keys *keys, mask *[chunkRows]uint8) bool {
	t, top := &p.small, uint64(0)
	for i, k := range keys {
		top = max(top, uint64(k))
		sum[i] += t[knownClass&mask[i]]
	}
	return top > p.top
}

func (p *blockPass) one(sum *chunk, keys *keys, mask *[chunkRows]uint8) bool {
	t, a, top := &p.small, p.few[0], uint64(0)
	for i, k := range keys {
		top = max(top, uint64(k))
		sum[i] += t[uint8(knownClass+ordinal(a <= k))&mask[i]]
	}
	return top > p.top
}

func (p *blockPass) two(sum *chunk, keys *keys, mask *[chunkRows]uint8) bool {
	t, a, b, top := &p.small, p.few[0], p.few[1], uint64(0)
	for i, k := range keys {
		top = max(top, uint64(k))
		sum[i] += t[uint8(knownClass+ordinal(a <= k)+ordinal(b <= k))&mask[i]]
	}
	return top > p.top
}

func (p *blockPass) three(sum *chunk, keys *keys, mask *[chunkRows]uint8) bool {
	t, a, b, c, top := &p.small, p.few[0], p.few[1], p.few[2], uint64(0)
	for i, k := range keys {
		top = max(top, uint64(k))
		sum[i] += t[uint8(knownClass+ordinal(a <= k)+ordinal(b <= k)+ordinal(c <= k))&mask[i]]
	}
	return top > p.top
}

func (p *blockPass) four(sum *chunk, keys *keys, mask *[chunkRows]uint8) bool {
	t, a, b, c, d, top := &p.small, p.few[0], p.few[1], p.few[2], p.few[3], uint64(0)
	for i, k := range keys {
		top = max(top, uint64(k))
		sum[i] += t[uint8(knownClass+ordinal(a <= k)+ordinal(b <= k)+ordinal(c <= k)+ordinal(d <= k))&mask[i]]
	}
	return top > p.top
}

func (p *blockPass) many(sum *chunk, keys *keys, mask *[chunkRows]uint8) bool {
	top := uint64(0)
	for i, k := range keys {
		top = max(top, uint64(k))
		sum[i] += p.table[(knownClass+classes.Count(p.cuts, k))&-int(mask[i]&1)]
	}
	return top > p.top
}

func (p *blockPass) gridded(sum *chunk, keys *keys, mask *[chunkRows]uint8) bool {
	g, top := p.grid, uint64(0)
	for i, k := range keys {
		top = max(top, uint64(k))
		sum[i] += p.table[(knownClass+g.count(k))&-int(mask[i]&1)]
	}
	return top > p.top
}

// find finds the classes of a chunk, for all passes that share them, as run
// does.
func (p *blockPass) find(found *[chunkRows]uint16, keys *keys, mask *[chunkRows]uint8) bool {
	top := uint64(0)
	for i, k := range keys {
		top = max(top, uint64(k))
		class := 0
		switch p.kind {
		case gridPass:
			class = p.grid.count(k)
		case manyPass:
			class = classes.Count(p.cuts, k)
		default:
			class = classes.Count(p.floats, math.Float64frombits(uint64(k)))
		}
		found[i] = uint16((knownClass + class) & -int(mask[i]&1))
	}
	return top > p.top
}

// bring adds what classes bring that were found before.
func (p *blockPass) bring(sum *chunk, found *[chunkRows]uint16) {
	table := p.table
	for i, class := range found {
		sum[i] += table[class]
	}
}

// cutGrid finds between which of many cuts a key lies: a cell says how many cuts
// are passed where it begins, and has few of its own.
type cutGrid struct {
	low, high int64 // a key below all cuts, and the last of these
	shift     uint8 // of a cell's width
	passed    [gridCells]uint8
	cuts      []int64 // with room behind them
}

const (
	gridCells = 1 << 10
	// cellCuts is how many cuts a cell has at most.
	cellCuts = 2
)

// lay makes a grid of the cuts, if it can.
func (p *blockPass) lay() bool {
	g := &cutGrid{}
	if !g.lay(p.cuts) {
		return false
	}
	p.grid = g
	return true
}

// lay makes the grid, if the cuts lie far enough apart.
func (g *cutGrid) lay(cuts []int64) bool {
	n := len(cuts)
	if n > math.MaxUint8 || cuts[0] == math.MinInt64 || cuts[n-1] == math.MaxInt64 {
		return false
	}
	g.low, g.high = cuts[0]-1, cuts[n-1]
	for uint64(g.high-g.low)>>g.shift >= gridCells {
		g.shift++
	}
	passed := 0
	for cell := range g.passed {
		begin := uint64(cell) << g.shift
		for passed < n && uint64(cuts[passed]-g.low) <= begin {
			passed++
		}
		g.passed[cell] = uint8(passed)
		if end := passed + cellCuts; end < n && uint64(cuts[end]-g.low)-begin < 1<<g.shift {
			return false
		}
	}
	g.cuts = slices.Clone(cuts)
	for range cellCuts {
		g.cuts = append(g.cuts, math.MaxInt64)
	}
	return true
}

// count gives how many cuts are no greater than a key.
func (g *cutGrid) count(k int64) int {
	k = min(max(k, g.low), g.high)
	passed := int(g.passed[uint64(k-g.low)>>(g.shift&63)%gridCells])
	near := g.cuts[passed:]
	return passed + ordinal(near[0] <= k) + ordinal(near[1] <= k)
}

func (p *blockPass) byFloats(sum *chunk, keys *keys, mask *[chunkRows]uint8) bool {
	top := uint64(0)
	for i, k := range keys {
		top = max(top, uint64(k))
		sum[i] += p.table[(knownClass+classes.Count(p.floats, math.Float64frombits(uint64(k))))&-int(mask[i]&1)]
	}
	return top > p.top
}

// flags is run for bools.
func (p *blockPass) flags(sum *chunk, values *[chunkRows]bool, mask *[chunkRows]uint8) {
	t, class := &p.small, uint8(0)
	if p.kind == flagPass {
		class = 1
	}
	for i, v := range values {
		sum[i] += t[(knownClass+class&uint8(ordinal(v)))&mask[i]]
	}
}

// codes is run for the codes of a dictionary. It stops at a code that is
// neither below the texts by one nor one of them, and gives its row.
func (p *blockPass) codes(sum *chunk, codes *[chunkRows]int32) (end int) {
	table := p.table
	for i, code := range codes {
		place := uint64(uint32(code + 1))
		if place >= uint64(len(table)) {
			return i
		}
		sum[i] += table[place]
	}
	return chunkRows
}

// negative gives a bit for each code below zero.
func negative(codes *[chunkRows]int32) (set uint64) {
	for _, code := range codes {
		set = set>>1 | uint64(int64(code))&(1<<63)
	}
	return set
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
