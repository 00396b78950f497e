package accountscore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// languagePlaces is a ruleset with a condition in every place that takes other
// languages; %[n]s stand for these.
const languagePlaces = `
score min 0 max 100 round 1
field employees number
field country text
field customer bool
let large = employees > 2000
dimension fit out of 100 {
  employees > 100 → +60
  country = "US" → +30
  scale 50%% when %[1]s "Has bought"
}
dimension people from contacts {
  field clicks number
  score clicks
}
grades fit { 75+: A, 40+: B, else: C }
disqualify when %[2]s "Not served"
tiers {
  top  when %[3]s hold 5
  mid  when %[4]s play motion "SDR-led"
  low  otherwise
}
tiers stage {
  many when %[5]s
  few otherwise
}
`

var (
	placesInRules = []any{"customer", `country in ["KP", "CU"] and not large`, "score >= 60 and fit >= 50", `grade in ["A", "B"] or employees > 5000`, "engaged_contacts >= 2"}
	placesInExpr  = []any{`expr "customer"`, `expr "country in ['KP', 'CU'] and not large"`, `expr "score >= 60 and fit >= 50"`, `expr "grade in ['A', 'B'] or employees > 5000"`, `expr "engaged_contacts >= 2"`}
)

// theirs puts conditions of the rules language into a language that the model
// cannot look into; an empty name is for a ruleset whose language that is.
func theirs(name string, conditions []any) []any {
	var all []any
	for _, c := range conditions {
		all = append(all, strings.TrimSpace(name+" '"+c.(string)+"'"))
	}
	return all
}

// TestLanguageEverywhere holds disqualifiers, scales and tiers in other
// languages to the results that the same conditions have in the rules language.
func TestLanguageEverywhere(t *testing.T) {
	ours, err := Compile(mustParseLanguage(t, fmt.Sprintf(languagePlaces, placesInRules...)))
	require.NoError(t, err)
	held := strings.Replace(languagePlaces, " hold 5", "", 1) // what cannot be looked into has no threshold
	without, err := Compile(mustParseLanguage(t, fmt.Sprintf(held, placesInRules...)))
	require.NoError(t, err)
	for name, c := range map[string]struct {
		src   string
		ours  *Model
		exact bool // the trees are the same, so the ranges are
	}{
		"expr":                         {fmt.Sprintf(held, placesInExpr...), without, false},
		"expr for the file":            {"language expr\n" + strings.ReplaceAll(fmt.Sprintf(held, placesInExpr...), "when expr", "when"), without, false},
		"rules in such a file":         {"language expr\n" + fmt.Sprintf(languagePlaces, placesInRules...), ours, true},
		"rules by name":                {fmt.Sprintf(languagePlaces, theirs("rules", placesInRules)...), ours, true},
		"a foreign one":                {fmt.Sprintf(held, theirs("theirs", placesInRules)...), without, false},
		"a foreign one, for the file":  {"language theirs\n" + fmt.Sprintf(held, theirs("", placesInRules)...), without, false},
		"canonical text of a foreign":  {canonicalText(t, fmt.Sprintf(held, theirs("theirs", placesInRules)...)), without, false},
		"canonical text of the file's": {canonicalText(t, "language theirs\n"+fmt.Sprintf(held, theirs("", placesInRules)...)), without, false},
	} {
		m, err := Compile(mustParseLanguage(t, c.src), WithLanguage(asRules{dsl.Rules()}))
		require.NoError(t, err, "%s\n%s", name, c.src)
		tiers := map[string]bool{}
		var all []Account
		for _, fields := range []map[string]any{
			{}, {"employees": 200, "country": "US", "customer": false}, {"employees": 200, "country": "US", "customer": true},
			{"employees": 200, "country": "KP", "customer": false}, {"employees": 3000, "country": "KP", "customer": false},
			{"employees": 200}, {"country": "US"}, {"employees": 6000, "customer": true}, {"employees": 50, "country": "DE", "customer": false},
			{"employees": "many", "country": "KP"},
		} {
			for _, was := range []string{"", "top", "mid"} {
				a := Account{Fields: fields, PrevTier: was, Contacts: []Contact{
					{ID: "a", Fields: map[string]any{"clicks": 12}}, {ID: "b", Fields: map[string]any{"clicks": 11}}}}
				want, got := c.ours.Score(a, languageAt), m.Score(a, languageAt)
				tiers[got.Tier] = true
				all = append(all, a)
				assert.Equal(t, []any{want.Score, want.Tier, want.Reason, want.Grade, want.Labels, want.Unknown}, []any{got.Score, got.Tier, got.Reason, got.Grade, got.Labels, got.Unknown}, "%s %v", name, a)
				assert.LessOrEqual(t, got.Low, want.Low, "%s %v", name, a)
				assert.GreaterOrEqual(t, got.High, want.High, "%s %v", name, a)
				if c.exact {
					assert.Equal(t, []any{want.TierCertain, want.Low, want.High}, []any{got.TierCertain, got.Low, got.High}, "%s %v", name, a)
				}
				assert.False(t, got.TierCertain && !want.TierCertain, "%s %v: certain, and ours is not", name, a)
				x := m.Explain(a, languageAt)
				assert.Equal(t, got.Tier, x.Result.Tier, name)
				assert.NotEmpty(t, x.Text(), name)
			}
		}
		scores, err := m.ScoreTable(t.Context(), newRandom(1).asTable(m, all), languageAt)
		require.NoError(t, err, name)
		var row Result
		for i, a := range all {
			scores.RowInto(&row, i)
			assert.Empty(t, cmp.Diff(m.Score(a, languageAt), row), "%s: the row of a table", name)
		}
		assert.Equal(t, map[string]bool{"top": true, "mid": true, "low": true, "disqualified": true}, tiers, name)
		assert.Equal(t, readers(c.ours), readers(m), name)
		assert.Empty(t, slicesOf(m, VetNeverTrue, VetUnreachableTier), name)
	}
}

// canonicalText gives the canonical text of a ruleset, which reads as the same.
func canonicalText(t *testing.T, src string) string {
	t.Helper()
	return string(mustParseLanguage(t, src).Format())
}

// slicesOf gives a model's findings of some codes.
func slicesOf(m *Model, codes ...FindingCode) []Finding {
	var found []Finding
	for _, f := range m.Vet(languageAt) {
		for _, c := range codes {
			if f.Code == c {
				found = append(found, f)
			}
		}
	}
	return found
}

// TestLanguagePlaceErrors states what is refused where a condition may be in
// another language, one error each.
func TestLanguagePlaceErrors(t *testing.T) {
	for _, c := range []struct {
		name, src string
		code      dsl.Code
		want      string
	}{
		{"a language without a reason", languageFields + `disqualify when expr "employees > 5"`, dsl.CodeStructure, "and one text read as a field and its reason"},
		{"a scale without a reason", "field a number\ndimension d {\na > 1 → +1\nscale 50% when expr \"a > 5\"\n}", dsl.CodeStructure, "put the reason for people behind it"},
		{"a language that is not there", languageFields + `disqualify when cel "employees > 5" "Why"`, dsl.CodeName, "no language `cel`"},
		{"one that is not there, in a tier", languageFields + "tiers {\na when cel \"score > 5\"\n}", dsl.CodeName, "no language `cel`"},
		{"a name that a rule cannot read", languageFields + `disqualify when expr "score > 5" "Why"`, dsl.CodeName, "`score`"},
		{"a name that a tier cannot read", languageFields + "tiers {\na when expr \"page > 5\"\n}", dsl.CodeName, "`page`"},
		{"a type", languageFields + "tiers {\na when expr \"score > 'x'\"\n}", dsl.CodeType, "expr: "},
		{"a hold in expr", languageFields + "tiers {\na when expr \"score > 5\" hold 3\nb otherwise\n}", dsl.CodeStructure, "no threshold to relax"},
		{"a hold without a threshold", languageFields + "tiers {\na when theirs \"score > 5\" hold 3\nb otherwise\n}", dsl.CodeStructure, "no threshold to relax"},
	} {
		rs, err := Parse("test.rules", []byte(c.src))
		if err == nil {
			_, err = Compile(rs, WithLanguage(asRules{dsl.Rules()}))
		}
		var list dsl.ErrorList
		require.ErrorAs(t, err, &list, c.name)
		require.Len(t, list, 1, "%s: %v", c.name, err)
		assert.Equal(t, c.code, list[0].Code, c.name)
		assert.Contains(t, err.Error(), c.want, c.name)
	}
	// From Go and JSON come what no text says.
	when := dsl.Formula{Text: "a > 5"}
	for name, rs := range map[string]*Ruleset{
		"otherwise has no language": {Tiers: []Tier{{Name: "a", Language: "expr"}}},
		"no reason, no language":    {Disqualify: []Disqualifier{{When: when, Language: "expr"}}},
	} {
		rs.Fields = []Field{{Name: "a", Type: dsl.NumberType}}
		_, err := Compile(rs)
		var list dsl.ErrorList
		require.ErrorAs(t, err, &list, name)
		assert.Len(t, list, 1, "%s: %v", name, err)
	}
	// A field and its reason stay what they were.
	m := compile(t, "field blocked bool\ndisqualify when blocked \"Asked not to be contacted\"")
	r := m.Score(Account{Fields: map[string]any{"blocked": true}}, languageAt)
	assert.Equal(t, []string{"disqualified", "Asked not to be contacted"}, []string{r.Tier, r.Reason})
}
