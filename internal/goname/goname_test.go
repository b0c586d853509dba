package goname_test

import (
	"testing"

	"github.com/courant-dev/courant/internal/goname"
)

func TestNames(t *testing.T) {
	for _, c := range []struct{ name, exported, pkg, dir string }{
		{"stream", "Stream", "stream", "stream"},
		{"user_id", "UserID", "userid", "user_id"},
		{"userID", "UserID", "userid", "user_id"},
		{"startID", "StartID", "startid", "start_id"},
		{"type", "Type", "typesvc", "type"},
		{"HTTPServer", "HTTPServer", "httpserver", "http_server"},
		{"api-url", "APIURL", "apiurl", "api_url"},
		{"Chat Rooms", "ChatRooms", "chatrooms", "chat_rooms"},
		{"2fa", "X2fa", "x2fa", "2fa"},
		{"größe", "Größe", "größe", "gru00f6u00dfe"},
		{"日本", "X日本", "日本", "u65e5u672c"},
		{"aux", "Aux", "aux", "aux_svc"},
		{"main", "Main", "mainsvc", "main"},
		{"vendor", "Vendor", "vendor", "vendor_svc"},
		{"_", "", "", ""},
		{"", "", "", ""},
		{"ids", "Ids", "ids", "ids"},
		{"v2Event", "V2Event", "v2event", "v2_event"},
	} {
		if got := goname.Exported(c.name); got != c.exported {
			t.Errorf("Exported(%q) = %q, want %q", c.name, got, c.exported)
		}
		if got := goname.Package(c.name); got != c.pkg {
			t.Errorf("Package(%q) = %q, want %q", c.name, got, c.pkg)
		}
		if got := goname.Dir(c.name); got != c.dir {
			t.Errorf("Dir(%q) = %q, want %q", c.name, got, c.dir)
		}
	}
}
