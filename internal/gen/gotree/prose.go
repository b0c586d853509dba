package gotree

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/courant-dev/courant/internal/goname"
	"github.com/courant-dev/courant/model"
)

// MethodDoc is the comment on the method m.
func MethodDoc(m *model.Method) string {
	if m.Description == "" {
		return fmt.Sprintf("%s is the %q method.", goname.Exported(m.Name), m.Name)
	}
	return Sentence(m.Description)
}

// Sentence returns a description with the full stop that Go's comments have.
func Sentence(description string) string {
	d := strings.TrimSpace(description)
	if r := []rune(d); len(r) > 0 && (unicode.IsLetter(r[len(r)-1]) || unicode.IsDigit(r[len(r)-1])) {
		return d + "."
	}
	return d
}
