package dsl

import (
	"strconv"
	"strings"
)

// testCase reads: case "name" at 2026-11-01 { … }.
func (p *parser) testCase(at Pos) {
	before := len(p.errs)
	c := Case{Pos: at, Name: p.label("the case's name")}
	if p.takeWords("at") {
		c.At = p.date("a date")
	}
	faults := len(p.errs)
	if !p.toBlock() {
		return
	}
	p.block("the case", faults, func() {
		p.caseLine(&c)
	})
	if len(c.Expect) == 0 && len(p.errs) > before {
		return // what it expects may stand in what could not be read
	}
	p.rs.Cases = append(p.rs.Cases, c)
}

func (p *parser) caseLine(c *Case) {
	t, before := p.peek(), *c
	assigns := p.ahead(1).is(opEq) || p.ahead(1).is(opEqEq)
	switch w := p.word(t); {
	case w == "was" && !assigns:
		p.next()
		was := p.label("a tier")
		if !p.bad && p.once(c.Was != "", t.pos(), "was") {
			c.Was = was
		}
	case w == "contact" && !assigns:
		if contact := p.contact(); contact != nil {
			c.Contacts = append(c.Contacts, *contact)
		}
	case w == "did" && !assigns:
		if d, ok := p.did(); ok {
			c.Did = append(c.Did, d)
		}
	case w == "expect" && !assigns:
		p.next()
		p.expectations(c)
	default:
		if v, ok := p.assignment(); ok {
			c.Values = append(c.Values, v)
		}
	}
	if p.endEntry("the case's line"); p.bad {
		*c = before // what was read may be half of what was meant
	}
}

// endEntry makes sure that an entry of a case ends, at a comma or at the end
// of the line.
func (p *parser) endEntry(what string) {
	if !p.take(opComma) {
		p.endStatement(what)
	}
}

// assignment reads: field = value as of 2026-10-01.
func (p *parser) assignment() (CaseValue, bool) {
	v := CaseValue{Pos: p.peek().pos(), Field: p.ident("a field, contact, did, was or expect")}
	if !p.take(opEqEq) {
		p.expect(opEq, "`=` and a value", "write employees = 5000")
	}
	v.Value = p.value("a value", true, true)
	if p.takeWords("as", "of") {
		v.AsOf = p.date("a date")
	}
	return v, !p.bad
}

// contact reads: contact ann { seniority = manager, did webinar }.
func (p *parser) contact() *CaseContact {
	t := p.next()
	c := &CaseContact{Pos: t.pos(), ID: p.contactID()}
	faults := len(p.errs)
	if !p.toBlock() {
		return nil
	}
	p.block("the contact", faults, func() {
		before := *c
		if p.atWord("did") && !p.ahead(1).is(opEq) && !p.ahead(1).is(opEqEq) {
			if d, ok := p.did(); ok {
				c.Did = append(c.Did, d)
			}
		} else if v, ok := p.assignment(); ok {
			c.Values = append(c.Values, v)
		}
		if p.endEntry("the contact's line"); p.bad {
			*c = before
		}
	})
	return c
}

// contactID reads a contact's id: a word, a number or a text in quotes.
func (p *parser) contactID() string {
	switch t := p.peek(); t.kind {
	case tText:
		p.next()
		if p.texts[t.aux] == "" {
			p.fault(t, CodeValue, "give the contact an id", "the contact's id is empty")
		}
		return p.texts[t.aux]
	case tWord:
		return p.bare(false)
	case tNumber:
		p.next()
		return p.text(t)
	}
	p.unexpected("the contact's id", `write contact ann { lead_score = 20 }`)
	return ""
}

// did reads: did webinar (page = "/x") on 2026-10-20 value 3 x 6.
func (p *parser) did() (Did, bool) {
	t := p.next()
	d := Did{Pos: t.pos(), Activity: p.ident("an activity")}
	if open := p.peek(); p.take(opLParen) {
		p.paren++
		for !p.bad && !p.at(opRParen) {
			if v, ok := p.assignment(); ok {
				d.Fields = append(d.Fields, v)
			}
			if !p.take(opComma) {
				break
			}
		}
		p.closing(open)
	}
	for !p.bad {
		switch {
		case p.clause(d.On != nil, "on"):
			d.On = p.date("a date")
		case p.clause(d.Value != nil, "value"):
			d.Value = p.millionths("a number", "write value 3")
		case p.timesWord():
			if d.Times != 0 {
				p.fault(p.peek(), CodeDuplicate, "keep one of them", "x stands twice")
				break
			}
			d.Times = p.times()
		default:
			return d, true
		}
	}
	return d, false
}

// oneLabel reports further words of a label that begins at t.
func (p *parser) oneLabel(t token, name string) {
	next := p.peek()
	if next.kind != tWord {
		return
	}
	last := next
	for n := 1; n < 8 && p.ahead(n).kind == tWord; n++ {
		last = p.ahead(n)
	}
	p.fault(next, CodeSyntax, "write "+clipText(name, 40)+" "+quoteText(plainSpaces(p.src[t.off:last.end])), "a name of several words stands in quotes")
}

const maxTimes = 1_000_000

// timesWord tells whether x 6 or x6 is next.
func (p *parser) timesWord() bool {
	w := p.word(p.peek())
	return w == "x" || w == "X" || w == "×" || len(w) > 1 && (w[0] == 'x' || w[0] == 'X') && allDigits(w[1:])
}

func (p *parser) times() int {
	t := p.next()
	w := strings.TrimPrefix(p.text(t), "×")
	if len(w) <= 1 {
		return p.integer("a number of times", 1, maxTimes)
	}
	n, err := strconv.Atoi(w[1:])
	if err != nil || n < 1 || n > maxTimes {
		p.fault(t, CodeValue, "write x 6", "an activity is done from 1 to %d times", maxTimes)
	}
	return n
}

// expectations reads: expect fit 100, tier mid.
func (p *parser) expectations(c *Case) {
	for !p.bad {
		e := Expectation{Pos: p.peek().pos(), Name: p.metric("score, low, high, tier, grade, a dimension or unknown")}
		if !p.take(opEq) {
			p.take(opEqEq)
		}
		switch t := p.peek(); {
		case t.kind == tNumber, t.is(opMinus), t.is(opPlus):
			v := p.signed("a number", "")
			e.Number = &v
		case t.kind == tText:
			e.Text = p.label("a text")
		case t.kind == tWord:
			e.Text = p.grade()
			p.oneLabel(t, e.Name)
		default:
			p.unexpected("a number, a tier or a grade", "write expect score 50, tier mid")
		}
		if p.bad {
			return
		}
		c.Expect = append(c.Expect, e)
		if !p.take(opComma) {
			return
		}
		p.skipLines()
	}
}
