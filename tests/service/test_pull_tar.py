"""A package pulled as a TAR is proved by the digest of its ZIP, resumable, and answered for like any other."""

import asyncio
import tarfile
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from cli.pull.pulling import PullReport, pull_all
from shared.delivery.receipt_file import FILE, receipts_in
from shared.delivery.verify import faults_of
from shared.eark.same_zip import zip_digest_of
from shared.eark.virtual_tar import VirtualTar
from tests.sample_package import SIP, entries_of, sip_files, zip_bytes
from tests.service.packages_on_disk import TOP
from tests.service.station import client_on
from tests.service.test_pull import Receiver, bend
from tests.service.test_pull import receiver as receiver
from tests.service.test_verify_command import run_cli


def place_of(receiver: Receiver) -> Path:
    return receiver.place.with_suffix(".tar")


async def pulled(receiver: Receiver) -> PullReport:
    """Pull TARs, noting from where each is fetched."""

    def note(request: httpx.Request) -> None:
        if request.url.path.endswith("/content") and request.method == "GET":
            assert request.url.params["form"] == "tar"
            receiver.ranges.append(request.headers.get("range", "all"))

    receiver.line.meanwhile = note
    async with client_on(receiver.line) as client:
        return await pull_all(client, receiver.to, patience=2, form="tar")


async def test_a_tar_is_proved_by_the_zip_that_its_files_make_and_the_folder_verifies(receiver: Receiver) -> None:
    report = await pulled(receiver)
    place = place_of(receiver)
    assert (report.verified, report.failed, report.unanswered) == ([place], [], [])
    assert zip_digest_of(place) == receiver.package["sha256"]
    assert tarfile.is_tarfile(place)
    (kept,) = receipts_in(place.with_name(FILE))
    assert (kept.answer, kept.sha256) == ("accepted", receiver.package["sha256"])
    assert await receiver.state() == "accepted"
    assert await faults_of(place.parent, ()) == []
    assert (await asyncio.to_thread(run_cli, receiver.to))[0] == 0
    body = bytearray(place.read_bytes())
    body[len(body) // 2] ^= 1
    place.write_bytes(body)
    assert [each.code for each in await faults_of(place.parent, ())] == ["package_differs"]


async def test_a_tar_that_was_cut_off_is_gone_on_with_and_a_damaged_part_is_fetched_anew(receiver: Receiver) -> None:
    await pulled(receiver)
    whole = place_of(receiver).read_bytes()
    for kept, ranges in (
        (whole[:5000], ["bytes=5000-"]),
        (b"\0" + whole[1:5000], ["bytes=5000-", "all"]),
    ):
        place_of(receiver).unlink()
        place_of(receiver).with_suffix(".tar.part").write_bytes(kept)
        receiver.ranges.clear()
        async with client_on(receiver.line) as client:
            report = await pull_all(client, receiver.to, patience=2, again=True, form="tar")
        assert (report.verified, receiver.ranges) == ([place_of(receiver)], ranges)
        assert place_of(receiver).read_bytes() == whole


async def test_a_tar_that_comes_wrong_every_time_is_rejected(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wrong(body: bytes) -> AsyncIterator[bytes]:
        yield body[:700] + b"?" + body[701:]

    bend(receiver, monkeypatch, wrong)
    report = await pulled(receiver)
    [(path, reasons)] = report.failed
    assert path == place_of(receiver)
    assert reasons[0].startswith("bytes_differ: ")
    assert await receiver.state() == "rejected"


async def test_the_digest_is_that_of_the_very_zip_and_any_other_tar_has_none(tmp_path: Path) -> None:
    files, place = sip_files(), tmp_path / "x.tar"
    laid = VirtualTar.of(entries_of(SIP, files))

    async def read(entry: object, start: int, length: int) -> AsyncIterator[bytes]:
        yield files[entry.source][start : start + length]  # type: ignore[attr-defined]

    place.write_bytes(b"".join([chunk async for chunk in laid.stream(read=read)]))
    assert zip_digest_of(place) == sha256(await zip_bytes(SIP, files)).hexdigest()
    with tarfile.open(place, "w") as made:
        made.add(Path(__file__), f"{TOP}/METS.xml")
    assert zip_digest_of(place) == ""
