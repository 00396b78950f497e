package accountscore

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// randomRules writes random rulesets and random accounts for them: the
// property tests and the fuzz targets share it.
type randomRules struct {
	*rand.Rand
	wild bool // forms and values too that rulesets seldom hold
}

func newRandom(seed uint64) randomRules { return randomRules{rand.New(rand.NewPCG(seed, 99)), false} }

func newWild(seed uint64) randomRules { return randomRules{rand.New(rand.NewPCG(seed, 98)), true} }

const randomDeclarations = `
field employees number stale after 30d missing after 90d
field revenue   number
field founded   number default 1990
field seats     number one of [5, 10, 25]
field industry  text
field country   text ignoring case
field plan      text one of [Free, Pro, Business]
field customer  bool
field trial     bool
field stack     list
field funded    time
field region    text ignoring case one of [North, Süd, STRASSE, Kiel]
field tags      list ignoring case
field signed    time missing after 60d
field active    bool default true
param regions = [US, UK, DE]
activity visit (page text, depth number), webinar
let per_head = revenue / employees
let big = employees > 500
`

// of picks one of the choices.
func (r randomRules) of(choices ...string) string { return choices[r.IntN(len(choices))] }

func (r randomRules) scale(choices ...float64) float64 { return choices[r.IntN(len(choices))] }

func (r randomRules) points() string {
	return fmt.Sprintf("%+d", r.IntN(41)-12) + r.of("", "", "", ".5", ".25")
}

func (r randomRules) number() string {
	return r.of("1", "10", "100", "250", "500", "1000", "5k", "50", "20", "2.5")
}

// extreme writes a number at which floats are odd.
func (r randomRules) extreme() string {
	return r.of("0", "-0", "-1", "0.000001", "9007199254740992", "-9007199254740992", "9007199254740991.5", "1e300", "-1e300", "4.9e-324")
}

// rare writes a test of one field that rulesets seldom hold.
func (r randomRules) rare() string {
	n := r.of("employees", "revenue", "founded")
	switch r.IntN(16) {
	case 0:
		return n + " " + r.of(">=", ">", "<", "<=", "=", "!=") + " " + r.extreme()
	case 1:
		return r.extreme() + " " + r.of("<", "<=") + " " + n + " " + r.of("<", "<=") + " " + r.number()
	case 2:
		if r.IntN(2) == 0 {
			return "region " + r.of("=", "!=") + " " + r.of(`"süd"`, `"ſtraſſe"`, "\"\u212Aiel\"", `"north"`)
		}
		return "region " + r.of("contains", "starts with", "ends with") + " " + r.of(`"ü"`, `"ſ"`, `"ß"`, "\"\u212A\"", `"S"`)
	case 3:
		return "region " + r.of("in", "not in") + " " + r.of("[NORTH, SÜD]", "[kiel]")
	case 4:
		return "tags " + r.of("has any", "has all", "has none") + " " + r.of("[KÖLN, crm]", "[ſ, İ, ß]", "regions")
	case 5:
		return "tags " + r.of(`contains "köln"`, `contains "S"`, `has word "crm"`, "is missing", "is empty", "is known")
	case 6:
		return "days_since(" + r.of("signed", "funded") + ") " + r.of("<", "<=", ">", ">=", "=", "!=") + " " + r.of("0", "-1", "30.5", "-0.5", "30", "1e9", "180")
	case 7:
		return r.of("signed", "funded") + " " + r.of("within 0d", "within 12h", "within 30d", "= 2026-10-01", "!= 2026-10-01", "<= 2026-10-01", "between 2026-09-01 and 2026-10-15", "is known")
	case 8:
		return "(" + r.of("signed within 90d or signed is missing", "signed > 2026-10-01 and days_since(signed) < 20", "days_since(funded) > 10 and funded within 200d", "not (days_since(signed) between 3 and 40)") + ")"
	case 9:
		return "(industry contains \"a\" " + r.of("and", "or") + " industry " + r.of(`starts with "R"`, `!= Retail`, `matches "^[RH]"`, "is known") + ")"
	case 10:
		return "(" + r.of("customer", "trial", "active") + r.of(" = ", " != ") + "(" + r.test() + "))"
	case 11:
		return r.of("active ?? customer", "customer ?? false", "trial ?? active", "active is known", "not active", "active = trial")
	case 12:
		return r.of("employees ?? revenue", "revenue ?? founded", "employees ?? seats ?? 3") + " " + r.of(">", "<=", "=") + " " + r.number()
	case 13:
		return r.of("industry ?? country", `country ?? "us"`, `industry ?? "pro"`) + " " + r.of("=", "!=") + " " + r.of("Pro", `"US"`)
	case 14:
		return n + " in [" + r.extreme() + ", " + r.number() + ", " + r.number() + "]"
	}
	return r.of("true", "false", "2 > 1", "1 < 2 and customer", "(trial ? true : employees > 50)")
}

// plain writes a condition of tests that tables can hold, of few fields.
func (r randomRules) plain(depth int) string {
	if depth > 0 && r.IntN(3) == 0 {
		switch r.IntN(3) {
		case 0:
			return "not (" + r.plain(depth-1) + ")"
		case 1:
			return "(" + r.plain(depth-1) + ") or (" + r.plain(depth-1) + ")"
		}
		return "(" + r.plain(depth-1) + ") and (" + r.plain(depth-1) + ")"
	}
	n := r.of("employees", "revenue", "founded")
	switch r.IntN(9) {
	case 0:
		return n + " " + r.of(">=", ">", "<", "<=", "=", "!=") + " " + r.of(r.number(), r.extreme())
	case 1:
		return "seats " + r.of("= 5", "!= 10", "in [5, 25]", "is missing")
	case 2:
		return "region " + r.of("= süd", "!= \"ſtraſſe\"", "in [NORTH, kiel]", `contains "S"`, "is known")
	case 3:
		return "industry " + r.of("= Retail", "in [Health, Pro]", `starts with "R"`, `matches "e"`)
	case 4:
		return "tags " + r.of("has any [KÖLN, crm]", `contains "köln"`, "is missing")
	case 5:
		return "signed " + r.of("within 30d", "within 0d", "> 2026-10-01", "is missing")
	case 6:
		return r.of("active", "customer", "customer = trial", "active != customer", "trial ?? false")
	case 7:
		return "days_since(funded) " + r.of("<", ">=", "=", "!=") + " " + r.of("0", "-1", "30.5", "180")
	}
	return n + " ?? " + r.number() + " > " + r.number()
}

// tree writes a rule that no table holds, over fields alone.
func (r randomRules) tree() string {
	n := r.of("employees", "revenue", "founded", "seats", "employees ?? 20")
	switch r.IntN(5) {
	case 0, 1:
		return fmt.Sprintf("%s → %d..%d over %s-%s", n, r.IntN(30)-10, r.IntN(30)-10, r.of("0", "10", "20"), r.of("50", "1000", "5k"))
	case 2:
		return r.per(r.plain, "days_since(funded)")
	}
	return r.unplain() + " → " + r.points()
}

// unplain writes a condition that no table holds, over fields alone.
func (r randomRules) unplain() string {
	return r.of("stack is empty", "employees * 2 > "+r.number(), "per_head < "+r.number(), "big ?? false", "revenue > employees + "+r.number(),
		"abs(employees - 100) < 20", `any(stack, # startsWith "C")`, "len(stack) > 1 and customer", "days_since(signed) * 2 > 30", "signed > 2026-10-01 and days_since(signed) < 20")
}

// plainRuleset writes a ruleset of fields alone, which has the short way; most
// have nothing but what tables hold.
func (r randomRules) plainRuleset() string {
	var b strings.Builder
	b.WriteString(randomDeclarations + r.of("", "score min 0 max 100\n", "score round 0\n", "score min -20 round 3\n"))
	weighted, trees := r.IntN(2) == 0, r.IntN(4) == 0
	dimensions := 1 + r.IntN(3)
	for i := range dimensions {
		fmt.Fprintf(&b, "dimension d%d%s", i, r.of("", " max 60", " min 0", " out of 50", " out of 7"))
		if weighted {
			fmt.Fprintf(&b, " weight %d%%", r.IntN(60))
		} else {
			b.WriteString(r.of("", "", "", " unscored"))
		}
		b.WriteString(" {\n")
		for range 1 + r.IntN(9) {
			kind := r.of("", "", "", "", "best of", "first of", "sum of", "sum of max 20", "sum of max 15 min -5")
			rules := 1
			if kind != "" {
				rules = 1 + r.IntN(4)
				b.WriteString(kind + " {\n")
			}
			for range rules {
				if trees && kind == "" && r.IntN(6) == 0 {
					b.WriteString(r.tree() + "\n")
					continue
				}
				if r.IntN(6) == 0 {
					b.WriteString(r.of("employees", "revenue ?? 20") + " → { 1-49: 3, 50-499: +7, 500+: +20" + r.of("", ", missing: +2", ", else: -1") + " }\n")
					continue
				}
				b.WriteString(r.plain(2) + " → " + r.points())
				if kind == "" || strings.HasPrefix(kind, "sum") {
					b.WriteString(r.of("", "", " else "+r.points()))
				}
				b.WriteString("\n")
			}
			if kind != "" {
				b.WriteString("}\n")
			}
		}
		for range max(0, r.IntN(6)-3) {
			fmt.Fprintf(&b, "scale %s when %s\n", r.of("50%", "120%", "0%", "150%"), r.plain(1))
		}
		b.WriteString("}\n")
	}
	b.WriteString(r.decisions(dimensions, trees))
	return b.String()
}

// decisions writes what plain rulesets decide of their scores.
func (r randomRules) decisions(dimensions int, trees bool) string {
	var b strings.Builder
	if trees && r.IntN(2) == 0 {
		b.WriteString("disqualify when " + r.unplain() + "\n")
	}
	for range max(0, r.IntN(5)-2) {
		b.WriteString("disqualify when " + r.plain(2) + r.of("", ` "not for us"`) + "\n")
	}
	var letters []string
	if r.IntN(2) == 0 {
		letters = []string{"A", "B", "C"}
		b.WriteString("grades d0 " + r.of("{ 20+: A, 5+: B, else: C }\n", "{ 12.5-30: A, 7: B, -3-5: C }\n"))
	}
	joined := letters
	if letters != nil && dimensions > 1 && r.IntN(2) == 0 {
		joined = []string{"A1", "B2", "C1"}
		b.WriteString("grades d1 { 10+: 1, else: 2 }\n")
	}
	bound := func() string {
		return r.of("score", "d0") + " " + r.of(">", ">=", "<", "<=") + fmt.Sprint(" ", r.IntN(40)-10)
	}
	decision := func() string {
		switch r.IntN(9) {
		case 0:
			return "not (" + bound() + ") or " + bound()
		case 1:
			return r.of("score", "d0") + " " + r.of("between 3 and 20", "= 10", "!= 7", "in 10-30")
		case 2:
			return bound() + " and (" + r.plain(2) + ")"
		case 3:
			return bound() + " or (" + r.plain(1) + ") and " + bound()
		case 4:
			if trees {
				return r.unplain() + r.of("", " and "+bound(), " or "+bound())
			}
			return r.plain(2)
		case 5, 6:
			if letters != nil {
				of, one := "grade", joined
				if r.IntN(3) == 0 {
					of, one = "d0.grade", letters
				}
				return of + r.of(" = "+r.of(one...), " != "+r.of(one...), " in ["+one[0]+", "+one[2]+"]", " not in ["+one[1]+"]") + r.of("", " and "+bound(), " or "+bound())
			}
		}
		return bound()
	}
	fmt.Fprintf(&b, "tiers {\n  top when %s and d0 > 5%s\n  mid when %s\n%s}\n", decision(), r.of("", " hold 5"), decision(), r.of("", "  low otherwise\n"))
	if r.IntN(3) == 0 {
		fmt.Fprintf(&b, "tiers stage {\n  top when %s\n  early when score > 3 and (%s)\n}\n", decision(), decision())
	}
	return b.String()
}

// test writes a test of one field.
func (r randomRules) test() string {
	n := r.of("employees", "revenue", "founded")
	if r.wild && r.IntN(4) == 0 {
		return r.rare()
	}
	switch r.IntN(25) {
	case 24:
		return "seats " + r.of("= 5", "!= 10", "> 5", "in [5, 25]", "<= 10", "between 5 and 10")
	case 0, 1, 2, 3:
		return n + " " + r.of(">=", ">", "<", "<=", "=", "!=") + " " + r.number()
	case 4:
		return n + " between 10 and " + r.of("50", "500", "5k")
	case 5:
		return n + " in 100-" + r.of("250", "1000", "100")
	case 6:
		return n + " in [5, 10, 100]"
	case 7:
		return n + " is " + r.of("known", "missing", "not known")
	case 8:
		return n + " ?? " + r.number() + " > " + r.number()
	case 9:
		return r.of("industry", "country", `plan ?? "Pro"`) + " " + r.of("=", "!=") + " " + r.of("Pro", "Free", "Business")
	case 10:
		return "industry " + r.of("=", "!=") + " " + r.of("Retail", "Health", `"Food & Drink"`)
	case 11:
		return "country " + r.of("in", "not in") + " " + r.of("regions", "[us, FR]")
	case 12:
		return r.of("industry", "country") + " " + r.of("contains", "starts with", "ends with", "does not contain") + " " + r.of(`"e"`, `"US"`, `"Re"`)
	case 13:
		return r.of("customer", "trial", "customer = false", "customer = trial")
	case 14:
		return "stack " + r.of("has any", "has all", "has none") + " [CRM, EHR]"
	case 15:
		return "stack " + r.of("is empty", `contains "CRM"`, `has word "CRM"`)
	case 16:
		return "funded " + r.of("within 180d", "> 2026-01-01", "is missing", "= 2026-10-01")
	case 17:
		return r.of("count(visit, 60d)", "count(visit)", `count(visit where page contains "x")`, "sum(visit)", "days_since(webinar)", "days_since(funded)") + " > " + r.of("0", "2", "30")
	case 18:
		return "any(" + r.of("webinar", "webinar, 30d", "visit by account", "visit where depth > 2") + ")"
	case 19:
		return "per_head " + r.of("<", ">") + " " + r.number()
	case 20:
		return r.of("big", "big ?? false", "big is known")
	case 21:
		return "employees * 2 " + r.of("+", "-") + " revenue > " + r.number()
	case 22:
		return r.of("min(employees, 100) = 100", "abs(employees - 100) < 20", "employees % 2 = 0", "len(stack) > 1", `any(stack, # startsWith "C")`)
	}
	return "(" + n + " > " + r.number() + " ? customer : trial)"
}

// condition writes a boolean expression.
func (r randomRules) condition(depth int) string {
	if depth == 0 || r.IntN(3) > 0 {
		return r.test()
	}
	switch r.IntN(4) {
	case 0:
		return "not (" + r.condition(depth-1) + ")"
	case 1:
		return "(" + r.condition(depth-1) + ") or (" + r.condition(depth-1) + ")"
	}
	return "(" + r.condition(depth-1) + ") and (" + r.condition(depth-1) + ")"
}

// rule writes a rule; in a group that picks one there is no else.
func (r randomRules) rule(picks bool) string {
	n := r.of("employees", "revenue", "founded", "seats", "employees ?? 20")
	switch r.IntN(14) {
	case 0, 12, 13:
		return fmt.Sprintf("%s → %d..%d over %s-%s", n, r.IntN(30)-10, r.IntN(30)-10, r.of("0", "10", "20"), r.of("50", "1000", "5k"))
	case 1:
		return n + " → { 1-49: 3, 50-499: +7, 500+: +20" + r.of("", ", missing: +2", ", else: -1") + " }"
	case 2:
		return r.of("industry → { US: 4, ", "country → { us: 4, ", "plan → { Business: 4, ") + "Pro: 5, Free: -2" + r.of("", ", missing: 1", ", else: 3") + " }"
	case 3:
		return r.per(r.condition, "count(visit)")
	case 4:
		if !picks {
			return r.condition(1) + " → " + r.points() + " else " + r.points()
		}
	case 5:
		return r.of("each", "latest") + " visit" + r.of("", ` where page contains "x"`, " where depth > 2") + r.of("", " within 60d") +
			" → " + r.points() + r.of("", " per value") + r.of("", " half-life 30d", " linear 60d") + r.of("", " max 20") + r.of("", " daily max 10")
	}
	return r.condition(2) + " → " + r.points()
}

// per writes a rule with a "per", often of what its condition asks for too.
func (r randomRules) per(condition func(depth int) string, further string) string {
	when, of := condition(1), r.of("employees", "revenue", "len(stack)", "per_head", "min(employees, revenue)", "revenue / employees",
		"employees ?? revenue", "(employees > 20 ? employees : 5)", "seats * revenue", further)
	field := r.of("employees", "revenue", "per_head")
	switch r.IntN(6) {
	case 0:
		when = field + " > " + r.number()
	case 1:
		when = "not (" + field + " between 0 and " + r.number() + ") and " + field + " >= 0"
	case 2:
		when = "(" + field + " in [1, 10, 250] or " + when + ") and " + field + " < 5k"
	case 3:
		when = "employees > 0 and (revenue ?? 5) > 0"
	}
	return when + " → " + r.points() + " per " + of + r.of("", " max 30", " max 30 min 0")
}

func (r randomRules) group() string {
	kind := r.of("best of", "first of", "sum of", "sum of max 20", "sum of max 15 min -5")
	var b strings.Builder
	b.WriteString(kind + " {\n")
	for range 1 + r.IntN(4) {
		b.WriteString("    " + r.rule(!strings.HasPrefix(kind, "sum")) + "\n")
	}
	b.WriteString("  }")
	return b.String()
}

// ruleset writes a whole ruleset.
func (r randomRules) ruleset() string {
	if r.wild && r.IntN(4) == 0 {
		return r.plainRuleset()
	}
	var b strings.Builder
	b.WriteString(randomDeclarations)
	b.WriteString(r.of("", "score min 0 max 100\n", "score round 0\n", "score min -20 round 3\n"))
	weighted := r.IntN(2) == 0
	for i := range 1 + r.IntN(3) {
		fmt.Fprintf(&b, "dimension d%d%s", i, r.of("", " max 60", " min 0", " out of 50", " out of 40"))
		if weighted {
			fmt.Fprintf(&b, " weight %d%%", 10+r.IntN(50))
		} else {
			b.WriteString(r.of("", "", "", " unscored"))
		}
		b.WriteString(" {\n")
		for range 1 + r.IntN(7) {
			if r.IntN(5) == 0 {
				b.WriteString("  " + r.group() + "\n")
			} else {
				b.WriteString("  " + r.rule(false) + "\n")
			}
		}
		if r.IntN(4) == 0 {
			fmt.Fprintf(&b, "  scale %s when %s\n", r.of("50%", "120%", "0%"), r.condition(1))
		}
		b.WriteString("}\n")
	}
	if r.IntN(2) == 0 {
		b.WriteString(r.people(map[bool]string{true: " weight 20%"}[weighted]))
	}
	if r.IntN(3) == 0 {
		fmt.Fprintf(&b, "disqualify when %s\n", r.condition(1))
	}
	b.WriteString("grades d0 { 30+: A, 10+: B, else: C }\n")
	fmt.Fprintf(&b, "tiers {\n  top when score >= 30 and d0 > 5%s\n  mid when %s\n  low otherwise\n}\n",
		r.of("", " hold 5"), r.of("score >= 10", "grade in [A, B]", "d0 >= 10 or employees > 100"))
	return b.String()
}

// people writes a dimension from contacts.
func (r randomRules) people(weight string) string {
	combine, own, further := r.of("ranked 0.8", "sum", "top 2", "best 60%", "mean"), "", ""
	decay, weigh, bonus := "decay half-life 30d since last_active within 90d", "weight seniority { vp: 1.5, else: 0.5 }", "bonus multi-thread 50% falling 0.5"
	if r.wild {
		combine = r.of(combine, "ranked 0.5", "ranked 1", "max", "top 1", "top 3", "weighted mean", "best 0%")
		decay = r.of(decay, "", "decay linear 20d since last_active", "decay half-life 1d since last_active")
		weigh = r.of(weigh, "", "weight seniority { vp: 2, ic: 0, missing: 0.25, else: 1 }")
		bonus = r.of(bonus, "", "bonus { 2: +10, 3: +20 }")
		further = r.of("", "  engaged at least 5 distinct by department\n", "  engaged at least 0\n") +
			r.of("", "  committee by role { buyer: 2, user: 1 }\n", "  committee assigned by role { buyer: 1, user: 3 }\n")
		own = r.of("", "  any(webinar, 20d) → +4\n", "  count(visit) > 1 → -3\n", "  last_active within 10d → +2\n", "  days_since(last_active) > 30 → -2\n",
			"  latest webinar → +3 linear 20d\n", "  each visit where depth > 2 within 12h → +1 per value daily max 2\n")
	}
	return fmt.Sprintf(`dimension people%s from contacts {
  field seniority text
  field lead_score number
  field last_active time
  field department text
  field role text
  score lead_score
  seniority = "vp" → +3
  each visit → +2 half-life 30d max 10
%s  %s
  cap 100
  %s
  combine %s
  %s
%s}
`, weight, own, decay, weigh, combine, bonus, further)
}

// value gives a valid value for a field of randomDeclarations.
func (r randomRules) value(field string) any {
	switch field {
	case "employees", "revenue", "founded":
		if r.IntN(3) == 0 {
			return r.Float64() * r.scale(60, 600, 6000) // between the cuts
		}
		if r.wild && r.IntN(4) == 0 {
			return []any{math.Copysign(0, -1), int64(1 << 53), int64(-1 << 53), float64(1 << 53), int64(7), json.Number("2.5"), 5e-324}[r.IntN(7)]
		}
		return []any{0.0, 1, 10, 49, 49.5, 50, 100, 100.5, 250, 499, 500, 1000, 5000, 5000.5, 1e6, -3, 20, r.IntN(6000)}[r.IntN(18)]
	case "seats":
		return []any{5, 10, 25}[r.IntN(3)]
	case "industry":
		return r.of("Retail", "Health", "Food & Drink", "Pro", "US", "other")
	case "country":
		return r.of("US", "us", "DE", "fr", "Reunion", "Pro")
	case "plan":
		return r.of("Free", "Pro", "Business")
	case "region":
		return r.of("north", "SÜD", "süd", "ſtraſſe", "\u212AIEL", "Kiel")
	case "tags":
		return [][]string{{}, {"köln"}, {"KÖLN", "CRM x"}, {"S", "i̇", "ß"}, {"ſ", "us"}}[r.IntN(5)]
	case "signed":
		return []any{testMoment, testMoment.Add(time.Microsecond), testMoment.Add(-time.Microsecond), testMoment.AddDate(0, 0, -30), testMoment.AddDate(0, 0, 20-r.IntN(200)),
			testMoment.Add(-12 * time.Hour), "2026-10-01", time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC)}[r.IntN(9)]
	case "customer", "trial", "active":
		return r.IntN(2) == 0
	case "stack":
		return [][]string{{}, {"CRM"}, {"CRM", "EHR"}, {"ERP", "CRM x"}}[r.IntN(4)]
	}
	return testMoment.AddDate(0, 0, -r.IntN(400))
}

var randomFields = []string{"employees", "revenue", "founded", "seats", "industry", "country", "plan", "customer", "trial", "stack", "funded"}

// wildFields are those that only rare tests read.
var wildFields = []string{"region", "tags", "signed", "active"}

func (r randomRules) fields() []string {
	if r.wild {
		return slices.Concat(randomFields, wildFields)
	}
	return randomFields
}

// moment gives a moment to score at: mostly about the time of the data.
func (r randomRules) moment() time.Time {
	if r.wild && r.IntN(8) == 0 {
		return []time.Time{{}, time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC), time.Unix(0, 0),
			time.Date(300_000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-300_000, 1, 1, 0, 0, 0, 0, time.UTC), time.UnixMicro(math.MaxInt64), time.UnixMicro(math.MinInt64), time.Unix(1<<62, 0)}[r.IntN(9)]
	}
	return testMoment.Add(time.Duration(r.IntN(200)-100) * 12 * time.Hour)
}

// account makes an account with some fields missing and, if messy, some wrong.
func (r randomRules) account(messy bool) Account {
	a := Account{ID: "a", Fields: map[string]any{}, Refreshed: map[string]time.Time{}, PrevTier: r.of("", "top", "mid")}
	for _, f := range r.fields() {
		switch r.IntN(4) {
		case 0:
			if r.IntN(2) == 0 {
				a.Fields[f] = nil
			}
		default:
			a.Fields[f] = r.value(f)
			if messy && r.IntN(6) == 0 {
				a.Fields[f] = []any{"5", "", struct{}{}, -1, []any{1}, map[string]any{}}[r.IntN(6)]
				if r.wild {
					a.Fields[f] = []any{math.NaN(), math.Inf(1), int64(1<<53 + 1), []any{"us", nil}, []string(nil), " ", time.Time{}, testMoment.AddDate(9000, 0, 0), "\xff", true}[r.IntN(10)]
				}
			}
		}
	}
	if r.IntN(2) == 0 {
		a.Refreshed["employees"] = testMoment.AddDate(0, 0, -r.IntN(150))
		if r.wild {
			a.Refreshed["signed"] = testMoment.AddDate(0, 0, -r.IntN(150))
		}
	}
	a.Activities = r.log()
	for i := range r.IntN(5) {
		c := Contact{ID: fmt.Sprintf("c%d", i), Activities: r.log(), Fields: map[string]any{}}
		if r.IntN(4) > 0 {
			c.Fields["lead_score"] = float64(r.IntN(5000)) / 50
		}
		if r.IntN(4) > 0 {
			c.Fields["seniority"] = r.of("vp", "ic")
		}
		if r.IntN(4) > 0 {
			c.Fields["last_active"] = testMoment.AddDate(0, 0, 3-r.IntN(120))
		}
		if r.wild {
			c.Fields["department"] = []any{"a", "b", " ", nil, 5}[r.IntN(5)]
			c.Fields["role"] = r.of("buyer", "user", "x", "")
			if messy && r.IntN(4) == 0 {
				f := r.of("lead_score", "seniority", "last_active")
				c.Fields[f] = []any{math.NaN(), -20, 1e9, math.Inf(-1), "vp", "\xff", nil, testMoment, "2026-10-01", time.Time{}, testMoment.AddDate(9000, 0, 0), testMoment.AddDate(-9000, 0, 0)}[r.IntN(12)]
			}
		}
		a.Contacts = append(a.Contacts, c)
	}
	return a
}

func (r randomRules) log() []Activity {
	var log []Activity
	for range r.IntN(6) {
		act := Activity{Type: r.of("visit", "webinar", "other"), At: testMoment.Add(time.Duration(5-r.IntN(100*24)) * time.Hour), Value: float64(r.IntN(5))}
		if r.IntN(3) > 0 {
			act.Fields = map[string]any{"page": r.of("/x", "/home"), "depth": r.IntN(5)}
		}
		if r.wild && r.IntN(6) == 0 {
			switch r.IntN(3) {
			case 0:
				act.Value = []float64{math.NaN(), math.Inf(1), 1e9, -1e9, 1 << 53, -2.5}[r.IntN(6)]
			case 1:
				act.At = []time.Time{{}, testMoment, testMoment.Add(time.Microsecond), testMoment.AddDate(9000, 0, 0), testMoment.AddDate(-9000, 0, 0)}[r.IntN(5)]
			default:
				act.Fields = map[string]any{"page": []any{5, "", nil, "/x", []string{"x"}}[r.IntN(5)], "depth": []any{"3", math.NaN(), nil, 1e300, -1}[r.IntN(5)]}
			}
		}
		log = append(log, act)
	}
	return log
}
