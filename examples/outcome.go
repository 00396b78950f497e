package examples

import "github.com/accountscore/accountscore"

// Outcome is what a golden file keeps of a result: all but the moment and the
// model's hash, so that it can be compared with the output of another engine.
type Outcome struct {
	Account       string            `json:"account"`
	Score         float64           `json:"score"`
	Low           float64           `json:"low"`
	High          float64           `json:"high"`
	Tier          string            `json:"tier,omitempty"`
	TierCertain   bool              `json:"tier_certain"`
	Reason        string            `json:"reason,omitempty"`
	Grade         string            `json:"grade,omitempty"`
	Dimensions    []DimensionResult `json:"dimensions"`
	Labels        []LabelResult     `json:"labels,omitempty"`
	Contacts      int               `json:"contacts,omitempty"`
	Engaged       int               `json:"engaged,omitempty"`
	SeniorEngaged int               `json:"senior_engaged,omitempty"`
	Completeness  float64           `json:"completeness,omitempty"`
	Unknown       int               `json:"unknown,omitempty"`
	Invalid       int               `json:"invalid,omitempty"`
}

// DimensionResult is one dimension of an [Outcome]: its shown points and their
// range.
type DimensionResult struct {
	Name   string  `json:"name"`
	Points float64 `json:"points"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// LabelResult is the answer of a further ladder, or one dimension's grade.
type LabelResult struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// OutcomeOf gives the outcome of a result.
func OutcomeOf(r accountscore.Result) Outcome {
	o := Outcome{
		Account: r.AccountID, Score: r.Score, Low: r.Low, High: r.High,
		Tier: r.Tier, TierCertain: r.TierCertain, Reason: r.Reason, Grade: r.Grade,
		Contacts: r.Contacts, Engaged: r.Engaged, SeniorEngaged: r.SeniorEngaged,
		Completeness: r.Completeness, Unknown: r.Unknown, Invalid: r.Invalid,
	}
	for _, d := range r.Dimensions {
		o.Dimensions = append(o.Dimensions, DimensionResult{Name: d.Name, Points: d.Points, Low: d.Low, High: d.High})
	}
	for _, l := range r.Labels {
		o.Labels = append(o.Labels, LabelResult{Name: l.Name, Value: l.Value})
	}
	return o
}
