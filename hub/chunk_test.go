package hub_test

import (
	"bufio"
	"io"
	"net/http/httputil"
)

// newChunks reads the body of an answer, whose headers are read, chunk by chunk.
func newChunks(r io.Reader) io.Reader { return httputil.NewChunkedReader(bufio.NewReader(r)) }
