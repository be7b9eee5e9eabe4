"""The packages of Circular 05/2025/TT-BNV as they are written: tree, fields, codes, links, validity, hostile texts."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from shared.eark.codes import code_lists, language_code
from shared.eark.description import DossierContent
from shared.eark.errors import PackageMisdescribed, ProfileUnknown
from shared.eark.names import folder_name
from shared.eark.numbers import LONGEST_DOCUMENT_ID, has_room
from shared.eark.profile import FOLDER, profile_named
from shared.eark.simpledc import document_simpledc, dossier_simpledc
from shared.eark.verify import verify_package
from shared.eark.xml_writer import xml_text
from shared.events.catalog import DocumentDescription, DossierDescription
from tests.eark_rules import failed_rules
from tests.eark_schemas import demand_valid, mets_schema
from tests.sample_package import (
    AIP,
    DOCUMENTS,
    DOSSIER,
    FONDS,
    MASTERS,
    SIP,
    aip_files,
    aip_hoso_files,
    circular_files,
    content,
    form_of,
    masters_files,
    sip_files,
    sip_hoso_files,
    with_readings,
    write_folder,
)

METS = "{http://www.loc.gov/METS/}"
XLINK = "{http://www.w3.org/1999/xlink}"
CODE = DOSSIER.file_code
MAKERS = {"AIP": aip_hoso_files, "SIP": sip_hoso_files}
HOSTILE = 'Hồ sơ <b> & "đê" 𠀡𪜀 \u202eRTL\u202c \u0000\u000b\u001b\ud800 ]]> &amp; \ufffe'


def told(body: bytes) -> dict[str, str]:
    return {str(each.tag): each.text or "" for each in etree.fromstring(body)}


def with_texts(dossier: DossierDescription, documents: tuple[DocumentDescription, ...]) -> DossierContent:
    return replace(content(), dossier=dossier, documents=documents)


@pytest.mark.parametrize("kind", MAKERS)
def test_every_mets_and_every_description_is_valid(kind: str, tmp_path: Path) -> None:
    demand_valid(MAKERS[kind](), tmp_path)
    broken = MAKERS[kind]()["METS.xml"].replace(b'OAISPACKAGETYPE="', b'OAISPACKAGETYPE="X')
    assert not mets_schema(tmp_path).validate(etree.fromstring(broken)), "a schema that sees nothing proves nothing"


def test_all_four_schemas_of_descriptions_are_schemas() -> None:
    for files in (aip_hoso_files(), sip_hoso_files()):
        for name in ("ead", "ead_doc", "ead_pic", "ead_media"):
            etree.XMLSchema(etree.fromstring(files[f"schemas/{name}.xsd"]))


def test_the_dossier_has_its_18_fields_and_documents_theirs_in_the_circulars_order() -> None:
    aip, sip = aip_hoso_files(), sip_hoso_files()
    dossier, submitted = told(aip["metadata/descriptive/EAD.xml"]), told(sip["metadata/descriptive/EAD.xml"])
    assert list(dossier)[:3] == ["arcFileCode", "title", "maintenance"]
    assert list(dossier)[-3:] == ["description", "riskRecovery", "riskRecoveryStatus"]
    assert len(dossier) == len(submitted) == 18
    document = told(aip[f"representations/rep1/metadata/descriptive/EAD_doc_{CODE}.1.xml"])
    given = told(sip[f"representations/rep1/metadata/descriptive/EAD_DOC_{CODE}.1.xml"])
    assert (len(document), len(given)) == (19, 21)
    assert (document["docCode"], given["docCode"]) == (f"H49.{CODE}.0000001", f"{CODE}.0000001")
    assert given["docId"] == f"{CODE}.1"


def test_codes_dates_and_counts_are_written_as_the_circular_has_them() -> None:
    dossier = told(sip_hoso_files()["metadata/descriptive/EAD.xml"])
    assert (dossier["startDate"], dossier["endDate"]) == ("03/1954", "1956"), "no day that nobody told"
    assert dossier["language"] == "08", "Vietnamese and French together"
    assert (dossier["totalDoc"], dossier["numberOfPage"], dossier["numberOfPaper"]) == ("2", "4", "3")
    assert (dossier["maintenance"], dossier["mode"], dossier["format"]) == ("01", "01", "02")
    assert language_code(("01", "09"), ";") == "01;09"
    assert len(code_lists()["typeName"]) == 32


def test_a_dossier_that_is_not_itemised_has_as_many_documents_as_the_catalog_counts() -> None:
    itemised = content()
    for counted, said in ((None, "2"), (1, "2"), (5, "5")):
        description = itemised.dossier.model_copy(update={"document_count": counted})
        dossier = told(dossier_simpledc(form_of("SIP", "tt05-2025"), replace(itemised, dossier=description), 2))
        assert dossier["totalDoc"] == said


def test_a_reserve_copy_is_said_to_be_only_where_two_copies_were_verified() -> None:
    for copies, said in ((0, ("0", "")), (1, ("0", "")), (2, ("1", "01"))):
        dossier = told(dossier_simpledc(form_of("AIP", "tt05-2025"), content(), copies))
        assert (dossier["riskRecovery"], dossier["riskRecoveryStatus"]) == said


def test_a_document_has_its_own_retention_and_no_package_claims_a_workflow_file_that_it_does_not_hold() -> None:
    itemised = content()
    first = itemised.document(1)
    for changes, said in (
        ({}, ("01", "", "")),
        ({"retention": "05", "has_workflow": False}, ("05", "0", "")),
        (
            {"has_workflow": True, "note": "Bản chính."},
            ("01", "0", "Bản chính. Có quy trình xử lý, không kèm trong gói."),
        ),
    ):
        changed = replace(itemised, documents=(first.model_copy(update=changes), *itemised.documents[1:]))
        form = form_of("SIP", "tt05-2025")
        document = told(document_simpledc(form, changed, with_readings(form, changed).readings[0], 0))
        assert (document["maintenance"], document["process"], document["description"]) == said


def test_each_document_is_tied_to_its_file_by_name_and_by_mets() -> None:
    inner = etree.fromstring(sip_hoso_files()["representations/rep1/METS.xml"])
    assert inner.get("OBJID") == "rep1"
    hrefs = {
        str(each.getparent().get("ID")): str(each.get(f"{XLINK}href"))  # type: ignore[union-attr]
        for each in inner.iter(f"{METS}mdRef", f"{METS}FLocat")
    }
    links = [div for div in inner.iter(f"{METS}div") if div.get("LABEL") == "MetadataLink/File"]
    pairs = [(hrefs[str(div.get("DMDID"))], hrefs[str(div[0].get("FILEID"))]) for div in links]
    assert pairs == [
        (f"metadata/descriptive/EAD_DOC_{CODE}.{number}.xml", f"data/{CODE}.{number}.pdf") for number in (1, 2)
    ]


def test_a_sip_has_no_preservation_metadata_and_an_aip_has_both() -> None:
    assert not [path for path in sip_hoso_files() if "preservation" in path]
    assert {path for path in aip_hoso_files() if "preservation" in path} == {
        "metadata/preservation/PREMIS.xml",
        "representations/rep1/metadata/preservation/PREMIS_rep1.xml",
    }
    for path in ("METS.xml", "representations/rep1/METS.xml"):
        sections = list(etree.fromstring(sip_hoso_files()[path]).iter(f"{METS}amdSec"))
        assert [len(section) for section in sections] == [0]


@pytest.mark.parametrize("kind", MAKERS)
def test_texts_of_strangers_leave_every_file_valid_and_are_kept_where_xml_can_hold_them(
    kind: str, tmp_path: Path
) -> None:
    long = (HOSTILE * 30)[:1000]
    assert len(long) == 1000
    dossier = DOSSIER.model_copy(update={"title": long, "note": HOSTILE * 60, "keywords": HOSTILE * 3})
    documents = tuple(each.model_copy(update={"title": long, "issuer": HOSTILE}) for each in DOCUMENTS)
    files = circular_files(kind, with_texts(dossier, documents))  # type: ignore[arg-type]
    demand_valid(files, tmp_path)
    described = told(files["metadata/descriptive/EAD.xml"])
    assert described["title"] == re.sub("[\x00\x0b\x1b\ud800\ufffe]", "\ufffd", long)
    assert "𠀡𪜀" in described["title"]
    assert "\u202e" in described["title"]
    assert (len(described["description"]), described["description"][-1]) == (2000, "…")
    document = next(told(body) for path, body in files.items() if "EAD_" in path.rpartition("/")[2][:4])
    assert (len(document["subject"]), document["subject"][-1]) == (500, "…")
    assert document["description"].startswith("Rút gọn cho vừa trường: trích yếu"), "what was cut is told"
    folder = write_folder(files, tmp_path / folder_name(AIP if kind == "AIP" else SIP))
    assert verify_package(folder) == []


def test_words_that_fit_are_whole_and_nothing_is_told_of_them() -> None:
    documents = tuple(each.model_copy(update={"title": "x" * 500, "note": "bản chính"}) for each in DOCUMENTS)
    files = circular_files("SIP", with_texts(DOSSIER, documents))
    document = next(told(body) for path, body in files.items() if "EAD_DOC_" in path)
    assert (document["subject"], document["description"]) == ("x" * 500, "bản chính")


def test_a_code_or_number_that_is_too_long_is_refused_and_never_cut() -> None:
    dossier = DOSSIER.model_copy(update={"file_code": "001.03.08.H30.81.2024.K4"})
    with pytest.raises(PackageMisdescribed, match="docId"):
        circular_files("SIP", with_texts(dossier, DOCUMENTS))
    assert circular_files("AIP", with_texts(dossier, DOCUMENTS)), "an AIP has no docId"
    assert has_room("H49.64.33.2001.160", 999_999)
    assert not has_room("H" * LONGEST_DOCUMENT_ID, 1)
    assert not has_room("H" * (LONGEST_DOCUMENT_ID - 2), 10)


# What no package of the circular can keep, each with its reason; everything else is kept.
NO_DOCUMENTATION = {"CSIP60", "CSIP95"}  # documentation/ is optional in the circular, and its one sample has none
LABELS = {"CSIP103", "CSIP114"}  # demand "Representations"; the circular's label and USE are "Representations/rep1"
SIP_RULES = {
    "SIP2",  # demands E-ARK's SIP profile; the circular names that of CSIP
    "SIP14",  # demands a NOTETYPE without namespace, which the schema of METS forbids
}


def test_rules_of_eark_2_0_4_that_the_circulars_packages_do_not_keep_are_these() -> None:
    assert failed_rules(aip_hoso_files()["METS.xml"], "CSIP") == NO_DOCUMENTATION | LABELS
    assert failed_rules(sip_hoso_files()["METS.xml"], "CSIP", "SIP") == NO_DOCUMENTATION | LABELS | SIP_RULES


def test_rules_of_eark_2_0_4_that_our_csip_packages_do_not_keep_are_these() -> None:
    assert failed_rules(masters_files()["METS.xml"], "CSIP") == LABELS
    assert failed_rules(sip_files()["METS.xml"], "CSIP", "SIP") == LABELS | {"SIP14"}
    assert failed_rules(aip_files()["METS.xml"], "CSIP") >= {"CSIP103"}, "it holds no representation"


def test_the_rules_would_notice() -> None:
    broken = sip_hoso_files()["METS.xml"].replace(b'NOTETYPE="SOFTWARE VERSION"', b'NOTETYPE="IDENTIFICATIONCODE"')
    assert "CSIP16" in failed_rules(broken, "CSIP")


def test_profiles_are_data_with_a_version_and_a_source() -> None:
    names = sorted(path.name.removesuffix(".toml") for path in FOLDER.iterdir() if path.name.endswith(".toml"))
    assert names == ["csip-2.1", "csip-2.2", "tt05-2025"]
    for name in names:
        profile = profile_named(name)
        assert (profile.name, bool(profile.version), bool(profile.source)) == (name, True, True)
    for unknown in ("tt05", "../codes", ""):
        with pytest.raises(ProfileUnknown):
            profile_named(unknown)


def test_the_same_values_give_the_same_bytes_in_another_process() -> None:
    program = (
        "from hashlib import sha256; from tests.sample_package import aip_hoso_files, sip_hoso_files\n"
        "files = aip_hoso_files() | {f'sip/{path}': body for path, body in sip_hoso_files().items()}\n"
        "print(sha256(b''.join(path.encode() + body for path, body in sorted(files.items()))).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[2],
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_an_aip_names_its_masters_and_a_sip_names_no_package() -> None:
    assert MASTERS in aip_hoso_files()["METS.xml"].decode()
    assert MASTERS in aip_hoso_files()["metadata/preservation/PREMIS.xml"].decode()
    assert MASTERS not in sip_hoso_files()["METS.xml"].decode()


@given(st.text(max_size=30))
def test_a_description_is_the_bytes_that_a_library_for_xml_writes(text: str) -> None:
    form = form_of("SIP", "tt05-2025")
    dossier = DossierContent(FONDS, DOSSIER.model_copy(update={"title": text}), (), content().pages)
    body = dossier_simpledc(form, dossier, 2)
    root = etree.Element("simpledc")
    for each in etree.fromstring(body):
        etree.SubElement(root, str(each.tag)).text = xml_text(text) if each.tag == "title" else each.text or ""
    out = BytesIO()
    etree.ElementTree(root).write(out, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    assert body == out.getvalue()
