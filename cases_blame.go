package accountscore

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
)

// What a rule has to do with a failed expectation. Rules are listed in this
// order, those of one kind in the order of the ruleset.
const (
	blameAlone  = iota // another answer of this rule alone makes the difference
	blameOpen          // it has no answer, and could help
	blameHelp          // another answer goes the right way
	blameEarned        // it made the number what it is
	blameNone
)

// blame sorts the rules of an explanation by what they have to do with one
// failed expectation.
type blame struct {
	m *Model
	x *Explanation
	// missing is wanted less got. Where only the way is known, as between
	// tiers, it is not exact, and 0 where not even that is.
	missing float64
	exact   float64 // within which a difference is made; 0: never
	unknown bool    // the expectation counts the rules without an answer
	total   bool    // the expectation is of the published score
}

// blamed is a rule with what it has to do with the failure.
type blamed struct {
	kind int
	rule RuleExplanation
}

// responsible gives the rules that can explain why an expectation is not so,
// those first that explain it alone.
func (m *Model) responsible(x *Explanation, want *dsl.Expectation) []RuleExplanation {
	b := &blame{m: m, x: x}
	only := strings.TrimSuffix(want.Name, ".grade") // of a dimension
	contacts := false
	switch want.Name {
	case "contacts", "completeness", "invalid":
		return nil // no rule decides them
	case "engaged_contacts", "senior_engaged":
		contacts = true
	case "unknown":
		b.unknown = true
	case "score", "low", "high":
		b.total = true
	case "tier":
		b.missing = float64(cmpTier(m, want.Text, x.Result.Tier))
	}
	if want.Number != nil && !b.unknown {
		got, _ := x.Result.number(want.Name)
		b.missing = *want.Number - got
		switch {
		case want.Name == "score":
			b.exact = 0.5*math.Pow(10, -float64(m.decimals)) + micro.M(1).Float()
		case !contacts && want.Name != "low" && want.Name != "high":
			b.exact = 2 * micro.M(1).Float()
		}
	}
	ruled := want.Name == "tier" && (want.Text == Disqualified || x.Result.Tier == Disqualified) // points do not matter
	one := slices.ContainsFunc(x.Dimensions, func(d DimensionExplanation) bool { return d.Name == only })
	var list []blamed
	for i := range x.Dimensions {
		d := &x.Dimensions[i]
		if ruled || one && d.Name != only || contacts && d.Contacts == nil || b.total && d.Unscored {
			continue
		}
		list = b.dimension(list, i)
	}
	if b.unknown || want.Name == "tier" {
		list = b.disqualifiers(list, want.Text)
	}
	slices.SortStableFunc(list, func(a, b blamed) int { return a.kind - b.kind })
	rules := make([]RuleExplanation, 0, len(list))
	for _, r := range list {
		rules = append(rules, r.rule)
	}
	return rules
}

// cmpTier tells whether the wanted tier ranks above (1) or below (-1) the one
// that came out.
func cmpTier(m *Model, wanted, got string) int {
	rank := func(name string) int {
		for i := range m.tiers {
			if m.tiers[i].name == name {
				return len(m.tiers) - i
			}
		}
		return 0 // disqualified, or none
	}
	return sign(float64(rank(wanted) - rank(got)))
}

func sign(f float64) int {
	switch {
	case f > 0:
		return 1
	case f < 0:
		return -1
	}
	return 0
}

// dimension appends the rules of a dimension that have to do with it.
func (b *blame) dimension(list []blamed, i int) []blamed {
	x, d := &b.x.Dimensions[i], &b.m.dims[i]
	factor := 1.0 // of a point of the dimension in what is expected
	if x.OutOf > 0 && (!b.total || x.Weight != nil) {
		factor = 100 / x.OutOf
	}
	if b.total && x.Weight != nil {
		factor *= *x.Weight
	}
	groups := func(xs []GroupExplanation, gs []group, exact float64) {
		for g := range xs {
			for r := range xs[g].Rules {
				rule := &xs[g].Rules[r]
				if kind := b.kind(rule, &gs[g].rules[r], &xs[g], factor, exact); kind != blameNone {
					list = append(list, blamed{kind, *rule})
				}
			}
		}
	}
	groups(x.Groups, d.groups, b.exact)
	for k, s := range x.Scales {
		if s.State == StateUnknown {
			list = append(list, blamed{blameOpen, lineRule(fmt.Sprintf("%s scale %d", x.Name, k+1), s.Reason, s.Text, s.State, s.Tests)})
		}
	}
	if x.Contacts != nil {
		// What a contact's rule brings goes through decay, weight and rank.
		for c := range x.Contacts.Contacts {
			groups(x.Contacts.Contacts[c].Groups, d.contacts.groups, 0)
		}
	}
	return list
}

// disqualifiers appends those that made the tier what it is, or could.
func (b *blame) disqualifiers(list []blamed, wanted string) []blamed {
	for i, d := range b.x.Disqualify {
		kind := blameNone
		switch {
		case b.unknown:
			if d.State == StateUnknown {
				kind = blameOpen
			}
		case d.Decides:
			kind = blameAlone
		case wanted == Disqualified && d.State == StateUnknown:
			kind = blameOpen
		case wanted == Disqualified:
			kind = blameHelp
		}
		if kind != blameNone {
			list = append(list, blamed{kind, lineRule(fmt.Sprintf("disqualify %d", i+1), d.Reason, d.Text, d.State, d.Tests)})
		}
	}
	return list
}

// lineRule shows a line that is no rule as one, by the name that [Model.Fields]
// gives it.
func lineRule(name, reason, text string, state State, tests []TestExplanation) RuleExplanation {
	return RuleExplanation{ID: name, Reason: reason, Text: text, State: state, Tests: tests}
}

// kind tells what a rule has to do with the failure.
func (b *blame) kind(x *RuleExplanation, r *rule, g *GroupExplanation, factor, exact float64) int {
	if b.unknown {
		if x.State == StateUnknown {
			return blameOpen
		}
		return blameNone
	}
	now := x.Points
	if g.Kind == string(dsl.BestOf) || g.Kind == string(dsl.FirstOf) {
		now = g.Points // what the rule would stand in for
	}
	right := false
	for _, p := range r.answers() {
		delta := (p - now) * factor
		if exact > 0 && delta != 0 && math.Abs(delta-b.missing) <= exact {
			return blameAlone
		}
		right = right || delta != 0 && sign(delta) == sign(b.missing)
	}
	switch {
	case x.State == StateUnknown && (right || b.missing == 0):
		return blameOpen
	case right:
		return blameHelp
	case x.Points != 0:
		return blameEarned
	case x.State == StateUnknown:
		return blameEarned // it cannot help, and still has no answer
	}
	return blameNone
}

// answers gives the points that the rule can come to; of one that counts or
// multiplies, the least and the most.
func (r *rule) answers() []float64 {
	switch {
	case r.signal != nil && !r.signal.perValue && r.points > 0:
		return []float64{0, r.points.Float(), r.hi.Float()}
	case r.signal != nil && !r.signal.perValue:
		return []float64{r.lo.Float(), r.points.Float(), 0}
	case r.signal != nil, r.per != nil:
		return []float64{r.lo.Float(), 0, r.hi.Float()}
	case r.ramp != nil:
		return []float64{r.ramp.From, r.ramp.To, 0}
	case r.table != nil:
		points := []float64{0}
		for _, e := range r.table.entries {
			points = append(points, e.points.Float())
		}
		return points
	}
	return []float64{r.points.Float(), r.otherwise.Float()}
}
