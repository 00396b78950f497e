package main

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind tells the kinds of token apart.
type tokenKind uint8

const (
	wordToken tokenKind = iota
	numberToken
	textToken
	commentToken
	opToken
	lineToken // a line's end
)

// token is a piece of a text. These tokens are coarser than the language's own
// and never wrong: any text has some, the half-written one under the cursor
// too.
type token struct {
	kind     tokenKind
	from, to int
	s        string
}

// listFunctions are the functions in whose parentheses # is an item.
var listFunctions = wordSet("all any none one filter count map sum")

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// scan cuts text[:end] into tokens. A text in quotes or a comment that end
// cuts through is the last token.
func scan(text string, end int) []token {
	s := scanner{text: text[:end]}
	for s.i < len(s.text) {
		s.step()
	}
	return s.toks
}

type scanner struct {
	text   string
	i      int
	toks   []token
	parens []bool // open parentheses; true: of a list function
	lists  int    // how many of them are
}

func (s *scanner) add(kind tokenKind, to int) {
	s.toks = append(s.toks, token{kind, s.i, to, s.text[s.i:to]})
	s.i = to
}

func (s *scanner) step() {
	rest := s.text[s.i:]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case r == '\n' || r == '\r':
		s.add(lineToken, s.i+size)
	case unicode.IsSpace(r) || r == '\ufeff':
		s.i += size
	case s.atComment(rest):
		s.add(commentToken, s.i+lineLen(rest))
	case quoteOf(r) != 0 && !s.afterWord():
		s.add(textToken, s.i+textLen(rest))
	case unicode.IsDigit(r):
		s.add(numberToken, s.i+numberLen(rest))
	case isWordRune(r):
		s.add(wordToken, s.i+wordLen(rest))
	default:
		s.operator(rest, size)
	}
}

func (s *scanner) atComment(rest string) bool {
	if rest[0] != '#' && !strings.HasPrefix(rest, "//") {
		return false
	}
	if s.i > 0 {
		if r, _ := utf8.DecodeLastRuneInString(s.text[:s.i]); !unicode.IsSpace(r) && r != '\ufeff' {
			return false
		}
	}
	return rest[0] != '#' || s.lists == 0
}

// afterWord tells whether a quote here is an apostrophe, as in Levi's.
func (s *scanner) afterWord() bool {
	r, _ := utf8.DecodeLastRuneInString(s.text[:s.i])
	return s.i > 0 && isWordRune(r)
}

// symbols are the operators of more than one character.
var symbols = []string{"->", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", ".."}

func (s *scanner) operator(rest string, size int) {
	for _, op := range symbols {
		if strings.HasPrefix(rest, op) {
			size = len(op)
		}
	}
	switch op := rest[:size]; {
	case op == "(":
		n := len(s.toks)
		list := n > 0 && listFunctions[s.toks[n-1].s]
		if s.parens = append(s.parens, list); list {
			s.lists++
		}
	case op == ")" && len(s.parens) > 0:
		last := len(s.parens) - 1
		if s.parens[last] {
			s.lists--
		}
		s.parens = s.parens[:last]
	case isArrow(op), op == "}":
		s.parens, s.lists = s.parens[:0], 0
	}
	s.add(opToken, s.i+size)
}

func isArrow(s string) bool { return s == "→" || s == "->" || s == "=>" || s == "⇒" }

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func wordLen(s string) int {
	for i, r := range s {
		if !isWordRune(r) {
			return i
		}
	}
	return len(s)
}

// numberLen gives the length of a number, a date or a length of time.
func numberLen(s string) int {
	n := wordLen(s)
	for n+1 < len(s) && strings.IndexByte(".:-", s[n]) >= 0 && isDigit(s[n+1]) && (s[n] != '-' || n == 4 || n == 7) {
		n += 1 + wordLen(s[n+1:])
	}
	if n < len(s) && s[n] == '%' {
		n++
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func lineLen(s string) int {
	if n := strings.IndexAny(s, "\r\n"); n >= 0 {
		return n
	}
	return len(s)
}

// quoteOf gives the plain form of a quote, zero for another character.
func quoteOf(r rune) rune {
	switch r {
	case '"', '“', '”', '„', '‟':
		return '"'
	case '\'', '‘', '’', '‚', '‛':
		return '\''
	case '`':
		return '`'
	}
	return 0
}

// textLen gives the length of the text in quotes that s begins with; one that
// nothing closes ends with its line.
func textLen(s string) int {
	open, size := utf8.DecodeRuneInString(s)
	quote := quoteOf(open)
	if quote == '`' {
		if n := strings.IndexByte(s[1:], '`'); n >= 0 {
			return n + 2
		}
		return lineLen(s)
	}
	i := size
	for i < len(s) && s[i] != '\n' && s[i] != '\r' {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if r == '\\' && i < len(s) && s[i] != '\n' && s[i] != '\r' {
			_, n := utf8.DecodeRuneInString(s[i:])
			i += n
			continue
		}
		// A smart quote may close what a smart one opened, a plain one both.
		if r == quote || open != quote && quoteOf(r) == quote {
			return i
		}
	}
	return i
}
