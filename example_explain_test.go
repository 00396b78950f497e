package accountscore_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/accountscore/accountscore"
)

func ExampleExplanation_Reasons() {
	rs, err := accountscore.Parse("fit.rules", []byte(`
size: employees gte 1000 → +50 "Enterprise headcount"
country in [US, UK] → +20 code MARKET "One of our markets"
revenue > 10M → +30
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	m := accountscore.MustCompile(rs)
	acme := accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 240, "country": "DE"}}
	for _, r := range m.Explain(acme, time.Now()).Reasons(2) {
		fmt.Printf("%s: %g below, %s, %s\n", r.Code, r.Difference, r.State, r.Text)
	}
	// Output:
	// points.size: 50 below, failed, Enterprise headcount
	// points.3: 30 below, unknown, revenue > 10M → +30
}

func ExampleModel_ExplainInto() {
	rs, err := accountscore.Parse("fit.rules", []byte("employees gte 1000 → +50\nrevenue gte 50M → +45\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	m := accountscore.MustCompile(rs)
	var x accountscore.Explanation
	for _, a := range []accountscore.Account{
		{ID: "acme", Fields: map[string]any{"employees": 1200, "revenue": 60e6}},
		{ID: "bolt", Fields: map[string]any{"employees": 300}},
	} {
		m.ExplainInto(&x, a, time.Now()) // nothing of the one before is kept
		fmt.Println(x.AccountID, x.Result.Score, len(x.Missing))
	}
	// Output:
	// acme 95 0
	// bolt 0 1
}

func ExampleAttribute() {
	rs, err := accountscore.Parse("fit.rules", []byte(`
employees gte 1000 → +50
employees gte 1000 and plan = Pro → +20
each demo → +40 half-life 30d
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	m := accountscore.MustCompile(rs)
	october := time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC)
	acme := accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 900, "plan": "Free"},
		Activities: []accountscore.Activity{{Type: "demo", At: october}}}
	before := m.Explain(acme, october)
	acme.Fields["employees"], acme.Fields["plan"] = 1100, "Pro"
	x, err := accountscore.Attribute(before, m.Explain(acme, october.AddDate(0, 0, 30)))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%g → %g: %+g\n", x.Before, x.After, x.Change)
	for _, c := range x.Contributions {
		fmt.Printf("%+g  %s: %s\n", c.Points, c.Kind, c.Text)
	}
	// Output:
	// 40 → 90: +50
	// -20  time: demo: decayed, 30 days older
	// +60  data: employees from 900 to 1,100
	// +10  data: plan from "Free" to "Pro"
}

// A change of score as a text. The points on the right add up to the change.
func ExampleAttribution_Text() {
	rs, err := accountscore.Parse("fit.rules", []byte(`
employees gte 1000 → +50
employees gte 1000 and plan = Pro → +20
each demo → +40 half-life 30d
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	m := accountscore.MustCompile(rs)
	october := time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC)
	acme := accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 900, "plan": "Free"},
		Activities: []accountscore.Activity{{Type: "demo", At: october}}}
	before := m.Explain(acme, october)
	acme.Fields["employees"], acme.Fields["plan"] = 1100, "Pro"
	x, err := accountscore.Attribute(before, m.Explain(acme, october.AddDate(0, 0, 30)))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(x.Text(accountscore.Width(64)))
	fmt.Print("\n", x.Markdown())
	// Output:
	// acme: score 40 to 90                                         +50
	// from 2026-10-02 00:00 UTC to 2026-11-01 00:00 UTC
	//
	// time that passed                                             -20
	//   demo: decayed, 30 days older
	//
	// data                                                         +70
	//   employees from 900 to 1,100                                +60
	//   plan from "Free" to "Pro"                                  +10
	//
	// # acme: score 40 to 90
	//
	// **+50** from 2026-10-02 00:00 UTC to 2026-11-01 00:00 UTC.
	//
	// | What | Points | So far |
	// |---|---:|---:|
	// | **Before** |  | 40 |
	// | **time that passed** |  |  |
	// | demo: decayed, 30 days older | -20 | 20 |
	// | **data** |  |  |
	// | employees from 900 to 1,100 | +60 | 80 |
	// | plan from "Free" to "Pro" | +10 | 90 |
	// | **After** | **+50** | 90 |
}

func ExampleModel_ChangesExplained() {
	rs, err := accountscore.Parse("fit.rules", []byte(`
employees gte 1000 → +50 "Enterprise headcount"
each visit → +5 max 20
tiers { top when score >= 50; low otherwise }
trigger hot when tier rises to top
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	m := accountscore.MustCompile(rs)
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	acme := accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 900}}
	before := m.Explain(acme, now)
	acme.Fields["employees"] = 1100
	acme.Activities = []accountscore.Activity{{Type: "visit", At: now}}
	for _, e := range m.ChangesExplained(before, m.Explain(acme, now)) {
		fmt.Printf("%s: %s → %s\n", e.Trigger, e.BeforeTier, e.AfterTier)
		for _, c := range e.Causes {
			fmt.Printf("  %+g %s %s: %s\n", c.Change, c.Rule, c.AfterState, c.Text)
		}
	}
	// Output:
	// hot: low → top
	//   +50 points.1 matched: Enterprise headcount
	//   +5 points.2 matched: each visit → +5 max 20
}

func ExampleExplanation_Writeback() {
	rs, err := accountscore.Parse("fit.rules", []byte(`
size: employees gte 1000 → +50 "Enterprise headcount"
country in [US, UK] → +20
tiers { top when score >= 50; low otherwise }
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	m := accountscore.MustCompile(rs)
	acme := accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 240, "country": "US"}}
	fields := m.Explain(acme, time.Now()).Writeback("fit_")
	for _, key := range []string{"fit_score", "fit_tier", "fit_dimension_points", "fit_reason_1", "fit_reason_1_points"} {
		fmt.Println(key, "=", fields[key])
	}
	// Output:
	// fit_score = 20
	// fit_tier = low
	// fit_dimension_points = 20
	// fit_reason_1 = Enterprise headcount
	// fit_reason_1_points = 50
}

func ExampleNextStep() {
	rs, err := accountscore.Parse("fit.rules", []byte(`
employees gte 1000 → +50
country in [US, UK] → +20
tiers { top when score >= 50; low otherwise }
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	m := accountscore.MustCompile(rs)
	x := m.Explain(accountscore.Account{ID: "acme", Fields: map[string]any{"country": "US"}}, time.Now())
	fmt.Println(x.Writeback("fit_", accountscore.NextStep())["fit_next_step"])
	// Output:
	// fill employees with 1,000 or more
}

func ExampleModel_Explain() {
	rs, err := accountscore.Parse("fit.rules", []byte(`ruleset "Fit" version "3"
score max 50
employees gte 1000 → +50  "Enterprise headcount"
country in [US, UK] → +20
revenue > 10M → +30
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	m := accountscore.MustCompile(rs)
	acme := accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 240, "country": "US"}}
	x := m.Explain(acme, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))

	for _, line := range x.Lines {
		fmt.Printf("%+g  %s\n", line.Points, line.Text)
	}
	fmt.Println()
	fmt.Print(x.Text())
	// Output:
	// +20  country in [US, UK] → +20
	//
	// acme, Fit 3, 2026-11-01 00:00 UTC
	// Score 20, could be 20 to 50
	//
	// points: sum 20, could be 20 to 50                                                                +20
	//   ✗ Enterprise headcount · employees gte 1000 → +50                                                0
	//       employees is 240: needs at least 1,000, short by 760
	//   ✓ country in [US, UK] → +20                                                                    +20
	//       country is "US"
	//   ? revenue > 10M → +30                                                                            0
	//       revenue is unset
	//       could earn 0 to +30
	//
	// score                                                                                             20
	//   points                                                                                         +20
	//
	// what costs the most against its baseline, in points of the score before any cap
	//   ✗ Enterprise headcount (points.1): 0 against 50                                                -50
	//   ? revenue > 10M → +30, revenue is unset (points.3): 0 against 30                               -30
	//
	// missing: what each field alone could bring, if it became known
	//   ? revenue is unset, enrichable                                                                 +30
	//       rules that wait for it: points.3 (revenue > 10M → +30)
}

func ExampleExplanation_Text() {
	rs, err := accountscore.Parse("fit.rules", []byte("employees gte 1000 → +50\nindustry in [Healthcare, Biotech] → +20"))
	if err != nil {
		fmt.Println(err)
		return
	}
	acme := accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 1200, "industry": "Retail"}}
	x := accountscore.MustCompile(rs).Explain(acme, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	fmt.Print(x.Text(accountscore.Width(64)))
	// Output:
	// acme, model 2ed412b6f32a, 2026-11-01 00:00 UTC
	// Score 50
	//
	// points: sum 50                                               +50
	//   ✓ employees gte 1000 → +50                                 +50
	//       employees is 1,200
	//   ✗ industry in [Healthcare, Biotech] → +20                    0
	//       industry is "Retail": needs one of [Healthcare, Biotech]
	//
	// score                                                         50
	//   points                                                     +50
	//
	// what costs the most against its baseline, in points of the score
	// before any cap
	//   ✗ industry in [Healthcare, Biotech] → +20                  -20
	//     (points.2): 0 against 20
}

func ExampleExplanation_Markdown() {
	rs, err := accountscore.Parse("fit.rules", []byte("employees gte 1000 → +50\nindustry in [Healthcare, Biotech] → +20"))
	if err != nil {
		fmt.Println(err)
		return
	}
	acme := accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 1200, "industry": "Retail"}}
	x := accountscore.MustCompile(rs).Explain(acme, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	fmt.Print(x.Markdown())
	// Output:
	// # acme
	//
	// **Score 50**
	//
	// Scored by model 2ed412b6f32a, as of 2026-11-01 00:00 UTC.
	//
	// ## How 50 came about
	//
	// | Step | Points | So far |
	// |---|---:|---:|
	// | **points** |  |  |
	// | employees gte 1000 → +50 | +50 | 50 |
	// | **Score** | 50 | 50 |
	//
	// ## points: +50
	//
	// sum 50
	//
	// | State | Rule | Why | Points |
	// |---|---|---|---:|
	// | ✓ matched | employees gte 1000 → +50 | employees is 1,200 | +50 |
	// | ✗ failed | industry in \[Healthcare, Biotech\] → +20 | industry is "Retail": needs one of \[Healthcare, Biotech\] | 0 |
	//
	// ## What costs the most
	//
	// Against its baseline, in points of the score before any cap.
	//
	// - ✗ **-20** industry in \[Healthcare, Biotech\] → +20 (points.2): 0 against 20
}

func ExampleExplanation_HTML() {
	rs, err := accountscore.Parse("fit.rules", []byte("employees gte 1000 → +50"))
	if err != nil {
		fmt.Println(err)
		return
	}
	acme := accountscore.Account{ID: "<acme>", Fields: map[string]any{"employees": 1200}}
	x := accountscore.MustCompile(rs).Explain(acme, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	http.HandleFunc("/explanation", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, x.HTML())
	})
	for line := range strings.Lines(x.HTML()) {
		if strings.HasPrefix(line, "<title>") {
			fmt.Print(line)
		}
	}
	// Output:
	// <title>&lt;acme&gt;: score 50</title>
}

func ExampleExplanationSchema() {
	var schema struct {
		Title    string   `json:"title"`
		Required []string `json:"required"`
	}
	if err := json.Unmarshal(accountscore.ExplanationSchema(), &schema); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(schema.Title, schema.Required)
	// Output:
	// accountscore explanation [account_id at model_hash result total]
}
