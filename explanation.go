package accountscore

import (
	"time"

	"github.com/accountscore/accountscore/dsl"
)

// Explanation says how a score came about: every rule with its state, what
// each step took or added, what is missing and what it could bring. It is
// plain data and marshals to stable JSON; points are exact to the millionth.
// It shares no memory that may change with the account, the model or another
// explanation; within it, tests of one field may share what they saw. It is
// not safe for concurrent change; reading it is. A nil one answers as the zero
// one does.
type Explanation struct {
	AccountID string    `json:"account_id"`
	At        time.Time `json:"at"`
	Ruleset   string    `json:"ruleset,omitempty"`
	Version   string    `json:"version,omitempty"`
	ModelHash string    `json:"model_hash"`
	// Result is what [Model.Score] gives.
	Result Result `json:"result"`
	// Lines is the way from zero to the published score, step by step. Their
	// points sum to Result.Score exactly. Steps that change nothing are left
	// out.
	Lines      []Line                  `json:"lines,omitempty"`
	Dimensions []DimensionExplanation  `json:"dimensions,omitempty"`
	Total      TotalExplanation        `json:"total"`
	Disqualify []DisqualifyExplanation `json:"disqualify,omitempty"`
	Grades     []GradeExplanation      `json:"grades,omitempty"`
	Tiers      []TierExplanation       `json:"tiers,omitempty"`
	Ladders    []LadderExplanation     `json:"ladders,omitempty"`
	// Missing are the account's fields that the model reads and that have no
	// value to use, in order of declaration; Stale are those that have one
	// that is older than it should be.
	Missing []FieldNote `json:"missing,omitempty"`
	Stale   []FieldNote `json:"stale,omitempty"`
	// Invalid are the values that could not be used, of contacts and
	// activities too.
	Invalid []InvalidValue `json:"invalid,omitempty"`
	// ReasonSide says which lines [Explanation.Reasons] gives; empty is below.
	ReasonSide ReasonSide `json:"reason_side,omitempty"`

	subject *subject     // nil where it was not made by [Model.Explain]
	room    *explainRoom // of [Model.ExplainInto]
	aim     *aim         // of [Explanation.Towards]
}

// made gives the explanation, or the zero one for nil.
func (x *Explanation) made() *Explanation {
	if x == nil {
		return &Explanation{}
	}
	return x
}

// State says what came of a rule or a test.
type State string

// The states of rules and tests.
const (
	StateMatched State = "matched" // it is true
	StateFailed  State = "failed"  // it is false
	StateUnknown State = "unknown" // it has no answer for want of data
)

// ValueState says what is known of a value.
type ValueState string

// The states of values. The first three can be used; those of missing fields
// follow.
const (
	ValueKnown   ValueState = "known"
	ValueStale   ValueState = "stale"   // used, but older than "stale after"
	ValueDefault ValueState = "default" // missing; its field's default stands in
	ValueUnset   ValueState = "unset"   // never mapped
	ValueNull    ValueState = "null"    // mapped, but empty
	ValueExpired ValueState = "expired" // older than "missing after"
	ValueInvalid ValueState = "invalid" // it could not be used
	ValueUnknown ValueState = "unknown" // computed from what is missing
	ValueNever   ValueState = "never"   // days since an activity that never was
)

// Seen is one value that a test read.
type Seen struct {
	// Name is a field, a let, a dimension, or what was worked out, such as
	// "count(webinar, 60d)".
	Name string `json:"name"`
	// Value is null where there is none. A long text or list is cut.
	Value dsl.Value  `json:"value"`
	State ValueState `json:"state"`
	// Excluded are the activities that a question to the log passed over.
	Excluded *Excluded `json:"excluded,omitempty"`
	// Failed says why there is no answer although the data has values: the
	// error or panic of a function of the caller's, a number of it that is not
	// finite, or a divisor that is zero.
	Failed string `json:"failed,omitempty"`
}

// Excluded counts the activities of a type that did not count, by the first
// reason that holds of each.
type Excluded struct {
	Contacts  int `json:"contacts,omitempty"`  // they are contacts', where the account's own alone count
	Future    int `json:"future,omitempty"`    // they lie after the moment
	Outside   int `json:"outside,omitempty"`   // they lie before the window
	Filtered  int `json:"filtered,omitempty"`  // the filter is false
	Undecided int `json:"undecided,omitempty"` // the filter has no answer
	Older     int `json:"older,omitempty"`     // of "latest": a newer one counts
}

// Bound says on which side of a number a test holds.
type Bound string

// The bounds.
const (
	AtLeast  Bound = "at least"
	MoreThan Bound = "more than"
	AtMost   Bound = "at most"
	LessThan Bound = "less than"
	Exactly  Bound = "exactly"
)

// Distance tells how far a number is from where a test turns.
type Distance struct {
	// Unit is "days" where the number is the age of a time, and else empty.
	Unit   string  `json:"unit,omitempty"`
	Value  float64 `json:"value"`
	Bound  Bound   `json:"bound"`
	Needed float64 `json:"needed"`
	// Margin is how much room is left, and where it is negative how much is
	// short. At zero the bound decides.
	Margin float64 `json:"margin"`
}

// TestExplanation is one test of a condition.
type TestExplanation struct {
	Text  string `json:"text"`
	State State  `json:"state"`
	Seen  []Seen `json:"seen,omitempty"`
	// Cut tells that it read more values than Seen holds. Those without a value
	// come first then.
	Cut bool `json:"cut,omitempty"`
	// Needed says what would make it hold, where it does not: "at least 1,000",
	// "one of [Health, Energy]".
	Needed   string    `json:"needed,omitempty"`
	Distance *Distance `json:"distance,omitempty"` // of a test of numbers, or of a time within a window
}

// RuleExplanation is one rule.
type RuleExplanation struct {
	// ID is dimension.label, or dimension.3 for the third rule without one.
	ID     string  `json:"id"`
	Label  string  `json:"label,omitempty"`
	Reason string  `json:"reason,omitempty"` // what the ruleset shows to people
	Text   string  `json:"text"`             // what the ruleset says
	State  State   `json:"state"`
	Points float64 `json:"points"`
	// Low and High are the least and the most that the rule could earn by
	// itself, whatever the missing fields turn out to be.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// Clamped is what the rule's own max and min changed: -3 are three points
	// lost to the max.
	Clamped float64 `json:"clamped,omitempty"`
	// ClampedBy is the bound that changed it, as the ruleset says it: "max 10".
	ClampedBy string `json:"clamped_by,omitempty"`
	// Penalty tells that it takes points where it holds, or brings them where
	// the ruleset has "reasons above baseline" and the score tells of risk: that
	// it failed is no task.
	Penalty bool `json:"penalty,omitempty"`
	// PassedOver tells that it matched, but another rule of its group counted.
	PassedOver bool `json:"passed_over,omitempty"`
	// Entry is the entry of a table that held, or the part of a ramp.
	Entry string `json:"entry,omitempty"`
	// Tests are those that decided: all that failed for a rule that failed, all
	// without an answer for one that is unknown.
	Tests  []TestExplanation  `json:"tests,omitempty"`
	Signal *SignalExplanation `json:"signal,omitempty"`
}

// SignalExplanation is what an "each" or "latest" line counted.
type SignalExplanation struct {
	Activities int `json:"activities"` // that counted
	// Faded are those of them that decayed to nothing.
	Faded    int       `json:"faded,omitempty"`
	Excluded *Excluded `json:"excluded,omitempty"`
	Sum      float64   `json:"sum"` // before the daily max and the max
	// DailyClamped is what the daily max changed.
	DailyClamped float64 `json:"daily_clamped,omitempty"`
}

// GroupExplanation is a line of a dimension: a rule, or a group of rules.
type GroupExplanation struct {
	Kind   string  `json:"kind,omitempty"` // "best of", "first of", "sum of"; empty for a rule alone
	Name   string  `json:"name,omitempty"`
	Winner string  `json:"winner,omitempty"` // the rule that counted
	Sum    float64 `json:"sum"`              // before the group's own clamp
	// Min and Max are the group's own bounds.
	Min     *float64 `json:"min,omitempty"`
	Max     *float64 `json:"max,omitempty"`
	Clamped float64  `json:"clamped,omitempty"` // what they changed
	Points  float64  `json:"points"`
	Low     float64  `json:"low"` // by itself
	High    float64  `json:"high"`
	// Code and Baseline are the line's as a reason, see [Reason]. Rules of
	// contacts have none, nor has a line that nothing limits a baseline.
	Code     string            `json:"code,omitempty"`
	Baseline *float64          `json:"baseline,omitempty"`
	Rules    []RuleExplanation `json:"rules"`
}

// ScaleExplanation is a "scale" line of a dimension.
type ScaleExplanation struct {
	Factor float64 `json:"factor"`
	Reason string  `json:"reason,omitempty"`
	Text   string  `json:"text"`
	State  State   `json:"state"`
	Points float64 `json:"points"` // what it changed
	// Penalty tells that it takes of what is there, or adds to a score of risk,
	// as that of [RuleExplanation] does.
	Penalty bool              `json:"penalty,omitempty"`
	Tests   []TestExplanation `json:"tests,omitempty"`
}

// DimensionExplanation is one dimension, from its lines to its share of the
// score: Sum, plus what each scale changed, plus Clamped, is Points.
type DimensionExplanation struct {
	Name        string               `json:"name"`
	Description string               `json:"description,omitempty"`
	Groups      []GroupExplanation   `json:"groups,omitempty"` // rules and groups, in order
	Contacts    *ContactsExplanation `json:"contacts,omitempty"`
	Sum         float64              `json:"sum"` // of its lines
	Scales      []ScaleExplanation   `json:"scales,omitempty"`
	// Min and Max are what the dimension is clamped to.
	Min     *float64 `json:"min,omitempty"`
	Max     *float64 `json:"max,omitempty"`
	Clamped float64  `json:"clamped,omitempty"` // -12 are twelve points lost to the cap
	Points  float64  `json:"points"`
	OutOf   float64  `json:"out_of,omitempty"` // what is shown as 100
	Shown   float64  `json:"shown"`
	Low     float64  `json:"low"` // of what is shown
	High    float64  `json:"high"`
	// Weight is set where the model weights its dimensions: 0.5 is 50 %.
	Weight *float64 `json:"weight,omitempty"`
	// Unscored keeps the dimension out of the total; its Share is zero.
	Unscored bool    `json:"unscored,omitempty"`
	Share    float64 `json:"share"` // what it brings to the total
}

// TotalExplanation is the way from the dimensions' shares to the published
// score: Sum plus Clamped plus Rounding is Score.
type TotalExplanation struct {
	Sum      float64  `json:"sum"`
	Min      *float64 `json:"min,omitempty"`
	Max      *float64 `json:"max,omitempty"`
	Clamped  float64  `json:"clamped,omitempty"`
	Decimals int      `json:"decimals"`
	Rounding float64  `json:"rounding,omitempty"`
	Score    float64  `json:"score"`
	Low      float64  `json:"low"`
	High     float64  `json:"high"`
}

// DisqualifyExplanation is a "disqualify" line.
type DisqualifyExplanation struct {
	Reason string `json:"reason,omitempty"`
	Text   string `json:"text"`
	State  State  `json:"state"`
	// Decides tells that it is the first that matched: its reason is the
	// result's.
	Decides bool              `json:"decides,omitempty"`
	Tests   []TestExplanation `json:"tests,omitempty"`
}

// GradeExplanation is one grading.
type GradeExplanation struct {
	Name      string  `json:"name"` // fit.grade
	Dimension string  `json:"dimension"`
	Points    float64 `json:"points"` // the dimension's, as shown
	Grade     string  `json:"grade"`
	// Possible are the grades that missing fields leave open: Grade, then the
	// others in the order of the grading.
	Possible []string `json:"possible"`
}

// TierState says what a tier's condition is over the ranges that missing
// fields leave open.
type TierState string

// The states of tiers.
const (
	TierTrue     TierState = "true"
	TierFalse    TierState = "false"
	TierPossible TierState = "possible"
)

// TierExplanation is one tier.
type TierExplanation struct {
	Name   string    `json:"name"`
	Text   string    `json:"text"` // its condition, or "otherwise"
	State  TierState `json:"state"`
	Now    State     `json:"now"` // of the condition as the data stands
	Chosen bool      `json:"chosen"`
	// Hold is by how much the thresholds are relaxed for an account that was
	// in the tier, and Held whether that is so for this one.
	Hold  float64           `json:"hold,omitempty"`
	Held  bool              `json:"held,omitempty"`
	Tests []TestExplanation `json:"tests,omitempty"` // every one, with its distance
	Plays []Play            `json:"plays,omitempty"`
}

// LadderExplanation is a further ladder of tiers.
type LadderExplanation struct {
	Name  string            `json:"name"`
	Value string            `json:"value"` // the tier, or empty
	Tiers []TierExplanation `json:"tiers"`
}

// FieldNote is a field of the account that is missing or stale.
type FieldNote struct {
	Field       string     `json:"field"`
	Key         string     `json:"key,omitempty"` // its name in the data, where it is another
	Description string     `json:"description,omitempty"`
	State       ValueState `json:"state"`
	Value       dsl.Value  `json:"value"`           // of one that is expired or stale
	Found       string     `json:"found,omitempty"` // what could not be used
	Wanted      string     `json:"wanted,omitempty"`
	Refreshed   *time.Time `json:"refreshed,omitempty"`
	AgeDays     int64      `json:"age_days,omitempty"`
	// Change is what may be done about it: enrichable, actionable or fixed. Of
	// a stale field it is what the ruleset says, empty where it says nothing:
	// no change of it is proposed then.
	Change string `json:"change"`
	// Rules are those that wait for a missing field, or that read a stale one:
	// the first hundred, with the number of the others.
	Rules     []string `json:"rules,omitempty"`
	MoreRules int      `json:"more_rules,omitempty"`
	// Gain is the most that the published score could rise, and Loss the most
	// that it could fall, if this field alone became known. They are upper bounds
	// where rules read it in ways that a range takes apart, see rule 5 of the
	// package.
	Gain float64 `json:"gain,omitempty"`
	Loss float64 `json:"loss,omitempty"`
	// Together are other missing fields without which this one brings less: of
	// revenue / heads each brings nothing until both are known. What a field
	// brings with others is how much further the score could rise, and fall, once
	// it is known as they are. Of the fields that rules and scales read beside
	// this one, the first ten in the order of the ruleset, those are left out, the
	// last first, without which this one brings more: others may do in its place.
	// Where a bound takes all that this one brings, those count too that share
	// its dimension, or the score if the bound is that of the score.
	// Then those are left out, the last first, without which it brings no less.
	// Where hundreds of fields are missing that rules read together, it is worked
	// out for the first ones only.
	Together []string `json:"together,omitempty"`
	// TogetherGain and TogetherLoss are what Gain and Loss would be if this field
	// and those of Together became known.
	TogetherGain float64 `json:"together_gain,omitempty"`
	TogetherLoss float64 `json:"together_loss,omitempty"`
	// Untried tells that none of these was worked out, because so many fields
	// are missing that it would take too long.
	Untried bool `json:"untried,omitempty"`
}

// InvalidValue is one value that could not be used.
type InvalidValue struct {
	Contact  string `json:"contact,omitempty"` // the id, or of a contact without one its place, such as "#3"
	Activity string `json:"activity,omitempty"`
	Field    string `json:"field"`
	Wanted   string `json:"wanted"`
	Got      string `json:"got"`
}
