package accountscore

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
)

// Event is a trigger that fired between two results of an account. In JSON
// "before" and "after" are the tiers where "on" is tier, and numbers elsewhere.
type Event struct {
	AccountID string
	Trigger   string // its name
	On        string // tier, score, a dimension or a name of the rollup
	// BeforeTier and AfterTier are set where On is tier, Before and After
	// elsewhere.
	BeforeTier string
	AfterTier  string
	Before     float64
	After      float64
	// ModelChanged tells that the two results come from different models, so
	// that the change may be the model's and not the account's.
	ModelChanged bool
	// Causes are what is responsible, where explanations were compared, see
	// [Model.ChangesExplained].
	Causes []Cause
}

// eventJSON is the JSON of an event; V is a text or a number.
type eventJSON[V any] struct {
	AccountID    string  `json:"account_id"`
	Trigger      string  `json:"trigger"`
	On           string  `json:"on"`
	Before       V       `json:"before"`
	After        V       `json:"after"`
	ModelChanged bool    `json:"model_changed,omitempty"`
	Causes       []Cause `json:"causes,omitempty"`
}

// MarshalJSON writes {"account_id", "trigger", "on", "before", "after",
// "model_changed", "causes"}.
func (e Event) MarshalJSON() ([]byte, error) {
	if e.On == "tier" {
		return json.Marshal(eventJSON[string]{e.AccountID, e.Trigger, e.On, e.BeforeTier, e.AfterTier, e.ModelChanged, e.Causes})
	}
	return json.Marshal(eventJSON[float64]{e.AccountID, e.Trigger, e.On, e.Before, e.After, e.ModelChanged, e.Causes})
}

// UnmarshalJSON reads what [Event.MarshalJSON] writes.
func (e *Event) UnmarshalJSON(b []byte) error {
	var in eventJSON[json.RawMessage]
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	got := Event{AccountID: in.AccountID, Trigger: in.Trigger, On: in.On, ModelChanged: in.ModelChanged, Causes: in.Causes}
	ends := [2]any{&got.Before, &got.After}
	if in.On == "tier" {
		ends = [2]any{&got.BeforeTier, &got.AfterTier}
	}
	for i, raw := range []json.RawMessage{in.Before, in.After} {
		if raw == nil {
			continue
		}
		if err := json.Unmarshal(raw, ends[i]); err != nil {
			return fmt.Errorf("event %q on %s: %w", in.Trigger, in.On, err)
		}
	}
	*e = got
	return nil
}

// Changes gives the events that the ruleset's triggers see between two results
// of one account, in the order of the triggers. It is a pure function of the
// two. From a zero result only "tier rises to" fires. Tiers rank by their
// order in the ruleset; disqualified and none come last.
func (m *Model) Changes(prev, next Result) []Event {
	m = m.made()
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
