package accountscore

import (
	"cmp"
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// signal is a compiled "each" or "latest" line.
type signal struct {
	log      cond.Log
	latest   bool
	perValue bool
	decay    decay
	daily    micro.M // of one UTC day, before decay
	limited  bool    // daily counts
	place    int     // in scratch.earned; zero: none
}

// earned is what the activities earned at a turn of the log, see cond.Env.
type earned struct {
	turn   uint64
	any    bool
	newest cond.Event // of a latest line
	sum    micro.M    // before the rule's bounds
	byDay  bool       // the days of a daily line are wanted
	days   dayLogs

	dated uint64 // the turn that until is of
	until int64
}

// decay lowers points by an age in whole days. The zero decay lowers nothing.
type decay struct {
	table  []int32 // half-life: millionths by day; beyond it nothing is left
	linear int64   // µs; zero: none
}

func (d *decay) factor(age int64) micro.M {
	switch {
	case d.table != nil:
		if age >= int64(len(d.table)) {
			return 0
		}
		return micro.M(d.table[age])
	case d.linear > 0:
		if age >= d.linear/cond.Day+1 {
			return 0
		}
		return max(0, micro.One.MulDiv(micro.M(d.linear-age*cond.Day), micro.M(d.linear)))
	}
	return micro.One
}

// halfLife gives the table of round(10^6 · 2^(−days/H)) down to where it
// rounds to zero.
func halfLife(days int) []int32 {
	var t []int32
	for d := 0; ; d++ {
		f := int32(math.Round(1e6 * math.Exp2(-float64(d)/float64(days))))
		if f == 0 {
			return t
		}
		t = append(t, f)
	}
}

// eval gives what the activities earn together: what is kept of this turn of the
// log, where the scratch keeps it. An activity whose filter is
// unknown does not count (Rule 4).
func (g *signal) eval(e *cond.Env, s *scratch, r *rule) (cond.Tri, micro.M) {
	if g.place == 0 || g.place >= len(s.earned) {
		k := g.earn(e, s, r)
		return k.bounded(r)
	}
	k := &s.earned[g.place]
	if k.turn != e.Turn {
		fresh := g.earn(e, s, r)
		k.turn, k.any, k.newest, k.sum, k.days = e.Turn, fresh.any, fresh.newest, fresh.sum, nil
		if k.byDay {
			k.days = g.split(e, r)
		}
	}
	return k.bounded(r)
}

// joined takes an activity that has come to the log into what is kept of this
// turn, if anything is. own tells whether it is the account's own.
func (g *signal) joined(e *cond.Env, s *scratch, r *rule, ev *cond.Event, own bool) {
	k := &s.earned[g.place]
	if k.dated == e.Turn {
		k.until = min(k.until, g.log.UntilOf(e, ev, own, func(ev *cond.Event) int64 { return g.lasts(e, r, ev) }))
	}
	if k.turn != e.Turn || !g.log.Counts(e, ev, own) {
		return
	}
	switch {
	case g.latest:
		if !k.any || newer(ev, &k.newest) < 0 {
			k.newest, k.sum = *ev, g.share(e, r, ev)
		}
	case g.limited && k.days == nil:
		k.turn, k.byDay = 0, true // from the next reading on, what a day earns is kept
	case g.limited:
		k.sum = k.sum.Add(k.days.add(e, g, r, ev))
	default:
		k.sum = k.sum.Add(g.share(e, r, ev))
	}
	k.any = true
}

// bounded gives what the rule comes to.
func (k *earned) bounded(r *rule) (cond.Tri, micro.M) {
	return cond.Of(k.any), k.sum.Clamp(r.lo, r.hi).Clamp(-maxRulePoints, maxRulePoints)
}

// worth is what an activity earns before any decay.
func (g *signal) worth(r *rule, ev *cond.Event) micro.M {
	if !g.perValue {
		return r.points
	}
	// Held to what a rule can earn, so that sums never saturate and their order
	// never matters.
	return r.points.Mul(micro.Of(ev.Value)).Clamp(-maxRulePoints, maxRulePoints)
}

// share is what is left by now of an activity that no other of its day leaves
// less to.
func (g *signal) share(e *cond.Env, r *rule, ev *cond.Event) micro.M {
	p := g.worth(r, ev)
	if g.limited {
		p = limit(p, g.daily)
	}
	return p.Mul(g.decay.factor(ev.Faded(e.At)))
}

// earn adds up what the activities earn.
func (g *signal) earn(e *cond.Env, s *scratch, r *rule) earned {
	hits := s.hits[:0]
	g.log.Each(e, func(ev *cond.Event) bool {
		if g.latest && len(hits) > 0 {
			if newer(ev, hits[0]) < 0 {
				hits[0] = ev
			}
			return true
		}
		hits = append(hits, ev)
		return true
	})
	s.hits = hits
	if g.limited {
		// Newest first, so that the order of the log never matters.
		slices.SortFunc(hits, newer)
	}
	sum, of := micro.M(0), allowance{day: math.MinInt64}
	for _, ev := range hits {
		p := g.worth(r, ev)
		if g.limited {
			p = of.take(ev.At, p, g.daily)
		}
		sum = sum.Add(p.Mul(g.decay.factor(ev.Faded(e.At))))
	}
	k := earned{any: len(hits) > 0, sum: sum}
	if g.latest && k.any {
		k.newest = *hits[0]
	}
	clear(hits) // hold on to no activity
	return k
}

// faded counts the activities that count, but of which decay leaves nothing.
func (g *signal) faded(e *cond.Env) int {
	if g.decay.factor(math.MaxInt32) != 0 {
		return 0 // nothing decays
	}
	n, newest := 0, int64(math.MinInt64)
	g.log.Each(e, func(ev *cond.Event) bool {
		if g.latest {
			if ev.At < newest {
				return true
			}
			n, newest = 0, ev.At
		}
		if g.decay.factor(ev.Faded(e.At)) == 0 {
			n++
		}
		return true
	})
	return n
}

// newer orders activities by time, newest first, then by value.
func newer(a, b *cond.Event) int {
	if c := cmp.Compare(b.At, a.At); c != 0 {
		return c
	}
	return cmp.Compare(b.Value, a.Value)
}

// limit holds a sum within ±most.
func limit(sum, most micro.M) micro.M { return sum.Clamp(-most, most) }

// bounds of a signal's sum: a max bounds the size of a negative signal too.
func signalBounds(src *dsl.Rule) (lo, hi micro.M) {
	if src.Max == nil {
		return micro.Min, micro.Max
	}
	most := micro.Of(math.Abs(*src.Max))
	if src.Points < 0 {
		return -most, micro.Max
	}
	return micro.Min, most
}
