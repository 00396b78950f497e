package accountscore

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestSubjectIsACopy changes all that the caller still holds of an account: a
// rescoring of the explanation's copy gives what was explained.
func TestSubjectIsACopy(t *testing.T) {
	m := compile(t, `
field employees number stale after 30d missing after 60d
field stack list
field tags list
field plan text
field odd number
activity visit (page text, tags list)
dimension d {
  employees > 100 → +10
  stack has any [CRM] → +5
  tags has any [New] → +3
  plan = Pro → +2
  odd is missing → +1
  each visit where page = X and tags has any [A] → +4
}
dimension people from contacts {
  field lead_score number
  field roles list
  score lead_score
  roles has any [Buyer] → +7
  each visit → +2
}`)
	type label string
	employees := 500
	list, items, labels := []string{"CRM"}, []any{"New", nil}, []label{"A"}
	roles := []string{"Buyer"}
	a := Account{
		ID: "a",
		Fields: map[string]any{"employees": &employees, "stack": list, "tags": items, "plan": label("Pro"),
			"odd": map[string]any{"x": 1}},
		Refreshed:  map[string]time.Time{"employees": testMoment},
		Activities: []Activity{{Type: "visit", At: testMoment, Fields: map[string]any{"page": "X", "tags": labels}}},
		Contacts: []Contact{{ID: "c", Fields: map[string]any{"lead_score": json.Number("20"), "roles": &roles},
			Activities: []Activity{{Type: "visit", At: testMoment}}}},
	}
	x := m.Explain(a, testMoment)
	require.Equal(t, 10+5+3+2+1+4+20+7+2.0+0, x.Result.Score)
	require.Equal(t, x.Result, x.subject.model.Score(x.subject.whole().account, x.subject.at))

	employees, list[0], items[0], labels[0], roles[0] = 1, "none", "none", "none", "none"
	a.Fields["odd"].(map[string]any)["y"] = 2
	a.Fields["plan"] = "Free"
	a.Refreshed["employees"] = testMoment.AddDate(0, 0, -80)
	a.Activities[0].Fields["page"], a.Contacts[0].Fields["lead_score"] = "Y", 0
	a.Contacts[0].Activities[0].Type, a.Contacts[0].ID = "other", "d"
	require.NotEqual(t, x.Result.Score, m.Score(a, testMoment).Score)
	require.Equal(t, x.Result, x.subject.model.Score(x.subject.whole().account, x.subject.at))
}

// TestSubjectScoresAlike holds the copy of any account, broken ones too, to
// the score of the account itself.
func TestSubjectScoresAlike(t *testing.T) {
	for seed := range uint64(80) {
		r := newRandom(7000 + seed)
		m, src := randomModel(t, r)
		a := r.account(true)
		require.Equal(t, m.Score(a, testMoment), m.Score(a.clone(), testMoment), src)
	}
	m := compile(t, "field a number\nfield b list\na > 1 → +1\nb is empty → +2\n")
	var nilList []string
	var nilItems []any
	var none *int
	self := any(nil)
	self = &self
	for _, v := range []any{nil, none, nilList, nilItems, []string{}, []any{}, self, new(*int), struct{ X []int }{[]int{1}}, make(chan int),
		func() {}, [2]int{1, 2}, []int{1}, []byte("x"), complex(1, 1), uint64(1 << 60), json.Number("7"), &nilList} {
		a := Account{Fields: map[string]any{"a": v, "b": v}}
		require.Equal(t, m.Score(a, testMoment), m.Score(a.clone(), testMoment), "%T", v)
	}
}

// TestSubjectHasAll holds the copy to every field of the account, be it known
// to the model or not.
func TestSubjectHasAll(t *testing.T) {
	m := compile(t, "field a number\nfield b list from \"B\"\nfield c text\na > 1 → +1\nb is empty → +2\n")
	shared := compile(t, "field a number\nfield b number from \"a\"\na > 1 → +1\nb > 1 → +2\n")
	for _, fields := range []map[string]any{{}, {"a": 1.5}, {"a": nil}, {"a": 2, "B": []string{"x"}}, {"a": nil, "c": "y"}, {"other": 1}, {"a": 1, "B": nil, "d": nil}} {
		for _, m := range []*Model{m, shared} {
			x := m.Explain(Account{Fields: fields}, testMoment)
			require.Equal(t, fields, x.subject.whole().account.Fields)
			require.Equal(t, fields, x.Apply(nil).Fields)
		}
	}
}
