package accountscore

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// fieldLevers lists what may be changed of the account's own fields.
func (l *lifter) fieldLevers() {
	for _, slot := range l.model.read {
		f, own := &l.model.fields[slot], &l.own[slot]
		mark, ok := mayChange(f, own.State)
		if !ok || len(l.bySlot[slot]) == 0 {
			continue
		}
		if len(l.fields) == maxLiftFields || !l.spend(0) {
			l.cut = true
			return
		}
		c := Change{Kind: ChangeFill, Field: f.Name, Mark: string(mark), State: valueStates[own.State]}
		if f.key != f.Name {
			c.Key = f.key
		}
		if !own.State.Missing() || own.State == cond.Expired {
			c.From = valueOf(own, f.typ)
		}
		if usable(own) {
			c.Kind = ChangeReach
		}
		var lv lever
		if own.State == cond.Expired {
			value, refresh := *own, c
			value.State = cond.Known
			refresh.Kind = ChangeRefresh
			lv.moves = append(lv.moves, &move{change: refresh, slot: slot, value: value})
		}
		if f.inRow() {
			lv.moves = append(lv.moves, l.rowMoves(slot, c)...)
		} else {
			lv.moves = append(lv.moves, l.choiceMoves(slot, c)...)
		}
		if len(lv.moves) > 0 {
			l.fields = append(l.fields, lv)
		}
	}
}

// usable tells whether an account brought a value that counts.
func usable(s *cond.Slot) bool { return s.State == cond.Known || s.State == cond.Stale }

// inRow tells whether a field's values are numbers or times, any of them.
func (f *field) inRow() bool {
	return f.allowed == nil && (f.typ == cond.Number || f.typ == cond.Time)
}

// mayChange tells whether an explanation may propose to change a field, and
// what the ruleset says of it.
func mayChange(f *field, state cond.State) (dsl.Change, bool) {
	missing := state.Missing() || state == cond.Defaulted
	switch {
	case f.Change == dsl.Fixed, f.Change == "" && !missing:
		return dsl.Fixed, false
	case f.Change == "":
		return dsl.Enrichable, true
	}
	return f.Change, true
}

// signature is what the model makes of a value of a field, all else being as
// it is, and whether other values have a say in it.
func (l *lifter) signature(slot int, v cond.Slot) (sig string, joined bool) {
	e := &l.s.env
	was := e.Accounts[slot]
	e.Accounts[slot] = v
	l.lookAgain()
	var b []byte
	for _, i := range l.bySlot[slot] {
		p := &l.probes[i]
		joined = joined || p.joined
		b = binary.LittleEndian.AppendUint64(b, p.answer(l.s))
		l.work += p.work
	}
	e.Accounts[slot] = was
	l.lookAgain()
	return string(b), joined
}

// rowMoves gives the numbers or times that are worth a try: one of each class.
func (l *lifter) rowMoves(slot int, base Change) []*move {
	f, own := &l.model.fields[slot], &l.own[slot]
	a := l.axis(slot)
	was, _ := l.signature(slot, *own)
	var moves []*move
	for i := 0; i < len(a.points) && l.spend(0); {
		sig, joined := l.signature(slot, f.slotAt(a.points[i].v))
		j := i
		for !joined && j+1 < len(a.points) {
			if next, _ := l.signature(slot, f.slotAt(a.points[j+1].v)); next != sig {
				break
			}
			j++
		}
		low, high := a.span(i, j)
		v := a.first(i, j)
		if usable(own) {
			v = a.pick(i, j, f.rowValue(own))
		}
		if nice, _ := l.signature(slot, f.slotAt(v)); nice != sig {
			v = a.points[i].v
		}
		v, named := a.nameable(v, func(v float64) bool {
			nice, joined := l.signature(slot, f.slotAt(v))
			return joined || nice == sig
		})
		here := usable(own) && low <= f.rowValue(own) && f.rowValue(own) <= high
		if named && !here && (joined || sig != was) {
			c := base
			c.To = f.literal(v)
			moves = append(moves, &move{change: c, slot: slot, value: f.slotAt(v), axis: a, place: i})
		}
		i = j + 1
	}
	return l.few(moves)
}

// few holds the ways to change one thing within what is tried: of values in a
// row those that the ruleset names, and those that are nearest to what it is now.
func (l *lifter) few(moves []*move) []*move {
	if len(moves) <= maxValues {
		return moves
	}
	l.cut = true
	return nearest(moves, maxValues, func(mv *move) (bool, float64) {
		if mv.axis == nil {
			return true, 0
		}
		named := slices.Contains(mv.axis.named, mv.axis.points[mv.place].cut)
		return named, math.Abs(l.model.fields[mv.slot].rowValue(&mv.value) - l.origin(mv.slot))
	})
}

// origin is where a field in a row stands: at zero or now, where it is missing.
func (l *lifter) origin(slot int) float64 {
	f, own := &l.model.fields[slot], &l.own[slot]
	switch {
	case usable(own):
		return f.rowValue(own)
	case f.typ == cond.Time:
		return float64(clock(l.at))
	}
	return 0
}

// nearest keeps n items of a list, in its order: those that are named, and those
// that are the least far.
func nearest[T any](list []T, n int, far func(T) (named bool, by float64)) []T {
	type place struct {
		at    int
		named bool
		by    float64
	}
	places := make([]place, len(list))
	for i, item := range list {
		places[i].at = i
		places[i].named, places[i].by = far(item)
	}
	slices.SortStableFunc(places, func(a, b place) int {
		if a.named != b.named {
			return ordinal(b.named) - ordinal(a.named)
		}
		return cmp.Compare(a.by, b.by)
	})
	places = places[:min(n, len(places))]
	slices.SortFunc(places, func(a, b place) int { return a.at - b.at })
	kept := make([]T, len(places))
	for i := range places {
		kept[i] = list[places[i].at]
	}
	return kept
}

// choiceMoves gives the values of a bool, a text, a list, or of a field whose
// values are declared, that are worth a try: one of each class.
func (l *lifter) choiceMoves(slot int, base Change) []*move {
	was, _ := l.signature(slot, l.own[slot])
	var moves []*move
	bySig := map[string]*move{}
	made := 0
	for _, c := range l.choicesOf(slot) {
		if !l.spend(0) {
			break
		}
		sig, joined := l.signature(slot, c.slot)
		if same := bySig[sig]; same != nil && !joined && !c.other && !same.change.other() {
			continue
		}
		if !joined && (sig == was || bySig[sig] != nil) {
			continue
		}
		if c.made {
			if made++; made > maxMadeMoves {
				continue
			}
		}
		change := base
		change.To, change.Out, change.Except, change.Any = c.to, c.out, c.except, c.other && len(c.except) == 0
		change.More = c.more
		mv := &move{change: change, slot: slot, value: c.slot}
		bySig[sig] = mv
		moves = append(moves, mv)
	}
	return l.few(moves)
}

// maxMadeMoves bounds the texts of one field that are tried though nothing names
// them.
const maxMadeMoves = maxValues / 2

// choice is one value of a field that is tried.
type choice struct {
	slot   cond.Slot
	to     dsl.Value
	out    []string // of a list that is known: to is put in, and these are taken out
	other  bool     // it stands for every text
	except []string // but these
	more   int      // items of to, the last, that stand for any others
	made   bool     // a text that nothing names
}

// told is what a change says of a choice beside its own: what is put into a
// list, or else taken out of it.
func (c *choice) told() dsl.Value {
	if c.to.Kind == dsl.NullValue && len(c.out) > 0 {
		return dsl.Value{Kind: dsl.ListValue, List: c.out}
	}
	return c.to
}

// other tells whether a change is to any text, or any but a few.
func (c *Change) other() bool { return c.Any || len(c.Except) > 0 || len(c.Where) > 0 || c.More > 0 }

// choices lists the values of a field, given what its tests tell apart. What
// the account has already is not one.
func (f *field) choices(own *cond.Slot, cuts *fieldCuts) []choice {
	var list []choice
	add := func(s cond.Slot, to dsl.Value, other bool, except []string) {
		s.State = cond.Known
		if f.allowed == nil || f.permits(&s) {
			list = append(list, choice{slot: s, to: to, other: other, except: except})
		}
	}
	switch {
	case f.typ == cond.Bool:
		for _, flag := range [...]bool{true, false} {
			if !usable(own) || own.Flag != flag {
				add(cond.Slot{Flag: flag}, dsl.Value{Kind: dsl.BoolValue, Bool: flag}, false, nil)
			}
		}
	case f.typ == cond.List:
		return f.lists(own, cuts, nil)
	case f.allowed != nil:
		for _, v := range f.OneOf {
			if s := slotOf(v); !usable(own) || own.Num != s.Num || own.Text != s.Text {
				add(s, v, false, nil)
			}
		}
	case f.typ == cond.Text:
		texts := distinct(cuts.texts)
		for _, t := range texts {
			if !usable(own) || own.Text != t {
				add(cond.Slot{Text: t}, dsl.Value{Kind: dsl.TextValue, Text: t}, false, nil)
			}
		}
		other := another(texts)
		add(cond.Slot{Text: other}, dsl.Value{Kind: dsl.TextValue, Text: other}, true, texts)
	}
	return list
}

// distinct gives texts in order, each once, and none that is blank, which is
// missing.
func distinct(texts []string) []string {
	texts = slices.Compact(slices.Sorted(slices.Values(texts)))
	return slices.DeleteFunc(texts, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// another gives a text that is not among some, and that has none of them in
// it where there is one.
func another(texts []string) string {
	free := func(other string) bool {
		return !slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(other, cond.Fold(t)) })
	}
	for _, other := range [...]string{"another", "other", "some", "x", "-", "?"} {
		if free(other) {
			return other
		}
	}
	other := "another"
	for slices.ContainsFunc(texts, func(t string) bool { return cond.Fold(t) == other }) {
		other += "-"
	}
	return other
}

// exactValue makes a literal of all of a slot.
func exactValue(s *cond.Slot, t cond.Type) dsl.Value {
	v := valueOf(s, t)
	if t == cond.Text {
		v.Text = s.Text
	}
	if t == cond.List {
		v.List = slices.Clone(s.List)
	}
	return v
}
