package logtest

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/memlog"
)

func TestCrash(t *testing.T) {
	Crash(t, func(t testing.TB, dir string) eventlog.Store { return openFile(t, dir, "") }, WithRounds(4))
}

func TestCrashFindsWhatIsLost(t *testing.T) {
	findsByCrash(t, "acknowledges early", "were acknowledged")
}

func TestCrashFindsAnotherEpoch(t *testing.T) {
	findsByCrash(t, "begins another epoch", "was acknowledged at")
}

func TestCrashFindsWhatIsAppendedTwice(t *testing.T) {
	findsByCrash(t, "forgets keys", "stands where")
}

// findsByCrash runs Crash on a store with a defect.
func findsByCrash(t *testing.T, defect, finding string) {
	crashes := func(t testing.TB) {
		c := &crash{rounds: 40, open: func(t testing.TB, dir string) eventlog.Store { return openFile(t, dir, defect) }}
		c.run(t)
	}
	if os.Getenv(crashDir) != "" {
		crashes(t)
		return
	}
	if report := record(t, crashes); !strings.Contains(report, finding) {
		t.Errorf("a store that %s is found to be so: %q, want %q", defect, report, finding)
	}
}

// fileStore is a store with one log, which is a memlog that has each call of Append
// in a file first.
type fileStore struct {
	eventlog.Store

	defect string
	epoch  eventlog.Epoch
	log    eventlog.Log

	mu      sync.Mutex
	file    *os.File
	pending []byte // of a store that acknowledges early
}

type line struct {
	Topic   string
	Entries []eventlog.Entry
}

func openFile(t testing.TB, dir, defect string) *fileStore {
	s := &fileStore{Store: memlog.New(), defect: defect, epoch: 7}
	if defect == "begins another epoch" {
		s.epoch = eventlog.Epoch(os.Getpid())
	}
	name := filepath.Join(dir, "log")
	text, err := os.ReadFile(name)
	if err == nil || os.IsNotExist(err) {
		s.file, err = os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	}
	if err == nil {
		s.log, err = s.Store.Open(t.Context(), "log", eventlog.Limits{})
	}
	whole := bytes.LastIndexByte(text, '\n') + 1 // what follows was being written
	if err == nil {
		err = s.file.Truncate(int64(whole))
	}
	for text := range bytes.Lines(text[:whole]) {
		var one line
		if err == nil {
			err = json.Unmarshal(text, &one)
		}
		if err == nil {
			s.forget(one.Entries)
			_, err = s.log.Append(t.Context(), one.Topic, one.Entries...)
		}
	}
	if err != nil {
		t.Fatalf("opening a store in a file: %v", err)
	}
	return s
}

// forget removes the keys, where that is the defect.
func (s *fileStore) forget(entries []eventlog.Entry) {
	for i := range entries {
		if s.defect == "forgets keys" {
			entries[i].Key = ""
		}
	}
}

func (s *fileStore) Open(context.Context, string, eventlog.Limits) (eventlog.Log, error) {
	return &fileLog{s.log, s}, nil
}

func (s *fileStore) Close() error {
	if _, err := s.file.Write(s.pending); err != nil {
		return err
	}
	_ = s.Store.Close() // never fails
	return s.file.Close()
}

type fileLog struct {
	eventlog.Log

	store *fileStore
}

func (l *fileLog) Append(ctx context.Context, topic string, entries ...eventlog.Entry) ([]eventlog.Position, error) {
	text, err := json.Marshal(line{topic, entries})
	if err != nil {
		return nil, err
	}
	s := l.store
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = append(append(s.pending, text...), '\n')
	if s.defect != "acknowledges early" || len(s.pending) > 2000 {
		_, err = s.file.Write(s.pending)
		s.pending = nil
	}
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		return nil, err
	}
	positions, err := l.Log.Append(ctx, topic, entries...)
	for i := range positions {
		positions[i].Epoch = s.epoch
	}
	return positions, err
}

func (l *fileLog) Read(ctx context.Context, topic string, after eventlog.Position) records {
	return eachRecord(func(r *eventlog.Record) { r.Position.Epoch = l.store.epoch })(ctx, l.Log.Read, topic, after)
}
