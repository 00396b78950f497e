// Package peer runs the rulesets of package fixture on other engines, each
// used as its documentation says to use it fast: compiled once, prepared,
// reused. A peer gets a condition that asks first whether a value is there
// where its language has no answer for what is missing.
package peer

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/accountscore/accountscore/bench/fixture"
)

// Engine is another engine.
type Engine struct {
	Name   string
	Module string // its Go module
	// New prepares a ruleset. Its error is [ErrCannot], wrapped, where the
	// engine's language cannot say what the rules say.
	New func(set *fixture.Set) (Scorer, error)
}

// Scorer scores the set's account with an index. One goroutine may use it at a
// time.
type Scorer func(i int) (float64, error)

// ErrCannot is of an engine that cannot express a ruleset.
var ErrCannot = errors.New("its language cannot express the rules")

// Engines are all that score one account at a time, in order of name.
var Engines = []Engine{
	{"cel-go", "cel.dev/cel-go", newCEL},
	{"expr", "github.com/expr-lang/expr", NewExpr},
	{"gengine", "github.com/bilibili/gengine", newGengine},
	{"go-bexpr", "github.com/hashicorp/go-bexpr", newBexpr},
	{"govaluate", "github.com/casbin/govaluate", newGovaluate},
	{"grule", "github.com/hyperjumptech/grule-rule-engine", newGrule},
	{"jsonlogic", "github.com/diegoholiveira/jsonlogic/v3", newJSONLogic},
	{"opa", "github.com/open-policy-agent/opa", newOPA},
}

// Modules are the Go modules of the engines.
var Modules = modules()

func modules() []string {
	var paths []string
	for _, e := range Engines {
		paths = append(paths, e.Module)
	}
	return paths
}

// Verify tells the first account that an engine scores otherwise than the
// library.
func Verify(set *fixture.Set, score Scorer) error {
	for i, want := range set.Scores() {
		got, err := score(i)
		if err != nil {
			return fmt.Errorf("%s account %d: %w", set.Name, i, err)
		}
		if got != want {
			return fmt.Errorf("%s account %d: %v, want %v; %v", set.Name, i, got, want, set.Maps[i])
		}
	}
	return nil
}

// seconds are the accounts with times as seconds since 1970, for languages
// that have no times or are faster without.
func seconds(set *fixture.Set) []map[string]any {
	accounts := make([]map[string]any, len(set.Maps))
	for i, m := range set.Maps {
		a := make(map[string]any, len(m))
		for k, v := range m {
			if t, ok := v.(time.Time); ok {
				v = float64(t.Unix())
			}
			a[k] = v
		}
		accounts[i] = a
	}
	return accounts
}

// syntax prints conditions for a language with two truth values.
type syntax struct {
	and, or string
	known   func(field string) string // "" where a test of a missing value is false
	missing func(field string) string
	value   func(field string) string
	number  func(f float64) string
	in      func(value string, texts []string) string
	not     func(s string) string
	yes     func(value string) string // of a bool; nil: the value itself
}

func infix(word string) func(value string, texts []string) string {
	return func(value string, texts []string) string {
		return value + " " + word + " [" + quoted(texts) + "]"
	}
}

// either is membership in a language without lists.
func either(or string) func(value string, texts []string) string {
	return func(value string, texts []string) string {
		parts := make([]string, len(texts))
		for i, t := range texts {
			parts[i] = value + " == " + quoted([]string{t})
		}
		return "(" + strings.Join(parts, or) + ")"
	}
}

func quoted(texts []string) string {
	q := make([]string, len(texts))
	for i, t := range texts {
		q[i] = fmt.Sprintf("%q", t)
	}
	return strings.Join(q, ", ")
}

func (s *syntax) print(c fixture.Cond) string {
	switch c.Kind {
	case fixture.All, fixture.Any:
		parts := make([]string, len(c.Args))
		for i, a := range c.Args {
			parts[i] = s.print(a)
		}
		word := s.and
		if c.Kind == fixture.Any {
			word = s.or
		}
		return "(" + strings.Join(parts, word) + ")"
	case fixture.Missing:
		return s.missing(c.Field)
	}
	test := s.test(c)
	if known := s.known(c.Field); known != "" {
		return "(" + known + s.and + test + ")"
	}
	return test
}

func (s *syntax) test(c fixture.Cond) string {
	v, n := s.value(c.Field), s.number
	switch c.Kind {
	case fixture.AtLeast:
		return v + " >= " + n(c.Lo)
	case fixture.MoreThan:
		return v + " > " + n(c.Lo)
	case fixture.AtMost:
		return v + " <= " + n(c.Hi)
	case fixture.LessThan:
		return v + " < " + n(c.Hi)
	case fixture.Between:
		return "(" + v + " >= " + n(c.Lo) + s.and + v + " <= " + n(c.Hi) + ")"
	case fixture.Within:
		from, to := window(c.Days)
		return "(" + v + " >= " + n(from) + s.and + v + " <= " + n(to) + ")"
	case fixture.Yes:
		if s.yes != nil {
			return s.yes(v)
		}
		return v
	case fixture.No:
		if s.yes != nil {
			v = s.yes(v)
		}
		return s.not(v)
	case fixture.NoneOf:
		if len(c.Texts) == 1 {
			return v + " != " + quoted(c.Texts)
		}
		return s.not(s.in(v, c.Texts))
	}
	if len(c.Texts) == 1 {
		return v + " == " + quoted(c.Texts)
	}
	return s.in(v, c.Texts)
}

// window gives the ends of the window of days, in seconds since 1970.
func window(days int) (from, to float64) {
	return float64(fixture.At.Add(-time.Duration(days) * 24 * time.Hour).Unix()), float64(fixture.At.Unix())
}

func same(s string) string { return s }

func none(string) string { return "" }

func fieldsOf(set *fixture.Set) []string {
	names := make([]string, len(set.Fields))
	for i, f := range set.Fields {
		names[i] = f.Name
	}
	return names
}
