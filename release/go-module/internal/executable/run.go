//go:build linux && (amd64 || arm64)

// Package executable holds the executable itself, compressed, and runs it in place of this process.
package executable

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Run becomes the executable under this name, with the arguments and the environment of this process.
func Run(name string) {
	err := run(name)
	fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
	os.Exit(127)
}

func run(name string) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return fmt.Errorf("there is no place to unpack the executable to: %v: set XDG_CACHE_HOME or HOME", err)
	}
	directory := filepath.Join(cache, "cgo-ld-shim", "executable-"+checksum[:16])
	if err := provide(directory); err != nil {
		return fmt.Errorf("cannot unpack the executable to %s: %v: XDG_CACHE_HOME names another place", directory, err)
	}
	path := filepath.Join(directory, name)
	err = syscall.Exec(path, append([]string{path}, os.Args[1:]...), os.Environ())
	return fmt.Errorf("cannot start %s: %v: is that file system mounted with noexec? XDG_CACHE_HOME names another place", path, err)
}

// provide unpacks the executable to the directory, unless it is there already.
func provide(directory string) error {
	path := filepath.Join(directory, "cgo-ld-shim")
	if ours(directory) == nil && unpacked(path) {
		return nil
	}
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return err
	}
	if err := ours(directory); err != nil {
		return err
	}
	// Several compiles begin at the same time: each unpacks to a file of its own, and renames it.
	file, err := os.CreateTemp(directory, "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if err := unpack(file); err != nil {
		file.Close()
		return err
	}
	if err := file.Chmod(0o700); err != nil {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	link := file.Name() + "++"
	defer os.Remove(link)
	if err := os.Symlink("cgo-ld-shim", link); err != nil {
		return err
	}
	if err := os.Rename(link, path+"++"); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

func unpack(file *os.File) error {
	reader, err := gzip.NewReader(strings.NewReader(compressed))
	if err != nil {
		return err
	}
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(file, hash), reader); err != nil {
		return err
	}
	if hex.EncodeToString(hash.Sum(nil)) != checksum {
		return errors.New("what this module holds is not what was packed into it")
	}
	return nil
}

// unpacked says whether the executable is there. It was put there by a rename, so it is whole if its size is right.
func unpacked(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular() && info.Size() == size && ours(path) == nil
}

// ours is nil for what belongs to this user and nobody else can write to.
func ours(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	status, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(status.Uid) != os.Getuid() || info.Mode().Perm()&0o022 != 0 || info.Mode()&os.ModeSymlink != 0 {
		return fmt.Errorf("%s belongs to somebody else, or others can write to it", path)
	}
	return nil
}
