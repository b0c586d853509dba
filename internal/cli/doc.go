// Package cli owns the commands of courant: their flags, what they print, their
// exit statuses, and the list of generators.
//
// It does no work itself: package load reads a design, the generators make
// files of it, package gen writes them, package soak loads a server. It keeps no
// state: all that it knows of the process is in a [Process].
package cli
