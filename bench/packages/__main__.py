"""Run what is named, all if nothing is, and print figures and ratios with the machine and its load."""

import asyncio
import sys

from bench.packages.beginning import measure_beginning
from bench.packages.building import measure_building
from bench.packages.describing import measure_describing
from bench.packages.sealing import measure_sealing
from bench.packages.serving import measure_serving
from bench.reading import measure_reading
from bench.running import run
from bench.scrubbing import measure_scrubbing

MEASUREMENTS = (
    measure_building,
    measure_beginning,
    measure_serving,
    measure_sealing,
    measure_scrubbing,
    measure_reading,
    measure_describing,
)

if __name__ == "__main__":  # processes that are measured apart import this module too
    asyncio.run(run(MEASUREMENTS, sys.argv[1:]))
