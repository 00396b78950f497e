package cond

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestKeptAnswers: a long value is asked once, the answers are those of asking
// anew, and what is short or not the same is asked again.
func TestKeptAnswers(t *testing.T) {
	long := strings.Repeat("a", LongText)
	items := strings.Split(strings.Repeat("x,", LongList)+"y", ",")
	text := &Node{Op: Field, Type: Text, Space: Account, Slot: 0}
	list := &Node{Op: Field, Type: List, Space: Account, Slot: 1}
	of := func(s string) *Node { return &Node{Op: Const, Type: Text, Text: s} }
	for _, n := range []*Node{
		{Op: Matches, Type: Bool, Args: []*Node{text}, Re: regexp.MustCompile("b$")},
		{Op: Contains, Type: Bool, Args: []*Node{text, of("ab")}},
		{Op: HasItem, Type: Bool, Args: []*Node{list, of("y")}},
		{Op: HasAny, Type: Bool, Args: []*Node{list}, Set: NewSet(nil, []string{"z", "y"}, false)},
		{Op: HasAny, Type: Bool, Args: []*Node{list}, Set: NewSet(nil, []string{"Z", "Y"}, true)},
		{Op: HasAll, Type: Bool, Args: []*Node{list}, Set: NewSet(nil, []string{"x", "y"}, false)},
	} {
		require.True(t, n.Kept())
		plain := Env{Accounts: make(Record, 2)}
		kept := Env{Accounts: plain.Accounts, Texts: &Texts{}, Lists: &Lists{}}
		looked := 0
		for i, v := range []Slot{{Text: long, List: items}, {Text: long + "b", List: items[:LongList]}, {Text: long, List: items}, {Text: "b", List: []string{"y"}}} {
			v.State = Known
			plain.Accounts[0], plain.Accounts[1] = v, v
			require.Equal(t, n.Truth(&plain), n.Truth(&kept), "%d %v", n.Op, i)
			if work := kept.Texts.Work + kept.Lists.Work; i < 2 {
				require.Greater(t, work, looked)
				looked = work
			} else {
				require.Equal(t, looked, work)
			}
		}
		require.Equal(t, n.Args[0].Type == List, kept.Texts.Empty())
	}
	other := &Node{Op: HasAny, Type: Bool, Args: []*Node{list, {Op: Field, Type: List, Space: Account, Slot: 0}}}
	require.False(t, other.Kept(), "the second may be another")
	require.False(t, (&Node{Op: HasItem, Type: Bool, Args: []*Node{{Op: Field, Type: List, Space: Contact}, of("y")}}).Kept(), "contacts share memory")
}
