package soak

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestCommandThatEndsByItselfIsTold(t *testing.T) {
	t.Parallel()
	config := killedConfig("http://" + freeAddress(t))
	command := serverCommand(t, strings.TrimPrefix(config.Events[0], "http://"))
	config.Servers = [][]string{append([]string{"env", lifeVariable + "=700ms"}, command...)}
	a := mustSoak(t, config)
	if a.Passed() || len(a.Crashes) == 0 || !strings.Contains(a.Crashes[0], "exit status 3") {
		t.Errorf("%+v", a)
	}
}

func TestCommandThatDoesNotServeIsAnError(t *testing.T) {
	t.Parallel()
	config := killedConfig("http://" + freeAddress(t))
	config.Servers = [][]string{{"false"}}
	if _, err := Run(t.Context(), config); err == nil || !strings.Contains(err.Error(), "false ended before all were ready: exit status 1") {
		t.Error(err)
	}
}

func TestBackendIsAwaitedAndKilled(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	config := killedConfig("http://" + address)
	config.Backends = [][]string{serverCommand(t, address)} // it is the server as well
	config.Await = []string{address}
	config.Faults = mustParse(t, "backend 400ms-600ms")
	if a := mustSoak(t, config); !a.Passed() || a.Faults.BackendKills == 0 || a.Gaps == 0 {
		t.Errorf("%+v", a)
	}
}

func TestBackendThatIsNeverReadyIsAnError(t *testing.T) {
	t.Parallel()
	config := killedConfig("http://" + freeAddress(t))
	config.Backends = [][]string{{"sleep", "60"}}
	config.Await = []string{freeAddress(t)}
	config.Start = 200 * time.Millisecond
	if _, err := Run(t.Context(), config); err == nil || !strings.Contains(err.Error(), "nothing listens on "+config.Await[0]) {
		t.Error(err)
	}
}

func TestServerThatIsThereAlreadyIsNotMistakenForTheCommand(t *testing.T) {
	t.Parallel()
	config := roomsConfig(serveRooms(t))
	config.Servers = [][]string{{"false"}}
	if _, err := Run(t.Context(), config); err == nil || !strings.Contains(err.Error(), "something listens on") {
		t.Error(err)
	}
}

func TestChildrenOfTheCommandEndWithIt(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	config := killedConfig("http://" + address)
	// A shell that waits for the server, as "go run" does.
	config.Servers = [][]string{{"sh", "-c", strings.Join(serverCommand(t, address), " ") + "; true"}}
	config.Faults = mustParse(t, "kill 400ms-600ms")
	a := mustSoak(t, config)
	if !a.Passed() || a.Faults.Kills == 0 || a.Gaps == 0 {
		t.Errorf("%+v", a)
	}
	if err := probe(t.Context(), address); err == nil {
		t.Error("the server is still there")
	}
}

func TestInterruptEndsThePublishingAndNotTheAccount(t *testing.T) {
	t.Parallel()
	config := roomsConfig(serveRooms(t))
	config.Count = 0
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	config.Progress = func(p Progress) {
		if p.Published > 10 {
			cancel()
		}
	}
	a, err := Run(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Passed() || a.Received != a.Expected || a.Publishing > config.Duration/2 {
		t.Errorf("%+v", a)
	}
}
