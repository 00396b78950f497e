package accountscore_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
)

var november = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

func mustParse(src string) *accountscore.Ruleset {
	rs, err := accountscore.Parse("example.rules", []byte(src))
	if err != nil {
		panic(err)
	}
	return rs
}

func ExampleParse() {
	_, err := accountscore.Parse("fit.rules", []byte("employees gte 1000 → +50\nindustry = null → +5\n"))
	fmt.Println(err)
	var e *dsl.Error
	fmt.Println(errors.As(err, &e), e.Code)
	// Output:
	// fit.rules:2:12: missing data is not compared with null [not-allowed]
	//     industry = null → +5
	//                ^
	//     fix: write is missing
	// true not-allowed
}

func ExampleCompile() {
	rs := mustParse("employees gte 1000 → +50\nindustry equals target_vertical → +30\n")
	m, err := accountscore.Compile(rs, accountscore.WithParam("target_vertical", "Healthcare"))
	if err != nil {
		fmt.Println(err)
		return
	}
	r := m.Score(accountscore.Account{Fields: map[string]any{"employees": 5000, "industry": "Healthcare"}}, november)
	fmt.Println(r.Score)
	// Output: 80
}

func ExampleMustCompile() {
	m := accountscore.MustCompile(&accountscore.Ruleset{Dimensions: []accountscore.Dimension{{Name: "fit", Items: []accountscore.Item{
		{Rule: &accountscore.Rule{When: accountscore.F("employees >= 1000"), Points: 50}},
	}}}})
	fmt.Println(m.Score(accountscore.Account{Fields: map[string]any{"employees": 5000}}, november).Score)
	// Output: 50
}

func ExampleWithFunc() {
	rs := mustParse("field domain text\nis_free_mail(domain) → -20\n")
	m, err := accountscore.Compile(rs, accountscore.WithFunc("is_free_mail", func(domain string) bool {
		return domain == "gmail.com"
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Score(accountscore.Account{Fields: map[string]any{"domain": "gmail.com"}}, november).Score)
	fmt.Println(m.Score(accountscore.Account{}, november).Unknown, "rule unknown")
	// Output:
	// -20
	// 1 rule unknown
}

func ExampleWithLimits() {
	rs := mustParse("employees >= 100 → +10\nemployees >= 1000 and revenue >= 5M → +20\ncountry = US → +5\n")
	_, err := accountscore.Compile(rs, accountscore.WithLimits(accountscore.Limits{Rules: 2, Nodes: 5}))
	fmt.Println(err)
	// Output:
	// example.rules:2:1: a condition has 7 parts, more than 5 [limit]
	//     employees >= 1000 and revenue >= 5M → +20
	//     ^
	//     fix: take it apart with let
	// example.rules:3:1: the ruleset has more than 2 rules [limit]
	//     country = US → +5
	//     ^
	//     fix: split the model
}

func ExampleModel_Score() {
	m := accountscore.MustCompile(mustParse(`
employees gte 1000 → +50
industry in [Technology, Finance] → +30
tiers {
  top when score >= 70
  low otherwise
}`))
	// The industry was never mapped: the rule is unknown, not false.
	r := m.Score(accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 5000}}, november)
	fmt.Printf("%s: %g, between %g and %g; tier %s, certain: %v; %d unknown\n", r.AccountID, r.Score, r.Low, r.High, r.Tier, r.TierCertain, r.Unknown)
	// Output: acme: 50, between 50 and 80; tier low, certain: false; 1 unknown
}

func ExampleModel_ScoreInto() {
	m := accountscore.MustCompile(mustParse("employees gte 1000 → +50"))
	var r accountscore.Result // reused: no allocation for each account
	for _, employees := range []int{200, 2000} {
		m.ScoreInto(&r, accountscore.Account{Fields: map[string]any{"employees": employees}}, november)
		fmt.Println(r.Score)
	}
	// Output:
	// 0
	// 50
}

func ExampleModel_ScoreAll() {
	m := accountscore.MustCompile(mustParse("employees gte 1000 → +50"))
	source := accountscore.Accounts([]accountscore.Account{
		{ID: "acme", Fields: map[string]any{"employees": 5000}},
		{ID: "bolt", Fields: map[string]any{"employees": 12}},
	})
	for r, err := range m.ScoreAll(context.Background(), source, november, accountscore.Workers(2)) {
		fmt.Println(r.AccountID, r.Score, err)
	}
	// Output:
	// acme 50 <nil>
	// bolt 0 <nil>
}

func ExampleModel_Check() {
	m := accountscore.MustCompile(mustParse("employees gte 1000 → +50"))
	fmt.Println(m.Check(accountscore.Account{ID: "acme", Fields: map[string]any{"employees": "5000"}}))
	// Output: account "acme": field employees: wanted a number, got the text "5000": write 5000 without quotes
}

func ExampleModel_ContactScores() {
	m := accountscore.MustCompile(mustParse(`
dimension engagement from contacts {
  field seniority text
  field lead_score number
  score   lead_score
  weight  seniority { c_level: 2.0, manager: 1.0, else: 0.5 }
  combine ranked 0.8
  bonus   multi-thread 50% falling 0.5
}`))
	a := accountscore.Account{Contacts: []accountscore.Contact{
		{ID: "ann", Fields: map[string]any{"seniority": "manager", "lead_score": 30}},
		{ID: "bob", Fields: map[string]any{"seniority": "c_level", "lead_score": 20}},
	}}
	for _, c := range m.ContactScores(nil, a, november) {
		fmt.Printf("%d. %s: %g × %g, brings %g\n", c.Rank, c.ID, c.Weight, c.Score, c.Share)
	}
	fmt.Println(m.Score(a, november).Score, "with the multi-thread bonus")
	// Output:
	// 1. bob: 2 × 20, brings 40
	// 2. ann: 1 × 30, brings 24
	// 80 with the multi-thread bonus
}

func ExampleModel_Changes() {
	m := accountscore.MustCompile(mustParse(`
employees gte 1000 → +50
tiers {
  top when score >= 50
  low otherwise
}
trigger hot when tier rises to top`))
	before := m.Score(accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 900}}, november)
	after := m.Score(accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 1100}}, november)
	for _, e := range m.Changes(before, after) {
		fmt.Printf("%s %s: %s → %s\n", e.AccountID, e.Trigger, e.BeforeTier, e.AfterTier)
	}
	// Output: acme hot: low → top
}

func ExampleModel_Verify() {
	m := accountscore.MustCompile(mustParse(`
employees gte 1000 → +50
case "large" {
  employees = 5000
  expect score 50
}
case "wrong on purpose" {
  employees = 999
  expect score 50
}`))
	for _, c := range m.Verify() {
		fmt.Println(c.Name, c.Passed(), c.Failures)
	}
	// Output:
	// large true []
	// wrong on purpose false [score: wanted 50, got 0]
}

func ExampleModel_Fields() {
	m := accountscore.MustCompile(mustParse("size: employees gte 1000 → +50\nemployees lt 5 or plan = Free → -5\n"))
	for f, rules := range m.Fields() {
		fmt.Println(f.Name, f.Type, strings.Join(rules, ", "))
	}
	// Output:
	// employees number points.size, points.2
	// plan text points.2
}
