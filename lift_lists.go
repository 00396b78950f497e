package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// listEdit is what is put into a list and taken out of it.
type listEdit struct {
	in, out []string
	other   bool     // in stands for any text
	except  []string // but these
}

func (e *listEdit) items() int { return len(e.in) + len(e.out) }

// edited gives a list after an edit. What was in it several times is taken out
// as often.
func (f *field) edited(list []string, e listEdit) []string {
	left := slices.DeleteFunc(slices.Clone(list), f.among(e.out))
	if len(e.in) == 0 {
		return left
	}
	has := f.among(left)
	for i, item := range e.in {
		if !has(item) && !f.hasItem(e.in[:i], item) {
			left = append(left, item)
		}
	}
	return left
}

// among tells of each item whether a list of the field has it.
func (f *field) among(list []string) func(item string) bool { return among(list, f.IgnoringCase) }

// among tells of each item whether a list has it. An account may bring
// thousands, so that each is not sought from the first on.
func among(list []string, ignoringCase bool) func(item string) bool {
	key := func(item string) string { return item }
	if ignoringCase {
		key = cond.Fold
	}
	const few = 8
	if len(list) <= few && !ignoringCase {
		return func(item string) bool { return slices.Contains(list, item) }
	}
	keys := make(map[string]bool, len(list))
	for _, item := range list {
		keys[key(item)] = true
	}
	return func(item string) bool { return keys[key(item)] }
}

// hasItem tells whether a list of the field has an item.
func (f *field) hasItem(list []string, item string) bool {
	return slices.Contains(list, item) || f.IgnoringCase && slices.ContainsFunc(list, func(s string) bool { return cond.Fold(s) == cond.Fold(item) })
}

// choice makes a value of the field of an edit of what the account has.
func (f *field) choice(own *cond.Slot, e listEdit) choice {
	var has []string
	if usable(own) {
		has = own.List
	}
	c := choice{slot: cond.Slot{State: cond.Known, List: f.edited(has, e)}, out: e.out, other: e.other, except: e.except}
	if len(e.in) > 0 || !usable(own) {
		c.to = dsl.Value{Kind: dsl.ListValue, List: e.in}
	}
	return c
}

// edit is the edit that a choice was made of.
func (c *choice) edit() listEdit {
	return listEdit{in: c.to.List, out: c.out, other: c.other, except: c.except}
}

// lists gives the lists that differ by a few items from what the account has,
// those that differ least first: every choice of a few items that its tests
// name, or, of many, each of them, those of one test, and all.
func (f *field) lists(own *cond.Slot, cuts *fieldCuts) []choice {
	var has []string
	if usable(own) {
		has = own.List
	}
	named := distinct(cuts.texts)
	in := slices.DeleteFunc(slices.Clone(named), func(item string) bool { return f.hasItem(has, item) })
	in = in[:min(len(in), maxValues)]
	var out []string
	for _, item := range has {
		if len(out) < maxValues && !f.hasItem(out, item) && (cuts.open || f.hasItem(named, item) || cuts.tells(item)) {
			out = append(out, item)
		}
	}
	// Any other item, where one matters beside the named ones.
	other := listEdit{in: []string{another(append(slices.Clone(named), has...))}, other: true, except: in}
	edits := []listEdit{other}
	const each = 4
	if n := len(in) + len(out); n <= each {
		for set := 1; set < 1<<n; set++ {
			var e listEdit
			for i, item := range in {
				if set&(1<<i) != 0 {
					e.in = append(e.in, item)
				}
			}
			for i, item := range out {
				if set&(1<<(i+len(in))) != 0 {
					e.out = append(e.out, item)
				}
			}
			edits = append(edits, e)
		}
	} else {
		edits = append(edits, f.someEdits(in, out, cuts)...)
	}
	if cuts.counts && len(has) > 0 {
		all := distinct(has)
		edits = append(edits, listEdit{out: all}, listEdit{in: other.in, out: all, other: true, except: in})
		for _, item := range in {
			edits = append(edits, listEdit{in: []string{item}, out: all})
		}
	}
	slices.SortStableFunc(edits, func(a, b listEdit) int { return a.items() - b.items() })
	var list []choice
	for _, e := range edits {
		if c := f.choice(own, e); f.allowed == nil || f.permits(&c.slot) {
			list = append(list, c)
		}
	}
	return list
}

// someEdits puts in, or takes out, each of many items, those of one test, and
// all; and does both of the latter.
func (f *field) someEdits(in, out []string, cuts *fieldCuts) []listEdit {
	var edits []listEdit
	for _, item := range in {
		edits = append(edits, listEdit{in: []string{item}})
	}
	for _, item := range out {
		edits = append(edits, listEdit{out: []string{item}})
	}
	if cuts.counts { // how many are left may decide
		for n := 2; n < min(len(out), maxListParts); n++ {
			edits = append(edits, listEdit{out: out[:n:n]})
		}
	}
	parts := func(items []string) [][]string {
		list := [][]string{nil, items}
		for _, set := range cuts.sets {
			part := slices.DeleteFunc(slices.Clone(items), func(item string) bool { return !f.hasItem(set, item) })
			if !slices.ContainsFunc(list, func(p []string) bool { return slices.Equal(p, part) }) {
				list = append(list, part)
			}
		}
		return list[:min(len(list), maxListParts)]
	}
	outs := parts(out)
	for _, put := range parts(in) {
		for _, take := range outs {
			if len(put)+len(take) > 1 {
				edits = append(edits, listEdit{in: put, out: take})
			}
		}
	}
	return edits
}

// listWork is what an item of a list takes where the list is made anew, in parts
// of formulas.
const listWork = 4

// maxListParts bounds what is put in or taken out together, of a list with many
// items that matter.
const maxListParts = 16

// tells tells whether a test holds for a list because of an item.
func (c *fieldCuts) tells(item string) bool {
	return slices.ContainsFunc(c.ofItems, func(n *cond.Node) bool { return n.HoldsItems([]string{item}) })
}

// easeList brings what is done to a list to the fewest items that reach, and
// gives what to try in its place: what else is put in beside what is taken out,
// or what else is taken out.
func (l *lifter) easeList(mv *move, first choice, list []choice, reaches func(choice) bool) (choice, []choice) {
	f, own := &l.model.fields[mv.slot], &l.own[mv.slot]
	e, work := first.edit(), listWork*len(own.List) // of making a list and looking at it
	for _, v := range list {
		if fewer := v.edit(); fewer.items() >= e.items() || !l.spend(work) {
			break
		} else if reaches(v) {
			first, e = v, fewer
		}
	}
	try := func(fewer listEdit) bool {
		if fewer.items() == 0 || !l.spend(work) || !reaches(f.choice(own, fewer)) {
			return false
		}
		e = fewer
		return true
	}
	for i := len(e.in) - 1; i >= 0 && !e.other; i-- {
		try(listEdit{in: slices.Delete(slices.Clone(e.in), i, i+1), out: e.out})
	}
	for i := len(e.out) - 1; i >= 0 && l.spend(0); i-- {
		fewer := e
		fewer.out = slices.Delete(slices.Clone(e.out), i, i+1)
		try(fewer)
	}
	beside := slices.DeleteFunc(slices.Clone(list), func(v choice) bool {
		if len(e.in) == 0 {
			return len(v.to.List) > 0
		}
		return len(v.to.List) == 0 || !slices.Equal(v.out, e.out)
	})
	if e.other {
		beside = append(beside, f.choice(own, e))
	}
	if len(e.in) == 1 && len(e.out) > 0 {
		for _, v := range list {
			if len(v.to.List) == 1 && len(v.out) == 0 {
				instead := v.edit()
				instead.out = e.out
				beside = append(beside, f.choice(own, instead))
			}
		}
	}
	return f.choice(own, e), beside
}
