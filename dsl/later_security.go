package dsl

import "github.com/courant-dev/courant/eval"

// BasicAuthSecurity is a scheme of user name and password. It is not built
// yet: a design that uses it is refused.
//
//go:noinline
func BasicAuthSecurity(name string, fn ...func()) *eval.Call {
	return eval.Record("BasicAuthSecurity", with(fn, name)...)
}

// APIKeySecurity is a scheme of an API key. It is not built yet: a design that
// uses it is refused.
//
//go:noinline
func APIKeySecurity(name string, fn ...func()) *eval.Call {
	return eval.Record("APIKeySecurity", with(fn, name)...)
}

// JWTSecurity is a scheme of a JSON Web Token. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func JWTSecurity(name string, fn ...func()) *eval.Call {
	return eval.Record("JWTSecurity", with(fn, name)...)
}

// OAuth2Security is a scheme of OAuth 2. It is not built yet: a design that
// uses it is refused.
//
//go:noinline
func OAuth2Security(name string, fn ...func()) *eval.Call {
	return eval.Record("OAuth2Security", with(fn, name)...)
}

// BearerSecurity is a scheme of a bearer token. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func BearerSecurity(name string, fn ...func()) *eval.Call {
	return eval.Record("BearerSecurity", with(fn, name)...)
}

// BearerFormat says what a bearer token looks like. It is not built yet: a
// design that uses it is refused.
//
//go:noinline
func BearerFormat(format string) { eval.Record("BearerFormat", format) }

// Scope is a permission of a scheme. It is not built yet: a design that uses
// it is refused.
//
//go:noinline
func Scope(name string, description ...string) {
	eval.Record("Scope", append([]any{name}, list(description)...)...)
}

// AuthorizationCodeFlow is a flow of OAuth 2. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func AuthorizationCodeFlow(authorizationURL, tokenURL, refreshURL string) {
	eval.Record("AuthorizationCodeFlow", authorizationURL, tokenURL, refreshURL)
}

// ImplicitFlow is a flow of OAuth 2. It is not built yet: a design that uses
// it is refused.
//
//go:noinline
func ImplicitFlow(authorizationURL, refreshURL string) {
	eval.Record("ImplicitFlow", authorizationURL, refreshURL)
}

// PasswordFlow is a flow of OAuth 2. It is not built yet: a design that uses
// it is refused.
//
//go:noinline
func PasswordFlow(tokenURL, refreshURL string) { eval.Record("PasswordFlow", tokenURL, refreshURL) }

// ClientCredentialsFlow is a flow of OAuth 2. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func ClientCredentialsFlow(tokenURL, refreshURL string) {
	eval.Record("ClientCredentialsFlow", tokenURL, refreshURL)
}

// Security requires schemes. It is not built yet: a design that uses it is
// refused.
//
//go:noinline
func Security(args ...any) { eval.Record("Security", args...) }

// NoSecurity lifts what [Security] requires. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func NoSecurity() { eval.Record("NoSecurity") }

// Username is the attribute that holds the user name. It is not built yet: a
// design that uses it is refused.
//
//go:noinline
func Username(name string, args ...any) { eval.Record("Username", append([]any{name}, args...)...) }

// UsernameField is [Username] with a number for Protocol Buffers. It is not
// built yet: a design that uses it is refused.
//
//go:noinline
func UsernameField(tag any, name string, args ...any) {
	eval.Record("UsernameField", append([]any{tag, name}, args...)...)
}

// Password is the attribute that holds the password. It is not built yet: a
// design that uses it is refused.
//
//go:noinline
func Password(name string, args ...any) { eval.Record("Password", append([]any{name}, args...)...) }

// PasswordField is [Password] with a number for Protocol Buffers. It is not
// built yet: a design that uses it is refused.
//
//go:noinline
func PasswordField(tag any, name string, args ...any) {
	eval.Record("PasswordField", append([]any{tag, name}, args...)...)
}

// AccessToken is the attribute that holds the access token of OAuth 2. It is
// not built yet: a design that uses it is refused.
//
//go:noinline
func AccessToken(name string, args ...any) {
	eval.Record("AccessToken", append([]any{name}, args...)...)
}

// AccessTokenField is [AccessToken] with a number for Protocol Buffers. It is
// not built yet: a design that uses it is refused.
//
//go:noinline
func AccessTokenField(tag any, name string, args ...any) {
	eval.Record("AccessTokenField", append([]any{tag, name}, args...)...)
}

// BearerToken is the attribute that holds the bearer token. It is not built
// yet: a design that uses it is refused.
//
//go:noinline
func BearerToken(name string, args ...any) {
	eval.Record("BearerToken", append([]any{name}, args...)...)
}

// BearerTokenField is [BearerToken] with a number for Protocol Buffers. It is
// not built yet: a design that uses it is refused.
//
//go:noinline
func BearerTokenField(tag any, name string, args ...any) {
	eval.Record("BearerTokenField", append([]any{tag, name}, args...)...)
}

// Token is the attribute that holds the JSON Web Token. It is not built yet: a
// design that uses it is refused.
//
//go:noinline
func Token(name string, args ...any) { eval.Record("Token", append([]any{name}, args...)...) }

// TokenField is [Token] with a number for Protocol Buffers. It is not built
// yet: a design that uses it is refused.
//
//go:noinline
func TokenField(tag any, name string, args ...any) {
	eval.Record("TokenField", append([]any{tag, name}, args...)...)
}

// APIKey is the attribute that holds the key of a scheme. It is not built yet:
// a design that uses it is refused.
//
//go:noinline
func APIKey(scheme, name string, args ...any) {
	eval.Record("APIKey", append([]any{scheme, name}, args...)...)
}

// APIKeyField is [APIKey] with a number for Protocol Buffers. It is not built
// yet: a design that uses it is refused.
//
//go:noinline
func APIKeyField(tag any, scheme, name string, args ...any) {
	eval.Record("APIKeyField", append([]any{tag, scheme, name}, args...)...)
}
