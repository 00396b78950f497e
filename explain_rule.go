package accountscore

import (
	"math"
	"slices"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

func (e *explainer) group(x *GroupExplanation, g *group, guides []ruleGuide, outs []outcome, points micro.M, winner int) {
	x.Kind, x.Points, x.Min, x.Max = string(g.kind), points.Float(), e.bound(g.lo), e.bound(g.hi)
	x.Rules = e.rules.keep(e.rules.take(len(g.rules))[:len(g.rules)])
	if g.src != nil {
		x.Name = g.src.Name
	}
	var sum micro.M
	one := g.kind == dsl.BestOf || g.kind == dsl.FirstOf
	for i := range g.rules {
		e.rule(&x.Rules[i], &g.rules[i], &guides[i], &outs[i])
		switch {
		case !one:
			sum = sum.Add(outs[i].points)
		case i == winner:
			sum, x.Winner = outs[i].points, g.rules[i].id
		default:
			x.Rules[i].PassedOver = outs[i].truth == cond.True
		}
	}
	x.Sum, x.Clamped = sum.Float(), (points - sum).Float()
	low, high := g.spread(&e.s.env, outs)
	x.Low, x.High = low.Float(), high.Float()
}

func (e *explainer) rule(x *RuleExplanation, r *rule, g *ruleGuide, o *outcome) {
	env := &e.s.env
	x.ID, x.Label, x.Reason, x.Text, x.State, x.Points = r.id, r.src.Label, r.src.Reason, g.text, stateOf(o.truth), o.points.Float()
	low, high := r.interval(env, o)
	x.Low, x.High = low.Float(), high.Float()
	if o.truth == cond.Unknown || low < high {
		e.wait(r.id, r.reads)
	}
	switch {
	case r.signal != nil:
		e.signal(r, o, x)
	case r.of != nil:
		x.Tests = e.testing.keep(append(e.testing.take(1), e.test(g.of.text, g.need, x.State, g.of.looks)))
		x.Entry = g.entry(r, env)
	case r.per == nil:
		x.Tests = e.tests(&g.clause, o.truth, false)
	default:
		e.per(x, r, g, o)
	}
}

// per tells of a rule that multiplies: by its condition, and where that holds
// by what it multiplies with.
func (e *explainer) per(x *RuleExplanation, r *rule, g *ruleGuide, o *outcome) {
	env := &e.s.env
	truth := r.when.Truth(env)
	if truth != cond.True {
		x.Tests = e.tests(&g.clause, truth, false)
		return
	}
	if v, ok := r.per.Number(env); ok {
		x.Tests = e.tests(&g.clause, truth, false)
		x.Clamped = (o.points - r.points.Mul(micro.Of(v))).Float()
	}
	x.Tests = append(x.Tests, e.test(g.per.text, "a value", x.State, g.per.looks))
}

// signal tells what the activities earned before each bound, by evaluating
// the line without it.
func (e *explainer) signal(r *rule, o *outcome, x *RuleExplanation) {
	env := &e.s.env
	g := r.signal
	t := g.log.Tally(env)
	sig := &SignalExplanation{Activities: t.Counted, Excluded: excluded(t)}
	if older := t.Counted - 1; g.latest && older > 0 {
		if sig.Activities = 1; sig.Excluded == nil {
			sig.Excluded = &Excluded{}
		}
		sig.Excluded.Older = older
	}
	free := *r
	daily := o.points
	if r.lo != micro.Min || r.hi != micro.Max {
		free.lo, free.hi = micro.Min, micro.Max
		_, daily = g.eval(env, e.s, &free)
	}
	sum := daily
	if g.limited {
		open := *g
		open.limited = false
		_, sum = open.eval(env, e.s, &free)
	}
	sig.Sum, sig.DailyClamped = sum.Float(), (daily - sum).Float()
	x.Signal, x.Clamped = sig, (o.points - daily).Float()
}

// excluded says which activities did not count, nil where all did.
func excluded(t cond.Tally) *Excluded {
	x := Excluded{Contacts: t.Others, Future: t.Future, Outside: t.Outside, Filtered: t.False, Undecided: t.Unknown}
	if x == (Excluded{}) {
		return nil
	}
	return &x
}

// tests explains the tests of a condition: every one, or those that made it
// what it is.
func (e *explainer) tests(c *clause, truth cond.Tri, all bool) []TestExplanation {
	if c.node == nil {
		return nil
	}
	return e.testing.keep(e.collect(e.testing.take(c.tests), c, truth, all))
}

// collect adds the tests of a condition whose truth is known.
func (e *explainer) collect(list []TestExplanation, c *clause, truth cond.Tri, all bool) []TestExplanation {
	env := &e.s.env
	if c.test != nil && c.test.node.Op == cond.Foreign {
		if told := e.foreign(c.test, all); len(told) > 0 {
			return append(list, told...)
		}
	}
	if c.test != nil {
		if c.under {
			truth = truth.Not()
		}
		list = append(list, e.test(c.test.text, c.test.need, stateOf(truth), c.test.looks))
		list[len(list)-1].Distance = e.distance(c.test)
		return list
	}
	if c.turned {
		truth = truth.Not()
	}
	for i := range c.parts {
		// A conjunction fails by the parts that fail, is unknown by those that
		// are unknown and holds by all; a disjunction likewise.
		if part := c.parts[i].node.Truth(env); all || part == truth {
			list = e.collect(list, &c.parts[i], part, all)
		}
	}
	return list
}

// test explains one test by the values that it read.
func (e *explainer) test(text, need string, state State, looks []look) TestExplanation {
	x := TestExplanation{Text: text, State: state}
	if state != StateMatched {
		x.Needed = need
	}
	x.Seen, x.Cut = e.seen(looks)
	return x
}

// maxSeen is how many values of one test are shown.
const maxSeen = 20

// seen gives the values that a test read, and whether there are more. Behind a
// let they are shown where they are the reason: where they have no value to
// use, or a stale one.
func (e *explainer) seen(looks []look) (list []Seen, more bool) {
	list = e.values.take(len(looks))
	for i := range looks {
		list = append(list, e.look(&looks[i]))
		if n := looks[i].node; n.Op != cond.Field || n.Space != cond.Computed {
			continue
		}
		for _, behind := range e.behind(looks[i].node.Slot) {
			named := func(l look) bool { return l.name == behind.name }
			if !slices.ContainsFunc(looks, named) && !slices.ContainsFunc(list, func(s Seen) bool { return s.Name == behind.name }) {
				list = append(list, e.look(&behind))
			}
		}
	}
	if len(list) <= maxSeen {
		return e.values.keep(list), false
	}
	slices.SortStableFunc(list, func(a, b Seen) int { return a.State.rank() - b.State.rank() })
	return slices.Clone(list[:maxSeen]), true
}

// rank puts what has no value to use before the rest.
func (s ValueState) rank() int {
	switch s {
	case ValueKnown, ValueStale, ValueDefault, ValueNever:
		return 1
	}
	return 0
}

// behind gives the first fields that a let reads and that are missing or
// stale: one more than are shown.
func (e *explainer) behind(let int) []look {
	if e.lacks == nil {
		e.lacks = make([][]look, len(e.m.lets))
	}
	if e.lacks[let] == nil {
		e.lacks[let] = []look{}
		for _, slot := range e.m.lets[let].reads {
			if s := e.s.env.Accounts[slot].State; s == cond.Known || s == cond.Defaulted {
				continue
			}
			f := &e.m.fields[slot]
			n := &cond.Node{Op: cond.Field, Type: f.typ, Space: cond.Account, Slot: slot, Src: f.Name}
			if e.lacks[let] = append(e.lacks[let], look{f.Name, n}); len(e.lacks[let]) > maxSeen {
				break
			}
		}
	}
	return e.lacks[let]
}

func (e *explainer) look(l *look) Seen {
	env := &e.s.env
	n := l.node
	x := Seen{Name: l.name, State: ValueKnown}
	switch {
	case n.Op == cond.Field && n.Space == cond.Account:
		x.Value, x.State = seenSlot(&env.Accounts[n.Slot], n.Type)
	case n.Op == cond.Field && n.Space == cond.Contact:
		x.Value, x.State = seenSlot(&env.Contacts[n.Slot], n.Type)
	default:
		if n.Log != nil {
			x.Excluded = excluded(n.Log.Tally(env))
		}
		s := n.Eval(env)
		switch {
		case s.State.Missing():
			x.State = ValueUnknown
		case n.Op == cond.Since && math.IsInf(s.Num, 1):
			x.State = ValueNever
		default:
			x.Value = valueOf(&s, n.Type)
		}
	}
	return x
}

func seenSlot(s *cond.Slot, t cond.Type) (dsl.Value, ValueState) {
	if s.State.Missing() && s.State != cond.Expired {
		return dsl.Value{}, valueStates[s.State]
	}
	return valueOf(s, t), valueStates[s.State]
}

// What an explanation keeps of long values.
const (
	maxSeenText  = 200 // bytes
	maxSeenItems = 20
)

// valueOf makes a literal of a slot.
func valueOf(s *cond.Slot, t cond.Type) dsl.Value {
	switch t {
	case cond.Number:
		if math.IsInf(s.Num, 0) || math.IsNaN(s.Num) {
			return dsl.Value{Kind: dsl.TextValue, Text: "beyond any number"}
		}
		return dsl.Value{Kind: dsl.NumberValue, Number: s.Num}
	case cond.Text:
		return dsl.Value{Kind: dsl.TextValue, Text: cut(s.Text)}
	case cond.Bool:
		return dsl.Value{Kind: dsl.BoolValue, Bool: s.Flag}
	case cond.List:
		list := make([]string, 0, min(len(s.List), maxSeenItems+1))
		for i, item := range s.List {
			if i == maxSeenItems {
				list = append(list, "…")
				break
			}
			list = append(list, cut(item))
		}
		return dsl.Value{Kind: dsl.ListValue, List: list}
	}
	when := time.UnixMicro(s.Time).UTC()
	if y := when.Year(); y < 0 || y > 9999 {
		return dsl.Value{Kind: dsl.TextValue, Text: when.String()} // of a caller's function
	}
	return dsl.Value{Kind: dsl.DateValue, Date: dsl.Date{Time: when, Whole: when.Equal(when.Truncate(24 * time.Hour))}}
}

// cut shortens a long text at a character.
func cut(s string) string {
	if len(s) <= maxSeenText {
		return s
	}
	for i := range s {
		if i > maxSeenText-4 {
			return s[:i] + "…"
		}
	}
	return s
}

// bounds are those of the comparisons, and contrary what stays of them under
// a not.
var (
	bounds   = map[cond.Op]Bound{cond.Ge: AtLeast, cond.Gt: MoreThan, cond.Le: AtMost, cond.Lt: LessThan, cond.Eq: Exactly}
	contrary = map[Bound]Bound{AtLeast: LessThan, LessThan: AtLeast, AtMost: MoreThan, MoreThan: AtMost}
)

// distance tells how far a test is from turning, nil where that makes no
// sense.
func (e *explainer) distance(t *test) *Distance {
	if d, ok := t.distance(&e.s.env); ok {
		return e.distances.one(d)
	}
	return nil
}

// distance is of a test of numbers, or of a time within a window.
func (t *test) distance(env *cond.Env) (Distance, bool) {
	n := t.node
	if n.Op == cond.Within {
		return t.age(env)
	}
	bound := bounds[n.Op]
	if n.Op != cond.Between && bound == "" || n.Args[0].Type != cond.Number {
		return Distance{}, false
	}
	v, ok := n.Args[0].Number(env)
	if !ok {
		return Distance{}, false
	}
	d := Distance{Value: v, Bound: bound}
	if n.Op == cond.Between {
		d.nearest(v, n.Lo, n.Hi)
	} else if d.Needed, ok = n.Args[1].Number(env); !ok {
		return Distance{}, false
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
		if d.Bound, ok = contrary[d.Bound]; !ok {
			return Distance{}, false // far from equal there is nothing to tell
		}
		d.Margin = -d.Margin
	}
	d.Margin += 0 // no negative zero
	for _, f := range [...]float64{d.Value, d.Needed, d.Margin} {
		if math.IsInf(f, 0) || math.IsNaN(f) {
			return Distance{}, false
		}
	}
	return d, true
}

// age tells how far a time is from the window that it should be in, or
// outside of.
func (t *test) age(env *cond.Env) (Distance, bool) {
	at, ok := t.node.Args[0].Instant(env)
	if !ok {
		return Distance{}, false
	}
	day := micro.M(cond.Day)
	age, window := micro.One.MulDiv(micro.M(env.At-at), day), micro.One.MulDiv(micro.M(t.node.Window), day)
	d := Distance{Unit: "days", Value: age.Float(), Bound: AtMost, Needed: window.Float(), Margin: (window - age).Float()}
	switch future := at > env.At; {
	case future && t.negated:
		return Distance{}, false // it will come to be inside by itself
	case future:
		d.Bound, d.Needed, d.Margin = AtLeast, 0, age.Float()
	case t.negated:
		d.Bound, d.Margin = MoreThan, (age - window).Float()
	}
	d.Margin += 0 // no negative zero
	return d, true
}

// nearest takes the end of an interval that a value is past, or nearer to.
func (d *Distance) nearest(v float64, lo, hi cond.Bound) {
	if hi.Unbounded || !lo.Unbounded && difference(v, lo.Num) <= difference(hi.Num, v) {
		if d.Needed, d.Bound = lo.Num, AtLeast; lo.Open {
			d.Bound = MoreThan
		}
		return
	}
	if d.Needed, d.Bound = hi.Num, AtMost; hi.Open {
		d.Bound = LessThan
	}
}

// difference subtracts, exactly where both are millionths.
func difference(a, b float64) float64 {
	if micro.Exact(a) && micro.Exact(b) {
		return (micro.Of(a) - micro.Of(b)).Float()
	}
	return a - b
}
