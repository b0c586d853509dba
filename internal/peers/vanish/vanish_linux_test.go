package vanish_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// roleVariable, when it is set, makes a process of this test's binary the server
// or the client.
const roleVariable = "COURANT_VANISH_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "server":
		exit(serve())
	case "client":
		exit(watch())
	}
	os.Exit(m.Run())
}

// How many clients there are of each kind.
const (
	beating = 1000 // with heartbeats as they are by default
	quiet   = 100  // without
	plain   = 20   // at an ordinary listener
)

// limit is what is promised: as long as a server may take to notice.
const limit = time.Minute

// TestServerNoticesClientsThatVanish opens streams from another network
// namespace, lets nothing more leave that namespace, and waits until every method
// has learned of it. Those at an ordinary listener must not: else they did not
// vanish without a word, and the test shows nothing.
func TestServerNoticesClientsThatVanish(t *testing.T) {
	if _, err := exec.LookPath("ip"); err != nil {
		t.Fatal("the test makes network namespaces: install iproute2, as scripts/setup does when it is root")
	}
	cmd := role("server")
	if os.Geteuid() != 0 { // who is root in a user namespace may make the others
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}}
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the test makes network namespaces, for which it has to be root, or the system has to let users make user namespaces: %v", err)
	}
	var got map[string]tally
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v: %q", err, out)
	}
	for name, streams := range map[string]int{"beating": beating, "quiet": quiet} {
		tally := got[name]
		if tally.Opened != streams || tally.Noticed != streams || tally.PeerGone != streams || tally.Left != 0 {
			t.Errorf("%s: want all %d noticed, have %+v", name, streams, tally)
		}
		if tally.Slowest >= limit {
			t.Errorf("%s: noticed after %v", name, tally.Slowest)
		}
		t.Logf("%s: %d of %d noticed, after %v to %v", name, tally.Noticed, tally.Opened, tally.Fastest, tally.Slowest)
	}
	if tally := got["plain"]; tally.Opened != plain || tally.Left != plain {
		t.Errorf("at an ordinary listener: want %d that are taken for alive, have %+v", plain, tally)
	}
}

// role returns the command of a process that has a network of its own.
func role(name string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+name)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	return cmd
}

// ip runs a command of iproute2 in the namespace of the process.
func ip(command string) error {
	cmd := exec.Command("ip", strings.Fields(command)...)
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

func exit(err error) {
	if err != nil {
		_, _ = os.Stderr.WriteString(os.Getenv(roleVariable) + ": " + err.Error() + "\n")
		os.Exit(1)
	}
	os.Exit(0)
}
