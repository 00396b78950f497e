package accountscore

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"strings"
	"sync"

	"github.com/accountscore/accountscore/internal/micro"
)

var (
	//go:embed explain_html.tmpl
	htmlTemplate string
	//go:embed explain_html.css
	htmlStyle string
)

// htmlPage makes the template of the page once. Its policy lets a browser
// apply the page's own style and nothing else: no script runs, nothing loads.
var htmlPage = sync.OnceValue(func() *template.Template {
	sum := sha256.Sum256([]byte(htmlStyle))
	page := strings.NewReplacer("STYLE", "{{.Style}}", "POLICY", "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'").Replace(htmlTemplate)
	words := template.FuncMap{"whole": func(s string) string { whole, _ := splitFigure(s); return whole }, "fraction": func(s string) string { _, f := splitFigure(s); return f }}
	return template.Must(template.New("explanation").Funcs(words).Parse(page))
})

// maxHTML bounds the words of a page, in bytes with what marks them up. What a
// very large ruleset has beyond that is left out, and said to be.
const (
	maxHTML    = 512 << 10
	eachMarkup = 128 // bytes that go with one text, roughly
)

// HTML gives the explanation as one page that needs nothing else: no script,
// no font, no picture. It is light or dark as its reader's system is, prints,
// and is written for screen readers too. What comes from the account and the
// ruleset is escaped. It stays below 4 MB.
func (x *Explanation) HTML() string {
	v := &htmlView{}
	v.fill(x.made())
	var b strings.Builder
	if err := htmlPage().Execute(&b, v); err != nil {
		// The template is constant, the view is plain data and a Builder never
		// fails: there is no way here but a mistake in this package.
		panic(err)
	}
	return b.String()
}

// htmlView is what the template shows: words, cleaned and shortened, and
// places of drawings.
type htmlView struct {
	Style template.CSS

	Title, Account, Model, Hash, When, Moment string
	Score, OutOf, Range, Tier, Grade, Reason  string
	Uncertain                                 bool
	Risk                                      bool // points are bad
	Facts                                     []fact
	Scale                                     *tierScale
	ScaleWords                                string
	Steps                                     []step
	StepCount                                 int
	ReasonsTitle, ReasonsNote                 string
	Reasons                                   []ruleView
	MoreReasons                               string
	Dimensions                                []dimensionView
	MoreDimensions                            string
	Disqualify                                []ruleView
	Grades                                    []string
	Ladders                                   []ladderView
	Target, NoWay, WayNote                    string // the tier that Paths lead to, or why none does
	Paths                                     []pathView
	Roles                                     []noteView
	RolesNote                                 string
	Missing, Stale, Invalid                   []noteView
	MissingWords, MoreMissing                 string
	MoreStale, MoreInvalid                    string

	written int // bytes of words
}

type fact struct{ Name, Value string }

type dimensionView struct {
	Name, Description string
	Shown, Of         string
	Share             string
	Unscored          bool
	Steps             string
	Meter             *meter
	MeterWords        string
	Rules             []ruleView
	Tail              []ruleView // scales, the clamp, the weight
	Contacts          *contactsView
	Dropped           string
}

// ruleView is a rule, a group's heading, or what comes after the rules.
type ruleView struct {
	State   State // as it is shown, empty for what has none
	Bad     bool  // that it matched is bad
	Group   bool  // a group's heading
	Member  bool  // of a group
	Lost    bool  // another rule of the group counts
	Reason  string
	Text    string
	Lines   []string
	Points  string
	Sign    string // up, down or none
	Decides string
}

// Icon names the drawing of the state.
func (r ruleView) Icon() string {
	switch {
	case r.Bad:
		return "bad"
	case r.State == shownSpared:
		return string(shownIdle)
	}
	return string(r.State)
}

// Word is the state in words.
func (r ruleView) Word() string {
	if r.Bad {
		return "applies"
	}
	return word(r.State)
}

type contactsView struct {
	Combine string
	Rows    []contactView
	More    string
	Tail    []ruleView
	Words   []string
}

type contactView struct {
	Name, Who, How, Weight, Entry, Rank, Score string
	Share, Sign                                string
	Engaged                                    bool
	Lines                                      []string
}

type ladderView struct {
	Name  string // empty for the main one
	Tiers []tierView
	More  string
}

type tierView struct {
	Name, Text string
	State      State // empty where an earlier tier was taken
	Chosen     bool
	Tests      []ruleView
	Plays      []playView
}

type playView struct{ Name, Targeting, Motion, Metric string }

type pathView struct{ Text, Score string }

type noteView struct {
	Text, Bring, Detail string
	Together            string
	Rules               string
}

// clean makes a text safe to look at: what could turn the direction of
// writing is escaped, as in Text; and short enough.
func (v *htmlView) clean(s string) string {
	s = visible(shorten(s, maxRowText))
	v.written += len(s) + eachMarkup
	return s
}

func (v *htmlView) cleanAll(list []string) []string {
	for i := range list {
		list[i] = v.clean(list[i])
	}
	return list
}

// full tells whether there is no room for more words.
func (v *htmlView) full() bool { return v.written > maxHTML }

func (v *htmlView) fill(x *Explanation) {
	r := &x.Result
	v.Style = template.CSS(htmlStyle)
	v.Account, v.Model, v.Hash = v.clean(accountName(x)), v.clean(modelName(x)), v.clean(x.ModelHash)
	v.When, v.Moment = momentText(x.At), x.At.UTC().Format("2006-01-02T15:04:05Z")
	v.Score, v.Risk = figure(r.Score), x.risk()
	v.Title = v.Account + ": score " + v.Score
	if x.Total.Max != nil {
		v.OutOf = figure(*x.Total.Max)
	}
	if r.Low != r.High {
		v.Range = figure(r.Low) + " to " + figure(r.High)
	}
	v.Tier, v.Uncertain, v.Reason, v.Grade = v.clean(r.Tier), !r.TierCertain, v.clean(r.Reason), v.clean(r.Grade)
	if v.Tier != "" {
		v.Title += ", " + v.Tier
	}
	v.facts(x)
	if v.Scale = scaleOf(x); v.Scale != nil {
		for i := range v.Scale.Bands {
			v.Scale.Bands[i].Name = v.clean(v.Scale.Bands[i].Name)
		}
		v.ScaleWords = v.clean(scaleWords(x))
	}
	v.Steps, v.StepCount = waterfall(x), len(x.Lines)
	for i := range v.Steps {
		v.Steps[i].Name = v.clean(v.Steps[i].Name)
	}
	v.ReasonsTitle, v.ReasonsNote = capital(x.reasonsTitle()), capital(reasonsNote)+"."
	list, more := x.topReasons()
	v.MoreReasons = more
	for _, r := range list {
		v.Reasons = append(v.Reasons, v.signed(ruleView{State: r.shown(), Text: v.clean(r.told()), Decides: v.clean(r.Code),
			Lines: []string{figure(r.Points) + " against " + figure(r.Baseline)}}, x.reasonPoints(&r)))
	}
	for i := range x.Dimensions {
		if v.full() {
			v.MoreDimensions = "… and " + counted(len(x.Dimensions)-i, "more dimension", "more dimensions") + " that the page has no room for"
			break
		}
		v.Dimensions = append(v.Dimensions, v.dimension(&x.Dimensions[i]))
	}
	for i := range x.Disqualify {
		d := &x.Disqualify[i]
		row := ruleView{State: shownState(d.State, true, 1), Bad: d.State == StateMatched, Reason: v.clean(d.Reason), Text: v.clean(d.Text), Lines: v.cleanAll(testLines(d.State, d.Tests, idlePhrase))}
		if d.Decides {
			row.Decides = "disqualifies"
		}
		v.Disqualify = append(v.Disqualify, row)
	}
	for i := range x.Grades {
		v.Grades = append(v.Grades, v.clean(gradeWords(&x.Grades[i])))
	}
	v.ladder("", x.Tiers)
	if note := overridden(x); note != "" {
		v.Ladders[0].More = strings.TrimSpace(v.Ladders[0].More + " " + capital(note) + ".")
	}
	for i := range x.Ladders {
		v.ladder(x.Ladders[i].Name, x.Ladders[i].Tiers)
	}
	v.ways(x)
	v.notes(x)
}

// ways are the paths to the tier that is shown the way to.
func (v *htmlView) ways(x *Explanation) {
	target, paths := x.way()
	roles := x.roles()
	v.Target, v.WayNote = v.clean(target), capital(liftEach)+"."
	if target != "" && len(paths) == 0 {
		v.NoWay = capital(liftReached) + "."
	}
	for i := range paths {
		p := &paths[i]
		if p.Cut {
			v.WayNote += " " + capital(p.cutWords()) + "."
		}
		if p.Reached {
			v.Paths = append(v.Paths, pathView{v.clean(pathWords(p)), figure(p.Score)})
		} else {
			v.NoWay = v.clean(capital(p.verdict()) + ": " + p.Reason)
			if p.Cut {
				v.NoWay += ". " + capital(p.cutWords()) + "."
			}
		}
	}
	v.RolesNote = capital(rolesNote) + "."
	if len(roles) > 0 && roles[0].Cut {
		v.RolesNote += " " + capital(rolesCut) + "."
	}
	for i := range roles {
		v.Roles = append(v.Roles, noteView{Text: v.clean(roleWords(&roles[i])), Bring: points(roles[i].Gain)})
	}
}

func (v *htmlView) facts(x *Explanation) {
	r := &x.Result
	add := func(name, value string) { v.Facts = append(v.Facts, fact{v.clean(name), v.clean(value)}) }
	for i := range x.Dimensions {
		if d := &x.Dimensions[i]; d.Contacts != nil {
			add("Contacts engaged", figure(float64(r.Engaged))+" of "+figure(float64(r.Contacts)))
		}
	}
	matched, rules := 0, 0
	for i := range x.Dimensions {
		for g := range x.Dimensions[i].Groups {
			for k := range x.Dimensions[i].Groups[g].Rules {
				rules++
				if x.Dimensions[i].Groups[g].Rules[k].shown() == StateMatched {
					matched++
				}
			}
		}
	}
	add("Rules matched", figure(float64(matched))+" of "+figure(float64(rules)))
	if r.Unknown > 0 {
		add("Without an answer", figure(float64(r.Unknown)))
	}
	if len(x.Missing) > 0 {
		add("Fields missing", figure(float64(len(x.Missing))))
	}
	if len(x.Stale) > 0 {
		add("Fields stale", figure(float64(len(x.Stale))))
	}
	if r.Invalid > 0 {
		add("Values unusable", figure(float64(r.Invalid)))
	}
	for i := range x.Ladders {
		add(x.Ladders[i].Name, orElse(x.Ladders[i].Value, "none"))
	}
}

// scaleWords says what the scale shows.
func scaleWords(x *Explanation) string {
	text := "The score is " + figure(x.Total.Score)
	if x.Total.Low != x.Total.High {
		text += " and could be " + figure(x.Total.Low) + " to " + figure(x.Total.High)
	}
	var tiers []string
	for _, l := range scoreLimits(x.Tiers) {
		tiers = append(tiers, x.Tiers[l.tier].Name+" "+l.words())
	}
	if len(tiers) > 0 {
		text += ". On the score alone: " + strings.Join(tiers, ", ")
	}
	return text + "."
}

func (v *htmlView) dimension(d *DimensionExplanation) dimensionView {
	x := dimensionView{Name: v.clean(d.Name), Description: v.clean(d.Description), Shown: figure(d.Shown), Unscored: d.Unscored,
		Share: points(d.Share), Steps: strings.Join(dimensionSteps(d), ", ")}
	switch {
	case d.OutOf != 0:
		x.Meter, x.Of = ruler{0, 100}.meter(d.Shown, d.Low, d.High), "100"
	case d.Max != nil && *d.Max > 0:
		x.Meter, x.Of = ruler{0, *d.Max}.meter(d.Shown, d.Low, d.High), figure(*d.Max)
	}
	dropped := 0
	for g := range d.Groups {
		if v.full() {
			dropped += len(d.Groups[g].Rules)
			continue
		}
		x.Rules = v.group(x.Rules, &d.Groups[g])
	}
	if dropped > 0 {
		x.Dropped = counted(dropped, "more rule", "more rules") + " that the page has no room for"
	}
	if d.Contacts != nil {
		x.Contacts = v.contacts(d.Contacts)
	}
	for i := range d.Scales {
		s := &d.Scales[i]
		x.Tail = append(x.Tail, v.signed(ruleView{State: s.shown(), Reason: v.clean(s.Reason), Text: v.clean("scale " + percent(micro.Of(s.Factor)) + " when " + s.Text),
			Lines: v.cleanAll(testLines(s.State, s.Tests, rulePhrase(s.Penalty)))}, micro.Of(s.Points)))
	}
	if d.Clamped != 0 {
		x.Tail = append(x.Tail, v.signed(ruleView{Text: clampWords(d.Clamped, d.Min, d.Max)}, micro.Of(d.Clamped)))
	}
	if step, change := weightStep(d); change != 0 {
		x.Tail = append(x.Tail, v.signed(ruleView{Text: step}, change))
	}
	return x
}

// signed gives a row its points.
func (v *htmlView) signed(r ruleView, p micro.M) ruleView {
	r.Points, r.Sign = separated(p), signOf(p)
	return r
}

func signOf(p micro.M) string {
	switch {
	case p > 0:
		return "up"
	case p < 0:
		return "down"
	}
	return ""
}

// group adds a rule, or a group's heading and its rules: their points stand in
// brackets, for the group's alone count.
func (v *htmlView) group(rows []ruleView, g *GroupExplanation) []ruleView {
	if g.Kind != "" {
		rows = append(rows, v.signed(ruleView{Group: true, Text: v.clean(groupText(g.Kind, g.Name))}, micro.Of(g.Points)))
	}
	for i := range g.Rules {
		r := &g.Rules[i]
		lines := append(testLines(r.State, r.Tests, rulePhrase(r.Penalty)), ruleNotes(r)...)
		row := v.signed(ruleView{State: r.shown(), Lost: r.PassedOver, Reason: v.clean(r.Reason), Text: v.clean(ruleTitle(r)), Lines: v.cleanAll(lines)}, micro.Of(r.Points))
		if r.Reason != "" {
			row.Text = v.clean(r.Text)
		}
		if g.Kind != "" {
			row.Member, row.Points = true, "("+row.Points+")"
			if r.ID == g.Winner {
				row.Decides = "counts"
			}
		}
		rows = append(rows, row)
	}
	if g.Clamped != 0 {
		row := v.signed(ruleView{Member: true, Text: clampWords(g.Clamped, g.Min, g.Max)}, micro.Of(g.Clamped))
		row.Points = "(" + row.Points + ")"
		rows = append(rows, row)
	}
	return rows
}

func (v *htmlView) contacts(c *ContactsExplanation) *contactsView {
	x := &contactsView{Combine: v.clean(c.Combine)}
	for i := range c.Contacts {
		k := &c.Contacts[i]
		if i == maxContactRows || v.full() {
			var rest micro.M
			for _, k := range c.Contacts[i:] {
				rest += micro.Of(k.Share)
			}
			x.Tail = append(x.Tail, v.signed(ruleView{Text: "and " + counted(len(c.Contacts)-i, "more contact", "more contacts")}, rest))
			break
		}
		row := contactView{Name: v.clean(contactName(k)), Who: v.clean(contactWho(k)), How: contactSteps(k), Weight: figure(k.Weight), Entry: v.clean(k.WeightEntry), Rank: contactRank(k),
			Score: rounded(k.Score), Engaged: k.Engaged}
		row.Share, row.Sign = points(k.Share), signOf(micro.Of(k.Share))
		for _, r := range contactRules(i, k) {
			state := ""
			if r.State != "" {
				state = word(r.State) + ":"
			}
			row.Lines = append(row.Lines, v.clean(r.line(state)))
		}
		row.Lines = append(row.Lines, v.cleanAll(append([]string(nil), k.Notes...))...)
		x.Rows = append(x.Rows, row)
	}
	if c.Rounding != 0 {
		x.Tail = append(x.Tail, v.signed(ruleView{Text: "rounding of the contacts' shares"}, micro.Of(c.Rounding)))
	}
	if c.Bonus != nil {
		x.Tail = append(x.Tail, v.signed(ruleView{Text: v.clean(bonusWords(c))}, micro.Of(c.Bonus.Points)))
	} else {
		x.Words = append(x.Words, v.clean(engagedWords(c)))
	}
	if len(c.Roles) > 0 {
		x.Words = append(x.Words, v.clean(committeeWords(c)))
	}
	return x
}

func (v *htmlView) ladder(name string, tiers []TierExplanation) {
	if len(tiers) == 0 {
		return
	}
	l := ladderView{Name: v.clean(name)}
	reached := false
	for i := range tiers {
		if v.full() {
			l.More = "… and " + counted(len(tiers)-i, "more tier", "more tiers") + " that the page has no room for"
			break
		}
		t := &tiers[i]
		x := tierView{Name: v.clean(t.Name), Text: v.clean(tierWords(t)), Chosen: t.Chosen}
		if !reached {
			x.State = t.Now
			for i := range t.Tests {
				if i == maxTestRows {
					x.Tests = append(x.Tests, ruleView{Text: "and " + counted(len(t.Tests)-i, "more test", "more tests")})
					break
				}
				x.Tests = append(x.Tests, ruleView{State: t.Tests[i].State, Text: v.clean(distancePhrase(&t.Tests[i]))})
			}
		}
		reached = reached || t.Chosen
		if t.Chosen {
			for _, p := range t.Plays {
				x.Plays = append(x.Plays, playView{v.clean(p.Name), v.clean(p.Targeting), v.clean(p.Motion), v.clean(p.Metric)})
			}
		}
		l.Tiers = append(l.Tiers, x)
	}
	v.Ladders = append(v.Ladders, l)
}

func (v *htmlView) notes(x *Explanation) {
	named := x.ruleNames()
	missing := byGain(x.Missing)
	v.MissingWords = untriedWords(missing)
	for i := range missing {
		if i == maxNoteRows {
			v.MoreMissing = "and " + counted(len(missing)-i, "more field", "more fields")
			break
		}
		n := &missing[i]
		row := noteView{Text: v.clean(n.String()), Bring: bringWords(n), Rules: v.clean(some(named.all(n.Rules), n.MoreRules))}
		if n.Found != "" {
			row.Detail = v.clean("found " + n.Found + ", wanted " + n.Wanted)
		}
		row.Together = v.clean(togetherWords(n))
		v.Missing = append(v.Missing, row)
	}
	for i := range x.Stale {
		if i == maxNoteRows {
			v.MoreStale = "and " + counted(len(x.Stale)-i, "more field", "more fields")
			break
		}
		n := &x.Stale[i]
		v.Stale = append(v.Stale, noteView{Text: v.clean(n.String()), Rules: v.clean(some(named.all(n.Rules), n.MoreRules))})
	}
	for i := range x.Invalid {
		if i == maxInvalidRows {
			v.MoreInvalid = "and " + counted(len(x.Invalid)-i, "more value", "more values")
			break
		}
		v.Invalid = append(v.Invalid, noteView{Text: v.clean(x.Invalid[i].String())})
	}
}

// splitFigure cuts a figure before its decimals, so that they can be set
// smaller: they are exact, and seldom what the reader looks for.
func splitFigure(s string) (whole, fraction string) {
	if i := strings.LastIndexByte(s, '.'); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}
