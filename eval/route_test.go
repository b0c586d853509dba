package eval

import (
	"net/http"
	"strings"
	"testing"
)

// TestRelationsAreThoseOfServeMux compares every pair of a few hundred routes:
// what is refused here is what an http.ServeMux panics about.
func TestRelationsAreThoseOfServeMux(t *testing.T) {
	var routes []route
	b := newBuilder(newRecorder())
	for _, verb := range []string{"GET", "HEAD", "POST"} {
		for _, path := range pathsOf(3) {
			segs, ok := b.parsePath(&Call{}, path)
			if !ok {
				t.Fatalf("%s: %s", path, b.problems[0].Message)
			}
			routes = append(routes, route{verb: verb, path: path, segs: segs})
		}
	}
	for _, x := range routes {
		for _, y := range routes {
			if x.verb == "POST" && y.verb == "POST" {
				continue // as GET and GET
			}
			rel := relateVerbs(x.verb, y.verb).and(relatePaths(x.segs, y.segs))
			refused := rel == equal || rel == overlap
			if want := conflict(pattern(x), pattern(y)); refused != want {
				t.Errorf("%s and %s: refused %t, ServeMux %t", pattern(x), pattern(y), refused, want)
			}
		}
	}
}

// pathsOf returns all paths of up to n segments.
func pathsOf(n int) []string {
	var out []string
	for _, prefix := range prefixes(n - 1) {
		for _, last := range []string{"/", "/a", "/b", "/{x}", "/{*rest}"} {
			out = append(out, prefix+last)
		}
	}
	return out
}

func prefixes(n int) []string {
	out := []string{""}
	if n == 0 {
		return out
	}
	for _, p := range prefixes(n - 1) {
		if strings.Count(p, "/") == n-1 {
			for _, s := range []string{"/a", "/b", "/{" + strings.Repeat("z", n) + "}"} {
				out = append(out, p+s)
			}
		}
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

func pattern(r route) string {
	path := strings.ReplaceAll(r.path, "{*rest}", "{rest...}")
	if strings.HasSuffix(path, "/") {
		path += "{$}"
	}
	return r.verb + " " + path
}

func conflict(x, y string) (refused bool) {
	defer func() { refused = recover() != nil }()
	mux := http.NewServeMux()
	mux.HandleFunc(x, func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc(y, func(http.ResponseWriter, *http.Request) {})
	return false
}
