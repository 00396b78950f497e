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

// ruleCondition reads what stands before a rule's arrow.
func (p *parser) ruleCondition() (f Formula, language string) {
	return p.conditionIn(false, func(end int) bool { return p.toks[end].isArrow() })
}

// reasonedCondition reads what stands between "when" and a reason that may be
// left out. A field with its reason is a word and one text, so a condition of
// a named language is a word and two: it has a reason.
func (p *parser) reasonedCondition() (f Formula, language string) {
	return p.conditionIn(true, func(end int) bool { return p.toks[end].kind == tText || p.endsLine(end) })
}

// tierCondition reads what stands after a tier's "when".
func (p *parser) tierCondition() (f Formula, language string) {
	return p.conditionIn(false, func(end int) bool {
		w := p.word(p.toks[end])
		return p.endsLine(end) || p.toks[end].is(opComma) || w == "hold" || w == "play"
	})
}

// conditionIn reads an expression, or a quoted condition of another language.
// Where the ruleset has a language, a quoted text alone is in that: it can be
// nothing else, for no condition of the rules language is one. ends tells
// whether what is read can end before a token.
func (p *parser) conditionIn(reasoned bool, ends func(int) bool) (f Formula, language string) {
	t, next := p.peek(), p.ahead(1)
	switch w := p.word(t); {
	case w != "" && next.kind == tText && isLanguageName(w) && (!reasoned || p.textAt(p.i+2)):
		p.next()
		return p.foreign(), w
	case p.rs.Language == "" || p.rs.Language == RulesLanguage:
		return p.condition(), ""
	case t.kind == tText && ends(min(p.i+1, len(p.toks)-1)):
		return p.foreign(), ""
	}
	return p.condition(), RulesLanguage
}

// textAt tells whether a text stands at token i, or alone on the line after.
func (p *parser) textAt(i int) bool {
	i = min(i, len(p.toks)-1)
	if p.toks[i].kind == tNewline {
		i = p.skip(i)
		return p.toks[i].kind == tText && p.goesOn(i)
	}
	return p.toks[i].kind == tText
}

// endsLine tells whether a statement ends before token i.
func (p *parser) endsLine(i int) bool {
	t := p.toks[i]
	return t.kind == tNewline || t.kind == tEOF || t.is(opRBrace)
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
