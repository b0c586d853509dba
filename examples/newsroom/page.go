package newsroom

import (
	"embed"
	"io/fs"
)

//go:embed page
var files embed.FS

// Files returns the files that the program carries with it: the directory page.
func Files() fs.FS { return files }
