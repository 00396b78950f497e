package dsl

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lexed is the tokens of a text and the values of its literals.
type lexed struct {
	src   string
	toks  []token // the last is tEOF
	nums  []float64
	texts []string
	dates []Date
	spans []Duration
	limit *token // where the nesting went too deep; nothing after it was read
}

// lexer cuts a text into tokens.
type lexer struct {
	lexed
	end  int // of the text in src
	i    int
	at   placer
	deep int // brackets around the text

	open     []bracket
	parens   int // ( among open
	elements int // parentheses of list functions among open

	flags      tokenFlags // of the next token
	noBacktick bool       // a backtick was found that nothing closes
}

type bracket struct {
	close byte
	list  bool // the parentheses of a list function
}

// placer gives the places of rising offsets.
type placer struct {
	src       string
	off       int
	line, col int
}

func (p *placer) at(off int) Pos {
	for p.off < off {
		switch c := p.src[p.off]; {
		case c == '\n', c == '\r' && (p.off+1 >= len(p.src) || p.src[p.off+1] != '\n'):
			p.line++
			p.col = 1
		case c != '\r' && c&0xC0 != 0x80:
			p.col++
		}
		p.off++
	}
	return Pos{Offset: off, Line: p.line, Column: p.col}
}

// lex cuts src[from:to], which begins at the place at and stands inside deep
// brackets, into tokens. The text must be UTF-8.
func lex(src string, from, to int, at Pos, deep int, element bool) *lexed {
	l := &lexer{
		lexed: lexed{src: src, toks: make([]token, 0, (to-from)/2+2)},
		end:   to, i: from, deep: deep,
		at:    placer{src: src, off: from, line: at.Line, col: at.Column},
		flags: fSpace,
	}
	if element {
		l.elements = 1
	}
	for l.i < l.end && l.limit == nil {
		l.token()
	}
	l.add(tEOF, opNone, l.i, l.i)
	return &l.lexed
}

// add appends a token that spans src[from:to] and goes on after it.
func (l *lexer) add(kind tokenKind, op opKind, from, to int) *token {
	at := l.at.at(from)
	l.toks = append(l.toks, token{
		kind: kind, op: op, flags: l.flags,
		off: int32(from), end: int32(to), line: int32(at.Line), col: int32(at.Column),
	})
	l.flags = 0
	l.i = to
	return &l.toks[len(l.toks)-1]
}

func (l *lexer) fault(f lexFault, to int) { l.add(tError, f, l.i, to) }

// peek gives the byte n after the current one, zero beyond the end.
func (l *lexer) peek(n int) byte {
	if l.i+n < l.end {
		return l.src[l.i+n]
	}
	return 0
}

func (l *lexer) token() {
	switch c := l.src[l.i]; {
	case c == ' ' || c == '\t':
		l.flags |= fSpace
		l.i++
	case c == '\n' || c == '\r':
		l.newline(opNone)
	case c == ';':
		l.newline(opSemi)
	case isDigit(c), c == '.' && isDigit(l.peek(1)) && !l.afterOperand():
		l.number()
	case c == '_' || isLetter(c):
		l.word()
	case c == '"' || c == '\'' || c == '`':
		l.text()
	case c == '[':
		l.list()
	case c == '#':
		l.hash()
	case c == '/':
		l.slash()
	case c == '$':
		l.dollar()
	case c >= utf8.RuneSelf:
		l.beyondASCII()
	default:
		l.operator(c)
	}
}

// afterOperand tells whether the next token touches something that a dot
// could take a member of.
func (l *lexer) afterOperand() bool {
	if l.flags&fSpace != 0 || len(l.toks) == 0 {
		return false
	}
	last := l.toks[len(l.toks)-1]
	return last.kind == tWord || last.is(opRParen)
}

// newline ends a line, or a statement by a semicolon. Runs of them are one.
func (l *lexer) newline(op opKind) {
	if n := len(l.toks); n > 0 && l.toks[n-1].kind != tNewline {
		l.add(tNewline, op, l.i, l.i+1)
	} else {
		l.i++
	}
	l.flags = fSpace
}

// lineComment skips to the end of the line.
func (l *lexer) lineComment() {
	l.i = endOfLine(l.src, l.i, l.end)
	l.flags |= fSpace | fOddSpace
}

// endOfLine gives the offset of the line end at or after i.
func endOfLine(src string, i, end int) int {
	if n := strings.IndexAny(src[i:end], "\r\n"); n >= 0 {
		return i + n
	}
	return end
}

func (l *lexer) hash() {
	switch {
	case l.elements > 0 && isWordStart(l.src[l.i+1:l.end]):
		l.fault(faultElement, l.i+1+wordLen(l.src[l.i+1:l.end]))
	case l.elements > 0:
		l.add(tOp, opHash, l.i, l.i+1)
	case l.flags&fSpace != 0:
		l.lineComment()
	default:
		l.fault(faultHash, l.i+1)
	}
}

func (l *lexer) slash() {
	switch {
	case l.peek(1) == '/' && l.flags&fSpace != 0:
		l.lineComment()
	case l.peek(1) == '*':
		l.fault(faultComment, endOfLine(l.src, l.i, l.end))
	default:
		l.add(tOp, opSlash, l.i, l.i+1)
	}
}

func (l *lexer) dollar() {
	j := l.i + 1
	for j < l.end && l.src[j] == ' ' {
		j++
	}
	if j < l.end && (isDigit(l.src[j]) || l.src[j] == '.' && j+1 < l.end && isDigit(l.src[j+1])) {
		l.number()
		return
	}
	l.fault(faultDollar, l.i+1+wordLen(l.src[l.i+1:l.end]))
}

func (l *lexer) word() {
	n := wordLen(l.src[l.i:l.end])
	// fit.grade is one name: a grading's letter.
	if rest := l.src[l.i+n : l.end]; strings.HasPrefix(rest, ".grade") && wordLen(rest[1:]) == len("grade") &&
		!strings.HasPrefix(rest, ".grade.") {
		n += len(".grade")
	}
	l.add(tWord, opNone, l.i, l.i+n)
}

// wordLen gives the length of the word that s begins with.
func wordLen(s string) int {
	for i := 0; i < len(s); {
		c := s[i]
		if c == '_' || isLetter(c) || isDigit(c) {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			return i
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return i
		}
		i += size
	}
	return len(s)
}

func isWordStart(s string) bool { return wordLen(s) > 0 && !isDigit(s[0]) }

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// operators are tried in order, so that the longest comes first.
var operators = []struct {
	text string
	op   opKind
}{
	{"-->", opWrong}, {"==>", opWrong}, {"~>", opWrong},
	{"===", opWrong}, {"!==", opWrong}, {"<=>", opWrong}, {"**", opWrong}, {"<>", opWrong}, {"=<", opWrong}, {"~=", opWrong},
	{"=~", opWrong}, {"!~", opWrong}, {"::", opWrong}, {":=", opWrong}, {"++", opWrong},
	{"->", opArrow}, {"=>", opFatArrow}, {"==", opEqEq}, {"!=", opNe}, {"<=", opLe}, {">=", opGe},
	{"&&", opAndAnd}, {"||", opOrOr}, {"??", opQQ}, {"..", opDotDot},
	{"=", opEq}, {"!", opBang}, {"<", opLt}, {">", opGt}, {"?", opQuestion}, {".", opDot}, {":", opColon}, {",", opComma},
	{"+", opPlus}, {"-", opMinus}, {"*", opStar}, {"%", opPercent},
	{"(", opLParen}, {")", opRParen}, {"{", opLBrace}, {"}", opRBrace},
	{"&", opWrong}, {"|", opWrong}, {"^", opWrong}, {"~", opWrong},
}

// operatorsBy holds the operators by their first byte.
var operatorsBy = func() (by [128][]int) {
	for i, o := range operators {
		by[o.text[0]] = append(by[o.text[0]], i)
	}
	return by
}()

func (l *lexer) operator(c byte) {
	for _, i := range operatorsBy[c] {
		if o := operators[i]; strings.HasPrefix(l.src[l.i:l.end], o.text) {
			l.addOp(o.op, len(o.text))
			return
		}
	}
	if c < ' ' || c == 0x7f {
		l.fault(faultInvisible, l.i+1)
		return
	}
	l.fault(faultChar, l.i+1) // a stray ] or @ or backslash
}

// addOp adds an operator and keeps the count of brackets.
func (l *lexer) addOp(op opKind, n int) {
	list := op == opLParen && l.afterListFunc()
	t := l.add(tOp, op, l.i, l.i+n)
	switch op {
	case opLParen, opLBrace:
		if l.deep+len(l.open) >= MaxNesting {
			l.limit = t
			return
		}
		b := bracket{close: ')', list: list}
		if op == opLBrace {
			b = bracket{close: '}'}
		}
		l.open = append(l.open, b)
		l.count(b, 1)
	case opRParen:
		if k := len(l.open); k > 0 && l.open[k-1].close == ')' {
			l.pop()
		}
	case opRBrace:
		l.closeParens()
		if len(l.open) > 0 {
			l.pop()
		}
	case opArrow, opFatArrow:
		// No arrow stands in parentheses: those before it were left open.
		l.closeParens()
	}
}

// afterListFunc tells whether the parenthesis to come is that of a list
// function.
func (l *lexer) afterListFunc() bool {
	if len(l.toks) == 0 {
		return false
	}
	t := l.toks[len(l.toks)-1]
	return t.kind == tWord && closureFuncs[l.src[t.off:t.end]]
}

func (l *lexer) count(b bracket, n int) {
	if b.close == ')' {
		l.parens += n
	}
	if b.list {
		l.elements += n
	}
}

func (l *lexer) pop() {
	k := len(l.open) - 1
	l.count(l.open[k], -1)
	l.open = l.open[:k]
}

func (l *lexer) closeParens() {
	for len(l.open) > 0 && l.open[len(l.open)-1].close == ')' {
		l.pop()
	}
}

// oddOps are the typographic spellings of operators.
var oddOps = map[rune]opKind{
	'→': opArrow, '⇒': opArrow, '⟶': opArrow, '⟹': opArrow, '↦': opArrow, '⮕': opArrow,
	'➔': opArrow, '➙': opArrow, '➛': opArrow, '➜': opArrow, '➝': opArrow, '➞': opArrow, '➡': opArrow,
	'≥': opGe, '≤': opLe, '≠': opNe,
	'–': opMinus, '−': opMinus, '‐': opMinus, '‑': opMinus, '‒': opMinus,
}

func (l *lexer) beyondASCII() {
	r, size := utf8.DecodeRuneInString(l.src[l.i:l.end])
	op, isOp := oddOps[r]
	switch {
	case isOp:
		if r != '→' {
			l.flags |= fOdd
		}
		switch {
		case op == opMinus && l.peek(size) == '>': // –> is what a word processor makes of ->
			op, size = opArrow, size+1
		case op == opArrow && strings.HasPrefix(l.src[l.i+size:l.end], emojiForm):
			size += len(emojiForm)
		}
		l.addOp(op, size)
	case r == '×':
		l.flags |= fOdd
		l.add(tWord, opNone, l.i, l.i+size)
	case unicode.IsLetter(r):
		l.word()
	case smartQuote(r) != 0:
		l.text()
	case isOddSpace(r):
		l.flags |= fSpace | fOddSpace
		l.i += size
	case r == '—' && l.peek(size) == '>':
		l.flags |= fOdd
		l.addOp(opArrow, size+1)
	case r == '—':
		l.fault(faultDash, l.i+size)
	case r > wideOffset+' ' && r <= wideOffset+'~':
		l.fault(faultWide, l.i+size)
	case strings.ContainsRune("•◦▪‣·●○", r):
		l.fault(faultBullet, l.i+size)
	case unicode.Is(unicode.Sc, r):
		l.fault(faultCurrency, l.i+size)
	case unicode.IsPrint(r):
		l.fault(faultChar, l.i+size)
	default:
		l.fault(faultInvisible, l.i+size)
	}
}

const (
	emojiForm  = "\ufe0f"  // makes a picture of the arrow before it
	wideOffset = '！' - '!' // from a plain character to its full-width form
)

// isOddSpace tells the spaces that are no plain space: non-breaking, thin …
func isOddSpace(r rune) bool { return r >= utf8.RuneSelf && unicode.IsSpace(r) }

// smartQuote gives the plain quote that a typographic one stands for, or zero.
func smartQuote(r rune) byte {
	switch r {
	case '“', '”', '„', '‟':
		return '"'
	case '‘', '’', '‚', '‛':
		return '\''
	}
	return 0
}
