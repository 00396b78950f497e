package dsl

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestExprErrors states what plain expr conditions that people get wrong are
// told: nothing of it is in the words of expr's own parser and checker.
func TestExprErrors(t *testing.T) {
	schema := Schema{Fields: []Field{
		{Name: "n", Type: NumberType}, {Name: "c", Type: TextType}, {Name: "l", Type: ListType}, {Name: "b", Type: BoolType}, {Name: "t", Type: TimeType},
	}}
	for _, test := range []struct {
		src          string
		code         Code
		message, fix string
	}{
		{"n = 5", CodeSyntax, "no operator `=`", "write =="},
		{"n <> 5", CodeSyntax, "no operator `<>`", "write !="},
		{"n AND b", CodeSyntax, "`AND`", "write and"},
		{"n is 5", CodeSyntax, "`is`", "write =="},
		{"n ≥ 5", CodeSyntax, "`≥`", "write >="},
		{"n & b", CodeSyntax, "`&`", "write and"},
		{"c like 'x'", CodeSyntax, "`like`", "contains"},
		{"c n", CodeSyntax, "an operator is missing before `n`", "=="},
		{"n > 10k", CodeSyntax, "`10k` is no number", "digits"},
		{"n > 10,000", CodeSyntax, "`,`", "digits of a number together"},
		{"n >", CodeSyntax, "breaks off", "at its end"},
		{"c == 'x", CodeSyntax, "quote is not closed", "closing quote"},
		{"n == § ", CodeSyntax, "`§` has no meaning", "delete it"},
		{"n == nil", CodeNotAllowed, "`nil` is left out", "??"},
		{"n.x > 5", CodeNotAllowed, "members of values are left out", "field name"},
		{"l[0] == c", CodeNotAllowed, "members of values are left out", "field name"},
		{"l[0:1] == c", CodeNotAllowed, "left out", ""},
		{"{a: 1} == n", CodeNotAllowed, "maps are left out", "list"},
		{"let x = 5; x > 3", CodeNotAllowed, "`let` is left out", "line of its own"},
		{"n ** 2 > 5", CodeNotAllowed, "`**`", "x * x"},
		{"n in 1..5", CodeNotAllowed, "`..`", "1 <= x"},
		{"now() > t", CodeNotAllowed, "`now`", "within"},
		{"upper(c) == 'X'", CodeNotAllowed, "`upper`", "ignoring case"},
		{"ratio(n, 1) > 1", CodeFunction, "no function `ratio`", "WithFunc"},
		{"floro(n) > 1", CodeFunction, "no function `floro`", "did you mean `floor`?"},
		{"c == 5", CodeType, "`==` stands between text and a number", "without quotes"},
		{"n + c > 5", CodeType, "`+` stands between a number and text", "without quotes"},
		{"t > n", CodeType, "a time and a number", "rules language"},
		{"b > true", CodeType, "true or false", "=="},
		{"not n > 5", CodeType, "`not` stands before a number", "not (x > 5)"},
		{"-c > 5", CodeType, "`-` stands before text", "number"},
		{"len(n) > 1", CodeType, "`len` does not take a number", "type"},
		{"abs(n, 2) > 1", CodeType, "wrong number of arguments", "takes"},
		{"any(c, # == 1)", CodeType, "`any` wants a list, not text", "list"},
		{"any(l, #)", CodeType, "the condition on # is text", "compare #"},
		{"min(n)", CodeType, "it is a number", "compare it"},
		{"n in l", CodeType, "do not fit", "one type"},
		{"c == US", CodeName, "`US` is not declared", `write "US" in quotes`},
	} {
		_, err := CompileCondition(Expr(), test.src, schema)
		var e *Error
		if assert.True(t, errors.As(err, &e), test.src) {
			assert.Equal(t, test.code, e.Code, "%s: %s", test.src, e)
			assert.Contains(t, e.Message, test.message, test.src)
			assert.NotEmpty(t, e.Fix, test.src)
			assert.Contains(t, e.Fix, test.fix, test.src)
			assert.NotRegexp(t, `token |Operator\(|Identifier\(|mismatched|float64|string|interface|_0`, e.Message, test.src)
		}
	}
}
