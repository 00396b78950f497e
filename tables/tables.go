// Package tables reads files into [accountscore.Table]s, some thousand rows at
// a time, so that a file of any length is scored in bounded memory:
//
//	var scores accountscore.Scores
//	for table, err := range tables.CSV(model, file) {
//		if err != nil { … }
//		_, err := model.ScoreTable(ctx, table, at, accountscore.Into(&scores))
//		…
//	}
//
// A table's memory is used again for the next: it holds, as do the IDs of its
// scores, until the loop goes on.
//
// A line that is no account is a [*LineError] in place of a table; the lines
// after it are read. Any other error is the last pair.
//
// Values are found by the fields' names in the source (their "from"). A value
// that does not fit its field is missing and counted as invalid, as it is in
// [accountscore.Model.Score].
package tables

import (
	"fmt"
	"unicode/utf8"
)

// Option changes how a file is read.
type Option func(*options)

type options struct {
	rows   int
	key    string
	comma  byte
	unread func([]string)
	err    error // an option that cannot be
}

// defaultRows is few enough for a table to stay in a processor's cache.
const defaultRows = 8_192

// maxSize ends a table early, so that huge cells do not add up.
const maxSize = 64 << 20

func newOptions(opts []Option) options {
	o := options{rows: defaultRows, key: "id", comma: ',', unread: func([]string) {}}
	for _, opt := range opts {
		if opt != nil {
			opt(&o)
		}
	}
	return o
}

// Rows sets the most rows that a table has; 8,192 unless set.
func Rows(n int) Option {
	return func(o *options) {
		if n > 0 {
			o.rows = n
		}
	}
}

// Key sets the column of a CSV file that holds the account's id; "id" unless
// set.
func Key(column string) Option { return func(o *options) { o.key = column } }

// Comma sets the byte between the cells of a CSV file; ',' unless set. One that
// is no single character of ASCII, a quote or the end of a line is an error.
func Comma(c byte) Option {
	return func(o *options) {
		if o.comma = c; c == 0 || c >= utf8.RuneSelf || c == '"' || c == '\n' || c == '\r' {
			o.err = fmt.Errorf("Comma(%q): want one character of ASCII that is no quote and ends no line", c)
		}
	}
}

// Unread has f told, once, of the columns of a CSV file that no field of the
// ruleset reads: a misspelt one is among them.
func Unread(f func(columns []string)) Option {
	return func(o *options) {
		if f != nil {
			o.unread = f
		}
	}
}

// LineError is the fault of one line.
type LineError struct {
	Line int // from 1
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap gives the fault itself.
func (e *LineError) Unwrap() error { return e.Err }
