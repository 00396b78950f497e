package accountscore_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// reader reads the expressions of the suites: CEL's, FEEL's, SQL's, and the
// cells of decision tables, which have no left side. They differ in a few
// words, and no text of one means something else in another.
type reader struct {
	tokens []string
	names  map[string]any // values of names
	cell   bool           // what has no left side is about the subject
}

var token = regexp.MustCompile(`^\s*(?:` +
	`(r?'(?:\\.|[^'\\])*'|r?"(?:\\.|[^"\\])*"|` + "`[^`]*`" +
	`|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?u?|\.\d+(?:[eE][+-]?\d+)?` +
	`|[\p{L}_][\p{L}\d_]*|==|!=|<>|<=|>=|&&|\|\||\.\.|[-+*/%^<>=!?:,()\[\]{}$#]))`)

// readTerm reads a whole text.
func readTerm(text string, names map[string]any, cell bool) (t *term, err error) {
	r := &reader{names: names, cell: cell}
	for rest := text; strings.TrimSpace(rest) != ""; {
		m := token.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("no token in %q", rest)
		}
		r.tokens = append(r.tokens, m[1])
		rest = rest[len(m[0]):]
	}
	defer func() {
		if wrong := recover(); wrong != nil {
			err = fmt.Errorf("%v in %q", wrong, text)
		}
	}()
	t = r.ternary()
	for cell && r.take(",") != "" {
		t = apply("or", r.about(t), r.about(r.ternary()))
	}
	if len(r.tokens) > 0 {
		return nil, fmt.Errorf("%q is left of %q", r.tokens, text)
	}
	if cell {
		t = r.about(t)
	}
	return t, nil
}

// about makes a condition of a cell: a value alone is one to be equal to.
func (r *reader) about(t *term) *term {
	if t.any(func(t *term) bool { return t.op == "subject" }) {
		return t
	}
	return apply("eq", apply("subject"), t)
}

func (r *reader) peek() string {
	if len(r.tokens) == 0 {
		return ""
	}
	return r.tokens[0]
}

// take takes the next token if it is one of those given, any if none is.
func (r *reader) take(among ...string) string {
	next := r.peek()
	for _, t := range among {
		if next != t {
			continue
		}
		r.tokens = r.tokens[1:]
		return next
	}
	return ""
}

func (r *reader) must(token string) {
	if r.take(token) == "" {
		panic(fmt.Sprintf("%q where %q should be", r.peek(), token))
	}
}

func (r *reader) ternary() *term {
	t := r.or()
	if r.take("?") != "" {
		then := r.ternary()
		r.must(":")
		t = apply("cond", t, then, r.ternary())
	}
	return t
}

func (r *reader) or() *term {
	t := r.and()
	for r.take("||", "or") != "" {
		t = apply("or", t, r.and())
	}
	return t
}

func (r *reader) and() *term {
	t := r.relation()
	for r.take("&&", "and") != "" {
		t = apply("and", t, r.relation())
	}
	return t
}

var relations = map[string]string{
	"==": "eq", "=": "eq", "!=": "ne", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge",
}

func (r *reader) relation() *term {
	var t *term
	if op := relations[r.peek()]; op != "" && r.cell {
		t = apply("subject")
	} else {
		t = r.sum()
	}
	switch {
	case relations[r.peek()] != "":
		op := relations[r.peek()]
		r.tokens = r.tokens[1:]
		return apply(op, t, r.sum())
	case r.take("in") != "":
		return apply("in", t, r.set())
	case r.take("not") != "":
		r.must("in")
		return apply("not in", t, r.set())
	case r.take("between") != "":
		lo := r.sum()
		r.must("and")
		return apply("between", t, lo, r.sum())
	}
	return t
}

// set reads what stands after in; SQL has it in parentheses.
func (r *reader) set() *term {
	if r.take("(") != "" {
		return &term{op: "list", args: r.until(")")}
	}
	return r.sum()
}

// until reads terms to a closing bracket.
func (r *reader) until(end string) []*term {
	var list []*term
	for r.take(end) == "" {
		if list = append(list, r.ternary()); r.peek() != end {
			r.must(",")
		}
	}
	return list
}

func (r *reader) sum() *term {
	t := r.product()
	for {
		switch r.take("+", "-") {
		case "+":
			t = apply("add", t, r.product())
		case "-":
			t = apply("sub", t, r.product())
		default:
			return t
		}
	}
}

func (r *reader) product() *term {
	names := map[string]string{"*": "mul", "/": "div", "%": "mod", "^": "pow"}
	t := r.unary()
	for names[r.peek()] != "" {
		op := names[r.peek()]
		r.tokens = r.tokens[1:]
		t = apply(op, t, r.unary())
	}
	return t
}

func (r *reader) unary() *term {
	switch r.take("!", "-") {
	case "!":
		return apply("not", r.unary())
	case "-":
		t := r.unary()
		if n, ok := t.val.(json.Number); ok {
			return value(json.Number("-" + n))
		}
		return apply("sub", value(json.Number("0")), t)
	}
	t := r.primary()
	for r.take("[") != "" { // an index or a slice
		args := []*term{t}
		for r.take("]") == "" {
			if r.take(":") == "" {
				args = append(args, r.ternary())
			}
		}
		t = apply("index", args...)
	}
	return t
}

func (r *reader) primary() *term {
	tok := r.peek()
	if tok == "" {
		panic("nothing where a value should be")
	}
	r.tokens = r.tokens[1:]
	switch {
	case tok == "(" || tok == "[":
		return r.bracket(tok)
	case tok == "{":
		for r.take("}") == "" {
			r.ternary()
			r.take(":", ",")
		}
		return &term{op: "map"}
	case tok == "$":
		return apply("subject")
	case tok == "#":
		return &term{op: "call", name: "#"}
	case tok[0] == '`':
		if strings.Contains(tok, "${") {
			return apply("template")
		}
		return value(strings.Trim(tok, "`"))
	case tok[0] == '\'' || tok[0] == '"' || strings.HasPrefix(tok, "r'") || strings.HasPrefix(tok, `r"`):
		return value(unquoted(tok))
	case tok[0] == '.' || '0' <= tok[0] && tok[0] <= '9':
		tok = strings.TrimSuffix(strings.ReplaceAll(tok, "_", ""), "u")
		return value(json.Number(tok))
	case tok == "true" || tok == "false":
		return value(tok == "true")
	case tok == "null":
		return value(nil)
	case r.take("(") != "":
		return call(tok, r.until(")"))
	}
	v, ok := r.names[tok]
	if !ok {
		panic("no value for " + tok)
	}
	return value(v)
}

// bracket reads a list, a term in parentheses, or an interval.
func (r *reader) bracket(open string) *term {
	if open == "[" && r.take("]") != "" {
		return &term{op: "list"}
	}
	t := r.ternary()
	if r.take("..") != "" {
		hi := r.ternary()
		end := r.take(")", "]")
		return &term{op: "interval", name: open + end, args: []*term{apply("subject"), t, hi}}
	}
	if open == "(" {
		r.must(")")
		return t
	}
	if r.take(",") == "" {
		r.must("]")
		return &term{op: "list", args: []*term{t}}
	}
	return &term{op: "list", args: append([]*term{t}, r.until("]")...)}
}

// call makes a call, or the value that a call of this name writes.
func call(name string, args []*term) *term {
	if text, ok := firstValue(args).(string); ok {
		switch name {
		case "date":
			return value(moment(text))
		case "datetime":
			return value(moment(text + "Z"))
		}
	}
	if name == "not" {
		return apply("not", args...)
	}
	return &term{op: "call", name: name, args: args}
}

func firstValue(args []*term) any {
	if len(args) != 1 {
		return nil
	}
	return args[0].val
}

// unquoted gives the text of a literal in either quotes, escapes as in Go.
func unquoted(tok string) string {
	if raw, ok := strings.CutPrefix(tok, "r"); ok {
		return raw[1 : len(raw)-1]
	}
	body := tok[1 : len(tok)-1]
	if s, err := strconv.Unquote(`"` + strings.ReplaceAll(body, `"`, `\"`) + `"`); err == nil {
		return s
	}
	return body
}
