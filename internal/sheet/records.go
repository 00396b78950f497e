package sheet

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// Records reads CSV. encoding/csv would do, but for three things that long
// files of many hands need: a record is bounded, its first line is known, and
// after a bad record, a quote that is never closed above all, reading goes on
// at the very next line.
type Records struct {
	*Lines
	Comma byte
	At    int // the line on which the record that Next gave last begins
	held  [][]byte
	rec   record
}

// RowError is the fault of one row; those after it can be read.
type RowError struct{ Err error }

func (e RowError) Error() string { return e.Err.Error() }

// Unwrap gives the fault itself.
func (e RowError) Unwrap() error { return e.Err }

// errQuote is a quote that stands where none can.
var errQuote = errors.New(`a " stands inside a cell: put the cell in quotes and write "" for it`)

var errEncoding = errors.New("not UTF-8: export the file as CSV UTF-8")

// lineCost is what holding a line takes beside its text.
const lineCost = 32

// Next gives the cells of the next record that is not an empty line; they hold
// until the next call. An error of one record leaves the ones after it to be
// read.
func (r *Records) Next() ([][]byte, error) {
	for {
		line, err := r.Lines.Next()
		if err != nil {
			if r.At = r.Number; err == ErrTooLong {
				return nil, RowError{err}
			}
			r.At++ // the line that cannot be read
			return nil, err
		}
		if len(line) == 0 {
			continue
		}
		r.At, r.held = r.Number, r.held[:0]
		rec := &r.rec
		rec.text, rec.ends, rec.quoted = rec.text[:0], rec.ends[:0], false
		err = rec.add(line, r.Comma)
		for size := len(line); err == nil && rec.quoted; {
			var more []byte
			if more, err = r.Lines.Next(); err == nil {
				r.held = append(r.held, bytes.Clone(more))
				if size += len(more) + lineCost; size > MaxLine {
					err = ErrTooLong
					break
				}
				err = rec.add(more, r.Comma)
			}
		}
		switch {
		case err == nil:
			return rec.split(), nil
		case rec.quoted && (err == io.EOF || err == ErrTooLong):
			err = errors.New(`a " opens a cell that is never closed`)
		case err != errQuote && err != ErrTooLong && err != errEncoding:
			r.At = r.Number + 1
			return nil, err // the file cannot be read any further
		}
		r.back(r.At, r.held)
		r.held, rec.text = nil, nil
		return nil, RowError{err}
	}
}

// record is a CSV record on its way through its lines.
type record struct {
	text   []byte // of the cells, one after the other
	ends   []int  // of each cell in text
	cells  [][]byte
	quoted bool // a quoted cell is open
}

func (r *record) split() [][]byte {
	r.cells = r.cells[:0]
	from := 0
	for _, end := range r.ends {
		r.cells = append(r.cells, r.text[from:end:end])
		from = end
	}
	return r.cells
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
				r.text = append(r.text, cell...)
				r.ends = append(r.ends, len(r.text))
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
			r.text = append(append(r.text, line...), '\n')
			return nil
		}
		r.text = append(r.text, line[:end]...)
		line = line[end+1:]
		switch {
		case len(line) > 0 && line[0] == '"':
			r.text, line = append(r.text, '"'), line[1:]
			continue
		case len(line) > 0 && line[0] != comma:
			return errQuote
		}
		r.ends, r.quoted = append(r.ends, len(r.text)), false
		if len(line) == 0 {
			return nil
		}
		line = line[1:]
	}
}
