// Package e2e proves what users see, end to end: each script in testdata is one
// behaviour, a design in, files and output out.
//
// It holds no product code.
//
// # Writing a script
//
// A script is a txtar archive that testscript runs in a directory of its own.
// Beside the usual commands there are courant, which is this module's command,
// and go. In the file go.mod of a script, $REPO is the directory of this module:
//
//	module example.com/app
//
//	go 1.26
//
//	require github.com/courant-dev/courant v0.0.0
//
//	replace github.com/courant-dev/courant => $REPO
//
// There is no network. Name a script by the behaviour, in a few words. With
// -update, cmp writes what it got into the script.
package e2e
