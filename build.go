package accountscore

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// compiler turns a checked ruleset into a model. What it refuses is what only
// the whole model shows; everything else the checker has refused already.
type compiler struct {
	rs      *Ruleset
	checked *dsl.Checked
	m       *Model
	errs    dsl.ErrorList
	decays  int // entries of decay tables
	worker
}

// fail records a fault. A statement without a position is told by its path.
func (c *compiler) fail(pos dsl.Pos, path string, code dsl.Code, fix, format string, args ...any) {
	e := dsl.NewError(c.rs, pos, code, fmt.Sprintf(format, args...), fix)
	if !pos.IsValid() {
		e.File = path
	}
	c.errs = append(c.errs, e)
}

func (c *compiler) model() *Model {
	m, rs := c.m, c.rs
	m.fields = compileFields(c.checked.Fields)
	m.contactFields = compileFields(c.checked.ContactFields)
	m.activityIndex = map[string]int{}
	for i, a := range c.checked.Activities {
		m.activities = append(m.activities, activityType{name: a.Name, pos: a.Pos, fields: compileFields(a.Fields)})
		m.activityIndex[a.Name] = i
	}
	for i, l := range c.checked.Lets {
		src := &rs.Lets[i]
		path := "let " + src.Name
		c.spend(src.Pos, path, l.Size(dsl.MaxExpanded))
		m.lets = append(m.lets, let{Node: l, reads: c.reads(src.Pos, path, l)})
	}
	if rs.Score != nil && rs.Score.Round != nil {
		m.decimals = *rs.Score.Round
	} else {
		m.decimals = 2
	}
	m.lo, m.hi = micro.Min, micro.Max
	if rs.Score != nil {
		m.lo, m.hi = bound(rs.Score.Min, micro.Min), bound(rs.Score.Max, micro.Max)
	}
	for i := range rs.Dimensions {
		m.dims = append(m.dims, c.dimension(&rs.Dimensions[i]))
		m.weighted = m.weighted || rs.Dimensions[i].Weight != nil
	}
	for i := range m.dims {
		if m.dims[i].contacts != nil {
			m.rollup = m.dims[i].contacts
		}
	}
	for i := range rs.Disqualify {
		d := &rs.Disqualify[i]
		m.disqualify = append(m.disqualify, disqualifier{when: c.node(&d.When), reason: d.Reason, index: c.outcome()})
		if d.Reason == "" {
			m.disqualify[i].reason = d.When.Text
		}
	}
	joined := 1
	for i := range rs.Grades {
		m.grades = append(m.grades, c.grading(&rs.Grades[i]))
		if most := c.checked.Limits.Grades; joined > 0 && joined*(1+len(rs.Grades[i].Steps)) > most {
			c.fail(rs.Grades[i].Pos, "grades "+rs.Grades[i].Dimension, dsl.CodeLimit, "use fewer gradings, or fewer letters", "the gradings join to more than %d grades", most)
			joined = 0
		}
		joined *= 1 + len(rs.Grades[i].Steps)
	}
	if joined > 0 {
		m.joinGrades()
	}
	m.tiers = c.tiers(rs.Tiers)
	for i := range rs.Ladders {
		m.ladders = append(m.ladders, ladder{rs.Ladders[i].Name, c.tiers(rs.Ladders[i].Tiers)})
	}
	m.metered = make([]bool, dsl.MetricDimension+len(m.dims))
	if len(c.errs) > 0 {
		return m // what follows takes what a bound has ruled out
	}
	c.markRead()
	m.read, m.readContact = readSlots(m.fields), readSlots(m.contactFields)
	for i := range m.dims {
		m.dims[i].axes = c.axes(&m.dims[i])
	}
	for i := range m.dims {
		m.dims[i].limit = m.dims[i].most()
		if i > 0 {
			m.dims[i].first = m.dims[i-1].first + len(m.dims[i-1].groups)
		}
	}
	c.boundCases()
	m.plan = m.makePlan()
	m.quick = m.newQuick()
	return m
}

// node gives the tree of a formula, and counts it.
func (c *compiler) node(f *dsl.Formula) *cond.Node {
	n := c.checked.Node(f)
	c.spend(f.Pos, f.Text, n.Size(dsl.MaxExpanded))
	n.Walk(func(n *cond.Node) {
		if n.Log != nil {
			c.logged(n.Log)
		}
	})
	return n
}

func (c *compiler) outcome() int {
	c.m.counted++
	return c.m.counted - 1
}

// bound gives a written bound in millionths, or what stands for none.
func bound(f *float64, none micro.M) micro.M {
	if f == nil {
		return none
	}
	return micro.Of(*f)
}

func (c *compiler) dimension(src *dsl.Dimension) dimension {
	d := dimension{src: src, name: src.Name, unscored: src.Unscored,
		lo: bound(src.Min, micro.Min), hi: bound(src.Max, micro.Max)}
	if src.OutOf != nil {
		d.outOf = micro.Of(*src.OutOf)
		d.lo, d.hi = max(d.lo, 0), min(d.hi, d.outOf)
	}
	if src.Weight != nil {
		d.weight = micro.Of(*src.Weight)
	}
	ordinal, counted, work := 0, c.m.counted, c.work
	for i := range src.Items {
		d.groups = append(d.groups, c.group(&src.Items[i], src, &ordinal))
	}
	if src.Contacts != nil {
		c.m.counted = counted // contact rules have outcomes of their own
		c.contacts += c.work - work
	}
	for i := range src.Scales {
		s := &src.Scales[i]
		when := c.node(&s.When)
		d.scales = append(d.scales, scale{src: s, factor: micro.Of(s.Factor), when: when, reads: c.reads(s.Pos, src.Name, when), index: c.outcome()})
	}
	if src.Contacts != nil {
		work = c.work
		d.contacts = c.rollup(src.Contacts, &d)
		c.contacts += c.work - work
	}
	return d
}

func (c *compiler) group(item *dsl.Item, dim *dsl.Dimension, ordinal *int) group {
	g := group{lo: micro.Min, hi: micro.Max}
	rules := []*dsl.Rule{item.Rule}
	if item.Group != nil {
		src := item.Group
		g.kind, g.src = src.Kind, src
		g.lo, g.hi = bound(src.Min, micro.Min), bound(src.Max, micro.Max)
		rules = rules[:0]
		for i := range src.Rules {
			rules = append(rules, &src.Rules[i])
		}
	}
	for _, src := range rules {
		*ordinal++
		id := dim.Name + "." + src.Label
		if src.Label == "" {
			id = dim.Name + "." + strconv.Itoa(*ordinal)
		}
		g.rules = append(g.rules, c.rule(src, id))
		g.reads = append(g.reads, g.rules[len(g.rules)-1].reads...)
	}
	slices.Sort(g.reads)
	g.reads = slices.Compact(g.reads)
	g.index = c.m.counted
	c.m.counted += len(g.rules)
	return g
}

func (c *compiler) rule(src *dsl.Rule, id string) rule {
	r := rule{id: id, src: src, points: micro.Of(src.Points), ramp: src.Ramp,
		when: c.node(&src.When), of: c.node(&src.Of), per: c.node(&src.Per),
		lo: bound(src.Min, micro.Min), hi: bound(src.Max, micro.Max)}
	if src.Else != nil {
		r.otherwise = micro.Of(*src.Else)
	}
	if src.Table != nil {
		c.spend(src.Pos, id, len(src.Table))
		r.table = compileTable(src.Table, c.checked.Fold(&src.Of))
	}
	if src.Signal != nil {
		r.signal = c.signal(src, id)
		r.lo, r.hi = signalBounds(src)
	}
	r.reads = c.reads(src.Pos, id, r.when, r.of, r.per)
	return r
}

func (c *compiler) signal(src *dsl.Rule, id string) *signal {
	s := src.Signal
	g := &signal{latest: s.Latest, perValue: s.PerValue, log: cond.Log{
		Type: c.m.activityIndex[s.Activity], ByAccount: s.ByAccount, Where: c.node(&s.Where), Window: -1}}
	if s.Within > 0 {
		g.log.Window = micros(s.Within)
	}
	if s.DailyMax != nil {
		g.limited, g.daily = true, micro.Of(math.Abs(*s.DailyMax))
	}
	c.logged(&g.log)
	g.decay = c.decay(s.HalfLife, s.Linear, src.Pos, id)
	return g
}

// decay makes the table of a half-life once per model.
func (c *compiler) decay(halfLifeDays int, linear dsl.Duration, pos dsl.Pos, path string) decay {
	if halfLifeDays == 0 {
		return decay{linear: micros(linear)}
	}
	t, ok := c.m.decays[halfLifeDays]
	if !ok {
		most, before := c.checked.Limits.HalfLives, c.decays
		if c.decays += 21 * halfLifeDays; c.decays > most {
			if before <= most {
				c.fail(pos, path, dsl.CodeLimit, "use shorter half-lives, or fewer different ones", "the half-lives of the ruleset are too long to tabulate: the tables of all that are different have more than %d entries", most)
			}
			return decay{}
		}
		t = halfLife(halfLifeDays)
		c.m.decays[halfLifeDays] = t
	}
	return decay{table: t}
}

// markRead notes which fields and activities anything reads: only those are
// looked up, checked and counted.
func (c *compiler) markRead() {
	m := c.m
	for i := range m.dims {
		for r := range m.dims[i].eachRule {
			m.mark(r.when)
			m.mark(r.of)
			m.mark(r.per)
			if r.signal != nil {
				m.markLog(&r.signal.log)
				m.signals++ // places begin at 1, see scratch.earned
				r.signal.place = m.signals
			}
		}
		for _, s := range m.dims[i].scales {
			m.mark(s.when)
		}
	}
	if r := m.rollup; r != nil {
		m.mark(r.score)
		m.mark(r.weightOf)
		for _, slot := range []int{r.since, r.distinct, r.role} {
			if slot >= 0 {
				m.contactFields[slot].read = true
			}
		}
	}
	for _, q := range m.disqualify {
		m.mark(q.when)
	}
	for _, l := range append(m.ladders, ladder{"", m.tiers}) {
		for _, t := range l.tiers {
			m.mark(t.when)
		}
	}
}

// readSlots lists the fields that anything reads.
func readSlots(fields []field) []int {
	var slots []int
	for i := range fields {
		if fields[i].read {
			slots = append(slots, i)
		}
	}
	return slots
}

// mark notes what a node reads, through lets too.
func (m *Model) mark(n *cond.Node) {
	n.Walk(func(n *cond.Node) {
		switch {
		case n.Log != nil:
			m.markLog(n.Log)
			if n.Place == 0 {
				m.questions++ // places begin at 1, see cond.Env
				n.Place = m.questions
				m.asked = append(m.asked, n)
			}
		case n.Op == cond.Metric:
			m.metered[n.Slot], m.metering = true, true
		case n.Op != cond.Field:
		case n.Space == cond.Account:
			m.fields[n.Slot].read = true
		case n.Space == cond.Contact:
			m.contactFields[n.Slot].read = true
		case n.Space == cond.Computed && !m.lets[n.Slot].read:
			m.lets[n.Slot].read = true
			m.mark(m.lets[n.Slot].Node)
		}
	})
}

func (m *Model) markLog(l *cond.Log) {
	a := &m.activities[l.Type]
	a.read = true
	l.Where.Walk(func(n *cond.Node) {
		if n.Op == cond.Field && n.Space == cond.Activity {
			a.fields[n.Slot].read = true
		}
	})
}
