package accountscore

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
		{"a pattern", "field c text\nc matches \"^[A-Z]{3}$\" → +10", "", `fill c with a text such as "AAA" for which c matches "^[A-Z]{3}$"`},
		{"a length", "field c text\nlen(c) > 5 → +10", "", `fill c with a text for which len(c) > 5`},
		{"a computed text", "field c text\nlet d = c ?? \"y\"\nd contains \"x\" → +10", "", `fill c with a text for which d contains "x"`},
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
