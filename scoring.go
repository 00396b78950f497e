package accountscore

import (
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Result is the score of one account at one moment.
type Result struct {
	AccountID string `json:"account_id"`
	// At is the moment that was asked for. One before the year 0 or after 9999
	// has no JSON, and so has the result: that is an error of json.Marshal.
	At time.Time `json:"at"`
	// Score is the published score: clamped, weighted and rounded.
	Score float64 `json:"score"`
	// Low and High are the least and the most that the score could be,
	// whatever the account's missing fields turn out to be.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// Tier is the first whose condition is true, "disqualified", or empty.
	Tier string `json:"tier"`
	// TierCertain tells whether no missing field could change the tier.
	TierCertain bool `json:"tier_certain"`
	// Reason is why a disqualified account is.
	Reason string `json:"reason,omitempty"`
	// Grade joins the letters of every grading, in order of declaration.
	Grade string `json:"grade,omitempty"`
	// Dimensions are in the model's order.
	Dimensions []DimensionScore `json:"dimensions,omitempty"`
	// Labels are the answers of further ladders and of single gradings, the
	// latter named "fit.grade".
	Labels []Label `json:"labels,omitempty"`
	// Contacts, Engaged and SeniorEngaged count contacts. With "distinct by",
	// Engaged counts the distinct values. Without a dimension from contacts
	// only Contacts is counted.
	Contacts      int `json:"contacts"`
	Engaged       int `json:"engaged"`
	SeniorEngaged int `json:"senior_engaged"`
	// Completeness of the buying committee, 0–100.
	Completeness float64 `json:"completeness"`
	// Unknown counts the account's rules without an answer for want of data,
	// "scale" and "disqualify" lines included.
	Unknown int `json:"unknown"`
	// Invalid counts the values that could not be used.
	Invalid int `json:"invalid"`
	// ModelHash is the model's, see [Model.Hash].
	ModelHash string `json:"model_hash"`
}

// DimensionScore is one dimension's points as they are shown: 0–100 with "out
// of", else points.
type DimensionScore struct {
	Name   string  `json:"name"`
	Points float64 `json:"points"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	// Max is the most that the dimension can show, 0 where it has no limit.
	Max float64 `json:"max,omitempty"`
}

// Label is a named answer of a result.
type Label struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Dimension finds a dimension by name.
func (r *Result) Dimension(name string) (DimensionScore, bool) {
	if r == nil {
		return DimensionScore{}, false
	}
	for _, d := range r.Dimensions {
		if d.Name == name {
			return d, true
		}
	}
	return DimensionScore{}, false
}

// Label finds a label by name.
func (r *Result) Label(name string) (string, bool) {
	if r == nil {
		return "", false
	}
	for _, l := range r.Labels {
		if l.Name == name {
			return l.Value, true
		}
	}
	return "", false
}

// Score scores an account as of a moment. It never fails and never panics: a
// value that cannot be used counts as missing and in Result.Invalid. The same
// model, account and moment give the same result. It is safe for concurrent
// use.
func (m *Model) Score(a Account, at time.Time) Result {
	var r Result
	m.ScoreInto(&r, a, at)
	return r
}

// ScoreInto is [Model.Score] into a result that the caller keeps: it replaces
// all of dst and reuses its slices. Once they are large enough it allocates only
// for rules that run as programs, see [FormProgram], and for texts of hundreds
// of bytes whose case is ignored.
func (m *Model) ScoreInto(dst *Result, a Account, at time.Time) {
	if m.quick != nil && m.quick.score(dst, &a, at) {
		return
	}
	s := m.scratch()
	s.run(a, at)
	s.publish(dst)
	m.release(s)
}

// dimension is a compiled dimension.
type dimension struct {
	src      *dsl.Dimension
	name     string
	first    int     // place of its first group's span
	outOf    micro.M // zero: shown as it is
	lo, hi   micro.M
	limit    float64 // see most
	weight   micro.M
	unscored bool
	groups   []group
	scales   []scale
	contacts *rollup
	axes     []axis
}

// eachRule yields the dimension's rules in order, those of contacts too.
func (d *dimension) eachRule(yield func(*rule) bool) {
	groups := d.groups
	if d.contacts != nil {
		groups = d.contacts.groups
	}
	for g := range groups {
		for r := range groups[g].rules {
			if !yield(&groups[g].rules[r]) {
				return
			}
		}
	}
}

type scale struct {
	src    *dsl.Scale
	factor micro.M
	when   *cond.Node
	reads  []int
	index  int
}

// span is a number with the least and the most that it could be.
type span struct{ at, low, high micro.M }

func (p span) each(f func(micro.M) micro.M) span { return span{f(p.at), f(p.low), f(p.high)} }

func (p span) add(q span) span {
	return span{p.at.Add(q.at), p.low.Add(q.low), p.high.Add(q.high)}
}

// dimensionOutcome is what a dimension came to, step by step.
type dimensionOutcome struct {
	sum    span // of its lines
	scaled span
	points span // after the clamp
	shown  span // 0–100 with "out of"
}

// scratch is the working memory of one scoring. What it holds after run is
// also what an explanation is made of: there is no second walk.
type scratch struct {
	m     *Model
	src   source
	given []Contact    // of the account that it was loaded from
	bound structSource // where a struct is the source, see Bind
	id    string
	prev  string // the tier it had before
	at    time.Time
	env   cond.Env
	open  bool // some read field could turn out to be anything

	contactIDs []string
	headcount  int // of contacts

	events  []cond.Event
	offsets []int // events of contact i: offsets[i] to offsets[i+1]
	arena   []cond.Slot
	hits    []*cond.Event
	earned  []earned   // by place of a signal; nil keeps nothing, see signal.eval
	held    *heldDecay // nil: everything decays

	letters      []int      // of the gradings, by place
	joinedGrade  int        // place in Model.joined
	joinedGrades []int      // see grade
	gradeSets    [][]string // memory of env.GradeSets

	sums    []micro.M // see plan.add
	traced  bool      // an explanation wants what every rule came to: no tables
	tabled  bool      // where it is traced: by the tracer, see explainer.run
	joiners []joiner  // groups that the plan takes together
	tried   []micro.M // what they come to by what is tried
	tracer  *explainer
	taken   []any // the values of the fields that are read, where it is not nil
	present int   // of these

	joined []int     // groups taken together over one field
	trial  []outcome // of a class that is tried

	outs        []outcome // of the account's rules, by index
	points      []span    // of the groups, by dimension and position
	winners     []int
	contactOuts []outcome // of the current contact's rules
	dims        []dimensionOutcome
	contacts    []contactOutcome
	order       []int // contacts by rank
	roleCounts  []int
	departments map[string]struct{}
	folded      []byte // the departments, where case is ignored
	rollup      rollupOutcome
	total       span // before the clamp and the rounding
	score       span // published
	tier        verdict
	unknown     int
	invalid     int
	faults      []error // collected where it is not nil
}

func (m *Model) scratch() *scratch {
	m = m.made()
	if s, ok := m.pool.Get().(*scratch); ok {
		return s
	}
	return m.newScratch()
}

func (m *Model) newScratch() *scratch {
	s := &scratch{m: m, outs: make([]outcome, m.counted), dims: make([]dimensionOutcome, len(m.dims)),
		letters: make([]int, len(m.grades)), departments: map[string]struct{}{}}
	groups := 0
	for i := range m.dims {
		groups += len(m.dims[i].groups)
	}
	for i := range m.dims {
		s.trial = append(s.trial, make([]outcome, max(0, m.dims[i].largest()-len(s.trial)))...)
	}
	s.points, s.winners = make([]span, groups), make([]int, groups)
	s.sums = make([]micro.M, m.plan.width)
	if m.rollup != nil {
		s.contactOuts = make([]outcome, m.rollup.outs)
	}
	e := &s.env
	e.Accounts = make(cond.Record, len(m.fields))
	e.Contacts = make(cond.Record, len(m.contactFields))
	e.Lets = make(cond.Record, len(m.lets))
	e.Memo = make([]cond.Memo, 1+m.questions)
	e.Open = make([]bool, len(m.fields))
	e.OpenLets, e.LetSpans = make([]bool, len(m.lets)), make([]cond.Span, len(m.lets))
	e.Metrics = make([]float64, dsl.MetricDimension+len(m.dims))
	e.MetricLow, e.MetricHigh = make([]float64, len(e.Metrics)), make([]float64, len(e.Metrics))
	e.Grades = make([]string, 1+len(m.grades))
	e.GradeSets = make([][]string, 1+len(m.grades))
	s.gradeSets = make([][]string, 1+len(m.grades))
	return s
}

// release gives the scratch back without keeping contacts or logs alive.
func (m *Model) release(s *scratch) {
	s.src, s.bound.b, s.given, s.id, s.prev = nil, nil, nil, "", ""
	// What stays is one text or list for each field, until the next scoring.
	if len(s.contactIDs) > 0 || len(s.events) > 0 || len(m.lets) > 0 {
		clear(s.contactIDs)
		clear(s.bound.contacts)
		clear(s.env.Contacts)
		clear(s.env.Lets)
		clear(s.events)
		clear(s.arena)
		clear(s.departments)
	}
	s.env.Texts, s.env.Lists = nil, nil
	s.faults, s.traced, s.tabled, s.taken, s.held = nil, false, false, nil, nil
	m.pool.Put(s)
}

// run scores the account into the scratch.
func (s *scratch) run(a Account, at time.Time) {
	s.load(&a, at)
	s.rollUp()
	s.conclude()
}

// rollUp scores the contacts and rolls them up.
func (s *scratch) rollUp() {
	s.order = s.order[:0]
	if s.m.rollup != nil {
		s.m.rollup.run(s)
	}
}

// conclude works out everything that follows from the account's values and
// its contacts.
func (s *scratch) conclude() {
	m := s.m
	s.meter()
	s.compute()
	for i := range m.dims {
		d, o := &m.dims[i], &s.dims[i]
		switch {
		case !s.traced:
			m.plan.dims[i].run(d, s, i)
		case s.tabled:
			s.tracer.run(d, o, i)
		default:
			*o = d.run(s)
		}
		if m.metering {
			s.metric(dsl.MetricDimension+i, o.shown)
		}
	}
	s.total = m.total(s.dims)
	s.score = m.publishable(s.total)
	if m.metering {
		s.metric(dsl.MetricScore, s.score)
	}
	s.grade()
	s.tier = s.decide()
	if !s.traced {
		s.unknown = m.plan.unknowns(s)
		return
	}
	s.unknown = 0
	for i := range s.outs {
		s.unknown += ordinal(s.outs[i].truth == cond.Unknown)
	}
}

// meter makes what the contacts came to readable to conditions.
func (s *scratch) meter() {
	if s.m.metering {
		s.metric(dsl.MetricContacts, whole(s.headcount))
		s.metric(dsl.MetricEngaged, whole(s.rollup.threads))
		s.metric(dsl.MetricSenior, whole(s.rollup.senior))
		s.metric(dsl.MetricCompleteness, certain(s.rollup.completeness))
	}
}

// compute works out the lets.
func (s *scratch) compute() {
	m, e := s.m, &s.env
	for i := range m.lets {
		if m.lets[i].read {
			e.Lets[i] = m.lets[i].Eval(e)
			if e.OpenLets[i] = false; s.open {
				e.OpenLet(i, m.lets[i].Node)
			}
		}
	}
}

// publishable clamps and rounds a total.
func (m *Model) publishable(total span) span {
	at := total.at.Clamp(m.lo, m.hi).Round(m.decimals)
	if total.low == total.at && total.high == total.at {
		return certain(at)
	}
	return span{at, total.low.Clamp(m.lo, m.hi).Round(m.decimals), total.high.Clamp(m.lo, m.hi).Round(m.decimals)}
}

func certain(p micro.M) span { return span{p, p, p} }

func whole(n int) span { return certain(micro.M(n) * micro.One) }

// metric makes a number of the scoring readable to conditions, if any reads
// it.
func (s *scratch) metric(slot int, p span) {
	if !s.m.metered[slot] {
		return
	}
	e, at := &s.env, p.at.Float()
	e.Metrics[slot], e.MetricLow[slot], e.MetricHigh[slot] = at, at, at
	if p.low != p.at || p.high != p.at {
		e.MetricLow[slot], e.MetricHigh[slot] = p.low.Float(), p.high.Float()
	}
}

// run works out the dimension without any table.
func (d *dimension) run(s *scratch) dimensionOutcome {
	var o dimensionOutcome
	e, first := &s.env, d.first
	for g := range d.groups {
		gr := &d.groups[g]
		outs := s.outs[gr.index : gr.index+len(gr.rules)]
		p, winner := gr.eval(e, s, outs)
		s.points[first+g], s.winners[first+g] = certain(p), winner
		o.sum.at = o.sum.at.Add(p)
	}
	o.sum.low, o.sum.high = o.sum.at, o.sum.at
	if s.open {
		o.sum.low, o.sum.high = d.spread(s, s.points[first:first+len(d.groups)])
	}
	if d.contacts != nil {
		o.sum = o.sum.add(certain(s.rollup.points)).add(certain(s.rollup.bonus))
	}
	d.finish(s, &o)
	return o
}

// finish takes a dimension from the sum of its lines to what it shows.
func (d *dimension) finish(s *scratch, o *dimensionOutcome) {
	o.scaled = o.sum
	for i := range d.scales {
		o.scaled = d.scales[i].apply(s, o.scaled)
	}
	d.clamp(o)
}

// clamp takes a dimension from its scaled sum to what it shows.
func (d *dimension) clamp(o *dimensionOutcome) {
	if at := o.scaled.at; o.scaled.low == at && o.scaled.high == at {
		at = at.Clamp(d.lo, d.hi)
		o.points, o.shown = certain(at), certain(d.show(at))
		return
	}
	o.points = o.scaled.each(func(p micro.M) micro.M { return p.Clamp(d.lo, d.hi) })
	o.shown = o.points.each(d.show)
}

// show gives points as they are shown: 0–100 with "out of".
func (d *dimension) show(p micro.M) micro.M {
	if d.outOf == 0 || d.outOf == 100*micro.One {
		return p
	}
	return p.MulDiv(100*micro.One, d.outOf)
}

// apply scales a sum by what its condition comes to.
func (c *scale) apply(s *scratch, p span) span {
	truth := c.when.Truth(&s.env)
	s.outs[c.index] = outcome{truth: truth}
	a := answer{1 << truth, 1 << truth}
	if s.open {
		a.may = c.when.Possible(&s.env)
	}
	return c.multiply(p, a)
}

// multiply multiplies by the scale's factor where its condition holds; where it
// could go either way the range takes both.
func (c *scale) multiply(p span, when answer) span {
	var h hull
	if when.may.Has(cond.True) {
		h.add(p.low.Mul(c.factor))
		h.add(p.high.Mul(c.factor))
	}
	if when.may != cond.MayBeTrue {
		h.add(p.low)
		h.add(p.high)
	}
	if when.is == cond.MayBeTrue {
		p.at = p.at.Mul(c.factor)
	}
	return span{p.at, h.low, h.high}
}

// total adds the dimensions up, weighted where the ruleset gives weights.
func (m *Model) total(dims []dimensionOutcome) span {
	var t span
	for i := range m.dims {
		if !m.dims[i].unscored {
			t = t.add(m.share(i, &dims[i]))
		}
	}
	return t
}

// share is what a dimension brings to the total.
func (m *Model) share(i int, d *dimensionOutcome) span {
	if !m.weighted {
		return d.points
	}
	w := m.dims[i].weight
	if at := d.shown.at; d.shown.low == at && d.shown.high == at {
		return certain(w.Mul(at))
	}
	p := d.shown.each(w.Mul)
	if w < 0 {
		p.low, p.high = p.high, p.low
	}
	return p
}

// publish writes the result.
func (s *scratch) publish(r *Result) {
	m := s.m
	dims, labels := r.Dimensions[:0], r.Labels[:0]
	r.AccountID, r.At, r.ModelHash = s.id, s.at, m.hash
	r.Score, r.Low, r.High = s.score.floats()
	r.Tier, r.TierCertain, r.Reason, r.Grade = s.tier.tier, s.tier.certain, s.tier.reason, s.env.Grades[0]
	r.Contacts, r.Engaged, r.SeniorEngaged = s.headcount, s.rollup.threads, s.rollup.senior
	r.Completeness, r.Unknown, r.Invalid = s.rollup.completeness.Float(), s.unknown, s.invalid
	for i := range m.dims {
		at, low, high := s.dims[i].shown.floats()
		dims = append(dims, DimensionScore{Name: m.dims[i].name, Points: at, Low: low, High: high, Max: m.dims[i].limit})
	}
	for i := range m.grades {
		labels = append(labels, Label{m.grades[i].label, s.env.Grades[1+i]})
	}
	for i := range m.ladders {
		labels = append(labels, Label{m.ladders[i].name, s.climb(m.ladders[i].tiers).tier})
	}
	r.Dimensions, r.Labels = dims, labels
}

// floats gives the span's numbers.
func (p span) floats() (at, low, high float64) {
	at = p.at.Float()
	if p.low == p.at && p.high == p.at {
		return at, at, at
	}
	return at, p.low.Float(), p.high.Float()
}

// most is the most that the dimension can show, 0 where it has no limit.
func (d *dimension) most() float64 {
	switch {
	case d.outOf > 0:
		return d.show(d.hi).Float()
	case d.hi == micro.Max:
		return 0
	}
	return d.hi.Float()
}
