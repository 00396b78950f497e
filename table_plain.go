package accountscore

import (
	"math"
	"math/bits"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// plainCrowd is the columns of contacts of the usual form: a number that decays
// from a time on, weighted by a text. All of a contact is then worked out at
// once.
type plainCrowd struct {
	values  []float64
	scored  Bitmap // nil: all
	times   []int64
	dated   Bitmap // nil: all
	codes   []int32
	weights []plainWeight // by code plus one
	cap     uint64
	engaged uint64
	rest    []uint64 // of the decay, by whole day plus one; the first is of none
	most    uint64   // µs of age with anything left
	shift   uint8    // of weights
}

// plainWeight is a weight as a share of 2^(64−shift), and whom it makes count:
// one, and from bit 16 on one of more than common weight.
type plainWeight struct {
	share uint64
	heads counts
}

// maxPlain bounds the points that shares are exact for: times a share they are
// then off by less than the distance of any product to the half of a millionth
// that rounds the other way.
const maxPlain = 1 << 43

// plain gives the usual form of the contacts, nil where they have another.
func (c *boundCrowd) plain(r *columnarRollup) *plainCrowd {
	if c.score < 0 || c.since < 0 || r.stand != 0 || c.keys != nil || r.cap > maxPlain || r.weighs {
		return nil
	}
	score, since := &c.fields[c.score], &c.fields[c.since]
	if !score.asItStands() || score.column.kind != floatColumn || !since.asItStands() {
		return nil
	}
	p := &plainCrowd{values: score.column.floats, scored: score.column.known, times: since.column.ints, dated: since.column.known,
		cap: uint64(r.cap), engaged: uint64(max(r.rollup.engaged, 0)), rest: []uint64{0}}
	for _, left := range r.rest {
		p.rest = append(p.rest, share(micro.M(left), 0))
	}
	if p.most = uint64(r.most); r.rest[len(r.rest)-1] == 0 {
		p.most = min(p.most, uint64(len(r.rest))*uint64(cond.Day)-1)
	} else if len(r.rest) == 1 {
		return nil // it never falls
	}
	return p.weigh(c, r)
}

// weigh takes the weights of a text's codes.
func (p *plainCrowd) weigh(c *boundCrowd, r *columnarRollup) *plainCrowd {
	var table []micro.M
	for i := range c.fields {
		f := &c.fields[i]
		switch {
		case len(f.passes) == 0 && (i == c.score || i == c.since):
		case len(f.passes) == 1 && f.passes[0].sum == 1 && r.weightOf != nil && f.passes[0].kind == dictPass && f.column.known == nil:
			for _, wrong := range f.dict.wrong {
				if wrong {
					return nil
				}
			}
			p.codes, table = f.column.codes, f.passes[0].table
		default:
			return nil
		}
	}
	if table == nil {
		return nil
	}
	for _, w := range table {
		p.shift = max(p.shift, uint8(bits.Len64(uint64(w/micro.One))))
	}
	if p.cap<<p.shift > maxPlain {
		return nil
	}
	for _, w := range table {
		p.weights = append(p.weights, plainWeight{share(w, p.shift), headsOf(w)})
	}
	return p
}

// share gives a factor below 2^shift, or one, as a share of 2^(64−shift), the
// remainder rounded up: half a millionth is then never missed.
func share(f micro.M, shift uint8) uint64 {
	if f == micro.One<<shift {
		return math.MaxUint64
	}
	hi, lo := uint64(f)>>shift, uint64(f)<<(64-shift)
	if shift == 0 {
		hi, lo = uint64(f), 0
	}
	q, rem := bits.Div64(hi, lo, uint64(micro.One))
	return q + uint64(ordinal(rem > 0))
}

// score works out what the contacts of a chunk weigh. It tells whether all of
// them have the usual form; if not, it is to be done again in another way.
func (p *plainCrowd) score(w *peopleBlock, first int) bool {
	row := w.from + first
	known := ^uint64(0)
	if p.scored != nil {
		known = knownBits(p.scored, row)
	}
	if p.dated != nil {
		known &= knownBits(p.dated, row)
	}
	masks(&w.mask, known)
	return p.decayed(w, (*[chunkRows]float64)(p.values[row:]), (*keys)(p.times[row:])) && p.weighed(w, first, (*[chunkRows]int32)(p.codes[row:]))
}

// decayed gives the points of values by the age of times.
func (p *plainCrowd) decayed(w *peopleBlock, values *[chunkRows]float64, times *keys) bool {
	rest, most, at := p.rest, p.most, w.at
	top, far, broken := uint64(0), uint64(0), uint64(0)
	for i, v := range values {
		x := float64(v * float64(micro.One))
		whole := int64(x)
		broken |= math.Float64bits(x) ^ math.Float64bits(float64(whole))
		top = max(top, uint64(whole))
		t := times[i]
		far = max(far, uint64(t-firstMoment))
		age := uint64(at - t)
		day := (age/uint64(cond.Day) + 1) & uint64(int64(int8(w.mask[i]))) & uint64(-ordinal(age <= most))
		if day >= uint64(len(rest)) {
			return false // none is
		}
		hi, lo := bits.Mul64(uint64(whole), rest[day])
		w.base[i] = micro.M(hi + lo>>63)
	}
	return broken == 0 && top <= uint64(maxContactScore) && far <= lastMoment-firstMoment
}

// weighed weighs points by codes.
func (p *plainCrowd) weighed(w *peopleBlock, first int, codes *[chunkRows]int32) bool {
	weights, shift, threshold, cap := p.weights, p.shift&63, p.engaged, p.cap
	c := w.counts[first]
	for i, code := range codes {
		place := uint64(uint32(code + 1))
		if place >= uint64(len(weights)) {
			return false
		}
		weight := &weights[place]
		earned := min(uint64(w.base[i]), cap)
		hi, lo := bits.Mul64(earned<<shift, weight.share)
		hi += lo >> 63
		w.weighted[uint(c&0xffff)] = int64(hi)
		c += weight.heads&counts(-ordinal(earned >= threshold)) + counts(ordinal(hi != 0))
		w.counts[first+i+1] = c
	}
	return true
}
