package accountscore

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/micro"
)

// TestTogether tells with which others each missing field waits, in cases whose
// answer is plain.
func TestTogether(t *testing.T) {
	type note struct {
		gain, loss float64
		together   string
		more, less float64
	}
	for rules, want := range map[string]map[string]note{
		"a / b > 5 → +50":                                 {"a": {together: "b", more: 50}, "b": {together: "a", more: 50}},
		"ratio > 5 → +50":                                 {"a": {together: "b", more: 50}, "b": {together: "a", more: 50}},
		"b > 0 → +1 per a / b max 50 min -20":             {"a": {together: "b", more: 50, less: 20}, "b": {together: "a", more: 50, less: 20}},
		"a > 5 and b > 5 and c > 5 → +50":                 {"a": {together: "b c", more: 50}, "b": {together: "a c", more: 50}, "c": {together: "a b", more: 50}},
		"a > 5 or b > 5 → +50":                            {"a": {gain: 50}, "b": {gain: 50}},
		"a > 5 and (b > 5 or c > 5) → +50":                {"a": {together: "b", more: 50}, "b": {together: "a", more: 50}, "c": {together: "a", more: 50}},
		"a > 5 and b > 5 → +50\na > 9 → +10":              {"a": {gain: 10, together: "b", more: 60}, "b": {together: "a", more: 60}},
		"a > 5 and b > 5 → +50\na > 9 → -10":              {"a": {loss: 10, together: "b", more: 50, less: 10}, "b": {together: "a", more: 50, less: 10}},
		"a > 5 → +50\nb > 5 → +20":                        {"a": {gain: 50}, "b": {gain: 20}},
		"first of {\na > 5 → +50\nb > 5 → +20\n}":         {"a": {gain: 50}, "b": {gain: 20}},
		"known > 5 and a > 5 and b > 5 → +50":             {"a": {}, "b": {}},
		"a > 5 and known > 0 → +50":                       {"a": {gain: 50}},
		"base > 0 → +10\nscale 300% when a > 5 and b > 5": {"a": {together: "b", more: 20}, "b": {together: "a", more: 20}},
		// A bound takes what each brings.
		"base > 0 → +1\n}\ndimension e min 0 {\nknown > 0 → -30\na > 5 → +20\nb > 5 → +20":             {"a": {together: "b", more: 10}, "b": {together: "a", more: 10}},
		"base > 0 → +1\n}\ndimension e max 0 {\nknown > 0 → +30\na > 5 → -20\nb > 5 → -20\nc > 5 → +5": {"a": {together: "b", less: 10}, "b": {together: "a", less: 10}, "c": {}},
		"b > 5 → +20\n}\ndimension e max 0 {\nknown > 0 → +30\na > 5 → -20":                            {"a": {}, "b": {gain: 20}},
		"b > 5 → +20\n}\nscore min 0\ndimension e {\nknown > 0 → -30\na > 5 → +20":                     {"a": {together: "b", more: 10}, "b": {together: "a", more: 10}},
	} {
		m := compile(t, "field a number\nfield b number\nfield c number\nfield known number\nfield base number\nlet ratio = a / b\ndimension d {\n"+rules+"\n}\n")
		x := m.Explain(Account{Fields: map[string]any{"known": 1, "base": 1}}, testMoment)
		got := map[string]note{}
		for _, n := range x.Missing {
			got[n.Field] = note{n.Gain, n.Loss, strings.Join(n.Together, " "), n.TogetherGain, n.TogetherLoss}
		}
		assert.Equal(t, want, got, rules)
	}
}

// TestTogetherOfManyFields: of fields beyond those whose scores are kept each
// waits for its own others.
func TestTogetherOfManyFields(t *testing.T) {
	var b strings.Builder
	for i := range 70 {
		fmt.Fprintf(&b, "field f%02d number\n", i)
	}
	b.WriteString("dimension d {\n")
	for i := range 35 {
		fmt.Fprintf(&b, "  f%02d > 1 and f%02d > 1 → +%d\n", i, 69-i, 1+i)
	}
	b.WriteString("}\n")
	missing := compile(t, b.String()).Explain(Account{}, testMoment).Missing
	require.Len(t, missing, 70)
	for _, n := range missing {
		i, err := strconv.Atoi(n.Field[1:])
		require.NoError(t, err)
		require.Equal(t, []string{fmt.Sprintf("f%02d", 69-i)}, n.Together, n.Field)
		require.Equal(t, [4]float64{0, 0, float64(1 + min(i, 69-i)), 0}, [4]float64{n.Gain, n.Loss, n.TogetherGain, n.TogetherLoss}, n.Field)
	}
}

// TestTogetherWithFew: a field is tried with at most ten others.
func TestTogetherWithFew(t *testing.T) {
	waiting := func(fields int) int {
		var declared, tests []string
		for i := range fields {
			declared, tests = append(declared, fmt.Sprintf("field f%02d number\n", i)), append(tests, fmt.Sprintf("f%02d > 1", i))
		}
		return len(compile(t, strings.Join(declared, "")+strings.Join(tests, " and ")+" → +9").Explain(Account{}, testMoment).Missing[0].Together)
	}
	require.Equal(t, maxTogether, waiting(maxTogether+1))
	require.Zero(t, waiting(maxTogether+2))
}

// TestTogetherIsBruteForce tries every value of the missing fields: what they
// bring alone and with others, and which others these are, is as the definition
// of FieldNote.Together says. The rules are such that their range is what they
// can come to.
func TestTogetherIsBruteForce(t *testing.T) {
	fields := []string{"a", "b", "c", "d"}
	values := []float64{0, 2, 4}
	some := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		test := func(of []string) string {
			return of[r.IntN(len(of))] + []string{" > 1", " < 3", " > 3", " = 2"}[r.IntN(4)]
		}
		// Each field is in one rule, so that rules are apart.
		shuffled := slices.Clone(fields)
		r.Shuffle(4, func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		cut := r.IntN(5)
		src := "score round 6\ndimension x" + []string{"", " max 30", " min -5"}[r.IntN(3)] + " {\n"
		for _, of := range [][]string{shuffled[:cut], shuffled[cut:]} {
			var parts []string
			for i := range of {
				parts = append(parts, test(of[i:i+1]))
			}
			when := strings.Join(parts, []string{" and ", " or "}[r.IntN(2)])
			if len(parts) == 3 {
				when = parts[0] + " and (" + parts[1] + []string{" and ", " or "}[r.IntN(2)] + parts[2] + ")"
			}
			if len(parts) > 0 {
				src += fmt.Sprintf("%s → %+d\n", when, []int{50, 20, -10}[r.IntN(3)])
			}
		}
		m := compile(t, "field a number\nfield b number\nfield c number\nfield d number\n"+src+"}\n")
		known := map[string]any{}
		for _, f := range fields {
			if r.IntN(4) == 0 {
				known[f] = values[r.IntN(3)]
			}
		}
		// The least and the most with some fields known, by trying their values.
		var ends func(known map[string]any, open []string) (low, high micro.M)
		ends = func(known map[string]any, open []string) (low, high micro.M) {
			if len(open) == 0 {
				at := micro.Of(m.Score(Account{Fields: known}, testMoment).Score)
				return at, at
			}
			low, high = math.MaxInt64, math.MinInt64
			for _, v := range append([]any{nil}, values[0], values[1], values[2]) {
				with := cloned(known)
				with[open[0]] = v
				l, h := ends(with, open[1:])
				low, high = min(low, l), max(high, h)
			}
			return low, high
		}
		margin := func(f string, with []string) (gain, loss micro.M) {
			l, h := ends(known, with)
			low, high := ends(known, append(slices.Clone(with), f))
			return high - h, l - low
		}
		x := m.Explain(Account{Fields: known}, testMoment)
		for _, n := range x.Missing {
			at, _ := ends(known, nil)
			low, high := ends(known, []string{n.Field})
			require.Equal(t, [2]float64{(high - at).Float(), (at - low).Float()}, [2]float64{n.Gain, n.Loss}, "%s\n%s %v", n.Field, src, known)
			var with []string
			beside := shuffled[:cut]
			if !slices.Contains(beside, n.Field) {
				beside = shuffled[cut:]
			}
			for _, f := range fields {
				if _, ok := known[f]; !ok && f != n.Field && slices.Contains(beside, f) {
					with = append(with, f)
				}
			}
			gain, loss := margin(n.Field, with)
			for _, more := range []bool{true, false} {
				for i := len(with) - 1; i >= 0; i-- {
					less := slices.Delete(slices.Clone(with), i, i+1)
					g, l := margin(n.Field, less)
					if more && g+l > gain+loss && g >= gain && l >= loss || !more && g >= gain && l >= loss {
						with, gain, loss = less, g, l
					}
				}
			}
			if len(with) == 0 {
				with = nil
			}
			require.Equal(t, with, n.Together, "%s\n%s %v", n.Field, src, known)
			if len(with) > 0 {
				low, high := ends(known, append(with, n.Field))
				require.Equal(t, [2]float64{(high - at).Float(), (at - low).Float()}, [2]float64{n.TogetherGain, n.TogetherLoss}, "%s\n%s %v", n.Field, src, known)
				some++
			}
		}
	}
	require.Greater(t, some, 100)
}

// TestTogetherIsBounded takes the first ten of many fields.
func TestTogetherIsBounded(t *testing.T) {
	t.Run("work", func(t *testing.T) {
		var src strings.Builder
		for i := range 500 {
			fmt.Fprintf(&src, "field f%d number\n", i)
		}
		src.WriteString("dimension fit {\n")
		for i := range 2000 {
			fmt.Fprintf(&src, "f%d + f%d > 5 and f%d > 3 → +1 per f%d max 2\n", i%500, (i*7+1)%500, (i*13+2)%500, i%500)
		}
		src.WriteString("}\n")
		missing := compile(t, src.String()).Explain(Account{}, testMoment).Missing
		require.Len(t, missing, 500)
		require.NotEmpty(t, missing[0].Together)
		require.Empty(t, missing[499].Together, "the work has a bound")
		require.False(t, missing[499].Untried)
	})
	var fields, tests strings.Builder
	for i := range 40 {
		fmt.Fprintf(&fields, "field f%d number\n", i)
		fmt.Fprintf(&tests, " and f%d ?? 5 > 1", i)
	}
	m := compile(t, fields.String()+"field a number\na > 1"+tests.String()+" → +5\n")
	for _, n := range m.Explain(Account{}, testMoment).Missing {
		require.LessOrEqual(t, len(n.Together), maxTogether)
	}
}
