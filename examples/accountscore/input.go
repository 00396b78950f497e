package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/internal/sheet"
)

// item is one account of the input, or a line that is none.
type item struct {
	file string
	line int
	// accounts are the account as each of the rulesets reads it: a cell of a
	// CSV file has the type that the ruleset's field has.
	accounts []accountscore.Account
	err      error
}

// input is the accounts of the data files, in order.
type input struct {
	c     *command
	files []string
	reads []*loaded // the rulesets that read it
	form  string    // "csv", "json", or "" to see by the file
	key   string    // the column of the account's id
	comma byte

	joins *joins
	ids   ids
	// header is told of each CSV file's columns that nothing reads.
	header func(file string, heads []string)
	bytes  atomic.Int64 // read so far, for the progress
	size   int64        // of all files; 0 where it is not known
	failed error        // what ended the reading
}

// inputFlags are the flags of the verbs that read accounts.
type inputFlags struct {
	form, key, comma     string
	contacts, activities string
	distinct             bool
}

func (c *command) inputFlags() *inputFlags {
	f := &inputFlags{}
	c.flags.StringVar(&f.form, "in", "", "the `form` of the data, csv or json, where neither the name nor the beginning of a file tells")
	c.flags.StringVar(&f.key, "key", "id", "the `column` of a CSV file that holds the account's id")
	c.flags.StringVar(&f.comma, "comma", ",", "the `character` between the cells of CSV files; tab for a tab")
	c.flags.StringVar(&f.contacts, "contacts", "", "a CSV `file` of contacts: account_id, id, then the ruleset's fields of contacts; in any order, and held in memory")
	c.flags.StringVar(&f.activities, "activities", "", "a CSV `file` of activities: account_id, perhaps contact_id, type, at, value, then the activities' fields; in any order, and held in memory")
	c.flags.BoolVar(&f.distinct, "distinct", false, "each id stands once: nothing is kept of an account to find one that stands twice")
	return f
}

// toScore loads what a verb that scores accounts is given: the ruleset, the
// data and the moment.
func (c *command) toScore(f *inputFlags, files []string) (l *loaded, in *input, at time.Time, err error) {
	if len(files) < 2 {
		return nil, nil, at, usagef("want a ruleset and the accounts; - is the standard input")
	}
	if at, err = c.at(); err != nil {
		return nil, nil, at, err
	}
	if l, err = c.loadFirst(files); err != nil {
		return nil, nil, at, err
	}
	in, err = c.newInput(f, files[1:], l)
	return l, in, at, err
}

// newInput opens nothing that can be opened later, but makes sure that every
// file is there before the first result is printed.
func (c *command) newInput(f *inputFlags, files []string, reads ...*loaded) (*input, error) {
	in := &input{c: c, files: files, reads: reads, form: f.form, key: f.key, ids: ids{distinct: f.distinct}, header: func(string, []string) {}}
	if f.form != "" && f.form != "csv" && f.form != "json" {
		return nil, usagef("-in %s: want csv or json", quoted(f.form))
	}
	switch {
	case f.comma == "tab":
		in.comma = '\t'
	case len(f.comma) == 1 && f.comma != `"`:
		in.comma = f.comma[0]
	default:
		return nil, usagef("-comma %s: want one character, or tab", quoted(f.comma))
	}
	for _, name := range files {
		if name == "-" {
			continue
		}
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("is a folder")}
		}
		in.size += info.Size()
	}
	for _, name := range files {
		if name == "-" {
			in.size = 0
		}
	}
	var err error
	in.joins, err = c.readJoins(f, in.comma, reads)
	return in, err
}

// each yields every account and every bad line. What ends the reading early is
// left in failed.
func (in *input) each(yield func(item) bool) {
	more := true
	for _, name := range in.files {
		if in.failed = in.file(name, func(it item) bool { more = yield(it); return more }); in.failed != nil || !more {
			return
		}
	}
	for _, it := range in.joins.left() {
		if !yield(it) {
			return
		}
	}
}

// file reads one file.
func (in *input) file(name string, yield func(item) bool) error {
	return in.open(name, func(f form, text *sheet.Lines) error { return in.read(name, f, text, yield) })
}

// open opens a file and tells its form.
func (in *input) open(name string, do func(form, *sheet.Lines) error) error {
	f, err := in.c.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	text := sheet.NewLines(&countedBytes{f, &in.bytes})
	if err := foreign(text.Text); err != nil {
		return fmt.Errorf("%s %w", shown(name), err)
	}
	return do(in.formOf(name, text.Text), text)
}

// read reads a file of a form.
func (in *input) read(name string, f form, text *sheet.Lines, yield func(item) bool) error {
	one := func(line int, a accountscore.Account, err error) bool {
		accounts := make([]accountscore.Account, len(in.reads))
		for i := range accounts {
			accounts[i] = a
		}
		return yield(in.joined(item{shown(name), line, accounts, err}))
	}
	switch f {
	case csvForm:
		return in.csv(shown(name), text, yield)
	case arrayForm:
		return readFault(name, readValues(text.Text, true, one))
	case valuesForm:
		return readFault(name, readValues(text.Text, false, one))
	}
	return readFault(name, readLines(text, one))
}

func readFault(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", shown(name), err)
}

// joined adds what further files know of the account.
func (in *input) joined(it item) item {
	if it.err == nil {
		for i := range it.accounts {
			in.joins.add(&it.accounts[i], i)
		}
	}
	return it
}

// The forms of a data file.
type form int

const (
	linesForm form = iota
	valuesForm
	arrayForm
	csvForm
)

// formOf tells the form of a file by the flag, then by its name, then by how
// it begins. An object that does not end on its first line is one of those
// that span lines.
func (in *input) formOf(name string, r *bufio.Reader) form {
	head, _ := r.Peek(r.Size())
	begin := strings.TrimLeft(string(head), " \t\r\n")
	lower := strings.ToLower(name)
	isCSV := strings.HasSuffix(lower, ".csv") || strings.HasSuffix(lower, ".tsv") ||
		!strings.HasSuffix(lower, ".json") && !strings.HasSuffix(lower, ".jsonl") && !strings.HasSuffix(lower, ".ndjson") &&
			!strings.HasPrefix(begin, "{") && !strings.HasPrefix(begin, "[")
	if in.form != "" {
		isCSV = in.form == "csv"
	}
	first, _, _ := strings.Cut(begin, "\n")
	switch {
	case isCSV:
		return csvForm
	case strings.HasPrefix(begin, "["):
		return arrayForm
	case strings.TrimSpace(first) == "{":
		return valuesForm
	}
	return linesForm
}

// accountSheet is a CSV file of accounts.
type accountSheet struct {
	*headed
	in      *input
	columns []mapping // by ruleset
}

// newAccountSheet reads the header; nil where there is none.
func (in *input) newAccountSheet(file string, text *sheet.Lines) (*accountSheet, error) {
	s, err := newSheet(file, text, in.comma, true, in.key)
	if err != nil || s.heads == nil {
		return nil, err
	}
	f := &accountSheet{headed: s, in: in}
	var own []string
	for i, l := range in.reads {
		f.columns = append(f.columns, mappingOf(s.heads, l.checked.Fields, in.key))
		own = append(own, f.columns[i].own()...)
	}
	in.header(file, s.unread(own, f.columns))
	return f, nil
}

// fillItem makes the accounts of a row that has no fault so far.
func (f *accountSheet) fillItem(it *item, cells []string) {
	for i := 0; it.err == nil && i < len(f.columns); i++ {
		var a accountscore.Account
		a, it.err = f.columns[i].account(cells, f.in.reads[i].checked.Fields)
		it.accounts = append(it.accounts, a)
	}
}

// csv reads a CSV file of accounts.
func (in *input) csv(file string, text *sheet.Lines, yield func(item) bool) error {
	f, err := in.newAccountSheet(file, text)
	if f == nil {
		return err
	}
	return f.rows(func(cells []string, bad error) bool {
		it := item{file: file, line: f.At, err: bad}
		f.fillItem(&it, cells)
		return yield(in.joined(it))
	})
}

// countedBytes counts what is read of a file, for the progress.
type countedBytes struct {
	io.Reader
	n *atomic.Int64
}

func (c *countedBytes) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}
