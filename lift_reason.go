package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// reason says why nothing reaches the tier, and whether it is proven that
// nothing does, see [lifter.proven].
func (l *lifter) reason() (why string, proven bool) {
	m, s, e := l.model, l.s, &l.s.env
	l.limit = l.work + maxFinishWork
	l.stage(nil)
	open, fixed := l.openFields()
	if i := l.stuck(open); l.goal.main() && i >= 0 {
		var reads []int
		for _, slot := range m.slots(m.disqualify[i].when) {
			if slices.Contains(fixed, slot) {
				reads = append(reads, slot)
			}
		}
		return "it stays disqualified" + because(m.disqualify[i].reason) + l.named(reads), l.settledByFields(m.disqualify[i].when)
	}
	// What is left to do where the changes bring it nearest.
	l.load(l.changes(slices.DeleteFunc(slices.Clone(l.nearest), func(mv *move) bool { return mv.slot >= 0 })))
	l.put(l.nearest)
	l.conclude()
	x := s.explainer(nil, 0)
	defer x.close()
	x.answer()
	var left []string
	if l.goal.main() && s.tier.tier == Disqualified {
		left = append(left, "disqualified"+because(s.tier.reason))
	}
	t, guide := &l.goal.tiers[l.goal.at], &l.goal.guides[l.goal.at]
	clause := &guide.clause
	if when := s.condition(t); when != nil && when == t.held {
		clause = &guide.held
	}
	if when := s.condition(t); when != nil && when.Truth(e) != cond.True {
		for _, test := range x.tests(clause, when.Truth(e), false) {
			if text := phrase(&test); !slices.Contains(left, text) && len(left) < maxReasons {
				left = append(left, text)
			}
		}
	}
	copy(e.Accounts, l.own)
	// Activities and contacts may do their part: what is missing beside them is
	// up to the fields.
	possible := l.possible(open)
	proven = l.proven(open)
	text := "nothing that may be changed brings it nearer: "
	switch {
	case len(l.nearest) == 0 && (possible || !proven):
		text = "nothing that was tried brings it nearer: "
	case len(l.nearest) > 0:
		text = "the nearest that changes bring it is still not enough: "
	}
	text += joined(left, "; ", "; ")
	if never := l.never(); never != "" {
		text += "; " + never
	} else if !possible {
		text += l.named(l.decisive(open, fixed))
	}
	return text, proven
}

// openFields gives the fields that may be changed, and the others that matter.
func (l *lifter) openFields() (open, fixed []int) {
	for _, slot := range l.model.read {
		if _, may := mayChange(&l.model.fields[slot], l.own[slot].State); may {
			open = append(open, slot)
		} else if len(l.bySlot[slot]) > 0 {
			fixed = append(fixed, slot)
		}
	}
	return open, fixed
}

// barred tells whether nothing that may be changed keeps the account from being
// disqualified, so that there is nothing to seek.
func (l *lifter) barred() bool {
	if !l.goal.main() || len(l.model.disqualify) == 0 {
		return false
	}
	open, _ := l.openFields()
	i := l.stuck(open)
	return i >= 0 && l.settledByFields(l.model.disqualify[i].when)
}

// never says which points of the goal's condition are beyond what the model can
// give to any account.
func (l *lifter) never() string {
	when := l.s.condition(&l.goal.tiers[l.goal.at])
	if when == nil {
		return ""
	}
	facts := l.model.statics()
	var list []string
	when.Walk(func(n *cond.Node) {
		switch n.Op {
		case cond.Eq, cond.Lt, cond.Le, cond.Gt, cond.Ge, cond.Between:
		default:
			return
		}
		if of := n.Args[0]; of.Op == cond.Metric && (len(n.Args) == 1 || n.Args[1].Op == cond.Const) {
			r, name := facts.score, "score"
			if of.Slot >= dsl.MetricDimension {
				r, name = facts.dims[of.Slot-dsl.MetricDimension], l.model.dims[of.Slot-dsl.MetricDimension].name
			} else if of.Slot != dsl.MetricScore {
				return
			}
			if len(list) < maxReasons && n.Possible(&facts.env) == cond.MayBeFalse {
				list = append(list, rangeWords(name, r))
			}
		}
	})
	return joined(list, "; ", "; ")
}

// settledByFields tells whether a condition reads the account's fields alone:
// no activity, no contact and no points.
func (l *lifter) settledByFields(when *cond.Node) bool {
	alone, seen := true, make([]bool, len(l.model.lets))
	var visit func(n *cond.Node)
	visit = func(n *cond.Node) {
		n.Walk(func(n *cond.Node) {
			switch {
			case n.Log != nil, n.Op == cond.Metric, n.Op == cond.Grade:
				alone = false
			case n.Op == cond.Field && n.Space == cond.Computed && !seen[n.Slot]:
				seen[n.Slot] = true
				visit(l.model.lets[n.Slot].Node)
			}
		})
	}
	visit(when)
	return alone
}

// maxReasons bounds the tests that a reason names, and the fields.
const maxReasons = 5

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + reason
}

// rangeWords says how far points go.
func rangeWords(name string, r reach) string {
	switch low, high := figure(r.low.Float()), figure(r.high.Float()); {
	case unlimited(r.low):
		return name + " is at most " + high
	case unlimited(r.high):
		return name + " is at least " + low
	default:
		return name + " is always between " + low + " and " + high
	}
}

// stuck gives a line that disqualifies the account whatever some fields turn
// out to be, one that reads nothing else where there is one; -1 for none.
func (l *lifter) stuck(slots []int) int {
	e := &l.s.env
	for _, slot := range slots {
		e.Open[slot] = true
	}
	l.s.open = true
	l.work += 4 * l.oneTry
	l.s.conclude()
	holds := func(d disqualifier) bool { return d.when.Possible(e) == cond.MayBeTrue }
	at := slices.IndexFunc(l.model.disqualify, func(d disqualifier) bool { return holds(d) && l.settledByFields(d.when) })
	if at < 0 {
		at = slices.IndexFunc(l.model.disqualify, holds)
	}
	l.settle()
	return at
}

// decisive gives the fields that may not be changed, but could reach the tier
// together with those that may: each alone, or else those that are needed
// together.
func (l *lifter) decisive(open, fixed []int) []int {
	var list []int
	for _, slot := range fixed {
		if l.spend(0) && l.possible(append(slices.Clone(open), slot)) {
			list = append(list, slot)
		}
	}
	if len(list) > 0 || !l.possible(slices.Concat(open, fixed)) {
		return list
	}
	// None alone: those without which the others do not.
	list = slices.Clone(fixed)
	for _, slot := range fixed {
		without := slices.DeleteFunc(slices.Clone(list), func(s int) bool { return s == slot })
		if l.spend(0) && l.possible(slices.Concat(open, without)) {
			list = without
		}
	}
	return list
}

// named says which fields may not be changed.
func (l *lifter) named(fixed []int) string {
	var list []string
	for _, slot := range fixed[:min(len(fixed), maxReasons)] {
		list = append(list, l.model.fields[slot].Name)
	}
	if len(list) == 0 {
		return ""
	}
	return "; " + joined(list, ", ", " and ") + " may not be changed"
}
