package accountscore_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/accountscore/accountscore"
)

// liftRules is a small model with contacts and tiers.
const liftRules = `score round 1

field employees number
field revenue   number
field industry  text
field plan      text one of [Free, Pro]  actionable

activity webinar

dimension fit {
  employees gte 1000                   → +20
  revenue → 0..25 over 5M-30M
  industry in [Healthcare, Education]  → +20
  plan = Pro                           → +10
  any(webinar, 90d)                    → +10
}

dimension people from contacts {
  field role text
  field heat number
  score heat
  committee by role { buyer: 1, user: 2 }
}

tiers {
  top when score >= 60 and completeness >= 50
  mid when score >= 30
  low otherwise
}
`

func liftAccount() *accountscore.Explanation {
	rs, err := accountscore.Parse("lift.rules", []byte(liftRules))
	if err != nil {
		panic(err)
	}
	acme := accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 240, "plan": "Free"}}
	return accountscore.MustCompile(rs).Explain(acme, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
}

// The smallest sets of changes that bring an account to the next tier.
func ExampleExplanation_Lift() {
	for _, path := range liftAccount().Lift() {
		fmt.Printf("%g  %s\n", path.Effort, path)
	}
	// Output:
	// 4  fill revenue with 15M or more, and fill industry with "Education" or "Healthcare": score 30, tier mid
	// 5  fill revenue with 25M or more, and 1 more webinar: score 30, tier mid
	// 5  fill industry with "Education" or "Healthcare", and 1 more webinar: score 30, tier mid
	// 7  fill revenue with 25M or more, and bring plan from "Free" to "Pro": score 30, tier mid
	// 7  fill industry with "Education" or "Healthcare", and bring plan from "Free" to "Pro": score 30, tier mid
	// 12  fill revenue with 25M or more, and engage a new contact with heat 10: score 30, tier mid
	// 12  fill industry with "Education" or "Healthcare", and engage a new contact with heat 10: score 30, tier mid
	// 13.33  engage a new contact with heat 30: score 30, tier mid
}

// Any tier can be asked for. A contact may have to score more than is just
// enough to be engaged.
func ExampleExplanation_LiftTo() {
	for _, path := range liftAccount().LiftTo("top") {
		fmt.Println(path.Tier, path.Score, "greedy:", path.Greedy)
		for _, c := range path.Changes {
			fmt.Printf("  %s: %s\n", c.Kind, c)
		}
	}
	// Output:
	// top 60 greedy: false
	//   engage: engage a new contact with role "buyer" and heat 60
	// top 60 greedy: false
	//   engage: engage a new contact with role "user" and heat 10
	//   engage: engage a new contact with role "user" and heat 52
}

// The changed account can be scored, or explained.
func ExampleExplanation_Apply() {
	x := liftAccount()
	path := x.Lift()[0]
	changed := x.Apply(path.Changes)
	fmt.Println(changed.Fields["industry"], changed.Fields["revenue"])
	// Output:
	// Education 1.5e+07
}

// What one more engaged contact would bring in each role that the buying
// committee lacks.
func ExampleExplanation_Committee() {
	for _, r := range liftAccount().Committee() {
		fmt.Printf("%s: %+g, committee %g%% complete\n", r.Role, r.Gain, r.Completeness)
	}
	// Output:
	// buyer: +10, committee 50% complete
	// user: +10, committee 25% complete
}

// A grade of a dimension, or a tier of a further ladder, is named with it.
func ExampleExplanation_LiftTo_grade() {
	rs, err := accountscore.Parse("grades.rules", []byte(`
field employees number
field industry  text
dimension fit {
  employees gte 1000      → +50
  industry in [Health]    → +25
}
dimension people from contacts {
  field seniority text
  field heat number
  score heat
  weight seniority { vp: 2, else: 1 }
}
grades fit { 75+: A, 50+: B, else: C }
grades people { 40+: 1, else: 2 }
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	acme := accountscore.Account{ID: "acme", Contacts: []accountscore.Contact{{ID: "ann", Fields: map[string]any{"heat": 30}}}}
	x := accountscore.MustCompile(rs).Explain(acme, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	for _, path := range x.LiftTo("fit.grade B") {
		fmt.Println(path)
	}
	fmt.Println(x.LiftTo("grade B1")[0])
	// Output:
	// fill employees with 1,000 or more: score 80, fit.grade B
	// fill employees with 1,000 or more, and fill seniority of contact ann with "vp": score 110, grade B1
}

// A text, a document or a page with the way to another tier than the next.
func ExampleExplanation_Towards() {
	text := liftAccount().Towards("top").Text()
	_, way, _ := strings.Cut(text, "\nto reach ")
	way, _, _ = strings.Cut(way, "\n\n")
	fmt.Println("to reach", way)
	// Output:
	// to reach top: any of these would do, the least effort first
	//   → engage a new contact with role "buyer" and heat 60 (effort 14.17)                             60
	//   → engage a new contact with role "user" and heat 10, and engage a new contact with              60
	//     role "user" and heat 52 (effort 24.04)
}
