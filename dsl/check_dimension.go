package dsl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/numeral"
)

func (c *checker) checkDimensions() {
	rs := c.rs
	weighted := 0
	for i := range rs.Dimensions {
		if rs.Dimensions[i].Weight != nil {
			weighted++
		}
	}
	for i := range rs.Dimensions {
		d := &rs.Dimensions[i]
		path := fmt.Sprintf("dimension %s", d.Name)
		if rs.Dimensions[i].Contacts != nil && d.Contacts != c.rollup {
			c.wrong(d.Pos, path, CodeStructure, "put its lines into the first one", "only one dimension can be `from contacts`")
		}
		c.checkShape(d, weighted > 0, path)
		s := scope{kind: accountScope, lets: len(rs.Lets)}
		if d.Contacts != nil {
			s = scope{kind: contactScope}
			if d.Contacts == c.rollup {
				c.checkRollup(d, path)
			}
		}
		c.checkItems(d, s, path)
		for j := range d.Scales {
			c.checkScale(&d.Scales[j], d, fmt.Sprintf("%s, scale %d", path, j+1))
		}
	}
}

// checkShape checks what a dimension says about its points as a whole.
func (c *checker) checkShape(d *Dimension, weighted bool, path string) {
	if d.OutOf != nil {
		switch {
		case !c.points(*d.OutOf, d.Pos, path, "`out of`"):
		case *d.OutOf <= 0:
			c.wrong(d.Pos, path, CodeValue, "write a number above zero", "`out of` is %s", numeral.Plain(*d.OutOf))
		case d.Max != nil || d.Min != nil:
			c.wrong(d.Pos, path, CodeStructure, "drop `min` and `max`: `out of 40` clamps to 0–40", "a dimension cannot have both `out of` and `min` or `max`")
		}
	}
	good := true
	if d.Min != nil {
		good = c.points(*d.Min, d.Pos, path, "`min`")
	}
	if d.Max != nil {
		good = c.points(*d.Max, d.Pos, path, "`max`") && good
	}
	if good && d.Min != nil && d.Max != nil && *d.Min > *d.Max {
		c.wrong(d.Pos, path, CodeValue, "write the smaller number as min", "`min` is above `max`")
	}
	switch {
	case d.Weight != nil && d.Unscored:
		c.wrong(d.Pos, path, CodeStructure, "drop one of them", "the dimension `%s` is unscored, so it has no weight", d.Name)
	case d.Weight != nil:
		c.within(*d.Weight, 0, maxFactor, d.Pos, path, "the weight")
	case weighted && !d.Unscored:
		c.wrong(d.Pos, path, CodeStructure, "give every scored dimension a weight, or none", "the dimension `%s` has no weight, but others have", d.Name)
	}
}

// checkItems checks the rules and groups of a dimension.
func (c *checker) checkItems(d *Dimension, s scope, path string) {
	labels, groups := map[string]bool{}, map[string]bool{}
	rules := 0
	for i := range d.Items {
		item := &d.Items[i]
		switch {
		case (item.Rule == nil) == (item.Group == nil):
			c.wrong(d.Pos, path, CodeStructure, "give each item a rule or a group", "an item of the dimension is not one rule or one group")
		case item.Rule != nil:
			rules++
			c.checkRule(item.Rule, s, labels, nil, fmt.Sprintf("%s, rule %d", path, rules))
		default:
			g := item.Group
			gpath := fmt.Sprintf("%s, group %d", path, i+1)
			c.checkGroup(g, s, groups, gpath)
			for j := range g.Rules {
				c.checkRule(&g.Rules[j], s, labels, g, fmt.Sprintf("%s, rule %d", gpath, j+1))
			}
		}
	}
}

func (c *checker) checkGroup(g *Group, s scope, groups map[string]bool, path string) {
	c.checkReason(g.Baseline, g.Code, s, g.Pos, path)
	if g.Name != "" {
		if groups[g.Name] {
			c.wrong(g.Pos, path, CodeDuplicate, "give it another name", "the group `%s` is declared twice", clipText(g.Name, 40))
		}
		groups[g.Name] = true
	}
	switch g.Kind {
	case BestOf, FirstOf:
		if g.Min != nil || g.Max != nil {
			c.wrong(g.Pos, path, CodeStructure, "use `sum of`, or drop the bounds", "`%s` has no min and max", g.Kind)
		}
	case SumOf:
		good := true
		if g.Min != nil {
			good = c.points(*g.Min, g.Pos, path, "`min`")
		}
		if g.Max != nil {
			good = c.points(*g.Max, g.Pos, path, "`max`") && good
		}
		if good && g.Min != nil && g.Max != nil && *g.Min > *g.Max {
			c.wrong(g.Pos, path, CodeValue, "write the smaller number as min", "`min` is above `max`")
		}
	default:
		c.wrong(g.Pos, path, CodeStructure, "use best of, first of or sum of", "`%s` is no kind of group", clipText(string(g.Kind), 40))
	}
	switch {
	case len(g.Rules) == 0:
		c.wrong(g.Pos, path, CodeStructure, "give it rules, or drop it", "the group is empty")
	case len(g.Rules) > c.limits.Group:
		c.wrong(c.posOr(g.Rules[c.limits.Group].Pos, g.Pos), path, CodeLimit, "split the group", "the group has %d rules, more than %d", len(g.Rules), c.limits.Group)
	}
}

// checkRule checks one rule and reads its formulas; g is the group that it
// stands in, or nil.
func (c *checker) checkRule(r *Rule, s scope, labels map[string]bool, g *Group, path string) {
	if c.rules++; c.rules == c.limits.Rules+1 {
		c.wrong(r.Pos, path, CodeLimit, "split the model", "the ruleset has more than %d rules", c.limits.Rules)
	}
	if r.Label != "" {
		switch {
		case !isPlainWord(r.Label):
			c.wrong(r.Pos, path, CodeStructure, "use one word", "`%s` cannot be a label", clipText(r.Label, 40))
		case labels[r.Label]:
			c.wrong(r.Pos, path, CodeDuplicate, "give each rule of the dimension its own label", "the label `%s` is used twice", r.Label)
		}
		labels[r.Label] = true
	}
	c.points(r.Points, r.Pos, path, "the points")
	if r.Else != nil {
		c.points(*r.Else, r.Pos, path, "the points after `else`")
	}
	if r.Else != nil && g != nil && g.Kind != SumOf {
		c.wrong(r.Pos, path, CodeStructure, "write the other case as a rule of its own", "`else` cannot stand inside `%s`, which looks for a true rule", g.Kind)
	}
	switch {
	case r.Max == nil:
	case r.Signal != nil:
		c.within(*r.Max, 0, MaxPoints, r.Pos, path, "`max`")
	default:
		c.points(*r.Max, r.Pos, path, "`max`")
	}
	if r.Min != nil {
		c.points(*r.Min, r.Pos, path, "`min`")
	}
	if r.Min != nil && r.Max != nil && *r.Min > *r.Max {
		c.wrong(r.Pos, path, CodeValue, "write the smaller number as min", "`min` is above `max`")
	}
	switch {
	case g == nil:
		c.checkReason(r.Baseline, r.Code, s, r.Pos, path)
	case r.Baseline != nil:
		c.wrong(r.Pos, path, CodeStructure, "put it on the group, behind its name", "a group is compared with one baseline, and a rule in it has none of its own")
	case r.Code != "" && g.Kind == SumOf:
		c.wrong(r.Pos, path, CodeStructure, "put it on the group, behind its name", "in `sum of` no rule counts alone, so none has a code of its own")
	default:
		c.checkReason(nil, r.Code, s, r.Pos, path)
	}
	forms := 0
	for _, has := range []bool{!r.When.IsZero(), !r.Of.IsZero(), r.Signal != nil} {
		if has {
			forms++
		}
	}
	if forms != 1 {
		c.wrong(r.Pos, path, CodeStructure, "write `condition → +50`, `number → 0..50 over 5M-50M`, `value → { … }` or `each activity → +5`", "a rule is not one of the forms that there are")
		return
	}
	if r.When.IsZero() {
		c.readCondition(&r.When, r.Language, r.Pos, s, path) // it has no language either
	}
	switch {
	case !r.When.IsZero():
		c.checkCondition(r, s, path)
	case r.Signal != nil:
		c.checkSignal(r, s, path)
	default:
		c.checkValued(r, s, path)
	}
}

// maxCode is how many characters the code of a reason may have.
const maxCode = 100

// checkReason checks what a rule or a group says of itself as a reason.
func (c *checker) checkReason(baseline *float64, code string, s scope, pos Pos, path string) {
	if baseline == nil && code == "" {
		return
	}
	switch {
	case s.kind == contactScope:
		c.wrong(pos, path, CodeStructure, "leave baseline and code out", "the contacts are one reason together, so their rules have no baseline and no code")
	case baseline != nil:
		c.points(*baseline, pos, path, "`baseline`")
	}
	if utf8.RuneCountInString(code) > maxCode {
		c.wrong(pos, path, CodeLimit, "write a shorter one", "the code of a reason is longer than %d characters", maxCode)
	}
	if strings.TrimSpace(code) != code || strings.ContainsFunc(code, func(r rune) bool { return !unicode.IsPrint(r) }) {
		c.wrong(pos, path, CodeValue, "write letters, digits and signs, with no space at the ends", "`%s` is no code of a reason", clipText(code, 40))
	}
}

// checkCondition is When → Points.
func (c *checker) checkCondition(r *Rule, s scope, path string) {
	if c.labelledValue(r, path) {
		return
	}
	c.readCondition(&r.When, r.Language, r.Pos, s, path)
	c.read(&r.Per, s, cond.Number, "`per`", path+", per")
	switch {
	case r.Ramp != nil || len(r.Table) > 0:
		c.wrong(r.Pos, path, CodeStructure, "give the ramp or the table a value of its own", "a condition has neither a ramp nor a table")
	case r.Per.IsZero() && (r.Max != nil || r.Min != nil):
		c.wrong(r.Pos, path, CodeStructure, "drop them, or write `per value` before them", "`max` and `min` need a `per`")
	case !r.Per.IsZero() && r.Else != nil:
		c.wrong(r.Pos, path, CodeStructure, "write the other case as a rule of its own", "a rule cannot have both `per` and `else`")
	}
}

// checkValued is Of → Ramp or Of → Table.
func (c *checker) checkValued(r *Rule, s scope, path string) {
	if (r.Ramp == nil) == (len(r.Table) == 0) || !r.Per.IsZero() || r.Else != nil || r.Max != nil || r.Min != nil || r.Points != 0 {
		c.wrong(r.Pos, path, CodeStructure, "write `number → 0..50 over 5M-50M` or `value → { … }`", "a rule over a value has a ramp or a table and nothing else")
		return
	}
	if r.Ramp == nil {
		u := c.read(&r.Of, s, keysType(r.Table), tableKeys, path+", of")
		c.table(u, r.Table, r.Pos, -MaxPoints, MaxPoints, path)
		return
	}
	c.read(&r.Of, s, cond.Number, "a ramp", path+", of")
	c.points(r.Ramp.From, r.Pos, path, "the ramp's points")
	c.points(r.Ramp.To, r.Pos, path, "the ramp's points")
	switch {
	case !finite(r.Ramp.Lo) || !finite(r.Ramp.Hi) || r.Ramp.Lo >= r.Ramp.Hi:
		c.wrong(r.Pos, path, CodeValue, "write the smaller end first; points may fall, as in `50..0 over 5M-50M`", "the ramp goes over %s to %s, which is no interval", numeral.Plain(r.Ramp.Lo), numeral.Plain(r.Ramp.Hi))
	case !finite(r.Ramp.Hi - r.Ramp.Lo):
		c.wrong(r.Pos, path, CodeValue, "write ends that are nearer to each other", "the ramp goes over %s to %s, and no number holds how far that is", numeral.Plain(r.Ramp.Lo), numeral.Plain(r.Ramp.Hi))
	}
}

// checkSignal is each or latest activity.
func (c *checker) checkSignal(r *Rule, s scope, path string) {
	sig := r.Signal
	if !r.Per.IsZero() || r.Else != nil || r.Min != nil || r.Ramp != nil || len(r.Table) > 0 {
		c.wrong(r.Pos, path, CodeStructure, "write `each activity → +5 per value max 20`", "`each` and `latest` have no per, else, min, ramp or table")
	}
	if sig.ByAccount && s.kind == contactScope {
		c.wrong(r.Pos, path, CodeStructure, "move the line into a dimension that is not from contacts", "inside the contacts block activities are the contact's; `by account` cannot stand there")
	}
	switch {
	case sig.Within < 0 || sig.HalfLife < 0 || sig.Linear < 0:
		c.wrong(r.Pos, path, CodeValue, "write a length of time, as in 30d", "a length of time is negative")
	case sig.HalfLife > 0 && sig.Linear > 0:
		c.wrong(r.Pos, path, CodeStructure, "keep one of them", "a line decays by `half-life` or `linear`, not by both")
	}
	if sig.DailyMax != nil {
		c.within(*sig.DailyMax, 0, MaxPoints, r.Pos, path, "`daily max`")
	}
	a := c.activity(sig.Activity, r.Pos)
	if a == nil {
		l := &lowering{c: c, s: s, at: c.placeOf(r.Pos, path)}
		l.needActivity(sig.Activity, r.Pos)
		return
	}
	c.read(&sig.Where, scope{kind: activityScope, activity: a}, cond.Bool, "`where`", path+", where")
}

func (c *checker) checkScale(sc *Scale, d *Dimension, path string) {
	c.within(sc.Factor, 0, maxFactor, sc.Pos, path, "the factor of `scale`")
	if sc.When.IsZero() {
		c.wrong(sc.Pos, path, CodeStructure, "write `scale 50% when condition`", "a scale has no condition")
	}
	// The sum of a dimension from contacts is the account's, so its scale
	// sees what the account sees.
	c.readReasoned(&sc.When, sc.Language, sc.Reason, sc.Pos, scope{kind: accountScope, lets: len(c.rs.Lets)}, path)
}

// keysType is the type of value that a table's keys are for; NoType where
// they do not tell.
func keysType(entries []Entry) cond.Type {
	for i := range entries {
		switch entries[i].Key.Kind {
		case KeyRange, KeyFrom, KeyNumber:
			return cond.Number
		case KeyText:
			return cond.Text
		}
	}
	return cond.NoType
}

// table checks a table and remembers it until the type of its value is known.
func (c *checker) table(of *use, entries []Entry, pos Pos, lo, hi float64, path string) {
	seen := map[KeyKind]bool{}
	want := keysType(entries)
	for i := range entries {
		e := &entries[i]
		pos := c.posOr(e.Pos, pos)
		c.within(e.Value, lo, hi, pos, path, "a value of the table")
		if e.Key.Kind == KeyMissing || e.Key.Kind == KeyElse {
			if seen[e.Key.Kind] {
				c.wrong(pos, path, CodeDuplicate, "drop one", "the table has `%s` twice", e.Key.Kind)
			}
			seen[e.Key.Kind] = true
		}
		if !c.checkKey(e.Key, want, pos, path, "a table") {
			if of != nil {
				of.node = nil // what it is over cannot be right before the keys are
			}
			return
		}
	}
	if of != nil && len(entries) > 0 {
		c.tables = append(c.tables, keyed{of: of, entries: entries, path: path})
	}
}

// checkKey checks a key by itself, against the type of the keys before it.
func (c *checker) checkKey(k Key, want cond.Type, pos Pos, path, what string) bool {
	if member := k.stray(); member != "" {
		c.wrong(pos, path, CodeStructure, "leave it out, or choose another kind", "a key of kind `%s` has no `%s`", k.Kind, member)
		return false
	}
	switch k.Kind {
	case KeyMissing, KeyElse:
		return true
	case KeyText:
		if want == cond.Number {
			c.wrong(pos, path, CodeType, "write a number, an interval such as 1-49, a lower bound such as 75+, or `else`", "the key `%s` is text, and %s with numbers wants numbers", clipText(k.Text, 40), what)
			return false
		}
		return true
	case KeyRange, KeyFrom, KeyNumber:
		switch {
		case want == cond.Text:
			c.wrong(pos, path, CodeType, "put the key in quotes", "a key is a number, and the keys of the table are texts")
		case !finite(k.Lo) || !finite(k.Hi):
			c.wrong(pos, path, CodeValue, "write a finite number", "a key is no number")
		case k.Kind == KeyRange && k.Lo > k.Hi:
			c.wrong(pos, path, CodeValue, fmt.Sprintf("write the smaller end first: %s", numeral.Interval(k.Hi, k.Lo)), "the ends of the key %s are reversed", numeral.Interval(k.Lo, k.Hi))
		default:
			return true
		}
		return false
	}
	c.wrong(pos, path, CodeStructure, "use a number, an interval, a lower bound, a text, missing or else", "`%s` is no kind of key", clipText(string(k.Kind), 40))
	return false
}
