package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
)

// fileName is what errors of the document itself begin with.
const fileName = "document.rules"

// analysis is what the library knows about a text.
type analysis struct {
	rs      *dsl.Ruleset
	checked *dsl.Checked
	errs    dsl.ErrorList       // of Parse and Check
	open    dsl.ErrorList       // of Compile, where Parse and Check have none
	model   *accountscore.Model // nil where there is an error
	cases   []accountscore.CaseResult
	vetted  []accountscore.Finding
	readers map[string][]string // what reads each field, where the model compiles
}

// maxDone bounds the activities of cases that are run while somebody types.
const maxDone = 10_000

func analyse(text string) *analysis {
	a := &analysis{}
	a.rs, a.errs = dsl.Parse(fileName, []byte(text))
	checked, more := dsl.Check(a.rs, dsl.Bindings{})
	a.checked = checked
	a.errs = append(a.errs, more...)
	a.errs.Sort()
	if len(a.errs) > 0 {
		return a
	}
	model, err := accountscore.Compile(a.rs)
	if err != nil {
		if list := (dsl.ErrorList)(nil); errors.As(err, &list) {
			a.open = list
		}
		return a
	}
	a.model, a.readers = model, map[string][]string{}
	for f, readers := range model.Fields() {
		a.readers[f.Name] = readers
	}
	a.vetted = model.Vet(time.Time{})
	if done(a.rs) <= maxDone {
		a.cases = model.Verify()
	}
	return a
}

// done counts the activities of a ruleset's cases.
func done(rs *dsl.Ruleset) int {
	n := 0
	add := func(list []dsl.Did) {
		for _, d := range list {
			n += max(d.Times, 1)
		}
	}
	for i := range rs.Cases {
		add(rs.Cases[i].Did)
		for j := range rs.Cases[i].Contacts {
			add(rs.Cases[i].Contacts[j].Did)
		}
	}
	return n
}

func (d *document) analysis() *analysis {
	if d.known == nil {
		d.known = analyse(d.text)
	}
	return d.known
}

// diagnostics gives what is wrong with the document. What keeps it from being
// a ruleset is an error. What an option of Compile can still supply is
// information, since the program that loads the file may do so. Anything else
// that only compiling finds, and a case that does not hold, is a warning. What
// the vet finds is a warning or information, as it says itself.
func (d *document) diagnostics() []diagnostic {
	a := d.analysis()
	list := make([]diagnostic, 0, len(a.errs)+len(a.open))
	for _, e := range a.errs {
		list = append(list, d.diagnostic(e, severityError))
	}
	for _, e := range a.open {
		severity := severityWarning
		if e.Code == dsl.CodeParam || e.Code == dsl.CodeFunction || e.Code == dsl.CodeName && bringsLanguage(a.rs) {
			severity = severityInformation
		}
		list = append(list, d.diagnostic(e, severity))
	}
	for i := range a.cases {
		list = append(list, d.caseFailures(&a.cases[i], &a.rs.Cases[i])...)
	}
	for i := range a.vetted {
		list = append(list, d.finding(&a.vetted[i]))
	}
	return list
}

// finding tells what the author may not have meant, and what to do about it.
func (d *document) finding(f *accountscore.Finding) diagnostic {
	out := diagnostic{Severity: severityInformation, Code: string(f.Code), Source: "accountscore", Message: f.Message}
	if f.Severity == accountscore.Warning {
		out.Severity = severityWarning
	}
	if f.Fix != "" {
		out.Message += "\nfix: " + f.Fix
	}
	if f.Pos.IsValid() {
		out.Range = d.extent(f.Pos.Offset)
	}
	return out
}

// bringsLanguage tells whether conditions are in a language that the program
// has to bring.
func bringsLanguage(rs *dsl.Ruleset) bool {
	foreign := func(name string) bool { return name != "" && name != dsl.RulesLanguage && name != dsl.ExprLanguage }
	found := foreign(rs.Language)
	for i := range rs.Dimensions {
		for _, item := range rs.Dimensions[i].Items {
			found = found || item.Rule != nil && foreign(item.Rule.Language) ||
				item.Group != nil && slices.ContainsFunc(item.Group.Rules, func(r dsl.Rule) bool { return foreign(r.Language) })
		}
		found = found || slices.ContainsFunc(rs.Dimensions[i].Scales, func(s dsl.Scale) bool { return foreign(s.Language) })
	}
	inTier := func(t dsl.Tier) bool { return foreign(t.Language) }
	return found || slices.ContainsFunc(rs.Disqualify, func(d dsl.Disqualifier) bool { return foreign(d.Language) }) ||
		slices.ContainsFunc(rs.Tiers, inTier) ||
		slices.ContainsFunc(rs.Ladders, func(l dsl.Ladder) bool { return slices.ContainsFunc(l.Tiers, inTier) })
}

func (d *document) diagnostic(e *dsl.Error, severity int) diagnostic {
	message := e.Message
	if e.Fix != "" {
		message += "\nfix: " + e.Fix
	}
	where := span{}
	if e.File == fileName && e.Pos.IsValid() {
		where = d.extent(e.Pos.Offset)
	} else {
		message = e.File + ": " + message
	}
	return diagnostic{Range: where, Severity: severity, Code: string(e.Code), Source: "accountscore", Message: message}
}

// extent gives the place of what stands at an offset: a word, a number, a
// text, a list, an operator. At the end of a line it is the last character
// before, so that there is something to underline.
func (d *document) extent(offset int) span {
	offset = min(max(offset, 0), len(d.text))
	rest := d.text[offset:]
	r, size := utf8.DecodeRuneInString(rest)
	end := offset
	switch {
	case rest == "" || r == '\n' || r == '\r':
		line := d.text[d.lines[d.position(offset).Line]:offset]
		if kept := strings.TrimRight(line, " \t"); kept != "" {
			_, size := utf8.DecodeLastRuneInString(kept)
			end = offset - len(line) + len(kept)
			return d.span(end-size, end)
		}
	case r == '[':
		end += listLen(rest)
	default:
		if toks := scan(rest, lineLen(rest)); len(toks) > 0 && toks[0].from == 0 && toks[0].kind != commentToken {
			end += toks[0].to
		} else {
			end += size
		}
	}
	return d.span(offset, end)
}

// listLen gives the length of the list that s begins with, up to the end of
// its line at most.
func listLen(s string) int {
	deep := 0
	for _, t := range scan(s, lineLen(s)) {
		switch t.s {
		case "[":
			deep++
		case "]":
			if deep--; deep == 0 {
				return t.to
			}
		}
	}
	return 1
}

// caseFailures tells what a case expected and did not get.
func (d *document) caseFailures(r *accountscore.CaseResult, c *dsl.Case) []diagnostic {
	var list []diagnostic
	for _, f := range r.Failures {
		at := c.Pos
		if i := slices.IndexFunc(c.Expect, func(e dsl.Expectation) bool { return e.Name == f.Name }); i >= 0 {
			at = c.Expect[i].Pos
		}
		list = append(list, diagnostic{
			Range: d.extent(at.Offset), Severity: severityWarning, Code: "case", Source: "accountscore",
			Message: fmt.Sprintf("case %q: %s", r.Name, f),
		})
	}
	return list
}

// formatting gives the edit that lays the document out anew, none where it is
// laid out already, and nil where it has errors: they are told as diagnostics.
func (d *document) formatting() *[]textEdit {
	out, err := dsl.Format([]byte(d.text))
	if err != nil {
		return nil
	}
	text := string(out)
	if strings.Contains(d.text, "\r\n") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	}
	edits := []textEdit{}
	if text != d.text {
		edits = append(edits, textEdit{Range: d.span(0, len(d.text)), NewText: text})
	}
	return &edits
}
