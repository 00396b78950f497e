package accountscoretest_test

import (
	"strings"
	"testing"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/accountscoretest"
)

const rules = `
size: employees gte 1000 → +50
industry in [Retail] → +20
case "large" {
  employees = 5000
  expect score %s
}
case "small shop" {
  employees = 5, industry = Retail
  expect score 20
}
`

func model(t *testing.T, score string) *accountscore.Model {
	t.Helper()
	rs, err := accountscore.Parse("model.rules", []byte(strings.ReplaceAll(rules, "%s", score)))
	if err != nil {
		t.Fatal(err)
	}
	return accountscore.MustCompile(rs)
}

func TestRun(t *testing.T) {
	m := model(t, "50")
	accountscoretest.Run(t, m)
	accountscoretest.RequireCoverage(t, m)
}

func TestRunFile(t *testing.T) {
	accountscoretest.RunFile(t, "../examples/explain/explain.rules")
}

func TestReport(t *testing.T) {
	m := model(t, "70")
	failed := m.Verify()[0]
	if failed.Passed() {
		t.Fatal("a case that is wrong on purpose holds")
	}
	got := accountscoretest.Report(m, &failed)
	for _, want := range []string{`case "large" at line 4`, "score: wanted 70, got 50", "points.size is matched: +50", "points.2 is unknown: +0", "industry is unset"} {
		if !strings.Contains(got, want) {
			t.Errorf("the report lacks %q:\n%s", want, got)
		}
	}
}
