package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore"
)

// TestExplainAgainst compares an account with another state of it: data,
// moment and ruleset, of CSV files with contacts and activities too.
func TestExplainAgainst(t *testing.T) {
	const rules = "field plan text\nactivity visit\ndimension fit {\n  plan = Pro → +20\n  each visit within 30d → +5\n}\n" +
		"dimension people from contacts {\n  field lead number\n  score lead\n  combine sum\n}\n"
	dir := files(t, map[string]string{
		"r.rules":   rules,
		"old.rules": "field size number\nfield plan text\nactivity visit\ndimension fit {\n  size > 10 → +7\n  plan = Pro → +20\n}\n",
		"now.csv":   "id,plan,size\na,Pro,50\nb,Free,5\n", "then.csv": "id,plan,size\nb,Free,5\na,Free,5\n", "gone.csv": "id,plan\nb,Pro\nbad\n",
		"c.csv": "account_id,id,lead\na,ann,10\na,bob,4\n", "c0.csv": "account_id,id,lead\na,ann,3\n",
		"v.csv": "account_id,type,at\na,visit,2026-09-25\na,visit,2026-10-20\n",
	})
	explain := func(args ...string) ran {
		return in(t, dir, "id,plan\na,Pro\n", append([]string{"explain", "-id", "a", "-at", "2026-11-01"}, args...)...)
	}
	for _, tt := range []struct {
		name string
		args []string
		want []string // kind, lapse and text of each part
	}{
		{"the data", []string{"-against", "then.csv", "r.rules", "now.csv"}, []string{`data  plan from "Free" to "Pro" 20`}},
		{"the contacts alone", []string{"-contacts", "c.csv", "-against-contacts", "c0.csv", "r.rules", "now.csv"},
			[]string{"contact joined  contact bob 4", "contact changed  contact ann: lead from 3 to 10 7"}},
		{"the moment", []string{"-against-at", "2026-10-01", "-activities", "v.csv", "r.rules", "now.csv"},
			nil}, // one visit came, one left
		{"all of them", []string{"-against", "then.csv", "-against-at", "2026-10-01", "-contacts", "c.csv", "-against-contacts", "c0.csv", "-activities", "v.csv", "-against-activities", "v.csv", "r.rules", "now.csv"},
			[]string{`data  plan from "Free" to "Pro" 20`, "contact joined  contact bob 4", "contact changed  contact ann: lead from 3 to 10 7"}},
		{"a column that the old ruleset alone reads", []string{"-against", "then.csv", "-against-rules", "old.rules", "r.rules", "now.csv"},
			[]string{`data  plan from "Free" to "Pro" 20`, "data  size from 5 to 50 7", "model  "}},
		{"the window", []string{"-against-at", "2026-10-20", "-activities", "v.csv", "r.rules", "now.csv"}, []string{"time window visit: 1 left the window of 30d -5"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := explain(append([]string{"-json"}, tt.args...)...)
			require.Equal(t, 0, r.code, r)
			var a accountscore.Attribution
			require.NoError(t, json.Unmarshal([]byte(r.out), &a))
			require.Len(t, a.Contributions, len(tt.want), r.out)
			for i, c := range a.Contributions {
				text, _ := json.Marshal(c.Points)
				require.Contains(t, string(c.Kind)+" "+string(c.Lapse)+" "+c.Text+" "+string(text), tt.want[i])
			}
		})
	}
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"text", []string{"-against", "then.csv", "-width", "50", "r.rules", "now.csv"}, 0, "a: score 0 to 20                               +20\n"},
		{"markdown", []string{"-against", "then.csv", "-format", "markdown", "r.rules", "now.csv"}, 0, "# a: score 0 to 20\n"},
		{"html", []string{"-against", "then.csv", "-format", "html", "r.rules", "now.csv"}, 2, "write it as text, markdown or json"},
		{"a tier", []string{"-against-at", "2026-10-01", "-tier", "top", "r.rules", "now.csv"}, 2, "not with a change between two"},
		{"no account then", []string{"-against", "gone.csv", "r.rules", "now.csv"}, 1, `gone.csv:3: the row has 1 cell`},
		{"no account then, and which file", []string{"-against", "gone.csv", "r.rules", "now.csv"}, 1, `no account in gone.csv has the id "a"`},
		{"contacts of now alone", []string{"-against", "then.csv", "-contacts", "c.csv", "r.rules", "now.csv"}, 2, "-against-contacts says which was the one then"},
		{"activities of now alone", []string{"-against", "then.csv", "-activities", "v.csv", "r.rules", "now.csv"}, 2, "-against-activities says"},
		{"the wrong way round", []string{"-against-at", "2026-12-01", "r.rules", "now.csv"}, 2, "-against-at 2026-12-01 is later than 2026-11-01T00:00:00Z"},
		{"no moment", []string{"-against-at", "then", "r.rules", "now.csv"}, 2, `-against-at: "then" is no time`},
		{"no file", []string{"-against", "nowhere.csv", "r.rules", "now.csv"}, 2, "nowhere.csv"},
		{"data as a ruleset", []string{"-against-rules", "then.csv", "r.rules", "now.csv"}, 2, "then.csv is no ruleset"},
		{"no data", []string{"-against", "then.csv", "r.rules"}, 2, "want a ruleset and the accounts"},
		{"the standard input twice", []string{"-against", "-", "r.rules", "-"}, 2, "only once"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := explain(tt.args...)
			require.Equal(t, tt.code, r.code, r)
			require.Contains(t, r.out+r.err, tt.want)
		})
	}
}
