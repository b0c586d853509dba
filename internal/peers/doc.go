// Package peers tests courant with real programs at the other end, or in
// between: Chromium, clients and a server in Node, nginx, haproxy, caddy, a
// server that is killed.
//
// It holds nothing but tests, and the design they are made with.
package peers

//go:generate go run ../../cmd/courant gen ./design
