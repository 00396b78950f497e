package dsl

import (
	"fmt"
	"strings"
)

// statements are the words that begin a statement outside all blocks.
var statements map[string]func(*parser, Pos)

func init() {
	statements = map[string]func(*parser, Pos){
		"ruleset": (*parser).title, "review": (*parser).review, "score": (*parser).published, "language": (*parser).language, "reasons": (*parser).reasons,
		"param": (*parser).param, "field": (*parser).field, "activity": (*parser).activities, "let": (*parser).let,
		"dimension": (*parser).dimension, "disqualify": (*parser).disqualify, "tiers": (*parser).tiers,
		"grades": (*parser).grades, "trigger": (*parser).trigger, "case": (*parser).testCase,
	}
}

// statementNames is the same words in an order.
var statementNames = strings.Fields("ruleset review score reasons language param field activity let dimension disqualify tiers grades trigger case scale each latest")

// ruleset reads statements up to the end.
func (p *parser) ruleset() {
	for !p.quit {
		p.i = p.skipAll(p.i)
		t := p.toks[p.i]
		if t.kind == tEOF {
			break
		}
		p.braces = 0
		p.count()
		if t.is(opRBrace) {
			p.fault(t, CodeSyntax, "delete it, or look for a block that was closed too early", "} closes nothing")
			p.i++
			p.recover(0)
			continue
		}
		p.statement(t)
		if p.bad {
			p.recover(0)
		}
	}
	p.addBare()
}

// skipAll passes line ends and semicolons.
func (p *parser) skipAll(i int) int {
	for p.toks[i].kind == tNewline {
		i++
	}
	return i
}

// count counts a statement.
func (p *parser) count() {
	if p.statements++; p.statements == MaxStatement+1 {
		p.tooMany(MaxStatement, "statements")
	}
}

func (p *parser) statement(t token) {
	w := p.word(t)
	if read := statements[w]; read != nil && !p.isName(p.i) {
		p.next()
		read(p, t.pos())
		if p.braces == 0 {
			p.endStatement("the statement")
		}
		return
	}
	if p.operatorNamed(w) || p.mistypedStatement(t, w) {
		return
	}
	// A rule outside all dimensions.
	if p.loose == nil {
		p.loose = &Dimension{Pos: t.pos(), Name: "points"}
	}
	p.dimensionLine(p.loose)
}

// operatorNamed reports a declaration of a name that is an operator's word.
func (p *parser) operatorNamed(w string) bool {
	name, after := p.ahead(1), p.ahead(2)
	declares := (w == "dimension" || w == "tiers") && (after.is(opLBrace) || dimensionClauses[p.word(after)]) || (w == "let" || w == "param") && (after.is(opEq) || after.is(opEqEq)) || w == "field" && fieldTypes[p.word(after)] != ""
	if !declares || !operatorStart[strings.ToLower(p.word(name))] || p.arrowOnLine(p.i) {
		return false
	}
	p.fault(name, CodeSyntax, "give it another name", "%s is an operator, and no name", p.describe(name))
	return true
}

// dimensionClauses is the words that go on with a dimension's head.
var dimensionClauses = wordSet("out weight max min unscored from")

// mistypedStatement reports a line that begins like no rule with a word that
// is nearly a statement's.
func (p *parser) mistypedStatement(t token, w string) bool {
	next := p.ahead(1)
	if w == "" || p.isName(p.i) || next.kind != tWord && next.kind != tText && !next.is(opLBrace) {
		return false
	}
	if isDimensionWord[w] && statements[w] == nil || p.arrowOnLine(p.i) && !next.is(opLBrace) || foreign[p.lowerAhead(1)].fix != "" {
		return false
	}
	if next.kind == tText && p.toks[p.skip(min(p.i+2, len(p.toks)-1))].isArrow() {
		return false // a rule in another language, its arrow on the next line
	}
	fix := ""
	if strings.EqualFold(w, "case") && p.lowerAhead(1) == "when" {
		p.fault(t, CodeSyntax, "write condition → +50 else 0", "CASE WHEN belongs to SQL")
		return true
	}
	if low := strings.ToLower(w); statements[low] != nil {
		fix = "write " + low
	} else if other := otherStatements[low]; other != "" && (other == "tiers" || !next.is(opLBrace)) {
		fix = "did you mean " + other + "?"
	} else if near := p.suggest(low, statementNames); near != "" {
		fix = "did you mean " + near + "?"
	} else {
		switch {
		case next.kind == tWord:
			return false
		case next.is(opLBrace):
			p.fault(t, CodeSyntax, "a block of rules begins: dimension "+clipText(p.text(t), 40)+" {", "no statement begins with %s", p.describe(t))
			p.dimensionBlock(Dimension{Pos: t.pos(), Name: p.text(t)})
			return true
		default:
			fix = "write a statement such as field or tiers, or a rule: condition → points"
		}
	}
	p.fault(t, CodeSyntax, fix, "no statement begins with %s", p.describe(t))
	return true
}

// addBare makes a dimension of the rules outside dimensions.
func (p *parser) addBare() {
	switch {
	case p.loose == nil:
	case len(p.rs.Dimensions) > 0:
		p.report(p.loose.Pos, CodeStructure, "move the rule into a dimension", "a rule stands outside the dimensions")
	default:
		p.rs.Dimensions = []Dimension{*p.loose}
	}
}

// once reports a statement that stands twice.
func (p *parser) once(again bool, at Pos, what string) bool {
	if again {
		p.report(at, CodeDuplicate, "keep one of them", "%s stands twice", what)
	}
	return !again
}

// title reads: ruleset "Name" version "2026.4".
func (p *parser) title(at Pos) {
	name := p.label("the ruleset's name")
	version := ""
	if p.takeWords("version") {
		if t := p.peek(); t.kind == tNumber {
			p.next()
			version = p.text(t)
		} else {
			version = p.label("the version")
		}
	}
	if !p.bad && p.once(p.rs.Name != "" || p.rs.Version != "", at, "ruleset") {
		p.rs.Name, p.rs.Version = name, version
	}
}

// review reads: review every 90d from 2026-10-01.
func (p *parser) review(at Pos) {
	p.expectWord("every", "write review every 90d")
	r := &Review{Pos: at, Every: p.duration("a length of time")}
	if p.takeWords("from") {
		r.From = p.date("a date")
	}
	if !p.bad && p.once(p.rs.Review != nil, at, "review") {
		p.rs.Review = r
	}
}

// published reads: score min 0 max 100 round 1.
func (p *parser) published(at Pos) {
	s := &Published{Pos: at}
	for n := 0; !p.bad; n++ {
		switch {
		case p.clause(s.Min != nil, "min"):
			s.Min = p.amount("the least score", "")
		case p.clause(s.Max != nil, "max"):
			s.Max = p.amount("the greatest score", "")
		case p.clause(s.Round != nil, "round"):
			decimals := p.integer("a number of decimals", 0, 6)
			s.Round = &decimals
		default:
			if n == 0 {
				p.unexpected("min, max or round", "write score min 0 max 100 round 1")
			}
			if !p.bad && p.once(p.rs.Score != nil, at, "score") {
				p.rs.Score = s
			}
			return
		}
	}
}

// reasons reads: reasons above baseline.
func (p *parser) reasons(at Pos) {
	side := ReasonsBelow
	if p.takeWords("above") {
		side = ReasonsAbove
	} else {
		p.expectWord("below", "write reasons above baseline, or reasons below baseline")
	}
	p.expectWord("baseline", "write reasons "+string(side)+" baseline")
	if !p.bad && p.once(p.rs.Reasons != "", at, "reasons") {
		p.rs.Reasons = side
	}
}

// clause takes the words of a clause; one that stands twice is a fault.
func (p *parser) clause(again bool, words ...string) bool {
	if !p.atWords(words...) {
		return false
	}
	if again {
		p.fault(p.peek(), CodeDuplicate, "keep one of them", "%s stands twice", strings.Join(words, " "))
		return false
	}
	return p.takeWords(words...)
}

// operatorClause is clause for words that may be upper case, as operators.
func (p *parser) operatorClause(again bool, words ...string) bool {
	if p.clause(again, words...) {
		return true
	}
	return !again && p.takeLower(words...)
}

// param reads: param regions = [US, UK].
func (p *parser) param(at Pos) {
	name := p.ident("the param's name")
	if !p.take(opEqEq) {
		value := "value"
		if t := p.peek(); t.kind == tNumber || t.kind == tText || t.kind == tWord {
			value = clipText(p.text(t), 40)
		} else if t.is(opColon) {
			value = clipText(p.text(p.ahead(1)), 40)
		}
		p.expect(opEq, "`=` and a value", "write param "+name+" = "+value)
	}
	first := p.peek()
	v := p.value("a param", false, true)
	if t := p.peek(); t.is(opComma) && first.kind != tList {
		rest := p.src[first.off:]
		fix := "write param " + name + " = [" + clipText(strings.TrimSpace(rest[:endOfLine(rest, 0, min(len(rest), maxSuggest))]), 60) + "]"
		p.fault(t, CodeSyntax, fix, "a list stands in square brackets")
	}
	if !p.bad {
		p.rs.Params = append(p.rs.Params, Param{Pos: at, Name: name, Value: v})
	}
}

// let reads: let revenue_per_head = revenue / employees.
func (p *parser) let(at Pos) {
	name := p.ident("the value's name")
	if !p.take(opEqEq) {
		p.expect(opEq, "`=` and an expression", "write let "+name+" = revenue / employees")
	}
	p.skipLines()
	f := p.condition()
	if !p.bad {
		p.rs.Lets = append(p.rs.Lets, Let{Pos: at, Name: name, Value: f})
	}
}

// field reads: field employees number stale after 90d enrichable.
func (p *parser) field(at Pos) {
	f := p.fieldOf(at)
	if !p.bad {
		p.rs.Fields = append(p.rs.Fields, f)
	}
}

var fieldTypes = map[string]Type{"number": NumberType, "text": TextType, "bool": BoolType, "list": ListType, "time": TimeType}

// otherTypes is what other languages call the types.
var otherTypes = map[string]Type{
	"string": TextType, "str": TextType, "varchar": TextType, "char": TextType, "picklist": TextType, "enum": TextType, "email": TextType, "url": TextType,
	"int": NumberType, "integer": NumberType, "float": NumberType, "double": NumberType, "decimal": NumberType, "currency": NumberType, "money": NumberType, "percent": NumberType, "numeric": NumberType,
	"boolean": BoolType, "checkbox": BoolType, "flag": BoolType, "date": TimeType, "datetime": TimeType, "timestamp": TimeType,
	"array": ListType, "set": ListType, "multipicklist": ListType, "texts": ListType, "numbers": NumberType, "lists": ListType,
}

// fieldOf reads a field's name, type and clauses.
func (p *parser) fieldOf(at Pos) Field {
	p.fieldName()
	f := Field{Pos: at, Name: p.ident("the field's name")}
	t := p.peek()
	f.Type = fieldTypes[p.word(t)]
	switch other := otherTypes[p.lower()]; {
	case f.Type != "":
		p.next()
	case fieldTypes[p.lower()] != "":
		p.fault(t, CodeSyntax, "write "+p.lower(), "types are written in lower case")
	case other != "":
		p.fault(t, CodeSyntax, "write "+string(other), "the language has no type %s", p.describe(t))
	default:
		p.unexpected("a type: number, text, bool, list or time", "write field "+clipText(f.Name, 40)+" number")
	}
	if f.Type == ListType {
		p.takeWords("of", "text")
	}
	p.fieldClauses(&f)
	return f
}

func (p *parser) fieldClauses(f *Field) {
	for !p.bad {
		switch {
		case p.clause(f.From != "", "from"):
			f.From = p.label("the field's name in the data")
			if !p.bad && f.From == "" {
				p.fault(p.toks[p.prev], CodeValue, "write the key, or leave from out", "the name in the data is empty")
			}
		case p.clause(f.StaleAfter != 0, "stale", "after"):
			f.StaleAfter = p.duration("a length of time")
		case p.clause(f.MissingAfter != 0, "missing", "after"):
			f.MissingAfter = p.duration("a length of time")
		case p.clause(f.Default != nil, "default"):
			v := p.value("a default", false, false)
			f.Default = &v
		case p.clause(f.OneOf != nil, "one", "of"):
			f.OneOf = p.oneOf(f.Type)
		case p.clause(f.IgnoringCase, "ignoring", "case"):
			f.IgnoringCase = true
		case p.atWord("fixed"), p.atWord("enrichable"), p.atWord("actionable"):
			t := p.next()
			if f.Change != "" {
				p.fault(t, CodeDuplicate, "keep one of them", "a field is one of fixed, enrichable and actionable")
			}
			f.Change = Change(p.text(t))
		case p.peek().kind == tText && f.Description == "":
			f.Description = p.optionalText()
			if f.Description == "" {
				return
			}
		default:
			return
		}
	}
}

// oneOf reads the values that a field may have.
func (p *parser) oneOf(typ Type) []Value {
	t := p.peek()
	if t.kind != tList {
		p.unexpected("a list of values", "write one of [none, discovery, proposal]")
		return nil
	}
	p.next()
	values := []Value{}
	items := p.items(t, false)
	p.plainItems(items, typ == NumberType)
	for _, item := range items {
		v := Value{Kind: TextValue, Text: itemText(item)}
		if typ != TextType && typ != ListType {
			switch n := itemLiteral(item).(type) {
			case *Number:
				v = Value{Kind: NumberValue, Number: n.Value}
			case *DateLit:
				v = Value{Kind: DateValue, Date: n.Date}
			case *Bool:
				v = Value{Kind: BoolValue, Bool: n.Value}
			}
		}
		values = append(values, v)
	}
	if !p.bad && len(values) == 0 {
		p.fault(t, CodeValue, "name the values, or leave one of out", "one of names no value")
	}
	return values
}

// activities reads: activity website_visit (page text), webinar.
func (p *parser) activities(Pos) {
	for !p.bad {
		at := p.peek().pos()
		a := ActivityType{Pos: at, Name: p.ident("the activity's name")}
		if open := p.peek(); p.take(opLParen) {
			p.paren++
			for !p.bad && !p.at(opRParen) {
				a.Fields = append(a.Fields, p.fieldOf(p.peek().pos()))
				if !p.take(opComma) {
					break
				}
			}
			p.closing(open)
		}
		if p.bad {
			return
		}
		p.rs.Activities = append(p.rs.Activities, a)
		p.count()
		if !p.take(opComma) {
			return
		}
		p.skipLines()
	}
}

// disqualify reads: disqualify when industry in [Gambling] "reason".
func (p *parser) disqualify(at Pos) {
	p.expectWord("when", "write disqualify when condition")
	d := Disqualifier{Pos: at}
	d.When, d.Language = p.reasonedCondition()
	d.Reason = p.reason()
	if !p.bad {
		p.rs.Disqualify = append(p.rs.Disqualify, d)
	}
}

// reason takes the text for people at the end of a line, or alone on the next.
func (p *parser) reason() string {
	p.nextModifier()
	return p.optionalText()
}

// trigger reads: trigger surge when engaged_contacts rises by 2.
func (p *parser) trigger(at Pos) {
	t := Trigger{Pos: at, Name: p.label("the trigger's name")}
	p.expectWord("when", "write trigger hot when tier rises to top")
	t.On = p.metric("tier, score, a dimension or a name of the rollup")
	verb := p.peek()
	w := p.word(verb)
	number := false
	switch {
	case p.takeWords("rises", "to"), p.takeWords("falls", "to"):
		t.Kind = map[string]TriggerKind{"rises": RisesTo, "falls": FallsTo}[w]
		t.To = p.label("a tier")
	case p.takeWords("rises", "by"), p.takeWords("falls", "by"):
		t.Kind = map[string]TriggerKind{"rises": RisesBy, "falls": FallsBy}[w]
		number = true
	case p.takeWords("reaches"):
		if p.peek().kind == tWord || p.peek().kind == tText {
			p.fault(p.peek(), CodeSyntax, "write rises to "+clipText(p.text(p.peek()), 40), "reaches wants a number")
		}
		t.Kind = Reaches
		number = true
	case p.takeWords("rises"):
		t.Kind = Rises
	case p.takeWords("falls"):
		t.Kind = Falls
	default:
		p.unexpected("rises, falls or reaches", "write tier rises to top, score falls by 20 or score reaches 50")
	}
	if number {
		t.By = *p.amount("a number", fmt.Sprintf("write %s 20", t.Kind))
	}
	if !p.bad {
		p.rs.Triggers = append(p.rs.Triggers, t)
	}
}

// metric reads the name of a number or text of a result; fit.grade is one.
func (p *parser) metric(want string) string {
	if t := p.peek(); strings.HasSuffix(p.word(t), ".grade") {
		p.next()
		return p.text(t)
	}
	return p.ident(want)
}
