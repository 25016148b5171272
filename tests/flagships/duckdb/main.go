// A DuckDB database in a file: written as Parquet, read back, aggregated.
package main

import (
	"database/sql"
	"fmt"
	"log"

	_ "github.com/duckdb/duckdb-go/v2"
)

func main() {
	db, err := sql.Open("duckdb", "database.duckdb")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		"CREATE TABLE t AS SELECT range AS i, 'name ' || range % 7 AS name FROM range(100000)",
		"COPY t TO 't.parquet' (FORMAT parquet, COMPRESSION zstd)",
	} {
		if _, err := db.Exec(statement); err != nil {
			log.Fatal(err)
		}
	}
	var names, sum int64
	if err := db.QueryRow("SELECT count(DISTINCT name), sum(i)::BIGINT FROM 't.parquet'").Scan(&names, &sum); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d names, sum %d\n", names, sum)
}
