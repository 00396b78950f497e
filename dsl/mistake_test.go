package dsl

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mistakes is wrong texts: the one fault of each, its place, and a word of the
// advice.
var mistakes = []struct {
	src  string
	code Code
	at   string // line:column
	fix  string
}{
	// Operators of other languages.
	{"employees => 1000 → +50", CodeSyntax, "1:11", ">="},
	{"disqualify when employees => 1000", CodeSyntax, "1:27", ">="},
	{"employees => 1000 and b → +50", CodeSyntax, "1:11", ">="},
	{"employees =< 1000 → +50", CodeSyntax, "1:11", "<="},
	{"a <> 5 → +1", CodeSyntax, "1:3", "!="},
	{"a === 5 → +1", CodeSyntax, "1:3", "="},
	{"a ~= 5 → +1", CodeSyntax, "1:3", "matches"},
	{"a & b → +1", CodeSyntax, "1:3", "and"},
	{"a like '%x%' → +1", CodeSyntax, "1:3", "contains"},
	{"a greater than 5 → +1", CodeSyntax, "1:3", ">"},
	{"a is less than 5 → +1", CodeSyntax, "1:6", "at most"},
	{"a contians \"x\" → +1", CodeSyntax, "1:3", "contains"},
	{"firmographics { a → 1 }", CodeSyntax, "1:1", "dimension firmographics {"},
	{"Ѩ{}", CodeSyntax, "1:1", "dimension Ѩ {"},
	{"about \"us\"", CodeSyntax, "1:1", "write a statement"},
	{"country IN (US, UK) → +1", CodeSyntax, "1:12", "[US, UK]"},
	{"country in US, UK → +1", CodeSyntax, "1:14", "→"},
	{"AND(a, b) → +1", CodeSyntax, "1:1", "a and b"},
	{"IF(a, b, c) → +1", CodeSyntax, "1:1", "?"},
	{"if a > 5 → +1", CodeSyntax, "1:1", "alone"},
	{"a > 5 then +1", CodeSyntax, "1:7", "→"},
	{"a has \"x\" → +1", CodeSyntax, "1:7", "contains"},
	{"a contains [x, y] → +1", CodeSyntax, "1:12", "has any"},
	{"a contains any of [x] → +1", CodeSyntax, "1:12", "has any"},
	{"a in \"x\" → +1", CodeSyntax, "1:6", "contains"},
	{"a in 5 → +1", CodeSyntax, "1:6", "="},
	{"a in 1- → +1", CodeSyntax, "1:9", "1000+"},
	{"a starts \"x\" → +1", CodeSyntax, "1:10", "with"},
	{"a does contain \"x\" → +1", CodeSyntax, "1:8", "does not"},
	{"a within 30 → +1", CodeSyntax, "1:10", "30d"},
	{"a within the last 30d → +1", CodeSyntax, "1:10", "within 30d"},
	{"a matches b → +1", CodeNotAllowed, "1:11", "matches"},
	{"a not 5 → +1", CodeSyntax, "1:7", ""},
	// Reasons.
	{"reasons below", CodeSyntax, "1:14", "reasons below baseline"},
	{"reasons points below", CodeSyntax, "1:9", "reasons above baseline"},
	{"reasons above baseline\nreasons below baseline", CodeDuplicate, "2:1", "one"},
	{"a → 1 baseline 2 baseline 3", CodeDuplicate, "1:18", "one"},
	{"a → 1 code A code B", CodeDuplicate, "1:14", "one"},
	{"a → 1 code", CodeSyntax, "1:11", "quotes"},
	{`a → 1 code ""`, CodeValue, "1:12", "leave it out"},
	{"a → 1 code A-1", CodeSyntax, "1:12", "quotes"},
	{"a → 1 baseline high", CodeSyntax, "1:16", ""},
	// Missing data.
	{"a = null → +1", CodeNotAllowed, "1:5", "is missing"},
	{"a != nil → +1", CodeNotAllowed, "1:6", "is not missing"},
	{"a is null → +1", CodeNotAllowed, "1:6", "is missing"},
	{"a = missing → +1", CodeSyntax, "1:5", "is missing"},
	{"max(a, null) → +1", CodeNotAllowed, "1:8", "??"},
	// What expr-lang has and the language has not.
	{"a | len() → +1", CodeNotAllowed, "1:3", "function"},
	{"a ** 2 > 5 → +1", CodeNotAllowed, "1:3", "x * x"},
	{"a ^ 2 > 5 → +1", CodeNotAllowed, "1:3", "x * x"},
	{"a.b > 5 → +1", CodeNotAllowed, "1:2", "a_b"},
	{"fit . grade = A → +1", CodeSyntax, "1:5", ""},
	{"fit.grade.x = A → +1", CodeNotAllowed, "1:4", "field"},
	{"a?.b > 5 → +1", CodeSyntax, "1:3", ""},
	{"a[0] > 5 → +1", CodeNotAllowed, "1:2", "has any"},
	{"a [x] → +1", CodeSyntax, "1:3", "in [x]"},
	{"$env → +1", CodeNotAllowed, "1:1", "field"},
	{"a = {b: 1} → +1", CodeNotAllowed, "1:5", ""},
	{"let x = 5; x > 3 → +1", CodeNone, "", ""},
	{"dimension fit {\n let x = 5; x > 3 → +1\n}", CodeStructure, "2:2", "before"},
	{"b > (let x = 5; x) → +1", CodeNotAllowed, "1:6", "line of its own"},
	{"a ?: b → +1", CodeNotAllowed, "1:4", "a ? a : b"},
	{"a > 1..5 → +1", CodeNotAllowed, "1:6", "in 1..5"},
	{"any(list, #acc > 1) → +1", CodeNotAllowed, "1:11", "# alone"},
	{"any(list, .x) → +1", CodeSyntax, "1:11", ""},
	{"# > 1", CodeNone, "", ""},
	{"(a; b) → +1", CodeNotAllowed, "1:3", "and"},
	{"/* note */ a → +1", CodeToken, "1:1", "#"},
	// Literals.
	{"a > 10m → +1", CodeToken, "1:5", "10M"},
	{"a > 5x → +1", CodeToken, "1:5", "10k"},
	{"a within 6 months → +1", CodeToken, "1:10", "180d"},
	{"a within 2 years → +1", CodeToken, "1:10", "730d"},
	{"a within 30min → +1", CodeToken, "1:10", "12h"},
	{"a > €5M → +1", CodeToken, "1:5", "$"},
	{"a > 2026-1-5 → +1", CodeToken, "1:5", "2026-01-05"},
	{"a > 2026-02-30 → +1", CodeValue, "1:5", "day"},
	{"a > 2026-10-01T12:00 → +1", CodeToken, "1:5", "Z"},
	{"a > 9007199254740993 → +1", CodeValue, "1:5", "smaller"},
	{"a > 1e400 → +1", CodeValue, "1:5", "smaller"},
	{"a > " + strings.Repeat("9", 400) + " → +1", CodeValue, "1:5", "digits"},
	{"a > 0x20000000000001 → +1", CodeValue, "1:5", "smaller"},
	{"a within 999999999d → +1", CodeValue, "1:10", "shorter"},
	{"a = \"open → +1", CodeToken, "1:5", "quote"},
	{"a = `open → +1", CodeToken, "1:5", "backtick"},
	{`a = "\q" → +1`, CodeToken, "1:5", `\\`},
	{`a = "\ud800" → +1`, CodeToken, "1:5", `\\`},
	{`a = "\x00" → +1`, CodeToken, "1:5", `\\`},
	{"a — 5 → +1", CodeToken, "1:3", "→"},
	{"a \u200b= 5 → +1", CodeToken, "1:3", "delete"},
	{"a @ 5 → +1", CodeToken, "1:3", ""},
	{"a in 1000-100 → +1", CodeValue, "1:6", "lower"},
	{"a between 5 and 1 → +1", CodeValue, "1:11", "lower"},
	{"a in 2026-06-01..2026-01-01 → +1", CodeValue, "1:6", "lower"},
	// Lists.
	{"a in [US, UK → +1", CodeSyntax, "1:6", "]"},
	{"a in [US,, UK] → +1", CodeSyntax, "1:10", "comma"},
	{"a in [\"US, UK] → +1", CodeToken, "1:7", "quote"},
	{"a in [\"US\" \"UK\"] → +1", CodeSyntax, "1:7", "comma"},
	{"a in [US\nUK] → +1", CodeSyntax, "1:7", "comma"},
	{"a in [Acme (UK, DE] → +1", CodeSyntax, "1:7", "quotes"},
	{"max(n, 10,000) > 1 → +1", CodeValue, "1:8", "write 10000"},
	{"max(n, 10,500) > 1 → +1", CodeValue, "1:8", "write 10500"},
	{"max(1,500) > 1 → +1", CodeNone, "", ""},
	{"any(order where value > 10,000, 90d) → +1", CodeValue, "1:25", "write 10000"},
	{"count(order where value > 1,500,000) > 3 → +1", CodeValue, "1:27", "write 1500000"},
	{"n > (10,000) → +1", CodeSyntax, "1:8", "write 10000"},
	{"(n > 10,000 and n < 20,000) → +1", CodeSyntax, "1:8", "write 10000"},
	{"param p = [US, null]", CodeValue, "1:16", "leave it out"},
	{"param p = [US or UK]", CodeSyntax, "1:12", "[US, UK]"},
	{"field n number one of [1,000, 2,000]", CodeValue, "1:24", "write 1000"},
	{"field t text one of [a, null]", CodeValue, "1:25", "leave it out"},
	// Rules.
	{"a > 5 +1", CodeSyntax, "1:9", "→"},
	{"a > 5", CodeSyntax, "1:6", "→"},
	{"a > 5 \"why\"", CodeSyntax, "1:7", "→"},
	{"employees 1000 → +1", CodeSyntax, "1:11", ">="},
	{"a b → +1", CodeSyntax, "1:3", "quotes"},
	{"a > 5 → 50 points", CodeSyntax, "1:12", "leave"},
	{"a > 5 → 50%", CodeValue, "1:9", "scale"},
	{"a > 5 → 2000000", CodeValue, "1:9", "1000000"},
	{"a > 5 → 0.0000001", CodeValue, "1:9", "six"},
	{"a > 5 → 5 → 6", CodeSyntax, "1:11", "line"},
	{"a > 5 → 1 2", CodeSyntax, "1:11", "one number"},
	{"a > 5 → lots", CodeSyntax, "1:9", "+50"},
	{"a > 5 → +2 max 20", CodeSyntax, "1:18", "per"},
	{"a > 5 → +2 half-life 30d", CodeSyntax, "1:12", "each"},
	{"a > 5 → +2 else 1 else 2", CodeDuplicate, "1:19", "one"},
	{"a → 0-50 over 1-5", CodeSyntax, "1:6", "0..50"},
	{"a → 0..50 over 5-1", CodeValue, "1:16", "lower"},
	{"a → 0..50 over 1-5 max 3", CodeSyntax, "1:20", "sum of"},
	{"a → { 1-49 0 }", CodeSyntax, "1:12", "key: value"},
	{"a → { 49-1: 0 }", CodeValue, "1:7", "lower"},
	{"a → { >= 5: 0 }", CodeSyntax, "1:7", "1000+"},
	{"a → { 1: 0 2: 5 }", CodeSyntax, "1:12", "comma"},
	{"a → { 1: 5, Else: 2 }", CodeSyntax, "1:13", "write else"},
	{"a → { null: 5 }", CodeSyntax, "1:7", "missing"},
	{"a → { }", CodeSyntax, "1:5", "key: value"},
	{"a → { 1: 2, \nb > 5 → +1", CodeSyntax, "1:5", "}"},
	{"x-y: a → +1", CodeSyntax, "1:4", "→"},
	{"each visit within 6 months → +1", CodeToken, "1:19", "180d"},
	{"each visit → +1 half-life 12h", CodeValue, "1:27", "whole days"},
	{"each visit → +1 half-life 3d linear 3d", CodeDuplicate, "1:30", "one"},
	{"each visit → +1 per page", CodeSyntax, "1:21", "per value"},
	{"each visit → +1 min 3", CodeSyntax, "1:17", "leave"},
	{"each visit > 5 within 3d", CodeSyntax, "1:12", "→"},
	{"count(visit, 60d > 5 → +30", CodeSyntax, "1:6", ")"},
	{"(a > 5 → +30", CodeSyntax, "1:1", ")"},
	{"a > 5) → +30", CodeSyntax, "1:6", "→"},
	{"a > → +30", CodeSyntax, "1:5", ""},
	{"> 5 → +30", CodeSyntax, "1:1", ""},
	{"a and → +30", CodeSyntax, "1:7", ""},
	{"and b → +30", CodeSyntax, "1:1", ""},
	// Statements.
	{"dimensions fit {\n a → +1\n}", CodeSyntax, "1:1", "dimension"},
	{"Dimension fit {\n a → +1\n}", CodeSyntax, "1:1", "dimension"},
	{"parm x = 5", CodeSyntax, "1:1", "param"},
	{"ruleset Healthcare SaaS", CodeSyntax, "1:20", ""},
	{"ruleset \"a\"\nruleset \"b\"", CodeDuplicate, "2:1", "one"},
	{"review every quarter", CodeSyntax, "1:14", "30d"},
	{"review every 3 months", CodeToken, "1:14", "90d"},
	{"review every 90d from October", CodeSyntax, "1:23", "year-month-day"},
	{"score min 0 min 1", CodeDuplicate, "1:13", "one"},
	{"score round 0.5", CodeValue, "1:13", "whole"},
	{"param x 5", CodeSyntax, "1:9", "param x ="},
	{"param x = null", CodeValue, "1:11", "leave"},
	{"param x = 30d", CodeValue, "1:11", "within 30d"},
	{"param \"x\" = 5", CodeSyntax, "1:7", "quotes"},
	{"param x-y = 5", CodeSyntax, "1:7", "x_y"},
	{"param fit.grade = 5", CodeSyntax, "1:7", "_"},
	{"field a", CodeSyntax, "1:8", "field a number"},
	{"field a string", CodeSyntax, "1:9", "text"},
	{"field a Number", CodeSyntax, "1:9", "number"},
	{"field a date", CodeSyntax, "1:9", "time"},
	{"field a number stale after 90", CodeSyntax, "1:28", "90d"},
	{"field a text one of []", CodeValue, "1:21", "name"},
	{"field a text fixed actionable", CodeDuplicate, "1:20", "one"},
	{"field a text b", CodeSyntax, "1:14", ""},
	{"let x 5", CodeSyntax, "1:7", "let x ="},
	{"disqualify a = 5", CodeSyntax, "1:12", "when"},
	{"activity a (page", CodeSyntax, "1:17", "field page number"},
	{"dimension \"fit\" {\n a → +1\n}", CodeSyntax, "1:11", "quotes"},
	{"dimension fit weight 50 {\n a → +1\n}", CodeValue, "1:22", "50%"},
	{"dimension fit of 100 {\n a → +1\n}", CodeSyntax, "1:15", "out of"},
	{"dimension fit {\n a → +1\n", CodeSyntax, "1:15", "}"},
	{"dimension fit {\n a → +1\n\ntiers {\n x otherwise\n}", CodeSyntax, "1:15", "4:1"},
	{"dimension fit {\n field a number\n a → +1\n}", CodeStructure, "2:2", "before"},
	{"dimension fit {\n a → +1\n}\nb → +1", CodeStructure, "4:1", "dimension"},
	{"dimension fit {\n best of {\n first of {\n a → +1\n }\n }\n}", CodeStructure, "3:2", "side by side"},
	{"dimension fit {\n best of max 3 {\n a → +1\n }\n}", CodeSyntax, "2:10", "sum of"},
	{"}", CodeSyntax, "1:1", "delete"},
	{"tiers {\n top score > 5\n}", CodeSyntax, "2:6", "top when"},
	{"tiers {\n when score > 5\n}", CodeSyntax, "2:2", "name"},
	{"tiers {\n top when score > 5 play\n}", CodeSyntax, "2:25", "motion"},
	{"tiers {\n mid-size when score > 5\n}", CodeSyntax, "2:2", "quotes"},
	{"tiers {\n x otherwise\n}\ntiers {\n y otherwise\n}", CodeDuplicate, "4:1", "one"},
	{"grades fit { A: 5 }", CodeSyntax, "1:14", "75+"},
	{"trigger x when tier goes to top", CodeSyntax, "1:21", "rises"},
	{"trigger x when tier reaches top", CodeSyntax, "1:29", "rises to top"},
	{"trigger x if tier rises", CodeSyntax, "1:11", "when"},
	{"case \"x\" {\n a 5\n}", CodeSyntax, "2:4", "="},
	{"case \"x\" {\n a = missing\n}", CodeSyntax, "2:6", "null"},
	{"case \"x\" at now {\n a = 5\n}", CodeSyntax, "1:13", "year-month-day"},
	{"case \"x\" {\n expect score\n}", CodeSyntax, "2:14", "score 50"},
	{"case \"x\" {\n did visit x 0\n}", CodeValue, "2:14", "whole"},
	{"case \"x\" {\n did visit x6 x7\n}", CodeDuplicate, "2:15", "one"},
	{"case \"x\" {\n contact {\n a = 5\n }\n}", CodeSyntax, "2:10", "contact ann"},
	// The contacts block.
	{contacts("engaged 10"), CodeSyntax, "2:9", "at least"},
	{contacts("decay 30d since last"), CodeSyntax, "2:7", "half-life"},
	{contacts("decay half-life 30d"), CodeSyntax, "2:20", "since"},
	{contacts("decay half-life 1 month since last"), CodeToken, "2:17", "30d"},
	{contacts("combine average"), CodeSyntax, "2:9", "ranked"},
	{contacts("combine top 0"), CodeValue, "2:13", "whole"},
	{contacts("weight seniority"), CodeSyntax, "2:17", "c_level"},
	{contacts("bonus 50%"), CodeSyntax, "2:7", "multi-thread"},
	{contacts("bonus { vp: 5 }"), CodeValue, "2:9", "2: +10"},
	{contacts("committee role { a: 1 }"), CodeSyntax, "2:11", "by role"},
	{contacts("committee by role { a: 0 }"), CodeValue, "2:24", "whole"},
	{contacts("cap 5\ncap 6"), CodeDuplicate, "3:1", "one"},
	// Texts that are none.
	{"a > \"\xff\" → +1", CodeEncoding, "1:6", "UTF-8"},
	{"a\n\x00", CodeEncoding, "2:1", "delete"},
}

// CodeNone marks a text without a fault.
const CodeNone Code = ""

func contacts(lines string) string { return "dimension e from contacts {\n" + lines + "\n}" }

func TestMistakes(t *testing.T) {
	for _, test := range mistakes {
		t.Run(clipText(test.src, 60), func(t *testing.T) {
			_, errs := Parse("x.rules", []byte(test.src))
			if test.code == CodeNone {
				require.Empty(t, errs)
				return
			}
			require.Len(t, errs, 1, "%s", errs)
			e := errs[0]
			assert.Equal(t, test.code, e.Code, e.Error())
			assert.Equal(t, test.at, e.Pos.String(), e.Error())
			assert.NotEmpty(t, e.Fix, e.Error())
			assert.Contains(t, e.Fix+" "+e.Message, test.fix, e.Error())
			assert.Equal(t, "x.rules", e.File)
			lines := strings.Split(test.src, "\n")
			if e.Code != CodeEncoding {
				assert.Equal(t, lines[e.Pos.Line-1], e.Line)
			}
		})
	}
}
