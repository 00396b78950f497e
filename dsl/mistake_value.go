package dsl

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/accountscore/accountscore/internal/cond"
)

// meantValues is words that people write for a value, and what to write.
var meantValues = map[string]string{
	"yes": "write true", "no": "write false", "on": "write true", "off": "write false",
	"blank": "write is empty, or is missing", "none": "if nothing is meant write is missing",
	"unknown": "if nothing is known write is missing, and is known for the opposite", "undefined": "write is missing", "na": "write is missing",
	"set": "write is known", "present": "write is known", "defined": "write is known", "filled": "write is known",
	"today": "write days_since(x) = 0, or a date", "yesterday": "write days_since(x) = 1, or a date",
}

// meantFunctions is functions of other languages, and what to write.
var meantFunctions = map[string]string{
	"isnull": "write x is missing", "is_null": "write x is missing", "isblank": "write x is missing", "isempty": "write x is empty",
	"is_empty": "write x is empty", "exists": "write x is known", "isset": "write x is known", "is_known": "write x is known",
	"has_value": "write x is known", "hasvalue": "write x is known", "is_null_or_empty": "write x is empty",
	"coalesce": "write x ?? value", "ifnull": "write x ?? value", "nvl": "write x ?? value",
	"lower": "declare the field ignoring case", "upper": "declare the field ignoring case", "tolower": "declare the field ignoring case",
	"toupper": "declare the field ignoring case", "lcase": "declare the field ignoring case", "ucase": "declare the field ignoring case",
	"contains": `write x contains "…"`, "startswith": `write x starts with "…"`, "endswith": `write x ends with "…"`,
	"hasprefix": `write x starts with "…"`, "hassuffix": `write x ends with "…"`, "regexmatch": `write x matches "…"`,
	"matches": `write x matches "…"`, "today": "write x within 30d, or days_since(x)", "datediff": "write days_since(x)",
	"date": "write the date itself: 2026-10-01", "size": "write len(x)", "length": "write len(x)", "between": "write x between 5 and 10",
	"number": "declare the field number", "string": "declare the field text", "int": "declare the field number", "float": "declare the field number",
}

// quotedValue gives the number or the date that stands in quotes on one side
// of a comparison, empty if none does.
func quotedValue(n *Binary) string {
	for _, side := range []Node{n.X, n.Y} {
		if text, ok := side.(*Text); ok && len(text.Value) < maxSuggest && numeric(text.Value) {
			return strings.TrimSpace(text.Value)
		}
	}
	return ""
}

// secondValue reports a value that stands alone after and or or because it was
// meant for the comparison before: country = US or UK.
func (l *lowering) secondValue(n *Binary) bool {
	if !l.looseText(n.Y) {
		return false
	}
	first, list := n.Y, short(n.Y)
	last := n.X
	for {
		b, ok := last.(*Binary)
		switch {
		case !ok:
			return false
		case b.Op == n.Op && l.looseText(b.Y):
			first, list = b.Y, short(b.Y)+", "+list
			last = b.X
			continue
		case b.Op == OpAnd || b.Op == OpOr:
			last = b.Y
			continue
		case !isValueTest(b.Op) || !l.looseText(b.Y):
			return false
		}
		fix := "repeat the test: " + short(b) + " " + string(n.Op) + " " + short(&Binary{Op: b.Op, Not: b.Not, X: b.X, Y: first})
		switch {
		case b.Op == OpEq && n.Op == OpOr:
			fix = "write " + short(b.X) + " in [" + short(b.Y) + ", " + list + "]"
		case b.Op == OpNe:
			fix = "write " + short(b.X) + " not in [" + short(b.Y) + ", " + list + "]"
		}
		l.fault(first.Pos(), CodeType, fix, "`%s` joins conditions, and `%s` alone is none", n.Op, short(first))
		return true
	}
}

// eachText writes a test of several texts as tests of one each.
func (l *lowering) eachText(n *Binary, list *List) string {
	const most = 3
	var tests []string
	for i, item := range list.Items {
		if i == most {
			tests = append(tests, "…")
			break
		}
		tests = append(tests, short(&Binary{At: n.At, Op: n.Op, Not: n.Not, X: n.X, Y: &Text{Value: itemText(item)}}))
	}
	join := " or "
	if n.Not {
		join = " and "
	}
	return strings.Join(tests, join)
}

func isValueTest(op Op) bool {
	switch op {
	case OpEq, OpNe, OpContains, OpStarts, OpEnds, OpHasWord:
		return true
	}
	return false
}

// looseText tells whether a node is a text, or a word with a capital that is
// the name of nothing declared.
func (l *lowering) looseText(n Node) bool {
	switch n := n.(type) {
	case *Text:
		return true
	case *Name:
		r, _ := utf8.DecodeRuneInString(n.Ident)
		sym := l.c.lookup(l.s, n.Ident)
		return unicode.IsUpper(r) && (sym.kind == noSymbol || sym.kind == fieldSymbol && sym.field.inferred && sym.field.typ == cond.Bool)
	}
	return false
}
