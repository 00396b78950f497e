package accountscore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const contactRulesSource = `activity mail (kind text)
dimension people from contacts {
  field title text
  field age number
  best of "Title" {
    title has word "VP" → +30 "Vice president"
    title has word "Lead" → +12
  }
  age > 40 → +5
  each mail where kind = "open" within 20d → +3
  engaged at least 10
}`

// TestContactRulesShown holds the renderings to show a contact's rules as the
// account's are: groups with winner and losers, what failed and what is
// unknown with why, and the activities that did not count.
func TestContactRulesShown(t *testing.T) {
	a := Account{Contacts: []Contact{
		{ID: "both", Fields: map[string]any{"title": "VP, Lead", "age": "old"}},
		{ID: "boss", Fields: map[string]any{"title": "Boss", "age": 30}, Activities: []Activity{
			{Type: "mail", At: testMoment.AddDate(0, 0, -40), Fields: map[string]any{"kind": "open"}},
			{Type: "mail", At: testMoment, Fields: map[string]any{"kind": "sent"}}}},
	}}
	x := compile(t, contactRulesSource).Explain(a, testMoment)
	html := strings.NewReplacer("&#34;", `"`, "&gt;", ">", "&#43;", "+").Replace(x.HTML())
	for _, want := range []string{
		`best of "Title" (+30)`,
		`Vice president · title has word "VP" → +30 (+30): title is "VP, Lead"; counts`,
		`(+12): title is "VP, Lead"; passed over: another rule of the group counts`,
		`age > 40 → +5 (0): age is invalid`,
		`title is "Boss": needs a text that has the word "VP"`,
		`age is 30: needs more than 40, short by 10`,
		`no activity counts; not counted: 1 outside the window, 1 that the filter leaves out`,
	} {
		require.Contains(t, x.Text(Width(200)), want)
		require.Contains(t, x.Markdown(), want)
		require.Contains(t, html, want)
	}
	require.NotContains(t, x.Text(), "could earn 0 to 0")
}

func TestContactRulesBounded(t *testing.T) {
	var src strings.Builder
	src.WriteString("dimension people from contacts {\n field n number\n")
	for i := range 80 {
		fmt.Fprintf(&src, " n > %d → +1\n", i)
	}
	src.WriteString("}")
	x := compile(t, src.String()).Explain(Account{Contacts: []Contact{
		{ID: "all", Fields: map[string]any{"n": 100}}, {ID: "none", Fields: map[string]any{"n": 0}},
		{ID: "c", Fields: map[string]any{"n": -1}}, {ID: "d", Fields: map[string]any{"n": -1}}}}, testMoment)
	list := x.Dimensions[0].Contacts.Contacts
	last := func(row int) string {
		rows := contactRules(row, &list[row])
		return fmt.Sprint(len(rows), " ", rows[len(rows)-1].Text)
	}
	require.Equal(t, "51 and 30 more rules", last(0))
	require.Equal(t, "11 and 70 more rules", last(1))
	require.Equal(t, "1 and 80 more rules that failed", last(3))
}
