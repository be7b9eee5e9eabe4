"""A description that is approved anew after sealing makes a newer AIP; nothing that was sealed is touched."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree
from sqlmodel import update

from services.ingest.errors import CopiesIncomplete
from services.ingest.models import Copy
from shared.eark.description import DossierRecord
from shared.eark.layout import DOSSIER, PREMIS, PRESERVED_DOCUMENTS
from shared.eark.manifest import Manifest
from shared.eark.names import folder_name
from shared.eark.verify import verify_package
from shared.events.ingest import DossierRevised
from tests.eark_schemas import demand_premis, demand_valid
from tests.grounds import Ground
from tests.service.reading_forms import pdf_of
from tests.service.revising_desk import RevisingDesk, again, bodies_of, revising_desk
from tests.service.test_ingest_pages import JPEG, OTHER

NEW_CODE = "H49.2001.002"
CORRECTED = ["metadata modification", "information package creation"]
FIRST_ACTS = ["transfer", "quality review", "replication", "replication", "information package creation"]


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[RevisingDesk]:
    async with revising_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


def acts(body: bytes) -> list[str]:
    return [str(each.text) for each in etree.fromstring(body).iter("{http://www.loc.gov/premis/v3}eventType")]


async def test_a_correction_after_sealing_makes_a_newer_aip_beside_the_older_one(
    desk: RevisingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await desk.itemised(monkeypatch)
    before = desk.lying("archive")
    await desk.system.tell("ingest", [again(dossier, 2, title="Hồ sơ về đê", file_code=NEW_CODE)])
    assert await desk.states(dossier) == [(2, "ordered", "")]
    await desk.revise(dossier)
    assert desk.lying("archive") == desk.lying("reserve")
    assert desk.lying("archive").items() >= before.items(), "what was sealed stays as it is"
    older, newer = desk.manifests()
    assert (newer.masters, newer.version, newer.predecessor) == (older.masters, 2, older.aip.objid)
    for package in (newer.aip, newer.masters, older.aip):
        assert verify_package(desk.data / "stores" / "archive" / "P01" / folder_name(package.objid)) == []
    state = await desk.seen(dossier)
    assert (state["title"], state["version"], state["later_version"]) == ("Hồ sơ về đê", 2, None)
    assert (state["state"], state["verified_copies"]) == ("preserved", 2)
    assert await desk.states(dossier) == [(2, "preserved", "")]


async def test_the_newer_aip_says_what_it_replaces_and_why_and_holds_the_whole_description(
    desk: RevisingDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dossier = await desk.itemised(monkeypatch)
    correction = again(dossier, 2, title="Hồ sơ về đê").model_copy(update={"actor": "lan"})
    await desk.system.tell("ingest", [correction])
    await desk.revise(dossier)
    older, newer = desk.manifests()
    files = bodies_of(desk, newer)
    root = etree.fromstring(files["METS.xml"])
    (tmp_path / "schemas").mkdir()
    demand_valid({path: body for path, body in files.items() if path != DOSSIER}, tmp_path / "schemas")
    told = {str(each.get("TYPE")): each.text for each in root.iter("{http://www.loc.gov/METS/}altRecordID")}
    assert told == {"PREDECESSOR": older.aip.objid}
    assert root.find("{http://www.loc.gov/METS/}metsHdr").get("RECORDSTATUS") == "REPLACEMENT"  # type: ignore[union-attr]
    story = files[PREMIS]
    demand_premis(story)
    assert acts(story) == [*FIRST_ACTS, *CORRECTED]
    assert f"approved anew in version 2; replaces {older.aip.objid}".encode() in story
    assert b">lan<" in story
    record = DossierRecord.from_bytes(files[DOSSIER])
    assert newer.record is not None
    assert (newer.record.path, record.dossier.title) == (DOSSIER, "Hồ sơ về đê")
    assert (record.pages_held_by, record.package.predecessor) == (older.masters.objid, older.aip.objid)
    assert len(record.pages) == 2


async def test_the_newest_aip_alone_tells_the_whole_chain_whatever_was_scrubbed_since(
    desk: RevisingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await desk.itemised(monkeypatch)
    for version, pages in ((2, 2), (3, 3)):  # the last one says that another page was expected
        correction = again(dossier, version, title=f"Lần {version}", pages=pages).model_copy(update={"actor": "lan"})
        await desk.system.tell("ingest", [correction])
        async with desk.context.database.writing() as uow:  # a scrubbing in between
            await uow.session.exec(update(Copy).values(verified_at=datetime(2100, 1, version, tzinfo=UTC)))
        await desk.revise(dossier)
    stories = [bodies_of(desk, each)[PREMIS] for each in desk.manifests()]
    demand_premis(stories[-1])
    assert acts(stories[-1]) == [*FIRST_ACTS, *CORRECTED, *CORRECTED]
    for older, newer in pairwise(map(told, stories)):
        assert newer[: len(older)] == older, "every act stands there as it was told before"
    assert b"digitised: 2 of 2 pages" in stories[-1]
    assert b"archive: " in stories[-1]


async def test_what_the_first_aip_told_is_read_from_the_next_one_that_is_right_and_never_made_up(
    desk: RevisingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await desk.itemised(monkeypatch)
    await desk.system.tell("ingest", [again(dossier, 2, title="Lần 2")])
    await desk.revise(dossier)
    lose(desk, desk.manifests()[0])
    await desk.system.tell("ingest", [again(dossier, 3, title="Lần 3")])
    await desk.revise(dossier)
    second, third = (bodies_of(desk, each)[PREMIS] for each in desk.manifests()[1:])
    assert acts(third) == [*FIRST_ACTS, *CORRECTED, *CORRECTED]
    assert told(third)[: len(told(second))] == told(second)
    for each in desk.manifests()[1:]:
        lose(desk, each)
    await desk.system.tell("ingest", [again(dossier, 4, title="Lần 4")])
    with pytest.raises(CopiesIncomplete):
        await desk.revise(dossier)


def lose(desk: RevisingDesk, manifest: Manifest) -> None:
    """Lose the PREMIS of an AIP in both stores."""
    (key,) = [each.key for each in manifest.aip.files if each.path == PREMIS]
    for store in ("archive", "reserve"):
        (desk.data / "stores" / store / key).unlink()


def told(story: bytes) -> list[bytes]:
    """Give the acts of a PREMIS without their ids, which every package has its own of."""
    events = etree.fromstring(story).findall("{*}event")
    for each in events:
        each.remove(each.find("{*}eventIdentifier"))  # type: ignore[arg-type]
    return [etree.tostring(each, with_tail=False) for each in events]


async def test_reading_forms_that_would_say_the_same_are_carried_over_as_they_are(
    desk: RevisingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await desk.itemised(monkeypatch)
    await desk.system.tell("ingest", [again(dossier, 2, title="Hồ sơ về đê")])
    await desk.revise(dossier)
    older, newer = desk.manifests()
    assert [file.path.rpartition("/")[2] for file in newer.readings] == ["H49.2001.001.1.pdf", "H49.2001.001.2.pdf"]
    assert [(file.sha256, file.mib_crc32) for file in newer.readings] == [
        (file.sha256, file.mib_crc32) for file in older.readings
    ]
    assert bodies_of(desk, newer)[newer.readings[0].path] == pdf_of(1)


async def test_how_a_reading_form_was_made_is_told_again_and_that_it_was_carried_over(desk: RevisingDesk) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    await desk.system.tell("ingest", [again(dossier, 2, note="đã đối chiếu")])
    await desk.revise(dossier)
    older, newer = desk.manifests()
    before, story = (bodies_of(desk, each)[f"{PRESERVED_DOCUMENTS}/PREMIS_rep1.xml"] for each in (older, newer))
    demand_premis(story)
    assert acts(before) == ["normalization", "validation"]
    assert acts(story) == [*acts(before), "replication"]
    assert b"carried over as they are, byte for byte" in story
    moments = [etree.fromstring(each).findtext(".//{*}eventDateTime") for each in (before, story)]
    assert moments[0] == moments[1], "it was made once"
    assert etree.fromstring(story).findtext(".//{*}relatedObjectIdentifierValue") == older.aip.objid


async def test_without_reading_forms_the_newer_aip_describes_the_masters(
    desk: RevisingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await desk.itemised(monkeypatch, read=[])
    await desk.system.tell("ingest", [again(dossier, 2, title="Hồ sơ về đê", file_code=NEW_CODE)])
    await desk.revise(dossier)
    _, newer = desk.manifests()
    assert newer.readings == ()
    assert DossierRecord.from_bytes(bodies_of(desk, newer)[DOSSIER]).dossier.title == "Hồ sơ về đê"


async def test_the_others_are_told_once_and_by_version(desk: RevisingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = await desk.itemised(monkeypatch)
    correction = again(dossier, 2, title="Hồ sơ về đê")
    await desk.system.tell("ingest", [correction, correction.model_copy(update={"id": UUID(int=1)})])
    await desk.revise(dossier)
    await desk.revise(dossier)
    (body,) = await desk.told(DossierRevised.name)
    event, (older, newer) = DossierRevised.model_validate_json(body), desk.manifests()
    assert (event.version, event.title, event.reading_count, event.page_count) == (2, "Hồ sơ về đê", 2, 2)
    assert (event.predecessor, event.aip_objid, event.masters_objid) == (
        older.aip.objid,
        newer.aip.objid,
        newer.masters.objid,
    )
    assert event.byte_count == sum(file.size for each in (newer.masters, newer.aip) for file in each.files)
    assert len(await desk.told("ingest.dossier.preserved.v1")) == 1


async def test_what_came_before_the_first_sealing_was_through_waits_for_it(desk: RevisingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG, OTHER])
    await desk.accepted(dossier, {1: (1, JPEG), 2: (1, OTHER)})
    await desk.system.tell("ingest", [again(dossier, 2, title="hai")])
    await desk.revise(dossier)
    assert await desk.states(dossier) == [(2, "ordered", "")]
    await desk.seal(dossier)
    older, *rest = desk.manifests()
    assert (older.version, rest) == (1, [])
    await desk.revise(dossier)
    assert [each.version for each in desk.manifests()] == [1, 2]


async def test_each_newer_approval_makes_one_aip_and_an_older_one_none(desk: RevisingDesk) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    events = [again(dossier, version, title=f"bản {version}") for version in (2, 4, 3, 5)]
    await desk.system.tell("ingest", events)
    await desk.revise(dossier)
    assert [each.version for each in desk.manifests()] == [1, 2, 4, 5]
    state = await desk.seen(dossier)
    assert (state["title"], state["version"], state["later_version"]) == ("bản 5", 5, None)
    told = [json.loads(each)["version"] for each in await desk.told(DossierRevised.name)]
    assert told == [2, 4, 5]


async def test_an_approval_that_says_the_same_makes_none(desk: RevisingDesk) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    lying = desk.lying("archive")
    await desk.system.tell("ingest", [again(dossier, 2)])
    assert ((await desk.seen(dossier))["version"], await desk.revisions(dossier)) == (2, [])
    await desk.system.tell("ingest", [again(dossier, 3, title="ba"), again(dossier, 4, title="ba")])
    await desk.revise(dossier)
    assert await desk.states(dossier) == [(3, "preserved", ""), (4, "unchanged", "")]
    state = await desk.seen(dossier)
    assert (state["version"], state["later_version"]) == (4, None)
    assert len(desk.manifests()) == 2
    assert desk.lying("archive").items() > lying.items()
