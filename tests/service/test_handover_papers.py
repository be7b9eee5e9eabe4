"""The papers of a delivery: what they say, who gets them, and that they are the same whenever they are asked for."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlmodel import select

from services.handover.domain.state import DeliveryState, PackageState
from services.handover.models import Agreement, Delivery, Package, PreservedDossier
from services.handover.operations.delivering_again import gathered as as_gathered
from shared.auth.roles import Role
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set, in_one_mode
from tests.service.handover_office import RECEIVER, delivered, gathered, granted, sealed

LISTS = ("statistical-list.xlsx", "statistical-list.pdf", "dossier-list.xlsx", "dossier-list.pdf")
PAPERS = (*LISTS, "minutes.docx", "minutes.pdf")
OFFICE = {
    "office_agency": "Trung tâm Lưu trữ lịch sử",
    "office_superior": "Sở Nội vụ",
    "office_place": "Đồng Nai",
}
HOSTILE = '=HYPERLINK("http://x")'


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting", **OFFICE) as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


def place_of(delivery: object, paper: str) -> str:
    return f"/handover/deliveries/{delivery}/papers/{paper}"


def cells_of(workbook: bytes) -> list[list[Any]]:
    """Give the rows of a workbook that hold anything."""
    rows = load_workbook(BytesIO(workbook)).worksheets[0].iter_rows(values_only=True)
    return [list(row) for row in rows if any(cell is not None for cell in row)]


def named(part: int) -> dict[str, Any]:
    """Give the codes of a dossier."""
    return {"fonds_code": "P01", "file_code": f"H49.2001.{part:05d}"}


async def laid(system: Bench, titles: list[str], *, state: DeliveryState = DeliveryState.OPEN) -> UUID:
    """Lay a delivery of many small dossiers into the database, as building would have left it."""
    then = datetime(2026, 11, 25, 3, tzinfo=UTC)
    agreement = Agreement(
        receiver_id=RECEIVER, receiver_name="Cục", fonds_code="P01", agreed_on=date(2026, 11, 24), reference="01/TT"
    )
    ids: dict[str, Any] = {"agreement_id": agreement.id, "receiver_id": RECEIVER}
    delivery = Delivery(**ids, fonds_code="P01", number=1, state=state, created_at=then, opened_at=then)
    stored: dict[str, Any] = {
        "masters_objid": "m",
        "manifest_key": "k",
        "manifest_sha256": "0" * 64,
        "preserved_at": then,
    }
    dossiers = [
        PreservedDossier(**stored, **named(part), dossier_id=uuid4(), title=title, page_count=2, byte_count=3)
        for part, title in enumerate(titles, start=1)
    ]
    built: dict[str, Any] = {
        "delivery_id": delivery.id,
        "state": PackageState.OFFERED,
        "size": 1_000,
        "sha256": "ab" * 32,
    }
    packages = [
        Package(
            **built,
            **as_gathered(dossier),
            number=part,
            dossier_id=dossier.dossier_id,
            objid=f"uuid-{uuid4()}",
            page_count=2,
            layout="[]",
        )
        for part, dossier in enumerate(dossiers, start=1)
    ]
    async with system.services["handover"].context.database.writing() as uow:
        for rows in ([agreement], [delivery], dossiers, packages):
            uow.session.add_all(rows)
            await uow.session.flush()
    return delivery.id


async def test_the_papers_tell_what_is_delivered_and_are_the_same_bytes_again(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:3])
    package = await delivered(system)
    officer = system.caller(Role.HANDOVER_OFFICER)
    got: dict[str, bytes] = {}
    for paper in PAPERS:
        answer = await officer.get(place_of(package["delivery_id"], paper))
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-disposition"] == f'attachment; filename="0001-{paper}"'
        got[paper] = answer.content
    size = int(str(package["size"]))
    counted = cells_of(got["statistical-list.xlsx"])
    assert counted[5][:8] == [1, "P01", "Phông mẫu", 1, 1, 3, None, size], "what is not known stays empty"
    assert counted[6][:8] == [None, None, "Cộng", 1, 1, 3, None, size]
    listed = cells_of(got["dossier-list.xlsx"])
    told = [1, "H49.2001.001", "Hồ sơ mẫu", 1, 3, None, size, package["objid"], package["sha256"]]
    assert listed[5] == told
    assert "Thỏa thuận bàn giao số 01/TT ngày 24/11/2026" in [row[0] for row in listed]
    minutes = Document(BytesIO(got["minutes.docx"]))
    lines = [line.text for line in minutes.paragraphs]
    assert "Biên bản được lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản./." in lines
    assert "BÊN GIAO: Trung tâm Lưu trữ lịch sử" in lines
    assert "BÊN NHẬN: Cục" in lines
    head, figures, hands = minutes.tables
    assert [cell.text.strip() for cell in head.rows[0].cells] == [
        "SỞ NỘI VỤ\nTRUNG TÂM LƯU TRỮ LỊCH SỬ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
    ]
    assert [[cell.text for cell in row.cells] for row in figures.rows][3:5] == [
        ["3", "Trang tài liệu", "3", "Ba trang"],
        ["4", "Trang quy đổi A4", "chưa có số liệu", ""],
    ]
    assert [cell.text.partition("\n")[0] for cell in hands.rows[0].cells] == ["ĐẠI DIỆN BÊN NHẬN", "ĐẠI DIỆN BÊN GIAO"]
    await asyncio.sleep(2.1)  # the times in a ZIP count in two seconds
    for paper, content in got.items():
        assert (await officer.get(place_of(package["delivery_id"], paper))).content == content, paper


async def test_printed_papers_hold_their_faces_and_text_that_can_be_searched(system: Bench, tmp_path: Path) -> None:
    delivery = await laid(system, ["MẪU THỂ VỠ SỰ KỴ chẵn bộ"])
    officer = system.caller(Role.HANDOVER_OFFICER)
    for paper, expected in {
        "minutes.pdf": ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "lập thành 02 bản"),
        "dossier-list.pdf": ("DANH MỤC HỒ SƠ BÀN GIAO", "MẪU THỂ VỠ SỰ KỴ chẵn bộ"),
    }.items():
        place = tmp_path / paper
        place.write_bytes((await officer.get(place_of(delivery, paper))).content)
        assert b"CreationDate" in place.read_bytes()
        assert re.search(rb"/FontName/?\s*/[A-Z]{6}\+Tinos", place.read_bytes()), "the face is in the file"
        text = " ".join((await said_by("pdftotext", "-layout", place, "-")).split())
        for words in expected:
            assert words in text


async def said_by(*command: object) -> str:
    process = await asyncio.create_subprocess_exec(*map(str, command), stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode()


async def test_a_receiver_gets_the_papers_of_its_own_deliveries_only(system: Bench) -> None:
    delivery = await laid(system, ["Hồ sơ"])
    owner, stranger = (system.caller(Role.RECEIVER, account_id=each) for each in (RECEIVER, uuid4()))
    for paper in PAPERS:
        assert (await owner.get(place_of(delivery, paper))).status_code == 200
        hidden = await stranger.get(place_of(delivery, paper))
        assert (hidden.status_code, hidden.json()["code"]) == (404, "handover.delivery_unknown")
    assert (await system.caller(Role.AUDITOR).get(place_of(delivery, "minutes.docx"))).status_code == 200
    assert (await system.caller(Role.STATION).get(place_of(delivery, "minutes.docx"))).status_code == 403
    assert (await owner.get(place_of(delivery, "minutes.xlsx"))).status_code == 404


async def test_only_a_delivery_that_is_whole_and_stands_has_papers(system: Bench) -> None:
    officer = system.caller(Role.HANDOVER_OFFICER)
    building = await laid(system, ["Hồ sơ"], state=DeliveryState.BUILDING)
    early = await officer.get(place_of(building, "minutes.docx"))
    assert (early.status_code, early.json()["code"]) == (409, "handover.delivery_not_ready")
    given_up = await officer.post(f"/handover/deliveries/{building}/cancellation", json={"reason": "nhầm"})
    assert given_up.status_code == 200
    late = await officer.get(place_of(building, "minutes.docx"))
    assert (late.status_code, late.json()["code"]) == (409, "handover.delivery_cancelled")


async def test_a_delivery_has_its_papers_before_it_is_opened(system: Bench, made_pages: list[Path]) -> None:
    await sealed(system, made_pages[:1])
    officer, place = system.caller(Role.HANDOVER_OFFICER), place_of(await gathered(system), "statistical-list.xlsx")
    for _ in range(300):
        answer = await officer.get(place)
        if answer.status_code == 200:
            assert cells_of(answer.content)[6][3] == 1
            return
        await asyncio.sleep(0.1)
    pytest.fail("it does not become ready")


async def test_a_withdrawn_package_is_on_no_paper(system: Bench) -> None:
    delivery = await laid(system, ["Một", "Hai"], state=DeliveryState.READY)
    database = system.services["handover"].context.database
    async with database.writing() as uow:
        packages = await uow.session.exec(select(Package).where(Package.delivery_id == delivery))
        packages.all()[0].state = PackageState.WITHDRAWN
    officer = system.caller(Role.HANDOVER_OFFICER)
    listed = cells_of((await officer.get(place_of(delivery, "dossier-list.xlsx"))).content)
    assert len([row for row in listed if str(row[1]).startswith("H49")]) == 1
    assert listed[6][2:5] == ["Cộng", None, 2]


@in_one_mode
async def test_a_title_is_text_whatever_it_looks_like(system: Bench, tmp_path: Path) -> None:
    titles = [
        HOSTILE,
        "+1",
        "-1",
        "@SUM(A1)",
        '<&">',
        "#strong[x] $a$",
        "a\x01b\u202ec",
        "字𠀀" * 20,
        "dài " * 248 + "đến hết.",
    ]
    delivery = await laid(system, titles)
    officer = system.caller(Role.HANDOVER_OFFICER)
    workbook = (await officer.get(place_of(delivery, "dossier-list.xlsx"))).content
    listed = load_workbook(BytesIO(workbook)).worksheets[0]
    told = [row[2] for row in listed.iter_rows(min_row=7) if row[1].value and str(row[1].value).startswith("H49")]
    assert {cell.data_type for cell in told} == {"s"}
    assert [cell.value for cell in told] == [*titles[:6], "a\ufffdbc", titles[7], titles[8]]
    assert [cell.quotePrefix for cell in told] == [True] * 4 + [False] * 5
    with ZipFile(BytesIO(workbook)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    place = tmp_path / "list.pdf"
    place.write_bytes((await officer.get(place_of(delivery, "dossier-list.pdf"))).content)
    printed = (await said_by("pdftotext", "-layout", place, "-")).replace("\u200b", "")
    assert HOSTILE in printed
    assert "đến hết." in " ".join(printed.split()), "no end of a long title is lost below a page"


@in_one_mode
async def test_a_long_list_keeps_nobody_waiting(system: Bench) -> None:
    delivery = await laid(system, [f"Hồ sơ về việc số {number}" for number in range(2_000)])
    officer = system.caller(Role.HANDOVER_OFFICER)
    longest, is_done = 0.0, asyncio.Event()

    async def watch() -> None:
        nonlocal longest
        while not is_done.is_set():
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            longest = max(longest, time.perf_counter() - before)

    watching = asyncio.create_task(watch())
    began = time.perf_counter()
    for paper in LISTS[2:]:
        assert (await officer.get(place_of(delivery, paper))).status_code == 200
    took = time.perf_counter() - began
    is_done.set()
    await watching
    assert longest < took / 3


@in_one_mode
async def test_without_its_face_nothing_is_printed_in_another(at_work: Set, ground: Ground, tmp_path: Path) -> None:
    async with at_work("handover", office_fonts=str(tmp_path)) as bare:
        delivery = await laid(bare, ["Hồ sơ"])
        officer = bare.caller(Role.HANDOVER_OFFICER)
        refused = await officer.get(place_of(delivery, "minutes.pdf"))
        assert (refused.status_code, refused.json()["code"]) == (500, "font_missing")
        assert "fonts-croscore" in refused.json()["title"]
        assert (await officer.get(place_of(delivery, "minutes.docx"))).status_code == 200
