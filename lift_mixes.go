package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// Lists of which several tests ask for items: what one wants is put in beside
// what another wants, and an item that meets several counts for each.

// mix is how many items of each kind are put into a list and taken out of it.
type mix struct {
	in, out []int
	items   int
	short   float64 // how far the account is from the goal with it alone
}

const (
	maxMixes  = 1 << 10 // mixes of one list that are tried
	maxAlike  = 2       // mixes of which the tests say the same that are gone on with
	mixWork   = 1 << 19
	callWork  = 100 // of a list function, in parts of formulas
	maxSingly = 8   // items that are put in one by one
)

// mixes gives the edits of a list that its tests tell apart, as few items of each
// as were found. It starts from the list as it is, and goes on from each edit of
// which the tests say something new.
func (l *lifter) mixes(slot int, cuts *fieldCuts) []listEdit {
	f, own := &l.model.fields[slot], &l.own[slot]
	t := l.itemTests(slot, cuts)
	m := &mixer{lifter: l, tests: t, kinds: l.itemKinds(t)}
	if usable(own) {
		m.length = len(own.List)
	}
	limit := l.work + min(mixWork, max(0, l.limit-l.work)/4)
	said, seen := map[string]int{}, map[string]bool{}
	var row []mix
	var edits []listEdit
	take := func(x mix) {
		if x.items > maxMore || seen[x.key()] {
			return
		}
		seen[x.key()] = true
		e := m.edit(x, cuts)
		c := f.choice(own, e)
		sig, _ := l.signature(slot, c.slot)
		l.work += len(c.slot.List)*(listWork+t.calls) + lookWork*x.items + t.calls*callWork
		if said[sig]++; said[sig] > maxAlike {
			return
		}
		x.short = l.short([]*move{{slot: slot, value: c.slot}})
		if row = append(row, x); x.items > 0 && (e.more != 1 || x.items > 1) { // any one item is tried besides
			edits = append(edits, e)
		}
	}
	take(mix{in: make([]int, len(m.kinds)), out: make([]int, len(m.kinds))})
	// Those of few items and those that bring the account near take turns.
	for turn := 0; len(row) > 0; turn++ {
		at := 0
		for i := range row {
			if few := row[i].items < row[at].items; turn%2 == 0 && few || turn%2 == 1 && (row[i].short < row[at].short || row[i].short == row[at].short && few) {
				at = i
			}
		}
		from := row[at]
		row = slices.Delete(row, at, at+1)
		for _, x := range m.next(from) {
			if len(seen) >= maxMixes || l.work > limit {
				l.cut = true
				return edits
			}
			take(x)
		}
	}
	return edits
}

// mixer makes mixes for the tests of one list.
type mixer struct {
	*lifter
	tests  *itemTests
	kinds  []*itemKind
	length int // of the list as it is
}

func (x *mix) key() string {
	key := make([]byte, 0, 2*len(x.in))
	for i := range x.in {
		key = append(key, byte(x.in[i]), byte(x.out[i]))
	}
	return string(key)
}

// with gives a mix with so many more items of a kind in it, or out of it.
func (x *mix) with(kind, in, out int) mix {
	next := mix{in: slices.Clone(x.in), out: slices.Clone(x.out), items: x.items + in + out}
	next.in[kind] += in
	next.out[kind] += out
	return next
}

// edit makes the edit of a mix. Items that meet no test stand for any others
// where no test looks at what items look like.
func (m *mixer) edit(x mix, cuts *fieldCuts) listEdit {
	var e listEdit
	var plain []string
	for i, k := range m.kinds {
		e.out = append(e.out, k.own[:x.out[i]]...)
		if items := k.items[:x.in[i]]; k.plain {
			plain = items
		} else {
			e.in = append(e.in, items...)
		}
	}
	slices.Sort(e.in)
	if e.in = append(e.in, plain...); !cuts.looks && m.model.fields[m.tests.slot].allowed == nil {
		e.more = len(plain)
	}
	return e
}

// next gives the mixes that are one step further: an item of a kind more, as many
// as some test may ask for, all of a set, and the same out of the list.
func (m *mixer) next(x mix) []mix {
	length := m.length
	met := make([]int, len(m.tests.meets)+len(m.tests.of)) // items that meet a test
	for i, k := range m.kinds {
		length += x.in[i] - x.out[i]
		for test, meets := range k.meets {
			if meets {
				met[test] += len(k.own) - x.out[i] + x.in[i]
			}
		}
	}
	var list []mix
	for i, k := range m.kinds {
		amounts := func(most int, sign int) []int {
			by := []int{1, most}
			if sign > 0 {
				by = by[:1]
			}
			for _, want := range m.tests.wants {
				by = append(by, sign*(want-length))
				for test, n := range met {
					if k.meets[test] {
						by = append(by, sign*(want-n))
					} else {
						by = append(by, sign*(want-(length-n)))
					}
				}
			}
			slices.Sort(by)
			return slices.DeleteFunc(slices.Compact(by), func(n int) bool { return n < 1 || n > most })
		}
		for _, n := range amounts(len(k.items)-x.in[i], 1) {
			if n == 1 && x.items >= maxSingly {
				continue
			}
			list = append(list, x.with(i, n, 0))
		}
		for _, n := range amounts(len(k.own)-x.out[i], -1) {
			list = append(list, x.with(i, 0, n))
		}
	}
	for _, set := range m.tests.sets {
		all, none := x, x
		for i, k := range m.kinds {
			if k.meets[set] {
				all = all.with(i, len(k.items)-x.in[i], 0)
				none = none.with(i, 0, len(k.own)-x.out[i])
			}
		}
		list = append(list, all, none)
	}
	return list
}

// mixed tells whether edits of a few items that are named may not be all that the
// tests of a list tell apart.
func mixed(cuts *fieldCuts, named int) bool {
	return named > maxNamed || slices.ContainsFunc(cuts.curved, func(n *cond.Node) bool { return n.Op != cond.Empty })
}
