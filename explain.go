package accountscore

import (
	"errors"
	"slices"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Explanation says how a score came about: every rule with its state, what
// each step took or added, what is missing and what it could bring. It is
// plain data and marshals to stable JSON; points are exact to the millionth.
// It shares no memory that may change with the account, the model or another
// explanation; within it, tests of one field may share what they saw. It is
// not safe for concurrent change; reading it is.
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
	// Failed says why a function of the caller's gave no answer: its error, its
	// panic, or a number that is not finite.
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
	Activities int       `json:"activities"` // that counted
	Excluded   *Excluded `json:"excluded,omitempty"`
	Sum        float64   `json:"sum"` // before the daily max and the max
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
	Factor float64           `json:"factor"`
	Reason string            `json:"reason,omitempty"`
	Text   string            `json:"text"`
	State  State             `json:"state"`
	Points float64           `json:"points"` // what it changed
	Tests  []TestExplanation `json:"tests,omitempty"`
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
	// package, or together with other fields: of a quotient of two missing fields
	// each is said to bring all, though it takes both.
	Gain float64 `json:"gain,omitempty"`
	Loss float64 `json:"loss,omitempty"`
	// Untried tells that Gain and Loss were not worked out, because so many
	// fields are missing that it would take too long.
	Untried bool `json:"untried,omitempty"`
}

// InvalidValue is one value that could not be used.
type InvalidValue struct {
	Contact  string `json:"contact,omitempty"`
	Activity string `json:"activity,omitempty"`
	Field    string `json:"field"`
	Wanted   string `json:"wanted"`
	Got      string `json:"got"`
}

// explained is an explanation with what it is about, and room for what most
// have little of.
type explained struct {
	Explanation
	about  subject
	dims   [1]DimensionExplanation
	scores [1]DimensionScore
}

// Explain scores the account as of a moment and says how the score came
// about. Its Result is what [Model.Score] gives: both come from the same run.
// It never fails and never panics, and is safe for concurrent use.
func (m *Model) Explain(a Account, at time.Time) *Explanation {
	m = m.made()
	made := new(explained)
	x := &made.Explanation
	x.subject = &made.about
	if len(m.dims) == 1 {
		x.Result.Dimensions = made.scores[:0]
	} else {
		x.Result.Dimensions = slices.Grow(x.Result.Dimensions, len(m.dims))
	}
	m.explain(x, made.dims[:], &a, at)
	return x
}

// ExplainInto is [Model.Explain] into an explanation that the caller keeps, for
// those who explain many accounts one after the other and keep none of the
// explanations: it replaces all of dst and reuses its memory. What was taken
// from dst before, and any copy of it, is spoilt.
//
// Much of the time of Explain goes into the memory of a new explanation, which
// this saves; the programs in bench measure both against a score.
func (m *Model) ExplainInto(dst *Explanation, a Account, at time.Time) {
	m = m.made()
	if dst.room == nil {
		*dst = Explanation{subject: &subject{}, room: &explainRoom{}}
	}
	dst.subject.reset()
	*dst = Explanation{subject: dst.subject, room: dst.room,
		Result: Result{Dimensions: dst.Result.Dimensions[:0], Labels: dst.Result.Labels[:0]}}
	m.explain(dst, nil, &a, at)
}

// explain makes an explanation. The first dimensions may be put into dims.
func (m *Model) explain(x *Explanation, dims []DimensionExplanation, a *Account, at time.Time) {
	s := m.scratch()
	defer m.release(s)
	e := s.explainer(x.room, len(a.Contacts))
	if len(dims) >= len(m.dims) {
		e.room.dims.free = dims
	}
	s.faults = []error{}
	s.traced, s.tabled = true, true
	if e.guide.keyed {
		s.taken, s.present = e.room.values.take(len(m.read)), 0
	}
	s.run(*a, at)
	x.subject.model, x.subject.at = m, at
	x.subject.take(a, s.taken, s.present)
	x.AccountID, x.At, x.Ruleset, x.Version, x.ModelHash, x.ReasonSide = a.ID, at, m.rules.Name, m.rules.Version, m.hash, m.rules.Reasons
	s.publish(&x.Result)
	for _, err := range s.faults {
		var d *DataError
		if errors.As(err, &d) {
			x.Invalid = append(x.Invalid, InvalidValue{d.Contact, d.Activity, d.Field, d.Wanted, d.Got})
		}
	}
	s.faults = nil // what follows looks at the same values again
	x.Dimensions = e.room.dims.take(len(m.dims))
	for i := range m.dims {
		e.dimension(&x.Dimensions[i], i)
	}
	x.Total = e.total()
	x.Lines = e.lines()
	decided := false
	for i := range m.disqualify {
		d := e.disqualifier(i)
		d.Decides = d.State == StateMatched && !decided
		decided = decided || d.Decides
		x.Disqualify = append(x.Disqualify, d)
	}
	for i := range m.grades {
		x.Grades = append(x.Grades, e.grade(i))
	}
	x.Tiers = e.tiers(m.tiers, e.guide.tiers, s.tier.index)
	for i := range m.ladders {
		l, v := &m.ladders[i], s.climb(m.ladders[i].tiers)
		x.Ladders = append(x.Ladders, LadderExplanation{l.name, v.tier, e.tiers(l.tiers, e.guide.ladders[i], v.index)})
	}
	// The notes come last: what each field could bring is tried in the scratch.
	x.Missing, x.Stale = e.notes(a)
	e.close()
}

// explainer makes the explanation of what a scratch holds after its run. It
// stays with the scratch.
type explainer struct {
	m     *Model
	s     *scratch
	guide *guide
	room  *explainRoom
	own   explainRoom
	waits []names  // by field: what waits for it
	lacks [][]look // by let: see behind
	// Each field's value, where a test has shown it.
	fields [][]Seen
	trial  trial
	tried  []int
}

// explainer prepares the scratch's explainer. Without a room of its own the
// explanation is put into new memory.
func (s *scratch) explainer(room *explainRoom, contacts int) *explainer {
	m := s.m
	if s.tracer == nil {
		s.tracer = &explainer{m: m, s: s, waits: make([]names, len(m.fields)), lacks: make([][]look, len(m.lets)), fields: make([][]Seen, len(m.fields))}
	}
	e := s.tracer
	e.guide = m.guidance()
	if e.room = room; room == nil {
		e.own = explainRoom{}
		e.room = &e.own
	}
	e.room.open(m, e.guide, contacts, room != nil)
	return e
}

// close lets go of the explanation's memory.
func (e *explainer) close() {
	e.room, e.own = nil, explainRoom{}
	for _, slot := range e.m.read {
		e.waits[slot].list, e.waits[slot].more = e.waits[slot].list[:0], 0
		e.fields[slot] = nil
	}
	clear(e.lacks)
}

// names are the first of many names.
type names struct {
	list []string
	more int
}

// maxNames bounds the names in a note.
const maxNames = 100

func (n *names) add(name string) {
	switch {
	case len(n.list) < maxNames:
		n.list = append(n.list, name)
	default:
		n.more++
	}
}

// wait notes what waits for the missing fields that it reads.
func (e *explainer) wait(name string, reads []int) {
	for _, slot := range reads {
		if e.s.env.Open[slot] {
			e.waits[slot].add(name)
		}
	}
}

func (e *explainer) dimension(x *DimensionExplanation, i int) {
	m, s := e.m, e.s
	d, o, g := &m.dims[i], &s.dims[i], &e.guide.dims[i]
	*x = g.base
	x.Min, x.Max, x.Weight = e.room.own(x.Min), e.room.own(x.Max), e.room.own(x.Weight)
	x.Sum, x.Points = o.sum.at.Float(), o.points.at.Float()
	x.Clamped = (o.points.at - o.scaled.at).Float()
	x.Shown, x.Low, x.High = o.shown.floats()
	if !d.unscored {
		x.Share = m.share(i, o).at.Float()
	}
	if len(d.groups) > 0 {
		x.Groups = e.room.groups.take(len(d.groups))
		for j := range d.groups {
			gr := &d.groups[j]
			e.group(&x.Groups[j], gr, &g.groups[j], s.outs[gr.index:gr.index+len(gr.rules)], s.points[d.first+j].at, s.winners[d.first+j])
		}
	}
	if d.contacts != nil {
		x.Contacts = e.contacts(d.contacts, g)
	}
	at := o.sum.at
	for c := range d.scales {
		next := e.scaled(&d.scales[c], at)
		x.Scales = append(x.Scales, e.scale(i, c, next-at))
		at = next
	}
}

// boundOf gives a bound, nil where there is none.
func boundOf(b micro.M) *float64 {
	if b == micro.Min || b == micro.Max {
		return nil
	}
	f := b.Float()
	return &f
}

// scaled gives what a scale made of a sum.
func (e *explainer) scaled(c *scale, at micro.M) micro.M {
	if e.s.outs[c.index].truth == cond.True {
		return at.Mul(c.factor)
	}
	return at
}

func (e *explainer) scale(dim, c int, points micro.M) ScaleExplanation {
	sc, g := &e.m.dims[dim].scales[c], &e.guide.dims[dim].scales[c]
	truth := e.s.outs[sc.index].truth
	if e.possible(sc.when, truth) == TierPossible {
		e.wait(g.name, sc.reads)
	}
	return ScaleExplanation{Factor: sc.factor.Float(), Reason: sc.src.Reason, Text: g.text, State: stateOf(truth),
		Points: points.Float(), Tests: e.tests(&g.clause, truth, false)}
}

func (e *explainer) total() TotalExplanation {
	m, s := e.m, e.s
	clamped := s.total.at.Clamp(m.lo, m.hi)
	x := e.guide.total
	x.Min, x.Max = e.room.own(x.Min), e.room.own(x.Max)
	x.Sum, x.Clamped, x.Rounding = s.total.at.Float(), (clamped - s.total.at).Float(), (s.score.at - clamped).Float()
	x.Score, x.Low, x.High = s.score.floats()
	return x
}

func (e *explainer) disqualifier(i int) DisqualifyExplanation {
	d, g := &e.m.disqualify[i], &e.guide.disqualify[i]
	truth := e.s.outs[d.index].truth
	if e.possible(d.when, truth) == TierPossible || truth == cond.Unknown {
		e.wait(g.name, g.reads)
	}
	return DisqualifyExplanation{Reason: e.m.rules.Disqualify[i].Reason, Text: g.text, State: stateOf(truth), Tests: e.tests(&g.clause, truth, false)}
}

// possible says what a condition is over the open ranges.
func (e *explainer) possible(when *cond.Node, now cond.Tri) TierState {
	switch out := when.Possible(&e.s.env); {
	case out == cond.MayBeTrue:
		return TierTrue
	case !out.Has(cond.True) && now != cond.True:
		return TierFalse
	}
	return TierPossible
}

func (e *explainer) grade(i int) GradeExplanation {
	m, s := e.m, e.s
	g := &m.grades[i]
	x := GradeExplanation{Name: g.label, Dimension: m.dims[g.dim].name, Points: s.dims[g.dim].shown.at.Float(), Grade: s.env.Grades[1+i]}
	x.Possible = []string{x.Grade}
	places := g.letters(nil, s.dims[g.dim].shown)
	slices.Sort(places)
	for _, place := range places {
		if name := g.name(place); !slices.Contains(x.Possible, name) {
			x.Possible = append(x.Possible, name)
		}
	}
	return x
}

func (e *explainer) tiers(tiers []tier, guides []tierGuide, chosen int) []TierExplanation {
	if len(tiers) == 0 {
		return nil
	}
	list := e.room.tiers.take(len(tiers))
	for i := range tiers {
		t, g := &tiers[i], &guides[i]
		x := TierExplanation{Name: t.name, Text: g.text, Chosen: i == chosen, State: TierTrue, Now: StateMatched, Plays: e.plays(t.src.Plays)}
		if t.src.Hold != nil {
			x.Hold = *t.src.Hold
		}
		if when := e.s.condition(t); when != nil {
			clause := &g.clause
			if t.held != nil && when == t.held {
				clause, x.Held = &g.held, true
			}
			truth := when.Truth(&e.s.env)
			x.State, x.Now = e.possible(when, truth), stateOf(truth)
			x.Tests = e.tests(clause, truth, true)
			if x.State == TierPossible {
				e.wait(g.name, g.reads)
			}
		}
		list[i] = x
	}
	return list
}

// plays gives the explanation its own copy.
func (e *explainer) plays(list []Play) []Play {
	if len(list) == 0 {
		return nil
	}
	own := e.room.plays.take(len(list))
	copy(own, list)
	return own
}

func stateOf(t cond.Tri) State {
	return [...]State{cond.Unknown: StateUnknown, cond.False: StateFailed, cond.True: StateMatched}[t]
}

var valueStates = [...]ValueState{cond.Unset: ValueUnset, cond.Null: ValueNull, cond.Expired: ValueExpired, cond.Invalid: ValueInvalid,
	cond.Known: ValueKnown, cond.Stale: ValueStale, cond.Defaulted: ValueDefault}

// notes lists the account's fields that are missing and those that are stale.
func (e *explainer) notes(a *Account) (missing, stale []FieldNote) {
	m, s := e.m, e.s
	slots, old, waits := e.tried[:0], 0, 0
	for _, i := range m.read {
		switch s.env.Accounts[i].State {
		case cond.Known, cond.Defaulted:
		case cond.Stale:
			old++
		default:
			slots = append(slots, i)
			waits += len(e.waits[i].list)
		}
	}
	e.tried, e.room.names.left = slots, waits
	if len(slots) > 0 {
		missing = e.room.notes.take(len(slots))[:0]
	}
	if old > 0 {
		stale = e.room.notes.take(old)[:0]
	}
	for _, i := range m.read {
		f, slot := &m.fields[i], &s.env.Accounts[i]
		if slot.State == cond.Known || slot.State == cond.Defaulted {
			continue
		}
		list := &missing
		if slot.State == cond.Stale {
			list = &stale
		}
		*list = (*list)[:len(*list)+1]
		n := &(*list)[len(*list)-1]
		*n = e.guide.notes[i]
		n.State = valueStates[slot.State]
		if slot.State == cond.Expired || slot.State == cond.Stale {
			when := a.Refreshed[f.Name]
			n.Refreshed, n.AgeDays = &when, cond.WholeDays(when.UnixMicro(), s.env.At)
			n.Value = valueOf(slot, f.typ)
		}
		if slot.State == cond.Stale {
			n.Change = string(f.Change)
			continue
		}
		if slot.State == cond.Invalid {
			n.Wanted, n.Found = f.wanted(), got(a.Fields[f.key])
		}
		if w := &e.waits[i]; len(w.list) > 0 {
			n.Rules, n.MoreRules = e.room.names.take(len(w.list)), w.more
			copy(n.Rules, w.list)
		}
	}
	if len(stale) > 0 {
		e.readers(stale)
	}
	e.bring(missing, slots)
	return missing, stale
}

// note is what the notes of a field that is missing have in common.
func (f *field) note() FieldNote {
	n := FieldNote{Field: f.Name, Description: f.Description, Change: string(f.Change)}
	if f.key != f.Name {
		n.Key = f.key
	}
	if n.Change == "" {
		n.Change = string(dsl.Enrichable)
	}
	return n
}

// readers names what reads the stale fields, which are in order of
// declaration.
func (e *explainer) readers(stale []FieldNote) {
	m := e.m
	read := make([]names, len(m.fields))
	for _, r := range e.guide.readers {
		for _, slot := range r.reads {
			if e.s.env.Accounts[slot].State == cond.Stale {
				read[slot].add(r.name)
			}
		}
	}
	next := 0
	for i := range m.fields {
		if next < len(stale) && stale[next].Field == m.fields[i].Name {
			stale[next].Rules, stale[next].MoreRules = read[i].list, read[i].more
			next++
		}
	}
}
