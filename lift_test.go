package accountscore

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// liftModel is a random model some of whose fields are marked.
func liftModel(t testing.TB, r randomRules) (*Model, string) {
	src := r.ruleset()
	for _, f := range randomFields {
		i := strings.Index(src, "field "+f+" ")
		end := i + strings.IndexByte(src[i:], '\n')
		src = src[:end] + r.of("", "", " actionable", " enrichable", " fixed") + src[end:]
	}
	rs, err := Parse("random.rules", []byte(src))
	require.NoError(t, err, src)
	m, err := Compile(rs)
	require.NoError(t, err, src)
	return m, src
}

func tierIndex(m *Model, name string) int {
	if i := slices.IndexFunc(m.tiers, func(t tier) bool { return t.name == name }); i >= 0 {
		return i
	}
	return len(m.tiers)
}

// checkPaths holds what is true of all paths to a tier: each reaches, no part of
// it does, and no number nearer.
func checkPaths(t testing.TB, m *Model, x *Explanation, target string) []Path {
	t.Helper()
	goal := tierIndex(m, target)
	return checkGoal(t, m, x, target, func(r *Result) bool { return tierIndex(m, r.Tier) <= goal })
}

// requireOwnRange holds that what was tried of a change is one of what it says does,
// and that it is a number that somebody can have.
func requireOwnRange(t testing.TB, c *Change, p Path) {
	t.Helper()
	if c.To.Kind != dsl.NumberValue && c.To.Kind != dsl.DateValue {
		return
	}
	compare := func(v, w dsl.Value) int {
		return cmp.Or(cmp.Compare(v.Number, w.Number), v.Date.Time.Compare(w.Date.Time))
	}
	if c.Min.Kind != dsl.NullValue {
		require.True(t, compare(c.To, c.Min) >= 0 && !(c.Above && compare(c.To, c.Min) == 0), "%v: %+v", p, *c)
	}
	if c.Max.Kind != dsl.NullValue {
		require.True(t, compare(c.To, c.Max) <= 0 && !(c.Below && compare(c.To, c.Max) == 0), "%v: %+v", p, *c)
	}
	require.True(t, c.To.Number == 0 || math.Abs(c.To.Number) > tiny, "%v: %+v", p, *c)
}

// checkGoal is checkPaths to anything, given what tells that a result has it.
func checkGoal(t testing.TB, m *Model, x *Explanation, target string, has func(*Result) bool) []Path {
	t.Helper()
	paths := x.LiftTo(target)
	if has(&x.Result) {
		require.Empty(t, paths)
		return nil
	}
	reaches := func(changes []Change) bool {
		r := m.Score(x.Apply(changes), x.At)
		return has(&r)
	}
	require.NotEmpty(t, paths)
	require.LessOrEqual(t, len(paths), maxLiftPaths)
	for i, p := range paths {
		require.Equal(t, target, p.Target)
		if !p.Reached {
			require.Len(t, paths, 1)
			require.Empty(t, p.Changes)
			require.NotEmpty(t, p.Reason)
			require.Equal(t, [2]any{x.Result.Score, x.Result.Tier}, [2]any{p.Score, p.Tier})
			continue
		}
		require.Empty(t, p.Reason)
		after := m.Score(x.Apply(p.Changes), x.At)
		require.Equal(t, [2]any{after.Score, after.Tier}, [2]any{p.Score, p.Tier})
		require.True(t, has(&after), "%v", p)
		require.LessOrEqual(t, after.Invalid, x.Result.Invalid, "%v", p)
		if p.Greedy {
			require.Greater(t, len(p.Changes), maxExact)
		}
		if i > 0 {
			require.LessOrEqual(t, paths[i-1].Effort, p.Effort)
		}
		effort := 0.0
		for i := range p.Changes {
			requireOwnRange(t, &p.Changes[i], p)
		}
		fields := map[string]bool{}
		for _, c := range p.Changes {
			require.Positive(t, c.Effort)
			effort += c.Effort
			if c.Field != "" {
				require.False(t, fields[c.Contact+" "+c.Field], "%v", p)
				fields[c.Contact+" "+c.Field] = true
				of := m.fields
				if c.Contact != "" {
					of = m.contactFields
				}
				f := of[slices.IndexFunc(of, func(f field) bool { return f.Name == c.Field })]
				known := c.State == ValueKnown || c.State == ValueStale
				require.NotEqual(t, dsl.Fixed, f.Change)
				require.False(t, known && f.Change == "", "%v", c)
				require.Equal(t, known, c.Kind == ChangeReach)
				require.True(t, c.Out == nil || c.ofItems() && f.typ == cond.List, "%v", c)
			}
		}
		require.InDelta(t, effort, p.Effort, 0.006)
		for set := range 1<<len(p.Changes) - 1 {
			if p.Greedy && onesIn(set) < len(p.Changes)-1 {
				continue // only that each is needed is promised
			}
			var part []Change
			for j, c := range p.Changes {
				if set&(1<<j) != 0 {
					part = append(part, c)
				}
			}
			require.False(t, reaches(part), "%v needs only %v", p, part)
		}
		for j := range p.Changes {
			for _, v := range alternatives(&p.Changes[j]) {
				changes := slices.Clone(p.Changes)
				changes[j] = standing(changes[j], v)
				require.True(t, reaches(changes), "%v: %v does as well", p, v)
			}
			for _, v := range nearer(m, &p.Changes[j]) {
				if p.Cut {
					break // it says that a smaller change may do
				}
				changes := slices.Clone(p.Changes)
				changes[j].To = v
				require.False(t, reaches(changes), "%v: %v does as well, and is nearer", p, v.Number)
			}
			for k := range j {
				for _, v := range alternatives(&p.Changes[j]) {
					for _, w := range alternatives(&p.Changes[k]) {
						changes := slices.Clone(p.Changes)
						changes[j], changes[k] = standing(changes[j], v), standing(changes[k], w)
						require.True(t, reaches(changes), "%v: %v and %v do together", p, w, v)
					}
				}
			}
		}
		require.NotContains(t, p.String(), "null")
	}
	require.Equal(t, paths, x.LiftTo(target), "paths are always the same")
	data, err := json.Marshal(paths)
	require.NoError(t, err)
	var back []Path
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&back))
	for i := range back {
		after := m.Score(x.Apply(back[i].Changes), x.At)
		if back[i].Reached {
			require.Equal(t, paths[i].Score, after.Score, "a path read from JSON is the same")
		}
	}
	return paths
}

func onesIn(set int) int {
	n := 0
	for ; set > 0; set &= set - 1 {
		n++
	}
	return n
}

// standing gives a change with another of the values that do.
func standing(c Change, v dsl.Value) Change {
	if v.Kind == dsl.ListValue && c.To.Kind == dsl.NullValue {
		c.Out = v.List
	} else {
		c.To = v
	}
	return c
}

// alternatives gives values that a change says would do as well.
func alternatives(c *Change) []dsl.Value {
	list := slices.Clone(c.Or)
	if c.Min.Kind != dsl.NullValue && !c.Above {
		list = append(list, c.Min)
	}
	if c.Max.Kind != dsl.NullValue && !c.Below {
		list = append(list, c.Max)
	}
	if c.Max.Kind == dsl.NullValue && c.Min.Kind == dsl.NumberValue {
		list = append(list, numberValues(max(c.Min.Number, c.To.Number)+1)...)
		if c.Contact == "" { // whose score has an end
			list = append(list, numberValues(max(1e6, 100*math.Abs(c.To.Number)))...)
		}
	}
	if c.Min.Kind == dsl.NullValue && c.Max.Kind == dsl.NumberValue {
		list = append(list, numberValues(min(c.Max.Number, c.To.Number)-1, min(-1e6, -100*math.Abs(c.To.Number)))...)
	}
	return list
}

// nearer gives whole numbers that are nearer to what a field has than what a
// change proposes: those within its bounds, and those beyond that no rounding
// of the bounds explains.
func nearer(m *Model, c *Change) []dsl.Value {
	var list []dsl.Value
	if strings.Contains(string(m.rules.Format()), c.Field+" % ") {
		return nil // what comes and goes with every number is not sought
	}
	if c.Kind != ChangeReach || c.To.Kind != dsl.NumberValue || slices.ContainsFunc(m.fields, func(f field) bool { return f.Name == c.Field && f.allowed != nil }) {
		return nil
	}
	low, high := min(c.From.Number, c.To.Number), max(c.From.Number, c.To.Number)
	for v := math.Floor(low) + 1; v < high; v += max(1, math.Floor((high-low)/30)) {
		within := (c.Min.Kind == dsl.NullValue || v >= c.Min.Number) && (c.Max.Kind == dsl.NullValue || v <= c.Max.Number)
		if within || math.Abs(v-c.To.Number) > 1+math.Abs(c.To.Number)/9 {
			list = append(list, dsl.Value{Kind: dsl.NumberValue, Number: v})
		}
	}
	return list
}

// bruteChanges lists changes as one would who knows nothing of the rules:
// every value that random accounts are made of and many between, activities
// up to often, and contacts who are just engaged.
func bruteChanges(m *Model, x *Explanation) [][]Change {
	var levers [][]Change
	l := newLifter(x.subject, m.tierGoal(0))
	own := l.own
	l.close()
	for _, name := range randomFields {
		i := slices.IndexFunc(m.fields, func(f field) bool { return f.Name == name })
		f := &m.fields[i]
		if !f.read {
			continue
		}
		known := usable(&own[i])
		if f.Change == dsl.Fixed || f.Change == "" && known {
			continue
		}
		if name == "stack" && strings.Contains(string(m.rules.Format()), "len(stack)") {
			continue // lists by their length are not sought
		}
		var values []any
		switch name {
		case "employees", "revenue", "founded":
			for _, v := range []float64{-5, 0, 1, 2, 2.5, 5, 7, 10, 20, 30, 49, 50, 75, 99, 100, 101, 150, 250, 400, 499, 500, 600, 1000, 2000, 4999, 5000, 6000, 1e6} {
				values = append(values, v)
			}
		case "stack":
			values = []any{[]string{"CRM"}, []string{"EHR"}, []string{"CRM", "EHR"}, []string{"x"}}
		case "funded":
			values = []any{testMoment, testMoment.AddDate(0, 0, -100), testMoment.AddDate(-1, 0, 0), testMoment.AddDate(-3, 0, 0), time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}
		case "industry", "country":
			values = append(bruteForce(name), "Pro", "Free", "Business", "Food & Drink", "Reunion", "fr", "e")
		default:
			values = bruteForce(name)
		}
		var list []Change
		for _, v := range values {
			slot := convert(v, f.typ)
			c := Change{Kind: ChangeFill, Field: name, To: exactValue(&slot, f.typ)}
			if known {
				c.Kind = ChangeReach
			}
			list = append(list, c)
		}
		levers = append(levers, list)
	}
	for _, kind := range []Change{{Activity: "webinar"}, {Activity: "visit"}, {Activity: "visit", With: []FieldValue{{Field: "page", Value: dsl.Value{Kind: dsl.TextValue, Text: "/x"}}, {Field: "depth", Value: dsl.Value{Kind: dsl.NumberValue, Number: 4}}}}} {
		var list []Change
		for _, n := range []int{1, 2, 3, 4, 6, 8, 12} {
			c := kind
			c.Kind, c.Count = ChangeRepeat, n
			if i, ok := m.activityIndex[c.Activity]; ok {
				c.Value, _ = l.usualValue(i)
			}
			list = append(list, c)
		}
		levers = append(levers, list)
	}
	if m.rollup != nil {
		for _, seniority := range []string{"vp", ""} {
			c := Change{Kind: ChangeEngage, New: true, With: []FieldValue{{Field: "last_active", Value: dsl.Value{Kind: dsl.DateValue, Date: dsl.Date{Time: x.At}}}, {Field: "lead_score", Value: dsl.Value{Kind: dsl.NumberValue, Number: 10}}}}
			if seniority != "" {
				c.With[1].Value.Number = 7 // a vice president has 3 more
				c.With = append(c.With, FieldValue{Field: "seniority", Value: dsl.Value{Kind: dsl.TextValue, Text: seniority}})
			}
			levers = append(levers, []Change{c})
		}
		for _, k := range x.subject.account.Contacts {
			for name, values := range map[string][]dsl.Value{
				"seniority":   textValues("vp", "ic", "x", "director"),
				"lead_score":  numberValues(1, 5, 9, 10, 15, 20, 33, 40, 50, 70, 99, 100, 150, 1000, 1e5),
				"last_active": {{Kind: dsl.DateValue, Date: dsl.Date{Time: x.At}}, {Kind: dsl.DateValue, Date: dsl.Date{Time: x.At.AddDate(0, 0, -30)}}, {Kind: dsl.DateValue, Date: dsl.Date{Time: x.At.AddDate(0, 0, -100)}}},
			} {
				if k.Fields[name] != nil {
					continue
				}
				var list []Change
				for _, v := range values {
					list = append(list, Change{Kind: ChangeFill, Contact: k.ID, Field: name, To: v})
				}
				levers = append(levers, list)
			}
		}
	}
	return levers
}

func textValues(list ...string) []dsl.Value {
	var values []dsl.Value
	for _, s := range list {
		values = append(values, dsl.Value{Kind: dsl.TextValue, Text: s})
	}
	return values
}

func numberValues(list ...float64) []dsl.Value {
	var values []dsl.Value
	for _, n := range list {
		values = append(values, dsl.Value{Kind: dsl.NumberValue, Number: n})
	}
	return values
}

// goals are what paths of a random model may lead to, each with what tells that
// a result has it: its tiers, and the grades of "grades d0 { 30+: A, 10+: B,
// else: C }".
func goals(m *Model, now float64) map[string]func(*Result) bool {
	list := map[string]func(*Result) bool{}
	for goal, tier := range m.tiers {
		list[tier.name] = func(r *Result) bool { return tierIndex(m, r.Tier) <= goal }
	}
	for grade, ends := range map[string][2]float64{"A": {30, math.Inf(1)}, "B": {10, 29.999999}, "C": {math.Inf(-1), 9.999999}} {
		has := func(r *Result) bool {
			p, _ := r.Dimension("d0")
			if now < ends[0] {
				return p.Points >= ends[0]
			}
			return p.Points <= ends[1]
		}
		if len(m.grades) > 0 {
			list["d0.grade "+grade], list["grade "+grade] = has, has
		}
	}
	return list
}

// checkLift holds the paths to everything against trying everything.
func checkLift(t testing.TB, m *Model, a Account, grades bool, found map[int]int) {
	x := m.Explain(a, testMoment)
	levers := bruteChanges(m, x)
	d0, _ := x.Result.Dimension("d0")
	all := goals(m, d0.Points)
	for _, target := range slices.Sorted(maps.Keys(all)) {
		has := all[target]
		paths := checkGoal(t, m, x, target, has)
		if strings.HasPrefix(target, "grade ") || !grades && strings.Contains(target, "grade") {
			continue // to try everything takes long, and one grade is as good as another
		}
		if len(paths) == 0 {
			continue
		}
		least := math.MaxInt
		for _, p := range paths {
			if p.Cut {
				least = 0 // not everything was tried
			}
			if p.Reached {
				least = min(least, len(p.Changes))
			}
		}
		reaches := func(changes ...Change) bool {
			r := m.Score(x.subject.apply(changes), x.At)
			return has(&r)
		}
		for i, lever := range levers {
			for _, c := range lever {
				if least > 1 {
					require.False(t, reaches(c), "%s: %v alone does, not just %v", target, c, paths)
				}
				for _, other := range levers[i+1:] {
					for _, d := range other {
						if least > 2 {
							require.False(t, reaches(c, d), "%s: %v and %v do, not just %v", target, c, d, paths)
						}
					}
				}
			}
		}
		found[min(least, 5)]++
	}
}

// TestLiftBruteForce holds Lift against trying everything, in sets of up to two
// changes; TestLiftSmallest has those of three, on smaller models.
func TestLiftBruteForce(t *testing.T) {
	t.Parallel() // with the race detector it takes its time
	found := map[int]int{}
	for seed := range uint64(40) {
		r := newRandom(62_000 + seed)
		m, src := liftModel(t, r)
		a := r.account(r.IntN(3) == 0)
		if !t.Run(fmt.Sprint(seed), func(t *testing.T) { checkLift(t, m, a, seed%4 == 0, found) }) {
			t.Fatalf("%s\n%+v", src, a)
		}
	}
	for _, size := range []int{1, 2, 5} { // five: more than three, or none
		require.GreaterOrEqual(t, found[size], 3, "%v", found)
	}
}

// FuzzLift holds what is true of all paths, from any seed.
func FuzzLift(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	// An end that does not do, ranges of two fields that held one at a time, and
	// what comes and goes with every number; points that fall on beyond all tests.
	for _, seed := range []uint64{33, 181, 227, 1219, 2028, 5369} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := newRandom(seed)
		m, src := liftModel(t, r)
		a := r.account(true)
		defer func() {
			if t.Failed() {
				t.Logf("%s\n%+v", src, a)
			}
		}()
		x := m.Explain(a, testMoment)
		d0, _ := x.Result.Dimension("d0")
		for target, has := range goals(m, d0.Points) {
			checkGoal(t, m, x, target, has)
		}
	})
}

// TestLiftFamily compares, on small models, the sets of fields that paths
// change with every smallest one: those of which no part does, and of three
// fields only where two do not do.
func TestLiftFamily(t *testing.T) {
	names := []string{"a", "b", "c", "d"}
	sizes := map[int]int{}
	for seed := range uint64(300) {
		r := newRandom(63_000 + seed)
		src := "dimension x" + r.of("", " max 12", " out of 20") + " {\n"
		for range 4 + r.IntN(4) {
			test := func() string {
				return r.of(names...) + " " + r.of(">=", ">", "<", "<=", "=", "!=") + " " + r.of("0", "2", "4", "5")
			}
			switch r.IntN(6) {
			case 0:
				src += fmt.Sprintf("  %s → %d..%d over 0-5\n", r.of(names...), r.IntN(9)-3, r.IntN(9)-3)
			case 1:
				src += fmt.Sprintf("  %s and %s → %+d\n", test(), test(), r.IntN(12)-2)
			case 2:
				src += fmt.Sprintf("  best of {\n    %s → %+d\n    %s → %+d\n  }\n", test(), r.IntN(9)-2, test(), r.IntN(9)-2)
			default:
				src += fmt.Sprintf("  %s → %+d\n", test(), r.IntN(12)-4)
			}
		}
		src += fmt.Sprintf("}\ntiers {\n  top when %s >= %d%s\n  low otherwise\n}\n", r.of("score", "x"), 3+r.IntN(12), r.of("", "", " and a > 2", " or b > 4", " and not (c < 3)"))
		for _, n := range names {
			src = "field " + n + " number\n" + src
		}
		m := compile(t, src)
		x := m.Explain(Account{}, testMoment)
		reaches := func(fields map[string]any) bool {
			return m.Score(Account{Fields: fields}, testMoment).Tier == "top"
		}
		const little = 1e-6 // nobody has anything finer
		values := []any{-1.0, 0.0, little, 1.0, 2 - little, 2.0, 2 + little, 3.0, 4 - little, 4.0, 4 + little, 5 - little, 5.0, 6.0}
		var want []string
		does := map[int]bool{}
		for _, size := range []int{0, 1, 2, 3} {
			if size == 3 && len(want) > 0 {
				break
			}
			for set := range 1 << len(names) {
				if onesIn(set) != size {
					continue
				}
				part := false
				for other := range does {
					part = part || set&other == other
				}
				if !part && someValues(names, set, values, map[string]any{}, reaches) {
					does[set] = true
					want = append(want, setName(names, set))
				}
			}
		}
		paths := checkPaths(t, m, x, "top")
		var got []string
		for _, p := range paths {
			set := 0
			for _, c := range p.Changes {
				set |= 1 << slices.Index(names, c.Field)
			}
			if len(p.Changes) <= maxExact && p.Reached {
				got = append(got, setName(names, set))
			}
		}
		if does[0] {
			want = nil // it has the tier
		}
		slices.Sort(got)
		slices.Sort(want)
		require.Equal(t, want, got, "%s%v", src, paths)
		if len(got) > 0 {
			sizes[len(got[0])]++
		} else {
			sizes[0]++
		}
	}
	for size := range 4 {
		require.GreaterOrEqual(t, sizes[size], 5, "%v", sizes)
	}
}

// setName joins the names of a set.
func setName(names []string, set int) string {
	s := ""
	for i, n := range names {
		if set&(1<<i) != 0 {
			s += n
		}
	}
	return s
}

// someValues tries all values of a set of fields.
func someValues(names []string, set int, values []any, fields map[string]any, reaches func(map[string]any) bool) bool {
	for i, n := range names {
		if set&(1<<i) == 0 {
			continue
		}
		for _, v := range values {
			fields[n] = v
			if someValues(names, set&^(1<<i), values, fields, reaches) {
				return true
			}
		}
		delete(fields, n)
		return false
	}
	return reaches(fields)
}
