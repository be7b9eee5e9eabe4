"""Pages come in: what is taken, what is refused, and that nothing is left behind by what was refused."""

import asyncio
import base64
from collections.abc import AsyncIterator
from hashlib import sha256
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import OKPKey
from sqlalchemy.exc import IntegrityError

from services.ingest.domain.announcement import Announcement
from services.ingest.operations.receiving import Place, add_version, look_up
from shared.auth.roles import Role
from shared.events.qc import RescanOrdered
from shared.ids import DossierId, PageId, RescanOrderId
from shared.storage.digest import fixity_of, streamed
from tests.facts import approved
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set, in_full_mode

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40 + b"\xff\xd9"
OTHER = b"\xff\xd8\xff\xe0" + bytes(range(255, -1, -1)) * 40 + b"\xff\xd9"


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("ingest") as made:
        yield made


@pytest.fixture
async def dossier(system: Bench) -> UUID:
    event = approved()
    await system.tell("ingest", [event])
    return event.dossier_id


def digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(sha256(body).digest()).decode()}:"


async def put(station: httpx.AsyncClient, dossier: UUID, number: int, body: bytes, **headers: str) -> httpx.Response:
    told = {"Content-Type": "image/jpeg", "Content-Digest": digest(body), **headers}
    return await station.put(f"/ingest/dossiers/{dossier}/pages/{number}", content=body, headers=told)


async def test_a_new_page_is_created_and_the_same_bytes_again_are_the_same_page(system: Bench, dossier: UUID) -> None:
    station = system.caller(Role.STATION, name="station-1")
    first = await put(station, dossier, 1, JPEG)
    again = await put(station, dossier, 1, JPEG)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["page_id"] == again.json()["page_id"]
    pages = (await station.get(f"/ingest/dossiers/{dossier}/pages")).json()["items"]
    assert [(page["number"], page["version"], page["station"]) for page in pages] == [(1, 1, "station-1")]


async def test_the_receipt_can_be_checked_with_the_published_key(system: Bench, dossier: UUID) -> None:
    station = system.caller(Role.STATION)
    receipt = (await put(station, dossier, 1, JPEG)).json()
    key = OKPKey.import_key((await station.get("/ingest/receipt-key")).json())
    said = jws.deserialize_compact(receipt["receipt"], key, algorithms=["Ed25519"])
    assert f'"sha256": "{sha256(JPEG).hexdigest()}"'.encode() in said.payload


async def test_other_bytes_for_a_page_that_is_there_are_refused(system: Bench, dossier: UUID, ground: Ground) -> None:
    station = system.caller(Role.STATION)
    await put(station, dossier, 1, JPEG)
    answer = await put(station, dossier, 1, OTHER)
    assert (answer.status_code, answer.json()["code"]) == (409, "ingest.page_differs")
    assert len(await stored(ground)) == 1


async def test_many_at_once_with_the_same_bytes_make_one_page(system: Bench, dossier: UUID, ground: Ground) -> None:
    station = system.caller(Role.STATION)
    answers = await asyncio.gather(*(put(station, dossier, 1, JPEG) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["page_id"] for answer in answers}) == 1
    assert len(await stored(ground)) == 1


async def test_of_many_at_once_with_different_bytes_one_wins(system: Bench, dossier: UUID, ground: Ground) -> None:
    station = system.caller(Role.STATION)
    bodies = [b"\xff\xd8\xff\xe0" + bytes([number]) * 5000 for number in range(12)]
    answers = await asyncio.gather(*(put(station, dossier, 1, body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 11
    assert len(await stored(ground)) == 1, "what lost the race leaves nothing behind"


@in_full_mode
async def test_a_page_that_another_entered_since_we_looked_gets_no_second_version(system: Bench, dossier: UUID) -> None:
    """Where one waits for the other to finish, as on SQLite, nobody comes in between."""
    announced = Announcement(len(OTHER), sha256(OTHER).hexdigest(), "image/jpeg")
    place, database = Place(dossier, 1), system.services["ingest"].context.database
    fixity = await fixity_of(streamed(OTHER))
    with pytest.raises(IntegrityError, match="uq_page_dossier_number"):
        async with database.writing() as uow:
            assert await look_up(uow.session, place, announced, lock=True) is None
            assert (await put(system.caller(Role.STATION), dossier, 1, JPEG)).status_code == 201
            await add_version(uow, place, announced, "a/key", fixity)


async def test_a_dossier_on_no_approved_list_is_refused(system: Bench) -> None:
    answer = await put(system.caller(Role.STATION), uuid4(), 1, JPEG)
    assert (answer.status_code, answer.json()["code"]) == (403, "ingest.dossier_not_approved")


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (JPEG, {"Content-Digest": digest(OTHER)}, 422, "storage.digest_mismatch"),
        (JPEG, {"Content-Digest": ""}, 400, "ingest.digest_missing"),
        (JPEG, {"Content-Digest": "sha-256=:AAAA:"}, 400, "ingest.digest_malformed"),
        (JPEG, {"Content-Digest": "md5=:AAAA:"}, 400, "ingest.digest_malformed"),
        (JPEG, {"Content-Type": "text/html"}, 415, "ingest.media_type_refused"),
        (b"", {}, 415, "ingest.not_an_image"),
        (b"x", {}, 415, "ingest.not_an_image"),
        (b"<html>" * 100, {}, 415, "ingest.not_an_image"),
        (JPEG, {"Content-Length": str(len(JPEG) - 5)}, 422, "storage.length_mismatch"),
        (JPEG, {"Content-Length": str(len(JPEG) + 5)}, 422, "storage.length_mismatch"),
        (JPEG, {"Content-Length": str(1 << 40)}, 413, "ingest.page_too_large"),
    ],
)
async def test_what_is_wrong_is_refused_by_name_and_leaves_nothing(
    system: Bench, dossier: UUID, ground: Ground, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await put(system.caller(Role.STATION), dossier, 1, body, **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await stored(ground) == []
    good = await put(system.caller(Role.STATION), dossier, 1, JPEG)
    assert good.status_code == 201


async def test_page_numbers_are_whole_and_from_one(system: Bench, dossier: UUID) -> None:
    for number in (0, -1, 100_001):
        assert (await put(system.caller(Role.STATION), dossier, number, JPEG)).status_code == 422


async def test_a_closed_dossier_takes_no_further_page(system: Bench, dossier: UUID) -> None:
    station = system.caller(Role.STATION)
    await put(station, dossier, 1, JPEG)
    await put(station, dossier, 2, OTHER)
    closed = await station.post(f"/ingest/dossiers/{dossier}/closing", json={"scanned_count": 2})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    answer = await put(station, dossier, 3, JPEG)
    assert (answer.status_code, answer.json()["code"]) == (409, "ingest.dossier_closed")
    assert (await put(station, dossier, 1, JPEG)).status_code == 200, "what is there is still the same answer"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"scanned_count": 2}, 409, "ingest.counts_differ"),
        ({"scanned_count": 1}, 422, "ingest.explanation_missing"),
        ({"scanned_count": "1"}, 422, "invalid_request"),
        ({"scanned_count": 1, "surplus": 1}, 422, "invalid_request"),
        (
            {
                "scanned_count": 1,
                "explanation": "một tờ đã mất",
                "documents": [{"number": 1, "title": "a", "first_page": 2, "last_page": 2}],
            },
            422,
            "ingest.documents_misfit",
        ),
    ],
)
async def test_a_closing_that_does_not_add_up_is_refused(
    system: Bench, dossier: UUID, body: dict[str, object], status: int, code: str
) -> None:
    station = system.caller(Role.STATION)
    await put(station, dossier, 1, JPEG)
    answer = await station.post(f"/ingest/dossiers/{dossier}/closing", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_nothing_cannot_be_closed(system: Bench, dossier: UUID) -> None:
    answer = await system.caller(Role.STATION).post(f"/ingest/dossiers/{dossier}/closing", json={"scanned_count": 0})
    assert (answer.status_code, answer.json()["code"]) == (409, "ingest.nothing_scanned")


async def test_a_rescan_is_a_new_version_and_the_old_image_stays(system: Bench, dossier: UUID, ground: Ground) -> None:
    station = system.caller(Role.STATION)
    first = (await put(station, dossier, 1, JPEG)).json()
    order = RescanOrdered(
        rescan_order_id=RescanOrderId(uuid4()),
        page_id=PageId(UUID(first["page_id"])),
        dossier_id=DossierId(dossier),
        page_number=1,
        page_version=1,
        reason="mờ",
    )
    await system.tell("ingest", [order, order])
    told = {"Content-Type": "image/jpeg", "Content-Digest": digest(OTHER)}
    path = f"/ingest/rescan-orders/{order.rescan_order_id}/page"
    new = await station.put(path, content=OTHER, headers=told)
    again = await station.put(path, content=OTHER, headers=told)
    assert (new.status_code, new.json()["version"], again.status_code) == (201, 2, 200)
    other = await station.put(path, content=JPEG, headers={**told, "Content-Digest": digest(JPEG)})
    assert (other.status_code, other.json()["code"]) == (409, "ingest.rescan_fulfilled")
    assert len(await stored(ground)) == 2
    assert (await station.get("/ingest/rescan-orders")).json()["items"] == []


async def test_an_interrupted_request_is_simply_sent_again(system: Bench, dossier: UUID, ground: Ground) -> None:
    """The object was stored, but the process died before its row was: the same page adopts it."""
    await ground.store("incoming").lay(f"{dossier}/000001/{sha256(JPEG).hexdigest()}", JPEG)
    answer = await put(system.caller(Role.STATION), dossier, 1, JPEG)
    assert answer.status_code == 201
    assert len(await stored(ground)) == 1


async def stored(ground: Ground) -> list[str]:
    """Give the objects in the incoming store."""
    return await ground.store("incoming").keys()
