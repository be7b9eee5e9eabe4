"""A dossier with two AIPs comes back with both, the newest description counts, and what was being made is made."""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from cli.restore.ground import laid
from cli.restore.origin import Origin
from cli.restore.protocol import Protocol
from cli.restore.restoring import restore
from services.handover.models import Package, PreservedDossier
from services.ingest.models import Copy, Page, ScanOrder, Sealing, plumbing
from services.ingest.operations.revision_orders import REVISE
from services.ingest.revision_models import RenewedForm, Revision
from services.reporting.models import HeardEvent, LedgerDossier
from shared.auth.roles import Role
from shared.plumbing import JobState
from shared.storage.open import closing, open_store
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import in_one_mode
from tests.service.handover_office import RECEIVER, granted, sealed
from tests.service.restoring_desk import RestoringDesk, until_preserved
from tests.service.revising_desk import again, divided
from tests.service.test_handover_revised import until_known

TITLE = "Hồ sơ đắp đê"
DIVIDED = (("Tờ trình", 1, 1), ("Phụ lục", 2, 2))
SAME: tuple[tuple[str, type], ...] = (
    ("ingest", ScanOrder),
    ("ingest", Sealing),
    ("ingest", Revision),
    ("ingest", RenewedForm),
    ("ingest", Page),
    ("handover", PreservedDossier),
    ("handover", Package),
    ("reporting", HeardEvent),
    ("reporting", LedgerDossier),
)


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAOLUU_LANGUAGE", "en")


@pytest.fixture
def desk(ground: Ground, made_pages: list[Path], tmp_path: Path) -> RestoringDesk:
    return RestoringDesk(ground, made_pages[:2], tmp_path / "new")


async def kept(desk: RestoringDesk, system: Bench) -> UUID:
    await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
    dossier = await sealed(system, desk.pages)
    await until_preserved(system.caller(Role.HANDOVER_OFFICER), [dossier])
    return dossier


async def corrected(system: Bench, dossier: UUID, version: int = 2) -> None:
    await system.tell("ingest", [again(dossier, version, title=TITLE, pages=2)])
    await until_known(system, dossier, version)


async def revised(desk: RestoringDesk) -> UUID:
    """Preserve a dossier, correct it, and stop; the registers are written then."""
    async with desk.at_work() as system:
        dossier = await kept(desk, system)
        await corrected(system, dossier)
    return dossier


async def revised_by_dividing(desk: RestoringDesk) -> None:
    """Preserve a dossier, divide its pages anew, and stop."""
    async with desk.at_work() as system:
        dossier = await kept(desk, system)
        await system.tell("ingest", [divided(dossier, 2, *DIVIDED, title=TITLE)])
        await until_known(system, dossier, 2)


async def without_registers(desk: RestoringDesk, kept_heads: list[str] | None = None) -> None:
    """Lose the registers that were written since, or all of them."""
    for name in ("archive", "reserve"):
        for key in await desk.ground.store(name).keys():
            if key.startswith("registers/") and key not in (kept_heads or []):
                await desk.ground.store(name).remove(key)


async def the_one(desk: RestoringDesk, service: str, table: type) -> dict[str, Any]:
    (row,) = await desk.rows(service, table)
    return row


async def test_both_aips_come_back_and_every_count_is_of_one_dossier(desk: RestoringDesk) -> None:
    await revised(desk)
    protocol = await desk.restore("archive")
    assert protocol.differences == []
    assert (protocol.counts["manifests"], protocol.counts["dossiers"], protocol.counts["pages"]) == (2, 1, 2)
    for service, table in SAME:
        assert await desk.rows(service, table) == await desk.rows_before(service, table), table
    assert len(await desk.rows("ingest", Copy)) == 6, "masters, the older and the newer AIP, twice"
    assert [note for note in protocol.notes if note.startswith("named by no manifest")] == []
    assert (await the_one(desk, "handover", PreservedDossier))["title"] == TITLE


@in_one_mode
async def test_a_correction_after_the_last_register_is_entered_from_its_aip(desk: RestoringDesk) -> None:
    async with desk.at_work() as system:
        dossier = await kept(desk, system)
    heads = [key for key in await desk.keys() if key.startswith("registers/")]
    async with desk.at_work() as system:
        await corrected(system, dossier)
    await without_registers(desk, heads)
    protocol = await desk.restore("reserve")
    assert protocol.differences == []
    assert protocol.counts["from_packages"] == 1
    order, row = await the_one(desk, "ingest", ScanOrder), await the_one(desk, "ingest", Revision)
    assert (order["title"], order["version"], order["later_version"]) == (TITLE, 2, None)
    assert (row["state"], row["version"]) == ("preserved", 2)
    (before,) = await desk.rows_before("handover", PreservedDossier)
    after = await the_one(desk, "handover", PreservedDossier)
    for name in ("version", "title", "manifest_key", "manifest_sha256", "byte_count", "reading_count", "package_id"):
        assert after[name] == before[name], name


@in_one_mode
async def test_without_any_register_the_newest_description_counts(desk: RestoringDesk) -> None:
    await revised(desk)
    await without_registers(desk)
    protocol = await desk.restore("archive")
    assert [each for each in protocol.differences if not each.startswith("no register of ")] == []
    assert (protocol.counts["from_packages"], protocol.counts["dossiers"]) == (1, 1)
    assert (await the_one(desk, "ingest", ScanOrder))["title"] == TITLE
    (before,) = await desk.rows_before("ingest", Revision)
    after = await the_one(desk, "ingest", Revision)
    for name in ("version", "aip_objid", "predecessor", "manifest_sha256", "state"):
        assert after[name] == before[name], name
    assert (await the_one(desk, "handover", PreservedDossier))["title"] == TITLE


@in_one_mode
@pytest.mark.parametrize("is_told", [True, False])
async def test_pages_that_were_divided_anew_come_back_so(desk: RestoringDesk, is_told: bool) -> None:
    await revised_by_dividing(desk)
    if not is_told:
        await without_registers(desk)
    protocol = await desk.restore("reserve")
    assert [each for each in protocol.differences if not each.startswith("no register of ")] == []
    documents = json.loads((await the_one(desk, "ingest", ScanOrder))["documents"])
    assert tuple((each["title"], each["first_page"], each["last_page"]) for each in documents) == DIVIDED
    assert (await the_one(desk, "handover", PreservedDossier))["reading_count"] == 2
    before = await desk.rows_before("ingest", RenewedForm)
    assert (len(before), await desk.rows("ingest", RenewedForm)) == (2, before if is_told else [])


@in_one_mode
async def test_a_lost_manifest_of_either_aip_is_named(desk: RestoringDesk) -> None:
    dossier = await revised(desk)
    (row,) = await desk.rows_before("ingest", Revision)
    raw = desk.ground.store("archive")
    key = next(key for key in await desk.keys() if key.endswith(".manifest.json") and row["aip_objid"][-36:] in key)
    await raw.remove(key)
    protocol = await desk.restore("archive")
    assert f"preserved, but its manifest was not found: {dossier}" in protocol.differences


@in_one_mode
async def test_a_revision_that_was_being_made_is_made_after_the_restore(
    desk: RestoringDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk.at_work() as system:
        dossier = await kept(desk, system)
        context = system.services["ingest"].context

        async def full(*_args: object, **_kwargs: object) -> None:
            raise OSError("no room")

        monkeypatch.setattr("services.ingest.operations.revising.carry_twice", full)
        await system.tell("ingest", [again(dossier, 2, title=TITLE, pages=2)])
        for _ in range(100):
            async with context.database.reading() as session:
                if (await session.exec(select(Revision.manifest_sha256))).one():
                    break
            await asyncio.sleep(0.1)
    monkeypatch.undo()
    protocol = await desk.restore("archive")
    assert protocol.differences == []
    row = await the_one(desk, "ingest", Revision)
    assert (row["state"], row["manifest_sha256"], row["begun_at"]) == ("ordered", None, None)
    assert len(await desk.rows_before("ingest", RenewedForm)) == 1
    assert await desk.rows("ingest", RenewedForm) == [], "its draft is lost: it is made again"
    jobs = [each for each in await desk.rows("ingest", plumbing.job) if each["kind"] == REVISE]
    assert [each["state"] for each in jobs] == [JobState.PENDING]
    assert (await the_one(desk, "handover", PreservedDossier))["title"] != TITLE


@in_one_mode
@pytest.mark.parametrize("place", [0, 1])
async def test_a_drill_may_draw_either_aip(desk: RestoringDesk, place: int) -> None:
    await revised_by_dividing(desk)
    store = open_store(desk.ground.store("archive").url, "archive")
    protocol = Protocol(["archive"], str(desk.new), seed=1, sample=[])
    async with closing(store), laid(desk.new) as ground:
        await restore(ground, Origin([store]), protocol, lambda keys: [keys[place]])
    assert protocol.differences == []
    assert (protocol.counts["manifests"], protocol.counts["pages"]) == (1, 2)
