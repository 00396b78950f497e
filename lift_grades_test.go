package accountscore

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// TestLiftGradesAsPoints: a tier that asks for a grade is reached as one that
// asks for the points of that grade.
func TestLiftGradesAsPoints(t *testing.T) {
	const people = `
dimension people unscored from contacts {
  field role text
  field heat number
  score heat
  committee by role { x: 1, y: 1 }
}
`
	for _, c := range []struct{ name, rules, graded, plain string }{
		{"one grade", "grades fit { 40+: A, else: C }\n", "fit.grade = A", "fit >= 40"},
		{"with people", people + "grades fit { 40+: A, else: C }\n", "fit.grade = A and completeness >= 100", "fit >= 40 and completeness >= 100"},
		{"several", "grades fit { 40+: A, 20+: B, else: C }\n", "fit.grade in [A, B]", "fit >= 20"},
		{"no grade", "grades fit { 40+: A, 20+: B, else: C }\n", "fit.grade != C", "fit >= 20"},
		{"between", "grades fit { 30+: A, 20+: B, else: C }\n", "fit.grade = B and intent >= 30", "fit >= 20 and fit < 30 and intent >= 30"},
		{"joined", "grades fit { 40+: A, 20+: B, else: C }\ngrades intent { 30+: 1, else: 2 }\n",
			"grade in [A1, A2, B1]", "fit >= 40 or fit >= 20 and intent >= 30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			const rules = `
field a0 number
field a1 number
field a2 number
field a3 number
field k number
dimension fit {
  a0 > 1 → +10
  a1 > 1 → +10
  a2 > 1 → +10
  a3 > 1 → +10
}
dimension intent {
  k > 5 → +30
}
`
			said := func(condition string) []string {
				m := compile(t, rules+c.rules+"tiers { top when "+condition+"\n other otherwise }\n")
				var list []string
				for _, p := range m.Explain(Account{ID: "q"}, testMoment).LiftTo("top") {
					require.Empty(t, p.Reason)
					list = append(list, p.String())
				}
				return list
			}
			graded := said(c.graded)
			require.NotEmpty(t, graded)
			require.Equal(t, said(c.plain), graded)
		})
	}
}

// TestLiftNearestGrade: where nothing reaches, what is nearest is told by the
// grade that the changes do bring.
func TestLiftNearestGrade(t *testing.T) {
	m := compile(t, `
field a number
field b number
field c number fixed
dimension fit {
  a > 1 → +10
  b > 1 → +10
  c > 1 → +20
}
grades fit { 40+: A, 20+: B, else: C }
tiers { top when fit.grade = A
        other otherwise }
`)
	paths := m.Explain(Account{ID: "q"}, testMoment).Lift()
	require.Len(t, paths, 1)
	require.Contains(t, paths[0].Reason, `fit.grade is "B": needs "A"`)
	require.False(t, paths[0].Cut)
}

// TestGradeBoxes: the tests of points hold just where the test of the grade does.
func TestGradeBoxes(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	letters := []string{"A", "B", "C", "D"}
	for range 300 {
		var text strings.Builder
		dims := []string{"fit", "intent", "people"}[:1+r.IntN(3)]
		for _, d := range dims {
			fmt.Fprintf(&text, "dimension %s {\n  %s_x > 0 → +1\n}\n", d, d)
		}
		for _, d := range dims {
			at := 90
			fmt.Fprintf(&text, "grades %s {", d)
			for range 1 + r.IntN(3) {
				at -= 1 + r.IntN(30)
				fmt.Fprintf(&text, " %d+: %s,", at, letters[r.IntN(len(letters))])
			}
			fmt.Fprintf(&text, " else: %s }\n", letters[r.IntN(len(letters))])
		}
		m := compile(t, text.String())
		grade, names := 0, m.joined
		if r.IntN(2) == 0 {
			grade, names = 1+r.IntN(len(dims)), letters
		}
		var wanted []string
		for range 1 + r.IntN(4) {
			wanted = append(wanted, names[r.IntN(len(names))])
		}
		n := &cond.Node{Op: cond.OneOf, Type: cond.Bool, Args: []*cond.Node{{Op: cond.Grade, Type: cond.Text, Slot: grade}},
			Set: cond.NewSet(nil, wanted, false)}
		boxes := m.gradeBoxes(n)
		e := cond.Env{Grades: make([]string, 1+len(dims))}
		for range 200 {
			points, place := make([]micro.M, len(dims)), 0
			for i := range dims {
				points[i] = micro.M(r.IntN(120)-10)*micro.One + micro.M(r.IntN(3)-1)
				at := m.grades[i].letter(points[i])
				place = place*(len(m.grades[i].src.Steps)+1) + at
				e.Grades[1+i] = m.grades[i].name(at)
			}
			e.Grades[0] = m.joined[place]
			in := false
			for _, b := range boxes {
				inside := true
				for _, side := range b {
					p := points[side.dim]
					inside = inside && side.stretches[side.from].low <= p && p <= side.stretches[side.to].high
				}
				in = in || inside
			}
			require.Equal(t, n.Truth(&e) == cond.True, in, "%s\n%v of %d at %v", text.String(), wanted, grade, points)
		}
	}
}

// TestLiftGradeWords holds that an edge of a grade is told by the number of the
// grading, not by the millionth beside it.
func TestLiftGradeWords(t *testing.T) {
	m := compile(t, `field a number fixed
field b number actionable
grades p { 30+: A, 20+: B, else: C }
dimension p { a > 0 → +30
  b > 5 → -5 }`)
	x := m.Explain(Account{Fields: map[string]any{"a": 10, "b": 6}}, testMoment)
	require.Equal(t, "p.grade C is out of reach: nothing that may be changed brings it nearer: p is 25: needs less than 20, over by 5; a may not be changed", x.LiftTo("p.grade C")[0].String())
	require.Equal(t, "bring b from 6 to 5 or less: score 30, p.grade A", x.LiftTo("p.grade A")[0].String())
}
