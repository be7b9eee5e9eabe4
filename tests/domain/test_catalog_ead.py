"""A dossier that is written in EAD 2002 or EAD3 is read as it was; hostile XML is refused with a stable reason."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from services.catalog.domain import codes, ead
from services.catalog.domain.columns import DOSSIERS
from services.catalog.domain.description import Description
from services.catalog.domain.import_errors import WorkbookUnreadable
from services.catalog.domain.text import tidied, tidied_lines
from services.catalog.domain.workbook_row import Level, ReadRow, read_row
from services.catalog.files.ead_file import is_ead, opened_ead
from services.catalog.files.ead_holding import Holding
from services.catalog.files.ead_writer import EAD_3, EAD_2002, Form, finding_aid

HOLDING = Holding("P01", "Ủy ban hành chính", "fonds", "H49")
LETTERS = st.sampled_from("abcdxyzABC0123456789 \t+-=@'\"_;:,.()[]/\\<&>]]&#ạảấầẩẫậđơưƠƯ\n\u2028\ufffe")
LINE = st.text(LETTERS, max_size=30).map(lambda text: tidied(text.replace("\ufffe", "\ufffd")))
LINES = st.text(LETTERS, max_size=40).map(lambda text: tidied_lines(text.replace("\ufffe", "\ufffd")))
CARRIED = st.fixed_dictionaries(
    {
        "file_code": LINE.filter(bool),
        "title": LINE.filter(bool),
        "page_count": st.integers(1, 99_999),
        "sheet_count": st.none() | st.integers(1, 99),
        "document_count": st.none() | st.integers(1, 99),
        "access_level": st.sampled_from(["01", "02"]),
        "languages": st.lists(st.sampled_from(sorted(codes.LANGUAGE)), unique=True, max_size=3).map(tuple),
        "starts_on": st.sampled_from([None, "1954", "1954-03", "1954-03-02"]),
        "ends_on": st.sampled_from([None, "1955", "1956-12", "1956-12-31"]),
        "keywords": LINE,
        "physical_condition": st.sampled_from([None, *codes.PHYSICAL_CONDITION]),
        "note": LINES,
        "box": LINE,
        "shelf": LINE,
    }
)


def written(form: Form, *dossiers: Description, series: str = "") -> bytes:
    """Write a finding aid of dossiers."""
    file = BytesIO()
    with finding_aid(file, form, HOLDING, is_empty=not dossiers) as aid:
        if series:
            with aid.series(series, "Đê điều"):
                aid.add(dossiers)
        else:
            aid.add(dossiers)
    return file.getvalue()


def read(content: bytes, level: Level = "dossiers") -> list[ReadRow]:
    """Read the rows of a level."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "aid.xml"
        path.write_bytes(content)
        assert is_ead(content[:256])
        with opened_ead(path, level) as sheet:
            heads = sheet.heads
            return [
                read_row(number, heads.columns, {name: cells[place] for place, name in heads.names.items()})
                for number, cells in sheet.rows
            ]


@pytest.mark.parametrize("form", [EAD_2002, EAD_3], ids=["ead2002", "ead3"])
@settings(max_examples=150, deadline=None)
@given(told=CARRIED, series=LINE)
def test_what_is_written_is_read_as_it_was(form: Form, told: dict[str, object], series: str) -> None:
    description = Description(**told)  # type: ignore[arg-type] # each field has its own strategy
    rows = read(written(form, description, series=series))
    assert [(row.errors, row.notices) for row in rows] == [((), ())]
    assert dict(rows[0].values) == {**told, "series_code": series or None}


def test_every_column_that_is_told_has_its_element() -> None:
    assert set(ead.ELEMENTS) <= DOSSIERS.readers.keys()
    assert {DOSSIERS.readers[name][0] for name in ead.ELEMENTS} >= {"series_code", "box", "access_level"}


@pytest.mark.parametrize(
    ("form", "kind", "shape"),
    [
        (EAD_2002, "fonds", "archdesc[@level='fonds']/dsc/c01[@level='series']/c02[@level='file']"),
        (EAD_2002, "fonds", "archdesc/dsc/c01/c02/did/unitdate[@normal='1954/1955']"),
        (EAD_2002, "fonds", "archdesc/dsc/c01/c02/did/physdesc/extent[@unit='pages'][.='12']"),
        (EAD_2002, "fonds", "eadheader/eadid[.='P01']"),
        (EAD_2002, "fonds", "archdesc/dsc/c01/c02/accessrestrict/p[.='Công khai']"),
        (EAD_3, "fonds", "archdesc/dsc/c[@level='series']/c[@level='file']/did/unitdatestructured/daterange/todate"),
        (EAD_3, "fonds", "archdesc/dsc/c/c/did/physdescstructured[quantity='12'][unittype='pages']"),
        (EAD_3, "collection", "archdesc[@level='collection']"),
        (EAD_3, "work", "archdesc[@level='otherlevel'][@otherlevel='work']"),
        (EAD_3, "fonds", "control/maintenanceagency/agencyname[.='H49']"),
    ],
)  # fmt: skip
def test_the_shape_is_that_of_ead(form: Form, kind: str, shape: str) -> None:
    file = BytesIO()
    with finding_aid(file, form, Holding("P01", "x", kind, "H49"), is_empty=False) as aid, aid.series("I", "y"):
        aid.add([Description("H1", "z", 12, starts_on="1954", ends_on="1955")])
    root = etree.fromstring(file.getvalue())
    for element in root.iter():
        assert element.tag.startswith(f"{{{form.namespace}}}")
        element.tag = etree.QName(element).localname
    assert root.xpath(f"count({shape})") == 1


FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<ead><eadheader><eadid>x</eadid></eadheader><archdesc level="fonds">
 <did><unitid>P9</unitid><unittitle>Sở <emph>Thủy lợi</emph></unittitle>
  <repository><corpname>H49</corpname></repository></did>
 <dsc><c01 level="series"><did><unitid>I</unitid><unittitle>Đê</unittitle></did>
  <c02 level="subseries"><did><unitid>I.1</unitid><unittitle>Kè</unittitle></did>
   <c03 level="file"><did><unitid type="call">1</unitid><unitid>cũ</unitid>
     <unittitle>Hộ <emph>đê</emph> <unitdate type="bulk">1900</unitdate></unittitle>
     <unitdate normal="19540302/1955">2 mars 1954</unitdate>
     <physdesc><extent>24 pages</extent><extent>2 boxes</extent></physdesc>
     <langmaterial>Tiếng <language langcode="fra"/></langmaterial></did>
     <scopecontent><head>Nội dung</head><p>một</p><p>hai</p></scopecontent>
     <relatedmaterial><p>x</p></relatedmaterial><controlaccess><geogname>Huế</geogname><subject>đê</subject></controlaccess>
     <c04 level="item"><did><unitid>1.1</unitid><unittitle>Công văn</unittitle></did></c04></c03>
   <c03 level="file"><did><unitid>2</unitid><unittitle>Sổ</unittitle><unitdate>1954-1957</unitdate>
     <physdesc><extent>3 trang</extent></physdesc></did><accessrestrict><p>Hỏi giám đốc</p></accessrestrict></c03>
  </c02></c01></dsc></archdesc></ead>"""  # fmt: skip


def test_a_finding_aid_of_others_is_read_and_what_is_not_understood_is_told() -> None:
    first, second = read(FOREIGN.encode())
    assert {name: first.values[name] for name in ("file_code", "title", "starts_on", "ends_on", "page_count")} == {
        "file_code": "1", "title": "Hộ đê 1900", "starts_on": "1954-03-02", "ends_on": "1955", "page_count": 24
    }  # fmt: skip
    assert (first.values["languages"], first.values["series_code"], first.values["note"]) == (
        ("03",),
        "I.1",
        "một\nhai",
    )
    assert first.values["keywords"] == "Huế; đê"
    assert (second.values["starts_on"], second.values["ends_on"]) == ("1954", "1957")
    assert [notice.code for notice in second.notices] == ["starts_on_read_period"]
    assert second.values["access_level"] not in codes.ACCESS_LEVEL, "it is found wrong, and kept as what may be secret"
    assert [dict(row.values) for row in read(FOREIGN.encode(), "series")] == [
        {"code": "P9", "series_code": "I.1", "title": "Kè"}, {"code": "P9", "series_code": "I", "title": "Đê"}
    ]  # fmt: skip
    assert [row.values["title"] for row in read(FOREIGN.encode(), "fonds")] == ["Sở Thủy lợi"]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DECLARED = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE ead [<!ENTITY x "y">]><ead>&x;</ead>'
HOSTILE = {
    "laughs": (f'<!DOCTYPE ead [<!ENTITY l0 "ha">{LAUGHS}]><ead>&l9;</ead>'.encode(), "dangerous"),
    "file": (b'<!DOCTYPE ead [<!ENTITY x SYSTEM "file:///etc/passwd">]><ead>&x;</ead>', "dangerous"),
    "dtd": (b'<!DOCTYPE ead SYSTEM "http://127.0.0.1:9/ead.dtd"><ead/>', "dangerous"),
    "utf_16": (DECLARED.encode("utf-16"), "dangerous"),
    "deep": (b"<ead>" + b"<c>" * 100_000, "too_much"),
    "long": (b"<ead><archdesc><did><unittitle>" + b"x" * 100_000 + b"</unittitle></did></archdesc></ead>", "too_much"),
    "long_in_parts": (b"<ead><archdesc><scopecontent>" + b"<p>x</p>" * 100_000, "too_much"),
    "cut": (b"<ead><archdesc>", "damaged"),
    "other": (b"<html><body/></html>", "damaged"),
    "unknown_entity": (b"<ead><archdesc><did><unitid>&x;</unitid></did></archdesc></ead>", "damaged"),
    "nothing_closed": (b"<ead><a></b></ead>", "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused_with_a_stable_reason(name: str) -> None:
    content, reason = HOSTILE[name]
    with pytest.raises(WorkbookUnreadable) as refused:
        read(content)
    assert refused.value.facts == {"reason": reason}
