package dsl

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestParamLists compares fields of every type with the list of a param.
func TestParamLists(t *testing.T) {
	bound := Bindings{Final: true, Params: map[string]Value{"codes": {Kind: ListValue, List: []string{"1", "2"}}}}
	final := Bindings{Final: true}
	for _, tt := range []struct {
		name, src string
		b         Bindings
		want      string // the tree, or the place and the code
	}{
		{"numbers", "field n number\nparam lims = [5, 6M]\nn in lims → +1", final, "(oneof n [5 6e+06])"},
		{"numbers, not", "field n number\nparam lims = [5, -6]\nn not in lims → +1", final, "(not (oneof n [-6 5]))"},
		{"a day", "field d time\nparam days = [2026-01-31]\nd in days → +1", final, "(or (between d from 2026-01-31 below 2026-02-01))"},
		{"texts as they stand", "field zip text\nparam zips = [94105, 10001]\nzip in zips → +1", final, `(oneof zip ["94105" "10001"])`},
		{"no number", "field n number\nparam lims = [5, many]\nn in lims → +1", final, "3:6 type"},
		{"no date", "field d time\nparam lims = [5]\nd in lims → +1", final, "3:6 type"},
		{"truths", "field b bool\nparam lims = [true]\nb in lims → +1", final, "3:3 type"},
		{"inferred", "param codes = [1, 2, 3]\nn in codes → +1", final, "(oneof n [1 2 3])"},
		{"inferred dates", "param days = [2026-01-31]\nd in days → +1", final, "(or (between d from 2026-01-31 below 2026-02-01))"},
		{"inferred texts", "param codes = [1, b]\nn in codes → +1", final, `(oneof n ["1" "b"])`},
		{"inferred texts in quotes", "param codes = [\"1\", '2']\nn in codes → +1", final, `(oneof n ["1" "2"])`},
		{"text by another use", "param codes = [1, 2]\nn in codes → +1\nn starts with \"1\" → +1", final, `(oneof n ["1" "2"])`},
		{"bound", "n in codes → +1", bound, "(oneof n [1 2])"},
		{"bound over quotes", "param codes = [\"7\"]\nn in codes → +1", bound, "(oneof n [1 2])"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rs, c, errs := check(t, tt.src, tt.b)
			if len(errs) > 0 {
				require.Len(t, errs, 1, "%v", errs)
				assert.Equal(t, tt.want, fmt.Sprintf("%v %s", errs[0].Pos, errs[0].Code), errs[0].Error())
				assert.NotEmpty(t, errs[0].Fix)
				return
			}
			got := tree(c.Node(&rs.Dimensions[0].Items[0].Rule.When))
			assert.Equal(t, tt.want, got)
			// The canonical text means the same.
			rs, c, errs = check(t, string(rs.Format()), tt.b)
			require.Empty(t, errs)
			assert.Equal(t, got, tree(c.Node(&rs.Dimensions[0].Items[0].Rule.When)))
		})
	}
}

// TestQuotesOfChangedList: the quotes of the source are none of a list that
// was put in its place.
func TestQuotesOfChangedList(t *testing.T) {
	rs, errs := Parse("x.rules", []byte("param codes = [\"1\"]\nn in codes → +1"))
	require.Empty(t, errs)
	assert.True(t, rs.quotesItems(&rs.Params[0]))
	rs.Params[0].Value.List = []string{"2"}
	assert.False(t, rs.quotesItems(&rs.Params[0]))
	rs.Params[0].Pos.Offset = 1 << 20
	assert.False(t, rs.quotesItems(&rs.Params[0]))
}

// TestMomentsOfInterval cuts two moments at the dots between them.
func TestMomentsOfInterval(t *testing.T) {
	for _, src := range []string{
		"d in 2026-01-31T06:00:00Z..2026-01-31T12:00:00Z",
		"d in 2026-01-31T06:00:00Z-2026-01-31T12:00:00Z",
		"d in 2026-01-31T08:00:00+02:00..2026-01-31T12:00:00.000Z",
	} {
		rs, c, errs := check(t, src+" → +1", Bindings{Final: true})
		require.Empty(t, errs, src)
		assert.Equal(t, "(between d from 2026-01-31T06:00:00Z to 2026-01-31T12:00:00Z)", tree(c.Node(&rs.Dimensions[0].Items[0].Rule.When)))
	}
}

// TestSilentMeanings: what would mean something else than it seems to is an
// error, and what means what it says is none.
func TestSilentMeanings(t *testing.T) {
	dimension := func(line string) string { return "dimension fit {\n a → +1\n " + line + "\n}" }
	for _, tt := range []struct{ src, fix string }{
		{dimension("scale 50 when a"), "write scale 50%"},
		{dimension("scale 50% when a"), ""},
		{dimension("scale 1200% when a"), ""},
		{dimension("scale 1.2 when a"), ""},
		{dimension("scale 10 when a"), ""},
		{"a → +1\ntiers {\n top when score > 5 hold 10%\n low otherwise\n}", "points: 10"},
		{"a → +1\ntiers {\n top when score > 5 hold 10\n low otherwise\n}", ""},
		{"a → +1\ntrigger x when score rises by 10%", "points: 10"},
		{"a → +1\ntrigger x when score falls by 0.5%", "points: 0.5"},
		{"a → +1\ntrigger x when score reaches 7%", "points: 7"},
		{"a → +1\ntrigger x when score falls by 10", ""},
		{"dimension fit max 30% {\n a → +1\n}", "points: 30"},
		{"r in 10-20M → +1", "write 10M-20M"},
		{"r in 10..20M → +1", "write 10M-20M"},
		{"r between $10 and $20 million → +1", "write $10M and $20M"},
		{"r in 10-20% → +1", "write 10%-20%"},
		{"r in 10-200% → +1", "write 10%-200%"},
		{"r in 0-20M → +1", ""},
		{"r in 0-20% → +1", ""},
		{"r in 0.5-80% → +1", ""},
		{"r in 500-5k → +1", ""},
		{"r in 5000-2M → +1", ""},
		{"r in 10M-20M → +1", ""},
		{"r in 10-20000000 → +1", ""},
		{"r in 10k-20M → +1", ""},
	} {
		_, errs := Parse("x.rules", []byte(tt.src))
		if tt.fix == "" {
			assert.Empty(t, errs, tt.src)
			continue
		}
		if assert.Len(t, errs, 1, tt.src) {
			assert.Equal(t, CodeValue, errs[0].Code)
			assert.Contains(t, errs[0].Fix, tt.fix, tt.src)
		}
	}
}
