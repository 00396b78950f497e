package elsewhere

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/accountscoretest"
)

// Every case of every file holds, and no rule is left without a case in which
// it is true.
func TestCases(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			m, err := Model(name)
			require.NoError(t, err)
			accountscoretest.Run(t, m)
			require.GreaterOrEqual(t, len(m.Verify()), 4)
			for _, r := range m.CaseCoverage() {
				require.Positive(t, r.True, "no case makes the rule %s true", r.Rule)
			}
		})
	}
}

// Every tier of a file is the answer of one of its cases.
func TestCasesReachEveryTier(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			m, err := Model(name)
			require.NoError(t, err)
			reached := map[string]bool{}
			for _, c := range m.Verify() {
				reached[c.Result.Tier] = true
			}
			for _, tier := range m.Ruleset().Tiers {
				require.True(t, reached[tier.Name], "no case is in the tier %s", tier.Name)
			}
		})
	}
}

// What the vet finds is what the systems do: they take points away, sum over
// contacts, and have many rules. Anything else would be a fault of the file.
func TestVet(t *testing.T) {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	meant := map[string][]accountscore.FindingCode{
		"marketo": {accountscore.VetNaiveSum},
		"pardot":  {accountscore.VetManyRules},
		"kenbun":  {accountscore.VetManyRules},
	}
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			m, err := Model(name)
			require.NoError(t, err)
			var found []accountscore.FindingCode
			for _, f := range m.Vet(at) {
				if f.Code != accountscore.VetNegativePoints {
					found = append(found, f.Code)
				}
			}
			require.Equal(t, meant[name], found)
		})
	}
}

// A file opens with what carries over and what does not.
func TestHeaders(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			src, err := Source(name)
			require.NoError(t, err)
			header, _, found := strings.Cut(string(src), "\nruleset ")
			require.True(t, found)
			for _, line := range strings.Split(header, "\n") {
				require.True(t, strings.HasPrefix(line, "#"), "not a comment: %q", line)
			}
			_, rest, found := strings.Cut(header, "\n#\n# What carries over\n# - ")
			require.True(t, found, "the header does not say what carries over")
			require.Contains(t, rest, "\n#\n# What does not\n# - ")
		})
	}
}

// The README has one row for every file and no row for anything else, and
// every embedded file has a name.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var rows []string
	for _, line := range strings.Split(string(readme), "\n") {
		if cell, found := strings.CutPrefix(line, "| ["); found {
			_, link, _ := strings.Cut(cell, "](")
			file, _, _ := strings.Cut(link, ")")
			rows = append(rows, strings.TrimSuffix(file, ".rules"))
		}
	}
	require.Equal(t, Names(), rows)

	embedded, err := fs.Glob(files, "*.rules")
	require.NoError(t, err)
	for i, file := range embedded {
		embedded[i] = strings.TrimSuffix(file, ".rules")
	}
	require.ElementsMatch(t, Names(), embedded)
}

func TestUnknownName(t *testing.T) {
	for _, name := range []string{"", "nope", "../examples", "hubspot.rules"} {
		_, err := Source(name)
		require.ErrorContains(t, err, "the systems are hubspot, marketo")
		_, err = Ruleset(name)
		require.Error(t, err)
		_, err = Model(name)
		require.Error(t, err)
	}
}

func TestNamesAreFresh(t *testing.T) {
	Names()[0] = "changed"
	require.Equal(t, "hubspot", Names()[0])
}
