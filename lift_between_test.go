package accountscore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLiftBetween: where a goal bounds points from above, what lies between too
// little and too much is found, from either side.
func TestLiftBetween(t *testing.T) {
	people := func(when string) string {
		return "field n number\nactivity visit\ndimension fit { n >= 5 → +10 }\ndimension people from contacts {\n  field lead_score number\n  score lead_score\n  combine sum\n}\ntiers { top when " + when + "\n low otherwise }"
	}
	visited := func(when string) string {
		return "activity visit\ndimension people from contacts {\n  field lead_score number\n  score min(lead_score, 60)\n  any(visit) → +50\n  combine sum\n}\ntiers { top when " + when + "\n low otherwise }"
	}
	seats := func(rules, of string) string {
		return "field seats number actionable\ndimension fit {\n  " + rules + "\n}\ntiers { top when " + of + " between 3 and 5\n low otherwise }"
	}
	for _, tt := range []struct {
		name, src string
		account   Account
		want      []string
	}{
		{"a new contact", people("people between 20 and 40"), Account{},
			[]string{"engage a new contact with lead_score 20"}},
		{"in a narrow interval", people("people > 20 and people < 22"), Account{},
			[]string{"engage a new contact with lead_score 21"}},
		{"within a unit", people("people between 20.2 and 20.4"), Account{},
			[]string{"engage a new contact with lead_score 20.25"}},
		{"a value", people("people = 333"), Account{},
			[]string{"engage a new contact with lead_score 333"}},
		{"the value first", people("333 = people"), Account{},
			[]string{"engage a new contact with lead_score 333"}},
		{"not another value", people("not (people != 333)"), Account{},
			[]string{"engage a new contact with lead_score 333"}},
		{"below what a cap holds it to", strings.Replace(people("20 <= people < 40"), "combine sum", "combine sum\n  cap 40", 1), Account{},
			[]string{"engage a new contact with lead_score 20"}},
		{"without what would be too much", visited("people between 22 and 24"), Account{},
			[]string{"engage a new contact with lead_score 22"}},
		{"with what it takes beside", visited("people between 103 and 104 and engaged_contacts = 1"), Account{},
			[]string{"engage a new contact with lead_score 53 who does visit once"}},
		{"not beyond", people("people >= 20 and not (people > 40)"), Account{},
			[]string{"engage a new contact with lead_score 20"}},
		{"the other way about", people("40 >= people and 20 <= people"), Account{},
			[]string{"engage a new contact with lead_score 20"}},
		{"two new contacts", people("people between 125 and 130 and engaged_contacts >= 2"), Account{},
			[]string{"engage a new contact with lead_score 10", "engage a new contact with lead_score 115"}},
		{"beside a field", people("people between 33 and 34 and fit >= 10"), Account{},
			[]string{"fill n with 5 or more", "engage a new contact with lead_score 33"}},
		{"a ceiling on the whole", people("score between 33 and 34 and fit >= 10"), Account{},
			[]string{"fill n with 5 or more", "engage a new contact with lead_score 23"}},
		{"a contact's missing field", people("people between 33 and 34 and engaged_contacts <= 1"), Account{Contacts: []Contact{{ID: "ann"}}},
			[]string{"fill lead_score of contact ann with 33 to 34"}},
		{"a ramp", "field n number\ndimension fit { n → 0..50 over 0-1000 }\ntiers { top when fit between 20 and 21\n low otherwise }", Account{},
			[]string{"fill n with 400 to 420"}},
		{"a ramp that falls", "field n number actionable\ndimension fit { n → 50..0 over 0-1000 }\ntiers { top when fit between 20 and 21\n low otherwise }", Account{Fields: map[string]any{"n": 100}},
			[]string{"bring n from 100 to between 580 and 600"}},
		{"points for each", "field n number\ndimension fit { n > 0 → +3 per n }\ntiers { top when fit between 700 and 710\n low otherwise }", Account{},
			[]string{"fill n with 234 to 236"}},
		{"an activity", "activity visit\ndimension intent { each visit → +1 }\ntiers { top when intent between 23 and 24\n low otherwise }", Account{},
			[]string{"visit 23 more times"}},
		{"a contact's activities", "activity visit\ndimension people from contacts {\n  field seniority text\n  each visit → +4\n}\ntiers { top when people between 19 and 21\n low otherwise }", Account{},
			[]string{"engage a new contact who does visit 5 times"}},
		{"two fields", "field n number\nfield k number\ndimension fit {\n  n → 0..50 over 0-1000\n  k > 2 → +30\n}\ntiers { top when fit between 53 and 54 and k > 2\n low otherwise }", Account{},
			[]string{"fill n with 460 to 480", "fill k with more than 2"}},
		{"beyond the end of a ramp", seats("seats → 0..10 over 0-100", "fit"), Account{Fields: map[string]any{"seats": 400}},
			[]string{"bring seats from 400 to between 30 and 50"}},
		{"at the end of a ramp", seats("seats → 0..10 over 0-100", "score"), Account{Fields: map[string]any{"seats": 100}},
			[]string{"bring seats from 100 to between 30 and 50"}},
		{"at the beginning of a ramp", seats("seats → 0..10 over 0-100", "fit"), Account{Fields: map[string]any{"seats": 0}},
			[]string{"bring seats from 0 to between 30 and 50"}},
		{"at the end of a ramp that falls", seats("seats → 10..0 over 0-100", "fit"), Account{Fields: map[string]any{"seats": 100}},
			[]string{"bring seats from 100 to between 50 and 70"}},
		{"before a ramp that falls", seats("seats → 10..0 over 10-110", "fit"), Account{Fields: map[string]any{"seats": 1}},
			[]string{"bring seats from 1 to between 60 and 80"}},
		{"a ramp that counts in part", "field revenue number enrichable\ndimension fit weight 50% { revenue → 0..100 over 5M-105M }\ndimension use weight 50% { true → +50 }\ntiers { top when score between 40 and 60\n low otherwise }", Account{Fields: map[string]any{"revenue": 1_000_000}},
			[]string{"find revenue to be between 35M and 75M instead of 1M"}},
		{"points for each, up to a number", seats("seats > 0 → +1 per seats / 10 max 10", "fit"), Account{Fields: map[string]any{"seats": 200}},
			[]string{"bring seats from 200 to between 30 and 50"}},
		{"as many items as may be", "field tags list actionable\ndimension fit { count(tags, # starts with \"x\") > 0 → +1 per count(tags, # starts with \"x\") }\ntiers { top when fit between 1 and 2\n low otherwise }", Account{Fields: map[string]any{"tags": []string{"e", "xa", "xb", "xc", "xd"}}},
			[]string{"take [xa, xb] out of tags"}},
		{"between two ramps of which the better counts", seats("best of {\n    seats → 22..0 over 0-100\n    seats → 0..22 over 0-100\n  }\n  true → -10", "fit"), Account{Fields: map[string]any{"seats": 50}},
			[]string{"bring seats from 50 to 60"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, tt.src)
			paths := checkPaths(t, m, m.Explain(tt.account, testMoment), "top")
			require.NotEmpty(t, paths)
			require.True(t, paths[0].Reached, "%v", paths[0])
			var got []string
			for _, c := range paths[0].Changes {
				got = append(got, c.String())
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestLiftBetweenSmallest holds paths against trying every whole number of two
// fields, where points rise, fall and step and may be too many, and what is
// known lies within ramps, at their ends and beyond.
func TestLiftBetweenSmallest(t *testing.T) {
	t.Parallel() // with the race detector it takes its time
	sizes := map[int]int{}
	for seed := range uint64(150) {
		r := newRandom(71_000 + seed)
		var b strings.Builder
		b.WriteString("field a number actionable\nfield b number actionable\ndimension fit {\n")
		for range 2 + r.IntN(3) {
			b.WriteString("  " + r.of(
				fmt.Sprintf("a → 0..%d over 10-%d", 5+r.IntN(20), 50+r.IntN(30)),
				fmt.Sprintf("b → %d..0 over 0-%d", 5+r.IntN(20), 40+r.IntN(40)),
				fmt.Sprintf("b in 20-%d → +%d else -%d", 30+r.IntN(30), 1+r.IntN(12), r.IntN(5)),
				fmt.Sprintf("a >= %d → +%d", r.IntN(90), 1+r.IntN(20)),
				fmt.Sprintf("a > 0 → +1 per a / %d max %d", 5+r.IntN(6), 4+r.IntN(5))) + "\n")
		}
		low := 3 + r.IntN(20)
		fmt.Fprintf(&b, "}\ntiers { top when score between %d and %d\n low otherwise }", low, low+1+r.IntN(4))
		m := compile(t, b.String())
		account := func(a, b int) Account { return Account{Fields: map[string]any{"a": a, "b": b}} }
		was := [2]int{r.IntN(11) * 10, r.IntN(11) * 10}
		paths := checkPaths(t, m, m.Explain(account(was[0], was[1]), testMoment), "top")
		least := 3
		for _, p := range paths {
			if p.Reached {
				least = min(least, len(p.Changes))
			}
		}
		if len(paths) == 0 {
			least = 0
		}
		sizes[least]++
		for v := range 111 {
			for w := range 111 {
				changes := 0
				if v != was[0] {
					changes++
				}
				if w != was[1] {
					changes++
				}
				if changes < least && m.Score(account(v, w), testMoment).Tier == "top" {
					require.FailNow(t, "smaller", "a %d and b %d do from %v, not just %v\n%s", v, w, was, paths, b.String())
				}
			}
		}
	}
	for size := range 4 { // three: none
		require.GreaterOrEqual(t, sizes[size], 3, "%v", sizes)
	}
}
