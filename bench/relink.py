#!/usr/bin/env python3
"""One edit of main.go, then `go build`: what a developer waits for, with each linker, static and with zlib DWARF.

"above nothing" is what is left after taking off the same build with an external linker that does nothing at all.
"""

import itertools
import os
import shutil
import subprocess
import sys
import time

import common

EDIT = """
var benchEdit = "{stamp}"

func init() {{
\tif benchEdit == "" {{
\t\tprintln(benchEdit)
\t}}
}}
"""

OURS = "cgo-ld-shim"
NOTHING = "nothing"


def contenders(arguments):
    """name: (CC, CXX, words for -ldflags)"""
    static = "-linkmode=external -extldflags=-static"
    nothing = os.path.join(arguments.work, "do_nothing_linker")
    subprocess.run(["gcc", "-O2", "-static", "-o", nothing, os.path.join(common.HERE, "do_nothing_linker.c")], check=True)
    result = {
        OURS: ("cgo-ld-shim", "cgo-ld-shim++", "-linkmode=external"),
        NOTHING: ("gcc", "g++", f"-linkmode=external -extld={nothing}"),
        "gcc + bfd": ("gcc", "g++", static),
    }
    if common.find_lld():
        result["gcc + lld"] = ("gcc", "g++", f"-linkmode=external '-extldflags=-static {as_ld(arguments, common.find_lld())}'")
    for linker in ("mold", "wild"):
        if shutil.which(linker):
            result[f"gcc + {linker}"] = ("gcc", "g++",
                                         f"-linkmode=external '-extldflags=-static {as_ld(arguments, linker)}'")
    if shutil.which("zig"):
        target = "-target x86_64-linux-musl" if os.uname().machine == "x86_64" else "-target aarch64-linux-musl"
        result["zig cc musl"] = (f"zig cc {target}", f"zig c++ {target}", static)
    return result


def as_ld(arguments, linker):
    """gcc 12 knows no -fuse-ld=wild, but takes a program called ld out of a directory that -B names."""
    directory = os.path.join(arguments.work, "as-ld", linker)
    os.makedirs(directory, exist_ok=True)
    name = os.path.join(directory, "ld")
    if not os.path.lexists(name):
        os.symlink(shutil.which(linker), name)
    return f"-B{directory}"


def builder(arguments, program, contender, how):
    compiler, cxx, ldflags = how
    module = common.module_copy(program, os.path.join(arguments.work, "relink", program, contender.replace(" ", "-")))
    main = os.path.join(module, "main.go")
    with open(main, encoding="utf-8") as source:
        original = source.read()
    environment = dict(os.environ, CC=compiler, CXX=cxx, CGO_ENABLED="1")
    tags = common.PROGRAMS[program][1]
    argv = ["go", "build", "-buildvcs=false", "-o", "program", f"-ldflags={ldflags}"] + ([f"-tags={tags}"] if tags else [])
    count = itertools.count()

    def run():
        with open(main, "w", encoding="utf-8") as source:
            source.write(original + EDIT.format(stamp=f"{contender} {next(count)} {time.time_ns()}"))
        return common.measure(argv, cwd=module, env=environment)

    return run


def rows_of(program, runs):
    base = runs.get("gcc + bfd") or next(iter(runs.values()))
    nothing = runs[NOTHING]
    own = runs[OURS]
    rows = []

    def above(mine, of):
        return common.median(of(run) for run in mine) - common.median(of(run) for run in nothing)

    for name, mine in runs.items():
        row = [f"{program}: {name}"]
        for of in (common.wall, common.cpu):
            row += [f"{common.median(of(run) for run in mine):.0f}", f"{above(mine, of):.0f}"]
        row.append(f"{common.ratio(base, mine, common.wall):.2f}×")
        for of in (common.wall, common.cpu):
            row.append("" if name in (OURS, NOTHING) or above(own, of) <= 0
                       else f"1/{above(mine, of) / above(own, of):.1f}")
        rows.append(row)
    return rows


def main():
    parser = common.parser(__doc__.split("\n")[0])
    parser.add_argument("--programs", default="sqlite,hello,hugo")
    parser.add_argument("--contenders", default="", help="only these, separated by commas")
    arguments = parser.parse_args()
    common.prepare(arguments)
    print(common.heading(arguments))
    everyone = contenders(arguments)
    if arguments.contenders:
        asked = set(arguments.contenders.split(",")) | {OURS, NOTHING}
        everyone = {name: how for name, how in everyone.items() if name in asked}
    rows = []
    for program in common.programs_of(arguments.programs):
        runs = common.alternate({name: builder(arguments, program, name, how) for name, how in everyone.items()},
                                arguments.n)
        if OURS in runs and NOTHING in runs:
            rows += rows_of(program, runs)
        else:
            print(f"{program} is left out", file=sys.stderr)
    print(common.table(["edit, go build", "wall ms", "above nothing", "CPU ms", "above nothing", "bfd ÷ wall",
                        "ours ÷ above (wall)", "(CPU)"], rows))


if __name__ == "__main__":
    main()
