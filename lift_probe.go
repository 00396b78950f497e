package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// probe is one place of the model where values of the account decide
// something: a test of a condition, a table, a ramp, a factor, a line that
// counts activities. Two values of a field to which every probe gives the same
// answer are one to the model.
type probe struct {
	leaf   *cond.Node // of a test, or what a table, a ramp or a factor is of
	rule   *rule      // of the others
	slots  []int      // account fields that it reads, through lets too
	logs   []int      // activity types
	joined bool       // it reads more than one field, or more than fields
	work   int
}

// answer gives what the probe decides for what the scratch holds.
func (p *probe) answer(s *scratch) uint64 {
	e := &s.env
	if p.rule == nil {
		return uint64(p.leaf.Truth(e))
	}
	if p.rule.per != nil && p.leaf == p.rule.per {
		v, ok := p.leaf.Number(e)
		if !ok {
			return 1<<64 - 1
		}
		return uint64(p.rule.times(v))
	}
	truth, points := p.rule.eval(e, s)
	if t := p.rule.table; t != nil {
		i, _ := t.find(p.leaf, e)
		return uint64(truth)<<32 + uint64(i+1)
	}
	return uint64(truth)<<60 ^ uint64(points)
}

// probe lists the probes of everything that reads the account, contacts apart.
func (l *lifter) probe() {
	m := l.model
	seen := make([]bool, len(m.lets))
	l.denied = map[*cond.Node]bool{}
	for i := range m.dims {
		d := &m.dims[i]
		if d.contacts == nil {
			for r := range d.eachRule {
				l.probeRule(r, seen)
			}
		}
		for c := range d.scales {
			l.probeTests(d.scales[c].when, seen)
		}
	}
	for i := range m.disqualify {
		l.probeTests(m.disqualify[i].when, seen)
	}
	for i := range l.goal.tiers {
		l.probeTests(l.goal.tiers[i].when, seen)
	}
	l.bySlot = make([][]int, len(m.fields))
	for i := range l.probes {
		for _, slot := range l.probes[i].slots {
			l.bySlot[slot] = append(l.bySlot[slot], i)
		}
	}
}

func (l *lifter) probeRule(r *rule, lets []bool) {
	l.probeTests(r.when, lets)
	for _, n := range [...]*cond.Node{r.of, r.per} {
		if n != nil {
			l.addProbe(probe{leaf: n, rule: r})
		}
	}
	if r.signal != nil {
		l.addProbe(probe{rule: r, logs: []int{r.signal.log.Type}})
	}
}

// probeTests lists the tests of a condition, those of its lets too.
func (l *lifter) probeTests(n *cond.Node, lets []bool) {
	if n == nil {
		return
	}
	switch n.Op {
	case cond.Const:
		return
	case cond.And, cond.Or, cond.Not:
		for _, a := range n.Args {
			if n.Op == cond.Not && a.Src == n.Src {
				l.denied[a] = true
			}
			l.probeTests(a, lets)
		}
		return
	case cond.If, cond.Else:
		for _, a := range n.Args {
			if a.Type == cond.Bool {
				l.probeTests(a, lets)
			}
		}
		return
	case cond.Field:
		if n.Space == cond.Computed {
			if !lets[n.Slot] {
				lets[n.Slot] = true
				l.probeTests(l.model.lets[n.Slot].Node, lets)
			}
			return
		}
	}
	l.addProbe(probe{leaf: n})
}

func (l *lifter) addProbe(p probe) {
	others := false
	visited := map[int]bool{}
	var visit func(n *cond.Node)
	visit = func(n *cond.Node) {
		n.Walk(func(n *cond.Node) {
			switch {
			case n.Log != nil:
				p.logs = append(p.logs, n.Log.Type)
			case n.Op == cond.Metric, n.Op == cond.Grade:
				others = true
			case n.Op == cond.Field && n.Space == cond.Account:
				p.slots = append(p.slots, n.Slot)
			case n.Op == cond.Field && n.Space == cond.Computed && !visited[n.Slot]:
				visited[n.Slot] = true
				visit(l.model.lets[n.Slot].Node)
			}
		})
	}
	visit(p.leaf)
	slices.Sort(p.slots)
	slices.Sort(p.logs)
	p.slots, p.logs = slices.Compact(p.slots), slices.Compact(p.logs)
	if len(p.slots)+len(p.logs) == 0 {
		return
	}
	p.joined = others || len(p.slots) > 1 || len(p.slots) > 0 && len(p.logs) > 0
	p.work = 1 + l.nodeWork(p.leaf)
	if p.rule != nil && p.rule.table != nil {
		p.work += len(p.rule.table.entries)
	}
	l.probes = append(l.probes, p)
}

// lookAgain works the lets out again after a value has changed.
func (l *lifter) lookAgain() {
	e := &l.s.env
	l.work += l.letWork
	for i := range l.model.lets {
		if l.model.lets[i].read {
			e.Lets[i] = l.model.lets[i].Eval(e)
		}
	}
}
