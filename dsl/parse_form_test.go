package dsl

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// forms is every form of a statement, with the plain data that it says.
var forms = []struct{ src, want string }{
	{
		`ruleset "Healthcare SaaS" version "2026.4"`,
		`{"name":"Healthcare SaaS","version":"2026.4"}`,
	},
	{
		"ruleset Basic version 2",
		`{"name":"Basic","version":"2"}`,
	},
	{
		"review every 90d",
		`{"review":{"every":"90d"}}`,
	},
	{
		"review every 12 weeks from 2026-10-01",
		`{"review":{"every":"84d","from":"2026-10-01"}}`,
	},
	{
		"score min 0 max 100 round 1",
		`{"score":{"min":0,"max":100,"round":1}}`,
	},
	{
		"score round 0;",
		`{"score":{"round":0}}`,
	},
	{
		`param a = Healthcare; param b = [US, "U, K"]; param c = 10M; param d = true; param e = 2026-10-01; param f = "x"`,
		`{"params":[{"name":"a","value":"Healthcare"},{"name":"b","value":["US","U, K"]},{"name":"c","value":10000000},{"name":"d","value":true},{"name":"e","value":{"date":"2026-10-01"}},{"name":"f","value":"x"}]}`,
	},
	{
		`param a = Financial Services
param b = mid-size # not enterprise
param c = -5
param d = gmail.com
param e = AT&T
param f = 1,000`,
		`{"params":[{"name":"a","value":"Financial Services"},{"name":"b","value":"mid-size"},{"name":"c","value":-5},{"name":"d","value":"gmail.com"},{"name":"e","value":"AT\u0026T"},{"name":"f","value":1000}]}`,
	},
	{
		`field employees number stale after 90d missing after 180d default 10 enrichable
field b text from "B" one of [none, open deal] ignoring case "how far" actionable
field c list of text default [x, y]
field d time from d2 default 2026-01-01 fixed
field e bool default false
field f number one of [1, 2.5]
field cap text default mid-size`,
		`{"fields":[{"name":"employees","type":"number","stale_after":"90d","missing_after":"180d","default":10,"change":"enrichable"},{"name":"b","type":"text","from":"B","one_of":["none","open deal"],"ignoring_case":true,"change":"actionable","description":"how far"},{"name":"c","type":"list","default":["x","y"]},{"name":"d","type":"time","from":"d2","default":{"date":"2026-01-01"},"change":"fixed"},{"name":"e","type":"bool","default":false},{"name":"f","type":"number","one_of":[1,2.5]},{"name":"cap","type":"text","default":"mid-size"}]}`,
	},
	{
		`activity website_visit (page text, seconds number default 0), webinar,
  demo_request`,
		`{"activities":[{"name":"website_visit","fields":[{"name":"page","type":"text"},{"name":"seconds","type":"number","default":0}]},{"name":"webinar"},{"name":"demo_request"}]}`,
	},
	{
		`let a = b / c
let d =
  a * 2`,
		`{"lets":[{"name":"a","value":"b / c"},{"name":"d","value":"a * 2"}]}`,
	},
	{
		`dimension fit out of 40 weight 30% max 30 min -5 unscored "How well they fit" { a → +1 }`,
		`{"dimensions":[{"name":"fit","description":"How well they fit","out_of":40,"min":-5,"max":30,"weight":0.3,"unscored":true,"items":[{"rule":{"when":"a","points":1}}]}]}`,
	},
	{
		`dimension fit
{
}`,
		`{"dimensions":[{"name":"fit"}]}`,
	},
	{
		"a -> 5",
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a","points":5}}]}]}`,
	},
	{
		"a => -10",
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a","points":-10}}]}]}`,
	},
	{
		`a ⇒ +2.5 "why"`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a","points":2.5,"reason":"why"}}]}]}`,
	},
	{
		`size: a
  → +5`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"label":"size","when":"a","points":5}}]}]}`,
	},
	{
		`size:
 a > 5 → 5`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"label":"size","when":"a > 5","points":5}}]}]}`,
	},
	{
		"a → +3 else -3",
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a","points":3,"else":-3}}]}]}`,
	},
	{
		`a → +2 per b / 1000 max 20 min 0 "why"`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a","points":2,"per":"b / 1000","max":20,"min":0,"reason":"why"}}]}]}`,
	},
	{
		`a → +2
  per b
  max 20

  "why"`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a","points":2,"per":"b","max":20,"reason":"why"}}]}]}`,
	},
	{
		`a → +2
max > 5 → +3
min in 1-5 → 1
per: a → 1
else = 5 → 2
half > 5 → 1
daily → 2
linear = 3 → 3
play > 3 → 5`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a","points":2}},{"rule":{"when":"max > 5","points":3}},{"rule":{"when":"min in 1-5","points":1}},{"rule":{"label":"per","when":"a","points":1}},{"rule":{"when":"else = 5","points":2}},{"rule":{"when":"half > 5","points":1}},{"rule":{"when":"daily","points":2}},{"rule":{"when":"linear = 3","points":3}},{"rule":{"when":"play > 3","points":5}}]}]}`,
	},
	{
		"reasons above baseline",
		`{"reasons":"above"}`,
	},
	{
		"reasons below baseline",
		`{"reasons":"below"}`,
	},
	{
		`a → +2 per b code R1 max 20 baseline -5.5 "why"
a → 3
  baseline 2
  code "fit-01"
a → 0..9 over 1-5 "why" code X
a → { 1+: 2 } baseline 4
each visit → +1 baseline 3 max 5 code Y`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a","points":2,"per":"b","max":20,"reason":"why","baseline":-5.5,"code":"R1"}},{"rule":{"when":"a","points":3,"baseline":2,"code":"fit-01"}},{"rule":{"of":"a","ramp":{"from":0,"to":9,"lo":1,"hi":5},"reason":"why","code":"X"}},{"rule":{"of":"a","table":[{"key":{"kind":"from","lo":1},"value":2}],"baseline":4}},{"rule":{"signal":{"activity":"visit"},"points":1,"max":5,"baseline":3,"code":"Y"}}]}]}`,
	},
	{
		`first of size baseline 8 code S { a → 1 code S1 }
sum of code "of it all" baseline 0 max 5 { b → 2 }`,
		`{"dimensions":[{"name":"points","items":[{"group":{"kind":"first of","name":"size","baseline":8,"code":"S","rules":[{"when":"a","points":1,"code":"S1"}]}},{"group":{"kind":"sum of","max":5,"baseline":0,"code":"of it all","rules":[{"when":"b","points":2}]}}]}]}`,
	},
	{
		`a → +2
baseline > 5 → +3
code = x → 1
code contains "x" → 1
baseline: a → 1
reasons > 5 → 1
baseline - 5 > 2 → 1`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a","points":2}},{"rule":{"when":"baseline > 5","points":3}},{"rule":{"when":"code = x","points":1}},{"rule":{"when":"code contains \"x\"","points":1}},{"rule":{"label":"baseline","when":"a","points":1}},{"rule":{"when":"reasons > 5","points":1}},{"rule":{"when":"baseline - 5 > 2","points":1}}]}]}`,
	},
	{
		`a → 0..50 over 5M-50M "why"`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"of":"a","ramp":{"from":0,"to":50,"lo":5000000,"hi":50000000},"reason":"why"}}]}]}`,
	},
	{
		"a → 50..-10 over -5..5",
		`{"dimensions":[{"name":"points","items":[{"rule":{"of":"a","ramp":{"from":50,"to":-10,"lo":-5,"hi":5}}}]}]}`,
	},
	{
		"a → 0..50 over -10 - -5",
		`{"dimensions":[{"name":"points","items":[{"rule":{"of":"a","ramp":{"from":0,"to":50,"lo":-10,"hi":-5}}}]}]}`,
	},
	{
		`a → { 1-49: 0, 50-999: +20, 1000+: +50, missing: +5, else: -1 } "why"`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"of":"a","table":[{"key":{"kind":"range","lo":1,"hi":49},"value":0},{"key":{"kind":"range","lo":50,"hi":999},"value":20},{"key":{"kind":"from","lo":1000},"value":50},{"key":{"kind":"missing"},"value":5},{"key":{"kind":"else"},"value":-1}],"reason":"why"}}]}]}`,
	},
	{
		`a →
{
  Financial Services: 5
  "x y": 2.5, # comment
  AT&T: 1
  -5--1: 2
  -5..5: 3
  7: 1
  60%: 4,
}`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"of":"a","table":[{"key":{"kind":"text","text":"Financial Services"},"value":5},{"key":{"kind":"text","text":"x y"},"value":2.5},{"key":{"kind":"text","text":"AT&T"},"value":1},{"key":{"kind":"range","lo":-5,"hi":-1},"value":2},{"key":{"kind":"range","lo":-5,"hi":5},"value":3},{"key":{"kind":"number","lo":7},"value":1},{"key":{"kind":"number","lo":0.6},"value":4}]}}]}]}`,
	},
	{
		"a → {1-99: 5,100-999: 20,1,000+: 1,000}",
		`{"dimensions":[{"name":"points","items":[{"rule":{"of":"a","table":[{"key":{"kind":"range","lo":1,"hi":99},"value":5},{"key":{"kind":"range","lo":100,"hi":999},"value":20},{"key":{"kind":"from","lo":1000},"value":1000}]}}]}]}`,
	},
	{
		"best of { a → 1; b → 2 }",
		`{"dimensions":[{"name":"points","items":[{"group":{"kind":"best of","rules":[{"when":"a","points":1},{"when":"b","points":2}]}}]}]}`,
	},
	{
		`first of "Company size" {
  a → 1
  x: b → 2 "why"
}
sum of "web" max 30 min -5 {
  each visit → +1
}`,
		`{"dimensions":[{"name":"points","items":[{"group":{"kind":"first of","name":"Company size","rules":[{"when":"a","points":1},{"label":"x","when":"b","points":2,"reason":"why"}]}},{"group":{"kind":"sum of","name":"web","min":-5,"max":30,"rules":[{"signal":{"activity":"visit"},"points":1}]}}]}]}`,
	},
	{
		"each visit → +1",
		`{"dimensions":[{"name":"points","items":[{"rule":{"signal":{"activity":"visit"},"points":1}}]}]}`,
	},
	{
		`latest visit by account where page = "x" within 30d → -5 per value half-life 30d max 60 daily max 5 "why"`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"signal":{"latest":true,"activity":"visit","by_account":true,"where":"page = \"x\"","within":"30d","per_value":true,"half_life_days":30,"daily_max":5},"points":-5,"max":60,"reason":"why"}}]}]}`,
	},
	{
		`each visit within 30d where a > 5 by account → +1
  linear 60d
  daily max 5`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"signal":{"activity":"visit","by_account":true,"where":"a > 5","within":"30d","linear":"60d","daily_max":5},"points":1}}]}]}`,
	},
	{
		"each visit where a = b within 2 weeks → 1",
		`{"dimensions":[{"name":"points","items":[{"rule":{"signal":{"activity":"visit","where":"a = b","within":"14d"},"points":1}}]}]}`,
	},
	{
		`each > 5 → 1
latest = x → 2
scale > 1 → 2
best → 3
first is known → 4`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"each > 5","points":1}},{"rule":{"when":"latest = x","points":2}},{"rule":{"when":"scale > 1","points":2}},{"rule":{"when":"best","points":3}},{"rule":{"when":"first is known","points":4}}]}]}`,
	},
	{
		`scale 50% when a and b "why"
a → 5`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a","points":5}}],"scales":[{"factor":0.5,"when":"a and b","reason":"why"}]}]}`,
	},
	{
		`cap > 5 → +3
field is known → +1
score → 5
case = open → 1
tiers in [a] → 1
param: a → 1
let contains "x" → 1
dimension at least 5 → 1`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"cap > 5","points":3}},{"rule":{"when":"field is known","points":1}},{"rule":{"when":"score","points":5}},{"rule":{"when":"case = open","points":1}},{"rule":{"when":"tiers in [a]","points":1}},{"rule":{"label":"param","when":"a","points":1}},{"rule":{"when":"let contains \"x\"","points":1}},{"rule":{"when":"dimension at least 5","points":1}}]}]}`,
	},
	{
		`a > 5 and
 b
 or c
 || d → 1`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a > 5 and b or c or d","points":1}}]}]}`,
	},
	{
		`a
 ? b
 : c → 1`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a ? b : c","points":1}}]}]}`,
	},
	{
		`(a
 or
 b)
 → 1`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a or b","points":1}}]}]}`,
	},
	{
		`a in [
  US, # home
  UK
] → 1`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"a in [US, UK]","points":1}}]}]}`,
	},
	{
		`"EHR" in tech → 1
"EHR" in tech → 2`,
		`{"dimensions":[{"name":"points","items":[{"rule":{"when":"\"EHR\" in tech","points":1}},{"rule":{"when":"\"EHR\" in tech","points":2}}]}]}`,
	},
	{
		`dimension e from contacts {
  field seniority text; field last time
  score lead_score + 5
  decay half-life 30d since last within 90d
  cap 100
  weight seniority { c_level: 2.0, vp: 1.5, missing: 1, else: 0.5 }
  combine ranked 0.8
  engaged at least 10 distinct by department
  bonus multi-thread 50% falling 0.5
  committee assigned by role { decision_maker: 1, "budget owner": 2 }
  lead_score > 5 → 3
  each visit → 1
  cap > 5 → 3
  engaged at least 10 → 5
  weight: a → 1
  best of { a → 1 }
  scale 50% when a
}`,
		`{"dimensions":[{"name":"e","contacts":{"fields":[{"name":"seniority","type":"text"},{"name":"last","type":"time"}],"score":"lead_score + 5","decay":{"half_life_days":30,"since":"last","within":"90d"},"cap":100,"weight":{"of":"seniority","table":[{"key":{"kind":"text","text":"c_level"},"value":2},{"key":{"kind":"text","text":"vp"},"value":1.5},{"key":{"kind":"missing"},"value":1},{"key":{"kind":"else"},"value":0.5}]},"combine":{"kind":"ranked","factor":0.8},"engaged":{"at_least":10,"distinct_by":"department"},"bonus":{"rate":0.5,"falling":0.5},"committee":{"field":"role","assigned":true,"roles":[{"name":"decision_maker","need":1},{"name":"budget owner","need":2}]}},"items":[{"rule":{"when":"lead_score > 5","points":3}},{"rule":{"signal":{"activity":"visit"},"points":1}},{"rule":{"when":"cap > 5","points":3}},{"rule":{"when":"engaged at least 10","points":5}},{"rule":{"label":"weight","when":"a","points":1}},{"group":{"kind":"best of","rules":[{"when":"a","points":1}]}}],"scales":[{"factor":0.5,"when":"a"}]}]}`,
	},
	{
		`dimension e from contacts {
  decay since last linear 60d
  combine top 3
  engaged >= 5
  bonus { 2: +10, 3: +20 }
  committee by role { a: 1 }
}`,
		`{"dimensions":[{"name":"e","contacts":{"decay":{"linear":"60d","since":"last"},"combine":{"kind":"top","n":3},"engaged":{"at_least":5},"bonus":{"steps":[{"n":2,"points":10},{"n":3,"points":20}]},"committee":{"field":"role","roles":[{"name":"a","need":1}]}}}]}`,
	},
	{
		"dimension e from contacts { combine weighted mean }",
		`{"dimensions":[{"name":"e","contacts":{"combine":{"kind":"weighted mean"}}}]}`,
	},
	{
		"dimension e from contacts { combine best 60% }",
		`{"dimensions":[{"name":"e","contacts":{"combine":{"kind":"best","factor":0.6}}}]}`,
	},
	{
		"dimension e from contacts { combine sum }",
		`{"dimensions":[{"name":"e","contacts":{"combine":{"kind":"sum"}}}]}`,
	},
	{
		`disqualify when a in [x] "why"
disqualify when b
  or c`,
		`{"disqualify":[{"when":"a in [x]","reason":"why"},{"when":"b or c"}]}`,
	},
	{
		`tiers {
  top when score >= 70 hold 5
    play targeting "a" motion "b" metric "c"
    play "Second"
  "mid tier" when score >= 40 play "x" motion "y"
  play when score > 3
  low otherwise

    play "n"
      motion "m"
}`,
		`{"tiers":[{"name":"top","when":"score >= 70","hold":5,"plays":[{"targeting":"a","motion":"b","metric":"c"},{"name":"Second"}]},{"name":"mid tier","when":"score >= 40","plays":[{"name":"x","motion":"y"}]},{"name":"play","when":"score > 3"},{"name":"low","plays":[{"name":"n","motion":"m"}]}]}`,
	},
	{
		`tiers { a when score > 5, b otherwise }
tiers stage { x when score > 1; y otherwise }`,
		`{"tiers":[{"name":"a","when":"score > 5"},{"name":"b"}],"ladders":[{"name":"stage","tiers":[{"name":"x","when":"score > 1"},{"name":"y"}]}]}`,
	},
	{
		`grades fit { 75+: A, 50-74: "B", 25: C+, else: 3 }`,
		`{"grades":[{"dimension":"fit","steps":[{"key":{"kind":"from","lo":75},"grade":"A"},{"key":{"kind":"range","lo":50,"hi":74},"grade":"B"},{"key":{"kind":"number","lo":25},"grade":"C+"},{"key":{"kind":"else"},"grade":"3"}]}]}`,
	},
	{
		`trigger a when tier rises
trigger b when tier falls
trigger c when tier rises to top
trigger d when tier falls to "mid tier"
trigger "e f" when score rises by 2.5
trigger g when score falls by 20
trigger h when engaged_contacts reaches 3`,
		`{"triggers":[{"name":"a","on":"tier","kind":"rises"},{"name":"b","on":"tier","kind":"falls"},{"name":"c","on":"tier","kind":"rises to","to":"top"},{"name":"d","on":"tier","kind":"falls to","to":"mid tier"},{"name":"e f","on":"score","kind":"rises by","by":2.5},{"name":"g","on":"score","kind":"falls by","by":20},{"name":"h","on":"engaged_contacts","kind":"reaches","by":3}]}`,
	},
	{
		`case "a b" at 2026-11-01T12:00:00Z {
  employees = 5,000, revenue = 30M as of 2026-01-01, x = -5
  industry = Financial Services, stage = mid-size, t = [EHR, CRM], b = true
  z = null; w = 2026-10-01
  was = 5
  was mid
  contact ann { seniority = manager as of 2026-01-01, lead_score = 20
    did webinar on 2026-10-01 }
  contact b-1 { }
  contact "x y" { did visit x6 }
  did visit (page = "/x", n = 5) on 2026-10-20 value 3 x 6
  did visit × 6, did webinar
  expect score 50, tier mid,
    grade A1, low -5.5, fit.grade A+
}`,
		`{"cases":[{"name":"a b","at":"2026-11-01T12:00:00Z","was":"mid","values":[{"field":"employees","value":5000},{"field":"revenue","value":30000000,"as_of":"2026-01-01"},{"field":"x","value":-5},{"field":"industry","value":"Financial Services"},{"field":"stage","value":"mid-size"},{"field":"t","value":["EHR","CRM"]},{"field":"b","value":true},{"field":"z","value":null},{"field":"w","value":{"date":"2026-10-01"}},{"field":"was","value":5}],"contacts":[{"id":"ann","values":[{"field":"seniority","value":"manager","as_of":"2026-01-01"},{"field":"lead_score","value":20}],"did":[{"activity":"webinar","on":"2026-10-01"}]},{"id":"b-1"},{"id":"x y","did":[{"activity":"visit","times":6}]}],"did":[{"activity":"visit","fields":[{"field":"page","value":"/x"},{"field":"n","value":5}],"on":"2026-10-20","value":3,"times":6},{"activity":"visit","times":6},{"activity":"webinar"}],"expect":[{"name":"score","number":50},{"name":"tier","text":"mid"},{"name":"grade","text":"A1"},{"name":"low","number":-5.5},{"name":"fit.grade","text":"A+"}]}]}`,
	},
	{
		`case q {
  expect tier "", score = 3
}`,
		`{"cases":[{"name":"q","expect":[{"name":"tier"},{"name":"score","number":3}]}]}`,
	},
	{
		`ruleset "a"
# only a comment
// another`,
		`{"name":"a"}`,
	},
}

func TestParseForms(t *testing.T) {
	for _, test := range forms {
		t.Run(clipText(test.src, 40), func(t *testing.T) {
			rs, errs := Parse("x.rules", []byte(test.src))
			require.Empty(t, errs)
			var got bytes.Buffer
			encoder := json.NewEncoder(&got)
			encoder.SetEscapeHTML(false)
			require.NoError(t, encoder.Encode(rs))
			assert.Equal(t, test.want+"\n", got.String())
		})
	}
}

// shortRulesets are complete as they stand.
var shortRulesets = []struct {
	src    string
	points []float64
}{
	{`employees gte 1000 → +50
revenue gte 50000000 → +45
country in [US, UK, CA, AU, DE] → +20
industry in [Technology, Finance, Healthcare] → +30
`, []float64{50, 45, 20, 30}},
	{`employees in 100-1000 → +50
revenue in 10M-100M → +40
industry equals target_vertical → +30
not_already_a_customer → +20
`, []float64{50, 40, 30, 20}},
	{`existing_customer = true → +40
plan in [Pro, Business] → +30
employees gte 100 → +25
expansion_signal_in_last_30_days = true → +25
`, []float64{40, 30, 25, 25}},
}

func TestShortRulesets(t *testing.T) {
	for _, test := range shortRulesets {
		rs, errs := Parse("x.rules", []byte(test.src))
		require.Empty(t, errs)
		require.Len(t, rs.Dimensions, 1)
		assert.Equal(t, "points", rs.Dimensions[0].Name)
		var points []float64
		for _, item := range rs.Dimensions[0].Items {
			points = append(points, item.Rule.Points)
		}
		assert.Equal(t, test.points, points)
	}
}

func healthcare(t testing.TB) []byte {
	src, err := os.ReadFile("testdata/healthcare.rules")
	require.NoError(t, err)
	return src
}

func TestWholeRuleset(t *testing.T) {
	src := healthcare(t)
	rs, errs := Parse("healthcare.rules", src)
	require.Empty(t, errs)
	assert.Equal(t, "Healthcare SaaS", rs.Name)
	assert.Equal(t, string(src), rs.Source)
	assert.Len(t, rs.Params, 2)
	assert.Len(t, rs.Fields, 7)
	assert.Len(t, rs.Activities, 3)
	require.Len(t, rs.Dimensions, 3)
	assert.Len(t, rs.Dimensions[0].Items, 5)
	assert.Len(t, rs.Dimensions[1].Items, 5)
	assert.NotNil(t, rs.Dimensions[2].Contacts)
	assert.Len(t, rs.Disqualify, 1)
	assert.Len(t, rs.Tiers, 3)
	assert.Len(t, rs.Triggers, 3)
	assert.Len(t, rs.Cases, 2)
	assert.Equal(t, 6, rs.Cases[1].Did[0].Times)
	assert.Equal(t, "AE-led, multi-stakeholder", rs.Tiers[0].Plays[0].Motion)
}

// Line ends of other systems, a byte order mark and semicolons change nothing.
func TestLineEnds(t *testing.T) {
	src := healthcare(t)
	plain, errs := Parse("x.rules", src)
	require.Empty(t, errs)
	want, err := json.Marshal(plain)
	require.NoError(t, err)
	for name, changed := range map[string][]byte{
		"CRLF":            bytes.ReplaceAll(src, []byte("\n"), []byte("\r\n")),
		"CR":              bytes.ReplaceAll(src, []byte("\n"), []byte("\r")),
		"byte order mark": append([]byte("\ufeff"), src...),
		"tabs":            bytes.ReplaceAll(src, []byte("  "), []byte("\t")),
		"no-break spaces": bytes.ReplaceAll(src, []byte("  "), []byte(" \u00a0")),
		"no last line":    bytes.TrimSpace(src),
	} {
		rs, errs := Parse("x.rules", changed)
		require.Empty(t, errs, name)
		got, err := json.Marshal(rs)
		require.NoError(t, err)
		assert.JSONEq(t, string(want), string(got), name)
	}

	rs, errs := Parse("x.rules", []byte("a → 1;\r\nb → 2;\r\n\r\n  c > → 3"))
	require.Len(t, errs, 1)
	assert.Equal(t, Pos{Offset: 28, Line: 4, Column: 7}, errs[0].Pos)
	assert.Equal(t, "  c > → 3", errs[0].Line)
	assert.Len(t, rs.Dimensions[0].Items, 2)
}

// Each fault is reported once, and what stands around it is read.
func TestRecovery(t *testing.T) {
	rs, errs := Parse("x.rules", []byte(`ruleset "x
param a = = 5
param b = 6
field c string
field d number

dimension fit weigth 50% {
  a > > 5 → +1
  b > 5 → +2
  c in [x, y → +3
  d > 5
    and or e → +4
  best of {
    f → five
    g → +6
  }
  h → {
    1-49: 5
    50-99 6
    100+: 7
  }
  i → 5
}

tiers {
  top whenn score > 5
    play motion "x"
  mid when score > 2
  low otherwise
}
trigger t when tier rises up
case "one" {
  a = 5
  b 6
  contact x { a = , b = 3 }
  expect score 5
}
let last = a / b
`))
	var at []string
	for _, e := range errs {
		at = append(at, e.Pos.String())
	}
	assert.Equal(t, []string{"1:9", "2:11", "4:9", "7:15", "8:7", "10:8", "12:9", "14:9", "19:11", "26:7", "31:27", "34:5", "35:19"}, at, "%s", errs)
	require.Len(t, rs.Params, 1)
	require.Len(t, rs.Fields, 1)
	require.Len(t, rs.Dimensions, 1)
	assert.Len(t, rs.Dimensions[0].Items, 3)
	assert.Len(t, rs.Tiers, 2)
	require.Len(t, rs.Cases, 1)
	assert.Len(t, rs.Cases[0].Values, 1)
	require.Len(t, rs.Cases[0].Contacts, 1)
	assert.Len(t, rs.Cases[0].Expect, 1)
	assert.Len(t, rs.Lets, 1)
}

// A block that is not closed is one fault, and ends where the next section
// begins.
func TestUnclosedBlocks(t *testing.T) {
	rs, errs := Parse("x.rules", []byte(`dimension a {
  x → 1
  best of {
    y → 2

dimension b {
  x → { 1: 2
  y → 3
}
tiers {
  top when score > 5

case "c" {
  x = 5
}
`))
	var at []string
	for _, e := range errs {
		at = append(at, e.Pos.String())
	}
	assert.Equal(t, []string{"3:11", "7:7", "10:7"}, at, "%s", errs)
	require.Len(t, rs.Dimensions, 2)
	assert.Len(t, rs.Dimensions[1].Items, 1)
	assert.Len(t, rs.Tiers, 1)
	assert.Len(t, rs.Cases, 1)
}
