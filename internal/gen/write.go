package gen

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Report says what happened to the files of a directory, or what would happen.
// All paths are slash-separated, relative to the directory and sorted.
type Report struct {
	Written   []string // new, or with other content than before
	Removed   []string // generated once, and no longer
	Unchanged []string
}

// UpToDate reports whether there is nothing to write and nothing to remove.
func (r Report) UpToDate() bool { return len(r.Written) == 0 && len(r.Removed) == 0 }

// Write makes dir hold exactly the generated files, beside those that the user
// wrote. It creates dir, writes only files whose content changes, each at once
// by a rename, and removes generated files that are not among files, together
// with the directories that are empty then.
//
// Nothing outside dir is touched, also where dir holds symbolic links. When a
// file is in the way that was not generated, or files are not what [File]
// asks for, Write changes nothing and returns an [Error] for each, joined.
func Write(dir string, files []File) (Report, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Report{}, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Report{}, err
	}
	defer root.Close()
	plan, err := newPlan(root, dir, files)
	if err != nil {
		return Report{}, err
	}
	for _, f := range plan.write {
		if err := replace(root, f); err != nil {
			return Report{}, fmt.Errorf("write %s: %w", filepath.Join(dir, f.Path), err)
		}
	}
	for _, name := range plan.report.Removed {
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return Report{}, fmt.Errorf("remove %s: %w", filepath.Join(dir, name), err)
		}
		removeEmptyParents(root, name)
	}
	return plan.report, nil
}

// Check returns what [Write] would do, and does nothing. It returns the errors
// that Write would return before it changes anything.
func Check(dir string, files []File) (Report, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := validate(dir, files); err != nil {
			return Report{}, err
		}
		var r Report
		for _, f := range files {
			r.Written = append(r.Written, f.Path)
		}
		slices.Sort(r.Written)
		return r, nil
	}
	if err != nil {
		return Report{}, err
	}
	defer root.Close()
	plan, err := newPlan(root, dir, files)
	if err != nil {
		return Report{}, err
	}
	return plan.report, nil
}

// replace writes f beside its place and renames it, so that no reader meets
// half a file. What an interrupted run leaves carries the mark, and so the
// next run removes it.
func replace(root *os.Root, f File) error {
	dir, base := path.Split(f.Path)
	if dir != "" {
		if err := root.MkdirAll(path.Clean(dir), 0o755); err != nil {
			return err
		}
	}
	temporary := fmt.Sprintf("%s.%s.%d.tmp", dir, base, os.Getpid())
	err := root.WriteFile(temporary, f.Content, 0o644)
	if err == nil {
		err = root.Rename(temporary, f.Path)
	}
	if err != nil {
		_ = root.Remove(temporary) // it may not be there
	}
	return err
}

// removeEmptyParents removes the directories above name as far as they are
// empty. Remove refuses a directory that is not, which is all the test needed.
func removeEmptyParents(root *os.Root, name string) {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if root.Remove(dir) != nil {
			return
		}
	}
}

// validate reports the files that no generator may return.
func validate(dir string, files []File) error {
	var errs []error
	seen := make(map[string]string, len(files))
	for _, f := range files {
		// Folded, because two names may be one file where case is not kept.
		folded := strings.ToLower(f.Path)
		switch {
		case !fs.ValidPath(f.Path) || f.Path == "." || !filepath.IsLocal(filepath.FromSlash(f.Path)):
			errs = append(errs, &Error{Path: f.Path, Reason: "is not a path inside " + dir})
		case !isMarked(f.Content):
			errs = append(errs, &Error{Path: f.Path, Reason: "is generated without the mark \"" + Mark + "\""})
		case seen[folded] != "":
			errs = append(errs, &Error{Path: f.Path, Reason: "is generated twice; the other is " + seen[folded]})
		}
		seen[folded] = f.Path
	}
	return errors.Join(errs...)
}
