package main

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/spell"
)

// surveyed is how many accounts are looked at closely. Whether a field is ever
// set is known of all of them.
const surveyed = 1000

// maxMet bounds the names of one kind that are remembered as met: a file may
// have other keys in every account.
const maxMet = 1000

// survey finds out what the data and the ruleset did not make of each other,
// so that a misspelt column is not mistaken for missing data.
type survey struct {
	l        *loaded
	mu       sync.Mutex // headers come from the goroutine that reads
	accounts int
	contacts bool // any account has one

	ofAccounts, ofContacts, ofActivities *place

	activities []string // types never seen so far
	rules      []string // without an answer so far
	types      met      // of activities that the ruleset does not know
	tiers      met      // before this scoring, that the ruleset does not have
}

// place is where data has columns or keys: accounts, contacts or activities.
type place struct {
	of     string          // "", " of contacts" or " of activities"
	fields []unused        // that something reads, never set so far
	read   map[string]bool // keys of all fields
	heads  met             // columns and keys that nothing reads
}

// unused is a field that never had a value.
type unused struct {
	name, key string
	typ       string // of the activity whose field it is
	mapped    bool   // it was there, but empty
	possible  bool   // there was something that could have it
}

// title names the field as messages do.
func (u unused) title() string {
	if u.typ == "" {
		return u.name
	}
	return u.typ + "." + u.name
}

// met is names in the order in which they were met.
type met struct {
	names []string
	known map[string]bool
}

func (m *met) add(names ...string) {
	for _, name := range names {
		if m.known[name] || len(m.names) == maxMet {
			continue
		}
		if m.known == nil {
			m.known = map[string]bool{}
		}
		m.known[name] = true
		m.names = append(m.names, name)
	}
}

func newSurvey(l *loaded) *survey {
	s := &survey{l: l}
	s.ofAccounts = &place{read: map[string]bool{}}
	for f, readers := range l.model.Fields() {
		s.ofAccounts.read[f.Key()] = true
		if len(readers) > 0 {
			s.ofAccounts.wait(f, "")
		}
	}
	s.ofContacts = &place{of: " of contacts", read: map[string]bool{}}
	for _, f := range l.model.ContactFields() {
		s.ofContacts.wait(f, "")
	}
	s.ofActivities = &place{of: " of activities", read: map[string]bool{}}
	for _, a := range l.model.Activities() {
		s.activities = append(s.activities, a.Name)
		for _, f := range a.Fields {
			s.ofActivities.wait(f, a.Name)
		}
	}
	for _, r := range l.model.CaseCoverage() {
		s.rules = append(s.rules, r.Rule)
	}
	return s
}

func (p *place) wait(f accountscore.Field, typ string) {
	p.fields = append(p.fields, unused{name: f.Name, key: f.Key(), typ: typ})
	p.read[f.Key()] = true
}

// header takes the columns of accounts that the ruleset does not read.
func (s *survey) header(_ string, heads []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ofAccounts.heads.add(heads...)
}

// joined takes the columns of further files that the ruleset does not read.
func (s *survey) joined(j *joins) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ofContacts.heads.add(j.unreadContacts...)
	s.ofActivities.heads.add(j.unreadActivities...)
}

// watching tells whether each account is still to be observed: closely, or for
// something that none had so far and that columns do not show.
func (s *survey) watching(columns bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accounts < surveyed || !columns && len(s.ofAccounts.fields)+len(s.ofContacts.fields)+len(s.ofActivities.fields)+len(s.activities) > 0
}

// columns takes accounts of a file of columns, which have neither contacts nor
// activities; fill tells whether a field has a column, and a value in any of
// them.
func (s *survey) columns(accounts int, fill func(key string) (there, filled bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts += accounts
	still := s.ofAccounts.fields[:0]
	for _, f := range s.ofAccounts.fields {
		if there, filled := fill(f.key); !filled {
			f.mapped = f.mapped || there
			still = append(still, f)
		}
	}
	s.ofAccounts.fields = still
}

// observe looks at an account and its result.
func (s *survey) observe(a *accountscore.Account, r *accountscore.Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts++
	closely := s.accounts <= surveyed
	s.ofAccounts.look(a.Fields, "", closely)
	s.log(a.Activities, closely)
	for i := range a.Contacts {
		s.contacts = true
		s.ofContacts.look(a.Contacts[i].Fields, "", closely)
		s.log(a.Contacts[i].Activities, closely)
	}
	if !s.l.hasTier(a.PrevTier) {
		s.tiers.add(a.PrevTier)
	}
	if !closely {
		return
	}
	var dated []string
	for name := range a.Refreshed {
		if !slices.ContainsFunc(s.l.checked.Fields, func(f accountscore.Field) bool { return f.Name == name }) {
			dated = append(dated, refreshedHead+"."+name)
		}
	}
	slices.Sort(dated)
	s.ofAccounts.heads.add(dated...)
	s.answers(a, r)
}

// look takes the fields that have a value here off those that wait, and
// closely the keys that nothing reads.
func (p *place) look(values map[string]any, typ string, closely bool) {
	still := p.fields[:0]
	for _, f := range p.fields {
		if f.typ != typ {
			still = append(still, f)
			continue
		}
		v, there := values[f.key]
		text, isText := v.(string)
		if !there || v == nil || isText && strings.TrimSpace(text) == "" {
			f.mapped, f.possible = f.mapped || there, true
			still = append(still, f)
		}
	}
	p.fields = still
	if !closely {
		return
	}
	var heads []string
	for key := range values {
		if !p.read[key] && !p.heads.known[key] {
			heads = append(heads, key)
		}
	}
	slices.Sort(heads)
	p.heads.add(heads...)
}

// log looks at activities. Nothing more is said of those that the ruleset does
// not know.
func (s *survey) log(log []accountscore.Activity, closely bool) {
	for i := range log {
		typ := log[i].Type
		if at := slices.Index(s.activities, typ); at >= 0 {
			s.activities = slices.Delete(s.activities, at, at+1)
		}
		if slices.ContainsFunc(s.l.checked.Activities, func(a dsl.ActivityType) bool { return a.Name == typ }) {
			s.ofActivities.look(log[i].Fields, typ, closely)
		} else if closely {
			s.types.add(typ)
		}
	}
}

// answers takes the rules that have an answer here off those that wait.
func (s *survey) answers(a *accountscore.Account, r *accountscore.Result) {
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

// report says it all.
func (s *survey) report(note func(format string, args ...any)) {
	if s.accounts == 0 {
		return
	}
	say := func(what string, names []string) {
		if len(names) > 0 {
			note("%s: %s", what, listed(names, 20))
		}
	}
	for _, p := range []*place{s.ofAccounts, s.ofContacts, s.ofActivities} {
		say("columns"+p.of+" that the ruleset does not read", p.heads.names)
		p.nearMisses(note)
	}
	say("fields without a value in any account", names(s.ofAccounts.fields))
	if s.contacts {
		say("fields without a value in any contact", names(s.ofContacts.fields))
	} else if len(s.ofContacts.fields) > 0 {
		note("no account has a contact")
	}
	// Of activities that never happened no field has a value.
	say("fields without a value in any activity", names(slices.DeleteFunc(slices.Clone(s.ofActivities.fields), func(f unused) bool { return !f.possible })))
	say("activities that never happened", s.activities)
	say("activities that the ruleset does not know", meant(s.types.names, s.l.activities()))
	say("tiers in prev_tier that the ruleset does not have", meant(s.tiers.names, s.l.tiers()))
	of := "any account"
	if s.accounts > surveyed {
		of = "any of the first " + grouped(surveyed) + " accounts"
	}
	say("rules without an answer for "+of, s.rules)
}

// meant adds to each name what it was probably meant to be.
func meant(names, among []string) []string {
	var speller spell.Speller
	list := slices.Clone(names)
	for i, name := range names {
		if near := speller.Suggest(name, among); near != "" {
			list[i] += " (did you mean " + near + "?)"
		}
	}
	return list
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
		if list[i] = f.title(); len(about) > 0 {
			list[i] += " (" + strings.Join(about, ", ") + ")"
		}
	}
	return list
}

// maxMisses bounds the columns that are pointed out.
const maxMisses = 20

// nearMisses points out columns that differ from a field's name in the source
// only in case, spaces and punctuation, or that have the field's own name, and
// those that differ by a slip of the pen.
func (p *place) nearMisses(note func(format string, args ...any)) {
	var speller spell.Speller
	told := 0
	for _, head := range p.heads.names {
		for _, f := range p.fields {
			sure := fold(head) == fold(f.key) || fold(head) == fold(f.name)
			if !sure && speller.Suggest(head, []string{f.key, f.name}) == "" {
				continue
			}
			if told++; told > maxMisses {
				return
			}
			perhaps := ""
			if !sure {
				perhaps = "if that is it, "
			}
			note("  %s is read by nothing, while the field %s waits for %s: %srename the column, or write `from %s` at the field",
				quoted(head), f.title(), quoted(f.key), perhaps, quoted(head))
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
