package accountscore_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples"
)

// TestVetExamples states what is found about the examples: nothing that is
// probably a mistake, and notes where they show what a note is about.
func TestVetExamples(t *testing.T) {
	notes := map[string][]string{
		"three_attribute": {"unused activity content_engagement asset"},
		"healthcare":      {"unused activity website_visit page", "unused activity documentation_download title"},
		"gate":            {"unused activity whitepaper topic", "negative-points intent.rival"},
		"four_dimensions": {"unused activity content", "unused contact field department", "many-rules profile.breadth", "negative-points deal.rival"},
	}
	for _, name := range examples.Names() {
		m, err := examples.Model(name)
		require.NoError(t, err, name)
		var found []string
		for _, f := range m.Vet(examples.At) {
			found = append(found, string(f.Code)+" "+f.Rule)
			assert.EqualValues(t, "note", f.Severity, "%s: %s", name, f)
			assert.True(t, f.Pos.IsValid(), "%s: %s", name, f)
			assert.NotEmpty(t, f.Fix, "%s: %s", name, f)
		}
		assert.Equal(t, notes[name], found, name)
	}
}

// TestVetReadme holds that nothing is found about the ruleset of the README,
// and that a last tier about which nothing is done is no mistake.
func TestVetReadme(t *testing.T) {
	src, err := os.ReadFile("examples/explain/explain.rules")
	require.NoError(t, err)
	vet := func(text string) []accountscore.Finding {
		rs, err := accountscore.Parse("explain.rules", []byte(text))
		require.NoError(t, err)
		return accountscore.MustCompile(rs).Vet(examples.At)
	}
	assert.Empty(t, vet(string(src)))
	bare := vet(strings.Replace(string(src), ` play "Nurture"`, "", 1))
	require.Len(t, bare, 1)
	assert.Equal(t, []any{accountscore.VetNoPlays, accountscore.Note}, []any{bare[0].Code, bare[0].Severity})
}
