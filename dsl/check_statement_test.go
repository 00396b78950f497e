package dsl

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStatementErrors tries statements that do not fit together: line and
// code, and a word of the message or the fix.
func TestStatementErrors(t *testing.T) {
	const people = "dimension people from contacts {\n field role text one of [champion, user]\n field seen time\n"
	for _, tt := range []struct{ name, src, want, word string }{
		{"field twice", "field a number\nfield a text", "2 duplicate", "as a field"},
		{"param and field", "param a = 1\nfield a text", "2 duplicate", "as a param"},
		{"let and field", "field a number\nlet a = 1", "2 duplicate", "as a field"},
		{"reserved", "field score number", "1 duplicate", "language itself"},
		{"reserved with contacts", "field contacts number\n" + people + "score 5\n}", "1 duplicate", "language itself"},
		{"activity twice", "activity a, a", "1 duplicate", "twice"},
		{"value of an activity", "activity a (value number)", "1 duplicate", "language itself"},
		{"dimension twice", "dimension a { x → +1 }\ndimension a { x → +1 }", "2 duplicate", "twice"},
		{"label twice", "dimension a {\n  l: x → +1\n  l: y → +1\n}", "3 duplicate", "label"},
		{"group twice", "best of \"g\" { x → +1 }\nfirst of \"g\" { x → +1 }", "2 duplicate", "group"},
		{"tier twice", "tiers {\n a when score > 5\n a when score > 4\n}", "3 duplicate", "twice"},
		{"trigger twice", "trigger a when score rises by 1\ntrigger a when score falls by 1", "2 duplicate", "twice"},
		{"case twice", "case \"a\" { expect score 0 }\ncase \"a\" { expect score 0 }", "2 duplicate", "twice"},
		{"ladder twice", "tiers l { a when score > 1 }\ntiers l { a when score > 1 }", "2 duplicate", "twice"},
		{"ladder like the score", "dimension fit { x → +1 }\ntiers fit { a when score > 1 }", "2 duplicate", "name of the result"},
		{"dimension like a number of the result", "dimension unknown { x → +1 }", "1 duplicate", "name of the result"},
		{"dimension like a number of contacts", "dimension engaged_contacts { x → +1 }", "1 duplicate", "name of the result"},
		{"half of a count", "x → +1\ncase \"a\" { expect unknown 1.5 }", "2 value", "whole"},
		{"max of a signal below zero", "each visit → +1 max -5", "1 value", "max"},
		{"daily max below zero", "each visit → +1 daily max -5", "1 value", "daily max"},
		{"graded twice", "dimension fit { x → +1 }\ngrades fit { 1+: A, else: B }\ngrades fit { 1+: A, else: B }", "3 duplicate", "graded twice"},

		{"default of a wrong type", "field a number default none", "1 type", "without quotes"},
		{"default not one of", "field a text one of [b, c] default d", "1 value", "never"},
		{"one of a bool", "field a bool one of [b]", "1 type", "one of"},
		{"one of twice", "field a text one of [b, b]", "1 duplicate", "twice"},
		{"ignoring case of a number", "field a number ignoring case", "1 type", "ignoring case"},
		{"stale contact field", "dimension p from contacts {\n field a number stale after 9d\n score a\n}", "2 structure", "stale after"},
		{"missing before stale", "field a number stale after 90d missing after 30d", "1 structure", "before it is stale"},
		{"let used early", "field a number\nlet b = c + 1\nlet c = a", "2 name", "further down"},
		{"let of itself", "field a number\nlet b = b + 1", "2 name", "further down"},

		{"large number of a score", "score min 1234567 max 5", "1 value", "min is 1234567, which is out of bounds"},
		{"a large number of a count", "x → +1\ncase \"a\" { expect unknown 1234567.5 }", "2 value", "never 1234567.5"},

		{"weights on some", "dimension a weight 50% { x → +1 }\ndimension b { y → +1 }", "2 structure", "no weight"},
		{"weight of unscored", "dimension a weight 50% { x → +1 }\ndimension b unscored weight 50% { y → +1 }", "2 structure", "unscored"},
		{"out of nothing", "dimension a out of 0 { x → +1 }", "1 value", "above zero"},
		{"out of and max", "dimension a out of 10 max 5 { x → +1 }", "1 structure", "out of"},
		{"min above max", "dimension a min 5 max 1 { x → +1 }", "1 value", "above"},
		{"two of contacts", "dimension a from contacts { score x }\ndimension b from contacts { score x }", "2 structure", "only one"},
		{"else in best of", "best of {\n x → +1 else 2\n}", "2 structure", "else"},
		{"baseline in a group", "best of {\n x → +1 baseline 2\n}", "2 structure", "on the group"},
		{"code in a sum", "sum of {\n x → +1 code A\n}", "2 structure", "on the group"},
		{"code in a contacts block", "dimension p from contacts {\n x → +1 code A\n}", "2 structure", "one reason"},
		{"group's baseline in a contacts block", "dimension p from contacts {\n best of baseline 3 { x → +1 }\n}", "2 structure", "one reason"},
		{"code with a space", "x → +1 code \"a \"", "1 value", "space"},
		{"code with a line end", "x → +1 code \"a\\nb\"", "1 value", "no code"},
		{"long code", "x → +1 code " + strings.Repeat("x", 101), "1 limit", "100"},
		{"group min above max", "sum of min 5 max 1 { x → +1 }", "1 value", "above"},
		{"ramp over nothing", "x → 0..5 over 5-5", "1 value", "interval"},
		{"ramp over everything", "x → 0..5 over -1.7e308..1.7e308", "1 value", "how far"},
		{"missing twice", "x → { 1-5: 1, missing: 2, missing: 3 }", "1 duplicate", "twice"},
		{"text key of a number", "field x number\nx → { a: 1 }", "2 type", "wants text"},
		{"mixed keys", "x → { 1-5: 1, a: 2 }", "1 type", "key"},
		{"key never", "field x text one of [a, b]\nx → { a: 1, c: 2 }", "2 value", "never"},
		{"table over a bool", "field x bool\nx → { else: 2 }", "2 type", "over a number or a text"},
		{"no activity", "activity a\neach b → +1", "2 name", "no activity"},

		{"account field in contacts", "field a number\n" + people + "score a\n}", "5 name", "belongs to the account"},
		{"contact field outside", people + "score 5\n}\ndimension d { role = user → +1 }", "6 name", "field of contacts"},
		{"metric inside", people + "score contacts\n}", "4 name", "of all contacts"},
		{"by account inside", "activity a\n" + people + "score count(a by account)\n}", "5 structure", "by account"},
		{"decay since a text", people + "score 5\ndecay half-life 30d since role\n}", "5 type", "wants a time"},
		{"distinct by nothing", people + "score 5\nengaged at least 10 distinct by rule\n}", "5 name", "did you mean `role`"},
		{"weights too large", people + "score 5\nweight role { champion: 51, else: 1 }\n}", "5 value", "out of bounds"},
		{"ranked above one", people + "score 5\ncombine ranked 1.5\n}", "5 value", "out of bounds"},
		{"bonus twice", people + "score 5\nbonus { 2: +10, 2: +20 }\n}", "5 duplicate", "twice"},
		{"committee of a role that never is", people + "score 5\ncommittee by role { boss: 1 }\n}", "5 value", "never"},

		{"committee of one role twice", people + "field r text ignoring case\nscore 5\ncommittee by r { Champion: 1, champion: 2 }\n}", "6 duplicate", "twice"},

		{"score upside down", "score min 5 max 1", "1 value", "below"},
		{"score bounds too fine", "score max 99.5 round 0", "1 value", "decimals"},
		{"score bounds finer than one", "score max 99.55 round 1", "1 value", "more than 1 decimal"},
		{"graded nothing", "grades fit { 75+: A, else: B }", "1 name", "no dimension"},
		{"grade that never is", "dimension fit { x → +1 }\ngrades fit { 75+: A, else: B }\ntiers { t when grade = C }", "3 value", "never"},
		{"grade without grades", "tiers { t when grade = C }", "1 name", "needs a `grades`"},
		{"otherwise first", "tiers {\n a otherwise\n b when score > 5\n}", "2 structure", "otherwise"},
		{"tier disqualified", "tiers {\n disqualified when score > 5\n}", "2 duplicate", "disqualify"},
		{"trigger to nowhere", "tiers { top when score > 5 }\ntrigger a when tier rises to tip", "2 name", "did you mean `top`"},
		{"trigger on nothing", "trigger a when scor rises by 5", "1 name", "did you mean `score`"},
		{"trigger on contacts", "trigger a when engaged_contacts rises by 5", "1 name", "from contacts"},
		{"trigger by nothing", "trigger a when score rises by 0", "1 value", "above zero"},

		{"case of an unknown field", "field size number\ncase \"a\" { siz = 5\n expect score 0 }", "2 name", "did you mean `size`"},
		{"case of a wrong type", "field size number\ncase \"a\" { size = big\n expect score 0 }", "2 type", "without quotes"},
		{"case not one of", "field s text one of [b, c]\ncase \"a\" { s = d\n expect score 0 }", "2 value", "never"},
		{"case sets a let", "field size number\nlet l = size\ncase \"a\" { l = 5\n expect score 0 }", "3 name", "computed"},
		{"case was nowhere", "case \"a\" { was top\n expect score 0 }", "1 name", "no tier"},
		{"case did nothing", "activity visit\ncase \"a\" { did vist\n expect score 0 }", "2 name", "did you mean `visit`"},
		{"case expects what is not", "case \"a\" { expect scor 0 }", "1 name", "did you mean `score`"},
		{"case expects a word", "case \"a\" { expect score high }", "1 type", "is a number"},
		{"case expects a number", "tiers { top when score > 5 }\ncase \"a\" { expect tier 5 }", "2 type", "is text"},
		{"case expects no tier", "tiers { top when score > 5 }\ncase \"a\" { expect tier tip }", "2 name", "did you mean `top`"},
		{"contact twice", people + "score 5\n}\ncase \"a\" {\n contact x { role = user }\n contact x { role = user }\n expect score 0\n}", "8 duplicate", "twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, errs := check(t, tt.src, Bindings{Final: true})
			require.Len(t, errs, 1, "%v", errs)
			e := errs[0]
			assert.Equal(t, tt.want, fmt.Sprintf("%d %s", e.Pos.Line, e.Code), "%v", e)
			assert.Contains(t, e.Message+" "+e.Fix, tt.word)
			assert.NotEmpty(t, e.Line)
		})
	}
}

// TestOneFaultOneError tries faults of syntax that leave something empty: that
// it is empty is no second fault.
func TestOneFaultOneError(t *testing.T) {
	for _, src := range []string{
		"case \"c\" { n = 5 expect score 1 }\nn > 1 → +1",
		"case \"c\" at noon { n = 5 }\nn > 1 → +1",
		"best of {\n  n > > 1 → +1\n}",
		"tiers stage {\n  top when score > > 1\n}\nn > 1 → +1",
	} {
		rs, errs := Parse("x.rules", []byte(src))
		require.Len(t, errs, 1, src)
		_, errs = Check(rs, Bindings{Final: true})
		assert.Empty(t, errs, src)
	}
	for _, src := range []string{"case \"c\" { n = 5 }\nn > 1 → +1", "best of {\n}", "tiers stage {\n}"} {
		rs, errs := Parse("x.rules", []byte(src))
		require.Empty(t, errs, src)
		_, errs = Check(rs, Bindings{Final: true})
		assert.Len(t, errs, 1, src)
	}
}

// TestMadeFaults tries rulesets made in Go with what the parser refuses.
func TestMadeFaults(t *testing.T) {
	num := func(f float64) *float64 { return &f }
	rule := func(r Rule) *Ruleset {
		return &Ruleset{Dimensions: []Dimension{{Name: "d", Items: []Item{{Rule: &r}}}}}
	}
	block := func(r Rollup) *Ruleset {
		return &Ruleset{Dimensions: []Dimension{{Name: "d", Contacts: &r}}}
	}
	when := Formula{Text: "customer"}
	for _, tt := range []struct {
		name string
		rs   *Ruleset
		want string
	}{
		{"round", &Ruleset{Score: &Published{Round: new(int)}}, ""},
		{"round too fine", &Ruleset{Score: &Published{Round: func() *int { i := 7; return &i }()}}, "score value"},
		{"no interval", &Ruleset{Review: &Review{}}, "review value"},
		{"no name", &Ruleset{Params: []Param{{Value: Value{Kind: NumberValue}}}}, "param  structure"},
		{"no word", &Ruleset{Params: []Param{{Name: "a b", Value: Value{Kind: NumberValue}}}}, "param a b structure"},
		{"operator", &Ruleset{Fields: []Field{{Name: "and", Type: TextType}}}, "field and structure"},
		{"no value", &Ruleset{Params: []Param{{Name: "a"}}}, "param a value"},
		{"no type", &Ruleset{Fields: []Field{{Name: "a", Type: "int"}}}, "field a type"},
		{"no change", &Ruleset{Fields: []Field{{Name: "a", Type: TextType, Change: "x"}}}, "field a value"},
		{"negative age", &Ruleset{Fields: []Field{{Name: "a", Type: TextType, StaleAfter: -1}}}, "field a value"},
		{"empty let", &Ruleset{Lets: []Let{{Name: "a"}}}, "let a structure"},
		{"empty item", &Ruleset{Dimensions: []Dimension{{Name: "d", Items: []Item{{}}}}}, "dimension d structure"},
		{"no form", rule(Rule{Points: 5}), "dimension d, rule 1 structure"},
		{"two forms", rule(Rule{When: when, Of: when}), "dimension d, rule 1 structure"},
		{"ramp of a condition", rule(Rule{When: when, Ramp: &Ramp{Hi: 1}}), "dimension d, rule 1 structure"},
		{"points of a table", rule(Rule{Of: Formula{Text: "x"}, Points: 1, Table: []Entry{{Key: Key{Kind: KeyNumber}}}}), "dimension d, rule 1 structure"},
		{"max without per", rule(Rule{When: when, Max: num(5)}), "dimension d, rule 1 structure"},
		{"per of each", rule(Rule{Signal: &Signal{Activity: "a"}, Per: Formula{Text: "x"}}), "dimension d, rule 1 structure"},
		{"two decays", rule(Rule{Signal: &Signal{Activity: "a", HalfLife: 1, Linear: 1}}), "dimension d, rule 1 structure"},
		{"negative window", rule(Rule{Signal: &Signal{Activity: "a", Within: -1}}), "dimension d, rule 1 value"},
		{"large points", rule(Rule{When: when, Points: 2e6}), "dimension d, rule 1 value"},
		{"fine points", rule(Rule{When: when, Points: 0.1234567}), "dimension d, rule 1 value"},
		{"no number", rule(Rule{When: when, Points: math.NaN()}), "dimension d, rule 1 value"},
		{"label", rule(Rule{When: when, Label: "a b"}), "dimension d, rule 1 structure"},
		{"key", rule(Rule{Of: Formula{Text: "x"}, Table: []Entry{{Key: Key{Kind: "x"}}}}), "dimension d, rule 1 structure"},
		{"upper end of a number", rule(Rule{Of: Formula{Text: "x"}, Table: []Entry{{Key: Key{Kind: KeyNumber, Lo: 5, Hi: 9}}}}), "dimension d, rule 1 structure"},
		{"upper end of a lower bound", rule(Rule{Of: Formula{Text: "x"}, Table: []Entry{{Key: Key{Kind: KeyFrom, Lo: 5, Hi: 9}}}}), "dimension d, rule 1 structure"},
		{"number of a text", rule(Rule{Of: Formula{Text: "x"}, Table: []Entry{{Key: Key{Kind: KeyText, Lo: 5}}}}), "dimension d, rule 1 structure"},
		{"text of missing", rule(Rule{Of: Formula{Text: "x"}, Table: []Entry{{Key: Key{Kind: KeyMissing, Text: "a"}}}}), "dimension d, rule 1 structure"},
		{"factor of a sum", block(Rollup{Combine: &Combine{Kind: Sum, Factor: 0.5}}), "dimension d, combine structure"},
		{"count of the best", block(Rollup{Combine: &Combine{Kind: Best, Factor: 0.5, N: 3}}), "dimension d, combine structure"},
		{"two expectations in one", &Ruleset{Cases: []Case{{Name: "a", Expect: []Expectation{{Name: "score", Number: num(1), Text: "x"}}}}}, "case a structure"},
		{"reversed key", rule(Rule{Of: Formula{Text: "x"}, Table: []Entry{{Key: Key{Kind: KeyRange, Lo: 5, Hi: 1}}}}), "dimension d, rule 1 value"},
		{"group", &Ruleset{Dimensions: []Dimension{{Name: "d", Items: []Item{{Group: &Group{Kind: "x", Rules: []Rule{{When: when}}}}}}}}, "dimension d, group 1 structure"},
		{"empty group", &Ruleset{Dimensions: []Dimension{{Name: "d", Items: []Item{{Group: &Group{Kind: BestOf}}}}}}, "dimension d, group 1 structure"},
		{"scale", &Ruleset{Dimensions: []Dimension{{Name: "d", Scales: []Scale{{Factor: -1, When: when}}}}}, "dimension d, scale 1 value"},
		{"scale when", &Ruleset{Dimensions: []Dimension{{Name: "d", Scales: []Scale{{Factor: 1}}}}}, "dimension d, scale 1 structure"},
		{"weight", &Ruleset{Dimensions: []Dimension{{Name: "d", Weight: num(-0.5)}}}, "dimension d value"},
		{"disqualify", &Ruleset{Disqualify: []Disqualifier{{}}}, "disqualify 1 structure"},
		{"cap", block(Rollup{Cap: num(2e5)}), "dimension d value"},
		{"half-life", block(Rollup{Decay: &Decay{Since: "a"}}), "dimension d, decay value"},
		{"since", block(Rollup{Decay: &Decay{HalfLife: 1}}), "dimension d, decay structure"},
		{"combine", block(Rollup{Combine: &Combine{Kind: "x"}}), "dimension d, combine structure"},
		{"top", block(Rollup{Combine: &Combine{Kind: Top}}), "dimension d, combine value"},
		{"engaged", block(Rollup{Engaged: &Engaged{AtLeast: -1}}), "dimension d, engaged value"},
		{"bonus rate", block(Rollup{Bonus: &Bonus{Rate: -1}}), "dimension d, bonus value"},
		{"bonus falling", block(Rollup{Bonus: &Bonus{Rate: 1, Falling: 2}}), "dimension d, bonus value"},
		{"bonus step", block(Rollup{Bonus: &Bonus{Steps: []Step{{N: 0, Points: 1}}}}), "dimension d, bonus value"},
		{"committee", block(Rollup{Committee: &Committee{Field: "role", Roles: []Role{{Name: "x"}}}}), "dimension d, committee value"},
		{"weighting", block(Rollup{Weight: &Weighting{Of: Formula{Text: "x > 1"}}}), "dimension d, weight structure"},
		{"hold", &Ruleset{Tiers: []Tier{{Name: "a", Hold: num(-1), When: Formula{Text: "score > 1"}}}}, "tiers, tier a value"},
		{"trigger", &Ruleset{Triggers: []Trigger{{Name: "a", On: "score", Kind: "x"}}}, "trigger a structure"},
		{"a number rises", &Ruleset{Triggers: []Trigger{{Name: "a", On: "score", Kind: Rises}}}, "trigger a structure"},
		{"case", &Ruleset{Cases: []Case{{Name: "a"}}}, "case a structure"},
		{"contact", &Ruleset{Cases: []Case{{Name: "a", Contacts: []CaseContact{{}}, Expect: []Expectation{{Name: "score", Number: num(1)}}}}}, "case a, contact  structure"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, errs := Check(tt.rs, Bindings{Final: true})
			if tt.want == "" {
				require.Empty(t, errs)
				return
			}
			require.Len(t, errs, 1, "%v", errs)
			assert.Equal(t, tt.want, fmt.Sprintf("%s %s", errs[0].File, errs[0].Code), "%v", errs[0])
		})
	}
}

// TestManyFaults gives every fault at once, each once.
func TestManyFaults(t *testing.T) {
	_, _, errs := check(t, `
field size number
let per = size / nothing
dimension a {
  per > 5 → +1
  siz > 5 and size = "x" → +1
  size > 5 → +1
}
tiers { top when fit > 5 }
case "c" { expect fit 5 }
`, Bindings{Final: true})
	var got []string
	for _, e := range errs {
		got = append(got, fmt.Sprintf("%d:%d %s", e.Pos.Line, e.Pos.Column, e.Code))
	}
	assert.Equal(t, []string{"3:18 name", "6:3 name", "6:20 type", "9:18 name", "10:19 name"}, got)
}

// TestHostile holds the time of checking what was made to take long.
func TestHostile(t *testing.T) {
	var chain, fields, names, slips, foreign []byte
	for i := range 2000 {
		chain = fmt.Appendf(chain, "((a%d ?? a%d) ?? a%d) is known → +1\n", i, i+1, i)
		fields = fmt.Appendf(fields, "field name%05d number\n", i)
		names = fmt.Appendf(names, "nane%05d > 1 → +1\n", i)
		slips = fmt.Appendf(slips, "expr 'nane%05d > 1' → +1\n", i)
		foreign = fmt.Appendf(foreign, "expr 'name%05d > 1' → +1\n", i)
	}
	for name, src := range map[string]string{
		"chain of unknown types": string(chain) + "a2000 > 1 → +1",
		"misspelt names":         string(fields) + string(names),
		"misspelt in expr":       string(fields) + string(slips),
		"expr":                   string(fields) + string(foreign),
		"doubling lets":          doubling(2000),
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			rs, _ := Parse("x", []byte(src))
			_, errs := Check(rs, Bindings{Final: true})
			assert.LessOrEqual(t, len(errs), MaxErrors)
			assert.Less(t, time.Since(begin), hang)
		})
	}
}

func doubling(n int) string {
	src := []byte("field x number\nlet a0 = x\n")
	for i := 1; i < n; i++ {
		src = fmt.Appendf(src, "let a%d = a%d + a%d\n", i, i-1, i-1)
	}
	return string(src)
}

func FuzzCheck(f *testing.F) {
	f.Add(declared + "employees > 5 → +1")
	f.Add("a > b → +1\nany(c, # = D) → +1\neach e where f = G → +5")
	f.Add("dimension p from contacts { score x\n weight y { a: 1 } }\ntiers { t when p > 5 }")
	f.Fuzz(func(t *testing.T, src string) {
		rs, errs := Parse("fuzz", []byte(src))
		if len(errs) > 0 {
			Check(rs, Bindings{})
			return
		}
		before := rs.Clone()
		_, open := Check(rs, Bindings{})
		_, final := Check(rs, Bindings{Final: true})
		if len(open) > len(final) {
			t.Fatalf("%d faults, but %d when final: %v", len(open), len(final), open)
		}
		for _, e := range final {
			if e.Message == "" || e.Code == CodeNone || e.Fix == "" || !e.Pos.IsValid() {
				t.Fatalf("an error does not say what, where or how to mend it: %#v", e)
			}
		}
		assert.Equal(t, before, rs.Clone())
	})
}
