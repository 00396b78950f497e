package dsl

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// unexpected reports that something else was wanted than the next token. What
// people are known to type in its place gets advice of its own.
func (p *parser) unexpected(want, fix string) {
	if p.bad {
		return
	}
	t := p.peek()
	if t.kind == tError {
		p.fault(t, CodeToken, "", "")
		return
	}
	if near := p.misspelt(t); near != "" {
		p.fault(t, CodeSyntax, near, "expected %s, found %s", want, p.describe(t))
		return
	}
	if code, message, advice := p.mistake(t); message != "" {
		p.fault(t, code, advice, "%s", message)
		return
	}
	if fix == "" {
		fix = "write " + want + " here"
	}
	p.fault(t, CodeSyntax, fix, "expected %s, found %s", want, p.describe(t))
}

// foreign is operators and words of other languages: what to write instead,
// and whether the thing itself is left out.
var foreign = map[string]struct {
	fix     string
	leftOut bool
}{
	"===": {fix: "write ="}, "!==": {fix: "write !="}, "<>": {fix: "write !="}, "=<": {fix: "write <="},
	"~=": {fix: `write matches "…", or contains`}, "=~": {fix: `write matches "…", or contains`}, "!~": {fix: `write not matches "…"`},
	"×": {fix: "write *"}, ":=": {fix: "write ="}, "++": {fix: "write + 1"}, "<=>": {fix: "write <= or >="},
	"&": {fix: "write and"}, "~": {fix: "write not"}, "::": {fix: "write the function's name alone"},
	"|":  {fix: "write or between conditions; put pipes as function calls: count(filter(list, …))", leftOut: true},
	"**": {fix: "multiply: x * x", leftOut: true}, "^": {fix: "multiply: x * x", leftOut: true},
	"like": {fix: `write contains "x", starts with "x" or matches "re"`}, "ilike": {fix: `write contains "x", with the field ignoring case`},
	"greater": {fix: "write > or at least"}, "more": {fix: "write > or at least"}, "bigger": {fix: "write > or at least"},
	"above": {fix: "write > or at least"}, "exceeds": {fix: "write >"}, "less": {fix: "write < or at most"},
	"fewer": {fix: "write < or at most"}, "below": {fix: "write < or at most"}, "smaller": {fix: "write < or at most"},
	"under": {fix: "write < or at most"}, "equal": {fix: "write equals or ="}, "includes": {fix: "write contains"},
	"include": {fix: "write contains"}, "contain": {fix: "write contains"}, "then": {fix: "write an arrow: → +10"},
	"xor": {fix: "write a != b"}, "if": {fix: "write the condition first: condition → +10"},
	"-->": {fix: "write → or ->"}, "==>": {fix: "write → or ->"}, "~>": {fix: "write → or ->"},
	"notin": {fix: "write not in"}, "nin": {fix: "write not in"}, "isn": {fix: "write is not"}, "aren": {fix: "write is not"},
	"doesn": {fix: "write does not contain"}, "hasn": {fix: "write has none [..]"}, "isempty": {fix: "write is empty"},
	"regex": {fix: `write matches "re"`}, "regexp": {fix: `write matches "re"`}, "rlike": {fix: `write matches "re"`},
	"after": {fix: "write > 2026-01-31"}, "before": {fix: "write < 2026-01-31"}, "older": {fix: "write days_since(x) > 30"},
	"newer": {fix: "write within 30d"}, "last": {fix: "write within 30d"}, "past": {fix: "write within 30d"},
	"from": {fix: "write between 5 and 10, or in 5-10"}, "to": {fix: "write between 5 and 10, or in 5-10"},
	"points": {fix: "write the condition first: condition → +10"}, "pts": {fix: "write the condition first: condition → +10"},
	"unless": {fix: "write and not"}, "but": {fix: "write and"}, "plus": {fix: "write +"}, "minus": {fix: "write -"},
	"div": {fix: "write /"}, "mod": {fix: "write %"}, "isnull": {fix: "write is missing"}, "exists": {fix: "write is known"},
	"since": {fix: "write within 30d"}, "ago": {fix: "write within 30d"},
}

// mistake gives the advice for a token that stands where it cannot, empty if
// nothing special is known about it.
func (p *parser) mistake(t token) (code Code, message, fix string) {
	if !p.formula && p.exprEnd != p.prev+1 {
		return "", "", "" // no expression is near
	}
	afterOperand := p.afterOperand()
	switch {
	case t.isArrow() && p.text(t) == "=>" && afterOperand:
		return CodeSyntax, "=> is an arrow and stands before points", "write >= for at least"
	case t.is(opWrong) && afterOperand && p.pointsFollow() && p.text(t) == "|":
		return CodeSyntax, "a bar is no arrow", "write an arrow before the points: → " + p.pointsText(1)
	case t.is(opWrong):
		f := foreign[p.text(t)]
		if p.text(t) == "~" && afterOperand {
			f.fix = `write contains or matches`
			if next := p.ahead(1); next.kind == tText {
				f.fix = "write contains " + clipText(p.text(next), 40) + ", or matches for a pattern"
			}
		}
		if f.leftOut {
			return CodeNotAllowed, p.describe(t) + " is left out of the language", f.fix
		}
		if arrows[p.text(t)] {
			return CodeSyntax, p.describe(t) + " is no arrow", f.fix
		}
		return CodeSyntax, p.describe(t) + " is no operator", f.fix
	case t.kind == tNewline && t.op == opSemi:
		return CodeNotAllowed, "a semicolon ends a statement, and the condition is not complete", "join conditions by and"
	case !afterOperand:
		return p.valueMissing(t)
	case t.is(opBang):
		return CodeSyntax, "! stands before a condition, not in an operator", p.bangFix()
	case t.is(opComma):
		if whole, _ := p.splitNumber(); whole != "" {
			return CodeSyntax, "a comma parts values here, and cuts a number in two", "write " + whole
		}
		if number := p.decimals(); number != "" {
			return CodeSyntax, "a comma begins no decimals", "write " + number
		}
		if list := p.bareList(); list != "" {
			return CodeSyntax, "a list stands in square brackets", "write in " + list
		}
		if p.pointsFollow() && p.paren == 0 {
			return CodeSyntax, "a comma is no arrow", "write an arrow before the points: → " + p.pointsText(1)
		}
		return CodeSyntax, "a comma does not join conditions or values here",
			"join conditions by and; put several values in a list, such as in [US, UK]; points stand after an arrow: → +10"
	case t.is(opColon) && p.pointsFollow():
		return CodeSyntax, "a colon is no arrow", "write an arrow before the points: → " + p.pointsText(1)
	case t.kind == tWord:
		if code, message, fix = p.afterNumber(t); message != "" {
			return code, message, fix
		}
		switch w := p.lower(); w {
		case "to", "from":
			lo, hi := p.ownBounds()
			return CodeSyntax, p.describe(t) + " is no operator", "write between " + lo + " and " + hi + ", or in " + lo + "-" + hi
		case "last", "past", "newer", "since", "ago":
			return CodeSyntax, p.describe(t) + " is no operator", "write within " + p.agoSpan(w)
		}
		if fix := p.contracted(t); fix != "" {
			return CodeSyntax, p.describe(t) + " is no operator", fix
		}
		if f, ok := foreign[p.lower()]; ok && !p.titles(t) {
			return CodeSyntax, p.describe(t) + " is no operator", f.fix
		}
		if w := p.lower(); len(w) > 3 {
			if near := p.suggest(w, operatorNames); near != "" && near != w {
				return CodeSyntax, p.describe(t) + " is no operator", "did you mean " + near + "?"
			}
		}
		if fix := p.severalWords(); fix != "" {
			return CodeSyntax, "a field's name is one word", fix
		}
		if text := p.titled(); text != "" {
			return CodeSyntax, "an operator is missing before " + p.describe(t), "put texts of several words in quotes: " + quoteText(text)
		}
		return CodeSyntax, "an operator is missing before " + p.describe(t), "write and, or, =, > or another operator; put texts of several words in quotes"
	case t.kind == tNumber && p.toks[p.prev].kind == tNumber:
		return CodeSyntax, "two numbers stand side by side: " + p.describe(p.toks[p.prev]) + " and " + p.describe(t), digitsFix(p.text(t))
	case t.kind == tDuration && windowWords[strings.ToLower(p.word(p.toks[p.prev]))]:
		return CodeSyntax, "a length of time stands alone", "leave " + p.text(p.toks[p.prev]) + " out: write " + p.text(t)
	case t.kind == tNumber && (p.ahead(1).is(opMinus) || p.ahead(1).is(opDotDot)) && p.ahead(2).kind == tNumber:
		return CodeSyntax, "an operator is missing before " + p.describe(t), "write in " + p.text(t) + "-" + p.text(p.ahead(2))
	case t.kind == tNumber && p.ahead(1).is(opPlus) && !p.operandFollows(1):
		return CodeSyntax, "an operator is missing before " + p.describe(t), "write >= " + p.text(t) + ", or in " + p.text(t) + "+"
	case t.kind == tNumber || t.kind == tDate || t.kind == tDuration:
		return CodeSyntax, "an operator is missing before " + p.describe(t), "write = or >= before it; points stand after an arrow: → +10"
	case t.kind == tList:
		return CodeSyntax, "an operator is missing before the list", "write in " + clipText(p.text(t), 60)
	}
	return "", "", ""
}

// arrows are the wrong operators that were meant as arrows.
var arrows = map[string]bool{"-->": true, "==>": true, "~>": true}

// broken is operators that a space has cut in two.
var broken = map[string]string{
	"> =": ">=", "< =": "<=", "= =": "=", "= >": ">=", "= <": "<=", "< >": "!=", "! =": "!=", "- >": "→ or ->", "== =": "=",
}

// valueMissing gives the advice for a token that stands where a value should.
func (p *parser) valueMissing(t token) (code Code, message, fix string) {
	var last token
	if p.toks[p.prev].off < t.off {
		last = p.toks[p.prev]
	}
	switch {
	case comparisonOp(last) != "" && comparisonOp(t) != "" && p.text(last) == p.text(t):
		return CodeSyntax, "`" + p.text(last) + "` stands twice", "write " + p.text(t)
	case last.kind == tOp && broken[p.text(last)+" "+p.text(t)] != "":
		return CodeSyntax, "a space has cut an operator in two", "write " + broken[p.text(last)+" "+p.text(t)]
	case p.atStart(t) && strings.HasPrefix(p.src[t.off:], "<!--"):
		return CodeSyntax, "<!-- begins no comment", "write # or // before the comment"
	case p.atStart(t) && (t.is(opEq) || t.is(opEqEq)):
		return CodeSyntax, "a rule is no formula of a spreadsheet", "leave the = out, and write condition → +10"
	case last.is(opColon) && comparisonOp(t) != "":
		return CodeSyntax, "a value is missing before " + p.describe(t), "leave the colon out: name " + p.text(t) + " …"
	case comparisonOp(t) != "":
		return CodeSyntax, "a value is missing before " + p.describe(t), "write the name of a field before it"
	case last.is(opPlus) && p.endsRule(t):
		return CodeSyntax, "a value is missing after +", "for 1000 and more write >= 1000, or in 1000+"
	case last.is(opQuestion) && p.endsRule(t):
		return CodeSyntax, "a value is missing after ?", "leave the question mark out: a field that is true or false is a condition"
	case t.is(opDotDot):
		return CodeSyntax, "an interval has a lower end", "write <= 100 for an interval without one"
	case t.is(opStar):
		return CodeSyntax, "a value is missing before *", "leave a bullet at the start of the line out"
	case last.is(opQuestion) && t.is(opDot), last.is(opComma) && t.is(opDot):
		return CodeSyntax, "a value has no members", "name each value as a field, with from \"…\" for its key in the data"
	case last.kind == tOp && !last.is(opMinus) && !last.is(opDotDot) && p.endsRule(t):
		return CodeSyntax, "a value is missing after " + p.describe(last), "write a name, a number or a text in quotes after it"
	case last.kind == tWord && operatorStart[strings.ToLower(p.text(last))] && capital(p.text(last)) && p.prev > 0 && p.comparesWith(p.toks[p.prev-1]) && p.endsRule(t):
		return CodeSyntax, "a value is missing after " + p.describe(last), "if it is text write " + quoteText(p.text(last)) + "; else write a value after it"
	case last.kind == tWord && operatorStart[strings.ToLower(p.text(last))] && p.endsRule(t):
		return CodeSyntax, "a value is missing after " + p.describe(last), "write a value or a condition after it, or leave it out"
	case t.kind == tWord && operatorStart[p.lower()]:
		return CodeSyntax, "a value is missing before " + p.describe(t), "write a value or a condition before it, or leave it out"
	}
	return "", "", ""
}

// comparesWith tells whether a token is a comparison, in symbols or words.
func (p *parser) comparesWith(t token) bool {
	w := strings.ToLower(p.word(t))
	return comparisonOp(t) != "" || comparisons[w] != "" || w == "is"
}

// endsRule tells whether the condition ends at a token.
func (p *parser) endsRule(t token) bool { return t.isArrow() || t.kind == tNewline || t.kind == tEOF }

// atStart tells whether a token is the first of its formula.
func (p *parser) atStart(t token) bool { return p.formula && int(t.off) == p.from }

// bangFix says what to write for a ! after an operand.
func (p *parser) bangFix() string {
	next := p.ahead(1)
	switch {
	case next.is(opEq), next.is(opEqEq):
		return "write !="
	case next.kind == tWord && operatorStart[p.lowerAhead(1)]:
		return "write not " + p.lowerAhead(1)
	}
	return "write != or not"
}

// windowWords stand before a length of time in other languages.
var windowWords = wordSet("last past the in within over during previous")

// agoSpan gives the length of time that stands beside "last" or "ago".
func (p *parser) agoSpan(w string) string {
	if before := p.toks[p.prev]; (w == "ago") && before.kind == tDuration {
		return p.text(before)
	}
	return p.ownSpan()
}

// pointsFollow tells whether a number with or without a sign is after the
// next token.
func (p *parser) pointsFollow() bool {
	next := p.ahead(1)
	return next.kind == tNumber || (next.is(opPlus) || next.is(opMinus)) && p.ahead(2).kind == tNumber
}

// unitWords are words that people put after a number, and the suffix for them.
var unitWords = map[string]string{
	"m": "M", "mm": "M", "mio": "M", "mn": "M", "mil": "M", "mill": "M", "mln": "M", "millions": "M",
	"k": "k", "thousands": "k", "b": "B", "bn": "B", "bil": "B", "billions": "B", "percent": "%", "pct": "%",
	"usd": "", "eur": "", "gbp": "", "dollars": "", "dollar": "", "euro": "", "euros": "", "people": "",
}

// magnitudes and spanWords go on with a number before them.
var (
	magnitudes = wordSet("thousand million billion")
	spanWords  = wordSet("d day days w week weeks h hour hours")
)

// afterNumber gives the advice for a unit after a number.
func (p *parser) afterNumber(t token) (code Code, message, fix string) {
	suffix, ok := unitWords[p.lower()]
	number := p.toks[p.prev]
	if w := p.lower(); number.kind == tNumber && (magnitudes[w] || spanWords[w]) {
		return CodeSyntax, p.describe(t) + " stands in lower case after a number", "write " + p.text(number) + " " + w
	}
	if !ok || number.kind != tNumber {
		return "", "", ""
	}
	return CodeSyntax, p.describe(t) + " is no part of a number", "write " + p.text(number) + suffix
}

// titles tells whether a word and the one before both begin with a capital,
// as a text of several words does.
func (p *parser) titles(t token) bool { return p.capitalized(t) && p.capitalized(p.toks[p.prev]) }

// capitalized tells whether a token is a word in small letters after a capital.
func (p *parser) capitalized(t token) bool {
	w := p.word(t)
	return len(w) > 1 && 'A' <= w[0] && w[0] <= 'Z' && 'a' <= w[1] && w[1] <= 'z'
}

// titled gives the text of several words with capitals that stands without
// quotes around the next token, on the right of a comparison; empty if none
// does.
func (p *parser) titled() string {
	if p.prev == 0 || !p.titles(p.toks[p.i]) {
		return ""
	}
	if op := p.toks[p.prev-1]; comparisonOp(op) == "" && !operatorStart[strings.ToLower(p.word(op))] && p.word(op) != "with" {
		return ""
	}
	i := p.i
	for i-p.prev < 8 && p.capitalized(p.toks[i+1]) {
		i++
	}
	return clipText(plainSpaces(p.src[p.toks[p.prev].off:p.toks[i].end]), 60)
}

// digitsFix says what to write for a number right after another.
func digitsFix(second string) string {
	switch {
	case strings.HasPrefix(second, "."):
		return "write 1000000 or 1,000,000, because a dot begins the decimals; write a date as 2026-12-31"
	case len(second) == 3:
		return "write the digits together, or 1,000"
	}
	return "write an operator between them; points stand after an arrow: → +10"
}

var operatorNames = strings.Fields("equals contains matches between within starts ends least most")

// afterOperand tells whether the last token ends an operand, so that only an
// operator or the end could follow.
func (p *parser) afterOperand() bool {
	last := p.toks[p.prev]
	if p.formula && int(last.off) < p.from {
		return false // nothing of the formula stands before it
	}
	switch last.kind {
	case tNumber, tText, tDate, tDuration, tList:
		return true
	case tWord:
		w := strings.ToLower(p.text(last))
		return !operatorStart[w] && w != "with" && w != "word" && w != "least" && w != "most"
	}
	return last.is(opRParen)
}

// misplaced reports words that are no value, where a value should stand.
func (p *parser) misplaced(t token, w string) bool {
	switch strings.ToLower(w) {
	case "and", "or", "in":
		fix := "write a value or a condition before it, or leave it out"
		if before := p.toks[p.prev]; capital(w) && before.off < t.off && p.comparesWith(before) {
			fix = "if it is text write " + quoteText(w)
		}
		p.fault(t, CodeSyntax, fix, "expected a value, found %s", p.describe(t))
	case "null", "nil":
		p.fault(t, CodeNotAllowed, "ask is missing, or give another value by ??", "%s is no value here", w)
	case "if", "when":
		if next := p.ahead(1); next.kind == tWord && !operatorStart[p.lowerAhead(1)] && !endsCondition[p.lowerAhead(1)] {
			p.fault(t, CodeSyntax, "write the condition alone: condition → +10", "a rule begins with its condition, without %s", w)
		}
	case "let":
		if p.ahead(1).kind == tWord && (p.ahead(2).is(opEq) || p.ahead(2).is(opEqEq)) {
			p.fault(t, CodeNotAllowed, "put the let on a line of its own, outside the blocks", "let does not stand inside a condition")
		}
	}
	return p.bad
}

// lexMessage explains a token that is none.
func lexMessage(f lexFault, text string) (code Code, fix, message string) {
	short := clipText(text, 40)
	quoted := "`" + short + "`"
	switch f {
	case faultInvisible:
		return CodeToken, "delete it", fmt.Sprintf("an invisible character stands here: %+q", short)
	case faultDash:
		return CodeToken, "write → before points, - to subtract", "a long dash is no operator"
	case faultHash:
		return CodeToken, "put a space before a comment; # is an item in all, any, none, one, filter, map, count and sum alone", "# stands right after something else"
	case faultElement:
		return CodeNotAllowed, "write # alone for the element", quoted + " is left out of the language"
	case faultDollar:
		if text == "$env" || len(text) > 1 {
			return CodeNotAllowed, "name the field itself", quoted + " is left out of the language"
		}
		return CodeToken, "write $5M", "a dollar stands before a number"
	case faultCurrency:
		return CodeToken, "leave the sign out, or write $", "only $ may stand before a number"
	case faultComment:
		return CodeToken, "write # or // before the comment, on each line", "comments in /* */ are left out of the language"
	case faultText:
		return CodeToken, `write the closing quote; in front of a quote inside the text write \`, "this quote is not closed on its line"
	case faultBacktick:
		return CodeToken, "write the closing `", "this backtick is not closed"
	case faultEscape:
		return CodeToken, `write \\ for a backslash`, "the text holds a backslash that begins no escape"
	case faultNumber:
		if digits := strings.TrimRight(text, "DWHdwh"); len(digits) == len(text)-1 && strings.Trim(digits, "0123456789") == "" {
			return CodeToken, "write " + strings.ToLower(text), quoted + " is no number of the language"
		}
		if meant := unitOf(text); meant != "" {
			return CodeToken, "write " + meant, quoted + " is no number of the language"
		}
		return CodeToken, "write 10k, 10M, 10B, 60% or 30d; a name begins with a letter", quoted + " is neither a number nor a name"
	case faultUnit:
		return CodeToken, unitFix(text), quoted + " is no length of time: months, years, minutes and seconds are left out"
	case faultLong:
		return CodeValue, "write fewer digits", fmt.Sprintf("a number is longer than %d characters", maxLiteral)
	case faultBig:
		return CodeValue, "write a smaller number", quoted + " is too large a number"
	case faultDay:
		return CodeValue, "correct the month or the day", quoted + " is no day of the calendar"
	case faultDateForm:
		return CodeToken, "write year-month-day with two digits each: 2026-01-05", quoted + " is no date"
	case faultMoment:
		return CodeToken, "write 2026-10-01T12:00:00Z", quoted + " is no moment"
	case faultSpan:
		return CodeValue, "write a shorter time", quoted + " is longer than 290 years"
	case faultWide:
		r, _ := utf8.DecodeRuneInString(text)
		return CodeToken, fmt.Sprintf("write a plain %c", r-wideOffset), quoted + " is a full-width character"
	case faultBullet:
		return CodeToken, "leave the bullet out: a rule begins with its condition", quoted + " has no meaning here"
	case faultList:
		return CodeSyntax, "write the closing ]", "this list is not closed"
	case faultListText:
		return CodeToken, "write the closing quote, or put the item in the other quotes", "a quote in the list is not closed on its line"
	case faultListParen:
		return CodeSyntax, "close it, or put quotes around the item", "a parenthesis in an item of the list is not closed"
	}
	if text == "÷" {
		return CodeToken, "write /", quoted + " is no operator"
	}
	return CodeToken, "delete it, or put quotes around the text", quoted + " has no meaning here"
}

// unitFix says how to write a span in days.
func unitFix(text string) string {
	digits := 0
	for digits < len(text) && isDigit(text[digits]) {
		digits++
	}
	n, err := strconv.Atoi(text[:digits])
	word := strings.ToLower(strings.TrimLeft(text[digits:], " \t\u00a0"))
	days := otherSpans[word]
	switch {
	case word == "m":
		return "write " + text[:digits] + "M for millions; for months write days, such as 90d"
	case days == 0:
		return "write hours, such as 12h, or days, such as 30d"
	case err != nil || n < 1 || n > 1000:
		return "write days, such as 90d"
	}
	return fmt.Sprintf("write days: %dd", n*days)
}
