package tables

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/sheet"
)

// JSONLines reads accounts from JSON lines: on each line an account as
// [accountscore.Account] reads it, with its contacts and activities. An account
// without an id is a fault of its line, and so is an activity without a type or
// a moment. Empty lines are passed over. An account has at most 262,144 contacts
// and activities and two million members and items of lists, so that no line
// takes more than some hundred megabytes.
func JSONLines(m *accountscore.Model, r io.Reader, opts ...Option) iter.Seq2[*accountscore.Table, error] {
	return func(yield func(*accountscore.Table, error) bool) {
		o := newOptions(opts)
		text := sheet.NewLines(r)
		b := newAccountBatch(m)
		for {
			line, err := text.Next()
			switch {
			case err == sheet.ErrTooLong:
			case err != nil:
				if b.n > 0 && !yield(b.table(), nil) {
					return
				}
				if err != io.EOF {
					yield(nil, fmt.Errorf("line %d: %w", text.Number+1, err))
				}
				return
			case len(bytes.TrimSpace(line)) == 0:
				continue
			default:
				err = b.line(line)
			}
			if err != nil && !yield(nil, &LineError{text.Number, err}) {
				return
			}
			if b.n == o.rows || b.size > maxSize {
				if !yield(b.table(), nil) {
					return
				}
				b.reset()
			}
		}
	}
}

// The bounds of one account, and what a contact or an activity takes of a table
// whatever it says.
const (
	maxObjects = 1 << 18
	maxItems   = 1 << 21
	objectCost = 128
)

// accountBatch collects accounts of JSON.
type accountBatch struct {
	n         int
	size      int // of the lines, in bytes
	ids       []string
	prevTiers []string
	fields    []keyed
	refreshed []*dates
	persons   []int32
	contacts  contactBatch
	log       logBatch
}

// keyed is a column with the name that its field has in the source.
type keyed struct {
	key string
	*column
}

type contactBatch struct {
	n      int
	ids    []string
	fields []keyed
	log    logBatch
}

// logBatch collects the activities of accounts or of contacts.
type logBatch struct {
	offsets []int32
	table   accountscore.ActivityTable
	codes   map[string]int32
	fields  [][]keyed // by code
}

func keyedColumns(fields []accountscore.Field, prefix string) []keyed {
	var columns []keyed
	for i := range fields {
		columns = append(columns, keyed{fields[i].Key(), newColumn(prefix+fields[i].Name, fields[i].Type)})
	}
	return columns
}

func newAccountBatch(m *accountscore.Model) *accountBatch {
	b := &accountBatch{contacts: contactBatch{fields: keyedColumns(m.ContactFields(), "")}}
	for f, readers := range m.Fields() {
		if len(readers) > 0 {
			b.fields = append(b.fields, keyed{f.Key(), newColumn(f.Name, f.Type)})
		}
		b.refreshed = append(b.refreshed, &dates{field: f.Name})
	}
	for _, l := range []*logBatch{&b.log, &b.contacts.log} {
		l.codes = map[string]int32{}
		for i, a := range m.Activities() {
			l.codes[a.Name] = int32(i)
			l.table.Names = append(l.table.Names, a.Name)
			l.fields = append(l.fields, keyedColumns(a.Fields, a.Name+"."))
		}
	}
	b.reset()
	return b
}

func (b *accountBatch) reset() {
	b.n, b.size, b.ids, b.prevTiers, b.persons = 0, 0, b.ids[:0], b.prevTiers[:0], append(b.persons[:0], 0)
	resetAll(b.fields)
	for _, d := range b.refreshed {
		d.times = d.times[:0]
	}
	c := &b.contacts
	c.n, c.ids = 0, c.ids[:0]
	resetAll(c.fields)
	b.log.reset()
	c.log.reset()
}

func resetAll(columns []keyed) {
	for _, c := range columns {
		c.reset()
	}
}

func (l *logBatch) reset() {
	l.offsets = append(l.offsets[:0], 0)
	t := &l.table
	t.Types, t.At, t.Values = t.Types[:0], t.At[:0], t.Values[:0]
	for _, columns := range l.fields {
		resetAll(columns)
	}
}

func (b *accountBatch) table() *accountscore.Table {
	t := accountscore.NewTable(b.n)
	t.IDs(b.ids)
	t.PrevTiers(b.prevTiers)
	for _, c := range b.fields {
		c.addTo(t)
	}
	for _, d := range b.refreshed {
		t.Refreshed(d.field, d.times)
	}
	c := accountscore.NewTable(b.contacts.n)
	c.IDs(b.contacts.ids)
	for _, f := range b.contacts.fields {
		f.addTo(c)
	}
	b.contacts.log.addTo(c)
	t.Contacts(b.persons, c)
	b.log.addTo(t)
	return t
}

func (l *logBatch) addTo(t *accountscore.Table) {
	l.table.Fields = accountscore.NewTable(len(l.table.At))
	for _, columns := range l.fields {
		for _, c := range columns {
			c.addTo(l.table.Fields)
		}
	}
	t.Activities(l.offsets, &l.table)
}

// line adds the account of a line, or nothing where it is none.
func (b *accountBatch) line(line []byte) error {
	if string(bytes.TrimSpace(line)) == "null" {
		return fmt.Errorf("null is no account")
	}
	// An object and an item of a list take some hundred times the memory of their
	// shortest text.
	if n := bytes.Count(line, []byte("{")); n > maxObjects {
		return fmt.Errorf("the account has %d objects or more: at most %d contacts and activities are read", n, maxObjects)
	}
	if n := bytes.Count(line, []byte(",")); n > maxItems {
		return fmt.Errorf("the account has %d members and items or more: at most %d are read", n, maxItems)
	}
	var a accountscore.Account
	if err := json.Unmarshal(line, &a); err != nil {
		return err
	}
	if err := whole(&a); err != nil {
		return err
	}
	b.size += len(line) + objectCost*(len(a.Activities)+len(a.Contacts))
	for i := range a.Contacts {
		b.size += objectCost * len(a.Contacts[i].Activities)
	}
	b.ids, b.prevTiers = append(b.ids, a.ID), append(b.prevTiers, a.PrevTier)
	addAll(b.fields, a.Fields)
	for _, d := range b.refreshed {
		d.times = append(d.times, a.Refreshed[d.field])
	}
	b.log.add(a.Activities)
	for i := range a.Contacts {
		c := &a.Contacts[i]
		b.contacts.ids = append(b.contacts.ids, c.ID)
		addAll(b.contacts.fields, c.Fields)
		b.contacts.log.add(c.Activities)
		b.contacts.n++
	}
	b.persons = append(b.persons, int32(b.contacts.n))
	b.n++
	return nil
}

// whole tells what an account lacks without which nothing can be said of it.
func whole(a *accountscore.Account) error {
	if strings.TrimSpace(a.ID) == "" {
		return errors.New("the account has no id")
	}
	if err := wholeLog(a.Activities); err != nil {
		return err
	}
	for i := range a.Contacts {
		if err := wholeLog(a.Contacts[i].Activities); err != nil {
			return fmt.Errorf("contact %.40q: %w", a.Contacts[i].ID, err)
		}
	}
	return nil
}

func wholeLog(log []accountscore.Activity) error {
	for i := range log {
		switch act := &log[i]; {
		case act.Type == "":
			return fmt.Errorf("activity #%d has no type", i+1)
		case act.At.IsZero():
			return fmt.Errorf("activity #%d, %.40q, has no at", i+1, act.Type)
		}
	}
	return nil
}

func addAll(columns []keyed, values map[string]any) {
	for _, c := range columns {
		c.value(values[c.key])
	}
}

// value adds a value of JSON.
func (c *column) value(v any) {
	switch v := v.(type) {
	case nil:
		c.missing(false)
	case string:
		c.text([]byte(v))
	case bool:
		c.bool(v)
	case json.Number:
		c.number([]byte(v))
	case []any:
		c.array(v)
	default:
		c.missing(true)
	}
}

// array adds a list: nil items are dropped, texts kept, and anything else makes
// it unusable.
func (c *column) array(items []any) {
	usable := c.typ == dsl.ListType
	for _, item := range items {
		text, ok := item.(string)
		if usable = usable && (ok || item == nil); usable && ok {
			c.item([]byte(text))
		}
	}
	if !usable {
		c.dropItems()
		c.missing(true)
		return
	}
	c.list()
}

// add adds the log of one account or contact. Of types that the ruleset does
// not know nothing is kept.
func (l *logBatch) add(log []accountscore.Activity) {
	t := &l.table
	for i := range log {
		code, ok := l.codes[log[i].Type]
		if !ok {
			continue
		}
		t.Types, t.At, t.Values = append(t.Types, code), append(t.At, log[i].At.UnixMicro()), append(t.Values, log[i].Value)
		for typ, columns := range l.fields {
			for _, c := range columns {
				if int32(typ) == code {
					c.value(log[i].Fields[c.key])
				} else {
					c.missing(false)
				}
			}
		}
	}
	l.offsets = append(l.offsets, int32(len(t.At)))
}
