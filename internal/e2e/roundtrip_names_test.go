package e2e

// names are those of the services of the design names, and of the methods of
// its service "methods".
var names = struct{ Services, Methods []string }{
	list(
		"json", "http", "context", "type", "main", "string", "error", "wire", "client", "server", "valid", "value",
		"time", "courant", "chat rooms", "func", "init", "2fa", "errors", "log", "testing", "vendor", "testdata",
		"New Service", "svc", "nil", "p", "ctx", "über", "con", "sse",
	),
	list(
		"new", "mount", "close", "client", "New Client", "unimplemented", "2fa", "chat rooms", "Validate", "größe",
		"service", "wire", "string", "error", "init", "json", "do",
	),
}
