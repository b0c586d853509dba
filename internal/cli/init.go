package cli

import "github.com/spf13/cobra"

func newInit(p Process) *cobra.Command { return &cobra.Command{Use: "init DIR"} }
