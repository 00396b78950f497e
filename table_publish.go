package accountscore

import (
	"math/bits"

	"github.com/accountscore/accountscore/dsl"
)

// publish writes the scores of a block: all rows as if nothing were missing,
// then the range of those that have a gap.
func (k *block) publish() {
	m, out := k.c.m, k.out
	from, to := k.from, k.from+k.n
	if k.c.packed != nil {
		k.runPacked()
	} else {
		k.dimensions()
	}
	out.certain(from, to)
	k.decide(out.Tier, k.c.tiers, true)
	for i, tiers := range k.c.ladders {
		k.decide(out.Labels[len(m.grades)+i].Codes, tiers, false)
	}
	if len(m.grades) > 0 {
		k.grade()
	}
	if out.Contacts != nil {
		offsets := k.b.t.persons[from : to+1]
		for i := range k.n {
			out.Contacts[from+i] = offsets[i+1] - offsets[i]
		}
	}
}

// gaps yields the rows that have a gap.
func (k *block) gaps(yield func(row int) bool) {
	for i, rows := range k.gap {
		for ; rows != 0; rows &= rows - 1 {
			if !yield(i*chunkRows + bits.TrailingZeros64(rows)) {
				return
			}
		}
	}
}

// dimensions writes the scores of any other model.
func (k *block) dimensions() {
	c, m, out := k.c, k.c.m, k.out
	from, to := k.from, k.from+k.n
	clear(k.total[:k.n])
	for i := range m.dims {
		for j := range c.dims[i].composites {
			k.composite(i, &c.dims[i].composites[j], k.sums[i])
		}
		for j := range c.dims[i].joins {
			k.join(i, &c.dims[i].joins[j])
		}
		d, column := &m.dims[i], &out.Dimensions[i]
		points := column.Points[from:to]
		for j, p := range k.sums[i][:k.n] {
			p = p.Clamp(d.lo, d.hi)
			shown := d.show(p)
			points[j] = shown.Float()
			if d.unscored {
				continue
			}
			if m.weighted {
				p = d.weight.Mul(shown)
			}
			k.total[j] += p
		}
		copy(column.Low[from:to], points)
		copy(column.High[from:to], points)
	}
	score := out.Score[from:to]
	for i, t := range k.total[:k.n] {
		score[i] = t.Clamp(m.lo, m.hi).Round(m.decimals).Float()
	}
	copy(out.Low[from:to], score)
	copy(out.High[from:to], score)
	for row := range k.gaps {
		k.ranges(row)
	}
}

// ranges writes the ranges of a row that has a gap.
func (k *block) ranges(row int) {
	m, out := k.c.m, k.out
	var total span
	for i := range m.dims {
		d, column, at := &m.dims[i], &out.Dimensions[i], k.sums[i][row]
		o := dimensionOutcome{sum: span{at, at + k.low[i][row], at + k.high[i][row]}}
		d.finish(nil, &o)
		if !d.unscored {
			total = total.add(m.share(i, &o))
		}
		_, column.Low[k.from+row], column.High[k.from+row] = o.shown.floats()
	}
	_, out.Low[k.from+row], out.High[k.from+row] = m.publishable(total).floats()
}

// decide finds the tiers of all rows as if nothing were missing, then, where
// it is asked for, whether those of the rows with a gap are certain.
func (k *block) decide(out Codes, tiers []quickTier, certainty bool) {
	if out.Code == nil {
		return
	}
	code, holds := out.Code[k.from:k.from+k.n], k.holds[:k.n]
	none := int32(len(out.Names) - 1)
	for i := range code {
		code[i] = none
	}
	for t := len(tiers) - 1; t >= 0; t-- {
		for i := range holds {
			holds[i] = 1
		}
		for i := range tiers[t].bounds {
			bound := &tiers[t].bounds[i]
			at, _, _ := k.metric(bound.metric)
			bound.all(holds, at)
		}
		for i, h := range holds {
			code[i] ^= (code[i] ^ int32(t)) & -int32(h)
		}
	}
	if !certainty {
		return
	}
	for row := range k.gaps {
		if !k.certain(tiers, row) {
			k.out.TierCertain.put(k.from+row, false)
		}
	}
}

// metric gives the column of a number that tiers ask for, and its range.
func (k *block) metric(slot int) (at, low, high []float64) {
	at, low, high = k.out.Score, k.out.Low, k.out.High
	if slot != dsl.MetricScore {
		d := &k.out.Dimensions[slot-dsl.MetricDimension]
		at, low, high = d.Points, d.Low, d.High
	}
	from, to := k.from, k.from+k.n
	return at[from:to], low[from:to], high[from:to]
}

// certain tells whether the tier of a row with a gap is certain.
func (k *block) certain(tiers []quickTier, row int) bool {
	certain := true
	for t := range tiers {
		holds, always, never := true, true, false
		for i := range tiers[t].bounds {
			bound := &tiers[t].bounds[i]
			at, low, high := k.metric(bound.metric)
			l, h := bound.holds(low[row]), bound.holds(high[row])
			holds = holds && bound.holds(at[row])
			always, never = always && l && h, never || !l && !h
		}
		if holds {
			return certain && always
		}
		certain = certain && never
	}
	return certain
}

// all takes out the rows whose number is out of the bound.
func (b *quickBound) all(holds []uint8, values []float64) {
	values = values[:len(holds)]
	for i, v := range values {
		holds[i] &= uint8(ordinal(b.holds(v)))
	}
}

// grade finds the letters of all rows.
func (k *block) grade() {
	m, out := k.c.m, k.out
	for i := k.from; i < k.from+k.n; i++ {
		joined := 0
		for g := range m.grades {
			place := m.grades[g].place(out.Dimensions[m.grades[g].dim].Points[i])
			joined = joined*(len(m.grades[g].src.Steps)+1) + place
			out.Labels[g].Code[i] = int32(place)
		}
		if out.Grade.Code != nil {
			out.Grade.Code[i] = out.grades[joined]
		}
	}
}
