package accountscore

import (
	"cmp"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// outcome scores one contact by itself. It leaves nothing staged.
func (l *lifter) outcome(k Contact) contactOutcome {
	l.staged = nil
	l.work += 10 + l.oneLoad/(1+len(l.account.Contacts))
	l.s.load(&Account{Contacts: []Contact{k}}, l.at)
	l.s.loadContact(0)
	return l.model.rollup.contactScore(l.s, 0)
}

// people gives the contacts that it is tried to act with: the best by rank. Of
// contacts with one id only the first can be told.
func (l *lifter) people() []int {
	l.stage(nil)
	var list []int
	seen := map[string]bool{"": true}
	for _, i := range l.s.order {
		id := l.account.Contacts[i].ID
		first := slices.IndexFunc(l.account.Contacts, func(k Contact) bool { return k.ID == id })
		if !seen[id] && first == i && len(list) < maxLiftPeople {
			list = append(list, i)
		}
		seen[id] = true
	}
	return list
}

// peopleLevers lists the contacts that may be engaged: those there are that
// are not, and new ones of every weight and missing role.
func (l *lifter) peopleLevers() {
	r := l.model.rollup
	if r == nil {
		return
	}
	l.stage(nil)
	var idle []int
	for _, i := range l.people() {
		if !l.s.contacts[i].engaged {
			idle = append(idle, i)
		}
	}
	add := func(c Change, ok, repeats bool) {
		if ok && l.spend(0) {
			l.others = append(l.others, lever{moves: []*move{{slot: -1, change: c}}, repeats: repeats})
		}
	}
	roles := l.missingRoles()
	for _, i := range idle {
		c, ok := l.engageAgain(i)
		add(c, ok, false)
	}
	profiles := 0
	for _, who := range l.seniorities() {
		for _, role := range append([]string{""}, roles...) {
			if profiles++; profiles > maxProfiles {
				l.cut = true
				return
			}
			c, ok := l.engageNew(who, role)
			add(c, ok, true)
		}
	}
}

// missingRoles gives the roles that the committee lacks.
func (l *lifter) missingRoles() []string {
	l.stage(nil)
	var list []string
	for i, role := range l.model.rollup.roles {
		if l.s.roleCounts[i] < role.Need {
			list = append(list, role.Name)
		}
	}
	return list
}

// seniorities gives one value for each weight that contacts can have, after
// none.
func (l *lifter) seniorities() [][]FieldValue {
	r := l.model.rollup
	list := [][]FieldValue{nil}
	if r.weightOf != nil && r.weightOf.Op == cond.Field {
		f := &l.model.contactFields[r.weightOf.Slot]
		var weights []micro.M
		for i := range r.weights.entries {
			e := &r.weights.entries[i]
			to := dsl.Value{Kind: dsl.NumberValue, Number: e.lo}
			switch e.kind {
			case dsl.KeyElse, dsl.KeyMissing:
				continue
			case dsl.KeyText:
				to = dsl.Value{Kind: dsl.TextValue, Text: r.src.Weight.Table[i].Key.Text}
			}
			if !slices.Contains(weights, e.points) {
				weights = append(weights, e.points)
				list = append(list, []FieldValue{{f.Name, to}})
			}
		}
	}
	return list
}

// engageNew gives the change that engages a new contact.
func (l *lifter) engageNew(who []FieldValue, role string) (Change, bool) {
	r := l.model.rollup
	c := Change{Kind: ChangeEngage, New: true, Who: slices.Clone(who)}
	if role != "" {
		name := l.model.contactFields[r.role].Name
		if had := literalOf(c.Who, name); had.Kind != dsl.NullValue {
			if had.Text != role {
				return c, false // the role decides the weight
			}
		} else {
			c.Who = append(c.Who, FieldValue{name, dsl.Value{Kind: dsl.TextValue, Text: role}})
		}
	}
	if r.distinct >= 0 {
		f := &l.model.contactFields[r.distinct]
		if f.typ == cond.Text && f.allowed == nil && literalOf(c.Who, f.Name).Kind == dsl.NullValue {
			c.With = append(c.With, FieldValue{f.Name, dsl.Value{Kind: dsl.TextValue, Text: l.newKey(0)}})
		}
	}
	return l.engage(c, Contact{})
}

// newKey gives a text by which a new contact counts as one more.
func (l *lifter) newKey(n int) string {
	f := &l.model.contactFields[l.model.rollup.distinct]
	var keys []string
	for i := range l.account.Contacts {
		if s := convert(l.account.Contacts[i].Fields[f.key], f.typ); s.State == cond.Known {
			keys = append(keys, s.Text)
		}
	}
	key := another(keys)
	for range n {
		keys = append(keys, key)
		key = "another"
		for slices.ContainsFunc(keys, func(k string) bool { return cond.Fold(k) == key }) {
			key += "-"
		}
	}
	return key
}

// again gives a change that was made before once more: a new contact counts as
// another one.
func (l *lifter) again(c Change, times int) Change {
	r := l.model.rollup
	if times == 0 || r == nil || r.distinct < 0 || !c.New {
		return c
	}
	c.With = slices.Clone(c.With)
	for i := range c.With {
		if c.With[i].Field == l.model.contactFields[r.distinct].Name {
			c.With[i].Value.Text = l.newKey(times)
		}
	}
	return c
}

// engageAgain gives the change that engages a contact that there is.
func (l *lifter) engageAgain(i int) (Change, bool) {
	r := l.model.rollup
	k := l.account.Contacts[i]
	c := Change{Kind: ChangeEngage, Contact: k.ID}
	for _, slot := range [...]int{r.weightSlot(), r.role} {
		if slot < 0 {
			continue
		}
		f := &l.model.contactFields[slot]
		var s cond.Slot
		v, ok := k.Fields[f.key]
		if f.fill(&s, v, ok); s.State == cond.Known && literalOf(c.Who, f.Name).Kind == dsl.NullValue {
			c.Who = append(c.Who, FieldValue{f.Name, exactValue(&s, f.typ)})
		}
	}
	return l.engage(c, k)
}

// weightSlot is the field that weighs contacts, -1 for none.
func (r *rollup) weightSlot() int {
	if r.weightOf == nil || r.weightOf.Op != cond.Field {
		return -1
	}
	return r.weightOf.Slot
}

// engage completes a change so that the contact is engaged, if only just: it
// was active at this moment, and has the least of a score that will do, or
// what the rules of the block ask of it.
func (l *lifter) engage(c Change, k Contact) (Change, bool) {
	m, r := l.model, l.model.rollup
	mayset := func(slot int) bool {
		f := &m.contactFields[slot]
		return (c.New || f.Change != dsl.Fixed) && literalOf(c.Who, f.Name).Kind == dsl.NullValue
	}
	var now contactOutcome
	score := func(c *Change) micro.M {
		now = l.outcome(c.contact(m, k, l.at))
		return now.raw
	}
	if r.since >= 0 && mayset(r.since) {
		f := &m.contactFields[r.since]
		c.With = append(c.With, FieldValue{f.Name, f.literal(float64(clock(l.at)))})
	}
	if score(&c); !now.engaged {
		l.raise(&c, k, mayset, func() bool { score(&c); return now.engaged })
	}
	if !now.engaged {
		l.please(&c, k, mayset, score)
		score(&c)
	}
	weight := max(micro.One, now.weight)
	c.Score, c.Effort = now.score.Float(), effortEngage.Mul(weight).Float()
	if c.New {
		c.Effort = effortNew.Mul(weight).Float()
	}
	return c, now.engaged
}

// raise sets the numbers that the score formula reads to the least whole
// number that engages the contact, or to what scores most.
func (l *lifter) raise(c *Change, k Contact, mayset func(int) bool, engaged func() bool) {
	var slots []int
	l.model.rollup.score.Walk(func(n *cond.Node) {
		if n.Op == cond.Field && n.Space == cond.Contact && n.Type == cond.Number && !slices.Contains(slots, n.Slot) && mayset(n.Slot) {
			if f := &l.model.contactFields[n.Slot]; f.allowed == nil {
				slots = append(slots, n.Slot)
			}
		}
	})
	if len(slots) == 0 {
		return
	}
	with := c.With
	try := func(v float64) bool {
		c.With = slices.Clone(with)
		for _, slot := range slots {
			f := &l.model.contactFields[slot]
			var s cond.Slot
			has, ok := k.Fields[f.key]
			if f.fill(&s, has, ok); s.State != cond.Known || s.Num < v {
				c.With = append(c.With, FieldValue{f.Name, dsl.Value{Kind: dsl.NumberValue, Number: v}})
			}
		}
		return engaged()
	}
	low := 0.0
	for _, high := range [...]float64{0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000} {
		if !try(high) {
			low = high
			continue
		}
		for high-low > 1 {
			if mid := float64(int((low + high) / 2)); try(mid) {
				high = mid
			} else {
				low = mid
			}
		}
		try(high)
		return
	}
	try(100)
}

// please gives the contact, one after the other, the value or the activity
// that the rules of the block reward most, until it is engaged.
func (l *lifter) please(c *Change, k Contact, mayset func(int) bool, score func(*Change) micro.M) {
	m, r := l.model, l.model.rollup
	filters := l.questions(r.probes())
	var kinds []deedKind
	for typ := range m.activities {
		if len(filters[typ]) > 0 {
			kinds = append(kinds, l.deedKinds(typ, filters[typ])...)
		}
	}
	texts, nums := r.constants(len(m.contactFields))
	best := score(c)
	for better := true; better && best < r.engaged && l.spend(0); {
		better = false
		was := *c
		try := func(t Change) {
			if p := score(&t); p > best {
				best, *c, better = p, t, true
			}
		}
		for _, d := range kinds {
			for _, count := range [...]int{1, 3, 10} {
				t := was
				t.Did = append(slices.Clone(was.Did), Deed{d.activity, count, d.value, d.with})
				try(t)
			}
		}
		for slot := range m.contactFields {
			f := &m.contactFields[slot]
			if !f.read || slot == r.since || slot == r.role || slot == r.weightSlot() || slot == r.distinct || !mayset(slot) {
				continue
			}
			for _, v := range f.trials(texts[slot], nums[slot], clock(l.at)) {
				t := was
				t.With = slices.DeleteFunc(slices.Clone(was.With), func(v FieldValue) bool { return v.Field == f.Name })
				t.With = append(t.With, FieldValue{f.Name, v.to})
				try(t)
			}
		}
	}
}

// constants collects what the block compares its fields with.
func (r *rollup) constants(fields int) (texts [][]string, nums [][]float64) {
	texts, nums = make([][]string, fields), make([][]float64, fields)
	visit := func(n *cond.Node) {
		n.Walk(func(n *cond.Node) {
			for _, x := range n.Args {
				if x.Op != cond.Field || x.Space != cond.Contact {
					continue
				}
				for _, y := range n.Args {
					if y.Op == cond.Const {
						texts[x.Slot], nums[x.Slot] = append(texts[x.Slot], y.Text), append(nums[x.Slot], y.Num-1, y.Num, y.Num+1)
					}
				}
				nums[x.Slot] = append(nums[x.Slot], ends(n)...)
				if n.Set != nil {
					texts[x.Slot], nums[x.Slot] = append(texts[x.Slot], n.Set.Texts...), append(nums[x.Slot], n.Set.Nums...)
				}
			}
		})
	}
	visit(r.score)
	for g := range r.groups {
		for k := range r.groups[g].rules {
			rule := &r.groups[g].rules[k]
			visit(rule.when)
			if of := rule.of; of != nil && of.Op == cond.Field && of.Space == cond.Contact {
				for _, e := range rule.src.Table {
					texts[of.Slot], nums[of.Slot] = append(texts[of.Slot], e.Key.Text), append(nums[of.Slot], e.Key.Lo)
				}
				if rule.ramp != nil {
					nums[of.Slot] = append(nums[of.Slot], rule.ramp.Lo, rule.ramp.Hi)
				}
			}
		}
	}
	return texts, nums
}

// RoleLift is what one more engaged contact would bring in a role that the
// committee lacks.
type RoleLift struct {
	Role string `json:"role"`
	Need int    `json:"need"`
	Have int    `json:"have"`
	// Change engages a contact who has the role but is not engaged, or else a
	// new one of whom nothing is known but the role.
	Change Change `json:"change"`
	// Score, Tier and Completeness are those of the changed account, and Gain
	// what the score rises by.
	Score        float64 `json:"score"`
	Gain         float64 `json:"gain"`
	Tier         string  `json:"tier"`
	Completeness float64 `json:"completeness"`
	// Cut tells that other roles which the committee lacks were not tried,
	// because there are so many or the account is so large.
	Cut bool `json:"cut,omitempty"`
}

// Committee tells, for each role that the buying committee lacks, what one
// more engaged contact in it would bring: what lifts the score most comes
// first, then what completes the committee most. Each is tried by scoring the
// changed account; the contact is taken to be just engaged. It gives nothing
// without a committee, and a role for which no contact could be engaged is
// left out. Of a committee that lacks more than fifty roles the first fifty are
// tried, and fewer of an account so large that this would take long. The roles are tried once, by whatever needs them first, and kept with
// the explanation. It is safe for concurrent use.
func (x *Explanation) Committee() []RoleLift {
	list := slices.Clone(x.roles())
	for i := range list {
		list[i].Change = list[i].Change.clone()
	}
	return list
}

// missingRoles tries the roles that the committee lacks.
func (x *Explanation) missingRoles() []RoleLift {
	if x.subject.model.rollup == nil || len(x.subject.model.rollup.roles) == 0 {
		return nil
	}
	l := newLifter(x.subject, liftGoal{})
	defer l.close()
	r := l.model.rollup
	have := slices.Clone(l.s.roleCounts)
	engaged := make([]bool, len(l.account.Contacts))
	for i := range engaged {
		engaged[i] = l.s.contacts[i].engaged
	}
	people := l.people()
	var list []RoleLift
	tried, cut := 0, false
	for i, role := range r.roles {
		if have[i] >= role.Need {
			continue
		}
		if tried == maxLiftRoles || !l.spend(l.oneTry+l.oneLoad) {
			cut = true
			break
		}
		tried++
		c, ok := Change{}, false
		for _, k := range people {
			if !engaged[k] && !r.assigned && l.hasRole(k, role.Name) && !ok {
				c, ok = l.engageAgain(k)
			}
		}
		if !ok {
			c, ok = l.engageNew(nil, role.Name)
		}
		if !ok {
			continue
		}
		after := l.model.Score(l.apply([]Change{c}), l.at)
		list = append(list, RoleLift{Role: role.Name, Need: role.Need, Have: have[i], Change: c, Score: after.Score,
			Gain: (micro.Of(after.Score) - micro.Of(x.Result.Score)).Float(), Tier: after.Tier, Completeness: after.Completeness})
	}
	for i := range list {
		list[i].Cut = cut
	}
	slices.SortStableFunc(list, func(a, b RoleLift) int {
		return cmp.Or(cmp.Compare(b.Gain, a.Gain), cmp.Compare(b.Completeness, a.Completeness))
	})
	return list
}

// hasRole tells whether a contact has a role.
func (l *lifter) hasRole(i int, role string) bool {
	r := l.model.rollup
	f := &l.model.contactFields[r.role]
	var s cond.Slot
	v, ok := l.account.Contacts[i].Fields[f.key]
	if f.fill(&s, v, ok); s.State != cond.Known {
		return false
	}
	return s.Text == role || f.IgnoringCase && cond.Fold(s.Text) == cond.Fold(role)
}
