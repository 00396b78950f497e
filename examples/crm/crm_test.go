package main

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore"
)

var update = flag.Bool("update", false, "write the golden file")

// invented is a small CRM with one of every trouble.
var invented = map[string]string{
	"accounts.csv": `account,sector,year_established,revenue,employees,office_location,subsidiary_of
Brevik Tools,technolgy,1999,1550.5,2100,United States,
Calder Foods,farming,2005,80,unknown,Atlantis,Brevik Tools
Dunmore Care,medical,,,,Philipines,
Dunmore Care,medical,2001,5,5,Kenya,
,retail,2001,5,5,Kenya,
`,
	"products.csv": `product,series,sales_price
GTX Pro,GTX,4500
MG Mini,MG,60
`,
	"sales_teams.csv": `sales_agent,manager,regional_office
Ada Lindt,Omar Quist,West
Ivo Dahl,Omar Quist,East
`,
	"sales_pipeline.csv": `opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A1,Ada Lindt,GTXPro,Brevik Tools,Won,2017-11-01,2017-12-01,3375
A2,Ada Lindt,GTX Pro,Brevik Tools,Lost,2017-11-01,2017-12-02,0
A3,Ivo Dahl,MG Mini,Brevik Tools,Engaging,2017-12-10,,
A4,Ivo Dahl,MG Mini,Calder Foods,Prospecting,,,
A5,Ivo Dahl,MG Mini,Calder Foods,Prospecting,,,
A6,Ada Lindt,MG Mini,,Engaging,2017-12-10,,
A7,Ada Lindt,MG Mini,,Prospecting,,,
A8,Ada Lindt,MG Mini,Nobody Ltd,Won,2017-12-10,2017-12-12,60
A9,Kofi Iyer,MG Huge,Dunmore Care,Won,2017-10-10,2017-10-12,70
B1,Ada Lindt,MG Mini,Dunmore Care,Won,2017-10-10,soon,70
B2,Ada Lindt,MG Mini,Dunmore Care,Won,2017-10-10,2017-10-20,much
B3,Ada Lindt,MG Mini,Dunmore Care,Waiting,2017-10-10,,
`,
}

// folder writes files into a new folder; a file given empty is left out.
func folder(t *testing.T, changes map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files := maps.Clone(invented)
	maps.Copy(files, changes)
	for name, text := range files {
		if text != "" {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
		}
	}
	return dir
}

func mapFolder(t *testing.T, dir string) *mapped {
	t.Helper()
	c, err := readCRM(dir)
	require.NoError(t, err)
	m, err := compile()
	require.NoError(t, err)
	return mapCRM(c, allowed(m.Ruleset(), "sector"))
}

func TestRulesetCases(t *testing.T) {
	m, err := compile()
	require.NoError(t, err)
	cases := m.Verify()
	require.Len(t, cases, 6)
	for _, c := range cases {
		require.Empty(t, c.Failures, c.Name)
	}
}

func TestMapping(t *testing.T) {
	m := mapFolder(t, folder(t, nil))
	day := func(month time.Month, d int) time.Time { return time.Date(2017, month, d, 0, 0, 0, 0, time.UTC) }
	want := []accountscore.Account{
		{
			ID: "Brevik Tools",
			Fields: map[string]any{"sector": "technology", "region": "North America", "revenue": 1550.5e6, "employees": 2100.0,
				"founded": 1999.0, "parent": nil, "office": "West", "prospecting": 0},
			Activities: []accountscore.Activity{
				{Type: "won", At: day(12, 1), Value: 3375, Fields: map[string]any{"product": "GTX Pro", "series": "GTX", "list_price": 4500.0, "discount": 0.25}},
				{Type: "lost", At: day(12, 2), Fields: map[string]any{"product": "GTX Pro", "series": "GTX", "list_price": 4500.0}},
				{Type: "engaging", At: day(12, 10), Value: 60, Fields: map[string]any{"product": "MG Mini", "series": "MG", "list_price": 60.0}},
			},
		},
		{
			ID: "Calder Foods",
			Fields: map[string]any{"sector": "farming", "region": "Atlantis", "revenue": 80e6, "employees": "unknown",
				"founded": 2005.0, "parent": "Brevik Tools", "office": "East", "prospecting": 2},
		},
		{
			ID: "Dunmore Care",
			Fields: map[string]any{"sector": "medical", "region": "Asia", "revenue": nil, "employees": nil, "founded": nil,
				"parent": nil, "office": "West", "prospecting": 0},
			Activities: []accountscore.Activity{
				{Type: "won", At: day(10, 12), Value: 70, Fields: map[string]any{"product": "MG Huge"}},
				{Type: "won", At: day(10, 20), Fields: map[string]any{"product": "MG Mini", "series": "MG", "list_price": 60.0}},
			},
		},
	}
	if diff := cmp.Diff(want, m.accounts); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	require.Equal(t, 12, m.rows)
	require.Equal(t, 5, m.placed)
	require.Equal(t, day(12, 10), m.newest)
	require.Equal(t, []count{
		{"accounts.csv: account given twice", "Dunmore Care (the first row is used)", 1},
		{"accounts.csv: row without a name", "left out", 1},
		{"agent that sales_teams.csv does not have", "Kofi Iyer", 1},
		{"deal stage that we do not know, left out", "Waiting", 1},
		{"location without a region", "Atlantis", 1},
		{"number that cannot be read", `accounts.csv line 3: employees "unknown"`, 1},
		{"number that cannot be read", `sales_pipeline.csv line 12: close_value "much"`, 1},
		{"opportunity of an account that accounts.csv does not have", "Nobody Ltd", 1},
		{"opportunity with an unreadable date, left out", `sales_pipeline.csv line 11: close_date "soon"`, 1},
		{"opportunity without a date, counted in the field prospecting", "Prospecting", 2},
		{"opportunity without an account", "Engaging", 1},
		{"opportunity without an account", "Prospecting", 1},
		{"product that products.csv does not have", "MG Huge", 1},
		{"sector that the model does not know", "farming", 1},
		{"spelling mended", "office_location Philipines → Philippines", 1},
		{"spelling mended", "product GTXPro → GTX Pro", 1},
		{"spelling mended", "sector technolgy → technology", 1},
	}, m.notes.lines())
}

// The whole printout of the invented CRM.
func TestReport(t *testing.T) {
	var stdout, stderr bytes.Buffer
	require.Zero(t, run([]string{folder(t, nil)}, &stdout, &stderr), stderr.String())
	require.Empty(t, stderr.String())
	path := filepath.Join("testdata", "report.txt")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, stdout.Bytes(), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	if diff := cmp.Diff(string(want), stdout.String()); diff != "" {
		t.Errorf("-want +got, or run go test -update:\n%s", diff)
	}
}

// Each account is in one state per field, and each rule has one answer for it.
func TestCountsAddUp(t *testing.T) {
	m, err := compile()
	require.NoError(t, err)
	data := mapFolder(t, folder(t, nil))
	checkSums(t, newReport(m, data, data.newest.AddDate(0, 0, 1)))
}

func checkSums(t *testing.T, r *report) {
	t.Helper()
	require.NotEmpty(t, r.fields)
	for _, f := range r.fields {
		require.Equal(t, len(r.data.accounts), f.known+f.null+f.unset+f.invalid, f.field.Name)
	}
	unknown, want := 0, 0
	for _, n := range r.rules {
		require.Equal(t, len(r.data.accounts), n.matched+n.failed+n.unknown, n.id)
		unknown += n.unknown
	}
	for _, res := range r.results {
		want += res.Unknown
	}
	require.Equal(t, want, unknown, "the rules without an answer are those that the results count")
}

func TestErrors(t *testing.T) {
	empty := strings.SplitAfter(invented["accounts.csv"], "\n")[0]
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"no folder":        {nil, "want one folder"},
		"two folders":      {[]string{"a", "b"}, "want one folder"},
		"not there":        {[]string{"nowhere"}, "accounts.csv"},
		"missing file":     {[]string{folder(t, map[string]string{"products.csv": ""})}, "products.csv"},
		"missing column":   {[]string{folder(t, map[string]string{"products.csv": "product,series\n"})}, `products.csv has no column "sales_price"`},
		"ragged row":       {[]string{folder(t, map[string]string{"products.csv": "product,series,sales_price\nGTX\n"})}, "products.csv: record on line 2"},
		"no head":          {[]string{folder(t, map[string]string{"products.csv": "\n"})}, "products.csv is empty"},
		"no account":       {[]string{folder(t, map[string]string{"accounts.csv": empty})}, "holds no account"},
		"no dates":         {[]string{folder(t, map[string]string{"sales_pipeline.csv": strings.SplitAfter(invented["sales_pipeline.csv"], "\n")[0]})}, "no dated opportunity"},
		"malformed moment": {[]string{"-at", "today", folder(t, nil)}, "want a date such as"},
		"unknown flag":     {[]string{"-speed"}, "not defined: -speed"},
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
	require.Contains(t, stderr.String(), "usage: crm [-at date] DIR")
}

// The practice data itself, where it is at hand.
func TestMavenData(t *testing.T) {
	root := os.Getenv("ACCOUNTSCORE_DATA")
	if root == "" {
		t.Skip("ACCOUNTSCORE_DATA is not set: it names the folder that holds maven-crm")
	}
	dir := filepath.Join(root, "maven-crm")
	data := mapFolder(t, dir)
	require.Len(t, data.accounts, 85)
	require.Equal(t, 8800, data.rows)
	require.Equal(t, 1425, data.notes.total("opportunity without an account"))
	require.Equal(t, 163, data.notes.total(prospecting), "500 have no date, 337 of these no account")
	require.Equal(t, data.rows, data.placed+1425+163)
	require.Equal(t, map[string]int{
		"sector technolgy → technology":            12,
		"office_location Philipines → Philippines": 1,
		"product GTXPro → GTX Pro":                 1480,
	}, data.notes["spelling mended"])
	require.Equal(t, []string{"opportunity without a date, counted in the field prospecting", "opportunity without an account", "spelling mended"},
		slices.Sorted(maps.Keys(data.notes)), "nothing else is amiss in this data")

	m, err := compile()
	require.NoError(t, err)
	r := newReport(m, data, data.newest.AddDate(0, 0, 1))
	checkSums(t, r)
	require.Equal(t, "2018-01-01", r.at.Format(time.DateOnly))
	tiers := map[string]int{}
	for _, res := range r.results {
		require.Zero(t, res.Invalid, res.AccountID)
		require.True(t, res.TierCertain, res.AccountID)
		tiers[res.Tier]++
	}
	for _, name := range r.tiers {
		require.Positive(t, tiers[name], "no account is in tier %s", name)
	}

	var stdout, stderr bytes.Buffer
	require.Zero(t, run([]string{dir}, &stdout, &stderr), stderr.String())
	require.Contains(t, stdout.String(), "85 accounts")
}
