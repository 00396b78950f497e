package dsl

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/cond"
)

// TestConditionErrors tries wrong conditions: column, code, and a word of the
// message or the fix.
func TestConditionErrors(t *testing.T) {
	for _, tt := range []struct {
		src    string
		column int
		code   Code
		word   string
	}{
		// Names.
		{"emploees > 5", 1, CodeName, "did you mean `employees`"},
		{"score > 5", 1, CodeName, "by tiers alone"},
		{"tier > 5", 1, CodeName, "trigger"},
		{"points > 5", 1, CodeName, "is a dimension"},
		{"engaged_contacts > 5", 1, CodeName, "needs a dimension from contacts"},
		{"visit", 1, CodeName, "is an activity"},
		{"5 < emploees", 5, CodeName, "did you mean `employees`"},
		{"count(webinr) > 1", 7, CodeName, "did you mean `webinar`"},
		{"count(visit where pag contains \"x\") > 1", 19, CodeName, "did you mean `page`"},
		{"count(visit where country = US) > 1", 19, CodeName, "a filter reads"},
		{"country in [US, industry]", 17, CodeName, "in quotes"},
		{"country in [regions]", 13, CodeName, "in regions"},

		// Types.
		{"employees", 1, CodeType, "employees > 0"},
		{"industry and customer", 1, CodeType, "true or false"},
		{"not employees", 5, CodeType, "true or false"},
		{"industry > 5", 10, CodeType, "quotes"},
		{"industry = 5", 10, CodeType, `"5"`},
		{`employees > "5"`, 11, CodeType, "without quotes"},
		{`industry > "a"`, 10, CodeType, "order texts"},
		{"customer > true", 10, CodeType, "order"},
		{"tech = tags", 6, CodeType, "has any"},
		{`tech = "EHR"`, 6, CodeType, "contains"},
		{"employees + industry > 5", 11, CodeType, "`industry` is text"},
		{"last + 1 > 5", 6, CodeType, "days_since"},
		{"last > 30d", 8, CodeType, "within 30d"},
		{"last within employees", 13, CodeType, "length of time"},
		{"employees within 30d", 1, CodeType, "wants a time"},
		{"employees contains \"5\"", 11, CodeType, "wants a text"},
		{"industry contains 5", 19, CodeType, "quotes"},
		{"industry has any [EHR]", 10, CodeType, "in [..]"},
		{"tech in tags", 6, CodeType, "has any"},
		{"tech in [EHR]", 6, CodeType, "has any"},
		{"employees in tech", 11, CodeType, "list of texts"},
		{"country in industry", 12, CodeType, "wants a list"},
		{"employees in [1, x]", 18, CodeType, "numbers"},
		{"employees in [1-10]", 15, CodeType, "numbers"},
		{"industry in 1-5", 10, CodeType, "interval"},
		{"last in 1-5", 9, CodeType, "the end `1`"},
		{"employees ?? \"x\" > 5", 11, CodeType, "one type"},
		{"(customer ? 1 : \"x\") > 5", 11, CodeType, "one type"},
		{"len(employees) > 1", 5, CodeType, "list or a text"},
		{"days_since(employees) > 1", 12, CodeType, "wants a time"},
		{"abs(industry) > 1", 5, CodeType, "wants a number"},
		{"count(visit, employees) > 1", 14, CodeType, "window"},

		// Values.
		{"stage = propsal", 9, CodeParam, "did you mean `proposal`"},
		{`stage = "Won"`, 9, CodeValue, "never"},
		{"stage in [none, won]", 17, CodeValue, "never"},
		{"sizes = 4", 9, CodeValue, "never"},
		{"colours contains \"blue\"", 18, CodeValue, "never"},
		{"employees between floor and 50", 19, CodeValue, "reversed"},
		{`industry matches "("`, 18, CodeValue, "pattern"},

		// Functions.
		{"count(tech) > 1", 1, CodeFunction, "len(tech)"},
		{"abs() > 1", 1, CodeFunction, "1 argument"},
		{"max() > 1", 1, CodeFunction, "at least one"},
		{"now() > last", 1, CodeNotAllowed, "leaves out"},
		{"reduce(tech, # + #) = \"\"", 1, CodeNotAllowed, "leaves out"},
		{"any(tech, # > 5)", 13, CodeType, "elements"},
		{"any(tech, # is known)", 13, CodeNotAllowed, "always known"},
		{"any(employees, # > 5)", 5, CodeType, "goes over a list"},
		{"any(tags, # = country)", 13, CodeNotAllowed, "quoted text"},
		{"map(tech, len(#)) is empty", 1, CodeType, "lists are of text"},
		{"count(visit where any(webinar)) > 1", 19, CodeNotAllowed, "cannot ask"},
	} {
		t.Run(tt.src, func(t *testing.T) {
			_, _, errs := check(t, declared+tt.src+" → +1", Bindings{Final: true})
			require.Len(t, errs, 1, "%v", errs)
			e := errs[0]
			assert.Equal(t, tt.code, e.Code, "%v", e)
			assert.Equal(t, tt.column, e.Pos.Column, "%v", e)
			assert.Equal(t, strings.Count(declared, "\n")+1, e.Pos.Line)
			assert.Contains(t, e.Message+" "+e.Fix, tt.word)
			assert.Equal(t, tt.src+" → +1", e.Line)
			assert.NotEmpty(t, e.Fix)
		})
	}
}

// TestParams tells what waits for an option from what does not.
func TestParams(t *testing.T) {
	bind := func(pairs ...any) Bindings {
		b := Bindings{Final: true, Params: map[string]Value{}}
		for i := 0; i < len(pairs); i += 2 {
			b.Params[pairs[i].(string)] = pairs[i+1].(Value)
		}
		return b
	}
	text := func(s string) Value { return Value{Kind: TextValue, Text: s} }
	number := func(f float64) Value { return Value{Kind: NumberValue, Number: f} }
	for _, tt := range []struct {
		name, src string
		b         Bindings
		want      []string // codes; or the trees of the rules
	}{
		{"open param waits", "industry equals target → +1", Bindings{}, nil},
		{"open param when final", "industry equals target → +1", bind(), []string{"1:17 param"}},
		{"bound", "industry equals target → +1", bind("target", text("X")), []string{`(= industry "X")`}},
		{"bound number decides", "size > least → +1", bind("least", number(5)), []string{"(> size 5)"}},
		{"bound list", "country in regions → +1", bind("regions", Value{Kind: ListValue, List: []string{"US"}}), []string{`(oneof country ["US"])`}},
		{"of a wrong type", "industry = target → +1\nindustry = \"x\" → +1", bind("target", number(5)), []string{"2:1 inference"}},
		{"of a wrong type, declared", "field industry text\nindustry = target → +1", bind("target", number(5)), []string{"2:10 type"}},
		{"override", "param target = A\nindustry = target → +1", bind("target", text("B")), []string{`(= industry "B")`}},
		{"left over", "size > 5 → +1", bind("sise", number(5)), []string{"0:0 param"}},
		{"a field is no param", "size > 5 → +1", bind("size", number(5)), []string{"0:0 param"}},
		{"declared but unread", "param p = 1\nsize > 5 → +1", bind("p", number(5)), []string{"(> size 5)"}},
		{"capital is text", "industry = Target → +1", bind(), []string{`(= industry "Target")`}},
		{"unknown word, declared", "field industry text\nindustry = helthcare → +1", Bindings{}, nil},
		{"unknown word, declared, final", "field industry text\nindustry = helthcare → +1", bind(), []string{"2:12 param"}},
		{"interval of params", "size in lo..hi → +1", bind("lo", number(1), "hi", number(2)), []string{"(between size from 1 to 2)"}},
		{"a word once", "a = x → +1\nb = x → +1", bind(), []string{"1:5 param"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rs, c, errs := check(t, tt.src, tt.b)
			var got []string
			for _, e := range errs {
				got = append(got, fmt.Sprintf("%v:%v %s", e.Pos.Line, e.Pos.Column, e.Code))
			}
			if len(errs) == 0 && tt.b.Final {
				for _, item := range rs.Dimensions[0].Items {
					got = append(got, tree(c.Node(&item.Rule.When)))
				}
			}
			assert.Equal(t, tt.want, got, "%v", errs)
		})
	}
}

func TestParamsOfResult(t *testing.T) {
	_, c, errs := check(t, "param a = 1\nparam b = 2\nx > a → +1\nx > d → +1", Bindings{Params: map[string]Value{
		"b": {Kind: NumberValue, Number: 5}, "d": {Kind: NumberValue, Number: 6},
	}})
	require.Empty(t, errs)
	assert.Equal(t, map[string]Value{
		"a": {Kind: NumberValue, Number: 1}, "b": {Kind: NumberValue, Number: 5}, "d": {Kind: NumberValue, Number: 6},
	}, c.Params)
}

// TestInference learns types from use, and tells where use does not do.
func TestInference(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"comparison", "employees gte 1000 → +50\nindustry = Tech → +1\nlast > 2026-01-01 → +1\ncustomer = true → +1",
			"employees number, industry text, last time, customer bool"},
		{"bare", "not_already_a_customer → +20\nnot (b or c) → +1", "not_already_a_customer bool, b bool, c bool"},
		{"lists", "tech has any [A] → +1\n\"A\" in langs → +1\nany(tools, # == \"x\") → +1", "tech list, langs list, tools list"},
		{"membership", "country in [US, UK] → +1\nsize in [1, 2] → +1\nday in [2026-01-01] → +1\nplan in [\"1\"] → +1", "country text, size number, day time, plan text"},
		{"intervals", "employees in 100-1000 → +1\nx between 2026-01-01 and 2026-02-01 → +1\n1 < y < 2 → +1", "employees number, x time, y number"},
		{"arithmetic", "a / b > 2 → +1\nc → 0..50 over 1-5\nd → { 1-5: 3 }\ne → { a: 3 }\nf → +1 per g", "a number, b number, c number, d number, e text, f bool, g number"},
		{"times", "a within 30d → +1\ndays_since(b) > 3 → +1", "a time, b time"},
		{"texts", "a starts with \"x\" → +1\nb matches \"x\" → +1", "a text, b text"},
		{"across", "(a ?? b) = (c ?? d) → +1\nd > 5 → +1", "a number, b number, c number, d number"},
		{"postal codes", "zip in [94105, 10001] → +1\nzip starts with \"9\" → +1", "zip text"},
		{"from below", "a is known → +1\na > 5 → +1", "a number"},
		{"through lets", "let x = a\nx > 5 → +1", "a number"},
		{"lets of arithmetic", "let x = a + b\nx > 5 → +1", "a number, b number"},
		{"params", "param p = 5\na > p → +1", "a number"},
		{"ternary", "(a ? b : c) > 5 → +1", "a bool, b number, c number"},
		{"undecided test", "a is known → +1", "! 1:1 inference a"},
		{"undecided contains", "a contains \"x\" → +1", "! 1:1 inference a"},
		{"undecided once", "a is known → +1\na is missing → +1", "! 1:1 inference a"},
		{"contradiction", "a > 5 → +1\na = \"x\" → +1", "! 2:1 inference a"},
		{"contradiction, other errors silent", "a > 5 → +1\na = \"x\" → +1\na starts with \"x\" → +1", "! 2:1 inference a"},
		{"reserved", "score > 5 → +1", "! 1:1 name score"},
		{"waits", "a = b → +1\na is known → +1", "a "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, c, errs := check(t, tt.src, Bindings{})
			var got []string
			for _, f := range c.Fields {
				got = append(got, f.Name+" "+string(f.Type))
			}
			if len(errs) > 0 {
				require.Len(t, errs, 1, "%v", errs)
				got = []string{fmt.Sprintf("! %d:%d %s", errs[0].Pos.Line, errs[0].Pos.Column, errs[0].Code)}
				if i := strings.LastIndexByte(tt.want, ' '); i > 0 {
					assert.Contains(t, errs[0].Message, "`"+tt.want[i+1:]+"`")
					tt.want = tt.want[:i]
				}
			}
			assert.Equal(t, tt.want, strings.Join(got, ", "))
		})
	}
}

func TestInferredActivities(t *testing.T) {
	_, c, errs := check(t, `
dimension a {
  count(visit where page starts with "/x" and value > 3, 60d) > 5 → +1
  each demo where kind = Live → +5
  any(webinar) → +1
  days_since(demo) > 30 → +1
  days_since(last) > 30 → +1
}
dimension b from contacts {
  score lead_score
  each download → +1
  seniority = VP → +1
}`, Bindings{Final: true})
	require.Empty(t, errs)
	var got []string
	for _, a := range c.Activities {
		var fields []string
		for _, f := range a.Fields {
			fields = append(fields, f.Name+" "+string(f.Type))
		}
		got = append(got, a.Name+"("+strings.Join(fields, ", ")+")")
	}
	assert.Equal(t, []string{"demo(kind text)", "download()", "visit(page text)", "webinar()"}, got)
	assert.Equal(t, "last", c.Fields[0].Name)
	assert.Equal(t, []Field{{Name: "lead_score", Type: NumberType}, {Name: "seniority", Type: TextType}}, dropPos(c.ContactFields))
}

func dropPos(fields []Field) []Field {
	out := make([]Field, len(fields))
	for i, f := range fields {
		f.Pos = Pos{}
		out[i] = f
	}
	return out
}

// TestRulesets checks whole files: those that are right, which bring no error.
func TestRulesets(t *testing.T) {
	big, err := os.ReadFile("testdata/healthcare.rules")
	require.NoError(t, err)
	for _, src := range []string{
		string(big),
		"employees gte 1000 → +50\nrevenue gte 50000000 → +45\ncountry in [US, UK, CA, AU, DE] → +20\nindustry in [Technology, Finance, Healthcare] → +30",
		"employees in 100-1000 → +50\nrevenue in 10M-100M → +40\nindustry equals target_vertical → +30\nnot_already_a_customer → +20",
		"existing_customer = true → +40\nplan in [Pro, Business] → +30\nemployees gte 100 → +25\nexpansion_signal_in_last_30_days = true → +25",
	} {
		_, _, errs := check(t, src, Bindings{})
		assert.Empty(t, errs)
	}
}

func TestTierNames(t *testing.T) {
	rs, c, errs := check(t, `
field fit number
field industry text
dimension fit { fit > 5 → +1 }
dimension people from contacts {
  field role text
  score 5
}
grades fit { 75+: A, else: B }
grades people { 50+: 1, else: 2 }
tiers {
  top when score >= 70 and fit >= 40 and engaged_contacts > 2 and grade in [A1, B2]
  mid when fit.grade = A and industry = Tech and people > completeness
}`, Bindings{Final: true})
	require.Empty(t, errs)
	assert.Equal(t, "(> fit 5)", tree(c.Node(&rs.Dimensions[0].Items[0].Rule.When)), "outside tiers it is the field")
	assert.Equal(t, `(and (>= metric:0 70) (>= metric:5 40) (> metric:2 2) (oneof grade:0 ["A1" "B2"]))`, tree(c.Node(&rs.Tiers[0].When)))
	assert.Equal(t, `(and (= grade:1 "A") (= industry "Tech") (> metric:6 metric:4))`, tree(c.Node(&rs.Tiers[1].When)))
}

func TestCustomFunctions(t *testing.T) {
	b := Bindings{Final: true, Funcs: map[string]Func{
		"domain": {Params: []Type{TextType}, Result: TextType, Call: func(args []any) (any, error) { return args[0], nil }},
		"total":  {Params: []Type{NumberType}, Variadic: true, Result: NumberType, Call: func(args []any) (any, error) { return 1.0, nil }},
	}}
	rs, c, errs := check(t, "domain(site) = \"x.com\" → +1\ntotal(a, b, 3) > 5 → +1\ntotal() > 5 → +1", b)
	require.Empty(t, errs)
	assert.Equal(t, `(= (call site) "x.com")`, tree(c.Node(&rs.Dimensions[0].Items[0].Rule.When)))
	assert.Equal(t, `(> (call a b 3) 5)`, tree(c.Node(&rs.Dimensions[0].Items[1].Rule.When)))
	assert.Equal(t, TextType, c.Fields[0].Type)

	for _, tt := range []struct{ src, code, word string }{
		{"domian(site) = \"x\" → +1", "1:1 function", "did you mean `domain`"},
		{"domain() = \"x\" → +1", "1:1 function", "1 argument"},
		{"domain(site) > 5 → +1", "1:14 type", "cannot be compared"},
		{"field n number\ndomain(n) = \"x\" → +1", "2:8 type", "wants text"},
	} {
		_, _, errs := check(t, tt.src, b)
		require.Len(t, errs, 1, "%v", errs)
		assert.Equal(t, tt.code, fmt.Sprintf("%d:%d %s", errs[0].Pos.Line, errs[0].Pos.Column, errs[0].Code))
		assert.Contains(t, errs[0].Message+errs[0].Fix, tt.word)
	}
	_, _, errs = check(t, "domain(site) = \"x\" → +1\nsite is known → +1", Bindings{})
	assert.Empty(t, errs, "an unknown function waits for Compile")
	_, _, errs = check(t, "a > 1 → +1", Bindings{Final: true, Funcs: map[string]Func{"count": b.Funcs["total"], "half": {}}})
	assert.Len(t, errs, 2)
}

// TestWithoutText checks a ruleset that was made in Go.
func TestWithoutText(t *testing.T) {
	rs := &Ruleset{Fields: []Field{{Name: "employees", Type: NumberType}}, Dimensions: []Dimension{{Name: "fit", Items: []Item{
		{Rule: &Rule{When: Formula{Text: "employees > 5"}, Points: 1}},
		{Rule: &Rule{When: Formula{Text: "employees > \"x\""}, Points: 1}},
		{Rule: &Rule{When: Formula{Text: "employees >"}, Points: 1}},
		{Rule: &Rule{Points: 2e6}},
	}}}}
	before := fmt.Sprintf("%+v", rs.Dimensions[0].Items[0].Rule)
	c, errs := Check(rs, Bindings{Final: true})
	require.Len(t, errs, 4, "%v", errs)
	errs.Sort()
	var got []string
	for _, e := range errs {
		got = append(got, e.Short())
	}
	assert.Contains(t, got[0], "dimension fit, rule 2, when:1:11: ")
	assert.Contains(t, got[1], "dimension fit, rule 3, when:1:")
	assert.Contains(t, got[2], "dimension fit, rule 4: ")
	assert.Equal(t, "employees > \"x\"", errs[0].Line)
	assert.Equal(t, before, fmt.Sprintf("%+v", rs.Dimensions[0].Items[0].Rule))
	assert.Equal(t, cond.Gt, c.Node(&rs.Dimensions[0].Items[0].Rule.When).Op)
}
