package dsl

// rule reads one rule, nil if it is wrong.
func (p *parser) rule() *Rule {
	if p.rules++; p.rules == MaxRules+1 {
		p.tooMany(MaxRules, "rules")
		return nil
	}
	r := &Rule{Pos: p.peek().pos()}
	if p.noRule() {
		return nil
	}
	if w := p.word(p.peek()); w != "" && p.ahead(1).is(opColon) {
		r.Label = p.ident("a label")
		p.next()
		p.skipLines()
	}
	switch w := p.word(p.peek()); {
	case (w == "each" || w == "latest") && !p.isName(p.i) && !p.ahead(1).is(opLParen):
		p.signal(r)
	default:
		p.plainRule(r)
	}
	if p.endStatement("the rule"); p.bad {
		return nil
	}
	return r
}

// noRule reports what people write at the beginning of a line that is no rule:
// comments and tables of other places.
func (p *parser) noRule() bool {
	t, next := p.peek(), p.ahead(1)
	switch {
	case t.is(opMinus) && next.is(opMinus) && next.touches() && !p.arrowOnLine(p.i):
		p.fault(t, CodeSyntax, "write # or // before the comment", "-- begins no comment")
	case t.is(opWrong) && p.text(t) == "|" && p.wikiRow() != "":
		p.fault(t, CodeSyntax, "write "+p.wikiRow(), "a rule stands in no table")
	}
	return p.bad
}

// plainRule reads a condition with points, a ramp or a table.
func (p *parser) plainRule(r *Rule) {
	left, language := p.ruleCondition()
	arrow, ok := p.arrow("the condition")
	if !ok {
		return
	}
	// employees => 1000 → +50 has an arrow where >= was meant.
	if arrow.is(opFatArrow) && p.arrowOnLine(p.i) {
		p.fault(arrow, CodeSyntax, "write >= for at least", "=> is an arrow and stands before points")
		return
	}
	switch t := p.peek(); {
	case left.node == nil && (t.is(opLBrace) || t.kind == tNumber && p.ahead(1).is(opDotDot)):
		p.fault(t, CodeSyntax, "write points, or take the value from a field or a let", "a condition in another language is true or false; it has neither a ramp nor a table")
	case t.is(opLBrace):
		r.Of = left
		r.Table = p.entries("the table", func() float64 { return p.points("points", "") })
		p.reasonModifiers(r)
		p.noModifier("a table")
	case t.kind == tNumber, t.is(opPlus), t.is(opMinus):
		from := p.points("points", "")
		if p.at(opDotDot) {
			r.Of = left
			p.ramp(r, from)
			return
		}
		r.When, r.Points, r.Language = left, from, language
		p.ruleModifiers(r)
	default:
		p.unexpected("points, a ramp or a table", "write +50, 0..50 over 5M-50M or { 1-49: 0, 50+: 20 }")
	}
}

// arrow takes the arrow of a rule.
func (p *parser) arrow(after string) (token, bool) {
	if !p.bad && p.paren == 0 && p.toks[p.i].kind == tNewline && p.toks[p.skip(p.i)].isArrow() {
		p.skipLines()
	}
	t := p.peek()
	if t.is(opLBrace) {
		p.fault(t, CodeSyntax, "write → {", "a table stands after an arrow")
		return t, false
	}
	if !t.isArrow() {
		if t.kind == tNewline && t.op == opSemi && p.pointsFollow() {
			p.fault(t, CodeSyntax, "write an arrow before the points: → "+p.pointsText(1), "a semicolon is no arrow")
			p.i += 2 // the points are no rule of their own
			return t, false
		}
		if t.is(opRParen) && !p.bad {
			p.fault(t, CodeSyntax, "leave it out, or write ( where it opens", "this parenthesis closes nothing")
			return t, false
		}
		fix := "write condition → +10"
		if after == "the activity" {
			fix = "write each activity → +10"
			if windowWords[p.lower()] {
				p.fault(t, CodeSyntax, "write within "+p.ownSpan(), "expected an arrow after the activity, found %s", p.describe(t))
			}
		}
		p.unexpected("an arrow and points after "+after, fix)
		return t, false
	}
	p.next()
	p.skipLines()
	return t, true
}

// ramp reads the rest of: 0..50 over 5M-50M.
func (p *parser) ramp(r *Rule, from float64) {
	p.next()
	ramp := &Ramp{From: from, To: p.points("the points at the other end", "write 0..50 over 5M-50M")}
	p.expectWord("over", "write 0..50 over 5M-50M")
	at := p.peek()
	lo := p.end("the lower end", "write 0..50 over 5M-50M")
	if !p.take(opDotDot) {
		p.expect(opMinus, "the upper end", "write 0..50 over 5M-50M")
	}
	hi := p.end("the upper end", "write 0..50 over 5M-50M")
	ramp.Lo, ramp.Hi = lo.Value, hi.Value
	if p.oneSuffix(at, "-", lo, hi); !p.bad && ramp.Hi < ramp.Lo {
		p.fault(at, CodeValue, "write the lower end first; a ramp that falls is 50..0", "the ends of the ramp are reversed")
	}
	r.Ramp = ramp
	p.reasonModifiers(r)
	p.noModifier("a ramp")
}

// noModifier reports a modifier of points where none can stand.
func (p *parser) noModifier(what string) {
	if t := p.peek(); t.kind == tWord && p.modifies(p.i) {
		p.fault(t, CodeSyntax, "put the rule into sum of max 30 { … }", "%s takes no %s", what, p.text(t))
	}
}

// nextModifier passes a line end where the next line begins with a modifier
// of the points, or is a reason alone.
func (p *parser) nextModifier() {
	if p.bad || p.paren > 0 || p.toks[p.i].kind != tNewline || p.toks[p.i].op == opSemi {
		return
	}
	j := p.skip(p.i)
	t := p.toks[j]
	if t.kind == tWord && p.modifies(j) || t.kind == tText && p.goesOn(j) {
		p.i = j
	}
}

// reasonModifiers reads what a rule of any form may say of itself as a reason.
func (p *parser) reasonModifiers(r *Rule) {
	for p.reasonModifier(r) {
	}
}

func (p *parser) reasonModifier(r *Rule) bool {
	p.nextModifier()
	t := p.peek()
	switch {
	case p.clause(r.Baseline != nil, "baseline"):
		r.Baseline = p.pointsPtr("points")
	case p.clause(r.Code != "", "code"):
		r.Code = p.code()
	case t.kind == tText && r.Reason == "":
		r.Reason = p.optionalText()
		if r.Reason == "" {
			p.fault(t, CodeValue, "write the reason, or leave it out", "the reason is empty")
		}
	default:
		return false
	}
	return !p.bad
}

// code reads the code of a reason.
func (p *parser) code() string {
	t := p.peek()
	code := p.label("the reason's code")
	if !p.bad && code == "" {
		p.fault(t, CodeValue, "write the code, or leave it out", "the reason's code is empty")
	}
	return code
}

// ruleModifiers reads what may follow the points of a condition.
func (p *parser) ruleModifiers(r *Rule) {
	var bound token // the first max or min
	for !p.bad {
		if p.reasonModifier(r) {
			continue
		}
		t := p.peek()
		switch {
		case p.clause(r.Else != nil, "else"):
			r.Else = p.pointsPtr("points")
		case p.clause(!r.Per.IsZero(), "per"):
			r.Per = p.condition()
		case p.clause(r.Max != nil, "max"):
			if r.Min == nil {
				bound = t
			}
			r.Max = p.pointsPtr("points")
		case p.clause(r.Min != nil, "min"):
			if r.Max == nil {
				bound = t
			}
			r.Min = p.pointsPtr("points")
		case p.atHyphenated("half", "life"), p.atWord("linear"), p.atWords("daily", "max"):
			p.fault(t, CodeSyntax, "begin the rule with each or latest", "only activities decay and have a daily max")
		default:
			p.afterPoints(t)
			p.checkModifiers(r, bound)
			return
		}
	}
}

// afterPoints reports a word that people put behind points.
func (p *parser) afterPoints(t token) {
	switch p.lower() {
	case "points", "point", "pts", "pt":
		p.fault(t, CodeSyntax, "leave the word out: → "+p.ownPoints(), "points are a number alone")
	case "if", "when", "unless", "where", "within":
		p.fault(t, CodeSyntax, "write what is asked before the arrow: a > 5 and b > 5 → +50", "%s stands after the points", p.describe(t))
	case "and", "or":
		p.fault(t, CodeSyntax, "begin the second rule on a line of its own", "a rule ends after its points")
	}
	if number := p.decimals(); t.is(opComma) && number != "" {
		p.fault(t, CodeSyntax, "write "+number, "a comma begins no decimals")
	}
	if t.is(opMinus) && p.ahead(1).is(opMinus) {
		p.fault(t, CodeSyntax, "write # or // before the comment", "-- begins no comment")
	}
	if t.is(opComma) {
		p.fault(t, CodeSyntax, "leave the comma out: a rule ends with its line, or at a semicolon", "a comma does not part rules")
	}
	if t.is(opDot) || t.kind == tNumber {
		p.fault(t, CodeSyntax, "write one number: → +50", "points are one number, found %s", p.describe(t))
	}
	if t.is(opMinus) && p.ahead(1).kind == tNumber {
		p.fault(t, CodeSyntax, "write a ramp with two dots: 0..50 over 5M-50M", "points are one number")
	}
	if t.isArrow() {
		p.fault(t, CodeSyntax, "put the second rule on a line of its own", "a rule has one arrow")
	}
}

// ownPoints gives the points that were read last as they are written.
func (p *parser) ownPoints() string {
	if sign := p.prev - 1; sign >= 0 && (p.toks[sign].is(opPlus) || p.toks[sign].is(opMinus)) {
		return p.text(p.toks[sign]) + p.text(p.toks[p.prev])
	}
	return "+" + p.text(p.toks[p.prev])
}

// checkModifiers reports a max or min, the first of which is at t, of points
// that are always the same.
func (p *parser) checkModifiers(r *Rule, t token) {
	if r.Per.IsZero() && (r.Max != nil || r.Min != nil) {
		p.fault(t, CodeSyntax, "write +2 per field max 20, or sum of max 20 { … }", "max and min of a rule go with per")
	}
}

// signal reads: each webinar by account where … within 90d → +20 …
func (p *parser) signal(r *Rule) {
	kind := p.next()
	s := &Signal{Latest: p.text(kind) == "latest", Activity: p.ident("an activity")}
	for !p.bad {
		switch {
		case p.operatorClause(s.ByAccount, "by", "account"):
			s.ByAccount = true
			continue
		case p.operatorClause(!s.Where.IsZero(), "where"):
			p.filter = true
			s.Where = p.condition()
			p.filter = false
			continue
		case p.operatorClause(s.Within != 0, "within"):
			s.Within = p.duration("a length of time")
			continue
		}
		break
	}
	r.Signal = s
	if _, ok := p.arrow("the activity"); !ok {
		return
	}
	r.Points = p.points("points", "write → +20")
	for !p.bad {
		if p.reasonModifier(r) {
			continue
		}
		t := p.peek()
		switch {
		case p.atWord("per") && p.lowerAhead(1) == "day" || p.atWord("a") && p.lowerAhead(1) == "day":
			most := "3"
			switch {
			case p.toks[p.prev].kind == tNumber && r.Max != nil:
				most = p.text(p.toks[p.prev])
			case p.word(p.ahead(2)) == "max" && p.ahead(3).kind == tNumber:
				most = p.text(p.ahead(3))
			}
			p.fault(t, CodeSyntax, "write daily max "+most, "the most of one day is a clause of its own")
		case p.clause(s.PerValue, "per"):
			p.expectWord("value", "write per value, or use sum("+s.Activity+", 30d) in a condition")
			s.PerValue = true
		case p.atHyphenated("half", "life"):
			if s.HalfLife != 0 || s.Linear != 0 {
				p.decaysTwice(t)
				break
			}
			p.takeHyphenated("half", "life")
			s.HalfLife = p.days("a half-life")
		case p.atWord("linear"):
			if s.HalfLife != 0 || s.Linear != 0 {
				p.decaysTwice(t)
				break
			}
			p.next()
			s.Linear = p.duration("a length of time")
		case p.clause(s.DailyMax != nil, "daily", "max"):
			s.DailyMax = p.pointsPtr("points")
		case p.clause(r.Max != nil, "max"):
			r.Max = p.pointsPtr("points")
		case p.atWord("min"), p.atWord("else"):
			p.fault(t, CodeSyntax, "leave it out", "%s takes no %s", p.text(kind), p.text(t))
		default:
			p.afterPoints(t)
			return
		}
	}
}

func (p *parser) decaysTwice(t token) {
	p.fault(t, CodeDuplicate, "keep one of half-life and linear", "the decay stands twice")
}
