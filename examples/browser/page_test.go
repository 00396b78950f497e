package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/accountscore/accountscore"
)

// browser starts a Chromium for a test. Without one the test is skipped.
func browser(t *testing.T) (context.Context, *Chromium) {
	t.Helper()
	c, err := Start()
	if errors.Is(err, ErrNoChromium) {
		t.Skip("the browser test did not run: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	t.Cleanup(cancel)
	return ctx, c
}

// axeScript is axe-core, which npm fetches as package-lock.json has it.
func axeScript(t *testing.T) string {
	t.Helper()
	const file = "node_modules/axe-core/axe.min.js"
	if _, err := os.Stat(file); err != nil {
		if _, err := exec.LookPath("npm"); err != nil {
			t.Skip("the accessibility test did not run: axe-core is not installed, and there is no npm to install it")
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		if out, err := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund").CombinedOutput(); err != nil {
			t.Skipf("the accessibility test did not run: npm ci: %v\n%s", err, out)
		}
	}
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

const rules = `ruleset "Pages" version "1"
score min 0 max 100 round 1
field plan   text
field seats  number stale after 30d
field stack  list
field money  number
activity visit (page text)
dimension fit "Could they buy?" out of 60 weight 60% {
  size: seats → 0..20 over 5-50
  best of "plan" {
    plan = Pro      → +10 "On the paid plan"
    plan is known   → +4
  }
  stack contains "SAP" → +15
  money > 10M → +9
  each visit where page contains "pricing" within 60d → +3 half-life 30d max 10
  scale 50% when seats < 10 "Too small"
}
dimension people weight 40% max 50 from contacts {
  field seniority text
  field e number
  score e
  weight seniority { vp: 1.5, else: 1 }
  bonus multi-thread 50% falling 0.5
  committee by seniority { vp: 1 }
}
disqualify when plan = Blocked "We do not serve this plan"
grades fit { 75+: A, 50+: B, else: C }
tiers { top when score >= 70 and fit >= 40 play "Call" motion "AE-led"
  mid when score >= 30 play "Mail"
  low otherwise }
tiers stage { warm when any(visit, 30d)
  cold otherwise }
`

var at = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// account has something of everything that a page shows, all under one name.
func account(name string) accountscore.Account {
	visit := func(days int, page any) accountscore.Activity {
		return accountscore.Activity{Type: "visit", At: at.AddDate(0, 0, -days), Fields: map[string]any{"page": page}}
	}
	return accountscore.Account{
		ID: name, Fields: map[string]any{"plan": name, "seats": 40, "stack": []string{name, "SAP"}},
		Refreshed:  map[string]time.Time{"seats": at.AddDate(0, 0, -90)},
		Activities: []accountscore.Activity{visit(2, "pricing"), visit(3, nil), visit(90, "pricing"), visit(-3, "pricing")},
		Contacts: []accountscore.Contact{
			{ID: name, Fields: map[string]any{"e": 30, "seniority": "vp"}},
			{ID: name + " 2", Fields: map[string]any{"e": 20, "seniority": name}},
			{ID: name + " 3", Fields: map[string]any{"e": name}},
		},
	}
}

func explain(t *testing.T, a accountscore.Account) *accountscore.Explanation {
	t.Helper()
	return explainBy(t, rules, a)
}

// explainRisk takes the rules for those of a score of risk.
func explainRisk(t *testing.T, a accountscore.Account) *accountscore.Explanation {
	t.Helper()
	return explainBy(t, strings.Replace(rules, "\nscore ", "\nreasons above baseline\nscore ", 1), a)
}

func explainBy(t *testing.T, rules string, a accountscore.Account) *accountscore.Explanation {
	t.Helper()
	rs, err := accountscore.Parse("pages.rules", []byte(rules))
	if err != nil {
		t.Fatal(err)
	}
	return accountscore.MustCompile(rs).Explain(a, at)
}

// names are what accounts may be called, and worse.
var names = map[string]string{
	"plain":    "Acme",
	"script":   `<script>window.hacked = 1</script>`,
	"image":    `"><img src=x onerror="window.hacked = 1">`,
	"svg":      `</text></svg><svg onload="window.hacked = 1">`,
	"style":    `</style><style>body { display: none }`,
	"quotes":   `O'Neil & "Sons" <b>Ltd</b>`,
	"right":    "שלום عالم \u202egnp.exe",
	"long":     strings.Repeat("Incorporated", 60),
	"spaced":   strings.Repeat("very long name ", 40),
	"wide":     strings.Repeat("東京", 60),
	"combined": "e" + strings.Repeat("\u0301", 500),
}

// TestPages looks at pages of all names, of tiers too: nothing of a name runs or becomes an
// element, nothing is wider than the screen, and the style applies.
func TestPages(t *testing.T) {
	ctx, c := browser(t)
	var plain map[string]int
	for _, name := range append([]string{"plain"}, keys(names)...) {
		x := explain(t, account(names[name]))
		for _, width := range []int{320, 1000} {
			t.Run(fmt.Sprint(name, width), func(t *testing.T) {
				p, err := c.Open(ctx, x.Towards(names[name]).HTML(), Look{Width: width, Height: 900})
				if err != nil {
					t.Fatal(err)
				}
				defer p.Close(ctx)
				var seen struct {
					Title, Heading string
					Wide           int
					Hacked         bool
					Radius         string
					Steps          int
					Elements       map[string]int
				}
				err = p.Eval(ctx, `new Promise(done => setTimeout(() => {
					const elements = {};
					for (const e of document.querySelectorAll("*")) elements[e.localName] = (elements[e.localName] || 0) + 1;
					done({
						Title: document.title, Heading: document.querySelector("h1").innerText, Hacked: "hacked" in window, Elements: elements,
						Wide: document.documentElement.scrollWidth, Radius: getComputedStyle(document.querySelector(".card")).borderRadius,
						Steps: document.querySelectorAll(".waterfall tbody tr:not(.heading)").length,
					});
				}, 50))`, &seen)
				if err != nil {
					t.Fatal(err)
				}
				if seen.Hacked {
					t.Error("something of the name ran")
				}
				if seen.Radius == "0px" {
					t.Error("the style does not apply")
				}
				if seen.Wide > width {
					t.Errorf("the page is %d wide on a screen of %d", seen.Wide, width)
				}
				if want := len(x.Lines) + 1; seen.Steps != want {
					t.Errorf("%d steps, want %d", seen.Steps, want)
				}
				switch name {
				case "plain", "script", "image", "svg", "style", "quotes":
					if seen.Heading != names[name] || !strings.HasPrefix(seen.Title, names[name]+": score ") {
						t.Errorf("heading %q, title %q, want %q", seen.Heading, seen.Title, names[name])
					}
				case "right":
					if !strings.Contains(seen.Heading, `\u202e`) {
						t.Errorf("heading %q turns the direction of writing", seen.Heading)
					}
				}
				if plain == nil {
					plain = seen.Elements
				}
				for tag, n := range seen.Elements {
					if plain[tag] != n {
						t.Errorf("%d elements %q, %d on the page of a plain name", n, tag, plain[tag])
					}
				}
			})
		}
	}
}

func keys(m map[string]string) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	return list
}

// violation is what axe finds.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func violations(ctx context.Context, p *Page, axe string) ([]violation, error) {
	if err := p.Eval(ctx, axe+"; 0", nil); err != nil {
		return nil, err
	}
	var found []violation
	err := p.Eval(ctx, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => r.violations)`, &found)
	return found, err
}

// TestAccessible runs axe over pages in light and dark, on a phone and a desk.
func TestAccessible(t *testing.T) {
	ctx, c := browser(t)
	axe := axeScript(t)
	full := readExplanation(t, "forms.rules", "forms-full")
	pages := map[string]*accountscore.Explanation{"full": full, "poor": readExplanation(t, "forms.rules", "forms-poor"),
		"unknown": readExplanation(t, "saas.rules", "saas-unknown"), "hostile": explain(t, account(names["script"])), "risk": explainRisk(t, account(names["plain"])), "empty": explain(t, accountscore.Account{})}
	for name, x := range pages {
		for as, look := range map[string]Look{"desk": {Width: 1000, Height: 900}, "dark": {Width: 1000, Height: 900, Dark: true}, "phone": {Width: 360, Height: 800},
			"dark phone": {Width: 360, Height: 800, Dark: true}, "print": {Width: 800, Height: 900, Print: true}} {
			if name != "full" && as != "desk" && as != "dark phone" {
				continue
			}
			t.Run(name+" "+as, func(t *testing.T) {
				p, err := c.Open(ctx, x.HTML(), look)
				if err != nil {
					t.Fatal(err)
				}
				defer p.Close(ctx)
				found, err := violations(ctx, p, axe)
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range found {
					for _, n := range v.Nodes {
						t.Errorf("%s: %s\n%s\n%s", v.ID, v.Help, n.HTML, n.Summary)
					}
				}
			})
		}
	}
	// The check can fail: axe finds words that are too pale to read.
	for colour, dark := range map[string]bool{"#bbb": false, "#444": true} {
		p, err := c.Open(ctx, full.HTML(), Look{Width: 1000, Height: 900, Dark: dark})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close(ctx)
		if err := p.Eval(ctx, `document.documentElement.style.setProperty("--soft", "`+colour+`")`, nil); err != nil {
			t.Fatal(err)
		}
		found, err := violations(ctx, p, axe)
		if err != nil || len(found) != 1 || found[0].ID != "color-contrast" {
			t.Errorf("axe finds %+v in pale words: %v", found, err)
		}
	}
}

// TestRiskColours holds that on the page of a score of risk points have the
// colours of the other kind: more of it is bad.
func TestRiskColours(t *testing.T) {
	ctx, c := browser(t)
	a := account(names["plain"])
	for _, dark := range []bool{false, true} {
		var good, bad struct{ Up, Down, Bar string }
		for seen, x := range map[any]*accountscore.Explanation{&good: explain(t, a), &bad: explainRisk(t, a)} {
			p, err := c.Open(ctx, x.HTML(), Look{Width: 1000, Height: 900, Dark: dark})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close(ctx)
			if err := p.Eval(ctx, `({Up: getComputedStyle(document.querySelector("tr.up .points")).color, Down: getComputedStyle(document.querySelector("tr.down .points")).color,
				Bar: getComputedStyle(document.querySelector("rect.up")).fill})`, seen); err != nil {
				t.Fatal(err)
			}
		}
		if good.Up == good.Down || bad.Up != good.Down || bad.Down != good.Up || bad.Bar != bad.Up {
			t.Errorf("colours %+v, of risk %+v", good, bad)
		}
	}
}

// readExplanation explains an account of the library's own tests.
func readExplanation(t *testing.T, rules, name string) *accountscore.Explanation {
	t.Helper()
	const dir = "../../testdata/explain/"
	src, err := os.ReadFile(dir + rules)
	if err != nil {
		t.Fatal(err)
	}
	rs, err := accountscore.Parse(rules, src)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(dir + "accounts/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var a accountscore.Account
	if err := json.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return accountscore.MustCompile(rs).Explain(a, at)
}

// TestPictures draws the pictures of the README again, and holds the committed
// ones to their size.
func TestPictures(t *testing.T) {
	if _, err := findChromium(); err != nil {
		t.Skip("the pictures were not drawn: ", err)
	}
	dir := t.TempDir()
	if err := draw(dir); err != nil {
		t.Fatal(err)
	}
	for name := range pictures {
		drawn, err := os.Stat(dir + "/" + name)
		if err != nil || drawn.Size() < 20_000 {
			t.Errorf("%s was not drawn: %v", name, err)
		}
		kept, err := os.Stat("../../docs/" + name)
		if err != nil || kept.Size() > 200_000 {
			t.Errorf("docs/%s is missing or larger than 200 kB: %v", name, err)
		}
	}
}
