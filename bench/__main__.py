"""``python -m bench [NAME …]``: measure, print JSON lines, then a table. Exit status 1 when a goal is missed."""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator

from bench.figures import FIGURES
from bench.results import Result, table


def main() -> int:
    """Run the figures asked for, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(FIGURES)} (default: all)")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.names) - set(FIGURES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(FIGURES)}")
    if options.here:
        return _measure(options.names[0])
    return _measure_all(options.names or list(FIGURES))


def _measure(name: str) -> int:
    module, _, function = FIGURES[name].partition(":")
    measure: Callable[[], Iterator[Result]] = getattr(importlib.import_module(module), function)
    for result in measure():
        print(json.dumps(result.as_json(), ensure_ascii=False), flush=True)
    return 0


def _measure_all(names: list[str]) -> int:
    results: list[Result] = []
    broken: list[str] = []
    for name in names:
        print(f"# {name}", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "bench", "--here", name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for line in process.stdout:
                print(line, end="", flush=True)
                if line.startswith('{"name"'):
                    results.append(Result(**json.loads(line)))
        if process.returncode:
            broken.append(name)
    print("\n" + table(results))
    missed = [result.name for result in results if result.met is False]
    if missed:
        print(f"\nGoals missed: {', '.join(missed)}")
    if broken:
        print(f"\nFigures that broke: {', '.join(broken)}")
    return 1 if missed or broken else 0


if __name__ == "__main__":
    sys.exit(main())
