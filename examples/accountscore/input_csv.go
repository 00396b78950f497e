package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/sheet"
)

// headed is a CSV file with a header.
type headed struct {
	sheet.Records
	file  string
	heads []string
}

// newSheet reads the header and makes sure that the wanted columns are there.
// With key the wanted one is what the flag -key names.
func newSheet(file string, text *sheet.Lines, comma byte, key bool, wanted ...string) (*headed, error) {
	s := &headed{Records: sheet.Records{Lines: text, Comma: comma}, file: file}
	cells, err := s.Next()
	switch {
	case err == io.EOF:
		return s, nil // an empty file holds no accounts
	case err != nil:
		return nil, fmt.Errorf("%s:%d: %w", file, max(s.At, 1), err)
	}
	heads := textsOf(cells)
	for i, head := range heads {
		head = strings.TrimSpace(head)
		if head != "" && slices.Contains(s.heads, head) {
			return nil, fmt.Errorf("%s: the header has the column %s twice", file, quoted(head))
		}
		heads[i] = head
		s.heads = heads[:i+1]
	}
	for _, w := range wanted {
		if !slices.Contains(heads, w) {
			return nil, fmt.Errorf("%s has no column %s; it has %s%s", file, quoted(w), listed(heads, 12), s.remedy(w, key))
		}
	}
	return s, nil
}

// remedy says what to do about a column that there is not.
func (s *headed) remedy(wanted string, key bool) string {
	if len(s.heads) == 1 && strings.ContainsAny(s.heads[0], ";\t") {
		return "; the cells seem to be parted by another character: -comma names it"
	}
	meant := ""
	for _, head := range s.heads {
		if meant == "" && head != "" && fold(head) == fold(wanted) {
			meant = head
		}
	}
	switch {
	case key && meant != "":
		return "; if " + quoted(meant) + " holds the account's id, give -key " + shellWord(meant)
	case key:
		example := "COLUMN"
		if i := slices.IndexFunc(s.heads, func(h string) bool { return h != "" }); i >= 0 {
			example = shellWord(s.heads[i])
		}
		return "; -key names the column that holds the account's id, as in -key " + example
	case meant != "":
		return "; rename " + quoted(meant)
	}
	return ""
}

// shellWord writes a name as a shell reads it.
func shellWord(s string) string {
	s = plain(clip(s, 60))
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// rows gives the cells of every record, or why it is a bad line, until do
// returns false. What keeps the rest from being read is an error.
func (s *headed) rows(do func(cells []string, bad error) bool) error {
	for {
		cells, err := s.row()
		if err == io.EOF {
			return nil
		}
		var bad sheet.RowError
		if err != nil && !errors.As(err, &bad) {
			return fmt.Errorf("%s:%d: %w", s.file, s.At, err)
		}
		if !do(cells, err) {
			return nil
		}
	}
}

// row gives the next record that has a cell for each head.
func (s *headed) row() ([]string, error) {
	cells, err := s.Next()
	if err == nil && len(cells) != len(s.heads) {
		return nil, sheet.RowError{Err: s.wrongWidth(len(cells))}
	}
	return textsOf(cells), err
}

func (s *headed) wrongWidth(cells int) error {
	return fmt.Errorf("the row has %s, the header %d", count(cells, "cell", "cells"), len(s.heads))
}

func textsOf(cells [][]byte) []string {
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = string(c)
	}
	return texts
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
		case ofField && slices.ContainsFunc(fields, func(f accountscore.Field) bool { return f.Name == field }):
			c.refreshed[i] = field
		}
	}
	return c
}

// own gives the heads of an account's row that are no field's.
func (c *mapping) own() []string {
	var list []string
	for i, head := range c.names {
		if _, dated := c.refreshed[i]; dated || i == c.id || i == c.prevTier {
			list = append(list, head)
		}
	}
	return list
}

// unread gives the heads that neither are among own nor a field of a ruleset.
func (s *headed) unread(own []string, columns []mapping) []string {
	var list []string
	for i, head := range s.heads {
		read := head == "" || slices.Contains(own, head)
		for c := range columns {
			read = read || columns[c].types[i] != ""
		}
		if !read {
			list = append(list, head)
		}
	}
	return list
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
