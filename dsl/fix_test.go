package dsl

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFixes: one fault, one error, and a fix that mends it.
func TestFixes(t *testing.T) {
	const call = "activity v\n"
	for _, tt := range []struct {
		src  string
		code Code
		fix  string
	}{
		// Params of a wrong type.
		{"field zip text\nparam z = 94105\nzip = z → +1", CodeType, `param z = "94105"`},
		{"field n number\nparam z = \"5\"\nn > z → +1", CodeType, "param z = 5"},
		{"field n number\nparam z = many\nn > z → +1", CodeType, "declare the field text"},
		{"field t text\nparam p = x\nt in p → +1", CodeType, "`t = p`"},
		{"field t text\nparam p = x\nt not in p → +1", CodeType, "`t != p`"},
		// Tables over what is true or false.
		{"field b bool\nb → { true: 1 }", CodeType, "`b → +1 else 0`"},
		// Functions in capitals.
		{call + "COUNT(v, 30d) > 1 → +1", CodeFunction, "`count`"},
		{call + "Count(v) > 1 → +1", CodeFunction, "`count`"},
		{"field n number\nMAX(n, 2) > 1 → +1", CodeFunction, "`max`"},
		// Words.
		{"field n number\nn is unknown → +1", CodeParam, "write is missing"},
		{"n is unknown → +1", CodeParam, "is missing"},
		{"industry = Financial Services → +1", CodeSyntax, `"Financial Services"`},
		{"industry = Big Blue Box and a → +1", CodeSyntax, `"Big Blue Box"`},
		{"state = OR x → +1", CodeSyntax, `"OR"`},
		{"state = Or x → +1", CodeSyntax, `"Or"`},
		{"state is NOT → +1", CodeSyntax, `"NOT"`},
		{"a × 2 > 5 → +1", CodeSyntax, "write *"},
		{"a ÷ 2 > 5 → +1", CodeToken, "write /"},
		// Names that are operators.
		{"let lt = a\nb → +1", CodeSyntax, "another name"},
		{"let IN = a\nb → +1", CodeSyntax, "another name"},
		{"param gt = 5\nb → +1", CodeSyntax, "another name"},
		{"field within number\nb → +1", CodeSyntax, "another name"},
		// A rule that does not parse may have read what a case sets.
		{"a → +1\nb >= → +5\ncase \"x\" {\n b = 5\n expect score 1\n}", CodeSyntax, ""},
		{"any(v, 5d) → +1\nany(w, 5x) → +5\ncase \"x\" {\n did w\n did v (page = x)\n expect score 1\n}", CodeToken, ""},
		// So may a tier that does not parse have the name that is asked for.
		{"field b number\nb > 1 → +1\ntiers {\n top when score >> 5\n low otherwise\n}\ntrigger t when tier rises to top\ncase \"x\" {\n was top\n expect tier top\n}", CodeSyntax, ""},
		{"field b number\nb > 1 → +1\ntiers {\n \"top\" when score > 1 and\n   b > > 5\n low otherwise\n}\ntrigger t when tier rises to top", CodeSyntax, ""},
		{"field b number\nb > 1 → +1\ntiers {\n top when score > 5\n low otherwise\n}\ntrigger t when tier rises to tip", CodeName, "`top`"},
		// A length of time from now.
		{"field d time\nd > now() - 30d → +1", CodeNotAllowed, "`x within 30d`"},
		{"field d time\nnow() + 2 weeks > d → +1", CodeNotAllowed, "`x within 14d`"},
		// Half of what a line of a case was meant to say is not looked at.
		{"b → +1\ntiers {\n top when score > 5\n low otherwise\n}\ncase \"x\" {\n b = true\n expect tier two words\n}", CodeSyntax, `write tier "two words"`},
		{"b → +1\ntiers {\n \"two words\" when score > 5\n low otherwise\n}\ncase \"x\" {\n was two words\n expect score 0\n}", CodeSyntax, "several words in quotes"},
		{"b → +1\ncase \"x\" {\n did two words\n expect score 0\n}", CodeSyntax, "several words in quotes"},
		{"b → +1\ncase \"x\" {\n b = true\n expect score 5 6\n}", CodeSyntax, ""},
	} {
		rs, errs := Parse("x.rules", []byte(tt.src))
		_, more := Check(rs, Bindings{Final: true})
		errs = append(errs, more...)
		if assert.Len(t, errs, 1, "%s\n%v", tt.src, errs) {
			assert.Equal(t, tt.code, errs[0].Code, tt.src)
			assert.NotEmpty(t, errs[0].Fix, tt.src)
			assert.Contains(t, errs[0].Fix, tt.fix, tt.src)
		}
	}
}

// TestUnknownInCases: where every rule parses, a name that none of them reads
// is reported.
func TestUnknownInCases(t *testing.T) {
	rs, errs := Parse("x.rules", []byte("a → +1\ncase \"x\" {\n b = 5\n expect score 1\n}"))
	require.Empty(t, errs)
	_, errs = Check(rs, Bindings{Final: true})
	require.Len(t, errs, 1)
	assert.Equal(t, CodeName, errs[0].Code)
}

// TestFunctionNames: a function has no name that means something else.
func TestFunctionNames(t *testing.T) {
	f := Func{Params: []Type{TextType}, Result: TextType, Call: func(args []any) (any, error) { return args[0], nil }}
	rs, errs := Parse("x.rules", []byte("field site text\nsite = \"x\" → +1"))
	require.Empty(t, errs)
	for _, name := range []string{"and", "in", "IN", "within", "true", "site"} {
		_, errs := Check(rs, Bindings{Final: true, Funcs: map[string]Func{name: f}})
		if assert.Len(t, errs, 1, name) {
			assert.Equal(t, CodeFunction, errs[0].Code, name)
		}
	}
	_, errs = Check(rs, Bindings{Final: true, Funcs: map[string]Func{"domain": f}})
	require.Empty(t, errs)
}
