"""The check of packages reads XML with distrust: nothing expands, nothing is fetched, nothing takes for ever."""

import time
from pathlib import Path

import pytest

from shared.eark import mets_reader
from tests.sample_package import sip_files
from tests.service.packages_on_disk import INNER, found, in_folder, replaced, rewritten

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
HOSTILE_XML = {
    "billion laughs": f'<!DOCTYPE mets [{LAUGHS}]><mets xmlns="http://www.loc.gov/METS/" OBJID="&l11;">&l11;</mets>',
    "quadratic": f'<!DOCTYPE mets [<!ENTITY a "{"a" * 100_000}">]><mets OBJID="x">{"&a;" * 20_000}</mets>',
    "external": '<!DOCTYPE mets [<!ENTITY f SYSTEM "file:///etc/passwd">]><mets OBJID="x">&f;</mets>',
    "dtd": '<!DOCTYPE mets SYSTEM "http://127.0.0.1:9/x.dtd"><mets OBJID="x"/>',
    "parameter": '<!DOCTYPE m [<!ENTITY % p SYSTEM "file:///dev/zero"> %p;]><m/>',
    "deep": "<a>" * 100_000,
    "long": f'<mets xmlns="http://www.loc.gov/METS/" OBJID="{"x" * 12_000_000}"/>',
    "other root": "<html/>",
    "open": '<mets xmlns="http://www.loc.gov/METS/" OBJID="x">',
    "two roots": '<mets xmlns="http://www.loc.gov/METS/" OBJID="x"/><mets/>',
    "nothing": "",
    "control": '<mets xmlns="http://www.loc.gov/METS/" OBJID="x">\0</mets>',
    "encoding": '<?xml version="1.0" encoding="no-such"?><mets xmlns="http://www.loc.gov/METS/" OBJID="x"/>',
}


@pytest.mark.parametrize("trick", HOSTILE_XML)
def test_hostile_xml_is_refused_at_once_and_never_expands(trick: str, tmp_path: Path) -> None:
    folder = in_folder(tmp_path, {**sip_files(), "METS.xml": HOSTILE_XML[trick].encode()})
    begun = time.process_time()
    assert ("mets_unreadable", "METS.xml") in found(folder)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7"])
def test_a_document_type_in_another_encoding_is_refused_all_the_same(encoding: str, tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + HOSTILE_XML["billion laughs"]
    body = (
        text.encode("utf-16")
        if encoding == "utf-16"
        else b'<?xml version="1.0" encoding="utf-7"?>' + text.partition("?>")[2].encode("utf-7")
    )
    assert found(in_folder(tmp_path, {**sip_files(), "METS.xml": body})) == {("mets_unreadable", "METS.xml")}


def test_even_a_harmless_document_type_is_refused(tmp_path: Path) -> None:
    files = rewritten(sip_files(), b"<mets ", b'<!DOCTYPE mets SYSTEM "http://127.0.0.1:9/x.dtd"><mets ')
    assert found(in_folder(tmp_path, files)) == {("mets_unreadable", "METS.xml")}


def test_a_representation_mets_is_read_with_the_same_distrust(tmp_path: Path) -> None:
    files = replaced(sip_files(), INNER, HOSTILE_XML["billion laughs"].encode())
    assert found(in_folder(tmp_path, files)) == {("mets_unreadable", INNER)}


def test_a_mets_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mets_reader, "LARGEST", 1000)
    assert found(in_folder(tmp_path, sip_files())) == {("too_many_files", "METS.xml")}
