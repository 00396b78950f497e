package cond

import "slices"

// LongText and LongList are the sizes from which on answers are kept: of shorter
// values a test takes less than to look its answer up.
const (
	LongText = 1 << 10 // bytes
	LongList = 1 << 7  // items
)

// maxKept bounds the answers that are kept of one test.
const maxKept = 1 << 7

// Texts keeps the answers of tests of long texts, for those who ask them of the
// same texts over and over. It is not safe for concurrent use.
type Texts struct {
	kept map[*Node][]keptText
	Work int // what was looked at as no answer was kept: bytes, of patterns times patternWork
}

// patternWork is what a byte takes that a pattern looks at, beside a plain test.
const patternWork = 64

type keptText struct {
	text, word string
	holds      bool
}

// Empty tells that no long text was asked for anything.
func (t *Texts) Empty() bool { return len(t.kept) == 0 }

// test gives the answer of a test of a text. A text is told by where it is in
// memory, before it is compared.
func (t *Texts) test(n *Node, s, word string) bool {
	list := t.kept[n]
	for i := range list {
		if k := &list[i]; k.text == s && k.word == word {
			return k.holds
		}
	}
	holds := n.testText(s, word)
	work := len(s)
	if n.Op == Matches {
		work *= patternWork
	}
	if t.Work += work; len(list) < maxKept {
		if t.kept == nil {
			t.kept = map[*Node][]keptText{}
		}
		t.kept[n] = append(list, keptText{s, word, holds})
	}
	return holds
}

// Lists keeps the answers of tests of the account's long lists against constants,
// in the same way. A list is told by where it is in memory: what it holds may not change.
type Lists struct {
	kept map[keptList]bool
	Work int // items that were looked at as no answer was kept, lookWork for those that were looked up
}

// To look for each of a few texts takes less than to look up each item.
const (
	fewTexts = 8
	lookWork = 16
)

type keptList struct {
	test  *Node
	first *string
	items int
}

func (l *Lists) test(n *Node, list []string, word string, want []string) bool {
	key := keptList{n, &list[0], len(list)}
	holds, ok := l.kept[key]
	if ok {
		return holds
	}
	if n.Op == HasAny && !n.Set.fold && len(want) <= fewTexts {
		holds = slices.ContainsFunc(want, func(text string) bool { return slices.Contains(list, text) })
		l.Work += len(list) * len(want)
	} else {
		holds = n.testItems(list, word, want)
		l.Work += len(list) * lookWork
	}
	if l.kept == nil {
		l.kept = map[keptList]bool{}
	}
	l.kept[key] = holds
	return holds
}
