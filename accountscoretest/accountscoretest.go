// Package accountscoretest runs the cases of a ruleset as Go tests.
//
//	func TestRules(t *testing.T) {
//		accountscoretest.RunFile(t, "model.rules")
//	}
package accountscoretest

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/accountscore/accountscore"
)

// RunFile parses and compiles a file of rules and runs its cases, see [Run]. A
// file that does not compile, or that has no cases, fails the test.
func RunFile(t *testing.T, file string, opts ...accountscore.Option) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rs, err := accountscore.Parse(file, src)
	if err != nil {
		t.Fatal(err)
	}
	m, err := accountscore.Compile(rs, opts...)
	if err != nil {
		t.Fatal(err)
	}
	Run(t, m)
}

// Run runs every case of a model as a subtest. A case that fails says what was
// wanted and got, which rules are responsible, and explains the score. A model
// without cases fails: a test that checks nothing should not pass.
func Run(t *testing.T, m *accountscore.Model) {
	t.Helper()
	cases := m.Verify()
	if len(cases) == 0 {
		t.Error("the ruleset has no cases")
	}
	for i := range cases {
		c := &cases[i]
		t.Run(c.Name, func(t *testing.T) {
			if !c.Passed() {
				t.Error(Report(m, c))
			}
		})
	}
}

// RequireCoverage fails for every rule that no case makes true, and for every
// rule that no case makes false or unknown.
func RequireCoverage(t *testing.T, m *accountscore.Model) {
	t.Helper()
	for _, r := range m.CaseCoverage() {
		if r.True == 0 {
			t.Errorf("no case makes the rule %s at %s true: %s", r.Rule, r.Pos, r.Text)
		}
		if r.False+r.Unknown == 0 {
			t.Errorf("no case makes the rule %s at %s other than true: %s", r.Rule, r.Pos, r.Text)
		}
	}
}

// maxRules bounds the rules that a report names of one failure; those that
// explain it best come first.
const maxRules = 12

// Report is what a failed case says: what was wanted and got, the rules
// responsible, and the explanation of the score.
func Report(m *accountscore.Model, c *accountscore.CaseResult) string {
	var b strings.Builder
	fmt.Fprintf(&b, "case %q at line %d\n", c.Name, c.Pos.Line)
	for _, f := range c.Failures {
		fmt.Fprintf(&b, "  %s\n", f)
		for i, r := range f.Rules {
			if i == maxRules {
				fmt.Fprintf(&b, "    and %d more rules\n", len(f.Rules)-maxRules)
				break
			}
			fmt.Fprintf(&b, "    %s is %s: %+g (%s)\n", r.ID, r.State, r.Points, r.Text)
		}
	}
	b.WriteString("\n" + m.Explain(c.Account, c.Result.At).Text())
	return b.String()
}
