package accountscore

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
	"github.com/accountscore/accountscore/internal/numeral"
)

// step is the grid that a metric lies on.
func (m *Model) step(slot int) micro.M {
	switch slot {
	case dsl.MetricScore:
		step := micro.One
		for range m.decimals {
			step /= 10
		}
		return step
	case dsl.MetricContacts, dsl.MetricEngaged, dsl.MetricSenior:
		return micro.One
	}
	return 1
}

// metricName names a metric as conditions do.
func (m *Model) metricName(slot int) string {
	if slot >= dsl.MetricDimension {
		return m.dims[slot-dsl.MetricDimension].name
	}
	return [...]string{"score", "contacts", "engaged_contacts", "senior_engaged", "completeness"}[slot]
}

// tierProp is a tier that some account can be in, with its condition.
type tierProp struct {
	name string
	prop *prop
}

// tierName names a tier of a ladder; the main one has no name.
func tierName(ladder string, t *tier) string {
	if ladder == "" {
		return "tier " + t.name
	}
	return ladder + " tier " + t.name
}

// ladder reports the tiers that no account can be in.
func (v *vet) ladder(ladder string, tiers []tier) {
	var before []tierProp
	for i := range tiers {
		t := &tiers[i]
		name := tierName(ladder, t)
		if v.slipped[name] {
			continue
		}
		otherwise := t.when == nil
		when := t.when
		if otherwise {
			when = &cond.Node{Op: cond.Const, Type: cond.Bool, Flag: true}
		}
		v.filters(t.when, t.src.Pos, name)
		p := v.logic.prop(when, nil)
		if v.logic.never(p) || !v.statics.open(when).Possible(&v.statics.env).Has(cond.True) {
			v.report(VetUnreachableTier, Warning, t.src.Pos, name, "change its condition, or drop the tier",
				"no account can %s the tier `%s`: %s is never true%s", t.be(), t.name, quoted(t.src.When.Text), v.spans(when))
			continue
		}
		v.forestalled(p, before, t, name)
		before = append(before, tierProp{t.name, p})
	}
}

// be says what no account can do with a tier that is never reached: one with
// a hold keeps the accounts whose previous tier it was.
func (t *tier) be() string {
	if t.src.Hold != nil {
		return "come into"
	}
	return "be in"
}

// forestalled reports a tier that an earlier one always forestalls.
func (v *vet) forestalled(p *prop, before []tierProp, t *tier, name string) {
	const fix = "put the narrower condition first, or drop the tier"
	all := make([]*prop, len(before))
	for i, e := range before {
		all[i] = e.prop
		if v.logic.implies(p, e.prop) {
			v.report(VetUnreachableTier, Warning, t.src.Pos, name, fix,
				"no account can %s the tier `%s`: who meets its condition is in `%s` already", t.be(), t.name, e.name)
			return
		}
	}
	if len(before) > 1 && v.logic.implies(p, all...) {
		v.report(VetUnreachableTier, Warning, t.src.Pos, name, fix,
			"no account can %s the tier `%s`: who meets its condition is in one of the tiers before it already", t.be(), t.name)
	}
}

// spans says how far the numbers go that a condition reads.
func (v *vet) spans(n *cond.Node) string {
	var parts []string
	n.Walk(func(n *cond.Node) {
		if n.Op != cond.Metric {
			return
		}
		part := v.m.metricName(n.Slot)
		lo, hi := v.statics.env.MetricLow[n.Slot], v.statics.env.MetricHigh[n.Slot]
		switch {
		case math.IsInf(lo, -1) && math.IsInf(hi, 1):
			return
		case math.IsInf(hi, 1):
			part += " is at least " + numeral.Compact(lo)
		case math.IsInf(lo, -1):
			part += " is at most " + numeral.Compact(hi)
		default:
			part += fmt.Sprintf(" goes from %s to %s", numeral.Compact(lo), numeral.Compact(hi))
		}
		if !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	})
	if len(parts) == 0 {
		return ""
	}
	return "; " + strings.Join(parts, ", ")
}

// plays reports tiers of the main ladder without a play, or with that of
// another tier: a tier that changes nothing is no tier. That nothing is done
// about the accounts of one may well be meant.
func (v *vet) plays() {
	tiers := v.m.tiers
	if len(tiers) == 0 {
		return
	}
	const fix = "say what is done: `play targeting \"…\" motion \"…\" metric \"…\"`"
	if !slices.ContainsFunc(tiers, func(t tier) bool { return len(t.src.Plays) > 0 }) {
		v.report(VetNoPlays, Note, tiers[0].src.Pos, "tiers", fix, "no tier says what is done about its accounts")
		return
	}
	seen := map[string]string{}
	for i := range tiers {
		t := &tiers[i]
		if len(t.src.Plays) == 0 {
			v.report(VetNoPlays, Note, t.src.Pos, "tier "+t.name, fix, "the tier `%s` has no play", t.name)
			continue
		}
		plays := make([]string, len(t.src.Plays))
		for j, p := range t.src.Plays {
			plays[j] = fmt.Sprintf("%q %q %q", p.Targeting, p.Motion, p.Metric)
			if p.Targeting+p.Motion+p.Metric == "" {
				plays[j] = p.Name
			}
		}
		slices.Sort(plays)
		key := strings.Join(plays, "\n")
		if was, ok := seen[key]; ok {
			v.report(VetSamePlays, Warning, t.src.Pos, "tier "+t.name, "give it a play of its own, or join the two tiers",
				"the tiers `%s` and `%s` have the same plays", was, t.name)
			continue
		}
		seen[key] = t.name
	}
}
