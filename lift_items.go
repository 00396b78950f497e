package accountscore

import (
	"slices"
	"strconv"
	"strings"

	"github.com/accountscore/accountscore/internal/cond"
)

// Items of lists: what the tests of a list tell apart of them.

// itemKind is items that are one to every test of a list.
type itemKind struct {
	meets []bool   // by test, see itemTests
	items []string // that the list does not have, those that the ruleset names first
	own   []string // that it has, each once
	plain bool     // they meet no test
}

const (
	maxKindItems = maxMore // items of one kind
	maxItemKinds = 24      // of one list
)

// itemTests are what decides of the items of a list.
type itemTests struct {
	slot  int
	meets []func(item string) bool // which items meet a test
	of    []*cond.Node             // what is asked by list functions, of a list of one item
	sets  []int                    // places in meets of tests of which the list has to have every item
	named []string
	parts []*cond.Node
	wants []int // how many items tests ask for
	calls int   // list functions, which take long
}

// itemTests collects the tests of a list, those within formulas and lets too.
func (l *lifter) itemTests(slot int, cuts *fieldCuts) *itemTests {
	t := &itemTests{slot: slot, named: slices.Clone(cuts.texts)}
	e, lets, seen := &l.s.env, make([]bool, len(l.model.lets)), map[*cond.Node]bool{}
	var visit func(of *cond.Node)
	visit = func(of *cond.Node) {
		of.Walk(func(n *cond.Node) {
			switch {
			case seen[n]:
				return
			case n.Op == cond.Field && n.Space == cond.Computed && !lets[n.Slot]:
				lets[n.Slot] = true
				visit(l.model.lets[n.Slot].Node)
			case n.Op == cond.VM:
				t.calls++
				t.of = append(t.of, n.ItemTests()...)
				whole, parts := n.ItemTexts(e)
				t.named, t.parts = append(t.named, whole...), append(t.parts, parts...)
			case n.Op == cond.HasAny || n.Op == cond.HasAll:
				t.set(n, e)
			case n.Op == cond.HasItem || n.Op == cond.HasWord && n.Args[0].Type == cond.List:
				if word, ok := n.Args[1].String(e); ok && strings.TrimSpace(word) != "" {
					test := &cond.Node{Op: n.Op, Fold: n.Fold, Args: []*cond.Node{n.Args[0], {Op: cond.Const, Type: cond.Text, Text: word}}}
					t.named = append(t.named, word)
					t.meets = append(t.meets, func(item string) bool { return test.HoldsItems([]string{item}) })
				}
			}
			seen[n] = true
			t.want(n)
		})
	}
	for _, i := range l.bySlot[slot] {
		p := &l.probes[i]
		visit(p.leaf)
		if p.rule != nil && p.leaf.Type == cond.Number {
			p.rule.bounds(p.leaf, func(v float64) { t.wantOf(v) })
		}
	}
	slices.Sort(t.wants)
	t.wants = slices.Compact(t.wants)
	return t
}

// set notes a test of several items.
func (t *itemTests) set(n *cond.Node, e *cond.Env) {
	var has func(item string) bool
	if n.Set != nil {
		has, t.named = n.Set.HasText, append(t.named, n.Set.Texts...)
	} else {
		list, _ := n.Args[1].Items(e)
		has, t.named = among(list, n.Fold), append(t.named, list...)
	}
	t.sets = append(t.sets, len(t.meets))
	t.meets = append(t.meets, has)
}

// want notes how many items a test may ask for.
func (t *itemTests) want(n *cond.Node) {
	if n.Op == cond.Const && n.Type == cond.Number {
		t.wantOf(n.Num)
	}
	if n.Op == cond.Between && n.Args[0].Type == cond.Number {
		for _, end := range ends(n) {
			t.wantOf(end)
		}
	}
}

func (t *itemTests) wantOf(v float64) {
	if v < 0 || v > maxMore {
		return
	}
	for _, by := range [...]int{-1, 0, 1} { // less than it, it, and more
		if n := int(v) + by; n >= 0 {
			t.wants = append(t.wants, n)
		}
	}
}

// itemKinds gives the kinds of item that the tests of a list tell apart: of those
// that they name, of some that are made to meet one or several of them, of others,
// and of those that the list has.
func (l *lifter) itemKinds(t *itemTests) []*itemKind {
	f, own := &l.model.fields[t.slot], &l.own[t.slot]
	var has []string
	if usable(own) {
		has = own.List
	}
	var kinds []*itemKind
	known := map[string]*itemKind{}
	kind := func(item string) *itemKind {
		meets := l.meets(t, item)
		key := make([]byte, len(meets))
		for i, m := range meets {
			key[i] = byte(ordinal(m))
		}
		k := known[string(key)]
		if k == nil && len(kinds) < maxItemKinds {
			k = &itemKind{meets: meets, plain: !slices.Contains(meets, true)}
			known[string(key)], kinds = k, append(kinds, k)
		}
		return k
	}
	var owned []string
	for _, item := range has {
		if len(owned) < maxValues && !f.hasItem(owned, item) {
			owned = append(owned, item)
			if k := kind(item); k != nil {
				k.own = append(k.own, item)
			}
		}
	}
	among := f.among(has)
	add := func(item string, most int) {
		if among(item) || strings.TrimSpace(item) == "" || f.allowed != nil && !f.permits(&cond.Slot{State: cond.Known, List: []string{item}}) {
			return
		}
		if k := kind(item); k != nil && len(k.items) < most && !f.hasItem(k.items, item) {
			k.items = append(k.items, item)
		}
	}
	named := distinct(t.named)
	for _, item := range named[:min(len(named), maxValues)] {
		add(item, maxKindItems)
	}
	for _, v := range f.OneOf {
		add(v.Text, maxKindItems)
	}
	if f.allowed != nil {
		return kinds
	}
	add(another(append(slices.Clone(named), has...)), 1)
	for _, item := range madeTexts(named, t.parts) {
		add(item, 1)
	}
	l.moreOfKinds(t, kinds, among)
	return kinds
}

// meets tells which tests an item meets.
func (l *lifter) meets(t *itemTests, item string) []bool {
	meets := make([]bool, 0, len(t.meets)+len(t.of))
	for _, test := range t.meets {
		meets = append(meets, test(item))
	}
	if len(t.of) > 0 {
		e := &l.s.env
		was := e.Accounts[t.slot]
		e.Accounts[t.slot] = cond.Slot{State: cond.Known, List: []string{item}}
		l.lookAgain()
		for _, test := range t.of {
			meets = append(meets, test.Truth(e) == cond.True)
		}
		l.work += len(t.of) * callWork
		e.Accounts[t.slot] = was
		l.lookAgain()
	}
	return meets
}

// moreOfKinds makes as many items of each kind as tests may ask for.
func (l *lifter) moreOfKinds(t *itemTests, kinds []*itemKind, has func(string) bool) {
	if len(t.wants) == 0 {
		return
	}
	most := t.wants[len(t.wants)-1]
	for _, k := range kinds {
		like := append(slices.Clone(k.items), k.own...)
		if len(like) == 0 || slices.ContainsFunc(t.sets, func(set int) bool { return k.meets[set] }) {
			continue // there are no more of a set
		}
		for _, item := range variants(like[0], most) {
			if len(k.items) >= min(most, maxKindItems) || !l.spend(0) {
				break
			}
			if !has(item) && !slices.Contains(k.items, item) && slices.Equal(l.meets(t, item), k.meets) {
				k.items = append(k.items, item)
			}
		}
	}
}

// variants gives texts that are much like another: with more at its end, at its
// beginning, and with another character in place of one.
func variants(of string, most int) []string {
	var list []string
	for n := range most {
		list = append(list, of+" "+strconv.Itoa(n+2))
	}
	const few = 8
	for n := range min(most, few) {
		list = append(list, of+strconv.Itoa(n+2), strconv.Itoa(n+2)+" "+of, strconv.Itoa(n+2)+of)
	}
	runes := []rune(of)
	for i := len(runes) - 1; i >= max(0, len(runes)-few); i-- {
		for _, r := range "abc123ABC" {
			other := slices.Clone(runes)
			other[i] = r
			list = append(list, string(other))
		}
	}
	return list
}
