package main

import (
	"fmt"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
)

// testedJSON is what test -json says of one ruleset.
type testedJSON struct {
	File  string         `json:"file"`
	Cases []caseJSON     `json:"cases"`
	Rules []coverageJSON `json:"rules"`
}

type caseJSON struct {
	Name     string        `json:"name"`
	Line     int           `json:"line"`
	Passed   bool          `json:"passed"`
	Failures []failureJSON `json:"failures"`
}

type failureJSON struct {
	Name   string                         `json:"name"`
	Wanted string                         `json:"wanted"`
	Got    string                         `json:"got"`
	Rules  []accountscore.RuleExplanation `json:"rules"`
}

type coverageJSON struct {
	Rule    string `json:"rule"`
	Line    int    `json:"line"`
	Text    string `json:"text"`
	True    int    `json:"true"`
	False   int    `json:"false"`
	Unknown int    `json:"unknown"`
}

// test runs the cases of rulesets.
func (c *command) test(args []string) error {
	c.jsonFlag("one JSON object a ruleset")
	c.paramFlag()
	c.flags.BoolVar(&c.quiet, "quiet", false, "say nothing of the rules that no case holds")
	files, err := c.parse(args)
	if err != nil {
		return err
	}
	return c.eachRuleset(files, c.testOne)
}

func (c *command) testOne(l *loaded) error {
	results := l.model.Verify()
	failed := 0
	for i := range results {
		if !results[i].Passed() {
			failed++
			c.found = true
		}
	}
	if c.json {
		return c.printJSON(testedOf(l, results))
	}
	switch {
	case len(results) == 0:
		fmt.Fprintf(c.out, "?     %s  no cases\n", l.name)
		return nil
	case failed > 0:
		fmt.Fprintf(c.out, "FAIL  %s  %d of %s failed\n", l.name, failed, count(len(results), "case", "cases"))
	default:
		fmt.Fprintf(c.out, "ok    %s  %s\n", l.name, count(len(results), "case", "cases"))
	}
	coverage := l.model.CaseCoverage()
	at := map[string]dsl.Pos{}
	for _, r := range coverage {
		at[r.Rule] = r.Pos
	}
	for i := range results {
		c.printCase(l, &results[i], at)
	}
	if c.quiet {
		return nil
	}
	for _, r := range coverage {
		switch {
		case r.True == 0:
			fmt.Fprintf(c.out, "      %sno case makes %s true: %s\n", l.place(r.Pos), r.Rule, plain(r.Text))
		case r.False+r.Unknown == 0:
			fmt.Fprintf(c.out, "      %sno case makes %s other than true: %s\n", l.place(r.Pos), r.Rule, plain(r.Text))
		}
	}
	return nil
}

// maxBlamed bounds the rules that are shown of one failure; those that explain
// it best come first.
const maxBlamed = 12

// printCase says what went wrong in a case, and which rules are responsible.
func (c *command) printCase(l *loaded, r *accountscore.CaseResult, at map[string]dsl.Pos) {
	if r.Passed() {
		return
	}
	fmt.Fprintf(c.out, "  %scase %s\n", l.place(r.Pos), quoted(r.Name))
	for _, f := range r.Failures {
		fmt.Fprintf(c.out, "    %s\n", plain(f.String()))
		for i, rule := range f.Rules {
			if i == maxBlamed {
				fmt.Fprintf(c.out, "      and %s\n", count(len(f.Rules)-maxBlamed, "more rule", "more rules"))
				break
			}
			fmt.Fprintf(c.out, "      %s%s is %s, %s: %s\n", l.place(at[rule.ID]), rule.ID, rule.State, signed(rule.Points), plain(rule.Text))
		}
	}
}

// place names a line of the ruleset, nothing where it has none.
func (l *loaded) place(pos dsl.Pos) string {
	if !pos.IsValid() {
		return ""
	}
	return fmt.Sprintf("%s:%d: ", l.name, pos.Line)
}

func testedOf(l *loaded, results []accountscore.CaseResult) testedJSON {
	out := testedJSON{File: l.name, Cases: []caseJSON{}, Rules: []coverageJSON{}}
	for _, r := range results {
		one := caseJSON{r.Name, r.Pos.Line, r.Passed(), []failureJSON{}}
		for _, f := range r.Failures {
			rules := append([]accountscore.RuleExplanation{}, f.Rules...)
			one.Failures = append(one.Failures, failureJSON{f.Name, f.Wanted, f.Got, rules})
		}
		out.Cases = append(out.Cases, one)
	}
	for _, r := range l.model.CaseCoverage() {
		out.Rules = append(out.Rules, coverageJSON{r.Rule, r.Pos.Line, r.Text, r.True, r.False, r.Unknown})
	}
	return out
}
