package main

import (
	"encoding/binary"
	"log"
	"net"
	"strings"
	"syscall"
	"unsafe"
)

// A new network namespace has its loopback interface down, and the container has no program that could raise it.
func raiseLoopback() {
	socket := must(syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0))
	defer syscall.Close(socket)
	var request struct {
		name  [16]byte
		flags uint16
		_     [22]byte
	}
	copy(request.name[:], "lo")
	request.flags = syscall.IFF_UP | syscall.IFF_RUNNING
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(socket), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request)))
	if errno != 0 {
		log.Fatal("cannot raise the loopback interface: ", errno)
	}
}

// A DNS server (RFC 1035) for a few names with an IPv4 address each. Any other name does not exist.
func answerNames(conn net.PacketConn, addresses map[string][4]byte) {
	const header, typeA, nameError, answerFlags = 12, 1, 3, 0x8580
	packet := make([]byte, 512)
	for {
		size, from, err := conn.ReadFrom(packet)
		if err != nil {
			log.Fatal(err)
		}
		question := packet[header:size]
		var name strings.Builder
		at := 0
		for at < len(question) && question[at] != 0 {
			end := at + 1 + int(question[at])
			if end > len(question) {
				break
			}
			name.Write(question[at+1 : end])
			name.WriteByte('.')
			at = end
		}
		if at+5 > len(question) {
			continue
		}
		question = question[:at+5]
		answer := make([]byte, header)
		copy(answer, packet[:2])
		binary.BigEndian.PutUint16(answer[2:], answerFlags)
		binary.BigEndian.PutUint16(answer[4:], 1)
		answer = append(answer, question...)
		address, known := addresses[strings.ToLower(name.String())]
		if !known {
			answer[3] |= nameError
		} else if binary.BigEndian.Uint16(question[at+1:]) == typeA {
			answer[7] = 1                                                            // one answer
			answer = append(answer, 0xc0, header, 0, typeA, 0, 1, 0, 0, 0, 60, 0, 4) // the question's name, IN, 60 s, 4 bytes
			answer = append(answer, address[:]...)
		}
		if _, err := conn.WriteTo(answer, from); err != nil {
			log.Fatal(err)
		}
	}
}
