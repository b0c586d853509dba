// Package eval runs a design: it records what the words of package dsl say,
// checks it and fills a [model.Design].
//
// It knows nothing of how the design is turned into code or documents, nor of
// how a design is compiled; it spells no Go beyond asking package goname
// whether two names would clash.
//
// # How a design runs
//
// Words at the top of a design ([Record] outside of any function) run when the
// design package is initialised. They only note their arguments and the
// function they were given, so that types and services can refer to each other
// in any order. [Run] then calls the functions, in which further words note
// theirs, and reads the calls: types first, then services, then what depends
// on the whole. All faults are told at once, one message per fault.
//
// # The cell
//
// A language made of package-level calls needs one place to collect them. It
// is the variable cell of this package, the only package variable of the
// project that is assigned after initialisation. A design runs on one
// goroutine.
package eval
