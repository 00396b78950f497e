package accountscore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestScoreAllWaitsForNobody: a source may want to see a result before it goes
// on.
func TestScoreAllWaitsForNobody(t *testing.T) {
	m := compile(t, batchRules)
	for _, w := range allWorkers {
		seen := make(chan string, 1)
		source := func(yield func(Account, error) bool) {
			for i := range 300 {
				if !yield(Account{ID: fmt.Sprint(i)}, nil) {
					return
				}
				if w != 1 { // one worker scores within the source's loop, and needs no go-between
					assert.Equal(t, fmt.Sprint(i), <-seen)
				}
			}
		}
		n := 0
		for r, err := range m.ScoreAll(t.Context(), source, testMoment, Workers(w)) {
			require.NoError(t, err)
			if n++; w != 1 {
				seen <- r.AccountID
			}
		}
		assert.Equal(t, 300, n)
	}
}

// TestScoreAllHoldsTheSourceBack: the source is read no further ahead than
// [Model.ScoreAll] says.
func TestScoreAllHoldsTheSourceBack(t *testing.T) {
	m := compile(t, batchRules)
	for _, w := range []int{1, 2, 7} {
		var read atomic.Int64
		source := func(yield func(Account, error) bool) {
			for range 10_000 {
				read.Add(1)
				if !yield(Account{}, nil) {
					return
				}
			}
		}
		n, most := int64(0), int64(32*w)
		if w == 1 {
			most = 0
		}
		for range m.ScoreAll(t.Context(), source, testMoment, Workers(w)) {
			n++
			require.LessOrEqual(t, read.Load()-n, most)
		}
		assert.EqualValues(t, 10_000, n)
	}
}

// TestScoreAllMixesErrors: errors keep their places among accounts, whoever is
// quicker.
func TestScoreAllMixesErrors(t *testing.T) {
	m := compile(t, batchRules)
	bad := errors.New("no account")
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		kinds := make([]bool, 3_000)
		for i := range kinds {
			kinds[i] = r.IntN(3) == 0 || i/100%5 == 0
		}
		source := func(yield func(Account, error) bool) {
			for i, isBad := range kinds {
				if isBad && !yield(Account{}, bad) || !isBad && !yield(Account{ID: fmt.Sprint(i), Fields: map[string]any{"n": i % 100}}, nil) {
					return
				}
			}
		}
		i := 0
		for got, err := range m.ScoreAll(t.Context(), source, testMoment, Workers(2+int(seed%4))) {
			if kinds[i] {
				require.Equal(t, bad, err)
			} else {
				require.NoError(t, err)
				require.Equal(t, fmt.Sprint(i), got.AccountID)
				require.Equal(t, float64(i%100), got.Score)
			}
			i++
		}
		require.Equal(t, len(kinds), i)
	}
}

// leaving is a model whose function ends its goroutine where n is at least a
// number.
func leaving(t *testing.T, from float64) *Model {
	return compile(t, "field n number\nleave(n) >= 0 → +1\n", WithFunc("leave", func(n float64) float64 {
		if n >= from {
			runtime.Goexit()
		}
		return n
	}))
}

// TestScoreAllEndsWithALostWorker: a function that ends its goroutine, as a
// test's FailNow does, ends the stream at its account, with an error, and
// nobody waits for what that worker had taken.
func TestScoreAllEndsWithALostWorker(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, w := range []int{2, 3, 7} {
		for _, first := range []int{0, 1, 7, 8, 137, 1_999} {
			m := leaving(t, float64(first))
			// A source as short as the stream, and one that goes on for long.
			for _, n := range []int{first + 1, 2_000, 1_000_000} {
				source := func(yield func(Account, error) bool) {
					for i := range max(n, first+1) {
						if !yield(Account{ID: fmt.Sprint(i), Fields: map[string]any{"n": i}}, nil) {
							return
						}
					}
				}
				i := 0
				var last error
				for r, err := range m.ScoreAll(t.Context(), source, testMoment, Workers(w)) {
					require.NoError(t, last, "the error is the last pair")
					if last = err; err == nil {
						require.Equal(t, fmt.Sprint(i), r.AccountID)
						require.Equal(t, 1.0, r.Score)
						i++
					}
				}
				require.Equal(t, first, i)
				require.ErrorIs(t, last, errWorker)
				require.ErrorContains(t, last, fmt.Sprintf("account %q", fmt.Sprint(first)))
			}
		}
	}
	nobodyLeft(t, before)
}

// nobodyLeft makes sure that there are no more goroutines than before. They
// have returned; the runtime may need a moment to take them off its books.
func nobodyLeft(t *testing.T, before int) {
	t.Helper()
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before)
}

// TestScoreTableTellsOfALostWorker: rows that nobody scored are no scores. The
// caller's own goroutine may be the one that ends.
func TestScoreTableTellsOfALostWorker(t *testing.T) {
	before := runtime.NumGoroutine()
	const rows = 4 * blockRows
	numbers := make([]float64, rows)
	for i := range numbers {
		numbers[i] = float64(i)
	}
	told := false
	for tries := 0; !told && tries < 200; tries++ {
		// One worker waits in the first block until the other has ended.
		gone, once := make(chan struct{}), sync.Once{}
		m := compile(t, "field n number\nleave(n) > 0 → +1\n", WithFunc("leave", func(n float64) float64 {
			if n >= blockRows {
				once.Do(func() { close(gone) })
				runtime.Goexit()
			}
			<-gone
			return n
		}))
		table := NewTable(rows)
		table.Float64s("n", numbers, nil)
		returned := make(chan error, 1)
		go func() {
			defer close(returned)
			_, err := m.ScoreTable(context.Background(), table, testMoment, Workers(2))
			returned <- err
		}()
		if err, did := <-returned; did { // otherwise it ended its caller
			told = true
			require.ErrorIs(t, err, errWorker)
		}
	}
	assert.True(t, told, "the worker that ended was the caller every time")
	nobodyLeft(t, before)
}

// TestScoreAllIsCancelledWhileItWaits: neither a reader without a result nor a
// source without room sleeps through a cancellation.
func TestScoreAllIsCancelledWhileItWaits(t *testing.T) {
	for _, w := range []int{2, 7} {
		ctx, cancel := context.WithCancel(t.Context())
		started := make(chan struct{}, 1)
		m := compile(t, "field n number\nslow(n) > 0 → +1\n", WithFunc("slow", func(n float64) float64 {
			select {
			case started <- struct{}{}:
				cancel()
			default:
			}
			<-ctx.Done()
			return n
		}))
		var last error
		n := 0
		for _, err := range m.ScoreAll(ctx, numbered(1_000_000), testMoment, Workers(w)) {
			last = err
			n++
		}
		assert.Equal(t, 1, n)
		assert.ErrorIs(t, last, context.Canceled)
	}
}
