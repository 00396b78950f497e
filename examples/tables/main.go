// Command tables scores a CSV file of any length by columns, some thousand rows
// at a time.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"strings"
	"time"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/tables"
)

const rules = `
field employees number
field country   text
employees gte 1000  → +50
country in [US, UK] → +20
tiers { top when score >= 70, low otherwise }
`

func main() {
	rs, err := accountscore.Parse("tables.rules", []byte(rules))
	if err != nil {
		log.Fatal(err)
	}
	model := accountscore.MustCompile(rs)
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	if err := score(model, strings.NewReader("id,employees,country\nacme,5000,US\nblue\ncorp,1200,\n"), now); err != nil {
		log.Fatal(err)
	}
}

func score(model *accountscore.Model, file io.Reader, now time.Time) error {
	var scores accountscore.Scores // kept from table to table
	for table, err := range tables.CSV(model, file) {
		var bad *tables.LineError
		if errors.As(err, &bad) {
			fmt.Println(bad) // the rest is read on
			continue
		}
		if err != nil {
			return err
		}
		if _, err := model.ScoreTable(context.Background(), table, now, accountscore.Into(&scores)); err != nil {
			return err
		}
		for i, id := range scores.IDs {
			fmt.Println(id, scores.Score[i], scores.Tier.At(i), "up to", scores.High[i])
		}
	}
	return nil
}
