package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/dsl/dsltest"
	"github.com/accountscore/accountscore/examples"
)

// TestLanguage holds CEL against the contract of languages.
func TestLanguage(t *testing.T) {
	dsltest.Run(t, Language(), dsltest.Conditions{
		Recent: `last_seen <= now && last_seen >= now - duration("720h")`,
	})
}

func TestLanguageMacros(t *testing.T) {
	dsltest.Run(t, Language(), dsltest.Conditions{
		Item:   `tech_stack.exists(x, x == "EHR")`,
		Equals: `country.startsWith("US") && size(country) == 2`,
		Recent: `last_seen > now - duration("720h1ns") && !(last_seen > now)`,
		And:    `employees >= 1000.0 && country in ["US"]`,
		Or:     `country == 'US' || employees >= 1e3`,
		Not:    `employees < 1000`, DivideByZero: `100 / int(employees) > 1`,
	})
}

// TestDivisionByZero is unknown wherever it stands, of fractions as of whole
// numbers, unless the answer does not hang on it.
func TestDivisionByZero(t *testing.T) {
	for src, want := range map[string]dsl.Truth{
		`100.0 / employees > 1.0`:                          dsl.Unknown,
		`-100.0 / employees < 1.0`:                         dsl.Unknown,
		`100.0 / -employees < 1.0`:                         dsl.Unknown,
		`employees / employees != 1.0`:                     dsl.Unknown,
		`1.0 / (1.0 / employees) == 0.0`:                   dsl.Unknown,
		`!(100.0 / employees > 1.0)`:                       dsl.Unknown,
		`100.0 / dyn(employees) > 1.0`:                     dsl.Unknown,
		`100u / uint(employees) > 1u`:                      dsl.Unknown,
		`100 / int(employees) > 1`:                         dsl.Unknown,
		`[1.0].exists(x, x / employees > 1.0)`:             dsl.Unknown,
		`100.0 / employees > 1.0 && false`:                 dsl.False,
		`employees == 0.0 || 100.0 / employees > 1.0`:      dsl.True,
		`employees > 0.0 ? 100.0 / employees > 1.0 : true`: dsl.True,
		`employees / 100.0 == 0.0`:                         dsl.True,
	} {
		p, err := Language().Compile(src, dsltest.Schema())
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		v := &dsltest.Values{Known: map[string]dsl.Value{"employees": {Kind: dsl.NumberValue}}, Moment: dsltest.At}
		if got := p.Eval(v); got != want {
			t.Errorf("%s is %v, want %v", src, got, want)
		}
		if parts := p.Trace(v); len(parts) == 1 && parts[0].Truth != want {
			t.Errorf("the trace of %s says %v, want %v", src, parts[0].Truth, want)
		}
	}
	rs, err := accountscore.Parse("n.rules", []byte("field n number\ncel \"100.0 / n > 1.0\" → +5\n"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := accountscore.Compile(rs, accountscore.WithLanguage(Language()))
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]float64{0: 0, 5: 5, 200: 0} {
		r := m.Score(accountscore.Account{Fields: map[string]any{"n": n}}, dsltest.At)
		if r.Score != want || r.Unknown != 0 != (n == 0) {
			t.Errorf("n is %d: the score is %v with %d unknown, want %v", n, r.Score, r.Unknown, want)
		}
	}
}

// TestExamples scores every account of the examples with both rulesets.
func TestExamples(t *testing.T) {
	for _, name := range names {
		original, err := examples.Model(name)
		if err != nil {
			t.Fatal(err)
		}
		model, err := compile(name)
		if err != nil {
			t.Fatal(err)
		}
		accounts, err := examples.Accounts(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range accounts {
			want, got := original.Score(a, examples.At), model.Score(a, examples.At)
			if !same(want, got) {
				t.Errorf("%s, %s: in CEL %+v, want %+v", name, a.ID, got, want)
			}
		}
	}
}

// TestPlaces has CEL wherever a condition may be in another language, and the
// same ruleset in the rules language beside it.
func TestPlaces(t *testing.T) {
	const shape = `
score min 0 max 100 round 1
field employees number
field country text
field customer bool
dimension fit out of 100 {
  best of {
    WHEN1 → +60
    employees > 5 → +10
  }
  scale 50% when WHEN2 "Has bought"
}
dimension people from contacts {
  field clicks number
  WHEN3 → +20
}
grades fit { 50+: A, else: B }
disqualify when WHEN4 "Not served"
tiers {
  top when WHEN5
  mid when WHEN6
  low otherwise
}
`
	compile := func(conditions ...string) *accountscore.Model {
		src := shape
		for i, c := range conditions {
			src = strings.Replace(src, "WHEN"+string(rune('1'+i)), c, 1)
		}
		rs, err := accountscore.Parse("places.rules", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		m, err := accountscore.Compile(rs, accountscore.WithLanguage(Language()))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	ours := compile("employees >= 1000", "customer", "clicks > 3", "country in [KP, CU]", "score >= 50 and people >= 20", "grade = A or engaged_contacts > 0")
	theirs := compile(`cel "employees >= 1000"`, `cel "customer"`, `cel "clicks > 3"`, `cel "country in ['KP', 'CU']"`,
		`cel "score >= 50 && people >= 20"`, `cel "grade == 'A' || engaged_contacts > 0"`)
	tiers := map[string]bool{}
	for _, fields := range []map[string]any{
		{}, {"employees": 2000, "country": "US", "customer": false}, {"employees": 2000, "country": "US", "customer": true},
		{"employees": 10, "country": "KP", "customer": false}, {"employees": 10, "country": "US"}, {"country": "CU"},
	} {
		for _, clicks := range []any{nil, 2, 4} {
			a := accountscore.Account{Fields: fields, Contacts: []accountscore.Contact{{ID: "ann", Fields: map[string]any{"clicks": clicks}}}}
			want, got := ours.Score(a, examples.At), theirs.Score(a, examples.At)
			tiers[got.Tier] = true
			if want.Score != got.Score || want.Tier != got.Tier || want.Reason != got.Reason || want.Unknown != got.Unknown || got.Low > want.Low || got.High < want.High {
				t.Errorf("%v: in CEL %+v, want %+v", a, got, want)
			}
		}
	}
	if len(tiers) != 4 {
		t.Errorf("the accounts reach %v", tiers)
	}
}

func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"enterprise  40 of 40 accounts", "midmarket   40 of 40 accounts", "plg         40 of 40 accounts",
		"employees >= 100 && employees <= 1000",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, &out)
		}
	}
}

// TestErrors has every fault at once, at its rule.
func TestErrors(t *testing.T) {
	rs, err := accountscore.Parse("bad.rules", []byte(`language cel
field employees number
"employes >= 1000"    → +1
"employees + 1.0"     → +2
"employees >= 'x'"    → +3
"employees >="        → +4
"employees >= 1000"   → +5
`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = accountscore.Compile(rs, accountscore.WithLanguage(Language()))
	var list dsl.ErrorList
	if !errors.As(err, &list) || len(list) != 4 {
		t.Fatalf("want four errors, got %v", err)
	}
	for i, e := range list {
		if e.Pos.Line != 3+i || !strings.HasPrefix(e.Message, "cel: ") {
			t.Errorf("error %d is %v", i+1, e)
		}
	}
}

// TestTrace shows why.
func TestTrace(t *testing.T) {
	p, err := Language().Compile(`employees >= 1000 && (country == "US" || customer)`, dsltest.Schema())
	if err != nil {
		t.Fatal(err)
	}
	v := &dsltest.Values{Moment: time.Now(), Known: map[string]dsl.Value{
		"employees": {Kind: dsl.NumberValue, Number: 10}, "customer": {Kind: dsl.BoolValue, Bool: true},
	}}
	want := []dsl.Part{
		{Text: `employees >= 1000`, Truth: dsl.False, Fields: []string{"employees"}},
		{Text: `country == "US"`, Truth: dsl.Unknown, Fields: []string{"country"}},
		{Text: `customer`, Truth: dsl.True, Fields: []string{"customer"}},
	}
	got := p.Trace(v)
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i].Text != want[i].Text || got[i].Truth != want[i].Truth || got[i].Fields[0] != want[i].Fields[0] {
			t.Errorf("part %d is %v, want %v", i, got[i], want[i])
		}
	}
}
