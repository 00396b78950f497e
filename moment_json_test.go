package accountscore

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestJSONOfAnyMoment: an account can be scored at any moment, and whatever
// comes of it has JSON.
func TestJSONOfAnyMoment(t *testing.T) {
	m, a := liftSubject(t)
	rs := m.Ruleset()
	rs.Fields = append(rs.Fields, mustParse(t, "field d time stale after 5d\n").Fields...)
	src := strings.Replace(string(rs.Format()), "  score      e\n", "  field last time\n  score e\n  decay half-life 30d since last\n", 1) + "dimension more { d within 30d → +5 }\ntrigger up when tier rises\ntrigger down when tier falls\n"
	require.Contains(t, src, "decay")
	m = compile(t, src)
	first, last := "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC), last},
		{time.Date(-1, 12, 31, 0, 0, 0, 0, time.UTC), first},
		{time.Date(300_000, 1, 1, 0, 0, 0, 0, time.UTC), last},
		{time.UnixMicro(math.MinInt64), first},
		{time.Unix(1<<62, 0), last},
		{time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", 3600)), "9999-12-31T23:00:00+01:00"},
		{time.Date(10_000, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600)), "9999-12-31T23:00:00Z"},
		{time.Date(2026, 1, 2, 0, 0, 0, 0, time.FixedZone("", 30*3600)), "2025-12-31T18:00:00Z"},
	} {
		t.Run(c.want, func(t *testing.T) {
			a := a.clone()
			a.Fields = map[string]any{"d": time.Date(9_000, 1, 1, 0, 0, 0, 0, time.UTC), "c": "FR"}
			a.Refreshed = map[string]time.Time{"d": c.at}
			a.Activities = []Activity{{Type: "visit", At: c.at, Value: 1}}
			a.Contacts = append(a.Contacts, Contact{ID: "bob", Activities: a.Activities})
			x, y := m.Explain(a, c.at), m.Explain(Account{ID: a.ID, Fields: map[string]any{"l": []string{"CRM"}}}, testMoment)
			change, err := Attribute(x, y)
			require.NoError(t, err)
			back, err := Attribute(y, x)
			require.NoError(t, err)
			tb := NewTable(1)
			scores, err := m.ScoreTable(context.Background(), tb, c.at)
			require.NoError(t, err)
			var paths []Path
			for _, tier := range []string{"top", "mid"} {
				paths = append(paths, x.LiftTo(tier)...)
			}
			for name, v := range map[string]any{"explanation": x, "value": *x, "attribution": change, "back": back, "scores": scores,
				"lift": paths, "roles": x.Committee(), "reasons": x.Reasons(-1), "events": m.ChangesExplained(x, y), "events back": m.ChangesExplained(y, x)} {
				data, err := json.Marshal(v)
				require.NoError(t, err, name)
				if name == "explanation" || name == "scores" {
					var got struct {
						At string `json:"at"`
					}
					require.NoError(t, json.Unmarshal(data, &got))
					assert.Equal(t, c.want, got.At)
				}
			}
			var again Explanation
			data, err := json.Marshal(x)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(data, &again))
			assert.NotEmpty(t, again.Text())
		})
	}
	_, err := json.Marshal(m.Score(a, time.Unix(1<<62, 0)))
	require.ErrorContains(t, err, "year outside of range", "a result alone has no JSON then, as it says")
	_, err = json.Marshal(Account{Activities: []Activity{{Type: "visit", At: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}}})
	require.ErrorContains(t, err, "year outside of range", "an account is data: a moment that counts nowhere is not made one that may")
}

func mustParse(t *testing.T, src string) *Ruleset {
	rs, err := Parse("t.rules", []byte(src))
	require.NoError(t, err)
	return rs
}
