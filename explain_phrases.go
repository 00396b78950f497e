package accountscore

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
)

// The words that every rendering of an explanation uses: what was seen, what
// is needed, how far it is.

func clampWords(clamped float64, low, high *float64) string {
	if clamped < 0 && high != nil {
		return figure(-clamped) + " lost to the cap of " + figure(*high)
	}
	if low != nil {
		return figure(clamped) + " added by the floor of " + figure(*low)
	}
	return "clamped by " + figure(clamped)
}

// phrase says what a test saw, and what it wants where it failed.
func phrase(t *TestExplanation) string {
	text := seenText(t)
	switch {
	case t.State != StateFailed:
	case t.Distance != nil:
		text += ": " + t.Distance.String()
	case t.Needed != "":
		text += ": needs " + t.Needed
	}
	return text
}

// idlePhrase says what a test of a disqualification or a penalty saw, and where
// it failed what it would take: nothing that the account needs.
func idlePhrase(t *TestExplanation) string {
	text := seenText(t)
	if t.State == StateFailed && t.Needed != "" {
		text += ": would need " + t.Needed
	}
	return text
}

// seenText says what a test saw.
func seenText(t *TestExplanation) string {
	if len(t.Seen) == 0 {
		return t.Text
	}
	parts := make([]string, len(t.Seen))
	for i := range t.Seen {
		parts[i] = t.Seen[i].String()
	}
	text := strings.Join(parts, ", ")
	if t.Cut {
		text += " and more"
	}
	return text
}

// String says it in words, such as "employees is 240".
func (s Seen) String() string {
	text := s.Name + " is "
	switch s.State {
	case ValueKnown:
		text += valueText(s.Value)
	case ValueStale, ValueExpired:
		text += valueText(s.Value) + " (" + string(s.State) + ")"
	case ValueDefault:
		text += valueText(s.Value) + " (by default)"
	default:
		text += string(s.State)
	}
	if s.Excluded != nil {
		text += " (" + s.Excluded.String() + ")"
	}
	if s.Failed != "" {
		text += " (" + s.Failed + ")"
	}
	return text
}

// String says it in words, such as "not counted: 2 outside the window, 1 in
// the future".
func (x *Excluded) String() string {
	if x == nil {
		return ""
	}
	var parts []string
	for _, p := range [...]struct {
		n   int
		why string
	}{
		{x.Outside, "outside the window"}, {x.Future, "in the future"}, {x.Filtered, "that the filter leaves out"},
		{x.Undecided, "without an answer to the filter"}, {x.Contacts, "of contacts"}, {x.Older, "older"},
	} {
		if p.n > 0 {
			parts = append(parts, strconv.Itoa(p.n)+" "+p.why)
		}
	}
	return "not counted: " + strings.Join(parts, ", ")
}

// String says it in words, such as "needs at least 1,000, short by 760".
func (d Distance) String() string {
	if d.Unit != "" {
		return d.age()
	}
	text := "needs " + string(d.Bound) + " " + figure(d.Needed)
	switch {
	case d.Margin > 0:
		return text + ", " + figure(d.Margin) + " to spare"
	case d.Margin == 0:
		return text
	}
	switch d.Bound {
	case AtMost, LessThan:
		return text + ", over by " + figure(-d.Margin)
	case Exactly:
		return text + ", off by " + figure(-d.Margin)
	}
	return text + ", short by " + figure(-d.Margin)
}

// age says it of a time within a window.
func (d Distance) age() string {
	switch {
	case d.Value < 0:
		return "needs a time that is not in the future; it is " + days(-d.Value) + " from now"
	case d.Bound == MoreThan:
		return "needs a time more than " + days(d.Needed) + " ago, short by " + days(-d.Margin)
	}
	text := "needs a time within " + days(d.Needed) + ", "
	if d.Margin < 0 {
		return text + days(-d.Margin) + " too old"
	}
	return text + days(d.Margin) + " to spare"
}

// days writes a length of time in days, with two decimals where they tell.
func days(f float64) string {
	m := micro.Of(f)
	if s := m.Round(2); s != 0 || m == 0 {
		m = s
	}
	if m == micro.One {
		return "1 day"
	}
	return figure(m.Float()) + " days"
}

func valueText(v dsl.Value) string {
	switch v.Kind {
	case dsl.NumberValue:
		return figure(v.Number)
	case dsl.TextValue:
		return `"` + v.Text + `"`
	case dsl.BoolValue:
		return strconv.FormatBool(v.Bool)
	case dsl.ListValue:
		return "[" + strings.Join(v.List, ", ") + "]"
	case dsl.DateValue:
		return v.Date.String()
	}
	return "null"
}

// String says it in words, such as "employees (Headcount) is unset".
func (n FieldNote) String() string {
	text := n.Field
	if n.Key != "" {
		text += " (" + n.Key + ")"
	}
	text += " is " + string(n.State)
	if n.Refreshed != nil {
		text += ": " + valueText(n.Value) + ", " + counted(int(n.AgeDays), "day", "days") + " old"
	}
	if n.Change != "" {
		text += ", " + n.Change
	}
	return text
}

// some joins the first of many names, of which there are more than those.
func some(names []string, more int) string {
	const most = 8
	if len(names) > most {
		more += len(names) - most
		names = names[:most]
	}
	text := strings.Join(names, ", ")
	if more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

// ruleNames tells what the rules without a label say, by their ids: those are
// numbers that nothing else in a rendering shows.
type ruleNames map[string]string

// maxRuleName is how many characters of a rule are shown beside its id.
const maxRuleName = 40

func (x *Explanation) ruleNames() ruleNames {
	if len(x.Missing)+len(x.Stale) == 0 {
		return nil
	}
	names := ruleNames{}
	for i := range x.Dimensions {
		d := &x.Dimensions[i]
		groups := d.Groups
		if d.Contacts != nil && len(d.Contacts.Contacts) > 0 {
			groups = d.Contacts.Contacts[0].Groups
		}
		for g := range groups {
			for r := range groups[g].Rules {
				if r := &groups[g].Rules[r]; r.Label == "" {
					names[r.ID] = orElse(r.Reason, r.Text)
				}
			}
		}
	}
	return names
}

// all gives ids with what stands behind them.
func (n ruleNames) all(ids []string) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		if list[i] = id; n[id] != "" {
			list[i] += " (" + shorten(n[id], maxRuleName) + ")"
		}
	}
	return list
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// said puts the words for people first and the rule behind them.
func said(reason, text string) string {
	if reason == "" {
		return text
	}
	return reason + " · " + text
}

// rulePhrase gives the words for a rule's tests.
func rulePhrase(penalty bool) func(*TestExplanation) string {
	if penalty {
		return idlePhrase
	}
	return phrase
}

// points writes points with their sign.
func points(f float64) string { return separated(micro.Of(f)) }

// figure writes a number for people: no more than six decimals, and commas
// between thousands. What is too small for that is not made a zero.
func figure(f float64) string {
	if math.Abs(f) >= 1e15 || math.IsNaN(f) || f != 0 && micro.Of(f) == 0 {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	s, fraction, _ := strings.Cut(micro.Of(f).String(), ".")
	if math.Abs(f) > 9e12 {
		s, fraction = strconv.FormatFloat(f, 'f', 0, 64), ""
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if fraction != "" {
		s += "." + fraction
	}
	return sign + s
}

// rounded writes a number of a table with two decimals at most.
func rounded(f float64) string { return figure(micro.Of(f).Round(2).Float()) }

// accountTitle is an account's id as a title, cut as the values of texts are.
func accountTitle(id string) string {
	return orElse(cut(strings.TrimSpace(id)), "Account without an id")
}

func accountName(x *Explanation) string {
	return accountTitle(x.AccountID)
}

func modelName(x *Explanation) string {
	if model := strings.TrimSpace(x.Ruleset + " " + x.Version); model != "" {
		return model
	}
	return "model " + x.ModelHash[:min(12, len(x.ModelHash))]
}

func momentText(at time.Time) string { return at.UTC().Format("2006-01-02 15:04 UTC") }

// outcomeSteps says what the score means: its range, grade and tier.
func outcomeSteps(x *Explanation) []string {
	var steps []string
	r := &x.Result
	if r.Low != r.High {
		steps = append(steps, "could be "+figure(r.Low)+" to "+figure(r.High))
	}
	if r.Grade != "" {
		steps = append(steps, "grade "+r.Grade)
	}
	tier := "tier " + r.Tier
	if r.Reason != "" {
		tier = r.Tier + ": " + r.Reason
	}
	if !r.TierCertain {
		tier += " (not certain: values are missing)"
	}
	switch {
	case r.Tier != "":
		steps = append(steps, tier)
	case len(x.Tiers) > 0:
		steps = append(steps, "no tier")
	}
	return steps
}

// overridden says why no tier is the account's, whichever hold.
func overridden(x *Explanation) string {
	if len(x.Tiers) == 0 || !slices.ContainsFunc(x.Disqualify, func(d DisqualifyExplanation) bool { return d.Decides }) {
		return ""
	}
	return "no tier applies: the account is disqualified"
}

func dimensionName(d *DimensionExplanation) string {
	if d.Description != "" {
		return d.Name + " (" + d.Description + ")"
	}
	return d.Name
}

// dimensionSteps says how a dimension's sum becomes what it shows.
func dimensionSteps(d *DimensionExplanation) []string {
	steps := []string{"sum " + figure(d.Sum)}
	if d.Clamped != 0 {
		steps = append(steps, clampWords(d.Clamped, d.Min, d.Max))
	}
	if d.OutOf != 0 {
		steps = append(steps, "shows "+figure(d.Shown)+" of 100")
	}
	if d.Low != d.High {
		steps = append(steps, "could be "+figure(d.Low)+" to "+figure(d.High))
	}
	if d.Unscored {
		steps = append(steps, "not part of the score")
	} else if d.Weight != nil {
		steps = append(steps, "weight "+percent(micro.Of(*d.Weight)))
	}
	return steps
}

// weightStep says how a dimension's points become its share of the score, and
// what that changes.
func weightStep(d *DimensionExplanation) (string, micro.M) {
	if d.Weight == nil {
		return "", 0
	}
	step := "weight " + percent(micro.Of(*d.Weight))
	if d.Shown != d.Points {
		step = figure(d.Points) + " out of " + figure(d.OutOf) + " shows " + figure(d.Shown) + ", " + step
	}
	return step, micro.Of(d.Share) - micro.Of(d.Points)
}

func ruleTitle(r *RuleExplanation) string {
	if r.Label != "" && r.Reason == "" {
		return r.Label + ": " + r.Text
	}
	return said(r.Reason, r.Text)
}

// ruleNotes says what a rule's tests do not: which entry held, what counted,
// what a bound took, what it could still earn.
func ruleNotes(r *RuleExplanation) []string {
	var notes []string
	note := func(text string) { notes = append(notes, text) }
	if r.Entry != "" {
		note(r.Entry)
	}
	if s := r.Signal; s != nil {
		if s.Activities == 0 {
			note("no activity counts")
		} else {
			note(counted(s.Activities, "activity counts", "activities count") + fadedWords(s))
		}
		if s.Excluded != nil {
			note(s.Excluded.String())
		}
		if s.DailyClamped != 0 {
			note(figure(math.Abs(s.DailyClamped)) + " of " + figure(s.Sum) + " lost to the daily max")
		}
	}
	if r.Clamped != 0 {
		note(separated(micro.Of(r.Points)-micro.Of(r.Clamped)) + " held at " + points(r.Points) + " by " + orElse(r.ClampedBy, "the limit of every rule"))
	}
	if r.PassedOver {
		note("passed over: another rule of the group counts")
	}
	if r.Low != r.High {
		note("could earn " + points(r.Low) + " to " + points(r.High))
	}
	return notes
}

// fadedWords says how many of the activities that count are too old to be
// worth anything.
func fadedWords(s *SignalExplanation) string {
	switch {
	case s.Faded == 0:
		return ""
	case s.Activities == 1:
		return ", decayed to nothing"
	case s.Faded == s.Activities:
		return ", all decayed to nothing"
	}
	return ", " + strconv.Itoa(s.Faded) + " decayed to nothing"
}

// testLines says what decided, in a line, or a line each where it failed.
func testLines(state State, tests []TestExplanation, say func(*TestExplanation) string) []string {
	var lines []string
	for i := range tests {
		if i == maxTestRows {
			lines = append(lines, "and "+counted(len(tests)-i, "more test", "more tests"))
			break
		}
		t := &tests[i]
		if state == StateMatched && t.State != StateFailed {
			if t = unsaid(tests[:i], t); t == nil {
				continue
			}
		}
		if text := say(t); !slices.Contains(lines, text) {
			lines = append(lines, text)
		}
	}
	if state == StateMatched && len(lines) > 0 {
		return []string{strings.Join(lines, "; ")}
	}
	return lines
}

// unsaid gives a test without what tests before it have seen, nil where they
// have seen all of it.
func unsaid(before []TestExplanation, t *TestExplanation) *TestExplanation {
	seen := slices.DeleteFunc(slices.Clone(t.Seen), func(s Seen) bool {
		return slices.ContainsFunc(before, func(o TestExplanation) bool {
			return slices.ContainsFunc(o.Seen, func(o Seen) bool { return o.String() == s.String() })
		})
	})
	switch {
	case len(seen) == len(t.Seen):
		return t
	case len(seen) == 0:
		return nil
	}
	rest := *t
	rest.Seen = seen
	return &rest
}

// distancePhrase is phrase with the room that is left where a test holds.
func distancePhrase(t *TestExplanation) string {
	text := phrase(t)
	if t.Distance != nil && t.State != StateFailed {
		text += ": " + t.Distance.String()
	}
	return text
}

func gradeWords(g *GradeExplanation) string {
	text := g.Name + " " + orElse(g.Grade, "none") + ", at " + figure(g.Points)
	if len(g.Possible) > 1 {
		var others []string
		for _, o := range g.Possible[1:] {
			others = append(others, orElse(o, "none"))
		}
		text += ", could be " + strings.Join(others, ", ")
	}
	return text
}

func tierWords(t *TierExplanation) string {
	text := t.Text
	switch {
	case t.Held && t.Now == StateMatched:
		text += " (held: " + figure(t.Hold) + " less will do)"
	case t.Held:
		text += " (the account was in it: " + figure(t.Hold) + " less would do)"
	}
	if t.State == TierPossible {
		text += " (open: values are missing)"
	}
	return text
}

// playWords says what of a play each part is.
func playWords(p *Play) string {
	var parts []string
	for _, part := range [...]struct{ name, text string }{
		{"", p.Name}, {"targeting ", p.Targeting}, {"motion ", p.Motion}, {"metric ", p.Metric},
	} {
		if part.text != "" {
			parts = append(parts, part.name+part.text)
		}
	}
	return "play: " + strings.Join(parts, "; ")
}

// bringWords is what a missing field could bring.
func bringWords(n *FieldNote) string {
	if n.Untried {
		return ""
	}
	return spanWords(n.Gain, n.Loss)
}

func spanWords(gain, loss float64) string {
	if loss != 0 {
		return points(-loss) + " to " + points(gain)
	}
	return points(gain)
}

// togetherWords is what a missing field could bring with others.
func togetherWords(n *FieldNote) string {
	if len(n.Together) == 0 {
		return ""
	}
	words := spanWords(n.TogetherGain, n.TogetherLoss)
	if n.TogetherLoss == 0 {
		words = "up to " + words
	}
	return words + ", together with " + joined(n.Together, ", ", " and ")
}

// String says it in words, such as "contact ann, lead_score: wanted a finite
// number, got text "high"".
func (v InvalidValue) String() string {
	where := ""
	if v.Contact != "" {
		where += "contact " + v.Contact + ", "
	}
	if v.Activity != "" {
		where += "activity " + v.Activity + ", "
	}
	return where + v.Field + ": wanted " + v.Wanted + ", got " + v.Got
}

// byGain puts first what could bring most, alone or together with others; the
// data keep the order of the fields.
func byGain(missing []FieldNote) []FieldNote {
	missing = slices.Clone(missing)
	most := func(n *FieldNote) float64 { return max(n.Gain, n.TogetherGain) }
	slices.SortStableFunc(missing, func(a, b FieldNote) int { return cmp.Compare(most(&b), most(&a)) })
	return missing
}

func untriedWords(missing []FieldNote) string {
	untried := 0
	for i := range missing {
		if missing[i].Untried {
			untried++
		}
	}
	if untried == 0 {
		return ""
	}
	return "so many are missing that it was not worked out for " + counted(untried, "field", "fields")
}

// maxReasonRows is how many reasons are shown.
const maxReasonRows = 5

// topReasons gives the reasons that are shown, and says how many there are
// beyond them.
func (x *Explanation) topReasons() (list []Reason, more string) {
	list = x.Reasons(-1)
	if n := len(list) - maxReasonRows; n > 0 {
		list, more = list[:maxReasonRows], "and "+counted(n, "more reason", "more reasons")
	}
	return list, more
}

// risk tells that the score is one of risk, where points are bad.
func (x *Explanation) risk() bool { return x.ReasonSide == dsl.ReasonsAbove }

// reasonsTitle says what the reasons of a ruleset are.
func (x *Explanation) reasonsTitle() string {
	if x.risk() {
		return "what stands out"
	}
	return "what costs the most"
}

const reasonsNote = "against its baseline, in points of the score before any cap"

// reasonWords says how a line stands to its baseline.
func reasonWords(r *Reason) string {
	return r.told() + " (" + r.Code + "): " + figure(r.Points) + " against " + figure(r.Baseline)
}

// reasonPoints is what a reason costs, or brings where reasons are those above
// their baseline.
func (x *Explanation) reasonPoints(r *Reason) micro.M {
	if x.risk() {
		return micro.Of(r.Impact)
	}
	return -micro.Of(r.Impact)
}

// capital begins a sentence with a word that is one of ours.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
