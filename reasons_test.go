package accountscore

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/micro"
)

// reasonLines writes reasons in a line each.
func reasonLines(list []Reason) []string {
	var lines []string
	for _, r := range list {
		lines = append(lines, fmt.Sprintf("%s %v/%v %v %q", r.Code, r.Points, r.Baseline, r.Impact, r.Text))
	}
	return lines
}

func TestReasons(t *testing.T) {
	const people = "\ndimension people out of 100 from contacts {\n score s\n combine sum\n}\n"
	a := Account{Fields: map[string]any{"employees": 500, "industry": "Retail", "seats": 3},
		Contacts: []Contact{{ID: "ann", Fields: map[string]any{"s": 30}}}, Activities: []Activity{{Type: "visit", At: testMoment}}}
	for _, c := range []struct {
		name, src string
		want      []string
	}{
		{"the most that a rule can earn", `size: employees > 1000 → +50 "Enterprise"
employees > 100 → +20
industry = Health → +30`, []string{`points.size 0/50 50 "Enterprise"`, `points.3 0/30 30 "industry = Health → +30"`}},
		{"a reason before a table's label", "Size: employees → { 1-99: 5, 1000+: 20 } \"Headcount\"\nPlace: industry → { Health: 6, else: 1 }",
			[]string{`points.Size 0/20 20 "Headcount"`, `points.Place 1/6 5 "Place"`}},
		{"above nothing that limits it", "reasons above baseline\ntrue → +1 per seats\ntrue → +1 per seats min 1", []string{`points.2 3/0 3 "true → +1 per seats min 1"`}},
		{"ties go in the ruleset's order", "a: employees > 1000 → +5\nb: industry = Health → +5\nc: employees > 2000 → +5",
			[]string{`points.a 0/5 5 "employees > 1000 → +5"`, `points.b 0/5 5 "industry = Health → +5"`, `points.c 0/5 5 "employees > 2000 → +5"`}},
		{"tables, ramps, else and negative points", "employees → { 1-99: 5, 100-999: 8, 1000+: 20 }\nemployees → 0..10 over 0-1000\nindustry = Retail → -7\nindustry = Health → 4 else 1",
			[]string{`points.1 8/20 12 "employees → { 1-99: +5, 100-999: +8, 1000+: +20 }"`, `points.3 -7/0 7 "industry = Retail → -7"`, `points.2 5/10 5 "employees → 0..10 over 0-1000"`, `points.4 1/4 3 "industry = Health → +4 else +1"`}},
		{"a group is one line", "best of Size {\n employees > 1000 → +50\n mid: employees > 100 → +20 \"Mid\"\n}\nfirst of {\n x: industry = Health → +9\n}\nsum of max 30 {\n employees > 1000 → +20\n industry = Retail → +20\n}",
			[]string{`points.Size 20/50 30 "Mid"`, `points.4 20/30 10 "sum of"`, `points.x 0/9 9 "first of"`}},
		{"without a limit there is no reason", "industry = Health → +1 per seats\neach visit → +5\neach visit → +5 max 7\nindustry = Health → +3 per seats max 9",
			[]string{`points.4 0/9 9 "industry = Health → +3 per seats max 9"`, `points.3 5/7 2 "each visit → +5 max 7"`}},
		{"baselines", "industry = Health → +1 per seats baseline 4\nemployees > 100 → +20 baseline 25 code BIG\nemployees > 1000 → +20 baseline 0\nbest of baseline 9 code G {\n industry = Retail → 2 code R\n industry = Health → 3\n}",
			[]string{`R 2/9 7 "industry = Retail → +2"`, `BIG 20/25 5 "employees > 100 → +20"`, `points.1 0/4 4 "industry = Health → +1 per seats"`}},
		{"above", "reasons above baseline\nemployees > 100 → +20 \"Mid\"\nindustry = Retail → -7\nindustry = Health → -8\neach visit → +5\nemployees → { 1-99: 3, 100+: 8, else: 2 }\nseats > 1 → +9 baseline 8",
			[]string{`points.1 20/0 20 "Mid"`, `points.3 0/-8 8 "industry = Health → -8"`, `points.5 8/0 8 "employees → { 1-99: +3, 100+: +8, else: +2 }"`, `points.4 5/0 5 "each visit → +5"`, `points.6 9/8 1 "seats > 1 → +9"`}},
		{"weights", "dimension fit out of 50 weight 40% {\n employees > 1000 → +50\n}\ndimension other weight 60% {\n employees > 1000 → +50\n}",
			[]string{`fit.1 0/50 40 "employees > 1000 → +50"`, `other.1 0/50 30 "employees > 1000 → +50"`}},
		{"unscored and weightless", "dimension fit unscored {\n employees > 1000 → +50\n}\ndimension other weight 0% {\n employees > 1000 → +50\n}", nil},
		{"scales", "employees > 100 → +20\nindustry = Health → +30\nscale 50% when industry = Retail \"Wrong industry\"\nscale 200% when employees > 100\nscale 0% when industry = Health",
			[]string{`points.2 0/30 30 "industry = Health → +30"`, `points scale 1 -10/0 20 "Wrong industry"`}},
		{"a scale without a reason, and contacts with a description", "dimension fit {\n employees > 100 → +20\n scale 50% when industry = Retail\n}" + strings.Replace(people, "dimension people", "dimension people \"Who knows us\"", 1),
			[]string{`people 30/100 70 "Who knows us"`, `fit scale 1 -10/0 10 "industry = Retail"`}},
		{"contacts", "dimension fit {\n employees > 1000 → +50\n}" + people,
			[]string{`people 30/100 70 "contacts"`, `fit.1 0/50 50 "employees > 1000 → +50"`}},
		{"contacts that nothing limits", strings.Replace("dimension fit {\n employees > 1000 → +50\n}"+people, "out of 100 ", "", 1),
			[]string{`fit.1 0/50 50 "employees > 1000 → +50"`}},
		{"contacts above", "reasons above baseline\ndimension fit {\n employees > 1000 → +50\n}" + people, []string{`people 30/0 30 "contacts"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := compile(t, c.src).Explain(a, testMoment)
			all := x.Reasons(-1)
			require.Equal(t, c.want, reasonLines(all))
			for n := range len(all) + 2 {
				require.Equal(t, reasonLines(all[:min(n, len(all))]), reasonLines(x.Reasons(n)))
			}
		})
	}
}

// TestReasonStates tells what became of the line.
func TestReasonStates(t *testing.T) {
	// A sum of which some counts is matched, whatever stands behind; and what is
	// missing is told once.
	some := compile(t, "field a number\nfield b number\nsum of {\n b = 0 → +1\n a > 5 → +1\n}\na > 1 and a < 9 → +1").Explain(Account{Fields: map[string]any{"b": 0}}, testMoment).Reasons(-1)
	require.Len(t, some, 2)
	require.Equal(t, StateMatched, some[0].State)
	require.Equal(t, "a is unset", some[1].Missing)

	// What is missing did not decide where there is an answer.
	some = compile(t, "field a number\n(a ?? 0) > 5 → +1").Explain(Account{}, testMoment).Reasons(-1)
	require.Len(t, some, 1)
	require.Equal(t, [2]string{string(StateFailed), ""}, [2]string{string(some[0].State), some[0].Missing})

	// A line without a rule, as JSON may bring, is one that failed.
	one := 1.0
	some = (&Explanation{Dimensions: []DimensionExplanation{{Groups: []GroupExplanation{{Code: "c", Name: "line", Baseline: &one}}}}}).Reasons(-1)
	require.Equal(t, []Reason{{Code: "c", Text: "line", State: StateFailed, Baseline: 1, Difference: 1, Impact: 1}}, some)

	m := compile(t, `field a number
field b number
x: a > 1 → +5
y: b > 1 → +4
first of "pick" {
  a > 1 → +3
  b > 1 → +2
}
sum of {
  a > 5 → +1
  a < 5 → +1
}`)
	x := m.Explain(Account{Fields: map[string]any{"b": 0}}, testMoment)
	want := []Reason{
		{Code: "points.x", Text: "a > 1 → +5", Missing: "a is unset", Dimension: "points", Rule: "points.x", State: StateUnknown, Baseline: 5, Difference: 5, Impact: 5},
		{Code: "points.y", Text: "b > 1 → +4", Dimension: "points", Rule: "points.y", State: StateFailed, Baseline: 4, Difference: 4, Impact: 4},
		{Code: "points.pick", Text: "pick", Missing: "a is unset", Dimension: "points", Group: `first of "pick"`, State: StateUnknown, Baseline: 3, Difference: 3, Impact: 3},
		{Code: "points.5", Text: "sum of", Missing: "a is unset", Dimension: "points", Group: "sum of", State: StateUnknown, Baseline: 2, Difference: 2, Impact: 2},
	}
	require.Equal(t, want, x.Reasons(-1))
}

// TestReasonsOfRandomModels holds what is true of all reasons, and that an
// explanation read from JSON gives the same ones.
func TestReasonsOfRandomModels(t *testing.T) {
	some := 0
	for seed := range uint64(150) {
		r := newRandom(8000 + seed)
		src := r.of("", "reasons above baseline\n") + r.ruleset()
		m := compile(t, src)
		x := m.Explain(r.account(true), testMoment)
		list := x.Reasons(-1)
		some += len(list)
		for i, reason := range list {
			require.Positive(t, reason.Impact)
			require.Positive(t, reason.Difference)
			require.NotEmpty(t, reason.Code)
			require.NotEmpty(t, reason.Text)
			diff := micro.Of(reason.Baseline) - micro.Of(reason.Points)
			if strings.HasPrefix(src, "reasons above") {
				diff = -diff
			}
			require.Equal(t, diff.Float(), reason.Difference)
			if i > 0 {
				require.LessOrEqual(t, reason.Impact, list[i-1].Impact)
			}
		}
		data, err := json.Marshal(x)
		require.NoError(t, err)
		var again Explanation
		require.NoError(t, json.Unmarshal(data, &again))
		require.Equal(t, list, again.Reasons(-1))
	}
	require.Greater(t, some, 500)
}

// TestReasonsOfTheReference holds what the language's reference says of its
// own example.
func TestReasonsOfTheReference(t *testing.T) {
	doc, err := os.ReadFile("docs/language.md")
	require.NoError(t, err)
	_, section, _ := strings.Cut(string(doc), "\n## Reasons\n")
	blocks := docBlocks(t, section)
	x := compile(t, blocks[0].body).Explain(Account{Fields: map[string]any{"employees": 100, "industry": "Retail", "country": "DE"}}, testMoment)
	require.Equal(t, []string{`points.size 0/50 50 "Enterprise headcount"`, `ABROAD 5/20 15 "Outside of our markets"`, `WRONG_INDUSTRY 0/10 10 "Healthcare"`},
		reasonLines(x.Reasons(-1)))
	x = compile(t, blocks[1].body).Explain(Account{Fields: map[string]any{"invoices_overdue": 2, "logins": 5}}, testMoment)
	require.Equal(t, []string{`OVERDUE 30/0 30 "Overdue invoices"`, `FEW_LOGINS 10/0 10 "logins → { 0: +40, 1-9: +10, 10+: 0 }"`}, reasonLines(x.Reasons(-1)))
}

// TestReasonsShareNothing changes an explanation: the next one is as before.
func TestReasonsShareNothing(t *testing.T) {
	m := compile(t, "dimension fit {\n a > 1 → +5 baseline 4\n b > 1 → +5\n}\ndimension p max 5 from contacts {\n score s\n}")
	x := m.Explain(Account{}, testMoment)
	*x.Dimensions[0].Groups[0].Baseline, *x.Dimensions[0].Groups[1].Baseline, *x.Dimensions[1].Contacts.Baseline = 1, 2, 3
	require.Equal(t, []string{`fit.2 0/5 5 "b > 1 → +5"`, `p 0/5 5 "contacts"`, `fit.1 0/4 4 "a > 1 → +5"`},
		reasonLines(m.Explain(Account{}, testMoment).Reasons(-1)))
}

// TestReasonsOfContacts holds the contacts to give a reason only where what
// they are compared with can be reached.
func TestReasonsOfContacts(t *testing.T) {
	const each = "\n each mail → +3\n"
	for _, c := range []struct {
		name, head, body string
		want             []float64 // baselines
	}{
		{"nothing limits a contact", "", "combine top 3" + each, nil},
		{"a cap limits it", "", "cap 20\n combine top 3" + each, []float64{60}},
		{"ranked contacts only near their sum", "", "cap 20\n combine ranked 0.5" + each, nil},
		{"the dimension's max holds it", "max 50 ", "combine ranked 0.8" + each, []float64{50}},
		{"so does out of", "out of 50 ", "combine ranked 0.8" + each, []float64{50}},
		{"a max out of reach does not", "max 50 ", "combine ranked 0.5\n n > 1 → +10", nil},
		{"above, the least that they can be", "above ", "combine ranked 0.8" + each, []float64{0}},
		{"above, where the dimension's min holds it", "above min 5 ", "combine ranked 0.8" + each, []float64{5}},
		{"a rule limits it", "", "combine top 3\n n > 1 → +10", []float64{30}},
	} {
		t.Run(c.name, func(t *testing.T) {
			side, a := "", Account{}
			if head, above := strings.CutPrefix(c.head, "above "); above {
				side, c.head = "reasons above baseline\n", head
				a.Contacts = []Contact{{ID: "ann", Activities: slices.Repeat([]Activity{{Type: "mail", At: testMoment}}, 5)}}
			}
			x := compile(t, side+"activity mail\ndimension p "+c.head+"from contacts {\n field n number\n "+c.body+"\n}").Explain(a, testMoment)
			var got []float64
			for _, r := range x.Reasons(-1) {
				got = append(got, r.Baseline)
			}
			require.Equal(t, c.want, got)
		})
	}
}

// TestReasonsOfOddWeights: a line that lacks nothing is no reason, whatever an
// explanation that was read from data says of the weight.
func TestReasonsOfOddWeights(t *testing.T) {
	most, weight := 5.0, -1.0
	x := Explanation{Dimensions: []DimensionExplanation{{Name: "d", Weight: &weight, Groups: []GroupExplanation{{Code: "d.1", Points: 9, Baseline: &most}}}}}
	require.Empty(t, x.Reasons(-1))
}
