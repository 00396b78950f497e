package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples"
)

const diffRules = `ruleset "R" version "1"
review every 90d from 2026-10-01
score max 100 round 1
param floor = 10
param where = [US]
field employees number stale after 90d
field country text
activity visit (page text)
let half = employees / 2
dimension fit out of 100 weight 50% {
  size: employees >= floor → +50 "Large"
  half > 5 → +1
  country in where → +20
  best of "Place" {
    country = US → +3
    country = UK → +4
  }
  each visit where page = "pricing" within 30d → +5 half-life 10d max 20
  employees → 0..10 over 1-100
  scale 50% when country = FR
}
dimension people weight 50% from contacts {
  field points number
  field seen time
  score points
  decay half-life 30d since seen
  cap 100
  combine ranked 0.8
  engaged at least 10
  bonus multi-thread 50% falling 0.5
}
disqualify when country = XX "No"
grades fit { 50+: A, else: B }
tiers {
  top when score >= 50 hold 5
  low otherwise
}
tiers stage {
  early otherwise
}
trigger hot when tier rises to top
case "c" {
  employees = 50
  expect tier low
}
`

func TestDiffOfOneEdit(t *testing.T) {
	for _, tt := range []struct{ was, is, want string }{
		{`version "1"`, `version "2"`, "version changed from 1 to 2"},
		{`"R"`, `"S"`, "name changed from R to S"},
		{"every 90d", "every 60d", "review changed from review every 90d"},
		{"max 100 round 1", "max 90 round 1", "score changed from score"},
		{"floor = 10", "floor = 20", "param floor changed from 10 to 20"},
		{"param where = [US]", "param where = [US]\nparam more = 1", "param more is new: 1"},
		{"stale after 90d", "stale after 60d", "field employees changed from"},
		{"activity visit (page text)", "activity visit (page text), call", "activity call is new: activity call"},
		{"employees / 2", "employees / 3", "let half changed from employees / 2 to employees / 3"},
		{"out of 100 weight 50%", "out of 90 weight 50%", "dimension fit changed from out of 100 weight 50% to out of 90 weight 50%"},
		{"→ +50", "→ +60", "rule fit.size gives +60 instead of +50"},
		{"size:", "large:", "rule fit.size is called fit.large"},
		{`"Large"`, `"Huge"`, "rule fit.size shows the reason Huge instead of Large"},
		{"half > 5 → +1", "half > 6 → +1", "rule fit.2 tests half > 6 instead of half > 5"},
		{"half > 5 → +1", "half > 5 → +1 else -1", "rule fit.2 changed from half > 5 → +1 to half > 5 → +1 else -1"},
		{"  half > 5 → +1\n", "", "rule fit.2 is gone: half > 5 → +1"},
		{"  half > 5 → +1\n", "  half > 5 → +1\n  half > 7 → +9\n", "rule fit.3 is new: half > 7 → +9"},
		{"country = UK → +4", "country = UK → +5", "rule fit.5 gives +5 instead of +4"},
		{`best of "Place"`, `first of "Place"`, `rule fit.4: its group changed from best of "Place" to first of "Place"`},
		{"    country = US → +3\n    country = UK → +4\n", "    country = UK → +4\n    country = US → +3\n", "the order of the rules of fit changed"},
		{"half-life 10d", "half-life 20d", "rule fit.6 changed from each visit"},
		{"0..10", "0..20", "rule fit.7 changed from employees → 0..10"},
		{"scale 50%", "scale 40%", "scale fit.1 changed from scale 50% when country = FR to scale 40% when country = FR"},
		{"field seen time", "field seen time\n  field role text", "field people.role is new"},
		{"half-life 30d", "half-life 20d", "people decay changed from half-life 30d since seen to half-life 20d since seen"},
		{"cap 100", "cap 90", "people cap changed from 100 to 90"},
		{"ranked 0.8", "sum", "people combine changed from ranked 0.8 to sum"},
		{"engaged at least 10", "engaged at least 20", "people engaged changed from at least 10 to at least 20"},
		{"multi-thread 50% falling 0.5", "{ 2: +10 }", "people bonus changed from multi-thread 50% falling 0.5 to { 2: +10 }"},
		{`"No"`, `"Never"`, "disqualify when country = XX changed"},
		{"50+: A", "60+: A", "grades fit changed"},
		{"hold 5", "hold 4", "tier top changed from when score >= 50 hold 5 to when score >= 50 hold 4"},
		{"early otherwise", "early when score > 5", "tier stage.early changed from otherwise to when score > 5"},
		{"rises to top", "falls to low", "trigger hot changed from"},
		{"employees = 50", "employees = 60", `case "c" changed`},
		{"field country text\nactivity visit (page text)", "activity visit (page text)\nfield country text", ""},
		{"field employees number stale after 90d\nfield country text\n", "field country text\nfield employees number stale after 90d\n", "statements stand in another order"},
	} {
		t.Run(tt.was+" "+tt.is, func(t *testing.T) {
			require.Contains(t, diffRules, tt.was)
			dir := files(t, map[string]string{"old": diffRules, "new": strings.ReplaceAll(diffRules, tt.was, tt.is)})
			r := in(t, dir, "", "diff", "-json", "old", "new")
			require.NotEqual(t, 2, r.code, r)
			var out diffJSON
			require.NoError(t, json.Unmarshal([]byte(r.out), &out), r)
			if tt.want == "" {
				require.Zero(t, r.code)
				require.Empty(t, out.Changes)
				return
			}
			require.Equal(t, 1, r.code)
			require.NotEmpty(t, out.Changes)
			require.Contains(t, out.Changes[0].Text, tt.want)
			if tt.is != `first of "Place"` { // which both of its rules are in
				require.Len(t, out.Changes, 1, out.Changes)
			}
		})
	}
}

// TestDiffOverlooksNothing holds that rulesets of different text differ, and
// that a ruleset does not differ from itself.
func TestDiffOverlooksNothing(t *testing.T) {
	for _, a := range examples.Names() {
		for _, b := range examples.Names() {
			x, err := examples.Ruleset(a)
			require.NoError(t, err)
			y, err := examples.Ruleset(b)
			require.NoError(t, err)
			require.Equal(t, a == b, len(compareRulesets(x, y)) == 0, "%s and %s", a, b)
		}
	}
}

func TestDiffMovers(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("id,employees\n")
	for i := range 300 {
		fmt.Fprintf(&rows, "a%d,%d\n", i, i)
	}
	rows.WriteString("bad\n")
	tiers := "\ntiers {\n top when score >= 100\n low otherwise\n}\n"
	dir := files(t, map[string]string{
		"old":   "field employees number\nemployees >= 0 → +1 per employees max 1000" + tiers,
		"new":   "field employees text\nemployees starts with \"2\" → +400" + tiers, // the same column, read as text
		"a.csv": rows.String(),
	})
	r := in(t, dir, "", "diff", "-json", "-top", "3", "old", "old", "a.csv")
	require.Equal(t, 1, r.code, "the bad line")
	require.Contains(t, r.err, "a.csv:302: ")
	r = in(t, dir, "", "diff", "-json", "-top", "3", "old", "new", "a.csv")
	require.Equal(t, 1, r.code, r)
	var out diffJSON
	require.NoError(t, json.Unmarshal([]byte(r.out), &out))
	require.Equal(t, 300, out.Accounts.Scored)
	require.Equal(t, 299, out.Accounts.ScoreChanged)
	require.Equal(t, 111, out.Accounts.TierChanged)
	require.Equal(t, []tierMove{{"top", "low", 100}, {"low", "top", 11}}, out.Accounts.Tiers)
	require.Equal(t, []mover{{"a2", 2, 400, "low", "top"}, {"a20", 20, 400, "low", "top"}, {"a21", 21, 400, "low", "top"}}, out.Accounts.Movers)
	r = in(t, dir, "", "diff", "-strict", "old", "new", "a.csv")
	require.Equal(t, 1, r.code)
}

func TestDiffWithItself(t *testing.T) {
	r := in(t, "testdata", "", "diff", "-at", "2026-11-01", "fit.rules", "fit.rules", "contacts.csv", "-key", "id")
	require.Equal(t, ran{0, "the two rulesets say the same\n\n4 accounts: 0 of another score, 0 of another tier\n", ""}, r)
}

func TestPlacedRulesHaveTheModelsNames(t *testing.T) {
	for _, name := range examples.Names() {
		m, err := examples.Model(name)
		require.NoError(t, err)
		var want, got []string
		for _, r := range m.CaseCoverage() {
			want = append(want, r.Rule)
		}
		rs := m.Ruleset()
		for i := range rs.Dimensions {
			for r := range placedRules(&rs.Dimensions[i]) {
				got = append(got, r.id)
			}
		}
		require.Equal(t, want, got, name)
	}
	var none accountscore.Ruleset
	require.Empty(t, compareRulesets(&none, &none))
}
