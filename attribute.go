package accountscore

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// ContributionKind says what a part of a change comes from.
type ContributionKind string

// The kinds of contribution, in the order in which they come.
const (
	FromTime           ContributionKind = "time"            // what passed by itself: decay, windows, staleness
	FromData           ContributionKind = "data"            // a field of the account
	FromActivity       ContributionKind = "activity"        // the account's own log
	FromContactJoined  ContributionKind = "contact joined"  // with all that is known of it
	FromContactChanged ContributionKind = "contact changed" // its fields, or its log
	FromContactLeft    ContributionKind = "contact left"
	FromModel          ContributionKind = "model"
	FromRounding       ContributionKind = "rounding" // of the two published scores
)

// Contribution is one part of a change of score.
type Contribution struct {
	Kind     ContributionKind `json:"kind"`
	Field    string           `json:"field,omitempty"`    // its name in the ruleset
	Activity string           `json:"activity,omitempty"` // the type
	Contact  string           `json:"contact,omitempty"`  // the id
	Text     string           `json:"text"`
	Points   float64          `json:"points"`
}

// Attribution splits a change of score into what it comes from. It is plain
// data and marshals to stable JSON.
type Attribution struct {
	AccountID string    `json:"account_id"`
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
	// Before, After and Change are of the published score.
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	Change float64 `json:"change"`
	// ModelChanged tells that the two scores come from different models.
	ModelChanged bool `json:"model_changed,omitempty"`
	// Contributions sum to Change exactly, in millionths. What contributes
	// nothing is left out.
	Contributions []Contribution `json:"contributions,omitempty"`
}

// Total sums the contributions of some kinds.
func (a *Attribution) Total(kinds ...ContributionKind) float64 {
	var sum micro.M
	for _, c := range a.Contributions {
		if slices.Contains(kinds, c.Kind) {
			sum = sum.Add(micro.Of(c.Points))
		}
	}
	return sum.Float()
}

// Attribute splits the change of score between two explanations of one
// account, of one model or of two. Both must come from [Model.Explain]: their
// accounts are scored again, with some of one and the rest of the other, in
// three steps:
//
//  1. time: the account as it was, scored with the old model at the new moment.
//     That is what would have become of it had nothing happened. It is split by
//     what got older: a field that is a time or that becomes stale, a type of
//     activity, a contact; what belongs to none of them, such as a date that a
//     rule names, is a line of its own.
//  2. data, activity and contacts: what changed in the account, still with the
//     old model. The changes are made one after the other in a fixed order,
//     that of the contributions, and again in the reverse order; a
//     contribution is the mean of its two effects. Where no more than two
//     changes act on each other, that is their Shapley value.
//  3. model: the account as it is now, scored with the new model instead of the
//     old one. So is what only the new model reads.
//
// All of it is in points of the score before its rounding; what rounding adds
// to the difference of the two published scores is the last contribution. The
// tier that an account had before is no part of its score.
//
// An account with so many changes that trying each would take long has the
// last ones of a kind tried together.
func Attribute(before, after *Explanation) (*Attribution, error) {
	switch {
	case before == nil || after == nil:
		return nil, errors.New("accountscore: there is no explanation to attribute a change to")
	case before.subject == nil || after.subject == nil:
		return nil, errors.New("accountscore: an explanation that was not made by Model.Explain holds no account to score again")
	case before.subject.account.ID != after.subject.account.ID:
		return nil, fmt.Errorf("accountscore: the explanations are of two accounts, %.40q and %.40q", before.subject.account.ID, after.subject.account.ID)
	}
	from, to := before.subject.whole(), after.subject.whole()
	x := &Attribution{AccountID: to.account.ID, From: from.at, To: to.at, ModelChanged: from.model.hash != to.model.hash}
	h := newHybrid(from, to)
	first, published := h.score()
	x.Before = published.Float()
	add := func(c Contribution, p micro.M) {
		if p != 0 {
			c.Points = p.Float()
			x.Contributions = append(x.Contributions, c)
		}
	}

	h.at = to.at
	aged, _ := h.score()
	h.passed(first, aged, add)

	changes := h.changes()
	for i, p := range h.try(changes, aged) {
		add(changes[i].Contribution, p)
	}
	last, _ := h.score()
	h.model = to.model
	end, now := h.score()
	if end != last {
		add(Contribution{Kind: FromModel, Text: modelText(from.model, to.model) + h.changedRules(after)}, end-last)
	}
	x.After, x.Change = now.Float(), (now - published).Float()
	add(Contribution{Kind: FromRounding, Text: "rounding of the published scores"}, (now-published)-(end-first))
	return x, nil
}

func modelText(before, after *Model) string {
	name := func(m *Model) string {
		if m.hash == "" {
			return "none"
		}
		return strings.Join(strings.Fields(m.rules.Name+" "+m.rules.Version+" "+m.hash[:12]), " ")
	}
	return "from " + name(before) + " to " + name(after)
}

// maxChangedRules is how many lines a change of model names.
const maxChangedRules = 3

// changedRules names the lines whose points the new model makes others, the
// largest first.
func (h *hybrid) changedRules(after *Explanation) string {
	before := h.from.model.Explain(h.to.account, h.to.at)
	causes := pointCauses(before.parts(""), after.made().parts(""))
	causes = slices.DeleteFunc(causes, func(c Cause) bool { return c.Change == 0 })
	slices.SortStableFunc(causes, func(a, b Cause) int { return cmp.Compare(math.Abs(b.Change), math.Abs(a.Change)) })
	var list []string
	for _, c := range causes[:min(len(causes), maxChangedRules)] {
		list = append(list, shorten(c.Text, maxRuleName)+" "+points(c.Change))
	}
	if len(list) == 0 {
		return ""
	}
	return ": " + some(list, len(causes)-len(list))
}

// change is one difference of the two accounts; set takes it back or makes it.
type change struct {
	Contribution
	set func(after bool)
}

// try makes the changes one by one, then takes them back in the same order,
// which are the effects of making them in the reverse order. It leaves them
// made. Means of an odd number of millionths are rounded up and down in turn,
// so that the sum stays exact.
func (h *hybrid) try(changes []change, start micro.M) []micro.M {
	effects := make([]micro.M, len(changes))
	at := start
	for _, after := range [...]bool{true, false} {
		for i, c := range changes {
			c.set(after)
			next, _ := h.score()
			if after {
				effects[i] += next - at
			} else {
				effects[i] += at - next
			}
			at = next
		}
	}
	up := false
	for i, e := range effects {
		if e&1 != 0 {
			if up = !up; up {
				e++
			} else {
				e--
			}
		}
		effects[i] = e / 2
		changes[i].set(true)
	}
	return effects
}

// hybrid is an account that has some of one account and the rest of another.
type hybrid struct {
	from, to *subject
	model    *Model
	at       time.Time
	account  Account
	logs     []sides[[]Activity]
	contacts []sides[*Contact]
	stale    bool // logs or contacts are newer than the account's
}

// sides is what one name stands for in the two accounts.
type sides[T any] struct {
	name   string
	of     [2]T // before and after
	chosen int
}

func (s *sides[T]) set(after bool) {
	s.chosen = 0
	if after {
		s.chosen = 1
	}
}

func newHybrid(from, to *subject) *hybrid {
	h := &hybrid{from: from, to: to, model: from.model, at: from.at, account: from.account.clone()}
	if h.account.Fields == nil {
		h.account.Fields = map[string]any{}
	}
	if h.account.Refreshed == nil {
		h.account.Refreshed = map[string]time.Time{}
	}
	logs := map[string]int{}
	for side, s := range [...]*subject{from, to} {
		for _, a := range s.account.Activities {
			i, ok := logs[a.Type]
			if !ok {
				i = len(h.logs)
				logs[a.Type] = i
				h.logs = append(h.logs, sides[[]Activity]{name: a.Type})
			}
			h.logs[i].of[side] = append(h.logs[i].of[side], a)
		}
	}
	type nth struct {
		id string
		n  int
	}
	contacts := map[nth]int{}
	for side, s := range [...]*subject{from, to} {
		seen := map[string]int{}
		for i := range s.account.Contacts {
			c := &s.account.Contacts[i]
			key := nth{c.ID, seen[c.ID]}
			seen[c.ID]++
			at, ok := contacts[key]
			if !ok {
				at = len(h.contacts)
				contacts[key] = at
				h.contacts = append(h.contacts, sides[*Contact]{name: c.ID})
			}
			h.contacts[at].of[side] = c
		}
	}
	return h
}

// score gives the score before its rounding, and as it is published.
func (h *hybrid) score() (exact, published micro.M) {
	if h.stale {
		h.account.Activities, h.account.Contacts = h.account.Activities[:0:0], h.account.Contacts[:0:0]
		for i := range h.logs {
			h.account.Activities = append(h.account.Activities, h.logs[i].of[h.logs[i].chosen]...)
		}
		for i := range h.contacts {
			if c := h.contacts[i].of[h.contacts[i].chosen]; c != nil {
				h.account.Contacts = append(h.account.Contacts, *c)
			}
		}
		h.stale = false
	}
	m := h.model
	s := m.scratch()
	defer m.release(s)
	s.run(h.account, h.at)
	// Far beyond any points that can be told apart as a float64.
	const most = 1 << 60
	return s.total.at.Clamp(m.lo, m.hi).Clamp(-most, most), s.score.at.Clamp(-most, most)
}

// changes lists the differences of the two accounts that a model could read.
func (h *hybrid) changes() []change {
	lists := [...][]change{h.fieldChanges(), h.logChanges(), h.contactChanges(FromContactJoined), h.contactChanges(FromContactChanged), h.contactChanges(FromContactLeft)}
	most := h.most() / len(lists)
	var all []change
	for _, list := range lists {
		if len(list) > most {
			list = append(list[:most-1:most-1], together(list[most-1:]))
		}
		all = append(all, list...)
	}
	return all
}

// maxAttributionWork bounds what trying the changes takes, in rules tried on
// things: tens of nanoseconds each.
const maxAttributionWork = 1 << 24

// most is how many changes are tried by themselves.
func (h *hybrid) most() int {
	size := 1 + len(h.logs)
	for i := range h.contacts {
		size++
		for _, c := range h.contacts[i].of {
			if c != nil {
				size += len(c.Activities)
			}
		}
	}
	for i := range h.logs {
		size += len(h.logs[i].of[0]) + len(h.logs[i].of[1])
	}
	rules := 1
	for _, m := range [...]*Model{h.from.model, h.to.model} {
		for i := range m.dims {
			for range m.dims[i].eachRule {
				rules++
			}
		}
	}
	return min(max(maxAttributionWork/(2*rules*size), 10), 1000)
}

// together makes one change of many.
func together(list []change) change {
	what := map[ContributionKind]string{FromData: "fields", FromActivity: "types of activity"}[list[0].Kind]
	if what == "" {
		what = "contacts"
	}
	return change{Contribution{Kind: list[0].Kind, Text: fmt.Sprintf("%d more %s", len(list), what)}, func(after bool) {
		for _, c := range list {
			c.set(after)
		}
	}}
}

// fieldChanges lists the fields that either model reads, in the order of the
// new model, then those of the old one alone. A field is its key in the data:
// its name may differ between the models.
func (h *hybrid) fieldChanges() []change {
	var list []change
	seen := map[string]bool{}
	namesOf := h.names()
	before, after := &h.from.account, &h.to.account
	for _, m := range [...]*Model{h.to.model, h.from.model} {
		for i := range m.fields {
			f := &m.fields[i]
			if !f.read || seen[f.key] {
				continue
			}
			seen[f.key] = true
			names := namesOf[f.key]
			was, had := before.Fields[f.key]
			is, has := after.Fields[f.key]
			same := had == has && reflect.DeepEqual(was, is)
			refreshed := slices.ContainsFunc(names, func(n string) bool { return !before.Refreshed[n].Equal(after.Refreshed[n]) })
			if same && !refreshed {
				continue
			}
			text := f.Name + " from " + f.text(was, had) + " to " + f.text(is, has)
			if same {
				text = f.Name + " refreshed"
			}
			list = append(list, change{Contribution{Kind: FromData, Field: f.Name, Text: text}, func(now bool) {
				side := before
				if now {
					side = after
				}
				h.setField(side, f.key, names)
			}})
		}
	}
	return list
}

// names gives the names that the two models have for each key of the data.
func (h *hybrid) names() map[string][]string {
	names := map[string][]string{}
	for _, m := range [...]*Model{h.from.model, h.to.model} {
		for i := range m.fields {
			if f := &m.fields[i]; !slices.Contains(names[f.key], f.Name) {
				names[f.key] = append(names[f.key], f.Name)
			}
		}
	}
	return names
}

// setField takes a field, with its refresh dates, from one of the accounts.
func (h *hybrid) setField(side *Account, key string, names []string) {
	if v, ok := side.Fields[key]; ok {
		h.account.Fields[key] = v
	} else {
		delete(h.account.Fields, key)
	}
	for _, name := range names {
		if at, ok := side.Refreshed[name]; ok {
			h.account.Refreshed[name] = at
		} else {
			delete(h.account.Refreshed, name)
		}
	}
}

// text tells a value of the field.
func (f *field) text(v any, present bool) string {
	var s cond.Slot
	f.fill(&s, v, present)
	switch state := valueStates[s.State]; {
	case state == ValueInvalid:
		return "what cannot be used, " + got(v)
	case s.State.Missing():
		return string(state)
	}
	return valueText(valueOf(&s, f.typ))
}

func (h *hybrid) logChanges() []change {
	var list []change
	for i := range h.logs {
		l := &h.logs[i]
		if reflect.DeepEqual(l.of[0], l.of[1]) || !h.from.model.reads(l.name) && !h.to.model.reads(l.name) {
			continue
		}
		text := l.name + " " + logText(l.of[0], l.of[1])
		list = append(list, change{Contribution{Kind: FromActivity, Activity: l.name, Text: text}, func(after bool) {
			l.set(after)
			h.stale = true
		}})
	}
	return list
}

// logText says how the activities of one type changed.
func logText(before, after []Activity) string {
	if len(before) != len(after) || len(after) == 0 {
		return fmt.Sprintf("recorded %s, before %s", counted(len(after), "time", "times"), counted(len(before), "time", "times"))
	}
	newest := func(list []Activity) time.Time {
		return slices.MaxFunc(list, func(a, b Activity) int { return a.At.Compare(b.At) }).At
	}
	if was, is := newest(before), newest(after); !was.Equal(is) {
		return fmt.Sprintf("recorded %s as before, the newest on %s instead of %s", counted(len(after), "time", "times"), momentText(is), momentText(was))
	}
	return fmt.Sprintf("recorded %s as before, with other moments or values", counted(len(after), "time", "times"))
}

// contactChange says what changed in a contact: the fields that either model
// reads, then the types of activity.
func (h *hybrid) contactChange(before, after *Contact) string {
	var list []string
	seen := map[string]bool{}
	for _, m := range [...]*Model{h.to.model, h.from.model} {
		for i := range m.contactFields {
			f := &m.contactFields[i]
			was, had := before.Fields[f.key]
			is, has := after.Fields[f.key]
			if !seen[f.key] && (had != has || !reflect.DeepEqual(was, is)) {
				list = append(list, f.Name+" from "+f.text(was, had)+" to "+f.text(is, has))
			}
			seen[f.key] = true
		}
	}
	var types []string
	logs := map[string]*[2][]Activity{}
	for side, c := range [...]*Contact{before, after} {
		for _, a := range c.Activities {
			if logs[a.Type] == nil {
				logs[a.Type] = &[2][]Activity{}
				types = append(types, a.Type)
			}
			logs[a.Type][side] = append(logs[a.Type][side], a)
		}
	}
	for _, name := range types {
		if l := logs[name]; !reflect.DeepEqual(l[0], l[1]) && (h.from.model.reads(name) || h.to.model.reads(name)) {
			list = append(list, name+" "+logText(l[0], l[1]))
		}
	}
	return some(list, 0)
}

// reads tells whether the model reads a type of activity.
func (m *Model) reads(activity string) bool {
	i, ok := m.activityIndex[activity]
	return ok && m.activities[i].read
}

// contactChanges lists the contacts that joined, changed or left.
func (h *hybrid) contactChanges(kind ContributionKind) []change {
	var list []change
	for i := range h.contacts {
		c := &h.contacts[i]
		is := FromContactChanged
		switch {
		case c.of[0] == nil:
			is = FromContactJoined
		case c.of[1] == nil:
			is = FromContactLeft
		case reflect.DeepEqual(c.of[0], c.of[1]):
			continue
		}
		if is != kind {
			continue
		}
		text := contactText(c.name)
		if is == FromContactChanged {
			if what := h.contactChange(c.of[0], c.of[1]); what != "" {
				text += ": " + what
			}
		}
		list = append(list, change{Contribution{Kind: kind, Contact: c.name, Text: text}, func(after bool) {
			c.set(after)
			h.stale = true
		}})
	}
	return list
}
