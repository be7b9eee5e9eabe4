"""`saoluu verify` and the verifier that stands alone agree on our packages, however they were bent."""

import asyncio
import importlib.util
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from hashlib import sha256
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


UNKNOWN = struct.pack("<2H", 0x9999, 60_000) + b"H" * 60_000


def rebuilt(
    whole: bytes,
    *,
    local_extra: bytes = b"",
    central_extra: bytes = b"",
    second_name: bytes | None = None,
    **told: int | bytes,
) -> bytes:
    """Spell a ZIP as ours, but for what is told of its second file."""
    body, directory = b"", b""
    with zipfile.ZipFile(io.BytesIO(whole)) as given:
        infos = [(info, given.read(info)) for info in given.infolist()]
    for number, (info, data) in enumerate(infos):
        name, bent, before, behind = info.filename.encode(), {}, b"", b""
        if number == 1:
            bent, before, behind = told, local_extra, central_extra
            if second_name is not None:
                other = name if not second_name else name.rpartition(b"/")[0] + b"/" + second_name
                before = behind = struct.pack("<2HBI", 0x7075, 5 + len(other), 1, zlib.crc32(name)) + other
        at, comment = len(body), bytes(bent.get("comment", b""))
        year, month, day, hour, minute, second = info.date_time
        moment = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
        facts = (0x800, 0, *moment, info.CRC, len(data), len(data), len(name))
        body += struct.pack("<4s5H3I2H", b"PK\3\4", 20, *facts, len(before)) + name + before + data
        versions = (bent.get("made_by", 0x314), bent.get("needed", 20))
        kind = (0, bent.get("internal", 0), bent.get("attributes", 0o100644 << 16))
        directory += struct.pack("<4s6H3I5H2I", CENTRAL, *versions, *facts, len(behind), len(comment), *kind, at)
        directory += name + behind + comment
    counts = (0, 0, len(infos), len(infos), len(directory), len(body), 0)
    return body + directory + struct.pack("<4s4H2IH", EOCD, *counts)


SPELT: dict[str, tuple[Callable[[bytes], bytes], bool]] = {
    "as it is": (lambda whole: whole, True),
    "ZIP64 records that a small one needs not": (wide, False),
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
    "an unknown field before a file": (lambda whole: rebuilt(whole, local_extra=UNKNOWN), False),
    "an unknown field in the directory": (lambda whole: rebuilt(whole, central_extra=UNKNOWN), False),
    "a comment on a file": (lambda whole: rebuilt(whole, comment=b"c" * 60_000), False),
    "another name for readers of Unicode": (lambda whole: rebuilt(whole, second_name=b"EVIL.xml"), False),
    "a second name that is the same": (lambda whole: rebuilt(whole, second_name=b""), False),
    "a file that runs as its owner": (lambda whole: rebuilt(whole, attributes=0o104777 << 16), False),
    "a folder's attribute": (lambda whole: rebuilt(whole, attributes=0o100644 << 16 | 0x10), False),
    "a text by its internal attributes": (lambda whole: rebuilt(whole, internal=1), False),
    "another version needed": (lambda whole: rebuilt(whole, needed=21), False),
    "another version before the file": (lambda whole: flipped(whole, 4), False),
    "made by another program": (lambda whole: rebuilt(whole, made_by=0x31E), False),
    "rebuilt as it was": (lambda whole: rebuilt(whole), True),
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
    "stored by another program": (packed, False),
    "compressed": (lambda files: packed(files, compression=zipfile.ZIP_DEFLATED), False),
    "under another folder": (lambda files: packed(files, "uuid-another"), False),
    "with folders of its files": (lambda files: packed({"metadata/": b"", **files}), False),
    "with an empty folder": (lambda files: packed({**files, "metadata/other/": b""}), False),
    "with a name that Windows refuses": (lambda files: packed({**files, "metadata/other/a?.xml": b"x"}), False),
    "with names that fall together": (lambda files: packed({**files, "mets.XML": b"x"}), False),
    "with names in two Unicode forms": (
        lambda files: packed({**files, "metadata/\u00e9": b"x", "metadata/e\u0301": b"x"}),
        False,
    ),
    "with a file more": (lambda files: packed({**files, "metadata/other/x.xml": b"x"}), False),
    "in another order": (lambda files: packed(dict(reversed(files.items()))), False),
}


@pytest.mark.parametrize("what", PACKED)
def test_they_agree_on_what_another_program_packed(tmp_path: Path, what: str) -> None:
    bend, is_good = PACKED[what]
    assert verdicts(put(tmp_path, bend(KINDS["sip"][1]()))) == (is_good, is_good)


FOREIGN: dict[str, tuple[Callable[[bytes], bytes], bool]] = {
    "as it is": (lambda whole: whole, True),
    "a comment on a file": (lambda whole: rebuilt(whole, comment=b"by another program"), True),
    "an unknown field": (lambda whole: rebuilt(whole, local_extra=UNKNOWN, central_extra=UNKNOWN), True),
    "a second name that is the same": (lambda whole: rebuilt(whole, second_name=b""), True),
    "another name for readers of Unicode": (lambda whole: rebuilt(whole, second_name=b"EVIL.xml"), False),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_they_agree_on_the_zip_of_another_maker(tmp_path: Path, what: str) -> None:
    files, (bend, is_good) = KINDS["sip"][1](), FOREIGN[what]
    inner = files[INNER][:-LENGTH].replace(b"Saoluu", b"Another", 1)
    body = files["METS.xml"][:-LENGTH].replace(b"Saoluu", b"Another", 1)
    body = body.replace(sha256(files[INNER]).hexdigest().encode(), sha256(inner).hexdigest().encode())
    body = body.replace(b'"%d"' % len(files[INNER]), b'"%d"' % len(inner))
    whole = packed({**files, INNER: inner, "METS.xml": body})
    assert verdicts(put(tmp_path, bend(whole))) == (is_good, is_good)


def digest_of(body: bytes) -> bytes:
    return sha256(body).hexdigest().encode()


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
    other = body[:-LENGTH].replace(b'LOCTYPE="URL"', b'LOCTYPE="OTHER"', 1)
    yield "a place of another kind", {**files, "METS.xml": other + b"<?saoluu-sha256 %s?>\n" % digest_of(other)}
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
