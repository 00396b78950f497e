package accountscore

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/accountscore/accountscore/internal/micro"
)

// maxMarkdown bounds the rules and contacts of the text, in bytes. What a very
// large ruleset has beyond that is left out, and said to be.
const maxMarkdown = 700 << 10

// Markdown gives the explanation as a document with tables, as GitHub and most
// wikis read them. What comes from the account and the ruleset is escaped: it
// makes no link, no picture, no heading and no HTML. Words that GitHub links by
// themselves, such as addresses of mail, @names, #12 and :emoji:, stand as code. It
// stays below 2 MB.
func (x *Explanation) Markdown() string {
	x = x.made()
	d := &markdown{}
	d.head(x)
	d.lines(x)
	for i := range x.Dimensions {
		if d.full() {
			d.line("… and " + counted(len(x.Dimensions)-i, "more dimension", "more dimensions") + " that the text has no room for")
			break
		}
		d.dimension(&x.Dimensions[i])
	}
	d.reasons(x)
	d.decisions(x)
	d.lift(x)
	d.notes(x)
	return d.b.String()
}

// markdown is a document under construction.
type markdown struct{ b strings.Builder }

func (d *markdown) full() bool { return d.b.Len() > maxMarkdown }

func (d *markdown) line(s string) { d.b.WriteString(s + "\n") }

func (d *markdown) title(s string) { d.line("\n" + s + "\n") }

// row writes a row of a table. Its cells are escaped already.
func (d *markdown) row(cells ...string) { d.line("| " + strings.Join(cells, " | ") + " |") }

func (d *markdown) head(x *Explanation) {
	d.line("# " + escaped(accountName(x)) + "\n")
	score := "**Score " + figure(x.Result.Score) + "**"
	for _, s := range outcomeSteps(x) {
		score += ", " + escaped(s)
	}
	d.line(score + "\n")
	d.line("Scored by " + escaped(modelName(x)) + ", as of " + momentText(x.At) + ".")
}

func (d *markdown) lines(x *Explanation) {
	d.title("## How " + figure(x.Total.Score) + " came about")
	if len(x.Lines) == 0 {
		d.line("No step changes the score.")
		return
	}
	d.row("Step", "Points", "So far")
	d.line("|---|---:|---:|")
	for _, s := range waterfall(x) {
		name := escaped(s.Name)
		if s.Heading || s.Bar.Class == "total" {
			name = "**" + name + "**"
		}
		d.row(name, s.Points, s.Running)
	}
}

func (d *markdown) dimension(x *DimensionExplanation) {
	title := "## " + escaped(dimensionName(x))
	if !x.Unscored {
		title += ": " + points(x.Share)
	}
	d.title(title)
	d.line(strings.Join(dimensionSteps(x), ", ") + "\n")
	if x.Contacts != nil {
		d.contacts(x.Contacts)
	}
	step, change := weightStep(x)
	if len(x.Groups) == 0 && len(x.Scales) == 0 && x.Clamped == 0 && change == 0 {
		return
	}
	d.row("State", "Rule", "Why", "Points")
	d.line("|---|---|---|---:|")
	for g := range x.Groups {
		if d.full() {
			d.row("", "… and "+counted(len(x.Groups)-g, "more rule", "more rules")+" that the text has no room for", "", "")
			break
		}
		d.group(&x.Groups[g])
	}
	for i := range x.Scales {
		s := &x.Scales[i]
		d.row(stateText(s.shown()), escaped(said(s.Reason, "scale "+percent(micro.Of(s.Factor))+" when "+s.Text)), cells(testLines(s.State, s.Tests, rulePhrase(s.Penalty))), points(s.Points))
	}
	if x.Clamped != 0 {
		d.row("", clampWords(x.Clamped, x.Min, x.Max), "", points(x.Clamped))
	}
	if change != 0 {
		d.row("", step, "", separated(change))
	}
}

func (d *markdown) group(g *GroupExplanation) {
	if g.Kind != "" {
		d.row("", "**"+escaped(groupText(g.Kind, g.Name))+"**", "", points(g.Points))
	}
	for i := range g.Rules {
		r := &g.Rules[i]
		name, earned := escaped(ruleTitle(r)), points(r.Points)
		if g.Kind != "" {
			earned = "(" + earned + ")"
		}
		if r.ID == g.Winner {
			name += " **counts**"
		}
		d.row(stateText(r.shown()), name, cells(append(testLines(r.State, r.Tests, rulePhrase(r.Penalty)), ruleNotes(r)...)), earned)
	}
	if g.Clamped != 0 {
		d.row("", clampWords(g.Clamped, g.Min, g.Max), "", "("+points(g.Clamped)+")")
	}
}

func (d *markdown) contacts(c *ContactsExplanation) {
	if len(c.Contacts) == 0 {
		d.line("No contacts.\n")
	} else {
		d.row("Contact", "How its score came about", "Score", "Weight", escaped(c.Combine), "Share")
		d.line("|---|---|---:|---:|---:|---:|")
	}
	for i := range c.Contacts {
		k := &c.Contacts[i]
		if i == maxContactRows {
			var rest micro.M
			for _, k := range c.Contacts[i:] {
				rest += micro.Of(k.Share)
			}
			d.row("", "and "+counted(len(c.Contacts)-i, "more contact", "more contacts"), "", "", "", separated(rest))
			break
		}
		state := "✗ "
		if k.Engaged {
			state = "✓ "
		}
		how := []string{contactWho(k), contactSteps(k)}
		for _, r := range contactRules(i, k) {
			state := ""
			if r.State != "" {
				state = mark(r.State)
			}
			how = append(how, r.line(state))
		}
		weight := figure(k.Weight)
		if k.WeightEntry != "" {
			weight = escaped(k.WeightEntry)
		}
		d.row(state+escaped(contactName(k)), cells(append(how, k.Notes...)), rounded(k.Score), weight, contactRank(k), points(k.Share))
	}
	if c.Rounding != 0 {
		d.row("", "rounding of the contacts' shares", "", "", "", points(c.Rounding))
	}
	if len(c.Contacts) > 0 && c.Bonus != nil {
		d.row("", escaped(bonusWords(c)), "", "", "", points(c.Bonus.Points))
	}
	if len(c.Contacts) > 0 {
		d.line("")
	}
	if c.Bonus == nil || len(c.Contacts) == 0 {
		d.line(escaped(engagedWords(c)) + "\n")
	}
	if len(c.Roles) > 0 {
		d.line(escaped(committeeWords(c)) + "\n")
	}
}

func (d *markdown) reasons(x *Explanation) {
	list, more := x.topReasons()
	if len(list) == 0 {
		return
	}
	d.title("## " + capital(x.reasonsTitle()))
	d.line(capital(reasonsNote) + ".\n")
	for i := range list {
		d.line("- " + mark(list[i].shown()) + " **" + separated(x.reasonPoints(&list[i])) + "** " + escaped(reasonWords(&list[i])))
	}
	if more != "" {
		d.line("- " + more)
	}
}

func (d *markdown) decisions(x *Explanation) {
	if len(x.Disqualify) > 0 {
		d.title("## Disqualification")
	}
	for i := range x.Disqualify {
		q := &x.Disqualify[i]
		text := "- " + badMark(q.State) + " " + escaped(said(q.Reason, q.Text))
		if q.Decides {
			text += " **disqualified**"
		}
		d.line(text)
		for _, line := range testLines(q.State, q.Tests, idlePhrase) {
			d.line("  - " + escaped(line))
		}
	}
	d.tiers("## Tiers", x.Tiers)
	if note := overridden(x); note != "" {
		d.line("\n" + capital(note) + ".")
	}
	for i := range x.Ladders {
		d.tiers("## Tiers of "+escaped(x.Ladders[i].Name), x.Ladders[i].Tiers)
	}
	if len(x.Grades) > 0 {
		d.title("## Grades")
	}
	for i := range x.Grades {
		d.line("- " + escaped(gradeWords(&x.Grades[i])))
	}
}

func (d *markdown) lift(x *Explanation) {
	target, paths := x.way()
	roles := x.roles()
	if target != "" {
		d.title("## The way to " + escaped(target))
		switch {
		case len(paths) == 0:
			d.line(capital(liftReached) + ".")
		case paths[0].Reached:
			d.line(capital(liftEach) + ".\n")
		}
	}
	for i := range paths {
		if p := &paths[i]; p.Reached {
			d.line("- " + escaped(pathWords(p)) + ": score **" + figure(p.Score) + "**")
		} else {
			d.line("- ✗ " + p.verdict() + ": " + escaped(p.Reason))
		}
	}
	if len(paths) > 0 && paths[0].Cut {
		d.line("- " + paths[0].cutWords())
	}
	if len(roles) > 0 {
		d.title("## Roles that the committee lacks")
		d.line(capital(rolesNote) + ".\n")
	}
	for i := range roles {
		d.line("- " + escaped(roleWords(&roles[i])) + ": **" + points(roles[i].Gain) + "**")
	}
	if len(roles) > 0 && roles[0].Cut {
		d.line("- " + rolesCut)
	}
}

func (d *markdown) tiers(title string, tiers []TierExplanation) {
	if len(tiers) == 0 || d.full() {
		return
	}
	d.title(title)
	reached := false
	for i := range tiers {
		t := &tiers[i]
		if d.full() {
			d.line("- … and " + counted(len(tiers)-i, "more tier", "more tiers") + " that the text has no room for")
			return
		}
		text := "- " + mark(t.Now) + " "
		if reached {
			text = "- · "
		}
		text += "**" + escaped(t.Name) + "**: " + escaped(tierWords(t))
		if t.Chosen {
			text += " **this tier**"
		}
		d.line(text)
		if !reached {
			for i := range t.Tests {
				if i == maxTestRows {
					d.line("  - and " + counted(len(t.Tests)-i, "more test", "more tests"))
					break
				}
				d.line("  - " + mark(t.Tests[i].State) + " " + escaped(distancePhrase(&t.Tests[i])))
			}
		}
		reached = reached || t.Chosen
		if t.Chosen {
			for _, p := range t.Plays {
				d.line("  - " + escaped(playWords(&p)))
			}
		}
	}
}

func (d *markdown) notes(x *Explanation) {
	named := x.ruleNames()
	if missing := byGain(x.Missing); len(missing) > 0 {
		d.title("## Missing data")
		text := "What each field alone could bring, if it became known"
		if untried := untriedWords(missing); untried != "" {
			text += "; " + untried
		}
		d.line(text + ".\n")
		d.row("Field", "Rules that wait for it", "Could bring")
		d.line("|---|---|---:|")
		for i := range missing {
			if i == maxNoteRows {
				d.row("and "+counted(len(missing)-i, "more field", "more fields"), "", "")
				break
			}
			n := &missing[i]
			what := []string{n.String()}
			if n.Found != "" {
				what = append(what, "found "+n.Found+", wanted "+n.Wanted)
			}
			if with := togetherWords(n); with != "" {
				what = append(what, with)
			}
			d.row(cells(what), escaped(some(named.all(n.Rules), n.MoreRules)), bringWords(n))
		}
	}
	if len(x.Stale) > 0 {
		d.title("## Stale data")
	}
	for i := range x.Stale {
		if i == maxNoteRows {
			d.line("- and " + counted(len(x.Stale)-i, "more field", "more fields"))
			break
		}
		n := &x.Stale[i]
		d.line("- " + escaped(n.String()+", read by "+some(named.all(n.Rules), n.MoreRules)))
	}
	if len(x.Invalid) > 0 {
		d.title("## Values that could not be used")
	}
	for i := range x.Invalid {
		if i == maxInvalidRows {
			d.line("- and " + counted(len(x.Invalid)-i, "more value", "more values"))
			break
		}
		d.line("- " + escaped(x.Invalid[i].String()))
	}
}

func stateText(s State) string {
	if s == shownIdle {
		return mark(s) + " " + string(StateFailed)
	}
	return mark(s) + " " + word(s)
}

// cells puts several lines into one cell of a table, those that say something.
func cells(lines []string) string {
	var text []string
	for _, line := range lines {
		if line != "" {
			text = append(text, escaped(line))
		}
	}
	return strings.Join(text, "<br>")
}

// blockMark matches what makes a quote or a list of the line that it begins.
// An item of a list begins one too.
var blockMark = regexp.MustCompile(`^(?:>|(?:[-+]|[0-9]{1,9}[.)])(?: |$))`)

// escaped makes a text mean nothing but itself in Markdown, on one line, which
// it may begin. What a renderer would make a link of stands as code: many
// look for addresses in texts whose escapes are resolved.
func escaped(s string) string {
	s = strings.TrimSpace(visible(shorten(s, maxRowText)))
	mark := len(strings.TrimSpace(blockMark.FindString(s))) - 1
	var b strings.Builder
	for i := 0; i < len(s); {
		word := s[i : i+wordLength(s[i:])]
		if linked(word) {
			address := strings.TrimRight(word, ".:")
			b.WriteString("`" + address + "`")
			i, word = i+len(address), word[len(address):]
		} else if word == "" {
			_, n := utf8.DecodeRuneInString(s[i:])
			word = s[i : i+n]
		}
		for j, r := range word {
			if i+j == mark {
				b.WriteByte('\\')
			}
			escapeRune(&b, s, i+j, r)
		}
		i += len(word)
	}
	return b.String()
}

// escapeRune writes the character at a place of a text.
func escapeRune(b *strings.Builder, s string, at int, r rune) {
	switch r {
	case '\\', '`', '*', '[', ']', '|', '~', '#', '$':
		b.WriteByte('\\')
	case '_':
		if !inWord(s, at) {
			b.WriteByte('\\')
		}
	case '<':
		b.WriteString("&lt;")
		return
	case '&':
		b.WriteString("&amp;")
		return
	}
	b.WriteRune(r)
}

// wordLength is how much of the beginning of a text could be part of an
// address. None of it means anything inside of code.
func wordLength(s string) int {
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("@.:/+-_#%=?~", r) {
			return i
		}
	}
	return len(s)
}

// linkedWord matches what renderers make links and pictures of by themselves:
// addresses of mail and of pages, and on GitHub people, issues and emoji.
var linkedWord = regexp.MustCompile(`@|://|(?i:www\.)|#[0-9]|:[a-z0-9_+-]*[a-z_+-][a-z0-9_+-]*:|:[0-9]{3,}:`)

func linked(word string) bool {
	return strings.ContainsAny(word, "@:.#") && linkedWord.MatchString(word)
}

// inWord tells whether a character stands between letters or digits, where an
// underscore is itself.
func inWord(s string, i int) bool {
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+1:])
	return word(before) && word(after)
}
