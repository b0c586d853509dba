package logtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/eventlog/memlog"
)

// defects are what a log may get wrong, each with the rules that have to find
// it.
func defects() []*defect {
	return slices.Concat(readDefects(), positionDefects(), limitDefects(), appendDefects(), nameDefects(), endDefects(), restartDefects())
}

func readDefects() []*defect {
	return []*defect{
		{name: "yields records in pairs the wrong way round", breaks: []string{"read yields what was appended in order"}, log: func(l *defectLog) { l.each(swapPairs) }},
		{
			name: "drops a record where a reader joins", log: func(l *defectLog) { l.each(skipOne) },
			breaks: []string{"follow joins where another ended", "every position of every window is whole or truncated", "an offset between two records is whole or truncated"},
		},
		{name: "yields the record of the position again", breaks: []string{"follow begins after a position", "follow joins where another ended"}, log: func(l *defectLog) { l.each(oneBefore) }},
		{name: "drops what is appended between replay and live", breaks: []string{"concurrent appends reach all followers alike"}, log: replayThenLive(false)},
		{name: "doubles what is appended between replay and live", breaks: []string{"concurrent appends reach all followers alike"}, log: replayThenLive(true)},
		{name: "does not end a Read", breaks: []string{"read ends under appends"}, log: func(l *defectLog) { l.read = l.follow }},
		{name: "does not follow", breaks: []string{"follow goes on with what is appended"}, log: neverLive},
		{name: "fails where there is no topic", breaks: []string{"follow waits for a topic that is not there"}, log: onlyWhatIsThere},
		{name: "follows all topics at once", breaks: []string{"follow of one topic does not see others"}, log: func(l *defectLog) { l.inTopic(func(string) string { return "all" }) }},
		{name: "leaves a goroutine behind", breaks: []string{"breaking out of an iterator frees what it holds"}, log: leaks},
		{name: "yields data in a buffer that it uses again", breaks: []string{"the receiver may keep records"}, log: sharedBuffer},
		{name: "says nothing of truncation", log: func(l *defectLog) { l.each(ignoreTruncation("")) }, breaks: []string{
			"trimming faster than reading is noticed", "every position of every window is whole or truncated", "every position of every trimmed topic is whole or truncated",
		}},
	}
}

func positionDefects() []*defect {
	return []*defect{
		{name: "is truncated one record too early", breaks: []string{"every position of every window is whole or truncated"}, log: func(l *defectLog) { l.each(truncatedEarly(l)) }},
		{name: "does not say what was before the oldest record", breaks: []string{"every position of every window is whole or truncated"}, log: func(l *defectLog) { l.each(nothingBefore) }},
		{name: "takes offset 0 for a position like others", breaks: []string{"offset 0 is before the oldest record"}, log: func(l *defectLog) { l.each(zeroIsUnknown) }},
		{name: "does not look at the epoch", breaks: []string{"a position of another epoch is truncated"}, log: func(l *defectLog) { l.each(ignoreTruncation(eventlog.OtherEpoch)) }},
		{name: "does not look whether an offset is known", breaks: []string{"a position beyond the end is truncated"}, log: func(l *defectLog) { l.each(ignoreTruncation(eventlog.Unknown)) }},
		{name: "uses offsets again", breaks: []string{"every position of every trimmed topic is whole or truncated"}, log: usesOffsetsAgain},
		{name: "trims one record too many", breaks: []string{"every position of every trimmed topic is whole or truncated"}, log: trimsNext},
		{name: "has bounds that do not move", breaks: []string{"every position of every window is whole or truncated"}, log: func(l *defectLog) {
			l.bounds = func(ctx context.Context, topic string) (eventlog.Bounds, error) {
				b, err := l.Log.Bounds(ctx, topic)
				b.Oldest = min(b.Oldest, 1)
				return b, err
			}
		}},
	}
}

func limitDefects() []*defect {
	changed := func(change func(*eventlog.Limits)) func(eventlog.Limits) eventlog.Limits {
		return func(l eventlog.Limits) eventlog.Limits {
			change(&l)
			return l
		}
	}
	var first sync.Map
	return []*defect{
		{name: "keeps one event too few", breaks: []string{"every position of every window is whole or truncated"}, limits: changed(func(l *eventlog.Limits) { l.MaxEvents = max(l.MaxEvents-1, 1) })},
		{name: "knows no MaxEvents", breaks: []string{"every position of every window is whole or truncated"}, limits: changed(func(l *eventlog.Limits) { l.MaxEvents = 0 })},
		{name: "knows no MaxAge", breaks: []string{"max age trims old records"}, limits: changed(func(l *eventlog.Limits) { l.MaxAge = 0 })},
		{name: "trims early", breaks: []string{"max age trims old records"}, limits: changed(func(l *eventlog.Limits) { l.MaxAge /= 3 })},
		{name: "knows no MaxBytes", breaks: []string{"max bytes bounds a topic"}, limits: changed(func(l *eventlog.Limits) { l.MaxBytes = 0 })},
		{name: "has a limit of its own", breaks: []string{"no limit keeps all"}, limits: changed(func(l *eventlog.Limits) { l.MaxEvents = 500 })},
		{name: "keeps the limits that were given first", breaks: []string{"limits are those that were given last"}, limits: func(l eventlog.Limits) eventlog.Limits {
			kept, _ := first.LoadOrStore("limits", l)
			return kept.(eventlog.Limits)
		}},
		{name: "trims all topics", breaks: []string{"trim of one topic leaves others"}, log: func(l *defectLog) {
			l.trim = func(ctx context.Context, topic string, through eventlog.Position) error {
				return errors.Join(l.Log.Trim(ctx, "a", through), l.Log.Trim(ctx, topic, through))
			}
		}},
	}
}

func appendDefects() []*defect {
	changed := func(change func(e *eventlog.Entry)) func(l *defectLog) {
		return func(l *defectLog) {
			l.append = func(ctx context.Context, topic string, entries ...eventlog.Entry) ([]eventlog.Position, error) {
				entries = slices.Clone(entries)
				for i := range entries {
					change(&entries[i])
				}
				return l.Log.Append(ctx, topic, entries...)
			}
		}
	}
	return []*defect{
		{name: "returns the positions of other entries", breaks: []string{"append returns the positions of the records"}, log: func(l *defectLog) { l.append = reversed(l, false) }},
		{name: "appends the entries of a call the wrong way round", breaks: []string{"entries of one call stand in order"}, log: func(l *defectLog) { l.append = reversed(l, true) }},
		{name: "appends an entry where there is none", breaks: []string{"append of nothing appends nothing"}, log: func(l *defectLog) {
			l.append = func(ctx context.Context, topic string, entries ...eventlog.Entry) ([]eventlog.Position, error) {
				if len(entries) == 0 {
					_, _ = l.Log.Append(ctx, topic, entry(""))
				}
				return l.Log.Append(ctx, topic, entries...)
			}
		}},
		{name: "has room for 200 topics", breaks: []string{"many topics are cheap"}, log: func(l *defectLog) { l.inTopic(atMost(200)) }},
		{name: "knows no keys", breaks: []string{"an entry of the same key is appended once", "concurrent appends of one key are one record"}, log: changed(func(e *eventlog.Entry) { e.Key = "" })},
		{name: "keeps the keys of all topics together", breaks: []string{"keys are of a topic"}, log: keysOfAllTopics},
		{name: "looks for a key, and appends later", breaks: []string{"concurrent appends of one key are one record"}, log: looksThenAppends},
		{name: "cuts data at a line feed", breaks: []string{"events come out as they went in"}, log: changed(func(e *eventlog.Entry) {
			first, _, _ := strings.Cut(string(e.Event.Data), "\n")
			e.Event.Data = []byte(first)
		})},
		{name: "forgets a retry of 0", breaks: []string{"events come out as they went in"}, log: changed(func(e *eventlog.Entry) { e.Event.HasRetry = e.Event.Retry > 0 })},
		{name: "cuts data at 64 KiB", breaks: []string{"large events come out or are refused"}, log: changed(func(e *eventlog.Entry) {
			e.Event.Data = e.Event.Data[:min(len(e.Event.Data), 1<<16)]
		})},
		{name: "has no clock", breaks: []string{"the time is when it was appended"}, log: func(l *defectLog) {
			l.each(eachRecord(func(r *eventlog.Record) { r.Time = time.Time{} }))
		}},
		{name: "keeps the data of entries", breaks: []string{"append keeps nothing of the entries"}, log: keepsEntries},
	}
}

func nameDefects() []*defect {
	return []*defect{
		{name: "takes a dot for a slash", breaks: []string{"topics are kept apart whatever their names"}, log: func(l *defectLog) {
			l.inTopic(func(topic string) string { return strings.ReplaceAll(topic, ".", "/") })
		}},
		{name: "unescapes topics", breaks: []string{"topics are kept apart whatever their names"}, log: func(l *defectLog) {
			l.inTopic(func(topic string) string { return strings.ReplaceAll(topic, "%2e", ".") })
		}},
		{name: "mends bad names", breaks: []string{"names that cannot be are refused"}, log: func(l *defectLog) {
			l.inTopic(func(topic string) string { return strings.ToValidUTF8(topic[:min(len(topic), 512)]+"_", "_") })
		}},
		{name: "has one log", breaks: []string{"logs of one store are apart"}, opens: func(*defectStore, string) string { return "log" }},
		{name: "makes a log at each Open", breaks: []string{"a log that is opened twice is the same"}, opens: func(s *defectStore, name string) string {
			return fmt.Sprint(s.opened)
		}},
	}
}

func endDefects() []*defect {
	return []*defect{
		{name: "does not look at the context", breaks: []string{"the context ends what it was given to"}, log: func(l *defectLog) {
			l.each(func(ctx context.Context, from readFunc, topic string, after eventlog.Position) records {
				return from(context.WithoutCancel(ctx), topic, after)
			})
		}},
		{name: "does not end what waits", breaks: []string{"close ends what waits", "a closed store does nothing"}, closes: func(*defectStore) error { return nil }},
		{name: "says nothing when it is closed", breaks: []string{"close ends what waits", "a closed store does nothing"}, log: func(l *defectLog) {
			l.each(func(ctx context.Context, from readFunc, topic string, after eventlog.Position) records {
				return func(yield func(eventlog.Record, error) bool) {
					for r, err := range from(ctx, topic, after) {
						if errors.Is(err, eventlog.ErrClosed) || !yield(r, err) {
							return
						}
					}
				}
			})
		}},
	}
}

func restartDefects() []*defect {
	return []*defect{
		{name: "loses what it says it keeps", breaks: []string{"a store that keeps its records goes on after a restart"}, keeps: true, starts: func(s *defectStore) eventlog.Store { return newDefect(s.defect) }},
		{
			name: "brings back what was trimmed", breaks: []string{"a store that keeps its records keeps what was trimmed gone"}, keeps: true, starts: sameInner, closes: closeOuter,
			log: func(l *defectLog) {
				l.trim = func(context.Context, string, eventlog.Position) error { return nil }
			},
		},
		{name: "has the same epoch always", breaks: []string{"a store that loses its records has another epoch"}, starts: func(s *defectStore) eventlog.Store {
			return newDefect(s.defect)
		}, log: oneEpoch},
		{name: "follows on as if nothing was lost", breaks: []string{"records that are lost behind the store's back are noticed"}, lose: lossNoticed, log: followsAfterLoss},
	}
}

// sameInner and closeOuter are a restart that keeps all.
func sameInner(s *defectStore) eventlog.Store { return &defectStore{defect: s.defect, inner: s.inner} }
func closeOuter(*defectStore) error           { return nil }

// lossNoticed has the store begin with nothing.
func lossNoticed(s *defectStore) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.inner.Close() // never fails
	s.inner = memlog.New()
}

// atMost has all topics share one, from the nth on.
func atMost(n int64) func(string) string {
	var names sync.Map
	var count atomic.Int64
	return func(topic string) string {
		if _, there := names.LoadOrStore(topic, true); !there && count.Add(1) > n {
			names.Store(topic, false)
		}
		if whole, _ := names.Load(topic); whole == true {
			return topic
		}
		return "the rest"
	}
}
