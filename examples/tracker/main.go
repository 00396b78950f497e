// Command tracker keeps accounts up to date as events come in and time passes.
package main

import (
	"fmt"
	"log"
	"time"

	"github.com/accountscore/accountscore"
)

const rules = `
field employees number
activity demo
dimension fit {
  employees gte 1000 → +50
}
dimension intent {
  each demo within 30d → +20
}
tiers {
  hot when score >= 70
  cold otherwise
}
trigger won_interest  when tier rises to hot
trigger lost_interest when tier falls
`

func main() {
	rs, err := accountscore.Parse("tracker.rules", []byte(rules))
	if err != nil {
		log.Fatal(err)
	}
	model := accountscore.MustCompile(rs)
	now := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	tracker := model.Track(accountscore.Account{ID: "acme"}, now)
	before := tracker.Result()
	tell := func() {
		after := tracker.Result()
		fmt.Println(after.At.Format("Jan _2 15:04"), after.Score, after.Tier)
		for _, event := range model.Changes(before, after) {
			fmt.Println("  ", event.Trigger)
		}
		before = after
	}

	tracker.Set("employees", 5000) // an enrichment arrives
	tell()
	tracker.Record("", accountscore.Activity{Type: "demo", At: now}) // and a demo is asked for
	tell()

	// Nothing happens any more. A scheduler sleeps until the score may move.
	for next := tracker.NextChange(); !next.IsZero(); next = tracker.NextChange() {
		tracker.Advance(next)
		tell()
	}
}
