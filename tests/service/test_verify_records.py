"""The check of packages finds a METS or a dossier record that says too little, too much, or another story."""

import re
from pathlib import Path

import pytest

from shared.eark.seal import LENGTH, sealed
from tests.sample_package import AIP, SIP, aip_files, sip_files
from tests.service.packages_on_disk import DOSSIER, INNER, codes, found, in_folder, replaced, rewritten


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'href="metadata/descriptive/EAD.xml"', b'href="../../../etc/passwd"', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href="%2e%2e/%2e%2e/etc/passwd"', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href="/etc/passwd"', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href="file:///etc/passwd"', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href="http://127.0.0.1/x"', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href="a\\b"', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href=""', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href="metadata/descriptive/dossier.json"', "listed_twice"),
        (b'CHECKSUMTYPE="SHA-256"', b'CHECKSUMTYPE="MD5"', "listing_incomplete"),
        (b" CHECKSUM=", b" X=", "listing_incomplete"),
        (b" SIZE=", b" X=", "listing_incomplete"),
        (b' SIZE="', b' SIZE="-', "listing_incomplete"),
        (b' SIZE="', b' SIZE="' + b"9" * 5000, "listing_incomplete"),
        (b' MIMETYPE="application/json"', b' MIMETYPE="image/jpeg"', "media_type_implausible"),
        (b' MIMETYPE="application/json"', b' MIMETYPE=""', "listing_incomplete"),
        (b'OBJID="uuid-', b'OBJID="uuid+', "folder_name_wrong"),
        (f'OBJID="{SIP}"'.encode(), b'OBJID=""', "mets_incomplete"),
        (b'OAISPACKAGETYPE="SIP"', b'OAISPACKAGETYPE="XIP"', "mets_incomplete"),
        (b'<mptr LOCTYPE="URL"', b'<mptr LOCTYPE="URN"', "representation_unlinked"),
        (
            b'<mptr LOCTYPE="URL" xlink:type="simple" xlink:href="representations/rep1/',
            b'<mptr LOCTYPE="URL" xlink:href="',
            "representation_unlinked",
        ),
    ],
)
def test_a_mets_that_says_too_little_or_too_much_is_found(old: bytes, new: bytes, code: str, tmp_path: Path) -> None:
    assert code in codes(in_folder(tmp_path, rewritten(sip_files(), old, new)))


def test_a_representation_mets_must_say_what_it_is(tmp_path: Path) -> None:
    files = rewritten(sip_files(), b' OBJID="rep1"', b"", INNER)
    assert found(in_folder(tmp_path, files)) == {("mets_incomplete", INNER)}


def test_a_mets_without_its_seal_is_found(tmp_path: Path) -> None:
    files = sip_files()
    assert codes(in_folder(tmp_path, {**files, "METS.xml": files["METS.xml"][:-LENGTH]})) == {"seal_broken"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'"number": 5', b'"number": 4', "dossier_disagrees"),
        (b'"sha256": "', b'"sha256": "0', "dossier_disagrees"),
        (b'data/0001.jpg"', b'data/0007.jpg"', "dossier_disagrees"),
        (b'"media_type": "image/jpeg"', b'"media_type": "image/png"', "dossier_disagrees"),
        ("không đọc được".encode(), b"", "ok"),
        ("Trang rách, không đọc được".encode(), b" ", "dossier_disagrees"),
        (b'"package_type": "SIP"', b'"package_type": "AIP"', "dossier_disagrees"),
        (b'"pages_held_by": "uuid-', b'"pages_held_by": "urn:', "dossier_disagrees"),
        (b'"number": 5', b'"number": "5"', "dossier_unreadable"),
        (b'"pages":', b'"pagez":', "dossier_unreadable"),
        (b"{", b"[" * 100_000, "dossier_unreadable"),
        (b"{", b"\xff", "dossier_unreadable"),
        (b'"size": ', b'"size": ' + b"9" * 5000, "dossier_unreadable"),
    ],
)
def test_a_dossier_record_that_tells_another_story_is_found(old: bytes, new: bytes, code: str, tmp_path: Path) -> None:
    body = sip_files()[DOSSIER]
    assert old in body
    files = replaced(sip_files(), DOSSIER, body.replace(old, new, 1))
    expected = set() if code == "ok" else {(code, DOSSIER)}
    assert found(in_folder(tmp_path, files)) == expected


def test_a_page_that_is_listed_but_not_recorded_is_found(tmp_path: Path) -> None:
    files = sip_files()
    extra = "representations/rep1/data/0006.jpg"
    block = re.search(rb"<file [^>]*>\s*<FLocat [^>]*0005\.jpg[^>]*></FLocat>\s*</file>\s*", files[INNER])
    assert block is not None
    more = block[0].replace(b"0005", b"0006")
    files = rewritten(files | {extra: files["representations/rep1/data/0005.jpg"]}, block[0], block[0] + more, INNER)
    assert found(in_folder(tmp_path, files)) == {("dossier_disagrees", DOSSIER)}


def test_a_record_that_leaves_its_pages_to_a_package_nobody_names_is_found(tmp_path: Path) -> None:
    body = aip_files()[DOSSIER].replace(b'"pages_held_by": "urn:P623', b'"pages_held_by": "urn:P624')
    assert found(in_folder(tmp_path, replaced(aip_files(), DOSSIER, body), AIP)) == {("dossier_disagrees", DOSSIER)}


def test_a_package_without_its_dossier_record_is_found(tmp_path: Path) -> None:
    files = aip_files()
    del files[DOSSIER]
    files["METS.xml"] = sealed(
        re.sub(rb"<dmdSec .*?</dmdSec>\n", b"", files["METS.xml"][:-LENGTH], count=1, flags=re.S)
    )
    assert found(in_folder(tmp_path, files, AIP)) == {("dossier_missing", DOSSIER)}
