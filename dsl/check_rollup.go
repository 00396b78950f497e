package dsl

import (
	"fmt"

	"github.com/accountscore/accountscore/internal/cond"
)

// checkRollup checks the contacts block of a dimension and reads its formulas.
func (c *checker) checkRollup(d *Dimension, path string) {
	r, s := d.Contacts, scope{kind: contactScope}
	c.read(&r.Score, s, cond.Number, "the score of a contact", path+", score")
	if r.Cap != nil && c.within(*r.Cap, 0, maxContactScore, d.Pos, path, "the cap") && *r.Cap == 0 {
		c.wrong(d.Pos, path, CodeValue, "write a number above zero", "the cap is 0, so no contact would count")
	}
	if r.Decay != nil {
		c.checkDecay(r.Decay, s, c.posOr(r.Decay.Pos, d.Pos), path+", decay")
	}
	if r.Weight != nil {
		w, pos, path := r.Weight, c.posOr(r.Weight.Pos, d.Pos), path+", weight"
		if w.Of.IsZero() || len(w.Table) == 0 {
			c.wrong(pos, path, CodeStructure, "write `weight seniority { vp: 1.5, else: 1 }`", "the weight wants a value and a table")
		}
		c.table(c.read(&w.Of, s, keysType(w.Table), tableKeys, path), w.Table, pos, -maxContactWeight, maxContactWeight, path)
	}
	if r.Combine != nil {
		c.checkCombine(r.Combine, c.posOr(r.Combine.Pos, d.Pos), path+", combine")
	}
	if r.Engaged != nil {
		e, pos, path := r.Engaged, c.posOr(r.Engaged.Pos, d.Pos), path+", engaged"
		c.within(e.AtLeast, 0, maxContactScore, pos, path, "the threshold of `engaged`")
		if e.DistinctBy != "" {
			c.readName(e.DistinctBy, pos, s, cond.Text, "`distinct by`", path)
		}
	}
	if r.Bonus != nil {
		c.checkBonus(r.Bonus, c.posOr(r.Bonus.Pos, d.Pos), path+", bonus")
	}
	if r.Committee != nil {
		c.checkCommittee(r.Committee, s, c.posOr(r.Committee.Pos, d.Pos), path+", committee")
	}
}

func (c *checker) checkDecay(d *Decay, s scope, pos Pos, path string) {
	switch {
	case d.HalfLife < 0 || d.Linear < 0 || d.Within < 0:
		c.wrong(pos, path, CodeValue, "write a length of time, as in 30d", "a length of time of the decay is negative")
	case d.HalfLife > 0 && d.Linear > 0:
		c.wrong(pos, path, CodeStructure, "keep one of them", "a decay has a `half-life` or is `linear`, not both")
	case d.HalfLife == 0 && d.Linear == 0:
		c.wrong(pos, path, CodeValue, "write `decay half-life 30d since FIELD`", "a decay wants a half-life of at least one day")
	}
	if d.Since == "" {
		c.wrong(pos, path, CodeStructure, "write `since FIELD`", "a decay wants a time to count from")
		return
	}
	c.readName(d.Since, pos, s, cond.Time, "`since`", path)
}

func (c *checker) checkCombine(b *Combine, pos Pos, path string) {
	switch {
	case b.Factor != 0 && b.Kind != Ranked && b.Kind != Best:
		c.wrong(pos, path, CodeStructure, "leave it out", "`%s` has no factor", clipText(string(b.Kind), 40))
	case b.N != 0 && b.Kind != Top:
		c.wrong(pos, path, CodeStructure, "leave it out", "`%s` has no number of contacts", clipText(string(b.Kind), 40))
	}
	switch b.Kind {
	case Ranked:
		c.within(b.Factor, 0, 1, pos, path, "the factor of `ranked`")
	case Best:
		c.within(b.Factor, 0, 1, pos, path, "the share of `best`")
	case Top:
		if b.N < 1 || b.N > million {
			c.wrong(pos, path, CodeValue, "write `top 3`", "`top` wants a number of contacts, at least one")
		}
	case Sum, Max, Mean, WeightedMean:
	default:
		c.wrong(pos, path, CodeStructure, "use ranked 0.8, sum, max, top 3, mean, weighted mean or best 60%", "`%s` is no way to combine contacts", clipText(string(b.Kind), 40))
	}
}

func (c *checker) checkBonus(b *Bonus, pos Pos, path string) {
	if len(b.Steps) > 0 {
		if b.Rate != 0 || b.Falling != 0 {
			c.wrong(pos, path, CodeStructure, "keep one of them", "a bonus is a curve or a table, not both")
		}
		seen := map[int]bool{}
		for i := range b.Steps {
			s := &b.Steps[i]
			pos := c.posOr(s.Pos, pos)
			switch {
			case s.N < 1:
				c.wrong(pos, path, CodeValue, "write a number of contacts, as in `2: +10`", "a bonus begins at one contact, not at %d", s.N)
			case seen[s.N]:
				c.wrong(pos, path, CodeDuplicate, "drop one", "the bonus for %d contacts is given twice", s.N)
			}
			seen[s.N] = true
			c.points(s.Points, pos, path, "the bonus")
		}
		return
	}
	c.within(b.Rate, 0, maxRate, pos, path, "the rate of the bonus")
	c.within(b.Falling, 0, 1, pos, path, "the factor after `falling`")
}

func (c *checker) checkCommittee(m *Committee, s scope, pos Pos, path string) {
	if m.Field == "" {
		c.wrong(pos, path, CodeStructure, "write `committee by role { champion: 1 }`", "the committee wants a field")
	} else {
		u := c.readName(m.Field, pos, s, cond.Text, "`committee by`", path)
		c.tables = append(c.tables, keyed{of: u, entries: roleEntries(m.Roles, pos), path: path})
	}
	if len(m.Roles) == 0 {
		c.wrong(pos, path, CodeStructure, "write `committee by role { champion: 1 }`", "the committee needs nobody")
	}
	seen := map[string]bool{}
	field := c.contactByName[m.Field]
	for i := range m.Roles {
		r := &m.Roles[i]
		name := r.Name
		if field != nil && field.IgnoringCase {
			name = cond.Fold(name)
		}
		pos := c.posOr(r.Pos, pos)
		switch {
		case r.Need < 1 || r.Need > million:
			c.wrong(pos, path, CodeValue, "write a number above zero, or drop the role", "the committee needs %d of `%s`", r.Need, clipText(r.Name, 40))
		case r.Name == "":
			c.wrong(pos, path, CodeStructure, "give it one", "a role of the committee has no name")
		case seen[name]:
			c.wrong(pos, path, CodeDuplicate, "add the numbers up", "the committee has the role `%s` twice", clipText(r.Name, 40))
		}
		seen[name] = true
	}
}

// roleEntries gives the roles of a committee the form of a table, whose keys
// must be values of the field too.
func roleEntries(roles []Role, pos Pos) []Entry {
	entries := make([]Entry, len(roles))
	for i, r := range roles {
		entries[i] = Entry{Pos: r.Pos, Key: Key{Kind: KeyText, Text: r.Name}}
		if !r.Pos.IsValid() {
			entries[i].Pos = pos
		}
	}
	return entries
}

// checkUses checks what could only be checked once types are known: the keys
// of tables, and cases.
func (c *checker) checkUses() {
	for _, t := range c.tables {
		c.checkTableKeys(t)
	}
	c.checkCases()
}

// tableKeys is what wants the value that a table is over, for errors.
const tableKeys = "a table with these keys"

func (c *checker) checkTableKeys(t keyed) {
	if t.of.node == nil {
		return
	}
	var typ cond.Type
	field := c.fieldOf(t.of.scope, t.of.node)
	if t.of.f != nil {
		n := c.out.nodes[t.of.f]
		if n == nil {
			return
		}
		typ = n.Type
	} else if field != nil {
		typ = field.typ
	}
	if typ != cond.Number && typ != cond.Text && typ != cond.NoType && keysType(t.entries) == cond.NoType {
		c.fault(t.of.at, t.of.node.Pos(), CodeType, "write a condition for each case", "a table is over a number or a text, and `%s` is %s", short(t.of.node), aType(typ))
		return
	}
	if _, plain := t.of.node.(*Name); !plain || field == nil || len(field.OneOf) == 0 || typ != cond.Text {
		return
	}
	for i := range t.entries {
		k := t.entries[i].Key
		if k.Kind == KeyText && !field.allows(k.Text) {
			c.wrong(t.entries[i].Pos, fmt.Sprintf("%s, key %s", t.path, k.Text), CodeValue, c.oneOfFix(field, k.Text), "`%s` is never `%s`", field.Name, clipText(k.Text, 40))
		}
	}
}
