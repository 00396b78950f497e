package dsl

import (
	"slices"
	"strings"
)

// phrase is a word of the language, or two, that the parser looked for.
type phrase struct {
	first, second string
	hyphen        bool // between the two
}

func (f phrase) String() string {
	switch {
	case f.second == "":
		return f.first
	case f.hyphen:
		return f.first + "-" + f.second
	}
	return f.first + " " + f.second
}

// note remembers what was looked for at the next token: one of these was meant
// where the token is none.
func (p *parser) note(f phrase) {
	if p.bad {
		return
	}
	if p.triedAt != p.i {
		p.tried, p.triedAt = p.tried[:0], p.i
	}
	p.tried = append(p.tried, f)
}

// misspelt gives the advice for a word that is nearly one that was looked for
// in its place, or another word for it; empty where it is neither.
func (p *parser) misspelt(t token) string {
	w := p.word(t)
	if w == "" || p.triedAt != p.i {
		return ""
	}
	var names []string
	for _, f := range p.tried {
		switch {
		case f.second != "" && (w == f.first || w == f.second):
			return "write " + f.String()
		case otherWords[strings.ToLower(w)] == f.String():
			return "write " + f.String()
		}
		names = append(names, f.String())
		if f.second != "" {
			names = append(names, f.first)
		}
	}
	if len(w) < 3 {
		return ""
	}
	near := p.suggest(w, names)
	for _, f := range p.tried {
		if near != "" && near == f.first {
			near = f.String()
		}
	}
	if near == "" || near == w {
		return ""
	}
	return "did you mean " + near + "?"
}

// otherWords is what people say for words of the language.
var otherWords = map[string]string{
	"otherwise": "else", "elsewise": "else", "default": "otherwise", "else": "otherwise", "rest": "otherwise", "if": "when", "where": "when",
	"limit": "max", "maximum": "max", "cap": "max", "capped": "max", "upto": "max", "minimum": "min", "floor": "min",
	"decay": "half-life", "decays": "half-life", "decaying": "half-life", "fading": "half-life", "halving": "half-life",
	"average": "mean", "avg": "mean", "add": "sum", "total": "sum", "highest": "max",
	"increases": "rises", "grows": "rises", "climbs": "rises", "drops": "falls", "decreases": "falls", "sinks": "falls",
	"hits": "reaches", "crosses": "reaches", "passes": "reaches", "exceeds": "reaches", "share": "weight", "importance": "weight",
	"alias": "from", "source": "from", "column": "from", "key": "from", "as": "from", "values": "one of", "options": "one of", "enum": "one of",
	"expires": "missing after", "keep": "hold", "sticky": "hold", "goal": "metric", "kpi": "metric", "target": "targeting", "audience": "targeting",
	"multithreading": "multi-thread", "people": "from contacts", "optional": "enrichable", "locked": "fixed", "editable": "actionable",
}

// otherStatements is what people call the statements.
var otherStatements = map[string]string{
	"test": "case", "example": "case", "scenario": "case", "check": "case", "verify": "case",
	"alert": "trigger", "notify": "trigger", "notification": "trigger", "alarm": "trigger", "watch": "trigger",
	"exclude": "disqualify", "reject": "disqualify", "ban": "disqualify", "block": "disqualify", "disqualified": "disqualify",
	"ladder": "tiers", "stages": "tiers", "buckets": "tiers", "levels": "tiers", "segments": "tiers", "bands": "tiers",
	"attribute": "field", "property": "field", "column": "field", "input": "field", "variable": "field",
	"category": "dimension", "section": "dimension", "axis": "dimension", "component": "dimension", "group": "dimension",
	"var": "let", "set": "let", "const": "param", "constant": "param", "define": "let", "calc": "let", "compute": "let",
	"model": "ruleset", "title": "ruleset", "scorecard": "ruleset", "signal": "activity", "event": "activity", "events": "activity",
	"multiply": "scale", "multiplier": "scale", "penalty": "scale",
}

// mistypedLine reports a line of a block that begins like no rule, with a word
// that is nearly one of the words that begin such lines.
func (p *parser) mistypedLine(t token, names []string) bool {
	w := p.word(t)
	next := p.ahead(1)
	if len(w) < 4 || slices.Contains(names, w) || p.isName(p.i) && p.arrowOnLine(p.i) || next.kind != tWord && next.kind != tNumber && !next.is(opLBrace) || foreign[p.lowerAhead(1)].fix != "" {
		return false
	}
	near := otherStatements[w]
	if !slices.Contains(names, near) {
		near = p.suggest(w, names)
	}
	if near == "" || near == w {
		return false
	}
	p.fault(t, CodeSyntax, "did you mean "+near+"?", "no line begins with %s", p.describe(t))
	return true
}
