package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxLine bounds a line, a CSV record and an account of a JSON array, so that
// no file can exhaust the memory.
const maxLine = 16 << 20

var errTooLong = errors.New("longer than 16 MiB")

// lines reads a text line by line, however it ends its lines, and without the
// byte order mark that some programs begin a file with.
type lines struct {
	r      *bufio.Reader
	number int // of the line that next gave last, from 1
	long   []byte
	again  [][]byte // lines to be given once more, before any other
}

func newLines(r io.Reader) *lines {
	b := bufio.NewReaderSize(r, 1<<16)
	if mark, _ := b.Peek(3); string(mark) == "\ufeff" {
		b.Discard(3)
	}
	return &lines{r: b}
}

// next gives the next line, without its end; it holds until the next call. A
// line that is too long is skipped and errTooLong.
func (l *lines) next() ([]byte, error) {
	if len(l.again) > 0 {
		line := l.again[0]
		l.again = l.again[1:]
		l.number++
		return line, nil
	}
	line, err := l.r.ReadSlice('\n')
	tooLong := false
	if err == bufio.ErrBufferFull {
		l.long = append(l.long[:0], line...)
		for err == bufio.ErrBufferFull {
			line, err = l.r.ReadSlice('\n')
			if tooLong = tooLong || len(l.long)+len(line) > maxLine; !tooLong {
				l.long = append(l.long, line...)
			}
		}
		line = l.long
	}
	if err != nil && (err != io.EOF || len(line) == 0) {
		return nil, err
	}
	l.number++
	if tooLong {
		l.long = nil
		return nil, errTooLong
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), nil
}

// back gives lines once more; they follow the line with the given number.
func (l *lines) back(number int, text [][]byte) {
	l.number = number
	if len(text) == 0 {
		return // the usual case, and l.again may be long
	}
	l.again = append(text[:len(text):len(text)], l.again...)
}
