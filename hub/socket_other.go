//go:build !linux

package hub

import (
	"errors"
	"net"
)

// takesOver says that connections can be taken over.
const takesOver = false

type socket struct{}

func socketOf(net.Conn) (socket, error) { return socket{}, errors.ErrUnsupported }

func (socket) writeChunk([]byte) ([]byte, error) { return nil, errors.ErrUnsupported }

type poller struct{}

func (h *Hub) startPoller() *poller { return nil }

func (*poller) add(*conn) uint64 { return 0 }

func (*poller) remove(uint64) {}
