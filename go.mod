module github.com/courant-dev/courant

go 1.26
