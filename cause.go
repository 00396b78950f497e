package accountscore

import (
	"cmp"
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
)

// Cause is a part of a scoring that changed, and what a trigger saw with it.
type Cause struct {
	// Rule is a rule's id, "fit scale 1" or "disqualify 1"; of a group of which
	// one counts, the rule that counts now, else the one that did. Each rule of
	// a "sum of" is a cause by itself.
	Rule    string `json:"rule,omitempty"`
	Contact string `json:"contact,omitempty"` // a contact's id
	// Field is one that a tier's condition reads itself. Text says how it
	// changed, as it does of anything else that a condition reads and that is
	// neither a rule nor a contact, such as "count(webinar, 60d) from 0 to 2".
	Field     string `json:"field,omitempty"`
	Dimension string `json:"dimension,omitempty"`
	Text      string `json:"text"`
	// BeforeState and AfterState are a rule's, empty where it was not there.
	BeforeState State `json:"before_state,omitempty"`
	AfterState  State `json:"after_state,omitempty"`
	// Before and After are the points of the rule, the group, the bonus or the
	// contact's share.
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	// Change is what that is in points of what the trigger is on: of the
	// dimension as it is shown, for an unscored dimension that a tier reads of
	// that, else of the score. What a scale makes of a rule is the scale's, and
	// what a cap or a floor takes or adds is a cause of its own, so that together
	// the causes are the change before the published score's rounding, within
	// the millionths that each is rounded to. For the counts of contacts it is
	// 1 or -1.
	Change float64 `json:"change"`
}

// ChangesExplained is [Model.Changes] for explanations: each event names its
// causes. They are the rules, groups, scales, caps and contacts whose points
// are others than before; for a count of contacts the contacts that came, left, or
// crossed the engaged threshold, for the completeness those that came to fill a
// role of the committee or no longer do, and roles that want another number. For the tier they are each disqualification
// that came or went, and of the conditions' tests that have another answer all
// that those read: the score, a dimension, an unscored one too, a count of
// contacts, a field. Those that went the way of the event come first, the
// largest change first, ties in the order of the ruleset. What is compared are
// names: with a change of model, a rule that has another label is one that
// left and one that came. A nil prev is the zero result.
func (m *Model) ChangesExplained(prev, next *Explanation) []Event {
	if next == nil {
		return nil
	}
	if prev == nil {
		prev = &Explanation{}
	}
	events := m.Changes(prev.Result, next.Result)
	for i := range events {
		ev := &events[i]
		var list []Cause
		switch ev.On {
		case "contacts", "engaged_contacts", "senior_engaged", "completeness":
			list = contactCauses(ev.On, prev.contacts(), next.contacts())
		case "tier":
			list = m.tierCauses(prev, next)
		case "score":
			list = pointCauses(prev.parts(""), next.parts(""))
		default:
			list = pointCauses(prev.parts(ev.On), next.parts(ev.On))
		}
		way := 1.0
		if m.rankOf(ev.AfterTier) > m.rankOf(ev.BeforeTier) || ev.After < ev.Before {
			way = -1
		}
		slices.SortStableFunc(list, func(a, b Cause) int { return cmp.Compare(b.rank(way), a.rank(way)) })
		ev.Causes = list
	}
	return events
}

// rank orders causes: disqualifications, which are listed first, and what
// conditions read themselves, then by size those of the event's way, then the
// others.
func (c *Cause) rank(way float64) float64 {
	switch {
	case c.Dimension == "" && c.Change == 0:
		return math.MaxFloat64
	case c.Change*way > 0:
		return math.Abs(c.Change)
	}
	return -1 / (1 + math.Abs(c.Change))
}

// part is a line of a scoring by a name that outlasts the scoring.
type part struct {
	name   string
	cause  Cause // as it is: After and AfterState, no Before
	impact micro.M
}

// parts lists the lines of one dimension, or with no name those of the score.
func (x *Explanation) parts(dimension string) []part {
	var list []part
	for i := range x.Dimensions {
		d := &x.Dimensions[i]
		if dimension != d.Name && (dimension != "" || d.Unscored) {
			continue
		}
		add := func(name string, c Cause) {
			shown := *d
			if dimension != "" {
				shown.Weight = new(1.0) // as it is shown
			}
			c.Dimension = d.Name
			list = append(list, part{d.Name + " " + name, c, shown.impact(micro.Of(c.After), nil)})
		}
		for j := range d.Groups {
			g := &d.Groups[j]
			if g.Kind == string(dsl.SumOf) {
				// Each rule of a sum counts by itself.
				for k := range g.Rules {
					r := &g.Rules[k]
					add(r.ID, Cause{Rule: r.ID, Text: orElse(r.Reason, r.Text), AfterState: r.State, After: r.Points})
				}
				if g.Clamped != 0 {
					text := groupText(g.Kind, g.Name)
					add("clamp "+text, Cause{Text: text + ": " + clampWords(g.Clamped, g.Min, g.Max), After: g.Clamped})
				}
				continue
			}
			name, r := "group "+g.Name, g.reason()
			if g.Name == "" && len(g.Rules) > 0 {
				name = g.Rules[0].ID
			}
			add(name, Cause{Rule: r.Rule, Text: r.Text, AfterState: r.State, After: g.Points})
		}
		if c := d.Contacts; c != nil {
			for j := range c.Contacts {
				k := &c.Contacts[j]
				add("contact "+k.ID, Cause{Contact: k.ID, Text: contactText(k.ID), After: k.Share})
			}
			if c.Bonus != nil {
				add("bonus", Cause{Text: "bonus " + c.Bonus.Text, After: c.Bonus.Points})
			}
		}
		for j := range d.Scales {
			s := &d.Scales[j]
			text := s.Reason
			if text == "" {
				text = s.Text
			}
			add("scale "+s.Text, Cause{Rule: scaleName(d.Name, j), Text: text, AfterState: s.State, After: s.Points})
		}
		if d.Clamped != 0 {
			add("clamp", Cause{Text: d.Name + ": " + clampWords(d.Clamped, d.Min, d.Max), After: d.Clamped})
		}
	}
	if t := &x.Total; dimension == "" && t.Clamped != 0 {
		c := Cause{Text: "score: " + clampWords(t.Clamped, t.Min, t.Max), After: t.Clamped}
		list = append(list, part{"clamp", c, micro.Of(t.Clamped)})
	}
	return list
}

// pointCauses compares lines: those of next in their order, then those that
// are gone.
func pointCauses(prev, next []part) []Cause {
	before := map[string][]*part{} // several of one name pair up in order
	for i := range prev {
		before[prev[i].name] = append(before[prev[i].name], &prev[i])
	}
	var list []Cause
	for i := range next {
		c, was := next[i].cause, micro.M(0)
		if same := before[next[i].name]; len(same) > 0 {
			c.Before, c.BeforeState, was = same[0].cause.After, same[0].cause.AfterState, same[0].impact
			if c.Rule == "" {
				c.Rule = same[0].cause.Rule
			}
			before[next[i].name] = same[1:]
		}
		if c.Change = (next[i].impact - was).Float(); c.Change != 0 || c.Before != c.After {
			list = append(list, c)
		}
	}
	for i := range prev {
		if same := before[prev[i].name]; len(same) > 0 && same[0] == &prev[i] {
			before[prev[i].name] = same[1:]
			c := prev[i].cause
			c.Before, c.BeforeState, c.After, c.AfterState = c.After, c.AfterState, 0, ""
			if c.Change = (-prev[i].impact).Float(); c.Before != 0 {
				list = append(list, c)
			}
		}
	}
	return list
}

func disqualifyCauses(prev, next *Explanation) []Cause {
	states := func(x *Explanation, i int) State {
		if i < len(x.Disqualify) {
			return x.Disqualify[i].State
		}
		return ""
	}
	var list []Cause
	for i := range max(len(prev.Disqualify), len(next.Disqualify)) {
		was, is := states(prev, i), states(next, i)
		if (was == StateMatched) == (is == StateMatched) {
			continue
		}
		x := next
		if is == "" {
			x = prev
		}
		c := Cause{Rule: disqualifierName(i), Text: x.Disqualify[i].Reason, BeforeState: was, AfterState: is}
		if c.Text == "" {
			c.Text = x.Disqualify[i].Text
		}
		list = append(list, c)
	}
	return list
}
