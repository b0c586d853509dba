package courant

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync/atomic"
)

// mount registers a handler for each route. It panics as ServeMux does when a
// route is taken.
//
// For a path without wildcards it also registers a redirect from the form with,
// or without, the trailing slash. Such a pattern has one path and one verb, so
// it conflicts with nothing but itself. One with a wildcard would: "/{name}/"
// with somebody's "/static/". Those are for [RedirectSlashes].
func mount(mux *http.ServeMux, routes []Route, h http.Handler, c *serverConfig) {
	for _, route := range routes {
		handleRoute(mux, route, withCORS(c, h))
		if len(c.origins) > 0 {
			tryHandle(mux, "OPTIONS "+muxPattern(route.Path), &preflight{mux})
		}
	}
	for _, route := range routes {
		if other, ok := otherForm(route.Path); ok && !strings.Contains(other, "{") {
			tryHandle(mux, route.Verb+" "+muxPattern(other), &slashRedirect{})
		}
	}
}

// handleRoute registers a route. Where a redirect has its pattern, it takes its
// place.
func handleRoute(mux *http.ServeMux, route Route, h http.Handler) {
	pattern := route.Verb + " " + muxPattern(route.Path)
	at, taken := mux.Handler(&http.Request{Method: route.Verb, URL: &url.URL{Path: route.Path}})
	if redirect, ok := at.(*slashRedirect); ok && taken == pattern && redirect.real.CompareAndSwap(nil, &h) {
		return
	}
	mux.Handle(pattern, h)
}

// tryHandle registers a pattern that is a courtesy: where it conflicts with
// what somebody meant, it gives way.
func tryHandle(mux *http.ServeMux, pattern string, h http.Handler) {
	defer func() { _ = recover() }() // ServeMux has no other way to ask
	mux.Handle(pattern, h)
}

// slashRedirect sends from the other form of a path to the one that a design
// has, until a route takes its place.
type slashRedirect struct{ real atomic.Pointer[http.Handler] }

// method returns the handler of the route that has taken its place, or nil.
func (s *slashRedirect) method() http.Handler {
	if h := s.real.Load(); h != nil {
		return *h
	}
	return nil
}

func (s *slashRedirect) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := s.method(); h != nil {
		h.ServeHTTP(w, r)
		return
	}
	location, _ := toggleSlash(r)
	redirect(w, r, location)
}

// RedirectSlashes serves mux, and answers what mux does not have, but has with
// the trailing slash added or taken away, with a redirect:
//
//	GET /notes/7/?full=true
//
//	HTTP/1.1 308 Permanent Redirect
//	Location: ../7?full=true
//
// The reference is relative, so that it is right behind a prefix too. Generated
// New functions serve through it. On a mux of their own users may do the same;
// paths without wildcards redirect there in any case.
func RedirectSlashes(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, pattern := mux.Handler(r)
		// ServeMux redirects to a pattern that ends in a slash by itself, with 307.
		own := strings.HasSuffix(pattern, "/{$}") && !strings.HasSuffix(r.URL.Path, "/")
		if pattern == "" || own {
			location, other := toggleSlash(r)
			if _, pattern := mux.Handler(other); pattern != "" && location != "" {
				redirect(w, r, location)
				return
			}
		}
		mux.ServeHTTP(w, r)
	})
}

// toggleSlash returns the request for the other form of r's path, and the
// relative reference to it, which is empty for the root.
func toggleSlash(r *http.Request) (location string, other *http.Request) {
	other = &http.Request{Method: r.Method, Host: r.Host, URL: &url.URL{}}
	escaped := r.URL.EscapedPath()
	if escaped == "/" || escaped == "" || escaped == "*" {
		other.URL.Path = escaped
		return "", other
	}
	if before, ok := strings.CutSuffix(escaped, "/"); ok {
		other.URL.Path, other.URL.RawPath = strings.TrimSuffix(r.URL.Path, "/"), before
		return "../" + path.Base(before), other
	}
	other.URL.Path, other.URL.RawPath = r.URL.Path+"/", escaped+"/"
	return "./" + path.Base(escaped) + "/", other
}

// redirect answers 308 with a relative reference and the query of r.
func redirect(w http.ResponseWriter, r *http.Request, location string) {
	if r.URL.RawQuery != "" {
		location += "?" + r.URL.RawQuery
	}
	w.Header().Set("Location", location)
	w.WriteHeader(http.StatusPermanentRedirect)
}
