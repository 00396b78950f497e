package examples

import (
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files")

func TestGolden(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			model, err := Model(name)
			require.NoError(t, err)
			accounts, err := Accounts(name)
			require.NoError(t, err)
			var got []Outcome
			for _, a := range accounts {
				got = append(got, OutcomeOf(model.Score(a, At)))
			}
			if *update {
				writeGolden(t, name, got)
				return
			}
			want, err := Golden(name)
			require.NoError(t, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got, or run go test -update:\n%s", diff)
			}
		})
	}
}

func writeGolden(t *testing.T, name string, outcomes []Outcome) {
	var b strings.Builder
	b.WriteString("[\n")
	for i, o := range outcomes {
		line, err := json.Marshal(o)
		require.NoError(t, err)
		b.Write(line)
		if i < len(outcomes)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]\n")
	require.NoError(t, os.WriteFile(filepath.Join("golden", name+".json"), []byte(b.String()), 0o644))
}

// The cases in the rulesets were worked out by hand from the language
// reference; the engine has to agree with them.
func TestCases(t *testing.T) {
	short := map[string]bool{"enterprise": true, "midmarket": true, "plg": true}
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			model, err := Model(name)
			require.NoError(t, err)
			results := model.Verify()
			if short[name] {
				require.Empty(t, results)
				return
			}
			require.GreaterOrEqual(t, len(results), 6)
			for _, r := range results {
				require.Empty(t, r.Failures, r.Name)
			}
		})
	}
}

// What the golden files must hold to be of use: every tier occurs, and so do
// unknown rules, values that cannot be used and uncertain tiers.
func TestGoldenCoversTheModel(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			rs, err := Ruleset(name)
			require.NoError(t, err)
			golden, err := Golden(name)
			require.NoError(t, err)
			tiers, unknown, invalid, uncertain, scores := map[string]int{}, 0, 0, 0, map[float64]bool{}
			for _, o := range golden {
				require.LessOrEqual(t, o.Low, o.Score, o.Account)
				require.LessOrEqual(t, o.Score, o.High, o.Account)
				tiers[o.Tier]++
				scores[o.Score] = true
				unknown += o.Unknown
				invalid += o.Invalid
				if !o.TierCertain {
					uncertain++
				}
			}
			for _, tier := range rs.Tiers {
				require.Positive(t, tiers[tier.Name], "no account is in tier %s", tier.Name)
			}
			if len(rs.Disqualify) > 0 {
				require.Positive(t, tiers["disqualified"])
			}
			require.Positive(t, unknown)
			require.Positive(t, invalid)
			require.Greater(t, len(scores), 5)
			if len(rs.Tiers) > 0 {
				require.Positive(t, uncertain)
			}
		})
	}
}

// Every embedded file belongs to an example, and every example has its files.
func TestFiles(t *testing.T) {
	for folder, ext := range map[string]string{"rulesets": ".rules", "accounts": ".json", "golden": ".json"} {
		entries, err := fs.ReadDir(files, folder)
		require.NoError(t, err)
		var found []string
		for _, e := range entries {
			found = append(found, strings.TrimSuffix(e.Name(), ext))
		}
		require.ElementsMatch(t, Names(), found, folder)
	}
}

func TestUnknownName(t *testing.T) {
	for _, ask := range map[string]func() error{
		"source":   func() error { _, err := Source("../examples"); return err },
		"ruleset":  func() error { _, err := Ruleset("nope"); return err },
		"model":    func() error { _, err := Model("nope"); return err },
		"accounts": func() error { _, err := Accounts(""); return err },
		"golden":   func() error { _, err := Golden("nope"); return err },
	} {
		require.ErrorContains(t, ask(), "the examples are enterprise, midmarket")
	}
	require.Empty(t, Options("nope"))
}

// A caller may change what it got.
func TestResultsAreFresh(t *testing.T) {
	Names()[0] = "changed"
	require.Equal(t, "enterprise", Names()[0])
	src, err := Source("plg")
	require.NoError(t, err)
	clear(src)
	again, err := Source("plg")
	require.NoError(t, err)
	require.NotEqual(t, src, again)
}
