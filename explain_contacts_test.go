package accountscore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestContactNotes: of each contact it is said what was missing, what a bound
// took, and why it does not count.
func TestContactNotes(t *testing.T) {
	m := compile(t, `activity mail (kind text), call (kind text)
dimension people from contacts {
  field team text
  field zeal number
  field lead number
  field last time
  score lead + zeal + lead
  each mail where kind = "sent" → +1
  each call where kind = "sent" → +1
  decay linear 30d since last within 30d
  cap 40
  engaged at least 10 distinct by team
  combine sum
}`)
	ago := func(days int) any { return testMoment.AddDate(0, 0, -days) }
	did := func(types ...string) (log []Activity) {
		for _, name := range types {
			log = append(log, Activity{Type: name, At: testMoment})
		}
		return log
	}
	fields := func(lead, zeal, last any) map[string]any {
		return map[string]any{"team": "IT", "lead": lead, "zeal": zeal, "last": last}
	}
	for _, tt := range []struct {
		name    string
		contact Contact
		want    []string
	}{
		{"just at the cap", Contact{Fields: fields(15, 10, ago(0))}, nil},
		{"beyond the cap", Contact{Fields: fields(20, 10, ago(0))}, []string{"10 lost to the cap of 40"}},
		{"both missing, each said once", Contact{Fields: fields(nil, nil, ago(0))}, []string{"no score: lead is null, zeal is null", "not engaged: 0 is below 10"}},
		{"as old as what counts", Contact{Fields: fields(20, 10, ago(30))}, []string{"last is so long ago that nothing is left", "not engaged: 0 is below 10"}},
		{"older", Contact{Fields: fields(20, 10, ago(31))}, []string{"last is longer ago than 30d", "not engaged: 0 is below 10"}},
		{"in the future", Contact{Fields: fields(20, 10, ago(-1))}, []string{"last is in the future", "not engaged: 0 is below 10"}},
		{"a filter without an answer", Contact{Fields: fields(10, 10, ago(0)), Activities: did("mail")}, []string{"1 activity not counted: the filter has no answer"}},
		{"two filters", Contact{Fields: fields(10, 10, ago(0)), Activities: did("mail", "call", "call")}, []string{"3 activities not counted: the filter has no answer"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := m.Explain(Account{Contacts: []Contact{tt.contact}}, testMoment)
			assert.Equal(t, tt.want, x.Dimensions[0].Contacts.Contacts[0].Notes)
		})
	}

	// Only who is engaged counts as one with another.
	list := m.Explain(Account{Contacts: []Contact{{ID: "ann", Fields: fields(10, 5, ago(0))}, {ID: "bob", Fields: fields(9, 5, ago(0))},
		{ID: "col", Fields: fields(1, 1, ago(0))}}}, testMoment).Dimensions[0].Contacts.Contacts
	require.Equal(t, [3]int{0, 1, 0}, [3]int{list[0].SameAs, list[1].SameAs, list[2].SameAs})
	require.Equal(t, []string{"counts as one with #1: the same team"}, list[1].Notes)
	require.Equal(t, []string{"not engaged: 3 is below 10"}, list[2].Notes)
}

// TestContactText names a contact, whatever its id is.
func TestContactText(t *testing.T) {
	for id, want := range map[string]string{"ann": "contact ann", "": "a contact without an id", " \t": "a contact without an id"} {
		assert.Equal(t, want, contactText(id))
	}
}
