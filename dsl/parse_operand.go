package dsl

import (
	"strings"
	"time"
)

// primary reads an operand.
func (p *parser) primary() Node {
	n := p.atom()
	if p.bad {
		return nil
	}
	switch t := p.peek(); {
	case t.is(opDot) && p.toks[p.prev].kind == tNumber && int(p.toks[p.prev].off) == p.from:
		p.fault(t, CodeSyntax, "leave the number of the line out", "a rule begins with its condition")
	case t.is(opRParen) && p.paren == 0 && p.toks[p.prev].kind == tNumber && int(p.toks[p.prev].off) == p.from && !t.isArrow():
		p.fault(t, CodeSyntax, "leave the number of the line out", "a rule begins with its condition")
	case t.is(opDot) && p.method() != "":
		p.fault(t, CodeNotAllowed, p.method(), "values have no methods")
	case t.is(opDot) && (t.touches() || p.ahead(1).touches()):
		p.fault(t, CodeNotAllowed, "name the value as a field: field "+p.memberName(t)+" … from \"its key\"",
			"members of values are left out of the language")
	case t.kind == tList && t.touches():
		p.fault(t, CodeNotAllowed, "use contains, has any or count on the list", "indexing is left out of the language")
	case t.is(opDotDot):
		p.fault(t, CodeNotAllowed, "write in 1..5, or between 1 and 5", "a range stands only after in")
	}
	return n
}

// memberName makes one name of a.b.
func (p *parser) memberName(dot token) string {
	before, after := p.word(p.toks[p.prev]), p.word(p.ahead(1))
	if dot.kind != tOp || before == "" || after == "" || len(before)+len(after) > maxSuggest {
		return "name"
	}
	return before + "_" + after
}

func (p *parser) atom() Node {
	t := p.peek()
	switch t.kind {
	case tNumber:
		p.slashDate(t)
		p.next()
		return p.add(&Number{At: t.pos(), Value: p.nums[t.aux], Source: p.text(t)})
	case tText:
		p.next()
		return p.add(&Text{At: t.pos(), Value: p.texts[t.aux]})
	case tDate:
		p.next()
		return p.add(&DateLit{At: t.pos(), Date: p.dates[t.aux]})
	case tDuration:
		p.next()
		return p.add(&DurationLit{At: t.pos(), Value: time.Duration(p.spans[t.aux])})
	case tList:
		p.next()
		return p.add(&List{At: t.pos(), Items: p.items(t, true)})
	case tWord:
		return p.name(t)
	case tOp:
		switch t.op {
		case opLParen:
			return p.parens()
		case opHash:
			return p.element()
		case opLBrace:
			p.fault(t, CodeNotAllowed, "name each value as a field; a list stands in square brackets: in [US, UK]", "maps are left out of the language")
			return nil
		}
	}
	p.unexpected("a value", "write a name, a number, a text in quotes or a condition in parentheses")
	return nil
}

// slashDate reports a date such as 31/12/2026, which would divide.
func (p *parser) slashDate(t token) {
	if !p.ahead(1).is(opSlash) || !p.ahead(1).touches() {
		return
	}
	month, slash, year := p.ahead(2), p.ahead(3), p.ahead(4)
	if month.kind != tNumber || !slash.is(opSlash) || year.kind != tNumber || !month.touches() || !slash.touches() || !year.touches() {
		return
	}
	if isYear(p.text(t)) || isYear(p.text(year)) {
		p.fault(t, CodeToken, "write year-month-day: 2026-12-31; to divide, put spaces around /", "`%s` is no date", p.src[t.off:year.end])
	}
}

func isYear(s string) bool {
	return len(s) == 4 && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20")) && isDigit(s[2]) && isDigit(s[3])
}

func (p *parser) parens() Node {
	open := p.next()
	p.paren++
	filter := p.filter
	p.filter = false
	n := p.expr()
	p.closing(open)
	p.filter = filter
	return n
}

// closing takes the parenthesis that closes open.
func (p *parser) closing(open token) {
	if t := p.peek(); !t.is(opRParen) {
		if t.kind == tEOF || t.isArrow() || t.is(opRBrace) {
			p.fault(open, CodeSyntax, "write the closing )", "this parenthesis is not closed")
		}
		p.unexpected("`)`", "close the parenthesis before it, or write an operator")
		return
	}
	p.paren--
	// Taken after the count, so that the line end behind it counts again.
	p.prev = p.i
	p.i++
}

func (p *parser) element() Node {
	t := p.next()
	if p.closures == 0 {
		p.fault(t, CodeSyntax, "write count(list, # > 1)", "# stands only in the second argument of a list function")
		return nil
	}
	return p.add(&Element{At: t.pos()})
}

// name reads a name, a call, or true or false.
func (p *parser) name(t token) Node {
	w := p.text(t)
	if p.ahead(1).is(opLParen) && !strings.Contains(w, ".") {
		return p.call(t)
	}
	if p.misplaced(t, w) {
		return nil
	}
	p.next()
	if b, ok := boolWord(w); ok {
		return p.add(&Bool{At: t.pos(), Value: b})
	}
	return p.add(&Name{At: t.pos(), Ident: w})
}

// call reads a function call.
func (p *parser) call(t token) Node {
	fn := p.text(t)
	switch strings.ToUpper(fn) {
	case "AND", "OR":
		p.fault(t, CodeSyntax, "write a "+strings.ToLower(fn)+" b", "%s stands between two conditions", fn)
		return nil
	case "IN":
		p.fault(t, CodeSyntax, "write field in [US, UK]", "a value is missing before %s", fn)
		return nil
	case "IF":
		if inside, ok := p.ifCondition(); ok {
			p.fault(t, CodeSyntax, "write "+inside+" → +10", "%s is no function, and a rule begins with its condition", fn)
			return nil
		}
		p.fault(t, CodeSyntax, "write condition ? a : b", "%s is no function", fn)
		return nil
	}
	p.next()
	open := p.next()
	p.paren++
	filter := p.filter
	p.filter = false
	defer func() { p.filter = filter }()
	if !p.enter() {
		return nil
	}
	defer func() { p.depth-- }()
	if logFuncs[fn] && p.asksLog() {
		return p.log(t, fn, open)
	}
	call := &Call{At: t.pos(), Func: fn}
	spaced := false // a comma between arguments has a space
	for !p.bad && !p.at(opRParen) {
		call.Args = append(call.Args, p.argument(call))
		if whole, sure := p.splitNumber(); sure || whole != "" && spaced {
			p.wholeNumber(whole)
		}
		if p.bad || !p.take(opComma) {
			break
		}
		spaced = spaced || !p.peek().touches()
	}
	p.closing(open)
	if n := p.windowed(call); n != nil {
		return p.add(n)
	}
	return p.add(call)
}

// ifCondition gives the condition in the parentheses after "if", where it is
// all that stands there.
func (p *parser) ifCondition() (string, bool) {
	p.next()
	defer func() { p.i = p.prev }()
	if p.commaInside() {
		return "", false
	}
	open, deep := p.peek(), 0
	for i := p.i; ; i++ {
		switch t := p.toks[i]; {
		case t.is(opLParen):
			deep++
		case t.is(opRParen):
			if deep--; deep == 0 {
				return clipText(plainSpaces(p.src[open.end:t.off]), 80), t.off > int32(open.end)
			}
		case t.kind == tEOF, t.kind == tNewline, t.isArrow():
			return "", false
		}
	}
}

// asksLog tells whether an activity with a filter or a window comes next.
func (p *parser) asksLog() bool {
	if p.peek().kind != tWord {
		return false
	}
	w := p.lowerAhead(1)
	return w == "where" || w == "within" && p.ahead(2).kind == tDuration && p.ahead(3).is(opRParen) ||
		w == "by" && p.lowerAhead(2) == "account"
}

// windowed makes a question to the log of a call whose second argument is a
// length of time.
func (p *parser) windowed(call *Call) Node {
	if p.bad || !logFuncs[call.Func] || len(call.Args) != 2 {
		return nil
	}
	name, ok := call.Args[0].(*Name)
	window, ok2 := call.Args[1].(*DurationLit)
	if !ok || !ok2 {
		return nil
	}
	return &Log{At: call.At, Func: call.Func, Activity: *name, Window: window}
}

// log reads the arguments of a question to the log: an activity, "by
// account", a filter, and a window.
func (p *parser) log(t token, fn string, open token) Node {
	name := p.next()
	n := &Log{At: t.pos(), Func: fn, Activity: Name{At: name.pos(), Ident: p.text(name)}}
	p.nodes++
	for !p.bad {
		switch {
		case !n.ByAccount && p.takeOperator("by", "account"):
			n.ByAccount = true
			continue
		case n.Where == nil && p.takeOperator("where"):
			p.filter = true
			n.Where = p.operand(p.expr)
			p.filter = false
			continue
		case n.Window == nil && p.takeOperator("within"):
			n.Window = p.window("within")
			continue
		}
		break
	}
	if whole, _ := p.splitNumber(); whole != "" {
		p.wholeNumber(whole)
	}
	if n.Window == nil && p.take(opComma) {
		n.Window = p.window("the comma of " + fn)
	}
	p.closing(open)
	return p.add(n)
}

// argument reads one argument of a call. The second of a list function is a
// predicate, save where it can be a window: a name or a length of time.
func (p *parser) argument(call *Call) Node {
	if len(call.Args) == 0 || !closureFuncs[call.Func] {
		return p.expr()
	}
	at := p.peek().pos()
	p.closures++
	var body Node
	if braced := p.at(opLBrace); braced {
		p.next()
		body = p.expr()
		p.expect(opRBrace, "`}`", "")
	} else {
		body = p.expr()
	}
	p.closures--
	if p.bad {
		return nil
	}
	if logFuncs[call.Func] {
		name, activity := call.Args[0].(*Name)
		if days, ok := body.(*Number); ok && activity {
			p.faultAt(at, CodeSyntax, "write "+call.Func+"("+name.Ident+", "+days.Source+"d) for days", "%s wants a length of time after the comma", call.Func)
			return nil
		}
		switch body.(type) {
		case *DurationLit:
			return body
		case *Name:
			if activity {
				return body
			}
		}
	}
	return p.add(&Closure{At: at, Body: body})
}

// items cuts a list token at its commas. Where the list is an operand, items
// that look like expressions are read as such, quietly: whether they are meant
// so, only their type tells.
func (p *parser) items(t token, operand bool) []ListItem {
	var raws []rawItem
	s := listScan{
		src: p.src, start: int(t.off), i: int(t.off) + 1, end: int(t.end), element: p.closures > 0,
		items: func(r rawItem) { raws = append(raws, r) },
	}
	for !s.done {
		s.step()
	}
	items := make([]ListItem, 0, len(raws))
	at := placer{src: p.src, off: int(t.off), line: int(t.line), col: int(t.col)}
	for _, r := range raws {
		item := r.ListItem
		item.At = at.at(r.from)
		if r.empty {
			p.faultAt(item.At, CodeSyntax, "delete the comma", "an item is missing before this comma")
			return nil
		}
		if item.Quoted {
			value, ok := textValue(item.Raw)
			if !ok {
				code, fix, message := lexMessage(faultEscape, item.Raw)
				p.faultAt(item.At, code, fix, "%s", message)
				return nil
			}
			item.Text = value
		} else if r.formula && operand {
			item.X = p.itemExpr(r, item.At)
		}
		if lo, hi, found := strings.Cut(item.Raw, ".."); found && operand && !item.Quoted && numeric(lo) && numeric(hi) {
			p.faultAt(item.At, CodeSyntax, "write in "+item.Raw+"; put quotes around a text", "an interval stands without brackets")
			return nil
		}
		if item.X == nil && !p.checkItem(r, item) {
			return nil
		}
		items = append(items, item)
	}
	return items
}

// checkItem reports what is neither a text as it stands nor an expression.
func (p *parser) checkItem(r rawItem, item ListItem) bool {
	switch {
	case r.formula && !item.Quoted && smartOrPlainQuote(item.Raw):
		p.faultAt(item.At, CodeSyntax, "put a comma after the closing quote", "a comma is missing in the list after a text in quotes")
	case r.broken && !item.Quoted:
		p.faultAt(item.At, CodeSyntax, "put a comma at the end of the line, or quotes around the text",
			"an item of the list runs over a line end")
	default:
		return true
	}
	return false
}

// numeric tells whether a list's item is a number or a date.
func numeric(s string) bool {
	switch itemLiteral(ListItem{Raw: strings.TrimSpace(s)}).(type) {
	case *Number, *DateLit:
		return true
	}
	return false
}

func smartOrPlainQuote(s string) bool {
	quote, _ := openingQuote(s)
	return quote != 0
}

// itemExpr reads an item as an expression; nil if it is none.
func (p *parser) itemExpr(r rawItem, at Pos) Node {
	if p.depth >= MaxNesting {
		return nil
	}
	sub := &parser{
		lexed: lex(p.src, r.from, r.to, at, p.depth, p.closures > 0),
		file:  p.file, src: p.src, quiet: true, paren: 1,
	}
	if sub.limit != nil {
		return nil
	}
	sub.formula, sub.from = true, r.from
	sub.nodes, sub.depth, sub.closures = p.nodes, p.depth, p.closures
	n := sub.expr()
	if sub.bad || sub.peek().kind != tEOF {
		return nil
	}
	p.nodes, p.deepest = sub.nodes, max(p.deepest, sub.deepest)
	return n
}
