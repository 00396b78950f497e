package dsl

import (
	"fmt"
	"strings"
	"unicode"
)

// A list holds texts as they stand, so an item that was meant as two values, as
// half of a number or as no value at all would pass for a text. These are the
// items that nobody means as they stand; quotes make a text of any.

// noValue tells whether an item is a word for missing data.
func noValue(li *ListItem) bool {
	return !li.Quoted && li.X == nil && literalWords[strings.ToLower(li.Raw)] && itemLiteral(*li) == nil
}

// joinedItem gives the values of an item such as "US or UK"; nil where it is
// one text. "and" joins codes alone: Trinidad and Tobago is one country.
func joinedItem(li *ListItem) []string {
	if li.Quoted || li.X != nil {
		return nil
	}
	if strings.ContainsAny(li.Raw, "|;") {
		return partsOf(strings.FieldsFunc(li.Raw, func(r rune) bool { return r == '|' || r == ';' }))
	}
	if !strings.ContainsFunc(li.Raw, unicode.IsSpace) {
		return nil
	}
	words := strings.Fields(li.Raw)
	for _, join := range []string{"or", "and"} {
		var parts []string
		from := 0
		for i, w := range words {
			if strings.EqualFold(w, join) {
				parts = append(parts, strings.Join(words[from:i], " "))
				from = i + 1
			}
		}
		if from == 0 {
			continue
		}
		parts = append(parts, strings.Join(words[from:], " "))
		if join == "or" || allCodes(parts) {
			return partsOf(parts)
		}
	}
	return nil
}

// partsOf drops the spaces around values; nil where one is empty.
func partsOf(parts []string) []string {
	for i := range parts {
		if parts[i] = strings.TrimSpace(parts[i]); parts[i] == "" {
			return nil
		}
	}
	if len(parts) < 2 {
		return nil
	}
	return parts
}

// allCodes tells whether texts are codes such as US.
func allCodes(parts []string) bool {
	for _, s := range parts {
		if len(s) < 2 || len(s) > 3 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return false
		}
	}
	return true
}

// cutNumber gives the first item that is the beginning of a number such as
// 1,000, whose thousands are the next items, and the number without commas;
// nil where there is none. Three digits after a comma are another item where
// no comma of the list has a space, unless they begin with a zero.
func cutNumber(items []ListItem) (first *ListItem, whole string) {
	touching := func(i int) bool {
		return items[i].At.IsValid() && items[i+1].At.Offset == items[i].At.Offset+len(items[i].Raw)+1
	}
	spaced := false
	for i := range max(len(items)-1, 0) {
		spaced = spaced || items[i].At.IsValid() && items[i+1].At.Offset > items[i].At.Offset+len(items[i].Raw)+1
	}
	for i := 0; i+1 < len(items); i++ {
		if items[i].Quoted || !beginsThousands(items[i].Raw) {
			continue
		}
		whole, cut := items[i].Raw, false
		for j := i; j+1 < min(len(items), i+maxGroups); j++ {
			next := &items[j+1]
			if next.Quoted || !isThousands(next.Raw) || !touching(j) && next.Raw[0] != '0' {
				break
			}
			whole += next.Raw
			cut = cut || spaced || next.Raw[0] == '0'
		}
		if cut {
			return &items[i], whole
		}
	}
	return nil, ""
}

// maxGroups is how many groups of three digits are put together: no number of
// the language has more.
const maxGroups = 8

// beginsThousands tells whether a text is one to three digits, with a sign or a
// dollar, that thousands can follow.
func beginsThousands(s string) bool {
	s = strings.TrimLeft(s, "+-$")
	return len(s) >= 1 && len(s) <= 3 && s[0] != '0' && strings.Trim(s, "0123456789") == ""
}

func isThousands(s string) bool { return len(s) == 3 && strings.Trim(s, "0123456789") == "" }

// wholeItems reports the first item of the list of a test that is no value, or
// two.
func (l *lowering) wholeItems(n *Binary, list *List) bool {
	field := l.c.fieldOf(l.s, n.X)
	for i := range list.Items {
		li := &list.Items[i]
		if field != nil && field.allows(li.Raw) {
			continue
		}
		if noValue(li) {
			l.fault(li.At, CodeNotAllowed, l.withoutItem(n, list, i), "`%s` in a list is a text, and missing data is none", li.Raw)
			return false
		}
		if parts := joinedItem(li); parts != nil {
			l.fault(li.At, CodeSyntax, joinedFix(li, parts), "`%s` in a list is one text", clipText(li.Raw, 60))
			return false
		}
	}
	return true
}

func joinedFix(li *ListItem, parts []string) string {
	return fmt.Sprintf("write [%s]; if it is one text write %s", clipText(strings.Join(parts, ", "), 80), clipText(quoteText(li.Raw), 60))
}

// withoutItem says how to ask for missing data instead of by item i of a list.
func (l *lowering) withoutItem(n *Binary, list *List, i int) string {
	if n.Op != OpIn {
		return "leave it out: a missing list has no item; put quotes around a text"
	}
	rest := &List{At: list.At}
	for j := range list.Items {
		if !noValue(&list.Items[j]) {
			rest.Items = append(rest.Items, list.Items[j])
		}
	}
	is, join := "is missing", " or "
	if n.Not {
		is, join = "is known", " and "
	}
	fix := short(n.X) + " " + is
	if len(rest.Items) > 0 {
		fix = short(&Binary{At: n.At, Op: n.Op, Not: n.Not, X: n.X, Y: rest}) + join + fix
	}
	return "write `" + fix + "`, or quotes around a text"
}

// wholeNumbers reports the first number of a list that a comma has cut in two.
func (l *lowering) wholeNumbers(items []ListItem) bool {
	first, whole := cutNumber(items)
	if first == nil {
		return true
	}
	l.fault(first.At, CodeValue, "write "+whole, "a comma parts the items of a list: `%s` is cut in two", first.Raw+","+strings.TrimPrefix(whole, first.Raw))
	return false
}

// plainItems reports the first item of a list of values, as params and one of
// have, that is no value, or two.
func (p *parser) plainItems(items []ListItem, numbers bool) {
	for i := range items {
		li := &items[i]
		if noValue(li) {
			p.faultAt(li.At, CodeValue, "leave it out, and ask is missing in the condition; put quotes around a text", "`%s` is no value", li.Raw)
		}
		if parts := joinedItem(li); parts != nil {
			p.faultAt(li.At, CodeSyntax, joinedFix(li, parts), "`%s` in a list is one text", clipText(li.Raw, 60))
		}
	}
	if !numbers {
		return
	}
	if first, whole := cutNumber(items); first != nil {
		p.faultAt(first.At, CodeValue, "write "+whole, "a comma parts the items of a list: `%s` is cut in two", first.Raw+","+strings.TrimPrefix(whole, first.Raw))
	}
}

// splitNumber gives the whole of the number before the comma that is next,
// where that cuts its thousands off, and whether they begin with a zero, which
// no other number does; empty where they are numbers of their own.
func (p *parser) splitNumber() (whole string, sure bool) {
	last := p.toks[p.prev]
	if last.kind != tNumber || !beginsThousands(p.text(last)) {
		return "", false
	}
	whole = p.text(last)
	n := 0
	for n < 2*maxGroups && p.ahead(n).is(opComma) && p.ahead(n).touches() && p.ahead(n+1).kind == tNumber && p.ahead(n+1).touches() {
		text := p.text(p.ahead(n + 1))
		if len(text) < 3 || !isThousands(text[:3]) || len(text) > 3 && isDigit(text[3]) {
			break
		}
		whole += text
		sure = sure || text[0] == '0'
		if n += 2; len(text) > 3 {
			break
		}
	}
	if n == 0 {
		return "", false
	}
	return whole, sure
}

// wholeNumber reports a comma that cuts a number in two.
func (p *parser) wholeNumber(whole string) {
	p.fault(p.toks[p.prev], CodeValue, "write "+whole, "a comma parts values here, and cuts this number in two")
}
