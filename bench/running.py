"""Run measurements one after the other, each in a folder of its own, with the machine that they were taken on."""

import os
import platform
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

Measurement = Callable[[Path], Awaitable[list[str]]]


async def run(measurements: Sequence[Measurement], names: Sequence[str]) -> None:
    """Take those that are named, all if none is, and print what they tell."""
    chosen = [each for each in measurements if not names or each.__name__.removeprefix("measure_") in names]
    cores = len(os.sched_getaffinity(0))
    print(f"{platform.platform()}, Python {platform.python_version()}, {cores} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="saoluu-bench-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL runs as a user of its own for root
        for measure in chosen:
            place = Path(folder).resolve() / measure.__name__
            place.mkdir(mode=0o711)
            for line in await measure(place):
                print(line)
                sys.stdout.flush()
