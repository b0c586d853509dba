package courant

import (
	"net/http"
	"slices"
	"strings"
)

// withCORS lets pages of other origins read what h answers.
func withCORS(c *serverConfig, h http.Handler) http.Handler {
	if len(c.origins) == 0 {
		return h
	}
	// With credentials the star means no more than its name (Fetch, § 3.2.3).
	exposed := strings.Join(append([]string{"*", "Retry-After"}, c.headers...), ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if allowOrigin(w.Header(), r, c.origins) {
			w.Header().Set("Access-Control-Expose-Headers", exposed)
		}
		h.ServeHTTP(w, r)
	})
}

// allowOrigin says that the request's origin may read the answer, and reports
// whether it may. A named origin may send credentials, any origin may not.
func allowOrigin(h http.Header, r *http.Request, origins []string) bool {
	origin := r.Header.Get("Origin")
	named := slices.Contains(origins, origin)
	if !slices.Contains(origins, "*") {
		h.Add("Vary", "Origin")
	}
	switch {
	case origin == "":
		return false
	case named:
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Allow-Credentials", "true")
		return true
	case slices.Contains(origins, "*"):
		h.Set("Access-Control-Allow-Origin", "*")
		return true
	}
	return false
}

// preflight answers a browser that asks whether it may make a request (Fetch
// standard, § 3.2).
type preflight struct {
	mux     *http.ServeMux
	origins []string
}

func (p *preflight) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer w.WriteHeader(http.StatusNoContent)
	h := w.Header()
	asked := r.Header.Get("Access-Control-Request-Method")
	if asked == "" || !allowOrigin(h, r, p.origins) {
		return
	}
	other := r.Clone(r.Context())
	other.Method = asked
	if _, pattern := p.mux.Handler(other); pattern == "" {
		return
	}
	h.Set("Access-Control-Allow-Methods", asked)
	headers := []string{"Content-Type", "Last-Event-ID", "Cache-Control"}
	for name := range strings.SplitSeq(r.Header.Get("Access-Control-Request-Headers"), ",") {
		if name = strings.TrimSpace(name); name != "" {
			headers = append(headers, name)
		}
	}
	h.Set("Access-Control-Allow-Headers", strings.Join(headers, ", "))
	h.Set("Access-Control-Max-Age", "600")
	h.Add("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers")
}
