package accountscore

import (
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// Texts of activities and contacts that are asked for their parts.

// contactTests gives, for each field of contacts, what the block asks of parts of
// its text.
func (l *lifter) contactTests() [][]*cond.Node {
	var of []*cond.Node
	for _, p := range l.model.rollup.probes() {
		of = append(of, p.leaf)
	}
	return l.textTests(of, len(l.model.contactFields))
}

// textTests gives, for each field of activities of a type, or of contacts, the
// tests within some conditions that ask for parts of its text alone. Where there
// are some, not all texts are tried that there could be.
func (l *lifter) textTests(of []*cond.Node, fields int) [][]*cond.Node {
	list := make([][]*cond.Node, fields)
	for _, n := range of {
		n.Walk(func(n *cond.Node) {
			if n.Type != cond.Bool || !asksForParts(n) {
				return
			}
			l.untold = true
			slot, alone := -1, true
			n.Walk(func(m *cond.Node) {
				switch {
				case m.Op == cond.Field && (m.Space == cond.Contact || m.Space == cond.Activity) && (slot < 0 || slot == m.Slot):
					slot = m.Slot
				case m.Op == cond.Field, m.Op == cond.Metric, m.Op == cond.Grade, m.Log != nil:
					alone = false
				}
			})
			if alone && slot >= 0 {
				list[slot] = append(list[slot], n)
			}
		})
	}
	return list
}

// asksForParts tells whether a test looks at more of a text than which of some
// whole texts it is.
func asksForParts(n *cond.Node) bool {
	switch n.Op {
	case cond.Contains, cond.Starts, cond.Ends, cond.HasWord, cond.Matches:
		return n.Args[0].Type == cond.Text
	case cond.Call, cond.VM, cond.Foreign:
		return true
	case cond.Eq, cond.Ne, cond.Lt, cond.Le, cond.Gt, cond.Ge, cond.Between, cond.OneOf:
		parts := false
		for _, a := range n.Args {
			a.Walk(func(n *cond.Node) {
				parts = parts || n.Op == cond.Call || n.Op == cond.VM || n.Op == cond.Len && n.Args[0].Type == cond.Text
			})
		}
		return parts
	}
	return false
}

// apart adds to the texts that are tried of a field those that are made for its
// tests, one of each kind that the tests tell apart.
func (f *field) apart(list []choice, tests []*cond.Node) []choice {
	if len(tests) == 0 || f.allowed != nil || f.typ != cond.Text {
		return list
	}
	var named []string
	seen := map[string]bool{}
	said := func(text string) string {
		var b strings.Builder
		for _, n := range tests {
			b.WriteByte('0' + byte(truthOf(n, text)))
		}
		return b.String()
	}
	for i := range list {
		named = append(named, list[i].slot.Text)
		seen[said(list[i].slot.Text)] = true
	}
	for _, text := range madeTexts(named, tests) {
		if is := said(text); !seen[is] && strings.TrimSpace(text) != "" && len(seen) < maxValues {
			seen[is] = true
			list = append(list, choice{slot: cond.Slot{State: cond.Known, Text: text}, to: dsl.Value{Kind: dsl.TextValue, Text: text}, made: true})
		}
	}
	return list
}

// truthOf gives what a test of one field of a contact or an activity says of a
// text.
func truthOf(n *cond.Node, text string) cond.Tri {
	slot := 0
	n.Walk(func(n *cond.Node) {
		if n.Op == cond.Field {
			slot = n.Slot
		}
	})
	record := slices.Repeat(cond.Record{{State: cond.Known, Text: text}}, slot+1)
	return n.Truth(&cond.Env{Contacts: record, Event: &cond.Event{Fields: record}})
}
