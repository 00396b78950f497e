package accountscore

import (
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
)

// LineKind says what a line of an explanation is.
type LineKind string

// The kinds of line, in the order in which they come. A clamp and a rounding
// without a dimension are the total's.
const (
	LineRule     LineKind = "rule"     // a rule's points
	LineGroup    LineKind = "group"    // a group's points
	LineContact  LineKind = "contact"  // a contact's share
	LineRounding LineKind = "rounding" // what one rounding differs from several, or the published digits
	LineBonus    LineKind = "bonus"    // the multi-thread bonus
	LineScale    LineKind = "scale"    // what a scale changed
	LineClamp    LineKind = "clamp"    // what max, min and "out of" took or added
	LineWeight   LineKind = "weight"   // from a dimension's points to its share of the score
)

// Line is one step on the way to the published score.
type Line struct {
	Kind      LineKind `json:"kind"`
	Dimension string   `json:"dimension,omitempty"`
	Rule      string   `json:"rule,omitempty"`    // a rule's id; of a group, that of the rule that counted
	Contact   string   `json:"contact,omitempty"` // a contact's id
	Text      string   `json:"text"`
	Points    float64  `json:"points"`
}

// lines is the waterfall. Every line but a rule's, a group's, a contact's and
// the bonus is a difference of two results of the scoring, so that the sum is
// the score by construction as long as these lines are complete.
func (e *explainer) lines() []Line {
	m, s := e.m, e.s
	list := make([]Line, 0, e.guide.own.groups+len(s.order)+4*len(m.dims)+2)
	// The words of a line are made where it changes something.
	add := func(points micro.M, line func() Line) {
		if points != 0 {
			l := line()
			l.Points = points.Float()
			list = append(list, l)
		}
	}
	place := 0
	for i := range m.dims {
		d, o := &m.dims[i], &s.dims[i]
		first := place
		place += len(d.groups)
		if d.unscored {
			continue
		}
		for g := range d.groups {
			add(s.points[first+g].at, func() Line { return e.groupLine(d, &d.groups[g], e.guide.dims[i].groups[g], s.winners[first+g]) })
		}
		if d.contacts != nil {
			for _, c := range s.order {
				id := s.contactIDs[c]
				add(s.contacts[c].share, func() Line { return Line{Kind: LineContact, Dimension: d.name, Contact: id, Text: contactText(id)} })
			}
			add(e.residual(), func() Line {
				return Line{Kind: LineRounding, Dimension: d.name, Text: "rounding of the contacts' shares"}
			})
			if d.contacts.src.Bonus != nil {
				add(s.rollup.bonus, func() Line { return Line{Kind: LineBonus, Dimension: d.name, Text: "bonus " + e.guide.bonus} })
			}
		}
		at := o.sum.at
		for c := range d.scales {
			next := e.scaled(&d.scales[c], at)
			add(next-at, func() Line {
				text := d.scales[c].src.Reason
				if text == "" {
					text = e.guide.dims[i].scales[c].text
				}
				return Line{Kind: LineScale, Dimension: d.name, Text: "scale " + percent(d.scales[c].factor) + ": " + text}
			})
			at = next
		}
		cut := o.points.at - o.scaled.at
		add(cut, func() Line { return Line{Kind: LineClamp, Dimension: d.name, Text: clampText(d.lo, d.hi, cut)} })
		add(m.share(i, o).at-o.points.at, func() Line { return Line{Kind: LineWeight, Dimension: d.name, Text: e.guide.dims[i].weight} })
	}
	clamped := s.total.at.Clamp(m.lo, m.hi)
	add(clamped-s.total.at, func() Line { return Line{Kind: LineClamp, Text: clampText(m.lo, m.hi, clamped-s.total.at)} })
	add(s.score.at-clamped, func() Line { return Line{Kind: LineRounding, Text: roundText(m.decimals)} })
	if len(list) == 0 {
		return nil
	}
	return list
}

func contactText(id string) string {
	if strings.TrimSpace(id) == "" {
		return "a contact without an id"
	}
	return "contact " + id
}

func (e *explainer) groupLine(d *dimension, g *group, guides []ruleGuide, winner int) Line {
	l := Line{Kind: LineRule, Dimension: d.name}
	counts := 0
	switch {
	case g.kind == "":
	case g.kind == dsl.SumOf || winner < 0:
		l.Kind, l.Text = LineGroup, groupText(string(g.kind), g.src.Name)
		return l
	default:
		l.Kind, counts = LineGroup, winner
	}
	r := &g.rules[counts]
	if l.Rule, l.Text = r.id, r.src.Reason; l.Text == "" {
		l.Text = guides[counts].text
	}
	return l
}
