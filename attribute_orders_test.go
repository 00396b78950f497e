package accountscore

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAttributeSharesACap: those who exceed a cap together share its room,
// wherever they stand.
func TestAttributeSharesACap(t *testing.T) {
	for _, of := range [][2]int{{1, 0}, {2, 0}, {3, 0}, {7, 0}, {10, 0}, {11, 0}, {24, 0}, {100, 0}, {10, 500}, {3, 5000}} {
		before, after := underACap(t, of[0], of[1])
		x := attribute(t, before, after)
		require.Len(t, x.Contributions, of[0])
		for _, c := range x.Contributions {
			assert.InDelta(t, min(25, 30/float64(of[0])), c.Points, 1e-6, "%d: %s", of, c.Text)
		}
	}
}

// underACap explains an account before and after so many fields came to earn
// points under one cap, with so many contacts.
func underACap(t testing.TB, fields, contacts int) (before, after *Explanation) {
	var rules strings.Builder
	rules.WriteString("score round 6\ndimension d max 30 {\n")
	accounts := [2]Account{{Fields: map[string]any{}}, {Fields: map[string]any{}}}
	for i := range fields {
		name := fmt.Sprintf("f%02d", i)
		fmt.Fprintf(&rules, "%s > 0 → +25\n", name)
		for side := range accounts {
			accounts[side].Fields[name] = side
		}
	}
	rules.WriteString("}\ndimension people from contacts {\nscore h\n}\n")
	for i := range contacts {
		c := Contact{ID: fmt.Sprint(i), Fields: map[string]any{"h": 10}}
		for side := range accounts {
			accounts[side].Contacts = append(accounts[side].Contacts, c)
		}
	}
	m := compile(t, rules.String())
	return m.Explain(accounts[0], testMoment), m.Explain(accounts[1], testMoment)
}

// TestAttributeIsFair holds a contribution of few changes to the mean of its
// effects over all orders, each scored by itself.
func TestAttributeIsFair(t *testing.T) {
	const n = 5 // and an activity
	shared := 0
	for seed := range uint64(60) {
		r := newRandom(seed)
		m := compile(t, fmt.Sprintf(`score min 0 max %g round 6
activity visit
dimension d weight 70%% max %g {
  best of "b" {
    a > 1 → +%g
    b > 1 → +%g
  }
  c → 0..%g over 0-7
  a * d > 6 → +9
  d > 2 → -%g
  each visit → +4 max 9
  scale 50%% when e > 3
}
dimension e weight 30%% { b + c + e > 8 → +30 }`, r.scale(20, 40, 90), r.scale(10, 30, 60), r.scale(5, 20), r.scale(7, 20), r.scale(10, 33), r.scale(1, 8)))
		sides := [2]Account{{ID: "x", Fields: map[string]any{}}, {ID: "x", Fields: map[string]any{}}}
		names := strings.Split("abcde", "")
		for _, name := range names {
			for i := range sides {
				if r.IntN(6) > 0 {
					sides[i].Fields[name] = r.IntN(6)
				}
			}
		}
		for range r.IntN(4) {
			sides[1].Activities = append(sides[1].Activities, Activity{Type: "visit", At: testMoment})
		}
		score := func(made map[int]bool) float64 {
			a := Account{Fields: maps.Clone(sides[0].Fields)}
			for i, name := range names {
				if made[i] {
					if delete(a.Fields, name); sides[1].Fields[name] != nil {
						a.Fields[name] = sides[1].Fields[name]
					}
				}
			}
			if made[n] {
				a.Activities = sides[1].Activities
			}
			return m.Score(a, testMoment).Score
		}
		want, orders := make([]float64, n+1), 0
		var walk func(made map[int]bool, effects []float64)
		walk = func(made map[int]bool, effects []float64) {
			if len(made) == n+1 {
				orders++
				for i, p := range effects {
					want[i] += p
				}
				return
			}
			at := score(made)
			for i := range effects {
				if !made[i] {
					made[i] = true
					effects[i] = score(made) - at
					walk(made, effects)
					delete(made, i)
				}
			}
		}
		walk(map[int]bool{}, make([]float64, n+1))
		require.Equal(t, 720, orders)
		got := map[string]float64{}
		for _, c := range attribute(t, m.Explain(sides[0], testMoment), m.Explain(sides[1], testMoment)).Contributions {
			got[c.Field+c.Activity] = c.Points
		}
		for i, name := range append(names, "visit") {
			assert.InDelta(t, want[i]/float64(orders), got[name], 1.1e-6, "seed %d: %s", seed, name)
		}
		if len(got) > 3 {
			shared++
		}
	}
	require.Greater(t, shared, 20)
}

// TestAttributePairs: of many changes those that act on each other in pairs have
// what they have where only the two change, and one that acts alone what it does.
func TestAttributePairs(t *testing.T) {
	const pairs = 6
	seen := 0
	for seed := range uint64(40) {
		r := newRandom(seed)
		var rules, dims strings.Builder
		rules.WriteString("score round 6\ndimension d {\nalone → 0..20 over 0-7\n")
		for i := range pairs {
			switch r.IntN(3) {
			case 0:
				fmt.Fprintf(&rules, "a%d * b%d > %d → +%d\n", i, i, r.IntN(8), 1+r.IntN(20))
			case 1:
				fmt.Fprintf(&rules, "best of \"g%d\" {\na%d > 1 → +%d\nb%d > 2 → +%d\n}\n", i, i, 1+r.IntN(20), i, 1+r.IntN(20))
			default:
				fmt.Fprintf(&dims, "dimension d%d max %d {\na%d → 0..9 over 0-5\nb%d > 1 → -3 else +7\n}\n", i, 3+r.IntN(9), i, i)
			}
		}
		rules.WriteString("}\n" + dims.String())
		m := compile(t, rules.String())
		names := []string{"alone"}
		for i := range pairs {
			names = append(names, fmt.Sprint("a", i), fmt.Sprint("b", i))
		}
		before, after := map[string]any{}, map[string]any{}
		for _, name := range names {
			before[name], after[name] = r.IntN(6), r.IntN(6)
		}
		contributions := func(changed []string) map[string]float64 {
			fields := maps.Clone(before)
			for _, name := range changed {
				fields[name] = after[name]
			}
			got := map[string]float64{}
			for _, c := range attribute(t, m.Explain(Account{Fields: before}, testMoment), m.Explain(Account{Fields: fields}, testMoment)).Contributions {
				got[c.Field] = c.Points
			}
			return got
		}
		got := contributions(names)
		seen += len(got)
		assert.InDelta(t, contributions(names[:1])["alone"], got["alone"], 1e-6, seed)
		for i := 1; i < len(names); i += 2 {
			two := contributions(names[i : i+2])
			assert.InDelta(t, two[names[i]], got[names[i]], 1e-6, "seed %d: %s\n%s", seed, names[i], rules.String())
			assert.InDelta(t, two[names[i+1]], got[names[i+1]], 1e-6, "seed %d: %s\n%s", seed, names[i+1], rules.String())
		}
	}
	require.Greater(t, seen, 200)
}

// BenchmarkAttribute splits a change of few fields and of many.
func BenchmarkAttribute(b *testing.B) {
	for _, fields := range []int{3, 10, 100} {
		for _, contacts := range []int{0, 50} {
			before, after := underACap(b, fields, contacts)
			b.Run(fmt.Sprintf("%d_fields/%d_contacts", fields, contacts), func(b *testing.B) {
				for b.Loop() {
					if _, err := Attribute(before, after); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
