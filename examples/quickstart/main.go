// Command quickstart scores a file of accounts with a ruleset and prints them
// ranked, with the reasons, and the first of them explained in full.
//
//	go run ./examples/quickstart
//	go run ./examples/quickstart -rules my.rules -accounts my.json -param target_vertical=Healthcare
//
// Without arguments it uses a ruleset and accounts that are built in.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples"
)

// builtIn is the example that is used where no file is given.
const builtIn = "four_dimensions"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it gives the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	c, err := parseArgs(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		err = c.rank(stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "quickstart:", err)
		return 1
	}
	return 0
}

// config is what the command line asks for.
type config struct {
	rules    string // a file; empty: the built-in ruleset
	accounts string // a file; empty: the built-in accounts
	at       time.Time
	top      int
	params   []accountscore.Option
}

func parseArgs(args []string, stderr io.Writer) (config, error) {
	c := config{at: examples.At}
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints the error, once
	flags.StringVar(&c.rules, "rules", "", "the ruleset `file` (default: built in)")
	flags.StringVar(&c.accounts, "accounts", "", "the accounts, a JSON `file`: an array or one object a line (default: built in)")
	flags.IntVar(&c.top, "top", 20, "how many accounts to print; 0 prints all")
	at := flags.String("at", "", "the `moment` to score at, as 2026-11-01 or RFC 3339 (default: now, for the built-in accounts 2026-11-01)")
	flags.Func("param", "a param of the ruleset as `name=value`; may be repeated", func(s string) error {
		name, value, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return errors.New("want name=value")
		}
		c.params = append(c.params, accountscore.WithParam(name, paramValue(value)))
		return nil
	})
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			flags.SetOutput(stderr)
			flags.Usage()
		}
		return c, err
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *at != "" {
		when, err := parseMoment(*at)
		if err != nil {
			return c, err
		}
		c.at = when
	} else if c.accounts != "" {
		c.at = time.Now()
	}
	return c, nil
}

// paramValue reads a value as a ruleset would: a number, true or false, a list
// in brackets, else text.
func paramValue(s string) any {
	if x, err := strconv.ParseFloat(s, 64); err == nil {
		return x
	}
	if s == "true" || s == "false" {
		return s == "true"
	}
	if inner, ok := strings.CutPrefix(s, "["); ok && strings.HasSuffix(inner, "]") {
		items := strings.Split(strings.TrimSuffix(inner, "]"), ",")
		for i := range items {
			items[i] = strings.TrimSpace(items[i])
		}
		return items
	}
	return s
}

func parseMoment(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if when, err := time.Parse(layout, s); err == nil {
			return when, nil
		}
	}
	return time.Time{}, fmt.Errorf("-at %q: want a date such as 2026-11-01 or a moment such as 2026-11-01T09:00:00Z", s)
}

// model compiles the ruleset that is asked for.
func (c config) model() (*accountscore.Model, error) {
	name, opts := builtIn+".rules", c.params
	src, err := examples.Source(builtIn)
	if c.rules != "" {
		name = c.rules
		src, err = os.ReadFile(c.rules)
	}
	if err != nil {
		return nil, err
	}
	rs, err := accountscore.Parse(name, src)
	if err != nil {
		return nil, err
	}
	return accountscore.Compile(rs, opts...)
}
