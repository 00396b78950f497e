package accountscore

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/micro"
)

func attribute(t testing.TB, before, after *Explanation) *Attribution {
	t.Helper()
	x, err := Attribute(before, after)
	require.NoError(t, err)
	sum := micro.M(0)
	for _, c := range x.Contributions {
		require.NotZero(t, c.Points)
		require.NotEmpty(t, c.Text)
		sum += micro.Of(c.Points)
	}
	require.Equal(t, micro.Of(x.Change), sum, "%+v", x)
	require.Equal(t, [2]float64{before.Result.Score, after.Result.Score}, [2]float64{x.Before, x.After})
	require.Equal(t, micro.Of(x.After)-micro.Of(x.Before), micro.Of(x.Change))
	require.Equal(t, before.Result.ModelHash != after.Result.ModelHash, x.ModelChanged)
	return x
}

func contributionLines(x *Attribution) []string {
	var lines []string
	for _, c := range x.Contributions {
		lines = append(lines, fmt.Sprintf("%+g %s %s", c.Points, c.Kind, c.Text))
	}
	return lines
}

func TestAttribute(t *testing.T) {
	const rules = `
score round 0
field employees number stale after 30d missing after 60d
field plan text
field rating number from "Rating__c"
activity visit, webinar, call
dimension fit {
  employees > 100 → +20
  employees > 100 and plan = Pro → +30
  rating → 0..10.4 over 0-10
  each visit within 90d → +8 half-life 30d
}
dimension people from contacts {
  field lead number
  field role text
  score lead
  combine sum
  role = Buyer → +1
  each webinar → +4
}`
	m := compile(t, rules)
	next := compile(t, strings.Replace(rules, "+20", "+25", 1))
	day := func(n int) time.Time { return testMoment.AddDate(0, 0, n) }
	lead := func(id string, lead float64, log ...Activity) Contact {
		return Contact{ID: id, Fields: map[string]any{"lead": lead}, Activities: log}
	}
	fields := func(kv ...any) map[string]any {
		f := map[string]any{}
		for i := 0; i < len(kv); i += 2 {
			f[kv[i].(string)] = kv[i+1]
		}
		return f
	}
	visit := Activity{Type: "visit", At: testMoment}
	for _, c := range []struct {
		name          string
		before, after Account
		days          int
		model         *Model
		want          []string
	}{
		{name: "nothing", before: Account{Fields: fields("employees", 5)}, after: Account{Fields: fields("employees", 5)}},
		{name: "a field that nobody reads", after: Account{Fields: fields("color", "red")}},
		{name: "a field", before: Account{Fields: fields("employees", 5)}, after: Account{Fields: fields("employees", 1100)},
			want: []string{"+20 data employees from 5 to 1,100"}},
		{name: "a field that came, and rounding", after: Account{Fields: fields("Rating__c", 5)},
			want: []string{"+5.2 data rating from unset to 5", "-0.2 rounding rounding of the published scores"}},
		{name: "two fields that act on each other share", before: Account{Fields: fields("employees", 5, "plan", "Free")}, after: Account{Fields: fields("employees", 500, "plan", "Pro")},
			want: []string{"+35 data employees from 5 to 500", `+15 data plan from "Free" to "Pro"`}},
		{name: "time", before: Account{Activities: []Activity{visit, visit}}, after: Account{Activities: []Activity{visit, visit}}, days: 30,
			want: []string{"-8 time visit: decayed, 30 days older"}},
		{name: "time alone ages old activities, new ones are activity", before: Account{Activities: []Activity{visit}}, days: 30,
			after: Account{Activities: []Activity{visit, {Type: "visit", At: day(30)}, {Type: "webinar", At: day(1)}}},
			want:  []string{"-4 time visit: decayed, 30 days older", "+8 activity visit recorded 2 times, before 1 time"}},
		{name: "a field expires, and is refreshed", days: 70,
			before: Account{Fields: fields("employees", 500), Refreshed: map[string]time.Time{"employees": testMoment}},
			after:  Account{Fields: fields("employees", 500), Refreshed: map[string]time.Time{"employees": day(65)}},
			want:   []string{"-20 time employees became expired, 60d after its refresh", "+20 data employees refreshed"}},
		{name: "contacts", before: Account{Contacts: []Contact{lead("ann", 10), lead("bob", 20), lead("eve", 1)}},
			after: Account{Contacts: []Contact{lead("dan", 7), lead("eve", 1), lead("bob", 25, Activity{Type: "webinar", At: testMoment})}},
			want:  []string{"+7 contact joined contact dan", "+9 contact changed contact bob: lead from 20 to 25, webinar recorded 1 time, before 0 times", "-10 contact left contact ann"}},
		{name: "the model, on the account as it is now", before: Account{Fields: fields("employees", 5)}, after: Account{Fields: fields("employees", 500)}, model: next,
			want: []string{"+20 data employees from 5 to 500", "+5 model from " + m.Hash()[:12] + " to " + next.Hash()[:12] + ": employees > 100 → +25 (+5)"}},
		{name: "a newer activity", before: Account{Activities: []Activity{{Type: "visit", At: day(-30)}}}, after: Account{Activities: []Activity{visit}},
			want: []string{"+4 activity visit recorded 1 time as before, the newest on " + momentText(testMoment) + " instead of " + momentText(day(-30))}},
		{name: "the newest of several", before: Account{Activities: []Activity{{Type: "visit", At: day(-30)}, {Type: "visit", At: day(-60)}}}, after: Account{Activities: []Activity{visit, {Type: "visit", At: day(-60)}}},
			want: []string{"+4 activity visit recorded 2 times as before, the newest on " + momentText(testMoment) + " instead of " + momentText(day(-30))}},
		{name: "two contacts of one id", before: Account{Contacts: []Contact{lead("ann", 10), lead("ann", 20)}}, after: Account{Contacts: []Contact{lead("ann", 10), lead("ann", 25)}},
			want: []string{"+5 contact changed contact ann: lead from 20 to 25"}},
		{name: "what of a contact is read", before: Account{Contacts: []Contact{lead("ann", 10, Activity{Type: "call"})}},
			after: Account{Contacts: []Contact{{ID: "ann", Fields: fields("lead", 15, "role", nil), Activities: []Activity{{Type: "call"}, {Type: "call"}}}}},
			want:  []string{"+5 contact changed contact ann: lead from 10 to 15, role from unset to null"}},
		{name: "time, and the model", before: Account{Fields: fields("employees", 500), Activities: []Activity{visit}}, after: Account{Fields: fields("employees", 500), Activities: []Activity{visit}}, days: 30, model: next,
			want: []string{"-4 time visit: decayed, 30 days older", "+5 model from " + m.Hash()[:12] + " to " + next.Hash()[:12] + ": employees > 100 → +25 (+5)"}},
		{name: "a value that cannot be used", before: Account{Fields: fields("employees", 500)}, after: Account{Fields: fields("employees", "many")},
			want: []string{`-20 data employees from 500 to the text "many" (cannot be used)`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.model == nil {
				c.model = m
			}
			x := attribute(t, m.Explain(c.before, testMoment), c.model.Explain(c.after, day(c.days)))
			assert.Equal(t, c.want, contributionLines(x))
		})
	}
}

// TestAttributeModels splits what changed between two models: what either reads
// counts, and the lines that the new one makes others are named.
func TestAttributeModels(t *testing.T) {
	const head = "score max 90 round 0\n"
	day := func(n int) time.Time { return testMoment.AddDate(0, 0, n) }
	visits := func(n int) []Activity { return slices.Repeat([]Activity{{Type: "visit", At: testMoment}}, n) }
	for _, c := range []struct {
		name, old, new string
		before, after  Account
		days           int
		want           []string // the last: the lines of the model
	}{
		{"the largest first", "true → +50\ntrue → +5\ntrue → +10", "true → +20\ntrue → +6\ntrue → +15", Account{}, Account{}, 0,
			[]string{"-24 model: true → +20 (-30), true → +15 (+5), true → +6 (+1)"}},
		{"three lines, cut where they are long", "true → +5\ntrue → +6\ntrue → +7\ntrue → +8\ntrue → +9", "a > 1 or a <= 1" + strings.Repeat(" or a > 1", 60) + " → +90\ntrue → +10\ntrue → +20\ntrue → +30\ntrue → +40",
			Account{Fields: map[string]any{"a": 1}}, Account{Fields: map[string]any{"a": 1}}, 0, []string{"+55 model: score: 100 lost to the cap of 90 (-100), a > 1 or a <= 1 or a > 1 or a > 1 or a >… (+85), true → +40 (+31) and 3 more"}},
		{"no line that weighs nothing", "dimension a weight 100% { true → +50 }\ndimension b weight 0% { true → +5 }", "dimension a weight 100% { true → +60 }\ndimension b weight 0% { true → +50 }", Account{}, Account{}, 0,
			[]string{"+10 model: true → +60 (+10)"}},
		{"the dimension of a text that stands twice", "dimension a { true → +30 }\ndimension c { true → +2 }", "dimension b { true → +30 }\ndimension c { true → +1\ntrue → +5 }", Account{}, Account{}, 0,
			[]string{"+4 model: b: true → +30 (+30), a: true → +30 (-30), true → +5 (+5) and 1 more"}},
		{"beyond the bound of the score", "true → +110", "true → +200", Account{}, Account{}, 0, nil},
		{"a field that only the old one reads", "field a number\nx: a > 1 → +20", "y: true → +30",
			Account{}, Account{Fields: map[string]any{"a": 5}}, 0,
			[]string{"+20 data a from unset to 5", "+10 model: true → +30 (+30), a > 1 → +20 (-20)"}},
		{"fields in the order of the new one", "field a number\nfield b number\na > 1 → +20\nb > 1 → +10", "field b number\nfield a number\na > 1 → +20\nb > 1 → +10",
			Account{}, Account{Fields: map[string]any{"a": 5, "b": 5}}, 0,
			[]string{"+10 data b from unset to 5", "+20 data a from unset to 5"}},
		{"a field that has another name", "field a number from \"k\" missing after 30d\na > 1 → +20", "field b number from \"k\" missing after 30d\nb > 1 → +20",
			Account{Fields: map[string]any{"k": 5}}, Account{Fields: map[string]any{"k": 5}, Refreshed: map[string]time.Time{"b": day(-40)}}, 0,
			[]string{"-20 model: b > 1 → +20 (-20)"}},
		{"an activity that only the old one reads", "activity visit\nx: each visit → +5", "activity visit\ny: true → +5",
			Account{}, Account{Activities: visits(2)}, 0,
			[]string{"+10 activity visit recorded 2 times, before 0 times", "-5 model: each visit → +5 (-10), true → +5 (+5)"}},
		{"a decay that only the new one has", "activity visit\neach visit within 90d → +8\nany(visit, 20d) → +3", "activity visit\neach visit within 90d → +8 half-life 30d\nany(visit, 20d) → +3",
			Account{Activities: visits(1)}, Account{Activities: visits(1)}, 30,
			[]string{"-3 time visit: 1 left the window of 20d", "-4 model: each visit within 90d → +8 half-life 30d (-4)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			old, next := compile(t, head+c.old), compile(t, head+c.new)
			x := attribute(t, old.Explain(c.before, testMoment), next.Explain(c.after, day(c.days)))
			names := strings.NewReplacer(" from "+old.Hash()[:12]+" to "+next.Hash()[:12], "")
			var got []string
			for _, line := range contributionLines(x) {
				got = append(got, names.Replace(line))
			}
			assert.Equal(t, c.want, got)
		})
	}
}

// TestAttributeContactWords: of what changed in a contact that is said which
// the models read, and of no model that there was none.
func TestAttributeContactWords(t *testing.T) {
	m := compile(t, `activity visit, webinar, call
dimension people from contacts {
  field lead number
  score lead
  each visit → +1
  each webinar → +1
  combine sum
}`)
	log := func(types ...string) (list []Activity) {
		for _, s := range types {
			list = append(list, Activity{Type: s, At: testMoment})
		}
		return list
	}
	account := func(lead float64, other string, acts ...string) Account {
		return Account{Contacts: []Contact{{ID: "ann", Fields: map[string]any{"lead": lead, "other": other}, Activities: log(acts...)}}}
	}
	x := attribute(t, m.Explain(account(10, "a", "visit", "webinar"), testMoment), m.Explain(account(15, "b", "visit", "visit", "webinar", "call", "gala"), testMoment))
	require.Equal(t, []string{"+6 contact changed contact ann: lead from 10 to 15, visit recorded 2 times, before 1 time"}, contributionLines(x))

	// What has another name in the new model is said once.
	next := compile(t, "dimension people from contacts {\n field points number from \"lead\"\n score points\n combine sum\n}")
	x = attribute(t, m.Explain(account(10, "a"), testMoment), next.Explain(account(15, "a"), testMoment))
	require.Equal(t, []string{"+5 contact changed contact ann: points from 10 to 15"}, contributionLines(x))

	x = attribute(t, new(Model).Explain(account(10, "a"), testMoment), m.Explain(account(10, "a"), testMoment))
	require.Equal(t, []string{"+10 model from none to " + m.Hash()[:12] + ": contact ann (+10)"}, contributionLines(x))
}

func TestAttributeErrors(t *testing.T) {
	m := compile(t, "a > 1 → +1")
	x, y := m.Explain(Account{ID: "a"}, testMoment), m.Explain(Account{ID: "b"}, testMoment)
	for _, pair := range [][2]*Explanation{{nil, x}, {x, nil}, {x, y}, {x, {}}, {{}, x}} {
		_, err := Attribute(pair[0], pair[1])
		require.Error(t, err)
	}
}

// changed gives an account with one kind of change, or several.
func (r randomRules) changed(a Account, kinds ...ContributionKind) Account {
	a = a.clone()
	for _, kind := range kinds {
		switch kind {
		case FromData:
			for range 1 + r.IntN(4) {
				name := randomFields[r.IntN(len(randomFields))]
				if a.Fields[name] = r.value(name); r.IntN(4) == 0 {
					delete(a.Fields, name)
				}
			}
			if r.IntN(3) == 0 {
				a.Refreshed["employees"] = testMoment.AddDate(0, 0, -r.IntN(150))
			}
		case FromActivity:
			a.Activities = r.log()
		case FromContactJoined:
			a.Contacts = append(a.Contacts, Contact{ID: "new", Fields: map[string]any{"lead_score": 40, "seniority": "vp", "last_active": testMoment}, Activities: r.log()})
		case FromContactChanged:
			if len(a.Contacts) > 0 {
				c := &a.Contacts[r.IntN(len(a.Contacts))]
				c.Fields["lead_score"], c.Activities = r.IntN(60), r.log()
			}
		case FromContactLeft:
			if len(a.Contacts) > 0 {
				i := r.IntN(len(a.Contacts))
				a.Contacts = slices.Delete(a.Contacts, i, i+1)
			}
		}
	}
	return a
}

// TestAttributeSums splits changes of random accounts, also across random
// models: the parts sum exactly, and what did not change is no part.
func TestAttributeSums(t *testing.T) {
	kinds := []ContributionKind{FromTime, FromData, FromActivity, FromContactJoined, FromContactChanged, FromContactLeft, FromModel}
	seen := map[ContributionKind]int{}
	for seed := range uint64(300) {
		checkAttribution(t, newRandom(11_000+seed), kinds, seen)
		checkAttribution(t, newWild(11_000+seed), kinds, seen)
	}
	for _, kind := range append(kinds, FromRounding) {
		require.Greater(t, seen[kind], 10, kind)
	}
}

func checkAttribution(t testing.TB, r randomRules, kinds []ContributionKind, seen map[ContributionKind]int) {
	m, src := randomModel(t, r)
	a := r.account(r.IntN(3) == 0)
	var of []ContributionKind
	for _, kind := range kinds {
		if r.IntN(3) == 0 {
			of = append(of, kind)
		}
	}
	b := r.changed(a, of...)
	next, at := m, testMoment
	if slices.Contains(of, FromModel) {
		next, _ = randomModel(t, r)
	}
	if slices.Contains(of, FromTime) {
		at = at.AddDate(0, 0, r.IntN(90)-10)
	}
	r.Shuffle(len(b.Contacts), func(i, j int) { b.Contacts[i], b.Contacts[j] = b.Contacts[j], b.Contacts[i] })
	x := attribute(t, m.Explain(a, testMoment), next.Explain(b, at))
	decays := strings.Contains(src, "half-life") || strings.Contains(src, "linear")
	for _, c := range x.Contributions {
		seen[c.Kind]++
		require.Equal(t, c.Kind == FromTime && c.Field+c.Activity+c.Contact != "", c.Lapse != "" && !strings.Contains(c.Text, " more "), "%+v", c)
		require.False(t, c.Lapse == LapseDecay && !decays, "%+v\n%s", c, src)
		if c.Kind != FromRounding {
			require.Contains(t, of, c.Kind, "%+v\n%s", c, src)
		}
		if c.Kind == FromData && c.Field != "" {
			require.False(t, reflect.DeepEqual(a.Fields[c.Field], b.Fields[c.Field]) && a.Refreshed[c.Field].Equal(b.Refreshed[c.Field]), c.Field)
		}
	}
	// The way back gives the steps between the same accounts, and no other sum.
	back := attribute(t, next.Explain(b, at), m.Explain(a, testMoment))
	require.Equal(t, -micro.Of(x.Change), micro.Of(back.Change))
}

// TestAttributeRescores works the parts out again by scoring accounts made by
// hand, from the outside.
func TestAttributeRescores(t *testing.T) {
	tried := 0
	weights := regexp.MustCompile(`weight \d+%`)
	for seed := range uint64(120) {
		r := newRandom(12_000 + seed)
		src := strings.NewReplacer("score min 0 max 100\n", "", "score round 0\n", "", "score min -20 round 3\n", "").Replace(r.ruleset()) + "score round 6\n"
		old := compile(t, src)
		if weights.MatchString(src) {
			continue // on every dimension or on none
		}
		m := compile(t, strings.Replace(src, "dimension d0", "dimension z { employees > 100 → +1.5 else -2 }\ndimension d0", 1))
		a := r.account(false)
		b := a.clone()
		name, other := randomFields[r.IntN(len(randomFields))], randomFields[r.IntN(len(randomFields))]
		b.Fields[name], b.Fields[other] = r.value(name), r.value(other)
		at := testMoment.AddDate(0, 0, 20)
		score := func(m *Model, from Account, names ...string) micro.M {
			h := from.clone()
			for _, n := range names {
				h.Fields[n] = b.Fields[n]
			}
			return micro.Of(m.Score(h, at).Score)
		}
		x := attribute(t, old.Explain(a, testMoment), m.Explain(b, at))
		total := func(match func(Contribution) bool) micro.M {
			sum := micro.M(0)
			for _, c := range x.Contributions {
				if match(c) {
					sum += micro.Of(c.Points)
				}
			}
			return sum
		}
		require.Equal(t, score(old, a)-micro.Of(old.Score(a, testMoment).Score), total(func(c Contribution) bool { return c.Kind == FromTime }), src)
		require.Equal(t, score(m, b)-score(old, b), total(func(c Contribution) bool { return c.Kind == FromModel }), src)
		if name == other {
			continue
		}
		tried++
		twice := score(old, a, name) - score(old, a) + score(old, b) - score(old, a, other)
		got := 2 * total(func(c Contribution) bool { return c.Field == name })
		require.InDelta(t, int64(twice), int64(got), 1, src)
	}
	require.Greater(t, tried, 30)
}

// TestAttributeOfMany splits a change of very many fields and contacts: it
// stays exact, and tries only so many by themselves.
func TestAttributeOfMany(t *testing.T) {
	var src strings.Builder
	src.WriteString("dimension fit {\n")
	a, b := Account{Fields: map[string]any{}}, Account{Fields: map[string]any{}}
	for i := range 900 {
		fmt.Fprintf(&src, "f%d > 1 → +%d\n", i, 1+i%7)
		b.Fields[fmt.Sprintf("f%d", i)] = 5
	}
	src.WriteString("}\ndimension people from contacts {\n score lead\n combine sum\n}\n")
	for i := range 1500 {
		b.Contacts = append(b.Contacts, Contact{ID: fmt.Sprint("c", i), Fields: map[string]any{"lead": 1}})
	}
	m := compile(t, src.String())
	began := time.Now()
	x := attribute(t, m.Explain(a, testMoment), m.Explain(b, testMoment))
	require.Less(t, time.Since(began), 20*time.Second, "only a hang takes so long")
	require.Less(t, len(x.Contributions), 100)
	require.Equal(t, 1500.0, x.Total(FromContactJoined))
	require.Equal(t, x.Change, x.Total(FromData, FromContactJoined))
	i := slices.IndexFunc(x.Contributions, func(c Contribution) bool { return c.Kind == FromContactJoined })
	require.Regexp(t, `^\d+ more fields$`, x.Contributions[i-1].Text)
	require.Regexp(t, `^\d+ more contacts$`, x.Contributions[len(x.Contributions)-1].Text)
}

// TestAttributeChangesNothing holds that attributing leaves the explanations
// as they were, and gives the same each time.
func TestAttributeChangesNothing(t *testing.T) {
	r := newRandom(5)
	m, _ := randomModel(t, r)
	a := r.account(false)
	x, y := m.Explain(a, testMoment), m.Explain(r.account(false), testMoment)
	was := x.subject.whole().account.clone()
	one, two := attribute(t, x, y), attribute(t, x, y)
	require.Equal(t, one, two)
	require.Equal(t, was, x.subject.whole().account)
	data, err := json.Marshal(one)
	require.NoError(t, err)
	var again Attribution
	require.NoError(t, json.Unmarshal(data, &again))
	require.Equal(t, *one, again)
}

// FuzzAttribute looks for a change whose parts do not sum.
func FuzzAttribute(f *testing.F) {
	for seed := range uint64(5) {
		f.Add(seed)
	}
	kinds := []ContributionKind{FromTime, FromData, FromActivity, FromContactJoined, FromContactChanged, FromContactLeft, FromModel}
	f.Fuzz(func(t *testing.T, seed uint64) {
		checkAttribution(t, newRandom(seed), kinds, map[ContributionKind]int{})
		checkAttribution(t, newWild(seed), kinds, map[ContributionKind]int{})
	})
}
