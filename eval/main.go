package eval

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/courant-dev/courant/model"
)

// Output is what a design program writes, as JSON. Either Design is there, or
// at least one problem is.
type Output struct {
	Version  int // [model.Version] of the program
	Design   *model.Design
	Problems []*model.Problem
}

// Main is the program that a design package is compiled into: it runs the
// design, writes its [Output] to the file called path and returns the exit
// code. The program is
//
//	package main
//
//	import (
//		"os"
//
//		_ "example.com/app/design"
//		"github.com/courant-dev/courant/eval"
//	)
//
//	func main() { os.Exit(eval.Main(os.Args[1])) }
//
// Exit code 0 says that the file holds an Output, whether with a design or
// with problems; 1, that the file could not be written, which standard error
// explains. A panic of the design is not recovered: it ends the program with
// code 2 and Go's own message on standard error, in which the frames of the
// packages dsl, eval and main are not the user's.
func Main(path string) int {
	design, problems := Run()
	data, err := json.Marshal(Output{Version: model.Version, Design: design, Problems: problems})
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "courant:", err)
		return 1
	}
	return 0
}
