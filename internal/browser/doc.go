// Package browser tests courant's servers with a real Chromium.
//
// It holds nothing but tests, and the design they are made with.
package browser

//go:generate go run ../../cmd/courant gen ./design
