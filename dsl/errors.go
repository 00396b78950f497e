package dsl

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Code identifies a kind of error; codes are stable, messages are not.
type Code string

// The codes.
const (
	CodeLimit      Code = "limit"       // a published bound is exceeded
	CodeEncoding   Code = "encoding"    // not UTF-8, or a NUL
	CodeToken      Code = "token"       // a character or literal that is none
	CodeSyntax     Code = "syntax"      // a form that the language does not have
	CodeName       Code = "name"        // a name that is not declared
	CodeDuplicate  Code = "duplicate"   // a name declared twice, or reserved
	CodeType       Code = "type"        // a value of another type is wanted
	CodeInference  Code = "inference"   // a type that use alone does not tell
	CodeValue      Code = "value"       // a number out of range, a value not allowed
	CodeParam      Code = "param"       // a param that wants a value
	CodeFunction   Code = "function"    // a function that does not exist or is called wrongly
	CodeNotAllowed Code = "not-allowed" // legal in expr-lang, left out here
	CodeStructure  Code = "structure"   // statements that do not fit together
)

// Error is one fault of a ruleset, with its place and how to mend it.
type Error struct {
	File    string // the ruleset's file, or the path of the formula
	Pos     Pos
	Code    Code
	Message string // what is wrong, without the place
	Fix     string // how to mend it
	Line    string // the source line at Pos; may be empty
}

// NewError makes an error at a place of a ruleset. Without a fix it has one
// that goes with every error of its code.
func NewError(rs *Ruleset, pos Pos, code Code, message, fix string) *Error {
	return newError(place{rs.File, rs.Source}, pos, code, message, fix)
}

// newError makes every error of the package, so that none is without a fix.
func newError(at place, pos Pos, code Code, message, fix string) *Error {
	if fix == "" {
		fix = plainFixes[code]
	}
	return &Error{File: at.file, Pos: pos, Code: code, Message: message, Fix: fix, Line: sourceLine(at.text, pos)}
}

// plainFixes are the fixes of errors that have none of their own.
var plainFixes = map[Code]string{
	CodeLimit:      "split it, or write less",
	CodeEncoding:   "save the file as UTF-8",
	CodeToken:      "delete it, or put quotes around the text",
	CodeSyntax:     "write it another way: a rule is condition → +10",
	CodeName:       "declare the name, or write one that is declared",
	CodeDuplicate:  "keep one of them, or give one another name",
	CodeType:       "compare values of one type, or declare the field with the type that it has",
	CodeInference:  "declare the fields, as in field employees number",
	CodeValue:      "write another value",
	CodeParam:      "give it a value: param name = value",
	CodeFunction:   "call one of the language's functions with the arguments that it takes",
	CodeNotAllowed: "write it another way: the language leaves it out",
	CodeStructure:  "move it, or leave it out",
}

const maxLine = 100 // characters of a source line that an error shows

// Error gives place, code and message, then the source line with a caret and
// the fix.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Short())
	if e.Line != "" {
		line, caret := clip(e.Line, e.Pos.Column)
		fmt.Fprintf(&b, "\n    %s\n    %s^", line, strings.Repeat(" ", caret))
	}
	if e.Fix != "" {
		fmt.Fprintf(&b, "\n    fix: %s", clipText(e.Fix, 300))
	}
	return b.String()
}

// Short gives place, code and message on one line. What is not in a text, as a
// bad option, has no line and column.
func (e *Error) Short() string {
	file := e.File
	if file == "" {
		file = "ruleset"
	}
	at := ""
	if e.Pos.Line > 0 {
		at = fmt.Sprintf(":%d:%d", e.Pos.Line, e.Pos.Column)
	}
	return fmt.Sprintf("%s%s: %s [%s]", clipText(file, 80), at, clipText(e.Message, 300), e.Code)
}

// clip cuts a line to what an error shows around a column, and gives the
// caret's offset in it.
func clip(line string, column int) (string, int) {
	runes := []rune(strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		if r < ' ' || r == utf8.RuneError || r == 0x7f {
			return '.'
		}
		return r
	}, line))
	at := min(max(column-1, 0), len(runes))
	if len(runes) <= maxLine {
		return string(runes), at
	}
	from := max(0, at-maxLine/2)
	to := min(len(runes), from+maxLine)
	return string(runes[from:to]), at - from
}

func clipText(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// ErrorList is every fault of a ruleset, in order of place.
type ErrorList []*Error

const (
	maxShown = 10
	maxBytes = 4 << 10
)

// Error shows at most ten faults and stays under 4 KiB.
func (l ErrorList) Error() string {
	var b strings.Builder
	for i, e := range l {
		s := e.Error()
		if i == maxShown || i > 0 && b.Len()+len(s)+64 > maxBytes {
			fmt.Fprintf(&b, "\nand %d more errors", len(l)-i)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(s)
	}
	return b.String()
}

// Unwrap gives the faults one by one; each is an *Error.
func (l ErrorList) Unwrap() []error {
	errs := make([]error, len(l))
	for i, e := range l {
		errs[i] = e
	}
	return errs
}

// Sort orders the faults by place and drops repeats of one place and code.
func (l *ErrorList) Sort() {
	slices.SortStableFunc(*l, func(a, b *Error) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Pos.Offset - b.Pos.Offset
	})
	*l = slices.CompactFunc(*l, func(a, b *Error) bool {
		return a.File == b.File && a.Pos == b.Pos && a.Code == b.Code
	})
}

// Err gives the list as an error, nil if it is empty.
func (l ErrorList) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}
