// Package netonly needs no cgo of its own; it imports net. Its test binary is linked by the C compiler all the same.
package netonly

import (
	"io"
	"net"
	"strings"
)

// Echo sends text over a connection to itself and returns what comes back.
func Echo(text string) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		io.Copy(conn, conn)
		conn.Close()
	}()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if _, err := io.Copy(conn, strings.NewReader(text)); err != nil {
		return "", err
	}
	conn.(*net.TCPConn).CloseWrite()
	answer, err := io.ReadAll(conn)
	return string(answer), err
}
