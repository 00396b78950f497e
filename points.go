package accountscore

import (
	"math"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// maxRulePoints bounds what one rule can earn, plus or minus.
const maxRulePoints = dsl.MaxPoints * micro.One

// rule is a compiled rule. Exactly one of when, ramp, table and signal says
// which form it has.
type rule struct {
	id  string
	src *dsl.Rule

	when      *cond.Node
	points    micro.M
	otherwise micro.M // "else"
	per       *cond.Node
	lo, hi    micro.M // bounds of a per or of a signal's sum

	of     *cond.Node // of a ramp or a table
	ramp   *dsl.Ramp
	table  *table
	signal *signal

	reads []int // account slots, ascending
}

// outcome is what a rule came to.
type outcome struct {
	truth  cond.Tri
	points micro.M
}

// eval gives the rule's truth and points for what e holds.
func (r *rule) eval(e *cond.Env, s *scratch) (cond.Tri, micro.M) {
	switch {
	case r.signal != nil:
		return r.signal.eval(e, s, r)
	case r.ramp != nil:
		v, ok := r.of.Number(e)
		if !ok {
			return cond.Unknown, 0 // Rule 3
		}
		return cond.True, ramp(r.ramp, v)
	case r.table != nil:
		i, known := r.table.find(r.of, e)
		switch {
		case i >= 0:
			return cond.True, r.table.entries[i].points
		case known:
			return cond.False, 0
		}
		return cond.Unknown, 0 // Rule 3
	}
	switch r.when.Truth(e) {
	case cond.True:
		if r.per == nil {
			return cond.True, r.points
		}
		if v, ok := r.per.Number(e); ok {
			return cond.True, r.times(v)
		}
	case cond.False:
		return cond.False, r.otherwise
	}
	return cond.Unknown, 0 // Rule 3
}

// times is the points of a "per" at a value.
func (r *rule) times(v float64) micro.M {
	return r.points.Mul(micro.Of(v)).Clamp(r.lo, r.hi).Clamp(-maxRulePoints, maxRulePoints)
}

// ramp is linear between the ends and flat outside. The conversion keeps the
// compiler from fusing the product, so that every platform rounds alike.
func ramp(r *dsl.Ramp, v float64) micro.M {
	from, to := micro.Of(r.From), micro.Of(r.To)
	switch {
	case v <= r.Lo:
		return from
	case v >= r.Hi:
		return to
	}
	share := float64((v - r.Lo) / (r.Hi - r.Lo))
	p := from + micro.M(math.Round(float64(float64(to-from)*share)))
	return p.Clamp(min(from, to), max(from, to))
}

// spread gives the least and the most that the rule could earn, each open
// value taken by itself wherever it is read. A "per" counts where the rule's
// condition holds alone.
func (r *rule) spread(e *cond.Env) (low, high micro.M) {
	var h hull
	switch {
	case r.signal != nil:
		return 0, 0 // never varies: filters read no account field
	case r.ramp != nil:
		lo, hi, known, unknown := r.of.Bounds(e)
		if known {
			h.add(ramp(r.ramp, lo))
			h.add(ramp(r.ramp, hi))
		}
		if unknown {
			h.add(0)
		}
	case r.table != nil:
		_, _, known, unknown := r.of.Bounds(e)
		reported := unknown
		for _, t := range r.table.entries {
			if t.kind == dsl.KeyMissing {
				reported = false
				if unknown {
					h.add(t.points)
				}
			} else if known {
				h.add(t.points)
			}
		}
		if reported || known && !r.table.covers() {
			h.add(0)
		}
	default:
		out := r.when.Possible(e)
		if out.Has(cond.False) {
			h.add(r.otherwise)
		}
		if out.Has(cond.Unknown) {
			h.add(0)
		}
		if out.Has(cond.True) && r.per == nil {
			h.add(r.points)
		} else if out.Has(cond.True) {
			lo, hi, known, unknown := r.per.BoundsWhere(r.when, e)
			if known {
				h.add(r.times(lo))
				h.add(r.times(hi))
			}
			if unknown {
				h.add(0)
			}
		}
	}
	return h.low, h.high
}

// hull is the least and the most of what was added to it.
type hull struct {
	low, high micro.M
	any       bool
}

func (h *hull) add(p micro.M) {
	if !h.any {
		h.low, h.high, h.any = p, p, true
		return
	}
	h.low, h.high = min(h.low, p), max(h.high, p)
}

// table is a compiled table; the first entry that holds counts.
type table struct {
	entries []entry
	fold    bool // the texts are folded
}

type entry struct {
	kind   dsl.KeyKind
	lo, hi float64
	open   bool // hi itself is outside
	text   string
	points micro.M
}

// compileTable lets integer intervals that are adjacent leave no gap: 1-49
// beside 50-999 means from 1 to below 50.
func compileTable(entries []dsl.Entry, fold bool) *table {
	starts := map[float64]bool{}
	for _, e := range entries {
		if e.Key.Kind == dsl.KeyRange || e.Key.Kind == dsl.KeyFrom {
			starts[e.Key.Lo] = true
		}
	}
	t := &table{make([]entry, len(entries)), fold}
	for i, e := range entries {
		c := entry{kind: e.Key.Kind, lo: e.Key.Lo, hi: e.Key.Hi, text: e.Key.Text, points: micro.Of(e.Value)}
		if c.kind == dsl.KeyRange && c.hi == math.Trunc(c.hi) && starts[c.hi+1] {
			c.hi, c.open = c.hi+1, true
		}
		if fold {
			c.text = cond.Fold(c.text)
		}
		t.entries[i] = c
	}
	return t
}

func (c *entry) holdsNumber(v float64) bool {
	switch c.kind {
	case dsl.KeyRange:
		return v >= c.lo && (v < c.hi || v == c.hi && !c.open)
	case dsl.KeyFrom:
		return v >= c.lo
	case dsl.KeyNumber:
		return v == c.lo
	}
	return c.kind == dsl.KeyElse
}

// find gives the entry that holds, -1 for none, and whether the value is known.
func (t *table) find(of *cond.Node, e *cond.Env) (i int, known bool) {
	var v float64
	var s string
	if of.Type == cond.Number {
		v, known = of.Number(e)
	} else {
		s, known = of.String(e)
	}
	if !known {
		return t.missing(), false
	}
	return slices.IndexFunc(t.entries, func(c entry) bool {
		if of.Type == cond.Number {
			return c.holdsNumber(v)
		}
		return c.kind == dsl.KeyElse || c.kind == dsl.KeyText && (c.text == s || t.fold && strings.EqualFold(c.text, s))
	}), true
}

// missing gives the entry for a missing value, -1 for none.
func (t *table) missing() int {
	return slices.IndexFunc(t.entries, func(c entry) bool { return c.kind == dsl.KeyMissing })
}

// covers tells whether some entry holds for every known value.
func (t *table) covers() bool {
	return slices.ContainsFunc(t.entries, func(c entry) bool { return c.kind == dsl.KeyElse })
}

// group is a compiled group. A single rule is a group of no kind.
type group struct {
	kind   dsl.GroupKind // "" for a rule that stands alone
	index  int           // of its outcome in the scratch
	src    *dsl.Group
	lo, hi micro.M
	rules  []rule
	reads  []int
}

// eval evaluates the group's rules into outs and gives the group's points and
// the rule that won, -1 for none.
func (g *group) eval(e *cond.Env, s *scratch, outs []outcome) (points micro.M, winner int) {
	winner = -1
	for i := range g.rules {
		truth, p := g.rules[i].eval(e, s)
		outs[i] = outcome{truth, p}
		switch {
		case g.kind == "" || g.kind == dsl.SumOf:
			points = points.Add(p)
		case truth == cond.True && (winner < 0 || g.kind == dsl.BestOf && p > points):
			points, winner = p, i
		}
	}
	return points.Clamp(g.lo, g.hi), winner
}

// spread gives the least and the most that the group could earn, each of its
// rules taken by itself.
func (g *group) spread(e *cond.Env, outs []outcome) (low, high micro.M) {
	if g.kind == "" || g.kind == dsl.SumOf {
		for i := range g.rules {
			l, h := g.rules[i].interval(e, &outs[i])
			low, high = low.Add(l), high.Add(h)
		}
		return low.Clamp(g.lo, g.hi), high.Clamp(g.lo, g.hi)
	}
	var reached, certain hull
	for i := range g.rules {
		r := &g.rules[i]
		may := r.mayHold(e, outs[i].truth)
		if !may.Has(cond.True) {
			continue
		}
		l, h := r.held(e, &outs[i])
		reached.add(l)
		reached.add(h)
		if may != cond.MayBeTrue {
			continue
		}
		if g.kind == dsl.FirstOf {
			return reached.low, reached.high
		}
		// Whatever else holds, the best is no less than this one's least.
		if !certain.any || l > certain.low {
			certain = hull{l, l, true}
		}
	}
	if !certain.any {
		reached.add(0) // none may hold
		return reached.low, reached.high
	}
	return certain.low, reached.high
}

// interval is what the rule could earn by itself.
func (r *rule) interval(e *cond.Env, o *outcome) (low, high micro.M) {
	if !r.open(e) {
		return o.points, o.points
	}
	return r.spread(e)
}

// open tells whether the rule reads a value that could turn out to be
// anything.
func (r *rule) open(e *cond.Env) bool {
	return slices.ContainsFunc(r.reads, func(slot int) bool { return e.Open[slot] })
}

// mayHold gives the truths that a rule in a group could have.
func (r *rule) mayHold(e *cond.Env, now cond.Tri) cond.Outcomes {
	if !r.open(e) {
		return 1 << now
	}
	switch {
	case r.ramp != nil, r.table != nil:
		_, _, known, unknown := r.of.Bounds(e)
		out := cond.Outcomes(0)
		if known {
			out |= cond.MayBeTrue
			if r.table != nil && !r.table.covers() {
				out |= cond.MayBeFalse
			}
		}
		switch {
		case unknown && r.table != nil && r.table.missing() >= 0:
			out |= cond.MayBeTrue
		case unknown:
			out |= cond.MayBeUnknown
		}
		return out
	}
	out := r.when.Possible(e)
	if r.per != nil && out.Has(cond.True) {
		_, _, known, unknown := r.per.BoundsWhere(r.when, e)
		if unknown {
			out |= cond.MayBeUnknown
		}
		if !known {
			out &^= cond.MayBeTrue
		}
	}
	return out
}

// held gives what the rule could earn where it holds.
func (r *rule) held(e *cond.Env, o *outcome) (low, high micro.M) {
	switch {
	case !r.open(e):
		return o.points, o.points
	case r.when == nil:
		return r.spread(e)
	case r.per == nil:
		return r.points, r.points
	}
	lo, hi, _, _ := r.per.BoundsWhere(r.when, e)
	a, b := r.times(lo), r.times(hi)
	return min(a, b), max(a, b)
}
