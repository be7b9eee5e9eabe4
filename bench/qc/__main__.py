"""Measure what is named on the command line, all if nothing is, and print a table of each."""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.qc.bits import measure_bits
from bench.qc.blank import measure_blank
from bench.qc.blur import measure_blur
from bench.qc.color_target import measure_color_target
from bench.qc.cut import measure_cut
from bench.qc.duplicates import measure_duplicates
from bench.qc.exposure import measure_exposure
from bench.qc.integrity import measure_integrity
from bench.qc.intrusion import measure_intrusion
from bench.qc.local_blur import measure_local_blur
from bench.qc.orientation import measure_orientation
from bench.qc.pages import Sound, sound_pages
from bench.qc.skew import measure_skew
from bench.qc.speed import measure_speed

Measurement = Callable[[list[Sound], int], Iterator[str]]  # pages and seed to lines of Markdown

MEASUREMENTS: dict[str, Measurement] = {
    "skew": measure_skew,
    "orientation": measure_orientation,
    "blur": measure_blur,
    "local_blur": measure_local_blur,
    "blank": measure_blank,
    "duplicates": measure_duplicates,
    "cut": measure_cut,
    "intrusion": measure_intrusion,
    "color_target": measure_color_target,
    "exposure": measure_exposure,
    "integrity": measure_integrity,
    "bits": measure_bits,
    "speed": measure_speed,
}


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
