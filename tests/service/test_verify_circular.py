"""The check of packages reads the circular's descriptions: leniently in form, and finds what contradicts itself."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from shared.eark.names import folder_name
from shared.eark.seal import LENGTH, sealed
from shared.events.catalog import DocumentDescription
from tests.sample_package import AIP, DOSSIER, SIP, aip_hoso_files, circular_files, content, sip_hoso_files
from tests.service.packages_on_disk import INNER, Files, found, in_folder, in_zip, listing, replaced, rewritten
from tests.verifying import verified

EAD = "metadata/descriptive/EAD.xml"
CODE = DOSSIER.file_code
FIRST = f"representations/rep1/metadata/descriptive/EAD_DOC_{CODE}.1.xml"
DATA = f"representations/rep1/data/{CODE}.1.pdf"


def changed(path: str, old: bytes, new: bytes) -> Files:
    """Change a description and keep every listing of it true."""
    files = sip_hoso_files()
    assert old in files[path]
    return replaced(files, path, files[path].replace(old, new, 1))


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        (EAD, b"<totalDoc>2<", b"<totalDoc>1<", "description_disagrees"),
        (EAD, b"<totalDoc>2<", b"<totalDoc>3<", ""),
        (EAD, b"<numberOfPage>4<", b"<numberOfPage>5<", "description_disagrees"),
        (EAD, b"<startDate>03/1954<", b"<startDate>1954-03<", "description_disagrees"),
        (EAD, b"<riskRecoveryStatus>01<", b"<riskRecoveryStatus><", "description_disagrees"),
        (EAD, f"<fileCode>{CODE}<".encode(), b"<fileCode><", "description_disagrees"),
        (EAD, b"<simpledc>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><simpledc>", "description_unreadable"),
        (FIRST, b".0000001<", b".000001<", "description_disagrees"),
        (FIRST, b".0000001<", b".0000002<", ""),
        (FIRST, b"<docId>H49", b"<docId>H50", "description_disagrees"),
        (FIRST, b"</simpledc>", b"", "description_unreadable"),
        (FIRST, b"<docId>", b"<x xmlns='y'/><docId>", ""),
    ],
)
def test_a_description_that_contradicts_its_package_is_found(
    path: str, old: bytes, new: bytes, code: str, tmp_path: Path
) -> None:
    told = {each for each, _ in found(in_folder(tmp_path, changed(path, old, new)))}
    assert code in told if code else not told


@pytest.mark.parametrize("kind", ["AIP", "SIP"])
@pytest.mark.parametrize(("setting", "name"), [("{file_code}", CODE), ("{document}", f"{CODE}.1")])
def test_the_one_document_of_a_dossier_that_is_not_itemised_has_the_dossiers_name_and_older_ones_are_read(
    kind: Literal["AIP", "SIP"], setting: str, name: str, tmp_path: Path
) -> None:
    whole = DocumentDescription(number=1, title=DOSSIER.title, first_page=1, last_page=5)
    dossier = replace(content(), documents=(whole,))
    files = circular_files(kind, dossier, whole_document=setting)
    assert [path for path in files if "/data/" in path] == [f"representations/rep1/data/{name}.pdf"]
    described = f"representations/rep1/metadata/descriptive/EAD_{'DOC' if kind == 'SIP' else 'doc'}_{name}.xml"
    assert f".{'0' * 6}1<".encode() in files[described], "docCode keeps its number"
    assert (b"<docId>%s</docId>" % name.encode() in files[described]) == (kind == "SIP")
    objid = SIP if kind == "SIP" else AIP
    assert found(in_folder(tmp_path, files, objid)) == set()
    assert verified(in_folder(tmp_path, files, objid))[0] == 0
    if setting == "{file_code}":
        assert files == circular_files(kind, dossier), "that is the default"


def test_a_single_document_of_its_own_title_has_its_number() -> None:
    one = DocumentDescription(number=1, title="Quyết định số 15", first_page=1, last_page=5)
    assert DATA in circular_files("SIP", replace(content(), documents=(one,)))


def test_a_document_that_mets_does_not_tie_to_its_description_is_found(tmp_path: Path) -> None:
    files = rewritten(sip_hoso_files(), b'LABEL="MetadataLink/File"', b'LABEL="Other"', INNER)
    assert ("document_unlinked", DATA) in found(in_folder(tmp_path, files))


def test_a_sip_with_preservation_metadata_and_an_aip_without_are_found(tmp_path: Path) -> None:
    assert b'MDTYPE="PREMIS"' in aip_hoso_files()["METS.xml"]
    files = rewritten(aip_hoso_files(), b'MDTYPE="PREMIS"', b'MDTYPE="OTHER"')
    assert ("preservation_misplaced", "") in found(in_folder(tmp_path, files, AIP))
    files = rewritten(sip_hoso_files(), b'MDTYPE="DC"', b'MDTYPE="PREMIS"')
    assert ("preservation_misplaced", "") in found(in_folder(tmp_path, files))


@pytest.mark.parametrize("place", [in_folder, in_zip])
def test_digests_are_read_in_either_case(place: Callable[[Path, Files], Path], tmp_path: Path) -> None:
    files = sip_hoso_files()
    lower = re.sub(rb'CHECKSUM="(\w+)"', lambda each: b'CHECKSUM="' + each[1].lower() + b'"', files[INNER])
    files = replaced(files, INNER, sealed(lower[:-LENGTH]))
    assert found(place(tmp_path, files)) == set()


def test_names_of_descriptions_are_read_in_any_case_and_elements_in_any_order(tmp_path: Path) -> None:
    files = sip_hoso_files()
    other = FIRST.replace("EAD_DOC_", "ead_Doc_")
    lines = files[FIRST].splitlines(keepends=True)
    body = b"".join([*lines[:2], *reversed(lines[2:-1]), lines[-1]])
    files[other] = body
    del files[FIRST]
    files[INNER] = sealed(
        files[INNER][:-LENGTH].replace(b"EAD_DOC_" + CODE.encode() + b".1", b"ead_Doc_" + CODE.encode() + b".1")
    )
    files[INNER] = listing(files[INNER], other.removeprefix("representations/rep1/"), body)
    files["METS.xml"] = listing(files["METS.xml"], INNER, files[INNER])
    assert found(in_folder(tmp_path, files)) == set()


def test_a_package_of_another_program_needs_no_seal_but_ours_does(tmp_path: Path) -> None:
    def unsealed(name: bytes) -> Files:
        files = sip_hoso_files()
        inner = files[INNER][:-LENGTH]
        files["METS.xml"] = listing(files["METS.xml"], INNER, inner)
        root = files["METS.xml"][:-LENGTH].replace(b"<name>Saoluu<", name)
        return {**files, INNER: inner, "METS.xml": root}

    (tmp_path / "ours").mkdir()
    assert ("seal_broken", "METS.xml") in found(in_folder(tmp_path / "ours", unsealed(b"<name>Saoluu<")))
    other = found(in_folder(tmp_path, unsealed(b"<name>ArchiveNex<")))
    assert ("seal_broken", "METS.xml") not in other


def test_the_folder_of_an_aip_is_its_objid_without_colons(tmp_path: Path) -> None:
    assert folder_name(AIP).startswith("urn_P623_uuid_")
    assert found(in_zip(tmp_path, aip_hoso_files(), AIP)) == set()
    assert ("folder_name_wrong", "") in found(in_zip(tmp_path, sip_hoso_files(), f"{SIP}x"))
