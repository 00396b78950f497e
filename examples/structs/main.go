// Command structs scores values of a Go struct, without maps.
package main

import (
	"database/sql"
	"fmt"
	"log"
	"time"

	"github.com/accountscore/accountscore"
)

const rules = `
field employees number stale after 90d
field industry  text
activity visit (page text)
dimension fit {
  employees gte 1000                → +50
  industry in [Technology, Finance] → +30
}
dimension intent {
  each visit where page contains "pricing" → +5 half-life 30d max 20
}
dimension people from contacts {
  field seniority  text
  field lead_score number
  score  lead_score
  weight seniority { vp: 1.5, else: 1 }
}
`

// Company is an account as a program holds it.
type Company struct {
	ID        string         `score:",id"`
	Employees *int           `score:"employees"`
	Enriched  time.Time      `score:"employees,refreshed"`
	Industry  sql.NullString `score:"industry"`
	People    []Person       `score:",contacts"`
	Visits    []Visit        `score:",activities"`
}

// Person is a contact.
type Person struct {
	Email     string  `score:",id"`
	Seniority string  `score:"seniority"`
	Lead      float64 `score:"lead_score"`
}

// Visit is an activity.
type Visit struct {
	Kind string    `score:",type"`
	When time.Time `score:",at"`
	Page string    `score:"page"`
}

func main() {
	rs, err := accountscore.Parse("structs.rules", []byte(rules))
	if err != nil {
		log.Fatal(err)
	}
	scorer, err := accountscore.Bind[Company](accountscore.MustCompile(rs))
	if err != nil {
		log.Fatal(err) // the tags that do not fit, ten at once
	}
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	employees := 5000
	companies := []Company{
		{ID: "acme", Employees: &employees, Visits: []Visit{{"visit", now.AddDate(0, 0, -30), "/pricing"}}},
		{ID: "blue", Industry: sql.NullString{String: "Finance", Valid: true}, People: []Person{{"ann@blue", "vp", 20}}},
	}
	var r accountscore.Result // kept from one to the next
	for i := range companies {
		scorer.ScoreInto(&r, &companies[i], now)
		fmt.Println(r.AccountID, r.Score, "of", r.Low, "to", r.High)
	}
}
