// Package openapitest checks the document that package openapi generates with
// a validator of OpenAPI 3.2.
//
// It does not generate the document: it reads the one in testdata, which the
// tests of package openapi compare with theirs. It is a module of its own so that no user of
// courant has the validator among the dependencies.
package openapitest
