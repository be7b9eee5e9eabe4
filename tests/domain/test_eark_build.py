"""Packages as they are written. Validity is held against ../shared/standards when that folder lies beside the project;

without it the same documents are checked for their order and links only, as the project ships no schemas.
"""

import json
import zlib
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree

from shared.clock import VIETNAM
from shared.eark.build import build_package
from shared.eark.description import DossierContent, DossierRecord, LeftOutPage
from shared.eark.errors import PackageMisdescribed, PagesDisorderly, UnsafePath
from shared.eark.layout import page_path
from shared.eark.package import GeneratedFile, PackageFile, PackagePage
from shared.eark.record_reading import content_of
from shared.eark.seal import LENGTH, SealCheck
from tests.sample_package import (
    AIP,
    DOCUMENTS,
    DOSSIER,
    FONDS,
    MADE_AT,
    MASTERS,
    SIP,
    aip_files,
    aip_hoso_files,
    content,
    described,
    masters_files,
    package_page,
    page_bytes,
    sip_files,
    sip_hoso_files,
)

STANDARDS = Path(__file__).parents[3] / "shared" / "standards"
METS = "{http://www.loc.gov/METS/}"
XLINK = "{http://www.w3.org/1999/xlink}"
CSIP = "{https://DILCIS.eu/XML/METS/CSIPExtensionMETS}"
PACKAGES = {
    "masters": masters_files,
    "aip": aip_files,
    "sip": sip_files,
    "aip_hoso": aip_hoso_files,
    "sip_hoso": sip_hoso_files,
}


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    driver = STANDARDS / "driver.xsd"
    if not driver.exists():
        pytest.skip("no ../shared/standards beside the project: METS, PREMIS and EAD3 schemas are not at hand")
    return etree.XMLSchema(etree.parse(str(driver)))


def parsed(body: bytes) -> etree._Element:
    return etree.fromstring(body)


@pytest.mark.parametrize("kind", PACKAGES)
def test_every_xml_file_is_valid_by_its_standard(kind: str, schema: etree.XMLSchema) -> None:
    for path, body in PACKAGES[kind]().items():
        if path.endswith(".xml") and b"<simpledc" not in body:
            assert schema.validate(parsed(body)), f"{path}: {schema.error_log}"


def test_the_schemas_would_notice_a_wrong_package_type(schema: etree.XMLSchema) -> None:
    broken = masters_files()["METS.xml"].replace(b'OAISPACKAGETYPE="AIP"', b'OAISPACKAGETYPE="XIP"')
    assert not schema.validate(parsed(broken))


@pytest.mark.parametrize("kind", PACKAGES)
def test_the_same_values_give_the_same_bytes(kind: str) -> None:
    assert PACKAGES[kind]() == PACKAGES[kind]()


def test_a_moment_told_in_another_offset_gives_the_same_bytes() -> None:
    page = package_page(1, page_bytes(1))
    file = page.file
    local = PackageFile(
        file.path, file.size, file.sha256, file.crc32, file.media_type, file.created_at.astimezone(VIETNAM)
    )
    dossier = DossierContent(FONDS, DOSSIER, DOCUMENTS, (page,))
    again = DossierContent(FONDS, DOSSIER, DOCUMENTS, (PackagePage(1, 1, local, page.file_name),))
    assert build_package(described(SIP, "SIP"), dossier) == build_package(described(SIP, "SIP"), again)


def test_times_are_written_with_milliseconds_and_the_offset_of_vietnam() -> None:
    header = parsed(sip_files()["METS.xml"]).find(f"{METS}metsHdr")
    assert header is not None
    assert header.get("CREATEDATE") == "2026-06-12T11:45:37.690+07:00"


def test_a_generated_file_carries_the_sums_of_its_own_bytes() -> None:
    for generated in build_package(described(MASTERS), content()):
        assert generated.file.size == len(generated.body)
        assert generated.file.sha256 == sha256(generated.body).hexdigest()
        assert generated.file.crc32 == zlib.crc32(generated.body)


def test_the_root_mets_lists_all_but_the_pages_and_the_representation_mets_lists_the_pages() -> None:
    files = masters_files()
    root, inner = parsed(files["METS.xml"]), parsed(files["representations/rep1/METS.xml"])
    listed = [link.get(f"{XLINK}href") for link in root.iter(f"{METS}mdRef", f"{METS}FLocat")]
    pages = [f"representations/rep1/{link.get(f'{XLINK}href')}" for link in inner.iter(f"{METS}FLocat")]
    assert sorted([*map(str, listed), *pages, "METS.xml"]) == sorted(files)
    assert next(root.iter(f"{METS}mptr")).get(f"{XLINK}href") == "representations/rep1/METS.xml"


def test_every_link_inside_a_mets_finds_its_id() -> None:
    for files in (make() for make in PACKAGES.values()):
        for path in ("METS.xml", "representations/rep1/METS.xml"):
            if path in files:
                root = parsed(files[path])
                ids = [element.get("ID") for element in root.iter() if element.get("ID")]
                wanted = [
                    name
                    for element in root.iter()
                    for key in ("DMDID", "ADMID", "FILEID", f"{XLINK}title")
                    for name in str(element.get(key, "")).split()
                ]
                assert len(ids) == len(set(ids))
                assert set(wanted) <= set(ids)


def test_masters_and_aip_name_each_other() -> None:
    def pointed(body: bytes, label: str) -> list[object]:
        divs = [div for div in parsed(body).iter(f"{METS}div") if div.get("LABEL") == label]
        return [pointer.get(f"{XLINK}href") for div in divs for pointer in div]

    assert pointed(masters_files()["METS.xml"], "parent IP") == [AIP]
    assert pointed(aip_files()["METS.xml"], "child IP") == [MASTERS]
    assert not [path for path in aip_files() if path.startswith("representations/")]


def test_a_package_that_replaces_another_says_which() -> None:
    made = build_package(described(MASTERS, predecessor="urn:P623:uuid:OLD"), content())
    header = parsed(made[-1].body).find(f"{METS}metsHdr")
    assert header is not None
    assert header.get("RECORDSTATUS") == "REPLACEMENT"
    assert header.findtext(f"{METS}altRecordID") == "urn:P623:uuid:OLD"


def test_dossier_json_carries_the_description_the_pages_and_what_was_left_out() -> None:
    told = json.loads(sip_files()["metadata/descriptive/dossier.json"])
    assert told["dossier"]["title"] == DOSSIER.title
    assert [document["first_page"] for document in told["documents"]] == [1, 3]
    assert [page["number"] for page in told["pages"]] == [1, 2, 3, 5]
    assert told["pages"][0]["sha256"] == sha256(page_bytes(1)).hexdigest()
    assert told["left_out"] == [{"number": 4, "explanation": "Trang rách, không đọc được"}]


def test_the_next_package_is_made_from_the_record_of_the_last() -> None:
    body = aip_files()["metadata/descriptive/dossier.json"]
    assert content_of(body) == content()
    assert DossierRecord.from_bytes(body).pages_held_by == MASTERS


def test_text_that_xml_cannot_hold_is_replaced_there_and_kept_in_the_json() -> None:
    wild = "Ch\u1eef N\u00f4m \U00020021 \u202e & <\x0b]]>"
    dossier = DOSSIER.model_copy(update={"title": wild, "note": wild})
    made = build_package(described(SIP, "SIP"), DossierContent(FONDS, dossier, (), content().pages))
    bodies = {generated.file.path: generated.body for generated in made}
    titles = [element.text for element in parsed(bodies["metadata/descriptive/EAD.xml"]).iter("{*}unittitle")]
    assert wild.replace("\x0b", "\ufffd") in titles
    assert json.loads(bodies["metadata/descriptive/dossier.json"])["dossier"]["title"] == wild


def test_enclosures_are_listed_where_csip_wants_them_and_refused_elsewhere() -> None:
    manual = GeneratedFile.of("documentation/HuongDan.txt", b"x", "text/plain", MADE_AT)
    root = parsed(build_package(described(SIP, "SIP"), content(), [manual])[-1].body)
    groups = {str(group.get("USE")): len(group) for group in root.iter(f"{METS}fileGrp")}
    assert groups == {"Documentation": 2, "Schemas": 4, "Representations/rep1": 1}
    for path in ("elsewhere.txt", "metadata/descriptive/ead.XML", "representations/rep1/data/9.jpg"):
        stray = GeneratedFile.of(path, b"x", "text/plain", MADE_AT)
        with pytest.raises(PackageMisdescribed):
            build_package(described(SIP, "SIP"), content(), [stray])


def test_pages_that_contradict_each_other_are_refused() -> None:
    one, two = package_page(1, b"1"), package_page(2, b"2")
    absent = LeftOutPage(number=1, explanation="rách")
    for pages, left_out in (((), ()), ((two, one), ()), ((one, one), ()), ((one,), (absent,)), ((two,), (absent,) * 2)):
        with pytest.raises(PagesDisorderly):
            DossierContent(FONDS, DOSSIER, (), pages, left_out)


def test_a_value_that_no_package_can_carry_is_refused_when_it_is_made() -> None:
    good = ("a/b.jpg", 1, "0" * 64, 0, "image/jpeg", MADE_AT)
    wrong = {0: "../b.jpg", 1: -1, 2: "0" * 63, 3: 1 << 32, 4: "jpeg", 5: datetime(2026, 1, 1)}  # noqa: DTZ001 (naive is the point)
    for position, value in wrong.items():
        values = [*good[:position], value, *good[position + 1 :]]
        with pytest.raises((PackageMisdescribed, UnsafePath)):
            PackageFile(*values)  # type: ignore[arg-type]
    with pytest.raises(PackageMisdescribed):
        PackagePage(2, 1, PackageFile(page_path(1, "image/jpeg"), 1, "0" * 64, 0, "image/jpeg", MADE_AT))
    with pytest.raises(PackageMisdescribed):
        page_path(1, "application/octet-stream")
    with pytest.raises(PackageMisdescribed):
        described(SIP, "SIP", parts=(SIP,))


def test_pages_past_nine_thousand_nine_hundred_and_ninety_nine_keep_their_own_names() -> None:
    assert page_path(9999, "image/tiff") == "representations/rep1/data/9999.tif"
    assert page_path(10_000, "image/tiff") == "representations/rep1/data/10000.tif"


def test_the_seal_finds_a_change_of_any_byte_and_however_the_bytes_arrive() -> None:
    body = aip_files()["METS.xml"]
    for step in (1, LENGTH - 1, LENGTH, 1000, len(body)):
        assert seal_holds(body, step)
    for position in range(len(body)):
        assert not seal_holds(body[:position] + bytes([body[position] ^ 1]) + body[position + 1 :], 4096)
    assert not seal_holds(body[:-1], 4096)
    assert not seal_holds(body + b"\n", 4096)


def seal_holds(body: bytes, step: int) -> bool:
    check = SealCheck()
    for start in range(0, len(body), step):
        check.update(body[start : start + step])
    return check.whole


def test_a_moment_is_frozen_to_the_millisecond_in_record_and_mets_alike() -> None:
    page = package_page(1, b"1")
    file = page.file
    fine = PackageFile(
        file.path, file.size, file.sha256, file.crc32, file.media_type, file.created_at + timedelta(microseconds=7)
    )
    exact = DossierContent(FONDS, DOSSIER, (), (PackagePage(1, 1, fine),))
    made = build_package(described(SIP, "SIP"), exact)
    reread = content_of(made[0].body)
    assert build_package(described(SIP, "SIP"), reread) == made


def test_a_record_written_page_by_page_is_the_record_written_at_once() -> None:
    for dossier in (content(), content((1,)), DossierContent(FONDS, DOSSIER, (), content((1, 2)).pages)):
        whole = DossierRecord.of(described(MASTERS), dossier).to_bytes()
        assert b"".join(DossierRecord.written(described(MASTERS), dossier).chunks()) == whole
