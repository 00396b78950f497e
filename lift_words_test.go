package accountscore

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestLiftPaths says in words what would lift an account, or why nothing does.
func TestLiftPaths(t *testing.T) {
	old := testMoment.AddDate(0, 0, -200)
	for _, tt := range []struct {
		name, rules string
		account     Account
		to          string // the next tier where it is empty
		want        []string
	}{
		{"refresh what is too old", `field a number missing after 90d
dimension x { a > 10 → +10 }
tiers { top when score >= 10 }`,
			Account{Fields: map[string]any{"a": 50}, Refreshed: map[string]time.Time{"a": old}}, "",
			[]string{`refresh a, last 50: score 10, tier top`}},
		{"a refresh that does not do", `field a number missing after 90d
dimension x { a > 10 → +10 }
tiers { top when score >= 10 }`,
			Account{Fields: map[string]any{"a": 5}, Refreshed: map[string]time.Time{"a": old}}, "",
			[]string{`fill a with more than 10: score 10, tier top`}},
		{"what is stale counts", `field a number stale after 90d
dimension x { a > 10 → +10 }
tiers { top when score >= 10 }`,
			Account{Fields: map[string]any{"a": 5}, Refreshed: map[string]time.Time{"a": old}}, "",
			[]string{`top is out of reach: nothing that may be changed brings it nearer: score is 0: needs at least 10, short by 10; a may not be changed`}},
		{"fixed", `field a number fixed
field b number
dimension x {
  a > 10 → +10
  b > 10 → +5
}
tiers { top when score >= 10
  low otherwise }`,
			Account{}, "",
			[]string{`top is out of reach: the nearest that changes bring it is still not enough: score is 5: needs at least 10, short by 5; a may not be changed`}},
		{"capped by what is fixed", `field a number fixed
field b number
dimension fit max 20 { a > 10 → +20 }
dimension intent max 30 { b > 10 → +50 }
tiers { top when score >= 40 and fit >= 20
  low otherwise }`,
			Account{Fields: map[string]any{"a": 1}}, "",
			[]string{`top is out of reach: the nearest that changes bring it is still not enough: score is 30: needs at least 40, short by 10; fit is 0: needs at least 20, short by 20; a may not be changed`}},
		{"a value to reach", `field a number actionable
field b text one of [x, y, z] actionable
dimension x {
  a → 0..10 over 100-200
  b in [y, z] → +10
}
tiers { top when score >= 10 }`,
			Account{Fields: map[string]any{"a": 50, "b": "x"}}, "",
			[]string{`bring b from "x" to "y" or "z": score 10, tier top`, `bring a from 50 to 200 or more: score 10, tier top`}},
		{"a value that may be found to be another", `field a number enrichable
field b text one of [x, y, z] enrichable
field l list enrichable
dimension x {
  a between 100 and 200 → +10
  b in [y, z] → +10
  l has any [m, n] → +10
}
tiers { top when score >= 10 }`,
			Account{Fields: map[string]any{"a": 50, "b": "x", "l": []string{"k"}}}, "",
			[]string{`find b to be "y" or "z" instead of "x": score 10, tier top`, `find "m" or "n" in l: score 10, tier top`,
				`find a to be between 100 and 200 instead of 50: score 10, tier top`}},
		{"down", `field a number actionable
dimension x { a < 10 → +10 }
tiers { top when score >= 10 }`,
			Account{Fields: map[string]any{"a": 50}}, "",
			[]string{`bring a from 50 to less than 10: score 10, tier top`}},
		{"the middle of a ramp", `field a number
dimension x { a → 0..50 over 5M-55M }
tiers { top when score >= 17.3 }`,
			Account{}, "",
			[]string{`fill a with 23M or more: score 18, tier top`}},
		{"a factor", `field a number
dimension x { a > 0 → +2 per a max 100 }
tiers { top when score >= 15 }`,
			Account{}, "",
			[]string{`fill a with 8 or more: score 16, tier top`}},
		{"whole numbers, and no noise", `field seats number actionable
field price number
dimension x { seats * price > 50000 → +10 }
tiers { top when score >= 10 }`,
			Account{Fields: map[string]any{"seats": 100, "price": 300}}, "",
			[]string{`bring seats from 100 to 167 or more: score 10, tier top`}},
		{"an open bound", `field revenue number actionable
field heads number
let per = revenue / heads
dimension x { per > 100k → +10 }
tiers { top when score >= 10 }`,
			Account{Fields: map[string]any{"revenue": 1e6, "heads": 70}}, "",
			[]string{`bring revenue from 1M to more than 7M: score 10, tier top`}},
		{"between", `field revenue number actionable
field heads number
let per = revenue / heads
dimension x { per in 50k-400k → +10 }
tiers { top when score >= 10 }`,
			Account{Fields: map[string]any{"revenue": 1e6, "heads": 250}}, "",
			[]string{`bring revenue from 1M to between 12.5M and 100M: score 10, tier top`}},
		{"the end of a ramp", `field a number actionable
dimension x { a → 0..20 over 2M-50M }
tiers { top when score >= 20 }`,
			Account{Fields: map[string]any{"a": 3e6}}, "",
			[]string{`bring a from 3M to 50M or more: score 20, tier top`}},
		{"days", `field renewal time actionable
dimension x { days_since(renewal) < -30 → +10 }
tiers { top when score >= 10 }`,
			Account{Fields: map[string]any{"renewal": "2026-01-01"}}, "",
			[]string{`bring renewal from 2026-01-01 to 2026-12-02 or later: score 10, tier top`}},
		{"what a contact has to have", `dimension x from contacts {
  field title text
  title has word "VP" → +30
  title has word "Lead" → +12
  engaged at least 10
}
tiers {
  top when x >= 30
  mid when x >= 10
}`,
			Account{}, "",
			[]string{`engage a new contact with title "Lead": score 12, tier mid`}},
		{"what a contact has to have for more", `dimension x from contacts {
  field title text
  field dept text
  title has word "VP" → +30
  title has word "Lead" → +12
  engaged at least 10
  committee by dept { it: 1 }
}
tiers {
  top when x >= 30
  mid when x >= 10
}`,
			Account{Contacts: []Contact{{ID: "jo", Fields: map[string]any{"dept": "it"}}}}, "top",
			[]string{`fill title of contact jo with "VP": score 30, tier top`, `engage a new contact with title "VP": score 30, tier top`}},
		{"blocked whatever activities do", `field a number
field lawsuits number fixed
activity demo
dimension fit max 60 {
  a > 10 → +60
  scale 50% when lawsuits > 3
}
dimension intent max 20 { each demo → +5 }
tiers {
  top when score >= 70 and fit >= 40
  low otherwise
}`,
			Account{Fields: map[string]any{"lawsuits": 5}}, "",
			[]string{`top is out of reach: the nearest that changes bring it is still not enough: score is 50: needs at least 70, short by 20; fit is 30: needs at least 40, short by 10; lawsuits may not be changed`}},
		{"a quotient", `field a number actionable
field b number
let c = a / b
dimension x { c >= 40 → +10 }
tiers { top when score >= 10 }`,
			Account{Fields: map[string]any{"a": 100, "b": 5}}, "",
			[]string{`bring a from 100 to 200 or more: score 10, tier top`}},
		{"lists and anything", `field l list
field k list actionable
field c text
dimension x {
  l has any [CRM, EHR] → +5
  k has all [A, B] → +5
  c != FR → +5
}
tiers { top when score >= 15 }`,
			Account{Fields: map[string]any{"k": []string{"A", "C"}}}, "",
			[]string{`fill l with "CRM" or "EHR", fill c with anything but "FR", and add "B" to k: score 15, tier top`}},
		{"known is enough", `field c text
field d time
dimension x {
  c is known → +5
  d within 30d → +5
}
tiers { top when score >= 10 }`,
			Account{}, "",
			[]string{`fill c with any value, and fill d with 2026-10-02 to 2026-11-01: score 10, tier top`}},
		{"activities as often as needed", `activity visit (page text)
activity call
dimension x {
  count(visit where page contains "price", 30d) >= 4 → +10
  each call → +2 max 8
}
tiers { top when score >= 16 }`,
			Account{Activities: []Activity{{Type: "visit", At: testMoment, Fields: map[string]any{"page": "/price"}}, {Type: "call", At: testMoment}}}, "",
			[]string{`call 2 more times, and visit 3 more times with page "price": score 16, tier top`}},
		{"values of activities", `activity order
dimension x { sum(order, 90d) >= 1000 → +10 }
tiers { top when score >= 10 }`,
			Account{Activities: []Activity{{Type: "order", At: testMoment, Value: 300}}}, "",
			[]string{`order 3 more times at 300 each: score 10, tier top`}},
		{"contacts by weight", `dimension x from contacts {
  field seniority text
  field e number
  score e
  weight seniority { vp: 2, ic: 1 }
  combine sum
}
tiers { top when score >= 20 }`,
			Account{}, "",
			[]string{`engage a new contact with e 20: score 20, tier top`}},
		{"a contact that is there", `dimension x from contacts {
  field seniority text
  field e number
  field seen time
  score e
  decay half-life 30d since seen
  weight seniority { vp: 2, else: 1 }
  combine sum
}
tiers { top when engaged_contacts >= 1 }`,
			Account{Contacts: []Contact{{ID: "bob", Fields: map[string]any{"seniority": "vp", "e": 12, "seen": old}}}}, "",
			[]string{`engage a new contact with seen 2026-11-01 and e 10: score 10.24, tier top`, `engage contact bob with seniority "vp" and seen 2026-11-01: score 24, tier top`}},
		{"a contact may act", `activity webinar
dimension x from contacts {
  each webinar → +3
}
tiers { top when score >= 9 }`,
			Account{Contacts: []Contact{{ID: "ann"}}}, "",
			[]string{`webinar 3 more times by contact ann: score 9, tier top`, `engage contact ann who does webinar 4 times: score 12, tier top`, `engage a new contact who does webinar 4 times: score 12, tier top`}},
		{"a contact may act more than just enough", `activity webinar
dimension x from contacts {
  each webinar → +3
}
tiers { top when score >= 22 }`,
			Account{}, "",
			[]string{`engage a new contact who does webinar 8 times: score 24, tier top`}},
		{"contacts may act alike", `activity webinar
dimension x from contacts {
  each webinar → +3 max 12
}
tiers { top when engaged_contacts >= 2 }`,
			Account{}, "",
			[]string{`engage 2 new contacts who each do webinar 4 times: score 21.6, tier top`}},
		{"distinct departments", `dimension x from contacts {
  field dept text
  field e number
  score e
  engaged at least 10 distinct by dept
}
tiers { top when engaged_contacts >= 3 }`,
			Account{Contacts: []Contact{{ID: "a", Fields: map[string]any{"dept": "IT", "e": 50}}}}, "",
			[]string{`engage 2 new contacts, each with a dept of its own and e 10: score 64.4, tier top`}},
		{"a disqualification that may be lifted", `field a text actionable
dimension x { a is known → +10 }
disqualify when a = Gambling "We do not serve it"
tiers { top when score >= 10
  low otherwise }`,
			Account{Fields: map[string]any{"a": "Gambling"}}, "top",
			[]string{`bring a from "Gambling" to any other value: score 10, tier top`}},
		{"a disqualification that stays", `field a text
dimension x { a is known → +10 }
disqualify when a = Gambling "We do not serve it"
tiers { top when score >= 10 }`,
			Account{Fields: map[string]any{"a": "Gambling"}}, "",
			[]string{`top is out of reach: it stays disqualified: We do not serve it; a may not be changed`}},
		{"an earlier tier does", `field a number
dimension x { a > 5 → +10 }
tiers { top when score >= 10
  mid when score >= 5
  low otherwise }`,
			Account{}, "mid",
			[]string{`fill a with more than 5: score 10, tier top`}},
		{"what the hold forgives", `field a number
dimension x {
  a > 5 → +10
  1 > 0 → +10
}
tiers { top when score >= 30 hold 10
  low otherwise }`,
			Account{PrevTier: "top"}, "",
			[]string{`fill a with more than 5: score 20, tier top`}},
		{"no such tier", `dimension x { a > 5 → +10 }
tiers { top when score >= 30 }`, Account{}, "best",
			[]string{`best is out of reach: the ruleset has no such tier or grade`}},
		{"already there", `dimension x { a > 5 → +10 }
tiers { top when score >= 0
  low otherwise }`, Account{}, "low", nil},
		{"no tiers", `dimension x { a > 5 → +10 }`, Account{}, "", nil},
		{"what cannot be at once", `field a number
dimension x { a > 5 → +10
  a < 3 → +10 }
tiers { top when score >= 20 }`, Account{}, "",
			[]string{`top is out of reach: the nearest that changes bring it is still not enough: score is 10: needs at least 20, short by 10; score is always between 0 and 10`}},
		{"correct what is invalid", `field a number
dimension x { a >= 5 → +10 }
tiers { top when score >= 10 }`, Account{Fields: map[string]any{"a": "5"}}, "",
			[]string{`correct a to 5 or more: score 10, tier top`}},
		{"a contact's missing seniority", `dimension x from contacts {
  field seniority text from "Level"
  field e number
  score e
  weight seniority { vp: 2, director: 1.5, else: 1 }
  combine sum
}
tiers { top when score >= 15
  mid when score >= 12 }`,
			Account{Contacts: []Contact{{ID: "ann", Fields: map[string]any{"e": 10}}, {ID: "bob", Fields: map[string]any{"e": 1, "Level": "ic"}}}}, "mid",
			[]string{`fill seniority of contact ann with "director" or "vp": score 16, tier top`, `engage contact bob with seniority "ic" and e 10: score 20, tier top`, `engage a new contact with e 10: score 21, tier top`}},
		{"a contact's missing seniority may be fixed", `dimension x from contacts {
  field seniority text fixed
  field e number
  score e
  weight seniority { vp: 2, else: 1 }
  combine sum
}
tiers { top when score >= 15 }`,
			Account{Contacts: []Contact{{ID: "ann", Fields: map[string]any{"e": 10}}}}, "top",
			[]string{`engage a new contact with e 10: score 20, tier top`}},
		{"a contact's missing score and role", `dimension x from contacts {
  field e number
  field role text
  score e
  cap 50
  committee by role { buyer: 1 }
}
tiers { top when score >= 23 and completeness >= 100 }`,
			Account{Contacts: []Contact{{ID: "ann"}}}, "top",
			[]string{`fill e of contact ann with 23 to 100,000, and fill role of contact ann with "buyer": score 23, tier top`,
				`fill e of contact ann with 15 to 100,000, and engage a new contact with role "buyer" and e 10: score 23, tier top`,
				`engage a new contact with role "buyer" and e 23: score 23, tier top`}},
		{"a contact's value that cannot be used", `dimension x from contacts {
  field e number
  score e
}
tiers { top when score >= 23 }`,
			Account{Contacts: []Contact{{ID: "ann", Fields: map[string]any{"e": "high"}}}}, "top",
			[]string{`correct e of contact ann to between 23 and 100,000: score 23, tier top`, `engage a new contact with e 23: score 23, tier top`}},
		{"a grade of a dimension", `field a number
field b number
dimension fit {
  a > 5 → +10
  b > 5 → +10
}
dimension other { b < 3 → +10 }
grades fit { 20+: A, 10+: B, else: C }
grades other { 5+: 1, else: 2 }`,
			Account{}, "fit.grade B",
			[]string{`fill a with more than 5: score 10, fit.grade B`, `fill b with more than 5: score 10, fit.grade B`}},
		{"all grades at once", `field a number
field b number
dimension fit {
  a > 5 → +10
  b > 5 → +10
}
dimension other { b < 3 → +10 }
grades fit { 20+: A, 10+: B, else: C }
grades other { 5+: 1, else: 2 }`,
			Account{}, "grade B1",
			[]string{`fill a with more than 5, and fill b with less than 3: score 20, grade B1`}},
		{"grades that exclude each other", `field a number
field b number
dimension fit {
  a > 5 → +10
  b > 5 → +10
}
dimension other { b < 3 → +10 }
grades fit { 20+: A, 10+: B, else: C }
grades other { 5+: 1, else: 2 }`,
			Account{}, "grade A1",
			[]string{`grade A1 is out of reach: the nearest that changes bring it is still not enough: fit is 10: needs at least 20, short by 10`}},
		{"a grade that is lower", `field a number actionable
dimension risk { a > 5 → +10 }
grades risk { 10+: high, else: low }`,
			Account{Fields: map[string]any{"a": 7}}, "risk.grade low",
			[]string{`bring a from 7 to 5 or less: score 0, risk.grade low`}},
		{"a grade that it has", `field a number
dimension risk { a > 5 → +10 }
grades risk { 10+: high, else: low }`, Account{}, "risk.grade low", nil},
		{"no such grade", `dimension risk { a > 5 → +10 }
grades risk { 10+: high, else: low }`, Account{}, "risk.grade top",
			[]string{`risk.grade top is out of reach: the ruleset has no such tier or grade`}},
		{"a further ladder, whatever disqualifies", `field a number
field b bool
activity call
dimension x { a > 5 → +10 }
disqualify when b
tiers stage {
  warm when any(call, 30d) and x > 5
  cold otherwise
}`,
			Account{Fields: map[string]any{"b": true}}, "stage warm",
			[]string{`fill a with more than 5, and 1 more call: score 10, stage warm`}},
		{"a default may be replaced", `field a number default 1
dimension x { a >= 5 → +10 }
tiers { top when score >= 10 }`, Account{}, "",
			[]string{`fill a with 5 or more: score 10, tier top`}},
		{"nothing reads what an activity is worth", `activity visit
dimension x { each visit within 30d → +3 max 30 }
tiers { top when score >= 15 }`,
			Account{Activities: []Activity{{Type: "visit", At: testMoment.AddDate(0, 0, -2), Value: 7}}}, "",
			[]string{`visit 4 more times: score 15, tier top`}},
		{"a filter reads what an activity is worth", `activity visit
dimension x { each visit where value > 5 within 30d → +3 max 30 }
tiers { top when score >= 9 }`,
			Account{Activities: []Activity{{Type: "visit", At: testMoment.AddDate(0, 0, -2), Value: 7}}}, "",
			[]string{`visit 2 more times at 7 each: score 9, tier top`}},
		{"more are engaged than may be", `dimension people from contacts {
  field lead number
  score lead
  engaged at least 10
}
tiers { top when engaged_contacts = 1 }`,
			Account{Contacts: []Contact{{ID: "ann", Fields: map[string]any{"lead": 20}}, {ID: "bob", Fields: map[string]any{"lead": 20}}}}, "",
			[]string{`top: no way was found: nothing that was tried brings it nearer: engaged_contacts is 2: needs exactly 1, off by 1`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, tt.rules)
			x := m.Explain(tt.account, testMoment)
			paths := x.Lift()
			if tt.to != "" {
				paths = x.LiftTo(tt.to)
			}
			var got []string
			for _, p := range paths {
				got = append(got, p.String())
			}
			require.Equal(t, tt.want, got)
			for _, tier := range m.tiers {
				checkPaths(t, m, x, tier.name)
			}
		})
	}
}

// TestLiftDisqualifiedIsProven holds that what stays disqualified whatever else
// there is to try says nothing of what was left untried.
func TestLiftDisqualifiedIsProven(t *testing.T) {
	var rules strings.Builder
	rules.WriteString("field industry text fixed\n")
	for i := range maxLiftFields + 1 {
		fmt.Fprintf(&rules, "field f%d number\n", i)
	}
	rules.WriteString("dimension x {\n")
	for i := range maxLiftFields + 1 {
		fmt.Fprintf(&rules, "f%d > 1 → +1\n", i)
	}
	rules.WriteString("}\ndisqualify when industry = Gambling\ntiers {\n top when score >= 100\n low otherwise\n}\n")
	m := compile(t, rules.String())

	paths := m.Explain(Account{Fields: map[string]any{"industry": "Gambling"}}, testMoment).LiftTo("top")
	require.Equal(t, "it stays disqualified: industry = Gambling; industry may not be changed", paths[0].Reason)
	require.False(t, paths[0].Cut)

	paths = m.Explain(Account{Fields: map[string]any{"industry": "Retail"}}, testMoment).LiftTo("top")
	require.True(t, paths[0].Cut)
}
