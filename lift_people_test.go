package accountscore

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCommitteeAsksWhom: a contact who has the role is to be engaged before a
// new one is sought, the best of them, but none who counts already.
func TestCommitteeAsksWhom(t *testing.T) {
	contact := func(id, role string, lead float64) Contact {
		return Contact{ID: id, Fields: map[string]any{"role": role, "lead": lead}}
	}
	for _, tt := range []struct {
		name, committee string
		contacts        []Contact
		want            string // empty: a new one
	}{
		{"an idle one", "by role { buyer: 1 }", []Contact{contact("ann", "buyer", 5)}, "ann"},
		{"the best of them", "by role { buyer: 1 }", []Contact{contact("ann", "buyer", 3), contact("bob", "buyer", 5), contact("col", "buyer", 4)}, "bob"},
		{"in other letters", "by role { buyer: 1 }", []Contact{contact("ann", "BUYER", 5)}, "ann"},
		{"not one who is engaged", "by role { buyer: 2 }", []Contact{contact("ann", "buyer", 30)}, ""},
		{"not of another role", "by role { buyer: 1, user: 1 }", []Contact{contact("ann", "user", 30)}, ""},
		{"not one who counts without being engaged", "assigned by role { buyer: 2 }", []Contact{contact("ann", "buyer", 5)}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, "dimension people from contacts {\n field role text ignoring case\n field lead number\n score lead\n engaged at least 10\n combine sum\n committee "+tt.committee+"\n}")
			lifts := m.Explain(Account{Contacts: tt.contacts}, testMoment).Committee()
			require.Len(t, lifts, 1)
			assert.Equal(t, "buyer", lifts[0].Role)
			assert.Equal(t, tt.want, lifts[0].Change.Contact)
			assert.Equal(t, tt.want == "", lifts[0].Change.New)
		})
	}
}

// TestCommitteeLeavesOut: letters tell roles apart, another role's contact is not
// asked, and a role that nobody could be engaged in is left out.
func TestCommitteeLeavesOut(t *testing.T) {
	const rules = "dimension people from contacts {\n field role text%s\n field lead number\n score lead\n cap %d\n engaged at least 10\n committee by role { buyer: 1 }\n}"
	account := func(role any) Account {
		return Account{Contacts: []Contact{{ID: "ann", Fields: map[string]any{"role": role, "lead": 5}}}}
	}
	for role, want := range map[any]bool{"buyer": false, "BUYER": true, "user": true, nil: true, 7: true} {
		lifts := compile(t, fmt.Sprintf(rules, "", 100)).Explain(account(role), testMoment).Committee()
		require.Len(t, lifts, 1)
		assert.Equal(t, want, lifts[0].Change.New, role)
	}
	lifts := compile(t, fmt.Sprintf(rules, " ignoring case", 100)).Explain(account("user"), testMoment).Committee()
	require.Len(t, lifts, 1)
	assert.True(t, lifts[0].Change.New)
	assert.Empty(t, compile(t, fmt.Sprintf(rules, "", 5)).Explain(account("user"), testMoment).Committee(), "no score engages")
}

// TestCommitteeInOrder: of roles that lift the score alike, that which completes
// the committee most comes first.
func TestCommitteeInOrder(t *testing.T) {
	m := compile(t, "dimension people from contacts {\n field role text\n field lead number\n score lead\n combine sum\n committee by role { user: 4, buyer: 1 }\n}")
	lifts := m.Explain(Account{}, testMoment).Committee()
	require.Len(t, lifts, 2)
	assert.Equal(t, [2]string{"buyer", "user"}, [2]string{lifts[0].Role, lifts[1].Role})
	assert.Equal(t, lifts[0].Gain, lifts[1].Gain)
	assert.Equal(t, [2]float64{50, 12.5}, [2]float64{lifts[0].Completeness, lifts[1].Completeness})
}

// TestLiftOfOneID: of contacts with one id the first is acted with, also where
// another ranks before it; those without an id cannot be told.
func TestLiftOfOneID(t *testing.T) {
	m := compile(t, "dimension people from contacts {\n field lead number actionable\n score lead\n engaged at least 10\n combine max\n}\ntiers { top when engaged_contacts >= 2\n low otherwise }")
	account := func(id string) Account {
		return Account{Contacts: []Contact{{ID: id, Fields: map[string]any{"lead": 3}}, {ID: id, Fields: map[string]any{"lead": 30}}}}
	}
	engages := func(id string) (ids []string) {
		for _, p := range checkPaths(t, m, m.Explain(account(id), testMoment), "top") {
			require.Len(t, p.Changes, 1)
			ids = append(ids, p.Changes[0].Contact)
		}
		return ids
	}
	assert.Contains(t, engages("ann"), "ann")
	assert.Equal(t, []string{""}, engages(""), "a new one")
}

// TestLiftPeople: it is tried to act with a few of many contacts, the best.
func TestLiftPeople(t *testing.T) {
	m := compile(t, "dimension people from contacts {\n field lead number\n score lead\n}\ntiers { top when engaged_contacts >= 1\n low otherwise }")
	var a Account
	for i := range 2 * maxLiftPeople {
		a.Contacts = append(a.Contacts, Contact{ID: fmt.Sprint(i), Fields: map[string]any{"lead": 0.5 * float64(i)}})
	}
	l := newLifter(m.Explain(a, testMoment).subject, m.tierGoal(0))
	defer l.close()
	require.Equal(t, []int{11, 10, 9, 8, 7, 6}, l.people())
}
