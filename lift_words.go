package accountscore

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
	"github.com/accountscore/accountscore/internal/numeral"
)

// String says it in words, such as `fill revenue with 10M or more, and 1 more
// webinar: score 72, tier top`.
func (p Path) String() string {
	if !p.Reached {
		is := " is "
		if p.Cut {
			is = ": "
		}
		return orElse(p.Target, "a tier") + is + p.verdict() + ": " + p.Reason
	}
	text := p.changes() + ": score " + figure(p.Score) + ", " + orElse(p.Label, "tier "+p.Tier)
	var notes []string
	if p.Greedy {
		notes = append(notes, liftGreedy)
	}
	if p.Cut {
		notes = append(notes, liftCut)
	}
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, "; ") + ")"
	}
	return text
}

// verdict says what a path without changes comes to: out of reach only where
// that is proven.
func (p *Path) verdict() string {
	if p.Cut {
		return "no way was found"
	}
	return "out of reach"
}

func (p *Path) changes() string {
	var words []string
	for i := 0; i < len(p.Changes); {
		c := &p.Changes[i]
		alike := 1
		for i+alike < len(p.Changes) && c.New && p.Changes[i+alike].String() == c.String() {
			alike++
		}
		words = append(words, c.words(alike))
		i += alike
	}
	return joined(words, ", ", ", and ")
}

// String says it in words, such as "fill revenue with 10M or more".
func (c Change) String() string { return c.words(1) }

// words says it of so many new contacts that are alike.
func (c *Change) words(alike int) string {
	switch c.Kind {
	case ChangeRefresh:
		return "refresh " + c.Field + ", last " + liftValue(c.From)
	case ChangeFill:
		field := c.Field
		if c.Contact != "" {
			field += " of contact " + c.Contact
		}
		if c.State == ValueInvalid {
			return "correct " + field + " to " + c.end()
		}
		return "fill " + field + " with " + c.values()
	case ChangeReach:
		if c.ofItems() {
			return c.itemWords()
		}
		if c.Mark == string(dsl.Enrichable) {
			return "find " + c.Field + " to be " + c.end() + " instead of " + liftValue(c.From)
		}
		return "bring " + c.Field + " from " + liftValue(c.From) + " to " + c.end()
	case ChangeRepeat:
		text := c.Activity + " " + figure(float64(c.Count)) + " more times"
		if c.Count == 1 {
			text = "1 more " + c.Activity
		}
		if len(c.With) > 0 {
			text += " with " + fieldWords(c.With)
		}
		if c.Contact != "" {
			text += " by contact " + c.Contact
		}
		return text + worthWords(c.Value, c.Count)
	case ChangeEngage:
		text := "engage contact " + c.Contact
		if c.New {
			text = "engage a new contact"
		}
		if alike > 1 {
			text = "engage " + strconv.Itoa(alike) + " new contacts"
		}
		has := slices.Concat(c.Who, c.With)
		if alike > 1 && slices.ContainsFunc(has, func(v FieldValue) bool { return v.Own }) {
			text += ", each" // no two of them have the same
		}
		if len(has) > 0 {
			text += " with " + fieldWords(has)
		}
		for i := range c.Did {
			switch {
			case i > 0:
				text += " and "
			case alike > 1:
				text += " who each do "
			default:
				text += " who does "
			}
			text += c.Did[i].words()
		}
		return text
	}
	return string(c.Kind)
}

// itemWords says what is done to a list, or found out about it.
func (c *Change) itemWords() string {
	found := c.Mark == string(dsl.Enrichable)
	taken := []string{liftValue(dsl.Value{Kind: dsl.ListValue, List: c.Out})}
	if c.To.Kind == dsl.NullValue {
		for _, v := range c.Or {
			taken = append(taken, liftValue(v))
		}
	}
	out := joined(taken, ", ", " or ")
	switch {
	case len(c.Out) == 0 && found:
		return "find " + c.values() + " in " + c.Field
	case len(c.Out) == 0:
		return "add " + c.values() + " to " + c.Field
	case c.To.Kind == dsl.NullValue && found:
		return "find " + c.Field + " without " + out
	case c.To.Kind == dsl.NullValue:
		return "take " + out + " out of " + c.Field
	case found:
		return "find " + c.Field + " without " + out + " but with " + c.values()
	}
	return "take " + out + " out of " + c.Field + " and add " + c.values()
}

// end says which values do, after "to".
func (c *Change) end() string {
	low, high := liftValue(c.Min), liftValue(c.Max)
	if c.Min.Kind != dsl.NullValue && c.Max.Kind != dsl.NullValue && low != high && !c.Above && !c.Below {
		return "between " + low + " and " + high
	}
	return c.values()
}

// values says which values do.
func (c *Change) values() string {
	low, high := c.Min.Kind != dsl.NullValue, c.Max.Kind != dsl.NullValue
	least, most := liftValue(c.Min), liftValue(c.Max)
	switch {
	case low && high && least == most:
		return least
	case low && high && !c.Above && !c.Below:
		return least + " to " + most
	case low && high:
		return bounded(least, c.Above, c.beyond("at least ", "from "), c.beyond("more than ", "later than "), "") + " and " +
			bounded(most, c.Below, c.beyond("at most ", "no later than "), c.beyond("less than ", "before "), "")
	case low:
		return bounded(least, c.Above, "", c.beyond("more than ", "later than "), c.beyond("or more", "or later"))
	case high:
		return bounded(most, c.Below, "", c.beyond("less than ", "before "), c.beyond("or less", "or earlier"))
	case c.More > 0:
		return c.moreWords()
	case c.Any && c.ofItems():
		return "an item that no rule names"
	case c.Any && c.To.Kind == dsl.ListValue:
		return "any item"
	case c.Any:
		return "any value"
	case len(c.Except) > 0:
		if c.To.Kind == dsl.ListValue {
			return "any item but " + quotedWords(c.Except)
		}
		return c.otherWords()
	case c.Same != "":
		return "the same text as " + c.Same
	case len(c.Where) > 0:
		text := "a text "
		if strings.Contains(c.Where[0], " matches ") {
			text += "such as " + liftValue(c.To) + " "
		}
		return text + "for which " + joined(c.Where, " or ", " or ")
	}
	words := []string{liftValue(c.To)}
	for _, v := range c.Or {
		words = append(words, liftValue(v))
	}
	return joined(words, ", ", " or ")
}

// otherWords says which texts do not do. What the field has now has been said.
func (c *Change) otherWords() string {
	rest := slices.DeleteFunc(slices.Clone(c.Except), func(s string) bool { return c.Kind == ChangeReach && s == c.From.Text })
	switch {
	case len(rest) == len(c.Except):
		return "anything but " + quotedWords(rest)
	case len(rest) > 0:
		return "any other value but " + quotedWords(rest)
	}
	return "any other value"
}

func quotedWords(texts []string) string {
	quoted := make([]string, len(texts))
	for i, s := range texts {
		quoted[i] = strconv.Quote(s)
	}
	return joined(quoted, ", ", " and ")
}

// moreWords says which items are put into a list, and how many others.
func (c *Change) moreWords() string {
	var words []string
	for _, item := range c.To.List[:max(0, len(c.To.List)-c.More)] {
		words = append(words, strconv.Quote(item))
	}
	more := strconv.Itoa(c.More)
	if len(words) > 0 || c.Kind == ChangeReach {
		more += " more"
	}
	if more += " items"; c.More == 1 {
		more = strings.TrimSuffix(more, "s")
	}
	if len(c.Except) > 0 {
		more += " other than " + quotedWords(c.Except)
	}
	return joined(append(words, more), ", ", " and ")
}

// bounded says a bound: with the closed words, or with the open ones.
func bounded(v string, open bool, closedWord, openWord, after string) string {
	if open {
		return openWord + v
	}
	return strings.TrimSpace(closedWord + v + " " + after)
}

// beyond chooses the words for a number or for a date.
func (c *Change) beyond(number, date string) string {
	if c.To.Kind == dsl.DateValue {
		return date
	}
	return number
}

// liftValue writes a value as rulesets do, 10M rather than 10,000,000, and a
// number that they have no shorter way for as all renderings do.
func liftValue(v dsl.Value) string {
	switch v.Kind {
	case dsl.NumberValue:
		if a := math.Abs(v.Number); a >= 1e15 || a < 1e-6 && a > 0 {
			return strconv.FormatFloat(v.Number, 'g', -1, 64)
		}
		return liftNumber(v.Number)
	case dsl.DateValue:
		return timeText(v.Date.Time)
	case dsl.ListValue:
		if len(v.List) == 1 {
			return strconv.Quote(v.List[0])
		}
	}
	return valueText(v)
}

func liftNumber(f float64) string {
	if s := numeral.Compact(f); strings.Trim(s, "-.0123456789") != "" {
		return s
	}
	if near := micro.Of(f).Float(); math.Abs(f) < 1e9 && math.Abs(near-f) > roundOff*math.Abs(f) {
		return strconv.FormatFloat(f, 'f', -1, 64) // it has digits beyond the millionth
	}
	return figure(f)
}

// roundOff is how far, of itself, an end of a range may be off by the rounding
// of numbers that it was computed with.
const roundOff = 1e-12

// timeText writes a day where a time begins one, else as much of the clock as
// tells it exactly.
func timeText(at time.Time) string {
	switch at = at.UTC(); {
	case at.Equal(at.Truncate(24 * time.Hour)):
		return at.Format(time.DateOnly)
	case at.Equal(at.Truncate(time.Minute)):
		return momentText(at)
	}
	return at.Format("2006-01-02 15:04:05.999999 UTC")
}

func fieldWords(values []FieldValue) string {
	words := make([]string, len(values))
	for i, v := range values {
		switch {
		case v.Own:
			words[i] = "a " + v.Field + " of its own"
		case v.Other:
			words[i] = "a " + v.Field + " that no rule names"
		default:
			words[i] = v.Field + " " + liftValue(v.Value)
		}
	}
	return joined(words, ", ", " and ")
}

// words says what a contact was assumed to have done.
func (d *Deed) words() string {
	text := d.Activity + " once"
	if d.Count != 1 {
		text = d.Activity + " " + strconv.Itoa(d.Count) + " times"
	}
	if len(d.With) > 0 {
		text += " with " + fieldWords(d.With)
	}
	return text + worthWords(d.Value, d.Count)
}

// worthWords says the value of an activity, where one is read.
func worthWords(value float64, count int) string {
	switch {
	case value == 0:
		return ""
	case count == 1:
		return " at " + liftNumber(value)
	}
	return " at " + liftNumber(value) + " each"
}

// joined joins words, the last one with another word.
func joined(words []string, comma, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], comma) + last + words[len(words)-1]
}

// The notes that go with paths.
const (
	liftEach    = "any of these would do, the least effort first"
	liftReached = "it is reached"
	liftGreedy  = "there may be a shorter way"
	liftCut     = "there is too much to try everything: a smaller change may do"
	liftOpen    = "not everything could be tried: there may be a way"
	rolesNote   = "what one more engaged contact would bring"
	rolesCut    = "there are more than could be tried"
)

// cutWords says what it means that not everything was tried.
func (p *Path) cutWords() string {
	if p.Reached {
		return liftCut
	}
	return liftOpen
}

// pathWords says what a path changes, its effort, and what it comes to where
// that is not what was asked for. What was not tried is said once for all paths.
func pathWords(p *Path) string {
	notes := []string{"effort " + rounded(p.Effort)}
	if p.Label == "" && p.Tier != p.Target {
		notes = append(notes, "tier "+p.Tier)
	}
	if p.Greedy {
		notes = append(notes, liftGreedy)
	}
	return p.changes() + " (" + strings.Join(notes, ", ") + ")"
}

// roleWords says what engaging one more contact in a role would do.
func roleWords(r *RoleLift) string {
	return fmt.Sprintf("%s, %d of %d: %s; the committee is %s%% complete then", r.Role, r.Have, r.Need, r.Change.String(), rounded(r.Completeness))
}

// lift prints what would bring the account to a tier, and which roles
// the committee lacks.
func (p *page) lift(x *Explanation) {
	target, paths := x.way()
	roles := x.roles()
	if target != "" {
		p.gap()
		title := liftEach
		switch {
		case len(paths) == 0:
			title = liftReached
		case !paths[0].Reached:
			title = paths[0].verdict()
		}
		p.row("", "to reach "+target+": "+title, "")
	}
	for i := range paths {
		if !paths[i].Reached {
			p.row("  ✗ ", paths[i].Reason, "")
			continue
		}
		p.row("  → ", pathWords(&paths[i]), figure(paths[i].Score))
	}
	if len(paths) > 0 && paths[0].Cut {
		p.row("    ", paths[0].cutWords(), "")
	}
	if len(roles) > 0 {
		p.gap()
		p.row("", "roles that the committee lacks: "+rolesNote, "")
	}
	for i := range roles {
		p.row("  → ", roleWords(&roles[i]), points(roles[i].Gain))
	}
	if len(roles) > 0 && roles[0].Cut {
		p.row("    ", rolesCut, "")
	}
}
