package accountscore

import (
	"slices"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// quickRows scores rows one by one on the short way, where the columnar way
// cannot.
type quickRows struct {
	q      *quick
	slot   cond.Slot
	result Result
}

// quickRows gives the short way for the rows of a table, nil where there is none
// or the accounts have contacts or activities to count.
func (m *Model) quickRows(b *boundTable) *quickRows {
	if q := m.quick; q != nil && !q.treed && b.persons == nil && b.log.offsets == nil {
		return &quickRows{q: q}
	}
	return nil
}

// score scores a row, and tells whether this way could.
func (k *quickRows) score(w *tableWorker, row int) bool {
	s := quickState{now: clock(w.at)}
	for i := range k.q.fields {
		f, from := &k.q.fields[i], &w.b.fields[i]
		from.column.fill(&k.slot, row)
		f.field.admit(&k.slot)
		var refreshed time.Time
		if from.refreshed != nil {
			refreshed = from.refreshed.times[row]
		}
		f.settle(&s, &k.slot, refreshed)
	}
	prev := ""
	if w.b.t.prevTiers != nil {
		prev = w.b.t.prevTiers[row]
	}
	if !k.q.publish(&k.result, &s, prev) {
		return false
	}
	w.out.putResult(row, &k.result)
	return true
}

// putResult is [Scores.put] for a result of a model without contacts.
func (s *Scores) putResult(row int, r *Result) {
	s.Score[row], s.Low[row], s.High[row] = r.Score, r.Low, r.High
	s.TierCertain.put(row, r.TierCertain)
	s.Unknown[row] = int32(r.Unknown)
	if r.Invalid > 0 {
		*s.wrong.at(row) = int32(r.Invalid)
	}
	s.Tier.put(row, r.Tier)
	s.Reason.put(row, r.Reason)
	s.Grade.put(row, r.Grade)
	for i := range r.Labels {
		s.Labels[i].put(row, r.Labels[i].Value)
	}
	for i := range r.Dimensions {
		d, from := &s.Dimensions[i], &r.Dimensions[i]
		d.Points[row], d.Low[row], d.High[row] = from.Points, from.Low, from.High
	}
}

// put writes a text, which is one of the names, into a row.
func (c *Codes) put(row int, text string) {
	if c.Code != nil {
		c.Code[row] = int32(slices.Index(c.Names, text))
	}
}
