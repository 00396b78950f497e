package dsl

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
)

// exprFault makes an error of the from-th character of a condition; below zero
// its place is not known.
func exprFault(src string, from int, code Code, message, fix string) *Error {
	runes := []rune(src)
	if from < 0 || from > len(runes) {
		return newError(place{file: "condition"}, Pos{Line: 1, Column: 1}, code, message, fix)
	}
	at := (&placer{src: src, line: 1, col: 1}).at(len(string(runes[:from])))
	return newError(place{"condition", src}, at, code, message, fix)
}

// exprError is what expr's parser refuses, said in the words of this package.
func exprError(src string, err error) *Error {
	from := -1
	message, _, _ := strings.Cut(err.Error(), "\n")
	var at *file.Error
	if errors.As(err, &at) {
		from, message = at.From, at.Message
	}
	message, fix := exprSyntax(message)
	if runes := []rune(src); from > 0 && from < len(runes) && runes[from] == '>' && runes[from-1] == '<' {
		from, message, fix = from-1, "expr has no operator `<>`", "write !="
	}
	return exprFault(src, from, CodeSyntax, message, fix)
}

var (
	exprToken = regexp.MustCompile(`^unexpected token (\w+)(?:\((.*)\))?$`)
	exprChar  = regexp.MustCompile(`^unrecognized character: U\+\w+ '(.*)'$`)
	exprDigit = regexp.MustCompile(`^bad number syntax: "(.*)"$`)
)

// exprSyntax says what is wrong with a text that expr's parser refused with a
// message, and how to mend it.
func exprSyntax(message string) (what, fix string) {
	const general = "mend the condition here; it is written in the language " + ExprLanguage
	if m := exprToken.FindStringSubmatch(message); m != nil {
		text := strings.Trim(m[2], `"`)
		if m[1] == "EOF" {
			return "the condition breaks off", "write what is missing at its end: a value, or a closing bracket"
		}
		if fix := exprInstead[strings.ToLower(text)]; fix != "" {
			return fmt.Sprintf("expr has no operator `%s`", clipText(text, 40)), fix
		}
		switch m[1] {
		case "Identifier", "Number", "String", "Bytes":
			return fmt.Sprintf("an operator is missing before `%s`", clipText(text, 40)), "write and, or, ==, > or another operator of expr before it"
		}
		return fmt.Sprintf("`%s` cannot stand here", clipText(text, 40)), general
	}
	if m := exprChar.FindStringSubmatch(message); m != nil {
		if fix := exprInstead[m[1]]; fix != "" {
			return fmt.Sprintf("expr has no operator `%s`", m[1]), fix
		}
		return fmt.Sprintf("`%s` has no meaning in expr", m[1]), "delete it, or put quotes around the text"
	}
	if m := exprDigit.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("`%s` is no number of expr", clipText(m[1], 40)), "write the digits: 10000000 for 10M, 0.6 for 60%"
	}
	switch message {
	case "unexpected end of expression":
		return "the condition breaks off", "write what is missing at its end: a value, or a closing bracket"
	case "literal not terminated":
		return "a quote is not closed", "write the closing quote"
	case "invalid char escape":
		return "the text holds a backslash that begins no escape", `write \\ for a backslash`
	case "unclosed comment":
		return "a comment is not closed", "write */ after it"
	case "expected name":
		return "a name is missing after the dot", "name the value as a field, with from \"…\" for its key in the data"
	}
	return "expr does not read this", general
}

// exprInstead is what to write in expr for operators that it has not.
var exprInstead = map[string]string{
	"=": "write ==", "===": "write ==", "<>": "write !=", "><": "write !=", "≥": "write >=", "≤": "write <=", "≠": "write !=",
	"&": "write and", "and": "write and", "or": "write or", "not": "write not", "in": "write in", ",": "write the digits of a number together; values stand in a list: in [1, 2]", "|": "write or", "→": "leave it out: the arrow stands after the quoted condition", "equals": "write ==", "eq": "write ==",
	"is": "write ==; whether a field is missing is asked by ??, as in x ?? 0 > 5", "gte": "write >=", "gt": "write >", "lte": "write <=", "lt": "write <", "neq": "write !=", "ne": "write !=",
	"at": "write >= or <=", "between": "write 5 <= x and x <= 10", "starts": "write startsWith", "ends": "write endsWith",
	"has": "write any(list, # == \"x\")", "does": "write not (x contains \"y\")", "within": "write the condition in the rules language, which has within",
	"like": "write contains, startsWith or matches", "xor": "write a != b", "then": "leave it out: the arrow stands after the quoted condition",
	"thousand": "write the digits", "million": "write the digits", "billion": "write the digits", "%": "write the digits: 0.6 for 60%",
	"~": "write matches", "!": "write !=, or not before the whole test", "+": "write the value after it", "*": "write the value before it", "/": "write the value before it",
}

// exprTypes is what expr calls the types, and what people do.
var exprTypes = strings.NewReplacer(
	"float64", "a number", "[]string", "a list", "[]interface {}", "a list", "[]any", "a list", "time.Time", "a time", "interface {}", "a value",
	"string", "text", "bool", "true or false", "int", "a number", "any", "a value", "unknown", "a value")

var (
	exprTwo    = regexp.MustCompile(`^invalid operation: (\S+) \(mismatched types (.+) and (.+)\)`)
	exprOne    = regexp.MustCompile(`^invalid operation: (\S+) \(mismatched type (.+)\)`)
	exprResult = regexp.MustCompile(`^expected bool, but got (.+)$`)
	exprTakes  = regexp.MustCompile(`^builtin (\w+) takes only array \(got (.+)\)`)
	exprAsks   = regexp.MustCompile(`^predicate should return boolean \(got (.+)\)`)
	exprArg    = regexp.MustCompile(`^invalid argument for (\w+) \(type (.+)\)`)
	exprCount  = regexp.MustCompile(`^(?:invalid number of|not enough|too many) arguments`)
)

// exprTyped says which types do not fit where expr's checker refused a test
// with a message.
func exprTyped(message string) (what, fix string) {
	one := func(t string) string {
		t, _, _ = strings.Cut(t, " (")
		return exprTypes.Replace(t)
	}
	message = strings.TrimSpace(message)
	if i := strings.LastIndex(message, " (1:"); i > 0 {
		message = message[:i]
	}
	if m := exprTwo.FindStringSubmatch(message); m != nil {
		x, y := one(m[2]), one(strings.TrimSuffix(m[3], ")"))
		fix = "give both sides of it one type"
		switch {
		case x == y:
			fix = "ask with == or !="
			return fmt.Sprintf("`%s` does not stand between values that are %s", m[1], x), fix
		case x == "a number" && y == "text", x == "text" && y == "a number":
			fix = "write the number without quotes, or declare the field text"
		case x == "a time" || y == "a time":
			fix = "write the condition in the rules language, which has dates"
		case x == "true or false" || y == "true or false":
			fix = "put parentheses around what belongs together, or write the truth alone"
		}
		return fmt.Sprintf("`%s` stands between %s and %s", m[1], x, y), fix
	}
	if m := exprOne.FindStringSubmatch(message); m != nil && m[1] != "-" && m[1] != "+" {
		return fmt.Sprintf("`%s` stands before %s", m[1], one(strings.TrimSuffix(m[2], ")"))), "put the whole test in parentheses: not (x > 5)"
	} else if m != nil {
		return fmt.Sprintf("`%s` stands before %s", m[1], one(strings.TrimSuffix(m[2], ")"))), "put it before a number"
	}
	if m := exprResult.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("it is %s, and a condition is true or false", one(m[1])), "compare it with something"
	}
	if m := exprTakes.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("`%s` wants a list, not %s", m[1], one(m[2])), "give it a list field, or write [a, b]"
	}
	if m := exprAsks.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("the condition on # is %s", one(m[1])), "compare #, as in # == \"x\""
	}
	if m := exprArg.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("`%s` does not take %s", m[1], one(m[2])), "give it a value of the type that it wants"
	}
	if exprCount.MatchString(message) {
		return "a function has the wrong number of arguments", "give it the arguments that it takes"
	}
	return "the values do not fit together", "compare values of one type; a condition is true or false"
}

// refuseKind refuses a node of a kind that conditions leave out.
func (c *exprCompiler) refuseKind(n ast.Node) {
	what, fix := "this form is", "write the condition in the rules language"
	switch n := n.(type) {
	case *ast.NilNode:
		what, fix = "`nil` is", "give another value where the field is missing: x ?? 0 > 5; is missing is asked in the rules language"
	case *ast.MemberNode, *ast.ChainNode:
		what, fix = "members of values are", "name the value as a field: field name … from \"its key\""
	case *ast.SliceNode:
		what, fix = "slices are", "ask any, all, none or count about the list"
	case *ast.MapNode, *ast.PairNode:
		what, fix = "maps are", "name each value as a field; a list stands in square brackets"
	case *ast.VariableDeclaratorNode:
		what, fix = "`let` is", "write let on a line of its own, before the rules"
	case *ast.SequenceNode:
		what, fix = "a semicolon is", "join conditions by and"
	case *ast.CallNode:
		c.refuseCall(n)
		return
	}
	c.refuse(n, CodeNotAllowed, fix, "%s left out of conditions", what)
}

// refuseCall refuses a function that expr conditions cannot call.
func (c *exprCompiler) refuseCall(n *ast.CallNode) {
	id, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		c.refuse(n, CodeNotAllowed, "call a function by its name; name a value inside another as a field", "calls of members are left out of conditions")
		return
	}
	fix := "write the condition in the rules language, where functions given by WithFunc can be called"
	if near := c.near(id.Value, func() []string { return sortedKeys(exprFunctions) }); near != "" {
		fix = "did you mean `" + near + "`? Else " + fix
	}
	c.refuse(n, CodeFunction, fix, "expr conditions have no function `%s`", clipText(id.Value, 40))
}

// exprLeftOut is what to write for operators and functions of expr that
// conditions leave out.
var exprLeftOut = map[string]string{
	"**": "multiply: x * x", "^": "multiply: x * x", "..": "write 1 <= x and x <= 5", "|": "call the function: count(list, # == \"x\")",
	"now": "write the condition in the rules language, which has within and days_since", "lower": "write the condition in the rules language, with the field ignoring case",
	"upper": "write the condition in the rules language, with the field ignoring case", "date": "write the condition in the rules language, which has dates",
}
