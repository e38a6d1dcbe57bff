// Command policy prints what a policy denies of plans: for tests, where no opa is
// on PATH. It is a module of its own, so that what OPA needs is needed by nothing
// else, and takes OPA's compiler and evaluator alone, without its servers.
//
//	policy POLICY QUERY PLAN...
//
// Of each plan it prints one line: the answer as JSON.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/util"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string) error {
	if len(arguments) < 3 {
		return errors.New("usage: policy POLICY QUERY PLAN...")
	}
	text, err := os.ReadFile(arguments[0])
	if err != nil {
		return err
	}
	compiler, err := ast.CompileModules(map[string]string{arguments[0]: string(text)})
	if err != nil {
		return err
	}
	query, err := ast.ParseBody("answer = " + arguments[1])
	if err != nil {
		return err
	}
	if query, err = compiler.QueryCompiler().Compile(query); err != nil {
		return err
	}
	store := inmem.New()
	for _, name := range arguments[2:] {
		plan, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var input any
		if err := util.UnmarshalJSON(plan, &input); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		value, err := ast.InterfaceToValue(input)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		err = storage.Txn(ctx, store, storage.TransactionParams{}, func(txn storage.Transaction) error {
			q := topdown.NewQuery(query).WithCompiler(compiler).WithStore(store).WithTransaction(txn).WithInput(ast.NewTerm(value)).WithStrictBuiltinErrors(true)
			return q.Iter(ctx, func(found topdown.QueryResult) error {
				answer, err := ast.JSON(found[ast.Var("answer")].Value)
				if err != nil {
					return err
				}
				line, err := json.Marshal(answer)
				if err != nil {
					return err
				}
				_, err = fmt.Println(string(line))
				return err
			})
		})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
