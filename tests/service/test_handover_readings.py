"""Dossiers with reading forms go to the receiver as the circular's SIP, their masters beside it when asked for."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from services.ingest.context import Context
from services.ingest.operations import freezing
from shared.auth.roles import Role
from shared.eark.verify import verify_package
from tests.eark_schemas import mets_schema
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, gathered, granted, opened_packages, sealed
from tests.service.reading_forms import pdf_of, read_as
from tests.verifying import verified

CODE = "H49.2001.001"
DOCUMENT = f"representations/rep1/metadata/descriptive/EAD_DOC_{CODE}.xml"
EXTENSIONS = ("DILCISExtensionMETS", "DILCISExtensionSIPMETS")
SCHEMAS = (*EXTENSIONS, "ead", "ead_doc", "ead_media", "ead_pic", "mets1_12", "xlink")
PREMIS = "metadata/preservation/PREMIS.xml"
TREE = {
    "METS.xml",
    "metadata/descriptive/EAD.xml",
    "representations/rep1/METS.xml",
    DOCUMENT,
    f"representations/rep1/data/{CODE}.pdf",
    *(f"schemas/{name}.xsd" for name in SCHEMAS),
}


@pytest.fixture
async def system(at_work: Set, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        context = made.services["ingest"].context
        assert isinstance(context, Context)
        await read_as(context, monkeypatch, None, [2])
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


async def packages_of(system: Bench, *, with_masters: bool = False, profile: str = "tt05-2025") -> list[dict[str, Any]]:
    """Gather what waits into a delivery, open it, and give its packages."""
    return await opened_packages(system, await gathered(system, with_masters=with_masters, profile=profile))


async def pulled(system: Bench, package: dict[str, Any]) -> bytes:
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    return (await receiver.get(f"/handover/packages/{package['id']}/content")).content


def unpacked(body: bytes, objid: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return {name.removeprefix(f"{objid}/"): package.read(name) for name in package.namelist()}


async def test_the_receiver_pulls_the_circulars_sip_built_from_the_stored_reading_forms(
    system: Bench, made_pages: list[Path], tmp_path: Path
) -> None:
    await sealed(system, made_pages[:2])
    (package,) = await packages_of(system)
    assert (package["holds"], package["sibling_of"], package["page_count"]) == ("readings", None, 2)
    body = await pulled(system, package)
    place = tmp_path / "package.zip"
    place.write_bytes(body)
    assert verify_package(place) == []
    files = unpacked(body, package["objid"])
    assert set(files) == TREE, "no preservation metadata, nothing that the circular does not name"
    assert files[f"representations/rep1/data/{CODE}.pdf"] == pdf_of(2)
    told = {str(each.tag): each.text or "" for each in etree.fromstring(files[DOCUMENT])}
    assert len(told) == 21
    assert (told["docId"], told["docCode"], told["numberOfPage"]) == (CODE, f"{CODE}.0000001", "2")
    dossier = {str(each.tag): each.text or "" for each in etree.fromstring(files["metadata/descriptive/EAD.xml"])}
    assert len(dossier) == 18
    assert (dossier["fileCode"], dossier["riskRecovery"], dossier["riskRecoveryStatus"]) == (CODE, "1", "01")


async def story_in(ground: Ground) -> bytes:
    """Give the PREMIS file that was sealed with the masters."""
    store = ground.store("archive")
    found = [await store.take(key) for key in await store.keys() if key.endswith(PREMIS)]
    return next(body for body in found if b"representations/rep1/data/0001." in body)


def demand_story(files: dict[str, bytes], sealed_story: bytes) -> None:
    """Demand that a package of masters tells what was done with its pages, as it was sealed, and that METS lists it."""
    assert files[PREMIS] == sealed_story
    (told,) = etree.fromstring(files["METS.xml"]).iterfind(".//{*}digiprovMD/{*}mdRef")
    assert (told.get("{http://www.w3.org/1999/xlink}href"), told.get("MDTYPE")) == (PREMIS, "PREMIS")
    assert told.get("CHECKSUM") == sha256(sealed_story).hexdigest()


async def test_masters_come_in_a_package_beside_it_only_when_asked_for(
    system: Bench, made_pages: list[Path], tmp_path: Path, ground: Ground
) -> None:
    await sealed(system, made_pages[:2])
    sealed_story = await story_in(ground)
    sip, masters = await packages_of(system, with_masters=True)
    assert [each["holds"] for each in (sip, masters)] == ["readings", "masters"]
    assert masters["sibling_of"] == sip["id"]
    place = tmp_path / "masters.zip"
    place.write_bytes(await pulled(system, masters))
    assert verify_package(place) == []
    files = unpacked(place.read_bytes(), masters["objid"])
    images = [made_pages[number].read_bytes() for number in range(2)]
    assert [files[path] for path in sorted(files) if "/data/" in path] == images
    demand_story(files, sealed_story)
    assert PREMIS not in unpacked(await pulled(system, sip), sip["objid"])
    assert sip["objid"] in files["METS.xml"].decode(), "it names the package that it belongs to"
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    for each in (sip, masters):
        answer = {"answer": "accepted", "sha256": each["sha256"]}
        assert (await receiver.put(f"/handover/packages/{each['id']}/receipt", json=answer)).status_code == 200
    delivery = (await receiver.get(f"/handover/deliveries/{sip['delivery_id']}")).json()
    assert delivery["state"] == "closed"


async def test_images_that_are_agreed_in_another_form_share_the_package_with_the_reading_forms(
    system: Bench, made_pages: list[Path], tmp_path: Path, ground: Ground
) -> None:
    await sealed(system, made_pages[:2])
    (package,) = await packages_of(system, with_masters=True, profile="csip-2.2")
    assert (package["holds"], package["sibling_of"]) == ("both", None)
    place = tmp_path / "package.zip"
    place.write_bytes(await pulled(system, package))
    assert verify_package(place) == []
    assert (await asyncio.to_thread(verified, place))[0] == 0
    files = unpacked(place.read_bytes(), package["objid"])
    images = [made_pages[number].read_bytes() for number in range(2)]
    assert [files[path] for path in sorted(files) if path.startswith("representations/rep1/data/")] == images
    assert files[f"representations/rep2/data/{CODE}.1.pdf"] == pdf_of(2)
    demand_story(files, await story_in(ground))
    schema = mets_schema(tmp_path)
    for name in ("METS.xml", "representations/rep1/METS.xml", "representations/rep2/METS.xml"):
        assert schema.validate(etree.fromstring(files[name])), str(schema.error_log)


async def test_masters_that_were_sealed_without_a_story_go_without_one(
    system: Bench, made_pages: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(freezing, "masters_story", lambda *_: [])
    await sealed(system, made_pages[:2])
    _, masters = await packages_of(system, with_masters=True)
    place = tmp_path / "masters.zip"
    place.write_bytes(await pulled(system, masters))
    assert verify_package(place) == []
    assert not [path for path in unpacked(place.read_bytes(), masters["objid"]) if "preservation" in path]


async def test_a_masters_package_may_be_withdrawn_alone_but_goes_with_the_package_it_belongs_to(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:2])
    await sealed(system, made_pages[:2], code="H49.2001.002")
    officer = system.caller(Role.HANDOVER_OFFICER)
    delivery = await gathered(system, dossiers=2, with_masters=True)
    listed = (await officer.get(f"/handover/deliveries/{delivery}/packages")).json()["items"]

    async def withdrawn(package: dict[str, Any]) -> list[str]:
        told = await officer.post(f"/handover/packages/{package['id']}/withdrawal", json={"reason": "chưa cần"})
        assert told.status_code == 200, told.text
        now = (await officer.get(f"/handover/deliveries/{delivery}/packages")).json()["items"]
        return [each["holds"] for each in now if each["state"] == "withdrawn"]

    assert await withdrawn(listed[1]) == ["masters"]
    assert await withdrawn(listed[2]) == ["masters", "readings", "masters"]
    waiting = (await officer.get("/handover/preserved")).json()["items"]
    assert [each["package_id"] is None for each in waiting] == [each["file_code"] == "H49.2001.002" for each in waiting]


async def test_a_dossier_without_reading_forms_has_nothing_to_deliver_but_its_masters(
    system: Bench, made_pages: list[Path], monkeypatch: pytest.MonkeyPatch, ground: Ground
) -> None:
    context = system.services["ingest"].context
    assert isinstance(context, Context)
    await read_as(context, monkeypatch, None, [])
    await sealed(system, made_pages[:1])
    (package,) = await packages_of(system)
    assert (package["holds"], package["sibling_of"]) == ("masters", None)
