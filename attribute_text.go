package accountscore

import (
	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
)

// contributionTitles are the headings of the contributions' kinds, in their
// order.
var contributionTitles = [...]struct {
	kind  ContributionKind
	title string
	whole bool // it says all that there is to say
}{
	{FromTime, "time that passed", false},
	{FromData, "data", false},
	{FromActivity, "activity", false},
	{FromContactJoined, "contacts that joined", false},
	{FromContactChanged, "contacts that changed", false},
	{FromContactLeft, "contacts that left", false},
	{FromModel, "model", false},
	{FromRounding, "rounding of the published scores", true},
}

// Text gives the attribution for a terminal, as [Explanation.Text] lays an
// explanation out: the points on the right add up to the change.
func (a *Attribution) Text(opts ...TextOption) string {
	a = a.made()
	p := &page{width: pageWidth, risk: a.ReasonSide == dsl.ReasonsAbove}
	for _, opt := range opts {
		opt(p)
	}
	p.part(maxDimensionsText)
	p.row("", a.title(), points(a.Change))
	p.row("", a.span(), "")
	if len(a.Contributions) == 0 {
		p.row("", noContribution, "")
	}
	for _, t := range contributionTitles {
		list := a.of(t.kind)
		if len(list) == 0 {
			continue
		}
		p.gap()
		p.row("", t.title, points(a.Total(t.kind)))
		for i := range list {
			if t.whole {
				break
			}
			// Each alone is all of its kind: its points stand in the heading.
			own := ""
			if len(list) > 1 {
				own = points(list[i].Points)
			}
			p.row("  ", list[i].Text, own)
		}
	}
	p.close()
	return p.b.String()
}

// Markdown gives the attribution as a document with a table, escaped as in
// [Explanation.Markdown].
func (a *Attribution) Markdown() string {
	a = a.made()
	d := &markdown{}
	d.line("# " + escaped(a.title()) + "\n")
	d.line("**" + points(a.Change) + "** " + a.span() + ".\n")
	if len(a.Contributions) == 0 {
		d.line(capital(noContribution) + ".")
		return d.b.String()
	}
	d.row("What", "Points", "So far")
	d.line("|---|---:|---:|")
	at := micro.Of(a.Before)
	d.row("**Before**", "", figure(a.Before))
	more, rest := 0, micro.M(0)
	for _, t := range contributionTitles {
		list := a.of(t.kind)
		if len(list) > 0 && !t.whole && !d.full() {
			d.row("**"+t.title+"**", "", "")
		}
		for i := range list {
			if d.full() {
				more++
				rest = rest.Add(micro.Of(list[i].Points))
				continue
			}
			at = at.Add(micro.Of(list[i].Points))
			text := escaped(list[i].Text)
			if t.whole {
				text = "**" + t.title + "**"
			}
			d.row(text, points(list[i].Points), figure(at.Float()))
		}
	}
	if more > 0 {
		d.row("… and "+counted(more, "more part", "more parts")+" that the text has no room for", points(rest.Float()), figure(at.Add(rest).Float()))
	}
	d.row("**After**", "**"+points(a.Change)+"**", figure(a.After))
	return d.b.String()
}

const noContribution = "nothing changed the score"

// title says whose score changed, and how.
func (a *Attribution) title() string {
	return accountTitle(a.AccountID) + ": score " + figure(a.Before) + " to " + figure(a.After)
}

// span says between which moments.
func (a *Attribution) span() string {
	text := "from " + momentText(a.From) + " to " + momentText(a.To)
	if a.ModelChanged {
		text += ", by another model"
	}
	return text
}

// of gives the contributions of a kind.
func (a *Attribution) of(kind ContributionKind) []Contribution {
	var list []Contribution
	for _, c := range a.Contributions {
		if c.Kind == kind {
			list = append(list, c)
		}
	}
	return list
}
