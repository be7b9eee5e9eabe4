"""`saoluu verify` and the verifier that stands alone agree on our packages, however they were bent."""

import asyncio
import importlib.util
import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.eark.seal import LENGTH
from shared.eark.verify import verify_package
from tests.sample_package import zip_bytes
from tests.service.packages_on_disk import INNER, KINDS, TOP, Files, in_folder, put
from tests.verifying import VERIFIER

spec = importlib.util.spec_from_file_location("saoluu_verify", VERIFIER)
assert spec is not None
assert spec.loader is not None
alone = importlib.util.module_from_spec(spec)
spec.loader.exec_module(alone)

EOCD, CENTRAL = b"PK\5\6", b"PK\1\2"


def verdicts(path: Path) -> tuple[bool, bool]:
    """Say what each finds: whether a package is good."""
    return not verify_package(path), not alone.faults_of_package(str(path))


def packed(files: Files, top: str = TOP, **how: int) -> bytes:
    """Pack files as another program does."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", **how) as made:  # type: ignore[call-overload]
        for path, each in files.items():
            made.writestr(f"{top}/{path}", each)
    return body.getvalue()


def with_end(whole: bytes, *, at: int = 0, count: int = 0, length: int = 0) -> bytes:
    """Add to the numbers of the end record."""
    place = whole.rindex(EOCD)
    fields = list(struct.unpack("<4s4H2IH", whole[place:]))
    for where, change in ((3, count), (4, count), (5, length), (6, at)):
        fields[where] += change
    return whole[:place] + struct.pack("<4s4H2IH", *fields)


def between(whole: bytes) -> bytes:
    place = whole.index(CENTRAL)
    return with_end(whole[:place] + b"hidden" + whole[place:], at=6)


def flipped(whole: bytes, place: int, bit: int = 1) -> bytes:
    return whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :]


def doubled(whole: bytes) -> bytes:
    """Name the first file a second time, under another name, over the same bytes."""
    first = whole.index(CENTRAL)
    second, end = whole.index(CENTRAL, first + 4), whole.rindex(EOCD)
    again = whole[first:second].replace(b"METS.xml", b"METS.xm2")
    return with_end(whole[:end] + again + whole[end:], count=1, length=len(again))


def commented(whole: bytes) -> bytes:
    return whole[:-2] + struct.pack("<H", 4) + b"note"


def wide(whole: bytes, change: int = 0) -> bytes:
    """Put the ZIP64 records in that a small ZIP needs not."""
    end = whole.rindex(EOCD)
    count, length, at = struct.unpack_from("<HII", whole, end + 10)
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count + change, count + change, length, at)
    return whole[:end] + record + struct.pack("<4sIQI", b"PK\6\7", 0, end, 1) + whole[end:]


SPELT: dict[str, tuple[Callable[[bytes], bytes], bool]] = {
    "as it is": (lambda whole: whole, True),
    "ZIP64 records that agree": (wide, True),
    "ZIP64 records that do not": (lambda whole: wide(whole, 1), False),
    "bytes before": (lambda whole: b"#!/bin/sh\n" + whole, False),
    "bytes before, offsets put right": (lambda whole: packed_behind(whole), False),
    "bytes between": (between, False),
    "bytes behind": (lambda whole: whole + b"x", False),
    "a comment": (commented, False),
    "twice in one file": (lambda whole: whole + whole, False),
    "one file said twice": (doubled, False),
    "fewer entries than there are": (lambda whole: with_end(whole, count=-1), False),
    "a local name that differs": (lambda whole: flipped(whole, 31), False),
    "a local moment that differs": (lambda whole: flipped(whole, 10), False),
    "a local CRC that differs": (lambda whole: flipped(whole, 14), False),
    "a data descriptor": (lambda whole: flagged(whole, 8), False),
    "of a version that nobody reads": (lambda whole: flipped(whole, whole.index(CENTRAL) + 6, 64), False),
    "encrypted": (lambda whole: flagged(whole, 1), False),
    "cut short": (lambda whole: whole[:-1], False),
    "cut in the middle": (lambda whole: whole[: len(whole) // 2], False),
}


def packed_behind(whole: bytes) -> bytes:
    """Put a program before a ZIP as self-extracting ones have it: every offset counts it in."""
    program, count = b"#!/bin/sh\n", whole.count(CENTRAL)
    body, at = bytearray(whole), whole.index(CENTRAL)
    for _ in range(count):
        (offset,) = struct.unpack_from("<I", body, at + 42)
        struct.pack_into("<I", body, at + 42, offset + len(program))
        at = bytes(body).find(CENTRAL, at + 4)
    return with_end(program + bytes(body), at=len(program))


def flagged(whole: bytes, bit: int) -> bytes:
    """Set a flag of the first file, in both places."""
    body = bytearray(whole)
    body[6] |= bit
    body[whole.index(CENTRAL) + 8] |= bit
    return bytes(body)


@pytest.mark.parametrize("kind", ["sip", "sip_hoso"])
@pytest.mark.parametrize("what", SPELT)
def test_they_agree_on_the_spelling_of_a_zip(tmp_path: Path, what: str, kind: str) -> None:
    objid, files = KINDS[kind]
    bend, is_good = SPELT[what]
    whole = bend(asyncio.run(zip_bytes(objid, files())))
    assert verdicts(put(tmp_path, whole)) == (is_good, is_good)


PACKED: dict[str, tuple[Callable[[Files], bytes], bool]] = {
    "stored by another program": (packed, True),
    "compressed": (lambda files: packed(files, compression=zipfile.ZIP_DEFLATED), False),
    "under another folder": (lambda files: packed(files, "uuid-another"), False),
    "with folders of its files": (lambda files: packed({"metadata/": b"", **files}), True),
    "with an empty folder": (lambda files: packed({**files, "metadata/other/": b""}), False),
    "with a name that Windows refuses": (lambda files: packed({**files, "metadata/other/a?.xml": b"x"}), False),
    "with names that fall together": (lambda files: packed({**files, "mets.XML": b"x"}), False),
    "with names in two Unicode forms": (
        lambda files: packed({**files, "metadata/\u00e9": b"x", "metadata/e\u0301": b"x"}),
        False,
    ),
    "with a file more": (lambda files: packed({**files, "metadata/other/x.xml": b"x"}), False),
    "in another order": (lambda files: packed(dict(reversed(files.items()))), True),
}


@pytest.mark.parametrize("what", PACKED)
def test_they_agree_on_what_another_program_packed(tmp_path: Path, what: str) -> None:
    bend, is_good = PACKED[what]
    assert verdicts(put(tmp_path, bend(KINDS["sip"][1]()))) == (is_good, is_good)


def mets_bent() -> Iterator[tuple[str, Files]]:
    """Bend the root METS, which no other file vouches for, in every way that keeps it XML."""
    files = KINDS["sip"][1]()
    body = files["METS.xml"]
    title = body.index(b"LABEL=") + 8
    yield "one letter", {**files, "METS.xml": flipped(body, title)}
    yield "no seal", {**files, "METS.xml": body[:-LENGTH]}
    yield "another seal", {**files, "METS.xml": body[:-LENGTH] + b"<?saoluu-sha256 %s?>\n" % (b"0" * 64)}
    yield "something behind its seal", {**files, "METS.xml": body + b"<!-- x -->\n"}
    yield "another maker and no seal", {**files, "METS.xml": body[:-LENGTH].replace(b"Saoluu", b"Another", 1)}
    inner = files[INNER]
    yield "one letter of the inner one", {**files, INNER: flipped(inner, inner.index(b"CREATEDATE=") + 14)}


@pytest.mark.parametrize(
    ("what", "files"), list(mets_bent()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_they_agree_that_a_bent_mets_is_none(tmp_path: Path, what: str, files: Files) -> None:
    for path in (in_folder(tmp_path, files), put(tmp_path, packed(files))):
        ours, other = verdicts(path)
        assert other == ours, what
        assert not ours or what == "another maker and no seal"


@pytest.mark.parametrize("kind", KINDS)
def test_they_agree_on_any_flipped_bit(tmp_path: Path, kind: str) -> None:
    objid, files = KINDS[kind]
    whole, dice = asyncio.run(zip_bytes(objid, files())), random.Random(kind)
    headers = [place for place in range(len(whole)) if whole[place : place + 4] in (b"PK\3\4", CENTRAL)]
    places = [dice.randrange(len(whole)) for _ in range(60)]
    places += [dice.choice(headers) + dice.randrange(60) for _ in range(100)]
    places += [len(whole) - 1 - dice.randrange(22) for _ in range(22)]
    for place in places:
        bit = 1 << dice.randrange(8)
        ours, other = verdicts(put(tmp_path, flipped(whole, min(place, len(whole) - 1), bit)))
        assert ours == other, (kind, place, bit, verify_package(tmp_path / "package.zip"))
