package dsl

import (
	"strconv"
	"strings"

	"github.com/accountscore/accountscore/internal/numeral"
)

// formatFormula prints a formula canonically, or as it is where it does not
// parse.
func formatFormula(f Formula) string {
	if n := canonical(f); n != nil {
		return printNode(n)
	}
	return oneLine(f.Text)
}

// manyBrackets is how many parentheses and ternaries a canonical text may
// have before it is parsed to see whether it nests too deep.
const manyBrackets = 16

// canonical gives the tree of a formula whose canonical text parses. That may
// be longer and nest deeper than what the author wrote.
func canonical(f Formula) Node {
	n := f.parsed()
	if n == nil {
		var errs ErrorList
		if n, errs = ParseFormula(f, "", ""); len(errs) > 0 {
			return nil
		}
	}
	text := printNode(n)
	if len(text) > MaxFormula {
		return nil
	}
	if strings.Count(text, "(")+strings.Count(text, "?") > manyBrackets {
		if _, errs := ParseFormula(Formula{Text: text}, "", ""); len(errs) > 0 {
			return nil
		}
	}
	return n
}

// formatFilter prints a where, and tells whether a "within" after it is one
// of the signal and not of the condition.
func formatFilter(f Formula) (text string, closed bool) {
	if f.Text == "" {
		return "", true
	}
	n := canonical(f)
	if n == nil {
		return "where " + oneLine(f.Text), true
	}
	var p nodePrinter
	p.filter(n)
	return "where " + p.b.String(), endsInTest(n) && !asksWithinTest(n)
}

// endsInTest tells whether the canonical text of n ends in a comparison or a
// test that stands in no parentheses.
func endsInTest(n Node) bool {
	if u, ok := n.(*Unary); ok && u.Op == OpNot {
		return binding(u.X) >= bindNot && endsInTest(u.X)
	}
	switch b := binding(n); b {
	case bindTest:
		return true
	case bindAnd, bindOr:
		y := n.(*Binary).Y
		return binding(y) > b && endsInTest(y)
	}
	return false
}

// formatTable prints a table, its values by number.
func formatTable(table []Entry, number func(float64) string) string {
	entries := make([]string, len(table))
	for i := range table {
		entries[i] = formatKey(table[i].Key) + ": " + number(table[i].Value)
	}
	return joinWords("{", strings.Join(entries, ", "), "}")
}

func formatKey(k Key) string {
	switch k.Kind {
	case KeyRange:
		return numeral.Interval(k.Lo, k.Hi)
	case KeyFrom:
		return numeral.Compact(k.Lo) + "+"
	case KeyNumber:
		return numeral.Compact(k.Lo)
	case KeyText:
		return printName(k.Text)
	}
	return string(k.Kind)
}

// numberClause prints a word and its number, or nothing where there is none.
func numberClause(word string, v *float64) string {
	if v == nil {
		return ""
	}
	return word + " " + numeral.Compact(*v)
}

func quotedReason(s string) string {
	if s == "" {
		return ""
	}
	return quoteText(s)
}

// reasonBeside prints the reason after a condition. An empty one stands after a
// condition in a language that is named: else the language would be a name, and
// the condition its reason.
func reasonBeside(condition, language, reason string) string {
	if reason == "" && language != "" && strings.HasPrefix(condition, language+` "`) {
		return `""`
	}
	return quotedReason(reason)
}

// formatPoints prints points with their sign.
func formatPoints(v float64) string {
	if v > 0 {
		return "+" + numeral.Plain(v)
	}
	return numeral.Plain(v)
}

// formatPercent prints a share as a percentage: the digits of its shortest
// decimal, so that reading it gives the same bits.
func formatPercent(v float64) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	e, err := strconv.Atoi(exponent)
	if err != nil || e > 18 || e < -18 {
		return numeral.Plain(v)
	}
	sign := ""
	if rest, ok := strings.CutPrefix(mantissa, "-"); ok {
		sign, mantissa = "-", rest
	}
	digits := strings.Replace(mantissa, ".", "", 1)
	point := e + 3 // digits before the point, of the hundredfold
	switch {
	case point <= 0:
		digits = "0." + strings.Repeat("0", -point) + digits
	case point >= len(digits):
		digits += strings.Repeat("0", point-len(digits))
	default:
		digits = digits[:point] + "." + digits[point:]
	}
	if strings.Trim(digits, "0") == "" {
		return "0%"
	}
	return sign + digits + "%"
}

// formatValue prints a literal.
func formatValue(v Value) string {
	switch v.Kind {
	case NumberValue:
		return numeral.Compact(v.Number)
	case TextValue:
		if isProperWord(v.Text) {
			return v.Text
		}
		return quoteText(v.Text)
	case BoolValue:
		return strconv.FormatBool(v.Bool)
	case ListValue:
		items := make([]string, len(v.List))
		for i, s := range v.List {
			items[i] = printItem(s)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case DateValue:
		return v.Date.String()
	}
	return "null"
}

// formatQuoted prints a list of texts some of which look like numbers.
func formatQuoted(texts []string) string {
	items := make([]string, len(texts))
	for i, s := range texts {
		if items[i] = printItem(s); numeric(s) {
			items[i] = quoteText(s)
		}
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// formatChoice prints one of a field's allowed values. In a field of another
// type than text, what looks like a number or a date is one.
func formatChoice(v Value, typ Type) string {
	switch {
	case v.Kind != TextValue:
		return formatValue(v)
	case typ != TextType && typ != ListType:
		return quoteText(v.Text)
	}
	return printItem(v.Text)
}

// formatCondition prints a condition: canonically where it is in the rules
// language, quoted and as it stands where it is in another one.
func formatCondition(f Formula, language, ruleset string) string {
	foreign := foreignTo(ruleset)
	switch {
	case language == "" && foreign:
		return quoteText(f.Text)
	case language == "":
		return formatFormula(f)
	case language == RulesLanguage && foreign:
		// A text alone would be taken for a condition of the other language.
		if _, text := canonical(f).(*Text); !text {
			return formatFormula(f)
		}
	}
	return language + " " + quoteText(f.Text)
}
