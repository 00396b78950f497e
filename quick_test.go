package accountscore

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// quickBase is two dimensions that tables hold; what stands for % makes a form.
const quickBase = `
field employees number
field revenue   number
field founded   number
field industry  text
field country   text
field plan      text
field customer  bool
field stack     list
field funded    time
activity visit
dimension fit {
  employees at least 1000 → +20
  employees in 100-999 → +10
  revenue between 100 and 500 → +15
  industry in [Retail, Health, Energy] → +15
  country in [US, UK, DE] → +10
}
dimension intent {
  plan = "Pro" → +20
  customer → +10
  (plan = "Free" or plan = "Business") and employees > 200 → +10
  funded within 180d → +20
%}
`

// quickForms are the forms of lines that decide which way a scoring takes, each
// alone beside the base.
var quickForms = []struct {
	name   string
	inside string // of a dimension
	after  string
	short  bool
	change [2]string // in the base
}{
	{name: "points alone", short: true},
	{name: "tiers on scores", after: "tiers {\n top when score >= 40 and fit >= 20\n mid when intent between 5 and 20\n low otherwise\n}\n", short: true},
	{name: "disqualify", after: "disqualify when industry = Gambling \"no\"\n", short: true},
	{name: "disqualify on several fields", after: "disqualify when industry = Gambling or country = CU and employees < 10\n", short: true},
	{name: "weights", change: [2]string{"dimension ", "dimension _ out of 60 weight 50%"}, short: true},
	{name: "grades", after: "grades fit { 30+: A, 15+: B, else: C }\n", short: true},
	{name: "two grades and tiers on them", after: "grades fit { 30+: A, 15+: B, else: C }\ngrades intent { 20+: 1, else: 2 }\ntiers {\n top when grade in [A1, A2, B1]\n mid when fit.grade = B\n low otherwise\n}\n", short: true},
	{name: "tiers on fields", after: "tiers {\n top when score >= 40 and (country = US or customer)\n mid when not (score < 20) or plan = \"Pro\"\n low otherwise\n}\n", short: true},
	{name: "a hold", after: "tiers {\n top when score >= 40 hold 5\n low otherwise\n}\n", short: true},
	{name: "a ladder", after: "tiers stage {\n ready when intent >= 20\n early otherwise\n}\n", short: true},
	{name: "scale", inside: "scale 50% when country = FR\n", short: true},
	{name: "scales", inside: "scale 50% when country = FR\nscale 120% when customer and employees > 50\n", short: true},
	{name: "disqualify by a list", after: "disqualify when stack has any [Spam]\n", short: true},
	{name: "all of these", inside: "scale 50% when country = FR\n", change: [2]string{"dimension ", "dimension _ out of 60 weight 50%"},
		after: "disqualify when industry = Gambling \"no\"\ngrades fit { 30+: A, 15+: B, else: C }\ntiers {\n top when score >= 40 and customer hold 5\n mid when grade = B\n low otherwise\n}\ntiers stage {\n ready when intent >= 20\n early otherwise\n}\n", short: true},
	{name: "stale after", change: [2]string{"field employees number", "field employees number stale after 30d"}, short: true},
	{name: "missing after", change: [2]string{"field employees number", "field employees number missing after 90d"}, short: true},
	{name: "a default", change: [2]string{"field employees number", "field employees number default 5"}, short: true},
	{name: "a ramp", inside: "revenue → 0..10 over 100-500\n", short: true},
	{name: "points per a number", inside: "customer → +1 per employees max 10\n", short: true},
	{name: "arithmetic", inside: "revenue / employees > 2 → +5\n", short: true},
	{name: "disqualify by arithmetic", after: "disqualify when revenue / employees < 0.1\n", short: true},
	{name: "tiers that compare scores", after: "tiers {\n top when fit > intent\n}\n"},
	{name: "activities", inside: "any(visit, 30d) → +5\n"},
	{name: "contacts", after: "dimension people from contacts {\n field lead_score number\n score lead_score\n}\n"},
}

func quickSource(i int) string {
	f := &quickForms[i]
	src := strings.Replace(quickBase, "%}", f.inside+"}", 1) + f.after
	if f.name == "contacts" {
		src = strings.Replace(src, "activity visit\n", "", 1)
	}
	if name, ok := strings.CutPrefix(f.change[1], "dimension _"); ok {
		src = strings.NewReplacer("dimension fit", "dimension fit"+name, "dimension intent", "dimension intent"+name).Replace(src)
	} else if f.change[0] != "" {
		src = strings.Replace(src, f.change[0], f.change[1], 1)
	}
	return src
}

// TestQuickForms tells which way each form takes, and that each gives what the
// walk gives and allocates nothing.
func TestQuickForms(t *testing.T) {
	for i, f := range quickForms {
		src := quickSource(i)
		m := compile(t, src)
		assert.Equal(t, f.short, m.quick != nil, f.name)
		r := newWild(uint64(i))
		for range 200 {
			a := r.account(true)
			require.Empty(t, cmp.Diff(walked(m, a, testMoment), m.Score(a, testMoment), cmpopts.EquateEmpty()), "%s\n%+v", src, a)
		}
		if f.short {
			a := r.account(false)
			a.PrevTier, a.Refreshed = "top", nil
			var dst Result
			require.True(t, m.quick.score(&dst, &a, testMoment), f.name)
			requireQuickAllocatesNothing(t, m, a, f.name)
		}
	}
}

// requireQuickAllocatesNothing leaves the pool of scratches out: the race
// detector empties it at random.
func requireQuickAllocatesNothing(t *testing.T, m *Model, a Account, src string) {
	t.Helper()
	var dst Result
	score := func() { m.quick.score(&dst, &a, testMoment) }
	if m.quick.treed {
		s := m.newScratch()
		score = func() { m.quick.scoreOver(s, &dst, &a, testMoment) }
	}
	score()
	require.Zero(t, testing.AllocsPerRun(100, score), src)
}

// TestQuick tells which models have the short way, and that it allocates
// nothing and gives what the walk gives.
func TestQuick(t *testing.T) {
	const declared = "field a number stale after 30d\nfield b number\nfield c text one of [x, y]\nfield s list\nfield f time\nfield y bool default true\nactivity visit\n"
	tiers := "tiers {\n top when score >= 5 and d > 2 hold 1\n low when d < 2\n rest otherwise\n}\n"
	for src, want := range map[string]bool{
		"dimension d {\na > 1 → +1\na > 5 and b > 3 → +2\nc = x → +3\ns contains \"q\" → +2\nf within 30d → +1\ny → +1\n}\n":                         true,
		"dimension d out of 7 weight 30% {\na > 1 → +1\n}\ndimension e weight 70% {\nb > 1 → +3\n}\ndimension g unscored {\nb < 9 → +1\n}\n" + tiers: true,
		"dimension d {\na > 1 → +1\n}\ntiers {\n top when score >= 5 or d > 2\n}\n":                                                                  true,
		"dimension d {\na > 1 → +1\n}\ngrades d { 1+: A, else: B }\n":                                                                                true,
		"dimension d {\na > 1 → +1\nany(visit) → +2\n}\n":                                                                                            false,
		"dimension d {\na → 0..5 over 1-10\n}\n":                                                                                                     true,
		"dimension d {\na > 1 → +1\nscale 50% when b > 1\n}\n":                                                                                       true,
		"dimension d {\na > 1 → +1\n}\ndisqualify when b > 1\n":                                                                                      true,
		"dimension d {\na > 1 → +1\n}\ndimension p from contacts {\nfield z number\nscore z\n}\n":                                                    false,
	} {
		m := compile(t, declared+src)
		require.Equal(t, want, m.quick != nil, src)
		r := rand.New(rand.NewPCG(1, 9))
		values := map[string][]any{
			"a": {nil, 0.0, 2, 6.5, "7", math.NaN()}, "b": {nil, 1.0, 4, int64(9), int64(1) << 60}, "c": {nil, "x", "y", "z", " ", 5.0},
			"s": {nil, []string{"q", "r"}, []string(nil), []string{}, []any{"q"}}, "f": {nil, testMoment, testMoment.AddDate(0, -2, 0), "2026-10-20", testMoment.AddDate(9000, 0, 0)},
			"y": {nil, true, false, "true"},
		}
		for range 400 {
			a := Account{ID: "a", Fields: map[string]any{}, Contacts: make([]Contact, r.IntN(3))}
			for _, k := range []string{"a", "b", "c", "s", "f", "y"} {
				if i := r.IntN(len(values[k]) + 1); i < len(values[k]) {
					a.Fields[k] = values[k][i]
				}
			}
			if r.IntN(4) == 0 {
				a.Refreshed = map[string]time.Time{"a": testMoment.AddDate(0, -r.IntN(3), 0)}
			}
			if r.IntN(4) == 0 {
				a.PrevTier = "top"
			}
			require.Empty(t, cmp.Diff(walked(m, a, testMoment), m.Score(a, testMoment)), "%s\n%+v", src, a)
		}
		if want {
			a := Account{Fields: map[string]any{"a": 2.0, "c": "x", "s": []string{"q"}, "y": true}}
			requireQuickAllocatesNothing(t, m, a, src)
		}
	}
}

// decisionForms names the forms that the short way through a model holds
// besides points and tiers that ask for scores alone.
func (q *quick) decisionForms() []string {
	var forms []string
	add := func(holds bool, form string) {
		if holds && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	ladders := append(slices.Clone(q.ladders), quickLadder{"", q.tiers})
	for _, l := range ladders {
		for i := range l.tiers {
			for _, c := range l.tiers[i].rest {
				add(c.op == quickAsk, "tiers on fields")
				add(c.op == quickGrade, "tiers on grades")
				add(c.op == quickAny || c.op == quickNot, "tiers of alternatives")
			}
			add(l.tiers[i].held != nil, "holds")
		}
	}
	for i := range q.dims {
		add(len(q.dims[i].scales) > 0, "scales")
		add(len(q.dims[i].scales) > 1, "several scales")
	}
	for i := range q.rulings {
		add(q.rulings[i].when.op == quickEvaluate, "disqualifications in no table")
	}
	for i := range q.trees {
		add(q.trees[i].loose, "lines of several fields in no table")
		add(!q.trees[i].loose, "lines of one field in no table")
	}
	add(len(q.rulings) > 0, "disqualifications")
	add(len(q.gradings) > 0, "grades")
	add(len(q.gradings) > 1, "joined grades")
	add(len(q.ladders) > 0, "ladders")
	add(q.m.weighted, "weights")
	return forms
}

// requireForms wants each form in so many of the random models that took the
// short way.
func requireForms(t *testing.T, forms map[string]int, least int, trees bool) {
	t.Helper()
	t.Log(forms)
	for _, form := range []string{"tiers on fields", "tiers on grades", "tiers of alternatives", "holds", "scales", "several scales",
		"disqualifications", "disqualifications in no table", "lines of one field in no table", "lines of several fields in no table", "grades", "joined grades", "ladders", "weights"} {
		if trees || !strings.HasSuffix(form, "in no table") {
			assert.Greater(t, forms[form], least, form)
		}
	}
}

// BenchmarkQuick measures what each form costs, alone beside points, by the way
// that it takes and by the ordinary one.
func BenchmarkQuick(b *testing.B) {
	type lead struct {
		Employees *float64 `score:"employees"`
		Revenue   float64  `score:"revenue"`
		Founded   int      `score:"founded"`
		Industry  string   `score:"industry"`
		Country   string   `score:"country"`
		Plan      string   `score:"plan"`
		Customer  bool     `score:"customer"`
		Stack     []string `score:"stack"`
		Tier      string   `score:",prevtier"`
	}
	r := newRandom(7)
	leads := make([]lead, 2_048)
	for i := range leads {
		r.fill(reflect.ValueOf(&leads[i]).Elem(), "")
	}
	order := rand.New(rand.NewPCG(1, 2)).Perm(1 << 16)
	for i, f := range quickForms {
		s, err := Bind[lead](compile(b, quickSource(i)))
		require.NoError(b, err)
		var dst Result
		each := func(way string, score func(v *lead)) {
			b.Run(fmt.Sprintf("%s/%s", strings.ReplaceAll(f.name, " ", "_"), way), func(b *testing.B) {
				n := 0
				b.ReportAllocs()
				for b.Loop() {
					score(&leads[order[n&(1<<16-1)]%len(leads)])
					n++
				}
			})
		}
		each("taken", func(v *lead) { s.ScoreInto(&dst, v, testMoment) })
		if f.short {
			each("ordinary", func(v *lead) {
				scratch := s.b.m.scratch()
				s.b.score(scratch, &dst, addressOf(v), testMoment)
				s.b.m.release(scratch)
			})
		}
	}
}
