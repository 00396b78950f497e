package accountscore_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/accountscore/accountscore"
)

// A table is a batch by columns: three accounts, one of them without a known
// number of employees, and two contacts.
func ExampleModel_ScoreTable() {
	rs, err := accountscore.Parse("fit.rules", []byte(`
dimension fit {
  employees gte 1000            → +50
  industry in [Health, Finance] → +30
}
dimension people max 20 from contacts {
  score heat
}
tiers { top when score >= 80, low otherwise }
`))
	if err != nil {
		log.Fatal(err)
	}
	model := accountscore.MustCompile(rs)

	contacts := accountscore.NewTable(2)
	contacts.Float64s("heat", []float64{15, 8}, nil)

	table := accountscore.NewTable(3)
	table.IDs([]string{"acme", "bolt", "corp"})
	table.Float64s("employees", []float64{5000, 20, 0}, accountscore.Bitmap{0b011})
	table.Dict("industry", []int32{0, 1, 0}, []string{"Health", "Retail"})
	table.Contacts([]int32{0, 1, 1, 2}, contacts)

	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	scores, err := model.ScoreTable(context.Background(), table, at)
	if err != nil {
		log.Fatal(err)
	}
	for i := range scores.Len() {
		fmt.Println(scores.IDs[i], scores.Score[i], scores.Low[i], scores.High[i], scores.Tier.At(i))
	}
	// Output:
	// acme 95 95 95 top
	// bolt 0 0 0 low
	// corp 38 38 88 low
}
