package accountscore

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStepsInEachRendering: what seldom happens is said in each rendering, and
// what did not happen has no heading.
func TestStepsInEachRendering(t *testing.T) {
	five, none := 5.0, 0.0
	people := func(d DimensionExplanation) Explanation {
		d.Name, d.Contacts = "people", &ContactsExplanation{Combine: "sum", Threshold: 10, Contacts: []ContactExplanation{{ID: "ann", Share: 9}}, Rounding: d.Clamped / 1e6}
		return Explanation{Dimensions: []DimensionExplanation{d}}
	}
	for _, tt := range []struct {
		name                 string
		x                    Explanation
		text, markdown, page []string
	}{
		{"contacts whose shares are rounded, and a cap", people(DimensionExplanation{Max: &five, Clamped: -4}),
			[]string{"    4 lost to the cap of 5 ", "    rounding of the contacts' shares ", "    0 engaged at 10 or more\n"},
			[]string{"| State | Rule | Why | Points |\n|---|---|---|---:|\n|  | 4 lost to the cap of 5 |  | -4 |\n", "|  | rounding of the contacts' shares |  |  |  | -0.000004 |\n\n0 engaged at 10 or more\n"},
			[]string{`<span class="reason">4 lost to the cap of 5</span>`, `<span class="reason">rounding of the contacts' shares</span>`, `<p class="steps">0 engaged at 10 or more</p>`}},
		{"contacts and a scale", people(DimensionExplanation{Scales: []ScaleExplanation{{Factor: 0.5, Text: "x", State: StateMatched}}}),
			[]string{"  ✓ scale 50% when x "}, []string{"|---|---|---|---:|\n| ✓ matched | scale 50% when x |  | 0 |\n"}, []string{`<span class="reason">scale 50% when x</span>`}},
		{"a score without tiers", Explanation{Total: TotalExplanation{Max: &five}}, nil, nil, []string{"<figcaption>The score is 0.</figcaption>"}},
		{"a dimension that only takes", Explanation{Dimensions: []DimensionExplanation{{Name: "risk", Max: &none, Clamped: -1}}},
			[]string{"    1 lost to the cap of 0 "}, []string{"|  | 1 lost to the cap of 0 |"}, []string{`<span class="reason">1 lost to the cap of 0</span>`}},
		{"an account that no tier is for", Explanation{Tiers: []TierExplanation{{Name: "low"}}, Disqualify: []DisqualifyExplanation{{State: StateMatched, Decides: true}}},
			[]string{"\n  no tier applies: the account is disqualified\n"}, []string{"\nNo tier applies: the account is disqualified.\n"}, []string{">No tier applies: the account is disqualified.<"}},
		{"fields that were not tried", Explanation{Missing: []FieldNote{{Field: "f", Found: `"x"`, Wanted: "a number", Together: []string{"g"}, TogetherGain: 3}, {Field: "g", Untried: true}}},
			[]string{"that it was not worked out for 1 field\n", `found "x", wanted a number`, "together with g"},
			[]string{"; so many are missing that it was not worked out for 1 field.\n", `<br>found "x", wanted a number<br>`, "together with g"},
			[]string{" so many are missing that it was not worked out for 1 field.</caption>", `<span class="line">found "x", wanted a number</span>`, "together with g"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := html.UnescapeString(tt.x.HTML())
			for _, r := range []struct {
				shown string
				want  []string
			}{{tt.x.Text(), tt.text}, {tt.x.Markdown(), tt.markdown}, {page, tt.page}} {
				for _, want := range r.want {
					assert.True(t, strings.Contains(r.shown, want), "%q in\n%s", want, r.shown)
				}
			}
			require.NotContains(t, page, `class="meter" aria-hidden="true" focusable="false" width="100%" height="10"><rect class="track" width="100%" height="10" rx="5"></rect><rect class="fill" width="NaN`)
			require.Equal(t, len(tt.x.Tiers) > 0, strings.Contains(page, `id="tiers-0"`))
			require.NotContains(t, page, `id="reasons"`)
			require.NotContains(t, tt.x.Markdown(), "## What costs the most")
			require.NotContains(t, page, "On the score alone")
		})
	}
	require.Nil(t, (&htmlView{}).dimension(&DimensionExplanation{Max: &none}).Meter, "there is no way from 0 to 0")
}

// TestWaysInEachRendering: each rendering says that a tier is reached, that a
// search ended early, and which roles were not tried.
func TestWaysInEachRendering(t *testing.T) {
	m := compile(t, `field plan text one of [free, pro] actionable
dimension fit { plan = pro → +40 }
dimension people from contacts {
  field role text
  field e number
  score e
  committee by role { "1. buyer": 1 }
}
tiers {
  top when fit >= 50
  mid when score >= 40
  low otherwise
}`)
	for _, tt := range []struct {
		tier string
		cut  bool
		want []string
		not  []string
		page []string // its sentences
	}{
		{"low", false, []string{"t is reached"}, []string{liftEach, capital(liftEach)}, []string{">It is reached.<"}},
		{"mid", false, []string{"ny of these would do"}, []string{"t is reached", liftCut, capital(liftCut)}, nil},
		{"mid", true, []string{"ny of these would do", liftCut[1:]}, nil, []string{capital(liftEach) + ". " + capital(liftCut) + ".", capital(rolesNote) + ". " + capital(rolesCut) + "."}},
		{"top", false, []string{"ut of reach"}, []string{liftOpen, capital(liftOpen)}, []string{">Out of reach: "}},
		{"top", true, []string{"o way was found", liftOpen[1:]}, nil, []string{">No way was found: ", ". " + capital(liftOpen) + "."}},
	} {
		x := m.Explain(Account{Fields: map[string]any{"plan": "free"}}, testMoment).Towards(tt.tier)
		_, paths := x.way()
		for i := range paths {
			paths[i].Cut = tt.cut
		}
		roles := x.roles()
		require.Len(t, roles, 1)
		roles[0].Cut = tt.cut
		document := x.Markdown()
		for kind, shown := range map[string]string{"text": x.Text(Width(400)), "markdown": document, "page": x.HTML()} {
			for _, want := range tt.want {
				assert.Contains(t, shown, want, "%s of %s", kind, tt.tier)
			}
			for _, not := range append(tt.not, map[bool][]string{false: {rolesCut, capital(rolesCut)}}[tt.cut]...) {
				assert.NotContains(t, shown, not, "%s of %s", kind, tt.tier)
			}
			assert.Equal(t, tt.cut, strings.Contains(shown, rolesCut[1:]), "%s of %s", kind, tt.tier)
		}
		assert.Contains(t, document, "\n- 1\\. buyer, 0 of 1: ")
		assert.Equal(t, tt.tier == "low", strings.Contains(document, "\nIt is reached.\n"))
		for _, want := range tt.page {
			assert.Contains(t, x.HTML(), want)
		}
	}
}

// TestEveryIconIsDrawn: a page uses no drawing that it does not have.
func TestEveryIconIsDrawn(t *testing.T) {
	for _, state := range []State{StateMatched, StateFailed, StateUnknown} {
		for _, points := range []float64{0, 5} {
			for _, penalty := range []bool{false, true} {
				x := Explanation{Dimensions: []DimensionExplanation{{Groups: []GroupExplanation{{Rules: []RuleExplanation{{State: state, Points: points, Penalty: penalty}}}},
					Scales: []ScaleExplanation{{State: state, Factor: 1 - points/10}}}},
					Disqualify: []DisqualifyExplanation{{State: state}}, Tiers: []TierExplanation{{Now: state}}}
				page := x.HTML()
				used := regexp.MustCompile(`<use href="#([a-z]+)">`).FindAllStringSubmatch(page, -1)
				require.NotEmpty(t, used)
				for _, u := range used {
					require.Contains(t, page, `<symbol id="`+u[1]+`"`)
				}
			}
		}
	}
}
