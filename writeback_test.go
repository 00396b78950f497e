package accountscore

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

const writebackRules = `ruleset "Fit" version "7"
dimension fit out of 100 weight 50% {
  employees gte 1000 → +50 code SIZE "Enterprise headcount"
  country in [US, UK] → +20.125
  revenue > 10M → +30
}
dimension Größe weight 50% {
  employees > 10 → +3.333
}
dimension a_very_long_name_of_a_dimension weight 0% {
  employees > 10 → +1
}
grades fit { 50+: A, else: B }
tiers { top when score > 5 }
tiers stage { early when fit > 0 }
disqualify when country = XX "No"
`

// TestWriteback holds the contract of the keys.
func TestWriteback(t *testing.T) {
	m := compile(t, writebackRules)
	x := m.Explain(Account{ID: "a", Fields: map[string]any{"employees": 240, "country": "US"}}, time.Date(2026, 11, 1, 9, 30, 0, 999, time.FixedZone("", 3600)))
	want := map[string]any{
		"as_score": 11.73, "as_low": 11.73, "as_high": 26.73, "as_tier": "top", "as_tier_certain": true,
		"as_disqualified_because": "", "as_grade": "B", "as_contacts": 0, "as_engaged_contacts": 0, "as_senior_engaged": 0,
		"as_completeness": 0.0, "as_unknown": 1, "as_invalid": 0, "as_scored_at": "2026-11-01T08:30:00Z", "as_model": m.Hash(),
		"as_dimension_fit": 20.13, "as_dimension_gr__e_aedc3f80": 3.33, "as_dimension_a_very_long_name_o_18df166d": 1.0,
		"as_grade_fit": "B", "as_label_stage": "early",
	}
	require.Equal(t, want, x.Result.Writeback("AS-"))
	for key, v := range map[string]any{
		"as_reason_1": "Enterprise headcount", "as_reason_1_code": "SIZE", "as_reason_1_points": 25.0,
		"as_reason_2": "revenue > 10M → +30, revenue is unset", "as_reason_2_code": "fit.3", "as_reason_2_points": 15.0,
		"as_reason_3": "", "as_reason_3_code": "", "as_reason_3_points": 0.0,
		"as_missing": "revenue", "as_ruleset": "Fit 7",
	} {
		want[key] = v
	}
	require.Equal(t, want, x.Writeback("AS-"))
	want["as_next_step"] = ""
	require.Equal(t, want, x.Writeback("AS-", NextStep()), "the first tier has no next one")
}

// TestWritebackNextStep: the key stands in every explanation, and its text is
// the best path's to the tier that renderings show the way to.
func TestWritebackNextStep(t *testing.T) {
	m := compile(t, "field a number\nfield b number fixed\nfield c text actionable\na → 0..60 over 0-60\nb > 1 → +50\nc = \""+strings.Repeat("x", 300)+"\" → +100\ntiers { best when score >= 100; top when score >= 50; low otherwise }")
	for _, c := range []struct {
		name string
		x    *Explanation
		want string
	}{
		{"the least effort", m.Explain(Account{}, testMoment), "fill a with 50 or more"},
		{"a tier of choice, cut", m.Explain(Account{}, testMoment).Towards("best"), `fill c with "` + strings.Repeat("x", 241) + "…"},
		{"reached", m.Explain(Account{Fields: map[string]any{"a": 60}}, testMoment).Towards("top"), ""},
		{"no way", m.Explain(Account{Fields: map[string]any{"a": 0, "c": "y"}}, testMoment).Towards("nosuch"), ""},
		{"read from data", &Explanation{}, ""},
		{"none", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			fields := c.x.Writeback("fit_", NextStep())
			require.Equal(t, c.want, fields["fit_next_step"])
			delete(fields, "fit_next_step")
			require.Equal(t, c.x.Writeback("fit_"), fields)
		})
	}
}

// TestWritebackKeys holds that every result of a model has the same keys, of
// the letters and the length that are promised, whatever the names.
func TestWritebackKeys(t *testing.T) {
	plainKey := regexp.MustCompile(`^[a-z0-9_]{1,40}$`)
	m := compile(t, writebackRules)
	for _, prefix := range []string{"", "score_", "Ω мой-prefix that goes on and on and on", "K\x00\n'; DROP", strings.Repeat("é", 99), "\xff\xfe"} {
		keys := map[string]bool{}
		for key := range m.Explain(Account{}, testMoment).Writeback(prefix) {
			require.Regexp(t, plainKey, key)
			keys[key] = true
		}
		require.Len(t, keys, 15+3+1+1+11)
		other := m.Explain(Account{ID: "x", Fields: map[string]any{"employees": 5000, "country": "XX", "revenue": "?"}}, testMoment).Writeback(prefix)
		require.Len(t, other, len(keys))
		for key := range other {
			require.True(t, keys[key], key)
		}
	}
	// A moment that RFC 3339 cannot write is left out.
	for year, want := range map[int]string{-1: "", 0: "0000-01-01T00:00:00Z", 9999: "9999-01-01T00:00:00Z", 10_000: ""} {
		at := Result{At: time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)}
		require.Equal(t, want, at.Writeback("")["scored_at"])
	}
	// Names that look alike keep keys of their own.
	r := Result{}
	for _, name := range []string{"fit", "Fit", "FIT", "f-t", "f t", "f\u00a0t", "", strings.Repeat("x", 200), strings.Repeat("x", 201), "\xff", "\u212a", "k"} {
		r.Dimensions = append(r.Dimensions, DimensionScore{Name: name, Points: 1})
		r.Labels = append(r.Labels, Label{Name: name}, Label{Name: name + ".grade"})
	}
	values := r.Writeback("p_")
	require.Len(t, values, 15+3*len(r.Dimensions))
	for key := range values {
		require.Regexp(t, plainKey, key)
	}
}

// TestWritebackTexts cuts at characters, never within one.
func TestWritebackTexts(t *testing.T) {
	for s, want := range map[string]string{
		"":                                   "",
		"  a\r\nb\tc\x00 ":                   "a  b c",
		"a\u2028b\u0085c":                    "a b c",
		"\xffa":                              "\uFFFDa",
		"a\xff\xfeb\u2029c":                  "a\uFFFDb c",
		"a\u202egnp.exe\u2066b":              "agnp.exeb",
		"שלום\u200f עالم":                    "שלום\u200f עالم",
		"a\u202ab\u202cc\u2069d\u2065":       "abcd\u2065",
		strings.Repeat("a", 255):             strings.Repeat("a", 255),
		strings.Repeat("a", 256):             strings.Repeat("a", 254) + "…",
		strings.Repeat("é", 256):             strings.Repeat("é", 254) + "…",
		strings.Repeat("🚀", 127):             strings.Repeat("🚀", 127),
		strings.Repeat("🚀", 128):             strings.Repeat("🚀", 127) + "…",
		"x" + strings.Repeat("🚀", 127):       "x" + strings.Repeat("🚀", 127),
		"x" + strings.Repeat("🚀", 127) + "y": "x" + strings.Repeat("🚀", 126) + "…",
	} {
		got := crmText(s)
		require.Equal(t, want, got)
		require.True(t, utf8.ValidString(got))
		require.LessOrEqual(t, len(utf16.Encode([]rune(got))), WritebackText)
	}
	for seed := range uint64(50) {
		r := newRandom(seed)
		m, _ := randomModel(t, r)
		values := m.Explain(r.account(true), testMoment).Writeback("as_")
		_, err := json.Marshal(values)
		require.NoError(t, err)
		for _, v := range values {
			if s, ok := v.(string); ok {
				require.LessOrEqual(t, len(utf16.Encode([]rune(s))), WritebackText)
			}
		}
	}
}

// lacking is a dimension with a reason for each code.
func lacking(codes ...string) []DimensionExplanation {
	most, d := 5.0, DimensionExplanation{Name: "d"}
	for _, code := range codes {
		d.Groups = append(d.Groups, GroupExplanation{Code: code, Baseline: &most})
	}
	return []DimensionExplanation{d}
}

func TestLogValues(t *testing.T) {
	var b bytes.Buffer
	log := slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && a.Key != "x" || a.Key == "model" {
			return slog.Attr{}
		}
		return a
	}}))
	m := compile(t, writebackRules)
	x := m.Explain(Account{ID: "a", Fields: map[string]any{"employees": 240, "country": "US", "revenue": "?"}}, testMoment)
	for _, c := range []struct {
		value any
		want  string
	}{
		{x.Result, `x.account=a x.at=2026-11-01T00:00:00.000Z x.score=11.73 x.low=11.73 x.high=26.73 x.tier=top x.certain=true x.grade=B x.unknown=1 x.invalid=1`},
		{&x.Result, `x.account=a x.at=2026-11-01T00:00:00.000Z x.score=11.73 x.low=11.73 x.high=26.73 x.tier=top x.certain=true x.grade=B x.unknown=1 x.invalid=1`},
		{x, `x.account=a x.at=2026-11-01T00:00:00.000Z x.score=11.73 x.low=11.73 x.high=26.73 x.tier=top x.certain=true x.grade=B x.unknown=1 x.invalid=1 x.reasons="[SIZE fit.3]" x.missing=1`},
		{(*Explanation)(nil), `x=<nil>`},
		{Result{}, `x.account="" x.at=0001-01-01T00:00:00.000Z x.score=0 x.low=0 x.high=0`},
		{Event{AccountID: "a", Trigger: "hot", On: "tier", AfterTier: "top"}, `x.account=a x.trigger=hot x.on=tier x.before="" x.after=top`},
		{Event{AccountID: "a", Trigger: "up", On: "score", Before: 1, After: 5.5, ModelChanged: true}, `x.account=a x.trigger=up x.on=score x.before=1 x.after=5.5 x.model_changed=true`},
		{Event{AccountID: "a", Trigger: "up", On: "fit", Causes: []Cause{{Rule: "fit.size", Text: "Large"}, {Contact: "ann", Text: "contact ann"}, {Text: "bonus"}, {Text: "more"}}},
			`x.account=a x.trigger=up x.on=fit x.before=0 x.after=0 x.causes="[fit.size contact ann bonus]"`},
		{&Explanation{Stale: make([]FieldNote, 2), Dimensions: lacking("a", "b", "c", "d")}, `x.account="" x.at=0001-01-01T00:00:00.000Z x.score=0 x.low=0 x.high=0 x.reasons="[a b c]" x.stale=2`},
	} {
		b.Reset()
		log.Info("", "x", c.value)
		require.Equal(t, c.want, strings.TrimSpace(b.String()))
	}
}

// TestLogIsBounded: no name of the data floods a log.
func TestLogIsBounded(t *testing.T) {
	long := strings.Repeat("é\x1b", 50_000)
	x := compile(t, writebackRules).Explain(Account{ID: long}, testMoment)
	for _, v := range []slog.LogValuer{x.Result, x, Event{AccountID: long, Trigger: long, On: "tier", AfterTier: long, Causes: []Cause{{Text: long}}}} {
		require.Less(t, len(v.LogValue().String()), 4000)
		require.Contains(t, v.LogValue().String(), strings.Repeat("é\x1b", maxLogText/2)+"…")
	}
}

// TestLogOfLongCodes: nor does a code that was read from data.
func TestLogOfLongCodes(t *testing.T) {
	x := &Explanation{Dimensions: lacking(strings.Repeat("x", 10_000))}
	require.Less(t, len(x.LogValue().String()), 1000)
}

// TestWritebackOfNothing: no result is the zero one, and a moment that RFC 3339
// cannot write is none.
func TestWritebackOfNothing(t *testing.T) {
	var none *Result
	require.Equal(t, (&Result{}).Writeback("x"), none.Writeback("x"))
	_, ok := none.Dimension("fit")
	require.False(t, ok)
	_, ok = none.Label("stage")
	require.False(t, ok)
	require.Equal(t, "0001-01-01T00:00:00Z", none.Writeback("")["scored_at"])
	late := Result{At: time.Date(12_000, 1, 1, 0, 0, 0, 0, time.UTC)}
	require.Empty(t, late.Writeback("")["scored_at"])
}
