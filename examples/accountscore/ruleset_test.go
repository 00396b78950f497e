package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckShowsEveryError(t *testing.T) {
	var src strings.Builder
	src.WriteString("field employees number\n")
	for range 25 {
		src.WriteString("emplyees > 5 → +1\n")
	}
	r := in(t, t.TempDir(), src.String(), "check", "-")
	require.Equal(t, 1, r.code)
	require.Equal(t, 25, strings.Count(r.out, "is not declared"))
	require.Contains(t, r.out, "<stdin>:2:1:")
	require.Contains(t, r.out, "25 errors")
}

func TestCheckHugeAndEmpty(t *testing.T) {
	r := in(t, t.TempDir(), strings.Repeat("a > 1 → +1\n", 200_000), "check", "-")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.out, "[limit]")
	r = in(t, t.TempDir(), `{"name": "x", "nam": 3}`, "check", "-")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.out, `there is no key "nam"`)
}

func TestFormat(t *testing.T) {
	const untidy, tidy = "employees   gte 5 -> +50 # why\n", "employees gte 5  → +50  # why\n"
	dir := files(t, map[string]string{"a.rules": untidy, "b.rules": tidy, "bad.rules": "employees => → 5\n"})
	a := filepath.Join(dir, "a.rules")
	require.NoError(t, os.Chmod(a, 0o640))
	require.NoError(t, os.Symlink(a, filepath.Join(dir, "link.rules")))

	r := in(t, dir, untidy, "fmt")
	require.Equal(t, ran{0, tidy, ""}, r)
	r = in(t, dir, "", "fmt", "-l", "a.rules", "b.rules")
	require.Equal(t, ran{1, "a.rules\n", ""}, r)
	r = in(t, dir, "", "fmt", "-w", "link.rules", "b.rules")
	require.Equal(t, ran{0, "", ""}, r)
	got, err := os.ReadFile(a)
	require.NoError(t, err)
	require.Equal(t, tidy, string(got))
	info, err := os.Lstat(a)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o640), info.Mode())
	r = in(t, dir, "", "fmt", "-l", "a.rules", "b.rules")
	require.Equal(t, ran{0, "", ""}, r)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 4, "no temporary file is left")

	r = in(t, dir, "", "fmt", "-w", "bad.rules")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "bad.rules:1:")
	got, err = os.ReadFile(filepath.Join(dir, "bad.rules"))
	require.NoError(t, err)
	require.Equal(t, "employees => → 5\n", string(got))
}

func TestFormatJSON(t *testing.T) {
	src, err := os.ReadFile("testdata/fit.rules")
	require.NoError(t, err)
	asJSON := in(t, t.TempDir(), string(src), "fmt", "-json", "-")
	require.Equal(t, 0, asJSON.code)
	require.True(t, isJSON([]byte(asJSON.out)))
	back := in(t, t.TempDir(), asJSON.out, "fmt", "-")
	require.Equal(t, 0, back.code)
	again := in(t, t.TempDir(), back.out, "fmt", "-json", "-")
	require.Equal(t, asJSON.out, again.out)
	checked := in(t, t.TempDir(), asJSON.out, "test", "-")
	require.Equal(t, 0, checked.code, checked)
	refused := in(t, t.TempDir(), asJSON.out, "fmt", "-l", "-")
	require.Equal(t, 2, refused.code)
}

func TestVet(t *testing.T) {
	dir := files(t, map[string]string{
		"never.rules": "field employees number\nemployees > 10 and employees < 5 → +50\n",
		"fine.rules":  "field employees number\nemployees > 10 → +50\n",
	})
	r := in(t, dir, "", "vet", "-at", "2026-11-01", "never.rules", "fine.rules")
	require.Equal(t, 1, r.code, r)
	require.Contains(t, r.out, "never.rules:2:1: warning: ")
	require.Contains(t, r.out, "[never-true]")
	require.Contains(t, r.out, "FAIL  never.rules  1 warning")
	require.Contains(t, r.out, "ok    fine.rules  0 warnings")
	r = in(t, dir, "field tags list\nany(tags, len(#) > 3) → +1\n", "vet", "-costs", "-")
	require.Contains(t, r.out, "program  172  points.1\n")
	r = in(t, dir, "employees > 5 → +1\n", "vet", "-costs", "-json", "-")
	require.Contains(t, r.out, `"costs":[{"rule":"points.1","form":"row","nodes":3,"cost":3}]`)
	r = in(t, dir, "employees =>", "vet", "-")
	require.Equal(t, 1, r.code)
}

func TestTestVerb(t *testing.T) {
	r := in(t, "testdata", "", "test", "fit.rules", "failing.rules", "wrong.rules")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.out, "ok    fit.rules  2 cases")
	require.Contains(t, r.out, "score: wanted 40, got 50")
	require.Contains(t, r.out, "  failing.rules:2: case \"large\"\n")
	require.Contains(t, r.out, "      failing.rules:1: points.size is matched, +50: employees >= 1000 → +50\n")
	require.Contains(t, r.out, "      fit.rules:25: no case makes intent.1 true: count(pricing_visit, 60d) >= 2 → +20\n")
	require.Contains(t, r.err, "wrong.rules:2:11")
	r = in(t, ".", strings.Repeat("employees > 5 → +1\n", 30)+"case \"a\" {\nemployees = 1\nexpect score 2\n}\n", "test", "-quiet", "-")
	require.Contains(t, r.out, "\n      and 18 more rules\n")
	r = in(t, ".", "employees > 5 → +1\n", "test", "-quiet", "-")
	require.Equal(t, ran{0, "?     <stdin>  no cases\n", ""}, r)
}

// TestNoRules holds that a ruleset that says nothing, as one that was cut off
// does, is not taken for one in order.
func TestNoRules(t *testing.T) {
	dir := files(t, map[string]string{"empty.rules": "", "comment.rules": "# nothing yet\nfield employees number\ndimension fit {\n}\n",
		"tiers.rules": "field employees number\ntiers {\n large when employees > 100\n}\n", "a.csv": "id,employees\na,5\n"})
	for _, name := range []string{"empty.rules", "comment.rules"} {
		for _, args := range [][]string{{"check", name}, {"vet", name}, {"test", name}, {"score", name, "a.csv"}, {"explain", name, "a.csv"}} {
			r := in(t, dir, "", args...)
			require.Equal(t, 1, r.code, args)
			require.Contains(t, r.err, name+": there is no rule in it: every account scores 0\n", args)
		}
	}
	r := in(t, dir, "", "check", "tiers.rules")
	require.Equal(t, 0, r.code, "tiers alone are a ruleset")
	require.Empty(t, r.err)
}

func TestFilesInTheWrongOrder(t *testing.T) {
	dir := files(t, map[string]string{"r.rules": plainRules, "broken.rules": "employees gte → +5\n", "a.csv": "id,employees\na,5\n", "a.json": `[{"id":"a"}]`, "a.jsonl": `{"id":"a"}`})
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"score", "a.csv", "r.rules"}, 2, "accountscore score: a.csv is no ruleset, and r.rules is: the ruleset comes first, then the data\n"},
		{[]string{"score", "a.json", "r.rules"}, 2, "a.json is no ruleset, and r.rules is"},
		{[]string{"score", "a.csv", "a.json", "r.rules"}, 2, "a.csv is no ruleset, and r.rules is"},
		{[]string{"explain", "a.jsonl", "r.rules"}, 2, "a.jsonl is no ruleset, and r.rules is"},
		{[]string{"diff", "a.csv", "r.rules", "r.rules"}, 2, "a.csv is no ruleset, and r.rules is"},
		{[]string{"score", "a.csv", "broken.rules"}, 2, "a.csv is no ruleset but seems to be data: the ruleset comes first"},
		{[]string{"score", "a.csv", "-"}, 2, "a.csv is no ruleset but seems to be data"},
		{[]string{"score", "broken.rules", "a.csv"}, 1, "broken.rules:1:15"},
		{[]string{"score", "r.rules", "nowhere.csv"}, 2, "nowhere.csv"},
	} {
		r := in(t, dir, plainRules, tt.args...)
		require.Equal(t, tt.code, r.code, tt.args)
		require.Contains(t, r.err, tt.says, tt.args)
		require.Less(t, strings.Count(r.err, "\n"), 6, r.err)
		require.Empty(t, r.out)
	}
}

// TestNoGo holds that nobody is told to write Go.
func TestNoGo(t *testing.T) {
	for src, fix := range map[string]string{
		"has_value(x) → +1":            "fix: write x is known\n",
		"sqrt(x) > 2 → +1":             "fix: use one of the language's own functions: count, any, sum, days_since, min, max, abs, round, floor, ceil, len, filter, all, none, one, map; other functions are for Go programs\n",
		"flor(x) > 2 → +1":             "fix: did you mean `floor`? Else use one of the language's own functions: ",
		"industry = ours → +1":         "or give -param ours=…\n",
		"language cel\n\"x > 1\" → +1": "For a language write one of expr, rules; other languages are for Go programs\n",
	} {
		r := in(t, t.TempDir(), src+"\n", "check", "-")
		require.Equal(t, 1, r.code, src)
		require.Contains(t, r.out, fix, src)
		require.NotRegexp(t, "With[A-Z]", r.out, src)
	}
}
