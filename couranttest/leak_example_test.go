package couranttest_test

import (
	"fmt"

	"github.com/courant-dev/courant/couranttest"
)

// The code of a TestMain is that of the tests, or 1 if they leave something
// behind.
func ExampleRunAndCheckLeaks() {
	m := tests(func() int { // a *testing.M
		done := make(chan struct{})
		go close(done)
		return 0
	})
	fmt.Println(couranttest.RunAndCheckLeaks(m))
	// Output: 0
}

// A test that cleans up passes.
func ExampleCheckLeaks() {
	t := new(fakeTB) // a *testing.T
	couranttest.CheckLeaks(t)
	release := make(chan struct{})
	go plantedLeak(release)
	t.Cleanup(func() { close(release) })
	t.end()
	fmt.Println(len(t.failures), "failures")
	// Output: 0 failures
}
