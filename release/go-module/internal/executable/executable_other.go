//go:build !(linux && (amd64 || arm64))

package executable

const (
	compressed = ""
	size       = 0
	checksum   = ""
)
