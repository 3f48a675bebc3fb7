package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/packages"
)

// wordsPackage is where Text and N are.
const wordsPackage = "consentry/frontend/words"

// entries are what the screens say: the forms of each text by its English. One
// that does not count has the form "other" alone (CLDR plural categories).
type entries map[string]map[string]string

// collect returns the texts of packages.
func collect(pattern string) (entries, error) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo |
			packages.NeedImports | packages.NeedExportFile | packages.NeedFiles | packages.NeedCompiledGoFiles,
	}, pattern)
	if err != nil {
		return nil, err
	}
	all := entries{}
	for _, pkg := range loaded {
		for _, failed := range pkg.Errors {
			err = errors.Join(err, failed)
		}
		for _, file := range pkg.Syntax {
			err = errors.Join(err, all.read(pkg, file))
		}
	}
	return all, err
}

// read adds the texts below a node. The two forms of a text that counts belong
// together, and are no entries of their own.
func (all entries) read(pkg *packages.Package, below ast.Node) (err error) {
	ast.Inspect(below, func(node ast.Node) bool {
		if call, is := node.(*ast.CallExpr); is && isCount(pkg, call) {
			err = errors.Join(err, all.readCount(pkg, call))
			return false
		}
		if expression, is := node.(ast.Expr); is {
			if said := text(pkg, expression); said != "" {
				all.add(said)
				return false
			}
		}
		return true
	})
	return err
}

// readCount adds what a call of words.N says, and what its arguments do.
func (all entries) readCount(pkg *packages.Package, call *ast.CallExpr) error {
	one, many := text(pkg, call.Args[2]), text(pkg, call.Args[3])
	if one == "" || many == "" {
		return fmt.Errorf("%s: the forms of a count are not constants", pkg.Fset.Position(call.Pos()))
	}
	all[many] = map[string]string{"one": one, "other": many}
	err := all.read(pkg, call.Args[1])
	for _, argument := range call.Args[4:] {
		err = errors.Join(err, all.read(pkg, argument))
	}
	return err
}

func (all entries) add(said string) {
	if all[said] == nil {
		all[said] = map[string]string{"other": said}
	}
}

// text returns the value of a constant expression of the type Text; empty where
// it is another.
func text(pkg *packages.Package, expression ast.Expr) string {
	found := pkg.TypesInfo.Types[expression]
	named, is := found.Type.(*types.Named)
	if !is || found.Value == nil || found.Value.Kind() != constant.String ||
		named.Obj().Name() != "Text" || named.Obj().Pkg().Path() != wordsPackage {
		return ""
	}
	return constant.StringVal(found.Value)
}

// isCount reports whether a call is one of words.N.
func isCount(pkg *packages.Package, call *ast.CallExpr) bool {
	var name *ast.Ident
	switch called := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = called.Sel
	case *ast.Ident:
		name = called
	default:
		return false
	}
	f, is := pkg.TypesInfo.Uses[name].(*types.Func)
	return is && f.FullName() == wordsPackage+".N"
}
