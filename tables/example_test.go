package tables_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/tables"
)

func newModel() *accountscore.Model {
	rs, err := accountscore.Parse("fit.rules", []byte("employees gte 1000 → +50\ncountry in [US, UK] → +20\n"))
	if err != nil {
		log.Fatal(err)
	}
	return accountscore.MustCompile(rs)
}

// A file of any length, a few thousand rows at a time.
func ExampleCSV() {
	model := newModel()
	file := strings.NewReader("id,employees,country\nacme,5000,US\nbolt,many,UK\ncorp\ndash,1200,\n")
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	var scores accountscore.Scores
	for table, err := range tables.CSV(model, file) {
		var fault *tables.LineError
		if errors.As(err, &fault) {
			fmt.Println(fault)
			continue
		}
		if err != nil {
			log.Fatal(err)
		}
		if _, err := model.ScoreTable(context.Background(), table, at, accountscore.Into(&scores)); err != nil {
			log.Fatal(err)
		}
		for i, id := range scores.IDs {
			fmt.Println(id, scores.Score[i], scores.Low[i], scores.High[i], scores.Invalid[i])
		}
	}
	// Output:
	// line 4: the header has 3 cells, the row 1
	// acme 70 70 70 0
	// bolt 20 20 70 1
	// dash 50 50 70 0
}

func ExampleJSONLines() {
	model := newModel()
	file := strings.NewReader(`{"id": "acme", "fields": {"employees": 5000, "country": "US"}}
{"id": "bolt", "fields": {"country": "UK"}}
`)
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for table, err := range tables.JSONLines(model, file) {
		if err != nil {
			log.Fatal(err)
		}
		scores, err := model.ScoreTable(context.Background(), table, at)
		if err != nil {
			log.Fatal(err)
		}
		for i, id := range scores.IDs {
			fmt.Println(id, scores.Score[i])
		}
	}
	// Output:
	// acme 70
	// bolt 20
}
