package accountscore

import (
	"context"
	"encoding/binary"
	"math/bits"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// peopleBlock is the memory in which a worker scores contacts, a window of them at a
// time, whosever they are. Those with a value that cannot be used are odd: their
// accounts are left to the scalar way, which counts such values.
type peopleBlock struct {
	r *columnarRollup
	b *boundCrowd
	adder
	rows    int // contacts of the table
	end     int // contact after the window
	missing rowSet
	odd     rowSet
	anyOdd  bool

	base     [chunkRows]micro.M           // points of a chunk
	weighted [blockRows + chunkRows]int64 // those above zero, without a gap between them
	counts   [1 + blockRows]counts        // of the contacts before each

	// Scores and times where their columns do not hold them as they stand.
	scores        [blockRows]float64
	times         [blockRows]int64
	scored, dated rowSet
	floats        [chunkRows]float64

	keepers [2]func(row int, s *cond.Slot) // of scores and times
	tally   tally
}

func (r *columnarRollup) newPeople() *peopleBlock {
	w := &peopleBlock{r: r}
	w.adder = newAdder(r.crowd.m, r.crowd.m.plan.width, func(row int) {
		w.odd[row/chunkRows] |= 1 << (row % chunkRows)
		w.anyOdd = true
	})
	w.keepers[0] = func(row int, s *cond.Slot) {
		w.scores[row] = s.Num
		w.scored[row/chunkRows] |= uint64(ordinal(!s.State.Missing())) << (row % chunkRows)
	}
	w.keepers[1] = func(row int, s *cond.Slot) {
		w.times[row] = s.Time
		w.dated[row/chunkRows] |= uint64(ordinal(!s.State.Missing())) << (row % chunkRows)
	}
	w.tally.roles = make([]int, len(r.roles))
	return w
}

// enter begins a table; leave lets go of it.
func (w *peopleBlock) enter(b *boundTable, at int64) {
	w.b, w.at, w.rows, w.from, w.end = b.crowd, at, 0, 0, 0
	if b.persons != nil {
		w.rows = b.persons.n
	}
	w.tally.seen, w.tally.turn = nil, 0
	if b.crowd.keys != nil {
		w.tally.seen = make([]uint32, b.crowd.keys.n)
	}
}

func (w *peopleBlock) leave() { w.b, w.tally.seen, w.slot = nil, nil, cond.Slot{} }

// score works the contacts of a window out, from about first on.
func (w *peopleBlock) score(first int) {
	from := first &^ (chunkRows - 1)
	w.from, w.n = from, min(blockRows, w.rows-from)
	if w.n > chunkRows {
		w.n &^= chunkRows - 1 // the rest is a window of its own
	}
	w.end = w.from + w.n
	w.anyOdd = false
	clear(w.odd[:])
	if w.usual() {
		return
	}
	w.begin(from, w.end)
	clear(w.scored[:])
	clear(w.dated[:])
	for i := range w.b.fields {
		f, cf := &w.b.fields[i], &w.r.crowd.fields[i]
		w.keep = nil
		switch i {
		case w.b.score:
			w.keep = w.keepers[0]
		case w.b.since:
			w.keep = w.keepers[1]
		}
		if w.keep != nil && f.asItStands() && len(f.passes) == 0 {
			// Its values are looked at below.
			if rest := w.n &^ (chunkRows - 1); rest < w.n {
				w.walk(f, cf, rest, w.n)
			}
			continue
		}
		w.add(f, cf, &w.missing)
	}
	for i := range w.r.crowd.dims {
		for j := range w.r.crowd.dims[i].composites {
			k := &w.r.crowd.dims[i].composites[j]
			k.add(w.sums[i][:w.n], w.sums[k.word][:w.n])
		}
	}
	for first := 0; first < w.n; first += chunkRows {
		w.chunk(first)
	}
}

// usual works the contacts of a window out that all have the usual form.
func (w *peopleBlock) usual() bool {
	p := w.b.usual
	if p == nil || w.n%chunkRows > 0 {
		return false
	}
	for first := 0; first < w.n; first += chunkRows {
		if !p.score(w, first) {
			return false
		}
	}
	return true
}

// asItStands tells whether the column holds the field's numbers or times as they
// are, save those that no field can hold.
func (f *blockField) asItStands() bool {
	return f.fast && f.column != nil && (f.column.kind == floatColumn || f.column.kind == intColumn || f.column.kind == microColumn)
}

// chunk works out what the contacts of a chunk weigh.
func (w *peopleBlock) chunk(first int) {
	r, base := w.r, w.chunkOf(w.sums[0], first)
	if w.b.score >= 0 {
		values, known := w.scoresAt(first)
		if w.lay(known).addScores(base, values, r.stand) {
			w.check(first, known, func(i int) bool { return values[i] <= maxScore && values[i] >= -maxScore })
		}
	} else if r.stand != 0 {
		for i := range base {
			base[i] += r.stand
		}
	}
	if r.since >= 0 {
		values, known := w.timesAt(first)
		if w.lay(known).decay(base, values, w.at, r) {
			w.check(first, known, func(i int) bool { return microState(values[i]) == cond.Known })
		}
	}
	to := (*[chunkRows]counts)(w.counts[1+first:])
	c := w.counts[first]
	for i, p := range base {
		p = p.Clamp(0, r.cap)
		weight := micro.One
		if r.weightOf != nil {
			weight = w.sums[1][first+i]
		}
		earned := (uint64(p)*uint64(weight) + uint64(micro.One)/2) / uint64(micro.One)
		w.weighted[c.above()] = int64(earned)
		heads := headsOf(weight)
		c += counts(ordinal(earned != 0)) + heads&counts(-ordinal(p >= r.rollup.engaged))
		to[i] = c
	}
}

// counts packs how many contacts have a weighted score above zero, how many are
// engaged, and how many of these are of more than common weight: 16 bits each,
// which a window does not fill.
type counts uint64

func (c counts) above() int   { return int(c & 0xffff) }
func (c counts) engaged() int { return int(c >> 16 & 0xffff) }
func (c counts) senior() int  { return int(c >> 32 & 0xffff) }

// headsOf gives whom an engaged contact of a weight makes count.
func headsOf(weight micro.M) counts { return 1<<16 | counts(ordinal(weight > micro.One))<<32 }

// maxScore is maxContactScore as a float.
const maxScore = float64(maxContactScore / micro.One)

// check looks at each known value of a chunk: those that are not fit are odd.
func (w *peopleBlock) check(first int, known uint64, fit func(i int) bool) {
	for ; known != 0; known &= known - 1 {
		if i := bits.TrailingZeros64(known); !fit(i) {
			w.bad(first + i)
		}
	}
}

// knownMask is a mask of a chunk's known values.
type knownMask [chunkRows]uint8

// lay makes a mask of bits.
func (w *peopleBlock) lay(known uint64) *knownMask {
	if known == ^uint64(0) {
		return (*knownMask)(&fullMask)
	}
	masks(&w.mask, known)
	return (*knownMask)(&w.mask)
}

// addScores adds scores in millionths, and what stands in for those that are
// missing. It tells whether a known one may be beyond what a contact can have.
func (m *knownMask) addScores(base *chunk, values *[chunkRows]float64, stand micro.M) bool {
	fit := 1
	for i, v := range values {
		// As micro.Of: the conversion keeps the compiler from fusing the product.
		x := float64(v * float64(micro.One))
		p := int64(x)
		rest := x - float64(p)
		p += int64(ordinal(rest >= 0.5) - ordinal(rest <= -0.5))
		known := -int64(m[i] & 1)
		fit &= (ordinal(v <= maxScore) & ordinal(v >= -maxScore)) | int(^known)
		base[i] += micro.M(p&known | int64(stand)&^known)
	}
	return fit&1 == 0
}

// decay lowers points by the age of times, down to no less than zero: nothing is
// left of those that are missing. It tells whether a known time may be one that
// no field can hold.
func (m *knownMask) decay(base *chunk, times *[chunkRows]int64, at int64, r *columnarRollup) bool {
	rest, most, out := r.rest, uint64(r.most), uint64(0)
	last := uint64(len(rest) - 1)
	span := uint64(lastMoment - firstMoment)
	for i, t := range times {
		known := uint64(-int64(m[i] & 1))
		out |= uint64(ordinal(uint64(t-firstMoment) > span)) & known
		age := uint64(at - t) // of the future: more than any
		day := min(age/uint64(cond.Day), last)
		left := uint64(rest[day]) & known & uint64(-ordinal(age <= most))
		base[i] = micro.M((uint64(max(base[i], 0))*left + uint64(micro.One)/2) / uint64(micro.One))
	}
	return out != 0
}

// scoresAt gives the scores of a chunk, and which are known.
func (w *peopleBlock) scoresAt(first int) (*[chunkRows]float64, uint64) {
	f := &w.b.fields[w.b.score]
	if first+chunkRows > w.n || !f.asItStands() {
		return (*[chunkRows]float64)(w.scores[first:]), w.scored[first/chunkRows]
	}
	c, row := f.column, w.from+first
	if c.kind == floatColumn {
		return (*[chunkRows]float64)(c.floats[row:]), c.knownAt(row)
	}
	for i, v := range (*keys)(c.ints[row:]) {
		w.floats[i] = float64(v)
	}
	return &w.floats, c.knownAt(row)
}

// timesAt gives the times of a chunk, and which are known.
func (w *peopleBlock) timesAt(first int) (*[chunkRows]int64, uint64) {
	f := &w.b.fields[w.b.since]
	if first+chunkRows > w.n || !f.asItStands() {
		return (*[chunkRows]int64)(w.times[first:]), w.dated[first/chunkRows]
	}
	return (*keys)(f.column.ints[w.from+first:]), f.column.knownAt(w.from + first)
}

// knownAt gives the bits of a whole chunk's known values.
func (c *column) knownAt(row int) uint64 {
	if c.known == nil {
		return ^uint64(0)
	}
	return knownBits(c.known, row)
}

// knownBits gives the bits of a whole chunk.
func knownBits(b Bitmap, row int) uint64 { return binary.LittleEndian.Uint64(b[row>>3:]) }

// rollUp rolls the contacts of a block's accounts up. It tells whether it got to
// the end.
func (k *block) rollUp(ctx context.Context) bool {
	w, r, out := k.people, k.c.rollup, k.out
	if k.b.persons == nil {
		for i := range k.n {
			k.conclude(i, w.tally.begin(0, r), r)
		}
		return true
	}
	offsets := k.b.t.persons[k.from : k.from+k.n+1]
	points, engaged, senior := k.sums[r.dim][:k.n], out.Engaged[k.from:k.from+k.n], out.SeniorEngaged[k.from:k.from+k.n]
	clear(out.Completeness[k.from : k.from+k.n])
	for i := range points {
		first, end := int(offsets[i]), int(offsets[i+1])
		from, to := first-w.from, end-w.from
		if !r.plainly || w.anyOdd || from < 0 || end > w.end || to-from > min(r.limit, networked) {
			t := w.tally.begin(end-first, r)
			for first < end {
				if first >= w.end || first < w.from {
					if ctx.Err() != nil {
						return false
					}
					w.score(first)
				}
				next := min(end, w.end)
				w.take(first, next)
				first = next
			}
			k.conclude(i, t, r)
			continue
		}
		before := w.counts[from]
		c := w.counts[to] - before
		p := w.tally.rankedFew((*[networked]int64)(w.weighted[before.above():]), c.above(), r)
		points[i] = p + roundedSum(uint64(p)*uint64(r.curve[min(c.engaged(), len(r.curve)-1)]))
		engaged[i], senior[i] = int32(c.engaged()), int32(c.senior())
	}
	return true
}

// conclude writes what the contacts of an account come to.
func (k *block) conclude(i int, t *tally, r *columnarRollup) {
	if t.odd {
		k.aside[i/chunkRows] |= 1 << (i % chunkRows)
	}
	p := t.combine(r)
	threads := t.engaged
	if r.distinct >= 0 {
		threads = t.distinct
	}
	row := k.from + i
	k.sums[r.dim][i] = p.Add(r.bonusFor(p, threads))
	k.out.Engaged[row], k.out.SeniorEngaged[row] = int32(threads), int32(t.senior)
	k.out.Completeness[row] = r.complete(t.roles).Float()
}

// take adds contacts of the window up for their account.
func (w *peopleBlock) take(first, end int) {
	t, r := &w.tally, w.r
	from, to := first-w.from, end-w.from
	if w.anyOdd {
		for i := from; i < to; i++ {
			t.odd = t.odd || w.odd[i/chunkRows]>>(i%chunkRows)&1 == 1
		}
	}
	before := w.counts[from]
	c := w.counts[to] - before
	t.scores = append(t.scores, w.weighted[before.above():][:c.above()]...)
	t.engaged += c.engaged()
	t.senior += c.senior()
	if r.weighs {
		for _, weight := range w.sums[1][from:to] {
			t.weights += weight
		}
	}
	if k := w.b.keys; k != nil && c.engaged() > 0 {
		for i := from; i < to; i++ {
			if (w.counts[i+1] - w.counts[i]).engaged() > 0 {
				t.see(k.ids[k.place(w.from+i)])
			}
		}
	}
	if k := w.b.roles; k != nil && (c.engaged() > 0 || r.assigned) {
		for i := from; i < to; i++ {
			if r.assigned || (w.counts[i+1]-w.counts[i]).engaged() > 0 {
				for _, role := range k.roles[k.place(w.from+i)] {
					t.roles[role]++
				}
			}
		}
	}
}
