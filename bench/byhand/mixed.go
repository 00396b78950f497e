package byhand

import (
	"time"

	"github.com/accountscore/accountscore/bench/fixture"
)

const day = 24 * time.Hour

// Mixed scores a struct at a moment.
func Mixed(a *fixture.Mixed, at time.Time) float64 {
	score := 0
	if a.Employees != nil {
		if n := *a.Employees; n >= 1000 {
			score += 20
		} else if n >= 100 && n <= 999 {
			score += 10
		}
	}
	if a.Revenue != nil && *a.Revenue >= 10_000_000 && *a.Revenue <= 500_000_000 {
		score += 15
	}
	switch a.Industry {
	case "Software", "Finance", "Healthcare":
		score += 15
	}
	switch a.Country {
	case "US", "UK", "CA", "AU", "DE":
		score += 10
	}
	switch a.Plan {
	case "Enterprise":
		score += 20
	case "Pro", "Business":
		if a.Employees != nil && *a.Employees > 200 {
			score += 10
		}
	}
	if a.Customer != nil {
		if *a.Customer {
			score += 10
		} else if a.Country != "" && a.Country != "US" && (a.Revenue == nil || *a.Revenue >= 50_000_000) {
			score += 5
		}
	}
	if within(a.LastFunding, at, 180*day) {
		score += 20
	}
	return float64(score)
}

// within tells whether a moment lies in the window that ends at another.
func within(t, at time.Time, window time.Duration) bool {
	if t.IsZero() {
		return false
	}
	age := at.Sub(t)
	return age >= 0 && age <= window
}

// MixedMap scores a map at a moment.
func MixedMap(a map[string]any, at time.Time) float64 {
	score := 0
	employees, hasEmployees := a["employees"].(float64)
	if hasEmployees {
		if employees >= 1000 {
			score += 20
		} else if employees >= 100 && employees <= 999 {
			score += 10
		}
	}
	revenue, hasRevenue := a["revenue"].(float64)
	if hasRevenue && revenue >= 10_000_000 && revenue <= 500_000_000 {
		score += 15
	}
	switch v, _ := a["industry"].(string); v {
	case "Software", "Finance", "Healthcare":
		score += 15
	}
	country, _ := a["country"].(string)
	switch country {
	case "US", "UK", "CA", "AU", "DE":
		score += 10
	}
	switch v, _ := a["plan"].(string); v {
	case "Enterprise":
		score += 20
	case "Pro", "Business":
		if hasEmployees && employees > 200 {
			score += 10
		}
	}
	if customer, ok := a["customer"].(bool); ok {
		if customer {
			score += 10
		} else if country != "" && country != "US" && (!hasRevenue || revenue >= 50_000_000) {
			score += 5
		}
	}
	if t, ok := a["last_funding"].(time.Time); ok && within(t, at, 180*day) {
		score += 20
	}
	return float64(score)
}
