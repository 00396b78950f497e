package accountscore

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// TestAttributeTime splits what time alone changed by what got older; what a
// date in a rule changed belongs to nothing of the account.
func TestAttributeTime(t *testing.T) {
	m := compile(t, `field employees number stale after 30d missing after 60d
field funded time
activity webinar, visit
dimension fit {
  employees > 100 → +20
  funded within 100d → +10
  days_since(funded) > 100 or employees > 1 → +1
}
dimension intent {
  each webinar → +8 half-life 30d
  any(visit, 20d) → +5
}
dimension people from contacts {
  field lead number
  field last time
  score lead
  decay half-life 30d since last
  combine sum
}`)
	at := func(days int) time.Time { return testMoment.AddDate(0, 0, -days) }
	a := Account{ID: "x", Fields: map[string]any{"employees": 500, "funded": at(50)}, Refreshed: map[string]time.Time{"employees": at(10)},
		Activities: []Activity{{Type: "webinar", At: at(0)}, {Type: "visit", At: at(1)}},
		Contacts:   []Contact{{ID: "ann", Fields: map[string]any{"lead": 40, "last": at(0)}}, {ID: "bob", Fields: map[string]any{"lead": 8, "last": at(30)}}}}
	x := attribute(t, m.Explain(a, testMoment), m.Explain(a, testMoment.AddDate(0, 0, 60)))
	var got []string
	for _, c := range x.Contributions {
		require.Equal(t, FromTime, c.Kind)
		got = append(got, fmt.Sprintf("%+g %s|%s%s%s", c.Points, c.Text, c.Field, c.Activity, c.Contact))
	}
	require.Equal(t, []string{"-20.5 employees became expired, 60d after its refresh|employees", "-9.5 funded: left the window of 100d|funded", "-6 webinar: decayed, 60 days older|webinar", "-5 visit: 1 left the window of 20d|visit",
		"-30 contact ann: decayed, 60 days older|ann", "-3 contact bob: decayed, 60 days older|bob"}, got)
	require.Contains(t, x.Text(), "employees became expired")
	require.Contains(t, x.Markdown(), "employees became expired")

	// A half day does not show in ages of whole days, but in the day that a
	// daily max is of.
	m = compile(t, "activity visit\ndimension d { each visit → +1 daily max 1 }")
	a = Account{Activities: []Activity{{Type: "visit", At: testMoment.Add(time.Hour)}, {Type: "visit", At: testMoment.Add(13 * time.Hour)}, {Type: "visit", At: testMoment.Add(30 * time.Hour)}}}
	x = attribute(t, m.Explain(a, testMoment.Add(24*time.Hour)), m.Explain(a, testMoment.Add(36*time.Hour)))
	require.Equal(t, 1.0, x.Change)
	require.Equal(t, 1.0, x.Total(FromTime))

	// Of centuries nothing is told but the sum.
	m = compile(t, "activity visit\ndimension d { each visit → +1 }")
	a = Account{Activities: []Activity{{Type: "visit", At: testMoment.AddDate(300, 0, 0)}}}
	x = attribute(t, m.Explain(a, testMoment.AddDate(-400, 0, 0)), m.Explain(a, testMoment.AddDate(400, 0, 0)))
	require.Len(t, x.Contributions, 1)
	require.Equal(t, timeRest, x.Contributions[0].Text)
}

// TestAttributeLapses tells decay from what left a window or came into one, to
// the millionth: what left takes what it brought, decay took of what stayed.
func TestAttributeLapses(t *testing.T) {
	const rules = `score round 6
field plan text default Free missing after 40d
field since time
let fresh = since within 60d
activity visit, call, demo, trial, ping, form (kind text)
dimension intent {
  count(form where kind = "a", 30d) >= 1 → +2
  each visit within 90d → +8 half-life 30d
  count(call, 30d) >= 2 → +5
  each call → +4 linear 100d
  each ping → +1
  days_since(demo) > 20 → -3
  plan = Pro → +6
  fresh → +7
  1 > 0 → +2 per count(trial, 30d)
  scale 200% when since within 200d
}
dimension people from contacts {
  field lead number
  field last time
  field met time
  score met is known and met within 30d ? lead + 5 : lead
  decay half-life 30d since last within 90d
  combine sum
  each visit within 90d → +8 half-life 30d
}`
	m := compile(t, rules)
	ago := func(days int) time.Time { return testMoment.AddDate(0, 0, -days) }
	did := func(activity string, days ...int) (log []Activity) {
		for _, d := range days {
			log = append(log, Activity{Type: activity, At: ago(d)})
		}
		return log
	}
	lead := func(days int, log ...Activity) Account {
		return Account{Contacts: []Contact{{ID: "ann", Fields: map[string]any{"lead": 16, "last": ago(days)}, Activities: log}}}
	}
	since := func(days int, log ...Activity) Account {
		return Account{Fields: map[string]any{"since": ago(days)}, Activities: log}
	}
	met := Account{Contacts: []Contact{{ID: "ann", Fields: map[string]any{"lead": 16, "last": ago(0), "met": ago(0)}}}}
	for _, c := range []struct {
		name    string
		account Account
		days    int
		want    []string
	}{
		{"decay alone", Account{Activities: did("visit", 0)}, 30, []string{"-4 decay visit: decayed, 30 days older"}},
		{"one left its window, one decayed", Account{Activities: did("visit", 60, 0)}, 60,
			[]string{"-2 window visit: 1 left the window of 90d", "-6 decay visit: decayed, 60 days older"}},
		{"what left its window did not decay", Account{Activities: did("visit", 70, -25)}, 30,
			[]string{"+6.4126 window visit: 1 no longer in the future, 1 left the window of 90d", "-0.872808 decay visit: decayed, 5 days older"}},
		{"the other way round", Account{Activities: did("visit", 0, -60)}, -60, []string{"-8 window visit: 1 in the future now"}},
		{"what came out of the future has decayed since", Account{Activities: did("visit", -30)}, 60,
			[]string{"+8 window visit: 1 no longer in the future", "-4 decay visit: decayed, 30 days older"}},
		{"a rule that decays and one with a window", Account{Activities: did("call", 10, 20)}, 20,
			[]string{"-5 window call: 1 left the window of 30d", "-1.6 decay call: decayed, 20 days older"}},
		{"a test of age", Account{Activities: did("demo", 10)}, 20, []string{"-3 window demo: 20 days older"}},
		{"at the edge of a window", Account{Activities: did("visit", 90)}, 1, []string{"-1 window visit: 1 left the window of 90d"}},
		{"at the moment itself", Account{Activities: did("visit", -30)}, 30, []string{"+8 window visit: 1 no longer in the future"}},
		{"without a date", Account{Activities: append(did("visit", 0), Activity{Type: "ping"})}, 30, []string{"-4 decay visit: decayed, 30 days older"}},
		{"a window in a let", since(50), 20, []string{"-14 window since: left the window of 60d"}},
		{"a window in a factor", Account{Activities: did("trial", 20)}, 20, []string{"-2 window trial: 1 left the window of 30d"}},
		{"a window in a scale", since(195, did("demo", 30)...), 10, []string{"+3 window since: left the window of 200d"}},
		{"a window in a contact's score", met, 60,
			[]string{"-5 window contact ann: met left the window of 30d", "-12 decay contact ann: decayed, 60 days older"}},
		{"a default stands in", Account{Fields: map[string]any{"plan": "Pro"}, Refreshed: map[string]time.Time{"plan": ago(0)}}, 50,
			[]string{"-6 expiry plan expired 40d after its refresh, its default stands in"}},
		{"a contact decays", lead(0), 60, []string{"-12 decay contact ann: decayed, 60 days older"}},
		{"a contact's date comes out of the future, as an activity does", lead(-20, did("ping", -10)...), 25,
			[]string{"+17 window contact ann: last no longer in the future, ping 1 no longer in the future", "-1.745616 decay contact ann: decayed, 5 days older"}},
		{"a contact leaves its window", lead(60), 60, []string{"-4 window contact ann: last left the window of 90d"}},
		{"what happened in between is no older than it is", Account{Activities: did("visit", -23)}, 30,
			[]string{"+8 window visit: 1 no longer in the future", "-1.194664 decay visit: decayed, 7 days older"}},
		{"some happened in between", Account{Activities: did("visit", 0, -23)}, 30,
			[]string{"+8 window visit: 1 no longer in the future", "-5.194664 decay visit: decayed, 7 days to 30 days older"}},
		{"a filter leaves some out", Account{Activities: append(did("form", 5, 6), Activity{Type: "form", At: ago(4), Fields: map[string]any{"kind": "a"}})}, 30,
			[]string{"-2 window form: 1 left the window of 30d"}},
		{"a filter leaves a contact's out", lead(0, append(did("form", 5, 6), Activity{Type: "form", At: ago(4), Fields: map[string]any{"kind": "a"}})...), 30,
			[]string{"-2 window contact ann: form 1 left the window of 30d", "-8 decay contact ann: decayed, 30 days older"}},
		{"a contact's log, which the account's own line reads too", lead(0, did("visit", 30, 60)...), 60,
			[]string{"-4 window contact ann: visit 1 left the window of 90d", "-18 decay contact ann: decayed, 60 days older"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := attribute(t, m.Explain(c.account, testMoment), m.Explain(c.account, testMoment.AddDate(0, 0, c.days)))
			var got []string
			for _, p := range x.Contributions {
				got = append(got, fmt.Sprintf("%+g %s %s", p.Points, p.Lapse, p.Text))
			}
			assert.Equal(t, c.want, got)
		})
	}
}

// TestAttributeLapsesByHand works the split of random logs out from each
// activity's age.
func TestAttributeLapsesByHand(t *testing.T) {
	m := compile(t, "score round 6\nactivity visit, call\ndimension d {\n  each visit within 45d → +8 half-life 20d\n  each visit → +3\n  each call within 30d → +2 linear 60d\n}")
	fades := map[string]func(days int64) micro.M{"visit": func(d int64) micro.M { return micro.M(8_000_000).Mul(micro.M(halfLife(20)[d])) },
		"call": func(d int64) micro.M { return micro.M(2_000_000).Mul(micro.One.MulDiv(micro.M(60-d), 60)) }}
	within := map[string]int64{"visit": 45, "call": 30}
	parts := map[Lapse]int{}
	for seed := range uint64(200) {
		r := newRandom(13_000 + seed)
		var a Account
		hour := func(n int) time.Time { return testMoment.Add(time.Duration(n) * time.Hour) }
		for range r.IntN(20) {
			a.Activities = append(a.Activities, Activity{Type: []string{"visit", "call"}[r.IntN(2)], At: hour(r.IntN(24*100) - 24*80)})
		}
		to := hour(r.IntN(24*60) - 24*20)
		want := map[string]micro.M{}
		for _, act := range a.Activities {
			value := func(at, faded time.Time) (p micro.M) {
				if act.At.After(at) {
					return 0
				}
				if act.Type == "visit" {
					p = 3_000_000
				}
				if at.Sub(act.At) <= time.Duration(within[act.Type])*24*time.Hour {
					p += fades[act.Type](max(0, cond.WholeDays(act.At.UnixMicro(), faded.UnixMicro())))
				}
				return p
			}
			held := value(to, testMoment)
			want[act.Type+" window"] += held - value(testMoment, testMoment)
			want[act.Type+" decay"] += value(to, to) - held
		}
		got := map[string]micro.M{}
		for _, c := range attribute(t, m.Explain(a, testMoment), m.Explain(a, to)).Contributions {
			got[c.Activity+" "+string(c.Lapse)] = micro.Of(c.Points)
			parts[c.Lapse]++
		}
		for name, p := range want {
			require.Equal(t, p, got[name], "%s of seed %d", name, seed)
			delete(got, name)
		}
		require.Empty(t, got)
	}
	require.Greater(t, min(parts[LapseDecay], parts[LapseWindow]), 100)
}

// TestAttributeInvalid says of a value that cannot be used what it is.
func TestAttributeInvalid(t *testing.T) {
	m := compile(t, "field plan text one of [free, pro]\nplan = pro → +1\nplan = free → +3")
	x := attribute(t, m.Explain(Account{Fields: map[string]any{"plan": "gold"}}, testMoment), m.Explain(Account{Fields: map[string]any{"plan": "free"}}, testMoment))
	assert.Equal(t, `plan from the text "gold" (cannot be used) to "free"`, x.Contributions[0].Text)
}
