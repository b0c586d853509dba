package logtest

import (
	"context"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/memlog"
)

type (
	records    = iter.Seq2[eventlog.Record, error]
	readFunc   = func(ctx context.Context, topic string, after eventlog.Position) records
	appendFunc = func(ctx context.Context, topic string, entries ...eventlog.Entry) ([]eventlog.Position, error)
)

// defectLog is a log of which methods are replaced.
type defectLog struct {
	eventlog.Log

	store  *defectStore
	name   string
	given  eventlog.Limits
	append appendFunc
	read   readFunc
	follow readFunc
	bounds func(ctx context.Context, topic string) (eventlog.Bounds, error)
	trim   func(ctx context.Context, topic string, through eventlog.Position) error
}

func (l *defectLog) Append(ctx context.Context, topic string, entries ...eventlog.Entry) ([]eventlog.Position, error) {
	return l.append(ctx, topic, entries...)
}

func (l *defectLog) Read(ctx context.Context, topic string, after eventlog.Position) records {
	return l.read(ctx, topic, after)
}

func (l *defectLog) Follow(ctx context.Context, topic string, after eventlog.Position) records {
	return l.follow(ctx, topic, after)
}

func (l *defectLog) Bounds(ctx context.Context, topic string) (eventlog.Bounds, error) {
	return l.bounds(ctx, topic)
}

func (l *defectLog) Trim(ctx context.Context, topic string, through eventlog.Position) error {
	return l.trim(ctx, topic, through)
}

// each replaces both ways to read by one that changes the records.
func (l *defectLog) each(change func(ctx context.Context, from readFunc, topic string, after eventlog.Position) records) {
	for _, from := range []*readFunc{&l.read, &l.follow} {
		was := *from
		*from = func(ctx context.Context, topic string, after eventlog.Position) records {
			return change(ctx, was, topic, after)
		}
	}
}

// inTopic replaces the topic that all methods are called with.
func (l *defectLog) inTopic(other func(topic string) string) {
	l.append = func(ctx context.Context, topic string, entries ...eventlog.Entry) ([]eventlog.Position, error) {
		return l.Log.Append(ctx, other(topic), entries...)
	}
	l.each(func(ctx context.Context, from readFunc, topic string, after eventlog.Position) records {
		return from(ctx, other(topic), after)
	})
	l.bounds = func(ctx context.Context, topic string) (eventlog.Bounds, error) {
		return l.Log.Bounds(ctx, other(topic))
	}
	l.trim = func(ctx context.Context, topic string, through eventlog.Position) error {
		return l.Log.Trim(ctx, other(topic), through)
	}
}

// fail yields one error.
func fail(err error) records {
	return func(yield func(eventlog.Record, error) bool) { yield(eventlog.Record{}, err) }
}

// defectStore is a memlog with one defect.
type defectStore struct {
	*defect

	mu     sync.Mutex
	inner  eventlog.Store
	opened int
}

// defect is what is wrong with a store.
type defect struct {
	name   string
	breaks []string // rules
	log    func(l *defectLog)
	limits func(eventlog.Limits) eventlog.Limits
	opens  func(s *defectStore, name string) string // the log that is opened instead
	closes func(s *defectStore) error
	starts func(s *defectStore) eventlog.Store // what is there after a restart
	keeps  bool                                // what starts returns is said to have its records
	lose   func(s *defectStore)
}

func newDefect(d *defect) *defectStore {
	return &defectStore{defect: d, inner: memlog.New()}
}

func (s *defectStore) Open(ctx context.Context, name string, limits eventlog.Limits) (eventlog.Log, error) {
	s.mu.Lock()
	s.opened++
	inner := s.inner
	s.mu.Unlock()
	if s.limits != nil {
		limits = s.limits(limits)
	}
	if s.opens != nil {
		name = s.opens(s, name)
	}
	l, err := inner.Open(ctx, name, limits)
	if err != nil {
		return nil, err
	}
	broken := &defectLog{Log: l, store: s, name: name, given: limits, append: l.Append, read: l.Read, follow: l.Follow, bounds: l.Bounds, trim: l.Trim}
	if s.defect.log != nil {
		s.defect.log(broken)
	}
	return broken, nil
}

func (s *defectStore) Close() error {
	if s.closes != nil {
		return s.closes(s)
	}
	return s.inner.Close()
}

// config is that of a suite for such stores.
func (d *defect) config(patience time.Duration) *config {
	options := []Option{WithPatience(patience), WithTopics(300), WithAge(100 * time.Millisecond)}
	memory := Loses
	if d.keeps {
		memory = Keeps
	}
	options = append(options, WithRestart(memory, func(_ testing.TB, s eventlog.Store) eventlog.Store {
		broken := s.(*defectStore)
		if d.starts != nil {
			return d.starts(broken)
		}
		_ = broken.inner.Close() // never fails
		return newDefect(d)
	}))
	if d.lose != nil {
		options = append(options, WithLoss(func(_ testing.TB, s eventlog.Store) { d.lose(s.(*defectStore)) }))
	}
	return newConfig(func(testing.TB) eventlog.Store { return newDefect(d) }, options)
}
