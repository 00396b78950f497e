package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/sheet"
)

// joins is what the files of contacts and activities hold, by account. They
// are read whole, before the accounts, which need not be in the same order.
type joins struct {
	byAccount map[string]*joined
	order     []*joined // as they were met, so that messages have an order
	bad       []item
	// Columns that no ruleset reads.
	unreadContacts, unreadActivities []string
}

// joined is what further files know of one account, for each ruleset.
type joined struct {
	file     string
	line     int // where the account was met first
	account  string
	contacts [][]accountscore.Contact
	log      [][]accountscore.Activity
	used     bool
}

// readJoins reads the files that the flags name. Rows that cannot be used are
// kept, to be reported after the accounts.
func (c *command) readJoins(f *inputFlags, comma byte, reads []*loaded) (*joins, error) {
	j := &joins{byAccount: map[string]*joined{}}
	if f.contacts != "" {
		if err := c.joinFile(f.contacts, comma, []string{"account_id", "id"}, j, func(s *headed) rowReader { return j.contactReader(s, reads) }); err != nil {
			return nil, err
		}
	}
	if f.activities != "" {
		if err := c.joinFile(f.activities, comma, []string{"account_id", "type", "at"}, j, func(s *headed) rowReader { return j.activityReader(s, reads) }); err != nil {
			return nil, err
		}
	}
	return j, nil
}

// rowReader makes something of a row of a sheet.
type rowReader func(line int, cells []string) error

func (c *command) joinFile(name string, comma byte, wanted []string, j *joins, reader func(*headed) rowReader) error {
	f, err := c.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	text := sheet.NewLines(f)
	if err := foreign(text.Text); err != nil {
		return fmt.Errorf("%s %w", shown(name), err)
	}
	s, err := newSheet(shown(name), text, comma, false, wanted...)
	if err != nil || s.heads == nil {
		return err
	}
	read := reader(s)
	return s.rows(func(cells []string, bad error) bool {
		if bad == nil {
			bad = read(s.At, cells)
		}
		if bad != nil {
			j.bad = append(j.bad, item{file: s.file, line: s.At, err: bad})
		}
		return true
	})
}

// of gives the place of an account's contacts and activities.
func (j *joins) of(s *headed, line int, account string, n int) *joined {
	a := j.byAccount[account]
	if a == nil {
		a = &joined{file: s.file, line: line, account: account,
			contacts: make([][]accountscore.Contact, n), log: make([][]accountscore.Activity, n)}
		j.byAccount[account] = a
		j.order = append(j.order, a)
	}
	return a
}

func (j *joins) contactReader(s *headed, reads []*loaded) rowReader {
	account, id := slices.Index(s.heads, "account_id"), slices.Index(s.heads, "id")
	columns := make([]mapping, len(reads))
	for i, l := range reads {
		columns[i] = mappingOf(s.heads, l.checked.ContactFields, "id")
	}
	j.unreadContacts = s.unread([]string{"account_id", "id"}, columns)
	seen := map[[2]string]bool{}
	return func(line int, cells []string) error {
		of, name := strings.TrimSpace(cells[account]), strings.TrimSpace(cells[id])
		switch {
		case of == "":
			return errors.New("the contact has no account_id")
		case name == "":
			return errors.New("the contact has no id")
		case seen[[2]string{of, name}]:
			return fmt.Errorf("the account %s has the contact %s already", quoted(of), quoted(name))
		}
		seen[[2]string{of, name}] = true
		a := j.of(s, line, of, len(reads))
		for i := range columns {
			a.contacts[i] = append(a.contacts[i], accountscore.Contact{ID: name, Fields: columns[i].fields(cells)})
		}
		return nil
	}
}

func (j *joins) activityReader(s *headed, reads []*loaded) rowReader {
	head := func(name string) int { return slices.Index(s.heads, name) }
	account, contact, typ, at, value := head("account_id"), head("contact_id"), head("type"), head("at"), head("value")
	columns := make([]map[string]mapping, len(reads))
	for i, l := range reads {
		columns[i] = activityColumns(s.heads, l.checked.Activities)
	}
	var all []mapping
	for _, byType := range columns {
		all = slices.AppendSeq(all, maps.Values(byType)) // in any order: they are only asked whether any reads a column
	}
	j.unreadActivities = s.unread([]string{"account_id", "contact_id", "type", "at", "value"}, all)
	return func(line int, cells []string) error {
		of := strings.TrimSpace(cells[account])
		if of == "" {
			return errors.New("the activity has no account_id")
		}
		act := accountscore.Activity{Type: strings.TrimSpace(cells[typ])}
		if act.Type == "" {
			return errors.New("the activity has no type")
		}
		var err error
		if act.At, err = readTime(cells[at]); err != nil {
			return fmt.Errorf("column at: %w", err)
		}
		if value >= 0 && strings.TrimSpace(cells[value]) != "" {
			text := strings.TrimSpace(cells[value])
			if !isNumber(text) {
				return fmt.Errorf("column value: %s is no number", quoted(text))
			}
			if act.Value, err = strconv.ParseFloat(text, 64); err != nil {
				return fmt.Errorf("column value: %s is no number", quoted(text))
			}
		}
		who := ""
		if contact >= 0 {
			who = strings.TrimSpace(cells[contact])
		}
		a := j.byAccount[of]
		if who != "" && (a == nil || len(a.contacts) == 0 || !slices.ContainsFunc(a.contacts[0], func(c accountscore.Contact) bool { return c.ID == who })) {
			return fmt.Errorf("the account %s has no contact %s in the file of contacts", quoted(of), quoted(who))
		}
		a = j.of(s, line, of, len(reads))
		for i := range columns {
			one := act
			if c, known := columns[i][act.Type]; known {
				one.Fields = c.fields(cells)
			}
			log := &a.log[i]
			for k := range a.contacts[i] {
				if who != "" && a.contacts[i][k].ID == who {
					log = &a.contacts[i][k].Activities
				}
			}
			*log = append(*log, one)
		}
		return nil
	}
}

// activityColumns maps the heads for each type of activity, which has fields
// of its own.
func activityColumns(heads []string, types []dsl.ActivityType) map[string]mapping {
	m := make(map[string]mapping, len(types))
	for _, t := range types {
		m[t.Name] = mappingOf(heads, t.Fields, "account_id")
	}
	return m
}

// add gives an account its contacts and activities, as a ruleset reads them.
func (j *joins) add(a *accountscore.Account, ruleset int) {
	more := j.byAccount[a.ID]
	if more == nil {
		return
	}
	more.used = true
	// The account of a JSON file is shared between the rulesets: append to
	// copies.
	a.Contacts = append(slices.Clip(a.Contacts), more.contacts[ruleset]...)
	a.Activities = append(slices.Clip(a.Activities), more.log[ruleset]...)
}

// left gives the rows that could not be used: the bad ones, and those of
// accounts that no file of accounts holds.
func (j *joins) left() []item {
	list := slices.Clone(j.bad)
	for _, a := range j.order {
		if !a.used {
			list = append(list, item{file: a.file, line: a.line, err: fmt.Errorf("no account has the id %s", quoted(a.account))})
		}
	}
	return list
}
