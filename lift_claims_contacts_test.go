package accountscore

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// contactPool are numbers about those that tests of random contacts ask for,
// and whole texts.
func contactPool(f *field) []dsl.Value {
	switch f.typ {
	case cond.Number:
		return numberValues(-1e6, -5, -0.5, 0, 0.5, 1, 2, 3, 4.5, 5, 6, 7, 9.5, 10, 11, 12, 15, 19.75, 20, 21, 25, 30, 33, 39.5, 40, 41, 47, 50, 60, 75.25, 80, 99, 100, 101, 250, 1000, 1e4, 99_999, 1e6, 1e9, 1e15)
	case cond.Text:
		return textValues("vp", "VP", "ic", "c-level", "buyer", "user", "another", "vp of something", "q")
	}
	return nil
}

// TestLiftClaimsContacts: whichever number or text of a contact the words of a
// path allow, and whichever other texts of those to engage, it reaches; also of
// two contacts at once.
func TestLiftClaimsContacts(t *testing.T) {
	t.Parallel()
	ranges, both := 0, 0
	write := func(r randomRules) (string, Account) {
		formula := func() string {
			return r.of("heat", "heat", "heat / 2", "heat + reach", "heat * reach / 10", "abs(heat - 40)", "min(heat, 50 - heat)", "(heat > 20 ? 30 - heat / 4 : heat)", "heat % 12", "heat ?? 12", "(seniority = \"vp\" ? heat : reach)", "40 - heat")
		}
		test := func() string {
			switch r.IntN(6) {
			case 0:
				return "seniority " + r.of(`= "vp"`, `!= "ic"`, `in ["vp", "c-level"]`, "is known")
			case 1:
				return formula() + " " + r.of(">", ">=", "<") + " " + r.of("3", "5", "9", "40")
			case 2:
				return "any(visit" + r.of("", " where page = \"x\"", " where depth > 2", " where page != \"x\" and depth < 4") + ")"
			}
			return r.of("heat", "reach") + " " + r.of("> 9", ">= 20", "< 5", "between 10 and 40", "in [5, 10, 20]", "!= 10", "is known", "<= 30")
		}
		src := "activity visit (page text, depth number)\ndimension people" + r.of("", " max 60", " out of 50") + " from contacts {\n  field seniority text" + r.of("", " ignoring case") +
			"\n  field heat number" + r.of("", " default 3") + "\n  field reach number" + r.of("", "", " fixed") + "\n  field role text\n  score " + formula() + "\n"
		for range r.IntN(4) {
			switch r.IntN(5) {
			case 0:
				src += fmt.Sprintf("  %s → %d..%d over 0-%d\n", r.of("heat", "reach", formula()), r.IntN(9)-3, r.IntN(20)-6, 5+r.IntN(50))
			case 1:
				src += "  each visit" + r.of("", " where depth > 2", " where page = \"x\"") + " → +2" + r.of("", " per value") + " max 8\n"
			case 2:
				src += "  reach → { 0-9: 2, 10-39: +8" + r.of("", ", else: -4", ", 40+: +1, missing: +1") + " }\n"
			default:
				src += "  " + test() + r.of("", " and "+test(), " or "+test()) + fmt.Sprintf(" → %+d\n", r.IntN(16)-5)
			}
		}
		src += r.of("", "  weight seniority { vp: 2, ic: 0.5, else: 1 }\n", "  weight reach { 0-9: 0.5, 10-49: 1, 50+: 2, missing: 0.25, else: 1 }\n") + "  cap " + r.of("30", "100", "100000") + "\n" +
			"  combine " + r.of("ranked 0.8", "sum", "max", "mean", "top 2", "best 60%") + "\n" + r.of("", "  bonus { 2: +10, 3: +20 }\n") +
			"  engaged at least " + r.of("5", "10", "0", "12.5") + r.of("", " distinct by role") + "\n" + r.of("", "  committee by role { buyer: 1, user: 1 }\n") + "}\n"
		src += fmt.Sprintf("tiers { top when %s%s\n low otherwise }", r.of(fmt.Sprint("score >= ", 8+r.IntN(40)), fmt.Sprint("people between ", 10+r.IntN(20), " and ", 35+r.IntN(30)), "engaged_contacts >= 2", fmt.Sprint("engaged_contacts >= 1 and score <= ", 20+r.IntN(20))), r.of("", "", " and contacts < 6"))
		var a Account
		for i := range r.IntN(4) {
			k := Contact{ID: fmt.Sprint("c", i), Fields: map[string]any{}}
			for _, f := range []string{"heat", "reach"} {
				if r.IntN(2) == 0 {
					k.Fields[f] = r.IntN(60)
				}
			}
			for f, v := range map[string]string{"seniority": r.of("vp", "ic", ""), "role": r.of("buyer", "user", "")} {
				if v != "" {
					k.Fields[f] = v
				}
			}
			if r.IntN(3) == 0 {
				k.Activities = []Activity{{Type: "visit", At: testMoment, Value: 1, Fields: map[string]any{"page": "x", "depth": 3}}}
			}
			a.Contacts = append(a.Contacts, k)
		}
		return src, a
	}
	n := claimTest{seeds: 74_000, models: 500, write: write, pool: contactPool}.run(t, func(paths []Path) {
		for _, p := range paths {
			fills := slices.DeleteFunc(slices.Clone(p.Changes), func(c Change) bool { return c.Kind != ChangeFill })
			if slices.ContainsFunc(fills, func(c Change) bool { return c.Min.Kind != dsl.NullValue }) {
				ranges++
			}
			if len(fills) > 1 {
				both++
			}
		}
	})
	require.Greater(t, n.found, 60)
	require.Greater(t, n.tried, 2000)
	require.Greater(t, ranges, 60)
	require.Greater(t, both, 20)
}

// TestLiftClaimsOfContacts: what is said of a contact's number or text ends where
// it turns, also between whole numbers and where others have the same.
func TestLiftClaimsOfContacts(t *testing.T) {
	block := func(lines, tiers string) string {
		return "dimension people from contacts {\n field role text\n field heat number\n field reach number\n" + lines + "\n}\ntiers { top when " + tiers + "\n low otherwise }"
	}
	for _, tt := range []struct {
		name, rules string
		contacts    []Contact
		want        string
	}{
		{"a table leaves out what is between", block("heat → { 0-9: 2, 10-39: +12, 50+: +20 }", "engaged_contacts >= 1"),
			[]Contact{{ID: "ann"}}, "fill heat of contact ann with 10 to 39: score 12, tier top"},
		{"ranges that go on", block("heat → { 0-9: 2, 10-39: +12, 40+: +20 }", "engaged_contacts >= 1"),
			[]Contact{{ID: "ann"}}, "fill heat of contact ann with 10 or more: score 12, tier top"},
		{"it comes and goes", block("score heat % 12\nheat > 9 → +8", "engaged_contacts >= 1"),
			[]Contact{{ID: "ann"}}, "fill heat of contact ann with 10: score 18, tier top"},
		{"two together", block("score heat + reach\ncap 1000", "score between 30 and 60"),
			[]Contact{{ID: "ann", Fields: map[string]any{"reach": 20}}}, "fill heat of contact ann with 10 to 40: score 30, tier top"},
		{"another contact's key", block("score heat\nengaged at least 5 distinct by role", "engaged_contacts >= 3"),
			[]Contact{{ID: "ann", Fields: map[string]any{"heat": 20, "role": "buyer"}}, {ID: "bob", Fields: map[string]any{"heat": 9}}, {ID: "col", Fields: map[string]any{"heat": 8}}},
			`fill role of contact bob with anything but "buyer"`},
		{"beyond what a contact can score", block("score 40 - heat\nheat > 9 → +10", "engaged_contacts >= 1 and score <= 20"),
			[]Contact{{ID: "ann", Fields: map[string]any{"reach": 1}}}, "fill heat of contact ann with 30 to 40: score 20, tier top"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, tt.rules)
			paths := checkPaths(t, m, m.Explain(Account{Contacts: tt.contacts}, testMoment), "top")
			require.True(t, slices.ContainsFunc(paths, func(p Path) bool { return strings.HasPrefix(p.String(), tt.want) }), "%v", paths)
		})
	}
}

// TestLiftClaimsBesideGaps: where points between do not reach, no range goes on
// over them.
func TestLiftClaimsBesideGaps(t *testing.T) {
	for _, tiers := range []string{"top when score >= 40 or score between 10 and 20", "best when score >= 40\n top when score between 10 and 20"} {
		src := "field a number\na → 0..50 over 0-50\ntiers { " + tiers + "\n low otherwise }"
		m := compile(t, src)
		x := m.Explain(Account{}, testMoment)
		for _, p := range checkPaths(t, m, x, "top") {
			require.Len(t, p.Changes, 1)
			for _, v := range numberPool(nil) {
				if c := &p.Changes[0]; c.claims(&m.fields[0], v, nil) {
					got := m.Score(x.Apply([]Change{standing(*c, v)}), testMoment).Tier
					require.NotEqual(t, "low", got, "%v: not with %v", p, v.Number)
				}
			}
		}
	}
}

// TestLiftClaimsContactDates: of the date since which a contact decays a path says
// from which day on it does: each day from then on does, and the day before does
// not.
func TestLiftClaimsContactDates(t *testing.T) {
	for _, tt := range []struct{ block, tier, want string }{
		{"decay half-life 30d since seen", "engaged_contacts >= 1", "fill seen of contact c0 with 2026-09-15 to 2026-11-01: score 30, tier top"},
		{"decay half-life 30d since seen within 20d", "engaged_contacts >= 1", "fill seen of contact c0 with 2026-10-12 to 2026-11-01: score 30, tier top"},
		{"decay linear 40d since seen", "score >= 20 or score < 15 and engaged_contacts > 0", "fill seen of contact c0 with 2026-10-19 to 2026-11-01: score 30, tier top"},
		{"decay half-life 30d since seen\n  seen within 5d → +3", "engaged_contacts >= 1", "fill seen of contact c0 with 2026-11-01: score 33, tier top"},
	} {
		t.Run(tt.block, func(t *testing.T) {
			m := compile(t, "dimension p from contacts {\n  field heat number\n  field seen time\n  score heat\n  engaged at least 10\n  "+tt.block+"\n}\ntiers {\n  top when "+tt.tier+"\n  low otherwise\n}\n")
			for _, moment := range []time.Time{testMoment, testMoment.Add(13*time.Hour + time.Microsecond)} {
				x := m.Explain(Account{Contacts: []Contact{{ID: "c0", Fields: map[string]any{"heat": 30}}}}, moment)
				paths := checkPaths(t, m, x, "top")
				if moment.Equal(testMoment) {
					require.Equal(t, tt.want, paths[0].String())
				}
				c := paths[0].Changes[0]
				reaches := func(at time.Time) bool {
					c.To.Date.Time = at
					return m.Score(x.Apply([]Change{c}), x.At).Tier == "top"
				}
				if c.Min.Kind == dsl.NullValue {
					continue
				}
				for at := c.Min.Date.Time; !at.After(c.Max.Date.Time); at = at.Add(6 * time.Hour) {
					require.True(t, reaches(at), "%v: not at %v", paths[0], at)
				}
				require.True(t, reaches(c.Max.Date.Time), "%v", paths[0])
				require.False(t, reaches(c.Min.Date.Time.Add(-24*time.Hour)), "%v", paths[0])
			}
		})
	}
}
