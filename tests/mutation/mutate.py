#!/usr/bin/env python3
"""Small changes of one folder of lib/, each of which must fail a test: which ones do not.

    ./dev mutate rules               # 60 changes
    ./dev mutate resolve --count 20 --seed 7
    ./dev mutate plan --list         # the changes alone, nothing is built

A change negates a condition, swaps && with ||, == with !=, < with <=, true with false, drops a row of a table, a
statement, or an element of a condition, or swaps two rows. Which ones are tried is decided by the seed alone.

Each worker has a copy of the tree and a build (BUILD-mutate/N), so the checkout is never touched. A changed file is
compiled; where its code comes out the same, the change is none. Then the folder's own unit tests run, and if those pass,
all golden tests. What passes both has survived: a test is missing, or the line is.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import queue
import random
import re
import shutil
import subprocess
import sys

# Copied for a build; the rest is not needed.
TREES = ("CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", "NOTICE", "cmake", "lib", "shim", "tests", "testdata", "docs",
         "bench")
TEST_SECONDS = 120  # of a test that a change sends into a loop


class Change:
    def __init__(self, path, line, old, new, kind):
        self.path, self.line, self.old, self.new, self.kind = path, line, old, new, kind

    def __str__(self):
        old, new = self.old.strip(), self.new.strip()
        return f"{self.path}:{self.line}: {self.kind}: {old or '(nothing)'}  ->  {new or '(nothing)'}"


def code_mask(text):
    """The text with comments and the insides of literals blanked, of the same length."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.S)
    return pattern.sub(lambda match: re.sub(r"[^\n]", "\x01", match.group(0)), text)


def closing(mask, start):
    """Where the bracket that opens at `start` closes."""
    depth = 0
    for i in range(start, len(mask)):
        if mask[i] in "([{":
            depth += 1
        elif mask[i] in ")]}":
            depth -= 1
            if depth == 0:
                return i
    return -1


SWAPS = ((r"&&", "||"), (r"\|\|", "&&"), (r"==", "!="), (r"!=", "=="), (r"<=", "<"), (r">=", ">"), (r"(?<= )<(?= )", "<="),
         (r"(?<= )>(?= )", ">="), (r"\btrue\b", "false"), (r"\bfalse\b", "true"), (r"(?<=\w )\+ 1\b", "+ 0"),
         (r"(?<=\w )- 1\b", "- 0"), (r"\bany_of\b", "all_of"), (r"\ball_of\b", "any_of"))


def changes_in(path, name):
    text = path.read_text()
    mask = code_mask(text)
    lines, masked = text.split("\n"), mask.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def at(offset):
        low = 0
        while starts[low + 1] <= offset:
            low += 1
        return low

    found = []

    def replace(begin, end, new, kind):
        line = at(begin)
        if at(max(begin, end - 1)) != line:
            return
        old = lines[line]
        column = begin - starts[line]
        found.append(Change(name, line + 1, old, old[:column] + new + old[column + end - begin:], kind))

    for match in re.finditer(r"\b(if|while) (constexpr )?\(", mask):
        if match.group(2):
            continue
        opening = match.end() - 1
        end = closing(mask, opening)
        inner = mask[opening + 1:end]
        if end < 0 or ";" in inner or re.match(r"\s*(const )?[\w:<>\*& ]+ = ", inner):
            continue
        replace(opening + 1, end, "!(" + text[opening + 1:end] + ")", "negated")
    for pattern, new in SWAPS:
        for match in re.finditer(pattern, mask):
            line = masked[at(match.start())]
            # Operators' own declarations, templates, includes and defaulted arguments are no conditions.
            if re.search(r"operator|template|#include|static_assert|\bdefault\b", line):
                continue
            replace(match.start(), match.end(), new, "swapped")
    rows = [i for i, line in enumerate(masked)
            if re.match(r"^\s+(\{.*\},|\x01+,)$", line) and line.count("{") == line.count("}")]
    for i in rows:
        found.append(Change(name, i + 1, lines[i], "", "dropped"))
        if i + 1 in rows:
            found.append(Change(name, i + 1, lines[i] + "\n" + lines[i + 1], lines[i + 1] + "\n" + lines[i], "in another order"))
    for i, line in enumerate(masked):
        if re.match(r"^\s+(continue|break);$", line):
            found.append(Change(name, i + 1, lines[i], "", "dropped"))
        elif re.match(r"^\s+[\w\.\->\[\]\*:]+(\(.*\)| [+|&-]?= .*);$", line) and not line.lstrip().startswith(("return", "using")):
            found.append(Change(name, i + 1, lines[i], "", "dropped"))
    return found


def changes_of(top, folder, count, seed):
    found = []
    for path in sorted((top / "lib" / folder).glob("*.cc")):
        found += changes_in(path, str(path.relative_to(top)))
    random.Random(f"{folder} {seed}").shuffle(found)
    return len(found), found[:count]


class Worker:
    def __init__(self, top, build, number, folder, cmake):
        self.top, self.folder = top, folder
        self.tree = build / str(number)
        self.build = self.tree / "build"
        self.tree.mkdir(parents=True, exist_ok=True)
        for name in TREES:
            source, target = top / name, self.tree / name
            if source.is_dir():
                self.copy(source, target)
            elif not target.exists() or source.read_bytes() != target.read_bytes():
                shutil.copyfile(source, target)
        self.run(["cmake", "-S", str(self.tree), "-B", str(self.build), *cmake], check=True)
        self.ninja("golden_tests", f"unit_{folder}", check=True)
        for tests in self.tests():
            if self.run(tests, timeout=TEST_SECONDS * 5).returncode != 0:
                raise SystemExit(f"mutate: without a change {tests[0]} fails")

    @staticmethod
    def copy(source, target):
        """Only what differs, so that a second run compiles little."""
        wanted = set()
        for path in source.rglob("*"):
            relative = path.relative_to(source)
            wanted.add(relative)
            other = target / relative
            if path.is_dir():
                other.mkdir(parents=True, exist_ok=True)
            elif not other.exists() or path.read_bytes() != other.read_bytes():
                other.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, other, follow_symlinks=False)
        for other in list(target.rglob("*")):
            if other.relative_to(target) not in wanted and other.is_file():
                other.unlink()

    def run(self, argv, check=False, timeout=None):
        done = subprocess.run(argv, cwd=self.tree, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=timeout, check=False)
        if check and done.returncode != 0:
            sys.stderr.buffer.write(done.stdout[-4000:])
            raise SystemExit(f"mutate: {' '.join(argv)} failed")
        return done

    def ninja(self, *targets, check=False):
        return self.run(["cmake", "--build", str(self.build), "--parallel", "1", "--target", *targets], check=check)

    def tests(self):
        yield [str(self.build / "tests/unit" / f"unit_{self.folder}"), "--gtest_brief=1", "--gtest_fail_fast"]
        yield [str(self.build / "tests/golden/golden_tests"), "--gtest_brief=1", "--gtest_fail_fast"]

    def object_of(self, change):
        name = pathlib.Path(change.path).name
        [path] = (self.build / "lib" / self.folder).glob(f"CMakeFiles/*/{name}.o")
        return path

    def judge(self, change):
        """'unit', 'golden': the tests that see it; 'no change', 'does not compile', 'survived'."""
        path = self.tree / change.path
        text = path.read_text()
        compiled = self.object_of(change)
        before = hashlib.sha256(compiled.read_bytes()).digest()
        lines = text.split("\n")
        count = change.old.count("\n") + 1
        lines[change.line - 1:change.line - 1 + count] = change.new.split("\n")
        try:
            path.write_text("\n".join(lines))
            if self.ninja(f"lib/{self.folder}/all").returncode != 0:
                return "does not compile"
            if hashlib.sha256(compiled.read_bytes()).digest() == before:
                return "no change"
            for target, tests, name in zip((f"unit_{self.folder}", "golden_tests"), self.tests(), ("unit", "golden")):
                if self.ninja(target).returncode != 0:
                    return "does not compile"
                try:
                    if self.run(tests, timeout=TEST_SECONDS).returncode != 0:
                        return name
                except subprocess.TimeoutExpired:
                    return name
            return "survived"
        finally:
            path.write_text(text)


def main():
    parser = argparse.ArgumentParser(description="Small changes of one folder of lib/ that no test sees.")
    parser.add_argument("folder")
    parser.add_argument("--count", type=int, default=60, help="so many changes (60)")
    parser.add_argument("--seed", type=int, default=1, help="others (1)")
    parser.add_argument("--list", action="store_true", help="print the changes, and try none")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--cmake", action="append", default=[], metavar="OPTION", help="an option of CMake's")
    options = parser.parse_args()
    top = pathlib.Path(__file__).resolve().parents[2]
    if not (top / "tests/unit" / options.folder).is_dir() or not (top / "lib" / options.folder).is_dir():
        parser.error(f"'{options.folder}' is no folder of lib/ with unit tests")
    possible, changes = changes_of(top, options.folder, options.count, options.seed)
    if options.list:
        print("\n".join(str(change) for change in changes))
        return 0

    print(f"{len(changes)} of {possible} changes of lib/{options.folder}, {options.jobs} at a time", flush=True)
    workers = queue.Queue()
    # One after the other: a compiler cache makes the second one cheap.
    for number in range(options.jobs):
        workers.put(Worker(top, options.build, number, options.folder, options.cmake))

    def judge(change):
        worker = workers.get()
        try:
            return worker.judge(change)
        finally:
            workers.put(worker)

    verdicts = {}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for change, verdict in zip(changes, pool.map(judge, changes)):
            verdicts.setdefault(verdict, []).append(change)
            if verdict == "survived":
                print(change, flush=True)
    of = {name: len(verdicts.get(name, [])) for name in ("unit", "golden", "survived", "no change", "does not compile")}
    tried = of["unit"] + of["golden"] + of["survived"]
    print(f"| {options.folder} | {tried} | {of['unit']} | {of['golden']} | {of['survived']} | "
          f"{100 * (tried - of['survived']) // max(tried, 1)} % |")
    (options.build / f"{options.folder}.json").write_text(
        json.dumps({verdict: [str(change) for change in them] for verdict, them in verdicts.items()}, indent=1) + "\n")
    return 1 if of["survived"] else 0


if __name__ == "__main__":
    sys.exit(main())
