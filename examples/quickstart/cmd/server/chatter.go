package main

import (
	"context"
	"time"

	"github.com/courant-dev/courant/examples/quickstart"
	"github.com/courant-dev/courant/examples/quickstart/gen/notes"
)

// chatter publishes a note every so often until ctx is done.
func chatter(ctx context.Context, svc *quickstart.Notes, every time.Duration) {
	lines := []notes.PublishPayload{
		{Kind: "info", Text: "Deployment 118 started"},
		{Kind: "info", Text: "Building 34 packages"},
		{Kind: "success", Text: "Tests passed in 48 s"},
		{Kind: "warning", Text: "Queue “mail” is 1,200 messages deep"},
		{Kind: "info", Text: "Rolling out: 3 of 8 instances"},
		{Kind: "alert", Text: "Instance 5 does not answer"},
		{Kind: "info", Text: "Instance 5 was replaced"},
		{Kind: "success", Text: "Deployment 118 is live"},
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for i := 0; ; i++ {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		line := lines[i%len(lines)]
		if _, err := svc.Publish(ctx, &line); err != nil {
			return
		}
	}
}
