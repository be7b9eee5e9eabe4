"""Measure what is named on the command line, all if nothing is, and print a table of each."""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.qc.integrity import measure_integrity
from bench.qc.pages import Sound, sound_pages
from bench.qc.speed import measure_speed

Measurement = Callable[[list[Sound], int], Iterator[str]]  # pages and seed to lines of Markdown

MEASUREMENTS: dict[str, Measurement] = {"speed": measure_speed, "integrity": measure_integrity}


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(prog="python -m bench.qc")
    asked.add_argument("names", nargs="*", help=", ".join(MEASUREMENTS))
    asked.add_argument("--pages", type=Path, help="a folder of sound pages; made ones if none is given")
    asked.add_argument("--seed", type=int, default=1)
    told = asked.parse_args()
    pages = list(sound_pages(told.pages))
    cores = len(os.sched_getaffinity(0))
    print(f"{platform.platform()}, Python {platform.python_version()}, {cores} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{len(pages)} pages from {told.pages or 'our own demo'}, seed {told.seed}")
    for name in told.names or MEASUREMENTS:
        print(f"\n## {name}\n")
        for line in MEASUREMENTS[name](pages, told.seed):
            print(line)
            sys.stdout.flush()


main()
