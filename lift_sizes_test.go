package accountscore

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLiftNamesSizes: of two numbers that are missing and computed with, paths
// name such as people have.
func TestLiftNamesSizes(t *testing.T) {
	for _, tt := range []struct{ name, rule, want string }{
		{"a quotient", "per >= 100k → +20", `fill revenue with 100,000 or more, and fill heads with 1: score 20, tier top`},
		{"between", "per in 100k-150k → +20", `fill revenue with 100,000 to 150,000, and fill heads with 1: score 20, tier top`},
		{"an open bound", "per > 7 → +20", `fill revenue with more than 7, and fill heads with 1: score 20, tier top`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, "field revenue number\nfield heads number\nlet per = revenue / heads\ndimension x { "+tt.rule+" }\ntiers { top when score >= 20 }")
			paths := checkPaths(t, m, m.Explain(Account{}, testMoment), "top")
			require.Len(t, paths, 1)
			assert.Equal(t, tt.want, paths[0].String())
		})
	}
}

// TestLiftNamesNumbersThatAre: no path asks for a number next to a bound of a
// quotient, which nobody has; and what it says reaches.
func TestLiftNamesNumbersThatAre(t *testing.T) {
	head := "field trucks number actionable\nfield drivers number enrichable\nfield km number\ntrucks / drivers between 0.8 and 1.2 → +15\n"
	for _, rule := range []string{
		"km / trucks > 20k and km / trucks < 90k → +10",
		"km / trucks > 20k → +10",
		"km / trucks < 90k → +10",
		"km / trucks → 0..10 over 20k-90k",
	} {
		for _, tt := range []struct {
			fields map[string]any
			want   string
		}{
			{map[string]any{"drivers": 0}, "fill trucks with 0.8 to 1.2, and find drivers to be 1 instead of 0: score 15, tier top"},
			{map[string]any{"trucks": 0}, "fill drivers with 1, and bring trucks from 0 to between 0.8 and 1.2: score 15, tier top"},
		} {
			t.Run(fmt.Sprint(rule, tt.fields), func(t *testing.T) {
				m := compile(t, head+rule+"\ntiers {\n  top when score >= 15\n  low otherwise\n}\n")
				paths := checkPaths(t, m, m.Explain(Account{Fields: tt.fields}, testMoment), "top")
				assert.Equal(t, tt.want, paths[0].String())
				tt.fields["km"] = 500_000
				m = compile(t, head+rule+"\ntiers {\n  top when score >= 15\n  low otherwise\n}\n")
				checkPaths(t, m, m.Explain(Account{Fields: tt.fields}, testMoment), "top")
			})
		}
	}
}

// TestLiftNamesWholes: of numbers that are computed with together paths try whole
// ones where whole ones do.
func TestLiftNamesWholes(t *testing.T) {
	for _, tt := range []struct {
		name, rules string
		fields      map[string]any
		want        string
		to          []float64
	}{
		{"both missing", "active / seats between 0.6 and 0.9 → +15", nil, "fill seats with 3, and fill active with 1.8 to 2.7: score 15, tier top", []float64{3, 2}},
		{"one is zero", "active / seats between 0.6 and 0.9 → +15", map[string]any{"seats": 0}, "fill active with 1.8 to 2.7, and find seats to be 3 instead of 0: score 15, tier top", []float64{2, 3}},
		{"one of them does", "active / seats between 0.8 and 1.2 → +15", nil, "fill seats with 1 to 1.25, and fill active with 1 to 1.2: score 15, tier top", []float64{1, 1}},
		{"compared with a fraction", "active / seats between 2.5 and 3 and seats < 0.5 → +15", nil, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, "field seats number enrichable\nfield active number\n"+tt.rules+"\ntiers {\n  top when score >= 15\n  low otherwise\n}\n")
			path := checkPaths(t, m, m.Explain(Account{Fields: tt.fields}, testMoment), "top")[0]
			require.True(t, path.Reached)
			if tt.want == "" {
				return
			}
			assert.Equal(t, tt.want, path.String())
			var to []float64
			for _, c := range path.Changes {
				to = append(to, c.To.Number)
			}
			assert.Equal(t, tt.to, to)
		})
	}
}

// TestLiftOwnRanges: what is tried lies in its own range also where many formulas
// read a few fields.
func TestLiftOwnRanges(t *testing.T) {
	for name, tt := range map[string]struct {
		rules, target string
		fields        map[string]any
	}{
		"seats": {`field seats number actionable
field active number enrichable
field arr number enrichable
field cost number actionable
field nps number actionable
let use = active / seats
let per_seat = arr / seats
per_seat > 500 and per_seat <= 5k → +20
(arr - cost) / arr >= 30% → +15
nps / 10 + use * 5 > 7 → +10
arr > 100k → +10
round(use * 100) in 40-59 → +6
`, "great", nil},
		"stores": {`field stores number actionable
field staff number enrichable
field sales number
field target number enrichable
field floor number
field online number
sales / stores > 300k → +15
sales / (floor * stores) >= 2k → +10
online / sales in 10%-40% → +12
(stores > 10 ? staff / stores : staff) < 20 → +6
abs(sales - target) / target < 0.05 → +8
min(stores, online / 1000) >= 5 → +5
stores % 5 = 0 → +3
stores * 100 - staff > 0 → +2
`, "great", map[string]any{"online": 6_000_000}},
	} {
		t.Run(name, func(t *testing.T) {
			m := compile(t, tt.rules+"tiers {\n  great when score >= 60\n  poor otherwise\n}\n")
			require.True(t, checkPaths(t, m, m.Explain(Account{Fields: tt.fields}, testMoment), tt.target)[0].Reached)
		})
	}
}

// TestLiftSaysBounds: what the ruleset compares a field with is said as it is.
func TestLiftSaysBounds(t *testing.T) {
	for _, tt := range []struct {
		rule string
		from float64
		want string
	}{
		{"a >= 1234567 → +10", 1_000, "find a to be 1,234,567 or more instead of 1,000: score 10, tier top"},
		{"a >= 1234567 → +10", 1_200_000, "find a to be 1,234,567 or more instead of 1.2M: score 10, tier top"},
		{"a > 1234567 → +10", 1_200_000, "find a to be more than 1,234,567 instead of 1.2M: score 10, tier top"},
		{"a <= 1234567 → +10", 2_000_000, "find a to be 1,234,567 or less instead of 2M: score 10, tier top"},
		{"a → { 0-999999: 0, 1234567+: +10 }", 1_200_000, "find a to be 1,234,567 or more instead of 1.2M: score 10, tier top"},
		{"a >= 0.1234567 → +10", 0, "find a to be 0.1234567 or more instead of 0: score 10, tier top"},
		{"a >= 0 → +3 per a max 100", 1, "find a to be 4 or more instead of 1: score 12, tier top"},
	} {
		m := compile(t, "field a number enrichable\n"+tt.rule+"\ntiers {\n  top when score >= 10\n  low otherwise\n}\n")
		paths := checkPaths(t, m, m.Explain(Account{Fields: map[string]any{"a": tt.from}}, testMoment), "top")
		assert.Equal(t, tt.want, paths[0].String(), tt.rule)
	}
}
