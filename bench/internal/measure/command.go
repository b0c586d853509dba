package measure

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

// Main runs a command with the arguments of the process, and ends that: with 1,
// and the error on standard error, if there is one.
func Main(name string, run func(args []string) error) {
	if err := run(os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Flags returns the flags of a command, whose -help prints usage and then them.
func Flags(name, usage string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(os.Stdout)
	flags.Usage = func() {
		fmt.Println(usage)
		flags.PrintDefaults()
	}
	return flags
}
