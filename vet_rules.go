package accountscore

import (
	"fmt"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// ruleProp is a rule with its condition.
type ruleProp struct {
	*rule
	dim   *dimension
	group *group
	prop  *prop // nil: no condition, or one that is reported already
	same  string
}

// dimension checks the rules of a dimension by themselves, then each pair.
func (v *vet) dimension(d *dimension) {
	first := len(v.props)
	groups := d.lines()
	for g := range groups {
		for i := range groups[g].rules {
			v.rule(d, &groups[g], i)
		}
	}
	for i := range d.scales {
		s := &d.scales[i]
		v.decided(s.when, nil, s.src.Pos, scaleName(d.name, i), s.src.When.Text)
	}
	rules := v.props[first:]
	for i := range rules {
		if rules[i].prop == nil {
			continue
		}
		if rules[i].group.kind == dsl.FirstOf {
			v.reached(rules, i)
		}
		for j := range i {
			if rules[j].prop != nil && v.logic.spend(1) {
				v.pair(&rules[j], &rules[i])
			}
		}
	}
}

// rule checks one rule by itself.
func (v *vet) rule(d *dimension, g *group, i int) {
	r := &g.rules[i]
	p := ruleProp{rule: r, dim: d, group: g}
	v.negative(r)
	if programs := v.m.cost(r).Programs; programs > 0 {
		v.report(VetSlow, Note, r.src.Pos, r.id, "nothing, unless it costs too much: most list functions can be written with `has any`, `has all` or `contains`",
			"the rule runs on expr's virtual machine, which is slower")
	}
	switch {
	case r.signal != nil:
		p.same = "signal " + signalText(r.src.Signal)
		v.capped(r)
		v.filter(&r.signal.log, r.src.Pos, r.id)
	case r.ramp != nil:
		p.same = "ramp " + ruleText(r.src)
		v.filters(r.of, r.src.Pos, r.id)
	case r.table != nil:
		p.same = "table " + ruleText(r.src)
		v.filters(r.of, r.src.Pos, r.id)
		v.table(r.table, r.of, r.src.Table, r.src.Pos, r.id, "earns nothing, and is reported")
	case r.when.Op == cond.Const && r.when.Flag:
		// "true" is a way to write points for everybody, or the last of a group.
	default:
		p.prop = v.decided(r.when, nil, r.src.Pos, r.id, r.src.When.Text)
		p.same = "when " + (&abstraction{logic: v.logic}).key(r.when)
		if r.per != nil {
			p.same += " per " + (&abstraction{logic: v.logic}).key(r.per)
			v.filters(r.per, r.src.Pos, r.id)
		}
	}
	v.props = append(v.props, p)
}

// capped reports a rule about activities whose most is nothing.
func (v *vet) capped(r *rule) {
	zero := func(most *float64) bool { return most != nil && *most == 0 }
	if zero(r.src.Max) || zero(r.src.Signal.DailyMax) {
		v.report(VetNeverTrue, Warning, r.src.Pos, r.id, "write the most that it may earn, or drop the rule", "the rule never earns points: its max is 0")
	}
}

// negative reports a rule that can take points away.
func (v *vet) negative(r *rule) {
	least := min(r.src.Points, 0)
	if r.src.Else != nil {
		least = min(least, *r.src.Else)
	}
	if r.src.Ramp != nil {
		least = min(least, r.src.Ramp.From, r.src.Ramp.To)
	}
	for i := range r.src.Table {
		least = min(least, r.src.Table[i].Value)
	}
	if least < 0 {
		v.report(VetNegativePoints, Note, r.src.Pos, r.id, "use `disqualify` or `scale` for what rules an account out; keep it if a deduction is what is meant",
			"the rule takes points away: an account of which less is known scores higher, and good signs hide the deduction")
	}
}

// reached reports a rule of "first of" that an earlier one always forestalls.
func (v *vet) reached(rules []ruleProp, i int) {
	r := &rules[i]
	var before []*prop
	for j := range i {
		if e := &rules[j]; e.group == r.group && e.prop != nil && e.per == nil {
			before = append(before, e.prop)
			if v.logic.implies(r.prop, e.prop) {
				v.report(VetImplied, Warning, r.src.Pos, r.id, "put the narrower condition first, or drop one",
					"%s never counts: where it is true, %s before it is true too", quoted(r.src.When.Text), e.name())
				return
			}
		}
	}
	if len(before) > 1 && v.logic.implies(r.prop, before...) {
		v.report(VetImplied, Warning, r.src.Pos, r.id, "put the narrower conditions first, or drop one",
			"%s never counts: where it is true, one of the rules before it is true too", quoted(r.src.When.Text))
	}
}

func (p *ruleProp) name() string { return fmt.Sprintf("%s (%s)", quoted(p.src.When.Text), p.id) }

// pair reports two rules of one dimension of which one says nothing new. a
// stands before b.
func (v *vet) pair(a, b *ruleProp) {
	if a.same == b.same || !v.logic.meet(a.prop, b.prop) {
		return // v.repeated tells the one; the others have nothing in common
	}
	together := a.group == b.group
	if together && a.group.kind == dsl.FirstOf {
		return // v.reached tells
	}
	if a.per != nil || b.per != nil || knowledge(a.prop.node) != knowledge(b.prop.node) {
		return // what is known is evidence of its own
	}
	ab, ba := v.logic.implies(a.prop, b.prop), v.logic.implies(b.prop, a.prop)
	switch {
	case ab && ba:
		v.report(VetDuplicate, Warning, b.src.Pos, b.id, "drop one of the two",
			"%s is true where %s is, and nowhere else", quoted(b.src.When.Text), a.name())
	case !ab && !ba:
	case together && a.group.kind == dsl.BestOf:
		narrow, wide := a, b
		if ba {
			narrow, wide = b, a
		}
		if narrow.points <= wide.points {
			v.report(VetImplied, Warning, narrow.src.Pos, narrow.id, "give it more points than the other, or drop it",
				"%s never wins: where it is true, %s is true too and earns no less", quoted(narrow.src.When.Text), wide.name())
		}
	case a.additive() && b.additive():
		narrow, wide := a, b
		if ba {
			narrow, wide = b, a
		}
		v.report(VetImplied, Warning, narrow.src.Pos, narrow.id, "put the two into `best of`, or make the conditions exclude each other",
			"%s is true only where %s is true too, so it never earns %s alone but %s", quoted(narrow.src.When.Text), wide.name(),
			signed(narrow.points), signed(narrow.points.Add(wide.points)))
	}
}

// additive tells whether the rule's points are added to those of others.
func (p *ruleProp) additive() bool { return p.group.kind == "" || p.group.kind == dsl.SumOf }

// meet tells whether two conditions read something in common, be it the log of
// one activity.
func (l *logic) meet(p, q *prop) bool {
	return slices.ContainsFunc(p.reads, func(t int) bool {
		if _, ok := slices.BinarySearch(q.reads, t); ok {
			return true
		}
		a := l.terms[t].log
		return a != nil && slices.ContainsFunc(q.reads, func(u int) bool {
			b := l.terms[u].log
			return b != nil && a.Type == b.Type
		})
	})
}

// knowledge tells whether a condition asks only what is known.
func knowledge(n *cond.Node) bool {
	switch n.Op {
	case cond.Missing, cond.Empty:
		return true
	case cond.And, cond.Or, cond.Not:
		return !slices.ContainsFunc(n.Args, func(a *cond.Node) bool { return !knowledge(a) })
	}
	return false
}

// repeated reports rules that say the same, in whatever dimension: the same
// evidence counts twice. A dimension that is unscored counts for itself.
func (v *vet) repeated() {
	seen := map[string]*ruleProp{}
	for i := range v.props {
		p := &v.props[i]
		if p.same == "" {
			continue
		}
		key := p.same
		if p.dim.contacts != nil {
			key = "contact " + key
		}
		if p.dim.unscored {
			key = p.dim.name + " " + key
		}
		was := seen[key]
		if was == nil {
			seen[key] = p
			continue
		}
		if p.prop == nil && was.prop == nil && p.when != nil {
			continue // always or never true, which is reported
		}
		if p.group == was.group && p.group.kind == dsl.FirstOf && p.prop != nil {
			continue // v.reached tells
		}
		left := p.src.When.Text
		switch {
		case p.src.Signal != nil:
			left = signalText(p.src.Signal)
		case p.src.Of.Text != "":
			left = ruleText(p.src)
		}
		v.report(VetDuplicate, Warning, p.src.Pos, p.id, "drop one of the two", "%s says what %s says already", quoted(left), was.id)
	}
}
