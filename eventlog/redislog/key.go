package redislog

import (
	"strings"
)

// keys are the names in Redis of what belongs to a topic. What stands in braces
// decides on which server of a cluster a key is, so all of them are on one.
type keys struct {
	stream  string // its records
	meta    string // what is known of it
	channel string // on which its records are published
}

func (s *Store) keysOf(log, topic string) keys {
	tag := s.prefix + ":{" + escape(log) + ":" + escape(topic) + "}"
	return keys{stream: tag, meta: tag + ":meta", channel: tag}
}

// key returns the name of what remembers the key of an entry.
func (k keys) key(key string) string { return k.stream + ":key:" + key }

// headerOf returns the name of what is known of a log.
func (s *Store) headerOf(log string) string { return s.prefix + ":{" + escape(log) + "}" }

// escape spells a name without the characters that have a meaning in keys.
func escape(name string) string {
	return strings.NewReplacer("%", "%25", ":", "%3A", "{", "%7B", "}", "%7D").Replace(name)
}
