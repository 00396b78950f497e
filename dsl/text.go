package dsl

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// text reads a quoted text.
func (l *lexer) text() {
	if l.src[l.i] == '`' && l.noBacktick {
		l.fault(faultBacktick, endOfLine(l.src, l.i, l.end))
		return
	}
	to, fault, odd := scanText(l.src, l.i, l.end)
	if fault != 0 {
		if fault == faultBacktick {
			l.noBacktick = true
		}
		l.fault(fault, to)
		return
	}
	value, ok := textValue(l.src[l.i:to])
	if !ok {
		l.fault(faultEscape, to)
		return
	}
	if odd {
		l.flags |= fOdd
	}
	t := l.add(tText, opNone, l.i, to)
	t.aux = int32(len(l.texts))
	l.texts = append(l.texts, value)
}

// openingQuote gives the plain form of the quote that s begins with, zero if
// it begins with none.
func openingQuote(s string) (plain byte, size int) {
	r, size := utf8.DecodeRuneInString(s)
	switch r {
	case '"', '\'', '`':
		return byte(r), 1
	}
	return smartQuote(r), size
}

// scanText finds the end of the quoted text at i. A text ends on its line,
// save one in backticks. What a smart quote opens, a smart or a plain one
// closes; what a plain one opens, a plain one closes, so that “ may stand in
// it. On a fault the offset is where reading can go on.
func scanText(src string, i, end int) (to int, fault lexFault, odd bool) {
	quote, size := openingQuote(src[i:end])
	odd = size > 1
	j := i + size
	if quote == '`' {
		for j < end {
			n := strings.IndexByte(src[j:end], '`')
			if n < 0 {
				break
			}
			j += n + 1
			if j == end || src[j] != '`' {
				return j, 0, strings.ContainsAny(src[i:j], "\r\n")
			}
			j++ // two backticks stand for one
		}
		return endOfLine(src, i, end), faultBacktick, odd
	}
	for j < end {
		switch c := src[j]; {
		case c == quote:
			return j + 1, 0, odd
		case c == '\n' || c == '\r':
			return j, faultText, odd
		case c == '\\' && j+1 < end && src[j+1] != '\n' && src[j+1] != '\r':
			j += 2
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(src[j:end])
			j += n
			if odd && smartQuote(r) == quote {
				return j, 0, odd
			}
		default:
			j++
		}
	}
	return min(j, end), faultText, odd
}

// textValue takes off the quotes of a text and resolves its escapes, which
// are those of expr-lang.
func textValue(s string) (string, bool) {
	quote, size := openingQuote(s)
	_, last := utf8.DecodeLastRuneInString(s)
	s = s[size : len(s)-last]
	if quote == '`' {
		return strings.ReplaceAll(s, "``", "`"), true
	}
	if !strings.Contains(s, `\`) {
		return s, true
	}
	var b strings.Builder
	for s != "" {
		n := strings.IndexByte(s, '\\')
		if n < 0 {
			n = len(s)
		}
		b.WriteString(s[:n])
		if s = s[n:]; s == "" {
			break
		}
		r, size, ok := escape(s)
		if !ok || r == 0 || !utf8.ValidRune(r) {
			return "", false
		}
		b.WriteRune(r)
		s = s[size:]
	}
	return b.String(), true
}

// escape reads the escape that s begins with.
func escape(s string) (r rune, size int, ok bool) {
	if len(s) < 2 {
		return 0, 0, false
	}
	digits := func(from, n, base int) (rune, int, bool) {
		if len(s) < from+n {
			return 0, 0, false
		}
		v, err := strconv.ParseUint(s[from:from+n], base, 32)
		return rune(v), from + n, err == nil && v <= utf8.MaxRune
	}
	switch c := s[1]; c {
	case 'a':
		return '\a', 2, true
	case 'b':
		return '\b', 2, true
	case 'f':
		return '\f', 2, true
	case 'n':
		return '\n', 2, true
	case 'r':
		return '\r', 2, true
	case 't':
		return '\t', 2, true
	case 'v':
		return '\v', 2, true
	case '\\', '\'', '"', '`', '?':
		return rune(c), 2, true
	case 'x', 'X':
		return digits(2, 2, 16)
	case 'u':
		if strings.HasPrefix(s[2:], "{") {
			n := strings.IndexByte(s, '}')
			if n < 4 || n > 9 {
				return 0, 0, false
			}
			r, size, ok = digits(3, n-3, 16)
			return r, size + 1, ok
		}
		return digits(2, 4, 16)
	case 'U':
		return digits(2, 8, 16)
	case '0', '1', '2', '3':
		return digits(1, 3, 8)
	}
	r, _ = utf8.DecodeRuneInString(s[1:])
	// Any other quote may be escaped too: a smart one closes smart quotes.
	return r, 1 + utf8.RuneLen(r), smartQuote(r) != 0
}
