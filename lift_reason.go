package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// reason says why nothing reaches the tier. It is proven where the fields that
// may not be changed rule it out, whatever else there could be to try.
func (l *lifter) reason() (why string, proven bool) {
	m, s, e := l.model, l.s, &l.s.env
	l.limit = l.work + maxFinishWork
	l.stage(nil)
	var mayChange, fixed []int
	for _, slot := range m.read {
		if slices.ContainsFunc(l.fields, func(lv lever) bool { return lv.moves[0].slot == slot }) {
			mayChange = append(mayChange, slot)
		} else if len(l.bySlot[slot]) > 0 {
			fixed = append(fixed, slot)
		}
	}
	if i := l.stuck(mayChange); l.goal.main() && i >= 0 {
		var reads []int
		for _, slot := range m.slots(m.disqualify[i].when) {
			if slices.Contains(fixed, slot) {
				reads = append(reads, slot)
			}
		}
		return "it stays disqualified" + because(m.disqualify[i].reason) + l.named(reads), l.settledByFields(m.disqualify[i].when)
	}
	// What is left to do where the changes bring it nearest.
	l.stage(l.nearest)
	for _, mv := range l.nearest {
		if mv.slot >= 0 {
			e.Accounts[mv.slot] = mv.value
		}
	}
	s.conclude()
	l.meter()
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
	possible := l.possible(mayChange)
	text := "nothing that may be changed brings it nearer: "
	switch {
	case len(l.nearest) == 0 && possible:
		text = "nothing that was tried brings it nearer: "
	case len(l.nearest) > 0:
		text = "the nearest that changes bring it is still not enough: "
	}
	text += joined(left, "; ", "; ")
	if !possible {
		text += l.named(l.decisive(mayChange, fixed))
	}
	return text, false
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

// stuck gives a line that disqualifies the account whatever some fields turn
// out to be, -1 for none.
func (l *lifter) stuck(slots []int) int {
	e := &l.s.env
	for _, slot := range slots {
		e.Open[slot] = true
	}
	l.s.open = true
	l.s.conclude()
	at := slices.IndexFunc(l.model.disqualify, func(d disqualifier) bool { return d.when.Possible(e) == cond.MayBeTrue })
	l.settle()
	return at
}

// decisive gives the fields that may not be changed, but could reach the tier
// together with those that may.
func (l *lifter) decisive(mayChange, fixed []int) []int {
	var list []int
	for _, slot := range fixed {
		if l.spend(0) && l.possible(append(slices.Clone(mayChange), slot)) {
			list = append(list, slot)
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
	return "; " + joined(list, ", ", " or ") + " may not be changed"
}
