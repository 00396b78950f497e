package accountscore

import (
	"cmp"
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// people gives the contacts that it is tried to act with: the best by rank. Of
// contacts with one id only the first can be told.
func (l *lifter) people() []int {
	l.stage(nil)
	var list []int
	first := map[string]int{}
	for i := range l.account.Contacts {
		if id := l.account.Contacts[i].ID; id != "" {
			if _, known := first[id]; !known {
				first[id] = i
			}
		}
	}
	for _, i := range l.s.order {
		if at, known := first[l.account.Contacts[i].ID]; known && at == i && len(list) < maxLiftPeople {
			list = append(list, i)
		}
	}
	return list
}

// peopleLevers lists the contacts that may be engaged: those there are that
// are not, and new ones of every weight, missing role and key that may be worth
// it.
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
	add := func(ways []*move, repeats bool) {
		if len(ways) > 0 && l.spend(0) {
			l.others = append(l.others, lever{ways, repeats})
		}
	}
	var roles []string
	if l.asksForRoles() {
		roles = l.missingRoles()
	}
	for _, i := range idle {
		add(l.engageAgain(i), false)
	}
	var known []newcomer
	tried := 0
	seniorities := l.seniorities()
	for _, key := range append([]string{""}, l.keys()...) {
		for _, who := range seniorities {
			for _, role := range append([]string{""}, roles...) {
				if tried == maxTriedProfiles || !l.spend(0) {
					l.cut = true
					return
				}
				ways := l.engageNew(who, role, key)
				if len(ways) == 0 {
					continue
				}
				if tried++; key != "" && l.seconds(ways, known) {
					continue
				}
				if len(known) == maxProfiles {
					l.cut = true
					return
				}
				known = append(known, l.newcomer(ways))
				add(ways, true)
			}
		}
	}
}

// maxTriedProfiles bounds the kinds of new contact of which it is asked whether
// they count for more than others.
const maxTriedProfiles = 4 * maxProfiles

// newcomer is what a new contact counts as at most.
type newcomer struct {
	effect *effect
	own    bool // it counts as one more, whoever else there is
}

func (l *lifter) newcomer(ways []*move) newcomer {
	top := ways[len(ways)-1]
	return newcomer{l.effect(top, 0), slices.ContainsFunc(top.change.With, func(v FieldValue) bool { return v.Own })}
}

// seconds tells whether a new contact counts for no more than one that is tried
// already.
func (l *lifter) seconds(ways []*move, known []newcomer) bool {
	n := l.newcomer(ways)
	return slices.ContainsFunc(known, func(k newcomer) bool {
		return (k.own || k.effect.key == n.effect.key) && (k.effect.role == n.effect.role || n.effect.role < 0) &&
			k.effect.is.weight == n.effect.is.weight && k.effect.is.score >= n.effect.is.score
	})
}

// countsKeys tells whether it matters by how many values contacts are told
// apart.
func (l *lifter) countsKeys() bool {
	r := l.model.rollup
	return r.distinct >= 0 && (r.src.Bonus != nil || l.model.metered[dsl.MetricEngaged])
}

// keys gives the values by which contacts are told apart that a new contact is
// tried with beside one of its own: those that the rules of the block reward,
// and all there are where the ruleset says which. Of values that do the same as
// many as a path may need are enough, those first that no contact has.
func (l *lifter) keys() []string {
	r := l.model.rollup
	if !l.countsKeys() || r.distinct == r.weightSlot() {
		return nil
	}
	f := &l.model.contactFields[r.distinct]
	constants, _ := r.constants(len(l.model.contactFields))
	texts := constants[r.distinct]
	for _, v := range f.OneOf {
		texts = append(texts, v.Text)
	}
	texts = distinct(texts)
	had := l.distinctKeys()
	slices.SortStableFunc(texts, func(a, b string) int {
		return ordinal(slices.Contains(had, a)) - ordinal(slices.Contains(had, b))
	})
	rewards := func(key string) micro.M {
		return l.outcome(Contact{Fields: map[string]any{f.key: key}}).raw
	}
	if r.asksWith(r.distinct) {
		return texts
	}
	own, alike := rewards(l.newKey(0)), map[micro.M]int{}
	return slices.DeleteFunc(texts, func(key string) bool {
		by := rewards(key)
		alike[by]++
		return alike[by] > maxExact || f.allowed == nil && by <= own
	})
}

// asksWith tells whether the block asks for a field together with others, so
// that nothing can be said of one value by itself.
func (r *rollup) asksWith(slot int) bool {
	reads := func(n *cond.Node) bool { return slices.Contains(wants([]*cond.Node{n}), want{slot: slot, log: -1}) }
	return r.score != nil && reads(r.score) || slices.ContainsFunc(r.conditions(), func(tests []*cond.Node) bool { return slices.ContainsFunc(tests, reads) })
}

// asksForRoles tells whether anything of the model asks which roles contacts
// have.
func (l *lifter) asksForRoles() bool {
	r := l.model.rollup
	asked := l.model.metered[dsl.MetricCompleteness]
	for _, p := range r.probes() {
		p.leaf.Walk(func(n *cond.Node) {
			asked = asked || n.Op == cond.Field && n.Space == cond.Contact && n.Slot == r.role
		})
	}
	return asked
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
// none, and those that the block's rules name. Of a text that is named, but
// makes the contact score less than one that is not, there is nothing to gain.
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
				list = append(list, []FieldValue{{Field: f.Name, Value: to}})
			}
		}
		constants, _ := r.constants(len(l.model.contactFields))
		texts := distinct(constants[r.weightOf.Slot])
		for _, text := range texts {
			who := []FieldValue{{Field: f.Name, Value: dsl.Value{Kind: dsl.TextValue, Text: text}}}
			if f.typ == cond.Text && !slices.ContainsFunc(list, func(has []FieldValue) bool { return len(has) > 0 && has[0].Value.Text == text }) {
				list = append(list, who)
			}
		}
		if f.typ == cond.Text && f.allowed == nil {
			for _, who := range list[1:] {
				texts = append(texts, who[0].Value.Text)
			}
			list = l.unpunished(append(list, []FieldValue{{Field: f.Name, Value: dsl.Value{Kind: dsl.TextValue, Text: another(texts)}, Other: true}}))
		}
	}
	return list
}

// unpunished drops the values that make a contact score less than one of the
// same weight who has no value, the first, or another, the last; and that one
// where it weighs the same as none.
func (l *lifter) unpunished(list [][]FieldValue) [][]FieldValue {
	outcome := func(who []FieldValue) contactOutcome {
		return l.outcome(Contact{Fields: sourceFields(l.model.contactFields, who, nil)})
	}
	last := len(list) - 1
	none, other := outcome(list[0]), outcome(list[last])
	kept := list[:1]
	for _, who := range list[1:last] {
		o := outcome(who)
		if !(o.base < none.base && o.weight == none.weight || o.base < other.base && o.weight == other.weight) {
			kept = append(kept, who)
		}
	}
	if other.weight != none.weight {
		kept = append(kept, list[last])
	}
	return kept
}

// engageNew gives the moves that engage a new contact, see [lifter.engage], of
// some role and key, or of none and one of its own. It gives none where one of
// its values would have to be two.
func (l *lifter) engageNew(who []FieldValue, role, key string) []*move {
	r := l.model.rollup
	c := Change{Kind: ChangeEngage, New: true, Who: slices.Clone(who)}
	if role != "" {
		name := l.model.contactFields[r.role].Name
		if had := literalOf(c.Who, name); had.Kind != dsl.NullValue {
			if had.Text != role {
				return nil // the role decides the weight
			}
		} else {
			c.Who = append(c.Who, FieldValue{Field: name, Value: dsl.Value{Kind: dsl.TextValue, Text: role}})
		}
	}
	if r.distinct >= 0 {
		f := &l.model.contactFields[r.distinct]
		switch had := literalOf(c.Who, f.Name).Kind != dsl.NullValue; {
		case had && key != "":
			return nil
		case key != "":
			c.With = append(c.With, FieldValue{Field: f.Name, Value: dsl.Value{Kind: dsl.TextValue, Text: key}})
		case !had && f.allowed == nil:
			c.With = append(c.With, FieldValue{Field: f.Name, Value: dsl.Value{Kind: dsl.TextValue, Text: l.newKey(0)}, Other: true, Own: true})
		}
	}
	return l.engage(c, Contact{})
}

// newKey gives a text by which a new contact counts as one more.
func (l *lifter) newKey(n int) string {
	keys := l.distinctKeys()
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

// distinctKeys gives the texts by which contacts are told apart.
func (l *lifter) distinctKeys() (keys []string) {
	f := &l.model.contactFields[l.model.rollup.distinct]
	for i := range l.account.Contacts {
		if s := convert(l.account.Contacts[i].Fields[f.key], f.typ); s.State == cond.Known {
			keys = append(keys, s.Text)
		}
	}
	return distinct(keys)
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
		if c.With[i].Own {
			c.With[i].Value.Text = l.newKey(times)
		}
	}
	return c
}

// engageAgain gives the moves that engage a contact that there is, see
// [lifter.engage].
func (l *lifter) engageAgain(i int) []*move {
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
			c.Who = append(c.Who, FieldValue{Field: f.Name, Value: exactValue(&s, f.typ)})
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

// RoleLift is what one more engaged contact would bring in a role that the
// committee lacks.
type RoleLift struct {
	Role string `json:"role"`
	Need int    `json:"need"`
	Have int    `json:"have"`
	// Change engages a contact who has the role but is not engaged, or else a
	// new one, of whom nothing is taken to be known but the role and what Change
	// has in With and Did: what it takes to be just engaged.
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
// tried, and fewer of an account so large that this would take long. The roles
// are tried once, by whatever needs them first, and kept with the explanation.
// It is safe for concurrent use.
func (x *Explanation) Committee() []RoleLift {
	list := slices.Clone(x.made().roles())
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
		var ways []*move
		for _, k := range people {
			if !engaged[k] && !r.assigned && l.hasRole(k, role.Name) && len(ways) == 0 {
				ways = l.engageAgain(k)
			}
		}
		if len(ways) == 0 {
			ways = l.engageNew(nil, role.Name, "")
		}
		if len(ways) == 0 {
			continue
		}
		c := ways[0].change
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

// peopleNeeded gives how many of what is counted of the contacts the goal asks
// for, whatever else holds.
func (l *lifter) peopleNeeded() (least [len(countedPeople)]float64) {
	for i, slot := range countedPeople {
		least[i] = math.Inf(1)
		for t := range l.goal.at + 1 {
			least[i] = min(least[i], needed(l.s.condition(&l.goal.tiers[t]), slot))
		}
	}
	return least
}

// needed gives the least that a number has to be for a condition to hold.
func needed(n *cond.Node, metric int) float64 {
	least := math.Inf(-1)
	switch {
	case n == nil:
	case n.Op == cond.And:
		for _, a := range n.Args {
			least = max(least, needed(a, metric))
		}
	case n.Op == cond.Ge || n.Op == cond.Gt || n.Op == cond.Eq:
		if x, y := n.Args[0], n.Args[1]; x.Op == cond.Metric && x.Slot == metric && y.Op == cond.Const {
			least = y.Num
		}
	}
	return least
}

// tooFew tells whether a set with so many more changes of activities and
// contacts cannot have as many people as the goal asks for.
func (f *finder) tooFew(set []*move, others int) bool {
	for i, slot := range countedPeople {
		if math.IsInf(f.people[i], 0) {
			continue
		}
		f.stage(set)
		f.s.meter()
		if f.s.env.Metrics[slot]+float64(others) < f.people[i] {
			return true
		}
	}
	return false
}
