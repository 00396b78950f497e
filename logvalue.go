package accountscore

import "log/slog"

// LogValue gives the account, the score with its range, the tier and what was
// amiss, for package slog. What is empty is left out.
func (r Result) LogValue() slog.Value {
	attrs := []slog.Attr{
		slog.String("account", r.AccountID), slog.Time("at", r.At),
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
		codes = append(codes, r.Code)
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

// LogValue gives the account, the trigger and what it saw before and after.
func (e Event) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("account", e.AccountID), slog.String("trigger", e.Trigger), slog.String("on", e.On)}
	if e.On == "tier" {
		attrs = append(attrs, slog.String("before", e.BeforeTier), slog.String("after", e.AfterTier))
	} else {
		attrs = append(attrs, slog.Float64("before", e.Before), slog.Float64("after", e.After))
	}
	if e.ModelChanged {
		attrs = append(attrs, slog.Bool("model_changed", true))
	}
	return slog.GroupValue(attrs...)
}

func appendText(attrs []slog.Attr, key, s string) []slog.Attr {
	if s == "" {
		return attrs
	}
	return append(attrs, slog.String(key, s))
}
