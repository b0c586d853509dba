package couranttest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestPipeTakesItsSizeAndThenWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := newPipe(8)
		if n, err := here.Write([]byte("12345678")); n != 8 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		_ = here.SetWriteDeadline(time.Now().Add(time.Minute))
		start := time.Now()
		if n, err := here.Write([]byte("9")); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != time.Minute {
			t.Errorf("%d, %v after %v", n, err, time.Since(start))
		}
		_ = here.SetDeadline(time.Time{})
		go func() {
			_, _ = here.Write([]byte("9abcdefghijklmnop"))
			_ = here.Close()
		}()
		if all, err := io.ReadAll(there); string(all) != "123456789abcdefghijklmnop" || err != nil {
			t.Errorf("%q, %v", all, err)
		}
		if _, err := there.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
			t.Errorf("to one that is gone: %v", err)
		}
		for _, f := range []func([]byte) (int, error){here.Read, here.Write} {
			if _, err := f([]byte("x")); !errors.Is(err, net.ErrClosed) {
				t.Errorf("of one that is closed: %v", err)
			}
		}
		_ = there.Close()
	})
}

func TestPipeReadsWaitForTheirDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := newPipe(8)
		start := time.Now()
		time.AfterFunc(time.Second, func() { _ = here.SetReadDeadline(start.Add(3 * time.Second)) })
		if _, err := here.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != 3*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		_ = here.SetReadDeadline(time.Unix(1, 0))
		if _, err := here.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a deadline that has passed: %v", err)
		}
		_ = here.SetReadDeadline(time.Now().Add(time.Hour))
		time.AfterFunc(time.Second, func() { _, _ = there.Write([]byte("x")) })
		if n, err := here.Read(make([]byte, 1)); n != 1 || err != nil {
			t.Errorf("before a deadline: %d, %v", n, err)
		}
		_ = here.Close()
		_ = there.Close()
	})
}

// What has arrived before a reset can be read, as on Linux.
func TestPipeResets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := newPipe(8)
		_, _ = here.Write([]byte("last"))
		_ = here.(*pipe).SetLinger(0)
		_ = here.Close()
		if all, err := io.ReadAll(there); string(all) != "last" || !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%q, %v", all, err)
		}
		if _, err := there.Write([]byte("x")); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("write: %v", err)
		}
		_ = there.Close()
	})
}

func TestPipeCarriesBothWays(t *testing.T) {
	here, there := newPipe(100)
	large := bytes.Repeat([]byte("0123456789"), 10_000)
	go func() {
		_, _ = io.Copy(there, there)
		_ = there.Close()
	}()
	go func() { _, _ = here.Write(large) }()
	got, err := io.ReadAll(io.LimitReader(here, int64(len(large))))
	if err != nil || !bytes.Equal(got, large) {
		t.Errorf("%d bytes: %v", len(got), err)
	}
	_ = here.Close()
	if s := here.RemoteAddr().String() + here.LocalAddr().Network(); !strings.Contains(s, "memory") {
		t.Errorf("addresses %q", s)
	}
}
