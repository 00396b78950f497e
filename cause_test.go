package accountscore

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/micro"
)

const causeRules = `score max 1000
dimension fit out of 50 weight 50% {
  size: employees > 100 → +20
  best of "pick" {
    a: employees > 500 → +9
    b: employees > 100 → +8
  }
  first of {
    x: plan = Pro → +3
    y: plan = Free → +1
  }
  scale 50% when plan = Free "Free plan"
}
dimension people weight 50% from contacts {
  score lead
  weight role { vp: 2, else: 1 }
  combine sum
  bonus { 2: +10 }
}
dimension notes unscored { employees > 100 → +7 }
disqualify when plan = Bad "Bad plan"
tiers {
  top when score >= 40
  low otherwise
}
trigger up when tier rises
trigger down when tier falls
trigger score when score rises by 1
trigger cool when score falls by 1
trigger fit when fit rises by 1
trigger notes when notes reaches 5
trigger people when people falls by 1
trigger c when contacts falls by 1
trigger e when engaged_contacts rises by 1
trigger s when senior_engaged rises by 1
`

func causeLines(e Event) []string {
	var lines []string
	for _, c := range e.Causes {
		lines = append(lines, fmt.Sprintf("%+g %s%s %s%s/%s %v→%v", c.Change, c.Rule, c.Contact, c.Dimension, c.BeforeState, c.AfterState, c.Before, c.After))
	}
	return lines
}

func TestCauses(t *testing.T) {
	m := compile(t, causeRules)
	contact := func(id, role string, lead float64) Contact {
		return Contact{ID: id, Fields: map[string]any{"role": role, "lead": lead}}
	}
	explain := func(employees int, plan string, contacts ...Contact) *Explanation {
		return m.Explain(Account{ID: "x", Fields: map[string]any{"employees": employees, "plan": plan}, Contacts: contacts}, testMoment)
	}
	for _, c := range []struct {
		name       string
		prev, next *Explanation
		want       map[string][]string
	}{
		{"nothing", explain(50, "Pro"), explain(60, "Pro"), nil},
		{"the first", nil, explain(50, "Pro"), nil},
		{"a rule and groups", explain(50, "Free"), explain(200, "Pro"), map[string][]string{
			// 28 + 3 of 50 are 62, half of which is 31; before it was ½ · 1.
			"score": {"+20 fit.size fitfailed/matched 0→20", "+8 fit.b fitfailed/matched 0→8", "+2 fit.x fitmatched/matched 1→3", "+0.5 fit scale 1 fitmatched/failed -0.5→0"},
			"fit":   {"+40 fit.size fitfailed/matched 0→20", "+16 fit.b fitfailed/matched 0→8", "+4 fit.x fitmatched/matched 1→3", "+1 fit scale 1 fitmatched/failed -0.5→0"},
			"notes": {"+7 notes.1 notesfailed/matched 0→7"},
		}},
		{"the winner of a group", explain(200, ""), explain(600, ""), map[string][]string{
			"score": {"+1 fit.a fitmatched/matched 8→9"},
			"fit":   {"+2 fit.a fitmatched/matched 8→9"},
		}},
		{"contacts", explain(50, "Pro", contact("ann", "vp", 20), contact("bob", "ic", 30), contact("col", "ic", 1)), explain(50, "Pro", contact("bob", "ic", 5), contact("dan", "vp", 10)),
			map[string][]string{
				// 20·2 + 30 + 1 + 10 before, 20 + 5 and no bonus after.
				"cool":   {"-20 ann people/ 40→0", "-12.5 bob people/ 30→5", "-5  people/ 10→0", "-0.5 col people/ 1→0", "+10 dan people/ 0→20"},
				"people": {"-40 ann people/ 40→0", "-25 bob people/ 30→5", "-10  people/ 10→0", "-1 col people/ 1→0", "+20 dan people/ 0→20"},
				"c":      {"-1 ann / 40→0", "-1 col / 1→0", "+1 dan / 0→20"},
				"down":   {"-20 ann people/ 40→0", "-12.5 bob people/ 30→5", "-5  people/ 10→0", "-0.5 col people/ 1→0", "+10 dan people/ 0→20"},
			}},
		{"engaged", explain(50, "Pro", contact("ann", "vp", 5)), explain(50, "Pro", contact("ann", "vp", 10), contact("bob", "ic", 10)),
			map[string][]string{
				"score": {"+5 ann people/ 10→20", "+5 bob people/ 0→10", "+5  people/ 0→10"},
				"e":     {"+1 ann / 10→20", "+1 bob / 0→10"},
				"s":     {"+1 ann / 10→20"},
			}},
		{"disqualified", explain(2000, "Pro", contact("ann", "vp", 50)), explain(200, "Bad", contact("ann", "vp", 50)),
			map[string][]string{
				"down": {"+0 disqualify 1 failed/matched 0→0", "-3 fit.x fitmatched/failed 3→0", "-1 fit.b fitmatched/matched 9→8"},
				"cool": {"-3 fit.x fitmatched/failed 3→0", "-1 fit.b fitmatched/matched 9→8"},
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			events := m.ChangesExplained(c.prev, c.next)
			got := map[string][]string{}
			prev := Result{}
			if c.prev != nil {
				prev = c.prev.Result
			}
			plain := m.Changes(prev, c.next.Result)
			require.Len(t, events, len(plain))
			for i, e := range events {
				got[e.Trigger] = causeLines(e)
				e.Causes = nil
				require.Equal(t, plain[i], e)
			}
			if c.want == nil {
				c.want = map[string][]string{}
			}
			require.Equal(t, c.want, got)
		})
	}
	require.Nil(t, m.ChangesExplained(nil, nil))
}

// TestCausesOfModels compares explanations of two models: a rule that has
// another name came, and the other left.
func TestCausesOfModels(t *testing.T) {
	const triggers = "\ntrigger up when score rises by 1"
	old := compile(t, "a: employees > 1 → +5\nb: employees > 1 → +2"+triggers)
	m := compile(t, "a: employees > 1 → +9\nc: employees > 1 → +3"+triggers)
	acc := Account{Fields: map[string]any{"employees": 5}}
	events := m.ChangesExplained(old.Explain(acc, testMoment), m.Explain(acc, testMoment))
	require.Len(t, events, 1)
	require.True(t, events[0].ModelChanged)
	require.Equal(t, []string{"+4 points.a pointsmatched/matched 5→9", "+3 points.c points/matched 0→3", "-2 points.b pointsmatched/ 2→0"}, causeLines(events[0]))
}

// TestCausesInOrder: what a condition reads itself comes first, then what went
// the event's way, then what did not, each the largest first.
func TestCausesInOrder(t *testing.T) {
	m := compile(t, `field n number
n > 1 → -2
n > 1 → -10
n > 1 → +5
n > 1 → +40
tiers { top when score >= 20 and n > 1
 low otherwise }
trigger up when tier rises
trigger more when score rises by 20`)
	explain := func(n int) *Explanation {
		return m.Explain(Account{Fields: map[string]any{"n": n}}, testMoment)
	}
	events := m.ChangesExplained(explain(0), explain(5))
	require.Len(t, events, 2)
	points := []string{"+40 points.4 pointsfailed/matched 0→40", "+5 points.3 pointsfailed/matched 0→5", "-10 points.2 pointsfailed/matched 0→-10", "-2 points.1 pointsfailed/matched 0→-2"}
	require.Equal(t, points, causeLines(events[1]))
	require.Equal(t, append([]string{"+0  / 0→0"}, points...), causeLines(events[0]))
	require.Equal(t, "n", events[0].Causes[0].Field)
}

// TestCausesAcrossModels: a group keeps its name whatever stands in it, a rule
// that is gone and earned nothing is no cause, one that weighs nothing is, and a
// disqualification is told as the new model has it.
func TestCausesAcrossModels(t *testing.T) {
	const tail = "\ntiers { top when score > 1\n low otherwise }\ntrigger down when tier falls\ntrigger less when score falls by 1\n"
	old := compile(t, "dimension a weight 100% {\n best of Size {\n x: true → +50\n }\n gone: false → +5\n}\ndimension b weight 0% {\n y: true → +5\n}\ndisqualify when false \"Old words\""+tail)
	m := compile(t, "dimension a weight 100% {\n best of Size {\n z: true → +20\n }\n}\ndimension b weight 0% {\n y: true → +6\n}\ndisqualify when true \"New words\""+tail)
	events := m.ChangesExplained(old.Explain(Account{}, testMoment), m.Explain(Account{}, testMoment))
	require.Len(t, events, 2)
	points := []string{"-30 a.z amatched/matched 50→20", "+0 b.y bmatched/matched 5→6"}
	require.Equal(t, points, causeLines(events[1]))
	require.Equal(t, append([]string{"+0 disqualify 1 failed/matched 0→0"}, points...), causeLines(events[0]))
	require.Equal(t, "New words", events[0].Causes[0].Text)
}

// TestCausesOfRandomAccounts holds that every line of a scored dimension that
// changed is a cause, and that what is stored as JSON explains as well.
func TestCausesOfRandomAccounts(t *testing.T) {
	causes := 0
	for seed := range uint64(120) {
		r := newRandom(9000 + seed)
		src := r.ruleset() + "trigger a when score rises by 0.001\ntrigger b when score falls by 0.001\ntrigger c when tier rises\ntrigger d when d0 rises by 1\n"
		m := compile(t, src)
		prev, next := m.Explain(r.account(true), testMoment), m.Explain(r.account(true), testMoment)
		events := m.ChangesExplained(prev, next)
		for _, e := range events {
			require.NotEmpty(t, e.Causes, "%s\n%s", e.Trigger, src)
			causes += len(e.Causes)
			for _, c := range e.Causes {
				require.NotEmpty(t, c.Text)
			}
			if e.On != "score" {
				continue
			}
			// The causes are all of the change, save the rounding.
			var sum, want, changed, weighed micro.M
			for _, c := range e.Causes {
				sum += micro.Of(c.After) - micro.Of(c.Before)
				changed += micro.Of(c.Change)
			}
			for i := range next.Dimensions {
				if n, p := &next.Dimensions[i], &prev.Dimensions[i]; !n.Unscored {
					is, was := lineSum(n)+micro.Of(n.Clamped), lineSum(p)+micro.Of(p.Clamped)
					want += is - was
					weighed += n.impact(is, nil) - p.impact(was, nil)
				}
			}
			capped := micro.Of(next.Total.Clamped) - micro.Of(prev.Total.Clamped)
			want, weighed = want+capped, weighed+capped
			require.Equal(t, want, sum, src)
			require.InDelta(t, float64(weighed), float64(changed), float64(10+4*len(e.Causes)), "each weighed by itself is a millionth off at most: %s", src)
		}
		store := func(x *Explanation) *Explanation {
			data, err := json.Marshal(x)
			require.NoError(t, err)
			again := &Explanation{}
			require.NoError(t, json.Unmarshal(data, again))
			return again
		}
		require.Equal(t, events, m.ChangesExplained(store(prev), store(next)))
	}
	require.Greater(t, causes, 400)
}

// lineSum adds up what a dimension's lines and scales earned.
func lineSum(d *DimensionExplanation) micro.M {
	var sum micro.M
	for _, g := range d.Groups {
		sum += micro.Of(g.Points)
	}
	if d.Contacts != nil {
		for _, c := range d.Contacts.Contacts {
			sum += micro.Of(c.Share)
		}
		sum += micro.Of(d.Contacts.Bonus.Points)
	}
	for _, s := range d.Scales {
		sum += micro.Of(s.Points)
	}
	return sum
}

// TestHostileExplanations reads explanations that no model made.
func TestHostileExplanations(t *testing.T) {
	m := compile(t, causeRules)
	for _, src := range []string{
		`{}`, `{"dimensions":[{"groups":[{}]}]}`, `{"dimensions":[{"groups":[{"kind":"best of","winner":"x"}],"scales":[{"state":"matched"}]}]}`,
		`{"dimensions":[{"weight":1,"out_of":1e-9,"groups":[{"points":1e300,"baseline":-1e300,"rules":null}],"contacts":{"contacts":[{},{}],"bonus":{}}}]}`,
		`{"result":{"tier":"top","score":1e308,"contacts":-5,"model_hash":"x"},"disqualify":[{"state":"matched"},{}],"dimensions":[{"contacts":{"contacts":[{"id":"a","engaged":true},{"id":"a"}]}}]}`,
	} {
		var x Explanation
		require.NoError(t, json.Unmarshal([]byte(src), &x), src)
		good := m.Explain(Account{Contacts: []Contact{{ID: "a"}, {ID: "a"}}}, testMoment)
		for _, pair := range [][2]*Explanation{{&x, good}, {good, &x}, {&x, &x}, {nil, &x}} {
			m.ChangesExplained(pair[0], pair[1])
		}
		x.Reasons(-1)
		x.Writeback("p")
		x.LogValue()
	}
}

func TestEventJSON(t *testing.T) {
	for _, c := range []struct {
		event Event
		want  string
	}{
		{Event{AccountID: "a", Trigger: "hot", On: "tier", BeforeTier: "low", AfterTier: "top", ModelChanged: true},
			`{"account_id":"a","trigger":"hot","on":"tier","before":"low","after":"top","model_changed":true}`},
		{Event{AccountID: "a", Trigger: "hot", On: "tier", AfterTier: "top"},
			`{"account_id":"a","trigger":"hot","on":"tier","before":"","after":"top"}`},
		{Event{AccountID: "a", Trigger: "up", On: "score", After: 5.5, Causes: []Cause{{Rule: "fit.1", Dimension: "fit", Text: "t", AfterState: StateMatched, After: 5.5, Change: 5.5}}},
			`{"account_id":"a","trigger":"up","on":"score","before":0,"after":5.5,"causes":[{"rule":"fit.1","dimension":"fit","text":"t","after_state":"matched","before":0,"after":5.5,"change":5.5}]}`},
	} {
		data, err := json.Marshal(c.event)
		require.NoError(t, err)
		require.JSONEq(t, c.want, string(data))
		var again Event
		require.NoError(t, json.Unmarshal(data, &again))
		require.Equal(t, c.event, again)
	}
	var e Event
	require.NoError(t, json.Unmarshal([]byte(`{"on":"tier"}`), &e))
	for _, bad := range []string{`[]`, `{"on":"tier","before":5}`, `{"on":"score","after":"top"}`} {
		require.Error(t, json.Unmarshal([]byte(bad), &e), bad)
	}
}

// TestCausesOfSum holds a sum to name the rules that changed, and what its
// bound made of them.
func TestCausesOfSum(t *testing.T) {
	m := compile(t, `dimension d {
  sum of "S" max 10 {
    z1: a > 1 → +7
    z2: b > 1 → +6 "Two"
    c > 1 → +1
  }
}
trigger score when score rises by 1`)
	x := func(b float64) *Explanation {
		return m.Explain(Account{Fields: map[string]any{"a": 5, "b": b, "c": 0}}, testMoment)
	}
	events := m.ChangesExplained(x(0), x(5))
	require.Len(t, events, 1)
	require.Equal(t, []string{"+6 d.z2 dfailed/matched 0→6", "-3  d/ 0→-3"}, causeLines(events[0]))
	require.Equal(t, `sum of "S": 3 lost to the cap of 10`, events[0].Causes[1].Text)
}

func TestCausesOfContactsWithOneID(t *testing.T) {
	m := compile(t, "dimension d from contacts {\n score n\n engaged at least 10\n}\ntrigger e when engaged_contacts rises by 1")
	x := func(last float64) *Explanation {
		c := func(n float64) Contact { return Contact{ID: "a", Fields: map[string]any{"n": n}} }
		return m.Explain(Account{Contacts: []Contact{c(30), c(20), c(last)}}, testMoment)
	}
	events := m.ChangesExplained(x(5), x(15))
	require.Len(t, events, 1)
	require.Len(t, events[0].Causes, 1)
}

// TestCausesOfOneThatLeft: of contacts with one id the last left.
func TestCausesOfOneThatLeft(t *testing.T) {
	m := compile(t, "dimension d from contacts {\n score n\n combine sum\n}\ntrigger e when contacts falls by 1")
	x := func(scores ...float64) *Explanation {
		var a Account
		for _, n := range scores {
			a.Contacts = append(a.Contacts, Contact{ID: "a", Fields: map[string]any{"n": n}})
		}
		return m.Explain(a, testMoment)
	}
	events := m.ChangesExplained(x(30, 20), x(30))
	require.Len(t, events, 1)
	require.Equal(t, []string{"-1 a / 20→0"}, causeLines(events[0]))
}

// TestCausesOfTiers: a tier that depends on something else than the score names
// that, and nothing that it does not depend on.
func TestCausesOfTiers(t *testing.T) {
	const src = `field country text
field size number
field n number
activity webinar
let double = size * 2
dimension fit { n > 1 → +5 }
dimension notes unscored { size > 100 → +7 }
dimension people from contacts {
  field lead number
  field role text
  score lead
  combine max
  committee by role { buyer: 1, user: 1 }
}
grades notes { 5+: A, else: B }
tiers {
  top when %s
  low otherwise
}
trigger up when tier rises
trigger down when tier falls
`
	contact := func(id, role string, lead float64) Contact {
		return Contact{ID: id, Fields: map[string]any{"role": role, "lead": lead}}
	}
	prev := Account{Fields: map[string]any{"country": "US", "size": 5, "n": 0}, Contacts: []Contact{contact("ann", "buyer", 20), contact("bob", "user", 2)}}
	next := Account{Fields: map[string]any{"country": "DE", "size": 500, "n": 5}, Contacts: []Contact{contact("ann", "buyer", 20), contact("bob", "user", 12)},
		Activities: []Activity{{Type: "webinar", At: testMoment}}}
	for _, c := range []struct {
		when string
		want []string // text and change
	}{
		{"notes >= 5", []string{"size > 100 → +7 +7"}},
		{"notes.grade = A", []string{"size > 100 → +7 +7"}},
		{"country = DE", []string{`country from "US" to "DE" +0`}},
		{"country = DE and size > 100", []string{`country from "US" to "DE" +0`, "size from 5 to 500 +0"}},
		{"not (country = US)", []string{`country from "US" to "DE" +0`}},
		{"double > 100", []string{"double from 10 to 1,000 +0"}},
		{"count(webinar, 60d) >= 1", []string{"count(webinar, 60d) from 0 to 1 +0"}},
		{"engaged_contacts >= 2", []string{"contact bob: counts as engaged +1"}},
		{"completeness >= 100", []string{"contact bob, user +1"}},
		{"score >= 25", []string{"n > 1 → +5 +5"}},
		{"fit >= 5 and notes >= 5", []string{"size > 100 → +7 +7", "n > 1 → +5 +5"}},
		{"fit >= 5 or country = FR", []string{"n > 1 → +5 +5"}},
		{"people >= 20 and country = DE", []string{`country from "US" to "DE" +0`}},
	} {
		t.Run(c.when, func(t *testing.T) {
			m := compile(t, fmt.Sprintf(src, c.when))
			was, is := m.Explain(prev, testMoment), m.Explain(next, testMoment)
			for i, events := range [][]Event{m.ChangesExplained(was, is), m.ChangesExplained(is, was)} {
				require.Len(t, events, 1)
				require.Equal(t, []string{"up", "down"}[i], events[0].Trigger)
				var got []string
				for _, cause := range events[0].Causes {
					got = append(got, fmt.Sprintf("%s %+g", cause.Text, cause.Change))
					require.Equal(t, strings.HasPrefix(cause.Text, "country from") || strings.HasPrefix(cause.Text, "size from"), cause.Field != "")
				}
				if i == 0 {
					require.Equal(t, c.want, got)
				} else {
					require.Len(t, got, len(c.want))
				}
			}
		})
	}
}

// TestCausesOfCompleteness names who filled a role of the committee, engaged
// or not where those who are assigned count, and what else changed it.
func TestCausesOfCompleteness(t *testing.T) {
	const src = `
dimension people from contacts {
  field lead number
  field role text ignoring case
  score lead
  combine max
  committee %s by role { buyer: 1, user: 2 }
}
tiers {
  top when completeness >= 100
  mid when completeness >= 50
  low otherwise
}
trigger up when tier rises
trigger down when tier falls
trigger more when completeness rises by 1
trigger less when completeness falls by 1
`
	contact := func(id, role string, lead float64) Contact {
		return Contact{ID: id, Fields: map[string]any{"role": role, "lead": lead}}
	}
	ann, bob, cid := contact("ann", "Buyer", 0), contact("bob", "user", 0), contact("cid", "user", 20)
	for _, c := range []struct {
		name       string
		committee  string // how it counts now
		prev, next []Contact
		want       []string // of each event its trigger, and the causes
	}{
		{"joined, never engaged", "assigned", []Contact{bob, cid}, []Contact{ann, bob, cid}, []string{"up: contact ann, buyer +1", "more: contact ann, buyer +1"}},
		{"left", "assigned", []Contact{ann, bob, cid}, []Contact{bob, cid}, []string{"down: contact ann, buyer -1", "less: contact ann, buyer -1"}},
		{"another role", "assigned", []Contact{cid, contact("ann", "user", 0)}, []Contact{cid, ann},
			[]string{"more: contact ann, buyer +1, contact ann, user -1"}},
		{"engaged only", "assigned", []Contact{ann, bob}, []Contact{contact("ann", "buyer", 90), bob}, nil},
		{"one of a role for another", "assigned", []Contact{ann, bob}, []Contact{contact("dan", "buyer", 1), bob, cid}, []string{"up: contact cid, user +1", "more: contact cid, user +1"}},
		{"one more than is wanted", "assigned", []Contact{ann}, []Contact{ann, contact("dan", "buyer", 1), bob}, []string{"more: contact bob, user +1"}},
		{"those engaged count", "", []Contact{ann, bob, cid}, []Contact{contact("ann", "buyer", 10), bob, cid}, []string{"up: contact ann, buyer +1", "more: contact ann, buyer +1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := compile(t, fmt.Sprintf(src, c.committee))
			was, is := m.Explain(Account{Contacts: c.prev}, testMoment), m.Explain(Account{Contacts: c.next}, testMoment)
			var got []string
			for _, e := range m.ChangesExplained(was, is) {
				got = append(got, e.Trigger+": "+causeWords(e))
			}
			require.Equal(t, c.want, got)
		})
	}
	// Another model wants more of a role, or the engaged alone.
	m := compile(t, fmt.Sprintf(src, "assigned"))
	more := compile(t, strings.Replace(fmt.Sprintf(src, "assigned"), "buyer: 1", "buyer: 2", 1))
	engaged := compile(t, fmt.Sprintf(src, ""))
	all := Account{Contacts: []Contact{ann, bob, cid}}
	for next, want := range map[*Model]string{more: "role buyer from 1 of 1 to 1 of 2 +0", engaged: "contact ann, buyer -1, contact bob, user -1"} {
		events := next.ChangesExplained(m.Explain(all, testMoment), next.Explain(all, testMoment))
		require.Len(t, events, 2)
		require.Equal(t, want, causeWords(events[0]))
		require.Equal(t, want, causeWords(events[1]))
	}
}

func causeWords(e Event) string {
	var list []string
	for _, c := range e.Causes {
		list = append(list, fmt.Sprintf("%s %+g", c.Text, c.Change))
	}
	return strings.Join(list, ", ")
}

// TestCausesOfCounts: what the causes of a count change is what it changed by,
// of contacts that are told apart by a value too.
func TestCausesOfCounts(t *testing.T) {
	seen := 0
	for seed := range uint64(300) {
		r := newWild(81_000 + seed)
		m, src := randomModel(t, r)
		prev, next := m.Explain(r.account(false), testMoment), m.Explain(r.account(false), testMoment)
		if m.rollup == nil {
			continue
		}
		for on, change := range map[string]int{"contacts": next.Result.Contacts - prev.Result.Contacts, "engaged_contacts": next.Result.Engaged - prev.Result.Engaged,
			"senior_engaged": next.Result.SeniorEngaged - prev.Result.SeniorEngaged} {
			sum := 0.0
			for _, c := range contactCauses(on, prev.contacts(), next.contacts()) {
				sum += c.Change
			}
			require.Equal(t, float64(change), sum, "%s of seed %d\n%s", on, seed, src)
		}
		if prev.Result.Completeness != next.Result.Completeness {
			seen++
			require.NotEmpty(t, contactCauses("completeness", prev.contacts(), next.contacts()), "seed %d\n%s", seed, src)
		}
	}
	require.Greater(t, seen, 10)
}

// TestCausesSum holds the causes of random changes to the change: of the
// score, and of each dimension as it is shown.
func TestCausesSum(t *testing.T) {
	capped := 0
	for seed := range uint64(300) {
		r := newRandom(seed)
		m, src := randomModel(t, r)
		prev, next := m.Explain(r.account(false), testMoment), m.Explain(r.account(false), testMoment)
		holds := func(on string, change float64) {
			sum := 0.0
			for _, c := range pointCauses(prev.parts(on), next.parts(on)) {
				sum += c.Change
				if strings.Contains(c.Text, "the cap of") || strings.Contains(c.Text, "the floor of") {
					capped++
				}
			}
			// Each is rounded to millionths, before what "out of" makes of it.
			require.InDelta(t, change, sum, 0.001, "seed %d, %q of\n%s", seed, on, src)
		}
		exact := func(x *Explanation) float64 { return x.Total.Score - x.Total.Rounding }
		holds("", exact(next)-exact(prev))
		for i := range next.Dimensions {
			d := &next.Dimensions[i]
			holds(d.Name, d.Shown-prev.Dimensions[i].Shown)
		}
	}
	require.Greater(t, capped, 20, "caps took something")
}

// TestCausesOfTurnedTests: of a tier's conditions those count that have another
// answer, by their text, and of what these read what is another.
func TestCausesOfTurnedTests(t *testing.T) {
	const fields = "field size number\nfield age number default 3\nfield plan text\n"
	account := func(fields map[string]any) Account { return Account{Fields: fields} }
	for _, tt := range []struct {
		name, was, is string // the rules, and those after where they are others
		before, after map[string]any
		want          []string
	}{
		{"a disqualification alone", "size → 0..10 over 0-10\ndisqualify when plan = Bad\ntiers { low otherwise }", "",
			map[string]any{"size": 5}, map[string]any{"size": 4, "plan": "Bad"}, []string{"plan = Bad", "size → 0..10 over 0-10"}},
		{"a condition that holds as before", "size > 9 → +10\ntiers {\n top when size > 9\n mid when plan = Pro or size > 1\n low otherwise\n}", "",
			map[string]any{"size": 5, "plan": "Free"}, map[string]any{"size": 10, "plan": "Pro"}, []string{"size from 5 to 10"}},
		{"the same value, found out", "tiers {\n top when size + age > 12\n low otherwise\n}", "",
			map[string]any{"size": 5}, map[string]any{"size": 10, "age": 3}, []string{"size + age from 8 to 13", "size from 5 to 10"}},
		{"a test that is gone", "size > 1 → +10\ntiers {\n top when size > 1 and plan = Pro\n low otherwise\n}", "size > 1 → +10\ntiers {\n top when size > 1\n low otherwise\n}",
			map[string]any{"size": 5, "plan": "Free"}, map[string]any{"size": 5, "plan": "Free"}, []string{`plan was "Free"`}},
		{"tests in another order", "size > 1 → +10\ntiers {\n top when size > 7 and plan = Pro\n low otherwise\n}", "size > 1 → +10\ntiers {\n top when plan = Pro and size > 4\n low otherwise\n}",
			map[string]any{"size": 5, "plan": "Pro"}, map[string]any{"size": 6, "plan": "Pro"}, []string{"size is 6"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const triggers = "\ntrigger up when tier rises\ntrigger down when tier falls"
			m := compile(t, fields+tt.was+triggers)
			next := m
			if tt.is != "" {
				next = compile(t, fields+tt.is+triggers)
			}
			events := next.ChangesExplained(m.Explain(account(tt.before), testMoment), next.Explain(account(tt.after), testMoment))
			require.Len(t, events, 1)
			var got []string
			for _, c := range events[0].Causes {
				got = append(got, c.Text)
			}
			require.Equal(t, tt.want, got)
		})
	}
}

// TestCauseWords: what is responsible is said in the words of what the event is
// on, also for what was there before and is gone.
func TestCauseWords(t *testing.T) {
	const people = `dimension people from contacts {
  field role text
  field lead number
  field level text
  score lead
  weight level { vp: 2, else: 1 }
  combine sum
  engaged at least 10%s
  committee by role { %s }
}
trigger came when contacts rises by 1
trigger went when contacts falls by 1
trigger warm when engaged_contacts rises by 1
trigger cold when engaged_contacts falls by 1
trigger senior when senior_engaged rises by 1
trigger junior when senior_engaged falls by 1
trigger full when completeness rises by 1
trigger empty when completeness falls by 1
`
	who := func(id, role string, lead float64) Contact {
		return Contact{ID: id, Fields: map[string]any{"role": role, "lead": lead, "level": "vp"}}
	}
	account := func(list ...Contact) Account { return Account{Contacts: list} }
	score := func(rules string) string {
		return rules + "\ntrigger up when score rises by 1\ntrigger down when score falls by 1\n"
	}
	plain := fmt.Sprintf(people, "", "buyer: 1, user: 2")
	for _, tt := range []struct {
		name, was, is string
		before, after Account
		want          []string
	}{
		{"who left, with one id", plain, "", account(who("ann", "", 0), who("ann", "", 0)), account(), []string{"went -1 contact ann left", "went -1 contact ann left"}},
		{"who joined", plain, "", account(), account(who("", "", 0)), []string{"came +1 a contact without an id joined"}},
		{"who is engaged", plain, "", account(who("ann", "", 5)), account(who("ann", "", 50)), []string{"warm +1 contact ann: counts as engaged", "senior +1 contact ann: counts as engaged and senior"}},
		{"who no longer is", plain, "", account(who("ann", "", 50)), account(who("ann", "", 5)), []string{"cold -1 contact ann: no longer counts as engaged", "junior -1 contact ann: no longer counts as engaged and senior"}},
		{"who counts with another", fmt.Sprintf(people, " distinct by role", "x: 1"), "", account(who("ann", "a", 50), who("bob", "a", 5), who("col", "b", 5)), account(who("ann", "a", 50), who("bob", "a", 50), who("col", "b", 50)),
			[]string{"warm +1 contact col: counts as engaged", "senior +1 contact bob: counts as engaged and senior", "senior +1 contact col: counts as engaged and senior"}},
		{"roles that another model wants", plain, fmt.Sprintf(people, "", "buyer: 2, lead: 1"), account(who("ann", "buyer", 50)), account(who("ann", "buyer", 50)),
			[]string{"empty +0 role buyer from 1 of 1 to 1 of 2", "empty +0 role lead from not a role to 0 of 1", "empty +0 role user from 0 of 2 to not a role"}},
		{"a bound of the score that took something", score("score max 15\nn > 1 → +10\nn > 2 → +8\n"), "", Account{Fields: map[string]any{"n": 2}}, Account{Fields: map[string]any{"n": 3}},
			[]string{"up +8 n > 2 → +8", "up -3 score: 3 lost to the cap of 15"}},
		{"a bound of the score that takes nothing now", score("score max 15\nn > 1 → +10\nn > 2 → +8\n"), "", Account{Fields: map[string]any{"n": 3}}, Account{Fields: map[string]any{"n": 2}},
			[]string{"down -8 n > 2 → +8", "down +3 score: 3 lost to the cap of 15"}},
		{"another weight", score("dimension a weight 50% { n > 1 → +10 }"), score("dimension a weight 90% { n > 1 → +10 }"), Account{Fields: map[string]any{"n": 3}}, Account{Fields: map[string]any{"n": 3}},
			[]string{"up +4 n > 1 → +10"}},
		{"a scale without a reason", score("n > 1 → +10\nscale 50% when n > 2"), "", Account{Fields: map[string]any{"n": 2}}, Account{Fields: map[string]any{"n": 3}},
			[]string{"down -5 n > 2"}},
		{"a disqualification that is no more", "disqualify when n > 1\ndisqualify when n > 2 \"Large\"\ntiers { low otherwise }\ntrigger back when tier rises", "tiers { low otherwise }\nn > 9 → +1\ntrigger back when tier rises", Account{Fields: map[string]any{"n": 3}}, Account{Fields: map[string]any{"n": 3}},
			[]string{"back +0 n > 1", "back +0 Large"}},
		{"a disqualification that is new", "tiers { low otherwise }\nn > 9 → +1", "disqualify when n > 9\ndisqualify when n > 2 \"Large\"\ntiers { low otherwise }\ntrigger gone when tier falls", Account{Fields: map[string]any{"n": 3}}, Account{Fields: map[string]any{"n": 3}},
			[]string{"gone +0 Large"}},
		{"grades of two dimensions", "dimension a { n > 1 → +10 }\ndimension b { m > 1 → +10 }\ndimension c { n > 2 → +10 }\ngrades a { 5+: A, else: B }\ngrades b { 5+: 1, else: 2 }\ntiers { top when grade = A1\n low otherwise }\ntrigger up when tier rises", "",
			Account{Fields: map[string]any{"n": 1, "m": 2}}, Account{Fields: map[string]any{"n": 3, "m": 2}}, []string{"up +10 n > 1 → +10"}},
		{"what is missing now", "tiers { top when plan = Pro\n low otherwise }\ntrigger down when tier falls", "", Account{Fields: map[string]any{"plan": "Pro"}}, Account{Fields: map[string]any{"plan": nil}},
			[]string{`down +0 plan from "Pro" to null`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			was := compile(t, tt.was)
			is := was
			if tt.is != "" {
				is = compile(t, tt.is)
			}
			var got []string
			for _, e := range is.ChangesExplained(was.Explain(tt.before, testMoment), is.Explain(tt.after, testMoment)) {
				for _, c := range e.Causes {
					got = append(got, fmt.Sprintf("%s %+g %s", e.Trigger, c.Change, c.Text))
				}
			}
			require.Equal(t, tt.want, got)
		})
	}
}
