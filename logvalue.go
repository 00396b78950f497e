package accountscore

import "log/slog"

// maxLogText is how many characters of a text are logged, so that no account
// floods a log with its id.
const maxLogText = 256

// logged gives a text that is part of a log.
func logged(key, s string) slog.Attr { return slog.String(key, shorten(s, maxLogText)) }

// LogValue gives the account, the score with its range, the tier and what was
// amiss, for package slog. What is empty is left out, and texts are cut after
// 256 characters.
func (r Result) LogValue() slog.Value {
	attrs := []slog.Attr{
		logged("account", r.AccountID), slog.Time("at", r.At),
		slog.Float64("score", r.Score), slog.Float64("low", r.Low), slog.Float64("high", r.High),
	}
	attrs = appendText(attrs, "tier", r.Tier)
	if r.Tier != "" {
		attrs = append(attrs, slog.Bool("certain", r.TierCertain))
	}
	attrs = appendText(attrs, "reason", r.Reason)
	attrs = appendText(attrs, "grade", r.Grade)
	if r.Unknown > 0 {
		attrs = append(attrs, slog.Int("unknown", r.Unknown))
	}
	if r.Invalid > 0 {
		attrs = append(attrs, slog.Int("invalid", r.Invalid))
	}
	return slog.GroupValue(appendText(attrs, "model", r.ModelHash)...)
}

// LogValue gives what [Result.LogValue] gives, the codes of the first three
// reasons and the number of missing and stale fields.
func (x *Explanation) LogValue() slog.Value {
	if x == nil {
		return slog.AnyValue(nil)
	}
	attrs := x.Result.LogValue().Group()
	var codes []string
	for _, r := range x.Reasons(3) {
		codes = append(codes, shorten(r.Code, maxLogText))
	}
	if len(codes) > 0 {
		attrs = append(attrs, slog.Any("reasons", codes))
	}
	if n := len(x.Missing); n > 0 {
		attrs = append(attrs, slog.Int("missing", n))
	}
	if n := len(x.Stale); n > 0 {
		attrs = append(attrs, slog.Int("stale", n))
	}
	return slog.GroupValue(attrs...)
}

// LogValue gives the account, the trigger, what it saw before and after, and
// the first three causes: rules by their ids, what is no rule in words.
func (e Event) LogValue() slog.Value {
	attrs := []slog.Attr{logged("account", e.AccountID), logged("trigger", e.Trigger), slog.String("on", e.On)}
	if e.On == "tier" {
		attrs = append(attrs, logged("before", e.BeforeTier), logged("after", e.AfterTier))
	} else {
		attrs = append(attrs, slog.Float64("before", e.Before), slog.Float64("after", e.After))
	}
	if e.ModelChanged {
		attrs = append(attrs, slog.Bool("model_changed", true))
	}
	var causes []string
	for i := range e.Causes[:min(len(e.Causes), 3)] {
		c := &e.Causes[i]
		causes = append(causes, shorten(orElse(c.Rule, c.Text), maxLogText))
	}
	if len(causes) > 0 {
		attrs = append(attrs, slog.Any("causes", causes))
	}
	return slog.GroupValue(attrs...)
}

func appendText(attrs []slog.Attr, key, s string) []slog.Attr {
	if s == "" {
		return attrs
	}
	return append(attrs, logged(key, s))
}
