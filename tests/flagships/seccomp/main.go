// A filter by libseccomp, loaded into the kernel: after it one system call fails with the error that it was given.
package main

import (
	"fmt"
	"log"
	"runtime"
	"syscall"

	seccomp "github.com/seccomp/libseccomp-golang"
)

func main() {
	runtime.LockOSThread()
	filter, err := seccomp.NewFilter(seccomp.ActAllow)
	if err != nil {
		log.Fatal(err)
	}
	call, err := seccomp.GetSyscallFromName("getppid")
	if err != nil {
		log.Fatal(err)
	}
	if err := filter.AddRule(call, seccomp.ActErrno.SetReturnCode(int16(syscall.EXDEV))); err != nil {
		log.Fatal(err)
	}
	if err := filter.Load(); err != nil {
		log.Fatal(err)
	}
	_, _, errno := syscall.Syscall(syscall.SYS_GETPPID, 0, 0, 0)
	fmt.Println("getppid:", errno == syscall.EXDEV)
	fmt.Println("getpid:", syscall.Getpid() > 0)
}
