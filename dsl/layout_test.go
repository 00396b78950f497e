package dsl

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLayOut(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{
			"rules line up",
			"employees gte 1000->+50 \"big\"\nrevenue gte 50000000   => 45\n\n\n\ncountry in [US,UK ,  CA]→+20 // home\n",
			"employees gte 1000    → +50  \"big\"\nrevenue gte 50000000  → 45\n\ncountry in [US, UK, CA]  → +20  // home\n",
		},
		{
			"labels stand in a column",
			"size: employees > 5 → +1\nrevenue > 5 → -10 else +2 \"why\"\nx → 0..50 over 5M-50M\n",
			"size:  employees > 5  → +1\n       revenue > 5    → -10    else +2      \"why\"\n       x              → 0..50  over 5M-50M\n",
		},
		{
			"a table does not push away what stands after the points of others",
			"x→{1-9:5,10+:20,missing:1}\nrevenue > 5 → 10 else 3\n",
			"x            → { 1-9: 5, 10+: 20, missing: 1 }\nrevenue > 5  → 10  else 3\n",
		},
		{
			"blocks are indented, comments with them",
			"\ufeff# head\n\n\ndimension fit   max 3{ # of four\n\n// inside\nbest of \"b\"{\na=1→+1\n}\n\n}\n# end",
			"# head\n\ndimension fit max 3 {  # of four\n  // inside\n  best of \"b\" {\n    a = 1  → +1\n  }\n}\n# end\n",
		},
		{
			"what goes on hangs",
			"a > 5\nand b<3\n  or c → +2 per x\nmax 20\n",
			"a > 5\n    and b < 3\n    or c → +2 per x\n    max 20\n",
		},
		{
			"what stands after an operator or begins with an arrow hangs",
			"employees > 100 and\n      revenue > 5M\n → +5\nx → 1\n",
			"employees > 100 and\n    revenue > 5M\n    → +5\nx  → 1\n",
		},
		{
			"a list over several lines stands under its row",
			"best of {\ncountry in [US,\n\t\tUK, # islands\n  CA\n      ] → +5\nx > 1 → +1\n}\n",
			"best of {\n  country in [US,\n      UK, # islands\n      CA\n  ]  → +5\n  x > 1  → +1\n}\n",
		},
		{
			"reasons and grades stand in columns",
			"grades a {1+: A,else: B}\ngrades longer { 1+: A, else: B }\ndisqualify when a > 1 \"x\"\ndisqualify when country = \"US\"\ndisqualify when longer > 1 \"y\"\n",
			"grades a      { 1+: A, else: B }\ngrades longer { 1+: A, else: B }\ndisqualify when a > 1           \"x\"\ndisqualify when country = \"US\"\ndisqualify when longer > 1      \"y\"\n",
		},
		{
			"typography",
			"a ≥ 5 → +50 “it’s big”\nb ≠ ‘x’ ⇒ –5\nc\u00a0> 1 → +1\n",
			"a >= 5    → +50  \"it’s big\"\nb != \"x\"  → -5\nc > 1     → +1\n",
		},
		{
			"fields, params and lets",
			"param a=5\nlet long_name=a+1\nfield x number stale after 90d\nfield longer text\nfield y   list \"d\" # of many\n",
			"param a = 5\nlet long_name = a+1\nfield x       number  stale after 90d\nfield longer  text\nfield y       list    \"d\"  # of many\n",
		},
		{
			"tiers and plays",
			"tiers {\ntop when score>=70 hold 5\nplay targeting \"Ads\"\nmedium when score>=40\n\nlow otherwise\n}\ntrigger hot when tier rises to top\ntrigger b when score falls by 2",
			"tiers {\n  top     when score >= 70 hold 5\n          play targeting \"Ads\"\n  medium  when score >= 40\n\n  low  otherwise\n}\ntrigger hot when tier rises to top\ntrigger b   when score falls by 2\n",
		},
		{
			"tables over several lines",
			"employees → {\n1-49:0,\n50+ : +20\nmissing:5 }\n",
			"employees  → {\n  1-49: 0,\n  50+: +20\n  missing: 5 }\n",
		},
		{
			"a list over several lines stays",
			"country in [US, # home\n   UK,\n CA] → +20\r\nx → +1\r\n",
			"country in [US, # home\n    UK,\n    CA]  → +20\nx  → +1\n",
		},
		{
			"signs, ternaries and intervals stay",
			"(a ?-1:b)  > -5 and c in 5..10 and d in -5..-1 → +1\ncount(xs,#>1)>2 → +1; y%2 = 1 → +1\n",
			"(a ? -1 : b) > -5 and c in 5..10 and d in -5..-1  → +1\ncount(xs, # > 1) > 2                              → +1\ny%2 = 1                                           → +1\n",
		},
		{
			"cases",
			"case \"c\" at 2026-11-01 {\nemployees=5000,stage=none\ncontact ann {lead_score=20}\ndid webinar ×6\nexpect fit 100,\nscore 50\n}\n",
			"case \"c\" at 2026-11-01 {\n  employees = 5000, stage = none\n  contact ann { lead_score = 20 }\n  did webinar x6\n  expect fit 100,\n      score 50\n}\n",
		},
		{
			"spaces of a text without quotes stay",
			"param a=two  words\nparam b =x\ny → { one  two:  5, else   :6 }\n",
			"param a = two  words\nparam b = x\ny  → { one  two: 5, else: 6 }\n",
		},
		{"empty", "", ""},
		{"comments alone", "\n\n#a\n\n\n  # b\n\n", "#a\n\n# b\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Format([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Error(diff)
			}
			again, err := Format(got)
			if err != nil || !bytes.Equal(again, got) {
				t.Errorf("the second time (%v):\n%s", err, cmp.Diff(string(got), string(again)))
			}
		})
	}
}

func TestFormatReportsFaults(t *testing.T) {
	src := []byte("employees gte → +50\n")
	if out, err := Format(src); err == nil {
		t.Errorf("a broken text is formatted to %s", out)
	}
}

func TestLayOutIsFast(t *testing.T) {
	for _, part := range []string{"a ", "a b: 1, ", "= ", "\n", "# x\n", "{ ", "( ", "a = b c\n", "a -> 1\n", "? ", "tiers {\n"} {
		src := "param a = " + strings.Repeat(part, MaxSource/2/len(part))
		start := time.Now()
		layOut(src)
		if d := time.Since(start); d > hang {
			t.Errorf("half a megabyte of %q took %v", part, d)
		}
	}
}

func TestLayOutKeepsMeaning(t *testing.T) {
	for seed := range uint64(75) {
		r := newRandom(seed)
		src := r.disorder(string(r.ruleset().Format()))
		checkFormat(t, src)
		checkCanonical(t, src)
	}
}

// disorder spells a text carelessly.
func (r random) disorder(src string) string {
	var b strings.Builder
	from := 0
	for _, t := range lex(src, 0, len(src), Pos{Line: 1, Column: 1}, 0, false).toks {
		gap, text := src[from:t.off], src[t.off:t.end]
		from = int(t.end)
		switch {
		case t.kind == tNewline || t.kind == tEOF:
			b.WriteString(pick(r, "", "", " ", " # note, \"quoted\" } →", "  // so"))
			b.WriteString(pick(r, "\n", "\n", "\r\n", "\n\n\n", "\n  # between { \n"))
			continue
		case gap != "":
			b.WriteString(pick(r, " ", " ", "   ", "\t", "\u00a0"))
		}
		switch {
		case t.isArrow():
			text = pick(r, "→", "->", "⇒")
		case t.is(opGe):
			text = pick(r, ">=", "≥")
		case t.is(opMinus):
			text = pick(r, "-", "–", "−")
		}
		b.WriteString(text)
	}
	return b.String()
}

// checkLayout lays a text out that parses: it must mean the same, keep its
// comments, and stay as it is the second time.
func checkLayout(t *testing.T, src string) {
	t.Helper()
	want, errs := Parse("", []byte(src))
	if len(errs) > 0 {
		t.Fatalf("the text does not parse: %v\n%s", errs, src)
	}
	out := layOut(strings.TrimPrefix(src, "\ufeff"))
	got, errs := Parse("", out)
	if len(errs) > 0 {
		t.Fatalf("the layout does not parse: %v\n%s\n----\n%s", errs, src, out)
	}
	if diff := cmp.Diff(want, got, sameMeaning); diff != "" {
		t.Fatalf("the layout changed the ruleset: %s\n%s\n----\n%s", diff, src, out)
	}
	if n, m := strings.Count(src, "# note,"), strings.Count(string(out), "# note,"); n != m {
		t.Fatalf("%d comments of %d are left:\n%s", m, n, out)
	}
	if again := layOut(string(out)); !bytes.Equal(again, out) {
		t.Fatalf("the layout is not stable:\n%s", cmp.Diff(string(out), string(again)))
	}
}

func FuzzFormat(f *testing.F) {
	files, err := filepath.Glob("testdata/*.rules")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	for seed := range uint64(8) {
		r := newRandom(seed)
		f.Add([]byte(r.disorder(string(r.ruleset().Format()))))
	}
	for _, form := range forms {
		f.Add([]byte(form.src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		checkFormat(t, string(src))
	})
}

func TestFormatForms(t *testing.T) {
	for _, form := range forms {
		t.Run(form.src, func(t *testing.T) {
			if !checkFormat(t, form.src) {
				t.Error("the form does not parse")
			}
			checkCanonical(t, form.src)
		})
	}
	for _, f := range formulas {
		t.Run(f.text, func(t *testing.T) {
			if !checkFormat(t, "("+f.text+") → +1") {
				t.Error("the formula does not parse")
			}
		})
	}
}

// checkCanonical holds the canonical text of a ruleset to its layout. The fuzz
// does not: whether a text at the end of a line is its reason is a guess for the
// layout, which costs a space where nobody would write such a line.
func checkCanonical(t *testing.T, src string) {
	t.Helper()
	rs, errs := Parse("", []byte(src))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	text := rs.Format()
	if laid := layOut(string(text)); !bytes.Equal(laid, text) {
		t.Fatalf("the layout has another form than the canonical text: %s", cmp.Diff(string(text), string(laid)))
	}
}

// checkFormat formats a text in both ways if it parses, and tells whether it
// does.
func checkFormat(t *testing.T, src string) bool {
	t.Helper()
	want, errs := Parse("", []byte(src))
	if len(errs) > 0 {
		return false
	}
	text := want.Format()
	got, errs := Parse("", text)
	if len(errs) > 0 {
		t.Fatalf("the canonical text does not parse: %v\n%s\n----\n%s", errs, src, text)
	}
	if diff := cmp.Diff(want, got, sameMeaning); diff != "" {
		t.Fatalf("the canonical text says something else: %s\n%s\n----\n%s", diff, src, text)
	}
	if again := got.Format(); !bytes.Equal(again, text) {
		t.Fatalf("the canonical text is not stable:\n%s", cmp.Diff(string(text), string(again)))
	}
	checkLayout(t, src)
	return true
}

// TestFormatTimesSign: the sign × becomes a letter where it neither runs into
// a word nor is part of a text.
func TestFormatTimesSign(t *testing.T) {
	for src, want := range map[string]string{
		"case A{did A×1}":          "case A { did A×1 }\n",
		"case A{did A value 4×3}":  "case A { did A value 4×3 }\n",
		"case A{\ndid A × 3}":      "case A {\n  did A x 3 }\n",
		"case A{\ndid A×3}":        "case A {\n  did A×3 }\n",
		"case A{f = A × B}":        "case A { f = A × B }\n",
		"a => {A × B: 3, A×C : 4}": "a  → { A × B: 3, A×C: 4 }\n",
	} {
		got, err := Format([]byte(src))
		if err != nil || string(got) != want {
			t.Errorf("%s\n%s%v", src, got, err)
		}
		checkFormat(t, src)
	}
}
