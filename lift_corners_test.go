package accountscore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// TestLiftRangesHoldTogether: what a path says of several fields holds for every
// choice of values, also where they are computed with together.
func TestLiftRangesHoldTogether(t *testing.T) {
	const perHead = "field revenue number actionable\nfield emp number actionable\nlet perhead = revenue / emp\n"
	for _, tt := range []struct {
		name, src string
		fields    map[string]any
		want      string
	}{
		{"a quotient that is bounded on one side", perHead + "perhead >= 100 → +50\nrevenue >= 1000 → +10\nemp >= 2 → +10\ntiers { top when score >= 70\n low otherwise }", nil,
			"fill revenue with 1,000 or more, and fill emp with 2 to 10: score 70, tier top"},
		{"a quotient that is bounded on both sides", perHead + "perhead between 100 and 200 → +50\nrevenue >= 1000 → +10\nemp >= 2 → +10\ntiers { top when score >= 70\n low otherwise }", nil,
			"fill revenue with 1,000, and fill emp with 5 to 10: score 70, tier top"},
		{"a sum", "field a number\nfield b number\na + b between 10 and 20 → +50\na >= 1 → +10\nb >= 1 → +10\ntiers { top when score >= 70\n low otherwise }", nil,
			"fill a with 1 to 11, and fill b with 9: score 70, tier top"},
		{"texts", "field plan text one of [a, b]\nfield size text one of [x, y]\nplan = size → +1\nplan = a and size = x → +10\nplan = b and size = y → +10\ntiers { top when score >= 10\n low otherwise }", nil,
			"fill plan with \"a\", and fill size with \"x\": score 10, tier top"},
		{"a number within the range of another", "field a number\nfield b number\na >= 1 → +10\nb >= 1 → +10\na = 5 and b > 7 → -20\ntiers { top when score >= 20\n low otherwise }", nil,
			"fill a with 1 or more, and fill b with 1 to 7: score 20, tier top"},
		{"many numbers, two at a time", manyCorners(), nil,
			"fill a with 1 or more, fill b with 1 or more, and fill c with 1 to 7: score 30, tier top"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, tt.src)
			paths := checkPaths(t, m, m.Explain(Account{Fields: tt.fields}, testMoment), "top")
			require.Equal(t, tt.want, paths[0].String())
		})
	}
}

// manyCorners are three fields each of which is compared with so many numbers
// that to try all of them together would take all the work of a search.
func manyCorners() string {
	var b strings.Builder
	b.WriteString("field x number fixed\n")
	for _, f := range []string{"a", "b", "c"} {
		fmt.Fprintf(&b, "field %s number\n%[1]s >= 1 → +10\n", f)
		for i := range 10 {
			fmt.Fprintf(&b, "%s > %d and x > %d → +1\n", f, 10*i+2, i)
		}
	}
	b.WriteString("b = 5 and c > 7 → -20\ntiers { top when score >= 30\n low otherwise }")
	return b.String()
}

// TestLiftComesAndGoes: where what does comes and goes with every number, a path
// says of no other that it does.
func TestLiftComesAndGoes(t *testing.T) {
	for _, test := range []string{"n % 2 = 1 and n > 100", "n % 2 != 1 and n >= 100", "floor(n / 2) * 2 = floor(n) and n >= 100"} {
		m := compile(t, "field n number\n"+test+" → +10\ntiers { top when score >= 10\n low otherwise }")
		paths := checkPaths(t, m, m.Explain(Account{}, testMoment), "top")
		c := paths[0].Changes[0]
		require.Equal(t, dsl.NumberValue, c.Min.Kind, test)
		require.Equal(t, c.To, c.Min, test)
		require.Equal(t, c.To, c.Max, test)
	}
}

// TestLiftOpenEnd: beyond a bound that does not do itself, the value that is
// tried is the next that people would name.
func TestLiftOpenEnd(t *testing.T) {
	for _, tt := range []struct {
		test string
		from float64
		want string
		to   float64
	}{
		{"n < 0.0005", 500, "bring n from 500 to less than 0.0005: score 10, tier top", 0},
		{"n > 0.0005", -500, "bring n from -500 to more than 0.0005: score 10, tier top", 1},
		{"n < 10.5", 500, "bring n from 500 to less than 10.5: score 10, tier top", 10},
		{"n < 10", 500, "bring n from 500 to less than 10: score 10, tier top", 9},
		{"n > 0.25 and n < 0.5", 500, "bring n from 500 to more than 0.25 and less than 0.5: score 10, tier top", 0.4},
	} {
		m := compile(t, "field n number actionable\n"+tt.test+" → +10\ntiers { top when score >= 10\n low otherwise }")
		paths := checkPaths(t, m, m.Explain(Account{Fields: map[string]any{"n": tt.from}}, testMoment), "top")
		require.Equal(t, tt.want, paths[0].String())
		require.Equal(t, tt.to, paths[0].Changes[0].To.Number, tt.test)
	}
}

// TestLiftCountsOn: points that a number goes on to take beyond all that it is
// compared with bound what does.
func TestLiftCountsOn(t *testing.T) {
	m := compile(t, "field n number enrichable\nfield vip bool fixed\nvip → +20\nvip → +8 per n\ntiers { top when score >= 10\n low otherwise }")
	paths := checkPaths(t, m, m.Explain(Account{Fields: map[string]any{"n": -3, "vip": true}}, testMoment), "top")
	require.Equal(t, "find n to be -1 or more instead of -3: score 12, tier top", paths[0].String())
}

// TestLiftWrittenEnds: where a range ends at a number that comes of the rounding
// of points, the end that is said is one that people write, and does.
func TestLiftWrittenEnds(t *testing.T) {
	for _, tt := range []struct{ rules, want string }{
		{"a > -100 → +10\na > -1000 → -3.3333 per a", "fill a with more than -1,000 and at most 0: score 10, tier top"},
		{"a > -100 → +10\na < 0.001 → -1 per a\na < -0.0005 → -5", "fill a with -0.0005 or more: score 10, tier top"},
		{"a > 1.0123 → +10", "fill a with more than 1.0123: score 10, tier top"},
		{"a / 7 > 0.3333 → +10", "fill a with more than 2.3331: score 10, tier top"},
	} {
		m := compile(t, "field a number\n"+tt.rules+"\ntiers { top when score >= 10\n low otherwise }")
		paths := checkPaths(t, m, m.Explain(Account{}, testMoment), "top")
		require.Equal(t, tt.want, paths[0].String())
	}
}
