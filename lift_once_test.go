package accountscore

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// liftSubject is a model and an account that have all that a search finds:
// lists, activities, contacts and roles.
func liftSubject(t testing.TB) (*Model, Account) {
	m := compile(t, `field l list
field c text
activity visit (page text)
dimension x { l has any [CRM, EHR] → +5
  c != FR → +5
  any(visit where page contains "price", 30d) → +5 }
dimension people from contacts {
  field role text
  field dept text
  field e number
  score e
  each visit → +1
  engaged at least 10 distinct by dept
  committee by role { buyer: 1, user: 2 }
}
tiers { top when score >= 15
  mid when score >= 10
  low otherwise }`)
	return m, Account{ID: "acme", Contacts: []Contact{{ID: "ann", Fields: map[string]any{"role": "user", "e": 3}}}}
}

// TestWaysAreSoughtOnce, whatever asks for them first.
func TestWaysAreSoughtOnce(t *testing.T) {
	m, a := liftSubject(t)
	x := m.Explain(a, testMoment)
	require.Nil(t, x.subject.ways.Load(), "to explain seeks nothing")
	_, err := json.Marshal(x)
	require.NoError(t, err)
	require.Nil(t, x.subject.ways.Load(), "nor do the data")
	x.Text()
	paths, roles := x.paths(), x.roles()
	require.NotEmpty(t, paths)
	require.Len(t, roles, 2)
	for range 2 {
		x.Markdown()
		x.HTML()
		require.Equal(t, paths, x.Lift())
		require.Equal(t, roles, x.Committee())
		require.Same(t, &paths[0], &x.paths()[0], "the paths are not sought again")
		require.Same(t, &roles[0], &x.roles()[0])
	}

	// What is given may be changed, all of it.
	page, words := x.HTML(), x.Text()
	for _, list := range [][]Path{x.Lift(), x.LiftTo("top")} {
		for i := range list {
			list[i].Target, list[i].Reason = "spoilt", "spoilt"
			for j := range list[i].Changes {
				spoil(&list[i].Changes[j])
			}
		}
	}
	for _, r := range x.Committee() {
		spoil(&r.Change)
	}
	require.Equal(t, [2]string{page, words}, [2]string{x.HTML(), x.Text()})

	// An explanation that is used again seeks again.
	var into Explanation
	m.ExplainInto(&into, a, testMoment)
	require.Equal(t, paths, into.Lift())
	m.ExplainInto(&into, Account{Fields: map[string]any{"l": []string{"CRM"}}}, testMoment)
	require.NotEqual(t, paths, into.Lift())
	require.Equal(t, m.Explain(Account{Fields: map[string]any{"l": []string{"CRM"}}}, testMoment).Lift(), into.Lift())
}

// spoil changes everything that a change holds.
func spoil(c *Change) {
	for _, list := range [][]string{c.To.List, c.From.List, c.Except} {
		for i := range list {
			list[i] = "spoilt"
		}
	}
	for i := range c.Or {
		c.Or[i].Text = "spoilt"
		for j := range c.Or[i].List {
			c.Or[i].List[j] = "spoilt"
		}
	}
	for _, values := range [][]FieldValue{c.Who, c.With} {
		for i := range values {
			values[i] = FieldValue{Field: "spoilt"}
		}
	}
	for i := range c.Did {
		for j := range c.Did[i].With {
			c.Did[i].With[j].Field = "spoilt"
		}
		c.Did[i].Activity = "spoilt"
	}
	c.Field, c.Contact, c.Activity = "spoilt", "spoilt", "spoilt"
}

// TestExplanationIsReadConcurrently: the race detector sees that everything
// that reads an explanation may do so at once.
func TestExplanationIsReadConcurrently(t *testing.T) {
	m, a := liftSubject(t)
	a.Fields = map[string]any{"c": "FR"}
	later := m.Explain(a, testMoment.AddDate(0, 0, 1))
	for range 3 {
		x := m.Explain(a, testMoment)
		alone := m.Explain(a, testMoment)
		want := []any{alone.Text(), alone.Markdown(), alone.HTML(), alone.Lift(), alone.Committee(), alone.Reasons(3), alone.Apply(alone.Lift()[0].Changes), alone.Writeback("")}
		var wg sync.WaitGroup
		got := make([][]any, 4)
		for i := range got {
			wg.Go(func() {
				got[i] = []any{x.Text(), x.Markdown(), x.HTML(), x.Lift(), x.Committee(), x.Reasons(3), x.Apply(x.Lift()[0].Changes), x.Writeback("")}
			})
			wg.Go(func() {
				_, err := json.Marshal(x)
				assert.NoError(t, err)
				_, err = Attribute(x, later)
				assert.NoError(t, err)
				assert.Empty(t, m.ChangesExplained(x, later))
				x.LiftTo("top")
				x.LogValue()
			})
		}
		wg.Wait()
		for i := range got {
			require.Equal(t, want, got[i])
		}
	}
}
