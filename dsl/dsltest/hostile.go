package dsltest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/accountscore/accountscore/dsl"
)

// patience is how long one hostile text or value may take. Honest work is
// done in well under a millisecond; a slow machine under -race has a second to
// spare.
const patience = 5 * time.Second

// maxHeap is how much one hostile text may allocate, in bytes.
const maxHeap = 512 << 20

// hostileTexts are texts that broke some parser or evaluator once, in every
// size that a condition may have.
func hostileTexts(c Conditions) []string {
	full := func(s string) string { return strings.Repeat(s, dsl.MaxFormula/len(s)) }
	var texts []string
	for _, s := range []string{"(", ")", "[", "{", "!", "-", "not ", "!(", "-(", "[[", "a.", "a[", "? : ", "1 < (", "x ? (", "\"", "'", "`", "\\",
		"# ", "$", "/*", "//", "&&", "||", "1+", "1 ** ", "e", "0x", "1e", "..", "?.", "|", ";", "\u00a0", "é", "\U0001F600", "\u202e", "\t", "\r\n"} {
		texts = append(texts, s, full(s))
	}
	for _, s := range []string{"(", "[", "{"} {
		closing := map[string]string{"(": ")", "[": "]", "{": "}"}[s]
		texts = append(texts, strings.Repeat(s, dsl.MaxFormula/2)+strings.Repeat(closing, dsl.MaxFormula/2))
	}
	chain := "employees"
	for len(chain) < dsl.MaxFormula-20 {
		chain = "1 < (" + chain + ") < 2"
	}
	texts = append(texts, chain,
		`reduce(1..26, #acc + #acc, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")`,
		`len(map(1..1000000, 1..1000000)) > 0`, `1..100000000 == []`, `repeat("x", 1000000000) == ""`,
		`$env`, `$env["employees"]`, `let x = 1; x > 0`, `now() > last_seen`, `country matches "(((((a{1,1000}){1,1000}){1,1000}))"`,
		`country.matches("(a+)+$")`, `employees == 99999999999999999999999999999999999999999999`, `employees > 1e400`,
		`tech_stack.all(a, tech_stack.all(b, tech_stack.all(c, tech_stack.all(d, a + b + c + d != "x"))))`,
		`all(tech_stack, all(tech_stack, all(tech_stack, all(tech_stack, # != "x"))))`,
		`[1,2,3].map(x, [1,2,3].map(y, [1,2,3].map(z, x * y * z))).size() > 0`,
		"employees"+full(" + employees"), "employees > 0"+strings.Repeat(" and employees > 0", dsl.MaxFormula/20),
	)
	for _, t := range c.texts() {
		texts = append(texts, mutations(t.src)...)
	}
	var held []string
	for _, s := range texts {
		if s = clipBytes(s); strings.TrimSpace(s) != "" && strings.IndexByte(s, 0) < 0 {
			held = append(held, s)
		}
	}
	return held
}

// clipBytes cuts a text to what a language is ever given.
func clipBytes(s string) string {
	if len(s) > dsl.MaxFormula {
		s = s[:dsl.MaxFormula]
	}
	return strings.ToValidUTF8(s, "")
}

// mutations changes a condition in every small way, from a fixed seed.
func mutations(src string) []string {
	r := rand.New(rand.NewPCG(1, uint64(len(src))))
	var texts []string
	for i := range src {
		if utf8.RuneStart(src[i]) {
			texts = append(texts, src[:i], src[i:])
		}
	}
	pieces := strings.Split(`( ) [ ] { } " ' ! - + * / % && || == >= < ? : , . in 1e308 -0 0.1 "" null nil true #`, " ")
	for range 100 {
		runes := []rune(src)
		at := r.IntN(len(runes) + 1)
		end := min(len(runes), at+r.IntN(4))
		texts = append(texts, string(runes[:at])+" "+pieces[r.IntN(len(pieces))]+" "+string(runes[end:]))
	}
	return texts
}

// within runs f and reports whether it was done in time and within the
// memory that there is, and what it panicked with.
func within(f func()) (fault string) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	done := make(chan string, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- fmt.Sprintf("panics: %v", r)
			}
		}()
		f()
		done <- ""
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case fault = <-done:
	case <-timer.C:
		return fmt.Sprintf("is not done after %v", patience)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; fault == "" && used > maxHeap {
		return fmt.Sprintf("allocates %d MiB", used>>20)
	}
	return fault
}

func checkHostile(k *kit) {
	for _, src := range hostileTexts(k.cond) {
		fault := within(func() {
			p, err := k.lang.Compile(src, Schema())
			if err != nil {
				return
			}
			for _, v := range samples() {
				p.Eval(v)
				p.Trace(v)
			}
			p.Fields()
			if q, err := k.lang.Compile(p.String(), Schema()); err == nil {
				for _, v := range samples() {
					if p.Eval(v) != q.Eval(v) {
						panic(fmt.Sprintf("the canonical text %q has other answers where %v", p.String(), v))
					}
				}
			}
		})
		if fault != "" {
			k.fault("%s %s", clip(src), fault)
			return // a language that hangs once may hang for every text
		}
	}
}

// hostileValues are values that no honest data has.
func hostileValues() []*Values {
	long := strings.Repeat("a", 1<<20)
	many := make([]string, 1000)
	for i := range many {
		many[i] = fmt.Sprint("item ", i)
	}
	day := 24 * time.Hour
	all := func(v any) *Values {
		return given("employees", v, "country", v, "customer", v, "tech_stack", v, "last_seen", v, "revenue", v)
	}
	values := []*Values{
		given("employees", math.MaxFloat64, "country", long, "tech_stack", many, "last_seen", At.Add(-100*365*day)),
		given("employees", -math.MaxFloat64, "country", "\xff\xfe", "tech_stack", []string{long, "\x00", ""}, "last_seen", time.Time{}),
		given("employees", math.SmallestNonzeroFloat64, "country", "\u202e\U0001F600", "tech_stack", []string(nil), "last_seen", time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)),
		given("employees", math.NaN(), "revenue", math.Inf(1)), given("employees", math.Inf(-1), "revenue", math.NaN()),
		all(1), all("US"), all(true), all([]string{"EHR"}), all(At),
		{Known: map[string]dsl.Value{"employees": {}, "country": {}, "customer": {}, "tech_stack": {}, "last_seen": {}}},
		{},
	}
	return values
}

func checkHostileValues(k *kit) {
	for _, c := range k.cond.texts() {
		p := k.compile(c.name, c.src)
		if p == nil {
			continue
		}
		for i, v := range hostileValues() {
			if fault := within(func() { p.Eval(v); p.Trace(v) }); fault != "" {
				k.fault("%s: %s on the hostile values %d %s", c.name, clip(c.src), i, fault)
			}
		}
	}
}
