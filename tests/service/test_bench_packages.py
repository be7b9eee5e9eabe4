"""The measurements of packages run, at a small size; their figures decide nothing here."""

from pathlib import Path

from bench.packages.beginning import measure_beginning
from bench.packages.building import measure_building
from bench.packages.describing import measure_describing
from bench.packages.sealing import measure_sealing
from bench.packages.serving import measure_serving
from bench.packages.shelves import Kind


async def test_laying_out_is_measured(tmp_path: Path) -> None:
    lines = await measure_building(tmp_path, 3, Kind(pages=4, page_size=3_000_000, documents=2, is_sparse=True))
    assert "laying out 3 packages" in lines[1]


async def test_first_bytes_of_a_large_package_are_measured(tmp_path: Path) -> None:
    lines = await measure_beginning(tmp_path, Kind(pages=4, page_size=1_500_000, documents=2, is_sparse=True))
    assert len(lines) == 3
    assert "cold" in lines[1]


async def test_describing_is_measured(tmp_path: Path) -> None:
    assert len(await measure_describing(tmp_path, 20)) == 3


async def test_serving_is_measured(tmp_path: Path) -> None:
    lines = await measure_serving(tmp_path, Kind(pages=2, page_size=1_500_000, documents=1, is_sparse=False), 1)
    assert "of the bare route: ratio" in lines[0]


async def test_sealing_is_measured(tmp_path: Path) -> None:
    assert "sealing 10 pages and 10 PDFs" in (await measure_sealing(tmp_path, 10, 1))[0]
