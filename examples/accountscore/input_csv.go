package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
)

// records reads a CSV file. encoding/csv would do, but for three things that
// long files of many hands need: a record is bounded, its first line is known,
// and after a bad record, a quote that is never closed above all, reading goes
// on at the very next line.
type records struct {
	*lines
	comma byte
	at    int // the line on which the record that next gave last begins
	held  [][]byte
}

// rowError is the fault of one row; those after it can be read.
type rowError struct{ error }

// errQuote is a quote that stands where none can.
var errQuote = errors.New(`a " stands inside a cell: put the cell in quotes and write "" for it`)

// lineCost is what holding a line takes beside its text.
const lineCost = 32

// next gives the next record that is not an empty line. An error of one record
// leaves the ones after it to be read.
func (r *records) next() ([]string, error) {
	for {
		line, err := r.lines.next()
		if err != nil {
			r.at = r.number
			if err == errTooLong {
				err = rowError{err}
			}
			return nil, err
		}
		if len(line) == 0 {
			continue
		}
		r.at, r.held = r.number, r.held[:0]
		var rec record
		err = rec.add(line, r.comma)
		for size := len(line); err == nil && rec.quoted; {
			var more []byte
			if more, err = r.lines.next(); err == nil {
				r.held = append(r.held, bytes.Clone(more))
				if size += len(more) + lineCost; size > maxLine {
					err = errTooLong
					break
				}
				err = rec.add(more, r.comma)
			}
		}
		switch {
		case err == nil:
			return rec.cells, nil
		case rec.quoted && (err == io.EOF || err == errTooLong):
			err = errors.New(`a " opens a cell that is never closed`)
		case err != errQuote && err != errTooLong && err != errEncoding:
			return nil, err // the file cannot be read any further
		}
		r.back(r.at, r.held)
		r.held = nil
		return nil, rowError{err}
	}
}

// record is a CSV record on its way through its lines.
type record struct {
	cells  []string
	cell   []byte
	quoted bool // a quoted cell is open
}

// add reads one more line.
func (r *record) add(line []byte, comma byte) error {
	if !utf8.Valid(line) {
		return errEncoding
	}
	for {
		if !r.quoted {
			if len(line) == 0 || line[0] != '"' {
				end := bytes.IndexByte(line, comma)
				cell := line
				if end >= 0 {
					cell = line[:end]
				}
				if bytes.IndexByte(cell, '"') >= 0 {
					return errQuote
				}
				r.cells = append(r.cells, string(cell))
				if end < 0 {
					return nil
				}
				line = line[end+1:]
				continue
			}
			r.quoted, line = true, line[1:]
		}
		end := bytes.IndexByte(line, '"')
		if end < 0 {
			r.cell = append(append(r.cell, line...), '\n')
			return nil
		}
		r.cell = append(r.cell, line[:end]...)
		line = line[end+1:]
		switch {
		case len(line) > 0 && line[0] == '"':
			r.cell, line = append(r.cell, '"'), line[1:]
			continue
		case len(line) > 0 && line[0] != comma:
			return errQuote
		}
		r.cells, r.cell, r.quoted = append(r.cells, string(r.cell)), r.cell[:0], false
		if len(line) == 0 {
			return nil
		}
		line = line[1:]
	}
}

var errEncoding = errors.New("not UTF-8: export the file as CSV UTF-8")

// sheet is a CSV file with a header.
type sheet struct {
	records
	file  string
	heads []string
}

// newSheet reads the header and makes sure that the wanted columns are there.
func newSheet(file string, text *lines, comma byte, wanted ...string) (*sheet, error) {
	s := &sheet{records: records{lines: text, comma: comma}, file: file}
	heads, err := s.next()
	switch {
	case err == io.EOF:
		return s, nil // an empty file holds no accounts
	case err != nil:
		return nil, fmt.Errorf("%s:%d: %w", file, max(s.at, 1), err)
	}
	for i, head := range heads {
		head = strings.TrimSpace(head)
		if head != "" && slices.Contains(s.heads, head) {
			return nil, fmt.Errorf("%s: the header has the column %s twice", file, quoted(head))
		}
		heads[i] = head
		s.heads = heads[:i+1]
	}
	for _, w := range wanted {
		if slices.Contains(heads, w) {
			continue
		}
		hint := ""
		if len(heads) == 1 && strings.ContainsAny(heads[0], ";\t") {
			hint = "; the cells seem to be parted by another character: -comma names it"
		}
		return nil, fmt.Errorf("%s has no column %s; it has %s%s", file, quoted(w), listed(heads, 12), hint)
	}
	return s, nil
}

// row gives the next record that has a cell for each head.
func (s *sheet) row() ([]string, error) {
	cells, err := s.next()
	if err == nil && len(cells) != len(s.heads) {
		return nil, rowError{fmt.Errorf("the row has %s, the header %d", count(len(cells), "cell", "cells"), len(s.heads))}
	}
	return cells, err
}

// mapping says what becomes of each cell of a row.
type mapping struct {
	types     []dsl.Type // "" for a column that no field reads
	names     []string
	id        int
	prevTier  int
	refreshed map[int]string // the field, "" for every field that the row has
}

const refreshedHead = "refreshed"

// mappingOf maps heads to the fields of a ruleset by their names in the source.
func mappingOf(heads []string, fields []accountscore.Field, id string) mapping {
	c := mapping{names: heads, types: make([]dsl.Type, len(heads)), id: -1, prevTier: -1, refreshed: map[int]string{}}
	for i, head := range heads {
		f := slices.IndexFunc(fields, func(f accountscore.Field) bool { return f.Key() == head })
		if f >= 0 {
			c.types[i] = fields[f].Type
		}
		field, ofField := strings.CutPrefix(head, refreshedHead+".")
		switch {
		case head == id:
			c.id = i
		case f >= 0:
		case head == "prev_tier":
			c.prevTier = i
		case head == refreshedHead:
			c.refreshed[i] = ""
		case ofField:
			c.refreshed[i] = field
		}
	}
	return c
}

// reads tells whether anything is made of a column.
func (c *mapping) reads(i int) bool {
	_, dated := c.refreshed[i]
	return c.types[i] != "" || i == c.id || i == c.prevTier || dated
}

// fields gives the values of a row. An empty cell is null.
func (c *mapping) fields(cells []string) map[string]any {
	values := make(map[string]any, len(cells))
	for i, typ := range c.types {
		if typ != "" {
			values[c.names[i]] = cellValue(cells[i], typ)
		}
	}
	return values
}

// account makes an account of a row.
func (c *mapping) account(cells []string, fields []accountscore.Field) (accountscore.Account, error) {
	a := accountscore.Account{ID: strings.TrimSpace(cells[c.id]), Fields: c.fields(cells)}
	if a.ID == "" {
		return a, fmt.Errorf("the row has no %s", c.names[c.id])
	}
	if c.prevTier >= 0 {
		a.PrevTier = strings.TrimSpace(cells[c.prevTier])
	}
	if len(c.refreshed) == 0 {
		return a, nil
	}
	a.Refreshed = map[string]time.Time{}
	var all *time.Time
	for i := range cells {
		name, dated := c.refreshed[i]
		if !dated || strings.TrimSpace(cells[i]) == "" {
			continue
		}
		at, err := readTime(cells[i])
		switch {
		case err != nil:
			return a, fmt.Errorf("column %s: %w", c.names[i], err)
		case name == "":
			all = &at
		default:
			a.Refreshed[name] = at
		}
	}
	if all != nil {
		for i := range fields {
			if _, own := a.Refreshed[fields[i].Name]; !own {
				a.Refreshed[fields[i].Name] = *all
			}
		}
	}
	return a, nil
}

// cellValue reads a cell by the type of its field. What does not fit stays a
// text, which the model counts and reports as invalid.
func cellValue(cell string, typ dsl.Type) any {
	trimmed := strings.TrimSpace(cell)
	if trimmed == "" {
		return nil
	}
	switch typ {
	case dsl.NumberType:
		if isNumber(trimmed) {
			return json.Number(trimmed)
		}
		return cell
	case dsl.BoolType:
		switch strings.ToLower(trimmed) {
		case "true":
			return true
		case "false":
			return false
		}
		return cell
	case dsl.ListType:
		items := []string{}
		for item := range strings.SplitSeq(cell, ";") {
			if item = strings.TrimSpace(item); item != "" {
				items = append(items, item)
			}
		}
		return items
	case dsl.TimeType:
		return trimmed
	}
	return cell
}

// isNumber tells whether a cell is a plain decimal number: no thousands
// separators, no currency, nothing that only a programmer would write.
func isNumber(s string) bool {
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return false
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}
