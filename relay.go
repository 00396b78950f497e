package accountscore

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// relay hands accounts from a source to workers, and their results to a reader
// in the order of the source. It is a ring: what is not yet read bounds how far
// the source may be ahead. Where several accounts are there a handful changes
// hands at a time, which costs less; none waits for a handful to fill.
type relay struct {
	mu      sync.Mutex
	work    sync.Cond // accounts to be taken
	results sync.Cond // the next result is there
	room    sync.Cond // for accounts
	ring    []job
	in, out uint64 // accounts put in and results read, of all time
	taken   uint64 // up to where workers have taken
	read    uint64 // up to where the reader has, which out follows
	workers uint64
	closed  bool        // the source has ended
	stopped atomic.Bool // nobody wants to go on
}

// job is one account on its way.
type job struct {
	account Account
	err     error // the source's
	result  Result
	done    bool
	last    bool // its worker has ended, and nothing comes behind it
}

// ahead is how many accounts each worker may be ahead of the reader, and handful
// how many change hands at a time.
const (
	ahead   = 32
	handful = 8
)

func newRelay(workers int) *relay {
	r := &relay{ring: make([]job, ahead*workers), workers: uint64(workers)}
	r.work.L, r.results.L, r.room.L = &r.mu, &r.mu, &r.mu
	return r
}

func (r *relay) job(i uint64) *job { return &r.ring[i%uint64(len(r.ring))] }

// stop wakes everybody up to leave.
func (r *relay) stop() {
	r.mu.Lock()
	r.stopped.Store(true)
	r.mu.Unlock()
	r.wake()
}

// close tells that the source has ended.
func (r *relay) close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.wake()
}

func (r *relay) wake() {
	r.work.Broadcast()
	r.results.Broadcast()
	r.room.Broadcast()
}

// put takes an account, or an error in place of one, once there is room. It
// tells whether more are wanted.
func (r *relay) put(a Account, err error) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.in-r.out == uint64(len(r.ring)) && !r.stopped.Load() {
		r.room.Wait()
	}
	if r.stopped.Load() {
		return false
	}
	*r.job(r.in) = job{account: a, err: err, done: err != nil}
	if r.in++; err != nil {
		r.results.Signal()
	} else {
		r.work.Signal()
	}
	return true
}

// each scores accounts until there are no more.
func (r *relay) each(score func(*job)) {
	for {
		from, to := r.take()
		if from == to {
			return
		}
		r.share(from, to, score)
	}
}

// share scores what a worker has taken. A function of the caller's may end the
// worker's goroutine instead of returning; then the results before it count,
// and it is the end of the stream.
func (r *relay) share(from, to uint64, score func(*job)) {
	i, whole := from, false
	defer func() {
		if whole {
			r.finish(from, to)
		} else {
			r.lose(from, i)
		}
	}()
	for ; i < to && !r.stopped.Load(); i++ {
		score(r.job(i))
	}
	whole = true
}

// take gives a worker its share of the accounts that are there, and waits for
// one; none is the end. Errors are passed over: the reader may have them.
func (r *relay) take() (from, to uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for !r.stopped.Load() {
		from = max(r.taken, r.read)
		for from < r.in && r.job(from).done {
			from++
		}
		share := min((r.in-from+r.workers-1)/r.workers, handful)
		to = from
		for to < r.in && to-from < share && !r.job(to).done {
			to++
		}
		if r.taken = to; to > from || r.closed {
			return from, to
		}
		r.work.Wait()
	}
	return 0, 0
}

// finish makes results readable.
func (r *relay) finish(from, to uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := from; i < to; i++ {
		r.job(i).done = true
	}
	r.results.Signal()
}

// lose makes the results of a worker readable that ended while it scored at.
// What it had taken behind that nobody scores: the reader stops there.
func (r *relay) lose(from, at uint64) {
	r.mu.Lock()
	j := r.job(at)
	j.err, j.last = fmt.Errorf("account %.100q: %w", j.account.ID, errWorker), true
	r.mu.Unlock()
	r.finish(from, at+1)
}

// ready waits for the next result, and gives those that follow too. None is the
// end.
func (r *relay) ready() (from, to uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for !r.stopped.Load() && !(r.out < r.in && r.job(r.out).done) && !(r.closed && r.out == r.in) {
		r.results.Wait()
	}
	if r.stopped.Load() {
		return 0, 0
	}
	to = r.out
	for to < r.in && to-r.out < handful && r.job(to).done {
		to++
	}
	r.read = to
	return r.out, to
}

// passed makes room where results have been read.
func (r *relay) passed(to uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out = to
	r.room.Signal()
}

// deliver hands results to the reader and tells whether that is all: the reader
// broke off, or the last result was one that was lost.
func (r *relay) deliver(ctx context.Context, yield func(Result, error) bool) bool {
	for {
		from, to := r.ready()
		if from == to {
			return false
		}
		for i := from; i < to; i++ {
			if ctx.Err() != nil {
				return false
			}
			j := r.job(i)
			result, err, last := j.result, j.err, j.last
			*j = job{} // let go of the account
			if !yield(result, err) || last {
				return true
			}
		}
		r.passed(to)
	}
}
