package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
)

// Event is a trigger that fired between two results of an account.
type Event struct {
	AccountID string `json:"account_id"`
	Trigger   string `json:"trigger"` // its name
	On        string `json:"on"`      // tier, score, a dimension or a name of the rollup
	// BeforeTier and AfterTier are set where On is tier, Before and After
	// elsewhere.
	BeforeTier string  `json:"before_tier,omitempty"`
	AfterTier  string  `json:"after_tier,omitempty"`
	Before     float64 `json:"before"`
	After      float64 `json:"after"`
	// ModelChanged tells that the two results come from different models, so
	// that the change may be the model's and not the account's.
	ModelChanged bool `json:"model_changed,omitempty"`
}

// Changes gives the events that the ruleset's triggers see between two results
// of one account, in the order of the triggers. It is a pure function of the
// two. From a zero result only "tier rises to" fires. Tiers rank by their
// order in the ruleset; disqualified and none come last.
func (m *Model) Changes(prev, next Result) []Event {
	var events []Event
	for i := range m.rules.Triggers {
		t := &m.rules.Triggers[i]
		ev := Event{AccountID: next.AccountID, Trigger: t.Name, On: t.On}
		first := prev.ModelHash == "" && prev.At.IsZero()
		if t.On == "tier" {
			if !m.moved(t, prev.Tier, next.Tier) || first && t.Kind != dsl.RisesTo {
				continue
			}
			ev.BeforeTier, ev.AfterTier = prev.Tier, next.Tier
		} else {
			before, ok1 := prev.number(t.On)
			after, ok2 := next.number(t.On)
			if first || !ok1 || !ok2 || math.IsNaN(before) || math.IsNaN(after) || !crossed(t, micro.Of(before), micro.Of(after)) {
				continue
			}
			ev.Before, ev.After = before, after
		}
		ev.ModelChanged = !first && prev.ModelHash != next.ModelHash
		events = append(events, ev)
	}
	return events
}

func (m *Model) moved(t *dsl.Trigger, before, after string) bool {
	b, a := m.rankOf(before), m.rankOf(after)
	switch t.Kind {
	case dsl.Rises:
		return a < b
	case dsl.Falls:
		return a > b
	case dsl.RisesTo:
		return a < b && after == t.To
	}
	return a > b && after == t.To
}

func (m *Model) rankOf(name string) int {
	if i := slices.IndexFunc(m.tiers, func(t tier) bool { return t.name == name }); i >= 0 {
		return i
	}
	return len(m.tiers)
}

func crossed(t *dsl.Trigger, before, after micro.M) bool {
	by := micro.Of(t.By)
	switch t.Kind {
	case dsl.RisesBy:
		return after.Add(-before) >= by
	case dsl.FallsBy:
		return before.Add(-after) >= by
	}
	return before < by && after >= by
}

// number finds a number of the result by its name in the language.
func (r *Result) number(name string) (float64, bool) {
	switch name {
	case "score":
		return r.Score, true
	case "low":
		return r.Low, true
	case "high":
		return r.High, true
	case "unknown":
		return float64(r.Unknown), true
	case "invalid":
		return float64(r.Invalid), true
	case "contacts":
		return float64(r.Contacts), true
	case "engaged_contacts":
		return float64(r.Engaged), true
	case "senior_engaged":
		return float64(r.SeniorEngaged), true
	case "completeness":
		return r.Completeness, true
	}
	d, ok := r.Dimension(name)
	return d.Points, ok
}
