// Command first scores one account by three rules and explains the score.
package main

import (
	"fmt"
	"log"
	"time"

	"github.com/accountscore/accountscore"
)

const rules = `
employees gte 1000 → +50
country in [US, UK] → +20
revenue in 10M-100M → +30
`

func main() {
	rs, err := accountscore.Parse("first.rules", []byte(rules))
	if err != nil {
		log.Fatal(err) // every error at once, each with its place and a fix
	}
	model := accountscore.MustCompile(rs)
	acme := accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 5000, "country": "US"}}
	result := model.Score(acme, time.Now())
	fmt.Println(result.Score, "and with the revenue known up to", result.High)
}
