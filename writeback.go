package accountscore

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/accountscore/accountscore/internal/micro"
)

// What a CRM's custom fields hold.
const (
	// WritebackReasons is how many reasons are written back.
	WritebackReasons = 3
	// WritebackText is how long a text may be, in UTF-16 units, as most CRMs
	// count characters. A longer one is cut and ends with "…".
	WritebackText = 255
	// WritebackKey is how long a key may be, and WritebackPrefix how much of
	// it the prefix.
	WritebackKey    = 40
	WritebackPrefix = 16
)

// Writeback gives the result as the flat values that custom fields of a CRM
// hold. Every key begins with the prefix and stands in every result of a
// model, so that a value that is gone is cleared: an empty text stands for
// none. The keys are a contract:
//
//	score low high                        numbers
//	tier disqualified_because grade       texts
//	tier_certain                          bool
//	contacts engaged_contacts senior_engaged unknown invalid   ints
//	completeness                          a number
//	scored_at                             RFC 3339 in UTC, whole seconds; empty outside of its years 0 to 9999
//	model                                 text, the model's hash
//	dimension_NAME                        a number, for each dimension
//	grade_NAME                            text, for each dimension with grades
//	label_NAME                            text, for each further ladder
//
// Keys are of a–z, 0–9 and _, at most 40 long. A name that is not of these, or
// too long, is made so and ends with eight digits of its hash, so that its key
// depends on nothing else and is no other name's. Of the prefix at most 16
// characters are taken, and any other than these becomes _. Numbers have two
// decimals. Texts have no line ends, nothing that turns the direction of what
// stands behind them, and at most 255 characters. A nil result is the zero one.
func (r *Result) Writeback(prefix string) map[string]any {
	if r == nil {
		r = &Result{}
	}
	w := writeback{prefix: slug(prefix, WritebackPrefix), values: map[string]any{}}
	w.number("score", r.Score)
	w.number("low", r.Low)
	w.number("high", r.High)
	w.text("tier", r.Tier)
	w.set("tier_certain", r.TierCertain)
	w.text("disqualified_because", r.Reason)
	w.text("grade", r.Grade)
	w.set("contacts", r.Contacts)
	w.set("engaged_contacts", r.Engaged)
	w.set("senior_engaged", r.SeniorEngaged)
	w.number("completeness", r.Completeness)
	w.set("unknown", r.Unknown)
	w.set("invalid", r.Invalid)
	at := ""
	if when := r.At.UTC(); when.Year() >= 0 && when.Year() <= 9999 {
		at = when.Format(time.RFC3339)
	}
	w.set("scored_at", at)
	w.text("model", r.ModelHash)
	for _, d := range r.Dimensions {
		w.number(w.key("dimension_", d.Name), d.Points)
	}
	for _, l := range r.Labels {
		kind, name := "label_", l.Name
		if dimension, ok := strings.CutSuffix(l.Name, ".grade"); ok {
			kind, name = "grade_", dimension
		}
		w.text(w.key(kind, name), l.Value)
	}
	return w.values
}

// Writeback gives what [Result.Writeback] gives, and why: the first
// WritebackReasons of [Explanation.Reasons] and what is missing. To the keys
// come, all of them in every explanation:
//
//	reason_1 reason_2 reason_3                          texts, with what is missing
//	reason_1_code reason_2_code reason_3_code           texts
//	reason_1_points reason_2_points reason_3_points     numbers: the impact
//	missing                                             text: fields, with "; " between them
//	ruleset                                             text: name and version
//	next_step                                           text, with [NextStep] alone
func (x *Explanation) Writeback(prefix string, opts ...WritebackOption) map[string]any {
	x = x.made()
	w := writeback{prefix: slug(prefix, WritebackPrefix), values: x.Result.Writeback(prefix)}
	for _, opt := range opts {
		opt(&w)
	}
	if w.nextStep {
		step := ""
		if _, paths := x.way(); len(paths) > 0 {
			step = paths[0].changes() // none where it is out of reach
		}
		w.text("next_step", step)
	}
	reasons := x.Reasons(WritebackReasons)
	for i := range WritebackReasons {
		var r Reason
		if i < len(reasons) {
			r = reasons[i]
		}
		key := fmt.Sprintf("reason_%d", i+1)
		w.text(key, r.told())
		w.text(key+"_code", r.Code)
		w.number(key+"_points", r.Impact)
	}
	var missing []string
	for _, n := range x.Missing {
		missing = append(missing, n.Field)
	}
	w.text("missing", strings.Join(missing, "; "))
	w.text("ruleset", x.Ruleset+" "+x.Version)
	return w.values
}

// WritebackOption adds keys to [Explanation.Writeback].
type WritebackOption func(*writeback)

// NextStep adds next_step: the changes of the path of least effort to the next
// tier, see [Explanation.Lift], or to the one that [Explanation.Towards] names.
// It is empty where the account has that tier, where no path was found, and for
// an explanation that was read from JSON. The paths are sought once for an
// explanation, which takes some tens of milliseconds at most.
func NextStep() WritebackOption { return func(w *writeback) { w.nextStep = true } }

type writeback struct {
	prefix   string
	values   map[string]any
	nextStep bool
}

func (w *writeback) set(key string, v any) { w.values[w.prefix+key] = v }

func (w *writeback) number(key string, f float64) { w.set(key, micro.Of(f).Round(2).Float()) }

func (w *writeback) text(key, s string) { w.set(key, crmText(s)) }

// key gives the key of a name of the ruleset, without the prefix.
func (w *writeback) key(kind, name string) string {
	room := WritebackKey - len(w.prefix) - len(kind)
	if p := slug(name, room); p == name {
		return kind + name
	}
	sum := sha256.Sum256([]byte(name))
	return kind + slug(name, room-9) + "_" + hex.EncodeToString(sum[:4])
}

// slug makes a text of a–z, 0–9 and _, no longer than most.
func slug(s string, most int) string {
	var b strings.Builder
	for _, r := range s {
		if b.Len() == most {
			break
		}
		switch r = unicode.ToLower(r); {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	return b.String()
}

// crmText gives a text on one line, cut at a character.
func crmText(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
	units, end := 0, 0
	for i, r := range s {
		if units += utf16.RuneLen(r); units > WritebackText {
			return s[:end] + "…"
		}
		if units < WritebackText {
			end = i + len(string(r))
		}
	}
	return s
}
