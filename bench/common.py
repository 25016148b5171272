"""What the scripts here share: the tool, programs, alternating measurements, tables.

    contenders = {"lld": ["ld.lld", ...], "mold": ["mold", ...]}
    runs = alternate({name: lambda: measure(argv) for name, argv in contenders.items()}, rounds=9)
    print(table(["linker", "wall ms"], [[name, f"{median(r.wall for r in runs[name]):.0f}"] for name in runs]))

A figure is a median, and a ratio the median of the rounds' ratios, so that load that lasts a round weighs on both sides.
Nothing here passes or fails by a time.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Callable, Dict, Iterable, List, NamedTuple, Optional, Sequence

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)

# name: (module's directory, build tags)
PROGRAMS = {
    "hello": ("testdata/modules/nethttp", ""),
    "sqlite": ("testdata/modules/demo", ""),
    "hugo": ("bench/programs/hugo", "extended"),
    "duckdb": ("bench/programs/duckdb", ""),
}


class Run(NamedTuple):
    wall: float  # ms
    cpu: float  # ms, user and system, with all descendants that were waited for
    memory: int  # bytes, the largest of those processes


class Failed(Exception):
    """A command did not do what is to be measured; the text is for people."""


def parser(description: str) -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=description)
    result.add_argument("--tool", default=os.path.join(TOP, "build", "cgo-ld-shim"), help="the cgo-ld-shim to measure")
    result.add_argument("--work", default=os.path.join(TOP, "build", "bench-work"), help="where programs are built")
    result.add_argument("-n", type=int, default=9, help="rounds (9)")
    return result


def prepare(arguments: argparse.Namespace) -> None:
    """Makes paths absolute, and keeps records and learned compilers of these runs out of the user's own."""
    arguments.tool = os.path.abspath(arguments.tool)
    arguments.work = os.path.abspath(arguments.work)
    if not os.access(arguments.tool, os.X_OK):
        sys.exit(f"{arguments.tool} is not there: ./dev build, or --tool PATH")
    os.makedirs(arguments.work, exist_ok=True)
    # The go command splits CC at spaces, so the tool goes by its name.
    os.environ["PATH"] = os.path.dirname(arguments.tool) + os.pathsep + os.environ.get("PATH", "")
    go_cache = subprocess.run(["go", "env", "GOCACHE"], capture_output=True, text=True).stdout.strip()
    os.environ.setdefault("GOCACHE", go_cache)
    os.environ["XDG_STATE_HOME"] = os.path.join(arguments.work, "state")
    os.environ["XDG_CACHE_HOME"] = os.path.join(arguments.work, "cache")
    for name in [name for name in os.environ if name.startswith("CGO_LD_SHIM_")]:
        del os.environ[name]


def measure(argv: Sequence[str], cwd: Optional[str] = None, env: Optional[Dict[str, str]] = None) -> Run:
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
            raise Failed(f"{' '.join(argv)[:200]}: exit status {process.returncode}\n{said[-2000:]}")
    return Run(wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss * 1024)


def alternate(contenders: Dict[str, Callable[[], Run]], rounds: int) -> Dict[str, List[Run]]:
    """Each round runs all of them once and begins with another one. One that fails is named and left out."""
    runs: Dict[str, List[Run]] = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(-1, rounds):  # the first is to warm up
        for turn in range(len(names)):
            name = names[(turn + number) % len(names)]
            if name not in runs:
                continue
            progress(f"round {number + 1} of {rounds}: {name}")
            try:
                run = contenders[name]()
            except Failed as failure:
                progress("")
                print(f"{name}: {failure}", file=sys.stderr)
                del runs[name]
                continue
            if number >= 0:
                runs[name].append(run)
    progress("")
    return runs


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def ratio(runs: List[Run], base: List[Run], of: Callable[[Run], float]) -> float:
    return median(of(a) / of(b) for a, b in zip(runs, base) if of(b) > 0)


def wall(run: Run) -> float:
    return run.wall


def cpu(run: Run) -> float:
    return run.cpu


def memory(run: Run) -> float:
    return run.memory


def progress(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K" + text)
        sys.stderr.flush()


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown, in columns that read well as plain text: the first to the left, the rest to the right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(head)] + rows) for i in range(len(head))]

    def line(row: Sequence[str]) -> str:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        return "| " + " | ".join(cells) + " |"

    rule = "|" + "|".join("-" * (width + 1) + ("-" if i == 0 else ":") for i, width in enumerate(widths)) + "|"
    return "\n".join([line(list(head)), rule] + [line(row) for row in rows])


def first_line(argv: Sequence[str]) -> str:
    try:
        said = subprocess.run(argv, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (said.stdout or said.stderr).strip().split("\n")[0]


def heading(arguments: argparse.Namespace) -> str:
    """Machine, date, versions and command: without them a figure means nothing."""
    processor = platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for entry in info:
            if entry.startswith("model name"):
                processor = entry.split(":", 1)[1].strip()
                break
    versions = [first_line([arguments.tool, "--cgo-ld-shim-version"]), first_line(["go", "version"]),
                first_line(["gcc", "--version"])]
    for linker in ["ld.bfd", "mold", "wild"]:
        if shutil.which(linker):
            versions.append(first_line([linker, "--version"]))
    if find_lld():
        versions.append(first_line([find_lld(), "--version"]))
    command = " ".join([os.path.relpath(sys.argv[0], TOP)] + sys.argv[1:])
    return "\n".join([
        f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC, {processor}, {os.cpu_count()} cores, "
        f"Linux {platform.release()}, load {os.getloadavg()[0]:.1f}",
        " · ".join(version for version in versions if version), f"`{command}`, {arguments.n} rounds, medians", ""])


def find_lld() -> str:
    for name in ["ld.lld"] + [f"ld.lld-{version}" for version in (22, 21, 20, 19)]:
        if shutil.which(name):
            return name
    return ""


def module_copy(name: str, directory: str) -> str:
    """The module of a program, in a directory where it may be edited."""
    source, _ = PROGRAMS[name]
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(os.path.join(TOP, source), directory)
    return directory


def capture(arguments: argparse.Namespace, name: str) -> str:
    """A capture of the program's link, made once for a work directory."""
    directory = os.path.join(arguments.work, "captures", name)
    if os.path.exists(os.path.join(directory, "capture.json")):
        return directory
    module = module_copy(name, os.path.join(arguments.work, "modules", name))
    tags = PROGRAMS[name][1]
    os.makedirs(os.path.dirname(directory), exist_ok=True)
    line = ["go", "build", "-buildvcs=false", "-ldflags=-linkmode=external"] + ([f"-tags={tags}"] if tags else [])
    progress(f"building {name}, and capturing its link")
    measure([arguments.tool, "capture", directory, "--"] + line, cwd=module)
    progress("")
    return directory


def programs_of(text: str) -> List[str]:
    names = text.split(",")
    for name in names:
        if name not in PROGRAMS:
            sys.exit(f"'{name}' is no program; there are {', '.join(PROGRAMS)}")
    return names
