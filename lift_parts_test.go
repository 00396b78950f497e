package accountscore

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestLiftParts: texts of contacts and of activities are made for tests of their
// parts, and where none does nothing is said to be out of reach.
func TestLiftParts(t *testing.T) {
	t.Parallel()
	const none = "no way was found"
	contacts := func(rule string) string {
		return "dimension x from contacts {\n field title text\n " + rule + " → +10\n engaged at least 5\n}"
	}
	visits := func(where string) string {
		return "activity visit (page text)\ndimension x { count(visit where " + where + ", 30d) >= 2 → +10 }"
	}
	for _, tt := range []struct{ rules, want string }{
		{contacts(`title matches "^VP"`), `engage a new contact with title "VP"`},
		{contacts(`title starts with "VP" and title ends with "Sales"`), `engage a new contact with title "VPSales"`},
		{contacts(`len(title) > 8`), `engage a new contact with title "xxxxxxxxx"`},
		{contacts(`title contains "VP" and title does not contain "Assistant"`), `engage a new contact with title "VP"`},
		{contacts("title contains \"VP\" → +6\n title contains \"Sales\" → +6\n title = \"x\" and title = \"y\""), `engage a new contact with title "SalesVP"`},
		{contacts(`title matches "^(a{100}){10}$"`), none},
		{contacts(`title = "a" and title = "b"`), "out of reach"},
		{visits(`page matches "^/pri"`), `visit 2 more times with page "/pri"`},
		{visits(`page starts with "/p" and page ends with "html"`), `visit 2 more times with page "/phtml"`},
		{visits(`len(page) > 8`), `visit 2 more times with page "xxxxxxxxx"`},
		{visits(`page matches "^(a{100}){10}$"`), none},
		{visits(`page = "a" and page = "b"`), "out of reach"},
	} {
		m := compile(t, tt.rules+"\ntiers { top when score >= 10\n low otherwise }")
		p := m.Explain(Account{}, testMoment).LiftTo("top")[0]
		if !p.Reached {
			assert.Equal(t, tt.want, p.verdict(), "%s", tt.rules)
			continue
		}
		assert.Equal(t, tt.want, p.changes(), "%s", tt.rules)
	}
	m := compile(t, contacts(`title matches "^VP"`)+"\ntiers { top when score >= 10\n low otherwise }")
	x := m.Explain(Account{Contacts: []Contact{{ID: "jo"}}}, testMoment)
	paths := checkPaths(t, m, x, "top")
	assert.Equal(t, `fill title of contact jo with "VP"`, paths[0].changes())
}
