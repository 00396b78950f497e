package dsl

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOwnWords: advice has the words of who made the mistake, where they are
// known; one mistake, one error.
func TestOwnWords(t *testing.T) {
	for _, test := range []struct{ src, fix string }{
		// Fields.
		{"field number employees", "write field employees number"},
		{"field int employees", "write field employees number"},
		{"field Annual Revenue number", `write field annual_revenue number from "Annual Revenue"`},
		{"field Number of Employees int", `write field number_of_employees number from "Number of Employees"`},
		{`field "Annual Revenue" number`, `write field annual_revenue number from "Annual Revenue"`},
		{`"Number of Employees" > 1000 → +1`, `field number_of_employees number from "Number of Employees", and write number_of_employees`},
		{"`Number of Employees` > 1000 → +1", `field number_of_employees number from "Number of Employees"`},
		{"[Number of Employees] > 1000 → +1", `field number_of_employees number from "Number of Employees"`},
		{"Number of Employees > 1000 → +1", `field number_of_employees number from "Number of Employees"`},
		{"n > 5 and annual revenue > 1000 → +1", `field annual_revenue number from "annual revenue"`},
		{"[employees] > 1000 → +1", "write employees without quotes and brackets"},
		{"field n number\nrevenue > 5 → +1", "field revenue number"},
		{"field n number\nrevenue in 5-10 → +1", "field revenue number"},
		{"field n number\nrevenue + 5 > 10 → +1", "field revenue number"},
		{"field n number\nlast_seen within 30d → +1", "field last_seen time"},
		{"field n number\nlast_seen > 2026-10-01 → +1", "field last_seen time"},
		{"field n number\ntags has any [a] → +1", "field tags list"},
		{"field n number\ncustomer → +1", "field customer bool"},
		{"field n number\ncountry = US → +1", "field country text"},
		// Conditions of other places.
		{`email.includes("gmail") → +1`, `write email contains "gmail"`},
		{`email.endsWith("gmail.com") → +1`, `write email ends with "gmail.com"`},
		{"country.length = 2 → +1", "write len(country)"},
		{`country ~ "US" → +1`, `write contains "US"`},
		{"n between 10 to 50 → +1", "write between 10 and 50"},
		{"n from 10 to 50 → +1", "write between 10 and 50"},
		{"n 10-50 → +1", "write in 10-50"},
		{"n 1000+ → +1", "write >= 1000"},
		{"n in (10, 50) → +1", "write in [10, 50]"},
		{"country in {US, UK} → +1", "write in [US, UK]"},
		{"country is one of US, UK → +1", "write in [US, UK]"},
		{"if (n > 1000) { score += 50 }", "write n > 1000 → +10"},
		{"IF(n > 1000, 50, 0) → +1", "write condition ? a : b"},
		{"=IF(n>1000,50,0)", "leave the = out"},
		{"CASE WHEN n > 1000 THEN 50 ELSE 0 END", "condition → +50 else 0"},
		{"last_visit in the last 45 days → +1", "within 45 days"},
		{"last_visit > 45d ago → +1", "within 45d"},
		{"last_visit in 30d → +1", "within 30d"},
		{"industry = N/A → +1", `"N/A"`},
		{"plan = Pro-Plus → +1", `"Pro-Plus"`},
		// Contractions, and comparisons after not.
		{"n doesn't equal 5 → +1", "write does not equal"},
		{"n doesn’t equal 5 → +1", "write does not equal"},
		{"t doesn't contain 'x' → +1", "write does not contain"},
		{"t doesn't start with 'x' → +1", "write does not start with"},
		{"t isn't missing → +1", "write is not missing"},
		{"t not = US → +1", "write !="},
		{"n not >= 5 → +1", "write <"},
		{"n not at most 5 → +1", "write >"},
		{"n >> 5 → +1", "write >"},
		// Half of a test, and tests of several values.
		{"field t text\nt is empty or missing → +1", "t is empty or t is missing"},
		{"t = x and u is not missing or empty → +1\nt = \"b\" → +1\nu = \"b\" → +1\nparam x = b", "u is not missing or u is not empty"},
		{"field t text\nparam p = [a, b]\nt = p → +1", "write `t in p`"},
		{"field t text\nparam p = [a, b]\nt != p → +1", "write `t not in p`"},
		{"t starts with [a, b] → +1", `t starts with "a" or t starts with "b"`},
		{"t does not end with [a, b] → +1", `t does not end with "a" and t does not end with "b"`},
		// Words in capitals after a number.
		{"n > 5 Million → +1", "write 5 million"},
		{"d within 30 DAYS → +1", "write within 30 days"},
		{"d within 30D → +1", "write 30d"},
		{"each v within 30 DAYS → +1", "write 30 days"},
		// Statements.
		{"dimension at {\n n > 5 → +1\n}", "another name"},
		{"dimension in out of 100 {\n n > 5 → +1\n}", "another name"},
		{"n > 5 → +1\nscale -50% when n > 9", "scale 50% when"},
		{"n > 5 → +1\nscale -20% when n > 9", "scale 80% when"},
		{"n > 5 → +1\ntiers {\n a when score > 3\n}\ncase \"x\" {\n n = 5\n expect tier none\n}", `write tier ""`},
		{"n > 5 → +1\ntiers {\n a when score > 3\n}\ncase \"x\" {\n n = 5\n expect tier two words, score 1\n}", `write tier "two words"`},
		{"n > 5 → +1\ntiers stage {\n a when score > 3\n}\ntrigger w when stage rises", "write `tier rises`"},
		{"dimension fit {\n n > 5 → +1\n}\ngrades fit { 1+: A, else: B }\ntrigger w when grade rises", "write `fit rises by 10`"},
		{"dimension fit {\n n > 5 → +1\n}\ngrades fit { 1+: A, else: B }\ntrigger w when fit.grade falls", "write `fit falls by 10`"},
		// What reads a wrong line is not wrong by itself.
		{"param p = US, UK\nfield country text\ncountry in p → +1", "write param p = [US, UK]"},
		{"param p =\nfield country text\ncountry in p → +1\ncountry = p → +1", "write a number"},
		{"param p = 5 6\nfield n number\nn > p → +1\nn = p → +1\nt in p → +1", "leave it out"},
		{"lower(country) = us → +1", "ignoring case"},
		// Questions to the log.
		{"count(visits, 30) > 3 → +1", "write count(visits, 30d)"},
		{"count(visits, last 30 days) > 3 → +1", "write 30 days"},
		{"visits(30d) > 3 → +1", "count(visits, 30d)"},
		{"each visit → 5 max 3 per day", "write daily max 3"},
		{"each visit → 5 per day max 4", "write daily max 4"},
		{"each visit in 30d → 5", "write within 30d"},
		{"each visit last 30 days → 5", "write within 30 days"},
		{"each visit often → 5", "write each activity → +10"},
		// Arrows, points, lists and comments.
		{"1. n > 5 → +1", "leave the number of the line out"},
		{"1) n > 5 → +1", "leave the number of the line out"},
		{"-- comment\nn > 5 → +1", "write # or //"},
		{"n > 5 → +1 -- big ones", "write # or //"},
		{"<!-- comment -->\nn > 5 → +1", "write # or //"},
		{"| n > 1000 | +10 |", "write n > 1000 → +10"},
		{"n > 1000 | +10", "→ +10"},
		{"n > 1000, +10", "→ +10"},
		{"n > 1000; +10", "→ +10"},
		{"n > 1000: +50", "→ +50"},
		{"n > 5 → 10,5", "write 10.5"},
		{"n > 12,5 → +1", "write 12.5"},
		{"n > 1.000,50 → +1", "write 1000.50"},
		{"n > 10,00,000 → +1", "write 1000000"},
		{"n > $10MM → +1", "write $10M"},
		{"n > 10mil → +1", "write 10M"},
		{"n > 50pct → +1", "write 50%"},
		{"n > 5 → +40 points", "leave the word out: → +40"},
		{"n:5 → +1", "write n = 5"},
		{"size: 5-10 → +1", "write size in 5-10"},
		{`country: "US" → +1`, `write country = "US"`},
		{"param x 5", "write param x = 5"},
		// Groups and tiers.
		{"max of {\n n > 5 → +1\n m > 3 → +1\n}", "write best of { rules }"},
		{"any of {\n n > 5 → +1\n}", "write best of { rules }"},
		{"total of {\n n > 5 → +1\n}", "write sum of { rules }"},
		{"n > 5 → +1\ntiers { 80+: A, 50+: B, else: C }", "write A when score >= 80"},
		{"n > 5 → +1\ntiers {\n hot: score > 80\n}", "write hot when"},
		{"n > 5 → +1\ntiers {\n warm when 50-79\n}", "write score in 50-79"},
		{"n > 5 → +1\ntiers {\n warm when 50\n}", "write score >= 50"},
		{"n > 5 → +1\ntiers {\n warm else\n}", "write otherwise"},
		{"n > 5 → +1\ntiers {\n hot when score > 5 play motion SDR led\n}", `write motion "SDR led"`},
	} {
		t.Run(clipText(test.src, 60), func(t *testing.T) {
			rs, errs := Parse("x.rules", []byte(test.src))
			_, more := Check(rs, Bindings{Final: true})
			errs = append(errs, more...)
			require.Len(t, errs, 1, "%s", errs)
			assert.Contains(t, errs[0].Fix, test.fix, errs[0].Error())
		})
	}
}
