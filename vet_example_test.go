package accountscore_test

import (
	"fmt"

	"github.com/accountscore/accountscore"
)

func ExampleModel_Vet() {
	m := accountscore.MustCompile(mustParse(`
score min 0 max 100
employees > 100  → +30
employees > 1000 → +50
tiers {
  top  when score >= 90  play motion "AE-led"
  mid  when score >= 40  play motion "SDR-led"
  low  otherwise         play motion "SDR-led"
}`))
	for _, f := range m.Vet(november) {
		fmt.Println(f)
	}
	// Output:
	// 4:1: `employees > 1000` is true only where `employees > 100` (points.1) is true too, so it never earns +50 alone but +80 [implied]
	// 6:3: no account can be in the tier `top`: `score >= 90` is never true; score goes from 0 to 80 [unreachable-tier]
	// 8:3: the tiers `mid` and `low` have the same plays [same-plays]
}

func ExampleModel_Facts() {
	m := accountscore.MustCompile(mustParse(`
employees > 100       → +30
employees > 5 and revenue > 1M → +5
count(visit, 30d) > 3 → +20
each demo → +10 max 25
any(tags, len(#) > 3) → +5
`))
	f := m.Facts()
	fmt.Println("score", f.Score.Min, "to", f.Score.Max)
	for _, c := range f.Costs {
		fmt.Println(c.Rule, "cost", c.Cost, "form", c.Form)
	}
	// Output:
	// score 0 to 85
	// points.5 cost 172 form program
	// points.3 cost 33 form tree
	// points.4 cost 30 form tree
	// points.2 cost 7 form look-up
	// points.1 cost 3 form row
}
