// Package measure owns what the commands of this module have in common:
// processor time, medians, and how figures are written.
package measure

import (
	"fmt"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// ProcessorTime returns what the process has used so far, in user and kernel
// mode.
func ProcessorTime() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("getrusage: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// Median returns the middle one of values.
func Median[T float64 | time.Duration](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// MedianOf returns the middle one of a figure of many results.
func MedianOf[R any](results []R, figure func(R) float64) float64 {
	var values []float64
	for _, r := range results {
		values = append(values, figure(r))
	}
	return Median(values)
}

// Thousands writes a number rounded, with a comma after each three digits.
func Thousands(f float64) string {
	digits := strconv.FormatFloat(f, 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
