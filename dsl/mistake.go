package dsl

import (
	"fmt"
	"strconv"
	"strings"
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
	if code, message, advice := p.mistake(t); message != "" {
		p.fault(t, code, advice, "%s", message)
		return
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
	":=": {fix: "write ="}, "++": {fix: "write + 1"}, "<=>": {fix: "write <= or >="},
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
	case t.is(opWrong):
		f := foreign[p.text(t)]
		if f.leftOut {
			return CodeNotAllowed, p.describe(t) + " is left out of the language", f.fix
		}
		return CodeSyntax, p.describe(t) + " is no operator", f.fix
	case t.kind == tNewline && t.op == opSemi:
		return CodeNotAllowed, "a semicolon ends a statement, and the condition is not complete", "join conditions by and"
	case t.kind == tOp && comparisonOp(t) != "" && !afterOperand:
		return CodeSyntax, "a value is missing before " + p.describe(t), ""
	case !afterOperand:
		return "", "", ""
	case t.kind == tWord:
		if f, ok := foreign[p.lower()]; ok {
			return CodeSyntax, p.describe(t) + " is no operator", f.fix
		}
		if w := p.lower(); len(w) > 3 {
			if near := suggest(w, operatorNames); near != "" && near != w {
				return CodeSyntax, p.describe(t) + " is no operator", "did you mean " + near + "?"
			}
		}
		return CodeSyntax, "an operator is missing before " + p.describe(t), "write and, or, =, > or another operator; put texts of several words in quotes"
	case t.kind == tNumber || t.kind == tDate || t.kind == tDuration:
		return CodeSyntax, "an operator is missing before " + p.describe(t), "write = or >= before it; points stand after an arrow: → +10"
	case t.kind == tList:
		return CodeSyntax, "an operator is missing before the list", "write in " + clipText(p.text(t), 60)
	}
	return "", "", ""
}

var operatorNames = strings.Fields("equals contains matches between within starts ends least most")

// afterOperand tells whether the last token ends an operand, so that only an
// operator or the end could follow.
func (p *parser) afterOperand() bool {
	last := p.toks[p.prev]
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
		p.fault(t, CodeSyntax, "", "expected a value, found %s", p.describe(t))
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
		return CodeToken, "put a space before a comment", "# stands right after something else"
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
	case faultList:
		return CodeSyntax, "write the closing ]", "this list is not closed"
	case faultListText:
		return CodeToken, "write the closing quote, or put the item in the other quotes", "a quote in the list is not closed on its line"
	case faultListParen:
		return CodeSyntax, "close it, or put quotes around the item", "a parenthesis in an item of the list is not closed"
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
