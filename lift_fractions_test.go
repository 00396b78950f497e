package accountscore

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// TestLiftFractions: numbers are as fine as the ruleset's own scale of them.
func TestLiftFractions(t *testing.T) {
	none := math.NaN()
	for name, tt := range map[string]struct {
		rules string
		tier  float64
		has   float64
		want  string
		to    float64
	}{
		"falls":              {"u → 40..0 over 0-0.2", 23, 0.12, "bring u from 0.12 to 0.085 or less: score 23, tier gold", 0.085},
		"rises":              {"u → 0..40 over 0-1", 17, 0.25, "bring u from 0.25 to 0.43 or more: score 17.2, tier gold", 0.43},
		"rises, missing":     {"u → 0..100 over 0-1", 50, none, "fill u with 0.5 or more: score 50, tier gold", 0.5},
		"less than one":      {"u → 0..5 over 0-0.3", 3, 0.03, "bring u from 0.03 to 0.18 or more: score 3, tier gold", 0.18},
		"to its end":         {"u → 0..5 over 0-0.3", 5, none, "fill u with 0.3 or more: score 5, tier gold", 0.3},
		"loss":               {"u → 200..0 over 0.3-0.9", 97, none, "fill u with 0.609 or less: score 200, tier gold", 0.3},
		"below a cut":        {"u < 0.05 → +5", 5, 0.12, "bring u from 0.12 to less than 0.05: score 5, tier gold", 0.049},
		"above a cut":        {"u > 0.5 → +5", 5, 0.12, "bring u from 0.12 to more than 0.5: score 5, tier gold", 0.51},
		"per, a fraction":    {"u > 0 → +100 per u", 50, 0.2, "bring u from 0.2 to 0.5 or more: score 50, tier gold", 0.5},
		"per, to one":        {"u > 0 → +1 per u * 100 max 100", 55, 0.1, "bring u from 0.1 to 0.55 or more: score 55, tier gold", 0.55},
		"per, whole":         {"u > 0 → +10 per u", 15, 1, "bring u from 1 to 2 or more: score 20, tier gold", 2},
		"gate and ramp":      {"u → 0..70 over 0.2-0.8\nu > 0.5 → +30", 70, 0.1, "bring u from 0.1 to 0.543 or more: score 70.02, tier gold", 0.543},
		"ratio":              {"u / 10 → 0..100 over 0-1", 45, 1, "bring u from 1 to 5 or more: score 50, tier gold", 5},
		"whole":              {"u → 0..100 over 0-10", 55, 3, "bring u from 3 to 6 or more: score 60, tier gold", 6},
		"whole, few":         {"u → 100..0 over 1-5", 60, 4, "bring u from 4 to 2 or less: score 75, tier gold", 2},
		"few, a fraction":    {"u → 100..0 over 1-5", 60, 3.7, "bring u from 3.7 to 2.6 or less: score 60, tier gold", 2.6},
		"whole, a fraction":  {"u → 0..100 over 0-100", 54.4, 12.5, "bring u from 12.5 to 55 or more: score 55, tier gold", 55},
		"very small":         {"u → 0..100 over 0-0.0002", 33, none, "fill u with 0.000066 or more: score 33, tier gold", 0.000066},
		"large":              {"u → 0..100 over 0-3M", 45, 1000, "bring u from 1,000 to 1.4M or more: score 46.67, tier gold", 1_400_000},
		"below zero":         {"u → 0..100 over -1-0", 55, -0.9, "bring u from -0.9 to -0.45 or more: score 55, tier gold", -0.45},
		"per, a part of one": {"u > 0 → +1 per u / 0.05 max 20", 11, none, "fill u with 0.55 or more: score 11, tier gold", 0.55},
		"per, a share":       {"u > 0 → +1 per u * 20 max 20", 11, 0, "bring u from 0 to 0.55 or more: score 11, tier gold", 0.55},
		"counts of points":   {"u > 0 → +7 per u max 10", 5, none, "fill u with 1 or more: score 7, tier gold", 1},
		"counts by a price":  {"u * 99 > 50 → +5", 5, none, "fill u with 1 or more: score 5, tier gold", 1},
		"counts, neighbours": {"u > 0 → +5\nu > 1 → +5\nu > 0 → +7 per u max 70", 10, 0, "bring u from 0 to 1 or more: score 12, tier gold", 1},
		"beside zero":        {"u < 0.05 → +5\n1 - u → 0..20 over 0-1", 25, none, "fill u with 0.0002 or less: score 25, tier gold", 0},
		"to beside zero":     {"u < 0.05 → +5\n1 - u → 0..20 over 0-1", 25, 0.3, "bring u from 0.3 to 0.0002 or less: score 25, tier gold", 0.0002},
		"zero by two ramps":  {"u → 5..0 over 0.05-0.1\n1 - u → 0..20 over 0-1", 25, none, "fill u with 0.0002 or less: score 25, tier gold", 0},
		"square":             {"u * u → 0..10 over 0-1", 5, 0, "bring u from 0 to 0.71 or more: score 5.04, tier gold", 0.71},
		"about zero":         {"u → 0..10 over -1-1", 7, none, "fill u with 0.4 or more: score 7, tier gold", 0.4},
		"whole past a part":  {"u < 0.5 → -3\nu > 50 → +3", 3, 7, "bring u from 7 to more than 50: score 3, tier gold", 51},
		"whole past a ramp":  {"u → 0..10 over 0-0.5\nu > 50 → +3", 13, 7, "bring u from 7 to more than 50: score 13, tier gold", 51},
		"whole down":         {"u < 0.5 → -3\nu < 50 → +3", 3, 70, "bring u from 70 to at least 0.5 and less than 50: score 3, tier gold", 49},
		"beyond whole bound": {"u > 3 → +5", 5, 1, "bring u from 1 to more than 3: score 5, tier gold", 4},
	} {
		t.Run(name, func(t *testing.T) {
			m := compile(t, fmt.Sprintf("field u number actionable\n%s\ntiers {\n  gold when score >= %g\n  low otherwise\n}\n", tt.rules, tt.tier))
			a := Account{}
			if !math.IsNaN(tt.has) {
				a.Fields = map[string]any{"u": tt.has}
			}
			paths := checkPaths(t, m, m.Explain(a, testMoment), "gold")
			require.Equal(t, tt.want, paths[0].String())
			require.Equal(t, tt.to, paths[0].Changes[0].To.Number)
		})
	}
}

// TestLiftFractionsOfContacts: numbers of contacts are whole, unless the block
// compares that number with a fraction or a ramp counts it within one. Where
// nothing tells of fractions, as in "score intent * 100", one does.
func TestLiftFractionsOfContacts(t *testing.T) {
	for name, tt := range map[string]struct{ block, tier, want string }{
		"engaged":    {"score intent * 100\n  cap 100\n  engaged at least 30", "engaged_contacts >= 1", "engage a new contact with intent 1: score 100, tier gold"},
		"more":       {"score intent * 100\n  cap 100\n  engaged at least 30", "score >= 45", "engage a new contact with intent 1: score 100, tier gold"},
		"compared":   {"score intent * 100\n  cap 100\n  engaged at least 30\n  intent >= 0.995 → +5", "score >= 45", "engage a new contact with intent 0.45: score 45, tier gold"},
		"whole":      {"score intent * 10\n  engaged at least 3", "engaged_contacts >= 1", "engage a new contact with intent 1: score 10, tier gold"},
		"clicks":     {"score clicks * 50\n  cap 50\n  engaged at least 30\n  clicks >= 3 → +5", "engaged_contacts >= 1", "engage a new contact with clicks 1: score 50, tier gold"},
		"no clicks":  {"score clicks * 50\n  cap 50\n  engaged at least 10\n  clicks > 0 → +5", "score >= 50", "engage a new contact with clicks 1: score 50, tier gold"},
		"visits":     {"score clicks * 100\n  cap 100\n  engaged at least 10", "engaged_contacts >= 1", "engage a new contact with clicks 1: score 100, tier gold"},
		"both":       {"score intent * 50 + clicks\n  cap 50\n  engaged at least 0.4", "engaged_contacts >= 1", "engage a new contact with intent 1 and clicks 1: score 50, tier gold"},
		"sum":        {"score intent * 100\n  cap 100\n  engaged at least 0.4\n  combine sum", "score >= 20", "engage a new contact with intent 1: score 100, tier gold"},
		"a cap of 1": {"score intent\n  cap 1\n  engaged at least 0.5", "engaged_contacts >= 1", "engage a new contact with intent 1: score 1, tier gold"},
	} {
		t.Run(name, func(t *testing.T) {
			m := compile(t, "dimension p from contacts {\n  field intent number\n  field clicks number\n  "+tt.block+"\n}\ntiers {\n  gold when "+tt.tier+"\n  low otherwise\n}\n")
			require.Equal(t, tt.want, checkPaths(t, m, m.Explain(Account{}, testMoment), "gold")[0].String())
		})
	}
	t.Run("of one of two", func(t *testing.T) {
		m := compile(t, "dimension p from contacts {\n  field intent number\n  field clicks number\n  score intent * 50 + clicks\n  cap 50\n  engaged at least 10\n}\ntiers {\n  gold when engaged_contacts >= 2\n  low otherwise\n}\n")
		x := m.Explain(Account{Contacts: []Contact{{ID: "ann", Fields: map[string]any{"intent": 0.7, "clicks": 0.0}}}}, testMoment)
		c := checkPaths(t, m, x, "gold")[0].Changes[0]
		require.Equal(t, 0.18, literalOf(c.With, "intent").Number)
		require.Equal(t, 1.0, literalOf(c.With, "clicks").Number)
	})
	for _, tt := range []struct {
		has, want float64
	}{{0.7, 0.6}, {18.5, 1}, {1, 1}} {
		m := compile(t, "dimension p from contacts {\n  field n number\n  score n * 50\n  cap 100\n  engaged at least 30\n}\ntiers {\n  gold when engaged_contacts >= 2\n  low otherwise\n}\n")
		x := m.Explain(Account{Contacts: []Contact{{ID: "ann", Fields: map[string]any{"n": tt.has}}}}, testMoment)
		c := checkPaths(t, m, x, "gold")[0].Changes[0]
		require.Equal(t, dsl.Value{Kind: dsl.NumberValue, Number: tt.want}, literalOf(c.With, "n"), "beside %g", tt.has)
	}
	for block, want := range map[string]float64{"score intent * 100\n  cap 100": 1, "intent → 0..50 over 0-1": 0.9, "intent → 0..50 over 0-0.2": 0.18} {
		m := compile(t, "dimension p from contacts {\n  field intent number\n  field role text fixed\n  "+block+"\n  engaged at least 30\n}\ntiers {\n  gold when score >= 45\n  low otherwise\n}\n")
		x := m.Explain(Account{Contacts: []Contact{{ID: "ann", Fields: map[string]any{"role": "x"}}}}, testMoment)
		found := false
		for _, p := range checkPaths(t, m, x, "gold") {
			for _, c := range p.Changes {
				if c.Kind == ChangeFill && c.Contact == "ann" {
					found = true
					require.Equal(t, want, c.To.Number, block)
				}
			}
		}
		require.True(t, found, block)
	}
}

// TestLiftFractionsAreNearest: of ramps over all kinds of ranges what is proposed
// is the nearest value to what there is that reaches, within a hundredth of the
// range: no value of a fine grid that is nearer by more than that does.
func TestLiftFractionsAreNearest(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 7))
	found := 0
	for range 800 {
		size := math.Pow10(rnd.IntN(4) - 3)
		low := float64(rnd.IntN(20)) * size / 10
		width := float64(1+rnd.IntN(9)) * size
		high := low + width
		from, to := rnd.IntN(50), 10+rnd.IntN(90)
		if rnd.IntN(2) == 0 {
			from, to = to, from
		}
		rules := fmt.Sprintf("field u number actionable\nu → %d..%d over %s-%s\n", from, to, rulesNumber(low), rulesNumber(high))
		switch rnd.IntN(4) {
		case 0:
			rules += fmt.Sprintf("u > %s → +7\n", rulesNumber(low+width/2))
		case 1:
			rules += fmt.Sprintf("u < %s → +7\n", rulesNumber(low+width/4))
		}
		was := math.Round((low+width*(1.2*rnd.Float64()-0.1))*1e4) / 1e4
		if was == math.Floor(was) {
			was += size / 20
		}
		wanted := 1 + rnd.IntN(80)
		m := compile(t, fmt.Sprintf("%stiers {\n  gold when score >= %d\n  low otherwise\n}\n", rules, wanted))
		x := m.Explain(Account{Fields: map[string]any{"u": was}}, testMoment)
		reaches := func(v float64) bool {
			return m.Score(Account{Fields: map[string]any{"u": v}}, testMoment).Tier == "gold"
		}
		if reaches(was) {
			continue
		}
		const parts = 2_000
		nearest := math.Inf(1)
		for i := -parts / 2; i <= parts+parts/2; i++ {
			if v := low + width*float64(i)/parts; reaches(v) {
				nearest = min(nearest, math.Abs(v-was))
			}
		}
		paths := checkPaths(t, m, x, "gold")
		if !paths[0].Reached {
			require.True(t, math.IsInf(nearest, 1), "%s from %g to %d: %s", rules, was, wanted, paths[0])
			continue
		}
		c := &paths[0].Changes[0]
		require.Equal(t, dsl.NumberValue, c.To.Kind)
		require.True(t, reaches(c.To.Number))
		if low == math.Floor(low) && high == math.Floor(high) && width >= 10 {
			continue
		}
		found++
		require.LessOrEqual(t, math.Abs(c.To.Number-was), nearest+width/100+1e-9, "%s from %g to %d: %s", rules, was, wanted, paths[0])
	}
	require.Greater(t, found, 100)
}

// TestLiftFractionsHold: of a number that is read in fractions the bound that is
// said reaches, and one that is nearer by a hundredth of what lies between the
// ends does not: of ramps up and down, of "per" a part of one, and where scales
// make other points of them.
func TestLiftFractionsHold(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(13, 5))
	found := [5]int{}
	for range 600 {
		width := [...]float64{1, 0.5, 0.2, 0.09, 0.03, 0.004}[rnd.IntN(6)]
		share, points, form := rulesNumber(width), 20+rnd.IntN(80), rnd.IntN(len(found))
		rule := [...]string{
			fmt.Sprintf("u → 0..%d over 0-%s", points, share),
			fmt.Sprintf("u → %d..0 over 0-%s", points, share),
			fmt.Sprintf("u >= 0 → +%d per u / %s max %[1]d", points, share),
			fmt.Sprintf("u → 0..%d over 0-%s\n  scale 50%% when u < %s", points, share, rulesNumber(width/2)),
			fmt.Sprintf("u → %d..0 over 0-%s\n  scale 37%% when u >= 0", 2*points, share),
		}[form]
		m := compile(t, fmt.Sprintf("field u number actionable\ndimension d {\n  %s\n}\ntiers {\n  gold when score >= %d\n  low otherwise\n}\n", rule, 1+rnd.IntN(points)))
		a, was := Account{}, math.NaN()
		if rnd.IntN(3) > 0 {
			was = math.Round(width*rnd.Float64()*1e5) / 1e5
			a.Fields = map[string]any{"u": was}
		}
		reaches := func(v float64) bool {
			return m.Score(Account{Fields: map[string]any{"u": v}}, testMoment).Tier == "gold"
		}
		paths := checkPaths(t, m, m.Explain(a, testMoment), "gold")
		if len(paths) == 0 || !paths[0].Reached {
			continue
		}
		c, bound, nearer := &paths[0].Changes[0], 0.0, 0.0
		switch least, most := c.Min.Kind == dsl.NumberValue, c.Max.Kind == dsl.NumberValue; {
		case least && (math.IsNaN(was) || was < c.Min.Number):
			bound, nearer = c.Min.Number, c.Min.Number-width/100
		case most:
			bound, nearer = c.Max.Number, c.Max.Number+width/100
		default:
			continue
		}
		found[form]++
		require.True(t, c.Above || c.Below || reaches(bound), "%s from %g: %s", rule, was, paths[0])
		require.False(t, reaches(nearer), "%s from %g: %s: so does %g", rule, was, paths[0], nearer)
		require.Contains(t, paths[0].String(), liftValue(dsl.Value{Kind: dsl.NumberValue, Number: bound}))
		said, err := strconv.ParseFloat(liftNumber(bound), 64)
		require.NoError(t, err)
		require.True(t, c.Above || c.Below || reaches(said), "%s from %g: %s", rule, was, paths[0])
	}
	for form, n := range found {
		require.Greater(t, n, 50, "%d", form)
	}
}

// TestLiftFractionsOfContactsHold: so it is with the numbers of contacts, of what
// their score is made of and of ramps.
func TestLiftFractionsOfContactsHold(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(17, 5))
	engaged, filled := 0, 0
	for range 200 {
		width, goal := [...]float64{1, 0.5, 0.2, 0.03}[rnd.IntN(4)], 31+rnd.IntN(60)
		rule := [...]string{
			"score intent * 100\n  cap 100\n  intent >= 0.995 → +1",
			"score intent * 200\n  cap 100\n  intent >= 0.995 → +1",
			fmt.Sprintf("intent → 0..%d over 0-%s", 90+rnd.IntN(50), rulesNumber(width)),
		}[rnd.IntN(3)]
		m := compile(t, fmt.Sprintf("dimension p from contacts {\n  field intent number\n  field role text fixed\n  %s\n  engaged at least 30\n}\ntiers {\n  gold when score >= %d\n  low otherwise\n}\n", rule, goal))
		x := m.Explain(Account{Contacts: []Contact{{ID: "ann", Fields: map[string]any{"role": "x"}}}}, testMoment)
		for _, p := range checkPaths(t, m, x, "gold") {
			if len(p.Changes) != 1 {
				continue
			}
			c := p.Changes[0]
			switch {
			case c.Kind == ChangeFill:
				filled++
				if c.To.Number -= 0.01; rule[0] == 'i' {
					c.To.Number += 0.01 - width/100
				}
			case c.Kind == ChangeEngage && rule[0] == 's':
				engaged++
				i := slices.IndexFunc(c.With, func(v FieldValue) bool { return v.Field == "intent" })
				c.With = slices.Clone(c.With)
				c.With[i].Value.Number -= 0.01
			default:
				continue
			}
			require.Equal(t, "low", m.Score(x.Apply([]Change{c}), x.At).Tier, "%s: %s", rule, p)
		}
	}
	require.Greater(t, engaged, 50)
	require.Greater(t, filled, 50)
}

// rulesNumber writes a number as rulesets do.
func rulesNumber(v float64) string { return fmt.Sprintf("%g", math.Round(v*1e9)/1e9) }
