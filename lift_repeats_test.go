package accountscore

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestLiftRepeats: an activity that has to happen many times is said to have to,
// up to what is tried; nothing is out of reach that more of them could bring.
func TestLiftRepeats(t *testing.T) {
	const tiers = "\ntiers {\n  gold when score >= 20\n  low otherwise\n}\n"
	for name, tt := range map[string]struct {
		rules string
		logs  int // activities there are
		value float64
		want  string
		cut   bool
	}{
		"count, none":       {rules: "count(api_call, 30d) >= 300 → +20", want: "api_call 300 more times: score 20, tier gold"},
		"count, half":       {rules: "count(api_call, 30d) >= 300 → +20", logs: 150, want: "api_call 150 more times: score 20, tier gold"},
		"count, beside":     {rules: "count(api_call, 30d) >= 300 → +20\nn > 5 → +10 else -5", want: "api_call 300 more times: score 20, tier gold"},
		"count, the most":   {rules: "count(api_call, 30d) >= 10000 → +20", want: "api_call 10,000 more times: score 20, tier gold"},
		"count, beyond":     {rules: "count(api_call, 30d) > 10000 → +20", want: "gold: no way was found: nothing that was tried brings it nearer: score is 0: needs at least 20, short by 20", cut: true},
		"count, within":     {rules: "count(api_call, 30d) > 10000 → +20", logs: 1, want: "api_call 10,000 more times: score 20, tier gold"},
		"ramp":              {rules: "count(api_call, 30d) → 0..40 over 0-1000", want: "api_call 500 more times: score 20, tier gold"},
		"per":               {rules: "count(api_call, 30d) > 0 → +0.1 per count(api_call, 30d)", want: "api_call 200 more times: score 20, tier gold"},
		"computed":          {rules: "count(api_call, 30d) / 2 >= 137 → +20", want: "api_call 274 more times: score 20, tier gold"},
		"computed, beyond":  {rules: "count(api_call, 30d) / 2 >= 13700 → +20", want: "gold: no way was found: nothing that was tried brings it nearer: score is 0: needs at least 20, short by 20", cut: true},
		"each":              {rules: "each api_call → +0.1", want: "api_call 200 more times: score 20, tier gold"},
		"each, less":        {rules: "each api_call → +0.1", logs: 150, want: "api_call 50 more times: score 20, tier gold"},
		"each, capped":      {rules: "each api_call → +0.1 max 19", want: "gold is out of reach: the nearest that changes bring it is still not enough: score is 19: needs at least 20, short by 1; score is always between 0 and 19"},
		"each, worth":       {rules: "each api_call → +2 per value", want: "api_call 10 more times at 1 each: score 20, tier gold"},
		"sum, at seven":     {rules: "sum(api_call, 30d) >= 1000 → +20", logs: 1, value: 7, want: "api_call 142 more times at 7 each: score 20, tier gold"},
		"sum, none":         {rules: "sum(api_call, 30d) >= 1000 → +20", want: "1 more api_call at 1,000: score 20, tier gold"},
		"sum, at one":       {rules: "sum(api_call, 30d) >= 10 → +20", logs: 1, value: 1, want: "api_call 9 more times at 1 each: score 20, tier gold"},
		"sum, beyond":       {rules: "sum(api_call, 30d) >= 1000000 → +20", logs: 1, value: 7, want: "gold: no way was found: nothing that was tried brings it nearer: score is 0: needs at least 20, short by 20", cut: true},
		"never any nearer":  {rules: "count(api_call, 30d) < 1 → +20", logs: 3, want: "gold is out of reach: nothing that may be changed brings it nearer: score is 0: needs at least 20, short by 20"},
		"not worth, at all": {rules: "any(api_call, 30d) → +20", want: "1 more api_call: score 20, tier gold"},
	} {
		t.Run(name, func(t *testing.T) {
			m := compile(t, "activity api_call\nfield n number\n"+tt.rules+tiers)
			a := Account{}
			for range tt.logs {
				a.Activities = append(a.Activities, Activity{Type: "api_call", At: testMoment.Add(-time.Hour), Value: tt.value})
			}
			x := m.Explain(a, testMoment)
			paths := checkPaths(t, m, x, "gold")
			require.Equal(t, tt.want, paths[0].String())
			require.Equal(t, tt.cut, paths[0].Cut)
		})
	}
}

// TestLiftRepeatsOfContacts: so are those of contacts.
func TestLiftRepeatsOfContacts(t *testing.T) {
	for rule, want := range map[string]string{
		"count(open, 30d) >= 45 → +20": "engage contact ann who does open 45 times: score 20, tier gold",
		"each open → +0.4 max 20":      "engage contact ann who does open 50 times: score 20, tier gold",
	} {
		m := compile(t, "activity open\ndimension p from contacts {\n  field role text\n  "+rule+"\n  engaged at least 20\n}\ntiers {\n  gold when score >= 20\n  low otherwise\n}\n")
		x := m.Explain(Account{Contacts: []Contact{{ID: "ann"}}}, testMoment)
		require.Equal(t, want, checkPaths(t, m, x, "gold")[0].String())
	}
	m := compile(t, "activity open\ndimension p from contacts {\n  field role text\n  count(open, 30d) >= 20000 → +20\n  engaged at least 20\n}\ntiers {\n  gold when score >= 20\n  low otherwise\n}\n")
	p := checkPaths(t, m, m.Explain(Account{Contacts: []Contact{{ID: "ann"}}}, testMoment), "gold")[0]
	require.False(t, p.Reached)
	require.True(t, p.Cut)
}

// TestApplyWithinReason: no changes make an account of any size.
func TestApplyWithinReason(t *testing.T) {
	m := compile(t, "activity visit\ndimension d {\n  each visit → +1\n}\ndimension p from contacts {\n  field role text\n  each visit → +1\n}\n")
	x := m.Explain(Account{}, testMoment)
	require.Len(t, x.Apply([]Change{{Kind: ChangeRepeat, Activity: "visit", Count: math.MaxInt32}}).Activities, 10_000)
	many := make([]Change, 100)
	for i := range many {
		many[i] = Change{Kind: ChangeRepeat, Activity: "visit", Count: 9_000}
		if i%2 == 0 {
			many[i] = Change{Kind: ChangeEngage, New: true, Contact: fmt.Sprint(i), Did: []Deed{{Activity: "visit", Count: math.MaxInt32}, {Activity: "visit", Count: -5}}}
		}
	}
	a := x.Apply(many)
	events := len(a.Activities)
	for _, k := range a.Contacts {
		events += len(k.Activities)
	}
	require.Equal(t, 100_000, events)
	require.Len(t, a.Contacts, 50)
}

// TestLiftRepeatsWork: many repeats of many activities stay within the work of a
// search.
func TestLiftRepeatsWork(t *testing.T) {
	src := "field n number\nactivity "
	rules := "dimension d {\n  n > 5 → +1\n"
	for i := range 40 {
		if i > 0 {
			src += ", "
		}
		src += fmt.Sprint("a", i)
		rules += fmt.Sprintf("  each a%d → +0.0001\n  count(a%d, 30d) / (1 + count(a%d, 90d)) > %d → +1\n", i, i, (i+1)%40, 9_000+i)
	}
	m := compile(t, src+"\n"+rules+"}\ntiers {\n  gold when score >= 35\n  low otherwise\n}\n")
	x := m.Explain(Account{}, testMoment)
	l := newLifter(x.subject, m.tierGoal(0))
	defer l.close()
	start := time.Now()
	for _, p := range l.paths(x) {
		require.LessOrEqual(t, len(p.Changes), maxGreedy)
	}
	// The step that is under way at the end may stage some very long logs.
	require.LessOrEqual(t, l.work, maxLiftWork+2*maxFinishWork+4*maxGreedyWork+100*(l.oneTry+l.oneLoad)+10*maxRepeats)
	require.Less(t, time.Since(start), 10*time.Second) // a generous bound: the machine may be busy
}
