package accountscore

import (
	"cmp"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
)

// tally is what the contacts of one account come to.
type tally struct {
	n        int     // contacts
	scores   []int64 // weighted, those above zero
	weights  micro.M // where they are asked for
	engaged  int
	senior   int
	distinct int
	roles    []int
	odd      bool
	seen     []uint32 // by key: the turn of the account that had it last
	turn     uint32
}

// begin begins an account of n contacts.
func (t *tally) begin(n int, r *columnarRollup) *tally {
	t.n, t.scores, t.weights, t.engaged, t.senior, t.distinct, t.odd = n, t.scores[:0], 0, 0, 0, 0, n > r.limit
	clear(t.roles)
	if t.turn++; t.turn == 0 {
		clear(t.seen)
		t.turn = 1
	}
	return t
}

// see counts a key that the account did not have yet.
func (t *tally) see(key int32) {
	t.distinct += ordinal(t.seen[key] != t.turn)
	t.seen[key] = t.turn
}

// combine is [rollup.add] for an account: what it comes to does not depend on
// the order of contacts whose scores are alike, nor on those without points.
func (t *tally) combine(r *columnarRollup) micro.M {
	scores := t.scores
	if len(scores) == 0 {
		return 0
	}
	switch r.rollup.combine.Kind {
	case dsl.Ranked:
		if r.rollup.combine.Factor >= 1 {
			return total(scores)
		}
		return t.ranked(r)
	case dsl.Sum:
		return total(scores)
	case dsl.Top:
		descend(scores)
		return total(scores[:min(len(scores), r.rollup.combine.N)])
	case dsl.Max:
		return micro.M(slices.Max(scores))
	case dsl.Mean:
		return total(scores).MulDiv(1, micro.M(t.n))
	case dsl.WeightedMean:
		weights := t.weights
		if !r.weighs {
			weights = micro.M(t.n) * micro.One
		}
		return total(scores).Div(weights)
	}
	best, first := micro.M(slices.Max(scores)), micro.Of(r.rollup.combine.Factor)
	if t.n == 1 {
		return best
	}
	others := (total(scores) - best).MulDiv(1, micro.M(t.n-1))
	return first.Mul(best).Add((micro.One - first).Mul(others))
}

func total(scores []int64) micro.M {
	sum := int64(0)
	for _, s := range scores {
		sum += s
	}
	return micro.M(sum)
}

// ranked is the rank-weighted sum, rounded once.
func (t *tally) ranked(r *columnarRollup) micro.M {
	descend(t.scores)
	if r.exact {
		return roundedSum(r.dot(t.scores))
	}
	var sum micro.Sum
	for i, s := range t.scores[:min(len(t.scores), len(r.ranks))] {
		sum.Add(micro.M(s), r.ranks[i])
	}
	return sum.Rounded()
}

func descend(scores []int64) {
	slices.SortFunc(scores, func(a, b int64) int { return cmp.Compare(b, a) })
}

// dot adds scores in their order up, each by the factor of its rank.
func (r *columnarRollup) dot(scores []int64) uint64 {
	factors := r.factors[:min(len(scores), len(r.factors))]
	sum := uint64(0)
	for i, f := range factors {
		sum += uint64(scores[i]) * f
	}
	return sum
}

// roundedSum is a sum of products in millionths.
func roundedSum(sum uint64) micro.M {
	return micro.M((sum + uint64(micro.One)/2) / uint64(micro.One))
}

// networked is how many scores a network of comparisons sorts at most. It takes
// no branch: of some ten scores the branches are what sorting costs.
const networked = 16

// firsts has, for each number of scores, a mask of these.
var firsts = func() (t [networked + 1][networked]int64) {
	for n := range t {
		for i := range n {
			t[n][i] = -1
		}
	}
	return t
}()

// rankedFew is ranked for the first n of some scores in a memory that has room
// for a network, which it leaves as they are.
func (t *tally) rankedFew(scores *[networked]int64, n int, r *columnarRollup) micro.M {
	if n <= networked/2 {
		return roundedSum(ranked8((*[8]int64)(scores[:]), (*[8]int64)(firsts[n][:]), (*[8]uint64)(r.factors)))
	}
	s, mask := *scores, &firsts[n]
	for i := range s {
		s[i] &= mask[i]
	}
	descend16(&s)
	return roundedSum(r.dot(s[:]))
}

// ranked8 sorts what a mask leaves of eight scores, and adds it up by rank.
func ranked8(s, mask *[8]int64, factors *[8]uint64) uint64 {
	a, b, c, d := s[0]&mask[0], s[1]&mask[1], s[2]&mask[2], s[3]&mask[3]
	e, f, g, h := s[4]&mask[4], s[5]&mask[5], s[6]&mask[6], s[7]&mask[7]
	a, b = max(a, b), min(a, b)
	c, d = max(c, d), min(c, d)
	e, f = max(e, f), min(e, f)
	g, h = max(g, h), min(g, h)
	a, c = max(a, c), min(a, c)
	b, d = max(b, d), min(b, d)
	e, g = max(e, g), min(e, g)
	f, h = max(f, h), min(f, h)
	b, c = max(b, c), min(b, c)
	f, g = max(f, g), min(f, g)
	a, e = max(a, e), min(a, e)
	b, f = max(b, f), min(b, f)
	c, g = max(c, g), min(c, g)
	d, h = max(d, h), min(d, h)
	c, e = max(c, e), min(c, e)
	d, f = max(d, f), min(d, f)
	b, c = max(b, c), min(b, c)
	d, e = max(d, e), min(d, e)
	f, g = max(f, g), min(f, g)
	return uint64(a)*factors[0] + uint64(b)*factors[1] + uint64(c)*factors[2] + uint64(d)*factors[3] +
		uint64(e)*factors[4] + uint64(f)*factors[5] + uint64(g)*factors[6] + uint64(h)*factors[7]
}

// descend8 is Batcher's odd-even merge sort.
func descend8(s *[8]int64) {
	a, b, c, d, e, f, g, h := s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
	a, b = max(a, b), min(a, b)
	c, d = max(c, d), min(c, d)
	e, f = max(e, f), min(e, f)
	g, h = max(g, h), min(g, h)
	a, c = max(a, c), min(a, c)
	b, d = max(b, d), min(b, d)
	e, g = max(e, g), min(e, g)
	f, h = max(f, h), min(f, h)
	b, c = max(b, c), min(b, c)
	f, g = max(f, g), min(f, g)
	a, e = max(a, e), min(a, e)
	b, f = max(b, f), min(b, f)
	c, g = max(c, g), min(c, g)
	d, h = max(d, h), min(d, h)
	c, e = max(c, e), min(c, e)
	d, f = max(d, f), min(d, f)
	b, c = max(b, c), min(b, c)
	d, e = max(d, e), min(d, e)
	f, g = max(f, g), min(f, g)
	s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7] = a, b, c, d, e, f, g, h
}

// descend16 sorts both halves and merges them, a step of Batcher's after the
// other.
func descend16(s *[16]int64) {
	descend8((*[8]int64)(s[:8]))
	descend8((*[8]int64)(s[8:]))
	for i := range 8 {
		s[i], s[i+8] = max(s[i], s[i+8]), min(s[i], s[i+8])
	}
	for i := range 4 {
		s[i+4], s[i+8] = max(s[i+4], s[i+8]), min(s[i+4], s[i+8])
	}
	for _, i := range [...]int{2, 3, 6, 7, 10, 11} {
		s[i], s[i+2] = max(s[i], s[i+2]), min(s[i], s[i+2])
	}
	for i := 1; i < 15; i += 2 {
		s[i], s[i+1] = max(s[i], s[i+1]), min(s[i], s[i+1])
	}
}
