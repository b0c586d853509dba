package peers_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// proxy is a program of others between server and client, with the
// configuration that its documentation begins with: no word of streams, which
// the server's answers take care of by themselves. The one exception is
// haproxyConf.
type proxy struct {
	program string

	// command returns the arguments that make program run in the foreground
	// with what is in file, and nothing outside dir.
	command func(dir, file string) []string

	// config returns what is in file: on addr it passes everything to backend.
	config func(dir, addr, backend string, compress bool) string
}

// proxies are those that Debian has. Compressing, they compress streams too.
var proxies = []proxy{
	{
		program: "nginx",
		command: func(dir, file string) []string {
			return []string{"-p", dir, "-e", filepath.Join(dir, "error.log"), "-c", file}
		},
		config: nginxConf,
	},
	{
		program: "haproxy",
		command: func(_, file string) []string { return []string{"-db", "-f", file} },
		config:  haproxyConf,
	},
	{
		program: "caddy",
		command: func(_, file string) []string { return []string{"run", "--adapter", "caddyfile", "--config", file} },
		config:  caddyConf,
	},
}

// start starts the proxy in front of backend and returns its address.
func (p proxy) start(t *testing.T, backend string, compress bool) string {
	t.Helper()
	program, err := exec.LookPath(p.program)
	if err != nil {
		program = "/usr/sbin/" + p.program // not in everyone's PATH
	}
	dir, addr := t.TempDir(), freeAddress(t)
	file := filepath.Join(dir, "config")
	if err := os.WriteFile(file, []byte(p.config(dir, addr, backend, compress)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, p.command(dir, file)...)
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	start(t, cmd)
	t.Cleanup(func() {
		log.Close()
		if said, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("%s says:\n%s", p.program, said)
		}
	})
	awaitAddress(t, addr)
	return addr
}

func nginxConf(dir, addr, backend string, compress bool) string {
	gzip := ""
	if compress {
		gzip = "gzip on; gzip_types text/plain text/css application/json text/event-stream; gzip_proxied any;"
	}
	return `
daemon off;
master_process off;
pid ` + dir + `/nginx.pid;
events {}
http {
	access_log off;
	client_body_temp_path ` + dir + `/body;
	proxy_temp_path ` + dir + `/proxy;
	fastcgi_temp_path ` + dir + `/fastcgi;
	uwsgi_temp_path ` + dir + `/uwsgi;
	scgi_temp_path ` + dir + `/scgi;
	` + gzip + `
	server {
		listen ` + addr + `;
		location / {
			proxy_pass http://` + backend + `;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
		}
	}
}
`
}

// haproxyConf has http-no-delay, without which haproxy tells the kernel that
// more is to come whenever an answer is chunked: each event then takes 200 ms,
// whatever the server says.
func haproxyConf(_, addr, backend string, compress bool) string {
	compression := ""
	if compress {
		compression = "compression algo gzip\n\tcompression type text/plain text/css application/json text/event-stream"
	}
	return `
defaults
	mode http
	option http-no-delay
	timeout connect 5s
	timeout client 1m
	timeout server 1m
frontend front
	bind ` + addr + `
	` + compression + `
	default_backend back
backend back
	server only ` + backend + `
`
}

// caddyConf compresses all text, streams included. Caddy 2.6 pays no heed to
// no-transform, but leaves an answer alone that begins with less than 512 bytes.
func caddyConf(_, addr, backend string, compress bool) string {
	encode := ""
	if compress {
		encode = "encode gzip"
	}
	host, port, _ := net.SplitHostPort(addr) // freeAddress made it
	return fmt.Sprintf(`
{
	admin off
	auto_https off
}
http://%s:%s {
	%s
	reverse_proxy %s
}
`, host, port, encode, backend)
}
