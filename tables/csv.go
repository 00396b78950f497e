package tables

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/sheet"
)

// CSV reads accounts from CSV in UTF-8, with a header. A column is named as the
// field is in the source; further columns are the id, "prev_tier",
// "refreshed.FIELD" for when a field was last enriched and "refreshed" for all
// that have no column of their own. An empty cell is null. Numbers are plain
// decimals, bools true or false in letters of any case, times RFC 3339 or a
// date, and the items of a list stand between semicolons. A file without a
// header is an error; one with a header alone holds no account, and gives no
// table.
func CSV(m *accountscore.Model, r io.Reader, opts ...Option) iter.Seq2[*accountscore.Table, error] {
	return func(yield func(*accountscore.Table, error) bool) {
		o := newOptions(opts)
		rows := &sheet.Records{Lines: sheet.NewLines(r), Comma: o.comma}
		b, err := newSheetBatch(m, rows, &o)
		if err != nil {
			yield(nil, err)
			return
		}
		for {
			cells, err := rows.Next()
			if err == nil {
				err = b.row(cells)
			} else if !errors.As(err, new(sheet.RowError)) {
				if b.n > 0 && !yield(b.table(), nil) {
					return
				}
				if err != io.EOF {
					yield(nil, fmt.Errorf("line %d: %w", rows.At, err))
				}
				return
			}
			if err != nil && !yield(nil, &LineError{rows.At, err}) {
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

// sheetBatch collects the rows of a CSV file.
type sheetBatch struct {
	n         int
	size      int // of the cells, in bytes
	heads     []string
	key       int // column of the id
	prev      int // -1: none
	ids       []string
	prevTiers []string
	fields    []*column
	from      []int // the cell of each field
	refreshed []*dates
	all       int // column of "refreshed", -1: none
}

// dates are when the values of a field were enriched.
type dates struct {
	field string
	from  int // its cell, -1: the one for all
	times []time.Time
}

// newSheetBatch reads the header.
func newSheetBatch(m *accountscore.Model, rows *sheet.Records, o *options) (*sheetBatch, error) {
	if o.err != nil {
		return nil, o.err
	}
	cells, err := rows.Next()
	switch {
	case err == io.EOF:
		return nil, errors.New("the file is empty: it has no header")
	case err != nil:
		return nil, fmt.Errorf("the header: %w", err)
	}
	b := &sheetBatch{}
	columns := make(map[string]int, len(cells))
	for i, cell := range cells {
		head := strings.TrimSpace(string(cell))
		if head != "" {
			if _, twice := columns[head]; twice {
				return nil, fmt.Errorf("the header has the column %q twice", head)
			}
			columns[head] = i
		}
		b.heads = append(b.heads, head)
	}
	read := make([]bool, len(b.heads))
	find := func(head string) int {
		i, ok := columns[head]
		if !ok {
			return -1
		}
		read[i] = true
		return i
	}
	if b.key = find(o.key); b.key < 0 {
		return nil, fmt.Errorf("the header has no column %q; it has %s", o.key, strings.Join(b.heads[:min(len(b.heads), 12)], ", "))
	}
	taken := map[string]bool{o.key: true}
	for f, readers := range m.Fields() {
		taken[f.Key()] = true
		if i := find(f.Key()); i >= 0 && len(readers) > 0 {
			b.fields, b.from = append(b.fields, newColumn(f.Name, f.Type)), append(b.from, i)
		}
	}
	// A field of the ruleset may have such a name itself.
	further := func(head string) int {
		if taken[head] {
			return -1
		}
		return find(head)
	}
	b.prev, b.all = further("prev_tier"), further("refreshed")
	for f := range m.Fields() {
		if i := further("refreshed." + f.Name); i >= 0 || b.all >= 0 {
			b.refreshed = append(b.refreshed, &dates{field: f.Name, from: i})
		}
	}
	var unread []string
	for i, head := range b.heads {
		if !read[i] && head != "" {
			unread = append(unread, head)
		}
	}
	if len(unread) > 0 {
		o.unread(unread)
	}
	return b, nil
}

// row adds a row, or nothing where it has a fault.
func (b *sheetBatch) row(cells [][]byte) error {
	if len(cells) != len(b.heads) {
		return fmt.Errorf("the header has %d cells, the row %d", len(b.heads), len(cells))
	}
	id := bytes.TrimSpace(cells[b.key])
	if len(id) == 0 {
		return fmt.Errorf("the row has no %s", b.heads[b.key])
	}
	all, err := b.date(cells, b.all)
	if err != nil {
		return err
	}
	for _, d := range b.refreshed {
		at, err := b.date(cells, d.from)
		if err != nil {
			for _, d := range b.refreshed {
				d.times = d.times[:b.n]
			}
			return err
		}
		if at.IsZero() {
			at = all
		}
		d.times = append(d.times, at)
	}
	b.ids = append(b.ids, string(id))
	if b.prev >= 0 {
		b.prevTiers = append(b.prevTiers, string(bytes.TrimSpace(cells[b.prev])))
	}
	for i, c := range b.fields {
		c.cell(cells[b.from[i]])
		b.size += len(cells[b.from[i]])
	}
	b.n++
	return nil
}

// date reads a cell that may hold a date; i is -1 for none.
func (b *sheetBatch) date(cells [][]byte, i int) (time.Time, error) {
	if i < 0 {
		return time.Time{}, nil
	}
	cell := string(bytes.TrimSpace(cells[i]))
	if cell == "" {
		return time.Time{}, nil
	}
	at, err := parseTime(cell)
	if err != nil {
		return at, fmt.Errorf("column %s: %.40q is no time: write RFC 3339, or a date such as 2026-10-01", b.heads[i], cell)
	}
	return at, nil
}

// cell adds a cell by the type of the field.
func (c *column) cell(cell []byte) {
	trimmed := bytes.TrimSpace(cell)
	switch {
	case len(trimmed) == 0:
		c.missing(false)
	case c.typ == dsl.NumberType && plainNumber(trimmed):
		c.number(trimmed)
	case c.typ == dsl.BoolType && len(trimmed) == 4 && bytes.EqualFold(trimmed, []byte("true")):
		c.bool(true)
	case c.typ == dsl.BoolType && len(trimmed) == 5 && bytes.EqualFold(trimmed, []byte("false")):
		c.bool(false)
	case c.typ == dsl.ListType:
		for item := range bytes.SplitSeq(cell, []byte(";")) {
			if item = bytes.TrimSpace(item); len(item) > 0 {
				c.item(item)
			}
		}
		c.list()
	case c.typ == dsl.TimeType:
		c.text(trimmed)
	case c.typ == dsl.TextType:
		c.text(cell)
	default:
		c.missing(true)
	}
}

// plainNumber tells whether a cell is made of what a plain decimal number is:
// no thousands separators, no currency.
func plainNumber(s []byte) bool {
	for _, c := range s {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return false
		}
	}
	return true
}

func (b *sheetBatch) table() *accountscore.Table {
	t := accountscore.NewTable(b.n)
	t.IDs(b.ids)
	if b.prev >= 0 {
		t.PrevTiers(b.prevTiers)
	}
	for _, c := range b.fields {
		c.addTo(t)
	}
	for _, d := range b.refreshed {
		t.Refreshed(d.field, d.times)
	}
	return t
}

func (b *sheetBatch) reset() {
	b.n, b.size, b.ids, b.prevTiers = 0, 0, b.ids[:0], b.prevTiers[:0]
	for _, c := range b.fields {
		c.reset()
	}
	for _, d := range b.refreshed {
		d.times = d.times[:0]
	}
}
