package cli

import (
	"errors"
	"fmt"
	"sync"

	"github.com/courant-dev/courant/internal/gen"
	"github.com/courant-dev/courant/internal/gen/client"
	"github.com/courant-dev/courant/internal/gen/openapi"
	"github.com/courant-dev/courant/internal/gen/server"
	"github.com/courant-dev/courant/internal/gen/service"
	"github.com/courant-dev/courant/internal/gen/topics"
	"github.com/courant-dev/courant/internal/gen/wire"
)

// generators returns all outputs, in the order in which their errors are told.
func generators() []gen.Generator {
	return []gen.Generator{
		service.Generator(),
		wire.Generator(),
		server.Generator(),
		topics.Generator(),
		client.Generator(),
		openapi.Generator(),
	}
}

// generate runs the generators side by side; each formats its own files.
func generate(in *gen.Input, gs []gen.Generator) ([]gen.File, error) {
	files, errs := make([][]gen.File, len(gs)), make([]error, len(gs))
	var wg sync.WaitGroup
	for i, g := range gs {
		wg.Go(func() {
			var err error
			if files[i], err = g.Run(in); err != nil {
				errs[i] = fmt.Errorf("generator %s: %w", g.Name, err)
			}
		})
	}
	wg.Wait()
	var all []gen.File
	for _, f := range files {
		all = append(all, f...)
	}
	return all, errors.Join(errs...)
}
