"""Resumable uploads (tus 1.0): created, resumed, finished, cancelled; the offset named is never ahead of the truth."""

import base64
from collections.abc import AsyncIterator
from hashlib import sha256
from uuid import UUID

import httpx
import pytest

from shared.auth.roles import Role
from tests.facts import approved
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.test_ingest_pages import JPEG, put, stored

TUS = {"Tus-Resumable": "1.0.0"}
STATION = UUID("01a20af6-59da-7963-b6de-1649591bb1bb")


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("ingest") as made:
        yield made


@pytest.fixture
async def dossier(system: Bench) -> UUID:
    event = approved()
    await system.tell("ingest", [event])
    return event.dossier_id


def metadata(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


async def create(station: httpx.AsyncClient, dossier: UUID, body: bytes, **changed: str) -> httpx.Response:
    told = {"dossier_id": str(dossier), "number": "1", "sha256": sha256(body).hexdigest(), "media_type": "image/jpeg"}
    headers = {**TUS, "Upload-Length": str(len(body)), "Upload-Metadata": metadata(**{**told, **changed})}
    return await station.post("/ingest/uploads", headers=headers)


async def append(station: httpx.AsyncClient, place: str, offset: int, part: bytes, **headers: str) -> httpx.Response:
    told = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset), **headers}
    return await station.patch(place, content=part, headers=told)


async def test_parts_become_a_page_and_leave_nothing_else_behind(system: Bench, dossier: UUID, ground: Ground) -> None:
    station = system.caller(Role.STATION, account_id=STATION)
    place = (await create(station, dossier, JPEG)).headers["location"]
    first = await append(station, place, 0, JPEG[:4000])
    assert (first.status_code, first.headers["upload-offset"]) == (204, "4000")
    where = await station.head(place, headers=TUS)
    assert (where.status_code, where.headers["upload-offset"]) == (200, "4000")
    last = await append(station, place, 4000, JPEG[4000:])
    assert (last.status_code, last.json()["sha256"]) == (200, sha256(JPEG).hexdigest())
    assert len(await stored(ground)) == 1
    assert (await put(station, dossier, 1, JPEG)).status_code == 200
    here = await create(station, dossier, JPEG)
    assert here.json()["number"] == 1, "what is here already need not be sent"
    assert (here.status_code, here.headers["tus-resumable"]) == (200, "1.0.0")


async def test_a_part_at_the_wrong_place_is_refused(system: Bench, dossier: UUID) -> None:
    station = system.caller(Role.STATION, account_id=STATION)
    place = (await create(station, dossier, JPEG)).headers["location"]
    for offset in (1, len(JPEG)):
        answer = await append(station, place, offset, JPEG[:10])
        assert (answer.status_code, answer.json()["code"]) == (409, "ingest.upload_conflict")
    too_long = await append(station, place, 0, JPEG + b"x")
    assert (too_long.status_code, too_long.json()["code"]) == (422, "storage.length_mismatch")


async def test_a_part_with_a_wrong_checksum_is_not_kept(system: Bench, dossier: UUID, ground: Ground) -> None:
    station = system.caller(Role.STATION, account_id=STATION)
    place = (await create(station, dossier, JPEG)).headers["location"]
    wrong = base64.b64encode(sha256(b"other").digest()).decode()
    answer = await append(station, place, 0, JPEG[:4000], **{"Upload-Checksum": f"sha256 {wrong}"})
    assert (answer.status_code, answer.json()["code"]) == (460, "ingest.checksum_mismatch")
    assert (await station.head(place, headers=TUS)).headers["upload-offset"] == "0"
    assert await stored(ground) == []
    right = base64.b64encode(sha256(JPEG[:4000]).digest()).decode()
    good = await append(station, place, 0, JPEG[:4000], **{"Upload-Checksum": f"sha256 {right}"})
    assert good.status_code == 204


async def test_a_whole_that_is_not_what_was_announced_is_refused_and_forgotten(
    system: Bench, dossier: UUID, ground: Ground
) -> None:
    station = system.caller(Role.STATION, account_id=STATION)
    place = (await create(station, dossier, JPEG, sha256="0" * 64)).headers["location"]
    answer = await append(station, place, 0, JPEG)
    assert (answer.status_code, answer.json()["code"]) == (422, "storage.digest_mismatch")
    assert (await station.head(place, headers=TUS)).status_code == 404
    assert await stored(ground) == []


async def test_a_cancelled_upload_is_gone(system: Bench, dossier: UUID, ground: Ground) -> None:
    station = system.caller(Role.STATION, account_id=STATION)
    place = (await create(station, dossier, JPEG)).headers["location"]
    await append(station, place, 0, JPEG[:4000])
    assert (await station.delete(place, headers=TUS)).status_code == 204
    assert (await append(station, place, 4000, JPEG[4000:])).status_code == 404
    assert await stored(ground) == []


async def test_an_upload_belongs_to_the_station_that_opened_it(system: Bench, dossier: UUID) -> None:
    place = (await create(system.caller(Role.STATION, account_id=STATION), dossier, JPEG)).headers["location"]
    stranger = system.caller(Role.STATION)
    assert (await append(stranger, place, 0, JPEG)).status_code == 404


async def test_only_tus_one_is_spoken(system: Bench, dossier: UUID) -> None:
    station = system.caller(Role.STATION, account_id=STATION)
    answer = await station.post("/ingest/uploads", headers={"Tus-Resumable": "0.2.2"})
    assert (answer.status_code, answer.json()["code"]) == (412, "ingest.tus_version_refused")
    told = await station.options("/ingest/uploads")
    assert told.headers["tus-extension"] == "creation,checksum,termination"


@pytest.mark.parametrize("number", ["1_0", " 1 ", "٣", "+1", "1.0", "01", "0", "100001", "", "9" * 5000])
async def test_a_page_number_is_plain_digits(system: Bench, dossier: UUID, number: str) -> None:
    answer = await create(system.caller(Role.STATION, account_id=STATION), dossier, JPEG, number=number)
    assert (answer.status_code, answer.json()["code"]) == (400, "refused")


@pytest.mark.parametrize("number", ["-1", "+1", "1_0", "1.0", "01", " ", "9" * 20, "9" * 5000])
async def test_a_number_in_a_header_is_plain_digits(system: Bench, dossier: UUID, number: str) -> None:
    station = system.caller(Role.STATION, account_id=STATION)
    place = (await create(station, dossier, JPEG)).headers["location"]
    told = {"dossier_id": str(dossier), "number": "1", "sha256": "0" * 64, "media_type": "image/jpeg"}
    headers = {**TUS, "Upload-Length": number, "Upload-Metadata": metadata(**told)}
    opened = await station.post("/ingest/uploads", headers=headers)
    appended = await append(station, place, 0, JPEG, **{"Upload-Offset": number})
    sent = await put(station, dossier, 1, JPEG, **{"Content-Length": number})
    for answer in (opened, appended, sent):
        assert (answer.status_code, answer.json()["code"]) == (400, "ingest.number_malformed")


async def test_a_header_that_must_be_a_number_must_be_there(system: Bench, dossier: UUID) -> None:
    station = system.caller(Role.STATION, account_id=STATION)
    place = (await create(station, dossier, JPEG)).headers["location"]
    headers = {**TUS, "Content-Type": "application/offset+octet-stream"}
    answer = await station.patch(place, content=JPEG, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "ingest.number_malformed")
    assert "Upload-Offset" in answer.json()["detail"]


async def test_another_version_of_tus_is_refused_and_ours_is_named(system: Bench) -> None:
    answer = await system.caller(Role.STATION).post("/ingest/uploads", headers={"Tus-Resumable": "0.2.2"})
    assert (answer.status_code, answer.json()["code"]) == (412, "ingest.tus_version_refused")
    assert answer.headers["tus-version"] == "1.0.0"
