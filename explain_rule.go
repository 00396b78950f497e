package accountscore

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
	"github.com/accountscore/accountscore/internal/numeral"
)

// group explains a line of a dimension, from what its rules came to.
func (e *explainer) group(x *GroupExplanation, g *group, guide *groupGuide, outs []outcome, points micro.M, winner int) {
	*x = guide.base
	x.Min, x.Max, x.Baseline = e.room.own(x.Min), e.room.own(x.Max), e.room.own(x.Baseline)
	x.Points = points.Float()
	x.Rules = e.room.rules.take(len(g.rules))
	one := g.kind == dsl.BestOf || g.kind == dsl.FirstOf
	var sum span
	for i := range g.rules {
		r, o := &g.rules[i], &outs[i]
		low, high := o.points, o.points
		if e.s.open {
			low, high = guide.rules[i].interval(r, &e.s.env, o)
		}
		e.rule(&x.Rules[i], r, &guide.rules[i], o, low, high)
		switch {
		case !one:
			sum = sum.add(span{o.points, low, high})
		case i == winner:
			sum.at, x.Winner = o.points, r.id
			if code := guide.rules[i].code; code != "" && x.Code != "" {
				x.Code = code
			}
		default:
			x.Rules[i].PassedOver = o.truth == cond.True
		}
	}
	x.Sum, x.Clamped = sum.at.Float(), (points - sum.at).Float()
	if one {
		sum.low, sum.high = g.spread(&e.s.env, outs)
	} else {
		sum.low, sum.high = sum.low.Clamp(g.lo, g.hi), sum.high.Clamp(g.lo, g.hi)
	}
	x.Low, x.High = sum.low.Float(), sum.high.Float()
}

// interval is what the rule could earn by itself.
func (g *ruleGuide) interval(r *rule, env *cond.Env, o *outcome) (low, high micro.M) {
	switch {
	case !g.static:
		return r.interval(env, o)
	case env.Open[r.reads[0]]:
		return g.low, g.high
	}
	return o.points, o.points
}

// rule explains a rule.
func (e *explainer) rule(x *RuleExplanation, r *rule, g *ruleGuide, o *outcome, low, high micro.M) {
	env := &e.s.env
	*x = g.base
	x.State, x.Points = stateOf(o.truth), o.points.Float()
	x.Low, x.High = x.Points, x.Points
	if low != o.points || high != o.points {
		x.Low, x.High = low.Float(), high.Float()
	}
	if o.truth == cond.Unknown || low < high {
		e.wait(r.id, r.reads)
	}
	switch {
	case r.signal != nil:
		e.signal(r, o, x)
	case r.of != nil:
		x.Tests = e.room.tests.take(1)
		e.test(&x.Tests[0], g.of.text, g.need, x.State, g.of.field, g.of.looks)
		x.Entry = g.entry(r, env)
	case r.per == nil:
		x.Tests = e.tests(&g.clause, o.truth, false)
	default:
		truth := r.when.Truth(env)
		if truth != cond.True {
			x.Tests = e.tests(&g.clause, truth, false)
			break
		}
		list := e.room.tests.begin(g.clause.leaves + 1)
		if v, ok := r.per.Number(env); ok {
			list = e.collect(list, &g.clause, truth, false)
			e.clamped(x, r, o.points-r.points.Mul(micro.Of(v)))
		}
		list = append(list, TestExplanation{})
		e.test(&list[len(list)-1], g.per.text, "a value", x.State, g.per.field, g.per.looks)
		x.Tests = e.room.tests.end(g.clause.leaves+1, list)
	}
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
	sig.Faded = g.faded(env)
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
	x.Signal = sig
	e.clamped(x, r, o.points-daily)
}

// clamped tells what a rule's bounds changed, and which did. The max of an
// "each" line that takes points is the most that it takes.
func (e *explainer) clamped(x *RuleExplanation, r *rule, change micro.M) {
	if x.Clamped = change.Float(); change == 0 {
		return
	}
	bound, word := r.src.Max, "max "
	if change > 0 && r.signal == nil {
		bound, word = r.src.Min, "min "
	}
	if bound != nil {
		x.ClampedBy = word + numeral.Compact(*bound)
	}
}

// excluded says which activities did not count, nil where all did.
func excluded(t cond.Tally) *Excluded {
	x := Excluded{Contacts: t.Others, Future: t.Future, Outside: t.Outside, Filtered: t.False, Undecided: t.Unknown}
	if x == (Excluded{}) {
		return nil
	}
	return &x
}

// tests explains the tests of a condition, whose truth is known: every one, or
// those that made it what it is.
func (e *explainer) tests(c *clause, truth cond.Tri, all bool) []TestExplanation {
	if c.node == nil {
		return nil
	}
	list := e.collect(e.room.tests.begin(c.leaves), c, truth, all)
	return e.room.tests.end(c.leaves, list)
}

func (e *explainer) collect(list []TestExplanation, c *clause, truth cond.Tri, all bool) []TestExplanation {
	if c.test != nil {
		if c.test.node.Op == cond.Foreign {
			if parts := e.foreign(c.test, all); len(parts) > 0 {
				return append(list, parts...)
			}
		}
		list = append(list, TestExplanation{})
		e.leaf(&list[len(list)-1], c, truth)
		return list
	}
	if c.bare {
		truth = truth.Not()
	}
	for i := range c.parts {
		// A conjunction fails by the parts that fail, is unknown by those that
		// are unknown and holds by all; a disjunction likewise.
		if part := e.truth(&c.parts[i]); all || part == truth {
			list = e.collect(list, &c.parts[i], part, all)
		}
	}
	return list
}

// leaf explains a condition that is one test.
func (e *explainer) leaf(x *TestExplanation, c *clause, truth cond.Tri) {
	t := c.test
	if c.turned {
		truth = truth.Not()
	}
	e.test(x, t.text, t.need, stateOf(truth), t.field, t.looks)
	if t.gauge.kind == noGauge {
		return
	}
	if d := e.room.distances.next(); t.distance(d, &e.s.env) {
		x.Distance = e.room.distances.one()
	}
}

// test explains one test by the values that it read: one field, or others.
func (e *explainer) test(x *TestExplanation, text, need string, state State, field int, looks []look) {
	*x = TestExplanation{Text: text, State: state}
	if state != StateMatched {
		x.Needed = need
	}
	e.shown(x, field, looks)
}

// shown gives a test the values that it read.
func (e *explainer) shown(x *TestExplanation, field int, looks []look) {
	if field < 0 {
		x.Seen, x.Cut = e.seen(looks)
		return
	}
	// All tests that read the field alone share it.
	f := &e.fields[field]
	if f.seen == nil {
		f.seen = e.room.seen.take(1)
		e.look(&looks[0], &f.seen[0])
	}
	x.Seen = f.seen
}

// maxSeen is how many values of one test are shown.
const maxSeen = 20

// seen gives the values that a test read, and whether there are more. Behind a
// let they are shown where they are the reason: where they have no value to
// use, or a stale one.
func (e *explainer) seen(looks []look) (list []Seen, more bool) {
	if list = e.room.seen.begin(len(looks)); cap(list) < len(looks) {
		list = make([]Seen, 0, len(looks))
	}
	for i := range looks {
		list = append(list, Seen{})
		e.look(&looks[i], &list[len(list)-1])
		if n := looks[i].node; n.Op != cond.Field || n.Space != cond.Computed {
			continue
		}
		for _, behind := range e.behind(looks[i].node.Slot) {
			named := func(l look) bool { return l.name == behind.name }
			if !slices.ContainsFunc(looks, named) && !slices.ContainsFunc(list, func(s Seen) bool { return s.Name == behind.name }) {
				list = append(list, Seen{})
				e.look(&behind, &list[len(list)-1])
			}
		}
	}
	list = e.room.seen.end(len(looks), list)
	if len(list) <= maxSeen {
		return list, false
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

// look shows a value.
func (e *explainer) look(l *look, x *Seen) {
	env := &e.s.env
	n := l.node
	*x = Seen{Name: l.name, State: ValueKnown}
	switch {
	case n.Op == cond.Field && n.Space == cond.Account:
		x.slot(&env.Accounts[n.Slot], n.Type)
	case n.Op == cond.Field && n.Space == cond.Contact:
		x.slot(&env.Contacts[n.Slot], n.Type)
	default:
		if n.Log != nil {
			x.Excluded = excluded(n.Log.Tally(env))
		}
		s := n.Eval(env)
		switch {
		case s.State.Missing():
			x.State, x.Failed = ValueUnknown, e.failed(n)
		case n.Op == cond.Since && math.IsInf(s.Num, 1):
			x.State = ValueNever
		default:
			x.Value = valueOf(&s, n.Type)
		}
	}
}

// failed says which function of the caller's keeps a node from having a value,
// and why, or which divisor that is zero; empty where none does. The node is
// evaluated once more: a function that fails by its arguments fails again.
func (e *explainer) failed(n *cond.Node) (why string) {
	env := &e.s.env
	env.Fault = func(function, reason string) {
		if why == "" {
			why = cut("the function " + function + " failed: " + reason)
		}
	}
	defer func() { env.Fault = nil }()
	if n.Op == cond.Field && n.Space == cond.Computed {
		n = e.s.m.lets[n.Slot].Node
	}
	n.Eval(env)
	if why != "" {
		return why
	}
	if d := n.ZeroDivisor(env, func(slot int) *cond.Node { return e.s.m.lets[slot].Node }); d != nil {
		if d.Op != cond.Field {
			return "divided by 0"
		}
		return cut("divided by " + d.Src + ", which is 0")
	}
	return ""
}

// slot shows the value of a field.
func (x *Seen) slot(s *cond.Slot, t cond.Type) {
	if x.State = valueStates[s.State]; s.State.Missing() && s.State != cond.Expired {
		return
	}
	// The kinds that most data is of are written in place: a value is large.
	switch {
	case t == cond.Number && finite(s.Num):
		x.Value.Kind, x.Value.Number = dsl.NumberValue, s.Num
	case t == cond.Text:
		x.Value.Kind, x.Value.Text = dsl.TextValue, cut(s.Text)
	case t == cond.Bool:
		x.Value.Kind, x.Value.Bool = dsl.BoolValue, s.Flag
	default:
		x.Value = valueOf(s, t)
	}
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

// cut shortens a long text at a character, and makes it one that JSON keeps.
func cut(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
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
