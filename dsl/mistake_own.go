package dsl

import (
	"strings"
	"unicode"

	"github.com/accountscore/accountscore/internal/cond"
)

// Advice in the words of who wrote the mistake: what stands around it in the
// source, put the way that the language has it.

// slug makes a name of what people call a field: "Annual Revenue" is
// annual_revenue.
func slug(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	name := strings.Join(words, "_")
	if !isPlainWord(name) || len(name) > maxSuggest {
		return "name"
	}
	return name
}

// declaration says how a field whose name in the data is no name of the language
// is declared.
func declaration(source, typ string) string {
	return "field " + slug(source) + " " + typ + " from " + quoteText(clipText(source, 60))
}

// fieldName reports a field whose name and type stand in a wrong order, or
// whose name has several words or quotes.
func (p *parser) fieldName() {
	t := p.peek()
	if t.kind == tText {
		name := p.texts[t.aux]
		typ := "text"
		if given := typeWord(p.word(p.ahead(1))); given != "" {
			typ = given
		}
		p.fault(t, CodeSyntax, "write "+declaration(name, typ), "expected the field's name without quotes, found %s", p.describe(t))
		return
	}
	if t.kind != tWord || typeWord(p.word(p.ahead(1))) != "" {
		return
	}
	if typ, name := typeWord(p.text(t)), p.ahead(1); typ != "" && p.text(t) == p.lower() && name.kind == tWord && !clauseStart[p.text(name)] {
		p.fault(t, CodeSyntax, "write field "+p.text(name)+" "+typ, "a field's name stands before its type")
		return
	}
	for n := 1; n < 8 && p.ahead(n).kind == tWord; n++ {
		if typ := typeWord(p.text(p.ahead(n))); typ != "" {
			p.fault(p.ahead(1), CodeSyntax, "write "+declaration(plainSpaces(p.src[t.off:p.ahead(n-1).end]), typ), "a field's name is one word")
			return
		}
	}
}

// clauseStart is the words that begin a field's clauses.
var clauseStart = wordSet("from stale missing default one ignoring fixed enrichable actionable")

// typeWord gives the type that a word names, be it in another language.
func typeWord(w string) string {
	if len(w) > 16 {
		return ""
	}
	w = strings.ToLower(w)
	if t := fieldTypes[w]; t != "" {
		return string(t)
	}
	return string(otherTypes[w])
}

// severalWords gives the advice for a name of several words on the left of a
// comparison; empty where none stands around the next token.
func (p *parser) severalWords() string {
	if before := p.prev - 1; before >= 0 && int(p.toks[before].off) >= p.from {
		b := p.toks[before]
		if w := strings.ToLower(p.word(b)); !b.is(opLParen) && !b.is(opAndAnd) && !b.is(opOrOr) && w != "and" && w != "or" && w != "not" {
			return ""
		}
	}
	last := p.i
	for last-p.prev < 8 && p.toks[last+1].kind == tWord && !operatorStart[strings.ToLower(p.text(p.toks[last+1]))] {
		last++
	}
	op := p.toks[last+1]
	typ := "text"
	switch {
	case isOrder(comparisonOp(op)), op.kind == tWord && p.toks[min(last+2, len(p.toks)-1)].kind == tNumber:
		typ = "number"
	case comparisonOp(op) != "", op.kind == tWord && operatorStart[strings.ToLower(p.text(op))]:
	default:
		return ""
	}
	name := plainSpaces(p.src[p.toks[p.prev].off:p.toks[last].end])
	return "declare it by " + declaration(name, typ) + ", and write " + slug(name)
}

// notCompared reports a comparison after not, as in n not >= 5.
func (p *parser) notCompared() {
	t := p.peek()
	op := comparisonOp(t)
	if op == "" {
		op = comparisons[p.lower()]
	}
	if op == "" {
		op = p.atLeast(0)
	}
	if op != "" {
		p.fault(t, CodeSyntax, "write "+string(negated[op]), "no comparison stands after `not`")
	}
}

// contracted gives the advice for doesn't, isn't and the like, whose quote
// begins a text; empty for any other word.
func (p *parser) contracted(t token) string {
	w := strings.ToLower(p.word(t))
	rest := p.src[t.end:]
	rest = rest[:endOfLine(rest, 0, len(rest))]
	for _, quote := range [...]string{"'", "’", "‘", "`"} {
		if after, ok := strings.CutPrefix(rest, quote); ok {
			rest = after
		}
	}
	words := strings.Fields(rest)
	if len(words) > 1 && strings.EqualFold(words[0], "t") {
		words = words[1:]
	}
	verb := ""
	if len(words) > 0 {
		verb = strings.ToLower(words[0])
	}
	switch w {
	case "isn", "aren", "wasn":
		switch verb {
		case "in", "empty", "missing", "known", "between":
			return "write is not " + verb
		}
		return "write is not"
	case "doesn", "don", "didn":
		switch verb := strings.TrimSuffix(verb, "s"); verb {
		case "equal", "match":
			return "write does not " + verb
		case "start", "end":
			return "write does not " + verb + " with"
		case "have":
			return "write has none [..]"
		}
		return "write does not contain"
	}
	return ""
}

// methods is what methods of other languages are called, and the operator.
var methods = map[string]string{
	"includes": "contains", "contains": "contains", "include": "contains", "startswith": "starts with", "endswith": "ends with",
	"match": "matches", "matches": "matches", "test": "matches", "equals": "=",
}

// method gives the advice for x.includes("y"), whose dot is the next token;
// empty where no method is known.
func (p *parser) method() string {
	x, name := p.word(p.toks[p.prev]), strings.ToLower(p.word(p.ahead(1)))
	if x == "" {
		return ""
	}
	if op := methods[name]; op != "" && p.ahead(2).is(opLParen) {
		value := `"…"`
		if v := p.ahead(3); v.kind == tText || v.kind == tNumber {
			value = clipText(p.text(v), 40)
		}
		return "write " + x + " " + op + " " + value
	}
	called := p.ahead(2).is(opLParen)
	switch {
	case name == "length" || called && (name == "size" || name == "count"):
		return "write len(" + x + ")"
	case called && (name == "tolowercase" || name == "touppercase" || name == "lower" || name == "upper"):
		return "declare the field ignoring case, and write " + x
	case called && name == "isempty":
		return "write " + x + " is empty"
	}
	return ""
}

// pointsText gives the points after the next n tokens as they are written.
func (p *parser) pointsText(n int) string {
	t := p.ahead(n)
	if t.is(opPlus) || t.is(opMinus) {
		return p.text(t) + p.text(p.ahead(n+1))
	}
	return p.text(t)
}

// ownSpan gives the first length of time in the next few tokens as it is
// written, or 30d.
func (p *parser) ownSpan() string {
	for n := range 4 {
		switch t := p.ahead(n); t.kind {
		case tDuration:
			return p.text(t)
		case tNumber:
			return p.text(t) + "d"
		case tNewline, tEOF:
			return "30d"
		}
	}
	return "30d"
}

// ownList gives the values in the parentheses or braces that are next as a
// list.
func (p *parser) ownList() string {
	open := p.peek()
	for i := p.i + 1; i-p.i < 60; i++ {
		switch t := p.toks[i]; {
		case t.is(opRParen), t.is(opRBrace):
			if inside := strings.TrimSpace(p.src[open.end:t.off]); inside != "" && len(inside) <= 80 && !strings.ContainsAny(inside, "\r\n") {
				return "[" + inside + "]"
			}
			return "[US, UK]"
		case t.kind == tEOF, t.kind == tNewline, t.is(opLParen), t.is(opLBrace):
			return "[US, UK]"
		}
	}
	return "[US, UK]"
}

// bareList gives the words around the comma that is next as a list, where they
// stand after in; empty elsewhere.
func (p *parser) bareList() string {
	if p.prev < 1 || p.toks[p.prev].kind != tWord {
		return ""
	}
	if before := strings.ToLower(p.word(p.toks[p.prev-1])); before != "in" && before != "of" {
		return ""
	}
	last := p.i - 1
	for p.toks[last+1].is(opComma) && p.toks[last+2].kind == tWord {
		last += 2
	}
	if last < p.i || last-p.prev > 40 {
		return ""
	}
	return "[" + p.src[p.toks[p.prev].off:p.toks[last].end] + "]"
}

// decimals gives the number that a comma in it was meant to have decimals or
// groups of digits; empty where none stands around the comma that is next.
func (p *parser) decimals() string {
	before, comma, after := p.toks[p.prev], p.peek(), p.ahead(1)
	if before.kind != tNumber || after.kind != tNumber || !comma.touches() || !after.touches() {
		return ""
	}
	whole := strings.ReplaceAll(p.text(before), ".", "")
	if strings.Trim(p.text(after), "0123456789") != "" {
		return ""
	}
	if next := p.ahead(2); next.is(opComma) && next.touches() && p.ahead(3).kind == tNumber {
		return whole + p.text(after) + p.text(p.ahead(3))
	}
	return whole + "." + p.text(after)
}

// ownBounds gives the two numbers around the next token as an interval; those
// of an example where they are none.
func (p *parser) ownBounds() (lo, hi string) {
	number := func(t token) bool { return t.kind == tNumber || t.kind == tDate }
	switch before, next := p.toks[p.prev], p.ahead(1); {
	case number(before) && number(next):
		return p.text(before), p.text(next)
	case number(next) && number(p.ahead(3)):
		return p.text(next), p.text(p.ahead(3))
	}
	return "5", "10"
}

// tierEntry gives the tier that an entry such as 80+: A was meant to be; empty
// where no such entry is next.
func (p *parser) tierEntry() string {
	t := p.peek()
	n, when := 1, ""
	switch {
	case t.kind == tNumber && p.ahead(1).is(opPlus):
		n, when = 2, "when score >= "+p.text(t)
	case t.kind == tNumber && (p.ahead(1).is(opMinus) || p.ahead(1).is(opDotDot)):
		n, when = 3, "when score >= "+p.text(t)
	case t.kind == tNumber:
		when = "when score >= " + p.text(t)
	case t.kind == tWord && elseWords[p.lower()]:
		when = "otherwise"
	}
	if name := p.ahead(n + 1); when != "" && p.ahead(n).is(opColon) && (name.kind == tWord || name.kind == tText) {
		return "write " + p.text(name) + " " + when
	}
	return ""
}

// groupOf reports a group by a name that it has not.
func (p *parser) groupOf(t token, w string) bool {
	kind := otherGroups[strings.ToLower(w)]
	if kind == "" || p.word(p.ahead(1)) != "of" {
		return false
	}
	if next := p.ahead(2); !next.is(opLBrace) && next.kind != tText && p.word(next) != "max" && p.word(next) != "min" {
		return false
	}
	p.fault(t, CodeSyntax, "write "+kind+" { rules }", "no group is called %s of", w)
	return true
}

// otherGroups is what people call the groups.
var otherGroups = map[string]string{
	"max": "best of", "highest": "best of", "any": "best of", "top": "best of", "largest": "best of", "one": "best of", "maximum": "best of",
	"all": "sum of", "total": "sum of", "add": "sum of", "each": "sum of", "either": "first of",
}

// wikiRow gives the rule of a row of a table, | condition | points |, whose
// first bar is next; empty where it is none.
func (p *parser) wikiRow() string {
	line := p.src[p.peek().end:]
	line = line[:endOfLine(line, 0, len(line))]
	cells := strings.Split(line, "|")
	if len(cells) < 2 || strings.TrimSpace(cells[0]) == "" || strings.TrimSpace(cells[1]) == "" {
		return ""
	}
	return clipText(strings.TrimSpace(cells[0]), 80) + " → " + clipText(strings.TrimSpace(cells[1]), 20)
}

// unitOf gives a number with a unit of other places, such as 10MM, as the
// language writes it; empty where the unit is none.
func unitOf(text string) string {
	n := len(strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	suffix, ok := unitWords[strings.ToLower(text[n:])]
	if !ok || n == 0 {
		return ""
	}
	return text[:n] + suffix
}

// hinted lowers a node beside a value of type t, so that what is not declared
// is declared with that.
func (l *lowering) hinted(n Node, t cond.Type) *cond.Node {
	if _, name := n.(*Name); name {
		l.hint = t
		defer func() { l.hint = cond.NoType }()
	}
	return l.value(n)
}

// besideType gives the type of what a test compares a name with, as far as the
// text alone tells.
func besideType(n *Binary) cond.Type {
	switch n.Op {
	case OpWithin:
		return cond.Time
	case OpHasAny, OpHasAll, OpHasNone:
		return cond.List
	case OpContains, OpStarts, OpEnds, OpHasWord, OpMatches:
		return cond.Text
	case OpSub, OpMul, OpDiv, OpMod:
		return cond.Number
	}
	switch y := n.Y.(type) {
	case *Interval:
		return besideType(&Binary{Op: OpGt, Y: y.Lo})
	case *List:
		t, _ := itemType(y)
		return t
	case *Name, *Text:
		if isOrder(n.Op) {
			return cond.Number
		}
		return cond.Text
	case *Bool:
		return cond.Bool
	case *DateLit:
		return cond.Time
	}
	return cond.Number
}

// quotedField gives the advice for a text or a list that stands on the left of
// a comparison with a number: the name of a field; empty for anything else.
func quotedField(n *Binary) string {
	name := ""
	switch x := n.X.(type) {
	case *Text:
		name = x.Value
	case *List:
		if len(x.Items) == 1 {
			name = itemText(x.Items[0])
		}
	}
	switch n.Y.(type) {
	case *Number, *DateLit, *Bool:
		if name != "" && !numeric(name) && len(name) <= maxSuggest {
			if isPlainWord(name) {
				return "write " + name + " without quotes and brackets"
			}
			return "declare it by " + declaration(name, besideType(n).String()) + ", and write " + slug(name)
		}
	}
	return ""
}

// barePoints gives the advice for a number or an interval where a condition is
// wanted: in a tier it is about the score; empty elsewhere.
func (l *lowering) barePoints(n Node) string {
	x := "x"
	if l.s.kind == tierScope {
		x = "score"
	}
	switch n := n.(type) {
	case *Number:
		if l.s.kind == tierScope {
			return "write score >= " + n.Source
		}
	case *Binary:
		lo, ok1 := n.X.(*Number)
		hi, ok2 := n.Y.(*Number)
		if n.Op == OpSub && ok1 && ok2 {
			return "write " + x + " in " + lo.Source + "-" + hi.Source
		}
	}
	return ""
}

// joinedText gives the text of a value such as N/A or Pro-Plus, whose names
// nothing declares; empty for a value that may be computed.
func (l *lowering) joinedText(n *Binary) string {
	y, ok := n.Y.(*Binary)
	if !ok || n.Op != OpEq && n.Op != OpNe {
		return ""
	}
	sign := map[Op]string{OpDiv: "/", OpSub: "-", OpAdd: "+"}[y.Op]
	first, ok1 := y.X.(*Name)
	second, ok2 := y.Y.(*Name)
	if sign == "" || !ok1 || !ok2 || !capital(first.Ident) || l.isDeclared(first.Ident) || l.isDeclared(second.Ident) {
		return ""
	}
	if second.At.Offset != first.At.Offset+len(first.Ident)+len(sign) {
		return "" // spaces part what is computed
	}
	return first.Ident + sign + second.Ident
}

// labelledValue reports a rule such as size: 5, which is a label and a value
// where a comparison was meant.
func (c *checker) labelledValue(r *Rule, path string) bool {
	if r.Label == "" || languageOf(r.Language, c.rs.Language) != RulesLanguage {
		return false
	}
	n := r.When.parsed()
	if n == nil {
		n, _ = ParseFormula(Formula{Text: r.When.Text}, "", "")
	}
	meant := ""
	switch n := n.(type) {
	case *Number, *Text, *DateLit:
		meant = r.Label + " = " + short(n)
	case *Binary:
		lo, ok1 := n.X.(*Number)
		hi, ok2 := n.Y.(*Number)
		if n.Op == OpSub && ok1 && ok2 {
			meant = r.Label + " in " + lo.Source + "-" + hi.Source
		}
	}
	if meant == "" {
		return false
	}
	c.wrong(r.When.Pos, path, CodeType, "write "+meant, "`%s:` is a label, and `%s` is no condition", r.Label, short(n))
	return true
}
