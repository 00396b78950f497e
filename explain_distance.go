package accountscore

import (
	"math"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// bounds are those of the comparisons, and contrary what stays of them under
// a not.
var (
	bounds   = map[cond.Op]Bound{cond.Ge: AtLeast, cond.Gt: MoreThan, cond.Le: AtMost, cond.Lt: LessThan, cond.Eq: Exactly}
	contrary = map[Bound]Bound{AtLeast: LessThan, LessThan: AtLeast, AtMost: MoreThan, MoreThan: AtMost}
)

// gauge is what is known of the distance of a test but for the account.
type gauge struct {
	kind   gaugeKind
	whole  bool    // the ends are whole numbers, or none
	sign   float64 // of the margin: -1 where the field is not to be between the ends
	ends   [2]gaugeEnd
	window micro.M // days
}

type gaugeKind uint8

const (
	noGauge     gaugeKind = iota // there is no distance to tell
	numberGauge                  // of a field from an end, or from the nearer of two
	ageGauge                     // of a time from the end of a window
	otherGauge                   // worked out from the condition
)

// gaugeEnd is an end of the interval that a number is to be in, or outside of.
// It is infinite where there is none.
type gaugeEnd struct {
	needed float64
	bound  Bound
}

// tells says whether a test may tell a distance that has some answer. A constant
// may stand in for a field that is missing.
func (g *gauge) tells(answer cond.Tri) bool {
	return g.kind == otherGauge || g.kind != noGauge && answer != cond.Unknown
}

// measure finds the gauge of a test. Ends are no larger than differ exactly
// from values.
func (t *test) measure() {
	n, g := t.node, &t.gauge
	switch {
	case n.Op == cond.Within:
		*g = gauge{kind: ageGauge, window: daysOf(n.Window)}
		return
	case n.Op != cond.Between && t.bound == "" || n.Args[0].Type != cond.Number:
		return
	}
	g.kind = otherGauge
	if t.field < 0 || !plainField(n.Args[0]) {
		return
	}
	lo, hi, bound := math.Inf(-1), math.Inf(1), t.bound
	g.sign = 1
	switch {
	case n.Op == cond.Between:
		if !n.Lo.Unbounded {
			lo = n.Lo.Num
		}
		if !n.Hi.Unbounded {
			hi = n.Hi.Num
		}
		g.ends = [2]gaugeEnd{{lo, lowerBound(n.Lo)}, {hi, upperBound(n.Hi)}}
		if t.negated {
			g.sign, g.ends[0].bound, g.ends[1].bound = -1, contrary[g.ends[0].bound], contrary[g.ends[1].bound]
		}
	case n.Args[1].Op != cond.Const:
		return
	default:
		if t.negated {
			bound = contrary[bound]
		}
		switch bound {
		case AtLeast, MoreThan:
			lo = n.Args[1].Num
		case AtMost, LessThan:
			hi = n.Args[1].Num
		default:
			return
		}
		g.ends = [2]gaugeEnd{{lo, bound}, {hi, bound}}
	}
	exact := func(f float64) bool { return math.Abs(f) <= maxInteger || math.IsInf(f, 0) }
	if exact(lo) && exact(hi) {
		g.kind, g.whole = numberGauge, math.Trunc(lo) == lo && math.Trunc(hi) == hi
	}
}

func lowerBound(b cond.Bound) Bound {
	if b.Open {
		return MoreThan
	}
	return AtLeast
}

func upperBound(b cond.Bound) Bound {
	if b.Open {
		return LessThan
	}
	return AtMost
}

// distance tells how far a test of numbers is from turning, if that makes
// sense.
func (t *test) distance(d *Distance, env *cond.Env) bool {
	n := t.node
	switch t.gauge.kind {
	case numberGauge:
		s := &env.Accounts[t.field]
		if s.State.Missing() {
			return false
		}
		d.from(&t.gauge, s.Num, isWhole(s.Num))
		return true
	case ageGauge:
		at, ok := n.Args[0].Instant(env)
		if !ok {
			return false
		}
		age := daysOf(env.At - at)
		return d.aged(&t.gauge, age, age.Float(), at > env.At, t.negated)
	}
	*d = Distance{}
	v, ok := n.Args[0].Number(env)
	if !ok {
		return false
	}
	d.Value, d.Bound = v, t.bound
	if n.Op == cond.Between {
		d.nearest(v, n.Lo, n.Hi)
	} else if d.Needed, ok = n.Args[1].Number(env); !ok {
		return false
	}
	switch d.Bound {
	case AtLeast, MoreThan:
		d.Margin = difference(v, d.Needed)
	case AtMost, LessThan:
		d.Margin = difference(d.Needed, v)
	case Exactly:
		d.Margin = -math.Abs(difference(v, d.Needed))
	}
	if t.negated {
		if d.Bound = contrary[d.Bound]; d.Bound == "" {
			return false // far from equal there is nothing to tell
		}
		d.Margin = -d.Margin
	}
	d.Margin += 0 // no negative zero
	return finite(d.Value) && finite(d.Needed) && finite(d.Margin)
}

// from tells how far a number is from the nearer end. It takes no branch that
// depends on the number, and writes member by member: what is built apart is
// copied.
func (d *Distance) from(g *gauge, v float64, whole bool) {
	below, above := v-g.ends[0].needed, g.ends[1].needed-v
	if !whole || !g.whole {
		below, above = difference(v, g.ends[0].needed), difference(g.ends[1].needed, v)
	}
	end := &g.ends[ordinal(below > above)]
	d.Unit, d.Value, d.Bound, d.Needed = "", v, end.bound, end.needed
	d.Margin = min(below, above)*g.sign + 0 // no negative zero
}

// aged tells how far an age is from the window that it should be in, or outside
// of, if that makes sense.
func (d *Distance) aged(g *gauge, age micro.M, days float64, future, negated bool) bool {
	d.Unit, d.Value, d.Bound, d.Needed = "days", days, AtMost, g.window.Float()
	switch margin := (g.window - age).Float(); {
	case future && negated:
		return false // it will come to be inside by itself
	case future:
		d.Bound, d.Needed, d.Margin = AtLeast, 0, days+0
	case negated:
		d.Bound, d.Margin = MoreThan, -margin+0
	default:
		d.Margin = margin
	}
	return true
}

func finite(f float64) bool { return f-f == 0 }

func isWhole(f float64) bool { return float64(int64(f)) == f }

// daysOf gives a length of time, given in µs, in days: rounded to millionths,
// half away from zero.
func daysOf(length int64) micro.M { return micro.One.MulDiv(micro.M(length), micro.M(cond.Day)) }

// nearest takes the end of an interval that a value is past, or nearer to.
func (d *Distance) nearest(v float64, lo, hi cond.Bound) {
	if hi.Unbounded || !lo.Unbounded && difference(v, lo.Num) <= difference(hi.Num, v) {
		d.Needed, d.Bound = lo.Num, lowerBound(lo)
		return
	}
	d.Needed, d.Bound = hi.Num, upperBound(hi)
}

// difference subtracts, exactly where both are millionths.
func difference(a, b float64) float64 {
	if isWhole(a) && isWhole(b) {
		return a - b
	}
	if micro.Exact(a) && micro.Exact(b) {
		return (micro.Of(a) - micro.Of(b)).Float()
	}
	return a - b
}
