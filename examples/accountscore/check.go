package main

import (
	"fmt"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
)

// checkedJSON is what check -json says of one ruleset.
type checkedJSON struct {
	File   string      `json:"file"`
	Errors []faultJSON `json:"errors"`
}

type faultJSON struct {
	File    string   `json:"file"`
	Line    int      `json:"line"`
	Column  int      `json:"column"`
	Code    dsl.Code `json:"code"`
	Message string   `json:"message"`
	Fix     string   `json:"fix,omitempty"`
	Source  string   `json:"source,omitempty"`
}

// check finds the errors of rulesets.
func (c *command) check(args []string) error {
	c.jsonFlag("one JSON object a ruleset")
	c.paramFlag()
	files, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return usagef("want a ruleset")
	}
	for _, name := range files {
		l, err := c.load(name)
		faults := faultsOf(err)
		if err != nil && len(faults) == 0 {
			return err
		}
		c.found = c.found || len(faults) > 0
		if err := c.printCheck(name, l, faults); err != nil {
			return err
		}
	}
	return nil
}

func (c *command) printCheck(name string, l *loaded, faults []*dsl.Error) error {
	if c.json {
		out := checkedJSON{File: shown(name), Errors: []faultJSON{}}
		for _, e := range faults {
			out.Errors = append(out.Errors, faultJSON{e.File, e.Pos.Line, e.Pos.Column, e.Code, e.Message, e.Fix, e.Line})
		}
		return c.printJSON(out)
	}
	if len(faults) == 0 {
		_, err := fmt.Fprintf(c.out, "ok    %s  %s\n", shown(name), contents(l.rules))
		return err
	}
	// Every error, where the error of the whole list stops at ten.
	for _, e := range faults {
		if _, err := fmt.Fprintln(c.out, e); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(c.out, "FAIL  %s  %s\n", shown(name), count(len(faults), "error", "errors"))
	return err
}

// contents says what a ruleset holds.
func contents(rs *accountscore.Ruleset) string {
	rules := 0
	for i := range rs.Dimensions {
		for range placedRules(&rs.Dimensions[i]) {
			rules++
		}
	}
	return fmt.Sprintf("%s, %s, %s", count(len(rs.Dimensions), "dimension", "dimensions"),
		count(rules, "rule", "rules"), count(len(rs.Cases), "case", "cases"))
}
