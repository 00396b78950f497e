package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/internal/sheet"
)

// What bounds a chunk.
const (
	chunkRows = 8192
	chunkSize = 8 << 20 // bytes of text
)

// chunk is some records of a file that begin and end with a line: rows of CSV,
// or lines of JSON. They can be read again, all at once or one by one.
type chunk struct {
	file   string
	most   int    // rows
	text   []byte // of the records that may be accounts, one after the other
	rows   []chunkRow
	good   int    // rows without a fault so far
	filled []bool // columns of CSV that have a value in any of these
}

// chunkRow is a record, or the fault of one.
type chunkRow struct {
	line int
	end  int // of its text
	err  error
}

func (k *chunk) reset() {
	k.text, k.rows, k.good = k.text[:0], k.rows[:0], 0
	clear(k.filled)
}

func (k *chunk) full() bool { return len(k.rows) >= k.most || len(k.text) >= chunkSize }

func (k *chunk) add(line int, err error) {
	if err == nil {
		k.good++
	}
	k.rows = append(k.rows, chunkRow{line, len(k.text), err})
}

// row gives the text of a record.
func (k *chunk) row(i int) []byte {
	from := 0
	if i > 0 {
		from = k.rows[i-1].end
	}
	return k.text[from:k.rows[i].end]
}

// chunked is a file that is read chunk by chunk.
type chunked interface {
	// next reads the next records; k.rows is empty at the end. An error keeps
	// the rest from being read: k holds what came before it.
	next(k *chunk) error
	// item reads a record again.
	item(k *chunk, i int) item
	// tables reads them all again; the first table has them all, or there is
	// something in them that a table does not show.
	tables(m *accountscore.Model, k *chunk) iter.Seq2[*accountscore.Table, error]
}

// chunkedLines is a file of JSON lines.
type chunkedLines struct {
	in   *input
	text *sheet.Lines
}

func (f *chunkedLines) next(k *chunk) error {
	for k.reset(); !k.full(); {
		line, err := f.text.Next()
		switch {
		case err == io.EOF:
			return nil
		case err == sheet.ErrTooLong:
			k.add(f.text.Number, err)
		case err != nil:
			return readFault(k.file, err)
		case len(bytes.TrimSpace(line)) > 0:
			k.text = append(append(k.text, line...), '\n')
			k.add(f.text.Number, nil)
		}
	}
	return nil
}

func (f *chunkedLines) item(k *chunk, i int) item {
	it := item{file: k.file, line: k.rows[i].line, err: k.rows[i].err}
	if it.err == nil {
		a, err := readAccount(bytes.TrimSuffix(k.row(i), []byte("\n")))
		it.err = err
		for range f.in.reads {
			it.accounts = append(it.accounts, a)
		}
	}
	return it
}

// chunkedSheet is a CSV file of accounts.
type chunkedSheet struct {
	*accountSheet
	header []byte // its text
}

func newChunkedSheet(s *accountSheet) *chunkedSheet {
	f := &chunkedSheet{accountSheet: s}
	for i, head := range s.heads {
		f.header = f.cell(f.header, i, []byte(head))
	}
	return f
}

// cell writes a cell such that it reads as it did.
func (f *chunkedSheet) cell(text []byte, i int, cell []byte) []byte {
	// A single empty cell would read as an empty line.
	if bytes.IndexByte(cell, f.Comma) >= 0 || bytes.ContainsAny(cell, "\"\r\n\ufeff") || len(cell)+len(f.heads) == 1 {
		cell = bytes.ReplaceAll(cell, []byte(`"`), []byte(`""`))
		text = append(append(append(text, '"'), cell...), '"')
	} else {
		text = append(text, cell...)
	}
	if i == len(f.heads)-1 {
		return append(text, '\n')
	}
	return append(text, f.Comma)
}

func (f *chunkedSheet) next(k *chunk) error {
	if k.filled == nil {
		k.filled = make([]bool, len(f.heads))
	}
	for k.reset(); !k.full(); {
		cells, err := f.Next()
		var bad sheet.RowError
		switch {
		case err == io.EOF:
			return nil
		case err != nil && !errors.As(err, &bad):
			return fmt.Errorf("%s:%d: %w", f.file, f.At, err)
		case err == nil && len(cells) != len(f.heads):
			err = f.wrongWidth(len(cells))
		}
		if err != nil {
			k.add(f.At, err)
			continue
		}
		for i, cell := range cells {
			k.text = f.cell(k.text, i, cell)
			k.filled[i] = k.filled[i] || len(bytes.TrimSpace(cell)) > 0
		}
		k.add(f.At, nil)
	}
	return nil
}

func (f *chunkedSheet) item(k *chunk, i int) item {
	it := item{file: k.file, line: k.rows[i].line, err: k.rows[i].err}
	if it.err != nil {
		return it
	}
	again := sheet.Records{Lines: sheet.NewLines(bytes.NewReader(k.row(i))), Comma: f.Comma}
	read, err := again.Next()
	it.err = err
	f.fillItem(&it, textsOf(read))
	return it
}

// fill tells for each head whether any record of the chunk has a value.
func (f *chunkedSheet) fill(k *chunk, key string) (there, filled bool) {
	i := slices.Index(f.heads, key)
	return i >= 0, i >= 0 && k.filled[i]
}
