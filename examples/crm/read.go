package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// sheet is a CSV file by the names of its columns.
type sheet struct {
	file    string
	columns map[string]int
	rows    [][]string
}

// row is one line of a sheet.
type row struct {
	sheet  *sheet
	number int // its line in the file, as an editor counts
	cells  []string
}

// get gives a cell without the spaces around it.
func (r row) get(column string) string { return strings.TrimSpace(r.cells[r.sheet.columns[column]]) }

func (s *sheet) each(yield func(row) bool) {
	for i, cells := range s.rows {
		if !yield(row{s, i + 2, cells}) {
			return
		}
	}
}

// readSheet reads a file that must have the given columns; others are ignored.
func readSheet(dir, file string, columns ...string) (*sheet, error) {
	f, err := os.Open(filepath.Join(dir, file))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s is empty", file)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	s := &sheet{file: file, columns: map[string]int{}}
	for i, name := range head {
		s.columns[strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))] = i
	}
	for _, c := range columns {
		if _, ok := s.columns[c]; !ok {
			return nil, fmt.Errorf("%s has no column %q; its columns are %s", file, c, strings.Join(head, ", "))
		}
	}
	if s.rows, err = r.ReadAll(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// crm is the four files of a folder.
type crm struct {
	accounts, pipeline, products, teams *sheet
}

func readCRM(dir string) (*crm, error) {
	var c crm
	var errs []error
	for _, f := range []struct {
		to      **sheet
		file    string
		columns []string
	}{
		{&c.accounts, "accounts.csv", []string{"account", "sector", "year_established", "revenue", "employees", "office_location", "subsidiary_of"}},
		{&c.pipeline, "sales_pipeline.csv", []string{"opportunity_id", "sales_agent", "product", "account", "deal_stage", "engage_date", "close_date", "close_value"}},
		{&c.products, "products.csv", []string{"product", "series", "sales_price"}},
		{&c.teams, "sales_teams.csv", []string{"sales_agent", "regional_office"}},
	} {
		s, err := readSheet(dir, f.file, f.columns...)
		*f.to = s
		errs = append(errs, err)
	}
	return &c, errors.Join(errs...)
}
