package accountscore

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTrackerRecordReadsNoLog counts how often a filter is asked: as often
// however long the log is that an activity comes to.
func TestTrackerRecordReadsNoLog(t *testing.T) {
	const filter = "where seen(page)"
	for _, line := range []string{
		"each visit # → +1", "each visit # → +1 max 5", "each visit # → +1 daily max 3", "each visit # → +1 per value daily max 3",
		"each visit # → +1 half-life 30d", "latest visit # → +5 half-life 30d", "latest visit # → +5 daily max 3",
		"count(visit #, 60d) > 3 → +1", "sum(visit #, 60d) > 3 → +1", "any(visit #, 60d) → +1",
		"best of {\n each visit # → +1\n each visit # → +2 max 9\n }",
	} {
		for _, block := range []string{"dimension fit {\n%s\n}\n", "dimension people from contacts {\n score 1\n%s\n}\n"} {
			src := "activity visit (page text)\n" + strings.ReplaceAll(block, "%s", strings.ReplaceAll(line, "#", filter))
			calls := 0
			m := compile(t, src, WithFunc("seen", func(page string) bool { calls++; return page != "/none" }))
			asked := func(n int, id string, after time.Duration) int {
				log := make([]Activity, n)
				for i := range log {
					log[i] = Activity{Type: "visit", At: testMoment.Add(-time.Duration(i)*time.Hour - time.Minute), Value: 1, Fields: map[string]any{"page": "/p"}}
				}
				a := Account{ID: "a", Contacts: []Contact{{ID: "c"}}}
				if id == "" {
					a.Activities = log
				} else {
					a.Contacts[0].Activities = log
				}
				k := m.Track(a, testMoment)
				act := Activity{Type: "visit", At: testMoment.Add(-time.Minute), Value: 2, Fields: map[string]any{"page": "/q"}}
				record := func() {
					k.Record(id, act)
					k.Result()
					k.NextChange()
				}
				record()
				record() // now all that is to be kept is
				k.Advance(testMoment.Add(after))
				calls = 0
				record()
				return calls
			}
			for _, id := range []string{"", "c"} {
				few := asked(20, id, 0)
				assert.Equal(t, few, asked(2_000, id, 0), "%q: %s", id, src)
				assert.Less(t, few, 20, src)
				assert.Equal(t, few, asked(2_000, id, time.Second), "%q, later: %s", id, src)
			}
		}
	}
}

// TestTrackerDistinctIgnoringCase counts departments that are spelt in many
// ways, as contacts come, change and go.
func TestTrackerDistinctIgnoringCase(t *testing.T) {
	m := compile(t, `dimension people from contacts {
  field department text ignoring case
  field heat number
  score heat
  engaged at least 5 distinct by department
  bonus { 2: +10, 3: +20, 4: +40 }
}
`)
	r := newRandom(7)
	k, a := m.Track(Account{}, testMoment), Account{}
	w := &shadow{}
	for range 2_000 {
		c := Contact{ID: r.of("a", "b", "c", "d", "e", "f"), Fields: map[string]any{"heat": float64(r.IntN(10)),
			"department": r.of("Sales", "SALES", "sales", "Führung", "FÜHRUNG", "\u212Aauf", "kauf", "")}}
		w.a = a
		if r.IntN(4) == 0 {
			w.a.Contacts = slices.DeleteFunc(slices.Clone(a.Contacts), func(old Contact) bool { return old.ID == c.ID })
			k.RemoveContact(c.ID)
		} else {
			w.replace(&c)
			k.SetContact(c)
		}
		a = w.a
		require.Equal(t, m.Score(a, testMoment), k.Result())
	}
}
