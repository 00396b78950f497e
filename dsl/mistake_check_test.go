package dsl

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkedMistakes is wrong texts whose fault shows only when names and types are
// known: the one fault of each, its place, and a word of the advice.
var checkedMistakes = []struct {
	src  string
	code Code
	at   string // line:column
	fix  string
}{
	// A phrase of two bounds, where fields are inferred.
	{"n is 5 or more → +1", CodeSyntax, "1:11", "write n >= 5"},
	{"n is 5 or less → +1", CodeSyntax, "1:11", "write n <= 5"},
	{"n = 5 or higher → +1", CodeSyntax, "1:10", "write n >= 5"},
	{"n > 5 or above → +1", CodeSyntax, "1:10", "write n >= 5"},
	{"n at least 5 or fewer → +1", CodeSyntax, "1:17", "write n <= 5"},
	{"n is 5 and above → +1", CodeSyntax, "1:12", "write n >= 5"},
	{"n = $10M OR MORE → +1", CodeSyntax, "1:13", "write n >= 10M"},
	{"n is not 5 or more → +1", CodeSyntax, "1:15", "write n < 5"},
	{"a and n is 5 or more and b → +1", CodeSyntax, "1:17", "write n >= 5"},
	{"t = 2026-10-01 or later → +1", CodeSyntax, "1:19", "write t >= 2026-10-01"},
	{"t is 2026-10-01 or earlier → +1", CodeSyntax, "1:20", "write t <= 2026-10-01"},
	{"count(visit, 30d) is 3 or more → +1", CodeSyntax, "1:27", "write count(visit, 30d) >= 3"},
	{"each visit where value is 5 or more → +1", CodeSyntax, "1:32", "write value >= 5"},
	{"field n number\nn is 5 or more → +1", CodeSyntax, "2:11", "write n >= 5"},
	{"field n number\nn > 1 → +1\ntiers {\n top when score is 50 or more\n}", CodeSyntax, "4:26", "write score >= 50"},
	{"field n number\nfield more bool\nn is 5 or more → +1", CodeNone, "", ""},
	// The word else as a condition.
	{"n > 5 → +1\nelse → +3", CodeSyntax, "2:1", "else +3"},
	{"n > 5 → +1\nELSE → +3", CodeSyntax, "2:1", "else +3"},
	{"n > 5 → +1\notherwise → +3", CodeSyntax, "2:1", "true → +3"},
	{"n > 5 → +1\ndefault → +3", CodeSyntax, "2:1", "true → +3"},
	{"first of {\n n > 5 → +1\n else → +3\n}", CodeSyntax, "3:2", "true → +3"},
	{"field n number\nfirst of {\n n > 5 → +1\n always → +3\n}", CodeSyntax, "4:2", "true → +3"},
	{"n > 5 → +1\ntiers {\n top when score > 5\n low when otherwise\n}", CodeSyntax, "4:11", "low otherwise"},
	{"field default bool\ndefault → +3", CodeNone, "", ""},
	// A tier that reads the score by a wrong name.
	{"n > 5 → +1\ntiers {\n top when scroe > 5\n}", CodeName, "3:11", "did you mean `score`?"},
	{"n > 5 → +1\ntiers {\n top when Score > 5\n}", CodeName, "3:11", "did you mean `score`?"},
	{"dimension engagement {\n n > 5 → +1\n}\ntiers {\n top when engagment > 5\n}", CodeName, "5:11", "did you mean `engagement`?"},
	{"scores > 5 → +1\ntiers {\n top when scores > 5\n}", CodeNone, "", ""},
	// Names and metrics that a statement cannot have: at the name.
	{"field score number\nfield n number\nn > 5 → +1", CodeDuplicate, "1:7", "another name"},
	{"field n number\nfield n text\nn > 5 → +1", CodeDuplicate, "2:7", "another name"},
	{"field n number\nn > 5 → +1\ntrigger w when nn rises by 5", CodeName, "3:16", "name score"},
	// Words that are operators elsewhere are text on the right.
	{"t = OR → +1", CodeNone, "", ""},
	{"t != Or and n > 5 → +1", CodeNone, "", ""},
	{"t is IN → +1", CodeNone, "", ""},
	{"t IS NOT IN AND n > 5 → +1", CodeNone, "", ""},
	{"t IS NOT IN [US, UK] → +1", CodeNone, "", ""},
	{"t starts with IN → +1", CodeNone, "", ""},
	{"b = NOT c → +1\nb and c → +1", CodeNone, "", ""},
	// What asks the log may be upper case as operators are.
	{"any(v WHERE value > 5 WITHIN 3d) → +1", CodeNone, "", ""},
	{"each v BY ACCOUNT WHERE value > 5 WITHIN 3d → +1", CodeNone, "", ""},
	// Activities.
	{"activity visit, demo\ncount(vist) > 5 → 5", CodeName, "2:7", "did you mean `visit`?"},
	{"activity visit, demo\nany(demos, 30d) → 5", CodeName, "2:5", "did you mean `demo`?"},
	{"field n number\nactivity visit, demo\ncount(vist) > 5 → 5", CodeName, "3:7", "did you mean `visit`?"},
	{"activity visit\ntags has any [a] and count(tags) > 5 → 5", CodeFunction, "2:22", "len(tags)"},
	// Numbers that a comma cuts in two.
	{"n in [1,000, 2,000] → +1", CodeValue, "1:7", "write 1000"},
	{"field n number\nn in [5, 1,000] → +1", CodeValue, "2:10", "write 1000"},
	{"field n number\nn in [$1,000,000] → +1", CodeValue, "2:7", "write $1000000"},
	{"field n number\nn in [1,500, 2,500] → +1", CodeValue, "2:7", "write 1500"},
	{"field n number\nn in [1,500,250] → +1", CodeNone, "", ""},
	{"field n number\nn in [100, 200, 300] → +1", CodeNone, "", ""},
	{"field area text\narea in [1,000] → +1", CodeNone, "", ""},
	{"count(order where value in [1,000, 5], 90d) > 1 → +1", CodeValue, "1:29", "write 1000"},
	{"max([n, 10,000]) > 5 → +1", CodeValue, "1:9", "write 10000"},
	{"param p = [1,000, 5]\nfield n number\nn in p → +1", CodeValue, "3:6", "write 1000"},
	// Missing data and several values in a list.
	{"country in [US, null] → +1", CodeNotAllowed, "1:17", "country in [US] or country is missing"},
	{"country not in [US, NULL] → +1", CodeNotAllowed, "1:21", "country not in [US] and country is known"},
	{"country in [null] → +1", CodeNotAllowed, "1:13", "write `country is missing`"},
	{"field n number\nn in [1, nil] → +1", CodeNotAllowed, "2:10", "n in [1] or n is missing"},
	{"tags has any [a, undefined] → +1", CodeNotAllowed, "1:18", "leave it out"},
	{`country in [US, "null"] → +1`, CodeNone, "", ""},
	{"country in [US or UK] → +1", CodeSyntax, "1:13", "[US, UK]"},
	{"country in [DE, US OR UK OR CA] → +1", CodeSyntax, "1:17", "[US, UK, CA]"},
	{"country in [US and UK] → +1", CodeSyntax, "1:13", "[US, UK]"},
	{"country in [US|UK] → +1", CodeSyntax, "1:13", "[US, UK]"},
	{"industry in [Retail; Health] → +1", CodeSyntax, "1:14", "[Retail, Health]"},
	{"tags has any [a or b] → +1", CodeSyntax, "1:15", "[a, b]"},
	{`country in ["US or UK"] → +1`, CodeNone, "", ""},
	{"country in [Trinidad and Tobago, Research & Development, N/A, OR, AND] → +1", CodeNone, "", ""},
}

func TestCheckedMistakes(t *testing.T) {
	for _, test := range checkedMistakes {
		t.Run(clipText(test.src, 60), func(t *testing.T) {
			rs, errs := Parse("x.rules", []byte(test.src))
			require.Empty(t, errs)
			_, errs = Check(rs, Bindings{Final: true})
			if test.code == CodeNone {
				require.Empty(t, errs)
				return
			}
			require.Len(t, errs, 1, "%s", errs)
			e := errs[0]
			assert.Equal(t, test.code, e.Code, e.Error())
			assert.Equal(t, test.at, e.Pos.String(), e.Error())
			assert.Contains(t, e.Fix, test.fix, e.Error())
		})
	}
}

// TestLongLists: lists of numbers that could be thousands take no time to speak
// of.
func TestLongLists(t *testing.T) {
	began := time.Now()
	src := "field n number\nparam p = [" + strings.Repeat("111,", 200_000) + "5,011]\nn in p → +1\n"
	for range 900 {
		src += "f(" + strings.Repeat("111,", 50) + "1) > 1 → +1\n"
	}
	rs, errs := Parse("x.rules", []byte(src))
	require.Empty(t, errs)
	_, _ = Check(rs, Bindings{})
	assert.Less(t, time.Since(began), 20*time.Second)
}
