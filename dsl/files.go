package dsl

import "github.com/courant-dev/courant/eval"

// Files serves a file, or the files of a directory when the path ends in a
// wildcard that takes the rest. It stands in [Service]; the base paths of the
// API and the service stand before its path, unless it begins with //.
//
//	Files("/", "page/index.html")
//	Files("/static/{*path}", "page/static", func() {
//		Description("Images and scripts.")
//	})
//
//go:noinline
func Files(path, source string, fn ...func()) {
	eval.Record("Files", with(fn, path, source)...)
}
