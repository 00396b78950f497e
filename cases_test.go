package accountscore

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// TestResponsible states which rules a failed case names, and in which order.
func TestResponsible(t *testing.T) {
	const three = "field employees number\nfield country text\nfield revenue number\n" +
		"size: employees > 100 → +10\nbig: employees > 100000 → +30\nhome: country = US → +5\nmoney: revenue > 5M → +20\nfar: country = FR → -3\n"
	for _, c := range []struct {
		name, rules, given, expect string
		want                       string // id state, in order
	}{
		{"the unmatched rule that makes the difference", three, "employees = 500, country = DE", "score 15",
			"points.home failed, points.money unknown, points.big failed, points.size matched"},
		{"the matched rule that makes it", three, "employees = 500, country = US", "score 5",
			"points.size matched, points.home matched, points.far failed, points.money unknown"},
		{"the unknown rule that makes it", three, "employees = 500, country = US", "score 35",
			"points.money unknown, points.big failed, points.size matched, points.home matched"},
		{"too many points", three, "employees = 500, country = US, revenue = 10M", "score 32",
			"points.far failed, points.size matched, points.home matched, points.money matched"},
		{"none alone", three, "employees = 500, country = US, revenue = 1M", "score 62",
			"points.big failed, points.money failed, points.size matched, points.home matched"},
		{"the unknown ones alone", three, "country = US", "unknown 0",
			"points.size unknown, points.big unknown, points.money unknown"},
		{"values that no rule decides", three, "employees = 500, country = US", "invalid 2", ""},
		{"weights and out of", "field a number\nfield b number\nfield c number\n" +
			"dimension fit out of 40 weight 60% {\na > 1 → +20\nb > 1 → +10\n}\ndimension intent weight 40% {\nc > 1 → +20\n}\ndimension extra unscored {\nc > 2 → +30\n}\n",
			"a = 0, b = 0, c = 0", "score 15", "fit.2 failed, fit.1 failed, intent.1 failed"},
		{"one dimension", "field a number\nfield b number\n" +
			"dimension fit out of 40 {\na > 1 → +20\nb > 1 → +10\n}\ndimension intent {\na > 1 → +25\n}\n",
			"a = 0, b = 0", "fit 25", "fit.2 failed, fit.1 failed"},
		{"a group is one line", "field a number\nbest of {\na > 1 → +10\na > 100 → +30\na > 1000 → +20\n}\n", "a = 50", "score 30",
			"points.2 failed, points.3 failed, points.1 matched"},
		{"tables and ramps", "field a number\nfield b number\na → { 1-9: 5, 10+: 25 }\nb → 0..50 over 0-100\n", "a = 5, b = 10", "score 30",
			"points.1 matched, points.2 matched"},
		{"each line", "activity visit\nfield a number\neach visit → +5 max 20\na > 1 → +9\n", "a = 0", "score 5",
			"points.1 failed, points.2 failed"},
		{"a higher tier", three + "tiers {\n top when score >= 50\n low otherwise\n}\n", "employees = 500, country = DE", "tier top",
			"points.money unknown, points.big failed, points.home failed, points.size matched"},
		{"a lower tier", three + "tiers {\n top when score >= 5\n low otherwise\n}\n", "employees = 500, country = DE", "tier low",
			"points.size matched, points.far failed, points.money unknown"},
		{"disqualified", "field a number\na > 1 → +5\ndisqualify when a > 2 \"no\"\ndisqualify when a > 3 \"never\"\ntiers {\n all otherwise\n}\n", "a = 5", "tier all",
			"disqualify 1 matched"},
		{"not disqualified", "field a number\nfield b number\na > 1 → +5\ndisqualify when a > 9 \"no\"\ndisqualify when b > 3 \"never\"\ntiers {\n all otherwise\n}\n", "a = 5", "tier disqualified",
			"disqualify 2 unknown, disqualify 1 failed"},
		{"everything that has no answer", "field a number\nfield b number\na > 1 → +5\nb > 1 → +5\nscale 50% when b > 2\ndisqualify when b > 9 \"no\"\n", "a = 5", "unknown 0",
			"points.2 unknown, points scale 1 unknown, disqualify 1 unknown"},
		{"the range", three, "employees = 500, country = US", "high 30", "points.size matched, points.home matched, points.far failed, points.money unknown"},
	} {
		rs, err := Parse("r", []byte(c.rules+"case \"x\" {\n"+strings.ReplaceAll(c.given, ", ", "\n")+"\nexpect "+c.expect+"\n}\n"))
		require.NoError(t, err, c.name)
		r := MustCompile(rs).Verify()[0]
		require.Len(t, r.Failures, 1, c.name)
		var got []string
		for _, rule := range r.Failures[0].Rules {
			got = append(got, rule.ID+" "+string(rule.State))
		}
		assert.Equal(t, c.want, strings.Join(got, ", "), c.name)
	}
}

// TestResponsibleOfContacts names the rules of the contacts where the rollup
// is not what was expected.
func TestResponsibleOfContacts(t *testing.T) {
	rs, err := Parse("r", []byte(`field a number
dimension fit {
  a > 1 → +10
}
dimension people from contacts {
  field title text
  title = VP → +12
}
case "x" {
  a = 5
  contact ann { title = IC }
  contact bob { title = VP }
  expect engaged_contacts 2, contacts 3
}
`))
	require.NoError(t, err)
	r := MustCompile(rs).Verify()[0]
	require.Len(t, r.Failures, 2)
	var states []State
	for _, rule := range r.Failures[0].Rules {
		assert.Equal(t, "people.1", rule.ID)
		states = append(states, rule.State)
	}
	assert.Equal(t, []State{StateFailed, StateMatched}, states)
	assert.Empty(t, r.Failures[1].Rules, "no rule decides how many contacts there are")
}

// TestResponsibleOfAnyModel asks about every number of random rulesets.
func TestResponsibleOfAnyModel(t *testing.T) {
	for seed := range uint64(200) {
		m, src := randomModel(t, newWild(seed))
		rs := m.Ruleset()
		wrong := -12345.0
		c := dsl.Case{Name: "wrong", Expect: []dsl.Expectation{{Name: "score", Number: &wrong}, {Name: "high", Number: &wrong}, {Name: "unknown", Number: &wrong}}}
		for _, d := range rs.Dimensions {
			c.Expect = append(c.Expect, dsl.Expectation{Name: d.Name, Number: &wrong})
		}
		rs.Cases = []dsl.Case{c}
		again, err := Compile(rs)
		require.NoError(t, err, src)
		r := again.Verify()[0]
		for _, f := range r.Failures[2].Rules {
			assert.Equal(t, StateUnknown, f.State)
		}
		assert.Len(t, r.Failures[2].Rules, r.Result.Unknown)
	}
}
