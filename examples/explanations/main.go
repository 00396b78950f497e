// Command explanations asks an explanation all that it can answer: why the
// score is what it is, what would lift it, what changed, and what to tell a CRM.
package main

import (
	_ "embed"
	"fmt"
	"log"
	"maps"
	"slices"
	"time"

	"github.com/accountscore/accountscore"
)

//go:embed explanations.rules
var rules []byte

func main() {
	rs, err := accountscore.Parse("explanations.rules", rules)
	if err != nil {
		log.Fatal(err)
	}
	model := accountscore.MustCompile(rs)
	october := time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC)
	acme := accountscore.Account{
		ID:     "acme",
		Fields: map[string]any{"employees": 240, "industry": "Healthcare", "plan": "free"},
		Contacts: []accountscore.Contact{{ID: "ann", Fields: map[string]any{"role": "champion", "heat": 12},
			Activities: []accountscore.Activity{{Type: "demo", At: october}}}},
	}
	before := model.Explain(acme, october)
	acme.Fields = maps.Clone(acme.Fields)
	acme.Fields["employees"] = 1200
	x := model.Explain(acme, october.AddDate(0, 0, 30))

	fmt.Println("why", x.Result.Score, x.Result.Tier)
	for _, r := range x.Reasons(3) {
		fmt.Printf("  %s: %g points below its baseline: %s\n", r.Code, r.Impact, r.Text)
	}

	fmt.Println("what would lift it")
	for _, p := range x.LiftTo("top") {
		fmt.Printf("  effort %g: %s\n", p.Effort, p)
		after := model.Score(x.Apply(p.Changes), x.At)
		fmt.Printf("  scored again: %g %s\n", after.Score, after.Tier)
	}
	for _, r := range x.Committee() {
		fmt.Printf("  %s, %d of %d: %+g\n", r.Role, r.Have, r.Need, r.Gain)
	}

	fmt.Println("what changed")
	a, err := accountscore.Attribute(before, x)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range a.Contributions {
		fmt.Printf("  %+g %s: %s\n", c.Points, c.Kind, c.Text)
	}

	fmt.Println("what happened")
	for _, e := range model.ChangesExplained(before, x) {
		fmt.Printf("  %s: %s to %s\n", e.Trigger, e.BeforeTier, e.AfterTier)
		for _, c := range e.Causes {
			fmt.Printf("    %+g %s\n", c.Change, c.Text)
		}
	}

	fmt.Println("what a CRM is told")
	fields := x.Writeback("fit_")
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		fmt.Printf("  %s: %v\n", key, fields[key])
	}
}
