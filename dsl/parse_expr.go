package dsl

import "strings"

// whole reads the formula that is the whole text.
func (p *parser) whole() Node {
	if t := p.peek(); t.kind == tEOF {
		p.fault(t, CodeSyntax, "write a condition, such as employees >= 100", "a condition is empty")
		return nil
	}
	p.begin()
	n := p.expr()
	p.formula = false
	if t := p.peek(); !p.bad && t.kind != tEOF {
		p.unexpected("the end of the condition", "leave out what follows, or join it by `and` or `or`")
	}
	return n
}

// begin starts the counts of a formula.
func (p *parser) begin() {
	p.formula, p.from = true, int(p.peek().off)
	p.nodes, p.depth, p.closures = 0, 0, 0
}

// condition reads a formula that ends where its expression does. Its text is
// the source's, or the canonical one where that spans lines or is spelled with
// characters that do not print.
func (p *parser) condition() Formula {
	p.begin()
	p.peek()
	first := p.i
	n := p.expr()
	p.formula = false
	if !p.bad && int(p.toks[p.prev].end)-p.from > MaxFormula {
		p.fault(p.toks[first], CodeLimit, "take it apart with let", "a condition is longer than %d bytes", MaxFormula)
	}
	if p.bad || n == nil {
		return Formula{}
	}
	p.exprEnd = p.prev + 1
	at := p.toks[first].pos()
	text := p.src[at.Offset:p.toks[p.prev].end]
	if p.odd(first, p.prev) {
		text = printNode(n)
	}
	return Formula{Text: text, Pos: at, node: n, of: text}
}

// odd tells whether the tokens from first to last are spelled in a way that
// no canonical text is.
func (p *parser) odd(first, last int) bool {
	for i := first; i <= last; i++ {
		t := p.toks[i]
		if t.flags&fOdd != 0 || t.kind == tNewline || i > first && t.flags&fOddSpace != 0 {
			return true
		}
	}
	return false
}

// enter goes one level down into the tree.
func (p *parser) enter() bool {
	p.depth++
	p.deepest = max(p.deepest, p.depth)
	if p.depth > MaxNesting {
		p.fault(p.peek(), CodeLimit, "take the condition apart with let", "a condition is nested deeper than %d", MaxNesting)
	}
	return !p.bad
}

// add counts a node.
func (p *parser) add(n Node) Node {
	p.nodes++
	if p.nodes > MaxNodes {
		p.fault(p.peek(), CodeLimit, "take the condition apart with let", "a condition has more than %d parts", MaxNodes)
	}
	if p.bad {
		return nil
	}
	return n
}

// goOn passes a line end where the next line begins with an operator that
// only goes on with the line before.
func (p *parser) goOn() {
	if p.bad || p.paren > 0 || p.toks[p.i].kind != tNewline || p.toks[p.i].op == opSemi {
		return
	}
	j := p.skip(p.i)
	t := p.toks[j]
	w := p.word(t)
	if strings.EqualFold(w, "and") || strings.EqualFold(w, "or") || t.is(opAndAnd) || t.is(opOrOr) || t.is(opQQ) || t.is(opQuestion) {
		p.i = j
	}
}

// lower gives the next token in lower case if it is a word.
func (p *parser) lower() string {
	w := p.word(p.peek())
	if len(w) > 16 {
		return w // no operator is that long
	}
	return strings.ToLower(w)
}

// lowerAhead is lower of the n-th token after the next.
func (p *parser) lowerAhead(n int) string { return strings.ToLower(p.word(p.ahead(n))) }

// takeLower takes the next words whatever their case.
func (p *parser) takeLower(words ...string) bool {
	if p.bad {
		return false
	}
	for i, w := range words {
		if !strings.EqualFold(p.word(p.ahead(i)), w) {
			return false
		}
	}
	for range words {
		p.next()
	}
	return true
}

// operand passes the operator's line end and reads what follows.
func (p *parser) operand(read func() Node) Node {
	p.skipLines()
	return read()
}

// expr reads an expression: a ternary, or what binds tighter.
func (p *parser) expr() Node {
	if !p.enter() {
		return nil
	}
	n := p.or()
	if p.goOn(); p.at(opQuestion) {
		n = p.ternary(n)
	}
	p.depth--
	return n
}

func (p *parser) ternary(test Node) Node {
	q := p.next()
	if p.at(opColon) {
		p.fault(p.peek(), CodeNotAllowed, "write a ? a : b, or a ?? b for a missing value", "?: is left out of the language")
		return nil
	}
	then := p.operand(p.expr)
	if p.peek().kind == tNewline && p.toks[p.skip(p.i)].is(opColon) {
		p.skipLines()
	}
	p.expect(opColon, "`:` and the other value", "write a ? b : c")
	other := p.operand(p.expr)
	return p.add(&Ternary{At: q.pos(), If: test, Then: then, Else: other})
}

func (p *parser) or() Node {
	n := p.and()
	for p.goOn(); p.at(opOrOr) || p.lower() == "or"; p.goOn() {
		t := p.next()
		n = p.add(&Binary{At: t.pos(), Op: OpOr, X: n, Y: p.operand(p.and)})
	}
	return n
}

func (p *parser) and() Node {
	n := p.not()
	for p.goOn(); p.at(opAndAnd) || p.lower() == "and"; p.goOn() {
		t := p.next()
		n = p.add(&Binary{At: t.pos(), Op: OpAnd, X: n, Y: p.operand(p.not)})
	}
	return n
}

// not reads the word "not", which binds weaker than comparison.
func (p *parser) not() Node {
	if p.lower() != "not" {
		return p.test()
	}
	t := p.next()
	if !p.enter() {
		return nil
	}
	n := p.add(&Unary{At: t.pos(), Op: OpNot, X: p.operand(p.not)})
	p.depth--
	return n
}

func (p *parser) sum() Node {
	n := p.product()
	for p.at(opPlus) || p.at(opMinus) {
		t := p.next()
		op := OpAdd
		if t.is(opMinus) {
			op = OpSub
		}
		n = p.add(&Binary{At: t.pos(), Op: op, X: n, Y: p.operand(p.product)})
	}
	return n
}

func (p *parser) product() Node {
	n := p.unary()
	for {
		var op Op
		switch {
		case p.at(opStar):
			op = OpMul
		case p.at(opSlash):
			op = OpDiv
		case p.at(opPercent):
			op = OpMod
		default:
			return n
		}
		t := p.next()
		n = p.add(&Binary{At: t.pos(), Op: op, X: n, Y: p.operand(p.unary)})
	}
}

// unary reads signs and negations. As in expr, ! binds weaker than products,
// and so does "not" where only an operand can stand.
func (p *parser) unary() Node {
	var op Op
	switch {
	case p.at(opMinus):
		op = OpSub
	case p.at(opPlus):
		op = OpAdd
	case p.at(opBang), p.lower() == "not":
		op = OpNot
	default:
		return p.coalesce()
	}
	t := p.next()
	if !p.enter() {
		return nil
	}
	read := p.unary
	if op == OpNot {
		read = p.product
	}
	n := p.add(&Unary{At: t.pos(), Op: op, X: p.operand(read)})
	p.depth--
	return n
}

// coalesce reads x ?? v, which binds tightest.
func (p *parser) coalesce() Node {
	n := p.primary()
	for p.goOn(); p.at(opQQ); p.goOn() {
		t := p.next()
		p.skipLines()
		read := p.primary
		if p.at(opMinus) || p.at(opPlus) || p.at(opBang) {
			read = p.unary
		}
		n = p.add(&Binary{At: t.pos(), Op: OpElse, X: n, Y: read()})
	}
	return n
}
