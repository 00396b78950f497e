package dsl

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseLanguages(t *testing.T) {
	for _, test := range []struct {
		name, src string
		file      string // the ruleset's language
		language  string // the rule's
		when      string
	}{
		{"one rule", `cel "a >= 1 && b" → +5`, "", "cel", "a >= 1 && b"},
		{"a label", `size: cel "a" → +5`, "", "cel", "a"},
		{"single quotes", `cel 'a == "x"' → +5`, "", "cel", `a == "x"`},
		{"backticks over lines", "cel `a\n&& b` → +5", "", "cel", "a\n&& b"},
		{"the arrow on the next line", "cel \"a\"\n  → +5", "", "cel", "a"},
		{"arrows and braces inside", `cel "a -> b => { [ (" → +5`, "", "cel", "a -> b => { [ ("},
		{"the whole file", "language cel\n\"a\" → +5", "cel", "", "a"},
		{"another in such a file", "language cel\nexpr \"a\" → +5", "cel", "expr", "a"},
		{"ours in such a file", "language cel\na > 1 → +5", "cel", "rules", "a > 1"},
		{"ours, quoted", `rules "a > 1" → +5`, "", "rules", "a > 1"},
		{"a field of the name", "language > 3 → +5", "", "", "language > 3"},
		{"a field of the name, in words", "cel is \"x\" → +5", "", "", `cel is "x"`},
		{"a label of the name", "cel: a → +5", "", "", "a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			rs, errs := Parse("test", []byte(test.src))
			require.Empty(t, errs)
			require.Len(t, rs.Dimensions, 1)
			r := rs.Dimensions[0].Items[0].Rule
			assert.Equal(t, test.file, rs.Language)
			assert.Equal(t, test.language, r.Language)
			assert.Equal(t, test.when, r.When.Text)
			assert.Equal(t, 5.0, r.Points)

			again, errs := Parse("again", rs.Format())
			require.Empty(t, errs, "%s", rs.Format())
			assert.Equal(t, string(rs.Format()), string(again.Format()))
			assert.Equal(t, test.language, again.Dimensions[0].Items[0].Rule.Language)
			laid, err := Format([]byte(test.src))
			require.NoError(t, err)
			kept, errs := Parse("laid out", laid)
			require.Empty(t, errs, "%s", laid)
			assert.Equal(t, string(rs.Format()), string(kept.Format()))

			b, err := json.Marshal(rs)
			require.NoError(t, err)
			read, err := ReadJSON(b)
			require.NoError(t, err)
			assert.Equal(t, string(rs.Format()), string(read.Format()))
		})
	}
}

// Scales, disqualifiers and tiers read and print as rules do. A word and one
// text are a field with its reason.
func TestParseLanguagePlaces(t *testing.T) {
	for _, test := range []struct {
		when                   string // with the reason behind it, but for the tier
		file, language, reason string
		text                   string
	}{
		{`cel "a && b" "Why"`, "", "cel", "Why", "a && b"},
		{"cel \"a\"\n  \"Why\"", "", "cel", "Why", "a"},
		{`blocked "Why"`, "", "", "Why", "blocked"},
		{`"a" "Why"`, "cel", "", "Why", "a"},
		{`"a"`, "cel", "", "", "a"},
		{`blocked "Why"`, "cel", "rules", "Why", "blocked"},
		{`a > 1 "Why"`, "cel", "rules", "Why", "a > 1"},
		{`"x" in tags`, "cel", "rules", "", `"x" in tags`},
		{`expr "a" "Why"`, "cel", "expr", "Why", "a"},
	} {
		file := ""
		if test.file != "" {
			file = "language " + test.file + "\n"
		}
		tier, _, _ := strings.Cut(test.when, ` "Why"`)
		tier, _, _ = strings.Cut(tier, "\n")
		src := file + "dimension d {\n  a > 1 → +1\n  scale 50% when " + test.when + "\n}\ndisqualify when " + test.when +
			"\ntiers {\n  top when " + tier + "\n  mid when " + tier + " hold 5 play \"P\"\n  next when " + tier + "\n    play \"Q\"\n}\n"
		rs, errs := Parse("test", []byte(src))
		require.Empty(t, errs, src)
		scale, out := rs.Dimensions[0].Scales[0], rs.Disqualify[0]
		assert.Equal(t, []string{test.language, test.reason, test.text}, []string{scale.Language, scale.Reason, scale.When.Text}, src)
		assert.Equal(t, []string{test.language, test.reason, test.text}, []string{out.Language, out.Reason, out.When.Text}, src)
		require.Len(t, rs.Tiers, 3, src)
		for _, tier := range rs.Tiers {
			assert.Equal(t, []string{test.language, test.text}, []string{tier.Language, tier.When.Text}, src)
		}
		assert.Len(t, rs.Tiers[2].Plays, 1, src)

		again, errs := Parse("again", rs.Format())
		require.Empty(t, errs, "%s", rs.Format())
		assert.Equal(t, string(rs.Format()), string(again.Format()))
		laid, err := Format([]byte(src))
		require.NoError(t, err, src)
		kept, errs := Parse("laid out", laid)
		require.Empty(t, errs, "%s", laid)
		assert.Equal(t, string(rs.Format()), string(kept.Format()))
		b, err := json.Marshal(rs)
		require.NoError(t, err)
		read, err := ReadJSON(b)
		require.NoError(t, err)
		assert.Equal(t, string(rs.Format()), string(read.Format()))
		c, err := json.Marshal(again)
		require.NoError(t, err)
		assert.JSONEq(t, string(b), string(c))
	}
}

// The place of a quoted condition is that of its text.
func TestLanguagePosition(t *testing.T) {
	rs, errs := Parse("test", []byte("x > 1 → +1\n  cel \"employees\" → +5\n"))
	require.Empty(t, errs)
	assert.Equal(t, Pos{Offset: 20, Line: 2, Column: 8}, rs.Dimensions[0].Items[1].Rule.When.Pos)
}

func TestParseLanguageErrors(t *testing.T) {
	for _, test := range []struct {
		name, src string
		code      Code
		line      int
	}{
		{"twice", "language cel\nlanguage expr\n\"a\" → +1", CodeDuplicate, 2},
		{"after a rule", "a > 1 → +1\nlanguage cel", CodeStructure, 2},
		{"no arrow", `cel "a" +5`, CodeSyntax, 1},
		{"more of a condition", `cel "a" and b → +5`, CodeSyntax, 1},
		{"empty", `cel " " → +5`, CodeSyntax, 1},
		{"too long", `cel "` + strings.Repeat("x", MaxFormula+1) + `" → +5`, CodeLimit, 1},
		{"a table", `cel "a" → { 1: 5 }`, CodeSyntax, 1},
		{"a ramp", `cel "a" → 0..5 over 1-10`, CodeSyntax, 1},
		{"a text alone", `"a" → +5`, CodeType, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			rs, errs := Parse("test", []byte(test.src))
			if len(errs) == 0 {
				_, errs = Check(rs, Bindings{})
			}
			require.Len(t, errs, 1)
			assert.Equal(t, test.code, errs[0].Code, "%v", errs)
			assert.Equal(t, test.line, errs[0].Pos.Line)
		})
	}
}

// Rulesets from Go or JSON can say what no text can.
func TestCheckLanguages(t *testing.T) {
	rule := func(r Rule) *Ruleset {
		return &Ruleset{Fields: []Field{{Name: "a", Type: NumberType}}, Dimensions: []Dimension{{Name: "points", Items: []Item{{Rule: &r}}}}}
	}
	when := Formula{Text: "a > 1"}
	for name, rs := range map[string]*Ruleset{
		"two words":               rule(Rule{When: when, Language: "two words"}),
		"a word of a statement":   rule(Rule{When: when, Language: "dimension"}),
		"an operator":             rule(Rule{When: when, Language: "NOT"}),
		"a rule without a when":   rule(Rule{Of: Formula{Text: "a"}, Ramp: &Ramp{From: 0, To: 5, Lo: 0, Hi: 1}, Language: "expr"}),
		"a file's language":       {Language: "é è"},
		"a text that is too long": rule(Rule{When: Formula{Text: strings.Repeat(" ", MaxFormula+1) + "a"}, Language: "expr"}),
	} {
		_, errs := Check(rs, Bindings{Final: true})
		assert.Len(t, errs, 1, name)
	}
	for name, rs := range map[string]*Ruleset{
		"ours":                    rule(Rule{When: when, Language: "rules"}),
		"plain expr":              rule(Rule{When: when, Language: "expr"}),
		"unknown, before Compile": rule(Rule{When: Formula{Text: ")("}, Language: "cel"}),
	} {
		_, errs := Check(rs, Bindings{Final: name != "unknown, before Compile"})
		assert.Empty(t, errs, name)
	}
}

func TestTruth(t *testing.T) {
	all := []Truth{Unknown, False, True}
	for _, a := range all {
		assert.Equal(t, a, a.Not().Not())
		for _, b := range all {
			assert.Equal(t, a.And(b), b.And(a))
			assert.Equal(t, a.Or(b), a.Not().And(b.Not()).Not())
			assert.Equal(t, a == False || b == False, a.And(b) == False)
			assert.Equal(t, a == True && b == True, a.And(b) == True)
		}
	}
	assert.Equal(t, "true false unknown", TruthOf(true).String()+" "+TruthOf(false).String()+" "+Truth(0).String())
}

// oneValue knows a single field.
type oneValue struct {
	name  string
	value Value
}

func (v oneValue) Value(name string) (Value, bool) { return v.value, name == v.name }
func (v oneValue) At() time.Time                   { return time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC) }

func TestExpr(t *testing.T) {
	schema := Schema{Fields: []Field{
		{Name: "employees", Type: NumberType}, {Name: "country", Type: TextType, IgnoringCase: true}, {Name: "customer", Type: BoolType},
		{Name: "stack", Type: ListType}, {Name: "seen", Type: TimeType},
	}, Params: []Param{{Name: "cutoff", Value: Value{Kind: DateValue, Date: Date{Time: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}}}, {Name: "limit", Value: Value{Kind: NumberValue, Number: 7}}}}
	number := func(f float64) oneValue { return oneValue{"employees", Value{Kind: NumberValue, Number: f}} }
	word := func(s string) oneValue { return oneValue{"country", Value{Kind: TextValue, Text: s}} }
	stack := func(s ...string) oneValue { return oneValue{"stack", Value{Kind: ListValue, List: s}} }
	none := oneValue{}
	for _, test := range []struct {
		src    string
		values Values
		want   Truth
	}{
		{"employees > 5", number(6), True}, {"employees > 5", none, Unknown}, {"not (employees > 5)", number(6), False},
		{"employees > 5 and customer", number(1), False}, {"employees > 5 and customer", number(6), Unknown},
		{"employees > 5 or customer", number(6), True}, {"!customer or employees == 6", number(6), True},
		{"employees * 2 == 5", number(2.5), True}, {"5 / 2 == 2.5", none, True}, {"employees / 0 > 1", number(5), Unknown}, {"employees % 4 == 1.5", number(5.5), True},
		{"9223372036854775807 + employees > 0", number(1), True},
		{"employees in [1, 2.5]", number(2.5), True}, {"employees not in [1, 2]", number(3), True}, {"employees not in [1, 2]", none, Unknown},
		{"1 <= employees < 5", number(3), True}, {"1 <= employees < 5", number(5), False},
		{`country == "us"`, word("US"), False}, {`country matches "^U[SK]$"`, word("UK"), True}, {`country startsWith "U" and country endsWith "K"`, word("UK"), True},
		{`country contains "\u00e9"`, word("café"), True}, {`len(country) > 1 ? country == "US" : false`, word("US"), True},
		{`any(stack, # == "EHR")`, stack("CRM", "EHR"), True}, {`count(stack, len(#) > 3) == limit`, stack(), False}, {`"EHR" in stack`, none, Unknown},
		{`sum(map(stack, len(#))) == 6`, stack("CRM", "EHR"), True}, {`all(stack, {# != ""})`, stack("a"), True},
		{"(employees ?? 10) > 5", none, True}, {"(employees ?? 10) > 5", number(1), False}, {"customer ?? true", none, True},
		{"max(employees, 3) + abs(-2) == 5", number(1), True}, {"round(employees) == 3", number(2.5), True},
		{"seen > cutoff", none, Unknown}, {"seen >= cutoff", oneValue{"seen", Value{Kind: DateValue, Date: Date{Time: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}}}, True},
		{"true", none, True}, {"employees > 5", oneValue{"employees", Value{Kind: TextValue, Text: "6"}}, Unknown},
	} {
		p, err := CompileCondition(Expr(), test.src, schema)
		if !assert.NoError(t, err, test.src) {
			continue
		}
		assert.Equal(t, test.want, p.Eval(test.values), test.src)
		again, err := CompileCondition(Expr(), p.String(), schema)
		if assert.NoError(t, err, "%s, canonical %s", test.src, p) {
			assert.Equal(t, test.want, again.Eval(test.values), p.String())
			assert.Equal(t, p.String(), again.String())
		}
	}
	for src, code := range map[string]Code{
		"employees":                         CodeType,
		"employees + 1":                     CodeType,
		"employees == 'x'":                  CodeType,
		"country + 1 == 'x'":                CodeType,
		"(employees ?? 'x') == 1":           CodeType,
		"nobody > 1":                        CodeName,
		"employees >":                       CodeSyntax,
		"employees gte 5":                   CodeSyntax,
		"employees == nil":                  CodeNotAllowed,
		"{a: 1}.a == 1":                     CodeNotAllowed,
		"country.x == 1":                    CodeNotAllowed,
		"stack[0] == 'x'":                   CodeNotAllowed,
		"len(stack[1:2]) == 1":              CodeNotAllowed,
		"len(1..3) == 3":                    CodeNotAllowed,
		"let x = 1; x == 1":                 CodeNotAllowed,
		"employees ** 2 > 1":                CodeNotAllowed,
		"country matches country":           CodeNotAllowed,
		"reduce(stack, #acc + #, '') == ''": CodeNotAllowed,
		"now() > seen":                      CodeNotAllowed,
		"$env == 1":                         CodeNotAllowed,
		"((employees + 1) ?? 2) > 1":        CodeNotAllowed,
		"lower(country) == 'us'":            CodeNotAllowed,
		"count(stack, #index > 1) == 1":     CodeNotAllowed,
		"any(stack, any(stack, any(stack, # != 'x')))":                                                                    CodeLimit,
		strings.Repeat("(", MaxNesting+2) + "true" + strings.Repeat(")", MaxNesting+2) + strings.Repeat(" and true", 600): CodeLimit,
	} {
		_, err := CompileCondition(Expr(), src, schema)
		var e *Error
		if assert.ErrorAs(t, err, &e, src) {
			assert.Equal(t, code, e.Code, "%s: %v", src, err)
		}
	}
}

func FuzzExpr(f *testing.F) {
	for _, s := range []string{"employees > 5 and not customer", `any(stack, # == "EHR") ? country == "US" : 1 <= employees < 5`, "(employees ?? 10) / 0 > 5", "1 < (1 < employees < 2) < 3"} {
		f.Add(s)
	}
	schema := Schema{Fields: []Field{{Name: "employees", Type: NumberType}, {Name: "country", Type: TextType}, {Name: "customer", Type: BoolType}, {Name: "stack", Type: ListType}}}
	values := []Values{oneValue{}, oneValue{"employees", Value{Kind: NumberValue, Number: 6}}, oneValue{"country", Value{Kind: TextValue, Text: "US"}}, oneValue{"stack", Value{Kind: ListValue, List: []string{"EHR"}}}}
	f.Fuzz(func(t *testing.T, src string) {
		for _, l := range []Language{Expr(), Rules()} {
			p, err := l.Compile(src, schema) // without the guard, which would hide a panic
			if err != nil {
				continue
			}
			again, err := l.Compile(p.String(), schema)
			if err != nil {
				t.Fatalf("the canonical text %q of %q does not compile: %v", p, src, err)
			}
			for _, v := range values {
				if p.Eval(v) != again.Eval(v) {
					t.Fatalf("%q and its canonical text %q differ", src, p)
				}
				p.Trace(v)
			}
		}
	})
}
