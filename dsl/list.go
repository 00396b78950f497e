package dsl

import (
	"strings"
	"unicode/utf8"
)

// list reads a whole [ ] as one token; its items are cut when somebody wants
// them.
func (l *lexer) list() {
	s := listScan{src: l.src, start: l.i, i: l.i, end: l.end, deep: l.deep + len(l.open), element: l.elements > 0}
	if s.i++; s.deep >= MaxNesting {
		s.tooDeep = true
	}
	for !s.done {
		s.step()
	}
	switch {
	case s.tooDeep:
		l.limit = l.add(tError, faultList, l.i, l.i+1)
	case s.fault != faultNone:
		// Where the list ends nobody knows: the line is given up.
		l.i = s.faultAt
		l.fault(s.fault, endOfLine(l.src, l.i, l.end))
	default:
		if s.odd {
			l.flags |= fOdd
		}
		l.add(tList, opNone, l.i, s.i)
	}
}

// rawItem is an item of a list as it was cut.
type rawItem struct {
	ListItem
	from, to int  // in the source
	formula  bool // has what makes it an expression
	broken   bool // runs over a line end
	empty    bool // there is nothing between two commas
}

// listScan cuts the text of a list at its commas. Commas in quotes that begin
// an item and in brackets do not count.
type listScan struct {
	src     string
	start   int // its bracket
	i, end  int
	deep    int  // brackets around the list
	element bool // # is an element and no comment
	items   func(rawItem)

	nest    []byte // brackets that close
	done    bool
	odd     bool // not one plain line
	tooDeep bool
	fault   lexFault
	faultAt int

	began    bool
	item     rawItem
	last     int // end of the item so far
	pieces   []string
	piece    int // start of the piece of the item on this line
	split    bool
	space    bool // before the current character
	quoteEnd int  // end of the quoted text that the item began with
}

func (s *listScan) fail(f lexFault, at int) {
	s.fault, s.faultAt, s.done = f, at, true
}

func (s *listScan) step() {
	if s.i >= s.end {
		s.open()
		return
	}
	c := s.src[s.i]
	switch {
	case c == ' ' || c == '\t':
		s.space = true
		s.i++
	case c == '\n' || c == '\r':
		s.odd, s.space = true, true
		s.breakItem()
		s.i++
	case c == '#' && s.space && !s.element, c == '/' && s.space && strings.HasPrefix(s.src[s.i:s.end], "//"):
		s.odd = true
		s.breakItem()
		s.i = endOfLine(s.src, s.i, s.end)
	case c == ',' && len(s.nest) == 0:
		s.emit(true)
		s.i++
	case c == ']' && len(s.nest) == 0:
		s.emit(false)
		s.i++
		s.done = true
	case c >= utf8.RuneSelf:
		s.beyondASCII()
	default:
		s.char(c)
	}
}

// open reports a list that nothing closes.
func (s *listScan) open() {
	if len(s.nest) > 0 && s.nest[len(s.nest)-1] == ')' {
		s.fail(faultListParen, s.item.from)
		return
	}
	s.fail(faultList, s.start)
}

func (s *listScan) beyondASCII() {
	r, size := utf8.DecodeRuneInString(s.src[s.i:s.end])
	switch {
	case isOddSpace(r):
		s.odd, s.space = true, true
		s.i += size
	case r == '→':
		s.open()
	case smartQuote(r) != 0 && !s.began:
		s.odd = true
		s.text()
	default:
		if r == '–' || r == '−' {
			s.spacedOperator(size)
		}
		s.advance(size)
	}
}

func (s *listScan) char(c byte) {
	rest := s.src[s.i:s.end]
	switch c {
	case '"', '\'', '`':
		if !s.began || (s.quoteEnd > 0 || len(s.nest) > 0) && s.i > 0 && !isWordByte(s.src[s.i-1]) {
			s.text()
			return
		}
	case '(', '[', '{':
		if c != '{' && (!s.began || c == '(' && isWordByte(s.src[s.i-1])) {
			s.item.formula = true
		}
		if s.deep+len(s.nest)+1 >= MaxNesting {
			s.tooDeep, s.done = true, true
			return
		}
		s.begin()
		s.nest = append(s.nest, map[byte]byte{'(': ')', '[': ']', '{': '}'}[c])
	case ')', ']', '}':
		k := len(s.nest)
		switch {
		case k > 0 && s.nest[k-1] == c:
			s.nest = s.nest[:k-1]
		case c == ']':
			s.fail(faultListParen, s.item.from)
			return
		case c == '}':
			s.open()
			return
		}
	case '-', '=':
		if s.space && (strings.HasPrefix(rest, "->") || strings.HasPrefix(rest, "=>")) {
			s.open()
			return
		}
		s.spacedOperator(1)
	case '+', '*', '/', '%', '<', '>', '!', '?':
		s.spacedOperator(1)
	}
	s.advance(1)
}

func isWordByte(c byte) bool {
	return c == '_' || isLetter(c) || isDigit(c) || c >= utf8.RuneSelf
}

// spacedOperator notes an operator whose first character has n bytes and that
// has a space on each side.
func (s *listScan) spacedOperator(n int) {
	if s.i+n < s.end && strings.IndexByte("=?*", s.src[s.i+n]) >= 0 {
		n++
	}
	if s.began && s.space && s.i+n < s.end && s.src[s.i+n] == ' ' {
		s.item.formula = true
	}
}

// begin notes that the item, or its piece on this line, begins here.
func (s *listScan) begin() {
	if !s.began {
		s.began = true
		s.item.from = s.i
		s.piece = s.i
		return
	}
	if s.split {
		s.split = false
		s.piece = s.i
		s.item.broken = s.item.broken || len(s.nest) == 0
	}
}

func (s *listScan) advance(n int) {
	s.begin()
	s.space = false
	s.i += n
	s.last = s.i
}

// breakItem ends the piece of the item on this line.
func (s *listScan) breakItem() {
	if s.began && !s.split {
		s.pieces = append(s.pieces, s.src[s.piece:s.last])
		s.split = true
	}
}

// text skips a quoted text.
func (s *listScan) text() {
	to, fault, odd := scanText(s.src, s.i, s.end)
	if fault != faultNone {
		s.fail(faultListText, s.i)
		return
	}
	s.odd = s.odd || odd
	first := !s.began
	s.advance(to - s.i)
	if first {
		s.quoteEnd = to
	}
}

// emit hands on the item that ends here; comma tells what ended it.
func (s *listScan) emit(comma bool) {
	item := &s.item
	switch {
	case !s.began && !comma:
		return // an empty list, or a comma after the last item
	case !s.began:
		item.empty = true
		item.from = s.i
	default:
		item.to = s.last
		if len(s.pieces) > 0 {
			if !s.split {
				s.pieces = append(s.pieces, s.src[s.piece:s.last])
			}
			item.Raw = strings.Join(s.pieces, " ")
		} else {
			item.Raw = s.src[item.from:item.to]
		}
		if s.odd {
			item.Raw = plainSpaces(item.Raw)
		}
		if s.quoteEnd > 0 {
			item.Quoted = s.quoteEnd == item.to
			item.formula = !item.Quoted
		}
	}
	if s.items != nil {
		s.items(*item)
	}
	s.item, s.began, s.split, s.quoteEnd = rawItem{}, false, false, 0
	s.pieces = s.pieces[:0]
}

// plainSpaces makes every odd space a plain one.
func plainSpaces(s string) string {
	return strings.Map(func(r rune) rune {
		if isOddSpace(r) {
			return ' '
		}
		return r
	}, s)
}
