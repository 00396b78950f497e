package accountscore

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// parted tells whether a field is a text that is asked for more than which of
// some whole texts it is.
func (l *lifter) parted(slot int, c *fieldCuts) bool {
	f := &l.model.fields[slot]
	return f.typ == cond.Text && f.allowed == nil && (len(c.parts) > 0 || c.opaque)
}

// choices lists the values of a field that is not in a row.
func (l *lifter) choices(slot int) []choice {
	f, own, c := &l.model.fields[slot], &l.own[slot], l.cutsOf(slot)
	switch {
	case f.typ == cond.List && mixed(c, len(distinct(c.texts))):
		return f.lists(own, c, l.mixes(slot, c))
	case !l.parted(slot, c):
		return f.choices(own, c)
	}
	var list []choice
	add := func(texts []string, made bool) {
		for _, t := range texts {
			again := slices.ContainsFunc(list, func(v choice) bool { return v.slot.Text == t })
			if !again && strings.TrimSpace(t) != "" && (!usable(own) || own.Text != t) && len(list) < maxMade {
				list = append(list, choice{slot: cond.Slot{State: cond.Known, Text: t}, to: dsl.Value{Kind: dsl.TextValue, Text: t}, made: made})
			}
		}
	}
	named, parts := l.linkedTexts(slot)
	add(distinct(named), false)
	add(madeTexts(named, parts), true)
	return list
}

// linkedTexts gives the texts that matter to a field and to those that it is
// tested with: those that the ruleset names, those that the account has, and the
// tests of parts.
func (l *lifter) linkedTexts(slot int) (named []string, parts []*cond.Node) {
	slots := []int{slot}
	for i := 0; i < len(slots); i++ {
		for _, p := range l.bySlot[slots[i]] {
			for _, s := range l.probes[p].slots {
				if l.model.fields[s].typ == cond.Text && !slices.Contains(slots, s) {
					slots = append(slots, s)
				}
			}
		}
	}
	slices.Sort(slots) // so that all that are linked get the same
	for _, s := range slots {
		c := l.cutsOf(s)
		named, parts = append(named, c.texts...), slices.Concat(parts, c.parts, c.inner)
		if usable(&l.own[s]) {
			named = append(named, l.own[s].Text)
		}
	}
	return named, parts
}

// madeTexts gives texts that meet none of some tests of parts, and some that
// meet several at once.
func madeTexts(named []string, parts []*cond.Node) []string {
	other := another(named)
	list := []string{other, another(append(slices.Clone(named), other)), "x", "A", "1", "-"}
	for _, p := range parts {
		for _, n := range lengths(p) {
			for _, by := range [...]int{-1, 0, 1} {
				if n+by > 0 && n+by <= maxSample {
					list = append(list, strings.Repeat("x", n+by))
				}
			}
		}
	}
	parts = slices.CompactFunc(slices.SortedStableFunc(slices.Values(parts), func(a, b *cond.Node) int { return strings.Compare(piece(a), piece(b)) }), func(a, b *cond.Node) bool { return piece(a) == piece(b) })
	parts = slices.DeleteFunc(parts, func(n *cond.Node) bool { return piece(n) == "" })
	parts = append(parts, containing(other))
	for size := 1; size <= len(parts) && len(list) < maxMade; size++ {
		list = append(list, meetingOf(parts, nil, size)...)
	}
	return list[:min(len(list), maxMade)]
}

// maxMade bounds the texts that are made for one field.
const maxMade = 4 * maxValues

// containing is a test that a text has another in it.
func containing(text string) *cond.Node {
	return &cond.Node{Op: cond.Contains, Type: cond.Bool, Args: []*cond.Node{nil, {Op: cond.Const, Type: cond.Text, Text: text}}}
}

// piece tells what a text is made of to meet a test: one is as good as another
// with the same. It is empty where nothing is known to meet it.
func piece(n *cond.Node) string {
	switch n.Op {
	case cond.Starts, cond.Ends, cond.Contains, cond.HasWord:
		if y := n.Args[1]; y.Op == cond.Const {
			return fmt.Sprint(n.Op, " ", y.Text)
		}
	case cond.Matches:
		return fmt.Sprint(n.Op, " ", n.Re)
	}
	return ""
}

// meetingOf gives texts for every choice of so many more of some tests.
func meetingOf(parts, of []*cond.Node, size int) []string {
	if size == 0 {
		return meeting(of)
	}
	var list []string
	for i, p := range parts {
		if len(list) < maxMade {
			list = append(list, meetingOf(parts[i+1:], append(of[:len(of):len(of)], p), size-1)...)
		}
	}
	return list
}

// meeting gives texts made for some tests: what begins them, what is in them,
// and what ends them.
func meeting(parts []*cond.Node) []string {
	var begin, in, end []string
	patterns := [][]string{nil}
	for _, n := range parts {
		text := ""
		if len(n.Args) > 1 && n.Args[1].Op == cond.Const {
			text = n.Args[1].Text
		}
		switch {
		case n.Op == cond.Starts:
			begin = append(begin, text)
		case n.Op == cond.Ends:
			end = append(end, text)
		case n.Op == cond.Contains, n.Op == cond.HasWord:
			in = append(in, text)
		case n.Op == cond.Matches && n.Re != nil:
			patterns = nil
			for _, s := range samples(n.Re.String()) {
				patterns = append(patterns, []string{s})
			}
		}
	}
	var list []string
	for _, sample := range patterns {
		pieces := slices.Concat(begin, in, sample, end)
		list = append(list, strings.Join(pieces, ""), strings.Join(pieces, " "))
		if len(begin) == 0 && len(end) > 0 {
			list = append(list, "x"+strings.Join(pieces, ""))
		}
	}
	return list
}

// lengths gives the numbers that a test of a text's length names.
func lengths(n *cond.Node) []int {
	counts := false
	var list []int
	n.Walk(func(n *cond.Node) {
		counts = counts || n.Op == cond.Len
		if n.Op == cond.Const && n.Type == cond.Number && n.Num >= 0 && n.Num <= maxSample {
			list = append(list, int(n.Num))
		}
		if n.Op == cond.Between {
			for _, end := range ends(n) {
				if end >= 0 && end <= maxSample {
					list = append(list, int(end))
				}
			}
		}
	})
	if !counts {
		return nil
	}
	return list
}
