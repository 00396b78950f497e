package dsl

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shape prints a tree with every parenthesis, operators first.
func shape(n Node) string {
	all := func(op string, nodes ...Node) string {
		parts := []string{op}
		for _, n := range nodes {
			parts = append(parts, shape(n))
		}
		return "(" + strings.Join(parts, " ") + ")"
	}
	negate := func(not bool, s string) string {
		if not {
			return "!" + s
		}
		return s
	}
	switch n := n.(type) {
	case nil:
		return "nil"
	case *Name:
		return n.Ident
	case *Number:
		return strconv.FormatFloat(n.Value, 'f', -1, 64)
	case *Text:
		return strconv.Quote(n.Value)
	case *Bool:
		return strconv.FormatBool(n.Value)
	case *DateLit:
		return n.Date.String()
	case *DurationLit:
		return n.Value.String()
	case *List:
		parts := make([]string, len(n.Items))
		for i, item := range n.Items {
			parts[i] = item.Raw
			if item.Quoted {
				parts[i] = strconv.Quote(item.Text)
			}
			if item.X != nil {
				parts[i] = shape(item.X)
			}
		}
		return "[" + strings.Join(parts, "|") + "]"
	case *Interval:
		return all("..", n.Lo, n.Hi)
	case *Unary:
		return all(string(n.Op), n.X)
	case *Binary:
		return all(negate(n.Not, strings.ReplaceAll(string(n.Op), " ", "-")), n.X, n.Y)
	case *Chain:
		return all(fmt.Sprint(n.Ops), n.X...)
	case *Test:
		return all(negate(n.Not, string(n.Is)), n.X)
	case *Ternary:
		return all("?", n.If, n.Then, n.Else)
	case *Call:
		return all(n.Func+"()", n.Args...)
	case *Log:
		s := n.Func + "() " + n.Activity.Ident
		if n.ByAccount {
			s += " own"
		}
		return all(s, n.Where, n.Window)
	case *Closure:
		return all("{}", n.Body)
	case *Element:
		return "#"
	}
	return fmt.Sprintf("%T", n)
}

// formulas is every form of a condition, with its tree.
var formulas = []struct{ text, want string }{
	// Comparisons.
	{"a >= 1", "(>= a 1)"}, {"a gte 1", "(>= a 1)"}, {"a at least 1", "(>= a 1)"}, {"a ≥ 1", "(>= a 1)"}, {"a GTE 1", "(>= a 1)"},
	{"a > 1", "(> a 1)"}, {"a gt 1", "(> a 1)"}, {"a <= 1", "(<= a 1)"}, {"a lte 1", "(<= a 1)"}, {"a At Most 1", "(<= a 1)"}, {"a ≤ 1", "(<= a 1)"},
	{"a < 1", "(< a 1)"}, {"a lt 1", "(< a 1)"}, {"a = 1", "(== a 1)"}, {"a == 1", "(== a 1)"}, {"a equals 1", "(== a 1)"}, {"a is 1", "(== a 1)"},
	{"a != 1", "(!= a 1)"}, {"a neq 1", "(!= a 1)"}, {"a is not 1", "(!= a 1)"}, {"a does not equal 1", "(!= a 1)"}, {"a ≠ 1", "(!= a 1)"},
	{"a is at least 5", "(>= a 5)"}, {"a is not at least 5", "(< a 5)"},
	{"a>-1", "(> a (- 1))"}, {"a=-1", "(== a (- 1))"}, {"a>=1", "(>= a 1)"},
	{"100 <= a < 1000", "([<= <] 100 a 1000)"}, {"1 < a <= b < 9", "([< <= <] 1 a b 9)"}, {"a at least 1 at most 9", "([>= <=] a 1 9)"},
	{"a < b == c", "(== (< a b) c)"}, {"a == b < c", "(< (== a b) c)"}, {"a == b == c", "(== (== a b) c)"},
	// Membership and intervals.
	{"a in [US, UK]", "(in a [US|UK])"}, {"a not in [US]", "(!in a [US])"}, {"a is any of [US]", "(in a [US])"}, {"a is one of [US]", "(in a [US])"},
	{"a is in [US]", "(in a [US])"}, {"a is not in [US]", "(!in a [US])"}, {"a is not any of [US]", "(!in a [US])"}, {"a in regions", "(in a regions)"},
	{"a IN [US]", "(in a [US])"}, {"a NOT IN [US]", "(!in a [US])"}, {"a in regions and b", "(and (in a regions) b)"},
	{"a in (b ? c : d)", "(in a (? b c d))"}, {"a in filter(b, # = c)", "(in a (filter() b ({} (== # c))))"}, {"a in b ?? c", "(in a (?? b c))"},
	{"a in 100-1000", "(in a (.. 100 1000))"}, {"a in 100..1000", "(in a (.. 100 1000))"}, {"a in 100–1000", "(in a (.. 100 1000))"}, {"a in 10M-100M", "(in a (.. 10000000 100000000))"},
	{"a not in 1-49", "(!in a (.. 1 49))"}, {"a in -5-5", "(in a (.. -5 5))"}, {"a in -5..-1", "(in a (.. -5 -1))"}, {"a in lo-hi", "(in a (.. lo hi))"}, {"a in lo..9", "(in a (.. lo 9))"},
	{"a in 1-49 and b", "(and (in a (.. 1 49)) b)"}, {"a in 1000+", "(>= a 1000)"}, {"a not in 1000+", "(< a 1000)"}, {"a in 1000+ and b", "(and (>= a 1000) b)"}, {"a in 1000+ ? b : c", "(? (>= a 1000) b c)"}, {"a in lo+ and b", "(and (>= a lo) b)"},
	{"a in 2026-01-01..2026-06-30", "(in a (.. 2026-01-01 2026-06-30))"}, {"a in 2026-01-01 - 2026-06-30", "(in a (.. 2026-01-01 2026-06-30))"},
	{"a between 10M and 50M", "(in a (.. 10000000 50000000))"}, {"a between 1 and 5 and b", "(and (in a (.. 1 5)) b)"}, {"a is between 1 and 5", "(in a (.. 1 5))"},
	{"a not between 1 and 5", "(!in a (.. 1 5))"}, {"a is not between -5 and -1", "(!in a (.. -5 -1))"}, {"a between b + 1 and b * 2", "(in a (.. (+ b 1) (* b 2)))"},
	{"a between 1 AND 5", "(in a (.. 1 5))"}, {"100-1", "(- 100 1)"}, {"a > 10-5", "(> a (- 10 5))"},
	// Texts and lists.
	{`a contains "x"`, `(contains a "x")`}, {`a does not contain "x"`, `(!contains a "x")`}, {`a not contains "x"`, `(!contains a "x")`},
	{`a starts with "x"`, `(starts-with a "x")`}, {`a startsWith "x"`, `(starts-with a "x")`}, {`a does not start with "x"`, `(!starts-with a "x")`}, {`a not startsWith "x"`, `(!starts-with a "x")`},
	{`a ends with "x"`, `(ends-with a "x")`}, {`a endsWith "x"`, `(ends-with a "x")`}, {`a not ends with "x"`, `(!ends-with a "x")`}, {`a does not end with "x"`, `(!ends-with a "x")`},
	{`a matches "^x"`, `(matches a "^x")`}, {`a not matches "^x"`, `(!matches a "^x")`}, {`a does not match "^x"`, `(!matches a "^x")`},
	{`a has word "VP"`, `(has-word a "VP")`}, {`a has word [VP, "Vice President"]`, `(has-word a [VP|"Vice President"])`}, {`a does not have word "VP"`, `(!has-word a "VP")`},
	{"a has any [x, y]", "(has-any a [x|y])"}, {"a has all of [x, y]", "(has-all a [x|y])"}, {"a has none [x]", "(has-none a [x])"}, {"a not has any [x]", "(!has-any a [x])"},
	{"a has any wanted", "(has-any a wanted)"}, {"“x” in a", `(in "x" a)`}, {"a = ‘x’", `(== a "x")`}, {"a = `x\\`", `(== a "x\\")`}, {`a = "it’s “x”"`, `(== a "it’s “x”")`},
	{`a = "\n\t\"\\\x41\u00e9\u{1F600}\101"`, `(== a "\n\t\"\\Aé😀A")`}, {`a = 'it\'s'`, `(== a "it's")`},
	// Missing values and windows.
	{"a is known", "(known a)"}, {"a is missing", "(missing a)"}, {"a is empty", "(empty a)"}, {"a is not known", "(!known a)"}, {"a IS NOT MISSING", "(!missing a)"},
	{"a ?? 0 > 5", "(> (?? a 0) 5)"}, {"a ?? b ?? 1", "(?? (?? a b) 1)"}, {"a ?? -1", "(?? a (- 1))"}, {"-a ?? 1", "(- (?? a 1))"}, {"a + b ?? 1", "(+ a (?? b 1))"},
	{"a within 30d", "(within a 720h0m0s)"}, {"a is within 8w", "(within a 1344h0m0s)"}, {"a not within 12 hours", "(!within a 12h0m0s)"}, {"a within 30 days or b", "(or (within a 720h0m0s) b)"}, {"a within w", "(within a w)"},
	// Logic.
	{"a or b and c", "(or a (and b c))"}, {"a || b && !c", "(or a (and b (not c)))"}, {"not a = b", "(not (== a b))"}, {"!a == b", "(== (not a) b)"}, {"not a and b", "(and (not a) b)"},
	{"not not a", "(not (not a))"}, {"a == not b", "(== a (not b))"}, {"NOT a AND b OR c", "(or (and (not a) b) c)"}, {"not(a)", "(not a)"}, {"not a in [x]", "(not (in a [x]))"},
	{"a and b and c", "(and (and a b) c)"}, {"a ? b : c", "(? a b c)"}, {"a ? b : c ? d : e", "(? a b (? c d e))"}, {"a ? b ? c : d : e", "(? a (? b c d) e)"}, {"(a or b) and c", "(and (or a b) c)"},
	{"a = true or b == FALSE", "(or (== a true) (== b false))"},
	// Arithmetic.
	{"a + b * c - d", "(- (+ a (* b c)) d)"}, {"a - b - c", "(- (- a b) c)"}, {"a / b / c", "(/ (/ a b) c)"}, {"a % 5", "(% a 5)"}, {"-a * b", "(* (- a) b)"}, {"- - a", "(- (- a))"}, {"+a", "(+ a)"},
	{"a*60%", "(* a 0.6)"}, {"a − 1", "(- a 1)"}, {"min(a, b, 3)", "(min() a b 3)"}, {"round(a / 3) > 2", "(> (round() (/ a 3)) 2)"}, {"max(a, b,)", "(max() a b)"}, {"f()", "(f())"},
	{"min(1,500)", "(min() 1 500)"},
	// Activities.
	{"count(visit, 60d) > 5", "(> (count() visit nil 1440h0m0s) 5)"}, {"any(webinar)", "(any() webinar)"}, {"count(visit, window)", "(count() visit window)"}, {"sum(order, 1w)", "(sum() order nil 168h0m0s)"},
	{`count(visit where page contains "x", 60d)`, `(count() visit (contains page "x") 1440h0m0s)`}, {"any(webinar by account)", "(any() webinar own nil nil)"}, {"count(webinar by account, 60d)", "(count() webinar own nil 1440h0m0s)"},
	{"count(a by account where b and c, w)", "(count() a own (and b c) w)"}, {"count(a where b > 5 within 60d)", "(count() a (> b 5) 1440h0m0s)"}, {"count(a within 60d)", "(count() a nil 1440h0m0s)"},
	{"days_since(last)", "(days_since() last)"}, {`days_since(visit where page = "x") > 3`, `(> (days_since() visit (== page "x") nil) 3)`},
	// List functions.
	{"count(list, # > 1)", "(count() list ({} (> # 1)))"}, {"any(list, { # > 1 })", "(any() list ({} (> # 1)))"}, {`all(list, # startsWith "x")`, `(all() list ({} (starts-with # "x")))`},
	{"len(filter(list, len(#) > 3))", "(len() (filter() list ({} (> (len() #) 3))))"}, {"none(list, # in [a, b])", "(none() list ({} (in # [a|b])))"}, {"any(list, true)", "(any() list ({} true))"},
	{"one(list, flag)", "(one() list ({} flag))"}, {"sum(map(list, len(#)))", "(sum() (map() list ({} (len() #))))"}, {"any(filter(list, # = a), b)", "(any() (filter() list ({} (== # a))) ({} b))"},
	{"any(list, #\n= 1)", "(any() list ({} (== # 1)))"},
	// Names.
	{"fit.grade = A", "(== fit.grade A)"}, {"grade in [A1, B1]", "(in grade [A1|B1])"}, {"größe > 1", "(> größe 1)"}, {"max > 1", "(> max 1)"}, {"cap + score", "(+ cap score)"},
	// Several lines in one text.
	{"a\nand b", "(and a b)"}, {"a > 1 and\n b", "(and (> a 1) b)"}, {"a # why\nor b", "(or a b)"}, {"a > // c\n1", "(> a 1)"},
}

func TestParseFormula(t *testing.T) {
	for _, test := range formulas {
		t.Run(test.text, func(t *testing.T) {
			n, errs := ParseFormula(Formula{Text: test.text}, "made", "")
			require.Empty(t, errs)
			assert.Equal(t, test.want, shape(n))
		})
	}
}

// A printed condition reads as the same tree.
func TestParsePrinted(t *testing.T) {
	for _, test := range formulas {
		n, errs := ParseFormula(Formula{Text: test.text}, "made", "")
		require.Empty(t, errs)
		printed := printNode(n)
		again, errs := ParseFormula(Formula{Text: printed}, "made", "")
		require.Empty(t, errs, printed)
		assert.Equal(t, shape(n), shape(again), printed)
	}
}

func TestListItems(t *testing.T) {
	tests := []struct{ list, want string }{
		{"[Financial Services, mid-size, C-level, gmail.com, AT&T, 94105, OR, IN, O'Brien, C#]", "Financial Services|mid-size|C-level|gmail.com|AT&T|94105|OR|IN|O'Brien|C#"},
		{"[]", ""}, {"[ ]", ""}, {"[a,]", "a"}, {"[a , b]", "a|b"}, {"[a,b]", "a|b"},
		{`["a, b", 'c]', d]`, `"a, b"|"c]"|d`}, {"[“a, b”, ‘c’]", `"a, b"|"c"`}, {"[`a``b`]", "\"a`b\""}, {`["\u0041"]`, `"A"`},
		{"[US,\n UK # home\n , DE] ", "US|UK|DE"}, {"[\n  US, // the first\n  UK,\n]", "US|UK"}, {"[http://a.b, c]", "http://a.b|c"}, {"[a\u00a0b]", "a b"},
		{"[Research & Development, Food and Beverage, Rock 'n Roll]", "Research & Development|Food and Beverage|Rock 'n Roll"},
		{"[a + 1, b]", "(+ a 1)|b"}, {"[round(a, 2), b]", "(round() a 2)|b"}, {"[(a), b]", "a|b"}, {"[[a, b], c]", "[a|b]|c"}, {"[Acme (UK), b]", "Acme (UK)|b"}, {"[Acme (UK, IE), b]", "Acme (UK, IE)|b"},
		{`["a" + "b,c", d]`, `(+ "a" "b,c")|d`}, {`[f("a)b"), c]`, `(f() "a)b")|c`}, {"[2026-10-01, -5, 10M]", "2026-10-01|-5|10M"}, {"[R + , b]", "R +|b"}, {"[#1, b]", "#1|b"}, {"[a - b]", "(- a b)"},
		{"[Ünïcode, 日本]", "Ünïcode|日本"}, {"[a:b, c=d, e>f]", "a:b|c=d|e>f"},
	}
	for _, test := range tests {
		t.Run(test.list, func(t *testing.T) {
			n, errs := ParseFormula(Formula{Text: "x in " + test.list}, "made", "")
			require.Empty(t, errs)
			assert.Equal(t, "["+test.want+"]", shape(n.(*Binary).Y))
		})
	}
}

func TestListItemPlaces(t *testing.T) {
	n, errs := ParseFormula(Formula{Text: "é in [ä, \"b\",\n  c + d]"}, "made", "")
	require.Empty(t, errs)
	items := n.(*Binary).Y.(*List).Items
	require.Len(t, items, 3)
	assert.Equal(t, Pos{Offset: 7, Line: 1, Column: 7}, items[0].At)
	assert.Equal(t, Pos{Offset: 11, Line: 1, Column: 10}, items[1].At)
	assert.Equal(t, Pos{Offset: 18, Line: 2, Column: 3}, items[2].At)
	assert.Equal(t, Pos{Offset: 20, Line: 2, Column: 5}, items[2].X.Pos())
}

func TestItemLiteral(t *testing.T) {
	tests := []struct{ raw, want string }{
		{"94105", "94105"}, {"-5", "-5"}, {"+5", "5"}, {"10M", "10000000"}, {"60%", "0.6"}, {"$5M", "5000000"}, {"5 million", "5000000"},
		{"2026-10-01", "2026-10-01"}, {"30d", "720h0m0s"}, {"true", "true"}, {"OR", "nil"}, {"5x", "nil"}, {"5 6", "nil"}, {"-a", "nil"}, {"", "nil"}, {"2026-02-30", "nil"},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, shape(itemLiteral(ListItem{Raw: test.raw})), test.raw)
	}
	assert.Nil(t, itemLiteral(ListItem{Raw: `"5"`, Quoted: true, Text: "5"}))
}

func TestNumbers(t *testing.T) {
	tests := []struct {
		text string
		want float64
	}{
		{"0", 0}, {"50", 50}, {"2.5", 2.5}, {".5", 0.5}, {"10k", 10e3}, {"10K", 10e3}, {"10M", 10e6}, {"5B", 5e9}, {"1.1M", 1.1e6}, {"$5M", 5e6}, {"$ 5M", 5e6}, {"$.5M", 5e5},
		{"60%", 0.6}, {"7%", 0.07}, {"0.1%", 0.001}, {"5 million", 5e6}, {"2.5 thousand", 2500}, {"1 billion", 1e9}, {"5million", 5e6}, {"5\u00a0million", 5e6}, {"1_000_000", 1e6}, {"1,000", 1000}, {"1,000,000", 1e6},
		{"12,345.67", 12345.67}, {"$1,000k", 1e6}, {"1e3", 1000}, {"1.5e-2", 0.015}, {"1e3k", 1e6}, {"0x10", 16}, {"0XfF", 255}, {"0b101", 5}, {"0o17", 15}, {"9007199254740992", 1 << 53}, {"1e300", 1e300},
	}
	for _, test := range tests {
		n, errs := ParseFormula(Formula{Text: test.text}, "made", "")
		require.Empty(t, errs, test.text)
		require.IsType(t, &Number{}, n, test.text)
		assert.Equal(t, test.want, n.(*Number).Value, test.text)
		assert.Equal(t, test.text, n.(*Number).Source)
	}
}

func TestDates(t *testing.T) {
	tests := []struct {
		text string
		want Date
	}{
		{"2026-10-01", Date{Time: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), Whole: true}},
		{"2024-02-29", Date{Time: time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), Whole: true}},
		{"2026-10-01T12:00:00Z", Date{Time: time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)}},
		{"2026-10-01T12:00:00.25+02:00", Date{Time: time.Date(2026, 10, 1, 10, 0, 0, 250_000_000, time.UTC)}},
		{"2026-10-01T12:00:00-05:00", Date{Time: time.Date(2026, 10, 1, 17, 0, 0, 0, time.UTC)}},
	}
	for _, test := range tests {
		n, errs := ParseFormula(Formula{Text: test.text}, "made", "")
		require.Empty(t, errs, test.text)
		assert.Equal(t, test.want, n.(*DateLit).Date, test.text)
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30d": 30 * day, "8w": 56 * day, "12h": 12 * time.Hour, "30 days": 30 * day, "1 day": day, "2 weeks": 14 * day, "12 hours": 12 * time.Hour, "1.5h": 90 * time.Minute, "30days": 30 * day, "1,000d": 1000 * day,
	} {
		n, errs := ParseFormula(Formula{Text: text}, "made", "")
		require.Empty(t, errs, text)
		assert.Equal(t, want, n.(*DurationLit).Value, text)
	}
}

// Nodes know their places, in the formula's text or in its source.
func TestNodePlaces(t *testing.T) {
	n, errs := ParseFormula(Formula{Text: "é and b > 5"}, "made", "")
	require.Empty(t, errs)
	assert.Equal(t, Pos{Offset: 3, Line: 1, Column: 3}, n.Pos())
	assert.Equal(t, Pos{Offset: 9, Line: 1, Column: 9}, n.(*Binary).Y.Pos())

	source := "# ü\n  é > 5 → +3\n"
	rs, errs := Parse("x.rules", []byte(source))
	require.Empty(t, errs)
	f := rs.Dimensions[0].Items[0].Rule.When
	assert.Equal(t, "é > 5", f.Text)
	assert.Equal(t, Pos{Offset: 7, Line: 2, Column: 3}, f.Pos)
	n, errs = ParseFormula(f, "x.rules", source)
	require.Empty(t, errs)
	assert.Equal(t, Pos{Offset: 10, Line: 2, Column: 5}, n.Pos())
	assert.Equal(t, n, f.parsed())

	f.Text = "é > 6"
	assert.Nil(t, f.parsed())
	n, errs = ParseFormula(f, "x.rules", source)
	require.Empty(t, errs)
	assert.Equal(t, 1, n.Pos().Line)

	f.Text = "é > "
	_, errs = ParseFormula(f, "x.rules", source)
	require.Len(t, errs, 1)
	assert.Equal(t, "x.rules", errs[0].File)
	assert.Equal(t, "  é > 5 → +3", errs[0].Line)
}

// The text of a condition is the author's, or canonical where that does not
// print on one line.
func TestFormulaText(t *testing.T) {
	tests := []struct{ rule, want string }{
		{"employees  gte 1000 → +5", "employees  gte 1000"},
		{"a AND b→5", "a AND b"},
		{"a = “x” → +5", `a = "x"`},
		{"a\u00a0> 5 → +5", "a > 5"},
		{"a – b > 5 → +5", "a - b > 5"},
		{"a ≥ 5 → +5", "a >= 5"},
		{"a > 5 and\n  b → +5", "a > 5 and b"},
		{"a in [x, # y\n z] → +5", "a in [x, z]"},
		{"a // why\n or b → +5", "a or b"},
		{"label:\u00a0a > 5 → +5", "a > 5"},
	}
	for _, test := range tests {
		rs, errs := Parse("x.rules", []byte(test.rule))
		require.Empty(t, errs, test.rule)
		f := rs.Dimensions[0].Items[0].Rule.When
		assert.Equal(t, test.want, f.Text, test.rule)
		assert.NotNil(t, f.parsed(), test.rule)
	}
}
