package accountscore

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Finding is one thing about a model that its author may not have meant. The
// model compiles and scores all the same.
type Finding struct {
	Code FindingCode `json:"code"`
	// Severity is Warning for what is probably a mistake, Note for what is
	// worth knowing but may well be meant.
	Severity Severity `json:"severity"`
	// Pos is where in the ruleset's text; the zero Pos where there is no text.
	Pos dsl.Pos `json:"pos,omitzero"`
	// Rule names what the finding is about, as [Model.Fields] does: a rule is
	// dimension.label or dimension.3, others are "tier top", "field employees".
	Rule string `json:"rule,omitempty"`
	// Message says what is so, Fix what to do.
	Message string `json:"message"`
	Fix     string `json:"fix,omitempty"`
}

// String gives the finding on one line, as 12:3: message [code].
func (f Finding) String() string {
	s := fmt.Sprintf("%s [%s]", f.Message, f.Code)
	if f.Pos.IsValid() {
		s = f.Pos.String() + ": " + s
	}
	return s
}

// Severity says how much a finding matters.
type Severity string

// The severities.
const (
	Warning Severity = "warning"
	Note    Severity = "note"
)

// FindingCode identifies the kind of a finding. Codes are stable.
type FindingCode string

// The codes of findings.
const (
	VetManyRules       FindingCode = "many-rules"
	VetNegativePoints  FindingCode = "negative-points"
	VetNaiveSum        FindingCode = "naive-sum"
	VetNoPlays         FindingCode = "no-plays"
	VetSamePlays       FindingCode = "same-plays"
	VetUnreachableTier FindingCode = "unreachable-tier"
	VetNeverTrue       FindingCode = "never-true"
	VetAlwaysTrue      FindingCode = "always-true"
	VetDuplicate       FindingCode = "duplicate"
	VetImplied         FindingCode = "implied"
	VetTableGap        FindingCode = "table-gap"
	VetTableOverlap    FindingCode = "table-overlap"
	VetBonusOrder      FindingCode = "bonus-order"
	VetBonusFalls      FindingCode = "bonus-falls"
	VetWeights         FindingCode = "weights"
	VetUnused          FindingCode = "unused"
	VetReviewDue       FindingCode = "review-due"
	VetSlow            FindingCode = "slow"
	VetSubtracts       FindingCode = "subtracts"
	VetConstant        FindingCode = "constant"
	VetThousands       FindingCode = "thousands"
	VetListDash        FindingCode = "list-dash"
	VetLabel           FindingCode = "label"
	VetNearName        FindingCode = "near-name"
	VetNoAnswer        FindingCode = "no-answer"
	VetListItem        FindingCode = "list-item"
	VetYesNo           FindingCode = "yes-no"
)

// maxLines is how many rules people can still weigh up; a group counts one.
const maxLines = 10

// Vet reports what the model's author may not have meant, in order of its
// place in the ruleset. Whether a review is due is decided as of at; the zero
// time leaves that out. What conditions have to do with each other is decided
// on the values that they compare with, never guessed: a condition that is
// too wide to decide is left alone.
func (m *Model) Vet(at time.Time) []Finding {
	m = m.made()
	v := &vet{m: m, statics: m.statics(), slipped: map[string]bool{}}
	v.logic = newLogic(v.statics)
	v.review(at)
	v.names()
	v.nearNames()
	v.weights()
	v.lines()
	v.slips()
	for i := range m.dims {
		v.dimension(&m.dims[i])
	}
	v.repeated()
	v.disqualifiers()
	if m.rollup != nil {
		v.rollup(m.rollup)
	}
	for i := range m.grades {
		v.grading(&m.grades[i])
	}
	v.ladder("", m.tiers)
	for i := range m.ladders {
		v.ladder(m.ladders[i].name, m.ladders[i].tiers)
	}
	v.plays()
	v.triggers()
	slices.SortStableFunc(v.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	return v.found
}

// vet is the state of one vet.
type vet struct {
	m       *Model
	statics *statics
	logic   *logic
	slipped map[string]bool // what has a slip, by its name
	props   []ruleProp      // the conditions of rules, in order
	found   []Finding
}

func (v *vet) report(code FindingCode, severity Severity, pos dsl.Pos, rule, fix, format string, args ...any) {
	v.found = append(v.found, Finding{Code: code, Severity: severity, Pos: pos, Rule: rule, Message: fmt.Sprintf(format, args...), Fix: fix})
}

// quoted gives a formula on one line in quotes, shortened.
func quoted(text string) string {
	const most = 60
	text = oneLine(text)
	if r := []rune(text); len(r) > most {
		text = string(r[:most-1]) + "…"
	}
	return "`" + text + "`"
}

// review reports a review that is due: one interval after the date that the
// ruleset says it counts from.
func (v *vet) review(at time.Time) {
	r := v.m.rules.Review
	if r == nil || r.From == nil || at.IsZero() || r.Every <= 0 {
		return
	}
	if due := r.From.Time.Add(time.Duration(r.Every)); !at.Before(due) {
		v.report(VetReviewDue, Warning, r.Pos, "review", "look at the model again, then write the day of that after `from`",
			"the review has been due since %s", due.UTC().Format(time.DateOnly))
	}
}

// weights reports weights of dimensions that do not add up.
func (v *vet) weights() {
	if !v.m.weighted {
		return
	}
	sum, pos := micro.M(0), dsl.Pos{}
	for i := len(v.m.dims) - 1; i >= 0; i-- {
		if d := &v.m.dims[i]; !d.unscored {
			sum, pos = sum.Add(d.weight), d.src.Pos
		}
	}
	if sum != micro.One {
		v.report(VetWeights, Warning, pos, "weights", "change them so that they total 100%",
			"the weights of the dimensions total %s%%", (sum * 100).String())
	}
}

// lines reports a model of more rules than people can weigh up.
func (v *vet) lines() {
	count, over := 0, (*rule)(nil)
	for i := range v.m.dims {
		for _, g := range v.m.dims[i].lines() {
			if count++; count == maxLines+1 {
				over = &g.rules[0]
			}
		}
	}
	if over != nil {
		v.report(VetManyRules, Note, over.src.Pos, over.id, "drop what hardly changes who is worked, or put rules about one thing into a group, which counts as one",
			"the model has %d rules, and more than %d are hard to weigh up", count, maxLines)
	}
}

// disqualifiers checks the conditions of "disqualify" lines.
func (v *vet) disqualifiers() {
	for i := range v.m.disqualify {
		src := &v.m.rules.Disqualify[i]
		v.decided(v.m.disqualify[i].when, nil, src.Pos, disqualifierName(i), src.When.Text)
	}
}

// decided reports a condition that is always or never true, and gives it as a
// proposition; nil where it is reported, or has a slip.
func (v *vet) decided(when *cond.Node, log *activityType, pos dsl.Pos, name, text string) *prop {
	if v.slipped[name] {
		return nil
	}
	p := v.logic.prop(when, log)
	switch {
	case v.logic.never(p):
		v.report(VetNeverTrue, Warning, pos, name, "no account can meet it: change the condition, or drop it",
			"%s is never true", quoted(text))
		return nil
	case v.logic.always(p):
		v.report(VetAlwaysTrue, Warning, pos, name, "ask whether the value `is known` if that is meant, or change the condition",
			"%s is true of every account of which it knows the values", quoted(text))
		return nil
	}
	v.filters(when, pos, name)
	return p
}

// filters reports filters of activities that let nothing through.
func (v *vet) filters(n *cond.Node, pos dsl.Pos, name string) {
	n.Walk(func(n *cond.Node) {
		if n.Log != nil {
			v.filter(n.Log, pos, name)
		}
	})
}

func (v *vet) filter(l *cond.Log, pos dsl.Pos, name string) {
	if l.Where == nil || v.slipped[name] {
		return
	}
	if a := &v.m.activities[l.Type]; v.logic.never(v.logic.prop(l.Where, a)) {
		v.report(VetNeverTrue, Warning, pos, name, "no activity can meet it: change the filter, or drop it",
			"the filter of `%s` is never true", a.name)
	}
}
