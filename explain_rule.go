package accountscore

import (
	"math"
	"slices"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

func (e *explainer) group(g *group, guides []ruleGuide, outs []outcome, points micro.M, winner int) GroupExplanation {
	x := GroupExplanation{Kind: string(g.kind), Points: points.Float(), Min: boundOf(g.lo), Max: boundOf(g.hi),
		Rules: make([]RuleExplanation, len(g.rules))}
	if g.src != nil {
		x.Name = g.src.Name
	}
	var sum micro.M
	one := g.kind == dsl.BestOf || g.kind == dsl.FirstOf
	for i := range g.rules {
		x.Rules[i] = e.rule(&g.rules[i], &guides[i], &outs[i])
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
	return x
}

func (e *explainer) rule(r *rule, g *ruleGuide, o *outcome) RuleExplanation {
	env := &e.s.env
	x := RuleExplanation{ID: r.id, Label: r.src.Label, Reason: r.src.Reason, Text: g.text, State: stateOf(o.truth), Points: o.points.Float()}
	low, high := r.interval(env, o)
	x.Low, x.High = low.Float(), high.Float()
	if o.truth == cond.Unknown || low < high {
		e.wait(r.id, r.reads)
	}
	switch {
	case r.signal != nil:
		e.signal(r, o, &x)
	case r.of != nil:
		x.Tests = []TestExplanation{e.test(g.of.text, x.State, g.of.looks)}
		x.Entry = g.entry(r, env)
	default:
		if r.per == nil || r.when.Truth(env) != cond.True {
			x.Tests = e.tests(&g.clause, false)
			break
		}
		if v, ok := r.per.Number(env); ok {
			x.Tests = e.tests(&g.clause, false)
			x.Clamped = (o.points - r.points.Mul(micro.Of(v))).Float()
		}
		x.Tests = append(x.Tests, e.test(g.per.text, x.State, g.per.looks))
	}
	return x
}

// signal tells what the activities earned before each bound, by evaluating
// the line without it.
func (e *explainer) signal(r *rule, o *outcome, x *RuleExplanation) {
	env := &e.s.env
	g := r.signal
	sig := &SignalExplanation{}
	g.log.Each(env, func(*cond.Event) bool {
		sig.Activities++
		return !g.latest
	})
	if g.log.Where != nil {
		sig.Undecided = g.log.Undecided(env)
	}
	free := *r
	free.lo, free.hi = micro.Min, micro.Max
	_, daily := g.eval(env, e.s, &free)
	sum := daily
	if g.limited {
		open := *g
		open.limited = false
		_, sum = open.eval(env, e.s, &free)
	}
	sig.Sum, sig.DailyClamped = sum.Float(), (daily - sum).Float()
	x.Signal, x.Clamped = sig, (o.points - daily).Float()
}

// tests explains the tests of a condition: every one, or those that made it
// what it is.
func (e *explainer) tests(c *clause, all bool) []TestExplanation {
	if c.node == nil {
		return nil
	}
	var list []TestExplanation
	e.collect(c, all, &list)
	return list
}

func (e *explainer) collect(c *clause, all bool, list *[]TestExplanation) {
	env := &e.s.env
	if c.test != nil && c.test.node.Op == cond.Foreign && e.foreign(c.test, all, list) {
		return
	}
	if c.test != nil {
		truth := c.test.node.Truth(env)
		if c.test.negated {
			truth = truth.Not()
		}
		x := e.test(c.test.text, stateOf(truth), c.test.looks)
		x.Distance = c.test.distance(env)
		*list = append(*list, x)
		return
	}
	truth := c.joined.Truth(env)
	for i := range c.parts {
		// A conjunction fails by the parts that fail, is unknown by those that
		// are unknown and holds by all; a disjunction likewise.
		if all || c.parts[i].node.Truth(env) == truth {
			e.collect(&c.parts[i], all, list)
		}
	}
}

// test explains one test by the values that it read.
func (e *explainer) test(text string, state State, looks []look) TestExplanation {
	x := TestExplanation{Text: text, State: state}
	x.Seen, x.Cut = e.seen(looks)
	return x
}

// maxSeen is how many values of one test are shown.
const maxSeen = 20

// seen gives the values that a test read, and whether there are more. Behind a
// let they are shown where they are the reason: where they have no value to
// use, or a stale one.
func (e *explainer) seen(looks []look) (list []Seen, more bool) {
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
		if n.Log != nil && n.Log.Where != nil {
			x.Undecided = n.Log.Undecided(env)
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

// distance tells how far a test of numbers is from turning, nil where that
// makes no sense.
func (t *test) distance(env *cond.Env) *Distance {
	n := t.node
	bound := bounds[n.Op]
	if n.Op != cond.Between && bound == "" || n.Args[0].Type != cond.Number {
		return nil
	}
	v, ok := n.Args[0].Number(env)
	if !ok {
		return nil
	}
	d := Distance{Value: v, Bound: bound}
	if n.Op == cond.Between {
		d.nearest(v, n.Lo, n.Hi)
	} else if d.Needed, ok = n.Args[1].Number(env); !ok {
		return nil
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
			return nil // far from equal there is nothing to tell
		}
		d.Margin = -d.Margin
	}
	d.Margin += 0 // no negative zero
	for _, f := range [...]float64{d.Value, d.Needed, d.Margin} {
		if math.IsInf(f, 0) || math.IsNaN(f) {
			return nil
		}
	}
	return &d
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

// guide is what explanations of a model have in common: its texts, and its
// conditions taken apart. It is made with the first explanation.
type guide struct {
	dims       []dimensionGuide
	disqualify []conditionGuide
	tiers      []tierGuide
	ladders    [][]tierGuide
	contact    []look        // what a contact is shown with
	readers    []fieldReader // of the account's fields, in the order of [Model.Fields]
}

// fieldReader is what reads some fields of the account.
type fieldReader struct {
	name  string
	reads []int
}

type dimensionGuide struct {
	groups [][]ruleGuide // those of contacts too
	work   []int         // of trying a group, see nodeWork
	scales []conditionGuide
}

type ruleGuide struct {
	text    string
	clause  clause
	of, per operand
	entries []string // of a table; of a ramp: below, between and above
}

// entry names the entry of a table that holds, or the part of a ramp.
func (g *ruleGuide) entry(r *rule, env *cond.Env) string {
	if r.ramp != nil {
		v, ok := r.of.Number(env)
		switch {
		case !ok:
			return ""
		case v <= r.ramp.Lo:
			return g.entries[0]
		case v >= r.ramp.Hi:
			return g.entries[2]
		}
		return g.entries[1]
	}
	i, known := r.table.find(r.of, env)
	switch {
	case i >= 0:
		return g.entries[i]
	case known:
		return "no entry"
	}
	return ""
}

// operand is a value with what it reads.
type operand struct {
	text  string
	looks []look
}

type conditionGuide struct {
	name, text string
	clause     clause
	reads      []int
	work       int
}

type tierGuide struct {
	conditionGuide
	held clause
}

// clause is a condition taken apart: a test, or parts that and/or join.
type clause struct {
	node   *cond.Node
	joined *cond.Node // the and/or, without the nots around it
	parts  []clause
	test   *test
}

// test is what has no parts.
type test struct {
	node    *cond.Node // without the not around it
	text    string
	negated bool
	looks   []look
}

// look is one value to show.
type look struct {
	name string
	node *cond.Node
}

// guidance gives the model's guide.
func (m *Model) guidance() *guide {
	m.guideOnce.Do(func() { m.guide = m.makeGuide() })
	return m.guide
}

func (m *Model) makeGuide() *guide {
	g := &guide{dims: make([]dimensionGuide, len(m.dims))}
	for i := range m.dims {
		d, dg := &m.dims[i], &g.dims[i]
		groups := d.groups
		if d.contacts != nil {
			groups = d.contacts.groups
		}
		for j := range groups {
			rules := make([]ruleGuide, len(groups[j].rules))
			for k := range rules {
				rules[k] = m.ruleGuide(&groups[j].rules[k])
			}
			dg.groups, dg.work = append(dg.groups, rules), append(dg.work, groupWork(&groups[j]))
		}
		for c := range d.scales {
			sc := &d.scales[c]
			dg.scales = append(dg.scales, m.conditionGuide(scaleName(d.name, c), oneLine(sc.src.When.Text), sc.when))
		}
	}
	for i := range m.disqualify {
		d := &m.disqualify[i]
		g.disqualify = append(g.disqualify, m.conditionGuide(disqualifierName(i), oneLine(m.rules.Disqualify[i].When.Text), d.when))
	}
	g.tiers = m.tierGuides("", m.tiers)
	for i := range m.ladders {
		g.ladders = append(g.ladders, m.tierGuides(m.ladders[i].name+" ", m.ladders[i].tiers))
	}
	if r := m.rollup; r != nil {
		var nodes []*cond.Node
		for _, n := range []*cond.Node{r.score, r.weightOf} {
			if n != nil {
				nodes = append(nodes, n)
			}
		}
		for _, slot := range []int{r.since, r.distinct, r.role} {
			if slot >= 0 {
				f := &m.contactFields[slot]
				nodes = append(nodes, &cond.Node{Op: cond.Field, Type: f.typ, Space: cond.Contact, Slot: slot, Src: f.Name})
			}
		}
		g.contact = m.looks(nodes...)
	}
	g.readers = g.listReaders(m)
	return g
}

// listReaders lists what reads the account's fields.
func (g *guide) listReaders(m *Model) []fieldReader {
	var list []fieldReader
	for i := range m.lets {
		list = append(list, fieldReader{"let " + m.rules.Lets[i].Name, m.lets[i].reads})
	}
	conditions := func(guides []conditionGuide) {
		for i := range guides {
			list = append(list, fieldReader{guides[i].name, guides[i].reads})
		}
	}
	tiers := func(guides []tierGuide) {
		for i := range guides {
			list = append(list, fieldReader{guides[i].name, guides[i].reads})
		}
	}
	for i := range m.dims {
		for r := range m.dims[i].eachRule {
			list = append(list, fieldReader{r.id, r.reads})
		}
		conditions(g.dims[i].scales)
	}
	conditions(g.disqualify)
	tiers(g.tiers)
	for _, l := range g.ladders {
		tiers(l)
	}
	return list
}

func (m *Model) conditionGuide(name, text string, when *cond.Node) conditionGuide {
	return conditionGuide{name: name, text: text, clause: m.clause(when, false), reads: m.slots(when), work: nodeWork(when, 1)}
}

func (m *Model) tierGuides(prefix string, tiers []tier) []tierGuide {
	list := make([]tierGuide, len(tiers))
	for i := range tiers {
		t := &tiers[i]
		list[i].name, list[i].text = prefix+"tier "+t.name, "otherwise"
		if t.when == nil {
			continue
		}
		list[i].conditionGuide = m.conditionGuide(list[i].name, oneLine(t.src.When.Text), t.when)
		if t.held != nil {
			list[i].held = m.clause(t.held, false)
		}
	}
	return list
}

func (m *Model) ruleGuide(r *rule) ruleGuide {
	g := ruleGuide{text: ruleText(r.src)}
	if r.when != nil {
		g.clause = m.clause(r.when, false)
	}
	if r.per != nil {
		g.per = operand{"per " + oneLine(r.src.Per.Text), m.looks(r.per)}
	}
	if r.of != nil {
		g.of = operand{oneLine(r.src.Of.Text), m.looks(r.of)}
	}
	if r.ramp != nil {
		g.entries = rampEntries(r.ramp)
	}
	for i := range r.src.Table {
		g.entries = append(g.entries, entryText(&r.src.Table[i]))
	}
	return g
}

// slots gives the account's fields that a condition reads, ascending. Where it
// reads them through one let, the list is the let's own: many conditions may
// read a let of thousands of fields.
func (m *Model) slots(n *cond.Node) []int {
	var slots, lets []int
	n.Walk(func(n *cond.Node) {
		switch {
		case n.Op != cond.Field:
		case n.Space == cond.Account:
			slots = append(slots, n.Slot)
		case n.Space == cond.Computed:
			lets = append(lets, n.Slot)
		}
	})
	slices.Sort(lets)
	lets = slices.Compact(lets)
	if len(slots) == 0 && len(lets) == 1 {
		return m.lets[lets[0]].reads
	}
	for _, l := range lets {
		slots = append(slots, m.lets[l].reads...)
	}
	slices.Sort(slots)
	return slices.Compact(slots)
}

// clause takes a condition apart. Under a not its tests are turned round, so
// that a test has failed where it is to blame for a condition that failed.
func (m *Model) clause(n *cond.Node, negated bool) clause {
	inner := n
	if n.Op == cond.Not {
		if inner = n.Args[0]; inner.Op == cond.Not || compound(inner) {
			c := m.clause(inner, !negated)
			c.node = n
			return c
		}
	}
	c := clause{node: n}
	if compound(n) {
		c.joined = n
		for _, a := range n.Args {
			c.parts = append(c.parts, m.clause(a, negated))
		}
		return c
	}
	text := nodeText(n)
	switch {
	case negated && inner != n:
		text = nodeText(inner)
	case negated:
		text = "not " + text
	}
	c.test = &test{node: inner, text: text, negated: negated != (inner != n), looks: m.looks(inner.Args...)}
	if inner.Op == cond.Field || inner.Log != nil {
		c.test.looks = m.looks(inner)
	}
	return c
}

// compound tells whether a condition is taken apart. What the author wrote as
// one test has a text of its own and stays one.
func compound(n *cond.Node) bool { return (n.Op == cond.And || n.Op == cond.Or) && n.Src == "" }

// looks gives what to show of operands: what is worked out from several
// values, then the values.
func (m *Model) looks(operands ...*cond.Node) []look {
	var list []look
	named := map[string]bool{}
	add := func(n *cond.Node) {
		if name := nodeText(n); !named[name] {
			named[name] = true
			list = append(list, look{name, n})
		}
	}
	value := func(n *cond.Node) bool {
		return n.Op == cond.Field || n.Op == cond.Metric || n.Op == cond.Grade || n.Log != nil
	}
	var values func(*cond.Node)
	values = func(n *cond.Node) {
		if value(n) {
			add(n)
			return
		}
		for _, a := range n.Args {
			values(a)
		}
	}
	for _, n := range operands {
		if n.Op != cond.Const && !value(n) && n.Type != cond.Bool {
			add(n)
		}
		values(n)
	}
	return list
}
