"""A manifest is one text for one delivery, read in flat memory, its packages in any order; parts keep their bound."""

import json
import random
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.handover.domain.parts import parts_of
from shared.delivery.manifest import AgreedTerms, ManifestEntry, ManifestHead, lines
from shared.delivery.manifest_file import ManifestFile, ManifestRefused

MANY = 100_000


def entry(number: int, part: int = 1) -> ManifestEntry:
    return ManifestEntry(
        number=number,
        part=part,
        package_id=UUID(int=number),
        objid=f"uuid-{UUID(int=number)}",
        file=f"{number:04d}-uuid-{UUID(int=number)}.zip",
        file_code=f"H49.1954.{number:06d}",
        size=1000 + number,
        sha256=f"{number:064x}",
        page_count=3,
        document_count=1,
    )


def head(entries: Iterable[ManifestEntry]) -> ManifestHead:
    found = list(entries)
    return ManifestHead(
        delivery_id=UUID(int=1),
        fonds_code="P01",
        number=1,
        receiver_id=UUID(int=2),
        receiver="Cục Văn thư và Lưu trữ nhà nước",
        agreement=AgreedTerms(
            id=UUID(int=3), reference="01/TT", agreed_on="2026-11-24", profile="tt05-2025", with_masters=False,
            document_sha256="0" * 64,
        ),
        frozen_at=datetime(2026, 11, 28, 3, 0, tzinfo=UTC),
        package_count=len(found),
        page_count=sum(each.page_count for each in found),
        byte_count=sum(each.size for each in found),
        part_count=max((each.part for each in found), default=0),
        part_size=1 << 30,
    )  # fmt: skip


def written(folder: Path, entries: list[ManifestEntry], told: ManifestHead | None = None) -> Path:
    place = folder / "manifest.jsonl"
    with place.open("wb") as file:
        file.writelines(lines(told or head(entries), entries))
    return place


READING = """
import resource, sys
from pathlib import Path
from shared.delivery.manifest_file import ManifestFile
manifest = ManifestFile(Path(sys.argv[1]))
for number in map(int, sys.argv[2:]):
    assert manifest.entry(number).size == 1000 + number
count = sum(1 for _ in manifest.entries())
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def read_apart(place: Path, *numbers: int) -> tuple[int, int]:
    """Read a manifest in a process of its own; gives how many packages it has, and how many KiB that took."""
    command = [sys.executable, "-c", READING, str(place), *map(str, numbers)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    count, memory = done.stdout.split()
    return int(count), int(memory)


def test_a_hundred_thousand_packages_out_of_order_are_read_in_flat_memory(tmp_path: Path) -> None:
    entries = [entry(number) for number in range(1, MANY + 1)]
    told = head(entries)
    random.Random(11).shuffle(entries)
    few = written(tmp_path, [entry(1)])
    one, memory_of_one = read_apart(few, 1)
    place = written(tmp_path, entries, told)
    many, memory_of_many = read_apart(place, 1, 2, 777, MANY // 2, MANY)
    assert (one, many) == (1, MANY)
    assert place.stat().st_size > 20 << 20
    assert memory_of_many - memory_of_one < 6 << 10, "8 B a package are kept, no more"


def test_one_delivery_has_one_spelling() -> None:
    told = [entry(number) for number in (1, 2)]
    first = b"".join(lines(head(told), told))
    assert first == b"".join(lines(head(told), told))
    assert first.count(b"\n") == 3
    for line in first.splitlines():
        assert json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == line


def test_pages_of_masters_that_go_along_count_once_though_older_programs_counted_them_twice(tmp_path: Path) -> None:
    own = entry(1)
    along = entry(2).model_copy(update={"sibling_of": own.objid})
    for count in (3, 6):
        told = head([own, along]).model_copy(update={"page_count": count})
        assert ManifestFile(written(tmp_path, [own, along], told)).head.page_count == count
    for wrong in (0, 4):
        told = head([own, along]).model_copy(update={"page_count": wrong})
        with pytest.raises(ManifestRefused, match="counts other"):
            ManifestFile(written(tmp_path, [own, along], told))


def test_what_is_cut_off_doubled_miscounted_or_respelt_is_refused(tmp_path: Path) -> None:
    entries = [entry(number) for number in range(1, 6)]
    body = b"".join(lines(head(entries), entries))
    parts = body.splitlines(keepends=True)
    wrong = {
        "a line less": b"".join(parts[:-1]),
        "cut off": body[:-1],
        "a package twice": body + parts[1],
        "no head": b"".join(parts[1:]),
        "a space": body.replace(b'":', b'": ', 1),
        "order of names": parts[0] + b'{"zz":1,"aa":2}\n',
        "no number": body.replace(b'"number":3', b'"number":0'),
        "a number beyond": body.replace(b'"number":3', b'"number":3000000'),
        "a name that climbs": body.replace(b'"objid":"uuid-', b'"objid":"../uuid-', 1),
        "a file that climbs": body.replace(b'"file":"0001', b'"file":"../1', 1),
        "a hidden file": body.replace(b'"file":"0001', b'"file":".001', 1),
        "not a number": body.replace(b'"size":1001', b'"size":1001.0'),
        "deep": b"[" * 100_000,
        "nothing": b"",
        "other bytes": random.Random(1).randbytes(3000),
    }
    for what, bent in wrong.items():
        assert bent != body, what
        place = tmp_path / "manifest.jsonl"
        place.write_bytes(bent)
        with pytest.raises(ManifestRefused):
            ManifestFile(place)
    right = ManifestFile(written(tmp_path, entries))
    assert (right.head, list(right.entries())) == (head(entries), entries)
    assert right.entry(6) is right.entry(0) is None


@given(st.lists(st.integers(1, 50), max_size=60), st.integers(1, 60))
def test_parts_are_numbered_without_a_gap_and_hold_no_more_than_agreed(sizes: list[int], bound: int) -> None:
    parts = list(parts_of(sizes, bound))
    assert len(parts) == len(sizes)
    assert sorted(set(parts)) == list(range(1, max(parts, default=0) + 1))
    assert parts == sorted(parts), "packages stay in their order"
    for part in set(parts):
        held = [size for size, number in zip(sizes, parts, strict=True) if number == part]
        assert sum(held) <= bound or len(held) == 1, "only a package that is larger by itself exceeds"
