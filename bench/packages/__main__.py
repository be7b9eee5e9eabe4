"""Run what is named, all if nothing is, and print figures and ratios with the machine and its load."""

import asyncio
import sys

from bench.packages.building import measure_building
from bench.packages.describing import measure_describing
from bench.packages.serving import measure_serving
from bench.running import run

MEASUREMENTS = (measure_building, measure_serving, measure_describing)

if __name__ == "__main__":  # processes that are measured apart import this module too
    asyncio.run(run(MEASUREMENTS, sys.argv[1:]))
