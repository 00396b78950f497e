package main

import (
	"fmt"

	"github.com/accountscore/accountscore"
)

// vettedJSON is what vet -json says of one ruleset.
type vettedJSON struct {
	File     string        `json:"file"`
	Findings []findingJSON `json:"findings"`
	// Costs are the rules, the dearest first, with -costs.
	Costs []accountscore.RuleCost `json:"costs,omitempty"`
}

type findingJSON struct {
	Line     int                      `json:"line"` // 0 where it is about the whole ruleset
	Column   int                      `json:"column"`
	Code     accountscore.FindingCode `json:"code"`
	Severity accountscore.Severity    `json:"severity"`
	Rule     string                   `json:"rule,omitempty"`
	Message  string                   `json:"message"`
	Fix      string                   `json:"fix,omitempty"`
}

// vet reports what the authors of rulesets may not have meant. Warnings are
// something to look at; notes alone leave the exit code 0.
func (c *command) vet(args []string) error {
	c.jsonFlag("one JSON object a ruleset")
	c.paramFlag()
	c.momentFlag()
	c.flags.BoolVar(&c.quiet, "quiet", false, "leave notes out and report warnings alone")
	costs := false
	c.flags.BoolVar(&costs, "costs", false, "list the rules too, the dearest first: what an evaluation costs, and the form it has in a scoring")
	files, err := c.parse(args)
	if err != nil {
		return err
	}
	at, err := c.at()
	if err != nil {
		return err
	}
	return c.eachRuleset(files, func(l *loaded) error {
		out := vettedJSON{File: l.name, Findings: []findingJSON{}}
		for _, f := range l.model.Vet(at) {
			if f.Severity == accountscore.Warning {
				c.found = true
			} else if c.quiet {
				continue
			}
			out.Findings = append(out.Findings, findingJSON{f.Pos.Line, f.Pos.Column, f.Code, f.Severity, f.Rule, f.Message, f.Fix})
		}
		if costs {
			out.Costs = l.model.Facts().Costs
		}
		return c.printVet(&out)
	})
}

func (c *command) printVet(out *vettedJSON) error {
	if c.json {
		return c.printJSON(out)
	}
	warnings := 0
	for _, f := range out.Findings {
		if f.Severity == accountscore.Warning {
			warnings++
		}
		place := out.File
		if f.Line > 0 {
			place = fmt.Sprintf("%s:%d:%d", out.File, f.Line, f.Column)
		}
		fmt.Fprintf(c.out, "%s: %s: %s [%s]\n", place, f.Severity, plain(f.Message), f.Code)
		if f.Fix != "" {
			fmt.Fprintf(c.out, "    fix: %s\n", plain(f.Fix))
		}
	}
	word := "ok   "
	if warnings > 0 {
		word = "FAIL "
	}
	_, err := fmt.Fprintf(c.out, "%s %s  %s, %s\n", word, out.File,
		count(warnings, "warning", "warnings"), count(len(out.Findings)-warnings, "note", "notes"))
	for _, k := range out.Costs {
		if _, err = fmt.Fprintf(c.out, "      %-7s %4d  %s\n", k.Form, k.Cost, plain(k.Rule)); err != nil {
			break
		}
	}
	return err
}
