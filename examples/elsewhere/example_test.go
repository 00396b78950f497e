package elsewhere_test

import (
	"fmt"
	"log"
	"time"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples/elsewhere"
)

// A HubSpot group stops at its limit: three meetings would be 75.
func Example() {
	model, err := elsewhere.Model("hubspot")
	if err != nil {
		log.Fatal(err)
	}
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	meeting := accountscore.Activity{Type: "meeting", At: at.AddDate(0, 0, -3)}
	account := accountscore.Account{
		ID:       "acme",
		Fields:   map[string]any{"industry": "Software", "employees": 120, "country": "US", "free_mail": false},
		Contacts: []accountscore.Contact{{ID: "ann", Activities: []accountscore.Activity{meeting, meeting, meeting}}},
	}
	r := model.Score(account, at)
	for _, d := range r.Dimensions {
		fmt.Println(d.Name, d.Points)
	}
	fmt.Println(r.Score, r.Grade, r.Tier)
	// Output:
	// fit 90
	// engagement 60
	// 100 A2 sales ready
}
