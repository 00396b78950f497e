package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// TestLongTable holds that a table keeps its columns beyond the rows that
// decide how wide they are.
func TestLongTable(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("id,employees\n")
	for i := range 3 * tableRows {
		fmt.Fprintf(&rows, "account %04d,%d\n", i, 12*(i%2))
	}
	dir := files(t, map[string]string{"r.rules": plainRules, "a.csv": rows.String()})
	r := in(t, dir, "", "score", "-at", "2026-11-01", "r.rules", "a.csv")
	require.Equal(t, 0, r.code)
	lines := strings.Split(strings.TrimSuffix(r.out, "\n"), "\n")
	require.Len(t, lines, 3*tableRows+1)
	for _, line := range lines {
		require.Equal(t, len([]rune(lines[0])), len([]rune(line)), line)
	}
	require.Contains(t, r.err, "rules without an answer for any of the first 1,000 accounts: points.2")
}

func TestEmptyInputStillHasHeads(t *testing.T) {
	dir := files(t, map[string]string{"r.rules": plainRules, "a.csv": ""})
	const says = "there is no account in the data\n"
	require.Equal(t, ran{1, "id  score  could be  tier  points  unknown  invalid\n", says}, in(t, dir, "", "score", "r.rules", "a.csv"))
	require.Equal(t, ran{1, "", says}, in(t, dir, "", "score", "-json", "-quiet", "r.rules", "a.csv"))
	require.Equal(t, ran{1, "id,score,low,high,tier,tier_certain,reason,grade,dimension.points,contacts,engaged,senior_engaged,completeness,unknown,invalid\n", says},
		in(t, dir, "", "score", "-csv", "r.rules", "a.csv"))
}

func TestNothingForATerminalToActUpon(t *testing.T) {
	dir := files(t, map[string]string{"r.rules": plainRules})
	r := in(t, dir, "{\"id\":\"\\u001b[31m\",\"fields\":{\"employees\":\"\\u001b[2J\",\"\\u001b]0;x\":1}}\n", "score", "-at", "2026-11-01", "r.rules", "-")
	require.Equal(t, 0, r.code)
	require.NotContains(t, r.out+r.err, "\x1b")
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		require.Equal(t, want, grouped(n))
	}
}

func TestExplain(t *testing.T) {
	data := "id,employees\na,12\nbad\nb,3\n"
	dir := files(t, map[string]string{"r.rules": plainRules, "a.csv": data, "one.json": `{"id":"z","fields":{"employees":12}}`, "none.csv": "id\n"})
	r := in(t, dir, "", "explain", "-id", "b", "-at", "2026-11-01", "r.rules", "a.csv")
	require.Equal(t, 1, r.code, "the bad line before it")
	require.Contains(t, r.out, "2026-11-01 00:00 UTC\nScore 0")
	require.Contains(t, r.err, "a.csv:3: ")
	r = in(t, dir, "", "explain", "-id", "a", "-at", "2026-11-01", "r.rules", "a.csv")
	require.Equal(t, 0, r.code)
	r = in(t, dir, "", "explain", "-at", "2026-11-01", "r.rules", "one.json")
	require.Equal(t, 0, r.code)
	require.Contains(t, r.out, "z, model ")
	r = in(t, dir, "", "explain", "r.rules", "a.csv")
	require.Equal(t, 2, r.code)
	require.Contains(t, r.err, "-id says which")
	r = in(t, dir, "", "explain", "-id", "c", "r.rules", "a.csv")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, `no account has the id "c"`)
	r = in(t, dir, "", "explain", "r.rules", "none.csv")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "there is no account in the data")
}

// TestExplainAims: every tier and grade that there is can be aimed at, and
// nothing else.
func TestExplainAims(t *testing.T) {
	dir := files(t, map[string]string{"a.json": `{"id":"z","fields":{"n":12}}`, "none.rules": "n > 5 → +20\n", "r.rules": `dimension fit { n > 5 → +20 }
dimension use { n > 9 → +20 }
grades fit { 75+: A, else: B }
grades use { 75+: 1, 20+: 2 }
tiers {
  top when score >= 30
  low otherwise
}
tiers stage {
  warm when fit >= 40
  cold otherwise
}
`})
	run := func(rules string, tier string) ran {
		return in(t, dir, "", "explain", "-at", "2026-11-01", "-tier", tier, rules, "a.json")
	}
	for _, tier := range []string{"top", "low", "stage warm", "stage cold", "fit.grade A", "fit.grade B", "use.grade 1", "grade A1", "grade B2", "grade B"} {
		r := run("r.rules", tier)
		require.Equal(t, 0, r.code, "%s %s", tier, r.err)
		require.NotContains(t, r.out, "no such tier", tier)
	}
	for tier, want := range map[string]string{
		"nosuch":      `-tier: the ruleset has no tier or grade "nosuch": it has top, low, stage warm, stage cold, fit.grade A, fit.grade B, use.grade 1, use.grade 2`,
		"stage warn":  `did you mean "stage warm"?`,
		"fit.grade C": "the ruleset has no tier or grade",
		"grade C1":    "the ruleset has no tier or grade",
		"warm":        "the ruleset has no tier or grade",
		"fit.grade":   "the ruleset has no tier or grade",
	} {
		r := run("r.rules", tier)
		require.Equal(t, 2, r.code, "%s %s", tier, r.out)
		require.Contains(t, r.err, want)
	}
	r := run("none.rules", "top")
	require.Equal(t, 2, r.code)
	require.Contains(t, r.err, `the ruleset has no tier or grade "top": it has none`)
}

// TestExplainForms writes one explanation in every form.
func TestExplainForms(t *testing.T) {
	rules := "a: n > 5 → +20 \"Big\"\nb: c = \"US\" → +10\ntiers {\n  top when score >= 30\n  low otherwise\n}\n"
	dir := files(t, map[string]string{"r.rules": rules, "a.json": `{"id":"z","fields":{"n":12}}`})
	run := func(args ...string) ran {
		return in(t, dir, "", append(append([]string{"explain", "-at", "2026-11-01"}, args...), "r.rules", "a.json")...)
	}
	for _, tt := range []struct {
		args []string
		want []string
	}{
		{nil, []string{"Score 20", "✓ Big"}},
		{[]string{"-format", "text", "-width", "60"}, []string{"Score 20"}},
		{[]string{"-color"}, []string{"\x1b["}},
		{[]string{"-format", "markdown"}, []string{"# z", "**Score 20**"}},
		{[]string{"-format", "html"}, []string{"<!doctype html>", "<bdi>z</bdi>"}},
		{[]string{"-format", "json"}, []string{`"account_id":"z"`}},
		{[]string{"-json", "-tier", "top", "-reasons", "2"}, []string{`"explanation":{`, `"reasons":[{"code":"points.b"`, `"paths":[{"target":"top","reached":true`}},
		{[]string{"-tier", "top", "-reasons", "5"}, []string{"\nreason codes\n  points.b: c = \"US\" → +10, 0 against 10\n", "\nto reach top: any of these would do, the least effort first\n  → fill c with \"US\" (effort 2)"}},
		{[]string{"-tier", "low"}, []string{"\nto reach low: it is reached\n"}},
		{[]string{"-format", "html", "-tier", "low"}, []string{"The way to low", "It is reached."}},
	} {
		r := run(tt.args...)
		require.Equal(t, 0, r.code, "%v %s", tt.args, r.err)
		for _, want := range tt.want {
			require.Contains(t, r.out, want, "%v", tt.args)
		}
		require.LessOrEqual(t, strings.Count(r.out, "to reach top"), 1, "the text shows the next tier already: %v", tt.args)
		if !slices.Contains(tt.args, "-color") {
			require.NotContains(t, r.out, "\x1b")
		}
		for line := range strings.Lines(r.out) {
			if slices.Contains(tt.args, "60") {
				require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), 60)
			}
		}
	}
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-format", "pdf"}, `-format is text, markdown, html or json, not "pdf"`},
		{[]string{"-json", "-format", "html"}, "do not go together"},
		{[]string{"-format", "html", "-width", "50"}, "are for a text, not for html"},
		{[]string{"-json", "-color"}, "are for a text, not for json"},
		{[]string{"-width", "0"}, "-width is 40 at least"},
		{[]string{"-reasons", "-1"}, "-reasons is a number"},
		{[]string{"-format", "html", "-reasons", "2"}, "-reasons goes with text and json, not with html"},
		{[]string{"-tier", "tops"}, `-tier: the ruleset has no tier or grade "tops": did you mean "top"?`},
		{[]string{"-format", "markdown", "-tier", "a"}, `the ruleset has no tier or grade "a": it has top, low`},
		{[]string{"-json", "-tier", "no\x1b[31m"}, `the ruleset has no tier or grade "no\x1b[31m"`},
	} {
		r := run(tt.args...)
		require.Equal(t, 2, r.code, "%v", tt.args)
		require.Contains(t, r.err, tt.want)
	}
}
