package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// contactFills lists the missing fields of the contacts that it is tried to act
// with, where a value of one would make the contact count for more.
func (l *lifter) contactFills() {
	m, r := l.model, l.model.rollup
	if r == nil {
		return
	}
	texts, nums := r.constants(len(m.contactFields))
	if slot := r.weightSlot(); slot >= 0 {
		for _, e := range r.src.Weight.Table {
			texts[slot], nums[slot] = append(texts[slot], e.Key.Text), append(nums[slot], e.Key.Lo, e.Key.Hi)
		}
	}
	for i := range r.roles {
		texts[r.role] = append(texts[r.role], r.roles[i].Name)
	}
	crowded := false // too many to tell of a text that it is another's
	if r.distinct >= 0 {
		keys := l.distinctKeys()
		if crowded = len(keys) > maxValues; !crowded {
			texts[r.distinct] = append(texts[r.distinct], keys...)
		}
	}
	tests := l.contactTests()
	for _, i := range l.people() {
		k := &l.account.Contacts[i]
		var engage *Change
		if ways := l.engageAgain(i); len(ways) > 0 {
			engage = &ways[0].change
		}
		for slot := range m.contactFields {
			f := &m.contactFields[slot]
			if !f.read && slot != r.since && slot != r.role && slot != r.distinct {
				continue
			}
			var s cond.Slot
			v, has := k.Fields[f.key]
			f.fill(&s, v, has)
			mark, may := mayChange(f, s.State)
			if !may || usable(&s) {
				continue
			}
			c := Change{Kind: ChangeFill, Contact: k.ID, Field: f.Name, Mark: string(mark), State: valueStates[s.State]}
			if f.key != f.Name {
				c.Key = f.key
			}
			values := f.trials(texts[slot], l.worth(nums[slot], slot, *k), tests[slot], clock(l.at))
			for i := range values {
				if slot == r.distinct && crowded {
					values[i].other, values[i].except = false, nil
				}
			}
			if lv := l.contactFill(c, engage, values); len(lv.moves) > 0 {
				if !l.spend(0) {
					return
				}
				l.others = append(l.others, lv)
			}
		}
	}
}

// worth adds, to the numbers that a field of contacts is compared with, sizes
// that matter where the contact's score is made of it, up to the one by which it
// scores most.
func (l *lifter) worth(nums []float64, slot int, k Contact) []float64 {
	if l.model.rollup.scoredBy(slot) {
		w := &worth{lifter: l, contact: k, numbers: []int{slot}}
		most := w.raiseMost(Change{Kind: ChangeEngage, Contact: k.ID})
		largest, set := w.numberOf(&most)
		if !set {
			largest = 100_000
		}
		nums = append(slices.Clone(nums), largest)
		nums = append(nums, largest+1, numberSteps[len(numberSteps)-1]) // which may be beyond what a contact can score
		for v := 10.0; v < largest; v *= 10 {
			nums = append(nums, v)
		}
	}
	slices.Sort(nums)
	return nums
}

// contactFill gives one value of each class, as the rollup tells them apart,
// that makes more of the contacts than they are: of the contact as it is, once
// it is engaged, or once it has all that engages it but this field.
func (l *lifter) contactFill(c Change, engage *Change, values []choice) lever {
	var beside [3][]*move
	if engage != nil {
		rest := *engage
		rest.With = slices.DeleteFunc(slices.Clone(rest.With), func(v FieldValue) bool { return v.Field == c.Field })
		beside[1] = []*move{{slot: -1, change: *engage}}
		beside[2] = []*move{{slot: -1, change: rest}}
	}
	rollUps := func(fill ...*move) (is [len(beside)]rollupOutcome) {
		for i := range beside {
			if i > 0 && beside[i] == nil {
				break
			}
			l.stage(slices.Concat(beside[i], fill))
			is[i] = l.s.rollup
			if !l.model.metered[dsl.MetricCompleteness] {
				is[i].completeness = 0
			}
		}
		return is
	}
	was := rollUps()
	seen := [][len(beside)]rollupOutcome{was}
	var lv lever
	for n, v := range values {
		if !l.spend(0) {
			break
		}
		c.To, c.Except, c.Any = v.to, v.except, v.other && len(v.except) == 0
		mv := &move{slot: -1, change: c, choices: values, place: n}
		if is := rollUps(mv); !slices.Contains(seen, is) && (is[0].beats(&was[0]) || is[1].beats(&was[1]) || is[2].beats(&was[2])) {
			seen = append(seen, is)
			lv.moves = append(lv.moves, mv)
		}
	}
	lv.moves = l.few(lv.moves)
	return lv
}

// beats tells whether an outcome has more of anything than another.
func (o *rollupOutcome) beats(was *rollupOutcome) bool {
	return o.points+o.bonus > was.points+was.bonus || o.threads > was.threads || o.senior > was.senior || o.completeness > was.completeness
}
