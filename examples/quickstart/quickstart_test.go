package main

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got, or run go test -update:\n%s", diff)
	}
}

// start runs the program and wants it to succeed.
func start(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	require.Zero(t, run(args, &stdout, &stderr), stderr.String())
	require.Empty(t, stderr.String())
	return stdout.String()
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

// ranking gives the printout down to the explanation.
func ranking(t *testing.T, out string) string {
	t.Helper()
	table, _, ok := strings.Cut(out, "are known.\n")
	require.True(t, ok)
	return table
}

func TestBuiltIn(t *testing.T) { golden(t, "built-in.txt", ranking(t, start(t))) }

// The account that comes first is explained as the library explains it.
func TestExplainsTheFirst(t *testing.T) {
	out := start(t)
	model, err := examples.Model(builtIn)
	require.NoError(t, err)
	accounts, err := examples.Accounts(builtIn)
	require.NoError(t, err)
	for _, a := range accounts {
		if strings.Contains(strings.Split(out, "\n")[3], " "+a.ID+" ") {
			require.Contains(t, out, strings.TrimRight(model.Explain(a, examples.At).Text(), "\n"))
			return
		}
	}
	t.Fatal("the first line names no account")
}

func TestOwnFiles(t *testing.T) {
	src, err := examples.Source("midmarket")
	require.NoError(t, err)
	accounts, err := examples.AccountsJSON("midmarket")
	require.NoError(t, err)
	got := start(t, "-rules", write(t, "m.rules", string(src)), "-accounts", write(t, "m.json", string(accounts)),
		"-param", "target_vertical=Healthcare", "-at", "2026-11-01", "-top", "5")
	golden(t, "midmarket.txt", ranking(t, got))
}

func TestTop(t *testing.T) {
	for top, rows := range map[string]int{"0": 60, "1": 1, "60": 60, "1000": 60} {
		lines := strings.Split(start(t, "-top", top), "\n")
		require.Equal(t, "", lines[1])
		require.Equal(t, "", lines[3+rows], "-top %s prints %d accounts", top, rows)
		require.NotEqual(t, "", lines[2+rows])
	}
}

// The last accounts of the built-in file are the disqualified ones, whatever
// they score.
func TestDisqualifiedComeLast(t *testing.T) {
	lines := strings.Split(start(t, "-top", "0"), "\n")
	seen := false
	for _, line := range lines[3:63] {
		is := strings.Contains(line, " disqualified")
		require.True(t, is || !seen, line)
		seen = seen || is
	}
	require.True(t, seen)
}

func TestWhy(t *testing.T) {
	rs, err := accountscore.Parse("why.rules", []byte(`
field employees number
field industry text
field revenue number
activity visit
disqualify when industry = Tobacco "Not served"
dimension fit out of 50 weight 60% {
  employees >= 100 → +25 "Large enough"
  revenue > 1M → +25
}
dimension intent weight 40% {
  industry = Tobacco → -10
  each visit → +2
  best of { any(visit) → +0.1 }
}
`))
	require.NoError(t, err)
	model, err := accountscore.Compile(rs)
	require.NoError(t, err)
	// 25 of 50 are 50 of 100, of which 60 % count; 3 visits are 6, of which 40 %.
	a := accountscore.Account{Fields: map[string]any{"employees": 500, "industry": "Tobacco"},
		Activities: slices.Repeat([]accountscore.Activity{{Type: "visit", At: examples.At}}, 3)}
	require.Equal(t, "Not served; Large enough +30.0; industry = Tobacco -4.0; each visit +2.4; missing revenue", why(model.Explain(a, examples.At)))
	require.Equal(t, "missing employees, industry, revenue", why(model.Explain(accountscore.Account{}, examples.At)))
}

func TestParamValue(t *testing.T) {
	for text, want := range map[string]any{
		"5": 5.0, "1e6": 1e6, "true": true, "false": false, "Healthcare": "Healthcare", "": "",
		"[US, UK]": []string{"US", "UK"}, "[": "[", "true story": "true story",
	} {
		require.Equal(t, want, paramValue(text), text)
	}
}

// An array and lines, with spaces before and between, read the same.
func TestReadAccounts(t *testing.T) {
	for name, text := range map[string]string{
		"array":    ` [{"id":"a"}, {"id":"b","fields":{"employees":5}}] `,
		"lines":    "{\"id\":\"a\"}\n{\"id\":\"b\",\"fields\":{\"employees\":5}}\n",
		"adjacent": `{"id":"a"}{"id":"b","fields":{"employees":5}}`,
	} {
		t.Run(name, func(t *testing.T) {
			accounts, err := readAccounts(strings.NewReader(text))
			require.NoError(t, err)
			require.Len(t, accounts, 2)
			require.Equal(t, "b", accounts[1].ID)
			require.Contains(t, accounts[1].Fields, "employees")
		})
	}
}

func TestErrors(t *testing.T) {
	rules := write(t, "short.rules", "employees gte 1000 → +50\n")
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"no such ruleset":   {[]string{"-rules", "nowhere.rules"}, "nowhere.rules"},
		"wrong ruleset":     {[]string{"-rules", write(t, "wrong.rules", "employees gte → +50\n")}, "wrong.rules:1:"},
		"open param":        {[]string{"-rules", write(t, "open.rules", "industry = target → +5\n")}, "target"},
		"unwanted param":    {[]string{"-rules", rules, "-param", "nothing=5"}, "nothing"},
		"malformed param":   {[]string{"-param", "nothing"}, "want name=value"},
		"no such accounts":  {[]string{"-accounts", "nowhere.json"}, "nowhere.json"},
		"accounts not JSON": {[]string{"-accounts", write(t, "a.json", `[{"id":"a"},`)}, "a.json: account 2"},
		"unclosed array":    {[]string{"-accounts", write(t, "a.json", `[{"id":"a"}`)}, "a.json"},
		"unknown key":       {[]string{"-accounts", write(t, "a.json", `[{"id":"a","employees":5}]`)}, "employees"},
		"empty file":        {[]string{"-accounts", write(t, "a.json", " \n")}, "holds no account"},
		"wrong moment":      {[]string{"-at", "yesterday"}, "want a date such as"},
		"argument":          {[]string{"my.rules"}, `unexpected argument "my.rules"`},
		"unknown flag":      {[]string{"-speed"}, "not defined: -speed"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			require.Equal(t, 1, run(tt.args, &stdout, &stderr))
			require.Contains(t, stderr.String(), tt.want)
			require.Empty(t, stdout.String())
		})
	}
}

func TestHelp(t *testing.T) {
	var stdout, stderr bytes.Buffer
	require.Zero(t, run([]string{"-h"}, &stdout, &stderr))
	require.Contains(t, stderr.String(), "-rules file")
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteError(t *testing.T) {
	var stderr bytes.Buffer
	require.Equal(t, 1, run(nil, full{}, &stderr))
	require.Contains(t, stderr.String(), "disk full")
}
