#!/usr/bin/env python3
"""A whole `go build` with an empty GOCACHE: mostly compiling, which costs with our tool what it costs without."""

import os
import shutil

import common


def main():
    parser = common.parser(__doc__.split("\n")[0])
    parser.set_defaults(n=3)
    parser.add_argument("--program", default="sqlite")
    parser.add_argument("--contenders", default="", help="only these, separated by semicolons")
    arguments = parser.parse_args()
    common.prepare(arguments)
    print(common.heading(arguments))
    module = common.module_copy(arguments.program, os.path.join(arguments.work, "cold", "module"))
    everyone = {
        "gcc, dynamic": ("gcc", "g++", "", {}),
        "cgo-ld-shim, static": ("cgo-ld-shim", "cgo-ld-shim++", "", {}),
        "gcc, static": ("gcc", "g++", "-linkmode=external -extldflags=-static", {}),
    }
    if shutil.which("zig"):
        target = f"-target {os.uname().machine}-linux-musl"
        everyone["zig cc, musl, static"] = (f"zig cc {target}", f"zig c++ {target}",
                                            "-linkmode=external -extldflags=-static", {})
        everyone["cgo-ld-shim, musl, static"] = ("cgo-ld-shim", "cgo-ld-shim++", "", {"CGO_LD_SHIM_LIBC": "musl"})
    if arguments.contenders:
        everyone = {name: how for name, how in everyone.items() if name in arguments.contenders.split(";")}
    cache = os.path.join(arguments.work, "cold", "gocache")

    def builder(how):
        compiler, cxx, ldflags, settings = how
        environment = dict(os.environ, CC=compiler, CXX=cxx, CGO_ENABLED="1", GOCACHE=cache, **settings)

        def run():
            shutil.rmtree(cache, ignore_errors=True)
            return common.measure(["go", "build", "-buildvcs=false", "-o", "program", f"-ldflags={ldflags}"], cwd=module,
                                  env=environment)
        return run

    runs = common.alternate({name: builder(how) for name, how in everyone.items()}, arguments.n)
    shutil.rmtree(cache, ignore_errors=True)
    first = next(iter(runs))
    base = runs[first]
    print(common.table(["cold go build", "wall s", "CPU s", f"÷ {first}: wall", "CPU"],
                       [[name, f"{common.median(r.wall for r in mine) / 1000:.1f}",
                         f"{common.median(r.cpu for r in mine) / 1000:.1f}", f"{common.ratio(mine, base, common.wall):.2f}",
                         f"{common.ratio(mine, base, common.cpu):.2f}"] for name, mine in runs.items()]))


if __name__ == "__main__":
    main()
