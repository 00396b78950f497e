package accountscore

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// journal is a log of activities that a tracker keeps.
type journal struct {
	events []cond.Event
	arena  []cond.Slot
	wrong  int // values that cannot be used
}

// record appends activities, in memory of the journal's own.
func (j *journal) record(s *scratch, log []Activity) {
	from, events, arena, invalid := len(j.events), s.events, s.arena, s.invalid
	s.events, s.arena, s.invalid = j.events, j.arena, 0
	s.loadActivities(log, "", 0)
	j.events, j.arena = s.events, s.arena
	j.wrong += s.invalid
	s.events, s.arena, s.invalid = events, arena, invalid
	for i := range j.events[from:] {
		for f := range j.events[from+i].Fields {
			v := &j.events[from+i].Fields[f]
			v.List = slices.Clone(v.List)
		}
	}
}

// clear forgets the log and keeps its memory.
func (j *journal) clear() {
	clear(j.events)
	clear(j.arena)
	j.events, j.arena, j.wrong = j.events[:0], j.arena[:0], 0
}

// person is a contact that a tracker keeps.
type person struct {
	id     string
	twin   *person // another contact of the same id
	values cond.Record
	log    journal
	kept   *keptLog // what its log comes to, nil: not kept
	wrong  int      // values that cannot be used
	index  int      // among the people

	weighted, weight micro.M
	engaged          bool
	beyond           bool // its score cannot be used

	until  int64 // up to when its score stays
	due    int   // place among those that time changes, -1: none
	place  int   // among the rest
	ranked bool  // among the top
}

// wrongs are the values of the contact that cannot be used.
func (p *person) wrongs() int {
	n := p.wrong + p.log.wrong
	if p.beyond {
		n++
	}
	return n
}

// ranked is a contact at its rank, with its weighted score beside it: all ranks
// are gone through for each result.
type ranked struct {
	weighted micro.M
	*person
}

// crowd is the contacts of a tracker, and what they come to together: sums and
// counts that one contact's change adds to and subtracts from.
type crowd struct {
	byID   map[string]*person
	people []*person
	wrong  int
	relog  bool   // the account's log does not hold all events any more
	turn   uint64 // of the account's log, see cond.Env
	turns  uint64 // the last that was given, to it or to a contact's

	engaged, senior    int
	keys               map[string]*int // how many engaged contacts have each, where distinct ones count
	room               []byte          // of the key that is asked for
	roles              []int
	positive, negative micro.Sum // of the weighted scores
	weights            micro.M

	keep int      // ranks that count
	top  []ranked // these, by rank
	rest pile     // the others, the largest first
	due  pile     // those that time changes, the next first
}

func (c *crowd) init(t *Tracker, contacts []Contact) {
	c.byID = make(map[string]*person, len(contacts))
	c.people = make([]*person, 0, len(contacts))
	c.relog = true
	if r := t.m.rollup; r != nil {
		c.keep = r.ranksThatCount()
		c.roles = make([]int, len(r.roles))
		if r.distinct >= 0 {
			c.keys = map[string]*int{}
		}
	}
	c.rest = pile{before: func(a, b *person) bool { return a.weighted > b.weighted }, place: func(p *person) *int { return &p.place }}
	c.due = pile{before: func(a, b *person) bool { return a.until < b.until }, place: func(p *person) *int { return &p.due }}
	for i := range contacts {
		c.insert(t, &contacts[i])
	}
}

// ranksThatCount is how many of the contacts, by rank, the rollup needs one by
// one. What only a sum needs is not ranked.
func (r *rollup) ranksThatCount() int {
	switch r.combine.Kind {
	case dsl.Ranked:
		if r.combine.Factor < 1 {
			return len(r.ranks)
		}
	case dsl.Top:
		return r.combine.N
	case dsl.Max, dsl.Best:
		return 1
	}
	return 0
}

// insert adds a contact, beside those of its id if there are any.
func (c *crowd) insert(t *Tracker, from *Contact) {
	p := &person{id: from.ID, index: len(c.people), due: -1}
	c.people = append(c.people, p)
	if first := c.byID[p.id]; first != nil {
		p.twin, first.twin = first.twin, p
	} else {
		c.byID[p.id] = p
	}
	p.fill(t, from)
	c.score(t, p)
	c.enter(t, p)
	c.join(t, p.log.events)
}

// set adds a contact or replaces those that have its id.
func (c *crowd) set(t *Tracker, from *Contact) {
	p := c.byID[from.ID]
	if p == nil {
		c.insert(t, from)
		return
	}
	for twin := p.twin; twin != nil; twin = twin.twin {
		c.remove(t, twin)
	}
	p.twin = nil
	c.leave(t, p)
	had := len(p.log.events) > 0
	p.fill(t, from)
	c.score(t, p)
	c.enter(t, p)
	if had {
		c.relog = true
	} else {
		c.join(t, p.log.events)
	}
}

// removeAll removes the contacts of an id and tells whether there were any.
func (c *crowd) removeAll(t *Tracker, id string) bool {
	first := c.byID[id]
	delete(c.byID, id)
	for p := first; p != nil; p = p.twin {
		c.remove(t, p)
	}
	return first != nil
}

// remove takes a contact out, but for its id.
func (c *crowd) remove(t *Tracker, p *person) {
	c.leave(t, p)
	c.relog = c.relog || len(p.log.events) > 0
	last := len(c.people) - 1
	c.people[p.index] = c.people[last]
	c.people[p.index].index = p.index
	c.people[last] = nil
	c.people = c.people[:last]
}

// record adds to the log of a contact and tells whether there is one.
func (c *crowd) record(t *Tracker, id string, act Activity) bool {
	p := c.byID[id]
	if p == nil {
		return false
	}
	had := len(p.log.events)
	if !t.guide.people.asks() {
		c.wrong -= p.log.wrong
		p.log.record(t.s, []Activity{act})
		c.wrong += p.log.wrong
		c.join(t, p.log.events[had:])
		return true
	}
	c.leave(t, p)
	p.log.record(t.s, []Activity{act})
	if p.kept == nil && had >= keptFrom {
		p.kept = t.guide.people.newLog()
	}
	c.scoreWith(t, p, p.log.events[had:])
	c.enter(t, p)
	c.join(t, p.log.events[had:])
	return true
}

// recordOwn adds to the account's own log.
func (c *crowd) recordOwn(t *Tracker, act Activity) {
	had := len(t.own.events)
	t.own.record(t.s, []Activity{act})
	fresh := t.own.events[had:]
	if len(fresh) == 0 || !c.joins(t) {
		return
	}
	// What is the account's own stands first. Among the rest the order is free.
	s := t.s
	s.events = append(s.events, fresh[0])
	last := len(s.events) - 1
	s.events[had], s.events[last] = s.events[last], s.events[had]
	t.openLog()
	c.joined(t, &fresh[0], true)
}

// joins tells whether the account's log holds all events, so that more can join
// it. Otherwise it is made anew, if anything asks for it.
func (c *crowd) joins(t *Tracker) bool { return !c.relog && t.guide.timing.asks }

// join adds events of a contact to the account's log, and to the answers that
// are kept of it.
func (c *crowd) join(t *Tracker, events []cond.Event) {
	if !c.joins(t) {
		return
	}
	for i := range events {
		t.s.events = append(t.s.events, events[i])
		c.joined(t, &events[i], false)
	}
	t.openLog()
}

func (c *crowd) joined(t *Tracker, ev *cond.Event, own bool) {
	e := &t.s.env
	for _, n := range t.m.asked {
		n.Joined(e, ev, own)
	}
	for _, r := range t.guide.timing.rules {
		r.signal.joined(e, t.s, r, ev, own)
	}
}

// newTurn forgets the answers that are kept of the account's log.
func (c *crowd) newTurn(t *Tracker) {
	c.turns++
	c.turn, t.s.env.Turn = c.turns, c.turns
}

// advance scores the contacts again that time has moved.
func (c *crowd) advance(t *Tracker, before int64) {
	now := t.s.env.At
	if now < before {
		for _, p := range c.people {
			c.again(t, p)
		}
		return
	}
	for len(c.due.items) > 0 && c.due.items[0].until <= now {
		c.again(t, c.due.items[0])
	}
}

func (c *crowd) again(t *Tracker, p *person) {
	c.leave(t, p)
	p.kept.forget()
	c.score(t, p)
	c.enter(t, p)
	t.changed()
}

// enter takes a contact into the sums.
func (c *crowd) enter(t *Tracker, p *person) {
	c.wrong += p.wrongs()
	if t.m.rollup == nil {
		return
	}
	c.count(t, p, 1)
	if c.keep > 0 {
		c.rank(p)
	}
	if p.until != cond.Never {
		c.due.push(p)
	}
}

// leave takes it out again.
func (c *crowd) leave(t *Tracker, p *person) {
	c.wrong -= p.wrongs()
	if t.m.rollup == nil {
		return
	}
	c.count(t, p, -1)
	if c.keep > 0 {
		c.unrank(p)
	}
	if p.due >= 0 {
		c.due.remove(p)
	}
}

// fill reads a contact's values and its log.
func (p *person) fill(t *Tracker, from *Contact) {
	p.log.clear()
	p.kept = nil
	p.log.record(t.s, from.Activities)
	if p.values == nil {
		p.values = make(cond.Record, len(t.m.contactFields))
	}
	p.wrong = 0
	for _, j := range t.m.readContact {
		f, slot := &t.m.contactFields[j], &p.values[j]
		v, ok := from.Fields[f.key]
		fillTracked(f, slot, v, ok)
		f.age(slot, time.Time{}, 0)
		if slot.State == cond.Invalid {
			p.wrong++
		}
	}
}

// score works out a contact by itself.
func (c *crowd) score(t *Tracker, p *person) { c.scoreWith(t, p, nil) }

// scoreWith is score where activities have come to the end of the log since the
// last time.
func (c *crowd) scoreWith(t *Tracker, p *person, fresh []cond.Event) {
	r := t.m.rollup
	if r == nil {
		return
	}
	s, e := t.s, &t.s.env
	values, invalid := e.Contacts, s.invalid
	e.Contacts, e.Events, e.Own, s.invalid = p.values, p.log.events, 0, 0
	c.turns++
	e.Turn = c.turns
	p.kept.lay(t, fresh)
	out := r.contactScore(s, 0)
	p.weighted, p.weight, p.engaged, p.beyond = out.weighted, out.weight, out.engaged, s.invalid > 0
	p.until = r.until(s, &out)
	p.kept.take(t)
	e.Contacts, s.invalid = values, invalid
	t.openLog()
}

// count adds a contact to the sums and counts, or with -1 takes it out.
func (c *crowd) count(t *Tracker, p *person, n int) {
	r, s := t.m.rollup, t.s
	sum := &c.positive
	if p.weighted < 0 {
		sum = &c.negative
	}
	sum.Add(p.weighted, micro.M(n)*micro.One)
	c.weights += p.weight * micro.M(n)
	if p.engaged {
		c.engaged += n
		if p.weight > micro.One && r.weightOf != nil {
			c.senior += n
		}
	}
	if r.distinct >= 0 && p.engaged {
		c.countKey(r, &s.m.contactFields[r.distinct], &p.values[r.distinct], n)
	}
	if r.role >= 0 && (p.engaged || r.assigned) {
		r.countRole(c.roles, &s.m.contactFields[r.role], &p.values[r.role], n)
	}
}

// countKey adds to how many engaged contacts are told apart by a value.
func (c *crowd) countKey(r *rollup, f *field, v *cond.Slot, n int) {
	c.room = c.room[:0]
	key := r.key(f, v, &c.room) // perhaps in the room: the map keeps a copy
	count := c.keys[key]
	if count == nil {
		count = new(int)
		c.keys[strings.Clone(key)] = count
	}
	if *count += n; *count == 0 {
		delete(c.keys, key)
	}
}

// rank gives a contact its place by weighted score.
func (c *crowd) rank(p *person) {
	n := len(c.top)
	if n == c.keep && p.weighted <= c.top[n-1].weighted {
		p.ranked = false
		c.rest.push(p)
		return
	}
	at := c.above(p)
	p.ranked = true
	c.top = slices.Insert(c.top, at, ranked{p.weighted, p})
	if n == c.keep {
		last := c.top[n]
		c.top[n] = ranked{}
		c.top = c.top[:n]
		last.ranked = false
		c.rest.push(last.person)
	}
}

// unrank takes a contact's place away.
func (c *crowd) unrank(p *person) {
	if !p.ranked {
		c.rest.remove(p)
		return
	}
	at := c.above(p)
	for c.top[at].person != p {
		at++
	}
	c.top = slices.Delete(c.top, at, at+1)
	if len(c.rest.items) > 0 {
		next := c.rest.items[0]
		c.rest.remove(next)
		next.ranked = true
		c.top = append(c.top, ranked{next.weighted, next})
	}
}

// above counts the ranks whose weighted score is larger.
func (c *crowd) above(p *person) int {
	at, _ := slices.BinarySearchFunc(c.top, p.weighted, func(q ranked, w micro.M) int {
		if q.weighted > w {
			return -1
		}
		return 1
	})
	return at
}

// conclude works out the rollup.
func (c *crowd) conclude(s *scratch) {
	s.headcount = len(c.people)
	r := s.m.rollup
	if r == nil {
		return
	}
	out := rollupOutcome{engaged: c.engaged, senior: c.senior, threads: c.engaged, points: c.points(r)}
	if r.distinct >= 0 {
		out.threads = len(c.keys)
	}
	out.bonus = r.bonusFor(out.points, out.threads)
	out.completeness = r.complete(c.roles)
	s.rollup = out
}

// points combines the contacts as [rollup.add] does.
func (c *crowd) points(r *rollup) micro.M {
	n := micro.M(len(c.people))
	if n == 0 {
		return 0
	}
	switch k := &r.combine; k.Kind {
	case dsl.Ranked:
		if k.Factor >= 1 {
			exact := c.positive
			exact.Join(c.negative)
			return exact.Rounded()
		}
		return c.byRank(r.ranks)
	case dsl.Sum:
		return c.sum()
	case dsl.Top, dsl.Max:
		sum := micro.M(0)
		for _, p := range c.top {
			sum = sum.Add(p.weighted)
		}
		return sum
	case dsl.Mean:
		return c.sum().MulDiv(1, n)
	case dsl.WeightedMean:
		if c.weights == 0 {
			return 0
		}
		return c.sum().Div(c.weights)
	}
	best, first := c.top[0].weighted, micro.Of(r.combine.Factor)
	if n == 1 {
		return best
	}
	others := (c.sum() - best).MulDiv(1, n-1)
	return first.Mul(best).Add((micro.One - first).Mul(others))
}

// byRank is the sum of the weighted scores, each times the factor of its rank.
func (c *crowd) byRank(factors []micro.M) micro.M {
	var exact micro.Sum
	// Where 64 bits hold the sum, it needs no carry.
	most := math.MaxInt64 / (micro.M(len(c.top)) * micro.One)
	if c.top[0].weighted > most || c.top[len(c.top)-1].weighted < -most {
		for rank := range c.top {
			exact.Add(c.top[rank].weighted, factors[rank])
		}
		return exact.Rounded()
	}
	sum := micro.M(0)
	for rank, factor := range factors[:len(c.top)] {
		sum += c.top[rank].weighted * factor
	}
	exact.Add(sum, 1)
	return exact.Rounded()
}

// sum is that of the weighted scores, as if added up in the order of ranks:
// what does not fit saturates.
func (c *crowd) sum() micro.M {
	sum := c.negative
	sum.Add(c.positive.Rounded(), micro.One)
	return sum.Rounded()
}

// log makes the account's log of its own events and those of its contacts,
// where anything asks for it.
func (c *crowd) log(t *Tracker) {
	s := t.s
	if c.relog && t.guide.timing.asks {
		s.events = append(s.events[:0], t.own.events...)
		for _, p := range c.people {
			s.events = append(s.events, p.log.events...)
		}
		c.newTurn(t)
	}
	c.relog = false
	t.openLog()
}

// openLog makes the account's log the current one again.
func (t *Tracker) openLog() {
	e := &t.s.env
	e.Events, e.Own = t.s.events, min(len(t.own.events), len(t.s.events))
	e.Turn = t.crowd.turn
}

// pile is a heap of contacts that know their places in it.
type pile struct {
	items  []*person
	before func(a, b *person) bool
	place  func(*person) *int
}

func (h *pile) push(p *person) {
	h.items = append(h.items, p)
	*h.place(p) = len(h.items) - 1
	h.up(len(h.items) - 1)
}

func (h *pile) remove(p *person) {
	i, last := *h.place(p), len(h.items)-1
	h.swap(i, last)
	h.items[last] = nil
	h.items = h.items[:last]
	if i < last {
		h.down(i)
		h.up(i)
	}
	*h.place(p) = -1
}

func (h *pile) swap(i, j int) {
	h.items[i], h.items[j] = h.items[j], h.items[i]
	*h.place(h.items[i]), *h.place(h.items[j]) = i, j
}

func (h *pile) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !h.before(h.items[i], h.items[parent]) {
			return
		}
		h.swap(i, parent)
		i = parent
	}
}

func (h *pile) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(h.items) {
			return
		}
		if right := child + 1; right < len(h.items) && h.before(h.items[right], h.items[child]) {
			child = right
		}
		if !h.before(h.items[child], h.items[i]) {
			return
		}
		h.swap(i, child)
		i = child
	}
}
