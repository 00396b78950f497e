package accountscore

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// timeRest says what of the time that passed belongs to nothing alone: a date
// that a rule names, the day that a daily max is of.
const timeRest = "what the calendar changed, or what cannot be told apart"

// passed splits what the time that passed changed by what it made older: a type
// of activity, a field, a contact. Each is made as old as it was before, seen
// from the new moment, and aged again. The hybrid stands at the new moment, and
// does so again.
func (h *hybrid) passed(first, aged micro.M, add func(Contribution, micro.M)) {
	if first == aged {
		return
	}
	list := h.aging(h.to.at.Sub(h.from.at))
	for _, c := range list {
		c.set(0)
	}
	young, _ := h.score()
	h.each(list, young, add)
	add(Contribution{Kind: FromTime, Text: timeRest}, young-first)
}

// aging lists what gets older: without its parts it is as much younger as time
// passed.
func (h *hybrid) aging(by time.Duration) []change {
	if by == math.MinInt64 || by == math.MaxInt64 {
		return nil // centuries: a Duration does not tell how long
	}
	p := h.from.model.elapsed(h.from.at, h.to.at)
	s := p.model.scratch()
	defer p.model.release(s)
	s.load(&h.from.account, h.to.at)
	lists := [...][]change{h.agingFields(p), h.agingLogs(p, s), h.agingContacts(p, s)}
	what := [...]string{"fields", "types of activity", "contacts"}
	most := max(1, h.most()/(2*len(lists))) // most have two parts
	var all []change
	for i, list := range lists {
		if len(list) > most {
			list = append(list[:most-1:most-1], together(list[most-1:], func(c *Contribution) string {
				return what[i] + ": " + p.older(c.Lapse)
			}))
		}
		all = append(all, list...)
	}
	return all
}

func (h *hybrid) agingLogs(p *elapsed, s *scratch) []change {
	var list []change
	for i := range h.logs {
		l := &h.logs[i]
		if len(l.of[0]) == 0 || !p.model.reads(l.name) {
			continue
		}
		old, young := l.of[0], later(l.of[0], p.by)
		c := Contribution{Kind: FromTime, Activity: l.name}
		typ := p.model.activityIndex[l.name]
		moments := p.counted(s, s.events[:s.offsets[0]], true, typ)
		decayed := ""
		if p.decays[typ] != nil {
			decayed = p.decayed(p.decaying(s, s.events[:s.offsets[0]], true, typ))
		}
		list = append(list, p.change(c, l.name, strings.Join(p.crossed(moments, p.windows[typ], ""), ", "), decayed, func(aged, held bool) {
			if l.of[0] = young; aged {
				l.of[0] = old
			}
			l.held, h.stale = held, true
		}))
	}
	return list
}

func (h *hybrid) agingContacts(p *elapsed, s *scratch) []change {
	var list []change
	for i := range h.contacts {
		k := &h.contacts[i]
		if k.of[0] == nil {
			continue
		}
		old, young := k.of[0], p.model.younger(k.of[0], p.by)
		c := Contribution{Kind: FromTime, Contact: k.name}
		// The contacts of the account as it was come first, in its order.
		crossed, moments := p.contact(s, i)
		decayed := ""
		if p.faded {
			decayed = p.decayed(moments)
		}
		list = append(list, p.change(c, contactText(k.name), crossed, decayed, func(aged, held bool) {
			if k.of[0] = young; aged {
				k.of[0] = old
			}
			k.held, h.stale = held, true
		}))
	}
	return list
}

// agingFields lists the account's times, and the fields whose values age.
func (h *hybrid) agingFields(p *elapsed) []change {
	var list []change
	for i := range p.model.fields {
		f := &p.model.fields[i]
		if !f.read {
			continue
		}
		if young, ok := f.later(h.account.Fields[f.key], p.by); ok {
			old := h.account.Fields[f.key]
			crossed := strings.Join(p.crossed(oneMoment(convert(old, f.typ).Time), p.fields[i], f.Name), ", ")
			list = append(list, p.change(Contribution{Kind: FromTime, Field: f.Name}, f.Name, crossed, "", func(aged, _ bool) {
				if h.account.Fields[f.key] = young; aged {
					h.account.Fields[f.key] = old
				}
			}))
		}
		if at, ok := h.account.Refreshed[f.Name]; ok && f.ages() {
			text := h.expiry(f, p)
			list = append(list, oneChange(Contribution{Kind: FromTime, Lapse: LapseExpiry, Field: f.Name, Text: text}, func(aged bool) {
				if h.account.Refreshed[f.Name] = at.Add(p.by); aged {
					h.account.Refreshed[f.Name] = at
				}
			}))
		}
	}
	return list
}

// expiry says what became of a field that ages.
func (h *hybrid) expiry(f *field, p *elapsed) string {
	was, is := h.from.stateAt(f, h.from.at), h.from.stateAt(f, h.to.at)
	after := durationText(f.MissingAfter) + " after its refresh"
	switch {
	case was == is:
		return f.Name + ": its refresh is " + p.older("")
	case is == cond.Expired:
		return f.Name + " became expired, " + after
	case is == cond.Defaulted:
		return f.Name + " expired " + after + ", its default stands in"
	}
	return f.Name + " became " + string(valueStates[is])
}

// stateAt is what a field of the account is at a moment.
func (sub *subject) stateAt(f *field, at time.Time) cond.State {
	s := sub.model.scratch()
	defer sub.model.release(s)
	s.load(&sub.account, at)
	i := slices.IndexFunc(sub.model.fields, func(o field) bool { return o.Name == f.Name })
	return s.env.Accounts[i].State
}

// elapsed is what of a model time passes over, from one moment to another.
type elapsed struct {
	model    *Model
	from, to int64 // µs
	by       time.Duration

	logs           map[int][]*cond.Log // by type of activity, the questions about it
	windows        map[int][]int64     // by type of activity, those that its activities are asked for in; µs
	fields, people map[int][]int64     // by slot of a time of the account, or of contacts
	decays         map[int][]*cond.Log // by type of activity, the questions whose points decay
	faded          bool                // something of contacts decays
	since          map[int][]int64     // by slot of a time that contacts decay from, how long they do; zero for no end; µs
}

// elapsed lists what time passes over from one moment to another.
func (m *Model) elapsed(from, to time.Time) *elapsed {
	p := &elapsed{model: m, from: clock(from), to: clock(to), by: to.Sub(from),
		logs: map[int][]*cond.Log{}, windows: map[int][]int64{}, fields: map[int][]int64{}, people: map[int][]int64{},
		decays: map[int][]*cond.Log{}, since: map[int][]int64{}}
	add := func(list map[int][]int64, of int, window int64) {
		if at, found := slices.BinarySearch(list[of], window); !found && window >= 0 {
			list[of] = slices.Insert(list[of], at, window)
		}
	}
	tests := func(nodes ...*cond.Node) {
		for _, n := range nodes {
			n.Walk(func(n *cond.Node) {
				switch {
				case n.Log != nil:
					add(p.windows, n.Log.Type, n.Log.Window)
					p.logs[n.Log.Type] = append(p.logs[n.Log.Type], n.Log)
				case n.Op != cond.Within || n.Args[0].Op != cond.Field:
				case n.Args[0].Space == cond.Account:
					add(p.fields, n.Args[0].Slot, n.Window)
				case n.Args[0].Space == cond.Contact:
					add(p.people, n.Args[0].Slot, n.Window)
				}
			})
		}
	}
	for i := range m.lets {
		tests(m.lets[i].Node)
	}
	for i := range m.dims {
		d := &m.dims[i]
		for j := range d.scales {
			tests(d.scales[j].when)
		}
		if c := d.contacts; c != nil {
			tests(c.score, c.weightOf)
			if c.since >= 0 {
				p.faded = true
				add(p.since, c.since, c.within)
				if c.within > 0 {
					add(p.people, c.since, c.within)
				}
			}
		}
		for r := range d.eachRule {
			tests(r.when, r.of, r.per)
			if g := r.signal; g != nil {
				add(p.windows, g.log.Type, g.log.Window)
				p.logs[g.log.Type] = append(p.logs[g.log.Type], &g.log)
				if g.decay.table != nil || g.decay.linear > 0 {
					p.decays[g.log.Type], p.faded = append(p.decays[g.log.Type], &g.log), true
				}
			}
		}
	}
	return p
}

// change makes the change of what gets older: windows and tests of age pass,
// then it decays; decayed says so, empty where it does not.
func (p *elapsed) change(c Contribution, name, crossed, decayed string, set func(aged, held bool)) change {
	c.Lapse, c.Text = LapseWindow, name+": "+orElse(crossed, p.older(LapseWindow))
	parts := []Contribution{c}
	if decayed != "" {
		c.Lapse, c.Text = LapseDecay, name+": "+decayed
		parts = append(parts, c)
	}
	return change{parts, func(made int) { set(made > 0, made == 1 && decayed != "") }}
}

// older says how much older, or younger, something got.
func (p *elapsed) older(of Lapse) string {
	if of == LapseDecay {
		return p.decayed(nil)
	}
	return agedWords(p.by.Abs(), p.by.Abs(), p.by < 0)
}

// decayed says how much older what decays got, which happened at some moments.
// What happened in between is as old as it is, and no older.
func (p *elapsed) decayed(moments []int64) string {
	early, late := min(p.from, p.to), max(p.from, p.to)
	var least, most time.Duration
	first := true
	for _, at := range moments {
		by := time.Duration(late-max(early, at)) * time.Microsecond
		if first || by < least {
			least = by
		}
		most, first = max(most, by), false
	}
	if first {
		least, most = p.by.Abs(), p.by.Abs()
	}
	if p.by < 0 {
		return "decayed less, " + agedWords(least, most, true)
	}
	return "decayed, " + agedWords(least, most, false)
}

func agedWords(least, most time.Duration, younger bool) string {
	length := func(by time.Duration) string {
		if days := by / (24 * time.Hour); days > 0 {
			return counted(int(days), "day", "days")
		}
		return by.Round(time.Second).String()
	}
	text := length(least)
	if longest := length(most); longest != text {
		text += " to " + longest
	}
	if younger {
		return text + " younger"
	}
	return text + " older"
}

// anyWindow asks for what any question to the log counts.
const anyWindow = -1

// counted gives the moments of the activities of a type that a question counts
// whose window is so long. They are an account's own, or those of the contact
// that is loaded.
func (p *elapsed) counted(s *scratch, events []cond.Event, own bool, typ int) func(window int64) []int64 {
	return func(window int64) []int64 {
		var list []int64
		for i := range events {
			ev := &events[i]
			if int(ev.Type) == typ && slices.ContainsFunc(p.logs[typ], func(l *cond.Log) bool {
				return (window == anyWindow || l.Window == window) && l.Passes(&s.env, ev, own)
			}) {
				list = append(list, ev.At)
			}
		}
		return list
	}
}

// decaying gives the moments of the activities of a type whose points decay:
// those that count at the second look, as windows pass first.
func (p *elapsed) decaying(s *scratch, events []cond.Event, own bool, typ int) []int64 {
	var list []int64
	for i := range events {
		if slices.ContainsFunc(p.decays[typ], func(l *cond.Log) bool { return l.Counts(&s.env, &events[i], own) }) {
			list = append(list, events[i].At)
		}
	}
	return list
}

func oneMoment(at int64) func(int64) []int64 {
	return func(int64) []int64 { return []int64{at} }
}

// crossed says which windows some moments left or came into. One that is no
// longer in the future came into all of them.
func (p *elapsed) crossed(moments func(window int64) []int64, windows []int64, one string) []string {
	var list []string
	say := func(n int, what string) {
		switch {
		case n > 0 && one != "":
			list = append(list, what)
		case n > 0:
			list = append(list, strconv.Itoa(n)+" "+what)
		}
	}
	count := func(window int64, of func(at int64) bool) (n int) {
		for _, at := range moments(window) {
			if of(at) {
				n++
			}
		}
		return n
	}
	say(count(anyWindow, func(at int64) bool { return at > p.from && at <= p.to }), "no longer in the future")
	say(count(anyWindow, func(at int64) bool { return at <= p.from && at > p.to }), "in the future now")
	for _, w := range windows {
		was := func(at int64) bool { return at <= p.from && at >= p.from-w }
		is := func(at int64) bool { return at <= p.to && at >= p.to-w }
		text := " the window of " + durationText(dsl.Duration(time.Duration(w)*time.Microsecond))
		say(count(w, func(at int64) bool { return was(at) && at <= p.to && !is(at) }), "left"+text)
		say(count(w, func(at int64) bool { return is(at) && at <= p.from && !was(at) }), "came into"+text)
	}
	return list
}

// contact says which windows the times and activities of a contact crossed, and
// gives the moments that it decays from.
func (p *elapsed) contact(s *scratch, i int) (crossed string, decays []int64) {
	s.loadContact(i)
	var list []string
	for slot := range p.model.contactFields {
		at := &s.env.Contacts[slot]
		if at.State != cond.Known {
			continue
		}
		f := &p.model.contactFields[slot]
		if f.typ == cond.Time && f.read {
			for _, text := range p.crossed(oneMoment(at.Time), p.people[slot], f.Name) {
				list = append(list, f.Name+" "+text)
			}
		}
		if slices.ContainsFunc(p.since[slot], func(within int64) bool { return within == 0 || p.to-at.Time <= within }) && at.Time <= p.to {
			decays = append(decays, at.Time)
		}
	}
	events := s.events[s.offsets[i]:s.offsets[i+1]]
	types := map[string]int{}
	for j := range events {
		types[p.model.activities[events[j].Type].name] = int(events[j].Type)
	}
	for _, name := range slices.Sorted(maps.Keys(types)) {
		typ := types[name]
		moments := p.counted(s, events, false, typ)
		for _, text := range p.crossed(moments, p.windows[typ], "") {
			list = append(list, name+" "+text)
		}
		decays = append(decays, p.decaying(s, events, false, typ)...)
	}
	return some(list, 0), decays
}

// heldDecay is which contacts decay no further than up to a moment.
type heldDecay struct {
	at       int64 // µs
	contacts []bool
}

// faded is the moment up to which a contact decays.
func (s *scratch) faded(i int) int64 {
	if s.held == nil || !s.held.contacts[i] {
		return s.env.At
	}
	return s.held.at
}

// hold keeps the decay of what is held as it was before, in an account that is
// loaded. What was in the future then has not decayed at all.
func (h *hybrid) hold(s *scratch) {
	before := clock(h.from.at)
	hold := func(ev *cond.Event) {
		ev.Younger = int32(cond.WholeDays(ev.At, s.env.At) - max(0, cond.WholeDays(ev.At, before)))
	}
	for i := range h.logs {
		typ, read := h.model.activityIndex[h.logs[i].name]
		if !h.logs[i].held || !read {
			continue
		}
		own := s.events[:s.offsets[0]]
		for j := range own {
			if int(own[j].Type) == typ {
				hold(&own[j])
			}
		}
	}
	var held []bool
	for i := range h.contacts {
		if k := &h.contacts[i]; k.of[k.chosen] != nil {
			held = append(held, k.held)
		}
	}
	for i, is := range held {
		if !is {
			continue
		}
		s.held = &heldDecay{before, held}
		for j := s.offsets[i]; j < s.offsets[i+1]; j++ {
			hold(&s.events[j])
		}
	}
}

// later gives activities that happened some time later.
func later(log []Activity, by time.Duration) []Activity {
	log = slices.Clone(log)
	for i := range log {
		if !log[i].At.IsZero() {
			log[i].At = log[i].At.Add(by)
		}
	}
	return log
}

// later gives a time some time later; none where there is no time.
func (f *field) later(v any, by time.Duration) (any, bool) {
	if f.typ != cond.Time {
		return nil, false
	}
	s := convert(v, f.typ)
	if s.State != cond.Known {
		return nil, false
	}
	return time.UnixMicro(s.Time).UTC().Add(by), true
}

// younger gives a contact all of whose times are some time later.
func (m *Model) younger(c *Contact, by time.Duration) *Contact {
	k := Contact{ID: c.ID, Fields: maps.Clone(c.Fields), Activities: later(c.Activities, by)}
	for i := range m.contactFields {
		if f := &m.contactFields[i]; k.Fields != nil {
			if v, ok := f.later(k.Fields[f.key], by); ok {
				k.Fields[f.key] = v
			}
		}
	}
	return &k
}
