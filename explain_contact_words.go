package accountscore

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
)

// The words for contacts, that all renderings share.

// contactSteps says how a contact's score came about, such as "60 × 95.48% (2
// days) + 6 from activities, 3.2 lost to the cap".
func contactSteps(k *ContactExplanation) string {
	text := rounded(k.Base)
	if k.Decay != 1 {
		text += " × " + rounded(k.Decay*100) + "%"
		if k.AgeDays != 0 {
			text += " (" + counted(int(k.AgeDays), "day", "days") + ")"
		}
	}
	if k.Activity != 0 {
		text += " + " + rounded(k.Activity) + " from activities"
	}
	if k.Clamped < 0 {
		text += " − " + rounded(-k.Clamped) + " by the cap"
	} else if k.Clamped > 0 {
		text += " + " + rounded(k.Clamped) + " by the floor"
	}
	if strings.Contains(text, " ") {
		text += " = " + rounded(k.Score)
	}
	return text
}

// contactWho says who a contact is, by the texts that the model reads of it,
// such as its seniority and its role.
func contactWho(k *ContactExplanation) string {
	var words []string
	for _, s := range k.Seen {
		if s.Value.Kind == dsl.TextValue {
			words = append(words, s.Name+" "+valueText(s.Value))
		}
	}
	return strings.Join(words, ", ")
}

// contactRank is what a contact's rank leaves of it.
func contactRank(k *ContactExplanation) string {
	if k.RankFactor != nil {
		return rounded(*k.RankFactor*100) + "%"
	}
	return "#" + strconv.Itoa(k.Rank)
}

// maxNameText is how many characters of a contact's id are shown.
const maxNameText = 60

func contactName(k *ContactExplanation) string {
	return shorten(orElse(strings.TrimSpace(k.ID), "(no id)"), maxNameText)
}

func engagedWords(c *ContactsExplanation) string {
	text := figure(float64(c.Engaged)) + " engaged at " + figure(c.Threshold) + " or more"
	if c.DistinctBy != "" {
		text += ", distinct by " + c.DistinctBy
	}
	return text
}

func bonusWords(c *ContactsExplanation) string {
	text := "bonus " + c.Bonus.Text + ": " + engagedWords(c)
	if c.Bonus.Rate != 0 {
		text += ", " + percent(micro.Of(c.Bonus.Rate)) + " of " + figure(c.Combined)
	}
	return text
}

func committeeWords(c *ContactsExplanation) string {
	roles := make([]string, len(c.Roles))
	for i, r := range c.Roles {
		roles[i] = fmt.Sprintf("%s %d of %d", r.Name, r.Have, r.Need)
	}
	return "committee " + rounded(c.Completeness) + "% complete: " + strings.Join(roles, ", ")
}
