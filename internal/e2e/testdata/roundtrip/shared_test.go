package trip_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.com/trip/shared/gen/archive"
	archiveclient "example.com/trip/shared/gen/archive/client"
	archiveserver "example.com/trip/shared/gen/archive/server"
	"example.com/trip/shared/gen/tasks"
	tasksclient "example.com/trip/shared/gen/tasks/client"
	tasksserver "example.com/trip/shared/gen/tasks/server"
	"github.com/courant-dev/courant"
)

const uuid = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"

var shared = []*tasks.Task{
	{Status: tasks.StatusOpen},
	{
		Status: tasks.StatusInWork, Priority: ref(tasks.TaskPriorityHigh), Labels: tasks.Labels{"a", "b"},
		Owner: &tasks.TaskOwner{Name: "Ann", Since: &at}, Parts: []*tasks.Task{{Status: "done"}}, Limit: time.Second,
	},
}

// taskService serves tasks; archiveService keeps them. They pass the same types
// on to each other.
type taskService struct{}

func (taskService) Put(_ context.Context, p *tasks.Task) (*tasks.Task, error) { return p, nil }

func (taskService) List(_ context.Context, p *tasks.ListPayload) (map[tasks.Status][]*tasks.Task, error) {
	if p.Page != 1 {
		return nil, &tasks.Quota{Limit: p.Page, Message: "too much"}
	}
	return map[tasks.Status][]*tasks.Task{*p.Status: shared, tasks.StatusDone: nil}, nil
}

func (taskService) Watch(_ context.Context, _ *tasks.Base, s tasks.WatchServerStream) error {
	if err := sendAll(s, shared); err != nil {
		return err
	}
	return tasks.MakeLocked(errors.New("for now"))
}

type archiveService struct{ taskService }

func (s archiveService) List(ctx context.Context, p *archive.ListPayload) (map[archive.Status][]*archive.Task, error) {
	return s.taskService.List(ctx, &tasks.ListPayload{ID: p.ID, Page: p.Page, Status: p.Status, Labels: p.Labels})
}

func (s archiveService) Watch(ctx context.Context, p *archive.Base, stream archive.WatchServerStream) error {
	if err := s.taskService.Watch(ctx, p, stream); err != nil {
		return archive.MakeLocked(err)
	}
	return nil
}

func TestShared(t *testing.T) {
	first, second := serve(t, tasksserver.New(taskService{})), serve(t, archiveserver.New(archiveService{}))
	c, a := tasksclient.NewClient(first.url), archiveclient.NewClient(second.url, courant.WithTransport(second))
	echo(t, first, "put", inQuery, shared, c.Put)
	echo(t, second, "put", inBody, shared, a.Put)
	want := map[tasks.Status][]*tasks.Task{"in work": shared, "done": nil}
	got, err := c.List(t.Context(), &tasks.ListPayload{ID: uuid, Page: 1, Status: ref(tasks.StatusInWork)})
	if err != nil {
		t.Error(err)
	}
	compare(t, "list", want, got)
	broken[*tasks.LockedError](t, "watch", shared, &tasks.Base{ID: uuid, Page: 1}, c.Watch)
	broken[*archive.LockedError](t, "watch", shared, &archive.Base{ID: uuid, Page: 1}, a.Watch)

	_, err = a.List(t.Context(), &archive.ListPayload{ID: uuid, Page: 7})
	failed[*archive.Quota](t, "list", "quota", err)
	failed[*tasks.Quota](t, "list", "quota", err)
	var e *courant.Error
	if !errors.As(err, &e) || e.Status != 429 || string(e.Attributes["limit"]) != "7" {
		t.Errorf("list: %+v, want 429 with the limit", err)
	}
	put := func(ctx context.Context, p *tasks.Task) error {
		_, err := a.Put(ctx, p)
		return err
	}
	refused(t, "labels[1]", "Pattern", &tasks.Task{Status: "open", Labels: tasks.Labels{"a", "B"}}, put)
	refused(t, "priority", "Enum", &tasks.Task{Status: "open", Priority: ref[tasks.TaskPriority]("none")}, put)
	refused(t, "parts[0].parts[0].status", "Enum", &tasks.Task{Status: "open", Parts: []*tasks.Task{
		{Status: "open", Parts: []*tasks.Task{{Status: "shut"}}},
	}}, put)
}
