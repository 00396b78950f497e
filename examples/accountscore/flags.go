package main

import (
	"flag"
	"strings"
	"time"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
)

// param is a -param flag.
type param struct {
	name  string
	value dsl.Value
}

// jsonFlag gives the verb -json.
func (c *command) jsonFlag(about string) { c.flags.BoolVar(&c.json, "json", false, about) }

// paramFlag gives the verb -param.
func (c *command) paramFlag() {
	c.flags.Func("param", "`name=value` of a param, as a ruleset writes values: 5M, Healthcare, [US, UK], 2026-10-01, true; may be repeated", func(s string) error {
		name, text, ok := strings.Cut(s, "=")
		if !ok {
			return usagef("want name=value")
		}
		v, err := readParam(strings.TrimSpace(name), strings.TrimSpace(text))
		if err != nil {
			return err
		}
		c.params = append(c.params, v)
		return nil
	})
}

// momentFlag gives the verb -at. The library reads no clock; the command is
// where "now" comes from.
func (c *command) momentFlag() {
	c.flags.StringVar(&c.moment, "at", "", "the `moment` to score at: a date, which is its first instant in UTC, or RFC 3339 (default: now)")
}

func (c *command) at() (time.Time, error) {
	if c.moment == "" {
		return time.Now(), nil
	}
	at, err := readTime(c.moment)
	if err != nil {
		return at, usagef("-at: %v", err)
	}
	return at, nil
}

// readTime reads RFC 3339 or a plain date.
func readTime(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	for _, layout := range [...]string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usagef("%s is no time: write RFC 3339, or a date such as 2026-10-01", quoted(s))
}

// parse reads flags and arguments in any order; after -- there are only
// arguments.
func (c *command) parse(args []string) ([]string, error) {
	var rest []string
	for {
		if err := c.flags.Parse(args); err != nil {
			if err == flag.ErrHelp {
				return nil, err
			}
			return nil, usageError{err}
		}
		left := c.flags.Args()
		if n := len(args) - len(left); n > 0 && args[n-1] == "--" {
			return append(rest, left...), nil
		}
		if len(left) == 0 {
			return rest, nil
		}
		rest, args = append(rest, left[0]), left[1:]
	}
}

// readParam reads a value as the language does, by letting the language read
// it. A value that smuggles in a further statement is none.
func readParam(name, text string) (param, error) {
	if strings.ContainsAny(name+text, "\r\n") {
		return param{}, usagef("want one line")
	}
	rs, errs := dsl.Parse("-param", []byte("param "+name+" = "+text+"\n"))
	if len(errs) > 0 {
		fix := errs[0].Fix
		if fix == "" {
			fix = "put a text in double quotes inside the shell's: -param '" + name + "=\"…\"'"
		}
		return param{}, usagef("%s (%s)", errs[0].Message, fix)
	}
	alone := dsl.Ruleset{Params: rs.Params}
	if len(rs.Params) != 1 || rs.Params[0].Name != name || string(alone.Format()) != string(rs.Format()) {
		return param{}, usagef("want one name and one value")
	}
	return param{name, rs.Params[0].Value}, nil
}

// option gives the param to Compile.
func (p param) option() accountscore.Option {
	var v any
	switch p.value.Kind {
	case dsl.NumberValue:
		v = p.value.Number
	case dsl.BoolValue:
		v = p.value.Bool
	case dsl.ListValue:
		v = p.value.List
	case dsl.DateValue:
		v = p.value.Date.Time
	default:
		v = p.value.Text
	}
	return accountscore.WithParam(p.name, v)
}
