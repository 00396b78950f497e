package dsl

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestPrintNode(t *testing.T) {
	name := func(s string) Node { return &Name{Ident: s} }
	num := func(v float64) Node { return &Number{Value: v} }
	bin := func(x Node, op Op, y Node) Node { return &Binary{X: x, Op: op, Y: y} }
	neg := func(op Op, x Node) Node { return &Unary{Op: op, X: x} }
	not := func(x Node, op Op, y Node) Node { return &Binary{X: x, Op: op, Y: y, Not: true} }
	a, b, c := name("a"), name("b"), name("c")
	day := Date{Time: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), Whole: true}

	tests := []struct {
		node Node
		want string
	}{
		{bin(a, OpGe, num(5)), "a >= 5"},
		{bin(a, OpEq, b), "a = b"},
		{bin(bin(a, OpEq, b), OpEq, &Bool{Value: true}), "a = b = true"},
		{bin(bin(a, OpLt, b), OpEq, &Bool{Value: true}), "(a < b) = true"},
		{bin(bin(a, OpAnd, b), OpAnd, c), "a and b and c"},
		{bin(a, OpAnd, bin(b, OpAnd, c)), "a and (b and c)"},
		{bin(bin(a, OpAnd, b), OpOr, c), "a and b or c"},
		{bin(bin(a, OpOr, b), OpAnd, c), "(a or b) and c"},
		{neg(OpNot, bin(a, OpEq, b)), "not a = b"},
		{bin(neg(OpNot, a), OpEq, b), "(not a) = b"},
		{neg(OpNot, bin(a, OpAnd, b)), "not (a and b)"},
		{bin(bin(a, OpSub, b), OpSub, c), "a - b - c"},
		{bin(a, OpSub, bin(b, OpSub, c)), "a - (b - c)"},
		{bin(bin(a, OpAdd, b), OpMul, c), "(a + b) * c"},
		{bin(a, OpSub, neg(OpSub, b)), "a - -b"},
		{neg(OpSub, neg(OpSub, a)), "- -a"},
		{bin(bin(a, OpElse, num(0)), OpGt, num(5)), "a ?? 0 > 5"},
		{neg(OpSub, bin(a, OpElse, num(0))), "-a ?? 0"},
		{bin(neg(OpSub, a), OpElse, num(0)), "(-a) ?? 0"},
		{bin(a, OpElse, bin(b, OpElse, c)), "a ?? (b ?? c)"},
		{bin(a, OpElse, neg(OpSub, num(1))), "a ?? -1"},
		{bin(bin(a, OpElse, neg(OpSub, num(1))), OpElse, b), "(a ?? -1) ?? b"},
		{not(a, OpHasWord, &Text{Value: "VP"}), `a does not have word "VP"`},
		{not(a, OpMatches, &Text{Value: "^x"}), `a does not match "^x"`},
		{&Ternary{If: a, Then: b, Else: &Ternary{If: b, Then: a, Else: c}}, "a ? b : b ? a : c"},
		{&Ternary{If: a, Then: &Ternary{If: b, Then: a, Else: c}, Else: b}, "a ? (b ? a : c) : b"},
		{bin(&Ternary{If: a, Then: b, Else: c}, OpAdd, a), "(a ? b : c) + a"},
		{&Chain{Ops: []Op{OpLe, OpLt}, X: []Node{num(100), a, num(1000)}}, "100 <= a < 1000"},
		{&Test{Is: IsKnown, X: a}, "a is known"},
		{&Test{Is: IsMissing, Not: true, X: bin(a, OpAdd, b)}, "a + b is not missing"},
		{bin(&Test{Is: IsKnown, X: a}, OpEq, b), "(a is known) = b"},
		{not(a, OpContains, &Text{Value: "x"}), `a does not contain "x"`},
		{not(a, OpIn, name("regions")), "a not in regions"},
		{bin(a, OpIn, bin(b, OpSub, c)), "a in (b - c)"},
		{bin(a, OpIn, &Interval{Lo: &Number{Value: 10e6, Source: "10M"}, Hi: num(50e6)}), "a in 10M-50000000"},
		{not(a, OpIn, &Interval{Lo: num(1), Hi: b}), "a not in 1..b"},
		{bin(a, OpIn, &Interval{Lo: &Number{Value: -1e6, Source: "-1M"}, Hi: num(1)}), "a in -1M..1"},
		{bin(a, OpIn, &Interval{Lo: &DateLit{Date: day}, Hi: &DateLit{Date: day}}), "a in 2026-10-01..2026-10-01"},
		{bin(a, OpIn, &Interval{Lo: bin(b, OpMul, num(2)), Hi: c}), "a between b * 2 and c"},
		{not(a, OpIn, &Interval{Lo: bin(b, OpMul, num(2)), Hi: c}), "a not between b * 2 and c"},
		{bin(a, OpIn, &List{Items: []ListItem{{Raw: "mid-size"}, {Raw: "AT&T"}, {Raw: "'x, y'", Quoted: true, Text: "x, y"}, {Raw: "two\n   words"}}}),
			`a in [mid-size, AT&T, "x, y", two words]`},
		{bin(a, OpHasAny, &List{}), "a has any []"},
		{bin(a, OpWithin, &DurationLit{Value: 30 * 24 * time.Hour}), "a within 30d"},
		{bin(a, OpWithin, &DurationLit{Value: 12 * time.Hour}), "a within 12h"},
		{&Log{Func: "count", Activity: Name{Ident: "v"}, ByAccount: true, Where: bin(a, OpEq, num(1)), Window: &DurationLit{Value: 24 * time.Hour}},
			"count(v by account where a = 1, 1d)"},
		{&Call{Func: "count", Args: []Node{a, &Closure{Body: bin(&Element{}, OpGt, num(1))}}}, "count(a, # > 1)"},
		{&Call{Func: "min", Args: []Node{a, &Ternary{If: a, Then: b, Else: c}}}, "min(a, a ? b : c)"},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			if got := printNode(tt.node); got != tt.want {
				t.Errorf("printed %s", got)
			}
		})
	}
}

func TestPrintNodeRoundTrip(t *testing.T) {
	for seed := range uint64(1500) {
		want := newRandom(seed).node(4)
		text := printNode(want)
		got, errs := ParseFormula(Formula{Text: text}, "", "")
		if len(errs) > 0 {
			t.Fatalf("seed %d: %s does not parse: %v", seed, text, errs)
		}
		if diff := cmp.Diff(want, got, sameNode); diff != "" {
			t.Fatalf("seed %d: %s parses to another tree (-want +got):\n%s", seed, text, diff)
		}
		if again := printNode(got); again != text {
			t.Fatalf("seed %d: %s prints as %s the second time", seed, text, again)
		}
	}
}

// sameNode compares trees, not where they stand or how their literals are
// spelled.
var sameNode = cmp.Options{
	cmpopts.IgnoreTypes(Pos{}),
	cmpopts.IgnoreFields(Number{}, "Source"),
	cmpopts.IgnoreFields(ListItem{}, "X"),
	cmpopts.EquateEmpty(),
}

func TestPrintNumber(t *testing.T) {
	tests := []struct {
		value        float64
		source, want string
	}{
		{10e6, "10M", "10M"},
		{10e6, "10 million", "10M"},
		{10e6, "$10M", "10M"},
		{10e6, "10,000,000", "10000000"},
		{10e6, "1e7", "10000000"},
		{10e6, "", "10000000"},
		{10e6, "11M", "10000000"}, // the value counts
		{0.6, "60%", "60%"},
		{0.5, ".5", "0.5"},
		{16, "0x10", "16"},
		{1e300, "1e300", "1e+300"},
		{0.000001, "", "0.000001"},
		{30.1e6, "30.1M", "30.1M"},
		{2, "2k", "2"},
		{-2e3, "-2k", "-2k"},
		{-2, "", "-2"},
	}
	for _, tt := range tests {
		if got := printNumber(&Number{Value: tt.value, Source: tt.source}); got != tt.want {
			t.Errorf("%g written %q prints as %s, want %s", tt.value, tt.source, got, tt.want)
		}
	}
}

func TestQuoteText(t *testing.T) {
	tests := []struct{ text, want string }{
		{``, `""`},
		{`a`, `"a"`},
		{`a"b\c`, `"a\"b\\c"`},
		{"a\nb\tc\rd", `"a\nb\tc\rd"`},
		{"“x”", `"“x”"`},
		{"é—日本", `"é—日本"`},
		{"\u00a0\u2028\x00", "\"\\u00a0\\u2028\uFFFD\""},
		{"\U0001F600\U000E0001", `"😀\U000e0001"`},
		{"a\xffb", "\"a\uFFFDb\""},
	}
	for _, tt := range tests {
		if got := quoteText(tt.text); got != tt.want {
			t.Errorf("%q quotes as %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestPrintItem(t *testing.T) {
	for _, s := range []string{"US", "Financial Services", "mid-size", "C-level", "gmail.com", "AT&T", "94105", "C#", "a/b", "été", "none", "OR", "x"} {
		if got := printItem(s); got != s {
			t.Errorf("%q prints as %s, want it as it stands", s, got)
		}
	}
	for _, s := range []string{"", " x", "x ", "a, b", "a]", "[a", `a"b`, "O'Brien", "# x", "a # x", "a //x", "a - b", "a and b", "f(x)", "a\nb", "a\u00a0b", "“x”", "null", "a  b", "-"} {
		if got := printItem(s); got != quoteText(s) {
			t.Errorf("%q prints as %s, want it in quotes", s, got)
		}
	}
}

func TestPrintName(t *testing.T) {
	for s, want := range map[string]string{
		"top": "top", "A1": "A1", "_x": "_x", "": `""`, "two words": `"two words"`, "1a": `"1a"`,
		"otherwise": `"otherwise"`, "Play": `"Play"`, "a-b": `"a-b"`, "a}": `"a}"`,
	} {
		if got := printName(s); got != want {
			t.Errorf("%q prints as %s, want %s", s, got, want)
		}
	}
}
