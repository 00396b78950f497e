package accountscore

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkQuickRows holds the rows of a model that the short way takes to the walk.
// Where columns do not score it, it counts the rows, and those that the short way
// could score.
func checkQuickRows(t testing.TB, seed uint64) (taken, rows int) {
	r := newWild(seed)
	src := r.plainRuleset()
	m := compile(t, src)
	list := make([]Account, 30)
	for i := range list {
		list[i] = r.account(r.IntN(2) == 0)
		list[i].ID, list[i].Contacts, list[i].Activities = fmt.Sprint("a", i), nil, nil
	}
	table := r.asRows(m, list)
	scores := checkColumns(t, r, m, seed, src, list, table)
	bound, err := m.bindTable(table)
	require.NoError(t, err)
	if k := m.quickRows(bound); k != nil && m.columns() == nil {
		w := &tableWorker{m: m, b: bound, at: testMoment, out: scores}
		scores.reset(bound, testMoment)
		for i := range list {
			taken += ordinal(k.score(w, i))
			rows++
		}
	}
	return taken, rows
}

func TestQuickRowsAreTheWalk(t *testing.T) {
	taken, rows := 0, 0
	for seed := range uint64(300) {
		a, b := checkQuickRows(t, 9000+seed)
		taken, rows = taken+a, rows+b
	}
	assert.Greater(t, rows, 3000)
	assert.Greater(t, taken, rows*8/10)
}

// TestQuickRowsAllocateNothing: rows of a model that disqualifies allocate no
// more than those that go by columns.
func TestQuickRowsAllocateNothing(t *testing.T) {
	m := compile(t, "field n number\nfield s text ignoring case\nn > 3 → +5\ns = Ab → +3\ndisqualify when s = Xy and n < 2  \"small\"\ngrades points { 5+: A, else: B }\ntiers {\n  a when score > 3\n  b otherwise\n}\n")
	require.Nil(t, m.columns())
	calls := func(rows int) float64 {
		table := NewTable(rows)
		numbers, codes := make([]float64, rows), make([]int32, rows)
		for i := range numbers {
			numbers[i], codes[i] = float64(i%7), int32(i%3)
		}
		table.Float64s("n", numbers, nil)
		table.Dict("s", codes, []string{"AB", "xy", "Ünd"})
		var scores Scores
		return testing.AllocsPerRun(5, func() {
			_, err := m.ScoreTable(context.Background(), table, testMoment, Into(&scores), Workers(1))
			require.NoError(t, err)
		})
	}
	// The same few for each call, more or less: a pool may forget what it had.
	assert.Less(t, calls(2_000)-calls(10), 100.0)
}
