"""What ingest hears of a page is told once in its package, in any order; what comes too late changes nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from lxml import etree
from sqlmodel import select

from services.ingest.main import PASSING
from services.ingest.models import PageCheck, PageVerdict, ScanSetup, plumbing
from shared.eark.manifest import Manifest
from shared.events.base import Event
from shared.events.ingest import DossierPreserved
from shared.events.qc import CheckOutcome, DossierRejected, PageChecked, VerdictGiven, VerdictUndone
from shared.ids import DossierId, PageId, VerdictId
from tests.eark_schemas import demand_premis
from tests.grounds import Ground
from tests.service.premis_story import Story
from tests.service.sealing_desk import SealingDesk, sealing_desk
from tests.service.test_ingest_pages import JPEG, OTHER, digest, put
from tests.service.test_ingest_sealing import PowerCut, cut_after

PREMIS = "metadata/preservation/PREMIS.xml"
THEN = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
FIRST, SECOND = "representations/rep1/data/0001.jpg", "representations/rep1/data/0002.jpg"


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    async with sealing_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


def checked(dossier: UUID, page: UUID, number: int, version: int = 1, a4: int = 1) -> PageChecked:
    """Give qc's word on a version of a page."""
    return PageChecked(
        page_id=PageId(page),
        version=version,
        dossier_id=DossierId(dossier),
        page_number=number,
        judgement="review",
        findings=("geometry.skewed",),
        profile="tt05-2025/7",
        a4_equivalents=a4,
        checks=(CheckOutcome(check="integrity", outcome="pass"), CheckOutcome(check="skew", outcome="review")),
        program="0.9.1",
        occurred_at=THEN,
    )


def said(dossier: UUID, page: UUID, verdict: str, explanation: str = "") -> VerdictGiven:
    """Give an inspector's word on the first version of page 1."""
    return VerdictGiven(
        verdict_id=VerdictId(uuid4()),
        page_id=PageId(page),
        dossier_id=DossierId(dossier),
        page_number=1,
        page_version=1,
        verdict=verdict,
        explanation=explanation,
        occurred_at=THEN.replace(hour=2),
        actor="lan",
    )


def undone(given: VerdictGiven) -> VerdictUndone:
    """Give that it was taken back."""
    where = given.model_dump(include={"page_id", "dossier_id", "page_number", "page_version"})
    return VerdictUndone(
        verdict_id=VerdictId(uuid4()), undoes=given.verdict_id, occurred_at=THEN.replace(hour=3), actor="lan", **where
    )


def story_of(desk: SealingDesk) -> tuple[Story, bytes]:
    """Read what the package of the masters tells."""
    lying = desk.lying("archive")
    manifest = Manifest.from_bytes(next(body for key, body in lying.items() if key.endswith(".manifest.json")))
    body = lying[next(file.key for file in manifest.masters.files if file.path == PREMIS)]
    return Story(body), body


async def kept(desk: SealingDesk) -> int:
    """Count what ingest remembers."""
    async with desk.context.database.reading() as session:
        return len((await session.exec(select(PageCheck))).all()) + len((await session.exec(select(PageVerdict))).all())


async def a4_told(desk: SealingDesk) -> int | None:
    """Give how many A4 pages the dossier was said to count for."""
    async with desk.context.database.reading() as session:
        asked = select(plumbing.outbox.body).where(plumbing.outbox.name == DossierPreserved.name)
        return DossierPreserved.model_validate_json((await session.exec(asked)).one()).a4_equivalents


async def test_facts_are_told_once_whatever_their_order_and_repetition(desk: SealingDesk) -> None:
    dossier, pages = await desk.scanned([JPEG, OTHER])
    given = said(dossier, pages[0], "accepted_with_reservation", "góc <mờ> & rách")
    facts: list[Event] = [undone(given), checked(dossier, pages[0], 1), given, checked(dossier, pages[1], 2, a4=2)]
    await desk.system.tell("ingest", facts)
    again = [each.model_copy(update={"id": uuid4()}) for each in facts]  # sent once more, as `resend` does
    await desk.system.tell("ingest", again)
    await desk.accepted(dossier, {1: (1, JPEG), 2: (1, OTHER)})
    await desk.seal(dossier)
    story, _ = story_of(desk)
    first = story.of(FIRST)
    assert [each.kind for each in first] == ["ingestion", "validation", "quality review", "quality review"]
    assert first[1].agents == ("Saoluu 0.9.1",)
    assert (first[1].detail, first[1].outcome) == ("profile tt05-2025/7: review", "partial")
    assert first[1].note == "pass: integrity; review: skew; found: geometry.skewed"
    assert [each.detail for each in first[2:]] == [
        "accepted_with_reservation",
        "verdict taken back: accepted_with_reservation",
    ]
    assert first[2].note == "góc <mờ> & rách"
    assert await a4_told(desk) == 3


async def test_a_page_whose_check_was_never_heard_has_none_and_the_sum_is_unknown(desk: SealingDesk) -> None:
    dossier, pages = await desk.scanned([JPEG, OTHER])
    await desk.system.tell("ingest", [checked(dossier, pages[0], 1)])
    await desk.accepted(dossier, {1: (1, JPEG), 2: (1, OTHER)})
    await desk.seal(dossier)
    story, _ = story_of(desk)
    assert [each.kind for each in story.of(SECOND)] == ["ingestion"]
    assert await a4_told(desk) is None


async def test_the_check_of_an_old_version_is_told_of_that_version(desk: SealingDesk) -> None:
    dossier, pages = await desk.scanned([JPEG])
    await desk.rescanned(dossier, pages[0], 1, OTHER)
    await desk.system.tell("ingest", [checked(dossier, pages[0], 1), said(dossier, pages[0], "rescan", "mờ")])
    await desk.accepted(dossier, {1: (2, OTHER)})
    await desk.seal(dossier)
    story, body = story_of(desk)
    assert story.objects[1:] == ["1.1", FIRST]
    assert sha256(JPEG).hexdigest() in body.decode(), "the old version is described, though it is not here"
    assert [each.kind for each in story.of("1.1")] == ["ingestion", "validation", "quality review", "replacement"]
    assert [each.kind for each in story.of(FIRST)] == ["ingestion", "replacement"]
    assert await a4_told(desk) is None, "only the old one was checked"


async def test_what_is_heard_after_freezing_changes_nothing_and_is_let_go_of(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier, pages = await desk.scanned([JPEG])
    await desk.system.tell("ingest", [checked(dossier, pages[0], 1)])
    await desk.accepted(dossier, {1: (1, JPEG)})
    with monkeypatch.context() as power:
        cut_after(power, desk.context.archive, 1)
        with pytest.raises(PowerCut):
            await desk.seal(dossier)
    late = [said(dossier, pages[0], "accepted"), checked(dossier, pages[0], 1, a4=16)]
    await desk.system.tell("ingest", [each.model_copy(update={"id": uuid4()}) for each in late])
    assert await kept(desk) == 2
    await desk.seal(dossier)
    story, _ = story_of(desk)
    assert [each.kind for each in story.of(FIRST)] == ["ingestion", "validation"]
    assert desk.lying("archive") == desk.lying("reserve")
    assert await a4_told(desk) == 1
    assert await kept(desk) == 0, "it is in the package"
    await desk.system.tell("ingest", [said(dossier, pages[0], "rejected")])
    assert await kept(desk) == 0


async def test_sealing_waits_for_what_was_told_before_the_acceptance_but_not_for_ever(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier, pages = await desk.scanned([JPEG])
    await desk.accepted(dossier, {1: (1, JPEG)}, told_count=2)
    sealing = asyncio.create_task(desk.seal(dossier))
    await asyncio.sleep(0.3)
    assert desk.lying("archive") == {}, "it overtook a check and a verdict"
    await desk.system.tell("ingest", [checked(dossier, pages[0], 1), said(dossier, pages[0], "accepted")])
    await sealing
    story, _ = story_of(desk)
    assert [each.kind for each in story.of(FIRST)] == ["ingestion", "validation", "quality review"]
    monkeypatch.setattr("services.ingest.operations.hearing_out.PATIENCE", timedelta())
    other, _ = await desk.scanned([OTHER])
    await desk.accepted(other, {1: (1, OTHER)}, told_count=2)
    await desk.seal(other)
    assert (await desk.order(other)).state == "preserved"


async def test_of_a_dossier_that_is_set_aside_nothing_is_kept(desk: SealingDesk) -> None:
    dossier, pages = await desk.scanned([JPEG])
    await desk.system.tell("ingest", [checked(dossier, pages[0], 1)])
    closing = await desk.station.post(f"/ingest/dossiers/{dossier}/closing", json={"scanned_count": 1})
    assert closing.status_code == 200
    await desk.system.tell("ingest", [DossierRejected(dossier_id=DossierId(dossier), page_count=1, explanation="cháy")])
    assert await kept(desk) == 0


async def test_a_story_with_everything_in_it_is_premis(desk: SealingDesk) -> None:
    dossier, pages = await desk.scanned([JPEG, OTHER])
    told = "scanned_at=2026-11-20T08:30:00%2B07:00&make=PFU&serial=%3C1%3E&software=x&operator=%3CB%E1%BA%A3y%3E+%26"
    headers = {"Content-Type": "image/jpeg", "Content-Digest": digest(JPEG + b"2"), "Saoluu-Capture": told}
    order = await desk.rescanned(dossier, pages[0], 1, b"")
    sent = await desk.station.put(f"/ingest/rescan-orders/{order}/page", content=JPEG + b"2", headers=headers)
    assert sent.status_code == 201, sent.text
    given = said(dossier, pages[0], "rescan", 'mờ ]]> "𠀡" \u202e \r\n\t \x0b\ufffe')
    await desk.system.tell("ingest", [checked(dossier, pages[0], 1), given, undone(given)])
    await desk.accepted(dossier, {1: (2, JPEG + b"2")}, (2, pages[1]))
    await desk.seal(dossier)
    story, body = story_of(desk)
    assert {"PFU <1>": "hardware", "x": "software", "<Bảy> &": "person"}.items() <= story.agents.items()
    assert [each.detail for each in story.of("2.1")][-1] == "page 2 left out"
    (note,) = [each.note for each in story.of("1.1") if each.detail == "rescan"]
    assert note == 'mờ ]]> "𠀡" \u202e \r\n\t \ufffd\ufffd', "what XML forbids is replaced, and nothing else"
    demand_premis(body)
    broken = etree.fromstring(body)
    broken.append(broken[0])
    with pytest.raises(AssertionError):
        demand_premis(etree.tostring(broken))


class TestWhatAStationTells:
    async def test_pages_that_were_scanned_alike_share_one_row(self, desk: SealingDesk) -> None:
        dossier, _ = await desk.scanned([JPEG])
        told = {"Saoluu-Capture": "scanned_at=2026-11-20T08:30:00%2B07:00&make=PFU&operator=B%E1%BA%A3y"}
        for number in (2, 3):
            assert (await put(desk.station, dossier, number, JPEG + bytes([number]), **told)).status_code == 201
        async with desk.context.database.reading() as session:
            (row,) = (await session.exec(select(ScanSetup))).all()
        assert (row.make, row.model, row.operator) == ("PFU", "", "Bảy")

    @pytest.mark.parametrize(
        "told",
        [
            "make=PFU",
            "scanned_at=today",
            "scanned_at=2026-11-20T08:30:00",
            "scanned_at=0001-01-01T00:00:00%2B07:00",
            "scanned_at=2026-11-20T08:30:00Z&make=%00",
            "scanned_at=2026-11-20T08:30:00Z&make=%FF",
            f"scanned_at=2026-11-20T08:30:00Z&make={'x' * 101}",
            "&".join(["scanned_at=2026-11-20T08:30:00Z"] * 30),
        ],
    )
    async def test_what_cannot_be_read_is_refused_before_the_page_is_taken(self, desk: SealingDesk, told: str) -> None:
        dossier, _ = await desk.scanned([JPEG])
        answer = await put(desk.station, dossier, 2, OTHER, **{"Saoluu-Capture": told})
        assert (answer.status_code, answer.json()["code"]) == (400, "ingest.capture_malformed")


def test_the_register_passes_over_what_packages_and_qc_tell_and_keeps_the_setups() -> None:
    tables = set(plumbing.metadata.tables)
    assert {"page_check", "page_verdict"} <= set(PASSING) <= tables
    assert {"scan_setup", "master", "sealing"} <= tables - set(PASSING)
