package accountscore

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestUndatedContactHasNoAge: what has no date has neither an age nor a decay
// to show; one of today has both.
func TestUndatedContactHasNoAge(t *testing.T) {
	m := compile(t, `dimension p from contacts {
 field heat number
 field seen time
 score heat
 decay half-life 30d since seen within 90d
}`)
	x := m.Explain(Account{ID: "u", Contacts: []Contact{
		{ID: "ann", Fields: map[string]any{"heat": 20}},
		{ID: "bob", Fields: map[string]any{"heat": 20, "seen": testMoment}},
	}}, testMoment)
	list := x.Dimensions[0].Contacts.Contacts
	require.Equal(t, []string{"bob", "ann"}, []string{list[0].ID, list[1].ID})
	require.Equal(t, []bool{false, true}, []bool{list[0].Undated, list[1].Undated})
	require.Regexp(t, `✗ ann +20 +– +– +0 `, x.Text())
	require.Regexp(t, `✓ bob +20 +0d +100% +0 +20 `, x.Text())
}

// TestDecayedToNothing: a line whose activities count but bring nothing any
// more says why.
func TestDecayedToNothing(t *testing.T) {
	m := compile(t, `activity call
latest call → +2 linear 30d
each call → +3 linear 30d
each call → +5
each call → +1 per value half-life 1d`)
	for _, c := range []struct {
		ages []int
		want [4]string
	}{
		{[]int{79}, [4]string{"1 activity counts, decayed to nothing", "1 activity counts, decayed to nothing", "1 activity counts", "1 activity counts, decayed to nothing"}},
		{[]int{79, 40, 2}, [4]string{"1 activity counts", "3 activities count, 2 decayed to nothing", "3 activities count", "3 activities count, 2 decayed to nothing"}},
		{[]int{79, 40}, [4]string{"1 activity counts, decayed to nothing", "2 activities count, all decayed to nothing", "2 activities count", "2 activities count, all decayed to nothing"}},
	} {
		var a Account
		for _, age := range c.ages {
			a.Activities = append(a.Activities, Activity{Type: "call", At: testMoment.AddDate(0, 0, -age)}) // no value
		}
		x := m.Explain(a, testMoment)
		for i, g := range x.Dimensions[0].Groups {
			require.Equal(t, c.want[i], ruleNotes(&g.Rules[0])[0], "%v, line %d", c.ages, i)
		}
	}
}

// TestRelaxedTierIsHeldOrNot: a tier that even relaxed thresholds miss is not
// said to be held.
func TestRelaxedTierIsHeldOrNot(t *testing.T) {
	m := compile(t, "field a number\na > 0 → +50\na > 1 → +6\ntiers {\n top when score >= 60 hold 5\n low otherwise\n}")
	for value, want := range map[int]string{
		1: "✗ top: score >= 60 (the account was in it: 5 less would do)\n",
		2: "✓ top: score >= 60 (held: 5 less will do) ",
	} {
		x := m.Explain(Account{Fields: map[string]any{"a": value}, PrevTier: "top"}, testMoment)
		require.Contains(t, x.Text(), want)
	}
}

// TestPlaysNameTheirParts: what of a play is its targeting, motion and metric
// is told in every rendering.
func TestPlaysNameTheirParts(t *testing.T) {
	m := compile(t, "true → +5\ntiers {\n top when score >= 5\n  play \"AE\" targeting \"Named\" metric \"pipe\"\n}")
	x := m.Explain(Account{}, testMoment)
	for _, text := range []string{x.Text(), x.Markdown()} {
		require.Contains(t, text, "play: AE; targeting Named; metric pipe\n")
	}
}
