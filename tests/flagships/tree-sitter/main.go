// Parses Python and asks the tree for the names of its functions.
package main

import (
	"fmt"
	"log"

	sitter "github.com/tree-sitter/go-tree-sitter"
	python "github.com/tree-sitter/tree-sitter-python/bindings/go"
)

const source = `
def first(a):
    return a

class C:
    def second(self):
        return [x async for x in self]
`

func main() {
	language := sitter.NewLanguage(python.Language())
	parser := sitter.NewParser()
	defer parser.Close()
	if err := parser.SetLanguage(language); err != nil {
		log.Fatal(err)
	}
	tree := parser.Parse([]byte(source), nil)
	defer tree.Close()
	query, err := sitter.NewQuery(language, "(function_definition name: (identifier) @name)")
	if err != nil {
		log.Fatal(err)
	}
	defer query.Close()
	cursor := sitter.NewQueryCursor()
	defer cursor.Close()
	matches := cursor.Matches(query, tree.RootNode(), []byte(source))
	for match := matches.Next(); match != nil; match = matches.Next() {
		node := match.Captures[0].Node
		fmt.Printf("function %s in line %d\n", node.Utf8Text([]byte(source)), node.StartPosition().Row)
	}
	fmt.Println("errors:", tree.RootNode().HasError())
}
