package accountscore

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// claims tells whether the words of a change allow a value. Where tells of a
// condition in the rules language whether it holds for one.
func (c *Change) claims(f *field, v dsl.Value, where func(condition string, v dsl.Value) bool) bool {
	same := func(w dsl.Value) bool {
		return w.Kind == v.Kind && w.Text == v.Text && w.Number == v.Number && w.Bool == v.Bool && w.Date.Time.Equal(v.Date.Time) && slices.Equal(w.List, v.List)
	}
	switch {
	case v.Kind == dsl.ListValue && (c.Any || c.More > 0 || len(c.Except) > 0):
		more, named := max(1, c.More), c.To.List[:max(0, len(c.To.List)-max(1, c.More))]
		others := v.List[min(len(named), len(v.List)):]
		return slices.Equal(v.List[:min(len(named), len(v.List))], named) && len(others) == more &&
			!slices.ContainsFunc(others, func(item string) bool {
				return f.hasItem(c.Except, item) || f.hasItem(c.From.List, item) || f.hasItem(named, item)
			}) &&
			!(c.Any && c.ofItems() && slices.ContainsFunc(others, func(item string) bool { return slices.Contains(itemsOfTests, item) }))
	case c.Same != "":
		return true // see holdsClaims
	case same(c.To) || slices.ContainsFunc(c.Or, same):
		return true
	case v.Kind == dsl.NumberValue && (c.Min.Kind != dsl.NullValue || c.Max.Kind != dsl.NullValue):
		low, high := math.Inf(-1), math.Inf(1)
		if c.Min.Kind != dsl.NullValue {
			low = c.Min.Number
		}
		if c.Max.Kind != dsl.NullValue {
			high = c.Max.Number
		}
		return v.Number >= low && v.Number <= high && !(c.Above && v.Number == low) && !(c.Below && v.Number == high)
	case c.Any:
		return true
	case len(c.Except) > 0 && v.Kind == dsl.TextValue:
		return !f.hasItem(c.Except, v.Text)
	}
	return slices.ContainsFunc(c.Where, func(condition string) bool { return where(condition, v) })
}

// holdsClaims holds what paths say against every value of a pool: whichever
// their words allow, the path reaches. It gives how many it tried.
func holdsClaims(t testing.TB, src string, x *Explanation, paths []Path, pool func(*field) []dsl.Value) int {
	t.Helper()
	m := x.subject.model
	models := map[string]*Model{}
	where := func(field string) func(string, dsl.Value) bool {
		return func(condition string, v dsl.Value) bool {
			if models[condition] == nil {
				models[condition] = compile(t, declarations(src)+condition+" → +1\n")
			}
			a := x.Apply([]Change{{Kind: ChangeFill, Field: field, To: v}})
			return models[condition].Score(a, x.At).Score == 1
		}
	}
	tried := 0
	for _, p := range paths {
		if !p.Reached {
			continue
		}
		ways := make([][]Change, len(p.Changes))
		for i := range p.Changes {
			c := &p.Changes[i]
			if c.Field == "" {
				ways[i] = withOthers(*c)
				continue
			}
			fields := m.fields
			if c.Contact != "" {
				fields = m.contactFields
			}
			f := &fields[slices.IndexFunc(fields, func(f field) bool { return f.Name == c.Field })]
			for _, v := range append(pool(f), c.To) {
				if c.claims(f, v, where(c.Field)) {
					ways[i] = append(ways[i], standing(*c, v))
				}
			}
		}
		everyChoice(ways, func(changes []Change) {
			for _, c := range changes {
				if c.Same != "" && c.To.Text != changes[slices.IndexFunc(changes, func(o Change) bool { return o.Field == c.Same })].To.Text {
					return
				}
			}
			if own := ownTexts(changes); len(slices.Compact(slices.Sorted(slices.Values(own)))) < len(own) {
				return // each has another
			}
			tried++
			require.Equal(t, "top", m.Score(x.Apply(changes), x.At).Tier, "%v: not with %v", p, tos(changes))
		})
	}
	return tried
}

// withOthers gives a change of activities or of a contact with each of the texts
// that may be others.
func withOthers(c Change) []Change {
	list := []Change{c}
	for _, of := range [...]func(*Change) *[]FieldValue{
		func(c *Change) *[]FieldValue { return &c.Who },
		func(c *Change) *[]FieldValue { return &c.With },
	} {
		for i, v := range *of(&c) {
			if v.Other {
				for _, text := range []string{"one of its own", "vp of something", "q"} {
					with := c.clone()
					(*of(&with))[i].Value.Text = text
					list = append(list, with)
				}
			}
		}
	}
	for i, d := range c.Did {
		for j, v := range d.With {
			if v.Other {
				with := c.clone()
				with.Did[i].With[j].Value.Text = "q"
				list = append(list, with)
			}
		}
	}
	return list
}

// tos gives what changes of fields make of them.
func tos(changes []Change) (list []string) {
	for _, c := range changes {
		list = append(list, fmt.Sprint(c.Contact, " ", c.Field, " ", valueText(c.To), c.Who, c.With, c.Did))
	}
	return list
}

// ownTexts gives the texts of changes that no two contacts may share.
func ownTexts(changes []Change) (list []string) {
	for i := range changes {
		for _, v := range changes[i].With {
			if v.Own {
				list = append(list, v.Value.Text)
			}
		}
	}
	return list
}

// everyChoice gives every choice of one item of each list.
func everyChoice[T any](of [][]T, take func([]T)) {
	at := make([]int, len(of))
	for {
		to := make([]T, len(of))
		for i, list := range of {
			to[i] = list[at[i]]
		}
		take(to)
		i := 0
		for ; i < len(at); i++ {
			if at[i]++; at[i] < len(of[i]) {
				break
			}
			at[i] = 0
		}
		if i == len(at) {
			return
		}
	}
}

// claimTest holds what is said of ways up in random models.
type claimTest struct {
	seeds, models uint64 // the first seed, and how many
	write         func(randomRules) (src string, a Account)
	pool          func(*field) []dsl.Value
	sought        bool // a way has to be found where values of the pool give one
}

// claimCount is how many models had a way up and none, how often one was missed,
// and how many choices of values were tried: of each path one, or more.
type claimCount struct{ found, missed, tried, varied int }

func (c claimTest) run(t *testing.T, see func([]Path)) (n claimCount) {
	for seed := range c.models {
		src, a := c.write(newRandom(c.seeds + seed))
		m := compile(t, src)
		x := m.Explain(a, testMoment)
		if x.Result.Tier == "top" {
			continue
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("%s\n%v\n%v", src, a.Fields, a.Contacts)
				}
			}()
			paths := checkPaths(t, m, x, "top")
			tried := holdsClaims(t, src, x, paths, c.pool)
			n.tried += tried
			switch {
			case paths[0].Reached:
				n.found++
				if tried > len(paths) {
					n.varied++
				}
				if see != nil {
					see(paths)
				}
			case c.sought && c.anyReaches(x):
				n.missed++ // of values to which several things are done at once not all are tried
				require.True(t, paths[0].Cut, "%v", paths)
			}
		})
	}
	return n
}

// anyReaches tells whether any values of the pool reach, of fields that may be
// changed.
func (c claimTest) anyReaches(x *Explanation) bool {
	m := x.subject.model
	var values [][]Change
	for i := range m.fields {
		f := &m.fields[i]
		var own cond.Slot
		v, has := x.subject.account.Fields[f.key]
		f.fill(&own, v, has)
		if _, may := mayChange(f, own.State); !may {
			continue
		}
		var list []Change
		for _, v := range c.pool(f) {
			list = append(list, Change{Kind: ChangeFill, Field: f.Name, To: v})
		}
		values = append(values, list)
	}
	reaches := false
	everyChoice(values, func(changes []Change) {
		reaches = reaches || m.Score(x.Apply(changes), x.At).Tier == "top"
	})
	return reaches
}

// declarations are the lines of a ruleset that declare names.
func declarations(src string) string {
	var b strings.Builder
	for line := range strings.Lines(src) {
		if strings.HasPrefix(line, "field ") || strings.HasPrefix(line, "let ") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// itemsOfTests are what the tests of random models look for in lists.
var itemsOfTests = []string{"a", "b", "c", "VP"}

// listPool are lists of up to five items, those that tests look for and others.
func listPool(f *field) []dsl.Value {
	if f.typ == cond.Number {
		return numberValues(0, 3, 3.5, 4, 100)
	}
	var list []dsl.Value
	items := []string{"a", "b", "c", "VP", "VP Sales", "z", "another", "y"}
	for set := range 1 << len(items) {
		var of []string
		for i, item := range items {
			if set&(1<<i) != 0 {
				of = append(of, item)
			}
		}
		if len(of) <= 5 {
			list = append(list, dsl.Value{Kind: dsl.ListValue, List: of})
		}
	}
	for n := range 7 {
		var of []string
		for i := range n {
			of = append(of, fmt.Sprint("q", i))
		}
		list = append(list, dsl.Value{Kind: dsl.ListValue, List: of})
	}
	return list
}

// TestLiftClaimsLists: whichever items the words of a path allow, it reaches; and
// a path is found where one of the lists reaches.
func TestLiftClaimsLists(t *testing.T) {
	t.Parallel()
	write := func(r randomRules) (string, Account) {
		src := "field l list" + r.of("", " actionable", " enrichable") + r.of("", " ignoring case") + "\nfield n number\n"
		test := func() string {
			switch r.IntN(6) {
			case 0, 1:
				return "len(l) " + r.of("> 2", ">= 3", "= 2", "< 2", "between 2 and 4")
			case 2:
				return r.of("l has word \"VP\"", "any(l, # contains \"VP\")", "none(l, # startsWith \"V\")", "l is not empty", "l is known", "count(l, len(#) > 1) >= 1")
			}
			return "l " + r.of("has any [a, b]", "has all [a, b]", "has none [a]", "contains \"c\"", "has none [b, c]")
		}
		for range 2 + r.IntN(3) {
			src += r.of("", "", "not ") + "(" + test() + ")" + r.of("", " and "+test(), " or "+test(), " and n > 3") + fmt.Sprintf(" → %+d\n", r.IntN(12)-2)
		}
		src += fmt.Sprintf("tiers { top when score >= %d\n low otherwise }", 1+r.IntN(14))
		a := Account{Fields: map[string]any{}}
		if r.IntN(2) == 0 {
			a.Fields["l"] = [][]string{{}, {"a"}, {"VP"}, {"z", "y"}, {"b", "c"}}[r.IntN(5)]
		}
		return src, a
	}
	longer := 0
	n := claimTest{seeds: 73_000, models: 300, write: write, pool: listPool, sought: true}.run(t, func(paths []Path) {
		if slices.ContainsFunc(paths[0].Changes, func(c Change) bool { return c.More > 0 }) {
			longer++
		}
	})
	require.Greater(t, n.found, 60)
	require.Greater(t, longer, 5)
	require.Greater(t, n.tried, 500)
	require.LessOrEqual(t, n.missed, 3)
}

// textPool are texts that tests of random models tell apart, and lists of them.
func textPool(f *field) []dsl.Value {
	if f.typ == cond.List {
		var list []dsl.Value
		for _, items := range [][]string{{"x"}, {"VP"}, {"edu"}, {"VP Sales"}, {"x", "y"}, {"VP", "x"}, {"a", "b", "c"}, {"VP", "x", "y", "z"}} {
			list = append(list, dsl.Value{Kind: dsl.ListValue, List: items})
		}
		return list
	}
	if f.typ == cond.Number {
		return numberValues(0, 3, 3.5, 4, 100)
	}
	return textValues("x", "y", "VP", "vp", "VP Sales", "SVP", "edu", "x.edu", "VP edu", "x@gmail.com", "gmail.com", "gmail.com edu", "another", "other", "another edu", "US", "us", "ABC", "ABCD", "abc", "12", " x ", "Émile", "x edu VP gmail.com", "VP gmail.com edu")
}

// TestLiftClaimsTexts: whichever text the words of a path allow, it reaches; and
// a path is found where one of the texts that tests tell apart reaches.
func TestLiftClaimsTexts(t *testing.T) {
	t.Parallel()
	write := func(r randomRules) (string, Account) {
		fold := r.of("", "", " ignoring case")
		src := "field c text" + fold + r.of("", " actionable", " enrichable") + "\nfield t text" + fold + r.of("", "", " fixed") + "\nfield n number\n" + r.of("", "let s = c ?? \"VP\"\n")
		of := func() string {
			if strings.Contains(src, "let s") {
				return r.of("c", "t", "s")
			}
			return r.of("c", "c", "t")
		}
		test := func() string {
			switch r.IntN(9) {
			case 0:
				return "c " + r.of("=", "!=", "contains", "starts with") + " t"
			case 1:
				return of() + " matches " + r.of(`"^[A-Z]{3}$"`, `"^[a-z]+$"`, `"@gmail[.]com$"`, `"(edu|ac[.]uk)$"`, `"[0-9]"`)
			case 2:
				return "len(" + of() + ") " + r.of("> 3", "< 4", "= 2")
			case 3:
				return of() + " has word " + r.of(`"VP"`, `["VP", "Sales"]`)
			case 4:
				return of() + r.of(" = ", " != ") + r.of(`"US"`, `"VP"`, `"x"`)
			}
			return of() + r.of(" contains ", " does not contain ", " starts with ", " ends with ") + r.of(`"VP"`, `"edu"`, `"gmail.com"`, `"x"`)
		}
		not := func(s string) string {
			if r.IntN(3) == 0 {
				return "not (" + s + ")"
			}
			return s
		}
		for range 2 + r.IntN(4) {
			src += not(test()) + r.of("", " and "+not(test()), " or "+not(test()), " and n > 3") + fmt.Sprintf(" → %+d\n", r.IntN(12)-2)
		}
		src += fmt.Sprintf("tiers { top when score >= %d\n low otherwise }", 1+r.IntN(14))
		a := Account{Fields: map[string]any{}}
		for _, name := range []string{"c", "t"} {
			if r.IntN(3) == 0 {
				a.Fields[name] = r.of("x", "VP", "US", "x@gmail.com", "ABC")
			}
		}
		return src, a
	}
	n := claimTest{seeds: 71_000, models: 400, write: write, pool: textPool, sought: true}.run(t, nil)
	require.Greater(t, n.found, 100)
	require.Greater(t, n.tried, 2000)
	require.LessOrEqual(t, n.missed, 4)
}

// numberPool are numbers of every size, those between whole ones too.
func numberPool(*field) []dsl.Value {
	list := numberValues(-1e15, -1e6, -1000, -33.3, 1e15, 1e9, 1e6, 12345.678)
	for v := -20.0; v <= 120; v += 0.5 {
		list = append(list, numberValues(v)...)
	}
	return list
}

// TestLiftClaimsFormulas: whichever number the words of a path allow, it
// reaches, also where formulas turn, come and go.
func TestLiftClaimsFormulas(t *testing.T) {
	t.Parallel()
	write := func(r randomRules) (string, Account) {
		src := "field a number" + r.of("", " actionable", " enrichable") + "\nfield b number" + r.of("", "", " fixed") + "\nlet q = a / b\n"
		formula := func() string {
			return r.of("abs(a - b)", "a % 7", "a * b", "q", "(a - 3) * (a - 50)", "a * a - 20 * a", "min(a, 100 - a)", "max(a, b) - a", "abs(abs(a - 40) - 20)", "round(a / 10)", "a - floor(a)", "a + b", "(a > 10 ? a : b)")
		}
		test := func() string {
			return formula() + " " + r.of(">", ">=", "<", "<=", "=") + " " + r.of("0", "3", "5", "9", "40")
		}
		for range 2 + r.IntN(3) {
			switch r.IntN(5) {
			case 0:
				src += fmt.Sprintf("%s → %d..%d over 0-%d\n", formula(), r.IntN(9)-3, r.IntN(12)-3, 5+r.IntN(50))
			case 1:
				src += fmt.Sprintf("%s → %+d per %s max 8 min -8\n", test(), 1+r.IntN(3), formula())
			default:
				src += test() + r.of("", " and "+test(), " or "+test()) + fmt.Sprintf(" → %+d\n", r.IntN(12)-2)
			}
		}
		src += fmt.Sprintf("tiers { top when score >= %d%s\n low otherwise }", 1+r.IntN(14), r.of("", "", " and score <= 20"))
		a := Account{Fields: map[string]any{}}
		for _, name := range []string{"a", "b"} {
			if r.IntN(3) == 0 {
				a.Fields[name] = r.IntN(60)
			}
		}
		return src, a
	}
	n := claimTest{seeds: 72_000, models: 300, write: write, pool: numberPool}.run(t, nil)
	require.Greater(t, n.found, 60)
	require.Greater(t, n.tried, 2000)
	require.Greater(t, n.varied, 60)
}
