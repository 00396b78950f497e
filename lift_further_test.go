package accountscore

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLiftSeeksFurther tries goals whose conditions read fields themselves, and
// values that lie between those which people would try first. Each has a way,
// which is verified by scoring.
func TestLiftSeeksFurther(t *testing.T) {
	for _, tt := range []struct {
		name, src, goal string
		fields          map[string]any
		changes         int
	}{
		{"ladder over a field", "field g number\nfield k number\ndimension a { g > 1 → +11 }\ntiers stage { warm when k > 5\n cool otherwise }", "stage warm", nil, 1},
		{"ladder over a field and the score", "field g number\nfield k number\ndimension a { g > 1 → +11 }\ntiers stage { warm when k = 10 and score > 8\n cool otherwise }", "stage warm", nil, 2},
		{"four fields in a tier", "field a bool\nfield b bool\nfield c bool\nfield d bool\ndimension fit { a → +1 }\ntiers { top when a and b and c and d\n low otherwise }", "top", nil, 4},
		{"four numbers in a tier", "field a number\nfield b number\nfield c number\nfield d number\ndimension fit { a > 1 → +1 }\ntiers { top when a > 5 and b > 5 and c > 5 and d > 5\n low otherwise }", "top", nil, 4},
		{"four disqualifications", "field a bool enrichable\nfield b bool enrichable\nfield c bool enrichable\nfield d bool enrichable\nfield e number\ndimension fit { e > 1 → +1 }\ndisqualify when a\ndisqualify when b\ndisqualify when c\ndisqualify when d\ntiers { top when score >= 0 }",
			"top", map[string]any{"a": true, "b": true, "c": true, "d": true, "e": 5.0}, 4},
		{"interval of a quotient", "field revenue number\nfield employees number\nlet per_head = revenue / employees\ndimension a { per_head between 20k and 50k → +30 }\ntiers { top when score >= 30\n low otherwise }", "top", map[string]any{"employees": 100.0}, 1},
		{"value of a product", "field seats number\ndimension a { seats * 12 = 60 → +30 }\ntiers { top when score >= 30\n low otherwise }", "top", nil, 1},
		{"near a value", "field seats number\ndimension a { abs(seats - 300) < 20 → +30 }\ntiers { top when score >= 30\n low otherwise }", "top", nil, 1},
		{"interval of a difference", "field n number actionable\nfield k number\ndimension a { n * 2 - k between 3 and 9 → +30 }\ntiers { top when score >= 30\n low otherwise }", "top", map[string]any{"n": 11.0, "k": 7.0}, 1},
		{"interval of a difference of two that are missing", "field n number\nfield k number\ndimension a { n * 2 - k between 3 and 9 → +30 }\ntiers { top when score >= 30\n low otherwise }", "top", nil, 2},
		{"sum of two that are missing, one below a bound", "field n number\nfield k number\ndimension a { (k ?? 3) < 2 and n + k = 7 → +30 }\ntiers { top when score >= 30\n low otherwise }", "top", nil, 2},
		{"twenty-one repeats", "activity v\ndimension a { each v → +1 }\ntiers { top when score >= 21\n low otherwise }", "top", nil, 1},
		{"a hundred repeats", "activity v\ndimension a { each v → +1 }\ntiers { top when score >= 100\n low otherwise }", "top", nil, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, tt.src)
			a := Account{ID: "a", Fields: tt.fields}
			x := m.Explain(a, testMoment)
			paths := x.LiftTo(tt.goal)
			require.NotEmpty(t, paths)
			require.True(t, paths[0].Reached, "%+v", paths[0])
			assert.Len(t, paths[0].Changes, tt.changes, "%+v", paths[0])
			after := m.Score(x.Apply(paths[0].Changes), testMoment)
			if tt.goal == "stage warm" {
				assert.Equal(t, []Label{{Name: "stage", Value: "warm"}}, after.Labels)
			} else {
				assert.Equal(t, tt.goal, after.Tier)
			}
		})
	}
}

// TestLiftFromAnOpenBound: a value that stands just where reaching ends goes
// to the near end of what does.
func TestLiftFromAnOpenBound(t *testing.T) {
	m := compile(t, "field n number actionable\ndimension fit { n → { 1-2: 3, 3-4: +5, 5+: -1 } }\ntiers { top when score >= 3\n low otherwise }")
	paths := m.Explain(Account{Fields: map[string]any{"n": 5.0}}, testMoment).Lift()
	require.Len(t, paths, 1)
	assert.Equal(t, 4.0, paths[0].Changes[0].To.Number)
}

// TestLiftGivesOneOfTheFewest: eight lighter paths of two changes do not hide
// one of a single change.
func TestLiftGivesOneOfTheFewest(t *testing.T) {
	src := "dimension people from contacts {\n field e number\n score e\n engaged at least 10\n}\ndimension fit {\n engaged_contacts >= 1 → +50\n"
	for _, f := range []string{"a", "b", "c", "d", "e"} {
		src = "field " + f + " bool\n" + src + " " + f + " → +25\n"
	}
	m := compile(t, src+"}\ntiers { top when fit >= 50\n low otherwise }")
	paths := m.Explain(Account{}, testMoment).Lift()
	require.Len(t, paths, maxLiftPaths)
	for i, p := range paths {
		want := 2
		if i == maxLiftPaths-1 { // by effort
			want = 1
		}
		assert.Len(t, p.Changes, want, "%v", p)
	}
}

// TestLiftFillsTwoOfAContact: neither the score of a contact nor its date
// brings anything without the other.
func TestLiftFillsTwoOfAContact(t *testing.T) {
	m := compile(t, `dimension people from contacts {
  field lead_score number
  field last_active time
  score lead_score
  decay half-life 30d since last_active within 90d
}
tiers { top when score >= 30
 low otherwise }`)
	x := m.Explain(Account{Contacts: []Contact{{ID: "ann"}}}, testMoment)
	paths := checkPaths(t, m, x, "top")
	require.NotEmpty(t, paths)
	assert.Equal(t, `fill lead_score of contact ann with 30 to 100,000, and fill last_active of contact ann with 2026-11-01: score 30, tier top`, paths[0].String())
}

// TestLiftEasesAgain: what a path asks of one field is the least beside the
// others as they are in the end, also where they asked for more of it before,
// or are no longer part of it.
func TestLiftEasesAgain(t *testing.T) {
	m := compile(t, `field n number enrichable
field k number enrichable
activity visit
let m = n + k
dimension fit {
  m > 6 → +1
  n = 2 → +3
  n >= 2 → -2
}
dimension intent { each visit → +2 max 5 }
tiers { top when score >= 7 and fit >= 2 and intent >= 1
 low otherwise }`)
	paths := checkPaths(t, m, m.Explain(Account{Fields: map[string]any{"n": 5.0, "k": 1.0}}, testMoment), "top")
	require.NotEmpty(t, paths)
	require.Len(t, paths[0].Changes, 3, "%v", paths)
	for _, c := range paths[0].Changes {
		if c.Field == "k" {
			assert.Equal(t, 5.0, c.To.Number, "n is 2 by then")
		}
	}
}

// TestLiftContactsOfSeveralValues: rules of contacts that ask for several
// things at once are met at once.
func TestLiftContactsOfSeveralValues(t *testing.T) {
	for _, tt := range []struct{ name, block, has string }{
		{"two texts", "title = \"CTO\" and dept = \"IT\" → +12", `title "CTO"`},
		{"a text and an activity", "title = \"CTO\" and count(visit, 30d) > 1 → +12", "who does visit 2 times"},
		{"six values", "title = \"CTO\" and dept = \"IT\" and city in [Oslo, Bern] and level between 4 and 6 and opted and region != \"EU\" → +12", "level"},
		{"either of two pairs", "(title = \"CTO\" and dept = \"IT\") or (title = \"CFO\" and dept = \"Finance\") → +12", `dept "IT"`},
		{"a rule on the way", "title = \"CTO\" → +4\n  title = \"CFO\" and dept = \"IT\" → +12", `title "CFO"`},
		{"of a seniority that has no weight of its own", "seniority = \"head\" and dept = \"IT\" → +12", `seniority "head"`},
		{"in the score", "level > 90 → +1", `dept "IT"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			score := "0"
			if tt.name == "in the score" {
				score = "(title = \"CTO\" and dept = \"IT\") ? 12 : 1"
			}
			m := compile(t, `activity visit
dimension people from contacts {
  field title text
  field dept text
  field city text
  field region text
  field level number
  field opted bool
  field seniority text
  score `+score+`
  weight seniority { vp: 1.5, else: 1 }
  `+tt.block+`
}
tiers { top when engaged_contacts >= 1
 low otherwise }`)
			for _, a := range []Account{{}, {Contacts: []Contact{{ID: "ann", Fields: map[string]any{"city": "Bern"}}}}} {
				paths := checkPaths(t, m, m.Explain(a, testMoment), "top")
				require.NotEmpty(t, paths)
				at := slices.IndexFunc(paths, func(p Path) bool { return p.Reached && len(p.Changes) == 1 })
				require.GreaterOrEqual(t, at, 0, "%v", paths)
				assert.Contains(t, paths[at].String(), tt.has)
			}
		})
	}
}

// TestLiftTriesNamedNumbers: of a field with more values than are tried, those are
// that the ruleset names, and those near to what it is.
func TestLiftTriesNamedNumbers(t *testing.T) {
	m := compile(t, `
field n number
field k number fixed
dimension fit {
  n between 2 and 30 → +2 per n % 7 max 8 min -8
  k > 9 → +2 per n - k max 8 min -8
}
tiers {
  top when fit >= 5
  low otherwise
}`)
	paths := checkPaths(t, m, m.Explain(Account{}, testMoment), "top")
	require.Equal(t, "fill n with 3", paths[0].changes())
}
