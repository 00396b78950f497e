package accountscore

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shop and shopper have the fields that the rulesets of
// [TestTextsAllocateNothing] read.
type shop struct {
	Industry string    `score:"industry"`
	People   []shopper `score:",contacts"`
}

type shopper struct {
	Seniority string `score:"seniority"`
}

const shoppers = `
dimension people from contacts {
  field seniority text ignoring case
  score  10
  weight seniority { vp: 1.5, "Führung": 2, else: 1 }
  engaged at least 1 distinct by seniority
  committee by seniority { VP: 1 }
}
`

// TestTextsAllocateNothing holds every way of scoring to its promise for texts
// that are not as the ruleset writes them.
func TestTextsAllocateNothing(t *testing.T) {
	for _, src := range []string{
		`dimension d { industry = "healthcare" → +1 }`,
		`dimension d { industry in [healthcare, "Énergie", Retail] → +1 }`,
		`dimension d { industry contains "Care" → +1 }`,
		`dimension d { industry starts with "É" or industry has word "Énergie" → +1 }`,
		`dimension d { industry → { Healthcare: 5, "énergie": 7, else: 1 } }`,
		"dimension d { industry = \"healthcare\" → +1 }\ndisqualify when industry in [Gambling]",
		"dimension d { industry → { Healthcare: 5, missing: 7 } }\ntiers { top when industry in [Healthcare], low otherwise }",
		"dimension d { industry = \"healthcare\" or industry contains \"ÉN\" → +1 }\nscore min 0",
	} {
		fold := "field industry text ignoring case\n" + src + shoppers
		for _, src := range []string{fold, strings.ReplaceAll(fold, " ignoring case", "")} {
			m := compile(t, src)
			s, err := Bind[shop](m)
			require.NoError(t, err)
			for _, text := range []string{"healthcare", "Healthcare", "HEALTHCARE SERVICES", "Énergie", "Health Care Ünd",
				strings.Repeat("É", 100), strings.Repeat("É", 2000)} {
				v := shop{Industry: text}
				a := Account{Fields: map[string]any{"industry": text}}
				for _, seniority := range []string{"VP", "führung", text[:min(14, len(text))]} {
					v.People = append(v.People, shopper{seniority})
					a.Contacts = append(a.Contacts, Contact{Fields: map[string]any{"seniority": seniority}})
				}
				says := fmt.Sprintf("%s\n%.20q", src, text)
				want := m.Score(a, testMoment)
				scratch := m.scratch() // not from the pool, which the race detector empties at random
				var r Result
				none(t, says+" as maps", func() {
					scratch.run(a, testMoment)
					scratch.publish(&r)
				})
				assert.Equal(t, want, r, says)
				none(t, says+" as a struct", func() { s.b.score(scratch, &r, addressOf(&v), testMoment) })
				assert.Equal(t, want, r, says)
				k := m.Track(a, testMoment)
				values := [2]any{"other", text}
				none(t, says+" tracked", func() {
					for _, v := range values {
						k.Set("industry", v)
						k.ResultInto(&r)
					}
				})
				assert.Equal(t, want, r, says)
				if len(text) > 200 {
					continue
				}
				noneByRow(t, says+" as codes", m, a, func(t *Table, name, text string) { t.Dict(name, make([]int32, t.n), []string{text}) })
				noneByRow(t, says+" as texts", m, a, func(t *Table, name, text string) {
					texts := make([]string, t.n)
					for i := range texts {
						texts[i] = text
					}
					t.Strings(name, texts, nil)
				})
			}
		}
	}
}

func none(t *testing.T, says string, f func()) {
	t.Helper()
	f()
	assert.Zero(t, testing.AllocsPerRun(5, f), says)
}

// noneByRow scores tables of the same account many times.
func noneByRow(t *testing.T, says string, m *Model, a Account, column func(t *Table, name, text string)) {
	t.Helper()
	var kept Scores
	allocs := func(n int) float64 {
		table, people := NewTable(n), NewTable(n*len(a.Contacts))
		column(table, "industry", a.Fields["industry"].(string))
		offsets := make([]int32, n+1)
		for i := range offsets {
			offsets[i] = int32(i * len(a.Contacts))
		}
		column(people, "seniority", a.Contacts[0].Fields["seniority"].(string))
		table.Contacts(offsets, people)
		least := math.Inf(1)
		for range 3 {
			least = min(least, testing.AllocsPerRun(1, func() {
				_, err := m.ScoreTable(t.Context(), table, testMoment, Into(&kept), Workers(1))
				require.NoError(t, err)
			}))
		}
		return least
	}
	few := allocs(50)
	assert.InDelta(t, few, allocs(550), few/2+20, says)
}
