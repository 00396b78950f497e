package accountscore

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/accountscore/accountscore/internal/micro"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// randomModel compiles a random ruleset.
func randomModel(t testing.TB, r randomRules) (*Model, string) {
	src := r.ruleset()
	rs, err := Parse("random.rules", []byte(src))
	require.NoError(t, err, src)
	m, err := Compile(rs)
	require.NoError(t, err, src)
	return m, src
}

// TestRangeIsSound holds Low ≤ Score ≤ High, and that learning a missing value
// never leaves the range nor widens it.
func TestRangeIsSound(t *testing.T) {
	for seed := range uint64(400) {
		r := newRandom(seed)
		m, src := randomModel(t, r)
		for range 15 {
			checkRange(t, r, m, src)
		}
	}
	for seed := range uint64(300) {
		r := newWild(seed)
		m, src := randomModel(t, r)
		for range 8 {
			checkRange(t, r, m, src)
		}
	}
}

func checkRange(t testing.TB, r randomRules, m *Model, src string) {
	a := r.account(r.IntN(3) == 0)
	was := m.Score(a, testMoment)
	require.LessOrEqual(t, was.Low, was.Score, "%s\n%+v", src, a)
	require.LessOrEqual(t, was.Score, was.High, "%s\n%+v", src, a)
	for _, f := range r.Perm(len(r.fields())) {
		name := r.fields()[f]
		if !missingField(m, a, name) {
			continue
		}
		a.Fields = cloned(a.Fields)
		a.Fields[name] = r.value(name)
		delete(a.Refreshed, name)
		is := m.Score(a, testMoment)
		require.GreaterOrEqual(t, is.Low, was.Low, "learning %s = %v\n%s\n%+v", name, a.Fields[name], src, a)
		require.LessOrEqual(t, is.High, was.High, "learning %s = %v\n%s\n%+v", name, a.Fields[name], src, a)
		if was.TierCertain && a.PrevTier == "" {
			require.Equal(t, was.Tier, is.Tier, "a certain tier\n%s\n%+v", src, a)
		}
		was = is
	}
}

// TestStranger looks for a text that is like none of the others, case ignored
// or not, long and short.
func TestStranger(t *testing.T) {
	kelvin := "\u212A\u212A\u212A\u212A"
	for _, texts := range [][]string{{}, {"another"}, {"ANOTHER"}, {"ANOTHE\u017F", "anothesxx"}, {kelvin, "anotherkkkkx", "another" + kelvin + "x"}, {"\xff\xfe\xfd", "another\xff"}} {
		other := stranger(texts)
		for _, s := range texts {
			require.False(t, strings.EqualFold(s, other), "%q %q", s, other)
		}
	}
	// The range knows that the text may be any other.
	m := compile(t, "field c text ignoring case\nc = \"A"+kelvin+"\" → +1\nc = \"anotherakkkkx\" → +2\nc != \"anotherakkkkx\" and c != \"akkkk\" → -5\n")
	r := m.Score(Account{}, testMoment)
	require.Equal(t, [2]float64{-5, 2}, [2]float64{r.Low, r.High})
}

func missingField(m *Model, a Account, name string) bool {
	s := m.scratch()
	defer m.release(s)
	s.load(&a, testMoment)
	i := slices.IndexFunc(m.fields, func(f field) bool { return f.Name == name })
	return m.fields[i].read && s.env.Accounts[i].State.Missing()
}

func cloned(m map[string]any) map[string]any {
	c := map[string]any{}
	for k, v := range m {
		c[k] = v
	}
	return c
}

// TestRangeIsTight tries every class of one missing field by brute force: the
// ends of the range are scores that the account can come to.
func TestRangeIsTight(t *testing.T) {
	for _, c := range []struct{ field, rules string }{
		{"employees", "employees > 100 → +10\nemployees > 500 → +20\nemployees < 50 → -5"},
		{"employees", "employees > 100 → +10 else -3\nemployees in [7, 9] → +40\nemployees <= 100 → +10"},
		{"employees", "employees → { 1-49: 0, 50-999: +20, 1000+: +50, missing: +5 }\nemployees >= 1000 → -50"},
		{"employees", "employees → 0..50 over 100-600\nemployees > 300 → -30"},
		{"employees", "employees → 0..50 over 100-600\nemployees → 30..0 over 50-200"},
		{"employees", "sum of max 10 {\n employees → 0..20 over 0-10\n}\nemployees → 10..0 over 0-10"},
		{"employees", "best of {\n employees → 0..20 over 0-40\n employees → 20..0 over 0-40\n employees > 30 → +12\n}\nemployees → 0..5 over 0-40"},
		{"employees", "sum of max 10 min 3 {\n employees → -5..20 over 0-100\n}\nsum of max 4 {\n employees → 9..0 over 0-300\n}"},
		{"employees", "best of {\n employees > 100 → +10\n employees > 500 → +20\n}\nemployees > 500 → -20"},
		{"employees", "first of {\n employees > 500 → +5\n employees > 100 → +10\n}\nemployees is missing → +7"},
		{"employees", "sum of max 25 {\n employees > 100 → +10\n employees > 500 → +20\n}\nemployees ?? 200 > 150 → +1"},
		{"employees", "revenue > 10 and employees > 100 → +10\nemployees < 100 → +10\nnot (employees > 500 or revenue > 99) → +1"},
		{"employees", "employees != 100 → +10\nemployees = 100 → +10"},
		{"seats", "seats >= 10 → +10\nseats < 10 → +4\nseats > 100 → +90"},
		{"customer", "customer → +10\nnot customer → +10 else -2"},
		{"customer", "customer = false → +10\n(customer ? revenue > 5 : revenue > 500) → +4"},
		{"industry", "industry = Retail → +10\nindustry in [Retail, Health] → -10\nindustry != Retail → +3"},
		{"industry", "industry → { Retail: 5, Health: 7, else: 2 }\nindustry = Health → -7"},
		{"plan", "plan = Free → +5\nplan != Free → +6"},
		{"country", "country in [us, DE] → +5\ncountry not in [US, de] → +6"},
	} {
		m := compile(t, randomDeclarations+"score round 6\ndimension d {\n"+c.rules+"\n}\n")
		a := Account{Fields: map[string]any{"revenue": 50, "seats": 5, "employees": 70, "plan": "Free", "industry": "Retail", "country": "FR", "customer": true}}
		delete(a.Fields, c.field)
		r := m.Score(a, testMoment)
		low, high := r.Score, r.Score
		for _, v := range bruteForce(c.field) {
			a.Fields[c.field] = v
			got := m.Score(a, testMoment).Score
			low, high = min(low, got), max(high, got)
		}
		// Where ramps go both ways, rounding may cost a millionth each.
		require.InDelta(t, low, r.Low, 3.5e-6, c.rules)
		require.InDelta(t, high, r.High, 3.5e-6, c.rules)
		require.True(t, r.Low <= low && high <= r.High, c.rules)
	}
}

// TestPerHoldsToItsCondition tries values of the missing fields by brute force:
// a "per" counts for those alone for which its rule's condition holds, and its
// range is as wide as what the rule can earn.
func TestPerHoldsToItsCondition(t *testing.T) {
	for rules, want := range map[string][2]float64{
		"seats > 0 → +1 per seats max 10":                                           {0, 10},
		"seats >= 5 → +1 per seats max 10":                                          {0, 10},
		"seats between 2 and 8 → +1 per seats":                                      {0, 8},
		"2 <= seats < 8 → -1.5 per seats":                                           {-12, 0},
		"seats in [3, 7] → +1 per seats":                                            {0, 7},
		"seats in 3-7 → +1 per seats":                                               {0, 7},
		"not (seats <= 0) → +1 per seats max 10":                                    {0, 10},
		"not (seats < 0 or seats > 6) → +1 per seats":                               {0, 6},
		"seats >= 0 and seats != 0 → +1 per seats max 10":                           {0, 10},
		"not (seats between 0 and 100) → +1 per seats max 10 min -5":                {-5, 10},
		"not (seats between -100 and 8) and seats > -4 → +1 per seats max 10 min 2": {0, 10},
		"(seats < 3 or seats > 7) and seats > 5 and seats < 9 → +1 per seats":       {0, 9},
		"0 < seats → +1 per seats max 10":                                           {0, 10},
		"seats ?? 5 > 0 → +1 per (seats ?? 5) max 10":                               {0, 10},
		"seats ?? 0 > 0 → +1 per seats max 10":                                      {0, 10},
		"seats is known and seats > 2 → +1 per (10 - seats) min -4":                 {-4, 8},
		"seats > 0 → +1 per (seats > 8 ? 8 : seats)":                                {0, 8},
		"customer → +1 per (seats > 0 ? seats : 0) max 10":                          {0, 10},
		"customer ? seats > 5 : seats > 2 → +1 per seats max 10":                    {0, 10},
		"customer and seats > 0 → +1 per seats max 10":                              {0, 10},
		"customer or seats > 0 → +1 per seats max 10 min -3":                        {-3, 10},
		"seats > 0 and heads > 0 → +1 per seats / heads max 10":                     {0, 10},
		"seats > 0 and heads >= 2 → +1 per seats * heads max 10":                    {0, 10},
		"seats > 0 and heads < 0 → +1 per seats / heads max 10 min -10":             {-10, 0},
		"heads > 0 and seats > heads → +1 per seats max 10":                         {0, 10},
		"per_head > 0 → +1 per per_head max 10":                                     {0, 10},
		"per_head > 0 and per_head < 5 → +1 per per_head":                           {0, 5},
		"some >= 0 → +1 per some":                                                   {0, 9},
		"customer or true → +1 per some":                                            {-2, 9},
		"rating > 0 → +10 per rating":                                               {0, 50},
		"rating > 9 and customer → +10":                                             {0, 0},
		"rating * 2 > 3 → -1 per rating * 2":                                        {-10, 0},
		"stack has any [a] → -1 per len(stack) min -10":                             {-10, 0},
		"seats = 5 and seats not in [5, 7] → +1 per seats":                          {0, 0},
		"seats >= 3 and seats < 3 → +1 per seats":                                   {0, 0},
		"seats <= 3 and seats > 3 → +1 per seats":                                   {0, 0},
		"stack is empty → +1 per (5 - len(stack)) min 0":                            {0, 5},
		"sure → +4": {4, 4},
		"sure and seats > 0 → +1 per seats max 9":                               {0, 9},
		"seats > 0 → +1 per (no1 ?? no2 ?? no3 ?? no4 ?? seats) max 10":         {0, 10},
		"best of {\nseats > 0 → +1 per seats max 10\nheads > 5 → +4\n}":         {0, 10},
		"first of {\nseats is missing → +3\nseats > 0 → +1 per seats max 10\n}": {0, 10},
	} {
		m := compile(t, "field seats number\nfield rating number one of [1, 2, 5]\nfield heads number\nfield customer bool\nfield stack list\nlet per_head = seats / heads\nlet some = max(-2, min(seats, 9))\n"+
			"let no1 = heads / 0\nlet no2 = heads / 0 + 1\nlet no3 = heads / 0 + 2\nlet no4 = heads / 0 + 3\nlet sure = 2 > 1\n"+
			"score round 6\ndimension d {\n"+rules+"\n}\n")
		values := []any{nil, -1e6, -50.0, -3.0, -0.5, 0.0, 0.25, 1, 2, 2.000001, 2.5, 3, 3.5, 5, 6, 7, 7.5, 7.999999, 8, 8.999999, 9, 10, 12, 101, 1e6, 9e15}
		low, high := math.Inf(1), math.Inf(-1)
		try := func(a Account) {
			r := m.Score(a, testMoment)
			require.Equal(t, walked(m, a, testMoment), r, rules)
			low, high = min(low, r.Score), max(high, r.Score)
		}
		for _, seats := range values {
			for _, heads := range values {
				for _, stack := range []any{nil, []string{}, []string{"a"}, slices.Repeat([]string{"a"}, 13)} {
					try(Account{Fields: map[string]any{"seats": seats, "heads": heads, "stack": stack, "customer": true}})
				}
				for _, rating := range []any{nil, 1, 2, 5} {
					try(Account{Fields: map[string]any{"seats": seats, "heads": heads, "customer": false, "rating": rating}})
				}
			}
		}
		r := m.Score(Account{}, testMoment)
		assert.InDelta(t, want[0], r.Low, 0, rules)
		assert.InDelta(t, want[1], r.High, 0, rules)
		assert.InDelta(t, want[0], low, 1e-5, rules)
		assert.InDelta(t, want[1], high, 1e-5, rules)
	}
}

func bruteForce(field string) []any {
	switch field {
	case "seats":
		return []any{5, 10, 25}
	case "customer":
		return []any{true, false}
	case "industry", "country":
		return []any{"Retail", "Health", "US", "de", "elsewhere"}
	case "plan":
		return []any{"Free", "Pro", "Business"}
	}
	var values []any
	for v := -5.0; v < 1100; v += 0.5 {
		values = append(values, v)
	}
	for _, v := range []float64{5, 20, 50, 100, 200, 300, 500, 600, 1000} {
		values = append(values, math.Nextafter(v, 0), math.Nextafter(v, 1e9))
	}
	return values
}

// TestOrderNeverMatters shuffles what has no order: activities and contacts.
func TestOrderNeverMatters(t *testing.T) {
	for seed := range uint64(200) {
		r := newRandom(1000 + seed)
		m, src := randomModel(t, r)
		a := r.account(false)
		was := m.Score(a, testMoment)
		r.Shuffle(len(a.Contacts), func(i, j int) { a.Contacts[i], a.Contacts[j] = a.Contacts[j], a.Contacts[i] })
		r.Shuffle(len(a.Activities), func(i, j int) { a.Activities[i], a.Activities[j] = a.Activities[j], a.Activities[i] })
		require.Equal(t, was, m.Score(a, testMoment), src)
	}
}

// TestOrderOfRules reverses the rules of a ruleset without groups: the score
// stays, to the millionth.
func TestOrderOfRules(t *testing.T) {
	for seed := range uint64(100) {
		r := newRandom(2000 + seed)
		var forward []string
		for range 12 {
			forward = append(forward, r.rule(false))
		}
		build := func(rules []string) *Model {
			src := randomDeclarations + "score round 6\ndimension d {\n"
			for _, rule := range rules {
				src += rule + "\n"
			}
			return compile(t, src+"}\n")
		}
		a := r.account(true)
		one := build(forward).Score(a, testMoment)
		slices.Reverse(forward)
		two := build(forward).Score(a, testMoment)
		require.Equal(t, micro.Of(one.Score), micro.Of(two.Score), "%v", forward)
		require.Equal(t, [2]float64{one.Low, one.High}, [2]float64{two.Low, two.High}, "%v", forward)
	}
}

// TestScoreIsReproducible scores the same account with a fresh model and with
// reused memory.
func TestScoreIsReproducible(t *testing.T) {
	for seed := range uint64(60) {
		r := newRandom(3000 + seed)
		m, src := randomModel(t, r)
		fresh := compile(t, src)
		var reused Result
		for range 10 {
			a := r.account(true)
			m.ScoreInto(&reused, a, testMoment)
			require.Equal(t, fresh.Score(a, testMoment), m.Score(a, testMoment), src)
			require.Equal(t, fresh.Score(a, testMoment).Dimensions, reused.Dimensions, src)
			require.Equal(t, m.Hash(), fresh.Hash())
		}
	}
}

// FuzzRange looks for a ruleset and an account whose range is not sound.
func FuzzRange(f *testing.F) {
	for seed := range uint64(10) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		for _, r := range []randomRules{newRandom(seed), newWild(seed)} {
			m, src := randomModel(t, r)
			for range 4 {
				checkRange(t, r, m, src)
			}
		}
	})
}
