package accountscore

import (
	"math/big"

	"github.com/accountscore/accountscore/internal/micro"
)

// What a change does to a score depends on what else has changed: of two that
// together exceed a cap the first one made takes all the room. A fair share is
// the mean over all orders of making them, which is the Shapley value; a change
// in parts keeps their order.

// maxOrdered is how many combinations of changes are tried at most for the mean
// over all orders: those of ten changes.
const maxOrdered = 1 << 10

// maxOrderWork bounds what it takes to try changes in several orders, as
// maxAttributionWork bounds all.
const maxOrderWork = 1 << 18

// effects are what the parts of changes did, summed over some orders.
type effects struct {
	sums   [][]*big.Int // by change and part, in millionths
	orders int64
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

// each makes the changes, and adds what each part of them did: its mean over
// all orders where they are few, and over some where they are many. The sum of
// the means is exact: what rounding takes from one the next one gets. It begins
// with none of them made, which scores start, and leaves all made.
func (h *hybrid) each(changes []change, start micro.M, add func(Contribution, micro.M)) {
	tries := max(maxOrderWork/h.size(), 1)
	var e *effects
	if n := combinations(changes); n <= min(tries, maxOrdered) {
		e = h.allOrders(changes, n)
	} else {
		e = h.someOrders(changes, start, tries)
	}
	var sum big.Int
	twice, given := big.NewInt(2*e.orders), micro.M(0)
	for i := range changes {
		for p, effect := range e.sums[i] {
			sum.Add(&sum, effect)
			// Rounded to the nearest millionth: ⌊sum / orders + ½⌋.
			nearest := new(big.Int).Lsh(&sum, 1)
			nearest.Add(nearest, big.NewInt(e.orders))
			at := micro.M(nearest.Div(nearest, twice).Int64())
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
	e.orders = ways(parts, func(i int) int { return len(changes[i].parts) })
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

// someOrders makes the changes in their order, and takes them back in the same
// one, which are the effects of making them in the reverse order. It does so
// again from other changes on, at equal distances, as far as tries go: each of
// them comes early as often as late.
func (h *hybrid) someOrders(changes []change, start micro.M, tries int) *effects {
	e, parts := newEffects(changes), 0
	for i := range changes {
		parts += len(changes[i].parts)
	}
	turns := min(max(tries/(2*parts), 1), len(changes))
	at := start
	effect := func(i, made int) micro.M {
		changes[i].set(made)
		was := at
		at, _ = h.score()
		return at - was
	}
	for turn := range turns {
		first := turn * len(changes) / turns
		for n := range changes {
			i := (first + n) % len(changes)
			for p := range changes[i].parts {
				e.add(i, p, effect(i, p+1), 1)
			}
		}
		for n := range changes {
			i := (first + n) % len(changes)
			for p := len(changes[i].parts) - 1; p >= 0; p-- {
				e.add(i, p, -effect(i, p), 1)
			}
		}
		e.orders += 2
	}
	for i := range changes {
		changes[i].set(len(changes[i].parts))
	}
	return e
}
