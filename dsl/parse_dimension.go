package dsl

import (
	"fmt"
	"math"
	"strings"

	"github.com/accountscore/accountscore/internal/numeral"
)

// isDimensionWord is the words that begin a line of a dimension, save rules.
var isDimensionWord = wordSet("best first sum each latest scale")

// dimensionLines is the same words in an order.
var dimensionLines = strings.Fields("best first sum each latest scale")

// dimension reads a dimension's head and its block.
func (p *parser) dimension(at Pos) {
	d := Dimension{Pos: at, Name: p.ident("the dimension's name")}
	p.head(&d)
	p.dimensionBlock(d)
}

// dimensionBlock reads the lines of a dimension, also where its head is at
// fault.
func (p *parser) dimensionBlock(d Dimension) {
	if p.bad && p.saysContacts() && d.Contacts == nil {
		d.Contacts = &Rollup{}
	}
	faults := len(p.errs)
	named := d.Name != ""
	if !p.toBlock() {
		return
	}
	p.block("dimension "+d.Name, faults, func() {
		if d.Contacts != nil {
			p.rollupLine(&d)
		} else {
			p.dimensionLine(&d)
		}
	})
	if named {
		p.rs.Dimensions = append(p.rs.Dimensions, d)
	}
}

// saysContacts tells whether the rest of the line names the contacts, be it by
// a wrong word.
func (p *parser) saysContacts() bool {
	for i := p.i; p.toks[i].kind != tNewline && p.toks[i].kind != tEOF && !p.toks[i].is(opLBrace); i++ {
		if w := strings.ToLower(p.word(p.toks[i])); strings.HasPrefix(w, "contact") || w == "people" || w == "from" {
			return true
		}
	}
	return false
}

// head reads the clauses of a dimension, in any order.
func (p *parser) head(d *Dimension) {
	for !p.bad {
		t := p.peek()
		switch {
		case p.clause(d.OutOf != nil, "out", "of"):
			d.OutOf = p.amount("a number of points", "write out of 100")
		case p.clause(d.Weight != nil, "weight"):
			w := p.peek()
			v := p.factor("a percentage", "write weight 50%")
			if !p.bad && v > 1 && p.text(p.toks[p.prev])[len(p.text(p.toks[p.prev]))-1] != '%' {
				p.fault(w, CodeValue, "write weight "+p.text(w)+"%", "a weight is a percentage")
			}
			d.Weight = &v
		case p.clause(d.Max != nil, "max"):
			d.Max = p.amount("a number of points", "write max 30")
		case p.clause(d.Min != nil, "min"):
			d.Min = p.amount("a number of points", "write min 0")
		case p.clause(d.Unscored, "unscored"):
			d.Unscored = true
		case p.clause(d.Contacts != nil, "from", "contacts"):
			d.Contacts = &Rollup{}
		case t.kind == tText && d.Description == "":
			d.Description = p.optionalText()
			if d.Description == "" {
				p.fault(t, CodeValue, "delete the quotes", "the description is empty")
			}
		case t.is(opLBrace), t.kind == tNewline && p.toks[p.skip(p.i)].is(opLBrace):
			return
		default:
			p.unexpected("out of, weight, max, min, unscored, from contacts or `{`", `write dimension fit out of 100 weight 50% {`)
		}
	}
}

// block reads the lines of a block up to its closing brace. faults is how many
// faults there were before it: a block that had some may have lost its end to
// one of them.
func (p *parser) block(what string, faults int, line func()) {
	p.skipLines()
	open := p.expect(opLBrace, "`{`", "")
	if p.bad {
		return
	}
	depth := p.braces
	for !p.quit {
		if p.bad {
			p.recover(depth)
		}
		if p.braces < depth {
			return // recovery left the block
		}
		p.i = p.skipAll(p.i)
		t := p.toks[p.i]
		switch {
		case t.is(opRBrace):
			p.next()
			return
		case t.kind == tEOF, p.beginsSection(p.i):
			if len(p.errs) == faults {
				p.report(open.pos(), CodeSyntax, "write } before the line "+describeLine(t), "%s is not closed", what)
			}
			p.braces = 0
			return
		}
		p.count()
		line()
	}
}

func describeLine(t token) string {
	if t.kind == tEOF {
		return "that ends the file"
	}
	return "that begins " + t.pos().String()
}

// maxPlainFactor is the largest factor that may stand without a percent sign:
// beyond it a percentage was meant.
const maxPlainFactor = 10

// dimensionLine reads a group, a scale or a rule.
func (p *parser) dimensionLine(d *Dimension) {
	t := p.peek()
	w := p.word(t)
	switch {
	case isGroup(w) && p.word(p.ahead(1)) == "of":
		if g := p.group(); g != nil {
			d.Items = append(d.Items, Item{Group: g})
		}
	case w == "scale" && !p.isName(p.i):
		p.next()
		factor := p.peek()
		s := Scale{Pos: t.pos(), Factor: p.factor("a percentage", "write scale 50% when condition")}
		if !p.bad && !p.percent(factor) && s.Factor > maxPlainFactor {
			p.fault(factor, CodeValue, fmt.Sprintf("write scale %s%%", numeral.Plain(s.Factor)), "a factor of %s would multiply the sum by that", numeral.Plain(s.Factor))
		}
		p.expectWord("when", "write scale 50% when condition")
		s.When, s.Language = p.reasonedCondition()
		s.Reason = p.reason()
		if p.endStatement("the scale"); !p.bad {
			d.Scales = append(d.Scales, s)
		}
	case p.negativeScale(w), p.groupOf(t, w), p.misplacedStatement(t, w), p.braces > 0 && p.mistypedLine(t, dimensionLines):
	default:
		if r := p.rule(); r != nil {
			d.Items = append(d.Items, Item{Rule: r})
		}
	}
}

// negativeScale reports scale -50%, which was meant to take half away.
func (p *parser) negativeScale(w string) bool {
	number := p.ahead(2)
	if w != "scale" || !p.ahead(1).is(opMinus) || number.kind != tNumber || p.word(p.ahead(3)) != "when" {
		return false
	}
	fix := "write what is left of the sum: scale 50% when condition"
	if v := p.nums[number.aux]; v > 0 && v < 1 {
		fix = fmt.Sprintf("write what is left of the sum: scale %s%% when condition", numeral.Plain(math.Round((1-v)*1e6)/1e4))
	}
	p.fault(p.ahead(1), CodeValue, fix, "a factor is not below zero")
	return true
}

// misplacedStatement reports a statement that stands outside blocks only.
func (p *parser) misplacedStatement(t token, w string) bool {
	if p.braces == 0 || statements[w] == nil || p.isName(p.i) || p.ahead(1).is(opLParen) {
		return false
	}
	p.fault(t, CodeStructure, "put it on a line before the dimensions", "%s stands outside the dimensions", w)
	return true
}

func isGroup(w string) bool { return w == "best" || w == "first" || w == "sum" }

// group reads: sum of "name" max 30 min 0 { rules }.
func (p *parser) group() *Group {
	t := p.next()
	p.next()
	kind := GroupKind(p.text(t) + " of")
	g := &Group{Pos: t.pos(), Kind: kind}
	faults := len(p.errs)
	for !p.bad && !p.at(opLBrace) && p.peek().kind != tNewline {
		next := p.peek()
		switch {
		case p.atWord("max"), p.atWord("min"):
			if kind != SumOf {
				p.fault(next, CodeSyntax, "write sum of max 30 { … }, or max on the dimension", "%s takes no %s", kind, p.text(next))
				break
			}
			if p.clause(g.Max != nil, "max") {
				g.Max = p.pointsPtr("a number of points")
			} else if p.clause(g.Min != nil, "min") {
				g.Min = p.pointsPtr("a number of points")
			}
		case p.clause(g.Baseline != nil, "baseline"):
			g.Baseline = p.pointsPtr("a number of points")
		case p.clause(g.Code != "", "code"):
			g.Code = p.code()
		case g.Name == "" && (next.kind == tText || next.kind == tWord):
			g.Name = p.label("the group's name")
		default:
			p.unexpected("a name, max, min, baseline, code or `{`", "write "+string(kind)+" { rules }")
		}
	}
	if !p.toBlock() {
		return nil
	}
	p.block(string(kind), faults, func() {
		next := p.peek()
		w := p.word(next)
		switch {
		case isGroup(w) && p.word(p.ahead(1)) == "of":
			p.fault(next, CodeStructure, "put the groups side by side", "a group stands inside a group")
			return
		case w == "scale" && !p.isName(p.i):
			p.fault(next, CodeStructure, "put it in the dimension, after the group", "scale stands outside groups")
			return
		case p.misplacedStatement(next, w):
			return
		}
		if r := p.rule(); r != nil {
			g.Rules = append(g.Rules, *r)
			if len(g.Rules) == MaxGroup+1 {
				p.tooMany(MaxGroup, "rules in a group")
			}
		}
	})
	if p.endStatement("the group"); p.bad || len(g.Rules) == 0 && len(p.errs) > faults {
		return nil // an empty group is a fault of its own only where nothing of it was lost
	}
	return g
}
