package main

import (
	"fmt"

	"github.com/accountscore/accountscore"
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
	for i := range results {
		c.printCase(&results[i])
	}
	if c.quiet {
		return nil
	}
	for _, r := range l.model.CaseCoverage() {
		switch {
		case r.True == 0:
			fmt.Fprintf(c.out, "      no case makes the rule %s true\n", r.Rule)
		case r.False+r.Unknown == 0:
			fmt.Fprintf(c.out, "      no case makes the rule %s other than true\n", r.Rule)
		}
	}
	return nil
}

// printCase says what went wrong in a case, and which rules are responsible.
func (c *command) printCase(r *accountscore.CaseResult) {
	if r.Passed() {
		return
	}
	fmt.Fprintf(c.out, "  case %s, line %d\n", quoted(r.Name), r.Pos.Line)
	for _, f := range r.Failures {
		fmt.Fprintf(c.out, "    %s\n", f)
		for _, rule := range f.Rules {
			fmt.Fprintf(c.out, "      %s is %s, %s: %s\n", rule.ID, rule.State, signed(rule.Points), plain(rule.Text))
		}
	}
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
		out.Rules = append(out.Rules, coverageJSON{r.Rule, r.True, r.False, r.Unknown})
	}
	return out
}
