package accountscore

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Facts is what can be said of a model without any account: how far its
// numbers can go, and what its rules cost.
type Facts struct {
	// Rules counts the rules, each rule of a group too. Lines counts them as
	// people do who weigh up a model: a group is one line.
	Rules int `json:"rules"`
	Lines int `json:"lines"`
	// Score is what the published score can be.
	Score Range `json:"score"`
	// Dimensions are in the model's order.
	Dimensions []DimensionFacts `json:"dimensions,omitempty"`
	// Costs are the rules, the dearest first; rules of one cost are in the
	// model's order.
	Costs []RuleCost `json:"costs,omitempty"`
	// ByColumns tells whether [Model.ScoreTable] goes through columns. Otherwise
	// it scores row by row, which takes about as long as a [Scorer] does.
	ByColumns bool `json:"by_columns,omitempty"`
}

// Range is the least and the most that a number can be, whatever the account.
// No account leaves it; the Low and High of a result, which allow for the
// rounding of ramps, may do so by some millionths. It is as tight as what rules say of a field by itself
// allows: rules over one and the same field are taken together, rules over
// several fields by themselves. An end that nothing limits is infinite, and
// null in JSON; one rule alone never earns more than ±1,000,000.
type Range struct {
	Min, Max float64
}

// MarshalJSON writes {"min": …, "max": …}, null for an end that is infinite.
func (r Range) MarshalJSON() ([]byte, error) {
	end := func(f float64) *float64 {
		if math.IsInf(f, 0) {
			return nil
		}
		return &f
	}
	return json.Marshal(struct {
		Min *float64 `json:"min"`
		Max *float64 `json:"max"`
	}{end(r.Min), end(r.Max)})
}

// UnmarshalJSON takes what MarshalJSON gives.
func (r *Range) UnmarshalJSON(b []byte) error {
	var ends struct{ Min, Max *float64 }
	if err := json.Unmarshal(b, &ends); err != nil {
		return err
	}
	*r = Range{math.Inf(-1), math.Inf(1)}
	if ends.Min != nil {
		r.Min = *ends.Min
	}
	if ends.Max != nil {
		r.Max = *ends.Max
	}
	return nil
}

// DimensionFacts is what can be said of one dimension.
type DimensionFacts struct {
	Name string `json:"name"`
	// Points is what the dimension can show: 0–100 with "out of", else points.
	Points Range `json:"points"`
}

// Form is how a scoring gets at what a rule earns. The compiler chooses it for
// each rule, or group, by what it says; scores are the same in every form. The
// benchmark BenchmarkForms measures what each costs.
type Form string

// The forms, the cheapest first.
const (
	// FormRow is that of rules that read one field and compare it with
	// constants. All such rules of a field stand in one table, in a row for
	// each class of its values: however many there are, they take one search
	// and one row. A test such as contains or matches is asked once for all
	// rules that ask it.
	FormRow Form = "row"
	// FormLookUp is that of rules and groups that compare several fields with
	// constants: their table has an entry for each combination of classes.
	// Each takes one look-up.
	FormLookUp Form = "look-up"
	// FormTree is that of what no table holds: arithmetic between fields,
	// lets, ramps, "per", activities, functions, whatever reads contacts, and
	// groups and lists of fields with more combinations than a table may have.
	// Such a rule is evaluated part by part at every scoring, and takes about
	// its Cost. What else the model says is looked up all the same, unless
	// something reads activities or contacts.
	FormTree Form = "tree"
	// FormProgram is a tree of which some part runs on expr's virtual machine,
	// see [RuleCost.Programs]. One such rule costs more than many others.
	FormProgram Form = "program"
)

// RuleCost is what evaluating one rule takes.
type RuleCost struct {
	Rule string  `json:"rule"` // its name, as in [Model.Fields]
	Pos  dsl.Pos `json:"-"`
	// Form is how a scoring gets at what the rule earns. What follows is what an
	// evaluation takes that no table saves, as explanations do.
	Form Form `json:"form"`
	// Nodes counts the parts of its formulas, lets and filters included.
	Nodes int `json:"nodes"`
	// Logs counts how often it goes through the log of activities.
	Logs int `json:"logs,omitempty"`
	// Patterns counts regular expressions.
	Patterns int `json:"patterns,omitempty"`
	// Calls counts calls of functions that the caller brought.
	Calls int `json:"calls,omitempty"`
	// Programs counts the parts that run on expr's virtual machine because
	// their form is too rare to have an evaluator of its own.
	Programs int `json:"programs,omitempty"`
	// Cost orders rules: about how many nodes all of it is worth, with a log of
	// ten activities. It is a rule of thumb, and may change.
	Cost int `json:"cost"`
}

// Facts works out what can be said of the model without any account.
func (m *Model) Facts() Facts {
	m = m.made()
	s := m.statics()
	f := Facts{Score: publicRange(s.score), ByColumns: m.columns() != nil}
	for i := range m.dims {
		d := &m.dims[i]
		f.Dimensions = append(f.Dimensions, DimensionFacts{Name: d.name, Points: publicRange(s.dims[i])})
		lines := d.lines()
		f.Lines += len(lines)
		for g := range lines {
			form := FormTree
			if d.contacts == nil {
				form = m.plan.dims[i].form(g)
			}
			for r := range lines[g].rules {
				f.Rules++
				c := m.cost(&lines[g].rules[r])
				if c.Form = form; c.Programs > 0 {
					c.Form = FormProgram
				}
				f.Costs = append(f.Costs, c)
			}
		}
	}
	slices.SortStableFunc(f.Costs, func(a, b RuleCost) int { return cmp.Compare(b.Cost, a.Cost) })
	return f
}

// lines gives the groups of a dimension, those over contacts too.
func (d *dimension) lines() []group {
	if d.contacts != nil {
		return d.contacts.groups
	}
	return d.groups
}

func publicRange(r reach) Range {
	end := func(p micro.M) float64 {
		switch p {
		case micro.Max:
			return math.Inf(1)
		case micro.Min:
			return math.Inf(-1)
		}
		return p.Float()
	}
	return Range{end(r.low), end(r.high)}
}

// What the parts of a rule cost, in nodes of some 5 ns each, rounded: see
// BenchmarkRuleCost.
const (
	costLog     = 30
	costPattern = 80
	costCall    = 70
	costProgram = 170
)

func (m *Model) cost(r *rule) RuleCost {
	c := RuleCost{Rule: r.id, Pos: r.src.Pos}
	lets := make([]bool, len(m.lets))
	var visit func(n *cond.Node)
	visit = func(n *cond.Node) {
		n.Walk(func(n *cond.Node) {
			c.Nodes++
			switch n.Op {
			case cond.Count, cond.Any, cond.Sum, cond.Since:
				c.Logs++
			case cond.Matches:
				c.Patterns++
			case cond.Call, cond.Foreign:
				c.Calls++
			case cond.VM:
				c.Programs++
			case cond.Field:
				if n.Space == cond.Computed && !lets[n.Slot] {
					lets[n.Slot] = true
					visit(m.lets[n.Slot].Node)
				}
			}
		})
	}
	visit(r.when)
	visit(r.of)
	visit(r.per)
	if r.signal != nil {
		c.Logs++
		visit(r.signal.log.Where)
	}
	if r.table != nil {
		c.Nodes += len(r.table.entries)
	}
	c.Cost = c.Nodes + costLog*c.Logs + costPattern*c.Patterns + costCall*c.Calls + costProgram*c.Programs
	return c
}

// reach is the least and the most that an amount can be. The ends of micro.M
// stand for what nothing limits, and stay what they are under factors.
type reach struct{ low, high micro.M }

func (r reach) add(q reach) reach { return reach{plus(r.low, q.low), plus(r.high, q.high)} }

// scaled multiplies by a factor that is not negative.
func (r reach) scaled(f micro.M) reach { return reach{times(r.low, f), times(r.high, f)} }

func (r reach) clamp(lo, hi micro.M) reach { return reach{r.low.Clamp(lo, hi), r.high.Clamp(lo, hi)} }

func (r reach) union(q reach) reach { return reach{min(r.low, q.low), max(r.high, q.high)} }

func unlimited(p micro.M) bool { return p == micro.Max || p == micro.Min }

// plus adds two ends of ranges of one side.
func plus(p, q micro.M) micro.M {
	switch {
	case unlimited(p):
		return p
	case unlimited(q):
		return q
	}
	return p.Add(q)
}

func times(p, f micro.M) micro.M {
	switch {
	case f == 0:
		return 0
	case unlimited(p) && f < 0:
		return -p
	case unlimited(p):
		return p
	}
	return p.Mul(f)
}

// statics is what every number of a scoring can be, whatever the account.
type statics struct {
	m     *Model
	env   cond.Env
	dims  []reach // as shown
	score reach

	contacts statContacts
}

// statContacts is what the contacts can come to.
type statContacts struct {
	score           reach // of one contact
	points          reach // R and the bonus
	engaged, senior bool  // some contact can be
}

// The metrics of the logs stand behind those of the model: what an opened
// formula reads in place of a question to the log.
const (
	openCount = iota
	openSum
	openSince
	openMetrics
)

func (m *Model) statics() *statics {
	s := &statics{m: m, dims: make([]reach, len(m.dims))}
	n := dsl.MetricDimension + len(m.dims)
	e := &s.env
	fields := len(m.fields) + len(m.contactFields)
	e.Accounts, e.Open = make(cond.Record, fields), slices.Repeat([]bool{true}, max(fields, 1))
	e.Lets, e.OpenLets, e.LetSpans = make(cond.Record, len(m.lets)), make([]bool, len(m.lets)), make([]cond.Span, len(m.lets))
	e.Metrics = make([]float64, n+openMetrics)
	e.MetricLow, e.MetricHigh = make([]float64, n+openMetrics), make([]float64, n+openMetrics)
	e.Grades, e.GradeSets = make([]string, 1+len(m.grades)), make([][]string, 1+len(m.grades))
	e.MetricHigh[n+openCount] = math.Inf(1)
	e.MetricLow[n+openSum], e.MetricHigh[n+openSum] = math.Inf(-1), math.Inf(1)
	e.MetricHigh[n+openSince] = math.Inf(1)
	e.MetricHigh[dsl.MetricContacts] = math.Inf(1)
	if m.rollup != nil {
		s.rollup(m.rollup)
	}
	for i := range m.lets {
		e.OpenLet(i, s.open(m.lets[i].Node))
	}
	total := reach{}
	for i := range m.dims {
		d := &m.dims[i]
		points, shown := s.dimension(d)
		s.dims[i] = shown
		s.metric(dsl.MetricDimension+i, shown)
		switch {
		case d.unscored:
		case m.weighted:
			total = total.add(shown.scaled(d.weight))
		default:
			total = total.add(points)
		}
	}
	s.score = total.clamp(m.lo, m.hi)
	s.score = reach{published(s.score.low, m.decimals), published(s.score.high, m.decimals)}
	s.metric(dsl.MetricScore, s.score)
	s.grades()
	return s
}

// published rounds an end of the score.
func published(p micro.M, decimals int) micro.M {
	if unlimited(p) {
		return p
	}
	return p.Round(decimals)
}

func (s *statics) metric(slot int, r reach) {
	p := publicRange(r)
	s.env.Metrics[slot], s.env.MetricLow[slot], s.env.MetricHigh[slot] = p.Min, p.Min, p.Max
}

// grades lists every letter that the dimensions can come to.
func (s *statics) grades() {
	m := s.m
	joined := []string{""}
	for i := range m.grades {
		g := &m.grades[i]
		r := s.dims[g.dim]
		var letters []string
		for _, l := range g.letters(nil, span{r.low, r.low, r.high}) {
			if name := g.name(l); !slices.Contains(letters, name) {
				letters = append(letters, name)
			}
		}
		s.env.GradeSets[1+i], s.env.Grades[1+i] = letters, letters[0]
		var next []string
		for _, head := range joined {
			for _, l := range letters {
				next = append(next, head+l)
			}
		}
		joined = next
	}
	s.env.GradeSets[0], s.env.Grades[0] = joined, joined[0]
}

// dimension gives the points of a dimension after its clamp, and as shown.
func (s *statics) dimension(d *dimension) (points, shown reach) {
	sum := reach{}
	if d.contacts != nil {
		sum = s.contacts.points
	}
	together := map[int]bool{}
	for i := range d.axes {
		a := &d.axes[i]
		if len(a.static) > 0 {
			sum = sum.add(reach{a.low, a.high})
		}
		for _, g := range a.static {
			together[g] = true
		}
	}
	for g := range d.groups {
		if !together[g] {
			sum = sum.add(s.group(&d.groups[g]))
		}
	}
	for i := range d.scales {
		may := s.open(d.scales[i].when).Possible(&s.env)
		with := sum.scaled(d.scales[i].factor)
		switch {
		case may == cond.MayBeTrue:
			sum = with
		case may.Has(cond.True):
			sum = sum.union(with)
		}
	}
	points = sum.clamp(d.lo, d.hi)
	shown = points
	if d.outOf > 0 {
		of := func(p micro.M) micro.M { return p.MulDiv(100*micro.One, d.outOf) }
		shown = reach{of(points.low), of(points.high)}
	}
	return points, shown
}

// group gives what a group can earn, each of its rules taken by itself.
func (s *statics) group(g *group) reach {
	if g.kind == "" || g.kind == dsl.SumOf {
		sum := reach{}
		for i := range g.rules {
			sum = sum.add(s.rule(&g.rules[i]).earned)
		}
		return sum.clamp(g.lo, g.hi)
	}
	var reached hull
	least, certain := micro.M(0), false // of the rules that always hold
	for i := range g.rules {
		r := s.rule(&g.rules[i])
		if !r.may.Has(cond.True) {
			continue
		}
		reached.add(r.held.low)
		reached.add(r.held.high)
		if r.may != cond.MayBeTrue {
			continue
		}
		if g.kind == dsl.FirstOf {
			return reach{reached.low, reached.high}
		}
		if !certain || r.held.low > least {
			least, certain = r.held.low, true
		}
	}
	if certain {
		return reach{least, reached.high}
	}
	reached.add(0)
	return reach{reached.low, reached.high}
}

// ruleReach is what a rule can come to.
type ruleReach struct {
	may    cond.Outcomes
	earned reach
	held   reach // where it holds
}

func (s *statics) rule(r *rule) ruleReach {
	if r.signal != nil {
		p := r.signalReach()
		return ruleReach{cond.MayBeTrue | cond.MayBeFalse, p, p}
	}
	open := *r
	open.when, open.of, open.per = s.open(r.when), s.open(r.of), s.open(r.per)
	open.reads = []int{0} // so that it varies, be it with the log alone
	var out ruleReach
	out.earned.low, out.earned.high = open.spread(&s.env)
	out.may = open.mayHold(&s.env, cond.Unknown)
	if out.may.Has(cond.True) {
		out.held.low, out.held.high = open.held(&s.env, nil)
	}
	return out
}

// signalReach is what an "each" or "latest" line can earn: nothing without an
// activity, and without a bound as much as a rule may.
func (r *rule) signalReach() reach {
	g := r.signal
	p := reach{-maxRulePoints, maxRulePoints}
	switch {
	case r.points == 0:
		return reach{}
	case g.perValue:
	case g.latest:
		p = reach{min(r.points, 0), max(r.points, 0)}
	case r.points > 0:
		p.low = 0
	default:
		p.high = 0
	}
	if g.limited {
		days := int64(1)
		if !g.latest && g.log.Window >= 0 {
			days += (g.log.Window + cond.Day - 1) / cond.Day
		}
		if g.latest || g.log.Window >= 0 {
			most := g.daily.MulDiv(micro.M(days), 1)
			p = p.clamp(-most, most)
		}
	}
	return p.clamp(r.lo, r.hi).clamp(-maxRulePoints, maxRulePoints)
}

// open gives a formula in which everything that an account brings could be
// anything: every field is one that is missing, and a question to the log
// reads a metric that nothing limits.
func (s *statics) open(n *cond.Node) *cond.Node {
	if n == nil {
		return nil
	}
	first := len(s.env.Metrics) - openMetrics
	metric := func(slot int) *cond.Node {
		return &cond.Node{Op: cond.Metric, Type: cond.Number, Slot: first + slot, Src: n.Src}
	}
	switch n.Op {
	case cond.Const:
		return n
	case cond.Field:
		return s.missing(n)
	case cond.Count:
		return metric(openCount)
	case cond.Any:
		return &cond.Node{Op: cond.Gt, Type: cond.Bool, Args: []*cond.Node{metric(openCount), {Op: cond.Const, Type: cond.Number}}, Src: n.Src}
	case cond.Sum:
		return metric(openSum)
	case cond.Since:
		return metric(openSince)
	}
	c := *n
	c.Args = make([]*cond.Node, len(n.Args))
	for i, a := range n.Args {
		c.Args[i] = s.open(a)
	}
	return &c
}

// missing gives the field that stands for one: those of contacts stand behind
// those of the account.
func (s *statics) missing(n *cond.Node) *cond.Node {
	c := &cond.Node{Op: cond.Field, Type: n.Type, Space: n.Space, Slot: n.Slot, Set: n.Set, Src: n.Src}
	if n.Space == cond.Contact {
		c.Space, c.Slot = cond.Account, len(s.m.fields)+n.Slot
	}
	return c
}

// rollup works out what the contacts of an account can come to.
func (s *statics) rollup(r *rollup) {
	c := &s.contacts
	base, signals := reach{}, reach{}
	if r.score != nil {
		lo, hi, known, _ := s.open(r.score).Bounds(&s.env)
		if known {
			base = reach{min(0, micro.Of(lo)), max(0, micro.Of(hi))}.clamp(-maxContactScore, maxContactScore)
		}
	}
	for i := range r.groups {
		if g := &r.groups[i]; g.signals() {
			signals = signals.add(s.group(g))
		} else {
			base = base.add(s.group(g))
		}
	}
	if r.since >= 0 {
		base = base.union(reach{})
	}
	c.score = base.add(signals).clamp(0, r.cap)
	c.engaged = c.score.high >= r.engaged
	weights := r.weightSet()
	c.senior = c.engaged && r.weightOf != nil && slices.Max(weights) > micro.One
	if c.engaged {
		s.env.MetricHigh[dsl.MetricEngaged] = math.Inf(1)
	}
	if c.senior {
		s.env.MetricHigh[dsl.MetricSenior] = math.Inf(1)
	}
	if len(r.roles) > 0 && (c.engaged || r.assigned) {
		s.env.MetricHigh[dsl.MetricCompleteness] = 100
	}
	c.points = r.combined(c.score.high, weights)
	c.points = c.points.add(r.bonusReach(c.points, c.engaged))
}

// weightSet gives every weight that a contact can have.
func (r *rollup) weightSet() []micro.M {
	if r.weightOf == nil {
		return []micro.M{micro.One}
	}
	var set []micro.M
	if !r.weights.covers() {
		set = append(set, micro.One)
	}
	for _, e := range r.weights.entries {
		set = append(set, e.points)
	}
	return set
}

// combined gives what contacts can come to together, of which each scores at
// most so much; there may be any number of them, or none.
func (r *rollup) combined(most micro.M, weights []micro.M) reach {
	var one reach // the weighted score of one contact
	for _, w := range weights {
		one.low, one.high = min(one.low, w.Mul(most)), max(one.high, w.Mul(most))
	}
	each := func(f func(p micro.M) micro.M) reach { return reach{f(one.low), f(one.high)} }
	endless := func(p micro.M) micro.M {
		switch {
		case p > 0:
			return micro.Max
		case p < 0:
			return micro.Min
		}
		return 0
	}
	switch r.combine.Kind {
	case dsl.Ranked:
		if r.combine.Factor >= 1 {
			return each(endless)
		}
		shares := micro.M(0)
		for _, f := range r.ranks {
			shares += f
		}
		return each(shares.Mul)
	case dsl.Sum:
		return each(endless)
	case dsl.Top:
		return each(func(p micro.M) micro.M { return p.MulDiv(micro.M(r.combine.N), 1) })
	case dsl.Best:
		first := micro.Of(r.combine.Factor)
		return one.union(each(func(p micro.M) micro.M { return first.Mul(p).Add((micro.One - first).Mul(p)) }))
	case dsl.WeightedMean:
		mean := reach{}
		for _, w := range weights {
			switch {
			case w < 0:
				return reach{micro.Min, micro.Max} // the weights may cancel out
			case w > 0:
				mean.high = max(mean.high, w.Mul(most).Div(w))
			}
		}
		return mean
	}
	return one
}

// bonusReach gives what the multi-thread bonus can be.
func (r *rollup) bonusReach(points reach, engaged bool) reach {
	bonus := reach{}
	if !engaged {
		return bonus
	}
	if r.bonus != nil {
		return points.scaled(slices.Max(r.bonus))
	}
	for _, step := range r.steps {
		p := micro.Of(step.Points)
		bonus = bonus.union(reach{p, p})
	}
	return bonus
}
