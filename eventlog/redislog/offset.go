package redislog

import (
	"strconv"
	"strings"
	"time"
)

// An offset is the ID that a record has in its stream, microseconds and a
// number below 4096, as one number.
const numberBits = 12

// idOf returns the ID of an offset; the empty string for 0.
func idOf(offset uint64) string {
	if offset == 0 {
		return ""
	}
	return formatID(offset>>numberBits, offset&(1<<numberBits-1))
}

// idAfter returns the ID next to that of an offset, which no record need have.
func idAfter(offset uint64) string {
	return formatID(offset>>numberBits, offset&(1<<numberBits-1)+1)
}

func formatID(micros, number uint64) string {
	return strconv.FormatUint(micros, 10) + "-" + strconv.FormatUint(number, 10)
}

// offsetOf returns the offset of an ID; 0 for the empty string.
func offsetOf(id string) (uint64, error) {
	if id == "" {
		return 0, nil
	}
	before, after, _ := strings.Cut(id, "-")
	micros, err1 := strconv.ParseUint(before, 10, 64-numberBits)
	number, err2 := strconv.ParseUint(after, 10, numberBits)
	if err1 != nil || err2 != nil {
		return 0, &formatError{"ID of a record", id}
	}
	return micros<<numberBits | number, nil
}

// timeOf returns when the record of an offset was appended, by the server's
// clock.
func timeOf(offset uint64) time.Time {
	return time.UnixMicro(int64(offset >> numberBits))
}
