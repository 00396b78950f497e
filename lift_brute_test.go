package accountscore

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// smallLift writes a ruleset and an account of which every set of three changes
// can be tried: few fields with few cuts, activities, contacts, caps, groups,
// weights, gates in the tiers, and lines that disqualify.
func (r randomRules) smallLift() (src string, a Account) {
	var b strings.Builder
	mark := func() string { return r.of("", "", " actionable", " enrichable", " fixed") }
	fmt.Fprintf(&b, "field n number missing after 60d%s\nfield k number%s\nfield c text%s\nfield b bool%s\nfield l list%s\nfield d time%s\nlet m = n + k\n", mark(), mark(), mark(), mark(), mark(), mark())
	b.WriteString("activity visit (page text), webinar\n")
	weighted := r.IntN(2) == 0
	people := r.IntN(3) > 0
	weight := func(percent int) string {
		if !weighted {
			return ""
		}
		return fmt.Sprintf(" weight %d%%", percent)
	}
	test := func() string {
		switch r.IntN(13) {
		case 8:
			return r.of("l has any [CRM, EHR]", "l has all [CRM, EHR]", "l has none [CRM, EHR]", "not (l contains \"ERP\")", "l is empty", "l is not empty", "len(l) < 2", "not (l has word \"EHR\")")
		case 9:
			return "d " + r.of("within 30d", "is missing", "> 2026-10-01")
		case 10:
			return "m " + r.of("> 6", "< 4", "between 4 and 8")
		case 11:
			return r.of("n ?? k > 2", "n is known", "c is missing", "(k ?? 3) < 2", "n > k")
		case 0:
			return "c " + r.of("=", "!=") + " " + r.of(`"US"`, `"DE"`)
		case 1:
			return "c " + r.of("in", "not in") + " [US, FR]"
		case 2:
			return r.of("b", "not b")
		case 3:
			return r.of("n", "k") + " between 2 and " + r.of("4", "5")
		}
		return r.of("n", "k") + " " + r.of(">=", ">", "<", "<=", "=") + " " + r.of("0", "2", "4", "5")
	}
	points := func() string { return fmt.Sprintf("%+d", r.IntN(12)-2) }
	fmt.Fprintf(&b, "dimension fit%s%s {\n", r.of("", " max 12", " out of 20"), weight(60))
	for range 3 + r.IntN(3) {
		switch r.IntN(7) {
		case 0:
			fmt.Fprintf(&b, "  %s → %d..%d over 0-5\n", r.of("n", "k"), r.IntN(9)-3, r.IntN(9)-1)
		case 4:
			fmt.Fprintf(&b, "  %s\n", r.of("n → { 1-2: 3, 3-4: +5, 5+: -1, missing: 2 }", "c → { US: 4, DE: +2, else: 1 }", "n > 1 → +1 per k max 4", "k < 4 → -2 per n max 4 min -4"))
		case 1:
			fmt.Fprintf(&b, "  %s and %s → %s\n", test(), test(), points())
		case 2, 3:
			fmt.Fprintf(&b, "  %s {\n    %s → %s\n    %s → %s\n  }\n", r.of("best of", "first of", "sum of max 6"), test(), points(), test(), points())
		default:
			fmt.Fprintf(&b, "  %s → %s\n", test(), points())
		}
	}
	if r.IntN(4) == 0 {
		fmt.Fprintf(&b, "  scale %s when %s\n", r.of("50%", "150%"), test())
	}
	fmt.Fprintf(&b, "}\ndimension intent%s%s {\n", r.of("", " max 9"), weight(40))
	for range 1 + r.IntN(3) {
		b.WriteString("  " + r.of("any(webinar, 30d) → +4", "count(visit, 60d) > 1 → +5", `each visit where page contains "x" → +2 max 5`,
			`any(visit where page contains "x") → +3`, "each webinar → +2 half-life 30d max 4", "n > 2 and any(webinar) → +4", test()+" → "+points()) + "\n")
	}
	b.WriteString("}\n")
	if people {
		fmt.Fprintf(&b, "dimension people%s from contacts {\n  field seniority text\n  field lead_score number\n  field last_active time\n  field role text%s\n  score lead_score\n", weight(20), r.of("", " fixed"))
		committee := r.IntN(3) == 0
		if committee {
			b.WriteString("  committee " + r.of("", "assigned ") + "by role { buyer: 1, user: 2 }\n")
		}
		b.WriteString(r.of("", "", "  seniority = \"vp\" → +3\n", "  each visit → +2 max 6\n", "  role = \"buyer\" → +2\n"))
		b.WriteString("  decay half-life 30d since last_active within 90d\n  weight seniority { vp: 1.5, else: 0.5 }\n  combine " + r.of("ranked 0.8", "sum", "max", "mean", "top 2", "weighted mean", "best 60%") + r.of("", "\n  cap 40") + "\n  bonus multi-thread 50% falling 0.5\n}\n")
	}
	if r.IntN(3) == 0 {
		fmt.Fprintf(&b, "disqualify when %s\n", r.of(test(), "not any(visit)", "b and k > 2", "n < 2"))
	}
	gate := r.of("", fmt.Sprintf(" and fit >= %d", r.IntN(8)), fmt.Sprintf(" and intent >= %d", 1+r.IntN(5)), fmt.Sprintf(" and fit >= %d and intent >= %d", r.IntN(6), 1+r.IntN(4)), " and k > 2", " or c = \"DE\"", " and fit <= 9", " and score <= 18")
	if people {
		gate += r.of("", " and engaged_contacts >= 1", " and engaged_contacts >= 2", " and senior_engaged >= 1", " and people >= 8", " and people between 12 and 20", " and people <= 30")
		if strings.Contains(b.String(), "committee") {
			gate += r.of("", " and completeness >= 25", " and completeness >= 50")
		}
	}
	fmt.Fprintf(&b, "tiers {\n  top when score >= %d%s\n  low otherwise\n}\n", 3+r.IntN(14), gate)

	a = Account{ID: "a", Fields: map[string]any{}, Refreshed: map[string]time.Time{}}
	set := func(name string, v any) {
		if r.IntN(2) == 0 {
			a.Fields[name] = v
		}
	}
	set("n", r.IntN(7))
	set("k", r.IntN(7))
	set("c", r.of("US", "DE", "FR", "IT"))
	set("b", r.IntN(2) == 0)
	set("l", [][]string{{}, {"CRM"}, {"ERP"}, {"CRM", "ERP"}, {"CRM", "EHR", "CRM"}}[r.IntN(5)])
	set("d", testMoment.AddDate(0, 0, -r.IntN(60)))
	if r.IntN(2) == 0 {
		a.Refreshed["n"] = testMoment.AddDate(0, 0, -r.IntN(120))
	}
	for range r.IntN(3) {
		a.Activities = append(a.Activities, Activity{Type: r.of("visit", "webinar"), At: testMoment.AddDate(0, 0, -r.IntN(90)), Value: 1, Fields: map[string]any{"page": r.of("/x", "/home")}})
	}
	for i := range r.IntN(3) {
		k := Contact{ID: fmt.Sprint("c", i), Fields: map[string]any{}}
		if r.IntN(3) > 0 {
			k.Fields["seniority"] = r.of("vp", "ic")
		}
		if r.IntN(3) > 0 {
			k.Fields["lead_score"] = r.IntN(30)
		}
		if r.IntN(3) > 0 {
			k.Fields["last_active"] = testMoment.AddDate(0, 0, -r.IntN(60))
		}
		if r.IntN(2) == 0 {
			k.Fields["role"] = r.of("buyer", "user")
		}
		a.Contacts = append(a.Contacts, k)
	}
	return b.String(), a
}

// smallLever is one thing that may be changed, in every way that is tried.
type smallLever struct {
	ways    []Change
	repeats bool // a set may have it several times
}

// smallLevers lists the changes of a small account as one would who knows
// nothing of the rules.
func smallLevers(m *Model, x *Explanation) []smallLever {
	var levers []smallLever
	now := dsl.Value{Kind: dsl.DateValue, Date: dsl.Date{Time: x.At}}
	l := newLifter(x.subject, m.tierGoal(0))
	own := l.own
	l.close()
	for i := range m.fields {
		f := &m.fields[i]
		known := usable(&own[i])
		if f.Change == dsl.Fixed || f.Change == "" && known {
			continue
		}
		var values []dsl.Value
		var lists []Change
		switch f.Name {
		case "n", "k":
			values = numberValues(-1, 0, 0.5, 1, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6)
		case "c":
			values = textValues("US", "DE", "FR", "IT")
		case "l":
			lists = listEdits(f, &own[i], known)
		case "d":
			for _, days := range []int{0, 20, 40} {
				values = append(values, dsl.Value{Kind: dsl.DateValue, Date: dsl.Date{Time: x.At.AddDate(0, 0, -days)}})
			}
		case "b":
			values = []dsl.Value{{Kind: dsl.BoolValue, Bool: true}, {Kind: dsl.BoolValue}}
		}
		lv := smallLever{ways: lists}
		for _, v := range values {
			c := Change{Kind: ChangeFill, Field: f.Name, To: v}
			if known {
				c.Kind, c.From = ChangeReach, valueOf(&own[i], f.typ)
			}
			lv.ways = append(lv.ways, c)
		}
		if own[i].State == cond.Expired {
			lv.ways = append(lv.ways, Change{Kind: ChangeRefresh, Field: f.Name})
		}
		levers = append(levers, lv)
	}
	page := []FieldValue{{Field: "page", Value: dsl.Value{Kind: dsl.TextValue, Text: "/x"}}}
	for _, kind := range []Change{{Activity: "webinar"}, {Activity: "visit"}, {Activity: "visit", With: page}} {
		var lv smallLever
		for _, n := range []int{1, 2, 3, 5} {
			c := kind
			c.Kind, c.Count, c.Value = ChangeRepeat, n, 1
			lv.ways = append(lv.ways, c)
		}
		levers = append(levers, lv)
	}
	if m.rollup == nil {
		return levers
	}
	// The least of a score that engages, as paths have it, and more.
	engages := func(c Change) bool {
		scores := m.ContactScores(nil, x.Apply([]Change{c}), x.At)
		return slices.ContainsFunc(scores, func(s ContactScore) bool {
			return s.Engaged && (s.ID == c.Contact || c.New && strings.HasPrefix(s.ID, "new"))
		})
	}
	engage := func(c Change) smallLever {
		c.Kind, c.With = ChangeEngage, []FieldValue{{Field: "last_active", Value: now}}
		for least := 0.0; !engages(c); least++ {
			c.With = append(c.With[:1:1], FieldValue{Field: "lead_score", Value: dsl.Value{Kind: dsl.NumberValue, Number: least}})
		}
		lv := smallLever{[]Change{c}, c.New}
		for _, more := range []float64{16, 25, 1000} {
			c.With = append(c.With[:1:1], FieldValue{Field: "lead_score", Value: dsl.Value{Kind: dsl.NumberValue, Number: more}})
			lv.ways = append(lv.ways, c)
		}
		return lv
	}
	text := func(field, value string) FieldValue {
		return FieldValue{Field: field, Value: dsl.Value{Kind: dsl.TextValue, Text: value}}
	}
	for _, who := range [][]FieldValue{{}, {text("seniority", "vp")}, {text("role", "buyer")}, {text("role", "user")}, {text("seniority", "vp"), text("role", "buyer")}, {text("seniority", "vp"), text("role", "user")}} {
		levers = append(levers, engage(Change{New: true, Who: who}))
	}
	scores := m.ContactScores(nil, x.subject.account, x.At)
	for _, k := range x.subject.account.Contacts {
		for _, of := range []struct {
			name   string
			values []dsl.Value
		}{
			{"seniority", textValues("vp", "ic")},
			{"lead_score", numberValues(10, 20, 50, 100, 1000)},
			{"last_active", []dsl.Value{now}},
			{"role", textValues("buyer", "user")},
		} {
			f := slices.IndexFunc(m.contactFields, func(f field) bool { return f.Name == of.name })
			if k.Fields[of.name] != nil || m.contactFields[f].Change == dsl.Fixed {
				continue
			}
			var lv smallLever
			for _, v := range of.values {
				lv.ways = append(lv.ways, Change{Kind: ChangeFill, Contact: k.ID, Field: of.name, To: v})
			}
			levers = append(levers, lv)
		}
		if slices.ContainsFunc(scores, func(s ContactScore) bool { return s.ID == k.ID && s.Engaged }) {
			continue
		}
		levers = append(levers, engage(Change{Contact: k.ID}))
	}
	return levers
}

// listEdits gives every way to put some items into a list and to take some out.
func listEdits(f *field, own *cond.Slot, known bool) []Change {
	var has []string
	if known {
		has = distinct(own.List)
	}
	var edits []Change
	for _, in := range [][]string{nil, {"CRM"}, {"EHR"}, {"CRM", "EHR"}, {"x"}} {
		for set := range 1 << len(has) {
			c := Change{Kind: ChangeFill, Field: f.Name}
			if known {
				c.Kind = ChangeReach
			}
			if in != nil {
				c.To = dsl.Value{Kind: dsl.ListValue, List: in}
			}
			for i, item := range has {
				if set&(1<<i) != 0 {
					c.Out = append(c.Out, item)
				}
			}
			if in != nil || c.Out != nil {
				edits = append(edits, c)
			}
		}
	}
	return edits
}

// smallest finds a set of at most so many changes, each of another lever or of
// one that repeats, that reaches: the first of the fewest.
func smallest(levers []smallLever, most int, reaches func([]Change) bool) []Change {
	for size := 1; size <= most; size++ {
		if set := setOf(levers, nil, 0, size, reaches); set != nil {
			return set
		}
	}
	return nil
}

func setOf(levers []smallLever, set []Change, from, size int, reaches func([]Change) bool) []Change {
	if size == 0 {
		if reaches(set) {
			return slices.Clone(set)
		}
		return nil
	}
	for i := from; i < len(levers); i++ {
		next := i + 1
		if levers[i].repeats {
			next = i
		}
		for _, c := range levers[i].ways {
			if found := setOf(levers, append(set, c), next, size-1, reaches); found != nil {
				return found
			}
		}
	}
	return nil
}

// TestLiftSmallest holds paths against trying every set of up to three changes:
// no smaller set does, and where paths say that nothing does, or that four
// changes are needed, no three do. Of the same fields and activities no values
// take less effort.
func TestLiftSmallest(t *testing.T) {
	t.Parallel() // with the race detector it takes its time
	sizes := map[int]int{}
	for seed := range uint64(250) {
		if !t.Run(fmt.Sprint(seed), func(t *testing.T) { sizes[checkSmallest(t, seed)]++ }) {
			break
		}
	}
	for size := range 5 { // four: more than three, or none
		require.GreaterOrEqual(t, sizes[size], 3, "%v", sizes)
	}
	require.LessOrEqual(t, sizes[maxExact+2], 5, "small models are tried whole: %v", sizes)
}

// checkSmallest gives the size of the smallest path of a random model.
func checkSmallest(t *testing.T, seed uint64) int {
	src, a := newRandom(64_000 + seed).smallLift()
	m := compile(t, src)
	x := m.Explain(a, testMoment)
	paths := checkPaths(t, m, x, "top")
	if len(paths) == 0 {
		return 0
	}
	least := maxExact + 1
	for _, p := range paths {
		if p.Cut && p.Reached {
			return maxExact + 2 // not everything was tried
		}
		if p.Reached {
			least = min(least, len(p.Changes))
		}
	}
	levers := smallLevers(m, x)
	reaches := func(changes []Change) bool { return m.Score(x.subject.apply(changes), x.At).Tier == "top" }
	set := smallest(levers, least-1, reaches)
	require.True(t, set == nil, "%v does, not just %v\n%s%+v", set, paths, src, a)
	if least > 2 {
		return least // to try the efforts of all of three takes long
	}
	efforts := map[string]float64{}
	for _, p := range paths {
		efforts[changedBy(p.Changes)] = p.Effort
	}
	setOf(levers, nil, 0, least, func(changes []Change) bool {
		effort := 0.0
		for i := range changes {
			c := &changes[i]
			if c.Kind == ChangeEngage || c.To.Number != math.Floor(c.To.Number) {
				return false // its effort is its contact's weight, see TestLiftWeighsWhatIsFilledIn; of "more than 2" a whole number is named
			}
			effort += changes[i].effort()
		}
		if most, ok := efforts[changedBy(changes)]; ok && most > effort+0.005 {
			require.False(t, reaches(changes), "%v is lighter than %v\n%s%+v", changes, paths, src, a)
		}
		return false
	})
	return least
}

// changedBy tells which fields and activities some changes are of.
func changedBy(changes []Change) string {
	var names []string
	for i := range changes {
		c := &changes[i]
		names = append(names, fmt.Sprint(c.Contact, c.Field, c.Activity, len(c.With)))
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}
