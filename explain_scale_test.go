package accountscore

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestScaleOf: the scale of the tiers has bands from the thresholds of the
// score, with names where there is room, and what there is of ends.
func TestScaleOf(t *testing.T) {
	at := func(f float64) *float64 { return &f }
	from := func(name string, bound Bound, needed float64, seen ...string) TierExplanation {
		test := TestExplanation{Distance: &Distance{Bound: bound, Needed: needed}}
		for _, s := range seen {
			test.Seen = append(test.Seen, Seen{Name: s})
		}
		return TierExplanation{Name: name, State: TierFalse, Tests: []TestExplanation{test}}
	}
	chosen := func(t TierExplanation) TierExplanation { t.Chosen = true; return t }
	both := func(t, also TierExplanation) TierExplanation { t.Tests = append(t.Tests, also.Tests...); return t }
	for _, tt := range []struct {
		name  string
		total TotalExplanation
		tiers []TierExplanation
		want  string // the ends, where the score's label is anchored, and the bands
	}{
		{"an end alone", TotalExplanation{Score: 50, Max: at(100)}, nil, "0–100 middle"},
		{"without an end", TotalExplanation{Score: 50}, []TierExplanation{from("top", AtLeast, 40, "score")}, "0– end [top 72.73%]"},
		{"more than", TotalExplanation{Score: 12, Max: at(100)}, []TierExplanation{from("top", MoreThan, 40, "score")}, "0–100 middle [top 40%]"},
		{"of several numbers no threshold", TotalExplanation{Score: 11.9, Max: at(100)}, []TierExplanation{from("top", AtLeast, 40, "score", "fit")}, "0–100 start"},
		{"below zero", TotalExplanation{Score: 88, Min: at(-100), Max: at(100)}, []TierExplanation{from("top", AtLeast, 40, "score")}, "-100–100 end [top 70%]"},
		{"otherwise", TotalExplanation{Score: 88, Max: at(100)}, []TierExplanation{from("top", AtLeast, 40, "score"), {Name: "low", State: TierTrue}}, "0–100 middle [low 0%] [top 40%]"},
		{"a last tier that may not be had", TotalExplanation{Score: 88.1, Max: at(100)}, []TierExplanation{from("top", AtLeast, 40, "score"), {Name: "low", State: TierFalse}}, "0–100 end [top 40%]"},
		{"no room for a name", TotalExplanation{Score: 50, Max: at(100)}, []TierExplanation{from("top", AtLeast, 40, "score"), from("mid", AtLeast, 35, "score")}, "0–100 middle [ 35%] [top 40%]"},
		{"too narrow to see", TotalExplanation{Score: 50, Max: at(100)}, []TierExplanation{from("top", AtLeast, 40.5, "score"), from("mid", AtLeast, 40, "score")}, "0–100 middle [mid 40%]"},
		{"too narrow to see, but chosen", TotalExplanation{Score: 50, Max: at(100)}, []TierExplanation{chosen(from("top", AtLeast, 40.5, "score")), from("mid", AtLeast, 40, "score")}, "0–100 middle [ 40%] [top 40.5%]"},
		{"a tier beyond the score", TotalExplanation{Score: 10}, []TierExplanation{from("top", AtLeast, 50, "score")}, "0– middle [top 90.91%]"},
		{"just room for a name", TotalExplanation{Score: 50, Max: at(100)}, []TierExplanation{from("top", AtLeast, 50, "score"), from("mid", AtLeast, 44, "score")}, "0–100 middle [mid 44%] [top 50%]"},
		{"just wide enough to see", TotalExplanation{Score: 50, Max: at(100)}, []TierExplanation{from("top", AtLeast, 51, "score"), from("mid", AtLeast, 50, "score")}, "0–100 middle [ 50%] [top 51%]"},
		{"two limits of one tier", TotalExplanation{Score: 50, Max: at(100)}, []TierExplanation{both(from("top", AtLeast, 60, "score"), from("", AtLeast, 20, "score")), both(from("mid", LessThan, 60, "score"), from("", AtMost, 20, "score"))}, "0–100 middle [top 60%]"},
		{"two limits of one tier of a risk", TotalExplanation{Score: 50, Max: at(100)}, []TierExplanation{both(from("calm", LessThan, 60, "score"), from("", AtMost, 20, "score"))}, "0–100 middle [calm 0%] [ 60%]"},
		{"one number is no threshold", TotalExplanation{Score: 50, Max: at(100)}, []TierExplanation{from("top", Exactly, 60, "score")}, "0–100 middle"},
		{"nothing but otherwise", TotalExplanation{Score: 50, Max: at(100)}, []TierExplanation{from("top", AtLeast, 60, "fit"), {Name: "low", State: TierTrue}}, "0–100 middle"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := &Explanation{Total: tt.total, Tiers: tt.tiers}
			x.Total.Low, x.Total.High = x.Total.Score, x.Total.Score
			s := scaleOf(x)
			got := s.Low + "–" + s.Top + " " + s.Anchor
			for _, b := range s.Bands {
				got += " [" + b.Name + " " + b.X + "]"
			}
			require.Equal(t, tt.want, got)
		})
	}
	require.Nil(t, scaleOf(&Explanation{}))
	require.Nil(t, scaleOf(&Explanation{Tiers: []TierExplanation{{Name: "top", Tests: []TestExplanation{{Seen: []Seen{{Name: "score"}}}}}}}), "a test without a distance")
}

// TestTierScale holds the bands of the tiers, also of a score of risk, whose
// best tiers are open below a number.
func TestTierScale(t *testing.T) {
	for _, tt := range []struct {
		name, rules, words, top string
		a                       float64
		bands                   []string
	}{
		{"from a score", "score max 100\na > 0 → +1 per a\ntiers { top when score >= 70\n mid when score > 30\n low otherwise }",
			"The score is 40. On the score alone: top from 70, mid above 30.", "100", 40, []string{"low  0% 30%", "*mid > 30 30% 40%", "top 70+ 70% 30%"}},
		{"below a score", "score max 100\na > 0 → +1 per a\ntiers { calm when score < 30\n watch when score <= 60\n alarm otherwise }",
			"The score is 40. On the score alone: calm below 30, watch up to 60.", "100", 40, []string{"calm < 30 0% 30%", "*watch ≤ 60 30% 30%", "alarm  60% 40%"}},
		{"below a score, and no tier for the rest", "score max 100\na > 0 → +1 per a\ntiers { calm when score < 30 }",
			"The score is 40. On the score alone: calm below 30.", "100", 40, []string{"calm < 30 0% 30%", "  30% 70%"}},
		{"from nothing on", "score max 100\na > 0 → +1 per a\ntiers { top when score >= 50\n mid when score >= 0\n low otherwise }",
			"The score is 60. On the score alone: top from 50, mid from 0.", "100", 60, []string{"mid 0+ 0% 50%", "*top 50+ 50% 50%"}},
		{"without an end", "a > 0 → +1 per a\ntiers { top when score >= 50\n low otherwise }",
			"The score is 100. On the score alone: top from 50.", "", 100, []string{"low  0% 45.45%", "*top 50+ 45.45% 54.55%"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := compile(t, tt.rules).Explain(Account{Fields: map[string]any{"a": tt.a}}, testMoment)
			s := scaleOf(x)
			var bands []string
			for _, b := range s.Bands {
				chosen := ""
				if b.Chosen {
					chosen = "*"
				}
				bands = append(bands, chosen+strings.Join([]string{b.Name, b.Limit, b.X, b.Width}, " "))
			}
			require.Equal(t, tt.bands, bands)
			require.Equal(t, tt.top, s.Top)
			require.Equal(t, tt.words, scaleWords(x))
		})
	}
	s := scaleOf(compile(t, "score max 100\na > 0 → +1 per a\ntiers { calm when score < 30\n watch when score < 60\n alarm otherwise }").Explain(Account{Fields: map[string]any{"a": 5}}, testMoment))
	require.Equal(t, []string{"0.65", "0.48", "0.32"}, []string{s.Bands[0].Shade, s.Bands[1].Shade, s.Bands[2].Shade}, "the best tier is the darkest")
}
