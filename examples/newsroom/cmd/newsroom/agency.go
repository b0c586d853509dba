package main

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/courant-dev/courant/examples/newsroom"
	"github.com/courant-dev/courant/examples/newsroom/gen/rooms"
)

// headlines are what the invented agency has to say.
func headlines() []rooms.PublishPayload {
	return []rooms.PublishPayload{
		{Room: "sport", Kind: "flash", Text: "Goal! Harbour lead 2–1 in the 88th minute"},
		{Room: "sport", Kind: "news", Text: "Marathon: the leaders pass the old bridge, eleven seconds apart"},
		{Room: "sport", Kind: "correction", Text: "The bridge is the new one. The old one is closed"},
		{Room: "politics", Kind: "news", Text: "Council votes on the tram line at seven"},
		{Room: "politics", Kind: "news", Text: "Budget talks go into a third night"},
		{Room: "politics", Kind: "flash", Text: "The tram is coming: 31 votes to 29"},
		{Room: "politics", Kind: "correction", Text: "30 votes to 29; one member was asleep"},
		{Room: "weather", Kind: "news", Text: "Fog until ten, then sun; 14 °C in the afternoon"},
		{Room: "weather", Kind: "flash", Text: "Storm warning for the coast from 18:00"},
		{Room: "weather", Kind: "news", Text: "Wind turns to the west and drops overnight"},
	}
}

// report publishes a headline every so often until ctx is done, in the rooms that
// are there and open to all.
func report(ctx context.Context, svc *newsroom.Newsroom, every time.Duration, logger *slog.Logger) {
	lines := headlines()
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for i := rand.N(len(lines)); ; i++ {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		line := lines[i%len(lines)]
		line.Author = "Agency"
		_, err := svc.Publish(ctx, &line)
		_, gone := errors.AsType[*rooms.NotFoundError](err)
		_, private := errors.AsType[*rooms.UnauthorizedError](err)
		if err != nil && !gone && !private && ctx.Err() == nil {
			logger.WarnContext(ctx, "the agency is silent", slog.Any("error", err))
		}
	}
}
