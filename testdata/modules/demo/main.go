// The program that ./dev demo builds: an HTTP server in front of an SQLite database in memory. It asks itself one question
// over the network and prints the answer.
//
// Both packages bring cgo in: net for the C library's name look-ups, go-sqlite3 with a whole database written in C.
package main

import (
	"database/sql"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"

	_ "github.com/mattn/go-sqlite3"
)

func openDatabase() (*sql.DB, error) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // each connection to :memory: would get a database of its own
	_, err = db.Exec(`
		CREATE TABLE linkers (name TEXT, year INTEGER);
		INSERT INTO linkers VALUES ('GNU ld', 1991), ('gold', 2008), ('lld', 2015), ('mold', 2021)`)
	return db, err
}

func main() {
	log.SetFlags(0)
	db, err := openDatabase()
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		var count int
		var newest, version string
		row := db.QueryRow(`SELECT count(*), (SELECT name FROM linkers ORDER BY year DESC LIMIT 1), sqlite_version() FROM linkers`)
		if err := row.Scan(&count, &newest, &version); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(w, "%d linkers, the newest is %s (SQLite %s)", count, newest, version)
	})

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go http.Serve(listener, nil)

	response, err := http.Get("http://" + listener.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		log.Fatalf("HTTP %d: %s", response.StatusCode, strings.TrimSpace(string(body)))
	}
	fmt.Println("answered over HTTP:", string(body))
}
