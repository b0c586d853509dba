package load

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// record is what a design program was built from.
type record struct {
	Key      string   // of the contents of all that follows
	Shape    string   // of what decides which directories these are
	Program  string   // name of the program's file, beside the record
	Files    []string // go.mod, go.sum and their like, absolute; some may not exist
	Dirs     []string // directories of packages outside the module cache
	Trees    []string // directories whose files are embedded
	Required string   // version of the courant module that the design requires; empty for a directory
}

// place is where the programs of one design are kept.
type place struct {
	dir  string
	file string
}

// schema is part of each key: records of other forms are worth nothing.
const schema = "2"

func newPlace(cache, design string) place {
	dir := filepath.Join(cache, "designs", digest(schema, design)[:16])
	return place{dir: dir, file: filepath.Join(dir, "record.json")}
}

// read returns the record, or an empty one.
func (p place) read() *record {
	var rec record
	data, err := os.ReadFile(p.file)
	if err != nil || json.Unmarshal(data, &rec) != nil {
		return &record{}
	}
	return &rec
}

// program returns the file of the recorded program when it is still there.
func (p place) program(rec *record) string {
	if rec.Program == "" {
		return ""
	}
	file := filepath.Join(p.dir, filepath.Base(rec.Program))
	if _, err := os.Stat(file); err != nil {
		return ""
	}
	return file
}

// write keeps the record. Whoever reads meanwhile sees the old or the new one.
func (p place) write(rec *record) error {
	data, err := json.MarshalIndent(rec, "", "\t")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(p.dir, "record-*.tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), p.file)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// The bounds of the cache: a program is about 2.5 MB.
const (
	keepPrograms = 2  // of one design: the last, and one that may be running
	keepDesigns  = 20 // that were built last
)

// prune removes the oldest programs. What cannot be removed stays: the next
// build tries again.
func (p place) prune() {
	programs, _ := filepath.Glob(filepath.Join(p.dir, "program-*"))
	for _, old := range oldest(programs, keepPrograms) {
		_ = os.Remove(old)
	}
	left, _ := filepath.Glob(filepath.Join(p.dir, mainDir+"-*")) // by builds that were killed
	for _, old := range oldest(left, keepPrograms) {
		_ = os.RemoveAll(old)
	}
	designs, _ := filepath.Glob(filepath.Join(filepath.Dir(p.dir), "*"))
	for _, old := range oldest(designs, keepDesigns) {
		_ = os.RemoveAll(old)
	}
}

// oldest returns the files but the keep newest.
func oldest(files []string, keep int) []string {
	if len(files) <= keep {
		return nil
	}
	times := make(map[string]int64, len(files))
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			times[f] = info.ModTime().UnixNano()
		}
	}
	slices.SortFunc(files, func(a, b string) int { return int(min(1, max(-1, times[b]-times[a]))) })
	return files[keep:]
}

// executable returns the name of a program's file.
func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
