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
// memory. The source is read from another goroutine, a few accounts ahead;
// breaking off the loop ends every goroutine as soon as the source returns,
// and ScoreAll waits for that. A panic of the source is passed on.
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

// job is one account on its way through the workers.
type job struct {
	account Account
	err     error // the source's
	result  chan Result
}

// errSource is of a source that ended its goroutine instead of returning.
var errSource = errors.New("accountscore: the source of accounts ended without returning")

// maxWorkers bounds the goroutines of a batch: more than that only cost memory.
const maxWorkers = 1_024

// ahead is how many accounts each worker may be ahead of the reader.
const ahead = 16

func (m *Model) scoreAhead(ctx context.Context, accounts iter.Seq2[Account, error], at time.Time, workers int, yield func(Result, error) bool) {
	// The loop's own context ends the goroutines when the reader breaks off.
	inner, stop := context.WithCancel(ctx)
	queue := make(chan *job, ahead*workers) // in order, for the reader
	work := make(chan *job, ahead*workers)  // for the workers
	var wg sync.WaitGroup
	// However the reader leaves, by a break, a panic or runtime.Goexit, the
	// goroutines end before this returns.
	defer wg.Wait()
	defer stop()
	var panicked any
	var failed error
	wg.Go(func() {
		defer close(queue)
		defer close(work)
		failed = errSource
		defer func() {
			if panicked = recover(); panicked != nil {
				failed = nil
			}
		}()
		for a, err := range accounts {
			j := &job{account: a, err: err, result: make(chan Result, 1)}
			if err == nil {
				select {
				case work <- j:
				case <-inner.Done():
					return
				}
			}
			select {
			case queue <- j:
			case <-inner.Done():
				return
			}
		}
		failed = nil
	})
	for range workers {
		wg.Go(func() {
			for j := range work {
				if inner.Err() == nil {
					j.result <- m.Score(j.account, at)
				}
			}
		})
	}
	broke := m.deliver(ctx, queue, yield)
	stop()
	wg.Wait()
	if panicked != nil {
		panic(panicked)
	}
	if broke {
		return
	}
	if err := ctx.Err(); err != nil {
		yield(Result{}, err)
	} else if failed != nil {
		yield(Result{}, failed)
	}
}

// deliver hands results to the reader in order and tells whether the reader
// broke off.
func (m *Model) deliver(ctx context.Context, queue <-chan *job, yield func(Result, error) bool) bool {
	for {
		var j *job
		var open bool
		select {
		case j, open = <-queue:
		case <-ctx.Done():
			return false
		}
		if !open || ctx.Err() != nil {
			return false
		}
		var r Result
		if j.err == nil {
			select {
			case r = <-j.result:
			case <-ctx.Done():
				return false
			}
		}
		if !yield(r, j.err) {
			return true
		}
	}
}
