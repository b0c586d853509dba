// Package model is the evaluated design: plain data that generators read.
//
// It holds no behaviour but look-up. A design package fills it through
// package eval, it travels as JSON from the design program to the courant
// command, and every generator takes it as its only input.
//
// # Terminology
//
// An attribute is a named value; a type is what the value can be. Every object
// has a name: eval lifts inline objects to user types, so that a generator
// meets an object only behind a [Kind] of [User]. All references are resolved
// and all defaults are filled in: a generator never guesses.
package model
