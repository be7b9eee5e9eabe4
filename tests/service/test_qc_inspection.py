"""An inspector's work: what waits for a person, what may be said, and when a dossier can be concluded."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image
from sqlmodel import select

from shared.auth.roles import Role
from shared.events.ingest import DossierScanned, MasterStored
from shared.events.qc import RescanOrdered, pages_digest
from shared.ids import DossierId, PageId
from tests.facts import approved
from tests.grounds import Ground
from tests.harness import Bench
from tests.hostile import hostile_files
from tests.service.conftest import Set, in_one_mode


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("qc") as made:
        yield made


async def master(
    ground: Ground, dossier: UUID, number: int, body: bytes, *, page: UUID | None = None, version: int = 1
) -> MasterStored:
    """Put a page's bytes where ingest would have, and give the event that tells of it."""
    key = f"{dossier}/{number:06d}/{uuid4().hex}"
    await ground.store("incoming").lay(key, body)
    return MasterStored(
        page_id=PageId(page or uuid4()),
        version=version,
        dossier_id=DossierId(dossier),
        page_number=number,
        key=key,
        sha256=f"{number:064x}",
        size=len(body),
        media_type="image/jpeg",
        station="station-1",
    )


def scanned(dossier: UUID, count: int) -> DossierScanned:
    return DossierScanned(dossier_id=DossierId(dossier), expected_count=count, scanned_count=count)


async def checked(inspector: httpx.AsyncClient, dossier: UUID, count: int) -> list[dict[str, Any]]:
    """Wait until every page is judged, and of a closed dossier compared; gives the pages."""
    for _ in range(300):
        seen = (await inspector.get(f"/qc/dossiers/{dossier}")).json()
        done = "compared_count" if seen.get("scanned_count") == count else "checked_count"
        if seen.get(done) == count and seen["open_rescans"] == 0:
            pages: list[dict[str, Any]] = (await inspector.get(f"/qc/dossiers/{dossier}/pages")).json()["items"]
            return pages
        await asyncio.sleep(0.1)
    raise AssertionError("the pages were not checked")


async def say(
    inspector: httpx.AsyncClient, page: dict[str, Any], verdict: str, reason: str = "", note: str = ""
) -> httpx.Response:
    """Give a verdict on a page as it was shown."""
    told = {"page_id": page["page_id"], "sha256": page["sha256"], "verdict": verdict, "reason": reason, "note": note}
    return await inspector.put(f"/qc/verdicts/{uuid4()}", json=told)


async def test_good_pages_pass_and_the_dossier_is_accepted_after_its_sample(
    system: Bench, ground: Ground, made_pages: list[Path]
) -> None:
    event = approved(pages=len(made_pages))
    masters = [await master(ground, event.dossier_id, n, page.read_bytes()) for n, page in enumerate(made_pages, 1)]
    await system.tell("qc", [event, *masters, *masters, scanned(event.dossier_id, len(masters))])
    inspector = system.caller(Role.INSPECTOR, name="lan")
    pages = await checked(inspector, event.dossier_id, len(masters))
    assert [page["judgement"] for page in pages] == ["pass"] * len(pages)
    waiting = [page for page in pages if page["awaits_person"]]
    assert len(waiting) == 1, "a drawn sample of what passed"
    early = await inspector.post(f"/qc/dossiers/{event.dossier_id}/acceptance", json={})
    assert (early.status_code, early.json()["code"]) == (409, "qc.verdicts_missing")
    for page in waiting:
        assert (await say(inspector, page, "accepted")).status_code == 200
    accepted = await inspector.post(f"/qc/dossiers/{event.dossier_id}/acceptance", json={})
    assert (accepted.status_code, accepted.json()["state"], accepted.json()["concluded_by"]) == (200, "accepted", "lan")
    told = await published(system, "qc.dossier.accepted.v1")
    assert pages_digest((each.page_number, 1, each.sha256) for each in masters) in told[0]
    again = await inspector.post(f"/qc/dossiers/{event.dossier_id}/acceptance", json={})
    assert (again.status_code, again.json()["code"]) == (409, "qc.dossier_concluded")


async def test_an_unreadable_page_is_never_accepted_but_rescanned_or_rejected(
    system: Bench, ground: Ground, made_pages: list[Path]
) -> None:
    event = approved(pages=2)
    whole = made_pages[0].read_bytes()
    bad = await master(ground, event.dossier_id, 2, whole[: len(whole) // 2])
    await system.tell(
        "qc", [event, await master(ground, event.dossier_id, 1, whole), bad, scanned(event.dossier_id, 2)]
    )
    inspector = system.caller(Role.INSPECTOR)
    page = (await checked(inspector, event.dossier_id, 2))[1]
    assert (page["judgement"], page["is_readable"]) == ("fail", False)
    refused = await say(inspector, page, "accepted_with_reservation", "blurred")
    assert (refused.status_code, refused.json()["code"]) == (409, "qc.page_unreadable")
    groundless = await say(inspector, page, "rejected")
    assert (groundless.status_code, groundless.json()["code"]) == (422, "qc.reason_missing")
    wordless = await say(inspector, page, "rejected", "other")
    assert (wordless.status_code, wordless.json()["code"]) == (422, "qc.note_missing")
    words = "; ".join(str(found["text"]) for found in page["findings"] if found["severity"] != "note")
    assert words.startswith("Ảnh bị cụt")
    assert (await say(inspector, page, "rescan", "cut", "quét lại")).status_code == 200
    event_out = RescanOrdered.model_validate_json((await published(system, RescanOrdered.name))[0])
    assert event_out.reason == f"Mất chữ ở mép trang: quét lại (máy kiểm tra: {words})", "words, not codes"
    twice = await say(inspector, page, "rescan", "cut")
    assert (twice.status_code, twice.json()["code"]) == (409, "qc.rescan_open")
    again = made_pages[1].read_bytes()
    new = await master(ground, event.dossier_id, 2, again, page=UUID(str(page["page_id"])), version=2)
    await system.tell("qc", [new])
    renewed = (await checked(inspector, event.dossier_id, 2))[1]
    assert (renewed["judgement"], renewed["awaits_person"], renewed["must_see"]) == ("pass", True, ["rescanned"])


async def test_a_page_scanned_again_before_the_draw_is_seen_whatever_is_drawn(
    system: Bench, ground: Ground, made_pages: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.qc.operations.sampling.drawn", lambda *_: frozenset())
    event = approved(pages=4)
    bodies = [page.read_bytes() for page in made_pages]
    masters = [await master(ground, event.dossier_id, n, body) for n, body in enumerate(bodies, 1)]
    newer = await master(ground, event.dossier_id, 2, bodies[1], page=masters[1].page_id, version=2)
    await system.tell("qc", [event, *masters, newer, scanned(event.dossier_id, 4)])
    pages = await checked(system.caller(Role.INSPECTOR), event.dossier_id, 4)
    assert [page["judgement"] for page in pages] == ["pass"] * 4
    assert (pages[1]["version"], pages[1]["awaits_person"], pages[1]["must_see"]) == (2, True, ["rescanned"])


async def test_a_dossier_of_which_nothing_can_be_read_is_rejected_with_words(system: Bench, ground: Ground) -> None:
    event = approved(pages=1)
    await system.tell(
        "qc", [event, await master(ground, event.dossier_id, 1, b"\xff\xd8\xff\xe0x"), scanned(event.dossier_id, 1)]
    )
    inspector = system.caller(Role.INSPECTOR)
    page = (await checked(inspector, event.dossier_id, 1))[0]
    assert (await say(inspector, page, "rejected", "unreadable", "không đọc được")).status_code == 200
    empty = await inspector.post(f"/qc/dossiers/{event.dossier_id}/acceptance", json={})
    assert (empty.status_code, empty.json()["code"]) == (409, "qc.nothing_accepted")
    rejected = await inspector.post(f"/qc/dossiers/{event.dossier_id}/rejection", json={"explanation": "hỏng cả"})
    assert (rejected.status_code, rejected.json()["state"]) == (200, "rejected")


async def test_findings_are_told_with_words_in_the_readers_language(
    system: Bench, ground: Ground, made_pages: list[Path]
) -> None:
    event = approved(pages=1)
    cut = made_pages[0].read_bytes()[:-2000]
    await system.tell("qc", [event, await master(ground, event.dossier_id, 1, cut)])
    inspector = system.caller(Role.INSPECTOR)
    await checked(inspector, event.dossier_id, 1)

    async def first(accepts: str) -> dict[str, object]:
        answer = await inspector.get(f"/qc/dossiers/{event.dossier_id}/pages", headers={"Accept-Language": accepts})
        assert answer.headers["content-language"] == accepts[:2]
        found: dict[str, object] = answer.json()["items"][0]["findings"][0]
        return found

    vietnamese, english = await first("vi"), await first("en-GB,en;q=0.8")
    assert vietnamese.keys() == {"code", "severity", "value", "limit", "text"}
    assert (vietnamese["code"], vietnamese["severity"]) == ("integrity.truncated", "error")
    assert str(vietnamese["text"]).startswith("Ảnh bị cụt: ")
    assert str(english["text"]).startswith("The image is cut short: ")
    asked_nothing = await inspector.get(f"/qc/dossiers/{event.dossier_id}/pages")
    assert asked_nothing.json()["items"][0]["findings"][0]["text"] == vietnamese["text"]


async def test_a_dossier_that_is_not_wholly_here_cannot_be_concluded(
    system: Bench, ground: Ground, made_pages: list[Path]
) -> None:
    event = approved(pages=2)
    await system.tell("qc", [event, await master(ground, event.dossier_id, 1, made_pages[0].read_bytes())])
    inspector = system.caller(Role.INSPECTOR)
    await checked(inspector, event.dossier_id, 1)
    await system.tell("qc", [scanned(event.dossier_id, 2)])
    answer = await inspector.post(f"/qc/dossiers/{event.dossier_id}/acceptance", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "qc.dossier_still_scanning")


@in_one_mode
async def test_every_hostile_file_gets_a_judgement_and_the_service_lives_on(
    system: Bench, ground: Ground, made_pages: list[Path]
) -> None:
    bodies = [hostile.content for hostile in hostile_files()]
    event = approved(pages=len(bodies) + 1)
    masters = [await master(ground, event.dossier_id, n, body) for n, body in enumerate(bodies, 1)]
    masters.append(await master(ground, event.dossier_id, len(bodies) + 1, made_pages[0].read_bytes()))
    await system.tell("qc", [event, *masters])
    pages = await checked(system.caller(Role.INSPECTOR), event.dossier_id, len(masters))
    assert all(page["judgement"] in ("pass", "review", "fail") for page in pages)
    assert all(page["findings"] for page in pages if page["judgement"] != "pass")
    assert pages[-1]["judgement"] == "pass"


async def published(system: Bench, name: str) -> list[str]:
    """Give the bodies of events that a service has written for others."""
    database = system.services["qc"].context.database
    outbox = database.plumbing.outbox
    async with database.reading() as session:
        return list(await session.exec(select(outbox.body).where(outbox.name == name)))


async def test_a_map_scanned_as_coarsely_as_text_may_be_is_flagged(
    system: Bench, ground: Ground, made_pages: list[Path]
) -> None:
    with Image.open(made_pages[0]) as page:
        shrunk = BytesIO()
        page.resize((page.width * 2 // 3, page.height * 2 // 3)).save(shrunk, "JPEG", quality=90, dpi=(200, 200))
    found: dict[str, list[str]] = {}
    for kind in ("map", "text"):
        event = approved(pages=1)
        event = event.model_copy(update={"description": event.description.model_copy(update={"kind": kind})})
        await system.tell("qc", [event, await master(ground, event.dossier_id, 1, shrunk.getvalue())])
        (checked_page,) = await checked(system.caller(Role.INSPECTOR), event.dossier_id, 1)
        found[kind] = [each["code"] for each in checked_page["findings"]]
    assert found == {"map": ["capture.dpi_low"], "text": []}
