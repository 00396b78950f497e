package accountscore_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
)

// suiteCase is one case of a published suite.
type suiteCase struct {
	suite, name string
	t           *term
	want        string // true, false, unknown or error; open where the suite names no one answer
	literals    bool
}

// difference is a deliberate difference from a suite. Only a case that has
// what the difference is about may be left out for it, and only if the
// language does with it what the difference says: rejects it with one of the
// codes, holds it unknown, or has another answer. docs/language.md has the
// reasons.
type difference struct {
	name   string
	answer string // "error", "unknown" or "false"
	codes  []dsl.Code
	about  func(*term) bool
}

var typeError = []dsl.Code{dsl.CodeType, dsl.CodeInference}

var differences = []difference{
	{"too few operands are an error", "error", []dsl.Code{dsl.CodeSyntax}, func(t *term) bool {
		return operators[t.op] != "" && len(t.args) < 2 || t.op == "not" && len(t.args) == 0
	}},
	{"maps and members are left out", "error", []dsl.Code{dsl.CodeNotAllowed, dsl.CodeSyntax}, func(t *term) bool { return t.op == "map" }},
	{"indexing and slices are left out", "error", []dsl.Code{dsl.CodeNotAllowed}, func(t *term) bool { return t.op == "index" }},
	{"powers are left out", "error", []dsl.Code{dsl.CodeNotAllowed}, func(t *term) bool { return t.op == "pow" }},
	{"a text in backticks is no template", "false", nil, func(t *term) bool { return t.op == "template" }},
	{"times of day and durations are no values", "error", []dsl.Code{dsl.CodeFunction}, func(t *term) bool {
		return t.op == "call" && (t.name == "time" || t.name == "duration")
	}},
	{"functions over texts, types and chance are left out", "error", []dsl.Code{dsl.CodeFunction, dsl.CodeNotAllowed, dsl.CodeToken}, func(t *term) bool {
		return t.op == "call" && slices.Contains([]string{"lower", "upper", "string", "number", "bool", "rand", "median", "mode", "some"}, t.name)
	}},
	{"only conditions are true or false", "error", typeError, func(t *term) bool {
		operands := t.args
		switch t.op {
		case "and", "or", "not":
		case "cond":
			operands = t.args[:1]
		default:
			return false
		}
		return slices.ContainsFunc(operands, func(t *term) bool { return t.kind() != "bool" && t.kind() != "null" })
	}},
	{"lists are not compared or joined", "error", typeError, func(t *term) bool {
		return (t.op == "add" || isComparison(t.op)) && slices.ContainsFunc(t.args, isList)
	}},
	{"lists hold texts", "error", []dsl.Code{dsl.CodeType, dsl.CodeFunction}, func(t *term) bool {
		return t.op == "call" && slices.ContainsFunc(t.args, isNumberList)
	}},
	{"values of two types are not compared", "error", typeError, func(t *term) bool {
		var kinds []string
		operands := t.args
		switch {
		case t.op == "cond":
			operands = t.args[1:]
		case t.op == "in" || t.op == "not in":
			operands = append([]*term{t.args[0]}, t.args[1].args...)
		case !isComparison(t.op):
			return false
		}
		for _, arg := range operands {
			if k := arg.kind(); k != "null" && k != "" {
				kinds = append(kinds, k)
			}
		}
		return len(slices.Compact(kinds)) > 1
	}},
	{"texts have no order", "error", typeError, func(t *term) bool { return isOrder(t.op) && firstKind(t.args) == "text" }},
	{"true and false have no order", "error", typeError, func(t *term) bool { return isOrder(t.op) && firstKind(t.args) == "bool" }},
	{"a list in a condition holds no null", "error", []dsl.Code{dsl.CodeType, dsl.CodeNotAllowed, dsl.CodeSyntax, dsl.CodeParam}, func(t *term) bool {
		return (t.op == "in" || t.op == "not in") && slices.ContainsFunc(t.args[1].args, isNull)
	}},
	{"an interval that one end rules out is false", "false", nil, func(t *term) bool {
		return t.op == "between" && slices.ContainsFunc(t.args[1:], isNull)
	}},
	{"a test of null is unknown", "unknown", nil, isNull},
	{"a blank text is missing", "unknown", nil, func(t *term) bool { return t.op == "value" && t.val == "" }},
	{"a whole number beyond 2^53 is invalid", "unknown", nil, func(t *term) bool {
		n, ok := t.val.(json.Number)
		f, err := n.Float64()
		return ok && err == nil && math.Abs(f) > 1<<53
	}},
	{"a division by zero is unknown", "unknown", nil, func(t *term) bool {
		if t.op != "div" {
			return false
		}
		n, _ := t.args[1].val.(json.Number)
		f, err := n.Float64()
		return err == nil && f == 0
	}},
	{"lists hold texts", "unknown", nil, isNumberList},
}

func isNull(t *term) bool { return t.op == "value" && t.val == nil }

func isList(t *term) bool { return t.kind() == "list" }

func isNumberList(t *term) bool {
	return t.op == "list" && slices.ContainsFunc(t.args, func(t *term) bool { return t.kind() != "text" && t.kind() != "null" })
}

func isOrder(op string) bool {
	return slices.Contains([]string{"lt", "le", "gt", "ge", "between", "interval"}, op)
}

func isComparison(op string) bool { return op == "eq" || op == "ne" || isOrder(op) }

// outcome runs a condition as a rule on an account: true, false, unknown, or
// the code of the error that it does not compile for.
func outcome(t *testing.T, fields, condition string, values map[string]any) (string, dsl.Code) {
	t.Helper()
	source := fields + condition + " → +1 else -1\n"
	rs, err := accountscore.Parse("suite.rules", []byte(source))
	var m *accountscore.Model
	if err == nil {
		m, err = accountscore.Compile(rs)
	}
	if err != nil {
		var e *dsl.Error
		require.True(t, errors.As(err, &e), "%v", err)
		return "error", e.Code
	}
	a := accountscore.Account{Fields: values}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	r := m.Score(a, at)
	answer := map[float64]string{1: "true", -1: "false", 0: "unknown"}[r.Score]
	require.NotEmpty(t, answer, source)
	require.Equal(t, answer == "unknown", r.Unknown == 1, source)
	// The canonical text says the same.
	again, err := accountscore.Parse("again.rules", rs.Format())
	require.NoError(t, err, source)
	require.Equal(t, r.Score, accountscore.MustCompile(again).Score(a, at).Score, source)
	return answer, ""
}

// The words of the tally for what is no difference.
const (
	agreed      = "agreed"           // the suite's answer
	agreedError = "agreed: an error" // the suite demands an error, and the text does not compile
	open        = "the source leaves it open"
)

// judge runs a case and tells how it ended: agreed, or the difference that it
// is left out for; and what is wrong if it is neither.
func judge(t *testing.T, c suiteCase) (verdict string, err error) {
	if c.want == "open" {
		return open, nil
	}
	w := &written{literals: c.literals}
	condition := w.text(c.t, "bool")
	got, code := outcome(t, w.fields.String(), condition, w.values)
	switch {
	case got == c.want && got == "error":
		return agreedError, nil
	case got == c.want:
		return agreed, nil
	}
	for _, d := range differences {
		if got == d.answer && (got != "error" || slices.Contains(d.codes, code)) && c.t.any(d.about) {
			return d.name, nil
		}
	}
	return "", fmt.Errorf("%s: %s: %s%s with %v is %s %s, want %s", c.suite, c.name, w.fields.String(), condition, w.values, got, code, c.want)
}

// suiteTallies is how the cases of each suite end.
var suiteTallies = map[string]map[string]int{
	"cel.json": {
		agreed: 103, agreedError: 18,
		"a blank text is missing":                  1,
		"a division by zero is unknown":            8,
		"a test of null is unknown":                4,
		"a whole number beyond 2^53 is invalid":    22,
		"indexing and slices are left out":         10,
		"lists are not compared or joined":         16,
		"lists hold texts":                         1,
		"maps and members are left out":            12,
		"only conditions are true or false":        4,
		"texts have no order":                      15,
		"times of day and durations are no values": 1,
		"true and false have no order":             7,
		"values of two types are not compared":     1,
	},
	"jsonlogic.json": {
		agreed: 67, agreedError: 41,
		"a blank text is missing":              2,
		"a test of null is unknown":            23,
		"maps and members are left out":        2,
		"only conditions are true or false":    31,
		"texts have no order":                  21,
		"too few operands are an error":        3,
		"true and false have no order":         16,
		"values of two types are not compared": 55,
	},
	"dmn_tck.json": {
		agreed:                39,
		"texts have no order": 5,
		"times of day and durations are no values": 15,
	},
	"zen_unary.csv": {
		agreed:                               64,
		"a text in backticks is no template": 3,
		"functions over texts, types and chance are left out": 16,
		"indexing and slices are left out":                    4,
		"lists hold texts":                                    1,
		"powers are left out":                                 1,
	},
	"neutral_predicates.json": {
		agreed: 122, agreedError: 24,
		"a blank text is missing":               1,
		"a test of null is unknown":             25,
		"a whole number beyond 2^53 is invalid": 10,
		"lists are not compared or joined":      9,
		"only conditions are true or false":     17,
		"texts have no order":                   40,
		"true and false have no order":          21,
		"values of two types are not compared":  51,
	},
	"three_valued_logic.json": {
		agreed: 31, open: 3,
		"a list in a condition holds no null":         3,
		"a test of null is unknown":                   12,
		"an interval that one end rules out is false": 1,
		"values of two types are not compared":        1,
	},
}

// expressions gives the folder of the suites.
func expressions(t *testing.T) string {
	t.Helper()
	root := os.Getenv("ACCOUNTSCORE_DATA")
	if root == "" {
		t.Skip("ACCOUNTSCORE_DATA is not set: it names the folder that holds expressions")
	}
	return filepath.Join(root, "expressions")
}

// readSuite decodes a file with its numbers as they are written.
func readSuite(t *testing.T, dir, name string, into any) {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	d := json.NewDecoder(bytes.NewReader(src))
	d.UseNumber()
	require.NoError(t, d.Decode(into))
}

// TestSuites runs the public suites of other expression languages. Each case
// has the suite's answer, or is left out for a difference that is meant; the
// counts are held, so that no case changes sides unnoticed.
func TestSuites(t *testing.T) {
	dir := expressions(t)
	for _, suite := range []struct {
		file  string
		cases func(t *testing.T, dir string) []suiteCase
	}{
		{"cel.json", celCases},
		{"jsonlogic.json", jsonLogicCases},
		{"dmn_tck.json", feelCases},
		{"zen_unary.csv", zenCases},
		{"neutral_predicates.json", neutralCases},
		{"three_valued_logic.json", threeValuedCases},
	} {
		t.Run(suite.file, func(t *testing.T) {
			tally := map[string]int{}
			for _, c := range suite.cases(t, dir) {
				verdict, err := judge(t, c)
				if err != nil {
					t.Error(err)
					continue
				}
				tally[verdict]++
			}
			if diff := cmp.Diff(suiteTallies[suite.file], tally); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestSuitesDocumented holds the reference to every difference.
func TestSuitesDocumented(t *testing.T) {
	doc, err := os.ReadFile(filepath.FromSlash("docs/language.md"))
	require.NoError(t, err)
	for _, d := range differences {
		require.Contains(t, string(doc), "| "+d.name+" |", "the table of differences")
	}
	met := map[string]bool{agreed: true, agreedError: true, open: true}
	for _, d := range differences {
		met[d.name] = false
	}
	for file, tally := range suiteTallies {
		for verdict := range tally {
			require.Contains(t, met, verdict, file)
			met[verdict] = true
		}
	}
	for name, ok := range met {
		require.True(t, ok, "no suite meets: %s", name)
	}
}

// want names an expected value: true, false, or unknown for null.
func want(v any) string {
	switch v {
	case true:
		return "true"
	case false:
		return "false"
	case nil:
		return "unknown"
	}
	return ""
}

// celCases are the cases of CEL's own conformance tests.
func celCases(t *testing.T, dir string) []suiteCase {
	var file struct {
		Cases []struct {
			File, Section, Name, Expr string
			Bindings                  map[string]any
			Expect                    any
			ExpectError               bool `json:"expect_error"`
		}
	}
	readSuite(t, dir, "cel.json", &file)
	var cases []suiteCase
	for _, c := range file.Cases {
		read, err := readTerm(c.Expr, c.Bindings, false)
		require.NoError(t, err)
		one := suiteCase{suite: "cel/" + c.Section, name: c.Name, t: read, want: "error"}
		if !c.ExpectError {
			one.t, one.want = expecting(read, c.Expect)
		} else if k := read.kind(); k == "text" || k == "number" {
			// What fails is a value; a condition has to be made of it.
			one.t = apply("eq", read, sample(k))
		}
		cases = append(cases, one)
	}
	return cases
}

func sample(kind string) *term {
	if kind == "number" {
		return value(json.Number("1"))
	}
	return value("x")
}

// expecting makes a condition of a term and the value that it should have.
func expecting(t *term, v any) (*term, string) {
	if b, ok := v.(bool); ok {
		return t, want(b)
	}
	return apply("eq", t, value(v)), "true"
}

// jsonLogicCases are JsonLogic's. What the suite throws is a value that there
// is none of, as a missing field is.
func jsonLogicCases(t *testing.T, dir string) []suiteCase {
	var file struct {
		Cases []struct {
			Suite, Name string
			Rule        any
			Data        any
			Expect      any
			ExpectError any `json:"expect_error"`
		}
	}
	readSuite(t, dir, "jsonlogic.json", &file)
	var cases []suiteCase
	for _, c := range file.Cases {
		read := jsonLogicTerm(c.Rule, c.Data)
		one := suiteCase{suite: c.Suite, name: c.Name, t: read, want: "error"}
		if c.ExpectError == nil {
			one.t, one.want = expecting(read, c.Expect)
		}
		cases = append(cases, one)
	}
	return cases
}

var jsonLogicOps = map[string]string{
	"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "===": "eq", "!=": "ne", "!==": "ne", "and": "and", "or": "or", "!": "not",
}

func jsonLogicTerm(rule, data any) *term {
	m, ok := rule.(map[string]any)
	if !ok || len(m) != 1 {
		return value(rule)
	}
	for op, operand := range m {
		switch op {
		case "throw":
			return value(nil)
		case "var":
			fields, _ := data.(map[string]any)
			return value(fields[operand.(string)])
		}
		operands, inArray := operand.([]any)
		if !inArray {
			operands = []any{operand}
		}
		t := apply(jsonLogicOps[op])
		t.broken = !inArray && op != "!"
		for _, o := range operands {
			t.args = append(t.args, jsonLogicTerm(o, data))
		}
		return t
	}
	return nil
}

// feelCases are the expressions of the DMN kit; its tables are in
// [TestSuiteTables].
func feelCases(t *testing.T, dir string) []suiteCase {
	var file dmnFile
	readSuite(t, dir, "dmn_tck.json", &file)
	var cases []suiteCase
	for _, c := range file.Cases {
		if c.Feel == "" {
			continue
		}
		read, err := readTerm(strings.ReplaceAll(c.Feel, "date and time(", "datetime("), c.Inputs, false)
		require.NoError(t, err)
		cases = append(cases, suiteCase{suite: c.Suite, name: c.Case + c.Decision, t: read, want: want(c.Expect)})
	}
	return cases
}

// neutralCases are single predicates, by the semantics that each is from.
func neutralCases(t *testing.T, dir string) []suiteCase {
	var file struct {
		Cases []struct {
			Op      string
			Args    []any
			Expect  any
			By, Src string
		}
	}
	readSuite(t, dir, "neutral_predicates.json", &file)
	var cases []suiteCase
	for _, c := range file.Cases {
		one := suiteCase{suite: c.By, name: c.Src, want: want(c.Expect)}
		if c.Expect == "error" {
			one.want = "error"
		}
		op, ends, _ := strings.Cut(c.Op, ":")
		one.t = apply(op)
		for _, arg := range c.Args {
			one.t.args = append(one.t.args, value(arg))
		}
		switch op {
		case "between_exclusive":
			one.t.op, one.t.name = "interval", "()"
		case "in_range":
			one.t.op, one.t.name = "interval", map[string]string{"closed": "[", "open": "("}[strings.Split(ends, ",")[0]]+
				map[string]string{"closed": "]", "open": ")"}[strings.Split(ends, ",")[1]]
		}
		cases = append(cases, one)
	}
	return cases
}

// threeValuedCases are the truth tables, and what each standard makes of a
// comparison with null.
func threeValuedCases(t *testing.T, dir string) []suiteCase {
	var file struct {
		And  map[string]string   `json:"kleene_and"`
		Or   map[string]string   `json:"kleene_or"`
		Not  map[string]string   `json:"kleene_not"`
		Null []map[string]string `json:"comparison_with_missing"`
	}
	readSuite(t, dir, "three_valued_logic.json", &file)
	letters := map[string]any{"T": true, "F": false, "u": nil}
	answers := map[string]string{"T": "true", "F": "false", "u": "unknown"}
	var cases []suiteCase
	for op, table := range map[string]map[string]string{"and": file.And, "or": file.Or, "not": file.Not} {
		for key, answer := range table {
			one := suiteCase{suite: "kleene " + op, name: key, t: apply(op), want: answers[answer]}
			for letter := range strings.SplitSeq(key, ",") {
				one.t.args = append(one.t.args, value(letters[letter]))
			}
			cases = append(cases, one)
		}
	}
	for _, c := range file.Null {
		read, err := readTerm(c["case"], nil, false)
		require.NoError(t, err)
		for _, by := range []string{"sql", "feel", "cel", "jsonlogic", "pmml"} {
			says, ok := c[by]
			if !ok {
				continue
			}
			one := suiteCase{suite: by, name: c["case"], t: read}
			switch word, rest, _ := strings.Cut(says, " "); {
			case strings.Contains(rest, "else") || strings.Contains(rest, ","):
				one.want = "open"
			case word == "error":
				one.want = "error"
			case answers[word] != "":
				one.want = answers[word]
			default:
				one.want = "open"
			}
			cases = append(cases, one)
		}
	}
	return cases
}
