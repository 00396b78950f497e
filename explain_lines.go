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
	w := cascade{paid: e.paid}
	e.pour(&w)
	if w.n == 0 {
		return nil
	}
	w.paid = e.paid[:w.groups]
	w.list = e.room.lines.take(w.n)[:0]
	e.pour(&w)
	return w.list
}

// cascade is a list of lines that are counted first.
type cascade struct {
	list   []Line
	n      int
	paid   []int32 // the groups with points; while they are counted, room for one more than all
	groups int     // how many these are
}

// count counts the groups from one to another that have points. Most lines are
// theirs, and it takes no branch that depends on the account.
func (w *cascade) count(points []span, from, to int) {
	n := w.groups
	for i := from; i < to; i++ {
		w.paid[n] = int32(i)
		n += ordinal(points[i].at != 0)
	}
	w.n, w.groups = w.n+n-w.groups, n
}

// takes tells whether there is to be a line of some points.
func (w *cascade) takes(points micro.M) bool {
	if points == 0 || w.list != nil {
		return points != 0
	}
	w.n++
	return false
}

func (w *cascade) add(l Line, points micro.M) {
	l.Points = points.Float()
	w.list = append(w.list, l)
}

func (e *explainer) pour(w *cascade) {
	m, s := e.m, e.s
	for i := range m.dims {
		d, o, g := &m.dims[i], &s.dims[i], &e.guide.dims[i]
		if d.unscored {
			continue
		}
		if w.list == nil {
			w.count(s.points, d.first, d.first+len(d.groups))
		} else {
			for ; len(w.paid) > 0 && int(w.paid[0]) < d.first+len(d.groups); w.paid = w.paid[1:] {
				at := int(w.paid[0])
				w.list = append(w.list, Line{})
				l := &w.list[len(w.list)-1]
				if j := at - d.first; g.lones[j].rule != nil {
					*l = e.guide.steps[at]
				} else {
					g.groups[j].line(l, d, s.winners[at])
				}
				l.Points = e.prepared.lines[at].Points
			}
		}
		if d.contacts != nil {
			for _, c := range s.order {
				if share := s.contacts[c].share; w.takes(share) {
					id := s.contactIDs[c]
					w.add(Line{Kind: LineContact, Dimension: d.name, Contact: id, Text: contactText(id)}, share)
				}
			}
			if rest := e.residual(); w.takes(rest) {
				w.add(Line{Kind: LineRounding, Dimension: d.name, Text: "rounding of the contacts' shares"}, rest)
			}
			if d.contacts.src.Bonus != nil && w.takes(s.rollup.bonus) {
				w.add(Line{Kind: LineBonus, Dimension: d.name, Text: "bonus " + g.bonus.Text}, s.rollup.bonus)
			}
		}
		at := o.sum.at
		for c := range d.scales {
			next := e.scaled(&d.scales[c], at)
			if w.takes(next - at) {
				w.add(Line{Kind: LineScale, Dimension: d.name, Text: g.scales[c].line}, next-at)
			}
			at = next
		}
		if clamped := o.points.at - o.scaled.at; w.takes(clamped) {
			w.add(Line{Kind: LineClamp, Dimension: d.name, Text: clampText(d.lo, d.hi, clamped)}, clamped)
		}
		if more := m.share(i, o).at - o.points.at; w.takes(more) {
			w.add(Line{Kind: LineWeight, Dimension: d.name, Text: g.weight}, more)
		}
	}
	held := s.total.at.Clamp(m.lo, m.hi)
	if clamped := held - s.total.at; w.takes(clamped) {
		w.add(Line{Kind: LineClamp, Text: clampText(m.lo, m.hi, clamped)}, clamped)
	}
	if rounded := s.score.at - held; w.takes(rounded) {
		w.add(Line{Kind: LineRounding, Text: e.guide.rounding}, rounded)
	}
}

// line is the line of a group, but for its points.
func (g *groupGuide) line(l *Line, d *dimension, winner int) {
	switch kind := dsl.GroupKind(g.base.Kind); {
	case kind == "":
		*l = g.rules[0].line
	case winner < 0: // of a sum none is
		*l = Line{Kind: LineGroup, Dimension: d.name, Text: g.text}
	default:
		*l = g.rules[winner].line
	}
}

func contactText(id string) string {
	if strings.TrimSpace(id) == "" {
		return "a contact without an id"
	}
	return "contact " + shorten(id, maxNameText)
}
