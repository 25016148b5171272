#!/usr/bin/env python3
"""The link alone, through every linker that is here: the same flags, inputs and debug section format for all.

Captures the links of a few programs, replays each through all linkers in turns (cgo-ld-shim bench), and once more with
debug sections uncompressed, beside what no linker can be faster than: reading the inputs and writing the output.
"""

import json
import os
import subprocess
import sys

import common


def through_linkers(arguments, name, directory):
    said = subprocess.run([arguments.tool, "bench", directory, "--json", "-n", str(arguments.n)],
                          stdout=subprocess.PIPE, text=True, check=False)
    if said.returncode != 0:
        sys.exit(f"cgo-ld-shim bench {directory} failed")
    result = json.loads(said.stdout)
    rows = []
    linkers = [linker for linker in result["linkers"] if linker.get("wall_ms")]
    own = linkers[0]
    for linker in linkers:
        def over(field):
            """Ours over theirs, round by round."""
            return common.median(a / b for a, b in zip(own[field], linker[field]) if b > 0)
        rows.append([f"{name}: {linker['name']}", f"{common.median(linker['wall_ms']):.0f}",
                     f"{common.median(linker['cpu_ms']):.0f}", f"{common.median(linker['memory_bytes']) / 1e6:.0f}",
                     f"{linker['output_bytes'] / 1e6:.1f}", f"{over('wall_ms'):.2f}", f"{over('cpu_ms'):.2f}",
                     f"{over('memory_bytes'):.2f}"])
    return rows


def against_the_limit(arguments, name, directory):
    """Uncompressed, against `cat` of the inputs and the writing of the output."""
    output = os.path.join(arguments.work, "program")
    kept = os.path.join(arguments.work, "written")
    with open(os.path.join(directory, "capture.json"), encoding="utf-8") as manifest:
        inputs = [entry["path"] for entry in json.load(manifest)["inputs"]]
    link = [arguments.tool, "replay", directory, "--only", output, "--", "--compress-debug-sections=none"]
    common.measure(link)
    os.replace(output, kept)
    files = os.path.join(arguments.work, "files")
    with open(files, "w", encoding="utf-8") as listing:
        listing.write("\0".join(inputs))
    # cat twice: what is read goes nowhere, and the written bytes come from a file that is in memory.
    limit = ["sh", "-c", 'xargs -0 cat <"$1" >/dev/null && cat "$2" >"$3"', "sh", files, kept, output]

    def unlinked(argv, cwd=None):
        def run():
            if os.path.exists(output):
                os.unlink(output)
            return common.measure(argv, cwd=cwd)
        return run

    runs = common.alternate({"link": unlinked(link), "limit": unlinked(limit, directory)}, arguments.n)
    os.unlink(kept)
    if len(runs) < 2:
        return []
    return [[name] + [f"{common.median(of(run) for run in runs[which]):.0f}"
                      for of in (common.wall, common.cpu) for which in ("link", "limit")]
            + [f"{common.ratio(runs['link'], runs['limit'], of):.1f}" for of in (common.wall, common.cpu)]]


def main():
    parser = common.parser(__doc__.split("\n")[0])
    parser.add_argument("--programs", default="hello,sqlite,hugo,duckdb")
    arguments = parser.parse_args()
    common.prepare(arguments)
    print(common.heading(arguments))
    rows, limits = [], []
    for name in common.programs_of(arguments.programs):
        try:
            directory = common.capture(arguments, name)
        except common.Failed as failure:
            print(f"{name} is left out: {failure}", file=sys.stderr)
            continue
        rows += through_linkers(arguments, name, directory)
        limits += against_the_limit(arguments, name, directory)
    print(common.table(["link", "wall ms", "CPU ms", "peak MB", "out MB", "ours ÷ its wall", "CPU", "memory"], rows))
    print()
    print(common.table(["uncompressed", "wall ms", "limit", "CPU ms", "limit", "÷ wall", "÷ CPU"], limits))


if __name__ == "__main__":
    main()
