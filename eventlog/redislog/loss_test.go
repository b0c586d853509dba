package redislog_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/redislog"
)

func TestEvictedTopicIsNoticed(t *testing.T) {
	for _, key := range []string{"courant:{log:t}", "courant:{log:t}:meta"} {
		t.Run(key, func(t *testing.T) {
			s := start(t)
			l := open(t, s.store(t), eventlog.Limits{})
			positions := appendData(t, l, "t", "1", "2")
			last := positions[1]
			f := follow(t, l, "t", positions[0])
			f.wait(t, "2")
			s.do(t, "DEL", key)
			appendData(t, l, "t", "3")
			_, err := read(t, l, "t", positions[0])
			wantTruncated(t, err, positions[0])
			if records, err := read(t, l, "t", last); err == nil {
				want(t, records, "3") // the stream alone was evicted: nothing after the last record is lost
			} else {
				wantTruncated(t, err, last)
			}
			records, err := read(t, l, "t", eventlog.Position{})
			if err != nil {
				t.Fatal(err)
			}
			want(t, records, "3")
		})
	}
}

// TestEvictionByMemoryIsNoticed fills a server that evicts until the first
// topics are gone: each position is whole or truncated.
func TestEvictionByMemoryIsNoticed(t *testing.T) {
	s := start(t, "--maxmemory", "8mb", "--maxmemory-policy", "allkeys-lru", "--appendfsync", "no")
	l := open(t, s.store(t), eventlog.Limits{})
	large := string(make([]byte, 40<<10))
	var first []eventlog.Position
	const topics = 200
	for i := range topics {
		first = append(first, appendData(t, l, fmt.Sprint(i), "first", large)...)
	}
	evicted := 0
	for i := range topics {
		at := first[2*i]
		records, err := read(t, l, fmt.Sprint(i), at)
		if err == nil {
			want(t, records, large)
			continue
		}
		evicted++
		wantTruncated(t, err, at)
	}
	if evicted == 0 || evicted == topics {
		t.Fatalf("%d of %d topics were evicted; the test shows nothing", evicted, topics)
	}
}

func TestFlushedLogHasAnotherEpoch(t *testing.T) {
	s := start(t)
	l := open(t, s.store(t), eventlog.Limits{})
	positions := appendData(t, l, "t", "1", "2")
	idle := follow(t, l, "t", positions[1])
	empty, err := l.Bounds(t.Context(), "empty")
	if err != nil {
		t.Fatal(err)
	}
	s.do(t, "FLUSHALL")
	wantTruncated(t, idle.outcome(t), positions[1])
	_, err = read(t, l, "empty", empty.End())
	wantReason(t, err, empty.End(), eventlog.OtherEpoch)
	appendData(t, l, "t", "3")
	_, err = read(t, l, "t", positions[0])
	wantReason(t, err, positions[0], eventlog.OtherEpoch)
}

func TestServerWithoutAppendOnlyFileHasAnotherEpoch(t *testing.T) {
	s := start(t, "--appendonly", "no")
	l := open(t, s.store(t), eventlog.Limits{})
	positions := appendData(t, l, "t", "1", "2")
	s.do(t, "SAVE")
	lost := appendData(t, l, "t", "3")
	s.restart(t)
	for _, at := range append(positions, lost...) {
		_, err := read(t, l, "t", at)
		wantReason(t, err, at, eventlog.OtherEpoch)
	}
	records, err := read(t, l, "t", eventlog.Position{})
	if err != nil {
		t.Fatal(err)
	}
	want(t, records, "1", "2")
}

// TestLostTailIsNoticed cuts the end of the append-only file off, as a power cut
// does.
func TestLostTailIsNoticed(t *testing.T) {
	s := start(t)
	l := open(t, s.store(t), eventlog.Limits{})
	kept := appendData(t, l, "t", "1")
	files, err := filepath.Glob(filepath.Join(s.dir, "appendonlydir", "*.incr.aof"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	info, err := os.Stat(files[0])
	if err != nil {
		t.Fatal(err)
	}
	lost := appendData(t, l, "t", "2", "3")
	f := follow(t, l, "t", kept[0])
	f.wait(t, "2", "3")
	s.kill(t)
	if err := os.Truncate(files[0], info.Size()); err != nil {
		t.Fatal(err)
	}
	s.run(t)
	wantTruncated(t, f.outcome(t), lost[1])
	_, err = read(t, l, "t", lost[0])
	wantReason(t, err, lost[0], eventlog.Unknown)
	records, err := read(t, l, "t", kept[0])
	if err != nil || len(records) != 0 {
		t.Fatalf("got %d records and error %v", len(records), err)
	}
	appendData(t, l, "t", "4")
	_, err = read(t, l, "t", lost[1])
	wantReason(t, err, lost[1], eventlog.Unknown)
}

func TestRestartOfTheServerIsNoGap(t *testing.T) {
	s := start(t)
	l := open(t, s.store(t), eventlog.Limits{})
	positions := appendData(t, l, "t", "1", "2")
	f := follow(t, l, "t", eventlog.Position{})
	f.wait(t, "1", "2")
	for round := range 3 {
		s.restart(t)
		got := appendData(t, l, "t", fmt.Sprint(3+round))
		if got[0].Epoch != positions[0].Epoch {
			t.Fatal("the epoch is another one")
		}
	}
	f.wait(t, "1", "2", "3", "4", "5")
	records, err := read(t, l, "t", positions[0])
	if err != nil {
		t.Fatal(err)
	}
	want(t, records, "2", "3", "4", "5")
}

// failover appends "1", stops the replica, appends "2" and "3", which it does
// not get, kills the master and promotes the replica. It returns a log on the
// latter and all positions.
func failover(t *testing.T, options ...redislog.Option) (l eventlog.Log, positions []eventlog.Position, replica *server) {
	t.Helper()
	master := start(t)
	master.listen(t)
	replica = start(t, "--replicaof", "127.0.0.1 "+master.port)
	old := open(t, master.store(t, options...), eventlog.Limits{})
	positions = appendData(t, old, "t", "1")
	await(t, "the replica has the first record", func() bool {
		n, err := replica.client(t).XLen(t.Context(), "courant:{log:t}").Result()
		return err == nil && n == 1
	})
	replica.signal(syscall.SIGSTOP)
	master.do(t, "CLIENT", "KILL", "TYPE", "replica") // else the kernel would keep for it what comes now
	positions = append(positions, appendData(t, old, "t", "2", "3")...)
	master.kill(t)
	replica.signal(syscall.SIGCONT)
	replica.do(t, "REPLICAOF", "NO", "ONE")
	if n, err := replica.client(t).XLen(t.Context(), "courant:{log:t}").Result(); err != nil || n != 1 {
		t.Fatalf("the replica has %d records and error %v; the test shows nothing", n, err)
	}
	return open(t, replica.store(t, options...), eventlog.Limits{}), positions, replica
}

func TestFailoverToAnOlderReplicaIsNoticed(t *testing.T) {
	l, positions, _ := failover(t)
	// Also at the position before what was lost.
	for range 2 {
		for _, at := range positions {
			_, err := read(t, l, "t", at)
			wantReason(t, err, at, eventlog.OtherEpoch)
		}
		appendData(t, l, "t", "new", "newer")
	}
}

func TestTrustedFailoverNoticesPositionsThatAreLost(t *testing.T) {
	l, positions, _ := failover(t, redislog.WithTrustedFailover())
	appendData(t, l, "t", "new", "newer")
	for _, at := range positions[1:] {
		_, err := read(t, l, "t", at)
		wantTruncated(t, err, at)
	}
	records, err := read(t, l, "t", positions[0])
	if err != nil {
		t.Fatal(err)
	}
	want(t, records, "new", "newer")
}

func TestWaitFailsWhereNoReplicaHasIt(t *testing.T) {
	master := start(t)
	master.listen(t)
	replica := start(t, "--replicaof", "127.0.0.1 "+master.port)
	l := open(t, master.store(t, redislog.WithWait(1, 300*time.Millisecond)), eventlog.Limits{})
	entry := eventlog.Entry{Key: "k"}
	await(t, "the replica acknowledges", func() bool {
		_, err := l.Append(t.Context(), "t", eventlog.Entry{})
		return err == nil
	})
	replica.signal(syscall.SIGSTOP)
	positions, err := l.Append(t.Context(), "t", entry)
	var e *redislog.ReplicationError
	if !errors.As(err, &e) || e.Replicas != 0 || e.Wanted != 1 || len(positions) != 1 {
		t.Fatalf("got %v and error %v", positions, err)
	}
	// What is not appended again has to be waited for all the same.
	if _, err := l.Append(t.Context(), "t", entry); !errors.As(err, &e) {
		t.Fatalf("got error %v", err)
	}
	replica.signal(syscall.SIGCONT)
	again, err := l.Append(t.Context(), "t", entry)
	if err != nil || again[0] != positions[0] {
		t.Fatalf("got %v, want %v; error %v", again, positions, err)
	}
}

func TestReplicaIsNotRead(t *testing.T) {
	master := start(t)
	master.listen(t)
	replica := start(t, "--replicaof", "127.0.0.1 "+master.port)
	l := open(t, master.store(t), eventlog.Limits{})
	appendData(t, l, "t", "1")
	await(t, "the replica has the record", func() bool {
		n, err := replica.client(t).XLen(t.Context(), "courant:{log:t}").Result()
		return err == nil && n == 1
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if l, err := replica.store(t).Open(ctx, "log", eventlog.Limits{}); err == nil {
		t.Fatalf("a replica was opened: %v", l)
	}
}
