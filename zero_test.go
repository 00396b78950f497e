package accountscore

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestZeroModel: a Model that no Compile made scores everybody to nothing.
func TestZeroModel(t *testing.T) {
	a := Account{ID: "acme", Fields: map[string]any{"employees": 5}, Contacts: []Contact{{ID: "ann"}}, Activities: visits(1)}
	for name, m := range map[string]*Model{"zero": new(Model), "empty": MustCompile(&Ruleset{})} {
		t.Run(name, func(t *testing.T) {
			r := m.Score(a, testMoment)
			assert.Equal(t, Result{AccountID: "acme", At: testMoment, TierCertain: true, Contacts: 1, ModelHash: m.Hash()}, r)
			require.NoError(t, m.Check(a))
			assert.Empty(t, m.ContactScores(nil, a, testMoment))
			assert.Equal(t, r, m.Explain(a, testMoment).Result)
			assert.Contains(t, m.Explain(a, testMoment).Text(), "score")
			for got, err := range m.ScoreAll(context.Background(), Accounts([]Account{a}), testMoment) {
				require.NoError(t, err)
				assert.Equal(t, r, got)
			}
			tr := m.Track(a, testMoment)
			tr.Set("employees", 6)
			assert.Equal(t, r, tr.Result())
			assert.True(t, tr.NextChange().IsZero())
			bound, err := Bind[struct {
				ID     string     `score:",id"`
				People []struct{} `score:",contacts"`
			}](m)
			require.NoError(t, err)
			assert.Equal(t, r, bound.Score(&struct {
				ID     string     `score:",id"`
				People []struct{} `score:",contacts"`
			}{"acme", make([]struct{}, 1)}, testMoment))
			assert.Empty(t, m.Changes(r, r))
			x := m.Explain(Account{ID: "acme"}, testMoment)
			same, err := Attribute(x, x)
			require.NoError(t, err)
			assert.Empty(t, same.Contributions)
			assert.Empty(t, m.Vet(testMoment))
			assert.Empty(t, m.Verify())
			assert.Empty(t, m.CaseCoverage())
			assert.Zero(t, m.Facts().Rules)
			for range m.Fields() {
				t.Error("it has a field")
			}
			assert.Equal(t, &Ruleset{}, m.Ruleset())
		})
	}
}

// TestZeroScorers: what no Bind and no Track made is of the zero model.
func TestZeroScorers(t *testing.T) {
	type lead struct {
		ID string `score:",id"`
	}
	want := Result{At: testMoment, TierCertain: true}
	var s Scorer[lead]
	assert.Equal(t, want, s.Score(&lead{"a"}, testMoment))
	assert.Equal(t, want, s.Score(nil, testMoment))
	for name, first := range map[string]func(*Tracker){
		"Set":          func(k *Tracker) { k.Set("size", 5) },
		"Unset":        func(k *Tracker) { k.Unset("size") },
		"SetRefreshed": func(k *Tracker) { k.SetRefreshed("size", testMoment) },
		"SetPrevTier":  func(k *Tracker) { k.SetPrevTier("top") },
		"Remove":       func(k *Tracker) { k.RemoveContact("ann") },
		"Record":       func(k *Tracker) { k.Record("", Activity{Type: "visit", At: testMoment}) },
		"Advance":      func(k *Tracker) { k.Advance(testMoment) },
		"NextChange":   func(k *Tracker) { assert.Zero(t, k.NextChange()) },
		"Result":       func(k *Tracker) { assert.Zero(t, k.Result().Score) },
	} {
		var k Tracker
		first(&k)
		k.Advance(testMoment)
		assert.Equal(t, want, k.Result(), name)
	}
	var k Tracker
	k.SetContact(Contact{ID: "ann"})
	assert.Equal(t, 1, k.Result().Contacts)
}

// TestNilExplanation: nil answers as the zero one does.
func TestNilExplanation(t *testing.T) {
	var none *Explanation
	zero := new(Explanation)
	assert.Equal(t, zero.Text(), none.Text())
	assert.Equal(t, zero.Markdown(), none.Markdown())
	assert.Equal(t, zero.HTML(), none.HTML())
	assert.Empty(t, none.Reasons(-1))
	assert.Equal(t, zero.Writeback(""), none.Writeback(""))
	assert.Equal(t, zero.Lift(), none.Lift())
	assert.Equal(t, zero.LiftTo("top"), none.LiftTo("top"))
	assert.Empty(t, none.Committee())
	assert.Equal(t, Account{}, none.Apply([]Change{{Kind: ChangeFill, Field: "f"}}))
	assert.Empty(t, new(Model).ChangesExplained(none, none))
	_, err := Attribute(none, zero)
	assert.Error(t, err)
	none.LogValue()
}
