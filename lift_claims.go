package accountscore

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// What a path says of a text: which ones do.

const (
	maxTextTests = 8 // of parts of one text, of which it is told what they have to say
	maxWhere     = 4 // conditions of which one has to hold
)

// textClaim works out which texts do beside those that were tried.
type textClaim struct {
	*lifter
	set    []*move
	mv     *move
	reach  func(choice) bool
	does   map[string]bool // texts that were tried
	parts  []*cond.Node    // tests that tell texts apart, whole texts aside
	tests  []*cond.Node    // the same with what their formulas come to
	logic  *logic          // that knows which of them rule each other out; nil until it is asked
	wholes []string
	made   []string // texts to look among, and what the parts say of them
	said   [][]cond.Tri
	held   [][]cond.Tri // what a condition asks of the parts; unknown: nothing
	where  []string
}

// easeText finds which texts reach: those of which the tests of parts say what
// they have to, apart from some whole texts. What is said holds of every such
// text, as the model can tell no more of them.
func (l *lifter) easeText(set []*move, mv *move, first choice, list []choice, least bool, reaches func(choice) bool) (choice, []choice) {
	t := textClaim{lifter: l, set: set, mv: mv, does: map[string]bool{}}
	t.reach = func(v choice) bool {
		done, ok := t.does[v.slot.Text]
		if !ok {
			done = l.spend(0) && reaches(v)
			t.does[v.slot.Text] = done
		}
		return done
	}
	c := &mv.change
	c.Or, c.Except, c.Any, c.Where = nil, nil, false, nil
	if i := slices.IndexFunc(list, func(v choice) bool { return v.slot.Text == first.slot.Text }); i >= 0 {
		first.made = list[i].made
	}
	if i := slices.IndexFunc(list, func(v choice) bool { return !v.made && t.reach(v) }); least && first.made && i >= 0 {
		first = list[i]
	}
	if least {
		return first, nil
	}
	list = slices.DeleteFunc(slices.Clone(list), func(v choice) bool { return v.slot.Text == first.slot.Text })
	list = slices.DeleteFunc(append([]choice{first}, list...), func(v choice) bool { return !t.reach(v) })
	if t.prepare() {
		t.conditions(list)
	}
	if !t.tells(first.slot.Text) {
		t.held, t.where = nil, nil
	}
	if len(t.held) == 0 || len(t.where) == 0 && !c.other() {
		list = slices.DeleteFunc(list, func(v choice) bool { return v.made && v.slot.Text != first.slot.Text })
		for _, v := range list {
			if v.slot.Text != first.slot.Text {
				c.Or = append(c.Or, v.to)
			}
		}
		return first, list
	}
	c.Where = t.where
	return first, list
}

// prepare collects what tells texts of the field apart while the other moves
// stand as they do. It gives false where that is more than can be told.
func (t *textClaim) prepare() bool {
	c := t.cutsOf(t.mv.slot)
	spans, ok := t.beside(t.mv)
	if !ok || len(spans) > 0 || c.opaque {
		return false
	}
	t.wholes = slices.Clone(c.texts)
	e := &t.s.env
	keys := map[string]bool{}
	t.standing(t.set, func() {
		for _, n := range c.parts {
			if t.mv.twin != nil && t.reads(n, t.mv.twin.slot) {
				continue // they are the same
			}
			test := t.resolved(n)
			key := (&abstraction{}).key(test)
			if keys[key] || !t.reads(test, t.mv.slot) {
				continue // it says the same as another, or the same of every text
			}
			plain := test.Fold == t.model.fields[t.mv.slot].IgnoringCase
			if test.Op == cond.OneOf && plain && t.plainly(test.Args[0], t.mv.slot) {
				t.wholes = append(t.wholes, test.Set.Texts...)
				continue
			}
			if other := t.otherSide(test); other != nil {
				text, known := other.String(e)
				if !known {
					continue // whatever the text, there is no answer
				}
				if plain && (test.Op == cond.Eq || test.Op == cond.Ne) {
					t.wholes = append(t.wholes, text)
					continue
				}
			}
			keys[key] = true
			t.parts, t.tests = append(t.parts, n), append(t.tests, test)
		}
	})
	t.wholes = distinct(t.wholes)
	return len(t.parts) <= maxTextTests
}

// otherSide gives what a test compares the field itself with, where that is
// another text; nil for any other test.
func (t *textClaim) otherSide(n *cond.Node) *cond.Node {
	switch n.Op {
	case cond.Eq, cond.Ne, cond.Contains, cond.Starts, cond.Ends, cond.HasWord:
	default:
		return nil
	}
	for i, a := range n.Args {
		if other := n.Args[1-i]; t.plainly(a, t.mv.slot) && other.Type == cond.Text && !t.reads(other, t.mv.slot) {
			return other
		}
	}
	return nil
}

// reads tells whether a formula reads a field of the account.
func (l *lifter) reads(n *cond.Node, slot int) bool { return slices.Contains(l.model.slots(n), slot) }

// whole tells whether a text is one of those that are told apart as such.
func (t *textClaim) whole(text string) bool {
	return slices.ContainsFunc(t.wholes, func(w string) bool {
		return w == text || t.model.fields[t.mv.slot].IgnoringCase && cond.Fold(w) == cond.Fold(text)
	})
}

// truths gives what the tests of parts say of a text.
func (t *textClaim) truths(text string) []cond.Tri {
	list := make([]cond.Tri, len(t.parts))
	t.standing(t.set, func() {
		slots := t.s.env.Accounts
		slots[t.mv.slot] = cond.Slot{State: cond.Known, Text: text}
		if t.mv.twin != nil {
			slots[t.mv.twin.slot] = slots[t.mv.slot]
		}
		t.lookAgain()
		for i, n := range t.parts {
			t.work += nodeWork(n, 1)
			list[i] = n.Truth(&t.s.env)
		}
	})
	return list
}

// conditions finds what has to hold of a text so that it does, given texts that
// do: of each that nothing found before holds of. Where nothing has to hold it
// notes which texts do not.
func (t *textClaim) conditions(list []choice) {
	c := &t.mv.change
	for _, v := range list {
		truths := t.truths(v.slot.Text)
		if slices.Contains(truths, cond.Unknown) || len(t.held) == maxWhere || t.whole(v.slot.Text) || slices.ContainsFunc(t.held, func(h []cond.Tri) bool { return agree(h, truths) }) {
			continue
		}
		held := t.needed(truths)
		var not []string
		for _, w := range t.wholes {
			if agree(held, t.truths(w)) && !t.reach(textChoice(w)) {
				not = append(not, w)
			}
		}
		if !slices.ContainsFunc(held, func(truth cond.Tri) bool { return truth != cond.Unknown }) {
			t.held, t.where = [][]cond.Tri{held}, nil
			c.Except, c.Any = not, len(not) == 0
			return
		}
		if text, ok := t.condition(held, not); ok {
			t.drop(held)
			if slices.Contains(t.where, text) {
				continue
			}
			t.held, t.where = append(t.held, held), append(t.where, text)
		}
	}
	if len(t.where) == 0 {
		return
	}
	var besides []string
	for _, v := range list {
		if t.whole(v.slot.Text) {
			if truths := t.truths(v.slot.Text); !slices.ContainsFunc(t.held, func(h []cond.Tri) bool { return agree(h, truths) }) {
				besides = append(besides, v.slot.Text)
			}
		}
	}
	if len(besides) > 0 {
		t.where = append([]string{t.isAny(besides, "in", "=")}, t.where...)
	}
}

// drop drops conditions that hold only where another does.
func (t *textClaim) drop(by []cond.Tri) {
	for i := len(t.held) - 1; i >= 0; i-- {
		if agree(by, t.held[i]) {
			t.held, t.where = slices.Delete(t.held, i, i+1), slices.Delete(t.where, i, i+1)
		}
	}
}

// tells tells whether what was found holds of a text too.
func (t *textClaim) tells(text string) bool {
	if t.whole(text) {
		return true
	}
	truths := t.truths(text)
	return slices.ContainsFunc(t.held, func(held []cond.Tri) bool { return agree(held, truths) })
}

// agree tells whether tests say of a text what is asked of them.
func agree(held, truths []cond.Tri) bool {
	for i, h := range held {
		if h != cond.Unknown && h != truths[i] {
			return false
		}
	}
	return true
}

func textChoice(text string) choice {
	return choice{slot: cond.Slot{State: cond.Known, Text: text}, to: dsl.Value{Kind: dsl.TextValue, Text: text}}
}

// needed gives the tests that have to say of a text what they say of one that
// does. One is let go where, whatever it and those let go before say, a text of
// which they say that does as well.
func (t *textClaim) needed(truths []cond.Tri) []cond.Tri {
	const most = 5
	held := slices.Clone(truths)
	var free []int
	for i := range held {
		if truths[i] == cond.Unknown {
			continue
		}
		if len(free) < most && t.anyOf(truths, append(free[:len(free):len(free)], i)) {
			free, held[i] = append(free, i), cond.Unknown
		}
	}
	return held
}

// anyOf tells whether texts do whatever some tests say of them, the last of
// them something else than of the one that does. What they cannot say together,
// no text has to do for.
func (t *textClaim) anyOf(truths []cond.Tri, free []int) bool {
	last := len(free) - 1
	for set := range 1 << last {
		want := slices.Clone(truths)
		want[free[last]] = want[free[last]].Not()
		for i := range last {
			if set&(1<<i) != 0 {
				want[free[i]] = want[free[i]].Not()
			}
		}
		text, found := t.textOf(want)
		if found && !t.reach(textChoice(text)) || !found && !t.impossible(want) {
			return false
		}
	}
	return true
}

// textOf gives a text, not one of the whole ones, of which the tests of parts
// say what is wanted.
func (t *textClaim) textOf(want []cond.Tri) (string, bool) {
	var of []*cond.Node
	for i, n := range t.parts {
		if want[i] == cond.True {
			of = append(of, n)
		}
	}
	if t.made == nil {
		named, parts := t.linkedTexts(t.mv.slot)
		for _, text := range madeTexts(named, parts) {
			if strings.TrimSpace(text) != "" && !t.whole(text) && t.spend(0) {
				t.made, t.said = append(t.made, text), append(t.said, t.truths(text))
			}
		}
	}
	if i := slices.IndexFunc(t.said, func(said []cond.Tri) bool { return slices.Equal(said, want) }); i >= 0 {
		return t.made[i], true
	}
	for _, text := range meeting(of) {
		if strings.TrimSpace(text) != "" && !t.whole(text) && slices.Equal(t.truths(text), want) {
			return text, true
		}
	}
	return "", false
}

// pair finds moves of two texts that do only while they are the same: where
// nothing else is asked of one of them it goes with the other.
func (l *lifter) pair(set []*move) {
	for _, mv := range set {
		mv.twin, mv.change.Same = nil, ""
	}
	for _, mv := range set {
		for _, other := range set {
			if mv == other || mv.twin != nil || other.twin != nil || mv.change.Same != "" || other.change.Same != "" || !l.alike(mv, other) {
				continue
			}
			was := other.value
			other.value.Text = another([]string{was.Text})
			apart := l.reaches(set)
			if other.value = was; !apart {
				mv.twin, other.change.Same = other, mv.change.Field
				c := &other.change
				c.Or, c.Except, c.Any, c.Where = nil, nil, false, nil
			}
		}
	}
}

// alike tells whether two moves give fields the same text, of the second of
// which it is asked alone whether it is that of the first.
func (l *lifter) alike(mv, other *move) bool {
	texts := func(mv *move) bool {
		return mv.slot >= 0 && mv.change.Kind != ChangeRefresh && l.parted(mv.slot, l.cutsOf(mv.slot))
	}
	if !texts(mv) || !texts(other) || mv.value.Text != other.value.Text {
		return false
	}
	return !slices.ContainsFunc(l.bySlot[other.slot], func(i int) bool {
		n := l.probes[i].leaf
		switch n.Op {
		case cond.Missing, cond.Empty:
			return false
		case cond.Eq, cond.Ne:
			a, b := n.Args[0], n.Args[1]
			return l.probes[i].rule != nil || !(l.plainly(a, mv.slot) && l.plainly(b, other.slot) || l.plainly(b, mv.slot) && l.plainly(a, other.slot))
		}
		return true
	})
}

// condition says in the rules language what has to hold; it tells whether that
// can be said.
func (t *textClaim) condition(held []cond.Tri, not []string) (string, bool) {
	var words []string
	drop := t.unneeded(held)
	for i, truth := range held {
		if truth == cond.Unknown || drop[i] {
			continue
		}
		text := t.testWords(t.parts[i], truth == cond.True)
		if text == "" {
			return "", false
		}
		words = append(words, text)
	}
	if len(not) > 0 {
		words = append(words, t.isAny(not, "not in", "!="))
	}
	return strings.Join(words, " and "), true
}

// isAny says that the field is one of some texts, or none.
func (t *textClaim) isAny(texts []string, in, is string) string {
	quoted := make([]string, len(texts))
	for i, s := range texts {
		quoted[i] = valueText(dsl.Value{Kind: dsl.TextValue, Text: s})
	}
	name := t.model.fields[t.mv.slot].Name
	if len(texts) == 1 {
		return name + " " + is + " " + quoted[0]
	}
	return fmt.Sprintf("%s %s [%s]", name, in, strings.Join(quoted, ", "))
}

// testWords says in the rules language that a test holds, or that it does not;
// empty where it is not of that language.
func (l *lifter) testWords(n *cond.Node, holds bool) string {
	text := n.Src
	if l.denied[n] {
		holds = !holds // the words are those of its contrary
	}
	switch {
	case n.Op == cond.Foreign || text == "":
		return ""
	case holds:
		return text
	}
	return "not (" + text + ")"
}
