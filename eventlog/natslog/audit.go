package natslog

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/courant-dev/courant/eventlog"
)

// What an audit looks at.
const (
	auditTopics = 500 // with one request; the server takes 1,024
	auditBytes  = 512 << 10
	auditTurns  = 8 // requests in one audit, unless something is suspected
)

// audit looks, again and again, whether anything was stored of which the live
// copy did not arrive.
//
// The copies are sent once, to who is there. That the leader dies between storing
// and publishing, or that a route of the cluster breaks, nobody would notice if
// nothing came after it.
func (fs *follows) audit() {
	auditor := auditor{follows: fs}
	timer := time.NewTimer(fs.interval())
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-fs.kick:
		case <-fs.log.store.done.Done():
			return
		}
		if err := auditor.run(fs.log.store.done); err != nil && fs.log.store.done.Err() == nil {
			fs.log.store.logger.Debug("nats audit", slog.String("log", fs.log.name), slog.Any("error", err))
		}
		timer.Reset(fs.interval())
	}
}

// interval is that of the store, or less where records do not live for long.
func (fs *follows) interval() time.Duration {
	d := fs.log.store.settings.audit
	if age := fs.log.current.Load().maxAge; age > 0 {
		d = min(d, max(age/4, 50*time.Millisecond))
	}
	return d
}

type auditor struct {
	*follows

	leader string         // of the stream, as it was last seen
	epoch  eventlog.Epoch // and its epoch
	marked uint64         // the sequence up to which the marks of Trims were read
	late   []*tail        // of which the last audit has read marks
}

func (a *auditor) run(ctx context.Context) error {
	a.mu.Lock()
	idle := len(a.order) == 0
	a.mu.Unlock()
	if idle {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, ackWait)
	defer cancel()
	begun := time.Now()
	stream, err := a.log.store.js.Stream(ctx, a.log.stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		if _, err := a.log.refresh(ctx); err != nil {
			return err
		}
		a.bury()
		return nil
	}
	if err != nil {
		return err
	}
	info := stream.CachedInfo()
	a.log.mu.Lock()
	err = a.log.see(&info.Config)
	a.log.mu.Unlock()
	if err != nil {
		return err
	}
	a.bury()

	a.mu.Lock()
	if c := info.Cluster; c != nil && c.Leader != a.leader {
		a.suspect = a.suspect || a.leader != ""
		a.leader = c.Leader
	}
	all := a.suspect
	a.suspect = false
	a.mu.Unlock()
	err = a.readMarks(ctx, info.State.LastSeq)
	if err == nil {
		err = a.look(ctx, begun, info.State.LastSeq, all)
	}
	if err != nil {
		a.mu.Lock()
		a.suspect = a.suspect || all
		a.mu.Unlock()
		return err
	}
	return nil
}

// bury tells the followers of a stream that was deleted.
func (a *auditor) bury() {
	inc := a.log.current.Load()
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.order {
		if t.inc.epoch != inc.epoch && !t.gone {
			t.gone = true
			t.poke()
		}
	}
}

// readMarks tells the followers of topics what was trimmed, as far as the stream
// went when the audit had begun.
func (a *auditor) readMarks(ctx context.Context, last uint64) error {
	// Those who have not got by now what was trimmed before the last audit will not get it.
	a.mu.Lock()
	for _, t := range a.late {
		t.poke()
	}
	a.late = nil
	a.mu.Unlock()
	inc := a.log.current.Load()
	if inc.epoch != a.epoch {
		a.epoch, a.marked = inc.epoch, 0
	}
	for a.marked < last {
		seq, topic, through, err := a.log.nextMark(ctx, inc, ">", a.marked+1)
		if err != nil {
			return err
		}
		if seq == 0 {
			a.marked = last
			return nil
		}
		a.marked = seq
		if t := a.trimmed(inc.live+topic, through); t != nil {
			a.late = append(a.late, t)
		}
	}
	return nil
}

// look asks for the newest records of topics, if anything was stored since they
// were looked at. The stream had that last sequence when the audit had begun.
func (a *auditor) look(ctx context.Context, begun time.Time, last uint64, all bool) error {
	for turn := 0; all || turn < auditTurns; turn++ {
		due := a.due(begun, last, all)
		if len(due) == 0 {
			return nil
		}
		from := last
		subjects := make([]string, len(due))
		for i, t := range due {
			subjects[i] = t.inc.subject + t.token
			from = min(from, t.seen)
		}
		asked := time.Now()
		p, err := a.log.direct(ctx, getRequest{MultiLast: subjects, Seq: from + 1})
		if err != nil {
			return err
		}
		if p.through == 0 { // none of the topics has a record
			p.through = last
		}
		a.found(due, p, asked)
		if p.through < last {
			return nil // a late replica; the next audit goes on
		}
	}
	return nil
}

// due returns some of the topics that are to be looked at. Where nothing was
// stored in the whole stream since the last look, there is no need for another.
func (a *auditor) due(begun time.Time, last uint64, all bool) []*tail {
	a.mu.Lock()
	defer a.mu.Unlock()
	var due []*tail
	size := 0
	for range a.order {
		if len(due) == auditTopics || size > auditBytes {
			break
		}
		a.at++
		if a.at >= len(a.order) {
			a.at = 0
		}
		t := a.order[a.at]
		switch {
		case t.gone:
		case t.seen < last || all && t.checked.Before(begun):
			due = append(due, t)
			size += len(t.inc.subject) + len(t.token)
		case t.checked.Before(begun):
			t.checked = begun
		}
	}
	return due
}

// found notes what the newest records of topics are.
func (a *auditor) found(due []*tail, p page, asked time.Time) {
	newest := make(map[string]uint64, len(p.records))
	for i := range p.records {
		newest[p.records[i].subject] = p.records[i].seq
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range due {
		t.seen, t.checked = max(t.seen, p.through), asked
		if seq := newest[t.inc.subject+t.token]; seq > max(t.live, t.known) {
			t.known = seq
			t.poke()
		}
	}
}
