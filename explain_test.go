package accountscore

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/micro"
)

var updateExplain = flag.Bool("update", false, "rewrite the golden files")

// everyRendering are the accounts whose explanations have every golden file.
// The others have the data, and those that a person would read first.
var everyRendering = []string{"forms-full", "saas-hostile"}

// renderings are the golden files of an explanation by what ends their names.
var renderings = map[string]func(*Explanation) string{
	".txt":        func(x *Explanation) string { return x.Text() },
	".narrow.txt": func(x *Explanation) string { return x.Text(Width(60)) },
	".md":         (*Explanation).Markdown,
	".html":       pageWithoutStyle,
	".json":       indented,

	// The way to another tier than the next.
	".towards.txt":  func(x *Explanation) string { return x.Towards("silver").Text() },
	".towards.md":   func(x *Explanation) string { return x.Towards("silver").Markdown() },
	".towards.html": func(x *Explanation) string { return pageWithoutStyle(x.Towards("silver")) },
}

// hasGolden tells whether there is a golden file of a rendering of an account.
func hasGolden(name, ext string) bool {
	switch ext {
	case ".txt", ".md", ".json":
		return true
	case ".towards.txt", ".towards.md", ".towards.html":
		return name == "forms-poor"
	}
	return slices.Contains(everyRendering, name)
}

// pageWithoutStyle is the page with its style linked, so that a change of style
// changes no golden file, and they still look as they should.
func pageWithoutStyle(x *Explanation) string {
	page := strings.Replace(x.HTML(), "<style>"+htmlStyle+"</style>", `<link rel="stylesheet" href="../../explain_html.css">`, 1)
	return policy.ReplaceAllString(page, "")
}

// policy is the line that forbids a page to load anything.
var policy = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">\n`)

func indented(x *Explanation) string {
	data, err := json.MarshalIndent(x, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(data) + "\n"
}

// TestExplainGoldens holds the explanations of the accounts in
// testdata/explain/accounts against their golden files. An account
// "forms-full.json" is scored with "forms.rules".
func TestExplainGoldens(t *testing.T) {
	for _, name := range goldenNames(t) {
		t.Run(name, func(t *testing.T) {
			m, a := golden(t, name)
			x := checkExplanation(t, m, a)
			for ext, render := range renderings {
				if !hasGolden(name, ext) {
					continue
				}
				golden, got := "testdata/explain/"+name+ext, render(x)
				if *updateExplain {
					require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
				}
				want, err := os.ReadFile(golden)
				require.NoError(t, err)
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("%s: -want +got, or run go test -update:\n%s", golden, diff)
				}
			}
		})
	}
}

// goldenNames are those of the accounts that have goldens.
func goldenNames(t *testing.T) (names []string) {
	files, err := filepath.Glob("testdata/explain/accounts/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".json"))
	}
	return names
}

// golden gives an account that has goldens, with the model of its family.
func golden(t *testing.T, name string) (*Model, Account) {
	family, _, _ := strings.Cut(name, "-")
	src, err := os.ReadFile("testdata/explain/" + family + ".rules")
	require.NoError(t, err)
	data, err := os.ReadFile("testdata/explain/accounts/" + name + ".json")
	require.NoError(t, err)
	var a Account
	require.NoError(t, json.Unmarshal(data, &a))
	return compile(t, string(src)), a
}

// checkExplanation holds what is true of every explanation: it agrees with the
// score, its lines sum to it exactly, and so does every step within.
func checkExplanation(t testing.TB, m *Model, a Account) *Explanation {
	t.Helper()
	x := checkNumbers(t, m, a)
	checkRendering(t, x)
	return x
}

// checkNumbers is checkExplanation without the renderings, which take much
// longer: they look for the ways to the next tier.
func checkNumbers(t testing.TB, m *Model, a Account) *Explanation {
	t.Helper()
	x := m.Explain(a, testMoment)
	require.Equal(t, m.Score(a, testMoment), x.Result)
	sum := micro.M(0)
	for _, l := range x.Lines {
		require.NotZero(t, l.Points)
		require.NotEmpty(t, l.Text)
		sum += micro.Of(l.Points)
	}
	require.Equal(t, micro.Of(x.Result.Score), sum, "the lines: %+v", x.Lines)
	unknown := 0
	total := micro.M(0)
	for i := range x.Dimensions {
		d := &x.Dimensions[i]
		unknown += checkDimension(t, d)
		total += micro.Of(d.Share)
		shown, ok := x.Result.Dimension(d.Name)
		require.True(t, ok)
		require.Equal(t, [3]float64{shown.Points, shown.Low, shown.High}, [3]float64{d.Shown, d.Low, d.High})
	}
	require.Equal(t, total, micro.Of(x.Total.Sum))
	require.Equal(t, micro.Of(x.Result.Score), total+micro.Of(x.Total.Clamped)+micro.Of(x.Total.Rounding))
	for _, d := range x.Disqualify {
		unknown += count(d.State == StateUnknown)
	}
	require.Equal(t, x.Result.Unknown, unknown)
	require.Len(t, x.Invalid, x.Result.Invalid)
	decided := 0
	for _, d := range x.Disqualify {
		decided += count(d.Decides)
		require.False(t, d.Decides && orElse(d.Reason, d.Text) != x.Result.Reason, "%+v", d)
	}
	require.Equal(t, count(x.Result.Tier == Disqualified), decided)
	checkTiers(t, x)
	checkActivities(t, m, a, x)
	for _, n := range x.Missing {
		require.GreaterOrEqual(t, n.Gain, 0.0)
		require.GreaterOrEqual(t, n.Loss, 0.0)
		require.LessOrEqual(t, n.Gain, x.Result.High-x.Result.Score+1e-9)
		require.LessOrEqual(t, n.Loss, x.Result.Score-x.Result.Low+1e-9)
	}
	again := m.Explain(a, testMoment)
	again.subject = x.subject // which may hold a NaN
	require.Equal(t, x, again, "an explanation is always the same")
	return x
}

// checkActivities holds that an each line tells of every activity of its type
// whether it counts, or else why not.
func checkActivities(t testing.TB, m *Model, a Account, x *Explanation) {
	s := m.scratch()
	defer m.release(s)
	s.run(a, testMoment)
	events := func(of int, from, to int) int {
		n := 0
		for i := from; i < to; i++ {
			n += count(int(s.events[i].Type) == of)
		}
		return n
	}
	check := func(groups []group, told []GroupExplanation, from, to int) {
		for g := range groups {
			for r := range groups[g].rules {
				rule, x := &groups[g].rules[r], told[g].Rules[r].Signal
				if require.Equal(t, rule.signal != nil, x != nil); x == nil {
					continue
				}
				n := x.Activities
				if e := x.Excluded; e != nil {
					n += e.Contacts + e.Future + e.Outside + e.Filtered + e.Undecided + e.Older
					require.NotEqual(t, Excluded{}, *e)
				}
				require.Equal(t, events(rule.signal.log.Type, from, to), n, "%s: %+v", rule.id, x)
			}
		}
	}
	for i := range m.dims {
		check(m.dims[i].groups, x.Dimensions[i].Groups, 0, len(s.events))
		if c := m.dims[i].contacts; c != nil {
			for rank, contact := range s.order {
				check(c.groups, x.Dimensions[i].Contacts.Contacts[rank].Groups, s.offsets[contact], s.offsets[contact+1])
			}
		}
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// checkDimension adds a dimension up and gives the number of its rules and
// scales that are unknown.
func checkDimension(t testing.TB, d *DimensionExplanation) (unknown int) {
	sum := micro.M(0)
	for i := range d.Groups {
		sum += micro.Of(d.Groups[i].Points)
		unknown += checkGroup(t, &d.Groups[i])
	}
	if c := d.Contacts; c != nil {
		shares, threads := micro.Of(c.Rounding), 0
		for i, k := range c.Contacts {
			require.Equal(t, i+1, k.Rank)
			require.Equal(t, k.Score >= c.Threshold, k.Engaged)
			require.Equal(t, k.Engaged, k.Engagement.Margin >= 0)
			require.Equal(t, [2]float64{k.Score, c.Threshold}, [2]float64{k.Engagement.Value, k.Engagement.Needed})
			threads += count(k.Engaged && k.SameAs == 0)
			require.Equal(t, micro.Of(k.Weight).Mul(micro.Of(k.Score)), micro.Of(k.Weighted))
			raw := micro.Of(k.Base).Mul(micro.Of(k.Decay)) + micro.Of(k.Activity)
			require.Equal(t, micro.Of(k.Score), raw+micro.Of(k.Clamped))
			parts := micro.M(0)
			for g := range k.Groups {
				checkGroup(t, &k.Groups[g])
				parts += micro.Of(k.Groups[g].Points)
			}
			require.Equal(t, micro.Of(k.Scored)+parts, micro.Of(k.Base)+micro.Of(k.Activity), "formula and rules are all of the base")
			shares += micro.Of(k.Share)
		}
		require.Equal(t, micro.Of(c.Combined), shares)
		require.Equal(t, c.Engaged, threads)
		sum += micro.Of(c.Combined)
		if c.Bonus != nil {
			sum += micro.Of(c.Bonus.Points)
		}
	}
	require.Equal(t, micro.Of(d.Sum), sum, d.Name)
	for _, s := range d.Scales {
		sum += micro.Of(s.Points)
		unknown += count(s.State == StateUnknown)
	}
	require.Equal(t, micro.Of(d.Points), sum+micro.Of(d.Clamped), d.Name)
	if d.Unscored {
		require.Zero(t, d.Share)
	}
	return unknown
}

// checkGroup adds a group up and gives the number of its unknown rules.
func checkGroup(t testing.TB, g *GroupExplanation) (unknown int) {
	sum := micro.M(0)
	for i := range g.Rules {
		r := &g.Rules[i]
		unknown += count(r.State == StateUnknown)
		require.LessOrEqual(t, r.Low, r.Points)
		require.LessOrEqual(t, r.Points, r.High)
		require.False(t, r.PassedOver && r.ID == g.Winner)
		if g.Kind == "" || g.Kind == "sum of" || r.ID == g.Winner {
			sum += micro.Of(r.Points)
		}
		if s := r.Signal; s != nil {
			require.Equal(t, micro.Of(r.Points), micro.Of(s.Sum)+micro.Of(s.DailyClamped)+micro.Of(r.Clamped), "%+v", r)
			require.Equal(t, s.Activities > 0, r.State == StateMatched)
		}
		for _, test := range r.Tests {
			require.Equal(t, r.State, test.State, "%s: %+v", r.Text, test)
			require.Equal(t, test.State != StateMatched, test.Needed != "", "%s: %+v", r.Text, test)
			if d := test.Distance; d != nil {
				require.True(t, d.Margin >= 0 == (test.State == StateMatched) || d.Margin == 0, "%s: %+v", test.Text, d)
			}
		}
	}
	require.Equal(t, micro.Of(g.Sum), sum)
	require.Equal(t, micro.Of(g.Points), sum+micro.Of(g.Clamped))
	require.LessOrEqual(t, g.Low, g.Points)
	require.LessOrEqual(t, g.Points, g.High)
	return unknown
}

func checkTiers(t testing.TB, x *Explanation) {
	chosen, certain := "", true
	for i, tier := range x.Tiers {
		if tier.Chosen {
			require.Empty(t, chosen)
			chosen = tier.Name
			require.Equal(t, StateMatched, tier.Now)
			for _, before := range x.Tiers[:i] {
				require.NotEqual(t, StateMatched, before.Now)
				certain = certain && before.State == TierFalse
			}
			certain = certain && tier.State == TierTrue
			if x.Result.TierCertain {
				require.True(t, certain, "%+v", x.Tiers)
			}
		}
		require.False(t, tier.State == TierTrue && tier.Now != StateMatched)
		require.False(t, tier.State == TierFalse && tier.Now == StateMatched)
	}
	if x.Result.Tier != Disqualified {
		require.Equal(t, x.Result.Tier, chosen)
	} else {
		require.Empty(t, chosen)
	}
	for _, l := range x.Ladders {
		label, ok := x.Result.Label(l.Name)
		require.True(t, ok)
		require.Equal(t, label, l.Value)
	}
	for _, g := range x.Grades {
		label, ok := x.Result.Label(g.Name)
		require.True(t, ok)
		require.Equal(t, label, g.Grade)
		require.Equal(t, g.Grade, g.Possible[0])
	}
}

// escapes are the sequences of colours.
var escapes = regexp.MustCompile("\x1b\\[[0-9]+m")

// checkRendering holds the text within its width and free of control
// characters, and the JSON without loss.
func checkRendering(t testing.TB, x *Explanation) {
	text := x.Text()
	for width, text := range map[int]string{pageWidth: text, 40: x.Text(Width(1)), 57: x.Text(Width(57)), 160: x.Text(Width(160))} {
		require.True(t, utf8.ValidString(text))
		for line := range strings.SplitSeq(text, "\n") {
			require.LessOrEqual(t, columns(line), width, "%q", line)
			require.Equal(t, strings.TrimRight(line, " "), line)
			require.False(t, strings.ContainsFunc(line, func(r rune) bool { return r != zeroJoiner && !unicode.IsPrint(r) }), "%q", line)
			for i := range line {
				// A joiner stands on a picture alone.
				require.False(t, i > 0 && line[i-1] < utf8.RuneSelf && strings.HasPrefix(line[i:], string(zeroJoiner)), "%q", line)
			}
		}
	}
	for _, text := range []string{x.Markdown(), x.HTML()} {
		require.True(t, utf8.ValidString(text))
		require.False(t, strings.ContainsFunc(text, func(r rune) bool { return r != zeroJoiner && r != '\n' && !unicode.IsPrint(r) }), "%q", text)
	}
	require.Equal(t, text, escapes.ReplaceAllString(x.Text(Color()), ""), "colour changes nothing else")
	data, err := json.Marshal(x)
	require.NoError(t, err)
	var back Explanation
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&back))
	again, err := json.Marshal(&back)
	require.NoError(t, err)
	require.Equal(t, string(data), string(again))
}

// TestExplainAddsUp checks explanations of random accounts by random rulesets.
func TestExplainAddsUp(t *testing.T) {
	t.Parallel() // with the race detector it takes its time
	for seed := range uint64(250) {
		r := newRandom(4000 + seed)
		m, src := randomModel(t, r)
		for i := range 4 {
			a := r.account(r.IntN(3) == 0)
			if !t.Run(fmt.Sprint(seed), func(t *testing.T) {
				if x := checkNumbers(t, m, a); i == 0 && seed%5 == 0 {
					checkRendering(t, x)
				}
			}) {
				t.Fatalf("%s\n%+v", src, a)
			}
		}
	}
	for seed := range uint64(250) {
		r := newWild(seed)
		m, src := randomModel(t, r)
		a := r.account(r.IntN(3) == 0)
		if !t.Run(fmt.Sprintf("wild %d", seed), func(t *testing.T) { checkExplanation(t, m, a) }) {
			t.Fatalf("%s\n%+v", src, a)
		}
	}
}

// FuzzExplain is TestExplainAddsUp from any seed.
func FuzzExplain(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		for _, r := range []randomRules{newRandom(seed), newWild(seed)} {
			m, src := randomModel(t, r)
			defer func() {
				if t.Failed() {
					t.Log(src)
				}
			}()
			checkExplanation(t, m, r.account(true))
		}
	})
}

// TestExplainTests says which tests of a condition are to blame.
func TestExplainTests(t *testing.T) {
	m := func(condition string) *Model {
		return compile(t, `field a number
field b number
field s text ignoring case
field l list
field y bool
field d time
field f time
param target = Health
activity visit (page text)
let ratio = a / b
dimension x { `+condition+` → +1 }`)
	}
	account := Account{
		Fields: map[string]any{"a": 240, "b": 3.0, "s": "Retail", "l": []string{"CRM", "ERP"}, "d": "2026-10-22", "f": "2026-11-05"},
		Activities: []Activity{
			{Type: "visit", At: testMoment.AddDate(0, 0, -3), Fields: map[string]any{"page": "/home"}},
			{Type: "visit", At: testMoment.AddDate(0, 0, -9)},
		},
	}
	for _, tt := range []struct {
		condition string
		state     State
		want      []string
	}{
		{"a >= 1000", StateFailed, []string{"a >= 1000: a is 240: needs at least 1,000, short by 760"}},
		{"a > 240", StateFailed, []string{"a > 240: a is 240: needs more than 240"}},
		{"a in 300-500", StateFailed, []string{"a in 300-500: a is 240: needs at least 300, short by 60"}},
		{"not a < 1000", StateFailed, []string{"not a < 1000: a is 240: needs at least 1,000, short by 760"}},
		{"a in 100-200", StateFailed, []string{"a in 100-200: a is 240: needs at most 200, over by 40"}},
		{"a not in 100-250", StateFailed, []string{"a not in 100-250: a is 240: needs more than 250, short by 10"}},
		{"100 <= a < 240", StateFailed, []string{"100 <= a < 240: a is 240: needs less than 240"}},
		{"a != 240", StateFailed, []string{"a != 240: a is 240: needs anything but 240"}},
		{"a = 241", StateFailed, []string{"a = 241: a is 240: needs exactly 241, off by 1"}},
		{"a >= 100", StateMatched, []string{"a >= 100: a is 240"}},
		{`a > 1000 and b > 5 and s = "retail"`, StateFailed, []string{"a > 1000: a is 240: needs more than 1,000, short by 760", "b > 5: b is 3: needs more than 5, short by 2"}},
		{`a > 1000 or b > 2 or s = "retail"`, StateMatched, []string{"b > 2: b is 3", `s = "retail": s is "Retail"`}},
		{"a > 1000 or y", StateUnknown, []string{"y: y is unset"}},
		{`a > 100 and not (b > 2 and s = "retail")`, StateFailed, []string{"not b > 2: b is 3: needs at most 2, over by 1", `not s = "retail": s is "Retail": needs anything but "retail"`}},
		{`a > 100 and not (b > 2 and not s = "retail")`, StateMatched, []string{"a > 100: a is 240", `s = "retail": s is "Retail"`}},
		{"s in [Health, Energy]", StateFailed, []string{`s in [Health, Energy]: s is "Retail": needs one of [Health, Energy]`}},
		{"s not in [retail]", StateFailed, []string{`s not in [retail]: s is "Retail": needs none of [retail]`}},
		{"s = target", StateFailed, []string{`s = target: s is "Retail": needs "Health"`}},
		{`s contains "tech"`, StateFailed, []string{`s contains "tech": s is "Retail": needs a text that contains "tech"`}},
		{`not s starts with "re"`, StateFailed, []string{`not s starts with "re": s is "Retail": needs a text that does not start with "re"`}},
		{`s ends with "x"`, StateFailed, []string{`s ends with "x": s is "Retail": needs a text that ends with "x"`}},
		{`s has word "VP"`, StateFailed, []string{`s has word "VP": s is "Retail": needs a text that has the word "VP"`}},
		{`s has word ["VP", "CEO"]`, StateFailed, []string{`s has word ["VP", "CEO"]: s is "Retail": needs s has word ["VP", "CEO"]`}},
		{`s matches "^x+$"`, StateFailed, []string{`s matches "^x+$": s is "Retail": needs a text that matches "^x+$"`}},
		{"l has none [CRM]", StateFailed, []string{`l has none [CRM]: l is [CRM, ERP]: needs none of [CRM]`}},
		{"l has any [SAP, EHR]", StateFailed, []string{`l has any [SAP, EHR]: l is [CRM, ERP]: needs any of [SAP, EHR]`}},
		{"l has all [CRM, EHR]", StateFailed, []string{`l has all [CRM, EHR]: l is [CRM, ERP]: needs all of [CRM, EHR]`}},
		{`l contains "SAP"`, StateFailed, []string{`l contains "SAP": l is [CRM, ERP]: needs a list with "SAP"`}},
		{"l is empty", StateFailed, []string{"l is empty: l is [CRM, ERP]: needs no value, or an empty list"}},
		{"a is missing", StateFailed, []string{"a is missing: a is 240: needs no value"}},
		{"a in [1, 2, 1000]", StateFailed, []string{"a in [1, 2, 1000]: a is 240: needs one of [1, 2, 1,000]"}},
		{"a > b * 100", StateFailed, []string{"a > b * 100: a is 240, b * 100 is 300, b is 3: needs more than 300, short by 60"}},
		{"100 * b <= a < 200 * b", StateFailed, []string{"100 * b <= a < 200 * b: b is 3, a is 240: needs 100 * b <= a < 200 * b"}},
		{"d within 7d", StateFailed, []string{"d within 7d: d is 2026-10-22: needs a time within 7 days, 3 days too old"}},
		{"not d within 30d", StateFailed, []string{"not d within 30d: d is 2026-10-22: needs a time more than 30 days ago, short by 20 days"}},
		{"d within 12h", StateFailed, []string{"d within 12h: d is 2026-10-22: needs a time within 0.5 days, 9.5 days too old"}},
		{"f within 30d", StateFailed, []string{"f within 30d: f is 2026-11-05: needs a time that is not in the future; it is 4 days from now"}},
		{"d > 2026-10-25", StateFailed, []string{"d > 2026-10-25: d is 2026-10-22: needs a time not before 2026-10-26"}},
		{"d = 2026-10-25", StateFailed, []string{"d = 2026-10-25: d is 2026-10-22: needs a time on 2026-10-25"}},
		{"d between 2026-01-01 and 2026-03-31", StateFailed, []string{"d in 2026-01-01..2026-03-31: d is 2026-10-22: needs a time from 2026-01-01 to 2026-03-31"}},
		{"days_since(d) <= 7", StateFailed, []string{"days_since(d) <= 7: days_since(d) is 10, d is 2026-10-22: needs at most 7, over by 3"}},
		{"days_since(visit) <= 1", StateFailed, []string{"days_since(visit) <= 1: days_since(visit) is 3: needs at most 1, over by 2"}},
		{`days_since(visit where page = "none") < 5`, StateFailed, []string{`days_since(visit where page = "none") < 5: days_since(visit where page = "none") is never (not counted: 1 that the filter leaves out, 1 without an answer to the filter): needs less than 5`}},
		{`count(visit where page contains "home", 30d) > 1`, StateFailed, []string{`count(visit where page contains "home", 30d) > 1: count(visit where page contains "home", 30d) is 1 (not counted: 1 without an answer to the filter): needs more than 1`}},
		{"a / b > 100", StateFailed, []string{"a / b > 100: a / b is 80, a is 240, b is 3: needs more than 100, short by 20"}},
		{"ratio > 100", StateFailed, []string{"ratio > 100: ratio is 80: needs more than 100, short by 20"}},
		{"a ?? 7 > 1000", StateFailed, []string{"a ?? 7 > 1000: a ?? 7 is 240, a is 240: needs more than 1,000, short by 760"}},
		{"y is known", StateFailed, []string{"y is known: y is unset: needs a value"}},
		{"any(visit, 2d)", StateFailed, []string{"any(visit, 2d): any(visit, 2d) is false (not counted: 2 outside the window): needs at least one activity"}},
	} {
		t.Run(tt.condition, func(t *testing.T) {
			x := checkExplanation(t, m(tt.condition), account)
			r := x.Dimensions[0].Groups[0].Rules[0]
			assert.Equal(t, tt.state, r.State)
			var got []string
			for i := range r.Tests {
				got = append(got, r.Tests[i].Text+": "+phrase(&r.Tests[i]))
			}
			assert.Equal(t, tt.want, got)
		})
	}
	// A let that has no answer shows which of its fields has none.
	r := m("ratio > 100").Explain(Account{Fields: map[string]any{"a": 1}}, testMoment).Dimensions[0].Groups[0].Rules[0]
	require.Equal(t, []Seen{{Name: "ratio", State: ValueUnknown}, {Name: "b", State: ValueUnset}}, r.Tests[0].Seen)
}

// TestExplainGain holds what a missing field could bring against scoring the
// account with every value of it.
func TestExplainGain(t *testing.T) {
	m := compile(t, `score max 60
field a number
field b number
field c bool "Is a customer"
dimension x weight 50% {
  a > 10 → +30
  a > 10 and b > 5 → +20
  b → 0..40 over 0-10
  not c → +8 else -4
}
dimension y weight 50% max 10 { a > 100 → +90 }
tiers { top when score >= 20
  low otherwise }`)
	x := checkExplanation(t, m, Account{})
	require.Len(t, x.Missing, 3)
	for _, want := range []FieldNote{
		{Field: "a", State: ValueUnset, Change: "enrichable", Gain: 20, Rules: []string{"x.1", "x.2", "y.1", "tier top"}},
		{Field: "b", State: ValueUnset, Change: "enrichable", Gain: 20, Rules: []string{"x.2", "x.3", "tier top"}},
		{Field: "c", State: ValueUnset, Change: "enrichable", Gain: 4, Loss: 2, Rules: []string{"x.4"}, Description: "Is a customer"},
	} {
		for _, got := range x.Missing {
			if got.Field == want.Field {
				assert.Equal(t, want.Gain, got.Gain, want.Field)
				assert.Equal(t, want.Loss, got.Loss, want.Field)
				assert.Equal(t, want.Description, got.Description)
				assert.Equal(t, want.State, got.State)
				assert.Equal(t, want.Change, got.Change)
			}
		}
	}
	assert.Equal(t, []string{"x.1", "x.2", "y.1"}, x.Missing[0].Rules)
	assert.Equal(t, []string{"x.2", "x.3"}, x.Missing[1].Rules)
	assert.Equal(t, []string{"x.4"}, x.Missing[2].Rules)
}

// TestExplainSharesNothing changes an explanation and the account: neither the
// model nor an earlier explanation notices.
func TestExplainSharesNothing(t *testing.T) {
	m := compile(t, `field l list
field n number stale after 1d
dimension x { l has any [CRM] and n > 0 → +1 }
tiers { top when score > 0 play "call" }`)
	a := Account{Fields: map[string]any{"l": []string{"CRM", "x"}, "n": 1.0}, Refreshed: map[string]time.Time{"n": testMoment.AddDate(0, 0, -5)}}
	was := m.Explain(a, testMoment)
	want, err := json.Marshal(was)
	require.NoError(t, err)
	spoilt := m.Explain(a, testMoment)
	spoilt.Tiers[0].Plays[0].Name = "spoilt"
	spoilt.Stale[0].Rules[0] = "spoilt"
	spoilt.Dimensions[0].Groups[0].Rules[0].Tests[0].Seen[0].Name = "spoilt"
	a.Fields["l"].([]string)[1] = "spoilt"
	got, err := json.Marshal(was)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got))
	a.Fields["l"].([]string)[1] = "x"
	require.Equal(t, was, m.Explain(a, testMoment))
}

// TestExplainConcurrently makes the first explanations of a model at once.
func TestExplainConcurrently(t *testing.T) {
	r := newRandom(7)
	m, _ := randomModel(t, r)
	a := r.account(true)
	var wg sync.WaitGroup
	texts := make([]string, 8)
	for i := range texts {
		wg.Go(func() { texts[i] = m.Explain(a, testMoment).Text() })
	}
	wg.Wait()
	for _, text := range texts {
		require.Equal(t, texts[0], text)
	}
}

// TestExplainCrowd prints the best contacts and sums up the others.
func TestExplainCrowd(t *testing.T) {
	m := compile(t, engagement(threaded))
	x := checkExplanation(t, m, Account{ID: "crowd", Contacts: people(strings.Repeat("manager@19.999999 ", 40))})
	text := x.Text()
	require.Contains(t, text, "and 15 more contacts")
	require.Contains(t, text, "c24")
	require.NotContains(t, text, "c25")
	require.Len(t, x.Dimensions[0].Contacts.Contacts, 40)
	require.NotZero(t, x.Dimensions[0].Contacts.Rounding, "each share is rounded, and so is their sum")
}

// TestExplainNothing explains a model without rules, and an account without
// anything.
func TestExplainNothing(t *testing.T) {
	x := checkExplanation(t, MustCompile(&Ruleset{}), Account{})
	require.Empty(t, x.Lines)
	require.Contains(t, x.Text(), "Account without an id, model "+x.ModelHash[:12])
	checkExplanation(t, compile(t, "tiers {\n  a when employees > 5\n  b otherwise\n}"), Account{})
}

func TestFigure(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0", 5: "5", 999: "999", 1000: "1,000", -1234567.5: "-1,234,567.5", 0.1234567: "0.123457", 30e6: "30,000,000",
		1e13: "10,000,000,000,000", 1e15: "1e+15", -0.0000001: "-1e-07",
	} {
		assert.Equal(t, want, figure(f))
	}
}

func BenchmarkExplain(b *testing.B) {
	src, err := os.ReadFile("testdata/explain/forms.rules")
	require.NoError(b, err)
	data, err := os.ReadFile("testdata/explain/accounts/forms-full.json")
	require.NoError(b, err)
	m := compile(b, string(src))
	var a Account
	require.NoError(b, json.Unmarshal(data, &a))
	b.Run("score", func(b *testing.B) {
		for b.Loop() {
			m.Score(a, testMoment)
		}
	})
	b.Run("explain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m.Explain(a, testMoment)
		}
	})
}

func TestExplainNamesTheBoundThatHeld(t *testing.T) {
	logged := func(n int) (list []Activity) {
		for range n {
			list = append(list, Activity{Type: "ticket", At: testMoment})
		}
		return list
	}
	a := Account{Fields: map[string]any{"n": 30, "vehicles": 800}, Activities: logged(3)}
	x := compile(t, "dimension d {\n each ticket → -4 max 10\n n > 1 → +1 per n max 9\n n > 1 → -1 per n min -8\n}\ndisqualify when vehicles < 5").Explain(a, testMoment)
	text := x.Text()
	require.Contains(t, text, "-12 held at -10 by max 10")
	require.Contains(t, text, "+30 held at +9 by max 9")
	require.Contains(t, text, "-30 held at -8 by min -8")
	require.Contains(t, text, "vehicles is 800: would need less than 5")
}

func TestExplainSaysNothingOfUnmarkedStaleFields(t *testing.T) {
	m := compile(t, "field a number stale after 10d\nfield b number fixed stale after 10d\ndimension d {\n a + b > 1 → +1\n}")
	old := testMoment.AddDate(0, 0, -20)
	x := m.Explain(Account{Fields: map[string]any{"a": 1, "b": 1}, Refreshed: map[string]time.Time{"a": old, "b": old}}, testMoment)
	require.Len(t, x.Stale, 2)
	require.Equal(t, "a is stale: 1, 20 days old", x.Stale[0].String())
	require.Equal(t, "b is stale: 1, 20 days old, fixed", x.Stale[1].String())
}
