"""A system is rebuilt from its stores alone; what is not as it was is named, and the rest is restored."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from cli.copies.faults import CopyRefused
from services.handover.layout_models import GeneratedPiece, LayoutPortion, PackageLayout
from services.handover.models import Delivery, ListedDossier, Package, PreservedDossier, Quarantine
from services.ingest.domain.fixity import CopyState
from services.ingest.domain.state import DossierState
from services.ingest.models import (
    Copy,
    FixityCheck,
    Master,
    Page,
    PageReading,
    Reading,
    ScanOrder,
    Sealing,
    plumbing,
)
from services.ingest.operations.reading import FORM, READ
from services.reporting.models import HeardEvent, LedgerDossier
from shared.auth.roles import Role
from shared.eark.manifest import Manifest
from shared.errors import StorageFull
from shared.events.catalog import DossierApproved, DossierWithdrawn
from shared.uow import UnitOfWork
from tests.facts import approved
from tests.grounds import Ground
from tests.raw_stores import damage
from tests.service.conftest import in_one_mode
from tests.service.restoring_desk import RestoringDesk
from tests.service.test_ingest_pages import JPEG, put

LATER = datetime(2100, 1, 1, tzinfo=UTC)
SAME: Sequence[tuple[str, type]] = (
    ("ingest", ScanOrder),
    ("ingest", Page),
    ("ingest", Master),
    ("ingest", Sealing),
    ("ingest", FixityCheck),
    ("handover", PreservedDossier),
    ("handover", Delivery),
    ("handover", Package),
    ("handover", PackageLayout),
    ("handover", LayoutPortion),
    ("handover", GeneratedPiece),
    ("reporting", HeardEvent),
    ("reporting", LedgerDossier),
)


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAOLUU_LANGUAGE", "en")


@pytest.fixture
def desk(ground: Ground, made_pages: list[Path], tmp_path: Path) -> RestoringDesk:
    return RestoringDesk(ground, made_pages[:2], tmp_path / "new")


async def test_every_register_and_every_object_comes_back_as_it_was(desk: RestoringDesk) -> None:
    await desk.lived()
    protocol = await desk.restore("archive")
    assert protocol.differences == []
    assert protocol.counts["manifests"] == 2
    for service, table in SAME:
        assert await desk.rows(service, table) == await desk.rows_before(service, table), table
    for name in ("archive", "reserve"):
        root = desk.new / "stores" / name
        files = [path for path in root.rglob("*") if path.is_file() and ".unfinished" not in path.parts]
        assert sorted(str(path.relative_to(root)) for path in files) == await desk.keys()
        for path in files:
            assert path.read_bytes() == await desk.ground.store("archive").take(str(path.relative_to(root)))
    assert (desk.new / "restore-protocol.json").exists()


@in_one_mode
async def test_what_was_preserved_after_the_registers_were_written_is_entered_from_its_package(
    desk: RestoringDesk,
) -> None:
    first = await desk.lived(("H49.2001.001",))
    heads = [key for key in await desk.keys() if key.startswith("registers/")]
    later = await desk.lived(("H49.2001.002",))
    for name in ("archive", "reserve"):
        for key in await desk.ground.store(name).keys():
            if key.startswith("registers/") and key not in heads:
                await desk.ground.store(name).remove(key)
    protocol = await desk.restore("reserve")
    assert protocol.differences == []
    assert protocol.counts["from_packages"] == 1
    states = {row["dossier_id"]: row["state"] for row in await desk.rows("ingest", ScanOrder)}
    assert states == dict.fromkeys((*first, *later), DossierState.PRESERVED)
    before = {row["dossier_id"]: row for row in await desk.rows_before("handover", PreservedDossier)}
    for row in await desk.rows("handover", PreservedDossier):
        for name in ("manifest_sha256", "manifest_key", "page_count", "byte_count", "title", "masters_objid"):
            assert row[name] == before[row["dossier_id"]][name]
    pages = [(row["number"], row["version"]) for row in await desk.rows("ingest", Page)]
    assert sorted(pages) == [(1, 1), (1, 1), (2, 1), (2, 1)]
    ledger = {row["dossier_id"]: row["preserved_count"] for row in await desk.rows("reporting", LedgerDossier)}
    assert ledger == dict.fromkeys((*first, *later), 2)


async def test_one_damaged_object_is_named_its_package_kept_back_and_the_rest_restored(desk: RestoringDesk) -> None:
    await desk.lived()
    page = next(key for key in await desk.keys() if key.endswith("0001.jpg"))
    await damage(desk.ground.store("archive"), page)
    protocol = await desk.restore("archive")
    assert protocol.differences == [f"good nowhere: {page}"]
    states = [row["state"] for row in await desk.rows("ingest", Copy)]
    assert (states.count(CopyState.QUARANTINED), states.count(CopyState.WHOLE)) == (2, 6)
    assert [row["is_quarantined"] for row in await desk.rows("handover", Quarantine)] == [True]
    assert not (desk.new / "stores" / "archive" / page).exists()


@in_one_mode
async def test_a_second_place_to_read_from_mends_the_first(desk: RestoringDesk) -> None:
    await desk.lived(("H49.2001.001",))
    for key in await desk.keys():
        if key.endswith((".jpg", "METS.xml")) or "/heads/" in key:
            await damage(desk.ground.store("archive"), key)
    protocol = await desk.restore("archive", "reserve")
    assert protocol.differences == []
    assert any("taken from another" in note for note in protocol.notes)


@in_one_mode
async def test_a_lost_manifest_and_a_missing_package_are_named(desk: RestoringDesk) -> None:
    await desk.lived()
    manifest = next(key for key in await desk.keys() if key.endswith(".manifest.json"))
    await desk.ground.store("archive").remove(manifest)
    protocol = await desk.restore("archive")
    assert any("its manifest was not found" in each for each in protocol.differences)
    assert protocol.counts["manifests"] == 1
    assert any(each.startswith("named by no manifest") for each in protocol.notes)


async def test_a_dossier_whose_pages_were_being_read_is_scanned_again(desk: RestoringDesk) -> None:
    await desk.lived(("H49.2001.001",))
    event = approved(pages=1, code="H49.2001.009")
    async with desk.at_work() as system:
        await system.tell("ingest", [event])
        assert (await put(system.caller(Role.STATION), event.dossier_id, 1, JPEG)).status_code == 201
        async with system.services["ingest"].context.database.writing() as uow:
            asked = select(Master).join(Page, col(Page.id) == Master.page_id).where(Page.dossier_id == event.dossier_id)
            master = (await uow.session.exec(asked)).one()
            form = Reading(dossier_id=event.dossier_id, document=1, title="", first_page=1, last_page=1, page_count=1)
            uow.session.add(form)
            await uow.session.flush()
            uow.session.add(PageReading(master_id=master.id, reading_id=form.id, page_number=1))
            for kind, subject in ((FORM, form.id), (READ, master.id)):
                uow.session.add(plumbing.job(kind=kind, subject_id=subject, not_before=LATER))
    protocol = await desk.restore("archive")
    assert protocol.differences == []
    assert protocol.notes == [f"to be scanned again: {event.dossier_id}"]
    left = {row["subject_id"] for row in await desk.rows("ingest", plumbing.job)}
    assert not left & {form.id, master.id}, "nobody tries for ever to read what is gone"
    assert [row["dossier_id"] for row in await desk.rows("ingest", Reading)].count(event.dossier_id) == 0


@in_one_mode
async def test_hostile_names_in_a_manifest_are_refused_and_nothing_is_written_elsewhere(desk: RestoringDesk) -> None:
    await desk.lived()
    raw = desk.ground.store("archive")
    keys = [key for key in await desk.keys() if key.endswith(".manifest.json")]
    for key, hostile in zip(keys, ("../../../outside", "registers/ingest/heads/x"), strict=True):
        manifest = Manifest.from_bytes(await raw.take(key))
        file = replace(manifest.aip.files[0], key=hostile)
        aip = manifest.aip.model_copy(update={"files": (file, *manifest.aip.files[1:])})
        await raw.lay(key, manifest.model_copy(update={"aip": aip}).to_bytes())
    protocol = await desk.restore("archive")
    assert sum("manifest good nowhere" in each for each in protocol.differences) == 2
    assert not (desk.new.parent / "outside").exists()
    assert [path.name for path in desk.new.parent.iterdir()] == ["new"]


async def test_a_dossier_that_was_not_preserved_is_scanned_again(desk: RestoringDesk) -> None:
    await desk.lived(("H49.2001.001",))
    event = approved(pages=2, code="H49.2001.009")
    async with desk.at_work() as system:
        await system.tell("ingest", [event])
        assert (await put(system.caller(Role.STATION), event.dossier_id, 1, JPEG)).status_code == 201
    protocol = await desk.restore("archive")
    assert protocol.differences == []
    assert protocol.notes == [f"to be scanned again: {event.dossier_id}"]
    orders = {row["dossier_id"]: row["state"] for row in await desk.rows("ingest", ScanOrder)}
    assert orders[event.dossier_id] == DossierState.OPEN
    assert len(await desk.rows("ingest", Page)) == 2, "those of the preserved dossier"


@in_one_mode
async def test_a_withdrawn_dossier_stays_withdrawn_although_its_images_are_gone(desk: RestoringDesk) -> None:
    await desk.lived(("H49.2001.001",))
    event = approved(pages=2, code="H49.2001.009")
    withdrawn = DossierWithdrawn(dossier_id=event.dossier_id, list_id=event.list_id, reason="trùng")
    async with desk.at_work() as system:
        await system.tell("ingest", [event])
        assert (await put(system.caller(Role.STATION), event.dossier_id, 1, JPEG)).status_code == 201
        await system.tell("ingest", [withdrawn])
        await system.tell("reporting", [event, withdrawn])
    protocol = await desk.restore("archive")
    assert protocol.differences == []
    orders = {row["dossier_id"]: row for row in await desk.rows("ingest", ScanOrder)}
    assert orders[event.dossier_id]["state"] == DossierState.WITHDRAWN
    assert len(await desk.rows("ingest", Page)) == 2, "those of the preserved dossier"
    lines = {row["dossier_id"]: row for row in await desk.rows("reporting", LedgerDossier)}
    assert (lines[event.dossier_id]["withdrawn_version"], lines[event.dossier_id]["withdrawal"]) == (1, "trùng")


@in_one_mode
async def test_what_was_withdrawn_is_kept_back_by_a_restored_handover_that_had_not_heard_of_it(
    desk: RestoringDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await desk.lived(("H49.2001.001", "H49.2001.002"))
    facts = [approved(first), approved(second), approved(second).model_copy(update={"version": 2})]
    gone = [DossierWithdrawn(dossier_id=each, list_id=facts[0].list_id, reason="mật") for each in (first, second)]

    async def told_again(_uow: UnitOfWork) -> tuple[list[DossierApproved], list[DossierWithdrawn]]:
        return [facts[0], facts[2]], gone

    monkeypatch.setattr("cli.restore.facts.retold", told_again)
    await desk.restore("archive")
    rows = {row["dossier_id"]: row for row in await desk.rows("handover", ListedDossier)}
    told = {each: (rows[each]["approved_version"], rows[each]["withdrawn_version"]) for each in (first, second)}
    assert told == {first: (1, 1), second: (2, 1)}
    assert rows[first]["reason"] == "mật"


@in_one_mode
async def test_a_folder_that_is_not_empty_and_a_place_that_is_no_store_are_refused(
    desk: RestoringDesk, tmp_path: Path
) -> None:
    await desk.lived(("H49.2001.001",))
    desk.new.mkdir()
    (desk.new / "something").touch()
    with pytest.raises(CopyRefused, match=r"restore\.not_empty"):
        await desk.restore("archive")
    assert [path.name for path in desk.new.iterdir()] == ["something"]
    (tmp_path / "link").symlink_to(tmp_path)
    desk.new = tmp_path / "link"
    with pytest.raises(CopyRefused, match=r"restore\.not_empty"):
        await desk.restore("archive")


@in_one_mode
async def test_without_any_register_the_packages_alone_tell_and_that_is_named(desk: RestoringDesk) -> None:
    await desk.lived()
    for key in await desk.keys():
        if key.startswith("registers/"):
            await desk.ground.store("archive").remove(key)
    protocol = await desk.restore("archive")
    assert [each for each in protocol.differences if not each.startswith("no register of ")] == []
    assert len(protocol.differences) == 5
    assert protocol.counts["from_packages"] == 2
    before = {row["dossier_id"]: row["manifest_sha256"] for row in await desk.rows_before("ingest", Sealing)}
    assert {row["dossier_id"]: row["manifest_sha256"] for row in await desk.rows("ingest", Sealing)} == before


@in_one_mode
async def test_a_register_of_a_newer_shape_is_not_guessed_at(
    desk: RestoringDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.lived(("H49.2001.001",))

    async def older(_ground: object, _service: str) -> str:
        return "0000"

    monkeypatch.setattr("cli.restore.loading.revision_of", older)
    protocol = await desk.restore("archive")
    assert sum("of the newer shape" in each for each in protocol.differences) == 5
    assert await desk.rows("handover", Delivery) == []


@in_one_mode
async def test_too_little_room_is_found_before_anything_is_written(
    desk: RestoringDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.lived(("H49.2001.001",))
    real = os.statvfs(desk.ground.folder)
    monkeypatch.setattr("os.statvfs", lambda _path: os.statvfs_result((*real[:4], 10, *real[5:])))
    with pytest.raises(StorageFull, match="two copies of"):
        await desk.restore("archive")
    assert list((desk.new / "stores" / "archive").iterdir()) == [desk.new / "stores" / "archive" / ".unfinished"]
