package accountscore

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestVetNearNames states which names are reported as a slip of another where
// names are inferred, with both places, and which are two words.
func TestVetNearNames(t *testing.T) {
	for _, c := range []struct {
		rules string
		want  string // the one finding, or none
	}{
		{"employees > 5 → +1\nemployes > 50 → +1", "2:1: `employes` is one slip from `employees` at 1:1, and both are read [near-name]"},
		{"Industry = A → +1\nindustry = B → +1", "2:1: `industry` is one slip from `Industry` at 1:1, and both are read [near-name]"},
		{"n > 5 and employees > 5 → +1\nemployee > 50 → +1", "2:1: `employee` is one slip from `employees` at 1:11, and both are read [near-name]"},
		{"techStack has any [A] → +1\ntech_stack has any [B] → +1", "2:1: `tech_stack` is one slip from `techStack` at 1:1, and both are read [near-name]"},
		{"any(demos, 30d) → +1\ncount(demo, 90d) > 3 → +1", "2:7: `demo` is one slip from `demos` at 1:5, and both are read [near-name]"},
		{"each visit where page = A → +1 max 5\nany(visit where pages = B, 30d) → +1", "2:17: `pages` is one slip from `page` at 1:18, and both are read [near-name]"},
		{"dimension people from contacts {\n title = A → +1\n titel = B → +1\n}", "3:2: `titel` is one slip from `title` at 2:2, and both are read [near-name]"},
		{"activity visit\nvisit > 5 → +1\nany(visit, 30d) → +1", "2:1: `visit` is read as a field here, and is an activity [near-name]"},
		{"visit > 5 → +1\nany(visit, 30d) → +1", "1:1: `visit` is read as a field here, and is an activity [near-name]"},
		{"stage = A → +1\nstate = B → +1", ""},
		{"q1 > 5 → +1\nq2 > 5 → +1", ""},
		{"demo = true → +1\ndemos2 > 5 → +1", ""},
		{"region_a > 5 → +1\nregion_b > 5 → +1", ""},
		{"param regions = [A, B]\nregion in regions → +1", ""},
		{"field employees number\nfield employes number\nemployees > 5 → +1\nemployes > 50 → +2", ""},
	} {
		var got []string
		for _, f := range compile(t, c.rules).Vet(testMoment) {
			got = append(got, f.String())
		}
		assert.Equal(t, c.want, strings.Join(got, "\n"), c.rules)
	}
}

// TestVetNearNamesWithoutText: a ruleset without text has no places.
func TestVetNearNamesWithoutText(t *testing.T) {
	rs, err := Parse("test.rules", []byte("employees > 5 → +1\nemployes > 50 → +2"))
	require.NoError(t, err)
	b, err := json.Marshal(rs)
	require.NoError(t, err)
	var without Ruleset
	require.NoError(t, json.Unmarshal(b, &without))
	findings := MustCompile(&without).Vet(testMoment)
	require.Len(t, findings, 1)
	assert.Equal(t, "`employes` is one slip from `employees`, and both are read [near-name]", findings[0].String())
}

// TestVetManyNames: thousands of names take no time to speak of.
func TestVetManyNames(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, "field_of_the_account_%dx > 5 → +1\n", i)
	}
	for _, f := range compile(t, b.String()).Vet(testMoment) {
		assert.NotEqual(t, VetNearName, f.Code)
	}
}

// TestVetTriggers states which triggers never fire.
func TestVetTriggers(t *testing.T) {
	const rules = "score min 0 max 80\nfield n number\ndimension fit out of 100 {\n n > 5 → +50\n}\ntrigger x when "
	for _, c := range []struct{ when, want string }{
		{"fit reaches 80", "7:1: the trigger never fires: `fit` never reaches 80 from below; it goes from 0 to 50 [never-true]"},
		{"fit reaches 0", "7:1: the trigger never fires: `fit` never reaches 0 from below; it goes from 0 to 50 [never-true]"},
		{"score reaches 51", "7:1: the trigger never fires: `score` never reaches 51 from below; it goes from 0 to 50 [never-true]"},
		{"score rises by 60", "7:1: the trigger never fires: `score` goes from 0 to 50, and never moves by 60 [never-true]"},
		{"fit falls by 51", "7:1: the trigger never fires: `fit` goes from 0 to 50, and never moves by 51 [never-true]"},
		{"fit reaches 50", ""},
		{"score rises by 50", ""},
		{"tier rises", ""},
	} {
		src := rules + c.when
		if strings.HasPrefix(c.when, "tier") {
			src += "\ntiers {\n top when score > 5 play \"a\"\n}"
		}
		var got []string
		for _, f := range compile(t, src).Vet(testMoment) {
			assert.Equal(t, "trigger x", f.Rule)
			got = append(got, f.String())
		}
		assert.Equal(t, strings.ReplaceAll(c.want, "7:1", "6:1"), strings.Join(got, "\n"), c.when)
	}
}
