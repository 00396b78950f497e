package main

import (
	"maps"
	"slices"
	"time"

	"github.com/accountscore/accountscore"
)

// earlierFlags say with which state of the account the one now is compared.
type earlierFlags struct {
	data, contacts, activities string
	moment, rules              string
}

func (c *command) earlierFlags() *earlierFlags {
	e := &earlierFlags{}
	c.flags.StringVar(&e.data, "against", "", "say why the score changed since an earlier `file` of accounts")
	c.flags.StringVar(&e.contacts, "against-contacts", "", "the `file` of contacts as it was then, like -contacts")
	c.flags.StringVar(&e.activities, "against-activities", "", "the `file` of activities as it was then, like -activities; may be the same file")
	c.flags.StringVar(&e.moment, "against-at", "", "say why the score changed since an earlier `moment`, like -at (default: the same moment)")
	c.flags.StringVar(&e.rules, "against-rules", "", "say why the score changed since an earlier `ruleset`")
	return e
}

// given tells whether a change is asked for.
func (e *earlierFlags) given() bool { return *e != earlierFlags{} }

// sameData tells whether the accounts are those of now.
func (e *earlierFlags) sameData() bool { return e.data+e.contacts+e.activities == "" }

// settle refuses flags that do not go with a comparison.
func (e *earlierFlags) settle(of *explainFlags, data *inputFlags) error {
	switch {
	case !e.given():
		return nil
	case of.format == "html":
		return usagef("-format html shows no change: write it as text, markdown or json")
	case of.tier != "" || of.reasons > 0:
		return usagef("-tier and -reasons go with one state of an account, not with a change between two")
	case e.sameData():
		return nil
	case data.contacts != "" && e.contacts == "":
		return usagef("-contacts is a file of now: -against-contacts says which was the one then, or the same file again")
	case data.activities != "" && e.activities == "":
		return usagef("-activities is a file of now: -against-activities says which was the one then, or the same file again")
	}
	return nil
}

// explainChange says why the score of one account changed.
func (c *command) explainChange(of *explainFlags, e *earlierFlags, data *inputFlags, files []string) error {
	if len(files) < 2 {
		return usagef("want a ruleset and the accounts; - is the standard input")
	}
	at, err := c.at()
	if err != nil {
		return err
	}
	then := at
	if e.moment != "" {
		if then, err = readTime(e.moment); err != nil {
			return usagef("-against-at: %v", err)
		}
	}
	if then.After(at) {
		return usagef("-against-at %s is later than %s: the state to compare with comes first", e.moment, at.UTC().Format(time.RFC3339))
	}
	l, err := c.loadFirst(files)
	if err != nil {
		return err
	}
	old, reads := l, []*loaded{l}
	if e.rules != "" {
		if old, err = c.loadFirst([]string{e.rules}); err != nil {
			return err
		}
		reads = append(reads, old)
	}
	in, err := c.newInput(data, files[1:], reads...)
	if err != nil {
		return err
	}
	now, err := c.find(in, of.id, "")
	if err != nil {
		return err
	}
	before := now
	if !e.sameData() {
		earlier, names, which := *data, files[1:], ""
		if e.data != "" {
			names, which = []string{e.data}, " in "+shown(e.data)
		}
		earlier.contacts, earlier.activities = e.contacts, e.activities
		if in, err = c.newInput(&earlier, names, reads...); err != nil {
			return err
		}
		if before, err = c.find(in, now[0].ID, which); err != nil {
			return err
		}
	}
	last := len(reads) - 1
	a, err := accountscore.Attribute(old.model.Explain(union(before[last], before[0]), then), l.model.Explain(union(now[0], now[last]), at))
	if err != nil {
		return err
	}
	switch of.format {
	case "json":
		return c.printJSON(a)
	case "markdown":
		return c.printText(a.Markdown())
	}
	return c.printText(a.Text(of.textOptions()...))
}

// union gives an account as one ruleset reads it, and what it does not read as
// another does: a cell of a CSV file has a value only where a field says which.
func union(a, other accountscore.Account) accountscore.Account {
	a.Fields = unionOf(a.Fields, other.Fields)
	a.Refreshed = unionOf(a.Refreshed, other.Refreshed)
	a.Activities = slices.Clone(a.Activities)
	for i := range a.Activities {
		a.Activities[i].Fields = unionOf(a.Activities[i].Fields, other.Activities[i].Fields)
	}
	a.Contacts = slices.Clone(a.Contacts)
	for i := range a.Contacts {
		k, o := &a.Contacts[i], &other.Contacts[i]
		k.Fields, k.Activities = unionOf(k.Fields, o.Fields), slices.Clone(k.Activities)
		for j := range k.Activities {
			k.Activities[j].Fields = unionOf(k.Activities[j].Fields, o.Activities[j].Fields)
		}
	}
	return a
}

func unionOf[V any](a, other map[string]V) map[string]V {
	all := maps.Clone(other)
	if all == nil {
		return a
	}
	maps.Copy(all, a)
	return all
}
