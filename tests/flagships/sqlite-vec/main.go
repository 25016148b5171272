// SQLite with the vector extension: vectors stored in a file, the nearest ones found; full-text search beside it.
package main

import (
	"database/sql"
	"fmt"
	"log"

	vec "github.com/asg017/sqlite-vec-go-bindings/cgo"
	_ "github.com/mattn/go-sqlite3"
)

func main() {
	vec.Auto()
	db, err := sql.Open("sqlite3", "database.sqlite")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		"CREATE VIRTUAL TABLE v USING vec0(embedding float[4])",
		"CREATE VIRTUAL TABLE words USING fts5(text)",
		"INSERT INTO words VALUES ('linked by hand'), ('linked statically')",
	} {
		if _, err := db.Exec(statement); err != nil {
			log.Fatal(err)
		}
	}
	for i := 1; i <= 5; i++ {
		vector, err := vec.SerializeFloat32([]float32{float32(i), 0, float32(i) / 2, 1})
		if err != nil {
			log.Fatal(err)
		}
		if _, err := db.Exec("INSERT INTO v(rowid, embedding) VALUES (?, ?)", i, vector); err != nil {
			log.Fatal(err)
		}
	}
	wanted, _ := vec.SerializeFloat32([]float32{3.2, 0, 1.6, 1})
	rows, err := db.Query(
		"SELECT rowid, round(distance, 3) FROM v WHERE embedding MATCH ? ORDER BY distance LIMIT 2", wanted)
	if err != nil {
		log.Fatal(err)
	}
	for rows.Next() {
		var id int
		var distance float64
		if err := rows.Scan(&id, &distance); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("row %d at %.3f\n", id, distance)
	}
	var text string
	if err := db.QueryRow("SELECT text FROM words WHERE words MATCH 'statically'").Scan(&text); err != nil {
		log.Fatal(err)
	}
	fmt.Println("found:", text)
}
