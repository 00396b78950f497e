package dsl

// Ruleset is a scoring model as plain data: what a .rules file says, and
// nothing that was worked out from it. It marshals to and from JSON without
// loss. It is not safe for concurrent change; reading it is.
//
// Numbers are what the author wrote: points are points, 50% is 0.5.
type Ruleset struct {
	// File is the name that errors begin with.
	File string `json:"-"`
	// Source is the text that the ruleset was parsed from, kept for the
	// lines and carets of errors. It is no part of the model.
	Source string `json:"-"`

	Name    string     `json:"name,omitempty"`
	Version string     `json:"version,omitempty"`
	Review  *Review    `json:"review,omitempty"`
	Score   *Published `json:"score,omitempty"`
	// Reasons says which difference from their baselines gives the lines of a
	// scoring their rank as reasons; empty is below.
	Reasons ReasonSide `json:"reasons,omitempty"`
	// Language is the name of the language of those conditions of rules,
	// scales, disqualifiers and tiers that name none themselves; empty is the
	// rules language. Everything else is always in the rules language.
	Language   string         `json:"language,omitempty"`
	Params     []Param        `json:"params,omitempty"`
	Fields     []Field        `json:"fields,omitempty"`
	Activities []ActivityType `json:"activities,omitempty"`
	Lets       []Let          `json:"lets,omitempty"`
	Dimensions []Dimension    `json:"dimensions,omitempty"`
	Disqualify []Disqualifier `json:"disqualify,omitempty"`
	Grades     []Grading      `json:"grades,omitempty"`
	Tiers      []Tier         `json:"tiers,omitempty"`
	Ladders    []Ladder       `json:"ladders,omitempty"`
	Triggers   []Trigger      `json:"triggers,omitempty"`
	Cases      []Case         `json:"cases,omitempty"`
}

// Review says how often the model is to be looked at again.
type Review struct {
	Pos   Pos      `json:"-"`
	Every Duration `json:"every"`
	From  *Date    `json:"from,omitempty"`
}

// Published says how the total becomes the published score: clamped to Min
// and Max where given, then rounded once to Round decimals (default 2), half
// away from zero.
type Published struct {
	Pos   Pos      `json:"-"`
	Min   *float64 `json:"min,omitempty"`
	Max   *float64 `json:"max,omitempty"`
	Round *int     `json:"round,omitempty"`
}

// ReasonSide says which lines are reasons: those that earned less than their
// baseline, or those that earned more.
type ReasonSide string

// The sides. PMML calls them pointsBelow and pointsAbove.
const (
	ReasonsBelow ReasonSide = "below"
	ReasonsAbove ReasonSide = "above"
)

// Param is a named constant that a caller may replace when compiling.
type Param struct {
	Pos   Pos    `json:"-"`
	Name  string `json:"name"`
	Value Value  `json:"value"`
}

// Type is the type of a field.
type Type string

// The types of fields.
const (
	NumberType Type = "number"
	TextType   Type = "text"
	BoolType   Type = "bool"
	ListType   Type = "list" // of text
	TimeType   Type = "time"
)

// Change says what an explanation may propose to do about a field.
type Change string

// The kinds of change. The zero Change means enrichable while missing, else
// fixed.
const (
	Fixed      Change = "fixed"
	Enrichable Change = "enrichable"
	Actionable Change = "actionable"
)

// Field is one named value of an account, a contact or an activity.
type Field struct {
	Pos          Pos      `json:"-"`
	Name         string   `json:"name"`
	Type         Type     `json:"type"`
	From         string   `json:"from,omitempty"`          // its key in the data; else its own name
	StaleAfter   Duration `json:"stale_after,omitempty"`   // zero: never
	MissingAfter Duration `json:"missing_after,omitempty"` // zero: never
	Default      *Value   `json:"default,omitempty"`
	OneOf        []Value  `json:"one_of,omitempty"`
	IgnoringCase bool     `json:"ignoring_case,omitempty"`
	Change       Change   `json:"change,omitempty"`
	Description  string   `json:"description,omitempty"`
}

// Key is the name under which the field stands in the data.
func (f *Field) Key() string {
	if f.From != "" {
		return f.From
	}
	return f.Name
}

// ActivityType is a kind of activity, with the fields that filters may read.
type ActivityType struct {
	Pos    Pos     `json:"-"`
	Name   string  `json:"name"`
	Fields []Field `json:"fields,omitempty"`
}

// Let is a computed value, visible after its declaration.
type Let struct {
	Pos   Pos     `json:"-"`
	Name  string  `json:"name"`
	Value Formula `json:"value"`
}

// Dimension is one axis of a score, such as fit or intent.
type Dimension struct {
	Pos         Pos      `json:"-"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	OutOf       *float64 `json:"out_of,omitempty"` // clamp to 0–OutOf, shown as 0–100
	Min         *float64 `json:"min,omitempty"`
	Max         *float64 `json:"max,omitempty"`
	Weight      *float64 `json:"weight,omitempty"` // 0.5 is 50 %
	Unscored    bool     `json:"unscored,omitempty"`
	Contacts    *Rollup  `json:"contacts,omitempty"` // a dimension "from contacts"
	Items       []Item   `json:"items,omitempty"`    // rules and groups, in order
	Scales      []Scale  `json:"scales,omitempty"`
}

// Item is one line of a dimension: a rule or a group, exactly one of them.
type Item struct {
	Rule  *Rule  `json:"rule,omitempty"`
	Group *Group `json:"group,omitempty"`
}

// GroupKind says how a group's rules become one number.
type GroupKind string

// The kinds of group.
const (
	BestOf  GroupKind = "best of"  // of the true rules the one with most points
	FirstOf GroupKind = "first of" // the first true rule
	SumOf   GroupKind = "sum of"   // all true rules, clamped
)

// Group is a set of rules that count as one line. Groups do not nest.
type Group struct {
	Pos  Pos       `json:"-"`
	Kind GroupKind `json:"kind"`
	Name string    `json:"name,omitempty"`
	Min  *float64  `json:"min,omitempty"` // SumOf only
	Max  *float64  `json:"max,omitempty"` // SumOf only
	// Baseline and Code are the group's as a reason. The code of the rule that
	// counted comes before the group's.
	Baseline *float64 `json:"baseline,omitempty"`
	Code     string   `json:"code,omitempty"`
	Rules    []Rule   `json:"rules"`
}

// Rule is one line that earns points. It has one of four forms:
//
//	When → Points [else Else] [per Per max Max min Min]   a condition
//	Of → Ramp                                             a linear ramp
//	Of → Table                                            a table
//	Signal → Points …                                     each or latest activity
type Rule struct {
	Pos   Pos     `json:"-"`
	Label string  `json:"label,omitempty"`
	When  Formula `json:"when,omitzero"`
	// Language is the name of the language that When is written in; empty is
	// the ruleset's. Per, Of and a signal's filter are in the rules language.
	Language string   `json:"language,omitempty"`
	Of       Formula  `json:"of,omitzero"`
	Signal   *Signal  `json:"signal,omitempty"`
	Points   float64  `json:"points,omitempty"`
	Else     *float64 `json:"else,omitempty"`
	Per      Formula  `json:"per,omitzero"`
	Max      *float64 `json:"max,omitempty"` // of a per, or of a signal
	Min      *float64 `json:"min,omitempty"` // of a per
	Ramp     *Ramp    `json:"ramp,omitempty"`
	Table    []Entry  `json:"table,omitempty"`
	Reason   string   `json:"reason,omitempty"` // shown to people
	// Baseline is what the rule's points are compared with when reasons are
	// ranked; nil is the most, or for reasons above the least, that it can earn.
	Baseline *float64 `json:"baseline,omitempty"`
	Code     string   `json:"code,omitempty"` // of the reason; empty: the rule's id
}

// Ramp is linear between (Lo, From) and (Hi, To), and flat outside.
type Ramp struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
	Lo   float64 `json:"lo"`
	Hi   float64 `json:"hi"`
}

// Entry is one entry of a table: a key and what it is worth.
type Entry struct {
	Pos   Pos     `json:"-"`
	Key   Key     `json:"key"`
	Value float64 `json:"value"`
}

// KeyKind tells the forms of a table's key apart.
type KeyKind string

// The kinds of key.
const (
	KeyRange   KeyKind = "range"   // Lo–Hi, closed
	KeyFrom    KeyKind = "from"    // Lo and above
	KeyNumber  KeyKind = "number"  // exactly Lo
	KeyText    KeyKind = "text"    // exactly Text
	KeyMissing KeyKind = "missing" // the value is missing
	KeyElse    KeyKind = "else"    // anything known
)

// Key is the key of a table entry.
type Key struct {
	Kind KeyKind `json:"kind"`
	Lo   float64 `json:"lo,omitempty"`
	Hi   float64 `json:"hi,omitempty"`
	Text string  `json:"text,omitempty"`
}

// stray names a member that a key of its kind does not have; empty if there is
// none.
func (k Key) stray() string {
	number := k.Kind == KeyNumber || k.Kind == KeyFrom || k.Kind == KeyRange
	switch {
	case k.Lo != 0 && !number:
		return "lo"
	case k.Hi != 0 && k.Kind != KeyRange:
		return "hi"
	case k.Text != "" && k.Kind != KeyText:
		return "text"
	}
	return ""
}

// Signal is the left side of an "each" or "latest" line.
type Signal struct {
	Latest    bool     `json:"latest,omitempty"` // only the newest counts
	Activity  string   `json:"activity"`
	ByAccount bool     `json:"by_account,omitempty"` // the account's own log alone
	Where     Formula  `json:"where,omitzero"`
	Within    Duration `json:"within,omitempty"`
	PerValue  bool     `json:"per_value,omitempty"`
	HalfLife  int      `json:"half_life_days,omitempty"` // whole days; zero: no decay
	Linear    Duration `json:"linear,omitempty"`         // falls to zero over this span
	DailyMax  *float64 `json:"daily_max,omitempty"`      // per UTC day, before decay
}

// Scale multiplies a dimension's sum by Factor when its condition is true.
type Scale struct {
	Pos    Pos     `json:"-"`
	Factor float64 `json:"factor"` // 0.5 is 50 %
	When   Formula `json:"when"`
	// Language is that of When; empty is the ruleset's. With one there is a
	// Reason too: a name and one text are a field and the reason.
	Language string `json:"language,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

// Rollup turns contacts into one dimension of the account.
type Rollup struct {
	Fields    []Field    `json:"fields,omitempty"`
	Score     Formula    `json:"score,omitzero"`
	Decay     *Decay     `json:"decay,omitempty"`
	Cap       *float64   `json:"cap,omitempty"`
	Weight    *Weighting `json:"weight,omitempty"`
	Combine   *Combine   `json:"combine,omitempty"` // nil: ranked 0.8
	Engaged   *Engaged   `json:"engaged,omitempty"` // nil: at least 10
	Bonus     *Bonus     `json:"bonus,omitempty"`
	Committee *Committee `json:"committee,omitempty"`
}

// Decay lowers a contact's score by its age in whole days since a time field.
type Decay struct {
	Pos      Pos      `json:"-"`
	HalfLife int      `json:"half_life_days,omitempty"`
	Linear   Duration `json:"linear,omitempty"`
	Since    string   `json:"since"`
	Within   Duration `json:"within,omitempty"` // beyond it nothing is left
}

// Weighting gives each contact a weight by a table, such as seniority.
type Weighting struct {
	Pos   Pos     `json:"-"`
	Of    Formula `json:"of"`
	Table []Entry `json:"table"`
}

// CombineKind says how the contacts' weighted scores become one.
type CombineKind string

// The kinds of combine.
const (
	Ranked       CombineKind = "ranked"        // Σ a_(i) · Factor^(i−1), descending
	Sum          CombineKind = "sum"           // Σ a
	Max          CombineKind = "max"           // the largest
	Top          CombineKind = "top"           // the sum of the N largest
	Mean         CombineKind = "mean"          // Σ a / contacts
	WeightedMean CombineKind = "weighted mean" // Σ a / Σ weight
	Best         CombineKind = "best"          // Factor · best + (1−Factor) · mean of the others
)

// Combine is how a rollup's contacts are added up.
type Combine struct {
	Pos    Pos         `json:"-"`
	Kind   CombineKind `json:"kind"`
	Factor float64     `json:"factor,omitempty"` // Ranked, Best
	N      int         `json:"n,omitempty"`      // Top
}

// Engaged is the threshold from which a contact counts as engaged.
type Engaged struct {
	Pos        Pos     `json:"-"`
	AtLeast    float64 `json:"at_least"`
	DistinctBy string  `json:"distinct_by,omitempty"` // a contact field
}

// Bonus is the multi-thread bonus: a curve (Rate, Falling) or steps.
type Bonus struct {
	Pos     Pos     `json:"-"`
	Rate    float64 `json:"rate,omitempty"`    // β of M(n) = 1 + β(1 − ρ^(n−1))
	Falling float64 `json:"falling,omitempty"` // ρ
	Steps   []Step  `json:"steps,omitempty"`   // the largest N ≤ n counts
}

// Step is one entry of a bonus table.
type Step struct {
	Pos    Pos     `json:"-"`
	N      int     `json:"n"`
	Points float64 `json:"points"`
}

// Committee says which roles a buying committee needs.
type Committee struct {
	Pos      Pos    `json:"-"`
	Field    string `json:"field"`
	Assigned bool   `json:"assigned,omitempty"` // count contacts engaged or not
	Roles    []Role `json:"roles"`
}

// Role is one role of a committee and how many are needed.
type Role struct {
	Pos  Pos    `json:"-"`
	Name string `json:"name"`
	Need int    `json:"need"`
}

// Disqualifier overrides the tier where its condition is true.
type Disqualifier struct {
	Pos  Pos     `json:"-"`
	When Formula `json:"when"`
	// Language is that of When; empty is the ruleset's. With one there is a
	// Reason too: a name and one text are a field and the reason.
	Language string `json:"language,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

// Grading turns a dimension's shown points into a letter.
type Grading struct {
	Pos       Pos         `json:"-"`
	Dimension string      `json:"dimension"`
	Steps     []GradeStep `json:"steps"`
}

// GradeStep is one entry of a grading; the first that holds counts.
type GradeStep struct {
	Pos   Pos    `json:"-"`
	Key   Key    `json:"key"`
	Grade string `json:"grade"`
}

// Tier is one step of a ladder. A zero When is "otherwise".
type Tier struct {
	Pos      Pos      `json:"-"`
	Name     string   `json:"name"`
	When     Formula  `json:"when,omitzero"`
	Language string   `json:"language,omitempty"` // of When; empty is the ruleset's
	Hold     *float64 `json:"hold,omitempty"`
	Plays    []Play   `json:"plays,omitempty"`
}

// Play is what a team does about the accounts of a tier.
type Play struct {
	Pos       Pos    `json:"-"`
	Name      string `json:"name,omitempty"`
	Targeting string `json:"targeting,omitempty"`
	Motion    string `json:"motion,omitempty"`
	Metric    string `json:"metric,omitempty"`
}

// Ladder is a further set of tiers beside the main one; its answer is a label.
type Ladder struct {
	Pos   Pos    `json:"-"`
	Name  string `json:"name"`
	Tiers []Tier `json:"tiers"`
}

// TriggerKind says what sort of change fires a trigger.
type TriggerKind string

// The kinds of trigger.
const (
	Rises   TriggerKind = "rises"    // the tier, by any number of steps
	Falls   TriggerKind = "falls"    // the tier
	RisesTo TriggerKind = "rises to" // the tier, to To
	FallsTo TriggerKind = "falls to" // the tier, to To
	RisesBy TriggerKind = "rises by" // a number, by at least By
	FallsBy TriggerKind = "falls by" // a number, by at least By
	Reaches TriggerKind = "reaches"  // a number, from below By to By or more
)

// Trigger names a change between two results.
type Trigger struct {
	Pos  Pos         `json:"-"`
	Name string      `json:"name"`
	On   string      `json:"on"` // tier, score, a dimension, or a name of the rollup
	Kind TriggerKind `json:"kind"`
	By   float64     `json:"by,omitempty"`
	To   string      `json:"to,omitempty"` // a tier
}

// Case is an account with the result that the author expects.
type Case struct {
	Pos      Pos           `json:"-"`
	Name     string        `json:"name"`
	At       *Date         `json:"at,omitempty"`
	Was      string        `json:"was,omitempty"` // the tier before
	Values   []CaseValue   `json:"values,omitempty"`
	Contacts []CaseContact `json:"contacts,omitempty"`
	Did      []Did         `json:"did,omitempty"`
	Expect   []Expectation `json:"expect"`
}

// CaseValue sets one field by its name; a missing Value is null.
type CaseValue struct {
	Pos   Pos    `json:"-"`
	Field string `json:"field"`
	Value Value  `json:"value"`
	AsOf  *Date  `json:"as_of,omitempty"` // when it was last refreshed
}

// CaseContact is one contact of a case.
type CaseContact struct {
	Pos    Pos         `json:"-"`
	ID     string      `json:"id"`
	Values []CaseValue `json:"values,omitempty"`
	Did    []Did       `json:"did,omitempty"`
}

// Did records an activity, Times times (zero is once), at the case's moment
// unless On says when.
type Did struct {
	Pos      Pos         `json:"-"`
	Activity string      `json:"activity"`
	Fields   []CaseValue `json:"fields,omitempty"`
	On       *Date       `json:"on,omitempty"`
	Value    *float64    `json:"value,omitempty"`
	Times    int         `json:"times,omitempty"`
}

// Expectation is one thing that a case expects of the result: a number for
// score, low, high, unknown, a dimension or a name of the rollup; a text for
// tier, grade or a ladder.
type Expectation struct {
	Pos    Pos      `json:"-"`
	Name   string   `json:"name"`
	Number *float64 `json:"number,omitempty"`
	Text   string   `json:"text,omitempty"`
}
