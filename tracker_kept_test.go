package accountscore

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
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
