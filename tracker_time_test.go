package accountscore

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// TestNextChangeIsTheNext walks from change to change of rulesets in which
// nothing hides one: each moment is the very first at which the result is
// another.
func TestNextChangeIsTheNext(t *testing.T) {
	day := func(n float64) time.Time { return testMoment.Add(time.Duration(n * 24 * float64(time.Hour))) }
	visits := func(days ...float64) Account {
		a := Account{}
		for _, d := range days {
			a.Activities = append(a.Activities, Activity{Type: "visit", At: day(d), Value: 1})
		}
		return a
	}
	after := time.Microsecond
	for _, c := range []struct {
		name, rules string
		a           Account
		want        []time.Time // the first of them; the rest need not be listed
		ends        bool        // then nothing changes any more
	}{
		{"a date enters and leaves a window", "field funded time\nfunded within 30d → +5\n", Account{Fields: map[string]any{"funded": day(2)}},
			[]time.Time{day(2), day(32).Add(after)}, true},
		{"days up to one bound", "field funded time\ndays_since(funded) > 30 → +5\n", Account{Fields: map[string]any{"funded": day(-3.5)}},
			[]time.Time{day(27.5)}, true},
		{"days between bounds, the other way round", "field funded time\n10 <= days_since(funded) < 20.5 → +5\n", Account{Fields: map[string]any{"funded": day(0)}},
			[]time.Time{day(10), day(21)}, true},
		{"days equal to a number", "field funded time\ndays_since(funded) = 7 → +5\n", Account{Fields: map[string]any{"funded": day(0)}},
			[]time.Time{day(7), day(8)}, true},
		{"days never equal to a fraction", "field funded time\ndays_since(funded) = 7.5 → +5\n", Account{Fields: map[string]any{"funded": day(0)}}, nil, true},
		{"days beyond all time", "field funded time\ndays_since(funded) > 1e9 → +5\ndays_since(funded) != 1e300 → +3\n", Account{Fields: map[string]any{"funded": day(0)}}, nil, true},
		{"points per day", "field funded time\ntrue → +1 per days_since(funded)\n", Account{Fields: map[string]any{"funded": day(0.25)}},
			[]time.Time{day(0.25), day(1.25), day(2.25), day(3.25)}, false},
		{"activities come and leave", "activity visit\ntrue → +1 per count(visit, 10d)\n", visits(-9, 1),
			[]time.Time{day(1), day(1).Add(after), day(11).Add(after)}, true},
		{"the newest activity counts", "activity visit\ndays_since(visit) >= 5 → -5\n", visits(-1, -20, 7),
			[]time.Time{day(4), day(7), day(12)}, true},
		{"a share decays by half", "activity visit\neach visit → +10 half-life 2d\n", visits(-0.5), []time.Time{day(0.5), day(1.5), day(2.5)}, false},
		{"a share falls to nothing", "activity visit\neach visit → +10 linear 3d\n", visits(-0.5), []time.Time{day(0.5), day(1.5), day(2.5)}, true},
		{"a value expires", "field size number missing after 60d\nsize > 5 → +5\n", Account{Fields: map[string]any{"size": 9}, Refreshed: map[string]time.Time{"size": day(-50)}},
			[]time.Time{day(10).Add(after)}, true},
		{"a contact decays, then leaves", "dimension people from contacts {\n field heat number\n field seen time\n score heat\n decay linear 10d since seen within 5d\n}\n",
			Account{Contacts: []Contact{{ID: "a", Fields: map[string]any{"heat": 50, "seen": day(-2.5)}}}}, []time.Time{day(0.5), day(1.5), day(2.5), day(2.5).Add(after)}, true},
		{"a tier by date", "field size number\nfield due time\nsize > 5 → +5\ntiers {\n late when due within 400d\n soon otherwise\n}\n",
			Account{Fields: map[string]any{"size": 9, "due": day(3)}}, []time.Time{day(3), day(403).Add(after)}, true},
		{"a disqualification that ends", "field left time\nfield size number\nsize > 5 → +5\ndisqualify when left within 90d\ntiers {\n all otherwise\n}\n",
			Account{Fields: map[string]any{"size": 9, "left": day(-1)}}, []time.Time{day(89).Add(after)}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := compile(t, c.rules)
			tr := m.Track(c.a, testMoment)
			var stops []time.Time
			for len(stops) < 20 {
				next := tr.NextChange()
				if next.IsZero() {
					break
				}
				stops = append(stops, next)
				before, last, then := tr.Result(), m.Score(c.a, next.Add(-after)), m.Score(c.a, next)
				before.At, last.At, then.At = time.Time{}, time.Time{}, time.Time{}
				require.Empty(t, cmp.Diff(before, last, cmpopts.EquateEmpty()), "up to %v", next)
				require.NotEmpty(t, cmp.Diff(before, then, cmpopts.EquateEmpty()), "nothing changes at %v", next)
				tr.Advance(next)
			}
			require.GreaterOrEqual(t, len(stops), len(c.want), stops)
			for i, want := range c.want {
				assert.Equal(t, want.UTC(), stops[i], "stop %d", i)
			}
			if c.ends {
				assert.Len(t, stops, len(c.want), stops)
			}
		})
	}
}

// spans finds the durations that a ruleset writes.
var spans = regexp.MustCompile(`\b(\d+)([hd])\b`)

// passing is what of an account and its ruleset time can pass.
type passing struct {
	moments []int64
	windows []int64
}

func passingOf(src string, a *Account) passing {
	var p passing
	for _, s := range spans.FindAllStringSubmatch(src, -1) {
		n, _ := strconv.ParseInt(s[1], 10, 64)
		p.windows = append(p.windows, n*int64(map[string]time.Duration{"h": time.Hour, "d": 24 * time.Hour}[s[2]]/time.Microsecond))
	}
	value := func(v any) {
		switch v := v.(type) {
		case time.Time:
			p.moments = append(p.moments, v.UnixMicro())
		case string:
			if t, err := time.Parse(time.DateOnly, v); err == nil {
				p.moments = append(p.moments, t.UnixMicro())
			}
		}
	}
	values := func(fields map[string]any) {
		for _, v := range fields {
			value(v)
		}
	}
	log := func(log []Activity) {
		for _, act := range log {
			value(act.At)
			values(act.Fields)
		}
	}
	values(a.Fields)
	for _, at := range a.Refreshed {
		value(at)
	}
	log(a.Activities)
	for _, c := range a.Contacts {
		values(c.Fields)
		log(c.Activities)
	}
	return p
}

// explains tells whether something passes at a moment: a moment of the data
// comes, leaves a window, or is a whole number of days ago.
func (p *passing) explains(at int64) bool {
	const day = int64(24 * time.Hour / time.Microsecond)
	for _, t := range p.moments {
		since := at - t
		if since >= 0 && since%day == 0 {
			return true
		}
		for _, w := range p.windows {
			if since == w+1 {
				return true
			}
		}
	}
	return false
}

// most bounds how many moments explains explains within some days.
func (p *passing) most(days int) int { return len(p.moments) * (days + 1 + len(p.windows)) }

// checkNextChange follows an account from change to change. Every moment is one
// at which something in the data passes, and between them nothing changes.
func checkNextChange(t testing.TB, r randomRules, count *[2]int) {
	const days = 60
	m, src := randomModel(t, r)
	a := r.account(r.IntN(3) == 0)
	p := passingOf(src, &a)
	said := func() string { return fmt.Sprintf("%+v\n%s", a, src) }
	tr, at, end := m.Track(a, testMoment), testMoment, testMoment.AddDate(0, 0, days)
	was := tr.Result()
	stops := 0
	for {
		next := tr.NextChange()
		if next.IsZero() || next.After(end) {
			break
		}
		stops++
		require.True(t, next.After(at), said)
		require.True(t, p.explains(next.UnixMicro()), "nothing passes at %v\n%s", next, said())
		for _, probe := range []time.Time{next.Add(-time.Microsecond), at.Add(time.Duration(r.Int64N(int64(next.Sub(at)))))} {
			now := m.Score(a, probe)
			if now.At = was.At; !cmp.Equal(was, now, cmpopts.EquateEmpty()) {
				t.Fatalf("at %v it is another than at %v, before the next change at %v:\n%s\n%s", probe, at, next, cmp.Diff(was, now), said())
			}
		}
		at = next
		tr.Advance(at)
		now := tr.Result()
		was.At = now.At
		if count[0]++; !cmp.Equal(was, now, cmpopts.EquateEmpty()) {
			count[1]++
		}
		was = now
	}
	require.LessOrEqual(t, stops, p.most(days), said)
}

// TestNextChangeIsOfTheData bounds how early [Tracker.NextChange] may be, over
// random rulesets. Clamps, groups and rounding hide some of what passes; most of
// the moments change the result all the same.
func TestNextChangeIsOfTheData(t *testing.T) {
	var count [2]int
	for seed := range uint64(60) {
		checkNextChange(t, newRandom(60_000+seed), &count)
		checkNextChange(t, newWild(60_000+seed), &count)
	}
	t.Logf("%d of %d moments change the result", count[1], count[0])
	assert.Greater(t, count[0], 1000)
	assert.Greater(t, float64(count[1])/float64(max(count[0], 1)), 0.5)
}

// FuzzNextChange is TestNextChangeIsOfTheData from any seed.
func FuzzNextChange(f *testing.F) {
	for seed := range uint64(10) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		var count [2]int
		checkNextChange(t, newRandom(seed), &count)
		checkNextChange(t, newWild(seed), &count)
	})
}

// TestNextChangeAtTheEndsOfTime: the clock stands still beyond them.
func TestNextChangeAtTheEndsOfTime(t *testing.T) {
	m := compile(t, "field funded time\ntrue → +1 per days_since(funded) max 5\n")
	a := Account{Fields: map[string]any{"funded": testMoment}}
	for _, at := range []time.Time{time.Unix(1<<62, 0), time.UnixMicro(math.MaxInt64), time.UnixMicro(clockEnd)} {
		assert.Zero(t, m.Track(a, at).NextChange(), at)
	}
	tr := m.Track(a, time.UnixMicro(math.MinInt64))
	next := tr.NextChange()
	require.False(t, next.IsZero())
	tr.Advance(next)
	assert.Equal(t, m.Score(a, next), tr.Result())
}

// TestNextChangeOfAnotherLanguage: what it makes of the moment, it alone knows.
func TestNextChangeOfAnotherLanguage(t *testing.T) {
	m, err := Compile(mustParseLanguage(t, "field size number\ntheirs \"size > 5\" → +5\n"), WithLanguage(asRules{dsl.Rules()}))
	require.NoError(t, err)
	tr := m.Track(Account{Fields: map[string]any{"size": 9}}, testMoment)
	assert.Equal(t, testMoment.Add(time.Microsecond), tr.NextChange())
	own := compile(t, "field size number\nexpr \"size > 5\" → +5\n")
	assert.Zero(t, own.Track(Account{Fields: map[string]any{"size": 9}}, testMoment).NextChange())
}

// TestNextChangeOfTiers asks for the next change where time moves nothing but a
// tier, and a field was set before.
func TestNextChangeOfTiers(t *testing.T) {
	for _, decision := range []string{"tiers {\n  top when signed within 30d and score > 3 hold 1\n}\n", "tiers stage {\n  top when signed within 30d\n}\n", "disqualify when signed within 30d\n",
		"dimension e {\n  seats > 1 → +2\n  scale 50% when signed within 30d\n}\n"} {
		m := compile(t, "field signed time\nfield seats number\ndimension d {\n  seats > 5 → +5\n}\n"+decision)
		tr := m.Track(Account{Fields: map[string]any{"seats": 9}}, testMoment)
		require.NotNil(t, tr.quick.q)
		assert.Zero(t, tr.NextChange(), decision)
		before := tr.Result()
		tr.Set("signed", testMoment.AddDate(0, 0, -20))
		assert.NotEqual(t, before, tr.Result(), decision)
		next := tr.NextChange()
		assert.Equal(t, testMoment.AddDate(0, 0, 10).Add(time.Microsecond), next, decision)
		tr.Advance(next)
		before.At = next
		got := tr.Result()
		got.TierCertain, got.Low, got.High, got.Unknown = before.TierCertain, before.Low, before.High, before.Unknown
		for i := range got.Dimensions {
			got.Dimensions[i].Low, got.Dimensions[i].High = before.Dimensions[i].Low, before.Dimensions[i].High
		}
		assert.Equal(t, before, got, decision)
	}
}

// TestNextChangeAtTheZeroTime is no "never".
func TestNextChangeAtTheZeroTime(t *testing.T) {
	m := compile(t, "field signed time\nsigned within 30d → +5\n")
	tr := m.Track(Account{Fields: map[string]any{"signed": time.Time{}}}, time.Time{}.AddDate(0, 0, -3))
	assert.Zero(t, tr.Result().Score)
	next := tr.NextChange()
	assert.Equal(t, time.Time{}.Add(time.Nanosecond), next)
	tr.Advance(next)
	assert.Equal(t, 5.0, tr.Result().Score)
}
