"""Run every measurement and print figures and ratios with the machine they were taken on."""

import asyncio
import sys

from bench.approving import measure_approving
from bench.catalog_import import measure_catalog_import
from bench.checking import measure_checking
from bench.desk import measure_desk
from bench.event_path import measure_event_path
from bench.journey import measure_journey
from bench.looking import measure_looking
from bench.memory import measure_memory
from bench.reading import measure_reading
from bench.running import run
from bench.scrubbing import measure_scrubbing
from bench.uploading import measure_full_uploading, measure_uploading

MEASUREMENTS = (
    measure_uploading,
    measure_full_uploading,
    measure_memory,
    measure_event_path,
    measure_approving,
    measure_looking,
    measure_checking,
    measure_desk,
    measure_catalog_import,
    measure_journey,
    measure_scrubbing,
    measure_reading,
)


asyncio.run(run(MEASUREMENTS, sys.argv[1:]))
