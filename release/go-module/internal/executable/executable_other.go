//go:build !(linux && (amd64 || arm64))

package executable

import (
	"fmt"
	"os"
	"runtime"
)

// Run says that there is nothing to run.
func Run(name string) {
	fmt.Fprintf(os.Stderr, "%s: this module has no executable for %s/%s: cgo-ld-shim runs on Linux\n", name, runtime.GOOS, runtime.GOARCH)
	os.Exit(127)
}
