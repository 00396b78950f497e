package accountscore

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// smallAccount is a random account for testdata/lift-small.rules.
func smallAccount(r randomRules) Account {
	put := func(fields map[string]any, name string, v any) {
		switch r.IntN(6) {
		case 0:
		case 1:
			fields[name] = nil
		default:
			fields[name] = v
		}
	}
	ago := func(days int) time.Time { return testMoment.AddDate(0, 0, -r.IntN(days)) }
	log := func(most int) (list []Activity) {
		for range r.IntN(most) {
			list = append(list, Activity{Type: r.of("visit", "visit", "webinar", "demo", "meeting"), At: ago(200), Fields: map[string]any{"page": r.of("/pricing", "/home")}})
		}
		return list
	}
	a := Account{ID: "a", Fields: map[string]any{}, Refreshed: map[string]time.Time{}, Activities: log(8)}
	put(a.Fields, "NumberOfEmployees", r.scale(3, 40, 80, 300, 800, 3000, 9000))
	put(a.Fields, "AnnualRevenue", r.scale(1e6, 1e7, 5e7, 9e7, 2e8))
	put(a.Fields, "Industry", r.of("Healthcare", "Biotech", "Banking", "Retail", "Insurance"))
	put(a.Fields, "BillingCountry", r.of("US", "DE", "UK", "FR"))
	put(a.Fields, "Tech__c", []string{r.of("Salesforce", "Epic", "SAP")})
	put(a.Fields, "pilot", r.IntN(3) == 0)
	put(a.Fields, "seats", r.IntN(150))
	put(a.Fields, "stage", r.of("none", "discovery", "proposal"))
	put(a.Fields, "LastFunding", ago(800))
	if r.IntN(3) == 0 {
		a.Refreshed["employees"] = ago(600)
	}
	for i := range r.IntN(6) {
		k := Contact{ID: fmt.Sprint("c", i), Fields: map[string]any{}, Activities: log(3)}
		put(k.Fields, "seniority", r.of("c_level", "vp", "director", "ic"))
		put(k.Fields, "role", r.of("champion", "buyer", "user"))
		put(k.Fields, "lead", r.IntN(60))
		put(k.Fields, "active", ago(150))
		a.Contacts = append(a.Contacts, k)
	}
	return a
}

// TestLiftSeldomCut: of every account of a small model all sets of few changes
// are tried. The work is counted, not timed: it is the same on
// every machine.
func TestLiftSeldomCut(t *testing.T) {
	src, err := os.ReadFile("testdata/lift-small.rules")
	require.NoError(t, err)
	m := compile(t, string(src))
	cut, sought := map[string]int{}, map[string]int{}
	for seed := range uint64(60) {
		x := m.Explain(smallAccount(randomRules{rand.New(rand.NewPCG(seed, 7)), false}), testMoment)
		for _, tier := range []string{"gold", "silver", "bronze"} {
			paths := x.LiftTo(tier)
			if len(paths) == 0 {
				continue
			}
			sought[tier]++
			if paths[0].Cut {
				cut[tier]++
			}
		}
	}
	require.Greater(t, sought["bronze"], 10)
	require.Empty(t, cut, "of gold too, to which most accounts need from four to eight changes")
}

// TestLiftProvesFewChangesTooFew: that no few changes reach is told from what
// fields, activities and contacts may bring at most, without trying each set.
func TestLiftProvesFewChangesTooFew(t *testing.T) {
	src, err := os.ReadFile("testdata/lift-small.rules")
	require.NoError(t, err)
	m := compile(t, string(src))
	x := m.Explain(Account{ID: "a"}, testMoment)
	paths := x.LiftTo("gold")
	require.True(t, paths[0].Greedy)
	require.False(t, paths[0].Cut, "two contacts have to be engaged, and fit needs two fields")
}
