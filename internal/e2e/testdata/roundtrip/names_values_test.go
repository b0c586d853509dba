package trip_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.com/trip/names/gen/types"
	"github.com/courant-dev/courant"
)

var traps = []*types.Trap{
	{Type: types.TrapTypeType},
	{
		StartID: ref(""), UserID: ref[int64](-1), Type: "a_b", Error: "e", ErrorName: ref("n"),
		Validate_: []time.Duration{1}, MarshalJSON_: []byte{0}, UnmarshalJSON_: 0, Func: ref(false),
		Range:   []*types.Error{{Error: "r"}},
		Context: map[string]*types.Client{"c": {Client: &types.Client{}, Error: &types.Error{}}},
		X2fa:    ref("123"), Größe: ref(0.5), AB: &types.TrapAB{AB: "ab"}, Ref: ref("#"), E: ref[int64](1), V: &at,
		I: ref(types.String("i")), JSON: map[string]any{},
	},
}

var https = []*types.HTTP{
	{},
	{Time: ref(types.Time(at)), Context: types.Context{types.Time(at)}, Any: 1.5},
}

// failed fails the test unless err is the declared error of type E.
func failed[E interface {
	error
	ErrorName() string
}](t *testing.T, method, name string, err error,
) {
	t.Helper()
	var own E
	var e *courant.Error
	switch {
	case !errors.As(err, &e) || !errors.As(err, &own):
		t.Errorf("%s: %v, want *courant.Error and %T", method, err, own)
	case e.Name != name || own.ErrorName() != name:
		t.Errorf("%s: error %q as %q, want %q", method, e.Name, own.ErrorName(), name)
	}
}

// broken reads a stream that ends with the declared error of type E.
func broken[E error, P, V any, S interface {
	Recv() (V, error)
	Close() error
}](t *testing.T, name string, want []V, p P, open func(context.Context, P) (S, error),
) {
	t.Helper()
	stream, err := open(t.Context(), p)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	defer stream.Close()
	for _, v := range want {
		got, err := stream.Recv()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		compare(t, name, v, got)
	}
	var own E
	if _, err := stream.Recv(); !errors.As(err, &own) {
		t.Errorf("%s: at the end: %v, want %T", name, err, own)
	}
}
