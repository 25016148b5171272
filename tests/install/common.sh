# What the scripts of this folder share: `. "$(dirname "$0")/common.sh"`. Each is called with the source and the build
# directory, and runs in a directory of its own below the latter. Exit status 77 is ctest's "skipped".
# shellcheck shell=sh
# What `clean` has first in PATH; the scripts set it.
prefix=/nowhere

source_directory=$1 build_directory=$2
work=$build_directory/install-tests/$(basename "$0")
mkdir -p "$build_directory/install-tests/go-build"
rm -rf "$work"
mkdir -p "$work/home"

fail() {
  printf 'FAILED: %s\n' "$1" >&2
  shift
  for text in "$@"; do printf '%s\n' "$text" >&2; done
  exit 1
}
skip() {
  printf 'SKIPPED: %s\n' "$1"
  exit 77
}
have() { command -v "$1" >/dev/null 2>&1; }

# contains TEXT PART WHAT: the text has the part in it.
contains() {
  case $1 in
    *"$2"*) ;;
    *) fail "$3: there is no '$2' in" "$1" ;;
  esac
}

go_directory=$(dirname "$(command -v go)") || fail 'there is no go on PATH'
module_cache=$(go env GOMODCACHE)

# clean [NAME=VALUE...] COMMAND...: in an environment with nothing of the caller's, as for a new user. $prefix/bin stands
# first in PATH.
clean() {
  env -i HOME="$work/home" PATH="$prefix/bin:$go_directory:/usr/bin:/bin" GOCACHE="$build_directory/install-tests/go-build" \
    GOMODCACHE="$module_cache" GOFLAGS="-mod=mod -buildvcs=false" GOTOOLCHAIN=local "$@"
}

# module NAME DIRECTORY: a copy of one of testdata's modules.
module() {
  mkdir -p "$2"
  cp -R "$source_directory/testdata/modules/$1/." "$2"
}

# is_static FILE: no interpreter and no needed library.
is_static() {
  headers=$(readelf -lWd "$1") || fail "$1 is no ELF file"
  case $headers in
    *INTERP* | *NEEDED*) fail "$1 is not static" "$headers" ;;
  esac
}

# is_elf FILE: the executable itself, not a script that starts it.
is_elf() {
  [ "$(head -c 4 "$1" | od -An -tx1 | tr -d ' ')" = 7f454c46 ] || fail "$1 is not an ELF file"
}
