package main

import (
	"errors"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

// startLog starts a NATS server with JetStream on a loopback port, as one would
// run beside the servers.
func startLog(dir string) (stop func(), url string, err error) {
	s, err := natsserver.NewServer(&natsserver.Options{
		ServerName: "fleet", Host: "127.0.0.1", Port: natsserver.RANDOM_PORT,
		JetStream: true, StoreDir: dir, DisableJetStreamBanner: true, NoLog: true, NoSigs: true,
	})
	if err != nil {
		return nil, "", err
	}
	s.Start()
	stop = func() {
		s.Shutdown()
		s.WaitForShutdown()
	}
	if !s.ReadyForConnections(10 * time.Second) {
		stop()
		return nil, "", errors.New("the NATS server does not start")
	}
	return stop, s.ClientURL(), nil
}
