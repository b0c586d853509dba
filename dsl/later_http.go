package dsl

import "github.com/courant-dev/courant/eval"

// CookieSameSiteValue is what [CookieSameSite] takes. It is not built yet.
type CookieSameSiteValue string

// The values of [CookieSameSite].
const (
	CookieSameSiteStrict  CookieSameSiteValue = "strict"
	CookieSameSiteLax     CookieSameSiteValue = "lax"
	CookieSameSiteNone    CookieSameSiteValue = "none"
	CookieSameSiteDefault CookieSameSiteValue = "default"
)

// Consumes lists the content types of requests. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func Consumes(types ...string) { eval.Record("Consumes", list(types)...) }

// Produces lists the content types of answers. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func Produces(types ...string) { eval.Record("Produces", list(types)...) }

// MapParams maps all query parameters to a map. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func MapParams(args ...any) { eval.Record("MapParams", args...) }

// Cookie maps an attribute to a cookie. It is not built yet: a design that
// uses it is refused.
//
//go:noinline
func Cookie(name string, args ...any) { eval.Record("Cookie", append([]any{name}, args...)...) }

// CookieMaxAge is how long a [Cookie] lives. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func CookieMaxAge(seconds int) { eval.Record("CookieMaxAge", seconds) }

// CookieDomain is the domain of a [Cookie]. It is not built yet: a design that
// uses it is refused.
//
//go:noinline
func CookieDomain(domain string) { eval.Record("CookieDomain", domain) }

// CookiePath is the path of a [Cookie]. It is not built yet: a design that
// uses it is refused.
//
//go:noinline
func CookiePath(path string) { eval.Record("CookiePath", path) }

// CookieSecure keeps a [Cookie] to encrypted connections. It is not built yet:
// a design that uses it is refused.
//
//go:noinline
func CookieSecure() { eval.Record("CookieSecure") }

// CookieHTTPOnly hides a [Cookie] from the code of a page. It is not built
// yet: a design that uses it is refused.
//
//go:noinline
func CookieHTTPOnly() { eval.Record("CookieHTTPOnly") }

// CookieSameSite says which sites send a [Cookie] along. It is not built yet:
// a design that uses it is refused.
//
//go:noinline
func CookieSameSite(mode CookieSameSiteValue) { eval.Record("CookieSameSite", string(mode)) }

// Tag chooses among several [Response] by the value of an attribute. It is not
// built yet: a design that uses it is refused.
//
//go:noinline
func Tag(name, value string) { eval.Record("Tag", name, value) }

// ContentType is the content type of a [Response]. It is not built yet: a
// design that uses it is refused.
//
//go:noinline
func ContentType(typ string) { eval.Record("ContentType", typ) }

// MultipartRequest makes the body of a request multipart. It is not built yet:
// a design that uses it is refused.
//
//go:noinline
func MultipartRequest() { eval.Record("MultipartRequest") }

// SkipRequestBodyEncodeDecode gives a method the body of its request to read.
// It is not built yet: a design that uses it is refused.
//
//go:noinline
func SkipRequestBodyEncodeDecode() { eval.Record("SkipRequestBodyEncodeDecode") }

// SkipResponseBodyEncodeDecode lets a method write the body of its answer. It
// is not built yet: a design that uses it is refused.
//
//go:noinline
func SkipResponseBodyEncodeDecode() { eval.Record("SkipResponseBodyEncodeDecode") }

// Parent puts the path of another service before that of this one. It is not
// built yet: a design that uses it is refused.
//
//go:noinline
func Parent(name string) { eval.Record("Parent", name) }

// CanonicalMethod is the method whose path [Parent] takes. It is not built
// yet: a design that uses it is refused.
//
//go:noinline
func CanonicalMethod(name string) { eval.Record("CanonicalMethod", name) }

// Redirect answers with a redirect. It is not built yet: a design that uses it
// is refused.
//
//go:noinline
func Redirect(url string, status int) { eval.Record("Redirect", url, status) }

// CORS says which pages may call from a browser. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func CORS(args ...any) { eval.Record("CORS", args...) }
