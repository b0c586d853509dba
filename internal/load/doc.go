// Package load compiles and runs a design package and reads the model that it
// describes.
//
// It judges no design: package eval does, inside the child program; package
// load only finds the columns of its problems. It writes no generated file,
// and nothing at all into the user's tree: the main package of the child
// program exists in an overlay, go.mod and go.sum are read-only.
//
// # Speed
//
// The user waits for every run. The child program is kept in the user's cache
// directory with a record of what it was built from; while all of that has the
// same content, the program is only run again (a design may read files or the
// environment). Else it is built with go build, beside which go list finds out
// what it is built from. Of the 200 ms that takes, the go command needs 60 to
// load packages, the compiler 30 for the design, the linker 80; DWARF and the
// symbol table are left out, which saves 40.
package load
