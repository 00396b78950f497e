package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// guide is what explanations of a model have in common: its texts, and its
// conditions taken apart. It is made with the first explanation.
type guide struct {
	dims       []dimensionGuide
	disqualify []conditionGuide
	tiers      []tierGuide
	ladders    [][]tierGuide
	contact    []look // what a contact is shown with
	combine    string // how contacts are combined
	bonus      string
	weights    []string // the entries of the contacts' weights
	// How much there is to tell of, at most: of the account, and of each
	// contact.
	own, contacts amount
	readers       []fieldReader // of the account's fields, in the order of [Model.Fields]
}

// fieldReader is what reads some fields of the account.
type fieldReader struct {
	name  string
	reads []int
}

type dimensionGuide struct {
	groups   [][]ruleGuide // those of contacts too
	reasons  []reasonGuide
	baseline *float64 // of the contacts
	weight   string   // from the points to the share
	work     []int    // of trying a group, see nodeWork
	scales   []conditionGuide
}

// amount is how many there are.
type amount struct{ rules, groups, tests, looks int }

func (a *amount) clause(c *clause) {
	if c.test != nil {
		a.tests, a.looks = a.tests+1, a.looks+len(c.test.looks)
	}
	for i := range c.parts {
		a.clause(&c.parts[i])
	}
}

func (a *amount) group(rules []ruleGuide) {
	a.groups, a.rules = a.groups+1, a.rules+len(rules)
	for i := range rules {
		r := &rules[i]
		a.clause(&r.clause)
		if r.of.text != "" {
			a.tests, a.looks = a.tests+1, a.looks+len(r.of.looks)
		}
	}
}

func (a *amount) tiers(tiers []tierGuide) {
	for i := range tiers {
		a.clause(&tiers[i].clause)
	}
}

// count counts what explanations will tell of.
func (g *guide) count(m *Model) {
	for i := range g.dims {
		a := &g.own
		if m.dims[i].contacts != nil {
			a = &g.contacts
		}
		for _, rules := range g.dims[i].groups {
			a.group(rules)
		}
		for c := range g.dims[i].scales {
			g.own.clause(&g.dims[i].scales[c].clause)
		}
	}
	for i := range g.disqualify {
		g.own.clause(&g.disqualify[i].clause)
	}
	g.own.tiers(g.tiers)
	for i := range g.ladders {
		g.own.tiers(g.ladders[i])
	}
}

type ruleGuide struct {
	text    string
	clause  clause
	of, per operand
	entries []string // of a table; of a ramp: below, between and above
	need    string   // of a table or a ramp
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
	parts  []clause
	test   *test
	tests  int  // in it
	turned bool // an odd number of nots stands before its parts
	under  bool // it is a test, and stands under an odd number of nots
}

// test is what has no parts.
type test struct {
	node    *cond.Node // without the not around it
	text    string
	need    string // what would make it hold
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
	static := m.statics()
	for i := range m.dims {
		d, dg := &m.dims[i], &g.dims[i]
		dg.weight = weightText(d)
		groups := d.groups
		if d.contacts != nil {
			groups = d.contacts.groups
			dg.baseline = m.contactsBaseline(d, static)
		}
		dg.reasons = m.reasonGuides(d, static)
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
		g.combine = combineText(&r.combine)
		if r.src.Bonus != nil {
			g.bonus = bonusText(r.src.Bonus)
		}
		if r.src.Weight != nil {
			for i := range r.src.Weight.Table {
				t := &r.src.Weight.Table[i]
				g.weights = append(g.weights, keyText(&t.Key)+": "+compact(t.Value))
			}
		}
	}
	g.readers = g.listReaders(m)
	g.count(m)
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
	if r.of != nil {
		g.need = "a value"
	}
	if r.table != nil && r.table.missing() < 0 {
		g.need = "a value that an entry is for"
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
			c.node, c.turned, c.under = n, !c.turned, !c.under
			return c
		}
	}
	c := clause{node: n, tests: 1, under: negated}
	if compound(n) {
		c.tests = 0
		for _, a := range n.Args {
			part := m.clause(a, negated)
			c.parts, c.tests = append(c.parts, part), c.tests+part.tests
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
	c.test.need = need(inner, c.test.negated)
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
