package accountscore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLiftCrossesPlateaus: several changes that win nothing until the last are
// found, few enough to try each set or not.
func TestLiftCrossesPlateaus(t *testing.T) {
	bools := func(names ...string) (src string) {
		for _, n := range names {
			src += "field " + n + " bool actionable\n"
		}
		return src
	}
	twelve := bools("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l")
	// So many activities that sets of four are too many to try each.
	logs, counts := "", ""
	for _, n := range []string{"q", "r", "s", "t", "u", "v", "w", "x", "y", "z"} {
		logs += "activity " + n + "a, " + n + "b, " + n + "c\n"
		for _, k := range []string{"a", "b", "c"} {
			counts += "each " + n + k + " → +0.001 max 0.002\n"
		}
	}
	for _, tt := range []struct {
		name, src string
		fields    map[string]any
		changes   int
		greedy    bool
	}{
		{"below the least score", "score min 0\nfield bad bool fixed\n" + bools("a", "b", "c", "d", "e") + "bad → -40\na → +20\nb → +20\nc → +20\nd → +20\ne → +20\ntiers { top when score >= 30\n low otherwise }",
			map[string]any{"bad": true, "a": false, "b": false, "c": false, "d": false, "e": false}, 4, false},
		{"a conjunction", bools("a", "b", "c", "d") + "a and b and c and d → +50\ntiers { top when score >= 50\n low otherwise }", nil, 4, false},
		{"below the least score, among many", "score min 0\nfield bad bool fixed\n" + twelve + logs + "bad → -60\na → +20\nb → +20\nc → +20\nd → +20\ne → +20\nf → +20\n" + counts + "tiers { top when score >= 30\n low otherwise }",
			map[string]any{"bad": true}, 5, true},
		{"a conjunction among many", twelve + logs + "a and b and c and d and e → +50\n" + counts + "tiers { top when score >= 50\n low otherwise }", nil, 5, true},
		{"a conjunction in a let, of a group that is bounded", twelve + logs + "let ready = a and b and not c and d\ndimension fit max 50 {\nsum of max 50 {\nready → +50\n}\n}\ndimension log {\n" + counts + "}\ntiers { top when fit >= 50\n low otherwise }",
			map[string]any{"c": true}, 4, true},
		{"what takes points as long as one of many holds", twelve + logs + "field base bool fixed\nbase → +50\na or b or c or d → -50\n" + counts + "tiers { top when score >= 50\n low otherwise }",
			map[string]any{"base": true, "a": true, "b": true, "c": true, "d": true}, 4, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, tt.src)
			x := m.Explain(Account{ID: "a", Fields: tt.fields}, testMoment)
			paths := checkPaths(t, m, x, "top")
			require.NotEmpty(t, paths)
			require.True(t, paths[0].Reached, "%v", paths)
			assert.Len(t, paths[0].Changes, tt.changes, "%v", paths)
			assert.Equal(t, tt.greedy, paths[0].Greedy)
		})
	}
}

// TestLiftOutOfReachIsProven: a tier is said to be out of reach only where no
// change that may be made reaches it.
func TestLiftOutOfReachIsProven(t *testing.T) {
	for _, tt := range []struct {
		name, src string
		fields    map[string]any
		want      string
	}{
		{"fixed fields", "field emp number fixed\nfield rev number fixed\nactivity visit\ndimension fit out of 100 { emp >= 1k → +60\nrev >= 10M → +40 }\ndimension intent out of 100 { each visit → +5 max 50 }\ntiers { top when fit >= 80\n low otherwise }", map[string]any{"emp": 5.0},
			"top is out of reach: nothing that may be changed brings it nearer: fit is 0: needs at least 80, short by 80; emp and rev may not be changed"},
		{"beyond what there is", "field emp number fixed\nactivity visit\ndimension fit out of 100 { emp >= 1k → +100 }\ndimension intent out of 100 { each visit → +5 max 50 }\ntiers { top when fit >= 120\n low otherwise }", nil,
			"top is out of reach: nothing that may be changed brings it nearer: fit is 0: needs at least 120, short by 120; fit is always between 0 and 100"},
		{"activities that are bounded", "field emp number fixed\nactivity visit\nemp >= 1k → +60\neach visit → +5 max 50\ntiers { top when score >= 80\n low otherwise }", map[string]any{"emp": 5.0},
			"top is out of reach: the nearest that changes bring it is still not enough: score is 50: needs at least 80, short by 30; emp may not be changed"},
		{"a text that is not tried", "field email text\nemail matches \"^(a|b|c|d)1$\" and not (email matches \"^[abc]\") → +50\ntiers { top when score >= 50\n low otherwise }", nil,
			"top: no way was found: nothing that was tried brings it nearer: score is 0: needs at least 50, short by 50"},
		{"between two ramps that cross", "field n number actionable\ndimension fit { n → 0..10 over 0-100 }\ndimension use { n → 10..0 over 0-100 }\ntiers { top when fit >= 5 and use >= 5\n low otherwise }", map[string]any{"n": 0},
			"top: no way was found: nothing that was tried brings it nearer: fit is 0: needs at least 5, short by 5"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, tt.src)
			x := m.Explain(Account{ID: "a", Fields: tt.fields}, testMoment)
			paths := checkPaths(t, m, x, "top")
			require.Len(t, paths, 1)
			assert.Equal(t, tt.want, paths[0].String())
			for _, text := range []string{x.Text(), x.Markdown(), x.HTML()} {
				if paths[0].Cut {
					assert.NotContains(t, text, "out of reach")
					assert.Contains(t, text, "here may be a way")
				} else {
					assert.NotContains(t, text, "no way was found")
				}
			}
		})
	}
}
