package dsl

import "strings"

// language reads: language cel.
func (p *parser) language(at Pos) {
	name := p.ident("a language")
	if p.bad || !p.once(p.rs.Language != "", at, "language") {
		return
	}
	if p.rules > 0 {
		p.report(at, CodeStructure, "put it before the first rule", "the language of the conditions is told after some of them")
	}
	p.rs.Language = name
}

// ruleCondition reads what stands before a rule's arrow: an expression, or a
// quoted condition of another language. A quoted text alone can be nothing
// else, for no condition of the rules language is one.
func (p *parser) ruleCondition() (f Formula, language string) {
	t, next := p.peek(), p.ahead(1)
	switch w := p.word(t); {
	case w != "" && next.kind == tText && isLanguageName(w):
		p.next()
		return p.foreign(), w
	case p.rs.Language == "" || p.rs.Language == RulesLanguage:
		return p.condition(), ""
	case t.kind == tText && next.isArrow():
		return p.foreign(), ""
	}
	return p.condition(), RulesLanguage
}

// foreign reads a quoted condition. Its place is that of the text between the
// quotes, where that stands in the source as it is.
func (p *parser) foreign() Formula {
	t := p.next()
	if p.bad {
		return Formula{}
	}
	f := Formula{Text: p.texts[t.aux], Pos: t.pos()}
	if err := conditionBounds(f.Text); err != nil {
		e := err.(*Error)
		p.fault(t, e.Code, e.Fix, "%s", e.Message)
		return Formula{}
	}
	if _, size := openingQuote(p.text(t)); strings.HasPrefix(p.text(t)[size:], f.Text) {
		f.Pos.Offset += size
		f.Pos.Column++
	}
	return f
}

// isLanguageName tells whether a word can be the name of a language: one that
// begins no statement and stands in no condition before a text.
func isLanguageName(w string) bool {
	return isPlainWord(w) && !strings.Contains(w, ".") && !operatorWords[strings.ToLower(w)] && !ambiguousWords[strings.ToLower(w)] &&
		statements[w] == nil && !isDimensionWord[w] && !rollupWords[w]
}
