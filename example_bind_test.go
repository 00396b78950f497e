package accountscore_test

import (
	"database/sql"
	"fmt"
	"time"

	"github.com/accountscore/accountscore"
)

// Lead is an account as a program holds it.
type Lead struct {
	ID        string         `score:",id"`
	Employees *int           `score:"employees"`
	Enriched  time.Time      `score:"employees,refreshed"`
	Industry  sql.NullString `score:"industry"`
	Seats     int            `score:"seats,omitzero"`
	Visits    []Visit        `score:",activities"`
}

// Visit is one of its activities.
type Visit struct {
	Kind string    `score:",type"`
	When time.Time `score:",at"`
	Page string    `score:"page"`
}

const leadRules = `
field employees number stale after 90d
field industry  text
field seats     number
activity visit (page text)
dimension points {
  employees gte 1000                       → +50
  industry in [Technology, Finance]        → +30
  seats gte 10                             → +10
  each visit where page contains "pricing" → +5 half-life 30d max 20
}
`

func ExampleBind() {
	scorer, err := accountscore.Bind[Lead](accountscore.MustCompile(mustParse(leadRules)))
	if err != nil {
		fmt.Println(err)
		return
	}
	employees := 5000
	lead := Lead{ID: "acme", Employees: &employees, Visits: []Visit{{"visit", november.AddDate(0, 0, -30), "/pricing"}}}
	r := scorer.Score(&lead, november)
	fmt.Println(r.AccountID, r.Score, r.Low, r.High, r.Unknown)
	// Output: acme 52.5 52.5 92.5 2
}

// Every tag that does not fit is told at once.
func ExampleBind_errors() {
	type lead struct {
		Employees []byte `score:"employees"`
		Industry  string `score:"sector"`
	}
	_, err := accountscore.Bind[lead](accountscore.MustCompile(mustParse(leadRules)))
	fmt.Println(err)
	// Output:
	// accountscore_test.lead.Employees: employees is a number, and a Go []uint8 holds none [type]
	//     fix: make it a number of any kind or json.Number, a pointer to one, or a struct of one and Valid bool as in database/sql
	// accountscore_test.lead.Industry: the ruleset has no field sector [name]
	//     fix: name employees, industry, seats, or drop the tag
}

func ExampleScorer_ScoreInto() {
	scorer, err := accountscore.Bind[Lead](accountscore.MustCompile(mustParse(leadRules)))
	if err != nil {
		fmt.Println(err)
		return
	}
	leads := []Lead{{ID: "acme", Seats: 40}, {ID: "blue", Industry: sql.NullString{String: "Finance", Valid: true}}}
	var r accountscore.Result // kept from lead to lead: no allocation
	for i := range leads {
		scorer.ScoreInto(&r, &leads[i], november)
		fmt.Println(r.AccountID, r.Score)
	}
	// Output:
	// acme 10
	// blue 30
}

func ExampleScorer_Score() {
	scorer, err := accountscore.Bind[Lead](accountscore.MustCompile(mustParse(leadRules)))
	if err != nil {
		fmt.Println(err)
		return
	}
	r := scorer.Score(&Lead{Seats: 40}, november)
	fmt.Printf("%v, and %v more if what is missing were known\n", r.Score, r.High-r.Score)
	// Output: 10, and 80 more if what is missing were known
}
