package accountscore

import (
	"slices"
	"strconv"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// listEdit is what is put into a list and taken out of it.
type listEdit struct {
	in, out []string
	more    int      // of in, the last: they stand for any that are not named
	other   bool     // in stands for any text
	except  []string // but these
}

func (e *listEdit) items() int { return len(e.in) + len(e.out) }

// edited gives a list after an edit. What was in it several times is taken out
// as often.
func (f *field) edited(list []string, e listEdit) []string {
	left := slices.DeleteFunc(slices.Clone(list), f.among(e.out))
	has := func(item string) bool { return f.hasItem(left, item) }
	if len(e.in) > 8 {
		has = f.among(left)
	}
	for i, item := range e.in {
		if !has(item) && !f.hasItem(e.in[:i], item) {
			left = append(left, item)
		}
	}
	return left
}

// choicesOf lists the values of a field that is not in a row, once for all.
func (l *lifter) choicesOf(slot int) []choice {
	list, ok := l.listed[slot]
	if !ok {
		list = l.choices(slot)
		l.work += len(list) * len(l.own[slot].List) * listWork
		if l.listed == nil {
			l.listed = map[int][]choice{}
		}
		l.listed[slot] = list
	}
	return slices.Clone(list)
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
	if !f.IgnoringCase || slices.Contains(list, item) {
		return slices.Contains(list, item)
	}
	folded := cond.Fold(item)
	return slices.ContainsFunc(list, func(s string) bool { return !cond.Beyond(s, len(folded)) && cond.Fold(s) == folded })
}

// choice makes a value of the field of an edit of what the account has.
func (f *field) choice(own *cond.Slot, e listEdit) choice {
	var has []string
	if usable(own) {
		has = own.List
	}
	c := choice{slot: cond.Slot{State: cond.Known, List: f.edited(has, e)}, out: e.out, other: e.other, except: e.except, more: e.more}
	if len(e.in) > 0 || !usable(own) {
		c.to = dsl.Value{Kind: dsl.ListValue, List: e.in}
	}
	return c
}

// edit is the edit that a choice was made of.
func (c *choice) edit() listEdit {
	return listEdit{in: c.to.List, out: c.out, other: c.other, except: c.except, more: c.more}
}

// lists gives the lists that differ by a few items from what the account has,
// those that differ least first: every choice of a few items that its tests
// name, or, of many, each of them, those of one test, and all; and mixes of what
// several tests ask for.
func (f *field) lists(own *cond.Slot, cuts *fieldCuts, mixes []listEdit) []choice {
	var has []string
	if usable(own) {
		has = own.List
	}
	named := distinct(cuts.texts)
	in := slices.DeleteFunc(slices.Clone(named), f.among(has))
	in = in[:min(len(in), maxValues)]
	var out []string
	for _, item := range has {
		if len(out) < maxValues && !f.hasItem(out, item) && (cuts.open || f.hasItem(named, item) || cuts.tells(item)) {
			out = append(out, item)
		}
	}
	// Any other item, where one matters beside the named ones.
	other := listEdit{in: []string{another(append(slices.Clone(named), has...))}, other: !cuts.looks, except: in}
	edits := []listEdit{other}
	for _, item := range fillers {
		if cuts.looks && !f.hasItem(has, item) && !f.hasItem(in, item) {
			edits = append(edits, listEdit{in: []string{item}})
		}
	}
	if n := len(in) + len(out); n <= maxNamed {
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
		edits = append(edits, listEdit{out: all}, listEdit{in: other.in, out: all, other: other.other, except: in})
		for _, item := range in {
			edits = append(edits, listEdit{in: []string{item}, out: all})
		}
	}
	if f.allowed == nil {
		edits = append(edits, f.longer(has, edits, other.in[0], cuts)...)
	}
	edits = append(edits, mixes...)
	slices.SortStableFunc(edits, func(a, b listEdit) int { return a.items() - b.items() })
	var list []choice
	for _, e := range edits {
		if c := f.choice(own, e); f.allowed == nil || f.permits(&c.slot) {
			list = append(list, c)
		}
	}
	return list
}

// maxNamed is how many items that are named are put in and taken out in every
// combination.
const maxNamed = 4

// fillers are items that tests of a part of an item may tell apart.
var fillers = [...]string{"other", "x", "1", "-"}

func isFiller(list []string) bool { return len(list) == 1 && slices.Contains(fillers[:], list[0]) }

const (
	maxLonger = 24  // edits that are gone on with by other items
	maxMore   = 100 // items that are put in to make a list longer
)

// longer gives edits that put in as many other items as make a list as long as
// tests of its length ask, alone and beside what else is put in or taken out.
func (f *field) longer(has []string, edits []listEdit, other string, cuts *fieldCuts) []listEdit {
	var wanted []int
	for _, n := range cuts.curved {
		for _, length := range lengths(n) {
			wanted = append(wanted, length, length+1)
		}
	}
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	if len(wanted) == 0 {
		return nil
	}
	edits = slices.DeleteFunc(slices.Clone(edits), func(e listEdit) bool { return e.other })
	edits = append([]listEdit{{}}, edits[:min(len(edits), maxLonger)]...)
	var list []listEdit
	for _, e := range edits {
		length := len(f.edited(has, e))
		for _, want := range wanted[:min(len(wanted), maxListParts)] {
			more := want - length
			if more < 1 || more > maxMore || more == 1 && e.items() == 0 {
				continue // one is among those that stand for any
			}
			longer := listEdit{in: slices.Clone(e.in), out: e.out}
			for n := range more {
				item := other
				if n > 0 {
					item += " " + strconv.Itoa(n+1)
				}
				if !f.hasItem(longer.in, item) {
					longer.in = append(longer.in, item)
				}
			}
			if longer.more = more; cuts.looks {
				longer.more = 0 // which items they are matters
			}
			list = append(list, longer)
		}
	}
	return list
}

// easeMore finds which of the items that are named may not be among those that
// stand for any.
func (l *lifter) easeMore(mv *move, first choice, reaches func(choice) bool) {
	f, own, c := &l.model.fields[mv.slot], &l.own[mv.slot], &mv.change
	e := first.edit()
	c.Or, c.Except, c.Any, c.Where, c.More = nil, nil, false, nil, e.more
	const few = 4
	named := slices.DeleteFunc(distinct(l.cutsOf(mv.slot).texts), func(item string) bool {
		return f.hasItem(e.in, item) || f.hasItem(own.List, item)
	})
	if len(named) > few {
		c.Except = named
		return
	}
	for set := 1; set < 1<<len(named); set++ {
		var with []string
		for i, item := range named {
			if set&(1<<i) != 0 {
				with = append(with, item)
			}
		}
		if len(with) > e.more {
			continue
		}
		instead := e
		instead.in = append(slices.Clone(e.in[:len(e.in)-len(with)]), with...)
		if !l.spend(0) || !reaches(f.choice(own, instead)) {
			c.Except = named
			return
		}
	}
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

// What an item of a list takes where the list is made anew, in parts of formulas,
// and one that is put in or taken out.
const (
	listWork = 1
	lookWork = 16
)

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
	e := first.edit()
	work := listWork*len(own.List) + lookWork*e.items() // of making a list
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
		fewer := listEdit{in: slices.Delete(slices.Clone(e.in), i, i+1), out: e.out, more: e.more}
		if i >= len(e.in)-e.more {
			fewer.more--
		}
		try(fewer)
	}
	for low, high := 0, len(e.out); high > maxValues && low < high && l.spend(0); {
		fewer, mid := e, (low+high)/2
		if fewer.out = e.out[:mid:mid]; try(fewer) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	for i := len(e.out) - 1; i >= 0 && l.spend(0); i-- {
		fewer := e
		fewer.out = slices.Delete(slices.Clone(e.out), i, i+1)
		try(fewer)
	}
	if e.more > 0 {
		return f.choice(own, e), nil
	}
	beside := slices.DeleteFunc(slices.Clone(list), func(v choice) bool {
		if len(e.in) == 0 {
			return len(v.to.List) > 0
		}
		return len(v.to.List) == 0 || !slices.Equal(v.out, e.out)
	})
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
