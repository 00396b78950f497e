package accountscore

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// change is one difference of the two accounts. Its parts are made one after
// the other, in their order; set makes the first ones alone, none of them with 0.
type change struct {
	parts []Contribution
	set   func(made int)
}

// oneChange is a change in one part.
func oneChange(c Contribution, set func(after bool)) change {
	return change{[]Contribution{c}, func(made int) { set(made > 0) }}
}

// changes lists the differences of the two accounts that a model could read.
func (h *hybrid) changes() []change {
	lists := [...][]change{h.fieldChanges(), h.logChanges(), h.contactChanges(FromContactJoined), h.contactChanges(FromContactChanged), h.contactChanges(FromContactLeft)}
	most := h.most() / len(lists)
	var all []change
	for _, list := range lists {
		if len(list) > most {
			list = append(list[:most-1:most-1], together(list[most-1:], many))
		}
		all = append(all, list...)
	}
	return all
}

// many names what a change of is one of.
func many(c *Contribution) string {
	switch c.Kind {
	case FromData:
		return "fields"
	case FromActivity:
		return "types of activity"
	}
	return "contacts"
}

// maxAttributionWork bounds what trying the changes takes, in rules tried on
// things: tens of nanoseconds each.
const maxAttributionWork = 1 << 24

// most is how many changes are tried by themselves.
func (h *hybrid) most() int {
	return min(max(maxAttributionWork/(2*h.size()), 10), 1000)
}

// size is what a scoring by the old model takes: its rules, tried on all things
// of both accounts.
func (h *hybrid) size() int {
	things := 1 + len(h.logs)
	for i := range h.contacts {
		things++
		for _, c := range h.contacts[i].of {
			if c != nil {
				things += len(c.Activities)
			}
		}
	}
	for i := range h.logs {
		things += len(h.logs[i].of[0]) + len(h.logs[i].of[1])
	}
	rules := 1
	for i := range h.from.model.dims {
		for range h.from.model.dims[i].eachRule {
			rules++
		}
	}
	return rules * things
}

// together makes one change of many that have the same parts. What says what
// they are, and how each part of them changed.
func together(list []change, what func(*Contribution) string) change {
	parts := slices.Clone(list[0].parts)
	for i := range parts {
		parts[i] = Contribution{Kind: parts[i].Kind, Lapse: parts[i].Lapse, Text: strconv.Itoa(len(list)) + " more " + what(&parts[i])}
	}
	return change{parts, func(made int) {
		for _, c := range list {
			c.set(made)
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
			list = append(list, oneChange(Contribution{Kind: FromData, Field: f.Name, Text: text}, func(now bool) {
				side := before
				if now {
					side = after
				}
				h.setField(side, f.key, names)
			}))
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
		return got(v) + " (cannot be used)"
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
		list = append(list, oneChange(Contribution{Kind: FromActivity, Activity: l.name, Text: text}, func(after bool) {
			l.set(after)
			h.stale = true
		}))
	}
	return list
}

// logText says how the activities of one type changed.
func logText(before, after []Activity) string {
	if len(before) != len(after) {
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
		list = append(list, oneChange(Contribution{Kind: kind, Contact: c.name, Text: text}, func(after bool) {
			c.set(after)
			h.stale = true
		}))
	}
	return list
}
