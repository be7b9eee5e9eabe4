"""The check of a package in a TAR: as good as that of the ZIP, and nothing hostile gets through."""

import asyncio
import io
import random
import tarfile
import zlib
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path

import pytest

from shared.eark.build import zip_entries
from shared.eark.package import PackageFile
from shared.eark.tar_headers import end_of_archive, padded, tar_header, ustar
from shared.eark.verify import verify_package
from shared.eark.virtual_tar import VirtualTar
from shared.eark.zip_headers import ZipEntry
from tests.sample_package import MADE_AT, SIP, masters_files, sip_files
from tests.service.packages_on_disk import PAGE, TOP
from tests.service.test_verify_command import run_cli
from tests.verifying import verified

FILES = sip_files()


def tar_of(objid: str, files: dict[str, bytes]) -> bytes:
    """Make the TAR of a package as it is served."""
    sums = [
        PackageFile(path, len(body), sha256(body).hexdigest(), zlib.crc32(body), "application/octet-stream", MADE_AT)
        for path, body in files.items()
    ]

    async def read(entry: ZipEntry, start: int, length: int) -> AsyncIterator[bytes]:
        yield files[entry.source][start : start + length]

    async def whole() -> bytes:
        return b"".join(
            [chunk async for chunk in VirtualTar.of(zip_entries(objid, sums, lambda f: f.path)).stream(read=read)]
        )

    return asyncio.run(whole())


WHOLE = tar_of(SIP, FILES)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "package.tar"


def found(place: Path, body: bytes) -> set[str]:
    place.write_bytes(body)
    return {fault.code for fault in verify_package(place)}


def test_a_good_tar_is_good_and_the_command_says_so_of_it_and_of_its_folder(place: Path) -> None:
    assert found(place, WHOLE) == set()
    for asked in (place, place.parent):
        assert run_cli(asked) == (0, [f"{place}: OK"])
    place.write_bytes(WHOLE[:-1])
    assert run_cli(place.parent)[0] == 1


def test_whatever_is_wrong_inside_is_found_by_the_mets(place: Path) -> None:
    assert found(place, tar_of(SIP, {**FILES, PAGE: FILES[PAGE][:-1] + b"x"})) == {"sha256_wrong"}
    assert found(place, tar_of(SIP, {**FILES, "extra.txt": b""})) == {"file_unlisted"}
    assert found(place, tar_of(SIP, {path: body for path, body in FILES.items() if path != PAGE})) == {"file_missing"}
    assert found(place, tar_of("urn:uuid:another", FILES)) == {"folder_name_wrong"}
    assert "folder_name_wrong" in found(place, tar_of(SIP, masters_files()))


def test_every_flipped_or_missing_byte_is_told(place: Path) -> None:
    chance = random.Random(4)
    for at in [*range(0, 2000, 7), *chance.sample(range(len(WHOLE)), 300), len(WHOLE) - 1]:
        assert found(place, WHOLE[:at] + bytes([WHOLE[at] ^ 1]) + WHOLE[at + 1 :]), at
    for length in [0, 1, 511, 512, 513, len(WHOLE) - 512, *chance.sample(range(len(WHOLE)), 50)]:
        assert found(place, WHOLE[:length]), length
    assert found(place, WHOLE + b"x") == {"tar_malformed"}
    assert found(place, WHOLE + bytes(10_240)) == {"tar_malformed"}
    assert found(place, WHOLE + WHOLE) == {"tar_malformed"}


def with_member(change: Callable[[tarfile.TarInfo], None]) -> bytes:
    """Put one more member, as another program writes it, behind the files of the sample."""
    head = b"".join(
        tar_header(ZipEntry(f"{TOP}/{path}", len(body), 0, MADE_AT, "")) + padded(body) for path, body in FILES.items()
    )
    info = tarfile.TarInfo(f"{TOP}/x")
    info.mtime = int(MADE_AT.timestamp())
    change(info)
    more = head + info.tobuf(tarfile.PAX_FORMAT)
    return more + end_of_archive(len(more))


def set_to(**values: object) -> Callable[[tarfile.TarInfo], None]:
    def change(info: tarfile.TarInfo) -> None:
        for name, value in values.items():
            setattr(info, name, value)

    return change


def test_a_plain_member_of_another_program_would_be_read() -> None:
    """So that it is what is hostile in the members below that is refused."""
    with tarfile.open(fileobj=io.BytesIO(with_member(set_to()))) as opened:
        assert opened.getnames()[-1] == f"{TOP}/x"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (set_to(), "file_unlisted"),
        (set_to(name=f"{TOP}/../../etc/cron.d/x"), "name_unsafe"),
        (set_to(name="/etc/passwd"), "name_unsafe"),
        (set_to(name="../x"), "name_unsafe"),
        (set_to(name=f"{TOP}/a\\b"), "name_unsafe"),
        (set_to(name=f"{TOP}/" + "ữ" * 60 + "/../x"), "name_unsafe"),
        (set_to(name="second/METS.xml"), "several_tops"),
        (set_to(name="loose.txt"), "several_tops"),
        (set_to(name=f"{TOP}/{PAGE}"), "name_duplicate"),
        (set_to(name=f"{TOP}/mets.XML"), "name_case_duplicate"),
        (set_to(type=tarfile.SYMTYPE, linkname="/etc/passwd"), "tar_malformed"),
        (set_to(type=tarfile.LNKTYPE, linkname=f"{TOP}/{PAGE}"), "tar_malformed"),
        (set_to(type=tarfile.DIRTYPE), "name_unsafe"),
        (set_to(type=tarfile.CHRTYPE), "tar_malformed"),
        (set_to(type=tarfile.GNUTYPE_SPARSE), "tar_malformed"),
        (set_to(uid=1), "tar_malformed"),
        (set_to(uname="root"), "tar_malformed"),
        (set_to(mode=0o4755), "tar_malformed"),
        (set_to(pax_headers={"linkpath": "/etc"}), "tar_malformed"),
        (set_to(pax_headers={"size": "99999999999999"}), "tar_malformed"),
        (set_to(pax_headers={"comment": "x" * 5000}), "tar_malformed"),
        (set_to(size=1 << 40), "tar_malformed"),
    ],
)
def test_what_a_package_never_holds_is_refused(
    change: Callable[[tarfile.TarInfo], None], code: str, place: Path
) -> None:
    assert code in found(place, with_member(change))


def test_plain_python_comes_to_the_same(place: Path) -> None:
    def seen(body: bytes) -> tuple[int, str]:
        place.write_bytes(body)
        return verified(place)

    assert seen(WHOLE) == (0, f"{place}: OK\n")
    code, said = seen(tar_of(SIP, {**FILES, PAGE: FILES[PAGE][:-1] + b"x"}))
    assert (code, "digest_wrong" in said) == (1, True), said
    code, said = seen(tar_of(SIP, {**FILES, "extra.txt": b""}))
    assert (code, "file_unlisted" in said) == (1, True), said
    for length in (0, 1, 512, len(WHOLE) // 2, len(WHOLE) // 2 + 77):
        assert seen(WHOLE[:length])[0] == 1, length
    code, said = seen(WHOLE + WHOLE)
    assert (code, "something lies behind its end" in said) == (1, True), said


def test_headers_before_headers_without_end_are_told_by_both(place: Path) -> None:
    more = (ustar(b"x", 0, 0, b"x") * 5000) + WHOLE
    assert found(place, more) == {"tar_malformed"}
    code, said = verified(place)
    assert (code, "tar_unreadable" in said) == (1, True), said


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (set_to(name=f"{TOP}/../../etc/cron.d/x"), "name_unsafe"),
        (set_to(name="/etc/passwd"), "name_unsafe"),
        (set_to(name="second/x"), "not_one_top_folder"),
        (set_to(name="loose.txt"), "file_beside_top_folder"),
        (set_to(name=f"{TOP}/{PAGE}"), "name_twice"),
        (set_to(name=f"{TOP}/mets.XML"), "name_twice"),
        (set_to(type=tarfile.SYMTYPE, linkname="/etc/passwd"), "no_plain_file"),
        (set_to(type=tarfile.LNKTYPE, linkname=f"{TOP}/{PAGE}"), "no_plain_file"),
        (set_to(type=tarfile.CHRTYPE), "no_plain_file"),
        (set_to(size=1 << 40), "tar_unreadable"),
    ],
)
def test_plain_python_refuses_what_is_hostile_too(
    change: Callable[[tarfile.TarInfo], None], code: str, place: Path
) -> None:
    place.write_bytes(with_member(change))
    answer, said = verified(place)
    assert (answer, code in said) == (1, True), said
