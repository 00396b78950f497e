package accountscore_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// term is an expression of a published suite, in no language's syntax.
type term struct {
	op   string  // "value", "list", "map", "call", "interval", "subject", or an operator such as "lt"
	name string  // of a call; of an interval which ends are open: "[)"
	args []*term // operands, arguments, a list's items
	val  any     // of a value: nil, bool, json.Number, string, or moment

	broken bool // operands are not where the suite's language wants them
}

// moment is a date or a time of the suites, in a form that the library reads.
type moment string

func value(v any) *term {
	switch v := v.(type) {
	case []any:
		list := &term{op: "list"}
		for _, item := range v {
			list.args = append(list.args, value(item))
		}
		return list
	case map[string]any:
		return &term{op: "map"}
	default:
		return &term{op: "value", val: v}
	}
}

func apply(op string, args ...*term) *term { return &term{op: op, args: args} }

// kind names the type of a term: null, bool, number, text, time, list, map,
// or nothing where it cannot be told.
func (t *term) kind() string {
	switch t.op {
	case "value":
		switch t.val.(type) {
		case nil:
			return "null"
		case bool:
			return "bool"
		case json.Number:
			return "number"
		case moment:
			return "time"
		}
		return "text"
	case "list", "map":
		return t.op
	case "sub", "mul", "div", "mod", "pow":
		return "number"
	case "add":
		return t.args[0].kind()
	case "cond":
		return t.args[1].kind()
	case "call":
		switch t.name {
		case "size", "len", "abs", "floor", "ceil", "round", "max", "min":
			return "number"
		case "contains", "startsWith", "endsWith", "matches", "some":
			return "bool"
		case "dyn": // says that the type is not known, which it is
			return t.args[0].kind()
		}
		return ""
	case "subject":
		if len(t.args) == 1 {
			return t.args[0].kind()
		}
		return ""
	case "index", "template":
		return ""
	}
	return "bool"
}

// any tells whether the test holds for the term or one inside it.
func (t *term) any(test func(*term) bool) bool {
	if test(t) {
		return true
	}
	for _, arg := range t.args {
		if arg.any(test) {
			return true
		}
	}
	return false
}

// written is a term as a condition: every value is a field of its own, which
// an account fills, so that data and not only literals is compared.
type written struct {
	fields   strings.Builder
	values   map[string]any
	literals bool // write values as they are; only the subject is a field
}

// field declares a field for a value.
func (w *written) field(kind string, v any) string {
	if w.values == nil {
		w.values = map[string]any{}
	}
	name := "f" + strconv.Itoa(len(w.values)+1)
	fmt.Fprintf(&w.fields, "field %s %s\n", name, kind)
	if m, ok := v.(moment); ok {
		v = string(m)
	}
	w.values[name] = v
	return name
}

var operators = map[string]string{
	"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "and": "and", "or": "or",
	"add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%", "pow": "^",
}

// text writes a term. A null has the type of what it stands beside, hint.
func (w *written) text(t *term, hint string) string {
	switch t.op {
	case "subject":
		if len(t.args) == 1 {
			w.literals = false
			defer func() { w.literals = true }()
			return w.text(t.args[0], hint)
		}
		return "subject"
	case "value":
		kind := t.kind()
		if kind == "null" {
			kind = hint
			if kind == "" || kind == "null" || kind == "map" {
				kind = "text"
			}
		}
		if w.literals {
			return literal(t.val)
		}
		return w.field(kind, t.val)
	case "list":
		items := make([]any, 0, len(t.args))
		for _, arg := range t.args {
			if arg.op == "map" {
				items = append(items, map[string]any{})
				continue
			}
			items = append(items, arg.val)
		}
		return w.field("list", items)
	case "map":
		return "{}"
	case "call":
		return w.call(t)
	case "not":
		if len(t.args) == 0 {
			return "(not)"
		}
		return "(not " + w.text(t.args[0], "bool") + ")"
	case "cond":
		beside := t.args[1].kind()
		return "(" + w.text(t.args[0], "bool") + " ? " + w.text(t.args[1], beside) + " : " + w.text(t.args[2], beside) + ")"
	case "in", "not in":
		return "(" + w.text(t.args[0], firstKind(t.args[1].args)) + " " + t.op + " " + w.set(t.args[1]) + ")"
	case "between":
		beside := firstKind(t.args)
		return "(" + w.text(t.args[0], beside) + " between " + w.text(t.args[1], beside) + " and " + w.text(t.args[2], beside) + ")"
	case "interval":
		return w.interval(t)
	case "index":
		return w.text(t.args[0], "list") + "[0]"
	case "template":
		return "`${text}`"
	}
	return w.infix(t)
}

// infix writes a chain of comparisons, conditions or numbers.
func (w *written) infix(t *term) string {
	beside := firstKind(t.args)
	if t.op == "and" || t.op == "or" {
		beside = "bool"
	}
	parts := make([]string, len(t.args))
	for i, arg := range t.args {
		parts[i] = w.text(arg, beside)
	}
	op := " " + operators[t.op] + " "
	switch {
	case t.broken || len(parts) < 2 && t.op != "and" && t.op != "or":
		return "(" + strings.Join(parts, op) + op + ")"
	case t.op == "eq" || t.op == "ne":
		// Equality does not chain: a = b = c is a = b and b = c.
		pairs := make([]string, 0, len(parts)-1)
		for i := 1; i < len(parts); i++ {
			pairs = append(pairs, parts[i-1]+op+parts[i])
		}
		return "(" + strings.Join(pairs, " and ") + ")"
	}
	return "(" + strings.Join(parts, op) + ")"
}

// interval writes an interval; only closed ones have a form of their own.
func (w *written) interval(t *term) string {
	x, lo, hi := w.text(t.args[0], "number"), w.text(t.args[1], "number"), w.text(t.args[2], "number")
	if t.name == "[]" && w.literals {
		return "(" + x + " in " + lo + ".." + hi + ")"
	}
	below, above := " < ", " < "
	if t.name[0] == '[' {
		below = " <= "
	}
	if t.name[1] == ']' {
		above = " <= "
	}
	return "(" + lo + below + x + above + hi + ")"
}

// set writes what stands after in.
func (w *written) set(t *term) string {
	if t.op != "list" {
		return w.text(t, "list")
	}
	items := make([]string, len(t.args))
	for i, arg := range t.args {
		items[i] = literal(arg.val)
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// functions are the suites' functions that are operators here.
var functions = map[string]string{
	"contains": "contains", "startsWith": "starts with", "endsWith": "ends with", "matches": "matches",
}

func (w *written) call(t *term) string {
	name := t.name
	switch {
	case name == "#":
		return name
	case name == "dyn" && len(t.args) == 1:
		return w.text(t.args[0], "")
	case name == "size":
		name = "len"
	case functions[name] != "" && len(t.args) == 2:
		return "(" + w.text(t.args[0], "text") + " " + functions[name] + " " + literal(t.args[1].val) + ")"
	case (name == "max" || name == "min") && len(t.args) == 1 && t.args[0].op == "list":
		t = apply("call", t.args[0].args...) // the numbers themselves
	}
	args := make([]string, len(t.args))
	for i, arg := range t.args {
		if arg.op == "value" && arg.kind() == "text" {
			args[i] = literal(arg.val)
			continue
		}
		args[i] = w.text(arg, "number")
	}
	return name + "(" + strings.Join(args, ", ") + ")"
}

// literal writes a value as the language does.
func literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(v)
	}
	return fmt.Sprint(v)
}

// firstKind gives the kind of the first term that has one.
func firstKind(terms []*term) string {
	for _, t := range terms {
		if k := t.kind(); k != "null" && k != "" {
			return k
		}
	}
	return ""
}
