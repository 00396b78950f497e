package accountscore

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzCompile takes any text the whole way: what compiles is one model in text
// and in JSON, scores within its own range, and explains what it scored.
func FuzzCompile(f *testing.F) {
	files, err := filepath.Glob("examples/rulesets/*.rules")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, name := range files {
		src, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(string(src))
	}
	for _, src := range []string{
		"a > 1 → +1\nb in [X, Y] → +5 else -5\nc → { 1-4: 1, 5+: 2, missing: 3 }\nd → 0..9 over 1-3",
		"activity v (p text)\neach v where p contains \"x\" within 9d → +1 half-life 3d max 9\ncount(v, 30d) > 1 or days_since(v) < 9 → +5",
		"dimension p from contacts {\nscore s\nweight r { a: 2, else: 1 }\nbonus multi-thread 50% falling 0.5\n}\ntiers {\n t when p > 5 hold 2\n}",
		"let x = a + b\nlet y = x ?? 3\nbest of { y > 1 → 1\nx is missing → 2 }\ncase \"c\" { a = 1\n expect score 1 }",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		rs, err := Parse("fuzz.rules", []byte(src))
		if err != nil {
			return
		}
		m, err := Compile(rs)
		if err != nil {
			return // a param wants a value, or a bound of the whole is passed
		}
		again, err := Parse("again.rules", rs.Format())
		require.NoError(t, err, "the canonical text")
		assert.Equal(t, m.Hash(), MustCompile(again).Hash(), "the canonical text")
		wire, err := json.Marshal(rs)
		require.NoError(t, err)
		var plain Ruleset
		require.NoError(t, json.Unmarshal(wire, &plain))
		assert.Equal(t, m.Hash(), MustCompile(&plain).Hash(), "JSON")
		facts := m.Facts()
		for _, a := range []Account{{}, fullAccount(m)} {
			r := m.Score(a, testMoment)
			assert.True(t, r.Low <= r.Score && r.Score <= r.High, "%v – %v – %v", r.Low, r.Score, r.High)
			assert.True(t, facts.Score.Min <= r.Low && r.High <= facts.Score.Max, "%v beyond %v", r, facts.Score)
			assert.Equal(t, r, m.Explain(a, testMoment).Result)
		}
		m.Vet(testMoment)
		m.Verify()
		m.CaseCoverage()
	})
}
