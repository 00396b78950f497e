//go:build !linux

package paired

import "time"

// cpu is the wall clock where the processor time of the process is not read.
func cpu() time.Time { return time.Now() }
