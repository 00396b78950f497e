package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/accountscore/accountscore/dsl"
)

// completion gives what may stand at an offset. It reads the statement up to
// there, so that it works while the rest is unwritten; names come from
// whatever of the text can be read.
func (d *document) completion(offset int) []completionItem {
	from := offset
	for from > 0 {
		r, size := utf8.DecodeLastRuneInString(d.text[:from])
		if !isWordRune(r) {
			break
		}
		from -= size
	}
	c := &completer{a: d.analysis(), p: placeAt(d.text, from), seen: map[string]bool{}, items: []completionItem{}}
	if in := c.p.inside; in != nil {
		// In a text in quotes its field's values can stand, in a comment nothing.
		if in.kind == commentToken {
			return c.items
		}
		_, size := utf8.DecodeRuneInString(in.s)
		from = in.from + size
		c.quoted = true
		c.p = placeAt(d.text, in.from)
		c.values()
	} else {
		c.complete()
	}
	where := d.span(from, offset)
	for i := range c.items {
		c.items[i].TextEdit.Range = where
		c.items[i].SortText = fmt.Sprintf("%05d", i)
	}
	return c.items
}

// completer collects what may stand at a place, the most probable first.
type completer struct {
	a      *analysis
	p      place
	quoted bool // in a text in quotes
	seen   map[string]bool
	items  []completionItem
}

func (c *completer) add(label string, kind int, detail, doc, text string) {
	if c.seen[label] {
		return
	}
	c.seen[label] = true
	item := completionItem{Label: label, Kind: kind, Detail: detail, TextEdit: textEdit{NewText: text}}
	if doc != "" {
		item.Documentation = &markup{"markdown", doc}
	}
	c.items = append(c.items, item)
}

// words offers words of the language, which are apart by semicolons.
func (c *completer) words(kind int, list string) {
	for w := range strings.SplitSeq(list, ";") {
		c.add(w, kind, "", words[w], w)
	}
}

func (c *completer) keywords(list string)  { c.words(kindKeyword, list) }
func (c *completer) operators(list string) { c.words(kindOperator, list) }

func (c *completer) symbols(list []symbol) {
	for _, s := range list {
		if s.name != "" {
			c.add(s.name, s.kind, s.detail, s.doc, label(s))
		}
	}
}

// label gives a name as it is written: one that is no word in quotes.
func label(s symbol) string {
	if s.what == "tier" && wordLen(s.name) != len(s.name) {
		return quote(s.name)
	}
	return s.name
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

// ofType keeps the symbols of one of some types; those of no known type may be
// of any.
func ofType(list []symbol, types ...dsl.Type) []symbol {
	return slices.DeleteFunc(slices.Clone(list), func(s symbol) bool { return s.typ != "" && !slices.Contains(types, s.typ) })
}

func (c *completer) complete() {
	p := &c.p
	if open := c.bracket(); open >= 0 {
		c.values()
		return
	}
	switch p.kind() {
	case tableBlock, gradesBlock:
		c.entry()
		return
	case tiersBlock:
		c.tier()
		return
	case caseBlock, contactBlock:
		c.caseLine()
		return
	}
	if len(p.stmt) == 0 {
		c.lineStart()
		return
	}
	if p.back(1) == ":" && len(p.stmt) == 2 {
		c.keywords("each;latest")
		c.operand()
		return
	}
	switch p.stmt[0].s {
	case "field":
		c.fieldLine(p.stmt)
		return
	case "activity":
		c.activityLine()
		return
	case "dimension":
		c.dimensionHead()
		return
	case "ruleset":
		c.keywords("version")
		return
	case "review":
		c.keywords("every;from")
		return
	case "reasons":
		if len(p.stmt) == 1 {
			c.keywords("above;below")
		} else {
			c.keywords("baseline")
		}
		return
	case "param":
		return
	case "language":
		c.words(kindConstant, dsl.RulesLanguage+";"+dsl.ExprLanguage)
		return
	case "grades":
		if len(p.stmt) == 1 {
			c.symbols(c.a.dimensions())
		}
		return
	case "trigger":
		c.trigger()
		return
	case "let":
		if len(p.stmt) > 2 {
			c.condition(p.stmt[3:], false)
		}
		return
	case "disqualify", "scale":
		if i := c.lastWord("when"); i >= 0 {
			c.condition(p.stmt[i+1:], false)
		} else {
			c.keywords("when")
		}
		return
	case "best", "first", "sum":
		if p.back(1) == p.stmt[0].s {
			c.keywords("of")
			return
		} else if len(p.stmt) > 1 && p.stmt[1].s == "of" {
			c.keywords("max;min;baseline;code")
			return
		}
	}
	if p.kind() == contactsBlock && c.rollupLine() {
		return
	}
	if p.kind() == fileBlock && p.stmt[0].s == "score" && len(p.stmt) > 0 && !c.hasOperator() {
		c.keywords("min;max;round")
		return
	}
	c.rule()
}

// lastWord gives the index of the last such word of the statement, -1 if there
// is none.
func (c *completer) lastWord(w string) int {
	for i := len(c.p.stmt) - 1; i >= 0; i-- {
		if c.p.stmt[i].s == w {
			return i
		}
	}
	return -1
}

func (c *completer) hasOperator() bool {
	return slices.ContainsFunc(c.p.stmt, func(t token) bool { return t.kind == opToken && t.s != "-" && t.s != "+" })
}

// bracket gives the index of the [ that is open, -1 where none is.
func (c *completer) bracket() int {
	deep := 0
	for i := len(c.p.stmt) - 1; i >= 0; i-- {
		switch t := c.p.stmt[i]; {
		case t.kind == opToken && t.s == "]":
			deep++
		case t.kind == opToken && t.s == "[":
			if deep--; deep < 0 {
				return i
			}
		}
	}
	return -1
}

const (
	statementWords = "ruleset;review;score;reasons;language;param;field;activity;let;dimension;disqualify;tiers;grades;trigger;case"
	ruleWords      = "each;latest;best of;first of;sum of;scale"
	rollupWords    = "field;score;decay;cap;weight;combine;engaged;bonus;committee"
)

func (c *completer) lineStart() {
	switch c.p.kind() {
	case fileBlock:
		c.keywords(statementWords)
		c.keywords(ruleWords)
	case contactsBlock:
		c.keywords(rollupWords)
		c.keywords(ruleWords)
	case dimensionBlock:
		c.keywords(ruleWords)
	case groupBlock:
		c.keywords("each;latest")
	}
	c.operand()
}

// fieldLine completes a field's declaration, which begins with the name after
// the first token.
func (c *completer) fieldLine(toks []token) {
	switch n := len(toks); {
	case n == 1:
	case n == 2:
		c.keywords("number;text;bool;list;time")
	default:
		switch toks[n-1].s {
		case "stale", "missing":
			c.keywords("after")
		case "one":
			c.keywords("of")
		case "ignoring":
			c.keywords("case")
		case "from", "after", "of", "default":
		default:
			c.keywords("from;stale after;missing after;default;one of;ignoring case;fixed;enrichable;actionable")
		}
	}
}

// activityLine completes the fields in an activity's parentheses.
func (c *completer) activityLine() {
	for i := len(c.p.stmt) - 1; i >= 0; i-- {
		switch c.p.stmt[i].s {
		case ")":
			return
		case "(", ",":
			if c.lastWord("(") > c.lastWord(")") {
				c.fieldLine(c.p.stmt[i:])
			}
			return
		}
	}
}

func (c *completer) dimensionHead() {
	switch c.p.back(1) {
	case "dimension", "weight", "max", "min":
	case "out":
		c.keywords("of")
	case "from":
		c.keywords("contacts")
	case "of":
	default:
		c.keywords("out of;weight;max;min;unscored;from contacts")
	}
}

func (c *completer) trigger() {
	when := c.lastWord("when")
	if when < 0 {
		if len(c.p.stmt) > 1 {
			c.keywords("when")
		}
		return
	}
	switch after := c.p.stmt[when+1:]; len(after) {
	case 0:
		c.add("tier", kindVariable, "the tier", "The tier of the main ladder.", "tier")
		c.symbols(slices.DeleteFunc(c.a.results(), func(s symbol) bool { return s.typ != dsl.NumberType }))
	case 1:
		if after[0].s == "tier" {
			c.keywords("rises to;falls to;rises;falls")
		} else {
			c.keywords("rises by;falls by;reaches")
		}
	case 2:
		if after[0].s == "tier" {
			c.keywords("to")
		} else if after[1].s != "reaches" {
			c.keywords("by")
		}
	case 3:
		if after[2].s == "to" {
			c.symbols(c.a.tierNames(true))
		}
	}
}

// rollupLine completes a clause of a contacts block; false where the line is a
// rule.
func (c *completer) rollupLine() bool {
	p := &c.p
	last := p.back(1)
	switch p.stmt[0].s {
	case "score":
		c.condition(p.stmt[1:], false)
	case "decay":
		switch last {
		case "since":
			c.symbols(ofType(c.a.contactFields(), dsl.TimeType))
		case "within", "linear", "life":
		case "decay":
			c.keywords("half-life;linear")
		default:
			c.keywords("since;within")
		}
	case "weight":
		if len(p.stmt) == 1 {
			c.symbols(ofType(c.a.contactFields(), dsl.TextType, dsl.NumberType))
		}
	case "combine":
		if len(p.stmt) == 1 {
			c.keywords("ranked;sum;max;top;mean;weighted mean;best")
		}
	case "engaged":
		switch last {
		case "engaged":
			c.keywords("at least")
		case "at":
			c.keywords("least")
		case "distinct":
			c.keywords("by")
		case "by":
			c.symbols(ofType(c.a.contactFields(), dsl.TextType))
		case "least":
		default:
			c.keywords("distinct by")
		}
	case "bonus":
		if last == "bonus" {
			c.keywords("multi-thread")
		} else if last != "falling" && last != "thread" {
			c.keywords("falling")
		}
	case "committee":
		switch last {
		case "committee":
			c.keywords("by;assigned by")
		case "assigned":
			c.keywords("by")
		case "by":
			c.symbols(ofType(c.a.contactFields(), dsl.TextType))
		}
	case "cap":
	default:
		return false
	}
	return true
}

// rule completes a rule: its condition, or what may follow its points.
func (c *completer) rule() {
	p := &c.p
	start := 0
	if len(p.stmt) > 1 && p.stmt[1].s == ":" {
		start = 2
	}
	toks := p.stmt[start:]
	signal := len(toks) > 0 && (toks[0].s == "each" || toks[0].s == "latest")
	arrow := slices.IndexFunc(toks, func(t token) bool { return t.kind == opToken && isArrow(t.s) })
	switch {
	case arrow >= 0:
		c.afterArrow(toks[arrow+1:], signal)
	case signal && len(toks) == 1:
		c.symbols(c.a.activities())
	case signal:
		c.signal(toks)
	default:
		c.condition(toks, true)
	}
}

// signal completes an each or latest line before its arrow.
func (c *completer) signal(toks []token) {
	where := slices.IndexFunc(toks, func(t token) bool { return t.s == "where" })
	switch last := c.p.back(1); {
	case last == "within":
	case last == "by" && len(toks) == 3:
		c.keywords("account")
	case where >= 0 && c.p.back(2) != "within":
		c.condition(toks[where+1:], true)
		if len(toks) > where+1 {
			c.keywords("within")
		}
	default:
		c.keywords("where;within;by account")
		c.operators("→")
	}
}

// afterArrow completes what follows the points of a rule.
func (c *completer) afterArrow(toks []token, signal bool) {
	switch c.p.back(1) {
	case "daily":
		c.keywords("max")
		return
	case "half", "life", "linear", "max", "min", "else", "-", "+", "..", "over", "baseline", "code":
		return
	case "per":
		if signal {
			c.keywords("value")
		} else {
			c.operandOf(dsl.NumberType)
		}
		return
	}
	switch {
	case len(toks) == 0:
	case slices.ContainsFunc(toks, func(t token) bool { return t.s == ".." }):
		c.keywords("over")
	case signal:
		c.keywords("half-life;linear;max;daily max;per value;baseline;code")
	default:
		c.keywords("else;per;max;min;baseline;code")
	}
}

// entry completes the entry of a table.
func (c *completer) entry() {
	p := &c.p
	if slices.ContainsFunc(p.stmt, func(t token) bool { return t.s == ":" }) || len(p.stmt) > 0 {
		return
	}
	if p.kind() == tableBlock {
		head := p.blocks[len(p.blocks)-1].head
		if i := slices.IndexFunc(head, func(t token) bool { return t.kind == opToken && isArrow(t.s) }); i > 0 {
			c.valuesOf(head[i-1].s)
		} else if n := len(head); n > 0 {
			c.valuesOf(head[n-1].s)
		}
		c.keywords("missing")
	}
	c.keywords("else")
}

// tier completes a line of a ladder.
func (c *completer) tier() {
	p := &c.p
	n := len(p.stmt)
	play, when := c.lastWord("play"), c.lastWord("when")
	switch {
	case n == 0:
		c.keywords("play")
	case play >= 0:
		if p.back(1) != "targeting" && p.back(1) != "motion" && p.back(1) != "metric" {
			c.keywords("targeting;motion;metric;play")
		}
	case p.back(1) == "hold":
	case n == 1:
		c.keywords("when;otherwise")
	case when >= 0:
		c.condition(p.stmt[when+1:], false)
		if when+1 < n && !c.wantsOperand(p.stmt[when+1:]) {
			c.keywords("hold;play")
		}
	default:
		c.keywords("play")
	}
}

// caseLine completes a line of a case or of its contact.
func (c *completer) caseLine() {
	p := &c.p
	n := len(p.stmt)
	contact := p.kind() == contactBlock
	switch {
	case n == 0:
		if contact {
			c.symbols(c.a.contactFields())
			c.keywords("did")
			return
		}
		c.symbols(c.a.accountFields())
		c.keywords("expect;did;contact;was")
	case p.stmt[0].s == "was":
		if n == 1 {
			c.symbols(c.a.tierNames(true))
		}
	case p.stmt[0].s == "expect":
		c.expectation()
	case p.stmt[0].s == "did" && n == 1:
		c.symbols(c.a.activities())
	case p.stmt[0].s == "did":
		if activity := p.filterOf(); activity == "" {
			c.keywords("on;value;x")
		} else if p.back(1) == "=" {
			c.values()
		} else if p.back(1) == "(" || p.back(1) == "," {
			c.symbols(slices.DeleteFunc(c.a.activityFields(activity), func(s symbol) bool { return s.name == "value" }))
		}
	case p.back(1) == "=":
		c.values()
		c.add("null", kindValue, "no value", "The field is there, and empty.", "null")
	case n > 2 && !contact:
		c.keywords("as of")
	}
}

func (c *completer) expectation() {
	switch last := c.p.back(1); {
	case last == "expect" || last == ",":
		c.symbols(c.a.results())
		c.add("tier", kindVariable, "the tier", "The tier of the main ladder.", "tier")
		c.keywords("low;high;unknown;invalid")
		for _, l := range c.a.rs.Ladders {
			c.add(l.Name, kindVariable, "the ladder "+l.Name, "", l.Name)
		}
	case last == "tier":
		c.symbols(c.a.tierNames(true))
		c.add("disqualified", kindValue, "tier", "The tier of what a `disqualify` line excludes.", "disqualified")
	default:
		for _, l := range c.a.rs.Ladders {
			if l.Name == last {
				for _, t := range l.Tiers {
					c.add(t.Name, kindValue, "tier", "", label(symbol{name: t.Name, what: "tier"}))
				}
			}
		}
	}
}
