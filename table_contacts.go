package accountscore

import (
	"slices"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// boundCrowd is the contacts of a table, made ready for blocks.
type boundCrowd struct {
	fields []blockField
	score  int // place in fields, -1: none
	since  int
	keys   *tableKeys  // of "distinct by", nil: none
	roles  *tableKeys  // of the committee, nil: none
	usual  *plainCrowd // nil: they have another form
}

// tableKeys are what contacts are told apart by, once each.
type tableKeys struct {
	column *column
	ids    []int32 // by code plus one
	n      int
	roles  [][]int // by code plus one: the roles that it is
}

// gather makes the contacts ready; nil where they must be gone through row by row.
func (b *boundTable) gather(r *columnarRollup, at int64) *boundCrowd {
	if b.persons == nil {
		return &boundCrowd{score: -1, since: -1}
	}
	c := &boundCrowd{fields: prepare(b.contacts, r.crowd.lookups(), b.m.contactFields, b.persons.n, at), score: -1, since: -1}
	for i := range c.fields {
		switch slot := c.fields[i].slot; slot {
		case r.score:
			c.score = i
		case r.since:
			c.since = i
		}
	}
	ok := true
	if r.distinct >= 0 {
		c.keys, ok = r.keysOf(b, c, r.distinct)
	}
	if r.role >= 0 && ok {
		c.roles, ok = r.keysOf(b, c, r.role)
	}
	if !ok {
		return nil
	}
	c.usual = c.plain(r)
	return c
}

// keysOf tells the texts of a field apart, if they stand once each.
func (r *columnarRollup) keysOf(b *boundTable, c *boundCrowd, slot int) (*tableKeys, bool) {
	i := slices.IndexFunc(c.fields, func(f blockField) bool { return f.slot == slot })
	f, field := &c.fields[i], &b.m.contactFields[slot]
	k := &tableKeys{column: f.column}
	var texts []string
	if f.column != nil {
		if f.column.kind != dictColumn {
			return nil, false
		}
		texts = f.column.texts
	}
	ids := map[string]int32{}
	var room []byte
	for code := -1; code < len(texts); code++ {
		var s cond.Slot
		if code >= 0 {
			field.fill(&s, texts[code], true)
		}
		field.age(&s, time.Time{}, 0)
		name := r.key(field, &s, &room)
		id, ok := ids[name]
		if !ok {
			id = int32(len(ids))
			ids[name] = id
		}
		k.ids = append(k.ids, id)
		counts := make([]int, len(r.roles))
		r.countRole(counts, field, &s, 1)
		var roles []int
		for role, n := range counts {
			if n > 0 {
				roles = append(roles, role)
			}
		}
		k.roles = append(k.roles, roles)
	}
	k.n = len(ids)
	return k, true
}

// place gives the place of a contact's text in ids and roles.
func (k *tableKeys) place(row int) int {
	c := k.column
	if c == nil || c.known != nil && !c.known.Get(row) {
		return 0
	}
	if code := int(c.codes[row]); code >= 0 && code < len(c.texts) {
		return 1 + code
	}
	return 0
}
