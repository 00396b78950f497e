// Command explain scores one account, with its contacts, and explains the
// score: as text, or with -format as markdown, html or json.
package main

import (
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"time"

	"github.com/accountscore/accountscore"
)

//go:embed explain.rules
var rules []byte

var acme = accountscore.Account{
	ID:     "acme",
	Fields: map[string]any{"employees": 5000, "industry": "Healthcare"},
	Contacts: []accountscore.Contact{
		{ID: "ann", Fields: map[string]any{"seniority": "vp", "lead_score": 20}},
		{ID: "bob", Fields: map[string]any{"seniority": "manager", "lead_score": 15}},
	},
}

func main() {
	format := flag.String("format", "text", "text, markdown, html or json")
	flag.Parse()
	rs, err := accountscore.Parse("explain.rules", rules)
	if err != nil {
		fmt.Println(err) // every error, each with its place and a fix
		return
	}
	model := accountscore.MustCompile(rs)
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	x := model.Explain(acme, at)
	switch *format {
	case "markdown":
		fmt.Print(x.Markdown())
	case "html":
		fmt.Print(x.HTML())
	case "json":
		data, _ := json.MarshalIndent(x, "", "  ")
		fmt.Println(string(data))
	default:
		fmt.Print(x.Text())
	}
}
