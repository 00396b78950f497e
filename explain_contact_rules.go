package accountscore

import "strings"

// Bounds of the rules that are shown below a contact. Those that failed are
// many and alike: they are told of the first contacts, and counted for the
// others.
const (
	maxFailedContacts = 3  // contacts that have their failed rules shown
	maxFailedRules    = 10 // of one contact
	maxContactRules   = 50 // of one contact, whatever came of them
)

// contactRule is one row below a contact: a rule, a group's heading, or what
// was left out.
type contactRule struct {
	State  State // as it is shown, empty for what has none
	Member bool  // of a group
	Text   string
}

// line gives the row as a line of its own, with a word or a mark for its state.
func (r *contactRule) line(state string) string {
	text := r.Text
	if state != "" {
		text = state + " " + text
	}
	if r.Member {
		return "– " + text
	}
	return text
}

// contactRules words the rules of the contact in a row of the table: each with
// what was seen and needed, as the account's rules are.
func contactRules(row int, k *ContactExplanation) []contactRule {
	var list []contactRule
	failed, more, shown := 0, 0, 0
	for g := range k.Groups {
		g := &k.Groups[g]
		head := g.Kind != ""
		for i := range g.Rules {
			r := &g.Rules[i]
			if r.State == StateFailed && r.Points == 0 {
				if row >= maxFailedContacts || failed == maxFailedRules {
					more++
					continue
				}
				failed++
			}
			if shown == maxContactRules {
				more++
				continue
			}
			shown++
			if head {
				list = append(list, contactRule{Text: groupText(g.Kind, g.Name) + " (" + points(g.Points) + ")"})
				head = false
			}
			list = append(list, contactRule{r.shown(), g.Kind != "", contactRuleText(g, r)})
		}
		if g.Clamped != 0 && !head {
			list = append(list, contactRule{Member: true, Text: clampWords(g.Clamped, g.Min, g.Max)})
		}
	}
	if more > 0 {
		rules := "more rules"
		if row >= maxFailedContacts && shown < maxContactRules {
			rules = "more rules that failed"
		}
		list = append(list, contactRule{Text: "and " + counted(more, strings.Replace(rules, "rules", "rule", 1), rules)})
	}
	return list
}

func contactRuleText(g *GroupExplanation, r *RuleExplanation) string {
	text := ruleTitle(r) + " (" + points(r.Points) + ")"
	why := append(testLines(r.State, r.Tests, rulePhrase(r.Penalty)), ruleNotes(r)...)
	if g.Kind != "" && r.ID == g.Winner {
		why = append(why, "counts")
	}
	if len(why) > 0 {
		text += ": " + strings.Join(why, "; ")
	}
	return text
}
