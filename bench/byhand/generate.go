package byhand

//go:generate go run ./gen -o hundred.go
