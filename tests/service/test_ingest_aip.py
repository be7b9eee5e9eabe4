"""A dossier with reading forms is sealed as the circular's AIP beside its masters, each telling of the other."""

from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree

from services.ingest.errors import AcceptedPagesDiffer
from shared.eark.description import DossierRecord
from shared.eark.manifest import Manifest
from shared.eark.names import folder_name
from shared.eark.profile import profile_named
from shared.eark.verify import verify_package
from tests.eark_schemas import demand_premis, demand_valid
from tests.facts import approved
from tests.grounds import Ground
from tests.service.reading_forms import pdf_of, read_as
from tests.service.sealing_desk import SealingDesk, sealing_desk
from tests.service.test_ingest_pages import JPEG, OTHER, put
from tests.service.test_ingest_sealing import MASTERS, PowerCut, cut_after

CODE = "H49.2001.001"
PREMIS = "{http://www.loc.gov/premis/v3}"
VALUE = f"{PREMIS}relatedObjectIdentifierValue"
TREE = {
    "METS.xml",
    "metadata/descriptive/EAD.xml",
    "metadata/preservation/PREMIS.xml",
    "representations/rep1/METS.xml",
    f"representations/rep1/metadata/descriptive/EAD_doc_{CODE}.1.xml",
    f"representations/rep1/metadata/descriptive/EAD_doc_{CODE}.2.xml",
    "representations/rep1/metadata/preservation/PREMIS_rep1.xml",
    f"representations/rep1/data/{CODE}.1.pdf",
    f"representations/rep1/data/{CODE}.2.pdf",
    *(f"schemas/{name}" for name in ("mets1_12.xsd", "xlink.xsd", "DILCISExtensionMETS.xsd")),
    *(f"schemas/{name}" for name in ("DILCISExtensionSIPMETS.xsd", "ead.xsd", "ead_doc.xsd")),
    *(f"schemas/{name}" for name in ("ead_pic.xsd", "ead_media.xsd")),
}


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    async with sealing_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


async def sealed(desk: SealingDesk, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """Seal a dossier of three pages in two documents: page 1 was scanned twice, page 3 left out."""
    dossier, pages = await desk.scanned([JPEG, OTHER, JPEG + b"3"])
    again = JPEG + b"again"
    await desk.rescanned(dossier, pages[0], 1, again)
    await desk.close(dossier, [("Tờ trình <số> & 12", 1, 1), ("Quyết định", 2, 3)])
    await desk.accepted(dossier, {1: (2, again), 2: (1, OTHER)}, (3, pages[2]))
    await read_as(desk.context, monkeypatch, dossier, [1, 1])
    await desk.seal(dossier)
    return dossier


def manifest_of(desk: SealingDesk, store: str = "archive") -> tuple[Manifest, dict[str, bytes]]:
    """Give the manifest of the one dossier and the files of its AIP."""
    lying = desk.lying(store)
    manifest = Manifest.from_bytes(next(body for key, body in lying.items() if key.endswith(".manifest.json")))
    return manifest, {file.path: lying[file.key] for file in manifest.aip.files}


def described(body: bytes) -> dict[str, str]:
    return {str(each.tag): each.text or "" for each in etree.fromstring(body)}


def acts(body: bytes) -> list[str]:
    return [str(each.text) for each in etree.fromstring(body).iter(f"{PREMIS}eventType")]


def derivations(body: bytes) -> set[tuple[str, str]]:
    """Give how objects are related to which packages."""
    found = etree.fromstring(body).iter(f"{PREMIS}relationship")
    told = [(each.findtext(f"{PREMIS}relationshipSubType"), each.findtext(f".//{VALUE}")) for each in found]
    return {(str(how), str(related)) for how, related in told}


async def test_the_aip_is_the_circulars_tree_and_holds_the_reading_forms_as_they_are(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sealed(desk, monkeypatch)
    manifest, aip = manifest_of(desk)
    assert set(aip) == TREE
    assert aip[f"representations/rep1/data/{CODE}.1.pdf"] == pdf_of(1)
    assert [file.document_number for file in manifest.readings] == [1, 2]
    assert desk.lying("archive") == desk.lying("reserve")
    for package in (manifest.aip, manifest.masters):
        folder = desk.data / "stores" / "archive" / "P01" / folder_name(package.objid)
        assert verify_package(folder) == []
    dossier = described(aip["metadata/descriptive/EAD.xml"])
    assert (dossier["arcFileCode"], dossier["maintenance"], dossier["totalDoc"]) == (f"H49.{CODE}", "01", "2")
    assert (dossier["numberOfPage"], dossier["numberOfPaper"]) == ("2", ""), "what nobody counted stays empty"
    assert dossier["description"] == "Thiếu trang 3: rách."
    document = described(aip[f"representations/rep1/metadata/descriptive/EAD_doc_{CODE}.1.xml"])
    assert (document["subject"], document["docCode"]) == ("Tờ trình <số> & 12", f"H49.{CODE}.0000001")
    assert (document["docOrdinal"], document["typeName"], document["process"]) == ("1", "", "")


async def test_the_aip_says_there_is_a_reserve_copy_only_after_both_copies_were_read_back(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sealed(desk, monkeypatch)
    _, aip = manifest_of(desk)
    dossier = described(aip["metadata/descriptive/EAD.xml"])
    assert (dossier["riskRecovery"], dossier["riskRecoveryStatus"]) == ("1", "01")
    told = await desk.acts()
    verified = [place for place, act in enumerate(told) if act == "copies.verified"]
    frozen = [place for place, act in enumerate(told) if act == "sealing.frozen"]
    assert frozen[0] < verified[0] < frozen[1] < verified[1], "masters frozen, masters kept, AIP frozen, AIP kept"
    assert acts(aip["metadata/preservation/PREMIS.xml"]) == [
        "transfer",
        "quality review",
        "replication",
        "replication",
        "information package creation",
    ]


async def test_masters_and_aip_tell_the_whole_story_and_name_each_other(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sealed(desk, monkeypatch)
    manifest, aip = manifest_of(desk)
    lying = desk.lying("archive")
    masters = {file.path: lying[file.key] for file in manifest.masters.files}
    pages = masters["metadata/preservation/PREMIS.xml"]
    arrived = ["ingestion", "ingestion", "replacement", "ingestion", "ingestion"]
    judged = ["quality review", "quality review"]
    assert acts(pages) == [*arrived, *judged, "information package creation"], "no check and no verdict was heard"
    for told in (pages, aip["metadata/preservation/PREMIS.xml"]):
        (rights,) = etree.fromstring(told).iter(f"{PREMIS}otherRightsBasis")
        assert (rights.text or "").startswith("mode ")
    assert sha256(JPEG).hexdigest() in pages.decode(), "the old version is named by its digest"
    assert "mờ" in pages.decode()
    assert "rách" in pages.decode()
    documents = aip["representations/rep1/metadata/preservation/PREMIS_rep1.xml"]
    assert acts(documents) == ["normalization", "digital signature generation", "normalization"]
    assert "tesseract 5.3.0" in documents.decode()
    assert "no text layer: pages 1" in documents.decode()
    assert derivations(pages) == {("is source of", manifest.aip.objid)}, "masters come from no package"
    assert derivations(aip["metadata/preservation/PREMIS.xml"]) == {("has source", manifest.masters.objid)}
    assert manifest.masters.objid in aip["METS.xml"].decode()
    record = DossierRecord.from_bytes(masters["metadata/descriptive/dossier.json"])
    assert [document.title for document in record.documents] == ["Tờ trình <số> & 12", "Quyết định"]
    assert [(page.number, page.version) for page in record.pages] == [(1, 2), (2, 1)]


async def test_a_reading_form_that_lacks_a_page_is_not_sealed(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier, _ = await desk.scanned([JPEG, OTHER])
    await desk.accepted(dossier, {1: (1, JPEG), 2: (1, OTHER)})
    await read_as(desk.context, monkeypatch, dossier, [1])
    with pytest.raises(AcceptedPagesDiffer):
        await desk.seal(dossier)
    assert desk.lying("archive") == {}


async def test_without_reading_forms_the_aip_describes_the_masters_only(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await read_as(desk.context, monkeypatch, None, [])
    await desk.preserved([JPEG])
    manifest, aip = manifest_of(desk)
    assert manifest.readings == ()
    assert not [path for path in aip if path.startswith("representations/")]
    assert manifest.masters.objid in aip["METS.xml"].decode()


async def test_every_file_of_the_aip_is_valid(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await sealed(desk, monkeypatch)
    _, aip = manifest_of(desk)
    (tmp_path / "schemas").mkdir()
    demand_valid(aip, tmp_path / "schemas")


async def test_the_story_of_pages_and_documents_is_valid_premis(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sealed(desk, monkeypatch)
    manifest, aip = manifest_of(desk)
    lying = desk.lying("archive")
    told = aip | {f"masters/{file.path}": lying[file.key] for file in manifest.masters.files}
    stories = {path: body for path, body in told.items() if "/preservation/" in path}
    assert len(stories) == 3
    for body in stories.values():
        demand_premis(body)


async def test_a_sealing_with_reading_forms_that_was_killed_goes_on_to_the_same_bytes(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier, _ = await desk.scanned([JPEG, OTHER])
    await desk.accepted(dossier, {1: (1, JPEG), 2: (1, OTHER)})
    await read_as(desk.context, monkeypatch, dossier, [2])
    with monkeypatch.context() as power:
        cut_after(power, desk.context.archive, MASTERS + 6)
        with pytest.raises(PowerCut):
            await desk.seal(dossier)
    first = desk.lying("archive")
    assert MASTERS < len(first) < MASTERS + len(TREE), "some of the AIP, not all"
    await desk.seal(dossier)
    assert desk.lying("archive").items() >= first.items()
    assert desk.lying("archive") == desk.lying("reserve")
    manifest, _ = manifest_of(desk)
    assert verify_package(desk.data / "stores" / "archive" / "P01" / folder_name(manifest.aip.objid)) == []


async def test_documents_whose_ids_would_be_too_long_are_refused_when_they_get_their_numbers(desk: SealingDesk) -> None:
    event = approved(pages=2, code="H49.64.33.2001.160.KT-12")
    await desk.system.tell("ingest", [event])
    assert (await put(desk.station, event.dossier_id, 1, JPEG)).status_code == 201
    assert (await put(desk.station, event.dossier_id, 2, OTHER)).status_code == 201
    answer = await desk.station.post(f"/ingest/dossiers/{event.dossier_id}/closing", json={"scanned_count": 2})
    assert (answer.status_code, answer.json()["code"]) == (422, "ingest.document_ids_too_long")
    assert (await desk.order(event.dossier_id)).state == "open"


async def test_a_profile_names_the_aip_before_anything_bears_its_name(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = desk.context.form.model_copy(update={"objid": "urn:uuid:{uuid}"})
    desk.context = replace(desk.context, form=form)
    await sealed(desk, monkeypatch)
    manifest, aip = manifest_of(desk)
    assert manifest.aip.objid.startswith("urn:uuid:")
    assert manifest.masters.objid.startswith("urn:P01:uuid:")
    assert manifest.aip.objid in aip["METS.xml"].decode()
    assert verify_package(desk.data / "stores" / "archive" / "P01" / folder_name(manifest.aip.objid)) == []


async def test_with_a_profile_of_eark_the_aip_holds_the_reading_forms_too(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.context = replace(desk.context, form=profile_named("csip-2.2").aip)
    await sealed(desk, monkeypatch)
    manifest, aip = manifest_of(desk)
    assert aip[f"representations/rep1/data/{CODE}.1.pdf"] == pdf_of(1)
    assert "metadata/descriptive/dossier.json" in aip
    assert verify_package(desk.data / "stores" / "archive" / "P01" / folder_name(manifest.aip.objid)) == []
