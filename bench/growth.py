#!/usr/bin/env python3
"""How a link grows with its inputs: objects, archives, bytes. Linear is right: the last column is what each more unit
costs, against the row above.

The inputs are made up: copies of one small object with other names in it, in a link line as cmd/link writes it, given to
cgo-ld-shim as a whole (classify, plan, resolve, rewrite, link, verify, record).
"""

import os
import shutil
import struct
import subprocess
import sys

import common

NAME = "f_00000000"  # replaced in the bytes of an object by another name of the same length
NEXT = "g_00000000"
TEMPLATE = f"int {NEXT}(void);\nint {NAME}(void) {{ return {NEXT}() + 1; }}\n"


def compiled(directory, name, text):
    source = os.path.join(directory, name + ".c")
    with open(source, "w", encoding="utf-8") as file:
        file.write(text)
    result = os.path.join(directory, name + ".o")
    subprocess.run(["gcc", "-O1", "-c", "-o", result, source], check=True)
    with open(result, "rb") as file:
        return file.read()


def object_bytes(template, number, last):
    """Object `number` defines f_<number> and calls the next one, so that one after another is pulled in."""
    following = f"f_{number + 1:08d}" if number + 1 < last else "end_of_all"
    return template.replace(NAME.encode(), f"f_{number:08d}".encode()).replace(NEXT.encode(), following.encode())


def archive_bytes(symbol, member):
    """An archive of one member with its index, as ar writes it."""

    def entry(name, data):
        head = f"{name:<16}{0:<12}{0:<6}{0:<6}{644:<8}{len(data):<10}`\n".encode()
        return head + data + b"\n" * (len(data) % 2)

    index = struct.pack(">I", 1) + b"%s" + symbol.encode() + b"\0"
    place = 8 + len(entry("/", index.replace(b"%s", b"\0\0\0\0")))
    return b"!<arch>\n" + entry("/", index.replace(b"%s", struct.pack(">I", place))) + entry("member.o/", member)


class Inputs:
    """A directory with the objects that every such link has."""

    def __init__(self, directory):
        self.directory = directory
        shutil.rmtree(directory, ignore_errors=True)
        os.makedirs(directory)
        # end_of_all is as long as f_00000000: the names take each other's place.
        assert len("end_of_all") == len(NAME)
        self.template = compiled(directory, "template", TEMPLATE)
        compiled(directory, "000000", "int end_of_all(void) { return 0; }\n")
        compiled(directory, "go", "int f_00000000(void);\nint main(void) { return f_00000000() < 0; }\n")

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        return self.path(name)

    def objects(self, count):
        return [self.write(f"o{number:06d}.o", object_bytes(self.template, number, count)) for number in range(count)]

    def archives(self, count):
        result = []
        for number, path in enumerate(self.objects(count)):
            archive = self.path(f"lib/lib{number}.a")
            os.makedirs(os.path.dirname(archive), exist_ok=True)
            with open(path, "rb") as member, open(archive, "wb") as file:
                file.write(archive_bytes(f"f_{number:08d}", member.read()))
            os.unlink(path)
            result.append(archive)
        return result

    def large(self, megabytes, count=32):
        """`count` objects with so many megabytes between them: a fifth is data, the rest debug information, as in large
        programs; the code and data of x86-64 end at 2 GB."""
        sections = {".data.pad": ("alloc,load,data,contents", megabytes // 5),
                    ".debug_pad": ("debug,readonly,contents", megabytes - megabytes // 5)}
        for name, (_, size) in sections.items():
            each = size * 1_000_000 // count
            with open(self.path(name), "wb") as file:
                file.write(os.urandom(1_000_000) * (each // 1_000_000) + os.urandom(each % 1_000_000))
        result = []
        for path in self.objects(count):
            for name, (flags, _) in sections.items():
                subprocess.run(["objcopy", f"--add-section={name}={self.path(name)}", f"--set-section-flags={name}={flags}",
                                path], check=True)
            result.append(path)
        for name in sections:
            os.unlink(self.path(name))
        return result


def link_line(arguments, inputs, files):
    """Like Go's: what it writes stands in go.o and 000000.o, the rest is the user's."""
    response = inputs.write("line", "\n".join(files).encode())
    return [arguments.tool, "-m64", "-o", inputs.path("program"), "-rdynamic", inputs.path("go.o"), inputs.path("000000.o"),
            "@" + response]


def grow(arguments, title, unit, sizes, make):
    rows = []
    before = None  # size and CPU time of the row above
    for size in sizes:
        common.progress(f"making {size} {unit}")
        inputs = Inputs(os.path.join(arguments.work, "growth"))
        files = make(inputs, size)
        line = link_line(arguments, inputs, files)
        environment = dict(os.environ, GOOS="linux", TOOLEXEC_IMPORTPATH="example.com/growth")
        runs = []
        try:
            common.measure(line, env=environment)
            for number in range(arguments.n):
                common.progress(f"{size} {unit}: round {number + 1}")
                runs.append(common.measure(line, env=environment))
        except common.Failed as failure:
            common.progress("")
            print(f"{title}, {size}: {failure}", file=sys.stderr)
            continue
        common.progress("")
        total = sum(os.path.getsize(path) for path in files)
        middle = [common.median(of(run) for run in runs) for of in (common.wall, common.cpu, common.memory)]
        more = "" if before is None else f"{(middle[1] - before[1]) / (size - before[0]) * 1000:.1f}"
        before = (size, middle[1])
        rows.append([f"{size} {unit}", f"{total / 1e6:.1f}"] + [f"{middle[i]:.0f}" for i in (0, 1)]
                    + [f"{middle[2] / 1e6:.0f}", more])
    shutil.rmtree(os.path.join(arguments.work, "growth"), ignore_errors=True)
    print(common.table([title, "MB in", "wall ms", "CPU ms", "peak MB", "CPU µs for each more"], rows))
    print()


def main():
    parser = common.parser(__doc__.split("\n")[0])
    parser.set_defaults(n=5)
    parser.add_argument("--megabytes", type=int, default=2500, help="the largest link (2500)")
    arguments = parser.parse_args()
    common.prepare(arguments)
    print(common.heading(arguments))
    grow(arguments, "objects", "objects", (10, 100, 1000, 10000), Inputs.objects)
    grow(arguments, "archives", "archives", (1, 20, 200, 2000), Inputs.archives)
    sizes = [size for size in (17, 85, 425, 2500) if size <= arguments.megabytes]
    grow(arguments, "bytes", "MB", sizes, Inputs.large)


if __name__ == "__main__":
    main()
