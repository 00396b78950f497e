package accountscore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const batchRules = "field n number\ntrue → +1 per n\n"

func numbered(n int) iter.Seq2[Account, error] {
	return func(yield func(Account, error) bool) {
		for i := range n {
			if !yield(Account{ID: fmt.Sprint(i), Fields: map[string]any{"n": i % 100}}, nil) {
				return
			}
		}
	}
}

var allWorkers = []int{0, 1, 2, 7}

func TestScoreAllKeepsOrder(t *testing.T) {
	m := compile(t, batchRules)
	for _, w := range allWorkers {
		i := 0
		for r, err := range m.ScoreAll(t.Context(), numbered(1000), testMoment, Workers(w)) {
			require.NoError(t, err)
			require.Equal(t, fmt.Sprint(i), r.AccountID)
			require.Equal(t, float64(i%100), r.Score)
			i++
		}
		assert.Equal(t, 1000, i)
	}
}

func TestScoreAllPassesErrorsOn(t *testing.T) {
	m := compile(t, batchRules)
	bad := errors.New("line 2 is no account")
	source := func(yield func(Account, error) bool) {
		_ = yield(Account{ID: "1"}, nil) && yield(Account{}, bad) && yield(Account{ID: "3"}, nil)
	}
	for _, w := range allWorkers {
		var got []string
		for r, err := range m.ScoreAll(t.Context(), source, testMoment, Workers(w)) {
			got = append(got, fmt.Sprint(r.AccountID, err))
		}
		assert.Equal(t, []string{"1<nil>", "line 2 is no account", "3<nil>"}, got)
	}
}

func TestScoreAllStops(t *testing.T) {
	m := compile(t, batchRules)
	before := runtime.NumGoroutine()
	for _, w := range allWorkers {
		n := 0
		for range m.ScoreAll(t.Context(), numbered(1_000_000), testMoment, Workers(w)) {
			if n++; n == 10 {
				break
			}
		}
		assert.Equal(t, 10, n)

		ctx, cancel := context.WithCancel(t.Context())
		n = 0
		var last error
		for _, err := range m.ScoreAll(ctx, numbered(1_000_000), testMoment, Workers(w)) {
			if n++; n == 10 {
				cancel()
			}
			last = err
		}
		cancel()
		assert.ErrorIs(t, last, context.Canceled)
		assert.Less(t, n, 1_000, "promptly")
	}
	nobodyLeft(t, before)
}

func TestScoreAllPassesPanicsOn(t *testing.T) {
	m := compile(t, batchRules)
	for _, w := range allWorkers {
		assert.PanicsWithValue(t, "source", func() {
			for range m.ScoreAll(t.Context(), func(func(Account, error) bool) { panic("source") }, testMoment, Workers(w)) {
			}
		})
	}
}

func TestScoreAllSurvivesItsReader(t *testing.T) {
	m := compile(t, batchRules)
	before := runtime.NumGoroutine()
	for _, w := range append(allWorkers, math.MaxInt) {
		assert.Panics(t, func() {
			for range m.ScoreAll(t.Context(), numbered(1_000_000), testMoment, Workers(w)) {
				panic("reader")
			}
		})
	}
	nobodyLeft(t, before)
}

// TestScoreAllTellsOfALostSource: a source that ends its goroutine is no end of
// the stream.
func TestScoreAllTellsOfALostSource(t *testing.T) {
	m := compile(t, batchRules)
	var last error
	n := 0
	for _, err := range m.ScoreAll(t.Context(), func(yield func(Account, error) bool) {
		yield(Account{ID: "1"}, nil)
		runtime.Goexit()
	}, testMoment, Workers(2)) {
		n++
		last = err
	}
	assert.Equal(t, 2, n)
	assert.ErrorIs(t, last, errSource)
}
