package bars

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"time"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/bench/byhand"
	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
	"github.com/accountscore/accountscore/bench/sqlpeer"
)

// Size is how much a batch holds.
type Size struct {
	Copies    int // of each account of a ruleset
	Companies int // with contacts
}

// FullSize is that of the promises: a million accounts, a hundred thousand
// with contacts.
var FullSize = Size{fixture.Copies, 100_000}

// batch is a ruleset's accounts by columns.
type batch struct {
	set     *fixture.Set
	columns *fixture.Columns
	table   *accountscore.Table
	scores  accountscore.Scores
	want    []float64
}

func newBatch(set *fixture.Set, copies int) *batch {
	rows := fixture.Batch(copies)
	b := &batch{set: set, columns: set.Columns(rows)}
	b.table = b.columns.Table()
	scores := set.Scores()
	b.want = make([]float64, len(rows))
	for i, account := range rows {
		b.want[i] = scores[account]
	}
	return b
}

// agree makes sure that scores are the library's of single accounts.
func (b *batch) agree(name string, scores []float64) error {
	if len(scores) != len(b.want) {
		return fmt.Errorf("%s gives %d scores, not %d", name, len(scores), len(b.want))
	}
	for i, want := range b.want {
		if scores[i] != want {
			return fmt.Errorf("%s scores %s row %d as %v, not %v", name, b.set.Name, i, scores[i], want)
		}
	}
	return nil
}

// tableTask is ScoreTable over scores that it writes again and again.
func tableTask(m *accountscore.Model, t *accountscore.Table, into *accountscore.Scores, workers int) paired.Task {
	return func(n int) {
		for range n {
			s, err := m.ScoreTable(context.Background(), t, fixture.At, accountscore.Workers(workers), accountscore.Into(into))
			if err != nil {
				panic(err)
			}
			sink += s.Score[0]
		}
	}
}

// task is ScoreTable of the batch, once its scores are the right ones.
func (b *batch) task(workers int) (paired.Task, error) {
	task := tableTask(b.set.Model, b.table, &b.scores, workers)
	task(1)
	return task, b.agree("ScoreTable", b.scores.Score)
}

func duckAgainstTable(set func() *fixture.Set, size Size) func(paired.Options) (Reading, error) {
	return func(o paired.Options) (Reading, error) { return SQLAgainstTable(sqlpeer.DuckDB, set(), size, o) }
}

// SQLAgainstTable is the time in which a database adds the scores of all
// accounts up, over that of ScoreTable, each with one thread.
func SQLAgainstTable(e sqlpeer.Engine, set *fixture.Set, size Size, o paired.Options) (Reading, error) {
	ctx := context.Background()
	b := newBatch(set, size.Copies)
	table, err := b.task(1)
	if err != nil {
		return Reading{}, err
	}
	db, err := e.Open(ctx, set, size.Copies)
	if err != nil {
		return Reading{}, err
	}
	defer db.Close()
	single, err := db.Scores(ctx)
	if err != nil {
		return Reading{}, err
	}
	for i, want := range set.Scores() {
		if single[i] != want {
			return Reading{}, fmt.Errorf("%s scores %s account %d as %v, not %v", e.Name, set.Name, i, single[i], want)
		}
	}
	sum := func(n int) {
		for range n {
			v, err := db.Sum(ctx)
			if err != nil {
				panic(err)
			}
			sink += v
		}
	}
	return reading(paired.Measure(sum, table, o)), nil
}

func tableAgainstColumns(set func() *fixture.Set, size Size) func(paired.Options) (Reading, error) {
	return func(o paired.Options) (Reading, error) {
		b := newBatch(set(), size.Copies)
		table, err := b.task(1)
		if err != nil {
			return Reading{}, err
		}
		scores := make([]float64, b.columns.Len)
		once := func() { byhand.EnterpriseColumns(scores, b.columns) }
		if b.set.Name == "mixed" {
			once = func() { byhand.MixedColumns(scores, b.columns, fixture.At) }
		}
		once()
		if err := b.agree("the hand-written column score", scores); err != nil {
			return Reading{}, err
		}
		hand := func(n int) {
			for range n {
				once()
				sink += scores[0]
			}
		}
		return reading(paired.Measure(table, hand, o)), nil
	}
}

// twoWorkers is what a second worker gains over what a second thread gains a
// loop that does nothing but count.
func twoWorkers(set func() *fixture.Set, size Size) func(paired.Options) (Reading, error) {
	return func(o paired.Options) (Reading, error) {
		b := newBatch(set(), size.Copies)
		one, err := b.task(1)
		if err != nil {
			return Reading{}, err
		}
		two, err := b.task(2)
		if err != nil {
			return Reading{}, err
		}
		const turns = 1 << 22
		o.Wall = true // the processors work side by side
		rounds := paired.Turns(o, one, two,
			func(n int) {
				for range n {
					spin(2 * turns)
				}
			},
			func(n int) {
				for range n {
					var wg sync.WaitGroup
					wg.Go(func() { spin(turns) })
					spin(turns)
					wg.Wait()
				}
			})
		var ratios []float64
		var t1, t2 []float64
		for _, r := range rounds {
			ratios = append(ratios, (r[0]/r[1])/(r[2]/r[3]))
			t1, t2 = append(t1, r[0]), append(t2, r[1])
		}
		r := paired.Of(ratios)
		r.A, r.B = time.Duration(paired.Quantile(t1, 0.5)), time.Duration(paired.Quantile(t2, 0.5))
		return reading(r), nil
	}
}

// spin is work that no memory and no other thread can slow down.
//
//go:noinline
func spin(turns int) uint64 {
	x := uint64(1)
	for range turns {
		x = x*6364136223846793005 + 1442695040888963407
	}
	return x
}

func tableAllocations(set func() *fixture.Set, size Size) func(paired.Options) (Reading, error) {
	return func(paired.Options) (Reading, error) {
		b := newBatch(set(), size.Copies)
		task, err := b.task(1)
		if err != nil {
			return Reading{}, err
		}
		// A call allocates for itself; what counts is that more rows are no more.
		small := newBatch(b.set, 1)
		smallTask, err := small.task(1)
		if err != nil {
			return Reading{}, err
		}
		calls := mallocs(func() { smallTask(1) })
		more := max(mallocs(func() { task(1) })-calls, 0)
		return Reading{Value: more / float64(b.columns.Len-small.columns.Len), Note: fmt.Sprintf("%.0f a call", calls)}, nil
	}
}

// mallocs counts what f allocates: the least of several runs, as the runtime
// allocates on its own now and then.
func mallocs(f func()) float64 {
	least := math.Inf(1)
	for range 9 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		least = min(least, float64(after.Mallocs-before.Mallocs))
	}
	return least
}

// tableBytes is the memory of a table over the widths of what it holds: 8 bytes
// a number or time and 1 a bool, each with a bit that says whether it is known,
// and 4 bytes a text.
func tableBytes(set func() *fixture.Set, size Size) func(paired.Options) (Reading, error) {
	return func(paired.Options) (Reading, error) {
		rows := fixture.Batch(size.Copies)
		width := 0.0
		for _, f := range set().Fields {
			width += [...]float64{8 + 1./8, 4, 1 + 1./8, 8 + 1./8}[f.Type]
		}
		before := heap()
		table := set().Columns(rows).Table()
		if _, err := set().Model.ScoreTable(context.Background(), table, fixture.At, accountscore.Workers(1)); err != nil {
			return Reading{}, err
		}
		bytes := (heap() - before) / float64(len(rows))
		runtime.KeepAlive(table)
		runtime.KeepAlive(rows)
		return Reading{Value: bytes / width, Note: fmt.Sprintf("%.1f bytes against %.1f", bytes, width)}, nil
	}
}

// heap gives the bytes that live.
func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
