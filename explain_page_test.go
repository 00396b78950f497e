package accountscore

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/accountscore/accountscore/dsl"
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
		"https://example.com": "`https://example.com`",
		"www.example.com":     "`www.example.com`",
		"ops@example.com:":    "`ops@example.com`:",
		"a|@octocat, #12 # 1": "a\\|`@octocat`, `#12` \\# 1",
		":smile: 14:30:00":    "`:smile`: 14:30:00",
		"@_a_ ...":            "`@_a_` ...",
		"a\nb":                `a\\nb`,
		"&amp;":               "&amp;amp;",
		"`x`":                 "\\`x\\`",
		"~~a~~ $x$ a_1 1_a":   `\~\~a\~\~ \$x\$ a_1 1_a`,
		"1. a":                `1\. a`,
		"12) a":               `12\) a`,
		"> a 1. b":            `\> a 1. b`,
		"- a - b":             `\- a - b`,
		"+":                   `\+`,
		"-5 +3 1.5":           "-5 +3 1.5",
		"     a ":             "a",
		"1.@x":                "`1.@x`",
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

	x = m.Explain(Account{}, testMoment)
	require.Equal(t, meter{At: "0%", X: "0%", Width: "60%", Open: true}, *scaleOf(x).meter)
	require.Nil(t, scaleOf(compile(t, "a > 0 → +60").Explain(Account{}, testMoment)), "no tier and no end")
	require.Equal(t, "100%", place(ruler{0, 10}.at(1e300)))
}

// TestRulers: a drawing of one number has a place for it, and a hairline stays
// within the drawing.
func TestRulers(t *testing.T) {
	require.Zero(t, holding(3, 3).at(3))
	require.Equal(t, [2]string{"99.5%", "0.5%"}, [2]string{ruler{0, 100}.bar(100, 100).X, ruler{0, 100}.bar(100, 100).Width})
	steps := waterfall(&Explanation{Lines: []Line{{Text: "rounding", Points: 1}}})
	require.True(t, steps[0].Heading)
	require.Equal(t, "total", steps[0].Name)
}

// TestPage: rows keep to the width, points stand apart from their text, and
// what a part has no room for is counted.
func TestPage(t *testing.T) {
	for _, tt := range []struct {
		name  string
		limit int
		write func(*page)
		want  string
	}{
		{"points just beside", 100, func(p *page) { p.line("", "a text of 15 ab", "+1.5") }, "a text of 15 ab +1.5\n"},
		{"points below", 100, func(p *page) { p.line("", "a text of 16 abc", "+1.5") }, "a text of 16 abc\n                +1.5\n"},
		{"no space at the end", 100, func(p *page) { p.line("  ", "a   ", "") }, "  a\n"},
		{"wide points", 100, func(p *page) { p.row("", "one two", "+1,234,567,890.5") }, "one +1,234,567,890.5\ntwo\n"},
		{"no room", 1, func(p *page) {
			p.line("", "a", "")
			p.line("", "b", "")
			p.line("", "c", "")
			p.row("", "", "")
			p.close()
		}, "a\n    … and 2 more rows that the text has no room for\n"},
		{"no room in either part", 1, func(p *page) {
			p.line("", "a", "")
			p.line("", "b", "")
			p.close()
			p.part(30)
			p.line("", "c", "")
			p.close()
		}, "a\n    … and 1 more row that the text has no room for\n    … and 1 more row that the text has no room for\n"},
		{"a mark alone", 100, func(p *page) { p.line("  ✓ ", "", "") }, "  ✓\n"},
		{"a space before points", 100, func(p *page) { p.row("", "abcd", "+1,234,567,890.5") }, "abc +1,234,567,890.5\nd\n"},
		{"nothing left out", 100, func(p *page) { p.line("", "a", ""); p.close() }, "a\n"},
		{"a long row", 1 << 20, func(p *page) { p.width = 1 << 20; p.row("", strings.Repeat("x", maxRowText+1), "") }, strings.Repeat("x", maxRowText) + "…\n"},
		{"marks in colour", 1 << 10, func(p *page) {
			p.color = true
			for _, mark := range []string{"✓", "✗", "⊘", "?", "!", "·"} {
				p.line("  "+mark+" ", "a", "")
			}
		}, "\x1b[32m  ✓ \x1b[0ma\n\x1b[31m  ✗ \x1b[0ma\n\x1b[31m  ⊘ \x1b[0ma\n\x1b[33m  ? \x1b[0ma\n\x1b[33m  ! \x1b[0ma\n  · a\n"},
		{"nothing", 100, func(p *page) { p.row("  ", "", "+5") }, ""},
		{"a cost in brackets", 100, func(p *page) { p.color = true; p.line("", "", "(-5)") }, "                \x1b[31m(-5)\x1b[0m\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := page{width: 20, limit: tt.limit}
			tt.write(&p)
			require.Equal(t, tt.want, p.b.String())
		})
	}
	require.Equal(t, "abc…", clip("abcde", 4))
	require.Equal(t, "abcd", shorten("abcd", 4))
	require.Equal(t, "éé", shorten("éé", 2))
	require.Equal(t, "a\\u200d👩", visible("a\u200d👩"), "a joiner beside a letter joins nothing")
	require.Equal(t, "➡\u200d👩", visible("➡\u200d👩"))
	require.Equal(t, "a\uFFFDb", visible("a\xffb"))
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

// TestContactsAreToldApart: an id that has no room in the table is not cut.
func TestContactsAreToldApart(t *testing.T) {
	m := compile(t, "dimension people from contacts {\n field e number\n score e\n}")
	var a Account
	for i := range 3 {
		a.Contacts = append(a.Contacts, Contact{ID: fmt.Sprintf("firstname.lastname00%d@northwind.example", i), Fields: map[string]any{"e": 20 - i}})
	}
	a.Contacts = append(a.Contacts, Contact{ID: "bob", Fields: map[string]any{"e": 1}})
	x := m.Explain(a, testMoment)
	require.Contains(t, x.Text(), "  ✓ firstname.lastname002@northwind.example\n"+
		"                              18    0d   100%        0       18       1          64%          +11.52\n"+
		"  ✗ bob                        1 ")
	require.Contains(t, x.Text(Width(120)), "  ✓ firstname.lastname002@northwind.example       18 ", "a wide page has room")
	for _, width := range []int{40, 99, 100, 110, 130, 400} {
		for _, line := range strings.Split(x.Text(Width(width)), "\n") {
			require.LessOrEqual(t, columns(line), width)
		}
	}
}

// TestEarningNothingIsNoSuccess: a rule that holds without points has a mark
// and a word of its own, and is not counted among those that matched.
func TestEarningNothingIsNoSuccess(t *testing.T) {
	m := compile(t, `field size number
field stage text
dimension fit {
  size → 0..40 over 10-50
  stage → { none: 0, won: +10 }
  stage → { none: 0, lost: -10 }
  size < 10 → +1
}
dimension people from contacts {
  field e number
  score e
  e → 0..5 over 10-20
}`)
	x := m.Explain(Account{Fields: map[string]any{"size": 5, "stage": "none"}, Contacts: []Contact{{ID: "ann", Fields: map[string]any{"e": 3}}}}, testMoment)
	for _, want := range []string{"  ○ size → 0..40 over 10-50 ", "  ○ stage → { none: 0, won: +10 } ", "  · stage → { none: 0, lost: -10 } ", "  ✓ size < 10 → +1 ",
		"        ○ e → 0..5 over 10-20 (0)", "baseline, in points of the score before any cap\n  ○ size → 0..40 over 10-50 (fit.1): 0 against 40 "} {
		require.Contains(t, x.Text(), want)
	}
	for _, want := range []string{"| ○ earns nothing | size → 0..40", "| · has no effect | stage → { none: 0, lost", "| ✓ matched | size &lt; 10", "- ○ **-40** size →"} {
		require.Contains(t, x.Markdown(), want)
	}
	page := x.HTML()
	require.Equal(t, 4, strings.Count(page, `<use href="#void">`)) // two rules, and two reasons
	require.Equal(t, 4, strings.Count(page, `<span class="state-word">earns nothing</span>`))
	require.Contains(t, page, "earns nothing: e → 0..5 over 10-20 (0)")
	require.Contains(t, page, "<dt>Rules matched</dt><dd>1 of 4</dd>")
	require.Equal(t, StateMatched, x.Dimensions[0].Groups[0].Rules[0].State)
}

// TestWordsForPeople: one way to write numbers, one name for a rule, and values
// that belong to whom they are said to.
func TestWordsForPeople(t *testing.T) {
	m := compile(t, `field beds number
field renewal time
dimension fit {
  size: beds → { 1-49: +5, 50+: +20 }
  renewal within 90d → +3
}
dimension people from contacts {
  field s number
  score s
  cap 200
  engaged at least 1500
}
score max 330000`)
	x := m.Explain(Account{Fields: map[string]any{"beds": 60, "renewal": testMoment.AddDate(0, 0, 120)}, Contacts: []Contact{
		{ID: "ann", Fields: map[string]any{"s": 99_000}}, {Fields: map[string]any{"s": "high"}}, {ID: "cid", Fields: map[string]any{"s": "high"}}}}, testMoment)
	text := x.Text()
	for _, want := range []string{"98,800 lost to the cap of 200", "not engaged: 200 is below 1,500", "renewal is 2027-03-01: needs a time that is not in the future; it is 120 days from now",
		"  ! contact #2, s: wanted ", "  ! contact cid, s: wanted "} {
		require.Contains(t, text, want)
	}
	title := "size: beds → { 1-49: +5, 50+: +20 }"
	require.Contains(t, text, "✓ "+title)
	require.Contains(t, x.Markdown(), "| "+title+" | +20 | 20 |", "the step is named as the rule is")
	require.Equal(t, title, x.Lines[0].Text)
}

// TestChangeWords holds the words of changes that searches seldom find.
func TestChangeWords(t *testing.T) {
	minutes := []FieldValue{{Field: "minutes", Value: dsl.Value{Kind: dsl.NumberValue, Number: 14}}}
	own := []FieldValue{{Field: "role", Other: true, Own: true}}
	day := dsl.Value{Kind: dsl.DateValue, Date: dsl.Date{Time: testMoment}}
	hour := dsl.Value{Kind: dsl.DateValue, Date: dsl.Date{Time: testMoment.Add(14*time.Hour + 30*time.Minute)}}
	for want, c := range map[string]Change{
		"call 2 more times with minutes 14":                          {Kind: ChangeRepeat, Activity: "call", Count: 2, With: minutes},
		"call 1,500 more times by contact ann at 2,500 each":         {Kind: ChangeRepeat, Activity: "call", Count: 1500, Contact: "ann", Value: 2500},
		"1 more call with minutes 14":                                {Kind: ChangeRepeat, Activity: "call", Count: 1, With: minutes},
		"engage a new contact who does call 2 times with minutes 14": {Kind: ChangeEngage, New: true, Did: []Deed{{Activity: "call", Count: 2, With: minutes}}},
		"engage a new contact with a role of its own":                {Kind: ChangeEngage, New: true, With: own},
		"engage a new contact with a role that no rule names":        {Kind: ChangeEngage, New: true, With: []FieldValue{{Field: "role", Other: true}}},
		"fill last of contact Kim with 2026-11-01":                   {Kind: ChangeFill, Field: "last", Contact: "Kim", To: day},
		"fill last of contact Kim with 2026-11-01 14:30 UTC":         {Kind: ChangeFill, Field: "last", Contact: "Kim", To: hour},
		"engage contact Kim with last 2026-11-01 14:30 UTC":          {Kind: ChangeEngage, Contact: "Kim", With: []FieldValue{{Field: "last", Value: hour}}},
		"fill arr with 330,000 or less":                              {Kind: ChangeFill, Field: "arr", Max: dsl.Value{Kind: dsl.NumberValue, Number: 330_000}},
		"fill arr with 22M or less":                                  {Kind: ChangeFill, Field: "arr", Max: dsl.Value{Kind: dsl.NumberValue, Number: 22_000_000}},
	} {
		require.Equal(t, want, c.String())
	}
	two := Change{Kind: ChangeEngage, New: true, With: append(own[:1:1], minutes...)}
	require.Equal(t, "engage 2 new contacts, each with a role of its own and minutes 14", two.words(2))
}
