package accountscore

import (
	"cmp"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
	"github.com/accountscore/accountscore/internal/numeral"
)

// guide is what explanations of a model have in common: its texts, its
// conditions taken apart, and all that they hold whatever the account. It is
// made with the first explanation; nobody writes to it.
type guide struct {
	dims       []dimensionGuide
	total      TotalExplanation // what does not depend on the account
	rounding   string
	disqualify []conditionGuide
	tiers      []tierGuide
	ladders    [][]tierGuide
	notes      []FieldNote   // of a missing field, by slot
	contact    []look        // what a contact is shown with
	weights    []string      // the entries of the contacts' weights
	readers    []fieldReader // of the account's fields, in the order of [Model.Fields]
	trials     [][]reader    // what each field could change; nil: too many, see indexLimit
	keyed      bool          // no two fields that are read have one key
	steps      []Line        // of the account's groups, where they are rules alone
	answers    []answers
	questions  []question
	places     int // of answers
	prepared   prepared
	verdicts   []loneVerdict
	sights     []fieldSight
	room       roomNeeds // of the account's part
	lone       roomNeeds // of its lone rules
	perContact roomNeeds
}

// fieldReader is what reads some fields of the account.
type fieldReader struct {
	name  string
	reads []int
}

type dimensionGuide struct {
	base     DimensionExplanation // what does not depend on the account
	groups   []groupGuide         // those of contacts too
	lones    []lone               // by group, but none of contacts
	contacts ContactsExplanation  // what does not depend on the account
	bonus    BonusExplanation
	work     []int // of trying a group, see nodeWork
	scales   []conditionGuide
	weight   string // of its line
}

type groupGuide struct {
	base  GroupExplanation // what does not depend on the account
	rules []ruleGuide
	text  string // of its line, where no rule counts alone
}

type ruleGuide struct {
	base    RuleExplanation // what does not depend on the account
	static  bool            // it reads one field and nothing else
	low     micro.M         // what a static rule could earn where the field is missing
	high    micro.M
	line    Line
	code    string // as a reason, where it has one of its own
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
	field int // see test
}

type conditionGuide struct {
	name, text string
	line       string // of a scale's line
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
	turned bool          // a not around the whole turns it round
	bare   bool          // joined is what node negates
	plain  bool          // it is one test, which no other language takes apart
	leaves int           // tests in all of it
	answer int           // its place among the answers, -1: it has none
	truths [3]cond.Tri   // by answer
	may    cond.Outcomes // its truths where the field could be anything
}

// test is what has no parts.
type test struct {
	node    *cond.Node // without the not around it
	text    string
	need    string // what would make it hold
	negated bool
	looks   []look
	field   int   // the one field of the account that it looks at, -1: other values
	bound   Bound // of a comparison
	gauge   gauge // of its distance
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
	g := &guide{dims: make([]dimensionGuide, len(m.dims)), rounding: roundText(m.decimals),
		total: TotalExplanation{Min: boundOf(m.lo), Max: boundOf(m.hi), Decimals: m.decimals}}
	static := m.statics()
	for i := range m.dims {
		g.dims[i] = m.dimensionGuide(&m.dims[i], static)
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
		if r.src.Weight != nil {
			for i := range r.src.Weight.Table {
				t := &r.src.Weight.Table[i]
				g.weights = append(g.weights, keyText(&t.Key)+": "+numeral.Compact(t.Value))
			}
		}
	}
	g.readers = g.listReaders(m)
	g.trials = m.trialIndex(nil, indexLimit)
	g.notes = make([]FieldNote, len(m.fields))
	keys := map[string]bool{}
	for _, slot := range m.read {
		g.notes[slot] = m.fields[slot].note()
		keys[m.fields[slot].key] = true
	}
	g.keyed = len(keys) == len(m.read)
	g.answerable(m)
	g.prepare(m)
	g.measure(m)
	return g
}

func (m *Model) dimensionGuide(d *dimension, static *statics) dimensionGuide {
	g := dimensionGuide{weight: weightText(d), base: DimensionExplanation{Name: d.name, Description: d.src.Description,
		Unscored: d.unscored, Min: boundOf(d.lo), Max: boundOf(d.hi), OutOf: d.outOf.Float()}}
	if m.weighted && !d.unscored {
		g.base.Weight = new(d.weight.Float())
	}
	empty := &cond.Env{Accounts: make(cond.Record, len(m.fields)), Open: make([]bool, len(m.fields))}
	for j := range d.lines() {
		gr := &d.lines()[j]
		g.groups, g.work = append(g.groups, m.groupGuide(d, gr, empty)), append(g.work, groupWork(gr))
	}
	for j, r := range m.reasonGuides(d, static) {
		g.groups[j].base.Code, g.groups[j].base.Baseline = r.code, r.baseline
	}
	if d.contacts != nil {
		g.contacts = d.contacts.guide()
		g.contacts.Baseline = m.contactsBaseline(d, static)
		if b := d.contacts.src.Bonus; b != nil {
			g.bonus.Text = bonusText(b)
		}
	}
	for c := range d.scales {
		sc := &d.scales[c]
		guide := m.conditionGuide(scaleName(d.name, c), oneLine(sc.src.When.Text), sc.when)
		guide.line = "scale " + percent(sc.factor) + ": " + cmp.Or(sc.src.Reason, guide.text)
		g.scales = append(g.scales, guide)
	}
	return g
}

func (m *Model) groupGuide(d *dimension, gr *group, empty *cond.Env) groupGuide {
	g := groupGuide{rules: make([]ruleGuide, len(gr.rules)), base: GroupExplanation{Kind: string(gr.kind), Min: boundOf(gr.lo), Max: boundOf(gr.hi)}}
	if gr.src != nil {
		g.base.Name = gr.src.Name
		g.text = groupText(g.base.Kind, g.base.Name)
	}
	for k := range g.rules {
		r := &gr.rules[k]
		g.rules[k] = m.ruleGuide(r)
		if gr.static() && len(r.reads) == 1 {
			g.rules[k].static = true
			g.rules[k].low, g.rules[k].high = r.unknown(empty)
		}
		l := &g.rules[k].line
		*l = Line{Kind: LineRule, Dimension: d.name, Rule: r.id, Text: r.src.Reason}
		if gr.kind != "" {
			l.Kind = LineGroup
		}
		if l.Text == "" {
			l.Text = ruleTitle(&g.rules[k].base)
		}
	}
	return g
}

// unknown gives the least and the most that a rule could earn whose one field
// is missing. The account has none.
func (r *rule) unknown(empty *cond.Env) (low, high micro.M) {
	empty.Open[r.reads[0]] = true
	low, high = r.spread(empty)
	empty.Open[r.reads[0]] = false
	return low, high
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

// penalty tells whether an account is better off where a rule does not hold:
// where it earns less than it does otherwise, or more of a score of risk.
func (m *Model) penalty(r *dsl.Rule) bool {
	better := m.better()
	switch {
	case r.Table != nil:
		// Some take points, and none gives any.
		takes := func(e dsl.Entry) bool { return e.Value*better < 0 }
		gives := func(e dsl.Entry) bool { return e.Value*better > 0 }
		return slices.ContainsFunc(r.Table, takes) && !slices.ContainsFunc(r.Table, gives)
	case r.Ramp != nil:
		return false // it always holds
	case r.Else != nil:
		return r.Points*better < *r.Else*better
	}
	return r.Points*better < 0
}

// better is the sign of what an account is better off with: -1 in a score of
// risk, where points are bad.
func (m *Model) better() float64 {
	if m.rules.Reasons == dsl.ReasonsAbove {
		return -1
	}
	return 1
}

func (m *Model) ruleGuide(r *rule) ruleGuide {
	g := ruleGuide{code: r.src.Code, base: RuleExplanation{ID: r.id, Label: r.src.Label, Reason: r.src.Reason, Text: ruleText(r.src), Penalty: m.penalty(r.src)}}
	if r.when != nil {
		g.clause = m.clause(r.when, false)
	}
	if r.per != nil {
		g.per = m.operand("per "+oneLine(r.src.Per.Text), r.per)
	}
	if r.of != nil {
		g.of = m.operand(oneLine(r.src.Of.Text), r.of)
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

func (m *Model) operand(text string, n *cond.Node) operand {
	looks := m.looks(n)
	return operand{text, looks, m.shown(looks)}
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
			c.node, c.turned, c.bare = n, negated, !c.bare
			return c
		}
	}
	c := clause{node: n, turned: negated, answer: -1}
	if compound(n) {
		c.joined = n
		for _, a := range n.Args {
			part := m.clause(a, negated)
			c.parts = append(c.parts, part)
			c.leaves += part.leaves
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
	t := &test{node: inner, text: text, negated: negated != (inner != n), looks: m.looks(inner.Args...), bound: bounds[inner.Op]}
	t.need = need(inner, t.negated)
	if inner.Op == cond.Field || inner.Op == cond.Call || inner.Log != nil {
		t.looks = m.looks(inner)
	}
	t.field = m.shown(t.looks)
	t.measure()
	c.test, c.leaves, c.plain = t, 1, inner.Op != cond.Foreign
	return c
}

// shown gives the one field of the account that is to show, -1 where it is
// something else: all tests of one explanation show a field alike.
func (m *Model) shown(looks []look) int {
	if len(looks) != 1 || !plainField(looks[0].node) || looks[0].name != m.fields[looks[0].node.Slot].Name {
		return -1
	}
	return looks[0].node.Slot
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
		if n.Op != cond.Const && !value(n) && (n.Type != cond.Bool || n.Op == cond.Call) {
			add(n)
		}
		values(n)
	}
	return list
}
