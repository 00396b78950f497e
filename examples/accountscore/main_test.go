package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the sessions of README.md as they are")

// ran is what a run of the command gave.
type ran struct {
	code     int
	out, err string
}

// in runs the command in a folder.
func in(t *testing.T, dir, stdin string, args ...string) ran {
	t.Helper()
	t.Chdir(dir)
	var out, errs bytes.Buffer
	code := run(args, strings.NewReader(stdin), &out, &errs)
	return ran{code, out.String(), errs.String()}
}

// files makes a folder of files.
func files(t *testing.T, texts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	return dir
}

// TestReadme runs the sessions of README.md: a line after "$ " is a command,
// what follows is what it prints, first to the standard error, then to the
// standard output. With -update they are rewritten.
func TestReadme(t *testing.T) {
	src, err := os.ReadFile("README.md")
	require.NoError(t, err)
	page, err := filepath.Abs("README.md")
	require.NoError(t, err)
	parts := strings.Split(string(src), "```")
	ranAny := false
	for i := 1; i < len(parts); i += 2 {
		body, ok := strings.CutPrefix(parts[i], "console\n")
		if ok {
			ranAny = true
			want := session(t, body)
			if !*update {
				require.Empty(t, cmp.Diff(want, body), "-true +written; go test -run TestReadme -update rewrites")
			}
			parts[i] = "console\n" + want
		}
	}
	require.True(t, ranAny)
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(strings.Join(parts, "```")), 0o644))
	}
}

func session(t *testing.T, body string) string {
	t.Helper()
	var b strings.Builder
	code := 0
	for line := range strings.Lines(body) {
		typed, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "$ ")
		if !ok {
			continue
		}
		b.WriteString("$ " + typed + "\n")
		if typed == "echo $?" {
			b.WriteString(string(rune('0'+code)) + "\n")
			continue
		}
		words, stdin := shellWords(t, typed)
		require.Equal(t, "accountscore", words[0], typed)
		r := in(t, testdata(t), stdin, words[1:]...)
		code = r.code
		b.WriteString(r.err + r.out)
	}
	return b.String()
}

func testdata(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat("fit.rules"); err == nil {
		return "."
	}
	return "testdata"
}

// shellWords splits a command line as far as the README needs it: single
// quotes, and "< file" at the end.
func shellWords(t *testing.T, line string) (words []string, stdin string) {
	t.Helper()
	line, file, redirected := strings.Cut(line, " < ")
	if redirected {
		src, err := os.ReadFile(filepath.Join(testdata(t), file))
		require.NoError(t, err)
		stdin = string(src)
	}
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words, stdin
}

func TestUsage(t *testing.T) {
	for _, tt := range []struct {
		name  string
		args  []string
		code  int
		wants string
	}{
		{"nothing", nil, 2, "usage: accountscore VERB"},
		{"help", []string{"help"}, 0, "usage: accountscore VERB"},
		{"unknown verb", []string{"chekc"}, 2, `there is no verb "chekc"`},
		{"help of a verb", []string{"score", "-h"}, 0, "-contacts file"},
		{"unknown flag", []string{"score", "-frob", "fit.rules", "accounts.csv"}, 2, "flag provided but not defined: -frob"},
		{"check without a ruleset", []string{"check"}, 2, "want a ruleset"},
		{"vet without a ruleset", []string{"vet"}, 2, "want a ruleset"},
		{"test without a ruleset", []string{"test"}, 2, "want a ruleset"},
		{"score without data", []string{"score", "fit.rules"}, 2, "want a ruleset and the accounts"},
		{"explain without data", []string{"explain", "fit.rules"}, 2, "want a ruleset and the accounts"},
		{"diff of one", []string{"diff", "fit.rules"}, 2, "want two rulesets"},
		{"two forms", []string{"score", "-json", "-csv", "fit.rules", "accounts.csv"}, 2, "two forms"},
		{"no file", []string{"score", "fit.rules", "nowhere.csv"}, 2, "nowhere.csv"},
		{"no ruleset file", []string{"check", "nowhere.rules"}, 2, "nowhere.rules"},
		{"a folder", []string{"score", "fit.rules", "."}, 2, "is a folder"},
		{"stdin twice", []string{"score", "-", "-"}, 2, "only once"},
		{"a wrong moment", []string{"score", "-at", "noon", "fit.rules", "accounts.csv"}, 2, `"noon" is no time`},
		{"a wrong form", []string{"score", "-in", "xml", "fit.rules", "accounts.csv"}, 2, "want csv or json"},
		{"a wrong comma", []string{"score", "-comma", "::", "fit.rules", "accounts.csv"}, 2, "want one character"},
		{"a param without a value", []string{"check", "-param", "regions", "fit.rules"}, 2, "want name=value"},
		{"a param on two lines", []string{"check", "-param", "regions=[US]\ntiers {}", "fit.rules"}, 2, "want one line"},
		{"a broken param", []string{"check", "-param", "regions=[US", "fit.rules"}, 2, "not closed"},
		{"no such param", []string{"check", "-param", "region=US", "fit.rules"}, 1, "region"},
		{"-w on stdin", []string{"fmt", "-w", "-"}, 2, "cannot write the standard input"},
		{"-w and -json", []string{"fmt", "-w", "-json", "fit.rules"}, 2, "neither -w nor -l"},
		{"flags after files", []string{"check", "fit.rules", "-json"}, 0, `{"file":"fit.rules","errors":[]}`},
		{"only files after --", []string{"check", "--", "fit.rules", "-json"}, 2, "-json"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := in(t, "testdata", "", tt.args...)
			require.Equal(t, tt.code, r.code, r)
			require.Contains(t, r.out+r.err, tt.wants)
		})
	}
}

// TestJSON holds that everything that -json prints is JSON, a value a line,
// and has the keys that scripts read.
func TestJSON(t *testing.T) {
	for _, tt := range []struct {
		args []string
		code int
		keys []string
	}{
		{[]string{"check", "-json", "fit.rules", "wrong.rules"}, 1, []string{"file", "errors"}},
		{[]string{"vet", "-json", "fit.rules"}, 0, []string{"file", "findings"}},
		{[]string{"test", "-json", "fit.rules", "failing.rules"}, 1, []string{"file", "cases", "rules"}},
		{[]string{"score", "-json", "-quiet", "fit.rules", "accounts.csv", "accounts.jsonl"}, 1, []string{"account_id", "score", "low", "high", "tier", "tier_certain", "unknown", "invalid"}},
		{[]string{"explain", "-json", "-id", "acme", "fit.rules", "accounts.csv"}, 0, []string{"account_id", "result", "lines", "dimensions", "total"}},
		{[]string{"diff", "-json", "fit.rules", "fit-next.rules"}, 1, []string{"before", "after", "changes"}},
		{[]string{"diff", "-json", "fit.rules", "fit-next.rules", "accounts.csv"}, 1, []string{"before", "after", "changes", "accounts"}},
	} {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			if tt.args[0] != "check" && tt.args[0] != "test" && !(tt.args[0] == "diff" && len(tt.args) == 4) {
				tt.args = append(tt.args, "-at", "2026-11-01")
			}
			r := in(t, "testdata", "", tt.args...)
			require.Equal(t, tt.code, r.code, r)
			n := 0
			for line := range strings.Lines(r.out) {
				var v map[string]any
				require.NoError(t, json.Unmarshal([]byte(line), &v))
				for _, key := range tt.keys {
					require.Contains(t, v, key)
				}
				n++
			}
			require.Positive(t, n)
		})
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestOutputThatFails(t *testing.T) {
	t.Chdir("testdata")
	for _, args := range [][]string{
		{"check", "fit.rules"}, {"fmt", "fit.rules"}, {"vet", "fit.rules"}, {"test", "fit.rules"}, {"diff", "fit.rules", "fit.rules"},
		{"score", "fit.rules", "accounts.csv"}, {"score", "-csv", "fit.rules", "accounts.csv"}, {"score", "-json", "fit.rules", "accounts.csv"},
		{"explain", "-id", "acme", "fit.rules", "accounts.csv"},
	} {
		var errs bytes.Buffer
		require.Equal(t, 2, run(args, strings.NewReader(""), fullDisk{}, &errs), args)
		require.Contains(t, errs.String(), "disk full", args)
	}
}

func TestParams(t *testing.T) {
	dir := files(t, map[string]string{"r.rules": "param floor = 10\nparam since = 2020-01-01\nparam on = false\nparam where = [US]\nfield employees number\nfield seen time\nfield ok bool\nfield country text\nfield industry text\n" +
		"employees >= floor → +1\nseen >= since → +2\nok = on → +4\ncountry in where → +8\nindustry = vertical → +16\n",
		"a.csv": "id,employees,seen,ok,country,industry\na,5000000,2026-10-01,true,FR,Life Sciences\n"})
	r := in(t, dir, "", "score", "-json", "-quiet", "-at", "2026-11-01", "r.rules", "a.csv",
		"-param", "floor=5M", "-param", "since=2026-10-01", "-param", "on=true", "-param", "where=[FR, DE]", "-param", "vertical=Life Sciences")
	require.Equal(t, 0, r.code, r)
	require.Contains(t, r.out, `"score":31,`)
	r = in(t, dir, "", "score", "-quiet", "r.rules", "a.csv")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "-param vertical=…")
}
