package accountscore

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// asRules is the rules language as somebody else's: under another name, and
// with programs that the model cannot look into.
type asRules struct{ dsl.Language }

func (asRules) Name() string { return "theirs" }

func (l asRules) Compile(src string, schema dsl.Schema) (dsl.Program, error) {
	p, err := l.Language.Compile(src, schema)
	if err != nil {
		return nil, err
	}
	return opaque{p}, nil
}

type opaque struct{ dsl.Program }

// faulty is a language that panics where it is told to.
type faulty struct{}

func (faulty) Name() string { return "faulty" }

func (faulty) Compile(src string, schema dsl.Schema) (dsl.Program, error) {
	switch src {
	case "panic":
		panic("compile")
	case "nothing":
		return nil, nil
	case "error":
		return nil, errors.New("first line\nsecond line")
	case "typed nil":
		return (*faultyPointer)(nil), nil
	case "fields panic":
		return panicsFields{faultyProgram(src)}, nil
	case "text panics":
		return panicsText{faultyProgram(src)}, nil
	case "too true":
		return tooTrue{faultyProgram("employees")}, nil
	}
	return faultyProgram(src), nil
}

type faultyProgram string

func (p faultyProgram) Eval(dsl.Values) dsl.Truth   { panic("eval") }
func (p faultyProgram) Trace(dsl.Values) []dsl.Part { panic("trace") }
func (p faultyProgram) Fields() []string            { return strings.Fields(string(p)) }
func (p faultyProgram) String() string              { return string(p) }

type faultyPointer struct{ faultyProgram }

type panicsFields struct{ faultyProgram }

func (panicsFields) Fields() []string { panic("fields") }

type panicsText struct{ faultyProgram }

func (panicsText) String() string { panic("string") }

// tooTrue has answers beyond the three.
type tooTrue struct{ faultyProgram }

func (tooTrue) Eval(dsl.Values) dsl.Truth { return 9 }

func (tooTrue) Trace(dsl.Values) []dsl.Part {
	return []dsl.Part{{Text: "employees", Truth: -1, Fields: []string{"employees"}}}
}

func mustParseLanguage(t *testing.T, src string) *Ruleset {
	t.Helper()
	rs, err := Parse("test.rules", []byte(src))
	require.NoError(t, err)
	return rs
}

var languageAt = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

const languageFields = `
param threshold = 500
field employees number
field revenue number
field country text
field tech_stack list
field customer bool
field last_seen time
let per_head = revenue / employees
`

// Conditions of another language score, are counted unknown and widen the
// range as the same ones in the rules language.
func TestLanguageScoresAlike(t *testing.T) {
	for _, test := range []struct{ ours, expr string }{
		{"employees >= 1000", "employees >= 1000"},
		{"employees >= threshold and country = US", `employees >= threshold && country == "US"`},
		{"tech_stack contains EHR or customer", `"EHR" in tech_stack or customer`},
		{"not (employees > 10 and country in [US, CA])", `not (employees > 10 and country in ["US", "CA"])`},
		{"employees ?? 2000 > 1000", "(employees ?? 2000) > 1000"},
		{"per_head > 100", "per_head > 100"},
		{"customer ? employees > 10 : country = US", `customer ? employees > 10 : country == "US"`},
		{"100 / employees > 1", "100 / employees > 1"},
		{"employees % 7 = 3", "employees % 7 == 3"},
		{`any(tech_stack, # starts with "E" and len(#) > 2)`, `any(tech_stack, # startsWith "E" and len(#) > 2)`},
		{"100 <= employees < 1000", "100 <= employees < 1000"},
		{"true", "true"}, {"employees > 5 or true", "employees > 5 or true"},
	} {
		t.Run(test.expr, func(t *testing.T) {
			ours, err := Compile(mustParseLanguage(t, languageFields+test.ours+" → +10\n"))
			require.NoError(t, err)
			quoted := fmt.Sprintf("%q", test.expr)
			for _, src := range []string{"expr " + quoted + " → +10\n", "language expr\n" + quoted + " → +10\n", "theirs " + fmt.Sprintf("%q", test.ours) + " → +10\n"} {
				statement, rule := "", src
				if s, r, ok := strings.Cut(src, "\n"); ok && r != "" {
					statement, rule = s, r
				}
				m, err := Compile(mustParseLanguage(t, statement+languageFields+rule), WithLanguage(asRules{dsl.Rules()}), WithLanguage(dsl.Expr()))
				require.NoError(t, err)
				for _, fields := range []map[string]any{
					{}, {"employees": 1200, "country": "US"}, {"employees": 5}, {"country": "DE", "tech_stack": []string{"EHR"}}, {"customer": true},
					{"employees": 0, "revenue": 10}, {"employees": 3, "revenue": 1e6, "customer": false, "country": "CA", "tech_stack": []string{}},
					{"employees": "many", "revenue": nil, "country": "  "}, {"employees": 150, "customer": true, "country": "US", "tech_stack": []string{"CRM"}},
				} {
					want, got := ours.Score(Account{Fields: fields}, languageAt), m.Score(Account{Fields: fields}, languageAt)
					assert.Equal(t, want.Score, got.Score, "%v", fields)
					assert.Equal(t, want.Unknown, got.Unknown, "%v", fields)
					assert.Equal(t, want.Invalid, got.Invalid, "%v", fields)
					// What the model cannot look into may have a wider range, never a
					// narrower one.
					assert.LessOrEqual(t, got.Low, want.Low, "%v", fields)
					assert.GreaterOrEqual(t, got.High, want.High, "%v", fields)
					if !strings.HasPrefix(src, "theirs") {
						assert.Equal(t, want.High, got.High, "%v", fields)
					}
					assert.NoError(t, sumsToScore(m.Explain(Account{Fields: fields}, languageAt)))
				}
				assert.Equal(t, readers(ours), readers(m))
			}
		})
	}
}

func sumsToScore(x *Explanation) error {
	var sum float64
	for _, l := range x.Lines {
		sum += l.Points
	}
	if diff := sum - x.Result.Score; diff > 1e-9 || diff < -1e-9 {
		return fmt.Errorf("the lines sum to %v, the score is %v", sum, x.Result.Score)
	}
	return nil
}

func readers(m *Model) map[string][]string {
	out := map[string][]string{}
	for f, rules := range m.Fields() {
		out[f.Name] = rules
	}
	return out
}

// A condition of another language takes part in groups, in the contacts block
// and beside modifiers of points.
func TestLanguagePlaces(t *testing.T) {
	m, err := Compile(mustParseLanguage(t, `
field employees number
field open_roles number
dimension fit max 100 {
  big: expr "employees >= 1000" → +50 else -5 "Big"
  expr "employees > 1" → +2 per open_roles max 20 min 0
  first of {
    expr "employees > 5000" → +30
    expr 'employees > 10' → +10
  }
}
dimension people from contacts {
  field clicks number
  expr "clicks > 3" → +20
  engaged at least 10
}
tiers { top when fit > 50
  low otherwise }
`))
	require.NoError(t, err)
	r := m.Score(Account{Fields: map[string]any{"employees": 2000, "open_roles": 3}, Contacts: []Contact{
		{ID: "a", Fields: map[string]any{"clicks": 4}}, {ID: "b", Fields: map[string]any{"clicks": 1}}, {ID: "c"},
	}}, languageAt)
	assert.Equal(t, 50.0+6+10+20, r.Score)
	assert.Equal(t, 1, r.Engaged)
	assert.Equal(t, "top", r.Tier)
	missing := m.Score(Account{}, languageAt)
	assert.Equal(t, 0.0, missing.Score)
	assert.Equal(t, -5.0, missing.Low)
	assert.Equal(t, 100.0, missing.High)
}

// A range is never narrower than what learning a value can bring.
func TestLanguageRange(t *testing.T) {
	m, err := Compile(mustParseLanguage(t, languageFields+`
theirs "employees >= 1000" → +10
expr "employees < 1000" → +10
theirs 'country == "US" or employees > 5' → -3
employees < 50 → +1
`), WithLanguage(asRules{dsl.Rules()}))
	require.NoError(t, err)
	before := m.Score(Account{}, languageAt)
	for _, employees := range []any{0, 5, 49, 50, 999, 1000, 1e9, nil} {
		for _, country := range []any{"US", "DE", nil} {
			r := m.Score(Account{Fields: map[string]any{"employees": employees, "country": country}}, languageAt)
			assert.GreaterOrEqual(t, r.Low, before.Low)
			assert.LessOrEqual(t, r.High, before.High)
		}
	}
}

func TestLanguageErrors(t *testing.T) {
	for _, test := range []struct {
		name, src string
		code      dsl.Code
		line      int
		want      string
	}{
		{"unknown language", languageFields + "cel \"employees > 1\" → +1\n", dsl.CodeName, 10, "no language `cel`"},
		{"nearly", languageFields + "exprr \"employees > 1\" → +1\n", dsl.CodeName, 10, "did you mean `expr`"},
		{"a missing operator", languageFields + "country \"US\" → +1\n", dsl.CodeName, 10, "country = \"US\""},
		{"unknown language of the file", "language cel\n" + languageFields + "\"a\" → +1\n\"b\" → +1\n", dsl.CodeName, 11, "no language `cel`"},
		{"undeclared", languageFields + "expr \"employes > 1\" → +1\n", dsl.CodeName, 10, "did you mean `employees`"},
		{"a missing operator, inferred", "country \"US\" → +1\n", dsl.CodeName, 1, "country = \"US\""},
		{"inferred", "expr \"employees > 1\" → +1\n", dsl.CodeName, 1, "declare the fields"},
		{"type", languageFields + "expr \"employees > 'x'\" → +1\n", dsl.CodeType, 10, "expr: "},
		{"no truth", languageFields + "expr \"employees\" → +1\n", dsl.CodeType, 10, "true or false"},
		{"syntax", languageFields + "expr \"employees >\" → +1\n", dsl.CodeSyntax, 10, "expr: "},
		{"left out", languageFields + "expr \"len([1..3]) > 1\" → +1\n", dsl.CodeNotAllowed, 10, "not allowed"},
		{"left out: env", languageFields + "expr \"$env != nil\" → +1\n", dsl.CodeNotAllowed, 10, "not allowed"},
		{"contact's field", "field employees number\ndimension p from contacts {\n field clicks number\n expr \"employees > 1\" → +1\n}\n", dsl.CodeName, 4, "not declared"},
		{"panic", languageFields + "faulty \"panic\" → +1\n", dsl.CodeNotAllowed, 10, "panicked"},
		{"nothing", languageFields + "faulty \"nothing\" → +1\n", dsl.CodeNotAllowed, 10, "made nothing"},
		{"a typed nil", languageFields + "faulty \"typed nil\" → +1\n", dsl.CodeNotAllowed, 10, "faulty made nothing"},
		{"Fields panics", languageFields + "faulty \"fields panic\" → +1\n", dsl.CodeNotAllowed, 10, "faulty made a program that panics when asked for its fields: fields"},
		{"String panics", languageFields + "faulty \"text panics\" → +1\n", dsl.CodeNotAllowed, 10, "faulty made a program that panics when asked for its text: string"},
		{"plain error", languageFields + "faulty \"error\" → +1\n", dsl.CodeSyntax, 10, "faulty: first line"},
		{"reads what is not there", languageFields + "faulty \"unheard_of\" → +1\n", dsl.CodeName, 10, "unheard_of"},
	} {
		t.Run(test.name, func(t *testing.T) {
			rs := mustParseLanguage(t, test.src)
			_, err := Compile(rs, WithLanguage(faulty{}))
			var list dsl.ErrorList
			require.ErrorAs(t, err, &list)
			require.Len(t, list, 1, "one fault gives one error: %v", err)
			assert.Equal(t, test.code, list[0].Code, "%v", err)
			assert.Equal(t, test.line, list[0].Pos.Line, "%v", err)
			assert.Contains(t, err.Error(), test.want)
		})
	}
}

// A program that panics is unknown, and the explanation says so.
func TestLanguagePanics(t *testing.T) {
	m, err := Compile(mustParseLanguage(t, languageFields+"faulty \"employees\" → +10\n"), WithLanguage(faulty{}))
	require.NoError(t, err)
	a := Account{Fields: map[string]any{"employees": 5}}
	r := m.Score(a, languageAt)
	assert.Equal(t, 1, r.Unknown)
	assert.Equal(t, 0.0, r.Score)
	assert.Contains(t, m.Explain(a, languageAt).Text(), "employees")
}

// An answer that is none of the three is unknown, and nothing else.
func TestLanguageTruthBeyondTheThree(t *testing.T) {
	m, err := Compile(mustParseLanguage(t, languageFields+"faulty \"too true\" → +10\n"), WithLanguage(faulty{}))
	require.NoError(t, err)
	r := m.Score(Account{Fields: map[string]any{"employees": 5}}, languageAt)
	assert.Equal(t, 1, r.Unknown)
	assert.Equal(t, 0.0, r.Score)
	p, err := dsl.CompileCondition(faulty{}, "too true", dsl.Schema{})
	require.NoError(t, err)
	assert.Equal(t, dsl.Unknown, p.Eval(nil))
	assert.Equal(t, dsl.Unknown, p.Trace(nil)[0].Truth)
}

func TestWithLanguage(t *testing.T) {
	rs := mustParseLanguage(t, "employees > 1 → +1")
	for name, l := range map[string]dsl.Language{"nil": nil, "nameless": named(""), "two words": named("two words"), "a statement": named("tiers"),
		"hides rules": named("rules"), "hides expr": named("expr"), "wraps expr": wrapped{dsl.Expr()}} {
		_, err := Compile(rs, WithLanguage(l))
		var list dsl.ErrorList
		require.ErrorAs(t, err, &list, name)
		require.Len(t, list, 1, name)
		assert.NotEmpty(t, list[0].Fix, name)
		if strings.HasSuffix(name, "expr") {
			assert.Equal(t, dsl.CodeDuplicate, list[0].Code)
			assert.Contains(t, err.Error(), "`expr` would hide the one of that name that is always there")
			assert.Contains(t, list[0].Fix, "another name")
		}
	}
	_, err := Compile(rs, WithLanguage(dsl.Rules()), WithLanguage(dsl.Expr()))
	assert.NoError(t, err)
}

// wrapped is a language of another's name.
type wrapped struct{ dsl.Language }

type named string

func (n named) Name() string                                    { return string(n) }
func (n named) Compile(string, dsl.Schema) (dsl.Program, error) { return nil, errors.New("no") }

// The language is part of the model's identity.
func TestLanguageHash(t *testing.T) {
	hash := func(src string) string {
		m, err := Compile(mustParseLanguage(t, languageFields+src), WithLanguage(asRules{dsl.Rules()}))
		require.NoError(t, err)
		return m.Hash()
	}
	a, b, c := hash("employees > 1 → +1\n"), hash("expr \"employees > 1\" → +1\n"), hash("theirs \"employees > 1\" → +1\n")
	assert.NotEqual(t, a, b)
	assert.NotEqual(t, b, c)
}

func TestLanguageExplained(t *testing.T) {
	for _, rule := range []string{`expr "employees >= 1000 and (country == 'US' or customer)" → +10`, `theirs "employees >= 1000 and (country = US or customer)" → +10`} {
		explainLanguage(t, rule)
	}
}

func explainLanguage(t *testing.T, rule string) {
	t.Helper()
	m, err := Compile(mustParseLanguage(t, languageFields+rule+"\n"), WithLanguage(asRules{dsl.Rules()}))
	require.NoError(t, err)
	text := m.Explain(Account{ID: "acme", Fields: map[string]any{"employees": 10, "country": "DE"}}, languageAt).Text()
	assert.Contains(t, text, "employees is 10")
	assert.NotContains(t, text, "      customer is")
	text = m.Explain(Account{ID: "acme", Fields: map[string]any{"employees": 2000, "country": "DE"}}, languageAt).Text()
	assert.Contains(t, text, "customer is unset")
}
