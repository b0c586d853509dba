package sse

import "math"

// A DecoderOption sets up a [Decoder]: [WithMaxEventSize], [WithLastEventID],
// [WithCommentFunc].
type DecoderOption func(*Decoder)

const (
	defaultMaxEventSize = 16 << 20
	largestMaxEventSize = math.MaxInt - 1<<16 // so that sums with it do not overflow
)

// WithMaxEventSize sets how large an event may be: the bytes of its data, type
// and ID together, without the names of the fields. A larger one is a
// [TooLargeError]. The decoder's memory is bounded by about twice that size; no
// line makes it grow further. The default, also for 0 and less, is 16 MiB.
func WithMaxEventSize(bytes int) DecoderOption {
	return func(d *Decoder) {
		if bytes <= 0 {
			bytes = defaultMaxEventSize
		}
		d.limit = min(bytes, largestMaxEventSize)
	}
}

// WithLastEventID sets the last event ID that is in force before the stream
// sets one: that with which a client resumes. The default is none.
func WithLastEventID(id string) DecoderOption {
	return func(d *Decoder) { d.lastID = id }
}

// WithCommentFunc calls f, from within Decode, with each comment as soon as its
// line is complete: for the line ": beat" with "beat". A comment is a sign of
// life, no event comes of it. One that is longer than [WithMaxEventSize] is
// dropped. f must not use the decoder. By default comments are dropped.
func WithCommentFunc(f func(text string)) DecoderOption {
	return func(d *Decoder) { d.comment = f }
}
