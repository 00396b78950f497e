// Command crm scores the accounts of a CRM export: it maps the columns of four
// CSV files to accounts and activities, ranks the accounts, and reports what
// the data and the ruleset made of each other, so that nothing is lost in
// silence.
//
//	go run ./examples/crm DIR
//
// DIR holds accounts.csv, sales_pipeline.csv, products.csv and sales_teams.csv
// with the columns of the "CRM Sales Opportunities" practice data of Maven
// Analytics. The ruleset is crm.rules beside this file.
package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/accountscore/accountscore"
)

//go:embed crm.rules
var rules []byte

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it gives the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("crm", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the error is printed once, below
	at := flags.String("at", "", "the `date` to score at (default: the day after the newest date of the data)")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: crm [-at date] DIR")
		flags.SetOutput(stderr)
		flags.PrintDefaults()
	}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil && flags.NArg() != 1 {
		err = errors.New("want one folder; crm -h tells more")
	}
	if err == nil {
		err = score(stdout, flags.Arg(0), *at)
	}
	if err != nil {
		fmt.Fprintln(stderr, "crm:", err)
		return 1
	}
	return 0
}

// score reads a folder, scores its accounts and prints the reports.
func score(w io.Writer, dir, moment string) error {
	model, err := compile()
	if err != nil {
		return err
	}
	data, err := readCRM(dir)
	if err != nil {
		return err
	}
	mapped := mapCRM(data, allowed(model.Ruleset(), "sector"))
	if len(mapped.accounts) == 0 {
		return errors.New("accounts.csv holds no account")
	}
	at := mapped.newest.AddDate(0, 0, 1)
	if moment != "" {
		if at, err = time.Parse(time.DateOnly, moment); err != nil {
			return fmt.Errorf("-at %q: want a date such as 2018-01-01", moment)
		}
	} else if mapped.newest.IsZero() {
		return errors.New("sales_pipeline.csv has no dated opportunity of an account: say with -at when to score")
	}
	return newReport(model, mapped, at).print(w)
}

func compile() (*accountscore.Model, error) {
	rs, err := accountscore.Parse("crm.rules", rules)
	if err != nil {
		return nil, err
	}
	return accountscore.Compile(rs)
}

// allowed gives the values that a field of the ruleset declares.
func allowed(rs *accountscore.Ruleset, field string) []string {
	var values []string
	for _, f := range rs.Fields {
		if f.Name == field {
			for _, v := range f.OneOf {
				values = append(values, v.Text)
			}
		}
	}
	return values
}
