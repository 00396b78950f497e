package dsl

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Parse reads a ruleset. It finds the faults of its syntax, all of them, and
// gives everything that it could read, so that Check can report on the rest.
func Parse(file string, src []byte) (*Ruleset, ErrorList) {
	text := string(src)
	rs := &Ruleset{File: file, Source: text}
	p := &parser{file: file, src: text, rs: rs}
	if !p.readable(text, MaxSource, "a ruleset") {
		return rs, p.errs
	}
	from := 0
	if strings.HasPrefix(text, "\ufeff") {
		from = len("\ufeff")
	}
	p.lexed = lex(text, from, len(text), Pos{Offset: from, Line: 1, Column: 1}, 0, false)
	if p.tooDeep() {
		return rs, p.errs
	}
	p.ruleset()
	p.errs.Sort()
	return rs, p.errs
}

// ParseFormula reads one condition or computed value. Where source has the
// formula's text at its place, positions are those of source; else they count
// from 1:1 in the text, and errors name file.
func ParseFormula(f Formula, file, source string) (Node, ErrorList) {
	p, n := parseFormula(f, file, source)
	return n, p.errs
}

// parseFormula reads a formula and gives the parser with what it counted. The
// node is nil where there are errors.
func parseFormula(f Formula, file, source string) (*parser, Node) {
	src, from, at := f.Text, 0, Pos{Line: 1, Column: 1}
	if f.Pos.IsValid() && f.Pos.Offset >= 0 && f.Pos.Offset <= len(source) && strings.HasPrefix(source[f.Pos.Offset:], f.Text) {
		src, from, at = source, f.Pos.Offset, f.Pos
	}
	p := &parser{file: file, src: src, paren: 1}
	if !p.readable(f.Text, MaxFormula, "a condition") {
		return p, nil
	}
	p.lexed = lex(src, from, from+len(f.Text), at, 0, false)
	if p.tooDeep() {
		return p, nil
	}
	n := p.whole()
	if p.bad {
		return p, nil
	}
	return p, n
}

// parsed gives the syntax tree that the parser has left in the formula; nil
// if there is none or the text has changed since.
func (f *Formula) parsed() Node {
	if f.node == nil || f.of != f.Text {
		return nil
	}
	return f.node
}

// parser reads tokens. The first fault of a statement makes it bad: from then
// on every token is the end of the text, so that all readers return, and
// nothing more is reported until recovery.
type parser struct {
	*lexed
	file string
	src  string
	rs   *Ruleset
	errs ErrorList
	speller

	i     int // the next token
	prev  int // the last token taken
	bad   bool
	quit  bool // too many faults, or a bound exceeded
	quiet bool // nobody will see the errors

	paren  int // above zero, newlines are spaces
	braces int // blocks and tables that are open

	depth    int // of the expression's tree
	deepest  int // that it was
	nodes    int // of the formula
	from     int // where the formula begins
	formula  bool
	exprEnd  int  // one more than the last token of the last formula
	closures int  // predicates around
	filter   bool // in a where, which a "within" may end

	tried   []phrase // that were looked for at triedAt
	triedAt int      // a token

	rules, statements int
	loose             *Dimension // of the rules outside dimensions
}

// readable checks the bounds that hold before any token is cut.
func (p *parser) readable(text string, most int, what string) bool {
	if len(text) > most {
		at := p.placeOf(text, most)
		p.faultAt(at, CodeLimit, "split it", "%s is %d bytes long; at most %d are read", what, len(text), most)
		return false
	}
	if bad, message, fix := badText(text); fix != "" {
		p.faultAt(p.placeOf(text, bad), CodeEncoding, fix, "%s", message)
		return false
	}
	return true
}

func (p *parser) placeOf(text string, off int) Pos {
	pl := placer{src: text, line: 1, col: 1}
	return pl.at(off)
}

// tooDeep reports a nesting that the lexer gave up on.
func (p *parser) tooDeep() bool {
	if p.limit == nil {
		return false
	}
	p.faultAt(p.limit.pos(), CodeLimit, "take the condition apart with let",
		"brackets are nested deeper than %d", MaxNesting)
	return true
}

// peek gives the next token without taking it.
func (p *parser) peek() token {
	if p.bad {
		return p.toks[len(p.toks)-1]
	}
	if p.paren > 0 {
		p.i = p.skip(p.i)
	}
	return p.toks[p.i]
}

// skip gives the index of the first token at or after i that is no line end.
func (p *parser) skip(i int) int {
	for p.toks[i].kind == tNewline && p.toks[i].op != opSemi {
		i++
	}
	return i
}

// ahead gives the n-th token after the next.
func (p *parser) ahead(n int) token {
	p.peek()
	i := p.i
	for ; n > 0; n-- {
		i = min(i+1, len(p.toks)-1)
		if p.paren > 0 {
			i = p.skip(i)
		}
	}
	return p.toks[i]
}

// next takes a token.
func (p *parser) next() token {
	t := p.peek()
	if p.bad || t.kind == tEOF {
		return t
	}
	p.prev = p.i
	p.i++
	if p.formula && int(t.end)-p.from > MaxFormula {
		p.fault(t, CodeLimit, "take it apart with let", "a condition is longer than %d bytes", MaxFormula)
	}
	switch {
	case t.is(opLBrace):
		p.braces++
	case t.is(opRBrace):
		p.braces--
	}
	return t
}

// text gives a token's text.
func (p *parser) text(t token) string { return p.src[t.off:t.end] }

// word gives a word's text, empty for any other token.
func (p *parser) word(t token) string {
	if t.kind != tWord {
		return ""
	}
	return p.text(t)
}

// at tells whether the next token is an operator.
func (p *parser) at(op opKind) bool { return p.peek().is(op) }

// atWord tells whether the next token is a word, spelled exactly so.
func (p *parser) atWord(w string) bool {
	t := p.peek()
	p.note(phrase{first: w})
	return p.word(t) == w
}

// atWords tells whether the next tokens are these words.
func (p *parser) atWords(words ...string) bool {
	p.peek()
	if len(words) > 1 {
		p.note(phrase{first: words[0], second: words[1]})
	} else {
		p.note(phrase{first: words[0]})
	}
	for i, w := range words {
		if p.word(p.ahead(i)) != w {
			return false
		}
	}
	return !p.bad
}

// take takes the next token if it is the operator.
func (p *parser) take(op opKind) bool {
	if !p.at(op) {
		return false
	}
	p.next()
	return true
}

// takeWords takes the next tokens if they are these words.
func (p *parser) takeWords(words ...string) bool {
	if !p.atWords(words...) {
		return false
	}
	for range words {
		p.next()
	}
	return true
}

// takeOperator is takeWords for words that ask as operators do, and may be
// upper case as these.
func (p *parser) takeOperator(words ...string) bool {
	return p.takeWords(words...) || p.takeLower(words...)
}

// atHyphenated tells whether two words joined by a hyphen come next.
func (p *parser) atHyphenated(first, second string) bool {
	t := p.peek()
	p.note(phrase{first: first, second: second, hyphen: true})
	return p.word(t) == first && p.ahead(1).is(opMinus) && p.word(p.ahead(2)) == second
}

func (p *parser) takeHyphenated(first, second string) bool {
	if !p.atHyphenated(first, second) {
		return false
	}
	p.next()
	p.next()
	p.next()
	return true
}

// expect takes an operator that must stand here.
func (p *parser) expect(op opKind, want, fix string) token {
	if t := p.peek(); !t.is(op) {
		p.unexpected(want, fix)
		return t
	}
	return p.next()
}

// expectWord takes a word that must stand here.
func (p *parser) expectWord(w, fix string) {
	if !p.takeWords(w) {
		p.unexpected("`"+w+"`", fix)
	}
}

// skipLines passes line ends where a line goes on.
func (p *parser) skipLines() {
	if !p.bad {
		p.i = p.skip(p.i)
	}
}

// fault reports a fault at a token, the first of its statement only. A token
// that is itself a fault of spelling is reported as that.
func (p *parser) fault(t token, code Code, fix, format string, args ...any) {
	if p.bad {
		return
	}
	if t.kind == tError && code != CodeLimit {
		var message string
		code, fix, message = lexMessage(t.op, p.text(t))
		format, args = "%s", []any{message}
	}
	p.faultAt(t.pos(), code, fix, format, args...)
}

func (p *parser) faultAt(at Pos, code Code, fix, format string, args ...any) {
	if p.bad {
		return
	}
	p.bad = true
	if p.quit || p.quiet {
		return
	}
	if len(p.errs) >= MaxErrors {
		p.quit = true
		return
	}
	p.errs = append(p.errs, newError(place{p.file, p.src}, at, code, fmt.Sprintf(format, args...), fix))
}

// report adds a fault of something that was read whole: reading goes on.
func (p *parser) report(at Pos, code Code, fix, format string, args ...any) {
	if !p.bad {
		p.faultAt(at, code, fix, format, args...)
		p.bad = false
	}
}

// maxSourceLine is how far into a line an error still shows it, in bytes.
const maxSourceLine = 4 << 10

// sourceLine gives the line of a place, cut where it is endless; nothing where
// the place is far into an endless line.
func sourceLine(src string, at Pos) string {
	if !at.IsValid() || at.Offset < 0 || at.Offset > len(src) || at.Column > maxSourceLine/utf8.UTFMax {
		return ""
	}
	from := at.Offset
	for col := at.Column; col > 1 && from > 0; col-- {
		_, size := utf8.DecodeLastRuneInString(src[:from])
		from -= size
	}
	rest := src[from:]
	if len(rest) > maxSourceLine {
		rest = strings.ToValidUTF8(rest[:maxSourceLine], "")
	}
	return rest[:endOfLine(rest, 0, len(rest))]
}

// describe names a token for a message.
func (p *parser) describe(t token) string {
	const most = 40
	text := clipText(p.text(t), most)
	switch t.kind {
	case tEOF:
		return "the end"
	case tNewline:
		if t.op == opSemi {
			return "a semicolon"
		}
		return "the end of the line"
	case tText:
		return "the text " + strings.Join(strings.Fields(text), " ")
	case tList:
		return "a list"
	case tNumber:
		return "the number " + text
	case tDate:
		return "the date " + text
	case tDuration:
		return "the time span " + text
	}
	return "`" + text + "`"
}

// recover goes on after a bad statement of a block that has depth braces
// around it: at the next line that can begin a statement, or at the block's
// closing brace.
func (p *parser) recover(depth int) {
	inside := p.paren > 0
	p.recoverAt(p.i)
	for {
		t := p.toks[p.i]
		switch {
		case t.kind == tEOF:
			return
		case t.kind == tNewline && t.op == opSemi && inside:
			// A semicolon in parentheses ends nothing.
		case t.kind == tNewline && p.braces <= depth && !p.goesOn(p.i+1):
			p.i++
			return
		case t.kind == tNewline && p.beginsSection(p.i+1):
			// A brace was left open: the section's own line shows it.
			p.braces = 0
			p.i++
			return
		case t.is(opLBrace):
			p.braces++
		case t.is(opRBrace):
			if p.braces <= depth {
				return
			}
			p.braces--
		}
		p.i++
	}
}

// toBlock goes on after a bad head of a block at its brace, if that stands on
// the head's line.
func (p *parser) toBlock() bool {
	if !p.bad {
		return true
	}
	i := p.i
	if p.toks[i].kind == tNewline && p.toks[p.skip(i)].is(opLBrace) {
		i = p.skip(i)
	}
	for !p.toks[i].is(opLBrace) {
		if k := p.toks[i].kind; k == tNewline || k == tEOF {
			return false
		}
		i++
	}
	p.recoverAt(i)
	return true
}

// recoverAt starts afresh at token i.
func (p *parser) recoverAt(i int) {
	p.bad = false
	p.paren = 0
	p.formula, p.filter, p.closures, p.depth = false, false, 0, 0
	p.i = i
}

// goesOn tells whether the line that begins at token i can only go on with
// the one before.
func (p *parser) goesOn(i int) bool {
	t := p.toks[i]
	switch t.kind {
	case tOp:
		switch t.op {
		case opAndAnd, opOrOr, opQQ, opQuestion, opColon, opArrow, opFatArrow, opRParen:
			return true
		}
	case tWord:
		switch w := p.text(t); {
		case strings.EqualFold(w, "and"), strings.EqualFold(w, "or"):
			return true
		case w == "play":
			return !p.isName(i)
		default:
			return p.modifies(i)
		}
	case tText:
		// A reason alone on its line.
		next := p.toks[i+1]
		return next.kind == tNewline || next.kind == tEOF || next.is(opRBrace)
	}
	return false
}

// modifies tells whether the word at token i is a modifier of the points on
// the line before.
func (p *parser) modifies(i int) bool {
	switch p.text(p.toks[i]) {
	case "max", "min":
		k := p.toks[i+1].kind
		return k == tNumber || (p.toks[i+1].is(opMinus) || p.toks[i+1].is(opPlus)) && !p.arrowOnLine(i)
	case "baseline":
		k := p.toks[i+1]
		return (k.kind == tNumber || k.is(opMinus) || k.is(opPlus)) && !p.arrowOnLine(i)
	case "code":
		k := p.toks[i+1].kind
		return (k == tText || k == tWord) && !p.isName(i) && !p.arrowOnLine(i)
	case "per", "linear":
		return !p.isName(i)
	case "else":
		return !p.isName(i) || (p.toks[i+1].is(opMinus) || p.toks[i+1].is(opPlus)) && !p.arrowOnLine(i)
	case "half":
		return p.toks[i+1].is(opMinus) && p.word(p.toks[i+2]) == "life"
	case "daily":
		return p.word(p.toks[i+1]) == "max"
	}
	return false
}

// sections are the words that begin the blocks of a ruleset.
var sections = wordSet("ruleset dimension tiers grades trigger case")

// beginsSection tells whether token i begins a statement that stands only
// outside all blocks.
func (p *parser) beginsSection(i int) bool {
	w := p.word(p.toks[i])
	if !sections[w] || p.isName(i) || p.toks[i].flags&fSpace == 0 {
		return false
	}
	next, after := p.toks[i+1], p.toks[min(i+2, len(p.toks)-1)]
	switch w {
	case "tiers":
		return next.is(opLBrace) || next.kind == tWord && after.is(opLBrace)
	case "case", "ruleset":
		return next.kind == tText
	case "grades":
		return next.kind == tWord && after.is(opLBrace)
	case "trigger":
		return next.kind == tWord && p.word(after) == "when"
	}
	return next.kind == tWord || next.kind == tText
}

// isName tells whether the word at token i is a name in a rule: an operator,
// an arrow or a colon follows it.
func (p *parser) isName(i int) bool {
	next := p.toks[min(i+1, len(p.toks)-1)]
	switch next.kind {
	case tOp:
		switch next.op {
		case opLBrace, opRBrace, opLParen, opComma, opRParen:
			return false
		}
		return true
	case tWord:
		return operatorStart[strings.ToLower(p.text(next))]
	case tNewline, tEOF:
		// "score" and an arrow on the next line.
		return p.toks[min(p.skip(min(i+1, len(p.toks)-1)), len(p.toks)-1)].isArrow()
	}
	return false
}

// arrowOnLine tells whether an arrow stands on the line of token i, after it.
func (p *parser) arrowOnLine(i int) bool {
	for ; ; i++ {
		switch t := p.toks[i]; {
		case t.isArrow():
			return true
		case t.kind == tNewline || t.kind == tEOF:
			return false
		}
	}
}

// endStatement makes sure that nothing else stands on the line.
func (p *parser) endStatement(after string) {
	switch t := p.peek(); {
	case t.kind == tNewline:
		p.next()
	case t.kind == tEOF || t.is(opRBrace):
	case p.i > 0 && p.toks[p.i-1].kind == tNewline: // recovery has ended the line
	default:
		p.unexpected("the end of the line after "+after, "leave it out, begin a new line, or put a text of several words in quotes")
	}
}
