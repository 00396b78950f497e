package main

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/accountscore/accountscore"
)

// explainFlags say which explanation is wanted, and how.
type explainFlags struct {
	id, format, tier string
	width, reasons   int
	color            bool
}

// explain says how the score of one account comes about, or why it changed.
func (c *command) explain(args []string) error {
	var of explainFlags
	c.jsonFlag("the explanation as one JSON object; -format json")
	c.paramFlag()
	c.momentFlag()
	c.flags.StringVar(&of.id, "id", "", "the `id` of the account; may be left out where the data holds one account only")
	c.flags.StringVar(&of.format, "format", "text", "`how` to write it: text, markdown, html or json")
	c.flags.IntVar(&of.width, "width", 0, "the `columns` of a text, from 40 on (default 100)")
	c.flags.BoolVar(&of.color, "color", false, "a text with colors, for terminals")
	c.flags.StringVar(&of.tier, "tier", "", "say what would reach this `tier`, or a grade such as fit.grade A, instead of the next tier")
	c.flags.IntVar(&of.reasons, "reasons", 0, "also give the first `n` reason codes; with text and json")
	data, earlier := c.inputFlags(), c.earlierFlags()
	files, err := c.parse(args)
	if err != nil {
		return err
	}
	if err := c.settle(&of); err != nil {
		return err
	}
	if err := earlier.settle(&of, data); err != nil {
		return err
	}
	if earlier.given() {
		return c.explainChange(&of, earlier, data, files)
	}
	l, in, at, err := c.toScore(data, files)
	if err != nil {
		return err
	}
	if err := l.mayAim(of.tier); err != nil {
		return err
	}
	a, err := c.find(in, of.id, "")
	if err != nil {
		return err
	}
	return c.show(l.model.Explain(a[0], at), &of)
}

// settle refuses flags that do not go together.
func (c *command) settle(of *explainFlags) error {
	if c.json {
		if given(c.flags, "format") && of.format != "json" {
			return usagef("-json and -format %s do not go together", of.format)
		}
		of.format = "json"
	}
	text := of.format == "text"
	switch {
	case !slices.Contains([]string{"text", "markdown", "html", "json"}, of.format):
		return usagef("-format is text, markdown, html or json, not %s", quoted(of.format))
	case !text && (of.color || given(c.flags, "width")):
		return usagef("-width and -color are for a text, not for %s", of.format)
	case given(c.flags, "width") && of.width < 40:
		return usagef("-width is 40 at least")
	case of.reasons < 0:
		return usagef("-reasons is a number of reasons")
	case !text && of.format != "json" && of.reasons > 0:
		return usagef("-reasons goes with text and json, not with %s: that is a whole document, which shows the first reasons by itself", of.format)
	}
	return nil
}

// given tells whether a flag was set.
func given(flags *flag.FlagSet, name string) bool {
	set := false
	flags.Visit(func(f *flag.Flag) { set = set || f.Name == name })
	return set
}

// show writes an explanation.
func (c *command) show(x *accountscore.Explanation, of *explainFlags) error {
	reasons := x.Reasons(of.reasons)
	var paths []accountscore.Path
	switch {
	case of.tier == "":
	case of.format == "json":
		paths = x.LiftTo(of.tier)
	default:
		x = x.Towards(of.tier)
	}
	var b strings.Builder
	switch of.format {
	case "json":
		if of.tier == "" && of.reasons == 0 {
			return c.printJSON(x)
		}
		return c.printJSON(struct {
			Explanation *accountscore.Explanation `json:"explanation"`
			Reasons     []accountscore.Reason     `json:"reasons,omitempty"`
			Paths       []accountscore.Path       `json:"paths,omitempty"`
		}{x, reasons, paths})
	case "markdown":
		b.WriteString(x.Markdown())
	case "html":
		b.WriteString(x.HTML())
	default:
		b.WriteString(x.Text(of.textOptions()...))
		if len(reasons) > 0 {
			b.WriteString("\nreason codes\n")
		}
		for _, r := range reasons {
			b.WriteString(plainLine(fmt.Sprintf("  %s: %s, %v against %v", r.Code, r.Text, r.Points, r.Baseline)))
		}
	}
	return c.printText(b.String())
}

// textOptions are what the flags say of a text.
func (of *explainFlags) textOptions() []accountscore.TextOption {
	var opts []accountscore.TextOption
	if of.width > 0 {
		opts = append(opts, accountscore.Width(of.width))
	}
	if of.color {
		opts = append(opts, accountscore.Color())
	}
	return opts
}

func (c *command) printText(text string) error {
	_, err := fmt.Fprintln(c.out, text)
	return err
}

// plainLine makes a line of a text that data is part of: no control character of
// that reaches the terminal.
func plainLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s) + "\n"
}

// find looks for the first account with the id, or for the only one, and gives
// it as each ruleset reads it. What stands behind the account that was asked
// for is not read. Where names the data, where a message has to.
func (c *command) find(in *input, id, where string) ([]accountscore.Account, error) {
	var found []accountscore.Account
	var err error
	for it := range in.each {
		if it.err == nil {
			it.err = in.ids.admit(it.accounts[0].ID)
		}
		if it.err != nil {
			if err = c.badLine(it, false); err != nil {
				break
			}
			continue
		}
		a := it.accounts[0]
		if id != "" && a.ID != id {
			continue
		}
		if found != nil {
			return nil, usagef("the data holds several accounts; -id says which, such as -id %s", quoted(a.ID))
		}
		if found = it.accounts; id != "" {
			return found, nil
		}
	}
	switch {
	case err != nil:
		return nil, err
	case in.failed != nil:
		return nil, in.failed
	case found == nil && id != "":
		c.note("no account%s has the id %s", where, quoted(id))
	case found == nil:
		c.noAccount()
	default:
		return found, nil
	}
	c.found = true
	return nil, errStop
}
