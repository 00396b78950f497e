package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// deedKind is a way for an activity to happen, as filters tell them apart.
type deedKind struct {
	activity string
	value    float64
	with     []FieldValue
	amounts  []float64 // that it may be worth instead: see lifter.amounts
}

func (d *deedKind) change(contact string, count int) Change {
	c := Change{Kind: ChangeRepeat, Activity: d.activity, Count: count, Value: d.value, With: d.with, Contact: contact}
	c.Effort = c.effort()
	return c
}

// logLevers lists the activities that may happen: those that the account's own
// rules count, and those that count for a contact.
func (l *lifter) logLevers() {
	questions := l.questions(l.probes)
	var counted []int
	for i := range l.probes {
		counted = append(counted, l.probes[i].logs...)
	}
	slices.Sort(counted)
	for _, typ := range slices.Compact(counted) {
		for _, kind := range l.deedKinds(typ, questions[typ]) {
			if lv := l.repeats(typ, &kind); len(lv.moves) > 0 {
				l.others = append(l.others, lv)
			}
			if len(l.others) == maxActivities || !l.spend(0) {
				l.cut = true
				return
			}
		}
	}
}

// questions gives the filters on each type of activity; a nil one is none.
func (l *lifter) questions(probes []probe) map[int][]*cond.Node {
	type question struct {
		typ   int
		where *cond.Node
	}
	filters, asked := map[int][]*cond.Node{}, map[question]bool{}
	add := func(log *cond.Log) {
		if q := (question{log.Type, log.Where}); !asked[q] {
			asked[q] = true
			filters[log.Type] = append(filters[log.Type], log.Where)
		}
	}
	var visit func(n *cond.Node)
	lets := make([]bool, len(l.model.lets))
	visit = func(n *cond.Node) {
		n.Walk(func(n *cond.Node) {
			if n.Log != nil {
				add(n.Log)
			}
			if n.Op == cond.Field && n.Space == cond.Computed && !lets[n.Slot] {
				lets[n.Slot] = true
				visit(l.model.lets[n.Slot].Node)
			}
		})
	}
	for i := range probes {
		visit(probes[i].leaf)
		if r := probes[i].rule; r != nil && r.signal != nil {
			add(&r.signal.log)
		}
	}
	return filters
}

// readsValues tells whether the account's rules or those of its contacts read
// what activities of a type are worth.
func (l *lifter) readsValues(typ int) bool {
	if l.valued == nil {
		l.valued = make([]bool, len(l.model.activities))
		probes := l.probes
		if r := l.model.rollup; r != nil {
			probes = slices.Concat(probes, r.probes())
		}
		for i := range probes {
			l.noteValues(&probes[i])
		}
	}
	return l.valued[typ]
}

func (l *lifter) noteValues(p *probe) {
	ofLog := func(log *cond.Log) {
		log.Where.Walk(func(n *cond.Node) {
			if n.Op == cond.Value {
				l.valued[log.Type] = true
			}
		})
	}
	lets := make([]bool, len(l.model.lets))
	var visit func(n *cond.Node)
	visit = func(n *cond.Node) {
		n.Walk(func(n *cond.Node) {
			switch {
			case n.Op == cond.Sum:
				l.valued[n.Log.Type] = true
			case n.Log != nil:
				ofLog(n.Log)
			case n.Op == cond.Field && n.Space == cond.Computed && !lets[n.Slot]:
				lets[n.Slot] = true
				visit(l.model.lets[n.Slot].Node)
			}
		})
	}
	visit(p.leaf)
	if p.rule == nil {
		return
	}
	visit(p.rule.when)
	if g := p.rule.signal; g != nil {
		l.valued[g.log.Type] = l.valued[g.log.Type] || g.perValue
		ofLog(&g.log)
	}
}

// maxKinds bounds the ways for one type of activity to happen.
const maxKinds = 6

// deedKinds finds activities that the filters on a type tell apart: one for
// each set of filters that can be satisfied together.
func (l *lifter) deedKinds(typ int, filters []*cond.Node) []deedKind {
	t := &l.model.activities[typ]
	value, known := l.usualValue(typ)
	values := []float64{value}
	var amounts []float64
	if !known && l.readsValues(typ) {
		amounts = l.amounts(typ)
	}
	texts := make([][]string, len(t.fields))
	nums := make([][]float64, len(t.fields))
	for _, w := range filters {
		w.Walk(func(n *cond.Node) {
			for i, x := range n.Args {
				for j, y := range n.Args {
					if i == j || x.Op != cond.Field || x.Space != cond.Activity {
						continue
					}
					if y.Op == cond.Const {
						texts[x.Slot], nums[x.Slot] = append(texts[x.Slot], y.Text), append(nums[x.Slot], y.Num-1, y.Num, y.Num+1)
					}
				}
				if x.Op == cond.Value {
					for _, y := range n.Args {
						if y.Op == cond.Const {
							values = append(values, y.Num, y.Num+1, y.Num-1)
						}
					}
					values = append(values, ends(n)...)
				}
				if x.Op == cond.Field && x.Space == cond.Activity {
					nums[x.Slot] = append(nums[x.Slot], ends(n)...)
					if n.Set != nil {
						texts[x.Slot], nums[x.Slot] = append(texts[x.Slot], n.Set.Texts...), append(nums[x.Slot], n.Set.Nums...)
					}
				}
			}
		})
	}
	tests := l.textTests(filters, len(t.fields))
	// Every field may stay unset; then each of its values.
	choices := make([][]choice, len(t.fields))
	for i := range t.fields {
		f := &t.fields[i]
		choices[i] = []choice{{}}
		if f.read {
			choices[i] = append(choices[i], f.trials(texts[i], nums[i], tests[i], clock(l.at))...)
		}
	}
	var kinds []deedKind
	seen := map[string]bool{}
	ev := cond.Event{Type: int32(typ), At: clock(l.at), Fields: make(cond.Record, len(t.fields))}
	e := &l.s.env
	outer := e.Event
	defer func() { e.Event = outer }()
	picked := make([]choice, len(t.fields))
	tried := 0
	var try func(i int)
	try = func(i int) {
		if tried >= maxFilterTrial || len(kinds) == maxKinds {
			l.untold = true
			return
		}
		if i < len(t.fields) {
			for _, c := range choices[i] {
				picked[i], ev.Fields[i] = c, c.slot
				try(i + 1)
			}
			return
		}
		tried++
		e.Event = &ev
		held, any := make([]byte, len(filters)), false
		for j, w := range filters {
			truth := cond.True
			if w != nil {
				truth = w.Truth(e)
				l.work += nodeWork(w, 1)
			}
			if truth == cond.True {
				held[j] = 1
			}
			any = any || truth == cond.True
		}
		if !any || seen[string(held)] {
			return
		}
		seen[string(held)] = true
		k := deedKind{activity: t.name, value: ev.Value, amounts: amounts}
		for j, c := range picked {
			if c.slot.State == cond.Known {
				k.with = append(k.with, FieldValue{Field: t.fields[j].Name, Value: c.to, Other: c.other})
			}
		}
		kinds = append(kinds, k)
	}
	for _, v := range distinctNumbers(values) {
		ev.Value = v
		try(0)
	}
	return kinds
}

// ends gives the ends of an interval of numbers.
func ends(n *cond.Node) []float64 {
	var list []float64
	if n.Op == cond.Between {
		for _, b := range [...]cond.Bound{n.Lo, n.Hi} {
			if !b.Unbounded && !math.IsInf(b.Num, 0) {
				list = append(list, b.Num)
			}
		}
	}
	return list
}

// distinctNumbers gives each number once, the first first.
func distinctNumbers(list []float64) []float64 {
	var once []float64
	for _, v := range list {
		if !slices.Contains(once, v) && len(once) < maxValues {
			once = append(once, v)
		}
	}
	return once
}

// trials lists values of a field of an activity or a contact, given what tests
// of it name, and those that ask for parts of its text.
func (f *field) trials(texts []string, nums []float64, tests []*cond.Node, at int64) []choice {
	if !f.inRow() {
		return f.apart(f.choices(&cond.Slot{}, &fieldCuts{texts: texts}), tests)
	}
	if f.typ == cond.Time {
		nums = []float64{float64(at)}
	}
	var list []choice
	for _, v := range distinctNumbers(append(nums, 1)) {
		if f.fits(v) {
			list = append(list, choice{slot: f.slotAt(v), to: f.literal(v)})
		}
	}
	return list
}

// usualValue is what an activity of a type is taken to be worth: what the
// newest one was, if that is known, or one; and nothing where nothing reads it.
func (l *lifter) usualValue(typ int) (value float64, known bool) {
	name := l.model.activities[typ].name
	if !l.readsValues(typ) {
		return 0, false
	}
	value, newest := 1.0, int64(math.MinInt64)
	look := func(log []Activity) {
		for i := range log {
			a := &log[i]
			if at := a.At.UnixMicro(); a.Type == name && at > newest && !a.At.After(l.at) && number(a.Value, cond.Number).State == cond.Known {
				value, newest, known = a.Value, at, true
			}
		}
	}
	look(l.account.Activities)
	for i := range l.account.Contacts {
		look(l.account.Contacts[i].Activities)
	}
	return value, known
}

// contactLog lists the activities of contacts that there are: those that the
// contacts' block counts.
func (l *lifter) contactLog() {
	r := l.model.rollup
	if r == nil {
		return
	}
	filters := l.questions(r.probes())
	for _, i := range l.people() {
		before := l.outcome(l.account.Contacts[i])
		for typ := range l.model.activities {
			if len(filters[typ]) == 0 {
				continue
			}
			for _, kind := range l.deedKinds(typ, filters[typ]) {
				var lv lever
				last := before.score
				for _, count := range l.contactCounts(typ) {
					c := kind.change(l.account.Contacts[i].ID, count)
					if after := l.outcome(c.contact(l.model, l.account.Contacts[i], l.at)); after.score > last {
						last = after.score
						lv.moves = append(lv.moves, &move{slot: -1, change: c})
					}
				}
				if len(lv.moves) > 0 && l.spend(0) {
					l.others = append(l.others, lv)
				}
			}
		}
	}
}

// probes gives what a contacts block asks of the logs.
func (r *rollup) probes() []probe {
	list := []probe{{leaf: r.score}, {leaf: r.weightOf}}
	for g := range r.groups {
		for k := range r.groups[g].rules {
			rule := &r.groups[g].rules[k]
			list = append(list, probe{leaf: rule.when, rule: rule}, probe{leaf: rule.of}, probe{leaf: rule.per})
		}
	}
	return list
}

// sourceFields makes the fields of an activity or a contact of their values.
func sourceFields(declared []field, values []FieldValue, into map[string]any) map[string]any {
	for _, v := range values {
		for i := range declared {
			if declared[i].Name == v.Field {
				if into == nil {
					into = map[string]any{}
				}
				into[declared[i].key] = caseValue(v.Value)
			}
		}
	}
	return into
}

// literalOf finds the value of a field, null where there is none.
func literalOf(values []FieldValue, name string) dsl.Value {
	for _, v := range values {
		if v.Field == name {
			return v.Value
		}
	}
	return dsl.Value{}
}
