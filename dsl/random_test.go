package dsl

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// random makes nodes and rulesets that the language can say, from a seed.
type random struct{ *rand.Rand }

func newRandom(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 7))} }

func pick[T any](r random, choices ...T) T { return choices[r.IntN(len(choices))] }

func (r random) chance(percent int) bool { return r.IntN(100) < percent }

func maybe[T any](r random, f func() T) *T {
	if r.chance(50) {
		return nil
	}
	v := f()
	return &v
}

func several[T any](r random, most int, f func() T) []T {
	var vs []T
	for range r.IntN(most + 1) {
		vs = append(vs, f())
	}
	return vs
}

func some[T any](r random, most int, f func() T) []T {
	return append([]T{f()}, several(r, most-1, f)...)
}

// ident gives a name; several are words of the language, which are names
// where they can be nothing else.
func (r random) ident() string {
	return pick(r, "employees", "revenue", "x", "_a1", "tech_stack", "cap", "score", "weight", "play", "case", "Size", "last", "points", "review")
}

// text gives a text of any kind, hostile ones included.
func (r random) text() string {
	return pick(r, "", "Healthcare", "US", "none", "two words", `say "hi"`, `C:\dir`, "line\nbreak", "tab\there", "it’s “smart”",
		"a, b]", "# no comment", "x // y", "AT&T", "a - b", "C#", "O'Brien", "94105", "true", "null", "OR", "é—日本", "\u00a0nbsp\u00a0",
		" edges ", "a  b", "f(x)", "→ +50", "}", "\x01\x7f", "\U0001F600", "\u2028", "2026-10-01", "`tick`", "x\r\ny", "mid-size", "-", "a\\")
}

func (r random) word() string {
	if s := r.text(); s != "" {
		return s
	}
	return "word"
}

func (r random) number() float64 {
	return pick(r, 0, 1, 2.5, 10, 60, 100, 0.1, 1e6, 2.5e6, 30.1e6, 50e6, 1e9, 1234567, 0.000001, 4503599627370497.5, 9007199254740992, 1e21, 3e-7)
}

func (r random) signed() float64 {
	if n := r.number(); n != 0 && r.chance(30) {
		return -n
	}
	return r.number()
}

// amount gives a number that is no finer than points are.
func (r random) amount() float64 {
	return pick(r, 0, 1, 2.5, 10, 60, 100, -5, 1e6, 2.5e6, 30.1e6, 1e9, 1234567, 0.000001)
}

func (r random) points() float64 { return pick(r, 0, 1, 5, -10, 50, 2.5, -0.000001, 1e6) }

func (r random) day() Date {
	return Date{Time: time.Date(2020+r.IntN(10), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC), Whole: true}
}

func (r random) date() Date {
	d := r.day()
	if r.chance(30) {
		d = Date{Time: d.Time.Add(time.Duration(r.IntN(86400)) * time.Second)}
	}
	return d
}

func (r random) duration() Duration {
	return Duration(pick(r, 24*time.Hour, 30*24*time.Hour, 90*24*time.Hour, 12*time.Hour, 36*time.Hour, 48*time.Hour))
}

func (r random) days() int { return 1 + r.IntN(90) }

func (r random) value() Value {
	switch r.IntN(7) {
	case 0:
		return Value{Kind: NumberValue, Number: r.signed()}
	case 1, 2:
		return Value{Kind: TextValue, Text: r.text()}
	case 3:
		return Value{Kind: BoolValue, Bool: r.chance(50)}
	case 4:
		return Value{Kind: ListValue, List: several(r, 4, r.text)}
	case 5:
		return Value{Kind: DateValue, Date: r.date()}
	}
	return Value{}
}

// present gives a value that is not null.
func (r random) present() Value {
	for {
		if v := r.value(); v.Kind != NullValue {
			return v
		}
	}
}

// node gives an expression of at most the depth.
func (r random) node(depth int) Node {
	if depth <= 0 {
		return r.leaf()
	}
	sub := func() Node { return r.node(depth - 1) }
	switch r.IntN(12) {
	case 0:
		return &Unary{Op: pick(r, OpNot, OpNot, OpSub, OpAdd), X: sub()}
	case 1, 2:
		return &Binary{Op: pick(r, OpOr, OpAnd), X: sub(), Y: sub()}
	case 3, 4:
		return &Binary{Op: pick(r, OpEq, OpNe, OpLt, OpLe, OpGt, OpGe), X: sub(), Y: sub()}
	case 5:
		return &Binary{Op: pick(r, OpAdd, OpSub, OpMul, OpDiv, OpMod, OpElse), X: sub(), Y: sub()}
	case 6:
		return r.membership(sub)
	case 7:
		op := pick(r, OpContains, OpStarts, OpEnds, OpMatches)
		return &Binary{Op: op, Not: r.chance(40), X: sub(), Y: &Text{Value: r.text()}}
	case 8:
		return &Test{Is: pick(r, IsKnown, IsMissing, IsEmpty), Not: r.chance(40), X: sub()}
	case 9:
		return &Ternary{If: sub(), Then: sub(), Else: sub()}
	case 10:
		return r.call(sub)
	}
	return &Chain{Ops: []Op{pick(r, OpLt, OpLe), pick(r, OpLt, OpLe)}, X: []Node{sub(), sub(), sub()}}
}

func (r random) leaf() Node {
	switch r.IntN(8) {
	case 0:
		return &Text{Value: r.text()}
	case 1:
		return &Bool{Value: r.chance(50)}
	case 2:
		return &DateLit{Date: r.date()}
	case 3, 4:
		return r.numberNode()
	}
	return &Name{Ident: r.name()}
}

// name gives a name that stands alone in a condition.
func (r random) name() string {
	return pick(r, "employees", "revenue", "x", "_a1", "Healthcare", "tech_stack", "cap", "score", "fit")
}

func (r random) numberNode() Node {
	n := &Number{Value: r.number()}
	if n.Value == 10e6 || r.chance(30) {
		n.Value, n.Source = 10e6, pick(r, "10M", "10 million", "$10M", "10,000,000", "10_000_000", "1e7")
	}
	if r.chance(20) {
		n.Value, n.Source = 0.6, "60%"
	}
	return n
}

func (r random) membership(sub func() Node) Node {
	b := &Binary{Op: OpIn, X: sub(), Not: r.chance(40)}
	switch r.IntN(5) {
	case 0:
		b.Y = &Name{Ident: r.name()}
	case 1:
		b.Y = &Interval{Lo: r.numberNode(), Hi: &Number{Value: 1e22}}
		if r.chance(50) {
			b.Y = &Interval{Lo: &Number{Value: -r.number() - 1}, Hi: &Name{Ident: r.name()}}
		}
	case 2:
		b.Op, b.Y = OpWithin, &DurationLit{Value: time.Duration(r.duration())}
	default:
		b.Op = pick(r, OpIn, OpHasAny, OpHasAll, OpHasNone)
		if b.Op != OpIn {
			b.Not = false
		}
		list := &List{}
		for range r.IntN(4) {
			s := r.text()
			if printItem(s) == s {
				list.Items = append(list.Items, ListItem{Raw: s})
			} else {
				list.Items = append(list.Items, ListItem{Quoted: true, Text: s, Raw: quoteText(s)})
			}
		}
		b.Y = list
	}
	return b
}

func (r random) call(sub func() Node) Node {
	window := func() Node {
		if r.chance(30) {
			return nil
		}
		return &DurationLit{Value: time.Duration(r.duration())}
	}
	switch r.IntN(4) {
	case 0:
		return &Call{Func: pick(r, "min", "max"), Args: []Node{sub(), sub()}}
	case 1:
		return &Call{Func: pick(r, "abs", "round", "len"), Args: []Node{sub()}}
	case 2:
		list := &Name{Ident: r.name()}
		return &Call{Func: pick(r, "any", "all", "count"), Args: []Node{list, &Closure{Body: &Binary{Op: OpEq, X: &Element{}, Y: sub()}}}}
	}
	l := &Log{Func: pick(r, "count", "any", "sum"), Activity: Name{Ident: "webinar"}, ByAccount: r.chance(50), Where: sub(), Window: window()}
	if r.chance(30) {
		l.Where, l.ByAccount = nil, true
	}
	return l
}

func (r random) formula() Formula { return Formula{Text: printNode(r.node(r.IntN(4)))} }

func (r random) ruleset() *Ruleset {
	rs := &Ruleset{
		Params:     several(r, 3, func() Param { return Param{Name: r.ident(), Value: r.present()} }),
		Fields:     several(r, 4, r.field),
		Activities: several(r, 9, r.activity),
		Lets:       several(r, 2, func() Let { return Let{Name: r.ident(), Value: r.formula()} }),
		Dimensions: several(r, 3, r.dimension),
		Disqualify: several(r, 2, func() Disqualifier { return Disqualifier{When: r.formula(), Reason: r.text()} }),
		Grades:     several(r, 2, r.grading),
		Tiers:      several(r, 3, r.tier),
		Ladders:    several(r, 1, func() Ladder { return Ladder{Name: r.ident(), Tiers: some(r, 3, r.tier)} }),
		Triggers:   several(r, 3, r.trigger),
		Cases:      several(r, 3, r.caseOf),
	}
	if r.chance(50) {
		rs.Name, rs.Version = r.word(), r.text()
	}
	rs.Reasons = pick(r, "", "", ReasonsBelow, ReasonsAbove)
	if r.chance(50) {
		rs.Review = &Review{Every: r.duration(), From: maybe(r, r.day)}
	}
	if r.chance(50) {
		lo, round := r.amount(), r.IntN(7)
		rs.Score = &Published{Min: &lo, Max: maybe(r, r.amount)}
		if r.chance(50) {
			rs.Score.Round = &round
		}
	}
	if r.chance(20) {
		rs.Dimensions = []Dimension{{Name: "points", Items: some(r, 6, r.item)}}
	}
	if r.chance(20) {
		rs.Language = RulesLanguage
		if r.chance(50) {
			rs.Language = "cel"
			nameLanguages(rs)
		}
	}
	return rs
}

// nameLanguages makes the conditions of a ruleset what the parser makes of them
// where the ruleset has another language: those in ours say so.
func nameLanguages(rs *Ruleset) {
	name := func(r *Rule) {
		if !r.When.IsZero() && r.Language == "" {
			r.Language = RulesLanguage
		}
	}
	for i := range rs.Dimensions {
		for j := range rs.Dimensions[i].Items {
			item := &rs.Dimensions[i].Items[j]
			if item.Rule != nil {
				name(item.Rule)
				continue
			}
			for k := range item.Group.Rules {
				name(&item.Group.Rules[k])
			}
		}
	}
}

func (r random) field() Field {
	f := Field{
		Name: r.ident(), Type: pick(r, NumberType, TextType, BoolType, ListType, TimeType),
		From: r.text(), IgnoringCase: r.chance(30), Change: pick(r, "", Fixed, Enrichable, Actionable), Description: r.text(),
	}
	if r.chance(30) {
		f.StaleAfter, f.MissingAfter = r.duration(), r.duration()
	}
	if r.chance(30) {
		f.Default = new(Value)
		*f.Default = r.present()
	}
	if r.chance(30) {
		f.OneOf = some(r, 4, func() Value { return Value{Kind: TextValue, Text: r.text()} })
	}
	return f
}

func (r random) activity() ActivityType {
	return ActivityType{Name: r.ident(), Fields: several(r, 2, func() Field {
		return Field{Name: r.ident(), Type: pick(r, TextType, NumberType)}
	})}
}

func (r random) dimension() Dimension {
	d := Dimension{
		Name: r.ident(), Description: r.text(), OutOf: maybe(r, r.amount), Min: maybe(r, r.amount), Max: maybe(r, r.amount),
		Weight: maybe(r, r.share), Unscored: r.chance(20), Items: several(r, 6, r.item),
		Scales: several(r, 2, func() Scale { return Scale{Factor: r.share(), When: r.formula(), Reason: r.text()} }),
	}
	if r.chance(30) {
		d.Contacts = r.rollup()
	}
	return d
}

func (r random) share() float64 { return pick(r, 0.5, 0.1, 0.07, 0.333, 1.0/3, 1, 0.005, 0.29) }

func (r random) item() Item {
	if r.chance(80) {
		rule := r.rule()
		return Item{Rule: &rule}
	}
	g := &Group{Kind: pick(r, BestOf, FirstOf, SumOf), Name: r.text(), Rules: some(r, 3, r.rule)}
	if g.Kind == SumOf {
		g.Min, g.Max = maybe(r, r.points), maybe(r, r.points)
	}
	g.Baseline, g.Code = maybe(r, r.points), r.code()
	return Item{Group: g}
}

func (r random) code() string { return pick(r, "", "", "", "R01", "fit-2", "code", r.text()) }

func (r random) rule() Rule {
	rule := Rule{Label: pick(r, "", "", "size", "cap", "score", "a1"), Reason: r.text(), Code: r.code()}
	if r.chance(20) {
		rule.Baseline = maybe(r, r.points)
	}
	switch r.IntN(5) {
	case 0:
		rule.Of, rule.Ramp = r.formula(), &Ramp{From: r.points(), To: r.points(), Lo: -r.number(), Hi: 1e22}
	case 1:
		rule.Of, rule.Table = r.formula(), some(r, 4, r.entry)
	case 2:
		rule.Points, rule.Max = r.points(), maybe(r, r.points)
		rule.Signal = &Signal{
			Latest: r.chance(50), Activity: "webinar", ByAccount: r.chance(30), PerValue: r.chance(30), DailyMax: maybe(r, r.points),
		}
		if r.chance(50) {
			rule.Signal.Where = r.formula()
		}
		if r.chance(50) {
			rule.Signal.Within = r.duration()
		}
		switch r.IntN(3) {
		case 0:
			rule.Signal.HalfLife = r.days()
		case 1:
			rule.Signal.Linear = r.duration()
		}
	case 3:
		rule.When, rule.Points, rule.Else = r.formula(), r.points(), maybe(r, r.points)
		if r.chance(30) {
			// In another language the text is none of ours.
			rule.Language, rule.When = pick(r, "cel", "expr", "_x1"), Formula{Text: "x " + r.word()}
		}
	default:
		rule.When, rule.Points, rule.Per = r.formula(), r.points(), r.formula()
		rule.Max, rule.Min = maybe(r, r.points), maybe(r, r.points)
	}
	return rule
}

func (r random) key() Key {
	switch r.IntN(6) {
	case 0:
		return Key{Kind: KeyRange, Lo: r.signed(), Hi: 1e22}
	case 1:
		return Key{Kind: KeyFrom, Lo: r.signed()}
	case 2:
		return Key{Kind: KeyNumber, Lo: r.signed()}
	case 3:
		return Key{Kind: KeyMissing}
	case 4:
		return Key{Kind: KeyElse}
	}
	return Key{Kind: KeyText, Text: r.word()}
}

func (r random) entry() Entry { return Entry{Key: r.key(), Value: r.points()} }

func (r random) rollup() *Rollup {
	ru := &Rollup{Fields: several(r, 2, r.field), Cap: maybe(r, r.amount)}
	if r.chance(70) {
		ru.Score = r.formula()
	}
	if r.chance(50) {
		ru.Decay = &Decay{Since: r.ident(), HalfLife: r.days()}
		if r.chance(40) {
			ru.Decay.HalfLife, ru.Decay.Linear = 0, r.duration()
		}
		if r.chance(50) {
			ru.Decay.Within = r.duration()
		}
	}
	if r.chance(50) {
		ru.Weight = &Weighting{Of: r.formula(), Table: some(r, 4, func() Entry { return Entry{Key: r.key(), Value: r.amount()} })}
	}
	if r.chance(70) {
		ru.Combine = &Combine{Kind: pick(r, Ranked, Sum, Max, Top, Mean, WeightedMean, Best)}
		switch ru.Combine.Kind {
		case Ranked, Best:
			ru.Combine.Factor = r.share()
		case Top:
			ru.Combine.N = 1 + r.IntN(9)
		}
	}
	if r.chance(50) {
		ru.Engaged = &Engaged{AtLeast: r.amount(), DistinctBy: pick(r, "", "department")}
	}
	if r.chance(50) {
		ru.Bonus = &Bonus{Rate: r.share(), Falling: pick(r, 0, 0.5, 0.25)}
		if r.chance(40) {
			ru.Bonus = &Bonus{Steps: some(r, 3, func() Step { return Step{N: 1 + r.IntN(9), Points: r.points()} })}
		}
	}
	if r.chance(50) {
		ru.Committee = &Committee{Field: "role", Assigned: r.chance(50), Roles: some(r, 3, func() Role {
			return Role{Name: r.word(), Need: 1 + r.IntN(3)}
		})}
	}
	return ru
}

func (r random) grading() Grading {
	return Grading{Dimension: r.ident(), Steps: some(r, 4, func() GradeStep {
		key := r.key()
		for key.Kind == KeyText {
			key = r.key()
		}
		return GradeStep{Key: key, Grade: pick(r, "A", "B", "1", "2", "x y", "max")}
	})}
}

func (r random) tier() Tier {
	t := Tier{Name: r.word(), Hold: maybe(r, r.amount)}
	if r.chance(80) {
		t.When = r.formula()
	}
	t.Plays = several(r, 2, func() Play {
		return Play{Name: r.text(), Targeting: r.word(), Motion: r.text(), Metric: r.text()}
	})
	return t
}

func (r random) trigger() Trigger {
	t := Trigger{Name: "t" + fmt.Sprint(r.IntN(99)), Kind: pick(r, Rises, Falls, RisesTo, FallsTo, RisesBy, FallsBy, Reaches)}
	switch t.Kind {
	case Rises, Falls:
		t.On = "tier"
	case RisesTo, FallsTo:
		t.On, t.To = "tier", r.word()
	default:
		t.On, t.By = r.ident(), r.amount()
	}
	return t
}

func (r random) caseOf() Case {
	return Case{
		Name: r.word(), At: maybe(r, r.date), Was: r.text(), Values: several(r, 6, r.caseValue), Did: several(r, 2, r.did),
		Contacts: several(r, 2, func() CaseContact {
			return CaseContact{ID: r.word(), Values: several(r, 4, r.caseValue), Did: several(r, 2, r.did)}
		}),
		Expect: some(r, 9, func() Expectation {
			if r.chance(30) {
				return Expectation{Name: "tier", Text: r.word()}
			}
			n := r.signed()
			return Expectation{Name: pick(r, "score", "fit", "low", "engaged_contacts"), Number: &n}
		}),
	}
}

func (r random) caseValue() CaseValue {
	return CaseValue{Field: r.ident(), Value: r.value(), AsOf: maybe(r, r.day)}
}

func (r random) did() Did {
	return Did{
		Activity: "webinar", On: maybe(r, r.date), Value: maybe(r, r.amount), Times: r.IntN(4),
		Fields: several(r, 2, func() CaseValue { return CaseValue{Field: "page", Value: r.value()} }),
	}
}
