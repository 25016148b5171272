// What a program does in a container that holds only itself and five files of /etc: names, users, groups, HTTP, TLS, SQL. It
// runs as root of a network namespace of its own, answers its own DNS questions on port 53, and prints a line for each.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os/user"
	"sort"
	"strings"

	_ "github.com/mattn/go-sqlite3"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	log.SetFlags(0)
	raiseLoopback()
	go answerNames(must(net.ListenPacket("udp", "127.0.0.1:53")), map[string][4]byte{
		"db.test.":  {10, 1, 2, 3},
		"web.test.": {127, 0, 0, 1},
	})
	names()
	users()
	fmt.Println("http", get(serve(nil), "http", nil))
	certificate, pool := selfSigned("web.test")
	fmt.Println("tls", get(serve(&certificate), "https", pool))
	query()
}

func names() {
	fmt.Println("hosts", must(net.LookupHost("printer")))
	fmt.Println("reverse", must(net.LookupAddr("10.9.8.7")))
	fmt.Println("dns", must(net.LookupHost("db.test")))
	_, err := net.LookupHost("nosuch.test")
	var dns *net.DNSError
	fmt.Println("dns nosuch", errors.As(err, &dns) && dns.IsNotFound)
	fmt.Println("port", must(net.LookupPort("tcp", "http")))
}

func users() {
	alice := must(user.Lookup("alice"))
	fmt.Println("user", alice.Uid, alice.HomeDir, must(user.LookupId("4242")).Username)
	fmt.Println("group", must(user.LookupGroup("crew")).Gid, must(user.LookupGroupId("4300")).Name)
	groups := must(alice.GroupIds())
	sort.Strings(groups)
	fmt.Println("groups", groups)
	_, err := user.Lookup("nosuch")
	fmt.Println("user nosuch", err)
}

func serve(certificate *tls.Certificate) string {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	port := listener.Addr().(*net.TCPAddr).Port
	if certificate != nil {
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{*certificate}})
	}
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "hello ", strings.Split(r.Host, ":")[0])
	}))
	return fmt.Sprint(port)
}

func get(port, scheme string, roots *x509.CertPool) string {
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	response := must(client.Get(scheme + "://web.test:" + port))
	defer response.Body.Close()
	return string(must(io.ReadAll(response.Body)))
}

func query() {
	db := must(sql.Open("sqlite3", ":memory:"))
	db.SetMaxOpenConns(1)
	must(db.Exec("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (20), (22)"))
	var sum int
	if err := db.QueryRow("SELECT sum(n) FROM t").Scan(&sum); err != nil {
		log.Fatal(err)
	}
	fmt.Println("sql", sum)
}
