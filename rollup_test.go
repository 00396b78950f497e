package accountscore

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var testMoment = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// compile compiles a ruleset's text, or ends the test.
func compile(t testing.TB, src string, opts ...Option) *Model {
	t.Helper()
	rs, err := Parse("test.rules", []byte(src))
	require.NoError(t, err)
	m, err := Compile(rs, opts...)
	require.NoError(t, err)
	return m
}

// engagement is a contacts dimension with the given lines for how contacts
// combine.
func engagement(lines string) string {
	return `dimension engagement from contacts {
  field seniority text
  field lead_score number
  field last_active time
  field department text
  field role text
  score lead_score
  cap 100
  weight seniority { c_level: 2.0, vp: 1.5, director: 1.25, manager: 1.0, else: 0.5 }
` + lines + "\n}\n"
}

const threaded = `  combine ranked 0.8
  engaged at least 10
  bonus multi-thread 50% falling 0.5`

// people makes contacts of "seniority@score" words.
func people(words string) []Contact {
	var contacts []Contact
	for i, w := range strings.Fields(words) {
		seniority, score, _ := strings.Cut(w, "@")
		var f float64
		fmt.Sscan(score, &f)
		contacts = append(contacts, Contact{ID: fmt.Sprintf("c%02d", i), Fields: map[string]any{
			"seniority": seniority, "lead_score": f, "last_active": testMoment}})
	}
	return contacts
}

func engagementOf(m *Model, contacts []Contact) float64 {
	r := m.Score(Account{Contacts: contacts}, testMoment)
	return r.Dimensions[0].Points
}

func TestWorkedRollups(t *testing.T) {
	m := compile(t, engagement(threaded))
	for people10, want := range map[string]float64{
		"manager@40":                                  40,
		"manager@20 manager@20":                       45,
		"manager@20 manager@20 manager@20":            67.1,
		"manager@20 manager@20 manager@20 manager@20": 84.87,
		strings.Repeat("ic@4 ", 10):                   8.926258,
		"c_level@60":                                  120,
		"c_level@20 vp@20 manager@10 ic@4":            98.208,
		"":                                            0,
	} {
		assert.Equal(t, want, engagementOf(m, people(people10)), people10)
	}
}

func TestCombine(t *testing.T) {
	four := "manager@80 manager@50 manager@30 manager@20"
	for _, c := range []struct {
		combine, people string
		want            float64
	}{
		{"combine sum", four, 180},
		{"combine max", four, 80},
		{"combine top 2", four, 130},
		{"combine top 9", four, 180},
		{"combine mean", four, 45},
		{"combine weighted mean", "c_level@60 manager@30", 50},
		{"combine best 60%", four, 61.333333},
		{"combine best 60%", "manager@80", 80},
		{"combine ranked 0.5", four, 80 + 25 + 7.5 + 2.5},
		{"combine ranked 1", four, 180},
		{"", "manager@20 manager@20", 36}, // ranked 0.8 unless written, and no bonus
		{"combine sum\nbonus { 2: +10, 3: +20, 5: +30 }", four, 180 + 20},
		{"combine sum\nbonus { 2: +10, 5: +30 }\nengaged at least 50", four, 180 + 10},
		{"combine sum\nengaged at least 90\nbonus { 1: +10 }", four, 180},
	} {
		assert.Equal(t, c.want, engagementOf(compile(t, engagement(c.combine)), people(c.people)), "%s: %s", c.combine, c.people)
	}
}

func TestEngaged(t *testing.T) {
	m := compile(t, engagement(threaded+" \ncommittee by role { buyer: 1, user: 3 }"))
	contacts := people("c_level@10 vp@9.999999 manager@50 ic@20")
	contacts[0].Fields["role"] = "buyer"
	contacts[1].Fields["role"] = "user"
	contacts[2].Fields["role"] = "user"
	r := m.Score(Account{Contacts: contacts}, testMoment)
	assert.Equal(t, 4, r.Contacts)
	assert.Equal(t, 3, r.Engaged)
	assert.Equal(t, 1, r.SeniorEngaged)
	assert.Equal(t, 66.666667, r.Completeness) // buyer 1 of 1, user 1 of 3

	m = compile(t, engagement("engaged at least 10 distinct by department\ncommittee assigned by role { user: 3 }"))
	for i, d := range []any{"IT", "Finance", "IT", nil} {
		contacts[i].Fields["department"] = d
	}
	r = m.Score(Account{Contacts: contacts}, testMoment)
	assert.Equal(t, 2, r.Engaged, "IT twice, one without a department, and Finance is not engaged")
	assert.Equal(t, 66.666667, r.Completeness)
}

func TestContactDecay(t *testing.T) {
	m := compile(t, engagement("decay half-life 30d since last_active within 90d"))
	for age, want := range map[time.Duration]float64{
		0: 40, 30 * 24 * time.Hour: 20, 60 * 24 * time.Hour: 10, 59*24*time.Hour + time.Hour: 40 * 0.255843,
		90 * 24 * time.Hour: 5, 90*24*time.Hour + time.Microsecond: 0, -time.Hour: 0,
	} {
		c := people("manager@40")
		c[0].Fields["last_active"] = testMoment.Add(-age)
		assert.InDelta(t, want, engagementOf(m, c), 1e-5, age)
	}
	c := people("manager@40")
	delete(c[0].Fields, "last_active")
	assert.Zero(t, engagementOf(m, c), "no date")
}

func TestContactRulesAndSignals(t *testing.T) {
	m := compile(t, `activity visit
dimension engagement from contacts {
  field seniority text
  field last_active time
  decay half-life 30d since last_active
  seniority = VP → +40
  seniority is missing → +7
  each visit within 90d → +10 half-life 30d max 15
}`)
	old := testMoment.AddDate(0, 0, -30)
	a := Account{Contacts: []Contact{
		{ID: "a", Fields: map[string]any{"seniority": "VP", "last_active": old},
			Activities: []Activity{{Type: "visit", At: old}, {Type: "visit", At: old}, {Type: "visit", At: old}, {Type: "visit", At: old}}},
		{ID: "b"},
	}}
	scores := m.ContactScores(nil, a, testMoment)
	require.Len(t, scores, 2)
	assert.Equal(t, ContactScore{ID: "a", Score: 40*0.5 + 15, Weight: 1, Weighted: 35, Rank: 1, Share: 35, Engaged: true}, scores[0])
	assert.Equal(t, ContactScore{ID: "b", Weight: 1, Rank: 2}, scores[1], "without a date nothing is left")
}

// TestRollupTheorems holds the theorems of the language over random settings
// and contacts, before the dimension's clamp.
func TestRollupTheorems(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	seniorities := []string{"c_level", "vp", "director", "manager", "ic"}
	for range 150 {
		d, β, ρ := float64(r.IntN(11))/10, float64(r.IntN(20))/10, float64(r.IntN(10))/10
		threshold := float64(r.IntN(30))
		for _, combine := range []string{fmt.Sprintf("ranked %g", d), "sum", fmt.Sprintf("top %d", 1+r.IntN(5)), "max", "mean", "weighted mean", "best 60%"} {
			m := compile(t, engagement(fmt.Sprintf("combine %s\nengaged at least %g\nbonus multi-thread %g%% falling %g", combine, threshold, β*100, ρ)))
			var words []string
			for range r.IntN(12) {
				words = append(words, fmt.Sprintf("%s@%g", seniorities[r.IntN(5)], float64(r.IntN(100_000))/1000))
			}
			contacts := people(strings.Join(words, " "))
			was := engagementOf(m, contacts)

			// For all: order never matters.
			shuffled := slices.Clone(contacts)
			r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			require.Equal(t, was, engagementOf(m, shuffled), combine)

			// Adding a contact, or activity, never lowers the account.
			monotone := !strings.Contains(combine, "mean") && !strings.Contains(combine, "best")
			if monotone {
				more := append(slices.Clone(contacts), people(fmt.Sprintf("%s@%d", seniorities[r.IntN(5)], r.IntN(101)))...)
				more[len(more)-1].ID = "new"
				require.GreaterOrEqual(t, engagementOf(m, more), was, combine)
				if len(contacts) > 0 {
					i := r.IntN(len(contacts))
					before := contacts[i].Fields["lead_score"].(float64)
					contacts[i].Fields["lead_score"] = min(100, before+r.Float64()*20)
					require.GreaterOrEqual(t, engagementOf(m, contacts), was, combine)
				}
			}

			// Two engaged contacts at x beat one at 2x; for ranked this holds
			// exactly where (1+d)·M(2) > 2.
			x := threshold + r.Float64()*(50-threshold)
			s := seniorities[r.IntN(5)]
			one := engagementOf(m, people(fmt.Sprintf("%s@%.6f", s, 2*x)))
			two := engagementOf(m, people(fmt.Sprintf("%s@%.6f %s@%.6f", s, x, s, x)))
			margin := 1 + β*(1-ρ)
			if strings.HasPrefix(combine, "ranked") {
				margin *= (1 + d) / 2
			} else if combine != "sum" {
				margin = 0
			}
			// A millionth of x is below what points can show.
			if x > 1 && margin > 1.00001 {
				require.Greater(t, two, one, "%s d=%g β=%g ρ=%g x=%g", combine, d, β, ρ, x)
			} else if x > 1 && margin > 0 && margin < 0.99999 {
				require.LessOrEqual(t, two, one, "%s d=%g β=%g ρ=%g x=%g", combine, d, β, ρ, x)
			}

			// Contacts below the threshold never earn a bonus.
			if threshold > 1 {
				crowd := people(strings.Repeat(fmt.Sprintf("manager@%g ", threshold-1), 1+r.IntN(20)))
				plain := compile(t, engagement("combine "+combine))
				require.Equal(t, engagementOf(plain, crowd), engagementOf(m, crowd), combine)
			}
		}
	}
}
