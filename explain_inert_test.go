package accountscore

import (
	"reflect"
	"strings"
	"testing"
)

// hostileText would be markup in each rendering, if it stood there as it is.
const hostileText = "a\x1b[7m\u202e<b>|[c](d)`e`\n# f"

// TestEveryTextIsInert: whatever texts an account, a ruleset or the JSON of an
// explanation bring, none is shown as it is, wherever it stands, and a long one
// is cut.
func TestEveryTextIsInert(t *testing.T) {
	for _, name := range goldenNames(t) {
		m, a := golden(t, name)
		for what, text := range map[string]string{"hostile": hostileText, "long": strings.Repeat("y", 3*maxRowText)} {
			t.Run(name+" "+what, func(t *testing.T) {
				x := m.Explain(a, testMoment)
				_, paths := x.way()
				retext(reflect.ValueOf(paths), text)
				retext(reflect.ValueOf(x.roles()), text)
				retext(reflect.ValueOf(x), text)
				for kind, shown := range map[string]string{"text": x.Text(), "colour": x.Text(Color()), "markdown": x.Markdown(), "page": x.HTML()} {
					never := []string{"\u202e", "\x1b[7m", "\n# f", strings.Repeat("y", maxRowText+1)}
					switch kind {
					case "markdown":
						never = append(never, "<b>", "[c]")
					case "page":
						never = append(never, "<b>")
					}
					for _, s := range never {
						if at := strings.Index(shown, s); at >= 0 {
							t.Errorf("%s: …%q…", kind, shown[max(0, at-80):at+10])
						}
					}
				}
			})
		}
	}
}

// retext makes every text of some data another, but for the words that the
// package chooses among, such as states, and the name by which tiers read the
// score: without it there is no scale of tiers.
func retext(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			retext(v.Elem(), text)
		}
	case reflect.Slice:
		for i := range v.Len() {
			retext(v.Index(i), text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				retext(v.Field(i), text)
			}
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && v.String() != "" && v.String() != "score" {
			v.SetString(text)
		}
	}
}
