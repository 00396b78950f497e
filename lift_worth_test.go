package accountscore

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLiftContactScores holds that a contact is made to score as much as the
// goal needs, and no more, however contacts are combined.
func TestLiftContactScores(t *testing.T) {
	for _, combine := range []string{"ranked 0.8", "sum", "max", "mean", "weighted mean", "top 2", "best 60%"} {
		t.Run(combine, func(t *testing.T) {
			m := compile(t, fmt.Sprintf(`dimension people from contacts {
  field lead number
  score lead
  combine %s
}
tiers {
  warm when people >= 30
  low otherwise
}`, combine))
			paths := checkPaths(t, m, m.Explain(Account{}, testMoment), "warm")
			require.Len(t, paths[0].Changes, 1)
			require.Equal(t, 30.0, paths[0].Changes[0].Score)
			require.Equal(t, 13.33, paths[0].Effort)
		})
	}
}

// TestLiftContactScoresByActivities holds that activities are done as often as
// the goal needs, and none that it does not need.
func TestLiftContactScoresByActivities(t *testing.T) {
	m := compile(t, `activity mail, call
dimension people from contacts {
  score 5
  each call → +5 max 20
  each mail → +5 max 40
  combine max
}
tiers {
  hot  when people >= 60
  warm when people >= 30
  low otherwise
}`)
	x := m.Explain(Account{}, testMoment)
	require.Equal(t, []string{"engage a new contact who does mail 5 times: score 30, tier warm"}, pathTexts(checkPaths(t, m, x, "warm")))
	require.Equal(t, []string{"engage a new contact who does mail 8 times and call 3 times: score 60, tier hot"}, pathTexts(checkPaths(t, m, x, "hot")))
}

// TestLiftContactPunished holds that nobody is sought by a text that the rules
// of contacts only take points for.
func TestLiftContactPunished(t *testing.T) {
	m := compile(t, `dimension people from contacts {
  field title text
  field lead number
  score lead
  title has word "Intern" → -20
  cap 70
  weight title { "CEO": 2, else: 1, missing: 0.5 }
}
tiers {
  gold when people >= 50
  low otherwise
}`)
	require.Equal(t, []string{"engage a new contact with a title that no rule names and lead 50: score 50, tier gold"}, pathTexts(checkPaths(t, m, m.Explain(Account{}, testMoment), "gold")))
}

func pathTexts(paths []Path) []string {
	var texts []string
	for _, p := range paths {
		texts = append(texts, p.String())
	}
	return texts
}

// TestLiftLargeNumbers: the number that a contact's score is made of may be far
// larger than the score, or have to stay below where the score is none.
func TestLiftLargeNumbers(t *testing.T) {
	for score, want := range map[string][2]string{
		"n / 1000":   {"engage a new contact with n 90M", "fill n of contact ann with 90M to 100M"},
		"n * n":      {"engage a new contact with n 300", "fill n of contact ann with 300 to 316"},
		"n * n * 10": {"engage a new contact with n 95", "fill n of contact ann with 95 to 100"},
	} {
		m := compile(t, "dimension people from contacts {\n  field n number\n  score "+score+"\n}\ntiers { top when people >= 90000\n low otherwise }")
		for i, a := range []Account{{}, {Contacts: []Contact{{ID: "ann"}}}} {
			paths := checkPaths(t, m, m.Explain(a, testMoment), "top")
			require.NotEmpty(t, paths)
			require.True(t, paths[0].Reached, "%s: %v", score, paths[0])
			require.Len(t, paths[0].Changes, 1)
			assert.Equal(t, want[i], paths[0].Changes[0].String(), score)
		}
	}
}

// TestLiftContactFieldsEnd holds that what is said of a number of a contact ends
// where more of it would make the score one that cannot be used, or lose points.
func TestLiftContactFieldsEnd(t *testing.T) {
	for _, c := range []struct{ score, rule, want string }{
		{"lead", "", "fill lead of contact ann with 10 to 100,000: score 10, tier warm"},
		{"lead / 1000", "", "fill lead of contact ann with 10,000 to 100M: score 10, tier warm"},
		{"lead", "lead > 40 → -60", "fill lead of contact ann with 10 to 40: score 10, tier warm"},
	} {
		m := compile(t, fmt.Sprintf(`dimension people from contacts {
  field lead number
  score %s
  %s
  cap 100
}
tiers {
  warm when engaged_contacts >= 1
  low otherwise
}`, c.score, c.rule))
		x := m.Explain(Account{Contacts: []Contact{{ID: "ann"}}}, testMoment)
		require.Contains(t, pathTexts(checkPaths(t, m, x, "warm")), c.want)
	}
}

// TestLiftContactFieldsTogether holds that what is said of the numbers of two
// contacts does together.
func TestLiftContactFieldsTogether(t *testing.T) {
	m := compile(t, `dimension people from contacts {
  field lead number
  score lead
  combine sum
}
tiers {
  top when score between 19 and 22 and engaged_contacts >= 2
  low otherwise
}`)
	x := m.Explain(Account{Contacts: []Contact{{ID: "ann"}, {ID: "bob"}}}, testMoment)
	require.Equal(t, "fill lead of contact ann with 10 to 12, and fill lead of contact bob with 10: score 20, tier top",
		pathTexts(checkPaths(t, m, x, "top"))[0])
}
