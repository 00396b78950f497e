package dsl

import (
	"fmt"
	"strings"
)

// noIntervals reports the first item of a list of numbers that is an interval,
// such as 1-5 or 1000+, with the condition that was meant.
func (l *lowering) noIntervals(n *Binary, list *List) bool {
	x := short(n.X)
	var tests, single []string
	var first *ListItem
	for i := range list.Items {
		li := &list.Items[i]
		switch test := intervalItem(li, x); {
		case test == "":
			single = append(single, li.Raw)
		case first == nil:
			first = li
			fallthrough
		default:
			tests = append(tests, test)
		}
	}
	if first == nil {
		return true
	}
	switch len(single) {
	case 0:
	case 1:
		tests = append(tests, x+" = "+single[0])
	default:
		tests = append(tests, x+" in ["+strings.Join(single, ", ")+"]")
	}
	meant := strings.Join(tests, " or ")
	if n.Not {
		meant = "not (" + meant + ")"
	}
	fix := fmt.Sprintf("write `%s`", clipText(meant, 120))
	code := CodeType
	if l.c.inferring {
		code = CodeInference
		fix += fmt.Sprintf("; if it is text write %q in quotes", clipText(first.Raw, 40))
	}
	l.fault(first.At, code, fix, "the list wants numbers, and `%s` is an interval", clipText(first.Raw, 40))
	return false
}

// intervalItem gives the test of x that was meant by an item that looks like
// an interval of numbers; empty where it does not.
func intervalItem(li *ListItem, x string) string {
	raw := li.Raw
	if li.Quoted || li.X != nil || len(raw) > 2*maxLiteral {
		return ""
	}
	if lo, open := strings.CutSuffix(raw, "+"); open && looksNumeric(lo) {
		return x + " >= " + lo
	}
	for _, between := range []string{"–", "-"} {
		// A minus may begin either end too.
		for at := 1; at < len(raw); at++ {
			if strings.HasPrefix(raw[at:], between) && looksNumeric(raw[:at]) && looksNumeric(raw[at+len(between):]) {
				return x + " in " + raw
			}
		}
	}
	return ""
}

func looksNumeric(s string) bool {
	_, ok := itemLiteral(ListItem{Raw: s}).(*Number)
	return ok && s == strings.TrimSpace(s)
}
