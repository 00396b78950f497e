package dsl

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/cond"
)

// declared is a ruleset that declares one of everything, for conditions to be
// tried in.
const declared = `
param target  = Healthcare
param regions = [US, UK]
param floor   = 100
param launch  = 2026-03-01
param on      = true

field employees number
field revenue   number
field industry  text
field country   text ignoring case
field stage     text one of [none, proposal, negotiation]
field sizes     number one of [1, 2, 3]
field tech      list
field tags      list ignoring case
field colours   list one of [red, green]
field last      time
field next      time
field customer  bool

activity visit (page text, depth number), webinar

let head = revenue / employees
`

// tree shows a tree as an expression of its operations.
func tree(n *cond.Node) string {
	if n == nil {
		return "nil"
	}
	name := [...]string{
		cond.Const: "const", cond.Field: "field", cond.Metric: "metric", cond.Grade: "grade", cond.Value: "value",
		cond.And: "and", cond.Or: "or", cond.Not: "not", cond.If: "if", cond.Else: "else", cond.Missing: "missing", cond.Empty: "empty",
		cond.Eq: "=", cond.Ne: "!=", cond.Lt: "<", cond.Le: "<=", cond.Gt: ">", cond.Ge: ">=", cond.Between: "between", cond.OneOf: "oneof",
		cond.Contains: "contains", cond.Starts: "starts", cond.Ends: "ends", cond.Matches: "matches", cond.HasWord: "hasword",
		cond.HasItem: "hasitem", cond.HasAny: "hasany", cond.HasAll: "hasall", cond.Within: "within", cond.Neg: "neg",
		cond.Add: "+", cond.Sub: "-", cond.Mul: "*", cond.Div: "/", cond.Mod: "%", cond.Min: "min", cond.Max: "max", cond.Abs: "abs",
		cond.Round: "round", cond.Floor: "floor", cond.Ceil: "ceil", cond.Len: "len", cond.Days: "days", cond.Count: "count",
		cond.Any: "any", cond.Sum: "sum", cond.Since: "since", cond.Call: "call", cond.VM: "vm",
	}[n.Op]
	day := func(us int64) string {
		at := time.UnixMicro(us).UTC()
		if at.Equal(at.Truncate(24 * time.Hour)) {
			return at.Format("2006-01-02")
		}
		return at.Format(time.RFC3339)
	}
	parts := []string{name}
	switch n.Op {
	case cond.Const:
		switch n.Type {
		case cond.Bool:
			return fmt.Sprint(n.Flag)
		case cond.Number:
			return fmt.Sprint(n.Num)
		case cond.Text:
			return fmt.Sprintf("%q", n.Text)
		case cond.Time:
			return day(n.Time)
		}
		return fmt.Sprintf("%q", n.List)
	case cond.Field:
		return n.Src
	case cond.Metric, cond.Grade:
		return fmt.Sprintf("%s:%d", name, n.Slot)
	case cond.Value:
		return name
	}
	if n.Fold {
		parts[0] += "~"
	}
	for _, arg := range n.Args {
		parts = append(parts, tree(arg))
	}
	if n.Set != nil {
		if len(n.Set.Nums) > 0 {
			parts = append(parts, fmt.Sprint(n.Set.Nums))
		} else {
			parts = append(parts, fmt.Sprintf("%q", n.Set.Texts))
		}
	}
	if n.Op == cond.Between {
		end := func(b cond.Bound, open, closed string) string {
			v := fmt.Sprint(b.Num)
			if n.Args[0].Type == cond.Time {
				v = day(b.Time)
			}
			if b.Open {
				return open + v
			}
			return closed + v
		}
		parts = append(parts, end(n.Lo, "above ", "from "), end(n.Hi, "below ", "to "))
	}
	if n.Op == cond.Within {
		parts = append(parts, fmt.Sprintf("%dd", n.Window/cond.Day))
	}
	if n.Re != nil {
		parts = append(parts, n.Re.String())
	}
	if n.Log != nil {
		parts = append(parts, fmt.Sprintf("activity:%d", n.Log.Type))
		if n.Log.ByAccount {
			parts = append(parts, "own")
		}
		if n.Log.Window >= 0 {
			parts = append(parts, fmt.Sprintf("%dd", n.Log.Window/cond.Day))
		}
		if n.Log.Where != nil {
			parts = append(parts, tree(n.Log.Where))
		}
	}
	return "(" + strings.Join(parts, " ") + ")"
}

// check parses and checks a text.
func check(t *testing.T, src string, b Bindings) (*Ruleset, *Checked, ErrorList) {
	t.Helper()
	rs, errs := Parse("test.rules", []byte(src))
	require.Empty(t, errs, "the text must parse")
	c, errs := Check(rs, b)
	errs.Sort()
	return rs, c, errs
}

func TestConditions(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		// Comparison: the constant goes to the right.
		{"employees >= 100", "(>= employees 100)"},
		{"employees gte 1k", "(>= employees 1000)"},
		{"100 < employees", "(> employees 100)"},
		{"employees > floor", "(> employees 100)"},
		{"employees != revenue", "(!= employees revenue)"},
		{"employees > 2 * 500 + 1", "(> employees 1001)"},
		{"employees > -5", "(> employees -5)"},
		{"customer = true", "(= customer true)"},
		{"customer = on", "(= customer true)"},
		{"customer", "customer"},
		{"not customer", "(not customer)"},
		{"customer and employees > 1 and country = US", `(and customer (> employees 1) (=~ country "US"))`},
		{"customer or not (customer and customer)", "(or customer (not (and customer customer)))"},

		// Barewords.
		{"industry = target", `(= industry "Healthcare")`},
		{"industry = Gambling", `(= industry "Gambling")`},
		{"stage = proposal", `(= stage "proposal")`},
		{"stage = none", `(= stage "none")`},
		{"stage ?? none = proposal", ""},
		{`stage ?? "none" = proposal`, `(= (else stage "none") "proposal")`},
		{`"US" = country`, `(=~ country "US")`},
		{"industry contains Health", `(contains industry "Health")`},
		{"industry = country", "(=~ industry country)"},

		// Membership and lists: items are text as they stand.
		{"country in [US, OR, IN, AT&T, Financial Services, gmail.com]", `(oneof~ country ["US" "OR" "IN" "AT&T" "Financial Services" "gmail.com"])`},
		{"industry in [94105, C-level]", `(oneof industry ["94105" "C-level"])`},
		{"industry not in [Gambling]", `(not (oneof industry ["Gambling"]))`},
		{"industry in []", `(oneof industry [])`},
		{"employees in [1, 5k, -3]", "(oneof employees [-3 1 5000])"},
		{"country in regions", `(oneof~ country ["US" "UK"])`},
		{`"EHR" in tech`, `(hasitem tech "EHR")`},
		{"industry in tech", "(hasitem tech industry)"},
		{`industry in [country, "x"]`, ""},
		{"customer in [true]", "(or (= customer true))"},
		{"last in [2026-01-01, 2026-02-01]", "(or (between last from 2026-01-01 below 2026-01-02) (between last from 2026-02-01 below 2026-02-02))"},
		{"employees in [revenue + 1, 5]", "(or (= employees (+ revenue 1)) (= employees 5))"},
		{"tech contains EHR", `(hasitem tech "EHR")`},
		{"tags contains ehr", ""},
		{`tags contains "ehr"`, `(hasitem~ tags "ehr")`},
		{"tech has any [EHR, CRM]", `(hasany tech ["EHR" "CRM"])`},
		{"tags has all [EHR, CRM]", `(hasall~ tags ["EHR" "CRM"])`},
		{"tech has none [EHR]", `(not (hasany tech ["EHR"]))`},
		{"tech has any regions", `(hasany tech ["US" "UK"])`},
		{"tech has all tags", "(hasall~ tech tags)"},

		// Texts.
		{`industry contains "care"`, `(contains industry "care")`},
		{`industry does not contain "care"`, `(not (contains industry "care"))`},
		{`country starts with "U"`, `(starts~ country "U")`},
		{`industry ends with "e"`, `(ends industry "e")`},
		{`industry has word "VP"`, `(hasword industry "VP")`},
		{`tags has word "VP"`, `(hasword~ tags "VP")`},
		{`industry matches "^a+$"`, `(matches industry ^a+$)`},
		{`country matches "^a+$"`, `(matches~ country (?i)^a+$)`},

		// Intervals, of numbers and of whole days.
		{"employees in 100-1000", "(between employees from 100 to 1000)"},
		{"employees not in 100..1000", "(not (between employees from 100 to 1000))"},
		{"revenue between 10M and 50M", "(between revenue from 1e+07 to 5e+07)"},
		{"100 <= employees < 1000", "(between employees from 100 below 1000)"},
		{"1000 > employees > 100", "(between employees above 100 below 1000)"},
		{"1 < employees < revenue", "(and (> employees 1) (< employees revenue))"},
		{"employees between floor and 200", "(between employees from 100 to 200)"},
		{"last between 2026-01-01 and 2026-01-31", "(between last from 2026-01-01 below 2026-02-01)"},
		{"last between 2026-01-01T12:00:00Z and 2026-01-31", "(between last from 2026-01-01T12:00:00Z below 2026-02-01)"},
		{"2026-01-01 <= last <= 2026-01-31", "(between last from 2026-01-01 below 2026-02-01)"},
		{"last > 2026-01-31", "(>= last 2026-02-01)"},
		{"last >= 2026-01-31", "(>= last 2026-01-31)"},
		{"last < 2026-01-31", "(< last 2026-01-31)"},
		{"last <= 2026-01-31", "(< last 2026-02-01)"},
		{"2026-01-31 < last", "(>= last 2026-02-01)"},
		{"last = 2026-01-31", "(between last from 2026-01-31 below 2026-02-01)"},
		{"last != 2026-01-31", "(not (between last from 2026-01-31 below 2026-02-01))"},
		{"last = launch", "(between last from 2026-03-01 below 2026-03-02)"},
		{"last > 2026-01-31T12:00:00Z", "(> last 2026-01-31T12:00:00Z)"},
		{"last = next", "(= last next)"},
		{"last within 30d", "(within last 30d)"},
		{"last not within 30d", "(not (within last 30d))"},

		// Missing data.
		{"industry is known", "(not (missing industry))"},
		{"industry is not known", "(missing industry)"},
		{"industry is missing", "(missing industry)"},
		{"tech is empty", "(empty tech)"},
		{"tech is not empty", "(not (empty tech))"},
		{"employees ?? 0 > 5", "(> (else employees 0) 5)"},
		{"(customer ? employees : revenue) > 5", "(> (if customer employees revenue) 5)"},

		// Arithmetic.
		{"head > 5", "(> head 5)"},
		{"employees % 2 = 0", "(= (% employees 2) 0)"},
		{"round(revenue / 3) > 1", "(> (round (/ revenue 3)) 1)"},
		{"min(employees, revenue, 3) > 1", "(> (min employees revenue 3) 1)"},
		{"max([employees, 3]) > 1", "(> (max employees 3) 1)"},
		{"len(tech) > 2", "(> (len tech) 2)"},
		{"len(industry) > 2", "(> (len industry) 2)"},
		{`industry + "x" = "ax"`, `(= (vm industry "x") "ax")`},
		{`"a" + "x" = industry`, `(= industry "ax")`},
		{"1 / 0 > 2", "(> (/ 1 0) 2)"},

		// Activities.
		{"count(visit, 60d) > 5", "(> (count activity:0 60d) 5)"},
		{"any(webinar)", "(any activity:1)"},
		{"count(webinar by account, 60d) > 1", "(> (count activity:1 own 60d) 1)"},
		{`any(visit where page contains "pricing" and depth > 2, 9d)`, `(any activity:0 9d (and (contains page "pricing") (> depth 2)))`},
		{"sum(visit where value > 3) > 10", "(> (sum activity:0 (> value 3)) 10)"},
		{"days_since(webinar) > 30", "(> (since activity:1) 30)"},
		{"days_since(last) > 30", "(> (days last) 30)"},

		// List functions, their parts without # lowered by themselves.
		{`any(tech, # == "EHR")`, `(vm tech "EHR")`},
		{`count(tech, len(#) > employees + 1) > 2`, `(> (vm tech (+ employees 1)) 2)`},
		{`len(filter(tech, # starts with "E")) = 2`, `(= (vm tech "E") 2)`},
		{`filter(tech, # starts with "E") contains "EHR"`, `(hasitem (vm tech "E") "EHR")`},
		{`sum(map(tech, len(#))) > 3`, `(> (vm tech) 3)`},
		{`max(map(tech, len(#) / 2)) > 3`, `(> (vm tech) 3)`},
	} {
		t.Run(tt.src, func(t *testing.T) {
			rs, c, errs := check(t, declared+tt.src+" → +1", Bindings{})
			if tt.want == "" {
				require.NotEmpty(t, append(errs, unbound(c, rs)...))
				return
			}
			require.Empty(t, errs)
			n := c.Node(&rs.Dimensions[0].Items[0].Rule.When)
			require.NotNil(t, n)
			assert.Equal(t, cond.Bool, n.Type)
			assert.Equal(t, tt.want, tree(n))
		})
	}
}

// unbound checks a ruleset as if nothing more would be bound.
func unbound(_ *Checked, rs *Ruleset) ErrorList {
	_, errs := Check(rs, Bindings{Final: true})
	errs.Sort()
	return errs
}

// TestListFunctions runs list functions on the virtual machine.
func TestListFunctions(t *testing.T) {
	for _, tt := range []struct {
		src  string
		want cond.Tri
	}{
		{`any(tech, # == "EHR")`, cond.True},
		{`any(tech, # == EHR)`, cond.True},
		{`any(tech, # = target)`, cond.False},
		{`all(tech, # in [EHR, CRM, "a b"])`, cond.True},
		{`none(tech, # contains "x")`, cond.True},
		{`one(tech, # starts with "C")`, cond.True},
		{`count(tech, # ends with "R") = 1`, cond.True},
		{`any(tech, # matches "^a .$")`, cond.True},
		{`any(tech, # has word "b")`, cond.True},
		{`any(tech, # has word "EH")`, cond.False},
		{`any(tech, not (# = EHR) and len(#) > 2)`, cond.True},
		{`any(tags, # == "vp")`, cond.True},
		{`any(tags, # != "vp")`, cond.False},
		{`any(tags, # in [vp, ceo])`, cond.True},
		{`any(tags, # contains "v")`, cond.True},
		{`sum(map(tech, len(#))) = 9`, cond.True},
		{`sum(tech, len(#)) = 9`, cond.True},
		{`min(map(tech, len(#))) = 3`, cond.True},
		{`max([len(tech), 7]) = 7`, cond.True},
		{`count([1, 2, 3], # > employees) = 2`, cond.True},
		{`count([1, 2, 3], 1 < # <= 3) = 2`, cond.True},
		{`any([1, 2], # / 0 > 1)`, cond.Unknown},
		{`count([1, 2, 3, 4], # % 2 = 0) = 2`, cond.True},
		{`any([1.5, 2.5], # in 2-3)`, cond.True},
		{`count(filter(tech, # != EHR), len(#) = 3) = 2`, cond.True},
		{`all(tech, any(tags, # == "vp"))`, cond.True},
		{`any(map(tech, # + "!"), # = "EHR!")`, cond.True},
		{`any(tech, len(#) > revenue)`, cond.Unknown},
		{`len(filter(tech, len(#) > 99)) = 0`, cond.True},
		{`sum(filter(map(tech, len(#)), # > 9)) = 0`, cond.True},
		{`any(tech, (customer ? # : "x") = EHR)`, cond.True},
		{`any(tech, abs(len(#) - 4) = 1)`, cond.True},
	} {
		t.Run(tt.src, func(t *testing.T) {
			rs, c, errs := check(t, declared+tt.src+" → +1", Bindings{Final: true})
			require.Empty(t, errs)
			known := func(s cond.Slot) cond.Slot { s.State = cond.Known; return s }
			env := &cond.Env{Accounts: make(cond.Record, len(c.Fields)), Lets: make(cond.Record, len(c.Lets))}
			env.Accounts[0] = known(cond.Slot{Num: 1})
			env.Accounts[6] = known(cond.Slot{List: []string{"EHR", "CRM", "a b"}})
			env.Accounts[7] = known(cond.Slot{List: []string{"VP"}})
			env.Accounts[11] = known(cond.Slot{Flag: true})
			assert.Equal(t, tt.want, c.Node(&rs.Dimensions[0].Items[0].Rule.When).Truth(env))
		})
	}
}
