#!/usr/bin/env python3
"""What the tool itself costs, in instructions, which load does not change.

The resolver's share of a link is counted by callgrind; compiles and Go's own tools that are handed on, by stepping through
the program up to the execve of the other program.
"""

import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import sys

import common

# Functions whose inclusive cost is asked for, as callgrind_annotate prints them.
PARTS = [
    ("up to the end of lld", None),
    ("plan: inputs opened and read", "cgo_ld_shim::plan::Build("),
    ("resolve", "cgo_ld_shim::resolve::Resolve("),
    ("lld, its main thread alone", "cgo_ld_shim::backend::LinkEmbedded("),
]

# What a compile is called with by Go, so that the figure does not depend on who measures: glibc reads the whole environment
# before the first code of ours, at some hundred instructions a variable.
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "USER": "root",
    "LOGNAME": "root", "SHELL": "/bin/bash", "TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C", "PWD": "/tmp",
    "OLDPWD": "/", "SHLVL": "1", "HOSTNAME": "localhost", "TMPDIR": "/tmp", "CC": "cgo-ld-shim", "CGO_ENABLED": "1",
    "GOOS": "linux", "GOARCH": "amd64", "GOROOT": "/usr/local/go",
}

PTRACE_TRACEME, PTRACE_CONT, PTRACE_SINGLESTEP, PTRACE_SETOPTIONS = 0, 7, 9, 0x4200
PTRACE_O_TRACEEXEC, PTRACE_EVENT_EXEC = 0x10, 4


def instructions_until_exec(argv, env=None):
    """User instructions of a program until it becomes another one; None when it ends by itself."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    libc.ptrace.restype = ctypes.c_long
    child = os.fork()
    if child == 0:
        libc.ptrace(PTRACE_TRACEME, 0, None, None)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        os.execve(argv[0], argv, dict(ENVIRONMENT, **(env or {})))
    os.waitpid(child, 0)  # stopped behind its own execve
    libc.ptrace(PTRACE_SETOPTIONS, child, None, ctypes.c_void_p(PTRACE_O_TRACEEXEC))
    count = 0
    while True:
        if libc.ptrace(PTRACE_SINGLESTEP, child, None, None) != 0:
            return None
        _, status = os.waitpid(child, 0)
        if not os.WIFSTOPPED(status):
            return None
        if status >> 8 == signal.SIGTRAP | PTRACE_EVENT_EXEC << 8:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return count
        count += 1


def link_call(arguments):
    """The call by which Go asks for hello's link, with its temporary directory kept."""
    module = common.module_copy("hello", os.path.join(arguments.work, "resolver", "hello"))
    temporary = os.path.join(arguments.work, "resolver", "tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    os.makedirs(temporary)
    common.measure(["go", "build", "-buildvcs=false", "-o", "program", f"-ldflags=-linkmode=external -tmpdir={temporary}"],
                   cwd=module, env=dict(os.environ, CC="cgo-ld-shim"))
    said = subprocess.run([arguments.tool, "explain", "--json", os.path.join(module, "program")], check=True,
                          stdout=subprocess.PIPE, text=True)
    record = json.loads(said.stdout)
    argv = record["argv"]
    argv[argv.index("-o") + 1] = os.path.join(arguments.work, "resolver", "program")  # Go's own place for it is gone
    return argv, arguments.work


def profile(arguments, argv, cwd, settings):
    directory = os.path.join(arguments.work, "resolver", "callgrind")
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    line = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={directory}/%p", arguments.symbols] + argv[1:]
    common.progress("callgrind")
    common.measure(line, cwd=cwd, env=dict(os.environ, **settings))
    found = {}
    # lld runs in a child, whose counts begin with those of its parent.
    for counts in os.listdir(directory):
        text = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", os.path.join(directory, counts)],
                              check=True, stdout=subprocess.PIPE, text=True).stdout
        for line_text in text.split("\n"):
            match = re.match(r"\s*([0-9,]+) \([^)]*\)\s+(?:\S*?:)?(.*)", line_text)
            if not match:
                continue
            number = int(match.group(1).replace(",", ""))
            for name, function in PARTS:
                if function is None and "PROGRAM TOTALS" in line_text or function and function in match.group(2):
                    found[name] = max(found.get(name, 0), number)
    common.progress("")
    return found


def main():
    parser = common.parser(__doc__.split("\n")[0])
    parser.add_argument("--symbols", default="", help="the tool with its symbol table (target cgo-ld-shim-symbols)")
    arguments = parser.parse_args()
    common.prepare(arguments)
    arguments.symbols = os.path.abspath(
        arguments.symbols or os.path.join(os.path.dirname(arguments.tool), "bench", "cgo-ld-shim-symbols"))
    print(common.heading(arguments))

    source = os.path.join(arguments.work, "empty.c")
    with open(source, "w", encoding="utf-8") as file:
        file.write("int nothing;\n")
    handed_on = {
        "compile (-c empty.c)": ["-c", source, "-o", os.devnull],
        "compile, as cmd/go writes it": ["-I", ".", "-fPIC", "-m64", "-pthread", "-fno-lto", "-Wall", "-O2", "-g",
                                         "-fmessage-length=0", f"-ffile-prefix-map={arguments.work}=/tmp/go-build",
                                         "-gno-record-gcc-switches", "-frandom-seed=x", "-o", os.devnull, "-c", source],
        "preprocess (-E)": ["-E", source],
    }
    rows = [[name, f"{instructions_until_exec([arguments.tool] + words):,}"] for name, words in handed_on.items()]
    # As `cgo-ld-shim go` makes itself Go's -toolexec, in front of each of Go's tools (shim/commands/go.cc).
    toolexec = {"CGO_LD_SHIM_INTERNAL_TOOLEXEC": "-", "GOFLAGS": f"-toolexec={arguments.tool}"}
    tools = subprocess.run(["go", "env", "GOTOOLDIR"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    for title, words in (("a tool of Go's (compile -V=full)", ["compile", "-V=full"]),
                         ("… (compile of a package)", ["compile", "-o", "$WORK/b001/_pkg_.a", "-trimpath", "$WORK/b001=>",
                                                       "-p", "main", "-complete", "-importcfg", "$WORK/b001/importcfg",
                                                       "-pack", "./main.go"])):
        argv = [arguments.tool, os.path.join(tools, words[0])] + words[1:]
        rows.append([title, f"{instructions_until_exec(argv, toolexec):,}"])
    print(common.table(["handed on", "instructions before execve"], rows))
    print()

    if not shutil.which("valgrind") or not os.path.exists(arguments.symbols):
        sys.exit("valgrind or the tool with symbols is missing: ./dev bench resolver makes both available")
    argv, cwd = link_call(arguments)
    rows = []
    for title, settings in (("uncompressed", {"CGO_LD_SHIM_DEBUG_SECTIONS": "none"}), ("zlib, as Go asks", {})):
        found = profile(arguments, argv, cwd, settings)
        whole = found.get("up to the end of lld", 0)
        for name, _ in PARTS:
            number = found.get(name)
            rows.append([f"{title}: {name}"] + ([f"{number / 1e6:.1f}", f"{number / whole:.1%}"] if number and whole
                                                else ["not found", ""]))
    print(common.table(["link of hello", "million instructions", "share"], rows))


if __name__ == "__main__":
    main()
