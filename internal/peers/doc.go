// Package peers tests courant with real programs at the other end, or in
// between: Chromium, clients and a server in Node, nginx, haproxy, caddy, a
// server that is killed, NATS and Redis that lose what they had.
//
// It holds nothing but tests, the design they are made with, and in contract the
// program that a public suite for clients tests.
package peers

//go:generate go run ../../cmd/courant gen ./design
