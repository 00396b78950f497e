package main

import (
	"fmt"

	"github.com/accountscore/accountscore"
)

// explain says how the score of one account comes about.
func (c *command) explain(args []string) error {
	c.jsonFlag("the explanation as one JSON object")
	c.paramFlag()
	c.momentFlag()
	id := c.flags.String("id", "", "the `id` of the account; may be left out where the data holds one account only")
	data := c.inputFlags()
	files, err := c.parse(args)
	if err != nil {
		return err
	}
	l, in, at, err := c.toScore(data, files)
	if err != nil {
		return err
	}
	a, err := c.find(in, *id)
	if err != nil {
		return err
	}
	x := l.model.Explain(*a, at)
	if c.json {
		return c.printJSON(x)
	}
	_, err = fmt.Fprintln(c.out, x.Text())
	return err
}

// find looks for the first account with the id, or for the only one. What
// stands behind the account that was asked for is not read.
func (c *command) find(in *input, id string) (*accountscore.Account, error) {
	var found *accountscore.Account
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
		if found = &a; id != "" {
			return found, nil
		}
	}
	switch {
	case err != nil:
		return nil, err
	case in.failed != nil:
		return nil, in.failed
	case found == nil && id != "":
		c.note("no account has the id %s", quoted(id))
	case found == nil:
		c.noAccount()
	default:
		return found, nil
	}
	c.found = true
	return nil, errStop
}
