#!/usr/bin/env python3
"""The coverage of lib/ as a table, out of what `llvm-cov export -summary-only` prints on standard input.

    llvm-cov export -summary-only … | tests/coverage/table.py TOP LEAST

Ends with 1 where fewer than LEAST percent of the lines of lib/ are run by the tests.
"""

import json
import pathlib
import sys


def percent(covered, count):
    return f"{100 * covered / count:.1f} %" if count else "–"


def main():
    top, least = pathlib.Path(sys.argv[1]).resolve(), float(sys.argv[2])
    folders, poor = {}, []
    for file in json.load(sys.stdin)["data"][0]["files"]:
        path = pathlib.Path(file["filename"])
        if not path.is_relative_to(top / "lib"):
            continue
        name, lines, branches = path.relative_to(top / "lib"), file["summary"]["lines"], file["summary"]["branches"]
        sums = folders.setdefault(name.parts[0], [0, 0, 0, 0])
        for i, value in enumerate((lines["covered"], lines["count"], branches["covered"], branches["count"])):
            sums[i] += value
        if lines["count"] >= 20 and 100 * lines["covered"] < least * lines["count"]:
            poor.append((lines["covered"] / lines["count"], f"{name} {percent(lines['covered'], lines['count'])}"))
    print("| folder | lines | run | branches both ways |\n|---|---|---|---|")
    total = [sum(sums[i] for sums in folders.values()) for i in range(4)]
    for name, sums in [*sorted(folders.items()), ("all", total)]:
        print(f"| {name} | {sums[1]} | {percent(sums[0], sums[1])} | {percent(sums[2], sums[3])} |")
    print(f"\nfiles below {least:g} %: {', '.join(text for _, text in sorted(poor)) or 'none'}")
    return 0 if 100 * total[0] >= least * total[1] else 1


if __name__ == "__main__":
    sys.exit(main())
