package accountscore

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/accountscore/accountscore/internal/micro"
)

// ContributionKind says what a part of a change comes from.
type ContributionKind string

// The kinds of contribution, in the order in which they come.
const (
	FromTime           ContributionKind = "time"            // what passed by itself: decay, windows, staleness
	FromData           ContributionKind = "data"            // a field of the account
	FromActivity       ContributionKind = "activity"        // the account's own log
	FromContactJoined  ContributionKind = "contact joined"  // with all that is known of it
	FromContactChanged ContributionKind = "contact changed" // its fields, or its log
	FromContactLeft    ContributionKind = "contact left"
	FromModel          ContributionKind = "model"
	FromRounding       ContributionKind = "rounding" // of the two published scores
)

// Lapse says how time that passed changes a score by itself.
type Lapse string

// The lapses.
const (
	// LapseWindow: something left a window or came into one, or passed an age that
	// a test asks for. Its text counts the activities that a rule asks for in that
	// window, without those that the rule's filter leaves out.
	LapseWindow Lapse = "window"
	LapseDecay  Lapse = "decay"  // points fade with age: "half-life", "linear"
	LapseExpiry Lapse = "expiry" // a field became older than its "missing after"
)

// Contribution is one part of a change of score.
type Contribution struct {
	Kind     ContributionKind `json:"kind"`
	Lapse    Lapse            `json:"lapse,omitempty"`    // of time, where it belongs to something
	Field    string           `json:"field,omitempty"`    // its name in the ruleset
	Activity string           `json:"activity,omitempty"` // the type
	Contact  string           `json:"contact,omitempty"`  // the id
	Text     string           `json:"text"`
	Points   float64          `json:"points"`
}

// Attribution splits a change of score into what it comes from. It is plain
// data and marshals to stable JSON. A nil one answers as the zero one does.
type Attribution struct {
	AccountID string    `json:"account_id"`
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
	// Before, After and Change are of the published score.
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	Change float64 `json:"change"`
	// ModelChanged tells that the two scores come from different models.
	ModelChanged bool `json:"model_changed,omitempty"`
	// ReasonSide is that of the score after: where its reasons are above their
	// baseline, points are bad.
	ReasonSide ReasonSide `json:"reason_side,omitempty"`
	// Contributions sum to Change exactly, in millionths. What contributes
	// nothing is left out.
	Contributions []Contribution `json:"contributions,omitempty"`
}

// made gives the attribution, or the zero one for nil.
func (a *Attribution) made() *Attribution {
	if a == nil {
		return &Attribution{}
	}
	return a
}

// Total sums the contributions of some kinds.
func (a *Attribution) Total(kinds ...ContributionKind) float64 {
	var sum micro.M
	for _, c := range a.made().Contributions {
		if slices.Contains(kinds, c.Kind) {
			sum = sum.Add(micro.Of(c.Points))
		}
	}
	return sum.Float()
}

// Attribute splits the change of score between two explanations of one
// account, of one model or of two. Both must come from [Model.Explain]: their
// accounts are scored again, with some of one and the rest of the other, in
// three steps:
//
//  1. time: the account as it was, scored with the old model at the new moment.
//     That is what would have become of it had nothing happened. It is split by
//     what got older: a field that is a time or that expires, a type of
//     activity, a contact; what belongs to none of them, such as a date that a
//     rule names, is a line of its own. Activities and contacts are split
//     further, see [Lapse]: first windows and tests of age pass, with each
//     decay as it was before, then decay does its part. So what left a window
//     takes all that it brought, and what decay took is of that which still
//     counts. The other order would say that decay took points that the window
//     takes anyway.
//  2. data, activity and contacts: what changed in the account, still with the
//     old model. What a change does depends on those before it: of two that
//     exceed a cap the first takes all the room. So they are made one after the
//     other in all orders, and a contribution is the mean of its effects, its
//     Shapley value (L. S. Shapley, A Value for n-Person Games, 1953). So is
//     what time made older. Where that takes too long, of more than ten changes
//     or in a large account or model, a contribution is the mean of what the
//     change does as the first one made and as the last; what these means leave
//     over goes to those that do more, or less, first than last, in that
//     proportion. Both ways a change that acts on no other has what it does, and
//     equal changes have equal contributions, to a millionth.
//  3. model: the account as it is now, scored with the new model instead of the
//     old one. So is what only the new model reads.
//
// All of it is in points of the score before its rounding; what rounding adds
// to the difference of the two published scores is the last contribution. The
// tier that an account had before is no part of its score.
//
// An account with so many changes that trying each would take long has the
// last ones of a kind tried together.
func Attribute(before, after *Explanation) (*Attribution, error) {
	switch {
	case before == nil || after == nil:
		return nil, errors.New("accountscore: there is no explanation to attribute a change to")
	case before.subject == nil || after.subject == nil:
		return nil, errors.New("accountscore: an explanation that was not made by Model.Explain holds no account to score again")
	case before.subject.account.ID != after.subject.account.ID:
		return nil, fmt.Errorf("accountscore: the explanations are of two accounts, %.40q and %.40q", before.subject.account.ID, after.subject.account.ID)
	}
	from, to := before.subject.whole(), after.subject.whole()
	x := &Attribution{AccountID: to.account.ID, From: from.at, To: to.at, ModelChanged: from.model.hash != to.model.hash,
		ReasonSide: to.model.rules.Reasons}
	h := newHybrid(from, to)
	first, published := h.score()
	x.Before = published.Float()
	add := func(c Contribution, p micro.M) {
		if p != 0 {
			c.Points = p.Float()
			x.Contributions = append(x.Contributions, c)
		}
	}

	h.at = to.at
	aged, _ := h.score()
	h.passed(first, aged, add)

	h.each(h.changes(), aged, add)
	last, _ := h.score()
	h.model = to.model
	end, now := h.score()
	if end != last {
		add(Contribution{Kind: FromModel, Text: modelText(from.model, to.model) + h.changedRules(after)}, end-last)
	}
	x.After, x.Change = now.Float(), (now - published).Float()
	add(Contribution{Kind: FromRounding, Text: "rounding of the published scores"}, (now-published)-(end-first))
	return x, nil
}

func modelText(before, after *Model) string {
	name := func(m *Model) string {
		if m.hash == "" {
			return "none"
		}
		return strings.Join(strings.Fields(m.rules.Name+" "+m.rules.Version+" "+m.hash[:12]), " ")
	}
	return "from " + name(before) + " to " + name(after)
}

// maxChangedRules is how many lines a change of model names.
const maxChangedRules = 3

// changedRules names the lines whose points the new model makes others, the
// largest first.
func (h *hybrid) changedRules(after *Explanation) string {
	before := h.from.model.Explain(h.to.account, h.to.at)
	causes := pointCauses(before.parts(""), after.made().parts(""))
	causes = slices.DeleteFunc(causes, func(c Cause) bool { return c.Change == 0 })
	slices.SortStableFunc(causes, func(a, b Cause) int { return cmp.Compare(math.Abs(b.Change), math.Abs(a.Change)) })
	var list []string
	alike := map[string]int{}
	for _, c := range causes {
		alike[c.Text]++
	}
	for _, c := range causes[:min(len(causes), maxChangedRules)] {
		text := shorten(c.Text, maxRuleName)
		if alike[c.Text] > 1 && c.Dimension != "" {
			text = c.Dimension + ": " + text
		}
		list = append(list, text+" ("+points(c.Change)+")")
	}
	if len(list) == 0 {
		return ""
	}
	return ": " + some(list, len(causes)-len(list))
}

// hybrid is an account that has some of one account and the rest of another.
type hybrid struct {
	from, to *subject
	model    *Model
	at       time.Time
	account  Account
	logs     []sides[[]Activity]
	contacts []sides[*Contact]
	stale    bool // logs or contacts are newer than the account's
}

// sides is what one name stands for in the two accounts.
type sides[T any] struct {
	name   string
	of     [2]T // before and after
	chosen int
	held   bool // its decay is as it was before
}

func (s *sides[T]) set(after bool) {
	s.chosen = 0
	if after {
		s.chosen = 1
	}
}

func newHybrid(from, to *subject) *hybrid {
	h := &hybrid{from: from, to: to, model: from.model, at: from.at, account: from.account.clone()}
	if h.account.Fields == nil {
		h.account.Fields = map[string]any{}
	}
	if h.account.Refreshed == nil {
		h.account.Refreshed = map[string]time.Time{}
	}
	logs := map[string]int{}
	for side, s := range [...]*subject{from, to} {
		for _, a := range s.account.Activities {
			i, ok := logs[a.Type]
			if !ok {
				i = len(h.logs)
				logs[a.Type] = i
				h.logs = append(h.logs, sides[[]Activity]{name: a.Type})
			}
			h.logs[i].of[side] = append(h.logs[i].of[side], a)
		}
	}
	type nth struct {
		id string
		n  int
	}
	contacts := map[nth]int{}
	for side, s := range [...]*subject{from, to} {
		seen := map[string]int{}
		for i := range s.account.Contacts {
			c := &s.account.Contacts[i]
			key := nth{c.ID, seen[c.ID]}
			seen[c.ID]++
			at, ok := contacts[key]
			if !ok {
				at = len(h.contacts)
				contacts[key] = at
				h.contacts = append(h.contacts, sides[*Contact]{name: c.ID})
			}
			h.contacts[at].of[side] = c
		}
	}
	return h
}

// score gives the score before its rounding, and as it is published.
func (h *hybrid) score() (exact, published micro.M) {
	if h.stale {
		h.account.Activities, h.account.Contacts = h.account.Activities[:0:0], h.account.Contacts[:0:0]
		for i := range h.logs {
			h.account.Activities = append(h.account.Activities, h.logs[i].of[h.logs[i].chosen]...)
		}
		for i := range h.contacts {
			if c := h.contacts[i].of[h.contacts[i].chosen]; c != nil {
				h.account.Contacts = append(h.account.Contacts, *c)
			}
		}
		h.stale = false
	}
	m := h.model
	s := m.scratch()
	defer m.release(s)
	s.load(&h.account, h.at)
	h.hold(s)
	s.rollUp()
	s.conclude()
	// Far beyond any points that can be told apart as a float64.
	const most = 1 << 60
	return s.total.at.Clamp(m.lo, m.hi).Clamp(-most, most), s.score.at.Clamp(-most, most)
}
