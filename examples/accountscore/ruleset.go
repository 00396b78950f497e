package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/spell"
)

// loaded is a ruleset of a file and its model, with what it reads of the data.
type loaded struct {
	name    string
	rules   *accountscore.Ruleset
	model   *accountscore.Model
	checked *dsl.Checked
}

// readRuleset reads the text of a ruleset. A text beyond the language's bound
// is cut where the parser will say so.
func (c *command) readRuleset(name string) ([]byte, error) {
	f, err := c.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, dsl.MaxSource+1))
}

// open opens a file, or the standard input, which can be read once.
func (c *command) open(name string) (io.ReadCloser, error) {
	if name != "-" {
		return os.Open(name)
	}
	if c.stdinUsed {
		return nil, usagef("the standard input can be read only once")
	}
	c.stdinUsed = true
	return io.NopCloser(c.stdin), nil
}

// shown is how messages name a file.
func shown(name string) string {
	if name == "-" {
		return "<stdin>"
	}
	return name
}

// isJSON tells a ruleset in JSON from one in the rules language, in which
// nothing begins with a brace.
func isJSON(src []byte) bool {
	src = bytes.TrimLeft(bytes.TrimPrefix(src, []byte("\ufeff")), " \t\r\n")
	return len(src) > 0 && src[0] == '{'
}

// parseRuleset reads a ruleset in either form.
func parseRuleset(name string, src []byte) (*accountscore.Ruleset, error) {
	if !isJSON(src) {
		return accountscore.Parse(shown(name), src)
	}
	rs, err := dsl.ReadJSON(bytes.TrimPrefix(src, []byte("\ufeff")))
	if err != nil {
		return nil, err
	}
	rs.File = shown(name)
	return rs, nil
}

// goOptions are what the library tells Go programs to do, and what a user of
// the command can do instead.
var goOptions = []struct {
	told *regexp.Regexp
	can  string
}{
	{regexp.MustCompile(`compile with WithParam\("([^"]+)", …\)`), "give -param $1=…"},
	{regexp.MustCompile(`compile with WithFunc\("[^"]+", …\), or (use one of the language's own functions: .*)`), "$1; other functions are for Go programs"},
	{regexp.MustCompile(`compile with WithLanguage; the languages here are (.*)`), "write one of $1; other languages are for Go programs"},
}

// load reads and compiles a ruleset. An error that is the ruleset's fault has
// *dsl.Error in it.
func (c *command) load(name string) (*loaded, error) {
	src, err := c.readRuleset(name)
	if err != nil {
		return nil, err
	}
	rs, err := parseRuleset(name, src)
	if err != nil {
		return nil, err
	}
	// A param that the ruleset declares is replaced in place, so that a day
	// stays a whole day; any other is for Compile to accept or refuse.
	var opts []accountscore.Option
	bind := dsl.Bindings{Params: map[string]dsl.Value{}}
	for _, p := range c.params {
		if i := slices.IndexFunc(rs.Params, func(d dsl.Param) bool { return d.Name == p.name }); i >= 0 {
			rs.Params[i].Value = p.value
			continue
		}
		opts = append(opts, p.option())
		bind.Params[p.name] = p.value
	}
	m, err := accountscore.Compile(rs, opts...)
	if err != nil {
		for _, e := range faultsOf(err) {
			for _, option := range goOptions {
				e.Fix = option.told.ReplaceAllString(e.Fix, option.can)
			}
		}
		return nil, err
	}
	if idle(rs) {
		// Legal, and so would be a file that was cut off before its first line.
		c.found = true
		c.note("%s: there is no rule in it: every account scores 0", shown(name))
	}
	checked, _ := dsl.Check(rs, bind)
	return &loaded{shown(name), rs, m, checked}, nil
}

// idle tells whether a ruleset says nothing about any account.
func idle(rs *accountscore.Ruleset) bool {
	for i := range rs.Dimensions {
		if d := &rs.Dimensions[i]; len(d.Items) > 0 || d.Contacts != nil {
			return false
		}
	}
	return len(rs.Tiers)+len(rs.Ladders)+len(rs.Disqualify)+len(rs.Grades) == 0
}

// swapped is an error where the first of the files is no ruleset and a later
// one is, or where it has the name of a file of data. It saves a page of
// syntax errors.
func (c *command) swapped(files []string) error {
	for _, name := range files[1:] {
		if name == "-" {
			continue // it may be read once
		}
		src, err := c.readRuleset(name)
		if err != nil {
			continue // reported where it is used
		}
		if rs, err := parseRuleset(name, src); err == nil && !idle(rs) {
			return usagef("%s is no ruleset, and %s is: the ruleset comes first, then the data", shown(files[0]), shown(name))
		}
	}
	if isData(files[0]) {
		return usagef("%s is no ruleset but seems to be data: the ruleset comes first, then the data", shown(files[0]))
	}
	return nil
}

// isData tells by the name of a file that it holds data. JSON is a form of
// rulesets too.
func isData(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".tsv", ".jsonl", ".ndjson":
		return true
	}
	return false
}

// loadFirst is loadOrReport for the first of the files.
func (c *command) loadFirst(files []string) (*loaded, error) {
	l, err := c.load(files[0])
	faults := faultsOf(err)
	if len(faults) == 0 {
		return l, err
	}
	if err := c.swapped(files); err != nil {
		return nil, err
	}
	return nil, c.reported(err)
}

// activities names the activities that the ruleset knows.
func (l *loaded) activities() []string {
	var list []string
	for _, a := range l.checked.Activities {
		list = append(list, a.Name)
	}
	return list
}

// tiers names the tiers that an account can have been in.
func (l *loaded) tiers() []string {
	list := []string{accountscore.Disqualified}
	for _, t := range l.rules.Tiers {
		list = append(list, t.Name)
	}
	return list
}

// hasTier tells whether an account can have been in a tier, or in none.
func (l *loaded) hasTier(name string) bool {
	return name == "" || name == accountscore.Disqualified || slices.ContainsFunc(l.rules.Tiers, func(t accountscore.Tier) bool { return t.Name == name })
}

// aims names all that an explanation can show the way to: tiers, those of
// further ladders, grades, and grades joined.
func (l *loaded) aims() (single, joined []string) {
	for _, t := range l.rules.Tiers {
		single = append(single, t.Name)
	}
	for _, ladder := range l.rules.Ladders {
		for _, t := range ladder.Tiers {
			single = append(single, ladder.Name+" "+t.Name)
		}
	}
	letters := []string{""}
	for _, g := range l.rules.Grades {
		var more []string
		for _, s := range g.Steps {
			single = append(single, g.Dimension+".grade "+s.Grade)
			for _, before := range letters {
				more = append(more, before+s.Grade)
			}
		}
		letters = append(more, letters...) // a dimension may have no grade
	}
	for _, g := range letters {
		if g != "" {
			joined = append(joined, "grade "+g)
		}
	}
	return single, joined
}

// manyAims bounds the names that a message lists.
const manyAims = 20

// mayAim refuses a tier or grade that the ruleset does not have.
func (l *loaded) mayAim(name string) error {
	single, joined := l.aims()
	all := slices.Concat(single, joined)
	if name == "" || slices.Contains(all, name) {
		return nil
	}
	wrong := "-tier: the ruleset has no tier or grade " + quoted(name)
	var speller spell.Speller
	if near := speller.Suggest(name, all); near != "" {
		return usagef("%s: did you mean %s?", wrong, quoted(near))
	}
	if len(single) == 0 {
		return usagef("%s: it has none", wrong)
	}
	more := ""
	if n := len(single) - manyAims; n > 0 {
		single, more = single[:manyAims], fmt.Sprintf(" and %d more", n)
	}
	return usagef("%s: it has %s%s", wrong, strings.Join(single, ", "), more)
}

// loadOrReport is load for verbs that need the model: the faults of a ruleset
// go to the standard error and end the verb.
func (c *command) loadOrReport(name string) (*loaded, error) {
	l, err := c.load(name)
	if len(faultsOf(err)) > 0 {
		return nil, c.reported(err)
	}
	return l, err
}

// reported ends the verb for the faults of a ruleset.
func (c *command) reported(err error) error {
	c.note("%v", err)
	c.found = true
	return errStop
}

// eachRuleset loads the rulesets of files one after the other. The faults of
// one go to the standard error and do not stop the others.
func (c *command) eachRuleset(files []string, do func(*loaded) error) error {
	if len(files) == 0 {
		return usagef("want a ruleset")
	}
	for _, name := range files {
		l, err := c.loadOrReport(name)
		if errors.Is(err, errStop) {
			continue
		}
		if err == nil {
			err = do(l)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// faultsOf takes the faults of a ruleset out of an error.
func faultsOf(err error) []*dsl.Error {
	var many interface{ Unwrap() []error }
	if errors.As(err, &many) {
		var faults []*dsl.Error
		for _, e := range many.Unwrap() {
			faults = append(faults, faultsOf(e)...)
		}
		return faults
	}
	var one *dsl.Error
	if errors.As(err, &one) {
		return []*dsl.Error{one}
	}
	return nil
}

// count says how many there are of a thing.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%s %s", grouped(int64(n)), many)
}
