package main

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
)

// surveyed is how many accounts are looked at closely. Whether a field is ever
// set is known of all of them.
const surveyed = 1000

// survey finds out what the data and the ruleset did not make of each other,
// so that a misspelt column is not mistaken for missing data.
type survey struct {
	l        *loaded
	mu       sync.Mutex // headers come from the goroutine that reads
	accounts int
	contacts bool // any account has one

	fields        []unused // of the account that something reads, never set so far
	contactFields []unused
	activities    []string // types never seen so far
	rules         []string // without an answer so far

	heads []string // columns and keys that nothing reads, as met
	known map[string]bool
	types map[string]bool // of activities that the ruleset does not know
	read  map[string]bool // keys that it reads
}

// unused is a field that never had a value.
type unused struct {
	name, key string
	mapped    bool // it was there, but empty
}

func newSurvey(l *loaded) *survey {
	s := &survey{l: l, known: map[string]bool{}, types: map[string]bool{}, read: map[string]bool{}}
	for f, readers := range l.model.Fields() {
		s.read[f.Key()] = true
		if len(readers) > 0 {
			s.fields = append(s.fields, unused{name: f.Name, key: f.Key()})
		}
	}
	for _, f := range l.checked.ContactFields {
		s.contactFields = append(s.contactFields, unused{name: f.Name, key: f.Key()})
	}
	for _, a := range l.checked.Activities {
		s.activities = append(s.activities, a.Name)
	}
	for _, r := range l.model.CaseCoverage() {
		s.rules = append(s.rules, r.Rule)
	}
	return s
}

// header takes the columns that the ruleset does not read.
func (s *survey) header(_ string, heads []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unread(heads)
}

func (s *survey) unread(heads []string) {
	for _, head := range heads {
		if !s.known[head] {
			s.known[head] = true
			s.heads = append(s.heads, head)
		}
	}
}

// watching tells whether each account is still to be observed: closely, or for
// something that none had so far and that columns do not show.
func (s *survey) watching(columns bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accounts < surveyed || !columns && len(s.fields)+len(s.contactFields)+len(s.activities) > 0
}

// columns takes accounts of a file of columns, which have neither contacts nor
// activities; fill tells whether a field has a column, and a value in any of
// them.
func (s *survey) columns(accounts int, fill func(key string) (there, filled bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts += accounts
	still := s.fields[:0]
	for _, f := range s.fields {
		if there, filled := fill(f.key); !filled {
			f.mapped = f.mapped || there
			still = append(still, f)
		}
	}
	s.fields = still
}

// observe looks at an account and its result.
func (s *survey) observe(a *accountscore.Account, r *accountscore.Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts++
	s.fields = stillUnused(s.fields, a.Fields)
	s.log(a.Activities)
	for i := range a.Contacts {
		s.contacts = true
		s.contactFields = stillUnused(s.contactFields, a.Contacts[i].Fields)
		s.log(a.Contacts[i].Activities)
	}
	if s.accounts > surveyed {
		return
	}
	var heads []string
	for key := range a.Fields {
		if !s.read[key] && !s.known[key] {
			heads = append(heads, key)
		}
	}
	slices.Sort(heads)
	s.unread(heads)
	if len(s.rules) == 0 {
		return
	}
	answered := map[string]bool{}
	x := s.l.model.Explain(*a, r.At)
	for i := range x.Dimensions {
		d := &x.Dimensions[i]
		answer(d.Groups, answered)
		if d.Contacts != nil {
			for k := range d.Contacts.Contacts {
				answer(d.Contacts.Contacts[k].Groups, answered)
			}
		}
	}
	s.rules = slices.DeleteFunc(s.rules, func(id string) bool { return answered[id] })
}

func answer(groups []accountscore.GroupExplanation, answered map[string]bool) {
	for _, g := range groups {
		for _, r := range g.Rules {
			if r.State != accountscore.StateUnknown {
				answered[r.ID] = true
			}
		}
	}
}

// stillUnused drops the fields that have a value here.
func stillUnused(fields []unused, values map[string]any) []unused {
	still := fields[:0]
	for _, f := range fields {
		v, there := values[f.key]
		text, isText := v.(string)
		if !there || v == nil || isText && strings.TrimSpace(text) == "" {
			f.mapped = f.mapped || there
			still = append(still, f)
		}
	}
	return still
}

func (s *survey) log(log []accountscore.Activity) {
	for i := range log {
		typ := log[i].Type
		if at := slices.Index(s.activities, typ); at >= 0 {
			s.activities = slices.Delete(s.activities, at, at+1)
		}
		if s.accounts <= surveyed && !s.types[typ] && !slices.ContainsFunc(s.l.checked.Activities, func(a dsl.ActivityType) bool { return a.Name == typ }) {
			s.types[typ] = true
		}
	}
}

// report says it all.
func (s *survey) report(note func(format string, args ...any)) {
	if s.accounts == 0 {
		return
	}
	if len(s.heads) > 0 {
		note("columns that the ruleset does not read: %s", listed(s.heads, 20))
	}
	s.nearMisses(note)
	say := func(what string, names []string) {
		if len(names) > 0 {
			note("%s: %s", what, listed(names, 20))
		}
	}
	say("fields without a value in any account", names(s.fields))
	if s.contacts {
		say("fields without a value in any contact", names(s.contactFields))
	} else if len(s.contactFields) > 0 {
		note("no account has a contact")
	}
	say("activities that never happened", s.activities)
	say("activities that the ruleset does not know", slices.Sorted(maps.Keys(s.types)))
	of := "any account"
	if s.accounts > surveyed {
		of = "any of the first " + grouped(surveyed) + " accounts"
	}
	say("rules without an answer for "+of, s.rules)
}

func names(fields []unused) []string {
	list := make([]string, len(fields))
	for i, f := range fields {
		var about []string
		if f.key != f.name {
			about = append(about, "from "+quoted(f.key))
		}
		if f.mapped {
			about = append(about, "always empty")
		}
		if list[i] = f.name; len(about) > 0 {
			list[i] += " (" + strings.Join(about, ", ") + ")"
		}
	}
	return list
}

// nearMisses points out columns that differ from a field's name in the source
// only in case, spaces and punctuation, or that have the field's own name.
func (s *survey) nearMisses(note func(format string, args ...any)) {
	for _, head := range s.heads {
		for _, f := range s.fields {
			if fold(head) == fold(f.key) || fold(head) == fold(f.name) {
				note("  %s is read by nothing, while the field %s waits for %s: rename the column, or write `from %s` at the field",
					quoted(head), f.name, quoted(f.key), quoted(head))
			}
		}
	}
}

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
