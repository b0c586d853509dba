// Package bench measures courant against its peers.
//
// Every comparison runs its peers in one run and in turn, and prints ratios;
// nothing here judges. README.md has the commands and a table of results.
package bench
