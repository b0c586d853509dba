package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/courant-dev/courant/bench/internal/measure"
)

// usage is what a process has taken.
type usage struct {
	Heap      int64 // bytes of objects
	Spans     int64 // bytes of the memory that these are in
	Stack     int64 // bytes
	Resident  int64 // bytes; 0 where it is not known
	Share     int64 // of it, where pages that several processes have are divided among them
	Processor time.Duration
}

func currentUsage() (usage, error) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u := usage{Heap: int64(m.HeapAlloc), Spans: int64(m.HeapInuse), Stack: int64(m.StackInuse)}
	if text, err := os.ReadFile("/proc/self/smaps_rollup"); err == nil {
		u.Resident, u.Share = kibibytes(text, "Rss:"), kibibytes(text, "Pss:")
	}
	var err error
	u.Processor, err = measure.ProcessorTime()
	return u, err
}

// kibibytes reads a line of Linux: "Rss:    1234 kB".
func kibibytes(text []byte, name string) int64 {
	_, after, _ := bytes.Cut(text, []byte("\n"+name))
	fields := bytes.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	n, _ := strconv.ParseInt(string(fields[0]), 10, 64) // 0: it is not known
	return n << 10
}

// giveBack collects garbage and returns it to the system.
func giveBack() {
	debug.FreeOSMemory()
	debug.FreeOSMemory() // what finalizers and pools let go of
}

// kernel is what the kernel keeps for the sockets of the whole machine, those
// of other programs too.
type kernel struct {
	Objects int64 // bytes of sockets, inodes, files and entries of epoll; 0 where it is not known
	Buffers int64 // bytes in the buffers of TCP
	Refused int64 // connections that found the queue of a listening socket full, ever
}

// socketCaches are the objects of the kernel that a connection has one of at each
// end. Its directory entry, 192 bytes, is not among them, because every file has one.
var socketCaches = map[string]bool{"TCP": true, "sock_inode_cache": true, "filp": true, "eventpoll_epi": true}

// currentKernel reads what Linux tells to root.
func currentKernel() kernel {
	var k kernel
	slabs, _ := os.ReadFile("/proc/slabinfo") // 0: it is not known
	for line := range strings.Lines(string(slabs)) {
		var name string
		var active, all, size int64
		if n, _ := fmt.Sscan(line, &name, &active, &all, &size); n == 4 && socketCaches[name] {
			k.Objects += all * size
		}
	}
	sockets, _ := os.ReadFile("/proc/net/sockstat")
	for line := range strings.Lines(string(sockets)) {
		if fields := strings.Fields(line); len(fields) > 2 && fields[0] == "TCP:" {
			pages, _ := strconv.ParseInt(fields[len(fields)-1], 10, 64)
			k.Buffers = pages * int64(os.Getpagesize())
		}
	}
	k.Refused = overflows()
	return k
}

// overflows reads ListenOverflows, whose name and value stand in two lines.
func overflows() int64 {
	text, _ := os.ReadFile("/proc/net/netstat") // 0: it is not known
	var names []string
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if i := slices.Index(names, "ListenOverflows"); i >= 0 && i < len(fields) {
			n, _ := strconv.ParseInt(fields[i], 10, 64)
			return n
		}
		names = fields
	}
	return 0
}
