package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The soak's clients, of which each room has as many.
const (
	soakClients = 30
	soakRooms   = 3
)

// TestSoak has courant soak publish at the program and watch it for 20 s, kill
// it again and again, reset connections and stop reading from others. Every
// message must be there at every client: once, in order, and no gap announced.
func TestSoak(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	cmd := exec.CommandContext(t.Context(), buildCourant(t), "soak", "--json", "--no-gaps",
		"--events", "http://"+address+"/rooms/{topic}/events",
		"--publish", "http://"+address+"/rooms/{topic}/messages",
		"--body", `{"author":"soak","text":"{event}"}`, "--key-header", "Idempotency-Key",
		"--topic-name", "sport", "--topic-name", "politics", "--topic-name", "weather",
		"--clients", "30", "--rate", "60", "--duration", "20s",
		"--faults", "kill 3s-5s, reset 300ms-1s, stall 500ms-2s 2",
		"--start", "2m", "--settle", "3m", // a slow machine may take its time
		"--", os.Args[0], "-addr", address, "-data", t.TempDir(), "-sync", "always")
	cmd.Env = append(os.Environ(), programVariable+"=1")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends the program
	cmd.WaitDelay = 10 * time.Second
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("soak: %v\n%s%s", err, out, said.String())
	}
	checkAccount(t, out)
}

// buildCourant builds the command courant and returns its file.
func buildCourant(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "courant")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", file, "./cmd/courant")
	build.Dir = filepath.Join("..", "..", "..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build courant: %v\n%s", err, out)
	}
	return file
}

// checkAccount checks what courant soak accounts for.
func checkAccount(t *testing.T, out []byte) {
	t.Helper()
	var a struct {
		Published, Uncertain, Refused, Expected, Received int64
		Lost, Doubled, Gaps, Strange                      int64
		Announced                                         int64 `json:"lost_announced"`
		OutOfOrder                                        int64 `json:"out_of_order"`
		Complete                                          int   `json:"complete_clients"`
		Crashes                                           []string
		Faults                                            struct{ Kills, Resets, Stalls int64 }
	}
	if err := json.Unmarshal(out, &a); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for what, wrong := range map[string]bool{
		"too little was published":                           a.Published < 300,
		"what is published is not known":                     a.Uncertain > 0 || a.Refused > 0,
		"not all was expected at all clients of its room":    a.Expected != a.Published*soakClients/soakRooms,
		"not all arrived":                                    a.Received != a.Expected || a.Complete != soakClients,
		"messages were lost, doubled, strange or disordered": a.Lost+a.Announced+a.Doubled+a.Strange+a.OutOfOrder > 0,
		"a gap was announced":                                a.Gaps > 0,
		"the program ended by itself":                        len(a.Crashes) > 0,
		"the program was killed once at most":                a.Faults.Kills < 2,
		"the network was too good":                           a.Faults.Resets < 5 || a.Faults.Stalls < 2,
	} {
		if wrong {
			t.Errorf("%s\n%s", what, out)
		}
	}
}
