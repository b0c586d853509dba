// Command courant generates servers, clients and documents of streaming APIs
// from designs written in Go. Run it without arguments for its usage.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/courant-dev/courant/internal/cli"
)

func main() {
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintln(os.Stderr, "courant:", err)
		os.Exit(1)
	}
	os.Exit(cli.Main(context.Background(), cli.Process{
		Args:   os.Args[1:],
		Dir:    dir,
		Stdout: os.Stdout,
		Stderr: os.Stderr,
	}))
}
