package accountscore

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/expr-lang/expr"
	"github.com/stretchr/testify/require"
)

// The conditions of the language are expr-lang's where no value is missing.
// Here the same text runs on both.

const exprDeclarations = `
field n number
field m number
field k number
field s text
field t text
field b bool
field c bool
field l list
field p list
field d time
field e time
`

// exprValues makes a record in which every field is known.
func exprValues(r *rand.Rand) map[string]any {
	numbers := []float64{0, 1, 2, 3, 5, 10, -1, -2.5, 0.5, 100, 1e6, 2.5, 7}
	texts := []string{"a", "b", "abc", "Retail", "ab c", "été", "US", "a.b", "x"}
	list := func() []string {
		l := []string{}
		for range r.IntN(4) {
			l = append(l, texts[r.IntN(len(texts))])
		}
		return l
	}
	num := func() float64 { return numbers[r.IntN(len(numbers))] }
	text := func() string { return texts[r.IntN(len(texts))] }
	day := func() time.Time { return testMoment.AddDate(0, 0, r.IntN(3)) }
	return map[string]any{"n": num(), "m": num(), "k": num(), "s": text(), "t": text(), "b": r.IntN(2) == 0, "c": r.IntN(2) == 0,
		"l": list(), "p": list(), "d": day(), "e": day()}
}

var errNotExpr = fmt.Errorf("expr does not take it")

// onExpr runs the text on expr's own machine.
func onExpr(src string, values map[string]any) (bool, error) {
	env := map[string]any{"n": 0.0, "m": 0.0, "k": 0.0, "s": "", "t": "", "b": false, "c": false, "l": []string{}, "p": []string{}, "d": time.Time{}, "e": time.Time{}}
	prog, err := expr.Compile(src, expr.Env(env), expr.AsBool(), expr.Optimize(false))
	if err != nil {
		return false, fmt.Errorf("%w: %v", errNotExpr, err)
	}
	out, err := expr.Run(prog, values)
	if err != nil {
		return false, err
	}
	return out.(bool), nil
}

// checkExpr holds our answer equal to expr's over a few records.
func checkExpr(t testing.TB, src string, m *Model, r *rand.Rand, records int) {
	for range records {
		values := exprValues(r)
		want, err := onExpr(src, values)
		if err != nil {
			// Where expr's machine fails (max of an empty list, say) it has no
			// answer to compare with.
			require.NotErrorIs(t, err, errNotExpr, src)
			continue
		}
		got := m.Score(Account{Fields: values}, testMoment)
		require.Zero(t, got.Invalid)
		if got.Unknown > 0 && strings.ContainsAny(src, "/%") {
			continue // division by zero has no answer here
		}
		require.Equal(t, want, got.Score == 1, "%s\n%v", src, values)
		require.Zero(t, got.Unknown, "%s\n%v", src, values)
	}
}

// exprTable is expressions of expr-lang, all within the allow-list.
var exprTable = []string{
	// comparison
	`n > 1`, `n >= 1`, `n < 1`, `n <= 1`, `n == 1`, `n != 1`, `1 < n`, `n == m`, `n != m`, `n > m`, `n <= m`, `n == 1.0`, `n == 0x0A`,
	`n == 1e1`, `n < -1`, `-n > 2`, `+n > 2`, `- n < m`, `n > 0.5`, `n > .5`, `n == 1_000_000`, `2 == 2.0`, `n == 0b11`, `n == 0o7`,
	`s == "a"`, `s != "a"`, `"a" == s`, `s == t`, `s != t`, `s == 'a'`, "s == `a.b`", `s == "\u00e9t\u00e9"`, `s == "ab c"`, `s == ""`,
	`b == true`, `b == false`, `b != c`, `b == c`, `true == b`, `true`, `false`, `b`, `d == e`, `d != e`, `d < e`, `d <= e`, `d > e`, `d >= e`,
	// chains and precedence
	`1 < n < 10`, `1 <= n <= 10`, `10 > n > 1`, `0 <= n < m <= 100`, `n < m < k`, `n == 1 == true`, `n > 1 == b`, `n < 3 != c`,
	`n + 1 > m`, `n + m * k > 5`, `(n + m) * k > 5`, `n - m - k < 0`, `n - (m - k) < 0`, `n * 2 + m / 4 >= 3`, `n / 2 == 1`, `7 / 2 == 3.5`,
	`1 / 3 < n`, `n * -1 < m`, `-n * -m > 0`, `n - -1 > m`, `7 % 2 == 1`, `-7 % 2 == -1`, `8 % 3 + n > 3`, `2 + 3 * 4 == 14`, `10 - 4 - 3 == 3`,
	`n > 1 and m > 1 or k > 1`, `n > 1 or m > 1 and k > 1`, `(n > 1 or m > 1) and k > 1`, `b and c or b`, `b or c and b`,
	// logic
	`b and c`, `b or c`, `b && c`, `b || c`, `!b`, `!!b`, `!(b and c)`, `!b and c`, `!b or !c`, `not b`, `not (b or c)`, `not not b`,
	`not (n > 1)`, `!(n > 1) and b`, `!b == c`, `b == !c`, `b and (c or n > 2)`, `(b)`, `((n)) > 1`, `b and b and b and c`, `!(!b)`,
	// ternary
	`b ? c : true`, `b ? n > 1 : m > 1`, `(b ? n : m) > 1`, `(b ? "a" : s) == "a"`, `b ? c ? true : false : true`, `n > 1 ? b : c`,
	`b ? (c ? n : m) > 1 : n < m`, `(n > m ? n : m) >= n`, `b and c ? n > 1 : n < 1`,
	// membership
	`n in [1, 2, 3]`, `n not in [1, 2, 3]`, `not (n in [1, 2])`, `n in [0.5, 2.5]`, `n in [-1, 10]`, `n in [1]`, `s in ["a", "b"]`,
	`s not in ["a", "b"]`, `s in ['x', "US"]`, `"a" in l`, `"a" not in l`, `s in l`, `s not in l`, `s in ["ab c", "Retail"]`, `s in ["a"] or t in ["b"]`,
	`!(s in l)`, `n in [100, 1000000]`, `n in [1 + 1, 3]`, `n + 1 in [2, 3]`, `s in p and s in l`, `(n in [1,2,3]) == b`,
	// text
	`s contains "a"`, `s contains t`, `s not contains "a"`, `not (s contains "a")`, `s startsWith "a"`, `s startsWith t`, `s endsWith "c"`,
	`s not startsWith "a"`, `s not endsWith "c"`, `s matches "^a"`, `s matches "[ab]+"`, `s not matches "^a"`, `s matches "a\\.b"`, "s matches `^.t.$`",
	`len(s) > 1`, `len(s) == 3`, `len("été") == 3`, `s + t == "ab"`, `s + "b" == "ab"`, `(s + t) contains "ba"`, `len(s + t) > 4`, `s + t != t + s`,
	`s endsWith ""`, `s contains ""`, `"abc" contains s`, `"Retail" startsWith s`,
	// numbers
	`abs(n) > 2`, `abs(-n) == abs(n)`, `round(n) == 3`, `round(-2.5) == n`, `round(n) == n`, `floor(n) == -3`, `ceil(n) == 1`, `floor(n / 2) == 1`,
	`ceil(n) - floor(n) == 1`, `max(n, m) > 5`, `min(n, m) < 0`, `max(n, m, k) == n`, `min(n, 3) == 3`, `max(1, 2) == 2`, `min(n, m, k, 0) == 0`,
	`max(n) == n`, `abs(n - m) <= 1`, `n * n >= 0`, `n * n - m * m < 0`, `(n - 1) * (m + 1) > k`, `n / 4 + m / 4 > 1`, `max(abs(n), abs(m)) > 9`,
	// lists
	`len(l) > 1`, `len(l) == 0`, `len(l) >= len(p)`, `any(l, # == "a")`, `all(l, # != "x")`, `none(l, # == s)`, `one(l, # == "a")`,
	`any(l, {# == "a"})`, `count(l, # == "a") > 0`, `count(l, len(#) > 1) == 2`, `len(filter(l, # startsWith "a")) > 0`, `len(map(l, # + "x")) == len(l)`,
	`any(l, # in p)`, `all(l, # in p)`, `any(l, # contains "b")`, `any(l, # endsWith s)`, `all(l, len(#) > 0)`, `any(l, len(#) == n)`, `any(l, # == s or # == t)`,
	`none(l, !(# == "a"))`, `all(filter(l, len(#) > 1), # != "abc")`, `any(l, any(p, # == "a"))`, `sum(map(l, len(#))) > 4`, `count(filter(l, # != "a"), # != "b") > 0`,
	`sum(l, len(#)) > 4`, `any([1, 2, 3], # > n)`, `all([3, 4], # > n)`, `sum([1, 2, 3]) == 6`, `len([1, 2]) == 2`, `count([0, 5, 9], # > n) > 1`,
	`"a" in filter(l, # != "b")`, `any(l, # matches "^a")`, `any(l, # in ["a", "b"])`, `any(map(l, len(#)), # > 2)`, `any(l, not (# == "a"))`, `any(l, # == s and b)`,
	`any(l, # == "a") and all(p, # != "a")`, `any(l, b ? # == "a" : # == "b")`, `len(filter(p, # in l)) > 0`, `max(map([1, 2], # * n)) > 2`, `min([2, 3]) > n`,
	// composed
	`n > 1 and s == "a" or len(l) == len(p) and b`, `(n >= 0 and n < 10) or s in ["US", "x"]`, `b and (n > 5 or m > 5) and !(s contains "b")`, `n > 1 ? s in ["a"] : t in ["b"]`,
	`(b ? 1 : 0) + (c ? 1 : 0) == 1`, `len(l) + len(p) > n`, `n in [1, 2] ? b : s startsWith "R"`, `d < e or n == 10`, `(d == e) == b`, `abs(n) in [1, 2.5]`,
}

func TestExpressionsAgreeWithExpr(t *testing.T) {
	seen := map[string]bool{}
	var refused []string
	r := rand.New(rand.NewPCG(5, 6))
	for _, src := range exprTable {
		require.False(t, seen[src], "twice: %s", src)
		seen[src] = true
		rs, err := Parse("expr", []byte(exprDeclarations+src+" → +1\n"))
		if err != nil {
			refused = append(refused, src+"\n"+err.Error())
			continue
		}
		m, err := Compile(rs)
		require.NoError(t, err, src)
		checkExpr(t, src, m, r, 60)
	}
	require.Empty(t, refused, strings.Join(refused, "\n"))
	require.GreaterOrEqual(t, len(seen), 200)
	t.Logf("%d expressions agree with expr", len(seen))
}

// exprGrammar writes random expressions of expr-lang.
type exprGrammar struct{ *rand.Rand }

func (g exprGrammar) of(choices ...string) string { return choices[g.IntN(len(choices))] }

func (g exprGrammar) boolean(depth int) string {
	if depth == 0 {
		return g.of("b", "c", "n > 1", "m <= 2.5", `s == "a"`, "true", "d < e")
	}
	b := func() string { return g.boolean(depth - 1) }
	n := func() string { return g.number(depth - 1) }
	s := func() string { return g.text(depth - 1) }
	switch g.IntN(16) {
	case 0:
		return "(" + b() + g.of(" and ", " or ", " && ", " || ", " == ", " != ") + b() + ")"
	case 1:
		return b() + g.of(" and ", " or ", " && ", " || ") + b()
	case 2:
		return "!(" + b() + ")"
	case 3:
		return "not (" + b() + ")"
	case 4:
		return "(" + b() + " ? " + b() + " : " + b() + ")"
	case 5, 6, 7:
		return n() + g.of(" > ", " >= ", " < ", " <= ", " == ", " != ") + n()
	case 8:
		return n() + " <= " + n() + g.of(" < ", " <= ") + n()
	case 9:
		return n() + g.of(" in ", " not in ") + g.of("[1, 2, 3]", "[0.5, -1]", "[10]")
	case 10:
		return s() + g.of(" == ", " != ", " contains ", " startsWith ", " endsWith ", " not contains ") + s()
	case 11:
		return s() + g.of(" in ", " not in ") + g.list(depth-1)
	case 12:
		return s() + " matches " + g.of(`"^a"`, `"b$"`, `"[a-c]+"`)
	case 13:
		return g.of("any", "all", "none", "one") + "(" + g.list(depth-1) + ", " + g.predicate(depth-1) + ")"
	case 14:
		return s() + g.of(" in ", " not in ") + g.of(`["a", "b"]`, `["US"]`)
	}
	return "d " + g.of("==", "!=", "<", "<=", ">", ">=") + " e"
}

func (g exprGrammar) number(depth int) string {
	if depth <= 0 {
		return g.of("n", "m", "k", "0", "1", "2.5", "10", "3")
	}
	n := func() string { return g.number(depth - 1) }
	switch g.IntN(9) {
	case 0, 1:
		return "(" + n() + g.of(" + ", " - ", " * ", " / ") + n() + ")"
	case 2:
		return g.of("abs", "round", "floor", "ceil", "-") + "(" + n() + ")"
	case 3:
		return g.of("min", "max") + "(" + n() + ", " + n() + ")"
	case 4:
		return "len(" + g.of(g.text(depth-1), g.list(depth-1)) + ")"
	case 5:
		return "count(" + g.list(depth-1) + ", " + g.predicate(depth-1) + ")"
	case 6:
		return "(" + g.boolean(depth-1) + " ? " + n() + " : " + n() + ")"
	case 7:
		return "sum(map(" + g.list(depth-1) + ", len(#)))"
	}
	return g.number(0)
}

func (g exprGrammar) text(depth int) string {
	if depth <= 0 || g.IntN(3) > 0 {
		return g.of("s", "t", `"a"`, `'abc'`, `"US"`)
	}
	if g.IntN(2) == 0 {
		return "(" + g.text(depth-1) + " + " + g.text(depth-1) + ")"
	}
	return "(" + g.boolean(depth-1) + " ? " + g.text(depth-1) + " : " + g.text(depth-1) + ")"
}

func (g exprGrammar) list(depth int) string {
	if depth <= 0 || g.IntN(3) > 0 {
		return g.of("l", "p")
	}
	return "filter(" + g.list(depth-1) + ", " + g.predicate(depth-1) + ")"
}

func (g exprGrammar) predicate(depth int) string {
	switch g.IntN(7) {
	case 0:
		return "# == " + g.text(depth-1)
	case 1:
		return "# in " + g.of("l", "p", `["a", "b"]`)
	case 2:
		return "len(#) " + g.of(">", "==", "<=") + " " + g.number(depth-1)
	case 3:
		return "!(# contains " + g.text(depth-1) + ")"
	case 4:
		return "(# startsWith " + g.text(depth-1) + g.of(" and ", " or ") + g.boolean(0) + ")"
	case 5:
		return "(" + g.boolean(0) + ` ? # == "a" : # != "b")`
	}
	return `# != "a"`
}

func checkRandomExpr(t testing.TB, seed uint64) {
	g := exprGrammar{rand.New(rand.NewPCG(seed, 17))}
	src := g.boolean(1 + g.IntN(4))
	if _, err := onExpr(src, exprValues(g.Rand)); err != nil && strings.Contains(err.Error(), errNotExpr.Error()) {
		return // the grammar writes some that expr's types refuse
	}
	rs, err := Parse("expr", []byte(exprDeclarations+src+" → +1\n"))
	require.NoError(t, err, "seed %d: %s", seed, src)
	m, err := Compile(rs)
	require.NoError(t, err, "seed %d: %s", seed, src)
	checkExpr(t, src, m, g.Rand, 6)
}

func TestRandomExpressionsAgreeWithExpr(t *testing.T) {
	for seed := range uint64(3_000) {
		checkRandomExpr(t, seed)
	}
}

func FuzzRandomExpression(f *testing.F) {
	for seed := range uint64(10) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) { checkRandomExpr(t, seed) })
}

// different matches where the two languages differ on purpose: the binding of
// not and ??, our own words and literals, remainders of fractions.
var different = regexp.MustCompile(`(?i)\bnot\b|\?\?|%|\b(is|at|has|within|between|equals|gte?|lte?|neq|does|starts|ends)\b|=[^=~><]|\.\.|\$|[0-9][kmbd]|["'` + "`" + `].*\\|nil|\[`)

// FuzzExpression holds our answer equal to expr's for any text that both take.
func FuzzExpression(f *testing.F) {
	for _, src := range exprTable {
		f.Add(src, uint64(1))
	}
	f.Fuzz(func(t *testing.T, src string, seed uint64) {
		if different.MatchString(strings.ReplaceAll(src, "==", "")) || strings.ContainsAny(src, "\n\r#/→{}") || strings.Contains(src, "->") || strings.Contains(src, "=>") {
			return
		}
		rs, err := Parse("expr", []byte(exprDeclarations+src+" → +1\n"))
		if err != nil || len(rs.Dimensions) != 1 || len(rs.Dimensions[0].Items) != 1 || rs.Dimensions[0].Items[0].Rule.Label != "" {
			return
		}
		m, err := Compile(rs)
		if err != nil {
			return
		}
		r := rand.New(rand.NewPCG(seed, 1))
		if _, err := onExpr(src, exprValues(r)); err != nil {
			return
		}
		if overflows(src) {
			return
		}
		checkExpr(t, src, m, r, 3)
	})
}

// overflows tells whether a text has numbers so large that expr's integers and
// our floats part.
func overflows(src string) bool {
	digits := regexp.MustCompile(`[0-9_]{9,}|[eE][+-]?[0-9]{2,}|0[xX][0-9a-fA-F]{7,}`)
	return digits.MatchString(src) || strings.Count(src, "*") > 1
}
