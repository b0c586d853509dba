package soak

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestClientsThatCannotConnectSayWhy(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "come later", http.StatusServiceUnavailable)
	}))
	defer srv.Close()
	config := plainConfig(srv.URL)
	config.Start = 200 * time.Millisecond
	_, err := Run(t.Context(), config)
	if err == nil || !strings.Contains(err.Error(), "0 of 4 clients are connected after 200ms: ") || !strings.Contains(err.Error(), "503") {
		t.Errorf("%v", err)
	}
}
