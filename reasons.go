package accountscore

import (
	"cmp"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
)

// Reason is one line of a scoring that earned less than its baseline, or more:
// why the score is what it is.
type Reason struct {
	// Code is what the ruleset declares for the rule that counted, else for
	// its group; else the rule's id, such as fit.size, or the group's name
	// behind that of its dimension. Of the contacts it is the dimension's name,
	// of a scale "fit scale 1". It stays as long as labels and names do.
	Code string `json:"code"`
	// Text is the reason that the ruleset shows to people, else of a table its
	// label, else what it says.
	Text string `json:"text"`
	// Missing says what the rule that counted has no value of, where it is
	// unknown or a table took its "missing" entry: "employees is expired".
	Missing   string  `json:"missing,omitempty"`
	Dimension string  `json:"dimension"`
	Rule      string  `json:"rule,omitempty"`  // the id of the rule that counted
	Group     string  `json:"group,omitempty"` // "first of", with the group's name
	State     State   `json:"state"`
	Points    float64 `json:"points"`   // what the line earned
	Baseline  float64 `json:"baseline"` // what it is compared with
	// Difference is how far Points are below the baseline, or above it where
	// the ruleset has "reasons above baseline". It is positive.
	Difference float64 `json:"difference"`
	// Impact is the difference in points of the score: through the scales that
	// apply, "out of" and the weight, before any clamp and rounding.
	Impact float64 `json:"impact"`
}

// Reasons gives the first n reasons, those with the most impact first and ties
// in the order of the ruleset; a negative n gives all. As in PMML scorecards a
// line gives a reason by its difference from a baseline, and only where that
// is above zero: points below the baseline, or above it where the ruleset has
// "reasons above baseline". A line is a rule, a group, the contacts, or a
// scale, whose baseline is that it changes nothing.
//
// A line that declares no baseline is compared with the most that it can earn,
// for reasons above with the least. Where nothing limits that, or limits it to
// no less than the 1,000,000 points of any rule, the line gives no reason. Nor
// do contacts without a most that some of them reach: those that no cap limits
// and that are not held by the dimension's max or "out of", nor ranked ones
// that are not. So do those of unscored dimensions.
func (x *Explanation) Reasons(n int) []Reason {
	x = x.made()
	var list []Reason
	for i := range x.Dimensions {
		list = x.dimensionReasons(list, &x.Dimensions[i])
	}
	slices.SortStableFunc(list, func(a, b Reason) int { return cmp.Compare(b.Impact, a.Impact) })
	if n >= 0 && n < len(list) {
		list = list[:n:n]
	}
	return list
}

func (x *Explanation) dimensionReasons(list []Reason, d *DimensionExplanation) []Reason {
	if d.Unscored {
		return list
	}
	add := func(r Reason, baseline *float64, scales []ScaleExplanation) {
		if baseline == nil {
			return
		}
		diff := micro.Of(*baseline) - micro.Of(r.Points)
		if x.risk() {
			diff = -diff
		}
		if impact := d.impact(diff, scales); diff > 0 && impact > 0 {
			r.Dimension, r.Baseline, r.Difference, r.Impact = d.Name, *baseline, diff.Float(), impact.Float()
			list = append(list, r)
		}
	}
	for i := range d.Groups {
		g := &d.Groups[i]
		add(g.reason(), g.Baseline, d.Scales)
	}
	if c := d.Contacts; c != nil {
		r := Reason{Code: d.Name, Text: "contacts", State: StateFailed, Points: d.Sum}
		if d.Sum != 0 {
			r.State = StateMatched
		}
		if d.Description != "" {
			r.Text = d.Description
		}
		add(r, c.Baseline, d.Scales)
	}
	for i := range d.Scales {
		s := &d.Scales[i]
		r := Reason{Code: scaleName(d.Name, i), Text: s.Reason, State: s.State, Points: s.Points}
		if r.Text == "" {
			r.Text = s.Text
		}
		add(r, new(float64), d.Scales[i+1:])
	}
	return list
}

// impact is what points of the dimension come to in the score.
func (d *DimensionExplanation) impact(p micro.M, scales []ScaleExplanation) micro.M {
	for i := range scales {
		if scales[i].State == StateMatched {
			p = p.Mul(micro.Of(scales[i].Factor))
		}
	}
	if d.Weight == nil {
		return p
	}
	if of := micro.Of(d.OutOf); of > 0 {
		p = p.MulDiv(100*micro.One, of)
	}
	return micro.Of(*d.Weight).Mul(p)
}

// reason tells of a line what does not depend on the baseline.
func (g *GroupExplanation) reason() Reason {
	r := Reason{Code: g.Code, Points: g.Points, State: StateFailed}
	counts := -1
	if g.Kind == "" {
		counts = min(0, len(g.Rules)-1)
	} else {
		r.Group = groupText(g.Kind, g.Name)
		counts = slices.IndexFunc(g.Rules, func(r RuleExplanation) bool { return r.ID == g.Winner })
	}
	if counts >= 0 {
		rule := &g.Rules[counts]
		r.Rule, r.State = rule.ID, rule.State
		r.Text, r.Missing = orElse(rule.Reason, rule.Text), missing(g.Rules[counts:counts+1])
		if rule.Reason == "" && rule.Label != "" && strings.HasSuffix(rule.Text, tableEnd) {
			r.Text = rule.Label
		}
		return r
	}
	if r.Text = g.Name; r.Text == "" {
		r.Text = r.Group
	}
	for i := range g.Rules {
		if s := g.Rules[i].State; s == StateMatched || r.State == StateFailed {
			r.State = s
		}
	}
	if r.State == StateUnknown {
		r.Missing = missing(g.Rules)
	}
	return r
}

// missing says what some rules have no value of, if that decided.
func missing(rules []RuleExplanation) string {
	var list []string
	for i := range rules {
		r := &rules[i]
		if r.State != StateUnknown && !strings.HasPrefix(r.Entry, string(dsl.KeyMissing)+": ") {
			continue
		}
		for j := range r.Tests {
			for _, s := range r.Tests[j].Seen {
				switch text := s.Name + " is " + string(s.State); s.State {
				case ValueUnset, ValueNull, ValueExpired, ValueInvalid, ValueUnknown:
					if !slices.Contains(list, text) {
						list = append(list, text)
					}
				}
			}
		}
	}
	return some(list, 0)
}

// told is the reason with what is missing.
func (r *Reason) told() string {
	if r.Missing == "" {
		return r.Text
	}
	return r.Text + ", " + r.Missing
}

// reasonGuide is what a line is as a reason.
type reasonGuide struct {
	code     string
	baseline *float64
}

// reasonGuides gives those of a dimension's own lines.
func (m *Model) reasonGuides(d *dimension, s *statics) []reasonGuide {
	list := make([]reasonGuide, len(d.groups))
	for i := range d.groups {
		g := &d.groups[i]
		src := g.rules[0].src
		code, baseline := src.Code, src.Baseline
		if g.src != nil {
			code, baseline = g.src.Code, g.src.Baseline
		}
		if code == "" {
			if code = g.rules[0].id; g.src != nil && g.src.Name != "" {
				code = d.name + "." + g.src.Name
			}
		}
		if baseline == nil {
			baseline = m.baseline(s.group(g))
		}
		list[i] = reasonGuide{code, baseline}
	}
	return list
}

// contactsBaseline is what the contacts of a dimension are compared with: the
// bound of the dimension, where they can reach it, else an end that some
// contacts do reach. That is not so where nothing but the width of the numbers
// limits one contact, nor of ranked contacts, whose sum an endless row of them
// nears.
func (m *Model) contactsBaseline(d *dimension, s *statics) *float64 {
	baseline := m.baseline(s.contacts.points.clamp(d.lo, d.hi))
	if baseline == nil || *baseline == 0 {
		return baseline
	}
	if end := micro.Of(*baseline); end == d.lo || end == d.hi {
		return baseline
	}
	if d.contacts.combine.Kind == dsl.Ranked || s.contacts.score.high >= maxContactScore {
		return nil
	}
	return baseline
}

// baseline is that of a line that declares none: an end of what it can earn,
// nil where nothing limits that.
func (m *Model) baseline(r reach) *float64 {
	end := r.high
	if m.rules.Reasons == dsl.ReasonsAbove {
		end = r.low
	}
	if end >= maxRulePoints || end <= -maxRulePoints {
		return nil
	}
	return new(end.Float())
}
