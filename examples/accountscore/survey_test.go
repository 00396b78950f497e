package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const surveyedRules = `field employees number missing after 90d
field stage text
activity visit (path text), webinar (host text), call (topic text)
dimension fit {
  employees > 10 → +1
}
dimension intent {
  count(visit where path = "/pricing") >= 1 → +1
  count(call where topic = "price") >= 1 → +1
  count(webinar where host = "us") >= 1 → +1
}
dimension people from contacts {
  field title text
  field clicks number from "Clicks total"
  title contains "VP" → +10
  clicks > 5 → +1
}
tiers {
  sales when score >= 50 hold 5
  rest otherwise
}
`

// TestSurvey states what is said of columns and keys that nothing reads, at
// whatever level of the data they stand.
func TestSurvey(t *testing.T) {
	wants := []string{
		"columns of contacts that the ruleset does not read: Title, Clicks\n",
		"  \"Title\" is read by nothing, while the field title waits for \"title\": rename the column, or write `from \"Title\"` at the field\n",
		"  \"Clicks\" is read by nothing, while the field clicks waits for \"Clicks total\": rename the column, ",
		"columns of activities that the ruleset does not read: page\n",
		"  \"page\" is read by nothing, while the field visit.path waits for \"path\": if that is it, rename the column, ",
		"fields without a value in any contact: title, clicks (from \"Clicks total\")\n",
		"fields without a value in any activity: visit.path, call.topic (always empty)\n",
		"activities that never happened: webinar\n",
		"activities that the ruleset does not know: visits (did you mean visit?), podcast\n",
		"tiers in prev_tier that the ruleset does not have: Sales (did you mean sales?)\n",
	}
	dir := files(t, map[string]string{
		"r.rules": surveyedRules,
		"a.csv":   "id,employees,prev_tier,refreshed.employees,refreshed.emploees\na,12,Sales,,\nb,12,disqualified,2026-10-01,\nc,12,sales,,\n",
		"c.csv":   "account_id,id,Title,Clicks\na,x,VP,8\n",
		"v.csv":   "account_id,contact_id,type,at,page,topic\na,,visit,2026-10-01,/pricing,\na,x,visit,2026-10-02,/,\na,,visits,2026-10-02,,\na,,podcast,2026-10-02,,\na,,call,2026-10-02,,\n",
		"a.jsonl": `{"id":"a","fields":{"employees":12},"prev_tier":"Sales","refreshed":{"emploees":"2026-10-01"},"contacts":[{"id":"x","fields":{"Title":"VP"},"activities":[{"type":"visit","at":"2026-10-01","fields":{"page":"/"}}]}],` +
			`"activities":[{"type":"visits","at":"2026-10-01","fields":{"anything":1}},{"type":"podcast","at":"2026-10-01"},{"type":"call","at":"2026-10-01","fields":{"topic":null}}]}` + "\n" +
			`{"id":"b","contacts":[{"id":"x","fields":{"Clicks":3}}]}` + "\n",
	})
	for _, args := range [][]string{{"-contacts", "c.csv", "-activities", "v.csv", "a.csv"}, {"a.jsonl"}} {
		r := in(t, dir, "", append([]string{"score", "-at", "2026-11-01", "r.rules"}, args...)...)
		require.Equal(t, 0, r.code, r)
		for _, want := range wants {
			require.Contains(t, r.err, want, args)
		}
		require.Contains(t, r.err, "columns that the ruleset does not read: refreshed.emploees\n", args)
		require.NotContains(t, r.err, "anything")
		require.NotContains(t, r.err, "webinar.host", "of what never happened no field is named")
		r = in(t, dir, "", append([]string{"score", "-quiet", "-at", "2026-11-01", "r.rules"}, args...)...)
		require.Empty(t, r.err)
	}
}

func TestSurveyOfDataThatFits(t *testing.T) {
	dir := files(t, map[string]string{
		"r.rules": "activity visit (path text)\ncount(visit where path = \"/\") > 0 → +1\n",
		"a.jsonl": `{"id":"a","activities":[{"type":"visit","at":"2026-10-01"}]}` + "\n" + `{"id":"b","activities":[{"type":"visit","at":"2026-10-01","fields":{"path":"/"}}]}` + "\n",
	})
	r := in(t, dir, "", "score", "-at", "2026-11-01", "r.rules", "a.jsonl")
	require.Equal(t, 0, r.code)
	require.Empty(t, r.err)
}

// A file may have other keys in every account, and a key may be anything.
func TestSurveyIsBounded(t *testing.T) {
	var data strings.Builder
	for i := range 3 * maxMet {
		fmt.Fprintf(&data, `{"id":"a%d","prev_tier":"t%d","fields":{"employees %d":1,"\u001b%d":1},"activities":[{"type":"v%d","at":"2026-10-01"}]}`+"\n", i, i, i, i, i)
	}
	dir := files(t, map[string]string{"r.rules": surveyedRules, "a.jsonl": data.String()})
	r := in(t, dir, "", "score", "-at", "2026-11-01", "r.rules", "a.jsonl")
	require.Equal(t, 0, r.code)
	require.Contains(t, r.err, "and 980 more")
	require.Less(t, strings.Count(r.err, "\n"), 20+maxMisses)
	require.NotContains(t, r.err, "\x1b")
}
