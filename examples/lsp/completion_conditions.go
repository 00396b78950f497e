package main

import (
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
)

// What may stand in a condition: names, operators and values.

// values offers the values of the field that the end of the statement compares
// with.
func (c *completer) values() {
	end := len(c.p.stmt)
	if open := c.bracket(); open >= 0 {
		end = open
	}
	for end > 0 && isOperator(c.p.stmt[end-1]) {
		end--
	}
	if end > 0 {
		c.valuesOf(c.p.stmt[end-1].s)
	}
}

// valuesOf offers the values that a field lists, or true and false, or the
// tiers and grades.
func (c *completer) valuesOf(name string) {
	list := c.a.values(&c.p)
	if c.p.kind() == contactBlock {
		list = c.a.contactFields()
	}
	s := named(list, name)
	if s == nil {
		return
	}
	switch {
	case s.typ == dsl.BoolType:
		if !c.quoted {
			c.words(kindValue, "true;false")
		}
	case s.what == "result" && s.typ == dsl.TextType:
		for _, g := range c.a.rs.Grades {
			if s.name == "grade" && len(c.a.rs.Grades) == 1 || s.name == g.Dimension+".grade" {
				for _, step := range g.Steps {
					c.add(step.Grade, kindValue, "grade of "+g.Dimension, "", c.valueLabel(step.Grade))
				}
			}
		}
	default:
		for _, v := range s.field.OneOf {
			text := valueText(v)
			if v.Kind == dsl.TextValue {
				c.add(text, kindValue, "value of "+name, "", c.valueLabel(text))
			} else if !c.quoted {
				c.add(text, kindValue, "value of "+name, "", text)
			}
		}
	}
}

// valueLabel gives a text as it is written where it is offered.
func (c *completer) valueLabel(text string) string {
	if c.quoted || text != "" && wordLen(text) == len(text) {
		return text
	}
	return quote(text)
}

// wantsOperand tells whether an operand comes next in a condition.
func (c *completer) wantsOperand(toks []token) bool {
	if len(toks) == 0 {
		return true
	}
	last := toks[len(toks)-1]
	if last.kind == opToken {
		return !strings.Contains(")]}#+", last.s) || last.s == "+" && len(toks) > 1 && toks[len(toks)-2].kind != numberToken
	}
	return last.kind == wordToken && operatorEnds[strings.ToLower(last.s)]
}

// operatorEnds are the words after which an operand stands.
var operatorEnds = wordSet(`and or not in is equals equal eq neq ne gt gte lt lte least most between contains contain with
	word any all none of matches where when within`)

// nextWords are the words after the first of an operator of several.
var nextWords = map[string]string{
	"has": "any;all;none;word", "does": "not contain;not equal", "starts": "with", "ends": "with", "at": "least;most",
}

const signs = ">=;>;<=;<;=;!="

// operatorsOf are the operators that a type has.
var operatorsOf = map[dsl.Type]string{
	dsl.NumberType: signs + ";in;between;at least;at most;gte;gt;lte;lt;equals;not in",
	dsl.TextType:   "=;!=;in;not in;is any of;equals;contains;does not contain;starts with;ends with;has word;matches",
	dsl.BoolType:   "=;!=",
	dsl.ListType:   "contains;does not contain;has any;has all;has none;has word;is empty",
	dsl.TimeType:   "within;" + signs + ";in;between",
}

// condition completes a condition of which toks are written; arrow tells that
// points may follow.
func (c *completer) condition(toks []token, arrow bool) {
	n := len(toks)
	last := ""
	if n > 0 {
		last = strings.ToLower(toks[n-1].s)
	}
	if next := nextWords[last]; next != "" {
		c.operators(next)
		return
	}
	switch {
	case n == 0:
		c.operand()
		return
	case last == "is":
		c.operators("known;missing;empty;not;any of")
		c.comparedWith(toks)
		return
	case last == "not" && n > 1 && strings.EqualFold(toks[n-2].s, "is"):
		c.operators("known;missing;empty")
		c.comparedWith(toks)
		return
	case last == "not" && n > 1 && !c.wantsOperand(toks[:n-1]):
		c.operators("in;between;within")
		return
	case last == "within" || last == "matches":
		return
	case last == "(" && n > 1 && logFunctions[toks[n-2].s]:
		c.symbols(c.a.activities())
		if toks[n-2].s == "days_since" {
			c.symbols(ofType(c.a.values(&c.p), dsl.TimeType))
		} else {
			c.symbols(ofType(c.a.values(&c.p), dsl.ListType))
		}
		return
	case n > 2 && toks[n-2].s == "(" && logFunctions[toks[n-3].s] && named(c.a.activities(), toks[n-1].s) != nil:
		c.keywords("where;by account;within")
		return
	case c.wantsOperand(toks):
		if !c.comparedWith(toks) {
			c.operand()
		}
		return
	}
	if s := named(c.a.values(&c.p), toks[n-1].s); s != nil && toks[n-1].kind == wordToken {
		if ops := operatorsOf[s.typ]; ops != "" {
			c.operators(ops)
		} else {
			c.operators(signs)
		}
		c.operators("is known;is missing;and;or;??")
	} else if last == ")" {
		c.operators(signs + ";and;or")
	} else {
		c.operators("and;or")
	}
	if arrow {
		c.operators("→")
	}
}

var comparisonWords = wordSet(`is not equals eq neq ne does equal in any of one has all none contains contain word gt gte lt lte between
	at least most`)

// comparedWith offers what the field before the operator at the end of toks
// can be compared with: its values, and names of its type. It is false where
// toks do not end so.
func (c *completer) comparedWith(toks []token) bool {
	end := len(toks)
	for end > 0 && isOperator(toks[end-1]) {
		end--
	}
	if end == 0 || end == len(toks) {
		return false
	}
	left := toks[end-1].s
	s := named(c.a.values(&c.p), left)
	if s == nil {
		return false
	}
	c.valuesOf(left)
	typ := s.typ
	switch last := toks[len(toks)-1].s; {
	case last == "in" || last == "any" || last == "all" || last == "none" || last == "of":
		typ = dsl.ListType
	case last == "word", s.typ == dsl.ListType:
		typ = dsl.TextType
	}
	if typ == "" {
		c.operand()
		return true
	}
	c.symbols(ofType(c.a.params(), typ))
	// Alone on the right a name is a field only where fields are declared.
	if len(c.a.rs.Fields) > 0 || c.p.kind() == tiersBlock {
		same := ofType(c.a.values(&c.p), typ)
		c.symbols(slices.DeleteFunc(same, func(s symbol) bool { return s.name == left }))
	}
	if typ == dsl.NumberType {
		c.functions("min;max;abs;round;floor;ceil")
	}
	return true
}

// isOperator tells whether a token belongs to a comparison or a test.
func isOperator(t token) bool {
	if t.kind == opToken {
		return slices.Contains([]string{"=", "==", "!=", "≠", "<", "<=", "≤", ">", ">=", "≥"}, t.s)
	}
	return t.kind == wordToken && comparisonWords[strings.ToLower(t.s)]
}

// operand offers whatever a condition can begin with.
func (c *completer) operand() {
	c.symbols(c.a.values(&c.p))
	if c.p.kind() != tiersBlock && c.p.filterOf() == "" {
		c.functions("count;any;sum;days_since")
	}
	c.functions("min;max;abs;round;floor;ceil;len;filter;all;none;one;map")
	c.operators("not")
}

func (c *completer) operandOf(types ...dsl.Type) {
	c.symbols(ofType(c.a.values(&c.p), types...))
	c.functions("count;sum;days_since;min;max;abs;round;floor;ceil;len")
}

func (c *completer) functions(list string) {
	for name := range strings.SplitSeq(list, ";") {
		doc := words[name]
		if name == "round" {
			doc = "rounded to a whole number, half away from zero"
		}
		c.add(name, kindFunction, "function", doc, name+"(")
	}
}
