package accountscore

import (
	"context"
	"math/bits"
	"sync"
	"sync/atomic"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// ScoreTable scores every row of a table as of a moment. The scores are those
// that [Model.Score] gives the same data; how many workers there are changes
// nothing but the time. Every fault of the table comes at once, in one error
// that has Unwrap() []error, of *[ColumnError], and then nothing is scored.
// When ctx is cancelled the error is its error. A function of [WithFunc] that
// ends its goroutine is an error, or ends the caller's, which scores too. Beside
// the scores it takes a fixed amount of memory for each worker.
func (m *Model) ScoreTable(ctx context.Context, t *Table, at time.Time, opts ...BatchOption) (*Scores, error) {
	m = m.made()
	b := newBatch(opts)
	bound, err := m.bindTable(t)
	if err != nil {
		return nil, err
	}
	out := b.into
	if out == nil {
		out = &Scores{}
	}
	out.reset(bound, at)
	columns := m.columns()
	if columns != nil {
		columns = bound.prepare(columns, clock(at))
	}
	blocks := (t.n + blockRows - 1) / blockRows
	var next atomic.Int64
	var lost atomic.Bool // a worker has ended with rows unscored
	var wg sync.WaitGroup
	work := func() {
		w := &tableWorker{m: m, b: bound, at: at, out: out, s: m.scratch(), quick: m.quickRows(bound)}
		if columns != nil {
			w.block = columns.block(bound, out, at)
		}
		returns := false
		defer func() {
			if !returns { // its memory may be in any state
				lost.Store(true)
				return
			}
			m.release(w.s)
			if w.block != nil {
				w.block.give()
			}
		}()
		for !lost.Load() {
			first := int(next.Add(1)-1) * blockRows
			if first >= t.n || !w.score(ctx, first, min(first+blockRows, t.n)) {
				break
			}
		}
		returns = true
	}
	defer wg.Wait() // the caller's own goroutine may be the one that ends
	for range min(b.workers, blocks) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	if lost.Load() {
		return nil, errWorker
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out.finish()
	return out, nil
}

// blockRows is how many rows a worker takes at a time.
const blockRows = 1_024

// lookUp is how many rows pass between two looks at the context.
const lookUp = 32

// tableWorker scores blocks of a table. It is the source of each row's scoring.
type tableWorker struct {
	m     *Model
	b     *boundTable
	at    time.Time
	out   *Scores
	s     *scratch
	first int        // contact of the row
	block *block     // nil: the model cannot be scored by columns
	quick *quickRows // nil: rows by themselves have no short way
}

// score scores some rows and tells whether it got to their end.
func (w *tableWorker) score(ctx context.Context, from, to int) bool {
	if w.block != nil {
		if ctx.Err() != nil {
			return false
		}
		if !w.block.run(ctx, from, to) {
			return false
		}
		for i, rows := range w.block.aside {
			for ; rows != 0; rows &= rows - 1 {
				w.row(from + i*chunkRows + bits.TrailingZeros64(rows))
			}
		}
		return true
	}
	for row := from; row < to; row++ {
		if row%lookUp == 0 && ctx.Err() != nil {
			return false
		}
		w.row(row)
	}
	return true
}

// row scores a row by itself.
func (w *tableWorker) row(row int) {
	if w.quick != nil && w.quick.score(w, row) {
		return
	}
	w.load(row)
	w.s.rollUp()
	w.s.conclude()
	w.out.put(row, w.s)
}

// load fills the slots from a row.
func (w *tableWorker) load(row int) {
	s, b := w.s, w.b
	id, prev := "", ""
	if b.t.ids != nil {
		id = b.t.ids[row]
	}
	if b.t.prevTiers != nil {
		prev = b.t.prevTiers[row]
	}
	s.begin(w, id, prev, w.at)
	for i := range b.fields {
		bf := &b.fields[i]
		slot := &s.env.Accounts[bf.slot]
		bf.column.fill(slot, row)
		s.m.fields[bf.slot].admit(slot)
		var refreshed time.Time
		if bf.refreshed != nil {
			refreshed = bf.refreshed.times[row]
		}
		s.settle(bf.slot, refreshed)
		if slot.State == cond.Invalid {
			s.bad()
		}
	}
	b.log.load(s, row)
	if b.persons != nil {
		w.first = int(b.t.persons[row])
		for c := w.first; c < int(b.t.persons[row+1]); c++ {
			id := ""
			if b.persons.ids != nil {
				id = b.persons.ids[c]
			}
			s.beginContact(id)
			b.logs.load(s, c)
		}
	}
	s.loaded()
}

// contact loads the fields of a contact of the row.
func (w *tableWorker) contact(s *scratch, i int) {
	for j := range w.b.contacts {
		bf := &w.b.contacts[j]
		slot := &s.env.Contacts[bf.slot]
		bf.column.fill(slot, w.first+i)
		s.m.contactFields[bf.slot].admit(slot)
		s.contactField(bf.slot)
		if slot.State == cond.Invalid {
			s.bad()
		}
	}
}

// load appends the log of an account or a contact.
func (l *boundLog) load(s *scratch, row int) {
	if l.offsets == nil {
		return
	}
	for i := int(l.offsets[row]); i < int(l.offsets[row+1]); i++ {
		code := l.Types[i]
		if code < 0 || int(code) >= len(l.types) {
			s.bad()
			continue
		}
		typ := l.types[code]
		if typ < 0 {
			continue
		}
		at := l.At[i]
		if microState(at) != cond.Known || at == zeroMoment {
			s.bad()
			continue
		}
		value := 0.0
		if l.Values != nil {
			value = l.Values[i]
		}
		if number(value, cond.Number).State == cond.Invalid {
			value = 0
			s.bad()
		}
		ev := s.event(typ, at, value)
		for j := range l.fields[typ] {
			bf := &l.fields[typ][j]
			f, slot := &s.m.activities[typ].fields[bf.slot], &ev.Fields[bf.slot]
			bf.column.fill(slot, i)
			f.admit(slot)
			f.age(slot, time.Time{}, 0)
			if slot.State == cond.Invalid {
				s.bad()
			}
		}
	}
}

// zeroMoment is the zero time, which is no moment of an activity.
var zeroMoment = time.Time{}.UnixMicro()
