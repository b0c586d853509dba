package couranttest

import (
	"errors"
	"math"
	"slices"

	"github.com/courant-dev/courant/sse"
)

// Frame is a block of a stream up to its blank line: an event, a heartbeat, or
// fields that no event comes of.
type Frame struct {
	Raw      string    // its bytes, with the blank line
	Comments []string  // the text of its comment lines: for ": beat" it is "beat"
	Event    sse.Event // as a client gets it; ID is the last event ID in force
	HasEvent bool      // whether there is an event
}

// splitter divides the bytes of a stream into frames, as they come.
type splitter struct {
	frames []Frame

	raw     []byte // of the frame that is not complete
	blank   bool   // nothing stands on the line so far
	cr      bool   // the last byte was a CR: an LF after it belongs to the same line end
	decoder *sse.Decoder
	input   []byte // what the decoder has not read
	comment []string
}

func newSplitter() *splitter {
	s := &splitter{blank: true}
	s.decoder = sse.NewDecoder(s, sse.WithMaxEventSize(math.MaxInt),
		sse.WithCommentFunc(func(text string) { s.comment = append(s.comment, text) }))
	return s
}

// errNoMore ends what the decoder reads for now; it goes on with the next frame.
var errNoMore = errors.New("couranttest: nothing more has come")

// Read gives the decoder what there is.
func (s *splitter) Read(p []byte) (int, error) {
	if len(s.input) == 0 {
		return 0, errNoMore
	}
	n := copy(p, s.input)
	s.input = s.input[n:]
	return n, nil
}

// add takes bytes that have come.
func (s *splitter) add(p []byte) {
	for _, c := range p {
		if c == '\n' && s.cr {
			s.cr = false
			if len(s.raw) == 0 && len(s.frames) > 0 {
				s.frames[len(s.frames)-1].Raw += "\n"
			} else {
				s.raw = append(s.raw, c)
			}
			s.input = append(s.input, c)
			continue
		}
		s.raw = append(s.raw, c)
		s.input = append(s.input, c)
		s.cr = c == '\r'
		if c != '\r' && c != '\n' {
			s.blank = false
			continue
		}
		if s.blank {
			s.end()
		}
		s.blank = true
	}
}

// end ends a frame at its blank line.
func (s *splitter) end() {
	f := Frame{Raw: string(s.raw)}
	s.raw = s.raw[:0]
	for {
		event, err := s.decoder.Decode()
		if err != nil {
			break
		}
		f.Event, f.HasEvent = event.Clone(), true
	}
	f.Comments, s.comment = s.comment, nil
	s.frames = append(s.frames, f)
}

// all returns a copy of the frames.
func (s *splitter) all() []Frame { return slices.Clone(s.frames) }

// String returns the bytes of the frame.
func (f Frame) String() string { return f.Raw }
