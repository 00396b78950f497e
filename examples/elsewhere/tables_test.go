package elsewhere

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore"
)

// TestPointTables writes public point tables in the rules language and holds
// them to the scores, tiers, dimensions and rules that come with them. The
// tables are not part of this repository.
func TestPointTables(t *testing.T) {
	root := os.Getenv("ACCOUNTSCORE_DATA")
	if root == "" {
		t.Skip("ACCOUNTSCORE_DATA is not set")
	}
	src, err := os.ReadFile(filepath.Join(root, "rulesets", "point_tables.json"))
	require.NoError(t, err)
	var file struct {
		About    string       `json:"about"`
		Rulesets []pointTable `json:"rulesets"`
	}
	d := json.NewDecoder(bytes.NewReader(src))
	d.DisallowUnknownFields() // what is not read could not be said
	require.NoError(t, d.Decode(&file))
	require.Len(t, file.Rulesets, 10)

	said, pairs := 0, 0
	for i := range file.Rulesets {
		table := &file.Rulesets[i]
		pairs += len(table.Worked)
		t.Run(table.ID, func(t *testing.T) {
			text, err := table.rules()
			if err != nil {
				t.Fatalf("cannot be said: %v", err)
			}
			rs, err := accountscore.Parse(table.ID+".rules", []byte(text))
			require.NoError(t, err, text)
			m, err := accountscore.Compile(rs)
			require.NoError(t, err, text)
			for n := range table.Worked {
				table.hold(t, m, n, text)
				said++
			}
			for _, left := range table.leftOut() {
				t.Logf("stated beside the table, and no part of its pairs: %s", left)
			}
		})
	}
	require.Equal(t, 40, pairs)
	require.Equal(t, pairs, said)
}

// pointTable is one table of the file.
type pointTable struct {
	ID          string                `json:"id"`
	Source      string                `json:"source"`
	Params      map[string]string     `json:"params"`
	Groups      map[string]pointGroup `json:"groups"`
	Rules       []pointRule           `json:"rules"`
	Score       pointScore            `json:"score"`
	Tiers       []pointTier           `json:"tiers"`
	Decay       map[string]string     `json:"decay_as_stated"`
	Ambiguities []string              `json:"ambiguities"`
	Worked      []pointPair           `json:"worked"`
}

type pointScore struct {
	Combine string `json:"combine"` // "" or weighted
}

type pointGroup struct {
	Mode   string   `json:"mode"`
	Cap    *float64 `json:"cap"`
	Floor  *float64 `json:"floor"`
	Weight *float64 `json:"weight"`
}

type pointRule struct {
	ID     string    `json:"id"`
	Points float64   `json:"points"`
	When   pointTest `json:"when"`
	Group  string    `json:"group"`
	Per    string    `json:"per"`
	Min    *float64  `json:"min"`
	Max    *float64  `json:"max"`
}

type pointTest struct {
	Field string      `json:"field"`
	Op    string      `json:"op"`
	Value any         `json:"value"`
	All   []pointTest `json:"all"`
	Any   []pointTest `json:"any"`
	Not   *pointTest  `json:"not"`
}

type pointTier struct {
	Name string    `json:"name"`
	When pointTest `json:"when"`
}

type pointPair struct {
	Input  map[string]any `json:"input"`
	Expect struct {
		Score   float64            `json:"score"`
		Tier    string             `json:"tier"` // "" for null
		Groups  map[string]float64 `json:"groups"`
		Matched []matchedRule      `json:"matched"`
	} `json:"expect"`
	Basis string `json:"basis"`
}

type matchedRule struct {
	Rule   string  `json:"rule"`
	Points float64 `json:"points"`
}

// ungrouped is the name that the file gives to a table without groups.
const ungrouped = "_"

// hold scores one pair and compares the score, the tier, the groups and the
// rules that matched.
func (p *pointTable) hold(t *testing.T, m *accountscore.Model, n int, text string) {
	pair := &p.Worked[n]
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	account := accountscore.Account{ID: fmt.Sprintf("%s-%d", p.ID, n+1), Fields: pair.Input}
	require.NoError(t, m.Check(account), text)
	x := m.Explain(account, at)

	got := pair.Expect
	got.Score, got.Tier = x.Result.Score, x.Result.Tier
	got.Groups, got.Matched = map[string]float64{}, []matchedRule{}
	for _, d := range x.Dimensions {
		name := d.Name
		if len(p.Groups) == 0 {
			name = ungrouped
		}
		points, _ := x.Result.Dimension(d.Name)
		got.Groups[name] = points.Points
		for _, g := range d.Groups {
			for _, r := range g.Rules {
				if r.State == accountscore.StateMatched {
					got.Matched = append(got.Matched, matchedRule{r.Label, r.Points})
				}
			}
		}
	}
	if diff := cmp.Diff(pair.Expect, got); diff != "" {
		t.Errorf("pair %d, -want +got:\n%s\n%s", n+1, diff, text)
	}
	require.Equal(t, m.Score(account, at), x.Result)
}

// leftOut is what the source says in words only, in order.
func (p *pointTable) leftOut() []string {
	var left []string
	for signal, loss := range p.Decay {
		left = append(left, "decay of "+signal+" by "+loss)
	}
	slices.Sort(left)
	return left
}

// rules writes the table in the rules language.
func (p *pointTable) rules() (string, error) {
	var b strings.Builder
	types, err := p.types()
	if err != nil {
		return "", err
	}
	for _, f := range types {
		fmt.Fprintf(&b, "field %s %s\n", f.name, f.kind)
	}
	groups := []string{""}
	if len(p.Groups) > 0 {
		groups = nil
		for _, r := range p.Rules {
			if !slices.Contains(groups, r.Group) {
				groups = append(groups, r.Group)
			}
		}
		if len(groups) != len(p.Groups) {
			return "", fmt.Errorf("%d groups, rules in %d", len(p.Groups), len(groups))
		}
	}
	for _, g := range groups {
		if err := p.dimension(&b, g); err != nil {
			return "", err
		}
	}
	if len(p.Tiers) > 0 {
		b.WriteString("tiers {\n")
		for _, tier := range p.Tiers {
			when, err := tier.when()
			if err != nil {
				return "", fmt.Errorf("tier %s: %w", tier.Name, err)
			}
			fmt.Fprintf(&b, "  %q %s\n", tier.Name, when)
		}
		b.WriteString("}\n")
	}
	return b.String(), nil
}

// dimension writes one group of the table, or all of it.
func (p *pointTable) dimension(b *strings.Builder, name string) error {
	group := p.Groups[name]
	if group.Mode != "" && group.Mode != "sum" && group.Mode != "first" {
		return fmt.Errorf("group %s: mode %q", name, group.Mode)
	}
	shown := name
	if shown == "" {
		shown = "points"
	}
	fmt.Fprintf(b, "dimension %s", shown)
	for _, bound := range []struct {
		word  string
		value *float64
	}{{"max", group.Cap}, {"min", group.Floor}} {
		if bound.value != nil {
			fmt.Fprintf(b, " %s %s", bound.word, number(*bound.value))
		}
	}
	switch p.Score.Combine {
	case "":
	case "weighted":
		if group.Weight == nil {
			return fmt.Errorf("group %s: no weight", name)
		}
		fmt.Fprintf(b, " weight %s%%", number(math.Round(*group.Weight*1e6)/1e4))
	default:
		return fmt.Errorf("combine %q", p.Score.Combine)
	}
	b.WriteString(" {\n")
	if group.Mode == "first" {
		b.WriteString("  first of {\n")
	}
	for i := range p.Rules {
		r := &p.Rules[i]
		if r.Group != name {
			continue
		}
		when, err := r.When.text()
		if err != nil {
			return fmt.Errorf("rule %s: %w", r.ID, err)
		}
		fmt.Fprintf(b, "  %s: %s → %s", r.ID, when, number(r.Points))
		if r.Per != "" {
			fmt.Fprintf(b, " per %s", r.Per)
			if r.Max != nil {
				fmt.Fprintf(b, " max %s", number(*r.Max))
			}
			if r.Min != nil {
				fmt.Fprintf(b, " min %s", number(*r.Min))
			}
		} else if r.Min != nil || r.Max != nil {
			return fmt.Errorf("rule %s: bounds of points that nothing multiplies", r.ID)
		}
		b.WriteString("\n")
	}
	if group.Mode == "first" {
		b.WriteString("  }\n")
	}
	b.WriteString("}\n")
	return nil
}

// everyScore is the bound by which the file marks a table's last tier.
const everyScore = -1e9

func (tier *pointTier) when() (string, error) {
	if tier.When.Field == "score" && tier.When.Op == "gte" && tier.When.Value == everyScore {
		return "otherwise", nil
	}
	text, err := tier.When.text()
	return "when " + text, err
}

// text writes a test as a condition.
func (c *pointTest) text() (string, error) {
	switch {
	case len(c.All) > 0:
		return join(c.All, " and ")
	case len(c.Any) > 0:
		return join(c.Any, " or ")
	case c.Not != nil:
		text, err := c.Not.text()
		return "not (" + text + ")", err
	}
	field := strings.TrimPrefix(c.Field, "group.")
	items, _ := c.Value.([]any)
	switch c.Op {
	case "gt", "gte", "lt", "lte", "eq":
		value, err := literal(c.Value)
		return field + " " + c.Op + " " + value, err
	case "between":
		if len(items) != 2 {
			return "", fmt.Errorf("between %v", c.Value)
		}
		low, err := literal(items[0])
		if err != nil {
			return "", err
		}
		high, err := literal(items[1])
		return field + " between " + low + " and " + high, err
	case "in":
		values, err := literals(items)
		return field + " in [" + strings.Join(values, ", ") + "]", err
	case "contains":
		value, err := literal(c.Value)
		return field + " contains " + value, err
	case "contains_any_word":
		words, err := literals(items)
		for i, w := range words {
			words[i] = field + " has word " + w
		}
		return "(" + strings.Join(words, " or ") + ")", err
	case "missing":
		return field + " is missing", nil
	}
	return "", fmt.Errorf("operator %q", c.Op)
}

func join(tests []pointTest, word string) (string, error) {
	parts := make([]string, len(tests))
	for i := range tests {
		text, err := tests[i].text()
		if err != nil {
			return "", err
		}
		parts[i] = text
	}
	return "(" + strings.Join(parts, word) + ")", nil
}

func literals(items []any) ([]string, error) {
	var texts []string
	for _, item := range items {
		text, err := literal(item)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, nil
}

func literal(v any) (string, error) {
	switch v := v.(type) {
	case float64:
		return number(v), nil
	case bool:
		return strconv.FormatBool(v), nil
	case string:
		return strconv.Quote(v), nil
	}
	return "", fmt.Errorf("value %v", v)
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// tableField is a field of a table with its type in the rules language.
type tableField struct{ name, kind string }

// types finds the types of the fields that the rules read, in order of use: a
// test tells most of them, the inputs tell which texts are lists.
func (p *pointTable) types() ([]tableField, error) {
	var fields []tableField
	add := func(name, kind string) error {
		at := slices.IndexFunc(fields, func(f tableField) bool { return f.name == name })
		if at < 0 {
			fields = append(fields, tableField{name, kind})
		} else if fields[at].kind != kind {
			return fmt.Errorf("field %s is %s and %s", name, fields[at].kind, kind)
		}
		return nil
	}
	var walk func(c *pointTest) error
	walk = func(c *pointTest) error {
		if c.Op != "" {
			return add(c.Field, p.kind(c))
		}
		for _, inner := range slices.Concat(c.All, c.Any) {
			if err := walk(&inner); err != nil {
				return err
			}
		}
		if c.Not != nil {
			return walk(c.Not)
		}
		return nil
	}
	for i := range p.Rules {
		r := &p.Rules[i]
		if err := walk(&r.When); err != nil {
			return nil, err
		}
		if r.Per != "" {
			if err := add(r.Per, "number"); err != nil {
				return nil, err
			}
		}
	}
	return fields, nil
}

func (p *pointTable) kind(c *pointTest) string {
	switch c.Op {
	case "gt", "gte", "lt", "lte", "between":
		return "number"
	}
	for _, pair := range p.Worked {
		if _, list := pair.Input[c.Field].([]any); list {
			return "list"
		}
	}
	switch c.Value.(type) {
	case float64:
		return "number"
	case bool:
		return "bool"
	}
	return "text"
}
