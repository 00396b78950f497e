package accountscore

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// ContactsExplanation says what a dimension takes from the contacts:
// Combined, plus the bonus, is what they bring to its sum.
type ContactsExplanation struct {
	Combine  string               `json:"combine"`            // "ranked 0.8"
	Contacts []ContactExplanation `json:"contacts,omitempty"` // by rank
	Combined float64              `json:"combined"`
	// Rounding is what Combined, which is rounded once, differs from the sum of
	// the contacts' shares, each rounded by itself.
	Rounding float64 `json:"rounding,omitempty"`
	// Threshold is the score from which a contact is engaged.
	Threshold  float64 `json:"threshold"`
	DistinctBy string  `json:"distinct_by,omitempty"`
	// Engaged counts the engaged contacts, or their distinct values.
	Engaged       int               `json:"engaged"`
	SeniorEngaged int               `json:"senior_engaged"`
	Bonus         *BonusExplanation `json:"bonus,omitempty"`
	// Completeness of the committee, 0–100, with its Roles.
	Completeness float64           `json:"completeness"`
	Roles        []RoleExplanation `json:"roles,omitempty"`
	// Baseline is what the contacts are compared with as a reason: the most
	// that they can come to within the dimension, nil where nothing limits it.
	Baseline *float64 `json:"baseline,omitempty"`
}

// ContactExplanation is one contact: (Base × Decay + Activity), plus Clamped,
// is Score; Weight × Score is Weighted.
type ContactExplanation struct {
	ID       string  `json:"id"`
	Rank     int     `json:"rank"`
	Scored   float64 `json:"scored,omitempty"` // what the score formula gives
	Base     float64 `json:"base"`             // Scored and the rules
	AgeDays  int64   `json:"age_days,omitempty"`
	Undated  bool    `json:"undated,omitempty"`  // its date is missing: it has no age, and nothing is left
	Decay    float64 `json:"decay"`              // what its age leaves: 0.5 is half
	Activity float64 `json:"activity,omitempty"` // the each lines, which decay by themselves
	Clamped  float64 `json:"clamped,omitempty"`  // what the floor of 0 and the cap changed
	Score    float64 `json:"score"`
	Weight   float64 `json:"weight"`
	// WeightEntry is the entry of the weight's table that held: "vp: 1.5".
	WeightEntry string  `json:"weight_entry,omitempty"`
	Weighted    float64 `json:"weighted"`
	// RankFactor is what "ranked" multiplies Weighted by.
	RankFactor *float64 `json:"rank_factor,omitempty"`
	Share      float64  `json:"share"` // what it brings to Combined
	Engaged    bool     `json:"engaged"`
	// Engagement tells how far its score is from where a contact is engaged.
	Engagement Distance `json:"engagement"`
	// SameAs is the rank of the engaged contact that it counts as one with,
	// where engaged contacts are told apart by a value.
	SameAs int `json:"same_as,omitempty"`
	// Role is the committee's role that it counts for. Where the committee counts
	// engaged contacts, one that is not engaged counts for none.
	Role string `json:"role,omitempty"`
	// Seen are the values that its score, date and weight were made of.
	Seen   []Seen             `json:"seen,omitempty"`
	Groups []GroupExplanation `json:"groups,omitempty"` // the block's rules for it
	// Notes say what was missing, and why it is not engaged.
	Notes []string `json:"notes,omitempty"`
}

// BonusExplanation is the multi-thread bonus.
type BonusExplanation struct {
	Text    string  `json:"text"`
	Engaged int     `json:"engaged"`
	Rate    float64 `json:"rate,omitempty"` // of Combined, where the bonus is a curve
	Points  float64 `json:"points"`
}

// RoleExplanation is one role of the committee.
type RoleExplanation struct {
	Name string `json:"name"`
	Need int    `json:"need"`
	Have int    `json:"have"`
}

// guide is what the explanations of contacts have in common.
func (r *rollup) guide() ContactsExplanation {
	x := ContactsExplanation{Combine: combineText(&r.combine), Threshold: r.engaged.Float()}
	if r.src.Engaged != nil {
		x.DistinctBy = r.src.Engaged.DistinctBy
	}
	return x
}

func (e *explainer) contacts(r *rollup, guide *dimensionGuide) *ContactsExplanation {
	s := e.s
	x := new(guide.contacts)
	x.Baseline = e.room.own(x.Baseline)
	x.Combined, x.Engaged, x.SeniorEngaged = s.rollup.points.Float(), s.rollup.threads, s.rollup.senior
	x.Completeness = s.rollup.completeness.Float()
	if r.src.Bonus != nil {
		x.Bonus = new(guide.bonus)
		x.Bonus.Engaged, x.Bonus.Points = s.rollup.threads, s.rollup.bonus.Float()
		if r.bonus != nil {
			x.Bonus.Rate = r.bonus[min(s.rollup.threads, len(r.bonus)-1)].Float()
		}
	}
	for i, role := range r.roles {
		x.Roles = append(x.Roles, RoleExplanation{role.Name, role.Need, s.roleCounts[i]})
	}
	if len(s.order) > 0 {
		x.Contacts = e.room.contacts.take(len(s.order))
	}
	var first map[string]int // the rank of each distinct value
	var room []byte
	if r.distinct >= 0 {
		first = map[string]int{}
	}
	for rank, i := range s.order {
		k := &x.Contacts[rank]
		e.contact(k, r, guide, rank, i)
		if first == nil || !k.Engaged {
			continue
		}
		key := r.key(&s.m.contactFields[r.distinct], &s.env.Contacts[r.distinct], &room)
		if k.SameAs = first[key]; k.SameAs == 0 {
			first[key] = k.Rank
			continue
		}
		k.Notes = append(k.Notes, fmt.Sprintf("counts as one with #%d: the same %s", k.SameAs, r.src.Engaged.DistinctBy))
	}
	s.closeContacts()
	x.Rounding = e.residual().Float()
	return x
}

// residual is what the combined contacts differ from the sum of their shares.
func (e *explainer) residual() micro.M {
	left := e.s.rollup.points
	for i := range e.s.contacts {
		left -= e.s.contacts[i].share
	}
	return left
}

func (e *explainer) contact(x *ContactExplanation, r *rollup, guide *dimensionGuide, rank, i int) {
	s := e.s
	c := &s.contacts[i]
	s.loadContact(i)
	*x = ContactExplanation{
		ID: s.contactIDs[i], Rank: rank + 1, Base: c.base.Float(), AgeDays: c.age, Undated: c.undated, Decay: c.factor.Float(), Activity: c.signals.Float(),
		Clamped: (c.score - c.raw).Float(), Score: c.score.Float(), Weight: c.weight.Float(), Weighted: c.weighted.Float(),
		Share: c.share.Float(), Engaged: c.engaged,
	}
	if r.score != nil && !c.unscored {
		scored, _ := r.score.Number(&s.env)
		x.Scored = micro.Of(scored).Float()
	}
	x.Engagement = Distance{Value: x.Score, Bound: AtLeast, Needed: r.engaged.Float(), Margin: (c.score - r.engaged).Float()}
	if r.weightOf != nil {
		if entry, _ := r.weightEntry(&s.env); entry >= 0 {
			x.WeightEntry = e.guide.weights[entry]
		}
	}
	if r.role >= 0 && (c.engaged || r.assigned) {
		if at := r.roleOf(&s.m.contactFields[r.role], &s.env.Contacts[r.role]); at >= 0 {
			x.Role = r.roles[at].Name
		}
	}
	x.Seen, _ = e.seen(e.guide.contact)
	if r.combine.Kind == dsl.Ranked {
		x.RankFactor = e.room.bounds.one()
		*x.RankFactor = r.rank(rank).Float()
	}
	undecided := 0
	if len(r.groups) > 0 {
		x.Groups = e.room.groups.take(len(r.groups))
	}
	for g := range r.groups {
		gr := &r.groups[g]
		outs := s.contactOuts[gr.index : gr.index+len(gr.rules)]
		points, winner := gr.eval(&s.env, s, outs)
		e.group(&x.Groups[g], gr, &guide.groups[g], outs, points, winner)
		for _, rule := range x.Groups[g].Rules {
			if rule.Signal != nil && rule.Signal.Excluded != nil {
				undecided += rule.Signal.Excluded.Undecided
			}
		}
	}
	x.Notes = e.contactNotes(r, c, undecided)
}

// contactNotes says what was missing of the current contact, and why it is
// not engaged.
func (e *explainer) contactNotes(r *rollup, c *contactOutcome, undecided int) []string {
	var notes []string
	note := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	if c.unscored {
		if lack := e.lacking(r.score); lack != "" {
			note("no score: %s", lack)
		} else {
			note("its score cannot be used")
		}
	}
	if c.undated {
		note("no date: %s", e.lacking(r.sinceNode(e.m)))
	} else if r.since >= 0 && c.factor == 0 {
		since := &e.s.env.Contacts[r.since]
		name := e.m.contactFields[r.since].Name
		switch {
		case since.Time > e.s.env.At:
			note("%s is in the future", name)
		case r.within > 0 && e.s.env.At-since.Time > r.within:
			note("%s is longer ago than %s", name, durationText(r.src.Decay.Within))
		default:
			note("%s is so long ago that nothing is left", name)
		}
	}
	if c.unweighted {
		if lack := e.lacking(r.weightOf); lack != "" {
			note("%s: weighs %s", lack, figure(c.weight.Float()))
		} else {
			note("no entry for its %s: weighs %s", nodeText(r.weightOf), figure(c.weight.Float()))
		}
	}
	if c.raw > r.cap {
		note("%s lost to the cap of %s", figure((c.raw - r.cap).Float()), figure(r.cap.Float()))
	} else if c.raw < 0 {
		note("%s is below the floor of 0", figure(c.raw.Float()))
	}
	if undecided > 0 {
		note("%s not counted: the filter has no answer", counted(undecided, "activity", "activities"))
	}
	if !c.engaged {
		note("not engaged: %s is below %s", figure(c.score.Float()), figure(r.engaged.Float()))
	}
	return notes
}

// sinceNode is the field that the decay goes by.
func (r *rollup) sinceNode(m *Model) *cond.Node {
	f := &m.contactFields[r.since]
	return &cond.Node{Op: cond.Field, Type: f.typ, Space: cond.Contact, Slot: r.since, Src: f.Name}
}

// lacking names what is missing of the values that a node reads, such as
// "lead_score is null".
func (e *explainer) lacking(n *cond.Node) string {
	var lacks []string
	n.Walk(func(n *cond.Node) {
		if n.Op != cond.Field || n.Space != cond.Contact {
			return
		}
		if s := e.s.env.Contacts[n.Slot].State; s.Missing() {
			lacks = append(lacks, nodeText(n)+" is "+string(valueStates[s]))
		}
	})
	slices.Sort(lacks)
	return strings.Join(slices.Compact(lacks), ", ")
}
