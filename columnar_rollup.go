package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// columnarRollup is a rollup for tables: contacts are scored a column at a
// time, as if they were the accounts of a model of their own, and then combined
// account by account. It exists where a contact's score is a field with rules
// that tables hold, and where no number can leave 64 bits.
type columnarRollup struct {
	*rollup
	dim     int       // of the model
	crowd   *columnar // contacts as accounts: the points of the rules, then the weights
	score   int       // slot, -1: none
	stand   micro.M   // what stands in for a score that is missing
	rest    []int32   // of the decay, millionths by whole day; beyond it the last
	most    int64     // µs of age with anything left
	limit   int       // contacts whose scores can be added up in 64 bits
	exact   bool      // ranks times scores can be added up in 64 bits
	factors []uint64  // by rank, zeros behind them
	curve   []micro.M // of the bonus by engaged contacts, where plainly
	plainly bool      // the rank-weighted sum and such a bonus are all there is
	weighs  bool      // the mean is over weights
}

// maxDays bounds the table of a decay.
const maxDays = 1 << 18

// maxSum bounds what is added up in 64 bits, so that two of it fit.
const maxSum = micro.Max / 2

// columnarRollup gives the columnar form of the rollup, nil where it has none.
func (m *Model) columnarRollup() *columnarRollup {
	r := &columnarRollup{rollup: m.rollup, score: -1, most: math.MaxInt64,
		weighs: m.rollup.weightOf != nil && m.rollup.combine.Kind == dsl.WeightedMean}
	r.dim = slices.IndexFunc(m.dims, func(d dimension) bool { return d.contacts != nil })
	if !r.scored() || !r.decays() || !r.populate(m) || r.cap < 0 {
		return nil
	}
	base, most, heaviest := r.reaches()
	if base > micro.Max/(2*micro.One) || most > micro.Max/(2*micro.One) {
		return nil
	}
	r.limit = int(min(math.MaxInt32, maxSum/max(most, heaviest, 1)))
	ranks := micro.M(0)
	for _, f := range r.ranks {
		r.factors = append(r.factors, uint64(f))
		ranks += f
	}
	r.exact = most <= maxSum/max(ranks, 1)
	r.factors = append(r.factors, make([]uint64, networked)...)
	if r.curve = r.bonus; len(r.bonus)+len(r.steps) == 0 {
		r.curve = []micro.M{0}
	}
	r.plainly = r.exact && r.combine.Kind == dsl.Ranked && r.combine.Factor < 1 && r.distinct < 0 && r.role < 0 &&
		len(r.curve) > 0 && slices.Min(r.curve) >= 0 && most.Mul(ranks) < maxSum/max(slices.Max(r.curve), 1)
	return r
}

// scored takes the score's formula, if it is a field.
func (r *columnarRollup) scored() bool {
	n := r.rollup.score
	if n == nil {
		return true
	}
	if n.Op == cond.Else && n.Args[1].Op == cond.Const {
		if r.stand = micro.Of(n.Args[1].Num); r.stand > maxContactScore || r.stand < -maxContactScore {
			return false
		}
		n = n.Args[0]
	}
	r.score = n.Slot
	return n.Op == cond.Field && n.Space == cond.Contact && n.Type == cond.Number
}

// decays lays the decay out by day.
func (r *columnarRollup) decays() bool {
	if r.since < 0 {
		return true
	}
	if r.within > 0 {
		r.most = r.within
	}
	for day := int64(0); ; day++ {
		f := r.decay.factor(day)
		r.rest = append(r.rest, int32(f))
		if f == 0 || r.decay.table == nil && r.decay.linear == 0 {
			return true
		}
		if day == maxDays {
			return false
		}
	}
}

// populate makes the contacts' own model, and tells whether tables hold it.
func (r *columnarRollup) populate(m *Model) bool {
	crowd := &Model{fields: m.contactFields, read: m.readContact, dims: make([]dimension, 1)}
	var groups []group
	for i := range r.groups {
		if r.groups[i].signals() {
			return false
		}
		groups = append(groups, r.groups[i])
	}
	if !crowd.adopt(&crowd.dims[0], groups, cond.Contact) {
		return false
	}
	if r.weightOf != nil {
		crowd.dims = append(crowd.dims, dimension{})
		weights := group{lo: micro.Min, hi: micro.Max, rules: []rule{{of: r.weightOf, table: r.weights.whole()}}}
		if !crowd.adopt(&crowd.dims[1], []group{weights}, cond.Contact) {
			return false
		}
	}
	r.crowd = crowd.tabled()
	return r.crowd != nil
}

// tabled gives the columnar way through a model of sums alone, nil where tables
// do not hold it.
func (m *Model) tabled() *columnar {
	m.plan = m.makePlan()
	c := &columnar{m: m}
	for i := range m.dims {
		if len(m.plan.dims[i].single) > 0 {
			return nil
		}
		c.dims = append(c.dims, c.dim(i))
	}
	for _, slot := range m.read {
		c.fields = append(c.fields, c.field(slot))
	}
	return c
}

// adopt makes the groups over the records of a space those of an account. It
// tells whether they read nothing else.
func (m *Model) adopt(d *dimension, groups []group, space cond.Space) bool {
	for _, g := range groups {
		g.index, g.reads, g.rules = m.counted, nil, slices.Clone(g.rules)
		m.counted += len(g.rules)
		for i := range g.rules {
			r, ok := &g.rules[i], true
			r.reads = nil
			for _, n := range []**cond.Node{&r.when, &r.of, &r.per} {
				moved, fits := adopted(*n, space)
				*n, ok = moved, ok && fits
			}
			if !ok {
				return false
			}
		}
		d.groups = append(d.groups, g)
	}
	return true
}

// adopted is a formula whose fields of a space are those of an account. It
// tells whether it reads nothing else.
func adopted(n *cond.Node, space cond.Space) (*cond.Node, bool) {
	if n == nil {
		return nil, true
	}
	if n.Log != nil || n.Op == cond.Field && n.Space != space {
		return nil, false
	}
	c := *n
	c.Space = cond.Account
	c.Args = make([]*cond.Node, len(n.Args))
	for i, a := range n.Args {
		var ok bool
		if c.Args[i], ok = adopted(a, space); !ok {
			return nil, false
		}
	}
	return &c, true
}

// whole is a table of weights with an entry for every value and for none: an
// unknown one takes "else" where there is no "missing", and what no entry
// covers weighs one.
func (t *table) whole() *table {
	c := &table{slices.Clone(t.entries), t.fold}
	other := slices.IndexFunc(c.entries, func(e entry) bool { return e.kind == dsl.KeyElse })
	if other < 0 {
		other = len(c.entries)
		c.entries = append(c.entries, entry{kind: dsl.KeyElse, points: micro.One})
	}
	if c.missing() < 0 {
		c.entries = append(c.entries, entry{kind: dsl.KeyMissing, points: c.entries[other].points})
	}
	return c
}

// reaches bounds the size of a contact's points, of its weighted score and of
// its weight; the weighted score is micro.Max where a weight is below zero: its
// contacts would rank behind those without points.
func (r *columnarRollup) reaches() (base, most, heaviest micro.M) {
	if r.score >= 0 {
		base = maxContactScore
	}
	lightest := micro.M(0)
	heaviest = micro.One
	for _, f := range r.crowd.fields {
		for _, a := range f.axes {
			for _, t := range a.targets {
				switch least, most := slices.Min(t.table), slices.Max(t.table); {
				case t.sum == 0:
					base = base.Add(max(most, -least))
				case t.sum == 1 && r.weightOf != nil:
					lightest, heaviest = least, max(heaviest, most)
				}
			}
		}
	}
	for _, k := range r.crowd.dims[0].composites {
		base = base.Add(max(slices.Max(k.points), -slices.Min(k.points)))
	}
	if lightest < 0 || r.weightOf != nil && len(r.crowd.dims[1].composites) > 0 {
		return base, micro.Max, heaviest
	}
	return base, heaviest.Mul(r.cap), heaviest
}
