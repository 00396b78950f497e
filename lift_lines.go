package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// A set of changes is tried by working out anew only what reads something that
// it changes: lets, groups, scales and disqualifications. These read fields,
// logs and what is counted of the contacts, never points. All else is as it was.

// line is one such part of the model.
type line struct {
	let     *let
	group   *group
	rule    *rule // of a group whose rules add up: the line is this one alone
	scale   *scale
	outcast *disqualifier

	at   int // of a let; of the dimension of a group or a scale
	sum  int // of a rule: place of its group in totals
	work int
}

// ledger keeps what every line comes to.
type ledger struct {
	lines    []line  // lets first, in their order
	bySlot   [][]int // lines that read a field, through lets too
	byLog    [][]int // or an activity type
	byPeople []int   // or what is counted of the contacts
	logged   bool    // some line reads a log
	scales   [][]int // by dimension
	outcasts []int

	own, staged linesOutcome // of the account as it is, and with the changes that are staged
	restaged    []int        // lines of which the staged may be others
	sums        []micro.M    // of the set that is tried
	totals      []micro.M

	stamps []int // by line: the turn that it was noted in
	turn   int
	noted  []int
}

// linesOutcome is what the lines of an account come to.
type linesOutcome struct {
	lets   cond.Record
	points []micro.M  // of groups and rules, by line
	truths []cond.Tri // of scales and disqualifications, by line
	sums   []micro.M  // of a dimension's groups
	totals []micro.M  // of groups whose rules add up, before their bounds
}

func (o *linesOutcome) clone() linesOutcome {
	return linesOutcome{slices.Clone(o.lets), slices.Clone(o.points), slices.Clone(o.truths), slices.Clone(o.sums), slices.Clone(o.totals)}
}

// earn takes what a line earns now, and not what it did, to the sums.
func (ln *line) earn(sums, totals []micro.M, was, now micro.M) {
	if ln.rule != nil {
		total, more := &totals[ln.sum], now-was
		was = total.Clamp(ln.group.lo, ln.group.hi)
		*total = total.Add(more)
		now = total.Clamp(ln.group.lo, ln.group.hi)
	}
	sums[ln.at] = sums[ln.at].Add(now - was)
}

// reading is what a formula reads of activities and contacts.
type reading struct {
	logs   []int
	people bool
}

// newLedger makes the ledger of what the scratch has concluded.
func (l *lifter) newLedger() *ledger {
	m, s := l.model, l.s
	g := &ledger{bySlot: make([][]int, len(m.fields)), byLog: make([][]int, len(m.activities)), scales: make([][]int, len(m.dims)), sums: make([]micro.M, len(m.dims))}
	lets := make([]reading, len(m.lets))
	sums := 0 // groups whose rules add up
	for i := range m.lets {
		n := &m.lets[i]
		lets[i] = readingOf(lets, nil, n.Node)
		if n.read {
			g.add(line{let: n, at: i, work: l.nodeWork(n.Node)}, n.reads, lets[i])
		}
	}
	for i := range m.dims {
		d := &m.dims[i]
		for j := range d.groups {
			gr := &d.groups[j]
			if gr.kind != dsl.SumOf {
				l.addRules(g, lets, line{group: gr, at: i}, gr.reads, gr.rules)
				continue
			}
			for r := range gr.rules {
				rule := &gr.rules[r]
				l.addRules(g, lets, line{group: gr, rule: rule, at: i, sum: sums}, rule.reads, gr.rules[r:r+1])
			}
			sums++
		}
		for j := range d.scales {
			c := &d.scales[j]
			g.scales[i] = append(g.scales[i], len(g.lines))
			g.add(line{scale: c, at: i, work: l.nodeWork(c.when)}, c.reads, readingOf(lets, nil, c.when))
		}
	}
	for i := range m.disqualify {
		d := &m.disqualify[i]
		g.outcasts = append(g.outcasts, len(g.lines))
		g.add(line{outcast: d, work: l.nodeWork(d.when)}, m.slots(d.when), readingOf(lets, nil, d.when))
	}
	g.own = linesOutcome{slices.Clone(s.env.Lets), make([]micro.M, len(g.lines)), make([]cond.Tri, len(g.lines)), make([]micro.M, len(m.dims)), make([]micro.M, sums)}
	for i := range g.lines {
		switch ln := &g.lines[i]; {
		case ln.group != nil:
			g.own.points[i] = l.points(ln)
			ln.earn(g.own.sums, g.own.totals, 0, g.own.points[i])
		case ln.let == nil:
			g.own.truths[i] = ln.truth(&s.env)
		}
	}
	g.staged, g.totals, g.stamps = g.own.clone(), make([]micro.M, sums), make([]int, len(g.lines))
	return g
}

// addRules adds a line of some rules of a group.
func (l *lifter) addRules(g *ledger, lets []reading, ln line, slots []int, rules []rule) {
	var logs []int
	var nodes []*cond.Node
	for i := range rules {
		r := &rules[i]
		nodes = append(nodes, r.when, r.of, r.per)
		if ln.work++; r.signal != nil {
			logs = append(logs, r.signal.log.Type)
			ln.work += len(l.s.events)
		}
	}
	for _, n := range nodes {
		ln.work += l.nodeWork(n)
	}
	g.add(ln, slots, readingOf(lets, logs, nodes...))
}

// readingOf gives what formulas read, through lets too, beside some logs.
func readingOf(lets []reading, logs []int, nodes ...*cond.Node) reading {
	r := reading{logs: logs}
	for _, n := range nodes {
		n.Walk(func(n *cond.Node) {
			switch {
			case n.Log != nil:
				r.logs = append(r.logs, n.Log.Type)
			case n.Op == cond.Metric:
				r.people = true
			case n.Op == cond.Field && n.Space == cond.Computed:
				r.logs, r.people = append(r.logs, lets[n.Slot].logs...), r.people || lets[n.Slot].people
			}
		})
		slices.Sort(r.logs)
		r.logs = slices.Compact(r.logs)
	}
	return r
}

// add adds a line, and notes what it reads.
func (g *ledger) add(ln line, slots []int, of reading) {
	at := len(g.lines)
	for _, slot := range slots {
		g.bySlot[slot] = append(g.bySlot[slot], at)
	}
	for _, typ := range of.logs {
		g.byLog[typ], g.logged = append(g.byLog[typ], at), true
	}
	if of.people {
		g.byPeople = append(g.byPeople, at)
	}
	g.lines = append(g.lines, ln)
}

// begin begins a turn, in which nothing is noted yet.
func (g *ledger) begin() {
	g.turn++
	g.noted = g.noted[:0]
}

// note notes lines that are to be worked out.
func (g *ledger) note(lines []int) {
	for _, at := range lines {
		if g.stamps[at] != g.turn {
			g.stamps[at] = g.turn
			g.noted = append(g.noted, at)
		}
	}
}

// restage works out what reads the activities of some types, or else is as the
// account has it; and what reads what is counted of the contacts, if wanted.
func (l *lifter) restage(logs []int, people bool) {
	g, s := l.ledger, l.s
	for _, at := range g.restaged {
		g.staged.points[at], g.staged.truths[at] = g.own.points[at], g.own.truths[at]
	}
	copy(g.staged.sums, g.own.sums)
	copy(g.staged.totals, g.own.totals)
	copy(g.staged.lets, g.own.lets)
	copy(s.env.Lets, g.own.lets)
	g.begin()
	for _, typ := range logs {
		g.note(g.byLog[typ])
	}
	if people {
		g.note(g.byPeople)
	}
	slices.Sort(g.noted) // a let is read by those after it
	s.meter()
	for _, at := range g.noted {
		switch ln := &g.lines[at]; {
		case ln.let != nil:
			s.env.Lets[ln.at] = l.workOut(ln)
			g.staged.lets[ln.at] = s.env.Lets[ln.at]
		case ln.group != nil:
			p := l.points(ln)
			ln.earn(g.staged.sums, g.staged.totals, g.staged.points[at], p)
			g.staged.points[at] = p
		default:
			l.work += ln.work
			g.staged.truths[at] = ln.truth(&s.env)
		}
	}
	g.restaged = append(g.restaged[:0], g.noted...)
}

func (l *lifter) workOut(ln *line) cond.Slot {
	l.work += ln.work
	return ln.let.Eval(&l.s.env)
}

func (l *lifter) points(ln *line) micro.M {
	l.work += ln.work
	if ln.rule != nil {
		_, p := ln.rule.eval(&l.s.env, l.s)
		return p
	}
	p, _ := ln.group.eval(&l.s.env, l.s, l.s.trial)
	return p
}

// truth tells whether a scale or a disqualification holds.
func (ln *line) truth(e *cond.Env) cond.Tri {
	if ln.scale != nil {
		return ln.scale.when.Truth(e)
	}
	return ln.outcast.when.Truth(e)
}

// appraise works out all that the goal reads of the staged account, where some
// of its fields stand at other values.
func (l *lifter) appraise(set []*move) {
	g, s := l.ledger, l.s
	e := &s.env
	l.work += l.oneAppraisal
	g.begin()
	for _, mv := range set {
		if mv.slot >= 0 {
			g.note(g.bySlot[mv.slot])
		}
	}
	copy(g.sums, g.staged.sums)
	copy(g.totals, g.staged.totals)
	if len(e.Lets) > 0 {
		copy(e.Lets, g.staged.lets)
		slices.Sort(g.noted)
	}
	s.meter()
	for _, at := range g.noted {
		switch ln := &g.lines[at]; {
		case ln.let != nil:
			e.Lets[ln.at] = l.workOut(ln)
		case ln.group != nil:
			ln.earn(g.sums, g.totals, g.staged.points[at], l.points(ln))
		}
	}
	l.total()
}

// total takes the sums of the dimensions to what the goal reads.
func (l *lifter) total() {
	g, s, m := l.ledger, l.s, l.model
	holds := func(at int) bool {
		if g.stamps[at] == g.turn {
			l.work += g.lines[at].work
			return g.lines[at].truth(&s.env) == cond.True
		}
		return g.staged.truths[at] == cond.True
	}
	for i := range m.dims {
		d, sum := &m.dims[i], g.sums[i]
		if d.contacts != nil {
			sum = sum.Add(s.rollup.points).Add(s.rollup.bonus)
		}
		for _, at := range g.scales[i] {
			if holds(at) {
				sum = sum.Mul(g.lines[at].scale.factor)
			}
		}
		sum = sum.Clamp(d.lo, d.hi)
		s.dims[i].points, s.dims[i].shown = certain(sum), certain(d.show(sum))
		s.metric(dsl.MetricDimension+i, s.dims[i].shown)
	}
	s.total = m.total(s.dims)
	s.score = m.publishable(s.total)
	s.metric(dsl.MetricScore, s.score)
	if l.graded {
		s.grade()
	}
	l.meter()
	l.ruledOut = l.goal.main() && slices.ContainsFunc(g.outcasts, holds)
}
