package accountscore

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// TestLiftTexts says what paths propose of texts that are asked for their parts,
// or whether they are the same. TestLiftClaimsTexts holds the words to it.
func TestLiftTexts(t *testing.T) {
	for _, tt := range []struct {
		name, rules, c string // c is the account's; none where it is empty
		want           string
	}{
		{"two that are to be the same", "field c text\nfield t text\nc = t → +10", "", `fill c with any value, and fill t with the same text as c`},
		{"two, of which one is asked for more", "field c text\nfield t text\nc = t and t contains \"x\" → +10", "", `fill c with the same text as t, and fill t with a text for which t contains "x"`},
		{"two that are to differ", "field c text\nfield t text\nc != t → +10", "", `fill c with anything but "other", and fill t with "other"`},
		{"the same as one that is known", "field c text fixed\nfield t text\nc = t → +10", "foo", `fill t with "foo"`},
		{"another than one that is known", "field c text fixed\nfield t text\nc != t → +10", "foo", `fill t with anything but "foo"`},
		{"another than one that ignores case", "field c text fixed ignoring case\nfield t text\nc != t → +10", "foo", `fill t with a text for which c != t`},
		{"a part of another", "field c text\nfield t text\nc contains t → +10", "", `fill c with a text for which c contains t, and fill t with "another"`},
		{"a part", "field c text actionable\nc contains \"x\" → +10", "foo", `bring c from "foo" to a text for which c contains "x"`},
		{"found", "field c text enrichable\nc contains \"x\" → +10", "foo", `find c to be a text for which c contains "x" instead of "foo"`},
		{"without a part", "field email text\nemail does not contain \"gmail.com\" → +10", "", `fill email with a text for which email does not contain "gmail.com"`},
		{"without a part, and not a whole text", "field c text\nc does not contain \"gmail.com\" → +10\nc = \"US\" → -10", "", `fill c with a text for which c does not contain "gmail.com" and c != "US"`},
		{"a whole text or a part", "field c text\nc = \"US\" or c starts with \"V\" → +10", "", `fill c with a text for which c = "US" or c starts with "V"`},
		{"several at once", "field c text ignoring case\nc starts with \"x\" and c ends with \"y\" and not (c has word \"VP\") → +10", "", `fill c with a text for which c starts with "x" and c ends with "y" and not (c has word "VP")`},
		{"one of several", "field c text\nc has word [VP, CEO] → +10", "", `fill c with a text for which c has word "CEO" or c has word "VP"`},
		{"what brings too little is not said", "field c text\nc contains \"chief\" → 5\nc contains \"vp\" → 5\nc contains \"dir\" → 1", "", `fill c with a text for which c contains "chief" and c contains "vp"`},
		{"what another end rules out is not said", "field c text\nc ends with \".edu\" → -8\nc ends with \".dev\" or c ends with \".io\" → +10", "", `fill c with a text for which c ends with ".dev" or c ends with ".io"`},
		{"what another beginning rules out is not said", "field c text ignoring case\nc starts with \"A\" → -8\nc starts with \"b\" → +10\nc starts with \"bc\" → -1", "", `fill c with a text for which c starts with "b" and not (c starts with "bc")`},
		{"what holds another part is enough", "field c text\nc contains \"sales\" → +4\nc contains \"presales\" → +6", "", `fill c with a text for which c contains "presales"`},
		{"a pattern", "field c text\nc matches \"^[A-Z]{3}$\" → +10", "", `fill c with a text such as "AAA" for which c matches "^[A-Z]{3}$"`},
		{"a length", "field c text\nlen(c) > 5 → +10", "", `fill c with a text for which len(c) > 5`},
		{"a computed text", "field c text\nlet d = c ?? \"y\"\nd contains \"x\" → +10", "", `fill c with a text for which d contains "x"`},
		{"one of two, as a whole", "field c text\nfield t text fixed\nlet s = c ?? t\ns = \"US\" → +10", "", `fill c with "US"`},
		{"one of two, of a set", "field c text\nfield t text fixed\nlet s = c ?? t\ns in [US, x] → +10", "", `fill c with "US" or "x"`},
		{"a let that is the field", "field c text actionable\nlet s = c\nlet d = s ?? \"y\"\nd not in [US, x] → +10", "US", `bring c from "US" to any other value but "x"`},
		{"a choice by a whole text", "field c text\nfield t text\nlet s = (c = \"x\" ? t : \"no\")\ns in [US, VP] → +10", "", `fill c with "x", and fill t with "US" or "VP"`},
		{"a choice by a part", "field c text\nfield t text fixed\nlet s = (c contains \"gmail\" ? \"US\" : \"no\")\ns = \"US\" → +10", "", `fill c with a text for which s = "US"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := tt.rules + "\ntiers { top when score >= 10\n low otherwise }"
			m := compile(t, src)
			a := Account{Fields: map[string]any{}}
			if tt.c != "" {
				a.Fields["c"] = tt.c
			}
			x := m.Explain(a, testMoment)
			paths := checkPaths(t, m, x, "top")
			require.True(t, paths[0].Reached, "%v", paths)
			assert.Equal(t, tt.want, paths[0].changes())
			holdsClaims(t, src, x, paths, textPool)
		})
	}
}

// TestSamples: of the texts that are made for a pattern one matches.
func TestSamples(t *testing.T) {
	for _, pattern := range []string{"", "^a+b?$", "(?i)^VP\\b", "^[^a-zA-Z0-9]$", "[[:^ascii:]]", "^(x|y|z){2,3}\\d*[.]com$", "^.{5}$", "@(gmail|yahoo)[.]com$", "\\bhead of\\b", "^(a{100}){10}$"} {
		re := regexp.MustCompile(pattern)
		matched := false
		for _, s := range samples(pattern) {
			require.LessOrEqual(t, len(s), 2*maxSample)
			matched = matched || re.MatchString(s)
		}
		assert.Equal(t, pattern != "^(a{100}){10}$", matched, "%s: a text is as long as %d bytes", pattern, maxSample)
	}
	require.Empty(t, samples("("))
}

// TestLiftPassedOn: what a formula that passes a field on is compared with is
// tried of the field, of a text and of a number.
func TestLiftPassedOn(t *testing.T) {
	t.Parallel()
	upper := WithFunc("upper", strings.ToUpper)
	coalesce := WithFunc("coalesce", func(a, b string) string {
		if a == "none" {
			return b
		}
		return a
	})
	for _, tt := range []struct{ rules, want string }{
		{"field c text\nupper(c) = \"US\" → +10", `fill c with "US"`},
		{"field c text\nlet u = upper(c)\nu in [US, CA] → +10", `fill c with "CA" or "US"`},
		{"field c text\nfield t text one of [a, b]\nlet s = coalesce(c, t)\ns in [US] → +10\nt = \"b\" → +1", `fill c with "US", and fill t with "a" or "b"`},
		{"field a number\nfield b number fixed\nlet n = a ?? b\nn in [17, 23] → +10", `fill a with 17`},
		{"field a number\nlet n = a\nn in [17, 23] → +10", `fill a with 17`},
		{"field a number\nlet n = (a in [17, 23] ? 1 : 0)\nn = 1 → +10", `fill a with 17`},
		{"field d time\nfield e time fixed\nlet n = d ?? e\nn = 2026-03-04 → +10", `fill d with 2026-03-04`},
	} {
		m := compile(t, tt.rules+"\ntiers { top when score >= 10\n low otherwise }", upper, coalesce)
		paths := checkPaths(t, m, m.Explain(Account{}, testMoment), "top")
		assert.Equal(t, tt.want, paths[0].changes(), "%s", tt.rules)
	}
	m := compile(t, "field a number\nlet n = a\nn > 5 and n < 3 → +10\ntiers { top when score >= 10\n low otherwise }")
	assert.False(t, m.Explain(Account{}, testMoment).LiftTo("top")[0].Cut, "a let that is a field is as plain as the field")
}

// TestLiftExcept: Except has every text that does not do, also the one that the
// field has; the words say that one but once.
func TestLiftExcept(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rules, c, want string
		except         []string
	}{
		{"field c text actionable\nc != \"US\" → +10", "US", `bring c from "US" to any other value`, []string{"US"}},
		{"field c text enrichable\nc not in [US, x] → +10", "x", `find c to be any other value but "US" instead of "x"`, []string{"US", "x"}},
		{"field c text actionable ignoring case\nc not in [US, x] → +10", "us", `bring c from "us" to anything but "US" and "x"`, []string{"US", "x"}},
		{"field c text actionable\nlet s = c\ns != \"US\" → +10\nlen(c) > 90 → +10", "US", `bring c from "US" to any other value`, []string{"US"}},
		{"field c text\nc != \"US\" → +10", "", `fill c with anything but "US"`, []string{"US"}},
	} {
		src := tt.rules + "\ntiers { top when score >= 10\n low otherwise }"
		m := compile(t, src)
		a := Account{Fields: map[string]any{}}
		if tt.c != "" {
			a.Fields["c"] = tt.c
		}
		x := m.Explain(a, testMoment)
		paths := checkPaths(t, m, x, "top")
		assert.Equal(t, tt.want, paths[0].changes(), "%s", tt.rules)
		assert.Equal(t, tt.except, paths[0].Changes[0].Except, "%s", tt.rules)
		holdsClaims(t, src, x, paths, func(f *field) []dsl.Value { return append(textPool(f), textValues("US", "us")...) })
	}
}

// TestLiftWhereOnce: what has to hold of a text is said once, and not what
// follows from the rest or holds of any text.
func TestLiftWhereOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ rules, want string }{
		{"c contains \"x\" → +5\nc contains \"x\" and len(c) < 90 → +5", `a text for which c contains "x" and len(c) < 90`},
		{"let s = c ?? t\ns contains \"x\" → +5\nc contains \"x\" → +5", `a text for which s contains "x"`},
		{"c contains \"x\" → +5\nc does not contain \"x\" → -5\nc contains \"VP\" → +5", `a text for which c contains "x" and c contains "VP"`},
		{"c contains \"VP\" → +5\nc starts with \"VP S\" → +5", `a text for which c starts with "VP S"`},
		{"c starts with \"VP S\" → +5\nc contains \"VP\" → +5", `a text for which c starts with "VP S"`},
		{"c has word \"VP Sales\" → +5\nc has word \"VP\" and c contains \"P S\" → +5", `a text for which c has word "VP Sales"`},
		{"len(c) > 3 → +5\nlen(c) >= 4 → +5", `a text for which len(c) >= 4`},
		{"len(c) > 3 → +5\nlen(c) > 5 → +5", `a text for which len(c) > 5`},
		{"len(c) > 0 and c contains \"x\" → +10", `a text for which c contains "x"`},
		{"let s = c ?? t\ns != \"US\" → +10", `anything but "US"`},
		{"let s = t ?? c\ns contains \"x\" → +5\nc contains \"VP\" → +5\nt is known → +5", `a text for which c contains "VP"`},
	} {
		src := "field c text\nfield t text fixed\n" + tt.rules + "\ntiers { top when score >= 10\n low otherwise }"
		m := compile(t, src)
		a := Account{Fields: map[string]any{}}
		if strings.Contains(src, "t is known") {
			a.Fields["t"] = "y"
		}
		x := m.Explain(a, testMoment)
		paths := checkPaths(t, m, x, "top")
		assert.Equal(t, "fill c with "+tt.want, paths[0].changes(), "%s", tt.rules)
		holdsClaims(t, src, x, paths, textPool)
	}
}
