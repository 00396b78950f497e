package accountscore

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// found gives the findings as "code rule", in order.
func found(m *Model, at time.Time) []string {
	list := []string{}
	for _, f := range m.Vet(at) {
		list = append(list, string(f.Code)+" "+f.Rule)
	}
	return list
}

// in puts lines into one dimension after declarations that all of it reads.
func in(lines string) string {
	return `
field n    number
field seats number one of [5, 10, 25]
field text text
field plan text one of [free, pro, business]
field caps text ignoring case
field b    bool
field tags list
field day  time
activity visit (depth number)
let big = n > 500
tiers x {
  all when n > 0 or seats > 0 or text = "x" or plan = pro or caps = "x" or b or tags is empty or day is known or any(visit where depth > 1) or big
}
dimension d {
` + lines + "\n}\n"
}

// TestVetConditions states what is found about the conditions of rules, and
// that what is nearly a fault is not found.
func TestVetConditions(t *testing.T) {
	for _, c := range []struct {
		rules string
		want  string // findings, separated by commas
	}{
		// Never true.
		{"n > 5 and n < 3 → +1", "never-true d.1"},
		{"n > 5 and n < 6 → +1", ""},
		{"n > 5 and n <= 5 → +1", "never-true d.1"},
		{"n >= 5 and n <= 5 → +1", ""},
		{"n in 10-20 and n in 30-40 → +1", "never-true d.1"},
		{"n in 10-20 and n in 20-40 → +1", ""},
		{"n in [1, 2] and n = 3 → +1", "never-true d.1"},
		{"n in [1, 2] and n != 1 → +1", ""},
		{"seats > 25 → +1", "never-true d.1"},
		{"seats > 10 → +1", ""},
		{"text = A and text = B → +1", "never-true d.1"},
		{`text = A and text in ["A", "B"] → +1`, ""},
		{"caps = X and caps != \"x\" → +1", "never-true d.1"},
		{"text = X and text != \"x\" → +1", ""},
		{"plan not in [free, pro, business] → +1", "never-true d.1"},
		{"plan not in [free, pro] → +1", ""},
		{`plan contains "z" → +1`, "never-true d.1"},
		{`plan contains "r" → +1`, ""},
		{`plan matches "^x" → +1`, "never-true d.1"},
		{`text contains "a" and text does not contain "a" → +1`, "never-true d.1"},
		{`text contains "a" and text does not contain "b" → +1`, ""},
		{`text starts with "Ab" and text does not contain "b" → +1`, "never-true d.1"},
		{`text contains "Ab" and text does not start with "A" → +1`, ""},
		{`text has word "b c" and not (text has word "c") → +1`, "never-true d.1"},
		{`text contains "b c" and not (text has word "c") → +1`, ""},
		{`caps ends with "Ab" and caps does not contain "B" → +1`, "never-true d.1"},
		{"b and not b → +1", "never-true d.1"},
		{`text starts with "A" and text = "Bcd" → +1`, "never-true d.1"},
		{`text starts with "A" and text = "Acd" → +1`, ""},
		{`text starts with "A" and text != "Acd" → +1`, ""},
		{`text does not end with "d" and text in ["Bcd", "Acd"] → +1`, "never-true d.1"},
		{`caps contains "B" and caps = "abc" → +1`, ""},
		{`caps contains "X" and caps = "abc" → +1`, "never-true d.1"},
		{`text contains "B" and text = "abc" → +1`, "never-true d.1"},
		{"day within 30d and days_since(day) > 60 → +1", "never-true d.1"},
		{"day within 30d and days_since(day) >= 30 → +1", ""},
		{"day within 30d and days_since(day) > 30 → +1", "never-true d.1"},
		{"day within 30d and days_since(day) < 0 → +1", "never-true d.1"},
		{"day within 30d and days_since(day) = 29.5 → +1", "never-true d.1"},
		{"day within 30d and days_since(day) in 40-50 → +1", "never-true d.1"},
		{"day within 30d and days_since(day) in 20-50 → +1", ""},
		{"days_since(day) > 2 and days_since(day) < 3 → +1", "never-true d.1"},
		{"days_since(day) >= 2 and days_since(day) != 2 → +1", ""},
		{"n > seats and n < seats → +1", "never-true d.1"},
		{"n > seats and seats < n → +1", ""},
		{"n > seats and seats >= n → +1", "never-true d.1"},
		{"not (n = n) → +1", "never-true d.1"},
		{"n = n → +1", "always-true d.1"},
		{"abs(n) < 0 → +1", "never-true d.1"},
		{"abs(n) < -5 → +1", "never-true d.1"},
		{"abs(n) <= 0 → +1", ""},
		{`tags contains "x" and len(tags) = 0 → +1`, "never-true d.1"},
		{"tags is empty and len(tags) > 0 → +1", "never-true d.1"},
		{`tags contains "x" and len(tags) = 1 → +1`, ""},
		{`tags does not contain "x" and len(tags) > 3 → +1`, ""},
		{"each visit → +5 max 0", "never-true d.1"},
		{"each visit → +5 daily max 0", "never-true d.1"},
		{"b = true and b = false → +1", "never-true d.1"},
		{"n is missing and n > 5 → +1", "never-true d.1"},
		{"n is missing or n > 5 → +1", ""},
		{"n is missing and n ?? 7 > 5 → +1", ""},
		{"n is missing and n ?? 3 > 5 → +1", "never-true d.1"},
		{"tags has all [a, e] and tags has none [e] → +1", "never-true d.1"},
		{"tags has any [a, e] and tags has none [e] → +1", ""},
		{"tags is empty and tags contains \"a\" → +1", "never-true d.1"},
		{"day within 30d and not (day within 60d) → +1", "never-true d.1"},
		{"day within 60d and not (day within 30d) → +1", ""},
		{"day > 2026-01-01 and day < 2026-01-01 → +1", "never-true d.1"},
		{"day >= 2026-01-01 and day <= 2026-01-01 → +1", ""},
		{"count(visit) > 5 and not any(visit) → +1", "never-true d.1"},
		{"count(visit, 30d) > 5 and not any(visit) → +1", "never-true d.1"},
		{"count(visit) > 5 and not any(visit, 30d) → +1", ""},
		{"count(visit) < 0 → +1", "never-true d.1"},
		{"count(visit) in 1.2..1.8 → +1", "never-true d.1"},
		{"big and n < 100 → +1", "never-true d.1"},
		{"big and n < 600 → +1", ""},
		{"each visit where depth > 5 and depth < 3 → +1 max 5", "never-true d.1"},
		{"each visit where depth > 5 and depth < 8 → +1 max 5", ""},
		{"count(visit where depth > 5 and depth < 3) > 1 → +1", "never-true d.1"},
		{"n / seats > 5 and n / seats < 3 → +1", "never-true d.1"},
		{"n / seats > 5 and seats / n < 3 → +1", ""},
		{"n > 5 → +1\nscale 50% when n > 5 and n < 3", "never-true d scale 1"},
		// Always true.
		{"n > 5 or n <= 5 → +1", "always-true d.1"},
		{"n > 5 or n < 5 → +1", ""},
		{"plan in [free, pro, business] → +1", "always-true d.1"},
		{"n is known or n is missing → +1", "always-true d.1"},
		{"true → +1", ""},
		{"count(visit) >= 0 → +1", "always-true d.1"},
		// Duplicates.
		{"n > 5 → +1\nn > 5 → +3", "duplicate d.2"},
		{"n > 5 → +1\n5 < n → +3", "duplicate d.2"},
		{"n > 5 → +1\nnot (n <= 5) → +3", "duplicate d.2"},
		{"n in 5-10 → +1\nn >= 5 and n <= 10 → +3", "duplicate d.2"},
		{"text in [A, B] → +1\ntext = B or text = A → +3", "duplicate d.2"},
		{"seats > 5 → +1\nseats in [10, 25] → +3", "duplicate d.2"},
		{"each visit → +1 max 5\neach visit → +2 max 5", "duplicate d.2"},
		{"each visit → +1 max 5\nlatest visit → +2", ""},
		{"n → 0..5 over 1-10\nn → 0..5 over 1-10", "duplicate d.2"},
		{"n → 0..5 over 1-10\nn → 0..5 over 10-20", ""},
		{"n > 5 → +1\n}\ndimension e {\n n > 5 → +3", "duplicate e.1"},
		{"n > 5 → +1\n}\ndimension e unscored {\n n > 5 → +3", ""},
		// Implied.
		{"n > 5 → +1\nn > 10 → +3", "implied d.2"},
		{"n > 10 → +1\nn > 5 → +3", "implied d.1"},
		{"n > 5 → +1\nn <= 5 → +3", ""},
		{"n > 5 → +1\nn < 10 → +3", ""},
		{"n > 5 → +1\nn > 10 and b → +3", "implied d.2"},
		{"n > 5 and b → +1\nn > 10 → +3", ""},
		{"text in [A, B] → +1\ntext = B → +3", "implied d.2"},
		{"text in [A, B] → +1\ncaps = B → +3", ""},
		{"any(visit, 60d) → +1\ncount(visit, 60d) > 5 → +3", "implied d.2"},
		{"any(visit, 90d) → +1\ncount(visit, 60d) > 5 → +3", "implied d.2"},
		{"any(visit, 30d) → +1\ncount(visit, 60d) > 5 → +3", ""},
		{"any(visit, 90d) → +1\nany(visit, 30d) → +3", "implied d.2"},
		{"count(visit, 90d) > 5 → +1\ncount(visit, 60d) > 5 → +3", "implied d.2"},
		{"count(visit, 90d) > 5 → +1\ncount(visit, 60d) > 50 → +3", "implied d.2"},
		{"count(visit, 90d) > 5 → +1\ncount(visit, 60d) > 4 → +3", ""},
		{"count(visit) > 5 → +1\ncount(visit, 60d) > 5 → +3", "implied d.2"},
		{"count(visit, 90d) > 5 and count(visit, 60d) > 500 → +1", ""},
		{"count(visit, 60d) > 5 and count(visit, 90d) < 5 → +1", "never-true d.1"},
		{"count(visit, 60d) > 3 and count(visit, 90d) < 5 → +1", ""},
		{"count(visit, 30d) > 3 and not any(visit, 60d) and count(visit, 90d) > 9 → +1", "never-true d.1"},
		{"count(visit where depth > 5) > 3 and count(visit) < 3 → +1", "never-true d.1"},
		{"count(visit where depth > 5) > 3 and count(visit where depth > 3, 90d) < 3 → +1", ""},
		{"count(visit where depth > 5, 30d) > 3 and count(visit where depth > 3, 90d) < 3 → +1", "never-true d.1"},
		{"count(visit where depth > 3, 30d) > 3 and count(visit where depth > 5, 90d) < 3 → +1", ""},
		{"count(visit by account) > 3 and count(visit) < 3 → +1", "never-true d.1"},
		{"count(visit by account) < 3 and count(visit) > 3 → +1", ""},
		{"days_since(visit) > 9 and days_since(visit where depth > 1) < 5 → +1", "never-true d.1"},
		{"days_since(visit) < 5 and days_since(visit where depth > 1) > 9 → +1", ""},
		{"days_since(visit) < 5 and count(visit, 30d) > 9 and sum(visit) < 3 and sum(visit, 30d) > 3 → +1", ""},
		{"n is known → +1\nn > 10 → +3", ""},
		{"tags has any [a, e] → +1\ntags contains \"a\" → +3", "implied d.2"},
		{"tags has all [a, e] → +1\ntags has any [a] → +3", "implied d.1"},
		{"day within 30d → +1\nday within 90d → +3", "implied d.1"},
		{"n > 10 → +2 per n max 7\nn > 5 → +3", ""},
		// Groups.
		{"best of {\n n > 5 → +1\n n > 10 → +3\n}", ""},
		{"best of {\n n > 5 → +3\n n > 10 → +1\n}", "implied d.2"},
		{"best of {\n n > 5 → +3\n n > 5 and b → +3\n}", "implied d.2"},
		{"best of {\n n > 5 → +3\n n > 5 → +3\n}", "duplicate d.2"},
		{"first of {\n n > 10 → +3\n n > 5 → +1\n}", ""},
		{"first of {\n n > 5 → +3\n n > 10 → +1\n}", "implied d.2"},
		{"first of {\n n > 5 → +3\n n < 10 → +1\n n in 2-20 → +1\n}", "implied d.3"},
		{"first of {\n n > 5 → +3\n n < 3 → +1\n n in 2-20 → +1\n}", ""},
		{"first of {\n n > 5 → +3\n true → +1\n}", ""},
		{"first of {\n n > 5 → +3\n n > 5 → +1\n}", "implied d.2"},
		{"sum of max 5 {\n n > 5 → +3\n n > 10 → +1\n}", "implied d.2"},
		{"n > 5 → +1\nfirst of {\n n > 10 → +3\n b → +1\n}", ""},
		// Negative points.
		{"n > 5 → -1", "negative-points d.1"},
		{"n > 5 → +3 else -1", "negative-points d.1"},
		{"n → 5..-5 over 1-10", "negative-points d.1"},
		{"n → { 1-10: 5, else: -1 }", "negative-points d.1"},
		{"each visit → -1 max 5", "negative-points d.1"},
		{"n > -5 → +3 else 0", ""},
		// Tables.
		{"n → { 1-49: 1, 50-99: 2, 100+: 3 }", ""},
		{"n → { 1-49: 1, 60-99: 2, 100+: 3 }", "table-gap d.1"},
		{"n → { 1-49: 1, 60-99: 2, else: 3 }", ""},
		{"n → { 1-49.5: 1, 50-99: 2 }", "table-gap d.1"},
		{"n → { 0: 1, 1-49: 2 }", ""},
		{"n → { 1: 1, 5: 2 }", ""},
		{"n → { 1-100: 1, 100-200: 2 }", "table-overlap d.1"},
		{"n → { 1-100: 1, 50-200: 2 }", "table-overlap d.1"},
		{"n → { 1-100: 1, 50+: 2 }", "table-overlap d.1"},
		{"n → { 75+: 1, 50+: 2, 1+: 3 }", ""},
		{"n → { 50+: 1, 75+: 2 }", "table-overlap d.1"},
		{"n → { 7: 1, 1-10: 2 }", ""},
		{"n → { 1-10: 2, 7: 1 }", "table-overlap d.1"},
		{"n → { 1-10: 1, 11-20: 2, 5-15: 3 }", "table-overlap d.1"},
		{"seats → { 5: 1, 10: 2 }", "table-gap d.1"},
		{"seats → { 5: 1, 10+: 2 }", ""},
		{"plan → { free: 0, pro: 5 }", "table-gap d.1"},
		{"plan → { free: 0, pro: 5, business: 10 }", ""},
		{"plan → { free: 0, pro: 5, else: 10 }", ""},
		{"text → { a: 0, A: 5 }", ""},
		{"caps → { a: 0, A: 5 }", "table-overlap d.1"},
		// The virtual machine.
		{"any(tags, len(#) > 3) → +1", "slow d.1"},
		{`tags contains "abc" → +1`, ""},
	} {
		want := []string{}
		if c.want != "" {
			want = strings.Split(c.want, ", ")
		}
		rs, err := Parse("test.rules", []byte(in(c.rules)))
		if !assert.NoError(t, err, c.rules) {
			continue
		}
		m, err := Compile(rs)
		if assert.NoError(t, err, c.rules) {
			assert.Equal(t, want, found(m, testMoment), c.rules)
		}
	}
}

const play = ` play targeting "Ads" motion "AE" metric "Pipeline"`
const other = ` play targeting "Mail" motion "SDR" metric "Replies"`

// TestVetModel states what is found about a model as a whole.
func TestVetModel(t *testing.T) {
	ten := ""
	for i := range 10 {
		ten += fmt.Sprintf("f%d > 5 → +1\n", i)
	}
	rollup := func(lines string) string {
		return "dimension p from contacts {\nfield x number\nfield role text\nscore x\nrole = \"spare\" → +1\n" + lines + "\n}\n"
	}
	tiers := func(lines string) string {
		return "score min 0 max 100 round 0\nn > 5 → +60\nk > 5 → +30\ntiers {\n" + lines + "\n}\n"
	}
	for _, c := range []struct {
		name, rules string
		want        []string
	}{
		{"ten rules", ten, nil},
		{"eleven rules", ten + "g > 5 → +1\n", []string{"many-rules points.11"}},
		{"a group counts one", ten[:strings.LastIndex(ten[:len(ten)-1], "\n")+1] + "best of {\n g > 5 → +1\n h > 5 → +1\n i > 5 → +2\n}\n", nil},

		{"weights of 100 %", "dimension a weight 30% {\nn > 5 → +1\n}\ndimension b weight 70% {\nk > 5 → +1\n}", nil},
		{"weights of 99 %", "dimension a weight 30% {\nn > 5 → +1\n}\ndimension b weight 69% {\nk > 5 → +1\n}", []string{"weights weights"}},
		{"an unscored dimension has no weight", "dimension a weight 100% {\nn > 5 → +1\n}\ndimension b unscored {\nk > 5 → +1\n}", nil},

		{"a field that nothing reads", "field n number\nfield k number\nn > 5 → +1", []string{"unused field k"}},
		{"a param that nothing reads", "param p = 5\nparam q = 6\nn > p → +1", []string{"unused param q"}},
		{"a param in a list", "field n number\nparam p = 5\nn in [(p), p + 1] → +1", nil},
		{"a let that nothing reads", "field n number\nlet twice = n * 2\nn > 5 → +1", []string{"unused let twice"}},
		{"a let that only such a let reads", "field n number\nlet twice = n * 2\nlet more = twice * 2\nn > 5 → +1", []string{"unused let twice", "unused let more"}},
		{"an activity that nothing reads", "field n number\nactivity visit, webinar\nn > 5 and any(visit) → +1", []string{"unused activity webinar"}},
		{"a field of an activity that nothing reads", "field n number\nactivity visit (page text, depth number)\nn > 5 and any(visit where depth > 1) → +1", []string{"unused activity visit page"}},
		{"a field of contacts that nothing reads", "dimension p from contacts {\nfield x number\nfield role text\nscore x\n}", []string{"unused contact field role"}},
		{"a field of contacts that only the committee reads", "dimension p from contacts {\nfield x number\nfield role text\nscore x\ncommittee by role { boss: 1 }\n}", nil},

		{"no tier has a play", "n > 5 → +1\ntiers {\na when score >= 1\nb otherwise\n}", []string{"no-plays tiers"}},
		{"one tier has no play", tiers("a when score >= 50" + play + "\nb otherwise"), []string{"no-plays tier b"}},
		{"each tier has its own", tiers("a when score >= 50" + play + "\nb otherwise" + other), nil},
		{"two tiers have the same", tiers("a when score >= 50" + play + "\nb otherwise" + play), []string{"same-plays tier b"}},
		{"the same by another name", tiers("a when score >= 50 play \"A\"" + play[5:] + "\nb otherwise play \"B\"" + play[5:]), []string{"same-plays tier b"}},
		{"plays told apart by name alone", tiers("a when score >= 50 play \"A\"\nb otherwise play \"B\""), nil},
		{"a further ladder needs no plays", "n > 5 → +1\ntiers l {\na when n > 5\nb otherwise\n}", nil},

		{"the score reaches the tier", tiers("a when score >= 90" + play + "\nb otherwise" + other), nil},
		{"the score does not reach the tier", tiers("a when score > 90" + play + "\nb otherwise" + other), []string{"unreachable-tier tier a"}},
		{"a dimension does not reach it", tiers("a when points >= 91 and n > 5" + play + "\nb otherwise" + other), []string{"unreachable-tier tier a"}},
		{"no score between whole numbers", tiers("a when score in 40.2-40.8" + play + "\nb otherwise" + other), []string{"unreachable-tier tier a"}},
		{"an earlier tier takes all", tiers("a when score >= 40" + play + "\nb when score >= 70" + other + "\nc otherwise play \"C\""), []string{"unreachable-tier tier b"}},
		{"tiers in their order", tiers("a when score >= 70" + play + "\nb when score >= 40" + other + "\nc otherwise play \"C\""), nil},
		{"two earlier tiers take all", tiers("a when score >= 70" + play + "\nb when score < 70" + other + "\nc otherwise play \"C\""), []string{"unreachable-tier tier c"}},
		{"whole scores leave nothing", tiers("a when score >= 70" + play + "\nb when score <= 69" + other + "\nc otherwise play \"C\""), []string{"unreachable-tier tier c"}},
		{"fractions leave something", tiers("a when score >= 70" + play + "\nb when score <= 68" + other + "\nc otherwise play \"C\""), nil},
		{"missing data leave something", tiers("a when n >= 70" + play + "\nb when n < 70" + other + "\nc otherwise play \"C\""), nil},
		{"tiers of another ladder", "n > 5 → +1\ntiers l {\na when n > 5\nb when n > 6\nc otherwise\n}", []string{"unreachable-tier l tier b"}},
		{"a grade and points that exclude each other", "n → 0..100 over 0-100\ngrades points { 50+: A, else: B }\ntiers l {\na when grade = B and points >= 50\nb when points.grade = A and points < 50\nc when grade = B and points > 49\nd otherwise\n}", []string{"unreachable-tier l tier a", "unreachable-tier l tier b"}},
		{"a grade that no account has", "n > 5 → +60\ngrades points { 50+: A, else: B }\ntiers l {\na when grade = A\nb when grade in [A, B]\nc otherwise\n}", []string{"unreachable-tier l tier c"}},

		{"grades that cover all", "score max 100\nn > 5 → +60\ngrades points { 50+: A, 20+: B, else: C }", nil},
		{"grades that leave some out", "n > 5 → +60\ngrades points { 50+: A, 20+: B }", []string{"table-gap grades points"}},
		{"grades down to the least", "n > 5 → +60\ngrades points { 50+: A, 0+: B }", nil},
		{"grades in the wrong order", "n > 5 → +60\ngrades points { 20+: A, 50+: B, else: C }", []string{"table-overlap grades points"}},

		{"disqualify never", "n > 5 → +1\ndisqualify when n > 5 and n < 3", []string{"never-true disqualify 1"}},
		{"disqualify", "n > 5 → +1\ndisqualify when n > 500", nil},

		{"a plain sum", rollup("cap 100\ncombine sum"), []string{"naive-sum p"}},
		{"ranked that does not fall", rollup("cap 100\ncombine ranked 1"), []string{"naive-sum p"}},
		{"ranked", rollup("cap 100\ncombine ranked 0.8"), nil},
		{"a sum of weighted contacts, with a bonus", rollup("cap 100\ncombine sum\nweight role { boss: 2, else: 0.5 }\nbonus multi-thread 50% falling 0.5"), nil},
		{"a sum that leaves the least out", rollup("cap 100\ncombine sum\nweight role { boss: 2, else: 0 }"), nil},
		{"a sum of weighted contacts", rollup("cap 100\ncombine sum\nweight role { boss: 2, else: 0.5 }"), []string{"naive-sum p"}},
		{"a sum where everybody is engaged", rollup("cap 100\ncombine sum\nengaged at least 0"), nil},
		{"a sum without a cap", rollup("combine sum"), []string{"naive-sum p"}},

		// (1+d)·M(2) > 2: 1.6 × 1.25 is exactly 2.
		{"a bonus that is just enough", rollup("cap 100\ncombine ranked 0.61\nbonus multi-thread 50% falling 0.5"), nil},
		{"a bonus that is just too small", rollup("cap 100\ncombine ranked 0.6\nbonus multi-thread 50% falling 0.5"), []string{"bonus-order p bonus"}},
		{"a bonus of nothing", rollup("cap 100\ncombine ranked 0.9\nbonus multi-thread 50% falling 1"), []string{"bonus-order p bonus"}},
		{"no two below the cap could engage", rollup("cap 19\ncombine ranked 0.6\nbonus multi-thread 50% falling 0.5"), nil},
		{"a table that is enough", rollup("cap 100\ncombine ranked 0.8\nbonus { 2: +11, 3: +20 }"), nil},
		{"a table that is too small", rollup("cap 100\ncombine ranked 0.8\nbonus { 2: +10, 3: +20 }"), []string{"bonus-order p bonus"}},
		{"a bonus that falls", rollup("cap 100\ncombine ranked 0.8\nbonus { 2: +20, 3: +11 }"), []string{"bonus-falls p bonus"}},
		{"a bonus below nothing", rollup("cap 100\ncombine max\nbonus { 3: -1 }"), []string{"bonus-falls p bonus"}},
		{"a bonus that stays", rollup("cap 100\ncombine ranked 0.8\nbonus { 2: +20, 3: +20 }"), nil},

		{"a weight with a gap", strings.Replace(rollup("cap 100\nweight role { boss: 2 }"), "role text", "role text one of [boss, spare]", 1), []string{"table-gap p weight"}},
		{"contacts' rules too", "dimension p from contacts {\nfield x number\nx > 5 → +1\nx > 10 → +3\n}", []string{"implied p.2"}},
		{"an account's field and a contact's", "field x number\ndimension d {\nx > 5 → +1\n}\ndimension p from contacts {\nfield x number\nx > 5 → +1\n}", nil},

		{"a review that is not due", "review every 90d from 2026-10-01\nn > 5 → +1", nil},
		{"a review that is due", "review every 31d from 2026-10-01\nn > 5 → +1", []string{"review-due review"}},
		{"a review from no day", "review every 1d\nn > 5 → +1", nil},
	} {
		rs, err := Parse("test.rules", []byte(c.rules))
		if !assert.NoError(t, err, c.name) {
			continue
		}
		if c.want == nil {
			c.want = []string{}
		}
		m, err := Compile(rs)
		if assert.NoError(t, err, c.name) {
			assert.Equal(t, c.want, found(m, testMoment), c.name)
		}
	}
}
