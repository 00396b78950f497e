package main

import (
	"strings"
	"testing"
)

const people = `field employees number
activity reply (page text "Where it was")
let twice = employees * 2
dimension fit { twice > 5 → +1 "Why" }
dimension people max 200 "Who they are" from contacts {
  field seniority text one of [vp, ic]
  field active    time
  score  20
  decay  half-life 30d since active within 90d
  weight seniority { vp: 2, else: 1 }
  each reply where page contains "x" within 30d → +4 half-life 30d max 10
  best of "title" {
    lead: seniority = vp → +3
  }
  engaged at least 10
}
grades fit { 1+: A, else: B }
tiers {
  top when score >= 70 and fit.grade = A hold 5
      play "Ads" motion "AE-led"
  low otherwise
}
trigger hot when tier rises to top
case "one" {
  employees = 3
  contact ann { seniority = vp, did reply (page = "x") }
  expect tier low
}
`

// mark puts a mark behind the first letter of the n-th occurrence of a text.
func mark(t *testing.T, text, what string, n int) (string, position) {
	t.Helper()
	from := 0
	for ; n > 0; n-- {
		i := strings.Index(text[from:], what)
		if i < 0 {
			t.Fatalf("%q is not in the text", what)
		}
		from += i + 1
	}
	return text, newDocument("", 0, text).position(from)
}

func TestHover(t *testing.T) {
	c, errs := open(t, people)
	if codes(errs) != "no-plays:3" {
		t.Fatalf("%+v", errs)
	}
	for _, test := range []struct {
		what  string
		n     int
		wants []string // none: no hover
	}{
		{"employees", 2, []string{"field employees number", "read by let twice"}},
		{"employees = 3", 1, []string{"field employees number"}},
		{"twice", 2, []string{"let twice = employees * 2", "Computed value"}},
		{"Why", 1, []string{"**fit.1** — +1 points when `twice > 5`", "“Why”"}},
		{"→", 1, []string{"+1 points"}},
		{"seniority", 2, []string{"field seniority text", "Field of a contact", "one of [vp, ic]"}},
		{"seniority = vp", 1, []string{"Field of a contact"}},
		{"lead", 1, []string{"**people.lead in best of “title”** — +3 points when `seniority = vp`"}},
		{"+4", 1, []string{"+4 points for each `reply` where `page contains \"x\"` within 30d, half-life 30d, max 10"}},
		{"reply", 2, []string{"activity reply (page text)"}},
		{"page contains", 1, []string{"field page text", "Where it was"}},
		{"page = \"x\"", 1, []string{"field page text"}},
		{"half-life 30d since", 1, []string{"**half-life**"}},
		{"life 30d since", 1, []string{"**half-life**"}},
		{"score  20", 1, []string{"clamps and rounds", "contacts block"}},
		{"active within", 1, []string{"field active time"}},
		{"score >= 70", 1, []string{"The published score."}},
		{"fit.grade", 1, []string{"The letter of dimension `fit`"}},
		{"people", 1, []string{"**dimension people** · max 200 · from contacts · 2 lines", "Who they are"}},
		{"top", 1, []string{"**tier top** when `score >= 70 and fit.grade = A` · hold 5", "play “Ads” motion “AE-led”"}},
		{"top\n", 1, []string{"**tier top**"}},
		{"low\n", 1, []string{"**tier low** otherwise"}},
		{"rises", 1, []string{"**rises to**"}},
		{"at least", 1, []string{"**at least** — greater or equal"}},
		{"contains", 1, []string{"a text in a text"}},
		{"}\ntrigger", 1, nil},
	} {
		_, at := mark(t, people, test.what, test.n)
		at.Character -= min(at.Character, 1)
		var h *hover
		c.call("textDocument/hover", positionIn(at), &h)
		if len(test.wants) == 0 {
			if h != nil {
				t.Errorf("%q: a hover where nothing is: %s", test.what, h.Contents.Value)
			}
			continue
		}
		if h == nil {
			t.Errorf("%q: no hover", test.what)
			continue
		}
		for _, want := range test.wants {
			if !strings.Contains(h.Contents.Value, want) {
				t.Errorf("%q: the hover does not say %q:\n%s", test.what, want, h.Contents.Value)
			}
		}
	}
}

// A hover's range is that of its word, behind an emoji too.
func TestHoverRange(t *testing.T) {
	text, at := placeOfMark(t, "\"🚀\" = plan and co|untry = \"→\" → +5\n")
	c, _ := open(t, text)
	var h *hover
	c.call("textDocument/hover", positionIn(at), &h)
	if h == nil || h.Range != (span{position{0, 16}, position{0, 23}}) || !strings.Contains(h.Contents.Value, "inferred from use") {
		t.Errorf("%+v", h)
	}
}

func TestDefinition(t *testing.T) {
	c, _ := open(t, people)
	for _, test := range []struct {
		what string
		n    int
		line uint32 // where it is declared
	}{
		{"employees", 2, 0}, {"twice", 2, 2}, {"reply", 2, 1}, {"seniority {", 1, 5}, {"top\n", 1, 18}, {"fit {", 2, 3},
	} {
		_, at := mark(t, people, test.what, test.n)
		at.Character -= min(at.Character, 1)
		var l *location
		c.call("textDocument/definition", positionIn(at), &l)
		if l == nil || l.URI != testURI || l.Range.Start.Line != test.line {
			t.Errorf("%q: declared at %+v, not on line %d", test.what, l, test.line)
		}
	}
}
