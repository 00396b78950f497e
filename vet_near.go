package accountscore

import (
	"fmt"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/spell"
)

// Where nothing is declared, a misspelt name is one more field, and always
// missing. Two names that are one slip apart are reported with both places.

// maxNear is how many names are compared with each other, in order of first
// use.
const maxNear = 300

// placed is a name and where it was first read.
type placed struct {
	name string
	pos  dsl.Pos
}

// nearNames reports inferred names that may be one name and a slip of it.
func (v *vet) nearNames() {
	m := v.m
	if len(m.rules.Fields) == 0 && !v.declaresContacts() {
		fields := v.placed(m.fields)
		v.near("field", fields)
		v.near("contact field", v.placed(m.contactFields))
		v.named(fields)
	}
	if len(m.rules.Activities) > 0 {
		return
	}
	activities := make([]placed, len(m.activities))
	for i := range m.activities {
		a := &m.activities[i]
		if activities[i].name = a.name; m.rules.Source != "" {
			activities[i].pos = a.pos
		}
		v.near("field of the activity "+a.name, v.placed(a.fields))
	}
	v.near("activity", activities)
}

// placed gives the names of fields, with their places where the ruleset has
// text: those of a formula alone count from its own beginning.
func (v *vet) placed(fields []field) []placed {
	list := make([]placed, len(fields))
	for i := range fields {
		list[i].name = fields[i].Name
		if v.m.rules.Source != "" {
			list[i].pos = fields[i].Pos
		}
	}
	return list
}

func (v *vet) near(what string, names []placed) {
	names = names[:min(len(names), maxNear)]
	for i, name := range names {
		for _, first := range names[:i] {
			if !spell.Slip(first.name, name.name) {
				continue
			}
			at := ""
			if first.pos.IsValid() {
				at = fmt.Sprintf(" at %s", first.pos)
			}
			v.report(VetNearName, Warning, name.pos, what+" "+name.name, "write one of them in both places; if both are meant, declare them",
				"`%s` is one slip from `%s`%s, and both are read", name.name, first.name, at)
			break
		}
	}
}

// named reports inferred fields that have the name of an activity.
func (v *vet) named(fields []placed) {
	activities := map[string]bool{}
	for i := range v.m.activities {
		activities[v.m.activities[i].name] = true
	}
	for _, f := range fields {
		if activities[f.name] {
			v.report(VetNearName, Warning, f.pos, "field "+f.name, fmt.Sprintf("ask the log: `count(%s, 90d) > 2`; if it is a field, declare the fields", f.name),
				"`%s` is read as a field here, and is an activity", f.name)
		}
	}
}
