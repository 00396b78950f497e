package accountscore

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hostileNames are names that try to become something else on a page.
var hostileNames = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</style><script>`, `</title><b>`, `{{.Style}}`, `javascript:alert(1)`, `&lt;b&gt;`,
	"[x](https://example.com)", "![x](https://example.com/x.png)", "`code`", "**bold** _it_", "a | b", "https://example.com", "www.example.com", "<https://example.com>", "# title", "$x$", "~~no~~",
}

func hostileExplanation(t *testing.T, name string) *Explanation {
	m := compile(t, `field plan text
field stack list
dimension fit { plan = Pro → +3
  stack contains "SAP" → +4 }
dimension people from contacts { field e number
  score e }
tiers { top when score >= 5
  low otherwise }`)
	return m.Explain(Account{ID: name, Fields: map[string]any{"plan": name, "stack": []string{name, "SAP"}},
		Contacts: []Contact{{ID: name, Fields: map[string]any{"e": 20.0}}, {ID: name + "2", Fields: map[string]any{"e": name}}}}, testMoment)
}

// TestHTMLIsInert: nothing of an account becomes a part of the page, and the
// page's own policy is the hash of its style.
func TestHTMLIsInert(t *testing.T) {
	plain := hostileExplanation(t, "plain").HTML()
	for _, name := range hostileNames {
		page := hostileExplanation(t, name).HTML()
		assert.Equal(t, strings.Count(plain, "<"), strings.Count(page, "<"), name)
		assert.Equal(t, strings.Count(plain, `"`), strings.Count(page, `"`), name)
		assert.NotContains(t, page, "<script", name)
		towards := hostileExplanation(t, name).Towards(name).HTML()
		assert.Equal(t, strings.Count(hostileExplanation(t, "plain").Towards("plain").HTML(), "<"), strings.Count(towards, "<"), name)
		assert.NotContains(t, towards, "<script", name)
		assert.NotContains(t, page, "ZgotmplZ", name)
	}
	require.NotContains(t, plain, "<script")
	_, style, _ := strings.Cut(plain, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	sum := sha256.Sum256([]byte(style))
	found := policy.FindStringSubmatch(plain)
	require.NotNil(t, found)
	require.Equal(t, "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'", strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(found[1]))
	for _, of := range []string{" src=", " href=\"http", "url(http", "@import", " style=", " onclick"} {
		require.NotContains(t, plain, of)
	}
}

// TestMarkdownIsInert: nothing of an account becomes markup. The module of
// examples/browser reads the same with a Markdown parser.
func TestMarkdownIsInert(t *testing.T) {
	for s, want := range map[string]string{
		"<b>":                 "&lt;b>",
		"[x](y)":              `\[x\](y)`,
		"a|b":                 `a\|b`,
		"*a* lead_score _a_":  `\*a\* lead_score \_a\_`,
		"https://example.com": `https\://example.com`,
		"www.example.com":     `www\.example.com`,
		"a\nb":                `a\\nb`,
		"&amp;":               "&amp;amp;",
		"`x`":                 "\\`x\\`",
	} {
		assert.Equal(t, want, escaped(s))
	}
	rows := func(name string) int { return strings.Count(hostileExplanation(t, name).Markdown(), "\n") }
	for _, name := range hostileNames {
		assert.Equal(t, rows("plain"), rows(name), name)
		assert.Contains(t, hostileExplanation(t, "plain").Towards(name).Markdown(), "\n## The way to "+escaped(name)+"\n")
	}
}

// TestDrawings holds the places of the drawings.
func TestDrawings(t *testing.T) {
	m := compile(t, `score min 0 max 100
dimension x { a > 0 → +60
  b > 0 → -20 }
tiers { top when score >= 70
  mid when score >= 30
  low otherwise }`)
	x := m.Explain(Account{Fields: map[string]any{"a": 1, "b": 1}}, testMoment)
	steps := waterfall(x)
	require.Len(t, steps, 4)
	require.True(t, steps[0].Heading)
	require.Equal(t, drawnBar{Class: "up", X: "0%", Width: "100%", From: "0%", To: "100%", Zero: "0%"}, *steps[1].Bar)
	require.Equal(t, drawnBar{Class: "down", X: "66.67%", Width: "33.33%", From: "100%", To: "66.67%", Zero: "0%"}, *steps[2].Bar)
	require.Equal(t, drawnBar{Class: "total", X: "0%", Width: "66.67%", From: "0%", To: "66.67%", Zero: "0%"}, *steps[3].Bar)
	require.Equal(t, [2]string{"40", "40"}, [2]string{steps[3].Points, steps[3].Running})

	s := scaleOf(x)
	require.Equal(t, "40%", s.At)
	require.False(t, s.Open)
	var bands []string
	for _, b := range s.Bands {
		bands = append(bands, strings.Join([]string{b.Name, b.From, b.X, b.Width}, " "))
	}
	require.Equal(t, []string{"low  0% 30%", "mid 30 30% 40%", "top 70 70% 30%"}, bands)

	x = m.Explain(Account{}, testMoment)
	require.Equal(t, meter{At: "0%", X: "0%", Width: "60%", Open: true}, *scaleOf(x).meter)
	require.Nil(t, scaleOf(compile(t, "a > 0 → +60").Explain(Account{}, testMoment)), "no tier and no end")
	require.Equal(t, "100%", place(ruler{0, 10}.at(1e300)))
}

// TestWaterfallOfMany sums up the steps that are not drawn.
func TestWaterfallOfMany(t *testing.T) {
	x := compile(t, "dimension x {\n"+strings.Repeat("a > 0 → +1.5\n", 400)+"}").Explain(Account{Fields: map[string]any{"a": 1}}, testMoment)
	steps := waterfall(x)
	require.Len(t, steps, maxSteps+4) // two headings, the others and the score
	require.Equal(t, "and 250 more steps", steps[len(steps)-2].Name)
	require.Equal(t, "+375", steps[len(steps)-2].Points)
	require.Equal(t, "600", steps[len(steps)-2].Running)
}

func TestVisibleKeepsJoinedPictures(t *testing.T) {
	family := "👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥"
	require.Equal(t, family, visible(family))
	require.Equal(t, `a\u200db`, visible("a\u200db"))
	require.Equal(t, `👨\u200d`, visible("👨\u200d"))
	require.Equal(t, `👨\u202e👩`, visible("👨\u202e👩"))
	require.Equal(t, 2, columns("👨\u200d👩")-columns("👩"))

	x := compile(t, "dimension d from contacts {\n score n\n}").Explain(Account{Contacts: []Contact{{ID: family + strings.Repeat("x", 10_000), Fields: map[string]any{"n": 5}}}}, testMoment)
	for _, text := range []string{x.Text(), x.Markdown(), x.HTML()} {
		require.Contains(t, text, family)
		require.NotContains(t, text, strings.Repeat("x", maxNameText))
	}
}

// TestDisqualificationIsNoSuccess: what disqualifies an account has no mark
// that says well done.
func TestDisqualificationIsNoSuccess(t *testing.T) {
	m := compile(t, "dimension fit { n > 100 → +1 }\ndisqualify when c = Spam \"Spam\"\ndisqualify when n < 0 \"Negative\"")
	x := m.Explain(Account{ID: strings.Repeat("é", 2_000), Fields: map[string]any{"c": "Spam", "n": 5.0}}, testMoment)
	require.Contains(t, x.Text(), "⊘ Spam")
	require.Contains(t, x.Text(), "· Negative")
	require.Contains(t, x.Text(Color()), "\x1b["+red+"m")
	require.Contains(t, x.Markdown(), "- ⊘ Spam")
	require.Contains(t, x.HTML(), `<use href="#bad">`)
	require.NotContains(t, x.HTML(), `<use href="#matched">`)
	require.NotContains(t, x.Text(), "✓")
	for _, text := range []string{x.Text(), x.Markdown(), x.HTML()} {
		require.NotContains(t, text, strings.Repeat("é", maxSeenText), "a long id is cut")
		require.Contains(t, text, strings.Repeat("é", 20))
	}
}
