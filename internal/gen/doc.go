// Package gen owns what a generator is and how its files reach the disk.
//
// It does not generate anything: each output has a package of its own below
// this one, and the list of them is in package cli.
//
// # Ownership of files
//
// The directory gen/ holds files of the generators and may hold files of the
// user. They are told apart by [Mark], which every generated file carries in
// its first 512 bytes: a file with it is replaced, and removed when it is no
// longer generated; a file without it is never touched.
package gen
