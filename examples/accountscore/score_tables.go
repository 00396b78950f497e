package main

import (
	"bytes"
	"context"
	"io"
	"iter"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/internal/sheet"
	"github.com/accountscore/accountscore/tables"
)

// all scores every file. CSV and JSON lines go through tables, a chunk at a
// time, wherever that gives what scoring account by account does.
func (s *scoring) all() error {
	for _, name := range s.in.files {
		if err := s.in.open(name, func(f form, text *sheet.Lines) error { return s.file(name, f, text) }); err != nil {
			return err
		}
	}
	return s.each(func(yield func(item) bool) {
		for _, it := range s.in.joins.left() {
			if !yield(it) {
				return
			}
		}
	})
}

// each scores account by account.
func (s *scoring) each(items iter.Seq[item]) error {
	return s.c.scoreEach(s.l.model, items, s.at, s.workers, s.one)
}

func (s *scoring) file(name string, f form, text *sheet.Lines) error {
	switch {
	case s.strict || len(s.in.joins.byAccount) > 0:
		// What further files know joins an account, and -strict stops at one.
	case f == csvForm:
		rows, err := s.in.newAccountSheet(shown(name), text)
		if rows == nil {
			return err
		}
		return s.chunks(name, newChunkedSheet(rows))
	case f == linesForm:
		return s.chunks(name, &chunkedLines{s.in, text})
	}
	var failed error
	if err := s.each(func(yield func(item) bool) { failed = s.in.read(name, f, text, yield) }); err != nil {
		return err
	}
	return failed
}

// chunks scores a file chunk by chunk.
func (s *scoring) chunks(name string, f chunked) error {
	k := &chunk{file: shown(name)}
	most := chunkRows
	if s.chunkRows > 0 {
		most = s.chunkRows
	}
	for {
		if k.most = most; !s.c.quiet && s.survey.watching(true) {
			k.most = min(most, surveyed) // these are scored one by one
		}
		failed := f.next(k)
		done, err := s.byTable(f, k)
		if !done && err == nil {
			err = s.each(func(yield func(item) bool) {
				for i := range k.rows {
					if !yield(f.item(k, i)) {
						return
					}
				}
			})
		}
		switch {
		case err != nil:
			return err
		case failed != nil:
			return failed
		case len(k.rows) == 0:
			return nil
		}
	}
}

// byTable scores a chunk through a table. It does nothing where account by
// account there may be more to tell than a table shows: a line that is no
// account after all, or accounts that the survey wants to see.
func (s *scoring) byTable(f chunked, k *chunk) (done bool, err error) {
	if k.good == 0 {
		return false, nil
	}
	_, columns := f.(*chunkedSheet)
	if !s.c.quiet && s.survey.watching(columns) {
		return false, nil
	}
	for table, err := range f.tables(s.l.model, k) {
		if err != nil || table.Len() != k.good {
			return false, nil
		}
		if _, err := s.l.model.ScoreTable(context.Background(), table, s.at, accountscore.Into(&s.scores), accountscore.Workers(s.workers)); err != nil {
			return false, nil
		}
		return true, s.tabled(f, k)
	}
	return false, nil
}

// tabled hands over what a chunk came to.
func (s *scoring) tabled(f chunked, k *chunk) error {
	var r accountscore.Result
	row := 0
	s.tabledRows += k.good
	for i := range k.rows {
		if k.rows[i].err != nil {
			if err := s.one(f.item(k, i), r); err != nil {
				return err
			}
			continue
		}
		s.scores.RowInto(&r, row)
		row++
		if err := s.in.ids.admit(r.AccountID); err != nil {
			if err := s.one(item{file: k.file, line: k.rows[i].line, err: err}, r); err != nil {
				return err
			}
			continue
		}
		s.c.bar.step()
		if r.Invalid > 0 && !s.c.quiet {
			if err := s.showInvalid(f.item(k, i)); err != nil {
				return err
			}
		}
		s.written++
		if err := s.out.write(&r); err != nil {
			return err
		}
	}
	if rows, ok := f.(*chunkedSheet); ok && !s.c.quiet {
		s.survey.columns(k.good, func(key string) (bool, bool) { return rows.fill(k, key) })
	}
	return nil
}

// tables reads the chunk's accounts again. A byte order mark is nothing at the
// beginning of a file, and a fault elsewhere.
func (f *chunkedLines) tables(m *accountscore.Model, k *chunk) iter.Seq2[*accountscore.Table, error] {
	if bytes.HasPrefix(k.text, []byte("\ufeff")) {
		return func(func(*accountscore.Table, error) bool) {}
	}
	return tables.JSONLines(m, bytes.NewReader(k.text), tables.Rows(chunkRows))
}

func (f *chunkedSheet) tables(m *accountscore.Model, k *chunk) iter.Seq2[*accountscore.Table, error] {
	text := io.MultiReader(bytes.NewReader(f.header), bytes.NewReader(k.text))
	return tables.CSV(m, text, tables.Rows(chunkRows), tables.Key(f.in.key), tables.Comma(f.in.comma))
}
