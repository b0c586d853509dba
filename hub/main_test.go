package hub_test

import (
	"os"
	"testing"

	"github.com/courant-dev/courant/couranttest"
)

func TestMain(m *testing.M) { os.Exit(couranttest.RunAndCheckLeaks(m)) }
