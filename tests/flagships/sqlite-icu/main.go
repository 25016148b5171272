// SQLite with ICU: upper case and order as Turkish and German have them, which SQLite alone does not know.
package main

import (
	"database/sql"
	"fmt"
	"log"

	_ "github.com/mattn/go-sqlite3"
)

func main() {
	db, err := sql.Open("sqlite3", "database.sqlite")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	for _, query := range []string{
		"SELECT upper('istanbul', 'tr_tr')",
		"SELECT 'straße' REGEXP '^stra\\p{Ll}e$'",
		"SELECT icu_load_collation('de_DE', 'german') IS NULL",
		`SELECT group_concat(w, ' ') FROM
			(SELECT column1 w FROM (VALUES ('Zebra'), ('Äpfel'), ('Apfel')) ORDER BY w COLLATE german)`,
	} {
		var text string
		if err := db.QueryRow(query).Scan(&text); err != nil {
			log.Fatal(query, ": ", err)
		}
		fmt.Println(text)
	}
}
