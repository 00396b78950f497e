package accountscore_test

import (
	"fmt"

	"github.com/accountscore/accountscore"
)

const trackedRules = `
field employees number missing after 90d
field industry  text
activity visit
dimension fit {
  employees gte 1000                → +50
  industry in [Technology, Finance] → +30
}
dimension intent {
  each visit within 30d → +10
}
dimension people from contacts {
  field lead_score  number
  field last_active time
  score lead_score
  decay half-life 30d since last_active
}
tiers {
  top when score >= 80 hold 5
  low otherwise
}
`

func track(a accountscore.Account) *accountscore.Tracker {
	return accountscore.MustCompile(mustParse(trackedRules)).Track(a, november)
}

func ExampleModel_Track() {
	t := track(accountscore.Account{ID: "acme", Fields: map[string]any{"industry": "Finance"}})
	before := t.Result()
	t.Set("employees", 5000)
	after := t.Result()
	fmt.Println(before.Score, before.Tier, "→", after.Score, after.Tier)
	// Output: 30 low → 80 top
}

func ExampleTracker_Set() {
	t := track(accountscore.Account{})
	t.Set("employees", 5000)
	t.Set("industry", 17) // a wrong value is missing, and counted
	r := t.Result()
	fmt.Println(r.Score, r.Invalid)
	t.Unset("employees")
	fmt.Println(t.Result().Score)
	// Output:
	// 50 1
	// 0
}

func ExampleTracker_SetRefreshed() {
	t := track(accountscore.Account{Fields: map[string]any{"employees": 5000}})
	t.SetRefreshed("employees", november.AddDate(0, 0, -100))
	fmt.Println(t.Result().Score) // missing after 90d
	t.SetRefreshed("employees", november)
	fmt.Println(t.Result().Score)
	// Output:
	// 0
	// 50
}

func ExampleTracker_SetPrevTier() {
	t := track(accountscore.Account{Fields: map[string]any{"employees": 5000}})
	t.SetContact(accountscore.Contact{ID: "ann", Fields: map[string]any{"lead_score": 27, "last_active": november}})
	fmt.Println(t.Result().Score, t.Result().Tier)
	t.SetPrevTier("top") // holds until 80 is missed by more than 5
	fmt.Println(t.Result().Score, t.Result().Tier)
	// Output:
	// 77 low
	// 77 top
}

func ExampleTracker_SetContact() {
	t := track(accountscore.Account{})
	t.SetContact(accountscore.Contact{ID: "ann", Fields: map[string]any{"lead_score": 40, "last_active": november}})
	t.SetContact(accountscore.Contact{ID: "bob", Fields: map[string]any{"lead_score": 20, "last_active": november}})
	fmt.Println(t.Result().Score)
	t.RemoveContact("ann")
	fmt.Println(t.Result().Score)
	// Output:
	// 56
	// 20
}

func ExampleTracker_Record() {
	t := track(accountscore.Account{Contacts: []accountscore.Contact{{ID: "ann"}}})
	t.Record("", accountscore.Activity{Type: "visit", At: november})
	t.Record("ann", accountscore.Activity{Type: "visit", At: november})
	fmt.Println(t.Result().Score)
	// Output: 20
}

func ExampleTracker_NextChange() {
	t := track(accountscore.Account{})
	t.Record("", accountscore.Activity{Type: "visit", At: november.AddDate(0, 0, -20)})
	fmt.Println(t.Result().Score)
	next := t.NextChange() // when the visit leaves the window
	fmt.Println(next.Format("2006-01-02 15:04:05.000000"))
	t.Advance(next)
	fmt.Println(t.Result().Score)
	fmt.Println(t.NextChange().IsZero())
	// Output:
	// 10
	// 2026-11-11 00:00:00.000001
	// 0
	// true
}

func ExampleTracker_ResultInto() {
	t := track(accountscore.Account{})
	var r accountscore.Result // kept from change to change: no allocation
	for _, n := range []float64{500, 5000} {
		t.Set("employees", n)
		t.ResultInto(&r)
		fmt.Println(r.Score)
	}
	// Output:
	// 0
	// 50
}
