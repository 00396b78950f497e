package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/internal/sheet"
)

// readLines reads JSON lines: an account a line, empty lines between them.
func readLines(text *sheet.Lines, yield func(line int, a accountscore.Account, err error) bool) error {
	for {
		line, err := text.Next()
		switch {
		case err == io.EOF:
			return nil
		case err == sheet.ErrTooLong:
			if !yield(text.Number, accountscore.Account{}, err) {
				return nil
			}
			continue
		case err != nil:
			return err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		a, err := readAccount(line)
		if !yield(text.Number, a, err) {
			return nil
		}
	}
}

// readAccount reads one account and says what is wrong in words that fit a
// person who sees the file.
func readAccount(text []byte) (accountscore.Account, error) {
	var a accountscore.Account
	err := json.Unmarshal(text, &a)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input":
		return a, fmt.Errorf("no JSON object: it is cut off at character %d: a quote, ] or } is missing", utf8.RuneCount(text))
	case errors.As(err, &syntax):
		return a, brokenText(text, int(syntax.Offset))
	case err == nil && string(bytes.TrimSpace(text)) == "null":
		return a, errors.New("no JSON object: null")
	}
	return a, err
}

// meantJSON is what people and programs write that JSON has another word for.
var meantJSON = map[string]string{"True": "true", "TRUE": "true", "yes": "true", "False": "false", "FALSE": "false", "no": "false",
	"None": "null", "NULL": "null", "Null": "null", "nil": "null", "NaN": "null", "nan": "null", "NA": "null", "N": "null", "undefined": "null", "Infinity": "null", "inf": "null"}

// brokenText says where a text is no JSON, and what to do about it. offset is
// of the byte behind the one that cannot stand there.
func brokenText(text []byte, offset int) error {
	at := min(max(offset-1, 0), len(text))
	letter := func(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
	from, to := at, at
	if at < len(text) && letter(text[at]) {
		for from > 0 && letter(text[from-1]) {
			from--
		}
		for to < len(text) && letter(text[to]) {
			to++
		}
	}
	if from == to && to < len(text) {
		_, n := utf8.DecodeRune(text[to:])
		to += n
	}
	what, before := string(text[from:to]), bytes.TrimRight(text[:from], " \t\r\n")
	fix := "texts stand in double quotes, and what is not known is null"
	switch {
	case meantJSON[what] != "":
		fix = "write " + meantJSON[what]
	case strings.Contains("}]", what) && bytes.HasSuffix(before, []byte(",")):
		fix = "drop the comma before it"
	case what != "" && what[0] < ' ':
		fix = `in a text it is written \t, \n or \u0000`
	case what == "'":
		fix = "texts stand in double quotes"
	case what == `"`:
		fix = "a comma or a colon is missing before it"
	}
	return fmt.Errorf("no JSON object: %s cannot stand at character %d: %s", quoted(what), utf8.RuneCount(text[:from])+1, fix)
}

// readValues reads accounts that may span lines: those of an array, or one
// after another. After a fault of the JSON itself there is no telling where
// the next account begins, so that it ends the file.
func readValues(r *bufio.Reader, array bool, yield func(line int, a accountscore.Account, err error) bool) error {
	in := &countedLines{r: r, limit: sheet.MaxLine}
	dec := json.NewDecoder(in)
	if array {
		if _, err := dec.Token(); err != nil {
			return err
		}
	}
	for n := 1; dec.More(); n++ {
		in.limit = dec.InputOffset() + sheet.MaxLine
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			yield(in.lineAt(dec.InputOffset()), accountscore.Account{}, brokenJSON(n, err))
			return in.failed
		}
		line := in.lineAt(dec.InputOffset() - int64(len(raw)))
		a, err := readAccount(raw)
		if !yield(line, a, err) {
			return nil
		}
	}
	if !array {
		return in.failed
	}
	if _, err := dec.Token(); err != nil {
		yield(in.lineAt(dec.InputOffset()), accountscore.Account{}, fmt.Errorf("the array is not closed: %w", err))
		return in.failed
	}
	if _, err := dec.Token(); err != io.EOF {
		yield(in.lineAt(dec.InputOffset()), accountscore.Account{}, errors.New("something follows the array, and is not read"))
	}
	return in.failed
}

func brokenJSON(n int, err error) error {
	return fmt.Errorf("account %d: %w; the rest of the file is not read", n, err)
}

// countedLines counts the lines of what it reads, so that an offset of the
// decoder can be told as a line, and ends a value that is too long.
type countedLines struct {
	r      io.Reader
	read   int64
	limit  int64
	ends   []int64 // offsets of the line ends read and not yet passed
	passed int
	failed error // of r
}

func (c *countedLines) Read(p []byte) (int, error) {
	if c.read > c.limit {
		return 0, sheet.ErrTooLong
	}
	n, err := c.r.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			c.ends = append(c.ends, c.read+int64(i))
		}
	}
	c.read += int64(n)
	if err != nil && err != io.EOF {
		c.failed = err
	}
	return n, err
}

// lineAt gives the line of an offset, no smaller than the one asked for last.
func (c *countedLines) lineAt(offset int64) int {
	n := 0
	for n < len(c.ends) && c.ends[n] < offset {
		n++
	}
	c.passed += n
	c.ends = c.ends[:copy(c.ends, c.ends[n:])]
	return c.passed + 1
}
