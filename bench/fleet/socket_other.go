//go:build !linux

package main

import (
	"errors"
	"net/netip"
	"time"
)

// errLinux is what this command has to say on other systems.
var errLinux = errors.New("the subscribers need Linux: epoll, and loopback addresses from 127.0.0.2 on")

var errWait = errors.New("nothing to read")

type poller struct{}

func newPoller() (*poller, error) { return nil, errLinux }

func (*poller) add(int, int) error { return errLinux }

func (*poller) wait(time.Duration, func(int, bool)) error { return errLinux }

func dial(netip.Addr, netip.AddrPort) (int, error) { return -1, errLinux }

func connected(int) error { return errLinux }

func read(int, []byte) (int, error) { return 0, errLinux }

func write(int, []byte) error { return errLinux }

func reset(int) {}

func fileLimit() (int, error) { return 0, errLinux }
