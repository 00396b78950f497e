package dsltest

import (
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
)

// isTruth tells whether an answer is one of the three.
func isTruth(t dsl.Truth) bool { return t == dsl.Unknown || t == dsl.False || t == dsl.True }

// traced are the values that traces are held to: every kind of value, and all
// that the joined tests can answer.
func traced() []*Values {
	all := samples()
	for _, x := range combinations() {
		all = append(all, x.values)
	}
	return all
}

func checkTruth(k *kit) {
	for _, c := range k.cond.texts() {
		p := k.compile(c.name, c.src)
		if p == nil {
			continue
		}
		for _, v := range append(traced(), hostileValues()...) {
			if got := p.Eval(v); !isTruth(got) {
				k.fault("%s: %s is Truth(%d) where %v", c.name, clip(c.src), int8(got), v)
			}
			for _, part := range p.Trace(v) {
				if !isTruth(part.Truth) {
					k.fault("%s: the trace of %s has %s with Truth(%d) where %v", c.name, clip(c.src), clip(part.Text), int8(part.Truth), v)
				}
			}
		}
	}
}

func checkTrace(k *kit) {
	for _, c := range k.cond.texts() {
		p := k.compile(c.name, c.src)
		if p == nil {
			continue
		}
		tests := map[string]dsl.Program{} // of the parts, by their texts
		for _, v := range traced() {
			parts := p.Trace(v)
			k.traceReads(c, p.Fields(), parts)
			if len(parts) == 1 && parts[0].Truth != p.Eval(v) {
				k.fault("%s: %s is %v, and its trace says %v, where %v", c.name, clip(c.src), p.Eval(v), parts[0].Truth, v)
			}
			for _, part := range parts {
				k.traceText(c, part, tests, v)
			}
		}
	}
	k.traceJoined()
}

// traceReads holds the texts and the fields of a trace to those of its program.
func (k *kit) traceReads(c text, fields []string, parts []dsl.Part) {
	if len(parts) == 0 {
		k.fault("%s: the trace of %s is empty", c.name, clip(c.src))
		return
	}
	var read []string
	for _, part := range parts {
		if strings.TrimSpace(part.Text) == "" {
			k.fault("%s: the trace of %s has a part without a text", c.name, clip(c.src))
		}
		read = append(read, part.Fields...)
	}
	slices.Sort(read)
	slices.Sort(fields)
	if read = slices.Compact(read); !slices.Equal(read, fields) {
		k.fault("%s: the parts of the trace of %s read %q, and the condition %q", c.name, clip(c.src), read, fields)
	}
}

// traceText holds a part to its text. A text is for people; but where it is a
// condition of the language, it is the one that the part has answered.
func (k *kit) traceText(c text, part dsl.Part, tests map[string]dsl.Program, v *Values) {
	test, seen := tests[part.Text]
	if !seen {
		if p, err := k.lang.Compile(part.Text, Schema()); err == nil && p != nil {
			test = p
		}
		tests[part.Text] = test
	}
	if test == nil {
		return
	}
	if got := test.Eval(v); got != part.Truth {
		k.fault("%s: the trace of %s says that %s is %v, and the condition of that text is %v, where %v", c.name, clip(c.src), clip(part.Text), part.Truth, got, v)
	}
	if !slices.Equal(slices.Sorted(slices.Values(part.Fields)), slices.Sorted(slices.Values(test.Fields()))) {
		k.fault("%s: the trace of %s says that %s reads %q, and the condition of that text reads %q", c.name, clip(c.src), clip(part.Text), part.Fields, test.Fields())
	}
}

// traceJoined holds the parts of joined tests to the tests that they join,
// which are told apart by what they read.
func (k *kit) traceJoined() {
	alone := map[string]dsl.Program{}
	for _, c := range k.cond.texts() {
		if c.name == "AtLeast" || c.name == "Equals" || c.name == "Flag" {
			alone[c.reads[0]], _ = k.lang.Compile(c.src, Schema())
		}
	}
	for _, c := range k.compounds() {
		if c.src == none || strings.HasPrefix(c.name, "Not") {
			continue // a negation may be one part or its operand
		}
		p, err := k.lang.Compile(c.src, Schema())
		if err != nil || p == nil {
			continue // told before
		}
		for _, x := range combinations() {
			answers, order := map[string][]dsl.Truth{}, []string(nil)
			for _, part := range p.Trace(x.values) {
				read := strings.Join(slices.Sorted(slices.Values(part.Fields)), " ")
				if answers[read] == nil {
					order = append(order, read)
				}
				answers[read] = append(answers[read], part.Truth)
			}
			for _, read := range order {
				got := answers[read]
				want, known := c.part(x, read)
				if !known {
					k.fault("%s: the trace of %s has a test that reads %q together, and there is none", c.name, clip(c.src), read)
					continue
				}
				if slices.Equal(got, []dsl.Truth{want}) || read == "" {
					continue
				}
				// One of the tests may be several by itself.
				if test := alone[read]; test == nil || !slices.Equal(got, truths(test.Trace(x.values))) {
					k.fault("%s: the trace of %s says %v for what reads %q, want %v, where %v", c.name, clip(c.src), got, read, want, x.values)
				}
			}
			k.traceOrder(c.text, order)
		}
	}
}

// part gives the answer of what is joined and reads some fields.
func (c compound) part(x combination, read string) (want dsl.Truth, known bool) {
	either := dsl.Truth.And
	if c.name == "Or" || c.name == "Nested" {
		either = dsl.Truth.Or
	}
	switch read {
	case "": // a constant
		return dsl.Unknown, true
	case "employees":
		return x.atLeast, true
	case "country":
		return x.equals, true
	case "customer":
		return x.flag, true
	case "country customer":
		return either(x.equals, x.flag), true
	case "country employees":
		return either(x.atLeast, x.equals), c.name != "Nested"
	case "customer employees":
		return x.atLeast.And(x.flag), c.name == "AllOf"
	}
	return c.answer(x), true
}

// traceOrder holds parts of one field each to the order in the text.
func (k *kit) traceOrder(c text, order []string) {
	last := -1
	for _, read := range order {
		if strings.Contains(read, " ") || strings.Count(c.src, read) != 1 {
			return
		}
		at := strings.Index(c.src, read)
		if at < last {
			k.fault("%s: the trace of %s has its tests in the order %q", c.name, clip(c.src), order)
			return
		}
		last = at
	}
}

func truths(parts []dsl.Part) []dsl.Truth {
	list := make([]dsl.Truth, len(parts))
	for i, part := range parts {
		list[i] = part.Truth
	}
	return list
}
