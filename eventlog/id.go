package eventlog

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// idFormat is the version of event IDs, the first of their bytes.
const idFormat = 1

// AppendID appends to dst the event ID of a record: an opaque token in which
// clients remember a position,
//
//	AQAAAAfSYv8rKg
//
// which is the base64url text of a format version, the epoch, a check of the
// topic, and the offset.
//
// The check notices an ID of another topic. It is not a permission: anyone can
// make an ID, so a method authorises on each connection.
func AppendID(dst []byte, topic string, p Position) []byte {
	var token [9 + binary.MaxVarintLen64]byte
	token[0] = idFormat
	binary.BigEndian.PutUint32(token[1:], uint32(p.Epoch))
	binary.BigEndian.PutUint32(token[5:], checkOf(topic))
	n := 9 + binary.PutUvarint(token[9:], p.Offset)
	return base64.RawURLEncoding.AppendEncode(dst, token[:n])
}

// ErrID is what [ParseID] returns for what is no event ID of the topic.
var ErrID = errors.New("eventlog: no event ID of this topic")

// ParseID returns the position that an event ID names. Anything that
// [AppendID] does not make for that topic is [ErrID]; whether the log still has
// the position, only it can say.
func ParseID(topic, id string) (Position, error) {
	var room [32]byte
	if base64.RawURLEncoding.DecodedLen(len(id)) > len(room) {
		return Position{}, ErrID
	}
	n, err := base64.RawURLEncoding.Strict().Decode(room[:], []byte(id))
	token := room[:n]
	if err != nil || len(token) < 10 || token[0] != idFormat || binary.BigEndian.Uint32(token[5:]) != checkOf(topic) {
		return Position{}, ErrID
	}
	offset, size := binary.Uvarint(token[9:])
	p := Position{Epoch(binary.BigEndian.Uint32(token[1:])), offset}
	if size != len(token)-9 || string(AppendID(nil, topic, p)) != id {
		return Position{}, ErrID
	}
	return p, nil
}

func checkOf(topic string) uint32 {
	return crc32.Checksum([]byte(topic), crc32.MakeTable(crc32.Castagnoli))
}
