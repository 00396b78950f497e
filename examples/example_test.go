package examples_test

import (
	"fmt"
	"log"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples"
)

func Example() {
	model, err := examples.Model("healthcare")
	if err != nil {
		log.Fatal(err)
	}
	accounts, err := examples.Accounts("healthcare")
	if err != nil {
		log.Fatal(err)
	}
	tiers := map[string]int{}
	for _, a := range accounts {
		tiers[model.Score(a, examples.At).Tier]++
	}
	for _, t := range model.Ruleset().Tiers {
		fmt.Println(t.Name, tiers[t.Name])
	}
	// Output:
	// dedicated campaign 6
	// nurture 17
	// general database 25
}

func ExampleGolden() {
	golden, err := examples.Golden("three_attribute")
	if err != nil {
		log.Fatal(err)
	}
	for _, o := range golden[:3] {
		fmt.Println(o.Account, o.Score, o.Tier)
	}
	// Output:
	// three_attribute-001 25 sales_ready
	// three_attribute-002 17.2 developing
	// three_attribute-003 18.4 developing
}

// The midmarket ruleset leaves its target open; another one is given by an
// option of one's own.
func ExampleRuleset() {
	rs, err := examples.Ruleset("midmarket")
	if err != nil {
		log.Fatal(err)
	}
	model, err := accountscore.Compile(rs, accountscore.WithParam("target_vertical", "Finance"))
	if err != nil {
		log.Fatal(err)
	}
	bank := accountscore.Account{ID: "bank", Fields: map[string]any{"industry": "Finance", "employees": 150}}
	r := model.Score(bank, examples.At)
	fmt.Println(r.Score, "could be", r.Low, "to", r.High)
	// Output: 80 could be 80 to 140
}

func ExampleNames() {
	fmt.Println(examples.Names())
	// Output: [enterprise midmarket plg three_attribute healthcare gate four_dimensions]
}
