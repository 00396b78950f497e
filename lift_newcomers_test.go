package accountscore

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// smallCrew writes a contacts block whose rules ask for a role and a department
// in many ways, and an account of a few contacts.
func (r randomRules) smallCrew() (src string, a Account) {
	var b strings.Builder
	fmt.Fprintf(&b, "activity call\ndimension p%s from contacts {\n  field dept text%s\n  field role text%s\n  field level text\n  field vip bool\n  field lead number\n",
		r.of("", "", " out of 100", " max 60"), r.of("", "", " ignoring case", " one of [IT, HR, Ops]"), r.of("", "", " fixed"))
	if r.IntN(3) == 0 {
		b.WriteString("  score lead\n")
	}
	rules := []string{"dept = IT → +15", "role = Boss → +20", "role = User → +10", "vip → +9", "role in [Boss, User] → +5", "dept is known → +3", "dept != HR → +4",
		"each call within 30d → +4 max 12", "dept = HR → -6", `role contains "os" → +7`, "lead > 10 → +8", "dept = IT and role = User → +14", `level = "vp" → +6`, "dept → { IT: 4, HR: 12, else: 1 }"}
	for _, i := range r.Perm(len(rules))[:1+r.IntN(4)] {
		fmt.Fprintf(&b, "  %s\n", rules[i])
	}
	weight := r.of("", "role { Boss: 2, User: 1.5, else: 1 }", "dept { IT: 1.5, HR: 0.5, missing: 0.2, else: 1 }", `level { vp: 2, manager: 1, else: 0.5 }`)
	if weight != "" {
		fmt.Fprintf(&b, "  weight %s\n", weight)
	}
	fmt.Fprintf(&b, "%s  combine %s\n  engaged at least 10%s\n%s", r.of("", "  cap 40\n"),
		r.of("ranked 0.8", "sum", "max", "top 2", "mean", "weighted mean", "best 60%"),
		r.of("", " distinct by dept", " distinct by dept", " distinct by role"),
		r.of("", "  bonus { 2: +10, 3: +20 }\n", "  bonus multi-thread 50% falling 0.5\n"))
	committee := r.IntN(2) == 0
	if committee {
		fmt.Fprintf(&b, "  committee %sby role { Boss: 1, %s: %d }\n", r.of("", "", "assigned "), r.of("User", "Champion"), 1+r.IntN(2))
	}
	fmt.Fprintf(&b, "}\ntiers {\n  top when p >= %d", 10+r.IntN(60))
	gates := []string{"", "", " and engaged_contacts >= 1", " and engaged_contacts >= 2"}
	if weight != "" {
		gates = append(gates, " and senior_engaged >= 1")
	}
	if committee {
		gates = append(gates, " and completeness >= 50", " and completeness >= 100")
	}
	fmt.Fprintf(&b, "%s\n  low otherwise\n}\n", r.of(gates...))

	a = Account{ID: "a"}
	for i := range r.IntN(5) {
		k := Contact{ID: fmt.Sprint("c", i), Fields: map[string]any{}}
		put := func(name string, v any) {
			if r.IntN(2) == 0 {
				k.Fields[name] = v
			}
		}
		put("dept", r.of("IT", "HR", "Ops"))
		put("role", r.of("Boss", "User", "Clerk"))
		put("level", r.of("vp", "manager"))
		put("lead", 2+5*r.IntN(4))
		put("vip", r.IntN(2) == 0)
		a.Contacts = append(a.Contacts, k)
	}
	return b.String(), a
}

// brought lists what a contact may be who is engaged: one for each department,
// role and weight, who scores the most of those. What it has already stays.
func brought(m *Model, k Contact) []Contact {
	var list []Contact
	best := map[string]int{}
	var most []float64
	options := func(name string, values ...any) []any {
		held := slices.ContainsFunc(m.contactFields, func(f field) bool { return f.Name == name && f.Change == dsl.Fixed })
		for _, slot := range []int{m.rollup.weightSlot(), m.rollup.distinct} {
			// Who a contact is that there is is found out by a change of its own.
			held = held || slot >= 0 && m.contactFields[slot].Name == name
		}
		if k.Fields[name] != nil || k.ID[0] == 'c' && held {
			return []any{k.Fields[name]}
		}
		return values
	}
	for _, dept := range options("dept", nil, "IT", "HR", "Ops", "own "+k.ID) {
		for _, role := range options("role", nil, "Boss", "User", "Champion", "Clerk") {
			for _, level := range options("level", nil, "vp", "manager", "ic") {
				for _, vip := range options("vip", true) {
					for _, lead := range options("lead", 11, 1000) {
						for _, calls := range []int{0, 3} {
							n := Contact{ID: k.ID, Fields: map[string]any{"dept": dept, "role": role, "level": level, "vip": vip, "lead": lead}}
							for range calls {
								n.Activities = append(n.Activities, Activity{Type: "call", At: testMoment})
							}
							is := m.ContactScores(nil, Account{Contacts: []Contact{n}}, testMoment)[0]
							if !is.Engaged {
								continue
							}
							key := fmt.Sprint(dept, role, is.Weight)
							if at, has := best[key]; !has {
								best[key] = len(list)
								list, most = append(list, n), append(most, is.Score)
							} else if is.Score > most[at] {
								list[at], most[at] = n, is.Score
							}
						}
					}
				}
			}
		}
	}
	return list
}

// fewestBrought gives how few contacts, new ones and those there are, reach the
// tier when they are engaged; more than two are not tried.
func fewestBrought(m *Model, a Account) (fewest int, with []Contact) {
	idle := map[string]bool{}
	for _, is := range m.ContactScores(nil, a, testMoment) {
		idle[is.ID] = !is.Engaged
	}
	var whom [][]Contact
	for _, k := range a.Contacts {
		if idle[k.ID] {
			whom = append(whom, brought(m, k))
		}
	}
	for i := range 2 {
		whom = append(whom, brought(m, Contact{ID: fmt.Sprint("new", i)}))
	}
	var try func(k Account, from, left int) bool
	try = func(k Account, from, left int) bool {
		if left == 0 {
			with = k.Contacts
			return m.Score(k, testMoment).Tier == "top"
		}
		for i := from; i < len(whom); i++ {
			for _, n := range whom[i] {
				next := k
				next.Contacts = nil
				for _, o := range k.Contacts {
					if o.ID != n.ID {
						next.Contacts = append(next.Contacts, o)
					}
				}
				next.Contacts = append(next.Contacts, n)
				if try(next, i+1, left-1) {
					return true
				}
			}
			if i >= len(whom)-2 {
				break // the new ones are alike
			}
		}
		return false
	}
	for fewest = 1; fewest <= 2; fewest++ {
		if try(a, 0, fewest) {
			return fewest, with
		}
	}
	return 0, nil
}

// TestLiftMissesNoNewcomer compares the paths of random contact models with all
// that contacts may be who are engaged: where one or two of them do, no path
// needs more, unless it says that smaller ones may have been missed.
func TestLiftMissesNoNewcomer(t *testing.T) {
	found, cut := 0, 0
	for seed := range uint64(400) {
		r := randomRules{rand.New(rand.NewPCG(seed, 31)), false}
		src, a := r.smallCrew()
		m := compile(t, src)
		paths := m.Explain(a, testMoment).LiftTo("top")
		if len(paths) == 0 {
			continue
		}
		fewest, with := fewestBrought(m, a)
		if fewest == 0 {
			continue
		}
		found++
		if paths[0].Cut {
			cut++
			continue
		}
		least := math.MaxInt
		for _, p := range paths {
			if p.Reached {
				least = min(least, len(p.Changes))
			}
		}
		require.LessOrEqual(t, least, fewest, "seed %d\n%s%v\n%v\nwhere these do: %v", seed, src, a.Contacts, paths, with)
	}
	require.Greater(t, found, 150)
	require.Less(t, cut, found/20)
}

// TestLiftRewardsWhoTheyAre: a new contact has what the rules of the block reward
// in a field that a committee, or the count of contacts, asks for too.
func TestLiftRewardsWhoTheyAre(t *testing.T) {
	person := func(id, field, value string) Contact {
		return Contact{ID: id, Fields: map[string]any{field: value}}
	}
	for _, tt := range []struct {
		name, block, goal string
		contacts          []Contact
		want              string
	}{
		{"a second of a role", "role = Champion → +20\n role = Buyer → +10\n combine sum\n committee by role { Champion: 1, Buyer: 1 }", "people >= 50",
			[]Contact{person("ann", "role", "Champion"), person("bob", "role", "Buyer")}, `engage a new contact with role "Champion"`},
		{"a role that is not of the committee", "role = Boss → +12\n vip → +10\n combine sum\n committee by role { User: 1 }", "people >= 22",
			nil, `engage a new contact with role "Boss" and vip true`},
		{"a value that is counted", "dept = IT → +15\n combine sum\n engaged at least 10 distinct by dept", "people >= 15",
			nil, `engage a new contact with dept "IT"`},
		{"and another rule", "role has word \"VP\" → +20\n dept = IT → +15\n combine sum\n engaged at least 10 distinct by dept\n bonus { 5: +1 }", "people >= 35",
			nil, `engage a new contact with dept "IT" and role "VP"`},
		{"several that are counted", "dept in [IT, HR] → +15\n combine sum\n engaged at least 10 distinct by dept", "people >= 30 and engaged_contacts >= 2",
			nil, `engage a new contact with dept "HR", and engage a new contact with dept "IT"`},
		{"declared values are counted", "vip → +15\n combine sum\n engaged at least 10 distinct by kind", "engaged_contacts >= 3",
			nil, `engage a new contact with vip true, engage a new contact with kind "a" and vip true, and engage a new contact with kind "b" and vip true`},
		{"the reward is not needed", "vip → +15\n dept = IT → +1\n combine sum\n engaged at least 10 distinct by dept", "people >= 15 and engaged_contacts >= 1",
			nil, `engage a new contact with a dept of its own and vip true`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, "dimension people from contacts {\n field role text\n field dept text\n field vip bool\n field kind text one of [a, b]\n "+tt.block+"\n}\ntiers {\n top when "+tt.goal+"\n low otherwise\n}\n")
			paths := m.Explain(Account{Contacts: tt.contacts}, testMoment).LiftTo("top")
			var got []string
			for _, p := range paths {
				require.True(t, p.Reached && !p.Cut && !p.Greedy, "%v", p)
				of, _, _ := strings.Cut(p.String(), ": ")
				got = append(got, of)
			}
			require.Contains(t, got, tt.want)
		})
	}
}
