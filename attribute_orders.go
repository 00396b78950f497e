package accountscore

import (
	"math/big"

	"github.com/accountscore/accountscore/internal/micro"
)

// What a change does to a score depends on what else has changed: of two that
// together exceed a cap the first one made takes all the room. A fair share is
// the mean over all orders of making them, which is the Shapley value; a change
// in parts keeps their order. Of many changes there are too many orders: then
// what each does first and last tells its share.

// maxOrdered is how many combinations of changes are tried at most for the mean
// over all orders: those of ten changes.
const maxOrdered = 1 << 10

// maxOrderWork bounds what it takes to try changes in all orders, as
// maxAttributionWork bounds all.
const maxOrderWork = 1 << 19

// effects are what the parts of changes did, as sums over some orders.
type effects struct {
	sums   [][]*big.Int // by change and part, in millionths
	orders big.Int
}

func newEffects(changes []change) *effects {
	e := &effects{sums: make([][]*big.Int, len(changes))}
	for i := range changes {
		for range changes[i].parts {
			e.sums[i] = append(e.sums[i], new(big.Int))
		}
	}
	return e
}

func (e *effects) add(change, part int, effect micro.M, times int64) {
	if effect != 0 {
		e.sums[change][part].Add(e.sums[change][part], new(big.Int).Mul(big.NewInt(int64(effect)), big.NewInt(times)))
	}
}

// each makes the changes, and adds what each part of them did. The sum is exact:
// what rounding takes from one the next one gets. It begins with none of them
// made, which scores start, and leaves all made.
func (h *hybrid) each(changes []change, start micro.M, add func(Contribution, micro.M)) {
	var e *effects
	if n := combinations(changes); n <= min(maxOrderWork/h.size(), maxOrdered) {
		e = h.allOrders(changes, n)
	} else {
		e = h.firstAndLast(changes, start)
	}
	var sum, twice, nearest big.Int
	twice.Lsh(&e.orders, 1)
	given := micro.M(0)
	for i := range changes {
		for p, effect := range e.sums[i] {
			sum.Add(&sum, effect)
			// Rounded to the nearest millionth: ⌊sum / orders + ½⌋.
			nearest.Add(nearest.Lsh(&sum, 1), &e.orders)
			at := micro.M(nearest.Div(&nearest, &twice).Int64())
			add(changes[i].parts[p], at-given)
			given = at
		}
	}
}

// combinations counts the sets of parts that can be made, up to one more than
// maxOrdered.
func combinations(changes []change) int {
	n := 1
	for i := range changes {
		if n *= len(changes[i].parts) + 1; n > maxOrdered {
			return maxOrdered + 1
		}
	}
	return n
}

// allOrders scores each of the n combinations of changes once. A part counts
// from each of those that it can be made in, as often as orders go that way: in
// as many ways as what is made could be made before, times those in which the
// rest can be made after.
func (h *hybrid) allOrders(changes []change, n int) *effects {
	steps, parts := make([]int, len(changes)), 0
	for i, step := 0, 1; i < len(changes); i++ {
		steps[i], step = step, step*(len(changes[i].parts)+1)
		parts += len(changes[i].parts)
	}
	made := func(at, i int) int { return at / steps[i] % (len(changes[i].parts) + 1) }
	scores := make([]micro.M, n)
	for at := range scores {
		for i := range changes {
			if is := made(at, i); at == 0 || is != made(at-1, i) {
				changes[i].set(is)
			}
		}
		scores[at], _ = h.score()
	}
	factorials := []int64{1}
	for i := 1; i <= parts; i++ {
		factorials = append(factorials, factorials[i-1]*int64(i))
	}
	// ways counts the orders of a number of parts, of which those of one change
	// keep theirs.
	ways := func(all int, of func(i int) int) int64 {
		w := factorials[all]
		for i := range changes {
			w /= factorials[of(i)]
		}
		return w
	}
	e := newEffects(changes)
	e.orders.SetInt64(ways(parts, func(i int) int { return len(changes[i].parts) }))
	for at := range scores {
		done := 0
		for i := range changes {
			done += made(at, i)
		}
		before := ways(done, func(i int) int { return made(at, i) })
		for i := range changes {
			if part := made(at, i); part < len(changes[i].parts) {
				next := at + steps[i]
				after := ways(parts-done-1, func(i int) int { return len(changes[i].parts) - made(next, i) })
				e.add(i, part, scores[next]-scores[at], before*after)
			}
		}
	}
	return e
}

// firstAndLast takes what each change does as the first one made and as the last, the
// mean of which is its share wherever changes act on each other in pairs. What
// the means are short of, or have too much, goes to those that act otherwise
// first than last, by how much they do: a change that acts alone has what it
// does, and equal changes have equal shares.
func (h *hybrid) firstAndLast(changes []change, start micro.M) *effects {
	type parts struct{ first, last []micro.M }
	acts := make([]parts, len(changes))
	for i := range changes {
		at := start
		for p := range changes[i].parts {
			changes[i].set(p + 1)
			next, _ := h.score()
			acts[i].first = append(acts[i].first, next-at)
			at = next
		}
		changes[i].set(0)
	}
	for i := range changes {
		changes[i].set(len(changes[i].parts))
	}
	all, _ := h.score()
	for i := range changes {
		at := all
		acts[i].last = make([]micro.M, len(changes[i].parts))
		for p := len(changes[i].parts) - 1; p >= 0; p-- {
			changes[i].set(p)
			next, _ := h.score()
			acts[i].last[p] = at - next
			at = next
		}
		changes[i].set(len(changes[i].parts))
	}
	e := newEffects(changes)
	rest := new(big.Int).Lsh(big.NewInt(int64(all-start)), 1) // twice what the means are short of
	weights, whole := newEffects(changes).sums, new(big.Int)
	for _, weigh := range [...]func(first, last micro.M) micro.M{
		func(first, last micro.M) micro.M { return max(first-last, last-first) },
		func(first, last micro.M) micro.M { return max(first, -first)/2 + max(last, -last)/2 },
		func(micro.M, micro.M) micro.M { return 1 },
	} {
		for i := range acts {
			for p, first := range acts[i].first {
				weights[i][p].SetInt64(int64(weigh(first, acts[i].last[p])))
				whole.Add(whole, weights[i][p])
			}
		}
		if whole.Sign() != 0 {
			break
		}
	}
	for i := range acts {
		for p, first := range acts[i].first {
			e.sums[i][p].SetInt64(int64(first))
			e.sums[i][p].Add(e.sums[i][p], big.NewInt(int64(acts[i].last[p])))
			rest.Sub(rest, e.sums[i][p])
		}
	}
	for i := range acts {
		for p := range acts[i].first {
			sum := e.sums[i][p].Mul(e.sums[i][p], whole)
			sum.Add(sum, weights[i][p].Mul(weights[i][p], rest))
		}
	}
	e.orders.Lsh(whole, 1)
	return e
}
