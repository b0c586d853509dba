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
	return &corsHandler{h, c.origins, exposed}
}

type corsHandler struct {
	http.Handler

	origins []string
	exposed string
}

func (c *corsHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if allowOrigin(w.Header(), r, c.origins) {
		w.Header().Set("Access-Control-Expose-Headers", c.exposed)
	}
	c.Handler.ServeHTTP(w, r)
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
// standard, § 3.2), as the method says for which that is: others on the same path
// may have other origins.
type preflight struct{ mux *http.ServeMux }

func (p *preflight) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer w.WriteHeader(http.StatusNoContent)
	h := w.Header()
	asked := r.Header.Get("Access-Control-Request-Method")
	other := r.Clone(r.Context())
	other.Method = asked
	method, _ := p.mux.Handler(other)
	if redirect, ok := method.(*slashRedirect); ok {
		method = redirect.method()
	}
	c, ok := method.(*corsHandler)
	if asked == "" || !ok || !allowOrigin(h, r, c.origins) {
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
