package accountscore

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"sync"
	"time"
)

// BatchOption changes how a batch is scored, never what it gives.
type BatchOption func(*batch)

type batch struct {
	workers int
	into    *Scores
}

func newBatch(opts []BatchOption) batch {
	var b batch
	for _, opt := range opts {
		if opt != nil {
			opt(&b)
		}
	}
	if b.workers < 1 {
		b.workers = runtime.GOMAXPROCS(0)
	}
	b.workers = min(b.workers, maxWorkers)
	return b
}

// Workers sets how many goroutines score; fewer than one means as many as
// there are processors, which is the default.
func Workers(n int) BatchOption { return func(b *batch) { b.workers = n } }

// Accounts makes a source of a slice.
func Accounts(accounts []Account) iter.Seq2[Account, error] {
	return func(yield func(Account, error) bool) {
		for _, a := range accounts {
			if !yield(a, nil) {
				return
			}
		}
	}
}

// ScoreAll scores a stream of accounts as of a moment, in the order of the
// source. An error of the source is passed on in its place and the stream goes
// on. When ctx is cancelled the last pair is its error. Results share no
// memory. The source is read from another goroutine, at most 32 accounts a
// worker ahead of the loop; with one worker, from the loop itself and none
// ahead. Breaking off the loop, or cancelling ctx, ends every goroutine as soon
// as the source returns or gives an account, and ScoreAll waits for that: a
// source that may wait long must watch the context itself. A panic of the
// source is passed on. A function
// of [WithFunc] that ends its goroutine, as FailNow of a test does, ends the
// stream: the last pair is then an error in the place of that account, or, with
// one worker, which scores in the caller's goroutine, that one ends.
func (m *Model) ScoreAll(ctx context.Context, accounts iter.Seq2[Account, error], at time.Time, opts ...BatchOption) iter.Seq2[Result, error] {
	b := newBatch(opts)
	return func(yield func(Result, error) bool) {
		if b.workers == 1 {
			m.scoreInline(ctx, accounts, at, yield)
			return
		}
		m.scoreAhead(ctx, accounts, at, b.workers, yield)
	}
}

func (m *Model) scoreInline(ctx context.Context, accounts iter.Seq2[Account, error], at time.Time, yield func(Result, error) bool) {
	for a, err := range accounts {
		if ctx.Err() != nil {
			break
		}
		var r Result
		if err == nil {
			r = m.Score(a, at)
		}
		if !yield(r, err) {
			return
		}
	}
	if err := ctx.Err(); err != nil {
		yield(Result{}, err)
	}
}

// errSource is of a source that ended its goroutine instead of returning.
var errSource = errors.New("accountscore: the source of accounts ended without returning")

// errWorker is of a function that ended the goroutine of its worker.
var errWorker = errors.New("accountscore: a function that a condition calls ended the goroutine instead of returning")

// maxWorkers bounds the goroutines of a batch: more than that only cost memory.
const maxWorkers = 1_024

// scoreAhead scores with workers while the source is read from a goroutine.
func (m *Model) scoreAhead(ctx context.Context, accounts iter.Seq2[Account, error], at time.Time, workers int, yield func(Result, error) bool) {
	r := newRelay(workers)
	var wg sync.WaitGroup
	// Cancelling wakes whoever waits.
	woken := make(chan struct{})
	awake := context.AfterFunc(ctx, func() { defer close(woken); r.stop() })
	// However the reader leaves, by a break, a panic or runtime.Goexit, the
	// goroutines end before this returns.
	end := sync.OnceFunc(func() {
		r.stop()
		wg.Wait()
		if !awake() {
			<-woken
		}
	})
	defer end()
	var panicked any
	var failed error
	wg.Go(func() {
		defer r.close()
		failed = errSource
		defer func() {
			if panicked = recover(); panicked != nil {
				failed = nil
			}
		}()
		for a, err := range accounts {
			if !r.put(a, err) {
				break
			}
		}
		failed = nil
	})
	for range workers {
		wg.Go(func() { r.each(func(j *job) { j.result = m.Score(j.account, at) }) })
	}
	over := r.deliver(ctx, yield)
	end()
	if panicked != nil {
		panic(panicked)
	}
	if over {
		return
	}
	if err := ctx.Err(); err != nil {
		yield(Result{}, err)
	} else if failed != nil {
		yield(Result{}, failed)
	}
}
