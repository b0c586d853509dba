package courant

import (
	"fmt"
	"net/url"
	"strings"
)

// muxPattern returns the pattern of [net/http.ServeMux] for a route's path,
// which matches it and nothing else:
//
//	/rooms/{room}/	/rooms/{room}/{$}
//	/files/{*path}	/files/{path...}
func muxPattern(path string) string {
	if rest, name, ok := cutRest(path); ok {
		return rest + "{" + name + "...}"
	}
	if strings.HasSuffix(path, "/") {
		return path + "{$}"
	}
	return path
}

// cutRest splits "/files/{*path}" into "/files/" and "path".
func cutRest(path string) (before, name string, ok bool) {
	i := strings.LastIndex(path, "{*")
	if i < 0 || !strings.HasSuffix(path, "}") {
		return path, "", false
	}
	return path[:i], path[i+2 : len(path)-1], true
}

// otherForm returns the path with the trailing slash taken away or put there.
// There is none for the root and for a path that takes the rest.
func otherForm(path string) (string, bool) {
	if _, _, rest := cutRest(path); rest || path == "/" || path == "" {
		return "", false
	}
	if before, ok := strings.CutSuffix(path, "/"); ok {
		return before, true
	}
	return path + "/", true
}

// expandPath puts values into a path and escapes them. A value that would make
// another path of it is refused: one that is empty, "." or "..".
//
//	expandPath("/rooms/{room}/events", {"room": "a/b"})	/rooms/a%2Fb/events
func expandPath(path string, values map[string]string) (string, error) {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		name, ok := strings.CutPrefix(segment, "{")
		name, closed := strings.CutSuffix(name, "}")
		if !ok || !closed {
			segments[i] = escapeLiteral(segment)
			continue
		}
		name, rest := strings.CutPrefix(name, "*")
		v, ok := values[name]
		if !ok {
			return "", fmt.Errorf("nothing fills {%s} of the path %s", name, path)
		}
		parts := []string{v}
		if rest && v != "" {
			parts = strings.Split(v, "/")
		}
		for j, part := range parts {
			last := j == len(parts)-1
			if part == "." || part == ".." || part == "" && !(rest && last) {
				return "", fmt.Errorf("%s: %q cannot travel in a path", name, v)
			}
			parts[j] = url.PathEscape(part)
		}
		segments[i] = strings.Join(parts, "/")
	}
	return strings.Join(segments, "/"), nil
}

// escapeLiteral escapes what a design says of a path, unless it is escaped
// already.
func escapeLiteral(segment string) string {
	if plain, err := url.PathUnescape(segment); err == nil {
		return url.PathEscape(plain)
	}
	return url.PathEscape(segment)
}
