package accountscore_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore"
)

type dmnFile struct {
	Cases []struct {
		Suite, Case, Decision, Feel string
		Expect                      any
		Inputs                      map[string]any
	}
	Tables map[string]struct {
		HitPolicy   string `json:"hit_policy"`
		Aggregation string
		Inputs      []string
		Outputs     []string
		Rules       []struct{ When, Then []string }
	}
}

// json5Keys are keys without quotes, which the cells of the unary tests have.
var json5Keys = regexp.MustCompile(`([{,]\s*)([$\w]+)\s*:`)

// zenCases are tests of single cells of decision tables.
func zenCases(t *testing.T, dir string) []suiteCase {
	file, err := os.Open(filepath.Join(dir, "zen_unary.csv"))
	require.NoError(t, err)
	defer file.Close()
	var cases []suiteCase
	lines := bufio.NewScanner(file)
	for n := 0; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if n == 0 || line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, ";")
		require.Len(t, parts, 3, line)
		var input map[string]any
		d := json.NewDecoder(strings.NewReader(strings.ReplaceAll(json5Keys.ReplaceAllString(parts[1], `$1"$2":`), "'", `"`)))
		d.UseNumber()
		require.NoError(t, d.Decode(&input), line)
		read, err := readTerm(parts[0], input, true)
		require.NoError(t, err)
		cases = append(cases, suiteCase{
			suite: "zen", name: parts[0], t: about(read, value(input["$"])), want: strings.TrimSpace(parts[2]), literals: true,
		})
	}
	require.NoError(t, lines.Err())
	return cases
}

// about puts a value in the place of the subject.
func about(t, subject *term) *term {
	if t.op == "subject" {
		return apply("subject", subject)
	}
	out := *t
	out.args = make([]*term, len(t.args))
	for i, arg := range t.args {
		out.args[i] = about(arg, subject)
	}
	return &out
}

// column is a field of a table's ruleset.
type column struct{ name, kind string }

// cellCondition writes a table's cell as a condition on a field; empty where
// the cell asks nothing.
func cellCondition(t *testing.T, cell string, c column) string {
	t.Helper()
	if strings.TrimSpace(cell) == "" {
		return ""
	}
	read, err := readTerm(cell, nil, true)
	require.NoError(t, err)
	w := &written{literals: true}
	text := w.text(read, c.kind)
	require.Empty(t, w.values, "a cell has values of its own: %s", cell)
	return strings.ReplaceAll(text, "subject", c.name)
}

// rowCondition joins the conditions of a row's cells.
func rowCondition(t *testing.T, cells []string, columns []column) string {
	var parts []string
	for i, cell := range cells {
		if c := cellCondition(t, cell, columns[i]); c != "" {
			parts = append(parts, c)
		}
	}
	if len(parts) == 0 {
		return "true"
	}
	return strings.Join(parts, " and ")
}

func fieldLines(columns []column) string {
	var b strings.Builder
	for _, c := range columns {
		fmt.Fprintf(&b, "field %s %s\n", c.name, c.kind)
	}
	return b.String()
}

func scoreText(t *testing.T, source string, fields map[string]any) accountscore.Result {
	t.Helper()
	rs, err := accountscore.Parse("table.rules", []byte(source))
	require.NoError(t, err, source)
	m, err := accountscore.Compile(rs)
	require.NoError(t, err, source)
	return m.Score(accountscore.Account{Fields: fields}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
}

// TestSuiteTables runs the decision tables of the DMN kit: a first-hit table
// is "first of", a collected sum is rules.
func TestSuiteTables(t *testing.T) {
	var file dmnFile
	readSuite(t, expressions(t), "dmn_tck.json", &file)
	kinds := map[string]string{
		"Age": "number", "RiskCategory": "text", "isAffordable": "bool", "NumOfYears": "number",
	}
	ran := 0
	for _, c := range file.Cases {
		table, ok := file.Tables[c.Suite+"/"+c.Decision]
		if !ok {
			continue
		}
		var columns []column
		for _, name := range table.Inputs {
			columns = append(columns, column{name, kinds[name]})
		}
		var b strings.Builder
		b.WriteString(fieldLines(columns))
		if table.HitPolicy == "FIRST" {
			b.WriteString("first of {\n")
			for i, row := range table.Rules {
				fmt.Fprintf(&b, "%s → %d\n", rowCondition(t, row.When, columns), i+1)
			}
			b.WriteString("}\n")
			r := scoreText(t, b.String(), c.Inputs)
			require.Greater(t, r.Score, 0.0, c.Case)
			got := map[string]any{}
			for i, output := range table.Rules[int(r.Score)-1].Then {
				got[table.Outputs[i]] = strings.Trim(output, `"`)
			}
			if diff := cmp.Diff(c.Expect, any(got)); diff != "" {
				t.Errorf("%s %s: -want +got:\n%s", c.Suite, c.Case, diff)
			}
		} else {
			require.Equal(t, "SUM", table.Aggregation)
			for _, row := range table.Rules {
				fmt.Fprintf(&b, "%s → %s\n", rowCondition(t, row.When, columns), row.Then[0])
			}
			r := scoreText(t, b.String(), c.Inputs)
			require.Equal(t, fmt.Sprint(c.Expect), fmt.Sprint(r.Score), c.Case)
		}
		ran++
	}
	require.Equal(t, 6, ran)
}

// zenGraph is a graph of decision tables with tests.
type zenGraph struct {
	Tests []struct{ Input, Output map[string]any }
	Nodes []struct {
		Name    string
		Type    string
		Content json.RawMessage
	}
}

type zenTable struct {
	Inputs, Outputs []struct{ ID, Field string }
	Rules           []map[string]string
}

// table gives the graph's table of a name.
func (g *zenGraph) table(t *testing.T, name string) zenTable {
	t.Helper()
	for _, n := range g.Nodes {
		if n.Name == name {
			var table zenTable
			require.NoError(t, json.Unmarshal(n.Content, &table))
			return table
		}
	}
	t.Fatalf("no table %s", name)
	return zenTable{}
}

// rows writes a first-hit table with the points that its rows give.
func (z zenTable) rows(t *testing.T, columns []column, points func(i int) string) string {
	var b strings.Builder
	b.WriteString("first of {\n")
	for i, row := range z.Rules {
		cells := make([]string, len(z.Inputs))
		for j, input := range z.Inputs {
			cells[j] = row[input.ID]
		}
		fmt.Fprintf(&b, "%s → %s\n", rowCondition(t, cells, columns), points(i))
	}
	b.WriteString("}\n")
	return b.String()
}

// TestSuiteShipping runs a table of three columns. What reads members of
// members, the caller maps: the cart's total is a field, as a CRM's would be.
func TestSuiteShipping(t *testing.T) {
	var g zenGraph
	readSuite(t, expressions(t), filepath.Join("zen_tables", "decision-table-shipping.json"), &g)
	columns := []column{{"total", "number"}, {"tags", "list"}, {"country", "text"}}
	table := g.table(t, "Shipping Fees")
	source := fieldLines(columns) + table.rows(t, columns, func(i int) string { return fmt.Sprint(i + 1) })
	require.Len(t, g.Tests, 12)
	for _, test := range g.Tests {
		var in struct {
			Cart struct {
				Items []struct{ UnitPrice, Quantity float64 }
			}
			Customer struct {
				Tags    []string
				Country string
			}
		}
		remarshal(t, test.Input, &in)
		total := 0.0
		for _, item := range in.Cart.Items {
			total += item.UnitPrice * item.Quantity
		}
		r := scoreText(t, source, map[string]any{"total": total, "tags": in.Customer.Tags, "country": in.Customer.Country})
		require.Greater(t, r.Score, 0.0)
		row := table.Rules[int(r.Score)-1]
		require.Equal(t, fmt.Sprint(test.Output["price"]), row[table.Outputs[0].ID])
		require.Equal(t, test.Output["group"], strings.Trim(row[table.Outputs[1].ID], `"`))
	}
}

func remarshal(t *testing.T, from, into any) {
	t.Helper()
	src, err := json.Marshal(from)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(src, into))
}

// TestSuiteCreditLimit runs a graph: three tables are dimensions, their sum is
// the score, the fourth table is the tiers, and a second ruleset computes the
// amount from the tier's percentage.
func TestSuiteCreditLimit(t *testing.T) {
	var g zenGraph
	readSuite(t, expressions(t), filepath.Join("zen_tables", "credit-limit-adjustment.json"), &g)
	tables := []struct {
		name    string
		columns []column
	}{
		{"payment_history_evaluation", []column{{"on_time", "number"}, {"late", "number"}}},
		{"utilization_evaluation", []column{{"current", "number"}, {"average", "number"}}},
		{"financial_behavior_evaluation", []column{{"inquiries", "number"}, {"years", "number"}, {"verified", "bool"}}},
	}
	var fields, dimensions strings.Builder
	for i, one := range tables {
		table := g.table(t, one.name)
		fields.WriteString(fieldLines(one.columns))
		fmt.Fprintf(&dimensions, "dimension d%d {\n%s}\n", i+1, table.rows(t, one.columns, func(row int) string {
			return table.Rules[row][table.Outputs[1].ID]
		}))
	}
	last := g.table(t, "credit_limit_recommendation")
	var ladder strings.Builder
	ladder.WriteString("tiers {\n")
	for i, row := range last.Rules {
		when := "otherwise"
		if c := cellCondition(t, row[last.Inputs[0].ID], column{"score", "number"}); c != "" {
			when = "when " + c
		}
		fmt.Fprintf(&ladder, "row%d %s\n", i, when)
	}
	ladder.WriteString("}\n")

	require.Len(t, g.Tests, 1)
	for _, test := range g.Tests {
		var in struct {
			Account struct {
				Limit   float64 `json:"current_credit_limit"`
				History struct {
					OnTime float64 `json:"on_time_payment_percentage"`
					Late   float64 `json:"late_payments_last_12_months"`
				} `json:"payment_history"`
				Utilization struct {
					Current float64 `json:"current_percentage"`
					Average float64 `json:"average_last_6_months"`
				}
				Behavior struct {
					Inquiries float64 `json:"credit_inquiries_last_12_months"`
					Years     float64 `json:"years_with_institution"`
					Verified  bool    `json:"income_verified"`
				} `json:"financial_behavior"`
			}
		}
		remarshal(t, test.Input, &in)
		a := in.Account
		r := scoreText(t, fields.String()+dimensions.String()+ladder.String(), map[string]any{
			"on_time": a.History.OnTime, "late": a.History.Late, "current": a.Utilization.Current, "average": a.Utilization.Average,
			"inquiries": a.Behavior.Inquiries, "years": a.Behavior.Years, "verified": a.Behavior.Verified,
		})
		var row int
		_, err := fmt.Sscanf(r.Tier, "row%d", &row)
		require.NoError(t, err, r.Tier)
		amount := scoreText(t, `field credit number
param percent = `+last.Rules[row][last.Outputs[0].ID]+`
let change = round(credit * percent / 100)
dimension amount_change    { credit is known → +1 per change }
dimension new_credit_limit { credit is known → +1 per credit + change }
`, map[string]any{"credit": a.Limit})
		want := test.Output["recommendation"].(map[string]any)
		for _, d := range amount.Dimensions {
			require.Equal(t, fmt.Sprint(want[d.Name]), fmt.Sprint(d.Points), d.Name)
		}
	}
}
