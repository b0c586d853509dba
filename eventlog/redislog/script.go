package redislog

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

//go:embed lua/server.lua
var serverSource string

//go:embed lua/topic.lua
var topicSource string

//go:embed lua/log.lua
var logSource string

//go:embed lua/append.lua
var appendSource string

//go:embed lua/read.lua
var readSource string

//go:embed lua/bounds.lua
var boundsSource string

//go:embed lua/check.lua
var checkSource string

//go:embed lua/trim.lua
var trimSource string

// scripts is all that is done in Redis. Each runs as one, so that nobody sees
// a topic in between.
type scripts struct {
	log, append, read, bounds, check, trim script
}

func newScripts() scripts {
	return scripts{
		log:    newScript(serverSource, logSource),
		append: newScript(serverSource, topicSource, appendSource),
		read:   newScript(serverSource, topicSource, readSource),
		bounds: newScript(serverSource, topicSource, boundsSource),
		check:  newScript(serverSource, topicSource, checkSource),
		trim:   newScript(serverSource, topicSource, trimSource),
	}
}

// script is one of them, and the name that Redis has for it.
type script struct{ source, sum string }

func newScript(parts ...string) script {
	source := strings.Join(parts, "\n")
	return script{source, redis.NewScript(source).Hash()}
}

// command is sent once: a client that tries again by itself would append twice.
type command struct{ *redis.Cmd }

// NoRetry tells the client so.
func (command) NoRetry() bool { return true }

func (c script) command(ctx context.Context, bySum bool, keys []string, args []any) command {
	all := make([]any, 0, 3+len(keys)+len(args))
	if bySum {
		all = append(all, "evalsha", c.sum, len(keys))
	} else {
		all = append(all, "eval", c.source, len(keys))
	}
	for _, k := range keys {
		all = append(all, k)
	}
	cmd := redis.NewCmd(ctx, append(all, args...)...)
	cmd.SetFirstKeyPos(3)
	return command{cmd}
}

// run runs the script and returns its answer, a list. With a wait it asks on
// the same connection afterwards how many replicas have what was written; that
// answer comes last.
func (s *Store) run(ctx context.Context, c script, keys []string, args []any, wait *waiting) ([]any, error) {
	for _, bySum := range []bool{true, false} {
		cmd := c.command(ctx, bySum, keys, args)
		acknowledged, err := s.send(ctx, cmd, keys[0], wait)
		if redis.HasErrorPrefix(cmd.Err(), "NOSCRIPT") && bySum {
			continue
		}
		if err != nil {
			return nil, err
		}
		reply, err := cmd.Slice()
		if err == nil && len(reply) == 0 {
			err = errors.New("redislog: a script answers with nothing")
		}
		if wait != nil {
			reply = append(reply, acknowledged)
		}
		return reply, err
	}
	return nil, redis.ErrNoScript
}

// send sends the command, and a WAIT if there is something to wait for.
func (s *Store) send(ctx context.Context, cmd command, key string, wait *waiting) (int, error) {
	if wait == nil {
		return 0, s.client.Process(ctx, cmd)
	}
	client := redis.Cmdable(s.client)
	if c, ok := s.client.(*redis.ClusterClient); ok {
		node, err := c.MasterForKey(ctx, key)
		if err != nil {
			return 0, err
		}
		client = node
	}
	pipe := client.Pipeline()
	if err := pipe.Process(ctx, cmd); err != nil {
		return 0, err
	}
	acknowledged := pipe.Do(ctx, "wait", wait.replicas, wait.timeout.Milliseconds())
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, err
	}
	return acknowledged.Int()
}

// text returns an item of an answer that is a string.
func text(reply []any, i int) string {
	if i >= len(reply) {
		return ""
	}
	s, ok := reply[i].(string)
	if !ok {
		return fmt.Sprint(reply[i])
	}
	return s
}
