package courant

import (
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// HandleFiles serves static files on mux. Generated Mount functions call it.
//
//	"/favicon.ico", "static/favicon.ico"	the file
//	"/page/{*path}", "static"           	the files below the directory
//
// A directory is answered with its index.html, and with 404 if it has none: no
// listing. source is relative to the directory in which the process was
// started, or to the root of [WithFiles]; of the former, links do not lead out.
// It panics, as [http.ServeMux] does, when the path is taken.
func HandleFiles(mux *http.ServeMux, urlPath, source string, opts ...ServerOption) {
	config := newServerConfig("", opts)
	before, wildcard, tree := cutRest(urlPath)
	h := &fileHandler{files: config.files, source: path.Clean(filepath.ToSlash(source)), wildcard: wildcard}
	if h.files == nil {
		h.openDirectory(source, tree)
	}
	mount(mux, []Route{{Verb: http.MethodGet, Path: urlPath}}, h, config)
	if before, ok := strings.CutSuffix(before, "/"); ok && tree && before != "" {
		tryHandle(mux, "GET "+before, &slashRedirect{})
	}
}

type fileHandler struct {
	files    fs.FS
	source   string // in files
	wildcard string // of the path below source; empty for one file
}

// openDirectory takes the files from the operating system: from source, or from
// the directory that source is in.
func (h *fileHandler) openDirectory(source string, tree bool) {
	if tree {
		h.files, h.source = directory(source), "."
		return
	}
	h.files, h.source = directory(filepath.Dir(source)), filepath.Base(source)
}

// directory opens files in a directory of the operating system and below, and
// no others, whatever links there are.
type directory string

func (d directory) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return os.OpenInRoot(string(d), filepath.FromSlash(name))
}

func (h *fileHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := h.source
	if h.wildcard != "" {
		rest := r.PathValue(h.wildcard)
		if strings.Contains(rest, "\x00") || !fs.ValidPath(path.Join("x", rest)) {
			http.NotFound(w, r)
			return
		}
		name = path.Join(name, path.Clean("/" + rest)[1:])
	}
	info, err := fs.Stat(h.files, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if info.IsDir() {
		if !strings.HasSuffix(r.URL.Path, "/") {
			redirect(w, r, "./"+path.Base(r.URL.EscapedPath())+"/")
			return
		}
		name = path.Join(name, "index.html")
	}
	h.serve(w, r, name)
}

// serve answers with one file: ranges, conditions and the content type are
// those of [http.ServeContent].
func (h *fileHandler) serve(w http.ResponseWriter, r *http.Request, name string) {
	f, err := h.files.Open(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	info, err := f.Stat()
	content, seeks := f.(io.ReadSeeker)
	if err != nil || info.IsDir() || !seeks {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, info.Name(), info.ModTime(), content)
}
