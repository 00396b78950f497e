package accountscore

import (
	"cmp"
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// effect is what a move that is not in the account's fields makes of a contact,
// and the activities that it brings.
type effect struct {
	contact int // which it changes, or of, see below
	is      contactOutcome
	key     string // that distinct contacts are told apart by
	role    int    // -1: none
	events  []cond.Event
}

const (
	ownLog     = -1 // the account's own log
	newContact = -2
)

// crew is the account's contacts as they are, and as they are staged.
type crew struct {
	own    []effect
	order  []int // by rank
	rollup rollupOutcome
	roles  []int

	staged  []*effect
	changed []int                       // contacts that are not as they are
	joint   map[[maxExact]*move]*effect // of several moves on one contact
	events  []cond.Event                // memory of the staged log
}

// muster keeps what the scratch has of the contacts.
func (l *lifter) muster() {
	s, k := l.s, &l.crew
	k.joint = map[[maxExact]*move]*effect{}
	if l.model.rollup == nil {
		return
	}
	k.own = make([]effect, len(l.account.Contacts))
	for i := range k.own {
		s.loadContact(i)
		k.own[i] = l.rated(s, s.contacts[i], i)
	}
	s.closeContacts()
	k.order, k.rollup, k.roles = slices.Clone(s.order), s.rollup, slices.Clone(s.roleCounts)
}

// rated tells how a contact counts, whose slots are loaded.
func (l *lifter) rated(s *scratch, is contactOutcome, contact int) effect {
	r, e := l.model.rollup, effect{contact: contact, is: is, role: -1}
	if r.distinct >= 0 {
		var room []byte
		e.key = r.key(&l.model.contactFields[r.distinct], &s.env.Contacts[r.distinct], &room)
	}
	if r.role >= 0 {
		e.role = r.roleOf(&l.model.contactFields[r.role], &s.env.Contacts[r.role])
	}
	return e
}

// outcome scores one contact by itself.
func (l *lifter) outcome(k Contact) contactOutcome {
	s := l.alone(k)
	s.loadContact(0)
	return l.model.rollup.contactScore(s, 0)
}

// alone loads one contact by itself, aside from the account.
func (l *lifter) alone(k Contact) *scratch {
	if l.aside == nil {
		l.aside = l.model.scratch()
		l.aside.env.Texts = &l.texts
		l.aside.load(&Account{}, l.at)
	}
	s := l.aside
	l.work += l.oneOutcome + len(k.Activities)
	s.given = []Contact{k}
	s.begin(s, "", "", l.at)
	s.beginContact(k.ID)
	s.loadActivities(k.Activities, k.ID, 1)
	s.loaded()
	return s
}

// effect gives what a move does, after others that bring so many new contacts.
func (l *lifter) effect(mv *move, times int) *effect {
	if r := l.model.rollup; r == nil || r.distinct < 0 || !mv.change.New {
		times = 0 // each new contact is like the others
	}
	for len(mv.effects) <= times {
		mv.effects = append(mv.effects, nil)
	}
	if mv.effects[times] == nil {
		mv.effects[times] = l.newEffect(l.again(mv.change, times))
	}
	return mv.effects[times]
}

func (l *lifter) newEffect(c Change) *effect {
	switch {
	case c.Kind == ChangeRepeat && c.Contact == "":
		return &effect{contact: ownLog, events: l.ownEvents(c.deed())}
	case c.New:
		return l.effectOn(newContact, c.contact(l.model, Contact{ID: "new"}, l.at))
	}
	i := slices.IndexFunc(l.account.Contacts, func(k Contact) bool { return k.ID == c.Contact })
	return l.effectOn(i, c.contact(l.model, l.account.Contacts[i], l.at))
}

// ownEvents gives the events that a deed brings to the account's own log. They
// are all alike.
func (l *lifter) ownEvents(d Deed) []cond.Event {
	times := min(d.Count, maxRepeats)
	d.Count = min(d.Count, 1)
	one := keptEvents(l.alone(Contact{Activities: l.model.deeds(d, l.at)}).events)
	l.work += times
	return slices.Repeat(one, max(0, times))
}

// effectOn gives how a contact counts who is changed.
func (l *lifter) effectOn(contact int, k Contact) *effect {
	was := 0
	if contact >= 0 {
		was = l.s.offsets[contact+1] - l.s.offsets[contact]
	}
	is := l.outcome(k)
	e := l.rated(l.aside, is, contact)
	if l.ledger.logged {
		e.events = keptEvents(l.aside.events[was:])
	}
	return &e
}

// keptEvents copies events, whose fields are memory of the scratch.
func keptEvents(events []cond.Event) []cond.Event {
	events = slices.Clone(events)
	for i := range events {
		events[i].Fields = slices.Clone(events[i].Fields)
	}
	return events
}

// altered forgets what a move did before its change was made another.
func (l *lifter) altered(mv *move) {
	l.staged, mv.effects = nil, nil
	clear(l.crew.joint)
}

// stage makes the moves of a set that are not in the account's fields.
func (l *lifter) stage(set []*move) {
	others := l.room[:0]
	for _, mv := range set {
		if mv.slot < 0 {
			others = append(others, mv)
		}
	}
	l.room = others
	if l.staged != nil && slices.Equal(others, l.staged) {
		return
	}
	l.work += l.oneStage
	k, s := &l.crew, l.s
	k.staged, k.changed = k.staged[:0], k.changed[:0]
	for i := range k.own {
		k.staged = append(k.staged, &k.own[i])
	}
	var own, contacts []*effect
	news := 0
	for i, mv := range others {
		e := l.effect(mv, news)
		switch {
		case e.contact == ownLog:
			own = append(own, e)
			continue
		case e.contact == newContact:
			news++
			k.staged = append(k.staged, e)
		case slices.Contains(k.changed, e.contact):
			contacts = slices.DeleteFunc(contacts, func(o *effect) bool { return o.contact == e.contact })
			e = l.jointEffect(others[:i+1], e.contact)
			k.staged[e.contact] = e
		default:
			k.changed = append(k.changed, e.contact)
			k.staged[e.contact] = e
		}
		contacts = append(contacts, e)
	}
	if l.model.rollup != nil {
		l.gather(len(contacts) > 0)
	}
	logs := l.stageLog(own, contacts)
	l.restage(logs, s.headcount != len(k.own) || s.rollup.threads != k.rollup.threads || s.rollup.senior != k.rollup.senior || s.rollup.completeness != k.rollup.completeness)
	l.memory = append(l.memory[:0], others...)
	l.staged = l.memory
}

// jointEffect gives what all the moves of a set on one contact make of it.
func (l *lifter) jointEffect(others []*move, contact int) *effect {
	var key [maxExact]*move
	n := 0
	c := l.account.Contacts[contact]
	for _, mv := range others {
		if e := l.effect(mv, 0); e.contact == contact {
			if n < len(key) {
				key[n] = mv
			}
			n++
		}
	}
	if e := l.crew.joint[key]; e != nil && n <= len(key) {
		return e
	}
	for _, mv := range others {
		if l.effect(mv, 0).contact == contact {
			c = mv.change.contact(l.model, c, l.at)
		}
	}
	e := l.effectOn(contact, c)
	if n <= len(key) {
		l.crew.joint[key] = e
	}
	return e
}

// gather rolls the staged contacts up.
func (l *lifter) gather(changed bool) {
	r, s, k := l.model.rollup, l.s, &l.crew
	s.contacts, s.order, s.headcount = s.contacts[:0], append(s.order[:0], k.order...), len(k.staged)
	if !changed {
		for i := range k.own {
			s.contacts = append(s.contacts, k.own[i].is)
		}
		s.rollup = k.rollup
		copy(s.roleCounts, k.roles)
		return
	}
	clear(s.roleCounts)
	clear(s.departments)
	out := rollupOutcome{}
	for i, e := range k.staged {
		s.contacts = append(s.contacts, e.is)
		if i >= len(k.order) {
			s.order = append(s.order, i)
		}
		if e.is.engaged {
			out.engaged++
			if e.is.weight > micro.One && r.weightOf != nil {
				out.senior++
			}
			if r.distinct >= 0 {
				s.departments[e.key] = struct{}{}
			}
		}
		if e.role >= 0 && (e.is.engaged || r.assigned) {
			s.roleCounts[e.role]++
		}
	}
	slices.SortFunc(s.order, func(i, j int) int {
		return cmp.Or(cmp.Compare(s.contacts[j].weighted, s.contacts[i].weighted), i-j)
	})
	r.sumUp(s, &out)
}

// stageLog brings activities to the log, the account's own first, and gives
// their types.
func (l *lifter) stageLog(own, contacts []*effect) (logs []int) {
	s, e, k := l.s, &l.s.env, &l.crew
	add := func(of []*effect) {
		for _, o := range of {
			for i := range o.events {
				if typ := int(o.events[i].Type); len(logs) == 0 || logs[len(logs)-1] != typ {
					logs = append(logs, typ)
				}
			}
			k.events = append(k.events, o.events...)
		}
	}
	k.events = k.events[:0]
	add(own)
	before := len(k.events)
	k.events = append(k.events, s.events...)
	add(contacts)
	e.Turn++
	if len(logs) == 0 {
		e.Events, e.Own = s.events, s.offsets[0]
		return nil
	}
	l.work += len(k.events) / 4
	if came := len(k.events) - len(s.events); came > fewRepeats {
		l.work += 2 * came
		for _, typ := range logs {
			l.work += came * len(l.ledger.byLog[typ])
		}
	}
	e.Events, e.Own = k.events, before+s.offsets[0]
	return logs
}
