// Package byhand is each ruleset of package fixture as a Go programmer writes
// it out by hand, over structs, maps, rows with contacts, and columns. It gives
// the same scores as the library and nothing else: no range, no tier, no
// count of what is unknown.
package byhand

import "github.com/accountscore/accountscore/bench/fixture"

// Enterprise scores a struct.
func Enterprise(a *fixture.Enterprise) float64 {
	score := 0
	if a.Employees != nil && *a.Employees >= 1000 {
		score += 50
	}
	if a.Revenue != nil && *a.Revenue >= 50_000_000 {
		score += 45
	}
	switch a.Country {
	case "US", "UK", "CA", "AU", "DE":
		score += 20
	}
	switch a.Industry {
	case "Technology", "Finance", "Healthcare":
		score += 30
	}
	return float64(score)
}

// EnterpriseMap scores a map.
func EnterpriseMap(a map[string]any) float64 {
	score := 0
	if v, ok := a["employees"].(float64); ok && v >= 1000 {
		score += 50
	}
	if v, ok := a["revenue"].(float64); ok && v >= 50_000_000 {
		score += 45
	}
	switch v, _ := a["country"].(string); v {
	case "US", "UK", "CA", "AU", "DE":
		score += 20
	}
	switch v, _ := a["industry"].(string); v {
	case "Technology", "Finance", "Healthcare":
		score += 30
	}
	return float64(score)
}

// EnterpriseValues scores a struct in which zero is missing.
func EnterpriseValues(a *fixture.EnterpriseValues) float64 {
	score := 0
	if a.Employees >= 1000 {
		score += 50
	}
	if a.Revenue >= 50_000_000 {
		score += 45
	}
	switch a.Country {
	case "US", "UK", "CA", "AU", "DE":
		score += 20
	}
	switch a.Industry {
	case "Technology", "Finance", "Healthcare":
		score += 30
	}
	return float64(score)
}
