"""Files that are no inventories, or mean harm: refused by name, quickly, and the service lives on."""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Callable, Mapping
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, catalog_desk, workbook
from tests.service.conftest import in_one_mode

pytestmark = in_one_mode

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NAMES = '<row r="2"><c t="inlineStr"><is><t>fileCode</t></is></c></row>'
BOMB = f'<worksheet xmlns="{NAMESPACE}"><sheetData><row r="1">{{}}</row></sheetData></worksheet>'


def repacked(changes: Mapping[str, bytes | None], *further: tuple[str, bytes]) -> bytes:
    """Give a right workbook with some parts replaced, left out or added."""
    written = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(workbook([RIGHT]))) as right,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in right.namelist():
            content = changes.get(name, right.read(name))
            if content is not None:
                made.writestr(name, content)
        for name, content in further:
            made.writestr(name, content)
    return written.getvalue()


def sheet_of(content: str, prolog: str = "") -> bytes:
    """Give a right workbook whose first sheet is something else."""
    return repacked({SHEET: f"{prolog}{content}".encode()})


def lied_about(size: int) -> bytes:
    """Give a workbook whose directory tells another size of the sheet than there is."""
    content = bytearray(workbook([RIGHT]))
    at = content.rindex(SHEET.encode()) - 46
    content[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(content)


def hidden() -> bytes:
    """Give a workbook whose first sheet nobody sees."""
    book = Workbook()
    assert book.active is not None
    book.active.sheet_state = "hidden"
    book.create_sheet("visible")
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def locked_entry() -> bytes:
    """Give a workbook whose first part claims to be encrypted."""
    content = bytearray(workbook([RIGHT]))
    content[6] |= 1
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def bomb() -> bytes:
    """Give a workbook that unpacks to more than 512 MiB."""
    written = BytesIO(workbook([RIGHT]))
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as made, made.open("xl/media/bomb.bin", "w") as part:
        for _ in range(513):
            part.write(b"\0" * (1 << 20))
    return written.getvalue()


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "damaged"),
    "text": (lambda: "Kính gửi: Sở Nội vụ\n".encode(), "damaged"),
    "half_a_quote": (lambda: b'fileCode,title,numberOfPage\n1,"2,3\n', "damaged"),
    "endless_cell": (lambda: b'fileCode,title,numberOfPage\n1,"' + b"x" * 70_000 + b'",3\n', "damaged"),
    "endless_line": (lambda: b"fileCode,title,numberOfPage\n" + b"," * (2 << 20), "too_much"),
    "half_of_utf_16": (lambda: "fileCode,title,numberOfPage\nA,B,3\n".encode("utf-16")[:-1], "encoding"),
    "nul_in_csv": (lambda: b"fileCode,title,numberOfPage\n1,\0,3\n", "damaged"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "damaged"),
    "old_excel": (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 1000, "old_or_locked"),
    "encrypted_entry": (locked_entry, "old_or_locked"),
    "truncated": (lambda: workbook([RIGHT])[:-200], "damaged"),
    "flipped": (lambda: workbook([RIGHT]).replace(b"PK\x03\x04", b"PK\x03\x05"), "damaged"),
    "zip_of_text": (lambda: repacked({"[Content_Types].xml": None}), "damaged"),
    "no_sheet": (lambda: repacked({SHEET: None}), "damaged"),
    "broken_xml": (lambda: sheet_of("<worksheet>"), "damaged"),
    "size_lie": (lambda: lied_about(1 << 31), "too_much"),
    "smaller_lie": (lambda: lied_about(100), "damaged"),
    "macros": (lambda: repacked({}, ("xl/vbaProject.bin", b"\0" * 100)), "macros"),
    "hidden": (hidden, "hidden"),
    "entities": (lambda: sheet_of(BOMB.format(NAMES), ENTITIES), "dangerous"),
    "outside_entity": (lambda: sheet_of(BOMB.format(NAMES), OUTSIDE), "dangerous"),
    "foreign_encoding": (lambda: sheet_of(BOMB.format(NAMES), '<?xml version="1.0" encoding="cp037"?>'), "dangerous"),
    "utf_16": (lambda: repacked({SHEET: BOMB.format(NAMES).encode("utf-16")}), "dangerous"),
    "disguised_utf_16": (lambda: repacked({}, ("xl/a.png", BOMB.format(NAMES).encode("utf-16"))), "dangerous"),
    "one_row_of_cells": (lambda: sheet_of(BOMB.format("<c/>" * 2_000_000)), "too_much"),
    "rows_without_end": (lambda: sheet_of(BOMB.format("</row>" + "<row/>" * 1_200_000 + "<row>")), "too_much"),
    "many_strings": (lambda: repacked({}, ("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 7_000_000)), "too_much"),
    "many_styles": (lambda: repacked({"xl/styles.xml": b"<styleSheet>" + b"<xf/>" * 600_000}), "too_much"),
    "many_entries": (lambda: repacked({}, *((f"xl/media/{n}", b"") for n in range(2001))), "too_much"),
    "zip_bomb": (bomb, "too_much"),
}  # fmt: skip


STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def rewritten(changes: Mapping[bytes, bytes]) -> bytes:
    """Give a workbook of two rows with other words in its parts."""
    written = BytesIO()
    content = BytesIO(workbook([RIGHT, {**RIGHT, "fileCode": "B"}]))
    with zipfile.ZipFile(content) as right, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name in right.namelist():
            part = right.read(name)
            for old, new in changes.items():
                part = part.replace(old, new)
            made.writestr(name, part)
    return written.getvalue()


async def test_a_workbook_that_would_lose_a_row_or_is_strict_is_refused_and_says_what_to_do(ground: Ground) -> None:
    unclear = [rewritten({b'<row r="4"': b'<row r="%d"' % number}) for number in (3, 2)]
    async with catalog_desk(ground) as desk:
        answers = [await desk.send(each) for each in (*unclear, rewritten(STRICT))]
        known = await desk.counts()
    assert [(each.status_code, each.json()["code"], each.json()["reason"]) for each in answers] == [
        (422, "catalog.workbook_rows_unclear", "rows_unclear"),
        (422, "catalog.workbook_rows_unclear", "rows_unclear"),
        (422, "catalog.workbook_strict", "strict"),
    ]
    assert "Save As" in answers[-1].json()["title"]
    assert known == (0, 0, 0)


async def test_a_file_that_is_no_inventory_is_refused_by_name(ground: Ground) -> None:
    titles: set[tuple[str, str]] = set()
    async with catalog_desk(ground) as desk:
        for name, (made, reason) in FILES.items():
            answer = await desk.send(made())
            assert (answer.status_code, answer.json().get("code")) == (422, "catalog.workbook_unreadable"), name
            assert answer.json()["reason"] == reason, name
            titles.add((reason, answer.json()["title"]))
        assert await desk.counts() == (0, 0, 0)
        assert (await desk.import_rows(RIGHT)).json()["created"] == 1
    assert len({title for _, title in titles}) == len(titles), "each reason is told in words of its own"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="1048576"><c r="ZZZ1048576"><v>1</v></c></row>',
        "".join(f'<row r="{number}" spans="1:3" ht="15"/>' for number in range(3, 300_000)),
    ],
    ids=["row 99999999999", "beyond the last row", "a million empty rows", "rows that are only formatted"],
)
async def test_far_away_rows_do_not_keep_us(ground: Ground, rows: str) -> None:
    names = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("fileCode", "title", "numberOfPage"))
    sheet = f'<worksheet xmlns="{NAMESPACE}"><sheetData><row r="2">{names}</row>{rows}</sheetData></worksheet>'
    async with catalog_desk(ground) as desk:
        async with asyncio.timeout(20):
            answer = await desk.send(sheet_of(sheet))
    assert (answer.json()["state"], answer.json()["rows"]) == ("done", 0)


async def test_a_formula_is_read_as_its_value(ground: Ground) -> None:
    names = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("fileCode", "title", "numberOfPage"))
    cells = '<c t="str"><f>A1&amp;"x"</f><v>H1</v></c><c t="str"><f>HYPERLINK("http://x")</f><v>Đê</v></c>'
    row = f'<row r="3">{cells}<c><f>6*2</f><v>12</v></c></row>'
    sheet = f'<worksheet xmlns="{NAMESPACE}"><sheetData><row r="2">{names}</row>{row}</sheetData></worksheet>'
    async with catalog_desk(ground) as desk:
        assert (await desk.send(sheet_of(sheet))).json()["state"] == "done"
        read = (await desk.auditor.get("/catalog/dossiers")).json()["items"][0]
    assert (read["file_code"], read["title"], read["page_count"]) == ("H1", "Đê", 12)


async def test_merged_cells_tell_only_what_their_first_cell_tells(ground: Ground) -> None:
    book = load_workbook(BytesIO(workbook([RIGHT, {**RIGHT, "fileCode": "B"}], ("fileCode", "title", "numberOfPage"))))
    book.worksheets[0].merge_cells("B3:B4")
    written = BytesIO()
    book.save(written)
    async with catalog_desk(ground) as desk:
        told = (await desk.send(written.getvalue())).json()
    assert [(each["row"], each["code"]) for each in told["errors"]] == [(4, "title_merged")]


async def test_a_workbook_larger_than_allowed_is_cut_off(ground: Ground) -> None:
    taken = 0

    async def long() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(100):
            taken += 1
            yield b"x" * 1000

    async with catalog_desk(ground, catalog_largest_workbook=3000) as desk:
        answer = await desk.send(long())
    assert (answer.status_code, answer.json()["code"], taken) == (413, "too_large", 4)


async def test_a_workbook_that_stops_coming_is_given_up(ground: Ground) -> None:
    async def halting() -> AsyncIterator[bytes]:
        yield b"PK"
        await asyncio.sleep(60)

    async with catalog_desk(ground, catalog_slowest_seconds=0.05) as desk:
        answer = await desk.send(halting())
    assert (answer.status_code, answer.json()["code"]) == (408, "too_slow")
