package accountscore

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accountscore/accountscore/dsl"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scoreOf scores fields against rules that stand alone.
func scoreOf(t *testing.T, rules string, fields map[string]any, log ...Activity) Result {
	t.Helper()
	return compile(t, rules).Score(Account{Fields: fields, Activities: log}, testMoment)
}

func visits(daysAgo ...int) []Activity {
	var log []Activity
	for _, d := range daysAgo {
		log = append(log, Activity{Type: "visit", At: testMoment.AddDate(0, 0, -d), Value: float64(d)})
	}
	return log
}

func TestPoints(t *testing.T) {
	with := func(v any) map[string]any { return map[string]any{"n": v, "b": true} }
	none := map[string]any{"b": true}
	for _, c := range []struct {
		rules  string
		fields map[string]any
		want   float64
	}{
		{"n > 5 → +50", with(6), 50},
		{"n > 5 → +50", with(5), 0},
		{"n > 5 → +3 else -3", with(5), -3},
		{"n > 5 → +3 else -3", none, 0},
		{"b → 2.5", none, 2.5},
		{"b → -10", none, -10},
		{"b → +2 per n", with(7), 14},
		{"b → +2 per n max 10", with(7), 10},
		{"b → +2 per n min 0", with(-7), 0},
		{"b → -2 per n", with(1e9), -1e6},
		{"b → +2 per n * n - 1", with(3), 16},
		{"b → +2 per n", none, 0},
		{"n in 100-1000 → +1", with(100), 1},
		{"n in 100-1000 → +1", with(1000), 1},
		{"n in 100-1000 → +1", with(150.5), 1},
		{"n in 100-1000 → +1", with(1000.5), 0},
		{"n in 100..1000 → +1", with(1000), 1},
		{"100 <= n < 1000 → +1", with(1000), 0},
		{"n → 0..50 over 5M-50M", with(5e6), 0},
		{"n → 0..50 over 5M-50M", with(27.5e6), 25},
		{"n → 0..50 over 5M-50M", with(1e9), 50},
		{"n → 50..0 over 5M-50M", with(1), 50},
		{"n → 50..0 over 5M-50M", with(41e6), 10},
		{"n → { 1-49: 0, 50-999: +20, 1000+: +50, missing: +5 }", with(49.5), 0},
		{"n → { 1-49: 0, 50-999: +20, 1000+: +50, missing: +5 }", with(50), 20},
		{"n → { 1-49: 0, 50-999: +20, 1000+: +50, missing: +5 }", with(999.9), 20},
		{"n → { 1-49: 0, 50-999: +20, 1000+: +50, missing: +5 }", none, 5},
		{"n → { 1-49: 3, 60-99: +20 }", with(49.5), 0},
		{"n → { 7: 3, else: 1 }", with(8), 1},
		{"n → { 7: 3, else: 1 }", none, 0},
		{"best of {\n b → +5\n n > 1 → +20\n n > 2 → +10\n}", with(3), 20},
		{"best of {\n b → -5\n n > 1 → -2\n}", with(0), -5},
		{"first of {\n n > 2 → +5\n b → +20\n}", with(3), 5},
		{"first of {\n n > 2 → +5\n b → +20\n}", none, 20},
		{"sum of max 30 min 0 {\n n > 2 → +25\n b → +20\n}", with(3), 30},
		{"sum of max 30 min 0 {\n n > 2 → -25\n b → +20\n}", with(3), 0},
		{"dimension d max 30 {\n b → +50\n}", none, 30},
		{"dimension d min -5 {\n b → -50\n}", none, -5},
		{"dimension d {\n b → -50\n}", none, -50},
		{"dimension d {\n b → +50\n scale 50% when b\n scale 10% when n > 1\n}", none, 25},
		{"dimension d max 40 {\n b → +50\n scale 60% when b\n}", none, 30},
		{"dimension d out of 40 {\n b → +30\n}", none, 30},
		{"dimension d out of 40 weight 100% {\n b → +30\n}", none, 75},
		{"dimension d out of 40 {\n b → +30\n}\ndimension e unscored {\n b → +9\n}", none, 30},
		{"dimension d weight 50% {\n b → +30\n}\ndimension e weight 50% {\n b → +9\n}", none, 19.5},
		{"score min 0 max 20 round 0\nb → +30.5", none, 20},
		{"score round 0\nb → +30.5", none, 31},
		{"score round 0\nb → -30.5", none, -31},
		{"b → +0.125", none, 0.13},
		{"score round 6\nb → +0.000001", none, 0.000001},
	} {
		assert.Equal(t, c.want, scoreOf(t, c.rules, c.fields).Score, "%s with %v", c.rules, c.fields)
	}
}

func TestSignals(t *testing.T) {
	for _, c := range []struct {
		rules string
		days  []int
		want  float64
	}{
		{"each visit → +5", []int{0, 1, 500, -1}, 15},
		{"each visit within 60d → +5", []int{0, 60, 61}, 10},
		{"each visit → +5 max 12", []int{0, 1, 2}, 12},
		{"each visit → -5 max 12", []int{0, 1, 2}, -12},
		{"each visit → +20 half-life 30d", []int{30, 60}, 15},
		{"each visit → +20 half-life 30d max 60", []int{0, 0, 0, 0}, 60},
		{"each visit → +10 linear 100d", []int{50, 100, 200}, 5},
		{"each visit → +1 per value", []int{3, 4}, 7},
		{"each visit → +5 daily max 8", []int{0, 0, 3}, 13},
		{"each visit → +5 half-life 30d daily max 8", []int{30, 30, 0}, 9},
		{"latest visit → +20 half-life 30d", []int{60, 30, 90, -1}, 10},
		{"count(visit) > 2 → +1", []int{0, 1, -1}, 0},
		{"count(visit, 60d) >= 2 → +1", []int{0, 60}, 1},
		{"any(visit, 60d) → +1", []int{61}, 0},
		{"sum(visit) > 6 → +1", []int{3, 4}, 1},
		{"days_since(visit) <= 3 → +1", []int{3, 9}, 1},
		{"days_since(visit) > 1000000 → +1", nil, 1},
		{"each visit → +20 half-life 1d", []int{40}, 0},
	} {
		assert.Equal(t, c.want, scoreOf(t, "activity visit\n"+c.rules, nil, visits(c.days...)...).Score, "%s %v", c.rules, c.days)
	}
}

// TestActivityScope: outside the contacts block a log is the account's own and
// every contact's; inside, that contact's.
func TestActivityScope(t *testing.T) {
	m := compile(t, `activity visit (page text)
dimension d {
  count(visit) = 5 → +1
  count(visit by account) = 2 → +10
  each visit where page contains "pricing" → +100
}
dimension people from contacts {
  each visit → +1
  combine sum
}`)
	pricing := Activity{Type: "visit", At: testMoment, Fields: map[string]any{"page": "/pricing"}}
	r := m.Score(Account{Activities: append(visits(1), pricing), Contacts: []Contact{{ID: "a", Activities: visits(1, 2)}, {ID: "b", Activities: visits(3)}}}, testMoment)
	assert.Equal(t, 111.0, r.Dimensions[0].Points)
	assert.Equal(t, 3.0, r.Dimensions[1].Points)
}

func TestTiers(t *testing.T) {
	m := compile(t, `field n number
field k number
disqualify when k = 13 "bad luck"
dimension fit { true → +1 per n }
tiers {
  top when score >= 70 hold 5
  mid when score >= 40 hold 5
  low when score >= 10
}
tiers stage {
  big when n > 50
  small otherwise
}
grades fit { 75+: A, 50+: B, else: C }`)
	for _, c := range []struct {
		n       any
		prev    string
		tier    string
		certain bool
	}{
		{70.0, "", "top", true}, {69.99, "", "mid", true}, {69.99, "top", "top", true}, {65.0, "top", "top", true}, {64.99, "top", "mid", true},
		{36.0, "mid", "mid", true}, {34.0, "mid", "low", true}, {75.0, "mid", "top", true}, {5.0, "low", "", true}, {nil, "", "", false},
	} {
		r := m.Score(Account{Fields: map[string]any{"n": c.n, "k": 1}, PrevTier: c.prev}, testMoment)
		assert.Equal(t, c.tier, r.Tier, "%v was %s", c.n, c.prev)
		assert.Equal(t, c.certain, r.TierCertain, "%v was %s", c.n, c.prev)
	}
	r := m.Score(Account{Fields: map[string]any{"n": 80, "k": 13}}, testMoment)
	assert.Equal(t, Disqualified, r.Tier)
	assert.Equal(t, "bad luck", r.Reason)
	assert.Equal(t, 80.0, r.Score, "the score is still computed")
	assert.Equal(t, "A", r.Grade)
	stage, _ := r.Label("stage")
	assert.Equal(t, "big", stage)
	letter, _ := r.Label("fit.grade")
	assert.Equal(t, "A", letter)

	r = m.Score(Account{Fields: map[string]any{"n": 80}}, testMoment)
	assert.Equal(t, "top", r.Tier)
	assert.False(t, r.TierCertain, "an unknown disqualification makes the tier uncertain")
}

// TestHold: an account stays in its tier until a threshold is missed by more
// than the hold, whichever way the condition puts the threshold.
func TestHold(t *testing.T) {
	for _, c := range []struct {
		when        string
		stays, goes float64 // the last score that stays, and one that does not
	}{
		{"score >= 70", 65, 64.99},
		{"score > 70", 65, 64.99},
		{"70 <= score", 65, 64.99},
		{"score >= 70 and fit >= 69", 65, 64.99},
		{"score >= 99 or fit >= 70", 65, 64.99},
		{"not score < 70", 65, 64.99},
		{"not (score <= 70 or fit < 60)", 65, 64.99},
		{"score between 70 and 80", 65, 64.99},
		{"score between 10 and 80", 85, 85.01},
		{"score <= 80", 85, 85.01},
		{"not (score between 80 and 100)", 85, 85.01},
		{"score between 70 and 100 and n >= 0", 65, 64.99},
		{"fit + score >= 140", 67.5, 67.49},
		{"score - 70 >= 0", 65, 64.99},
		{"-score <= -70", 65, 64.99},
		{"score ?? 0 >= 70", 65, 64.99},
		{"(n > 0 ? score >= 70 : score >= 90)", 65, 64.99},
		{"score >= floor_of", 65, 64.99},
	} {
		m := compile(t, "param floor_of = 70\nfield n number\ndimension fit { true → +1 per n }\ntiers {\n top when "+c.when+" hold 5\n low otherwise\n}")
		at := func(n float64) string {
			return m.Score(Account{Fields: map[string]any{"n": n}, PrevTier: "top"}, testMoment).Tier
		}
		assert.Equal(t, "top", at(c.stays), c.when)
		assert.Equal(t, "low", at(c.goes), c.when)
	}
}

// TestHoldNeedsAThreshold: a hold that can relax nothing is an error, not
// silence.
func TestHoldNeedsAThreshold(t *testing.T) {
	for _, when := range []string{"n >= 70", "grade = A", "not (n < 5)", "score = 70"} {
		rs, err := Parse("h.rules", []byte("field n number\ndimension fit { true → +1 per n }\ngrades fit { 75+: A, else: B }\ntiers {\n top when "+when+" hold 5\n}"))
		require.NoError(t, err, when)
		_, err = Compile(rs)
		assertCode(t, err, dsl.CodeStructure)
	}
	m := compile(t, "field n number\ndimension fit { true → +1 per n }\ntiers {\n top when score between 40.1 and 100 hold 0.3\n}")
	r := m.Score(Account{Fields: map[string]any{"n": 39.8}, PrevTier: "top"}, testMoment)
	assert.Equal(t, "top", r.Tier, "thresholds shift in millionths")
}

// TestLogOrderNeverMatters: sums over a log are exact.
func TestLogOrderNeverMatters(t *testing.T) {
	m := compile(t, "activity buy\nsum(buy) >= 0.6 → +50\neach buy → +1 per value")
	for _, values := range [][]float64{{0.1, 0.2, 0.3}, {0.3, 0.2, 0.1}, {0.2, 0.3, 0.1}} {
		var log []Activity
		for _, v := range values {
			log = append(log, Activity{Type: "buy", At: testMoment, Value: v})
		}
		assert.Equal(t, 50.6, m.Score(Account{Activities: log}, testMoment).Score, values)
	}
	for _, values := range [][]float64{{1e12, 1e12, -1e12}, {1e12, -1e12, 1e12}, {-1e12, 1e12, 1e12}} {
		var log []Activity
		for _, v := range values {
			log = append(log, Activity{Type: "buy", At: testMoment, Value: v})
		}
		assert.Equal(t, 1_000_050.0, m.Score(Account{Activities: log}, testMoment).Score, values)
	}
}

func TestGate(t *testing.T) {
	m := compile(t, `dimension fit { a → +50 }
dimension intent { b → +60 }
tiers {
  both when fit >= 40 and intent >= 30
  one when score >= 50
  none otherwise
}`)
	for _, c := range []struct {
		fields  map[string]any
		tier    string
		certain bool
	}{
		{map[string]any{"a": true, "b": true}, "both", true},
		{map[string]any{"a": true, "b": false}, "one", true},
		{map[string]any{"a": true}, "one", false},
		{map[string]any{"a": false}, "none", false},
		{map[string]any{"a": false, "b": false}, "none", true},
		{map[string]any{"b": false}, "none", false},
	} {
		r := m.Score(Account{Fields: c.fields}, testMoment)
		assert.Equal(t, c.tier, r.Tier, c.fields)
		assert.Equal(t, c.certain, r.TierCertain, c.fields)
	}
}

func TestChanges(t *testing.T) {
	m := compile(t, `field n number
true → +1 per n
tiers {
  top when score >= 70
  mid when score >= 40
  low otherwise
}
trigger hot when tier rises to top
trigger up when tier rises
trigger down when tier falls
trigger surge when score rises by 20
trigger cooling when score falls by 20
trigger ready when score reaches 25
trigger lost when tier falls to mid`)
	other := compile(t, "field n number\ntrue → +1 per n\ntiers {\n top when score >= 70\n}")
	at := func(m *Model, n float64) Result {
		return m.Score(Account{ID: "x", Fields: map[string]any{"n": n}}, testMoment)
	}
	for _, c := range []struct {
		prev, next Result
		want       string
	}{
		{Result{}, at(m, 80), "hot"},
		{Result{}, at(m, 50), ""},
		{at(m, 80), at(m, 80), ""},
		{at(m, 50), at(m, 80), "hot up surge"},
		{at(m, 61), at(m, 80), "hot up"},
		{at(m, 80), at(m, 60), "down cooling lost"},
		{at(m, 80), at(m, 60.01), "down lost"},
		{at(m, 80), at(m, 30), "down cooling"},
		{at(m, 30), at(m, 50), "up surge"},
		{Result{At: testMoment, Score: 50, Tier: "mid"}, at(m, 80), "hot up surge"}, // of no model that is known
		{Result{At: testMoment, Score: math.NaN(), Tier: "mid"}, at(m, 80), "hot up"},
		{at(m, 24.99), at(m, 25), "ready"},
		{at(m, 25), at(m, 30), ""},
		{at(other, 50), at(m, 80), "hot up surge"},
		{at(m, 80), Result{AccountID: "x", At: testMoment, Score: math.NaN(), Tier: "top"}, ""},
		{at(m, 60), at(m, 45), ""}, // in mid as before
		{m.Score(Account{ID: "x", Fields: map[string]any{"n": 50}}, time.Time{}), at(m, 80), "hot up surge"}, // at the zero time, but of a model
	} {
		events := m.Changes(c.prev, c.next)
		var names []string
		for _, e := range events {
			names = append(names, e.Trigger)
			assert.Equal(t, "x", e.AccountID)
			assert.Equal(t, !c.prev.At.IsZero() && c.prev.ModelHash != c.next.ModelHash, e.ModelChanged)
		}
		assert.Equal(t, c.want, strings.Join(names, " "))
	}

	// A dimension that a result does not have neither rose nor fell.
	fit := compile(t, "field n number\ndimension fit { true → +1 per n }\ntrigger up when fit rises by 5\ntrigger down when fit falls by 5")
	assert.Empty(t, fit.Changes(at(m, 50), at(fit, 50)))
	assert.Empty(t, fit.Changes(at(fit, 50), at(m, 50)))
	assert.Len(t, fit.Changes(at(fit, 50), at(fit, 60)), 1)
	assert.Equal(t, Event{AccountID: "x", Trigger: "ready", On: "score", Before: 24.99, After: 25}, m.Changes(at(m, 24.99), at(m, 25))[0])
	assert.Equal(t, Event{AccountID: "x", Trigger: "hot", On: "tier", BeforeTier: "mid", AfterTier: "top"}, m.Changes(at(m, 60), at(m, 70))[0])
}

func TestScoreIntoReuses(t *testing.T) {
	m := compile(t, randomDeclarations+engagement(threaded)+`
dimension d {
  employees > 100 → +10
  industry in [Retail, Health] → +5
  each visit within 60d → +2 half-life 30d max 10
  employees → { 1-49: 0, 50+: 5 }
  best of {
    revenue > 5 → +1
    customer → +3
  }
  revenue → 0..9 over 1-100
}
grades d { 10+: A, else: B }
tiers {
  top when score >= 10
  low otherwise
}`)
	a := Account{ID: "x", Fields: map[string]any{"employees": 500, "industry": "Retail", "customer": true}, Activities: visits(1, 2),
		Contacts: people("vp@40 manager@20 ic@5")}
	// The pool of scratches is left out: the race detector empties it at random.
	var r Result
	s := m.scratch()
	score := func() {
		s.run(a, testMoment)
		s.publish(&r)
	}
	score()
	assert.Zero(t, testing.AllocsPerRun(200, score), "with a field missing")
	a.Fields["revenue"] = 50.0
	assert.Zero(t, testing.AllocsPerRun(200, score))
	assert.Equal(t, m.Score(a, testMoment), r)
}

func TestWithParam(t *testing.T) {
	const rules = "industry equals target → +30\n"
	rs, err := Parse("p.rules", []byte(rules))
	require.NoError(t, err, "what waits for options is no error of Parse")
	_, err = Compile(rs)
	assertCode(t, err, dsl.CodeParam)
	m, err := Compile(rs, WithParam("target", "Healthcare"))
	require.NoError(t, err)
	assert.Equal(t, 30.0, m.Score(Account{Fields: map[string]any{"industry": "Healthcare"}}, testMoment).Score)
	n, err := Compile(rs, WithParam("target", 7))
	require.NoError(t, err)
	assert.Equal(t, 30.0, n.Score(Account{Fields: map[string]any{"industry": 7}}, testMoment).Score, "its type follows the param's")
	assert.NotEqual(t, m.Hash(), n.Hash())
	_, err = Compile(rs, WithParam("target", "x"), WithParam("unheard_of", 1))
	assertCode(t, err, dsl.CodeParam)
	_, err = Compile(rs, WithParam("target", struct{}{}))
	assertCode(t, err, dsl.CodeParam)
}

func assertCode(t *testing.T, err error, code dsl.Code) {
	t.Helper()
	var e *dsl.Error
	require.True(t, errors.As(err, &e), "%v", err)
	assert.Equal(t, code, e.Code, "%v", err)
}

// A function that cannot be called is one error, where it is bound: that a
// condition calls it is none.
func TestWithFuncTellsOneFault(t *testing.T) {
	type celsius float64
	for want, fn := range map[string]any{
		"parameter 1 has the type int":                  func(int) int { return 1 },
		"parameter 1 has the type accountscore.celsius": func(celsius) float64 { return 1 },
		"its result has the type int":                   func(float64) int { return 1 },
		"it gives 0 results":                            func(float64) {},
		"it gives 2 results":                            func(float64) (float64, string) { return 1, "" },
		"the func is nil":                               (func(float64) float64)(nil),
		"<nil> is not a func":                           nil,
		"int is not a func":                             3,
	} {
		for _, src := range []string{
			"field n number\nf(n) > 1 → +1\n",
			"f(n) > 1 → +1\nn contains \"x\" → +2\n",
			"f(n) → +1\n",
			"field n number\nlet x = f(n) + 1\nx > 1 → +1\nf(f(n)) = US → +2\nn > 1 → +1 per f(x)\nf(n, n) → 0..5 over 1-10\n",
		} {
			_, err := Compile(mustParseLanguage(t, src), WithFunc("f", fn))
			var list dsl.ErrorList
			require.ErrorAs(t, err, &list, src)
			require.Len(t, list, 1, "%s\n%v", src, err)
			assert.Equal(t, dsl.CodeFunction, list[0].Code)
			assert.Contains(t, list[0].Message, want)
			assert.Contains(t, list[0].Fix, "float64, string, bool, []string and time.Time")
		}
	}
	// What else is wrong is told beside it.
	_, err := Compile(mustParseLanguage(t, "field n number\nf(g(n)) > 1 → +1\n"), WithFunc("f", nil))
	var list dsl.ErrorList
	require.ErrorAs(t, err, &list)
	assert.Len(t, list, 2, "%v", err)
}

func TestWithFunc(t *testing.T) {
	const rules = "field domain text\nfield n number\nis_free_mail(domain) → -20\ntier_of(n, 2) > 3 → +1\n"
	rs, err := Parse("f.rules", []byte(rules))
	require.NoError(t, err)
	_, err = Compile(rs)
	assertCode(t, err, dsl.CodeFunction)
	free := WithFunc("is_free_mail", func(s string) bool { return s == "gmail.com" })
	m, err := Compile(rs, free, WithFunc("tier_of", func(a, b float64) (float64, error) {
		switch a {
		case 1:
			return 0, errors.New("no")
		case 2:
			panic("no")
		}
		return a * b, nil
	}))
	require.NoError(t, err)
	for _, c := range []struct {
		fields  map[string]any
		score   float64
		unknown int
	}{
		{map[string]any{"domain": "gmail.com", "n": 2.5}, -19, 0},
		{map[string]any{"domain": "acme.com", "n": 1.5}, 0, 0},
		{map[string]any{"domain": "acme.com", "n": 1}, 0, 1},
		{map[string]any{"domain": "acme.com", "n": 2}, 0, 1},
		{nil, 0, 2},
	} {
		r := m.Score(Account{Fields: c.fields}, testMoment)
		assert.Equal(t, c.score, r.Score, c.fields)
		assert.Equal(t, c.unknown, r.Unknown, c.fields)
	}
	for _, fn := range []any{nil, 5, func() {}, func(int) bool { return true }, func(string) (bool, string) { return true, "" }, func(string) int { return 1 }, (func(string) bool)(nil)} {
		_, err := Compile(rs, WithFunc("is_free_mail", fn))
		assertCode(t, err, dsl.CodeFunction)
	}
	_, err = Compile(rs, free, WithFunc("tier_of", func(s string) float64 { return 0 }))
	assertCode(t, err, dsl.CodeFunction)
}

func TestFieldsAndRuleset(t *testing.T) {
	m := compile(t, "field a number\nfield b text\nfield unread bool\nlet double = a * 2\ndimension d {\n big: double > 4 → +1\n a > 1 and b = X → +2\n}\ntiers {\n top when b = X\n}")
	got := map[string][]string{}
	var order []string
	for f, rules := range m.Fields() {
		order = append(order, f.Name)
		got[f.Name] = rules
	}
	assert.Equal(t, []string{"a", "b", "unread"}, order)
	assert.Equal(t, map[string][]string{"a": {"let double", "d.big", "d.2"}, "b": {"d.2", "tier top"}, "unread": nil}, got)

	rs := m.Ruleset()
	rs.Fields[0].Name, rs.Dimensions[0].Items[0].Rule.Points = "changed", 99
	assert.Equal(t, "a", m.Ruleset().Fields[0].Name)
	assert.Equal(t, 1.0, m.Ruleset().Dimensions[0].Items[0].Rule.Points)
}

func TestVerify(t *testing.T) {
	m := compile(t, `field n number stale after 9d
activity visit (page text)
dimension d {
  n > 1 → +10
  each visit where page = "/x" → +1.005
}
dimension people from contacts {
  field lead_score number
  score lead_score
}
tiers {
  top when score >= 10
  low otherwise
}
case "holds" at 2026-10-10 {
  n = 5 as of 2026-01-01
  did visit (page = "/x") on 2026-10-01 x 3
  contact ann { lead_score = 12 }
  expect score 25.02, d 13.015, tier top, engaged_contacts 1, unknown 0
}
case "does not" {
  n = null
  was top
  expect score 7, tier top, low 0, high 10, unknown 1
}`)
	results := m.Verify()
	require.Len(t, results, 2)
	assert.True(t, results[0].Passed(), "%v", results[0].Failures)
	var got []string
	for _, f := range results[1].Failures {
		got = append(got, f.String())
	}
	assert.Equal(t, []string{"score: wanted 7, got 0", `tier: wanted "top", got "low"`}, got)
	assert.Equal(t, 21, results[1].Pos.Line)
	responsible := results[1].Failures[0].Rules
	require.Len(t, responsible, 2)
	assert.Equal(t, []any{"d.1", StateUnknown, "d.2", StateFailed}, []any{responsible[0].ID, responsible[0].State, responsible[1].ID, responsible[1].State})

	coverage := m.CaseCoverage()
	require.Len(t, coverage, 2)
	assert.Equal(t, RuleCoverage{Rule: "d.1", Pos: coverage[0].Pos, Text: "n > 1 → +10", True: 1, Unknown: 1}, coverage[0])
	assert.Equal(t, RuleCoverage{Rule: "d.2", Pos: coverage[1].Pos, Text: "each visit where page = \"/x\" → +1.005", True: 1, False: 1}, coverage[1])
	assert.Equal(t, 4, coverage[0].Pos.Line)
}

func TestMustCompile(t *testing.T) {
	assert.Panics(t, func() {
		MustCompile(&Ruleset{Dimensions: []Dimension{{Name: "d", Items: []Item{{Rule: &Rule{When: F("n >")}}}}}})
	})
}

// TestRulesetInGo builds a ruleset without any text.
func TestRulesetInGo(t *testing.T) {
	rs := &Ruleset{Dimensions: []Dimension{{Name: "fit", Items: []Item{
		{Rule: &Rule{When: F("employees >= 1000"), Points: 50}},
		{Rule: &Rule{When: F("industry in [Retail]"), Points: 5}},
	}}}}
	m, err := Compile(rs)
	require.NoError(t, err)
	assert.Equal(t, 55.0, m.Score(Account{Fields: map[string]any{"employees": 1000, "industry": "Retail"}}, testMoment).Score)

	rs.Dimensions[0].Items[0].Rule.When = F("employees >= ")
	rs.Dimensions[0].Items[1].Rule.When = F("employees = Retail → +1000\nfoo")
	_, err = Compile(rs)
	var list dsl.ErrorList
	require.True(t, errors.As(err, &list))
	assert.GreaterOrEqual(t, len(list), 2, "every error at once: %v", err)
	_, err = Compile(nil, nil)
	assertCode(t, err, dsl.CodeStructure)
}

func TestZeroValuesAreUseful(t *testing.T) {
	m := MustCompile(&Ruleset{})
	r := m.Score(Account{}, time.Time{})
	assert.Zero(t, r.Score)
	assert.Empty(t, r.Tier)
	assert.Empty(t, m.Changes(Result{}, r))
	assert.Empty(t, m.ContactScores(nil, Account{Contacts: []Contact{{ID: "a"}}}, testMoment))
	assert.Equal(t, 1, m.Score(Account{Contacts: []Contact{{ID: "a"}}}, testMoment).Contacts)
	assert.Empty(t, slices.Collect(func(yield func(string) bool) {
		for f := range m.Fields() {
			if !yield(f.Name) {
				return
			}
		}
	}))
}

// TestHasWordList: of a list of words any will do, and a word is a whole one.
func TestHasWordList(t *testing.T) {
	m := compile(t, `field title text ignoring case
field tags list
param seniors = [CEO, "Vice President"]
title has word [VP, Director, "Head of"] → +1
not title has word ["VP"] → +10
tags has word [VP, CRM] → +100
title has word seniors → +1000
title does not have word [VP, Director] → +10000
case "vp" {
  title = "vp of sales", tags = ["CRM tool"]
  expect score 101
}
case "vice" {
  title = "Senior VICE president", tags = ["x"]
  expect score 11010
}
case "svp" {
  title = "SVP", tags = [CRMs]
  expect score 10010
}`)
	for _, c := range m.Verify() {
		assert.True(t, c.Passed(), "%s: %v", c.Name, c.Failures)
	}
}
