// Package sheet reads long files of many hands line by line: text of any line
// ending, and CSV in which a fault ends no more than its own row.
package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// MaxLine bounds a line, a CSV record and an account of a JSON array, so that
// no file can exhaust the memory.
const MaxLine = 16 << 20

// ErrTooLong is of a line or a record beyond MaxLine.
var ErrTooLong = errors.New("longer than 16 MiB")

// Lines reads a text line by line, however it ends its lines, and without the
// byte order mark that some programs begin a file with.
type Lines struct {
	Text   *bufio.Reader // what is left
	Number int           // of the line that Next gave last, from 1
	long   []byte
	again  [][]byte // lines to be given once more, before any other
}

// NewLines begins to read.
func NewLines(r io.Reader) *Lines {
	b := bufio.NewReaderSize(r, 1<<16)
	if mark, _ := b.Peek(3); string(mark) == "\ufeff" {
		b.Discard(3)
	}
	return &Lines{Text: b}
}

// Next gives the next line, without its end; it holds until the next call. A
// line that is too long is skipped and ErrTooLong.
func (l *Lines) Next() ([]byte, error) {
	if len(l.again) > 0 {
		line := l.again[0]
		l.again = l.again[1:]
		l.Number++
		return line, nil
	}
	line, err := l.Text.ReadSlice('\n')
	tooLong := false
	if err == bufio.ErrBufferFull {
		l.long = append(l.long[:0], line...)
		for err == bufio.ErrBufferFull {
			line, err = l.Text.ReadSlice('\n')
			if tooLong = tooLong || len(l.long)+len(line) > MaxLine; !tooLong {
				l.long = append(l.long, line...)
			}
		}
		line = l.long
	}
	if err != nil && (err != io.EOF || len(line) == 0) {
		return nil, err
	}
	l.Number++
	if tooLong {
		l.long = nil
		return nil, ErrTooLong
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), nil
}

// back gives lines once more; they follow the line with the given number.
func (l *Lines) back(number int, text [][]byte) {
	l.Number = number
	if len(text) == 0 {
		return // the usual case, and l.again may be long
	}
	l.again = append(text[:len(text):len(text)], l.again...)
}
