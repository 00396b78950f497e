package accountscore

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// The scorecards of PMML, as far as the rules language can say them: a
// characteristic is a "first of", an attribute a rule, the initial score a
// rule that is always true. A field that PMML wants valid disqualifies where
// it is not, for a score never fails here. What is not read is refused by the
// reader: surrogates, transformations, and functions of complex partial scores
// other than + - * / min max. Those go into "+1 per": they earn within
// ±1,000,000, and their operand is rounded to a millionth.

type pmmlFile struct {
	Fields []struct {
		Name      string `xml:"name,attr"`
		Type      string `xml:"dataType,attr"`
		Intervals []struct {
			Closure string `xml:"closure,attr"`
			Left    string `xml:"leftMargin,attr"`
			Right   string `xml:"rightMargin,attr"`
		} `xml:"Interval"`
		Values []struct {
			Value string `xml:"value,attr"`
		} `xml:"Value"`
	} `xml:"DataDictionary>DataField"`
	Card struct {
		Name            string       `xml:"modelName,attr"`
		Algorithm       string       `xml:"reasonCodeAlgorithm,attr"`
		Codes           string       `xml:"useReasonCodes,attr"`
		Initial         string       `xml:"initialScore,attr"`
		Baseline        string       `xml:"baselineScore,attr"`
		Mining          []pmmlMining `xml:"MiningSchema>MiningField"`
		Characteristics []struct {
			Name       string          `xml:"name,attr"`
			Baseline   string          `xml:"baselineScore,attr"`
			Code       string          `xml:"reasonCode,attr"`
			Attributes []pmmlAttribute `xml:"Attribute"`
		} `xml:"Characteristics>Characteristic"`
	} `xml:"Scorecard"`
}

type pmmlMining struct {
	Name    string `xml:"name,attr"`
	Usage   string `xml:"usageType,attr"`
	Invalid string `xml:"invalidValueTreatment,attr"`
	Missing string `xml:"missingValueTreatment,attr"`
}

type pmmlAttribute struct {
	Score string     `xml:"partialScore,attr"`
	Code  string     `xml:"reasonCode,attr"`
	Parts []pmmlNode `xml:",any"`
}

// pmmlNode is a predicate or an expression.
type pmmlNode struct {
	XMLName  xml.Name
	Field    string     `xml:"field,attr"`
	Operator string     `xml:"operator,attr"`
	Boolean  string     `xml:"booleanOperator,attr"`
	Function string     `xml:"function,attr"`
	Value    string     `xml:"value,attr"`
	Text     string     `xml:",chardata"`
	Parts    []pmmlNode `xml:",any"`
}

// pmmlReader makes a ruleset of a scorecard.
type pmmlReader struct {
	t     testing.TB
	types map[string]dsl.Type
}

func (r *pmmlReader) number(s string) float64 {
	if s == "" {
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	require.NoError(r.t, err)
	return f
}

func readPMML(t testing.TB, path string) (*Ruleset, bool) {
	src, err := os.ReadFile(path)
	require.NoError(t, err)
	var f pmmlFile
	require.NoError(t, xml.Unmarshal(src, &f))
	r := &pmmlReader{t, map[string]dsl.Type{}}
	card := &f.Card
	six := 6
	rs := &Ruleset{Name: card.Name, Score: &Published{Round: &six}}
	for _, d := range f.Fields {
		m := slices.IndexFunc(card.Mining, func(m pmmlMining) bool { return m.Name == d.Name && m.Usage == "active" })
		if m < 0 {
			continue // what is predicted
		}
		field := Field{Name: d.Name, Type: map[string]dsl.Type{"double": dsl.NumberType, "string": dsl.TextType, "boolean": dsl.BoolType}[d.Type]}
		require.NotEmpty(t, field.Type, d.Type)
		r.types[d.Name] = field.Type
		for _, v := range d.Values {
			field.OneOf = append(field.OneOf, Value{Kind: dsl.TextValue, Text: v.Value})
		}
		rs.Fields = append(rs.Fields, field)
		var valid []string
		for _, in := range d.Intervals {
			require.Equal(t, "closedClosed", in.Closure)
			valid = append(valid, fmt.Sprintf("%s in %s..%s", d.Name, in.Left, in.Right))
		}
		if card.Mining[m].Missing == "returnInvalid" {
			rs.Disqualify = append(rs.Disqualify, Disqualifier{When: F(d.Name + " is missing"), Reason: d.Name + " is missing"})
		}
		if len(valid) > 0 && card.Mining[m].Invalid != "asMissing" {
			rs.Disqualify = append(rs.Disqualify, Disqualifier{When: F("not (" + strings.Join(valid, " or ") + ")"), Reason: d.Name + " is invalid"})
		}
	}
	switch card.Algorithm {
	case "pointsAbove":
		rs.Reasons = dsl.ReasonsAbove
	case "pointsBelow":
		rs.Reasons = dsl.ReasonsBelow
	default:
		require.Equal(t, "false", card.Codes)
	}
	dim := Dimension{Name: "scorecard", Items: []Item{{Rule: &Rule{Label: "initial", When: F("true"), Points: r.number(card.Initial)}}}}
	for _, c := range card.Characteristics {
		baseline := r.number(card.Baseline)
		if c.Baseline != "" {
			baseline = r.number(c.Baseline)
		}
		g := &Group{Kind: dsl.FirstOf, Name: c.Name, Code: c.Code, Baseline: &baseline}
		for _, a := range c.Attributes {
			rule := Rule{Code: a.Code, Points: r.number(a.Score)}
			for _, part := range a.Parts {
				switch part.XMLName.Local {
				case "Extension":
				case "ComplexPartialScore":
					require.Len(t, part.Parts, 1)
					rule.Points, rule.Per = 1, F(r.expression(part.Parts[0]))
				default:
					rule.When = F(r.predicate(part))
				}
			}
			g.Rules = append(g.Rules, rule)
		}
		dim.Items = append(dim.Items, Item{Group: g})
	}
	rs.Dimensions = []Dimension{dim}
	return rs, card.Codes == "true"
}

func (r *pmmlReader) literal(field, value string) string {
	if r.types[field] == dsl.TextType {
		return strconv.Quote(value)
	}
	return value
}

var pmmlOperators = map[string]string{"equal": "=", "notEqual": "!=", "lessThan": "<", "lessOrEqual": "<=", "greaterThan": ">", "greaterOrEqual": ">="}

func (r *pmmlReader) predicate(n pmmlNode) string {
	switch n.XMLName.Local {
	case "True":
		return "true"
	case "False":
		return "false"
	case "SimplePredicate":
		switch n.Operator {
		case "isMissing":
			return n.Field + " is missing"
		case "isNotMissing":
			return n.Field + " is not missing"
		}
		require.Contains(r.t, pmmlOperators, n.Operator)
		return n.Field + " " + pmmlOperators[n.Operator] + " " + r.literal(n.Field, n.Value)
	case "SimpleSetPredicate":
		require.Len(r.t, n.Parts, 1)
		var items []string
		for _, item := range strings.Fields(n.Parts[0].Text) {
			items = append(items, r.literal(n.Field, strings.Trim(item, `"`)))
		}
		op := map[string]string{"isIn": "in", "isNotIn": "not in"}[n.Boolean]
		require.NotEmpty(r.t, op)
		return n.Field + " " + op + " [" + strings.Join(items, ", ") + "]"
	}
	require.Equal(r.t, "CompoundPredicate", n.XMLName.Local)
	var parts []string
	for _, p := range n.Parts {
		parts = append(parts, "("+r.predicate(p)+")")
	}
	switch n.Boolean {
	case "and", "or":
		return strings.Join(parts, " "+n.Boolean+" ")
	}
	require.Equal(r.t, "xor", n.Boolean)
	odd := parts[0]
	for _, p := range parts[1:] {
		odd = fmt.Sprintf("((%s and not %s) or (not %s and %s))", odd, p, odd, p)
	}
	return odd
}

func (r *pmmlReader) expression(n pmmlNode) string {
	switch n.XMLName.Local {
	case "FieldRef":
		return n.Field
	case "Constant":
		return strings.TrimSpace(n.Text)
	}
	require.Equal(r.t, "Apply", n.XMLName.Local)
	var args []string
	for _, p := range n.Parts {
		args = append(args, r.expression(p))
	}
	switch n.Function {
	case "+", "-", "*", "/":
		return "(" + strings.Join(args, " "+n.Function+" ") + ")"
	}
	require.Contains(r.t, []string{"min", "max"}, n.Function)
	return n.Function + "(" + strings.Join(args, ", ") + ")"
}

// TestPMMLScorecards scores the published cases of public PMML scorecards, in
// our language, and gives the published scores and reason codes.
func TestPMMLScorecards(t *testing.T) {
	data := os.Getenv("ACCOUNTSCORE_DATA")
	if data == "" {
		t.Skip("ACCOUNTSCORE_DATA names no folder with pmml/cases.json")
	}
	src, err := os.ReadFile(filepath.Join(data, "pmml", "cases.json"))
	require.NoError(t, err)
	var cases []struct {
		Model  string
		Input  map[string]any
		Expect struct {
			Score *float64
			Codes []*string `json:"reason_codes"`
			Error bool
		}
		Tolerance float64 `json:"tolerance_percent"`
	}
	require.NoError(t, json.Unmarshal(src, &cases))
	type compiled struct {
		*Model
		codes bool
	}
	models := map[string]compiled{}
	errors, codes := 0, 0
	for i, c := range cases {
		m, ok := models[c.Model]
		if !ok {
			var rs *Ruleset
			rs, m.codes = readPMML(t, filepath.Join(data, "pmml", c.Model))
			m.Model, err = Compile(rs)
			require.NoError(t, err, c.Model)
			models[c.Model] = m
			// The text of the ruleset means the same.
			again, err := Parse(c.Model, rs.Format())
			require.NoError(t, err, "%s", rs.Format())
			require.Equal(t, m.Hash(), MustCompile(again).Hash())
		}
		name := fmt.Sprintf("case %d, %s", i+1, c.Model)
		x := m.Explain(Account{Fields: c.Input}, testMoment)
		if c.Expect.Error {
			errors++
			require.Equal(t, Disqualified, x.Result.Tier, name)
			continue
		}
		require.Empty(t, x.Result.Tier, name)
		require.InDelta(t, *c.Expect.Score, x.Result.Score, 1e-9+abs(*c.Expect.Score)*c.Tolerance/100, name)
		if !m.codes {
			continue
		}
		codes++
		var got []*string
		for _, r := range x.Reasons(len(c.Expect.Codes)) {
			got = append(got, &r.Code)
		}
		for len(got) < len(c.Expect.Codes) {
			got = append(got, nil)
		}
		require.Equal(t, c.Expect.Codes, got, name)
	}
	require.Equal(t, []int{29, 3, 24, 5}, []int{len(cases), errors, codes, len(models)})
}

func abs(f float64) float64 { return max(f, -f) }
