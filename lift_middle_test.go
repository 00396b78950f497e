package accountscore

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

func middleModel(t testing.TB) *Model {
	src, err := os.ReadFile("testdata/lift-middle.rules")
	require.NoError(t, err)
	return compile(t, string(src))
}

// middleAccount is a random account for testdata/lift-middle.rules.
func middleAccount(r randomRules) Account {
	put := func(fields map[string]any, name string, v any) {
		switch r.IntN(5) {
		case 0:
		case 1:
			fields[name] = nil
		default:
			fields[name] = v
		}
	}
	ago := func(days int) time.Time { return testMoment.AddDate(0, 0, -r.IntN(days)) }
	log := func(most int) (list []Activity) {
		for range r.IntN(most) {
			list = append(list, Activity{Type: r.of("page_view", "page_view", "trial", "call", "complaint"), At: ago(120), Fields: map[string]any{"path": r.of("/prices", "/jobs")}})
		}
		return list
	}
	a := Account{ID: "a", Fields: map[string]any{}, Refreshed: map[string]time.Time{}, Activities: log(8)}
	put(a.Fields, "staff", r.scale(7, 30, 150, 700))
	put(a.Fields, "turnover", r.scale(4e5, 3e6, 2e7, 6e7))
	put(a.Fields, "volume", r.scale(0, 900, 4_500, 20_000))
	put(a.Fields, "sector", r.of("Retail", "travel", "Mining", "Energy"))
	put(a.Fields, "land", r.of("NL", "DE", "FR", "UK"))
	put(a.Fields, "systems", []string{r.of("Mollie", "Stripe", "own"), r.of("own", "other")})
	put(a.Fields, "incidents", []string{r.of("fraud", "breach", "outage", "delay")})
	put(a.Fields, "contract", r.of("none", "pilot", "yearly"))
	put(a.Fields, "shops", r.scale(1, 4, 30, 200))
	put(a.Fields, "loans", r.scale(0, 1e5, 5e6, 4e7))
	put(a.Fields, "listed", r.IntN(2) == 0)
	put(a.Fields, "audited", ago(900))
	put(a.Fields, "reseller", r.IntN(3) == 0)
	if r.IntN(3) == 0 {
		a.Refreshed["staff"] = ago(700)
	}
	for i := range r.IntN(6) {
		k := Contact{ID: fmt.Sprint("c", i), Fields: map[string]any{}, Activities: log(3)}
		put(k.Fields, "rank", r.of("owner", "head", "lead", "staff"))
		put(k.Fields, "part", r.of("sponsor", "buyer", "user"))
		put(k.Fields, "team", r.of("finance", "shop", "it"))
		put(k.Fields, "heat", r.IntN(50))
		put(k.Fields, "seen", ago(140))
		a.Contacts = append(a.Contacts, k)
	}
	return a
}

// TestLiftTriesMiddle: of a model of an ordinary size every set of up to three
// changes is tried, of nearly all accounts, most within a part of the work that
// a search has, however long it takes to ease the paths. The work is counted, not timed: it is the same on every machine.
func TestLiftTriesMiddle(t *testing.T) {
	t.Parallel()
	m := middleModel(t)
	sought, cut, moves, work, eased := 0, 0, 0, 0, 0
	for seed := range uint64(50) {
		x := m.Explain(middleAccount(newRandom(66_000+seed)), testMoment)
		for at := range 3 {
			l := newLifter(x.subject, m.tierGoal(at))
			if paths := l.paths(x); len(paths) > 0 {
				sought++
				work += l.work
				moves = max(moves, len(l.list))
				if paths[0].Cut {
					cut++
				} else if l.work-searched(x, at) > maxFinishWork {
					eased++
				}
			}
			l.close()
		}
	}
	require.Greater(t, sought, 100)
	require.Greater(t, moves, 150)
	require.LessOrEqual(t, cut, 3)
	require.Positive(t, eased, "that values are eased for long cuts no search")
	require.Less(t, work/sought, maxLiftWork/3)
}

// searched is the work of a search, before its paths are eased.
func searched(x *Explanation, at int) int {
	l := newLifter(x.subject, x.subject.model.tierGoal(at))
	defer l.close()
	l.probe()
	l.levers()
	l.exact()
	return l.work
}

// generous gives more ways to change what a search may change: numbers of any
// size, contacts of any score, activities any number of times.
func generous(l *lifter) []*move {
	var list []*move
	sizes := []float64{0}
	for size := 2.0; size < 1e9; size *= 10 {
		sizes = append(sizes, size)
	}
	for _, mv := range l.list {
		list = append(list, mv)
		first := mv == l.leverOf(mv).moves[0]
		number := func(v float64) dsl.Value { return dsl.Value{Kind: dsl.NumberValue, Number: v} }
		c := mv.change
		switch f := slices.IndexFunc(l.model.fields, func(f field) bool { return f.Name == c.Field }); {
		case mv.axis != nil && first && l.model.fields[f].typ == cond.Number:
			for _, v := range sizes {
				c.To = number(v)
				list = append(list, &move{lever: mv.lever, slot: mv.slot, change: c, value: l.model.fields[f].slotAt(v)})
			}
		case c.Kind == ChangeRepeat && first:
			for _, c.Count = range []int{4, 8} {
				list = append(list, &move{lever: mv.lever, slot: -1, change: c})
			}
		case mv.worth != nil && first:
			for _, v := range []float64{20, 35, 60} {
				list = append(list, &move{lever: mv.lever, slot: -1, change: mv.worth.with(c, v)})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *move) int { return min(a.slot, 0) - min(b.slot, 0) }) // so that little is staged anew
	return list
}

// TestLiftMiddleSmallest: where paths take three changes no two do, and where
// they take more no three.
func TestLiftMiddleSmallest(t *testing.T) {
	t.Parallel() // it tries millions of sets
	m := middleModel(t)
	want := map[int]int{2: 1, 3: 2, 4: 1}
	sizes := map[int]int{}
	for seed := range uint64(60) {
		x := m.Explain(middleAccount(newRandom(67_000+seed)), testMoment)
		paths := x.LiftTo("prime")
		least := maxExact + 1
		for _, p := range paths {
			least = min(least, len(p.Changes))
			require.True(t, p.Reached)
		}
		if len(paths) == 0 || sizes[least] == want[least] {
			continue
		}
		sizes[least]++
		l := newLifter(x.subject, m.tierGoal(0))
		l.probe()
		l.levers()
		list := generous(l)
		var try func(set []*move, from int)
		try = func(set []*move, from int) {
			if len(set) > 0 {
				require.False(t, l.reaches(set), "%d: %v does, not just %v", seed, l.changes(set), paths)
			}
			for i := from; i < len(list) && len(set) < least-1; i++ {
				if !slices.ContainsFunc(set, func(mv *move) bool { return mv.lever == list[i].lever && !list[i].change.New }) {
					try(append(set[:len(set):len(set)], list[i]), i)
				}
			}
		}
		try(nil, 0)
		l.close()
	}
	require.Equal(t, want, sizes)
}
