"""Papers of a yearly list: made by a job, the same bytes each time, and saying by which rule the list was gathered."""

import asyncio
from io import BytesIO
from typing import Any

import httpx
import pikepdf
import pytest
from docx import Document
from openpyxl import load_workbook

from services.catalog.domain.yearly_rule import YearlyRule
from services.catalog.models import plumbing
from services.catalog.models.yearly import YearlyPaper
from services.catalog.operations import gathering, yearly_papers
from services.catalog.papers import yearly_pages
from services.catalog.papers.yearly_pages import write_document
from shared.ids import new_id
from shared.plumbing import JobState
from tests.grounds import Ground
from tests.service.catalog_desk import FONDS, Desk, catalog_desk
from tests.service.conftest import in_one_mode
from tests.service.test_catalog_yearly import URL, act, frozen, gathered, inventoried

RULE = "/catalog/yearly-rule"
UNCONFIRMED = "Quy tắc này chưa được Trung tâm xác nhận."


async def ordered(desk: Desk, told: dict[str, Any], form: str) -> dict[str, Any]:
    """Order a paper and wait until it has ended."""
    answer = await desk.auditor.post(f"{URL}/{told['id']}/papers", json={"form": form})
    assert answer.status_code == 202, answer.text
    async with asyncio.timeout(60):
        while True:
            paper: dict[str, Any] = (await desk.auditor.get(f"/catalog/yearly-papers/{answer.json()['id']}")).json()
            if paper["state"] in ("done", "failed"):
                return paper
            await asyncio.sleep(0.02)


async def file_of(desk: Desk, paper: dict[str, Any]) -> httpx.Response:
    """Fetch a paper."""
    return await desk.auditor.get(f"/catalog/yearly-papers/{paper['id']}/file")


async def printed(desk: Desk, told: dict[str, Any], form: str) -> bytes:
    """Order a paper, wait for it and fetch it."""
    paper = await ordered(desk, told, form)
    assert paper["state"] == "done", paper
    return (await file_of(desk, paper)).content


async def test_a_workbook_is_text_and_says_what_it_is(ground: Ground) -> None:
    async with catalog_desk(ground, catalog_secrets_allowed=True) as desk:
        await inventoried(desk)
        draft = await gathered(desk)
        as_draft = await printed(desk, draft, "xlsx")
        fixed = (await act(desk, draft, "freezing")).json()
        book = await printed(desk, fixed, "xlsx")
    sheet = load_workbook(BytesIO(book)).worksheets[0]
    head = [str(sheet.cell(row, 1).value) for row in range(1, 9)]
    assert head[:3] == [
        "DANH MỤC TÀI LIỆU CẦN LẬP BẢN DỰ PHÒNG NĂM 2026",
        "Căn cứ: Nghị định 113/2025/NĐ-CP, Điều 30",
        "Danh mục số: 01/2026",
    ]
    assert head[3].startswith("Chốt ngày ")
    assert head[3].endswith("người chốt: lan")
    assert head[4] == "Phông: tất cả các phông, công trình, sưu tập"
    assert head[5].startswith("Quy tắc lập danh mục: decree-113-2025-article-30, phiên bản 1: hồ sơ vĩnh viễn")
    assert head[6:] == [UNCONFIRMED, f"SHA-256 của danh mục: {fixed['sha256']}"]
    title = sheet.cell(11, 5)
    assert (title.value, title.data_type, title.quotePrefix) == ("=HYPERLINK(“1”)", "s", True)
    assert [sheet.cell(11, place).value for place in (6, 9, 12, 13)] == ["Vĩnh viễn", "12/1954", 5, 10]
    assert [sheet.cell(14, place).value for place in (5, 12, 13)] == ["Tổng cộng: 3 hồ sơ", None, 30]
    assert sheet.cell(15, 1).value == "Danh mục này gồm 03 hồ sơ, 30 trang.", "of one nobody has counted the sheets"
    assert sheet.cell(16, 1).value == "Viết bằng chữ: Ba hồ sơ."
    assert "DỰ THẢO" in str(load_workbook(BytesIO(as_draft)).worksheets[0].cell(1, 1).value)
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert not any("phòng thủ" in text for text in texts), "a secret title is on no list"


async def test_a_document_has_head_and_hands_and_names_each_dossier_under_its_fonds(ground: Ground) -> None:
    async with catalog_desk(ground, office_agency="Trung tâm Lưu trữ lịch sử", office_place="Đồng Nai") as desk:
        await desk.chosen(1, title="Địa bạ \U000203f3 xã Hòa", starts_on="12/1954", document_count=3)
        other = await desk.fonds(code="P02", title="Sở Canh nông")
        await desk.chosen(2, fonds_id=other)
        made = Document(BytesIO(await printed(desk, await frozen(desk), "docx")))
    head, table, hands = made.tables
    assert "TRUNG TÂM LƯU TRỮ LỊCH SỬ" in head.rows[0].cells[0].text
    assert [[cell.text for cell in row.cells][:4] for row in table.rows] == [
        ["Số TT", "Mã hồ sơ", "Tiêu đề hồ sơ", "Thời gian tài liệu"],
        ["P01 - Ủy ban hành chính tỉnh"] * 4,
        ["1", "H49.1954.1", "Địa bạ \U000203f3 xã Hòa", "12/1954 - …"],
        ["P02 - Sở Canh nông"] * 4,
        ["2", "H49.1954.2", "Hồ sơ 2", ""],
    ]
    assert [cell.text.split("\n") for cell in hands.rows[0].cells] == [
        ["", "NGƯỜI LẬP", "(Ký, ghi rõ họ và tên, chức vụ)"],
        ["Đồng Nai, ngày …… tháng …… năm ………", "THỦ TRƯỞNG CƠ QUAN", "(Ký, ghi rõ họ và tên, đóng dấu)"],
    ]
    assert "Viết bằng chữ: Hai hồ sơ." in [line.text for line in made.paragraphs]
    section = made.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert section.page_width > section.page_height, "eleven columns lie across"


async def test_the_only_fonds_of_a_list_is_named_as_its_lines_name_it(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.chosen(1)
        fixed = await frozen(desk, fonds_id=desk.fonds_id)
        other = {**FONDS, "title": "Tên khác"}
        assert (await desk.put(f"/catalog/fonds/{desk.fonds_id}", other)).status_code == 200
        sheet = load_workbook(BytesIO(await printed(desk, fixed, "xlsx"))).worksheets[0]
    assert sheet.cell(5, 1).value == f"Phông: P01 - {FONDS['title']}"


@in_one_mode
async def test_a_pdf_is_set_in_parts_and_joined(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "AT_ONCE", 2)
    monkeypatch.setattr(yearly_pages, "PART", 3)
    async with catalog_desk(ground) as desk:
        for number in range(1, 8):
            await desk.chosen(number)
        fixed = await frozen(desk)
        paper = await ordered(desk, fixed, "pdf")
        first = (await file_of(desk, paper)).content
        again = await ordered(desk, fixed, "pdf")
    assert (paper["state"], paper["done_count"], paper["line_count"], again) == ("done", 7, 7, paper)
    assert paper["byte_count"] == len(first)
    with pikepdf.open(BytesIO(first)) as pdf:
        assert len(pdf.pages) == 2, "four dossiers, then three"
        assert all(page.MediaBox[2] > page.MediaBox[3] for page in pdf.pages)


@in_one_mode
async def test_a_paper_that_is_let_go_of_is_made_again_with_the_same_bytes(ground: Ground) -> None:
    async with catalog_desk(ground, catalog_uploads_kept_days=0) as desk:
        await desk.chosen(1)
        fixed = await frozen(desk)
        papers = {form: await ordered(desk, fixed, form) for form in ("xlsx", "docx", "pdf")}
        await yearly_papers.forget_papers(desk.made.services["catalog"].context)  # type: ignore[arg-type]
        gone = await desk.auditor.get(f"/catalog/yearly-papers/{papers['pdf']['id']}")
        again = {form: await ordered(desk, fixed, form) for form in papers}
    assert (gone.status_code, gone.json()["code"]) == (404, "catalog.yearly_paper_unknown")
    assert {form: each["sha256"] for form, each in again.items()} == {
        form: each["sha256"] for form, each in papers.items()
    }


@in_one_mode
async def test_a_paper_that_failed_says_why_and_is_tried_again(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("no room")

    async with catalog_desk(ground) as desk:
        await desk.chosen(1)
        fixed = await frozen(desk)
        monkeypatch.setattr("services.catalog.operations.printing_yearly.write_document", broken)
        failed = await ordered(desk, fixed, "docx")
        unready = await file_of(desk, failed)
        monkeypatch.setattr("services.catalog.operations.printing_yearly.write_document", write_document)
        done = await ordered(desk, fixed, "docx")
    assert (failed["state"], failed["failure"]) == ("failed", "RuntimeError: no room")
    assert (unready.status_code, unready.json()["code"]) == (409, "catalog.yearly_paper_unready")
    assert (done["id"], done["state"], done["failure"]) == (failed["id"], "done", "")


@in_one_mode
async def test_which_papers_cannot_be_ordered(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yearly_papers, "LONGEST_DOCUMENT", 0)
    async with catalog_desk(ground) as desk:
        await desk.chosen(1)
        draft = await gathered(desk)
        long = await desk.auditor.post(f"{URL}/{draft['id']}/papers", json={"form": "docx"})
        given_up = (await act(desk, draft, "discarding", {"reason": "nhầm"})).json()
        late = await desk.auditor.post(f"{URL}/{given_up['id']}/papers", json={"form": "pdf"})
    assert (long.status_code, long.json()["code"], long.json()["limit"]) == (409, "catalog.yearly_paper_too_long", 0)
    assert (late.status_code, late.json()["code"]) == (409, "catalog.yearly_list_state_wrong")


async def test_the_rule_is_confirmed_by_a_person_and_the_list_says_by_whom(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.chosen(1)
        draft = await gathered(desk)
        shown = (await desk.archivist.get(RULE)).json()
        told = {"sha256": shown["sha256"], "basis": "Công văn 12/TTLTLS"}
        by_archivist = await desk.archivist.post(f"{RULE}/confirmation", json=told)
        other_rule = await desk.approver.post(f"{RULE}/confirmation", json={**told, "sha256": "0" * 64})
        confirmed = await desk.approver.post(f"{RULE}/confirmation", json=told)
        again = await desk.approver.post(f"{RULE}/confirmation", json={**told, "basis": "khác"})
        fixed = (await act(desk, draft, "freezing")).json()
        sheet = load_workbook(BytesIO(await printed(desk, fixed, "xlsx"))).worksheets[0]
    assert shown["sha256"] == YearlyRule.load().sha256
    assert (shown["confirmation"], draft["confirmation"]) == (None, None)
    assert "không thuộc bí mật nhà nước" in shown["picked"]
    assert (by_archivist.status_code, other_rule.status_code) == (403, 409)
    assert other_rule.json()["code"] == "catalog.rule_otherwise"
    assert again.json() == confirmed.json(), "said once, it stays said"
    assert {name: fixed["confirmation"][name] for name in ("by", "basis")} == {"by": "minh", "basis": told["basis"]}
    assert "người xác nhận: minh; Công văn 12/TTLTLS" in str(sheet.cell(7, 1).value)


def test_a_paper_whose_job_was_done_a_moment_ago_did_not_fail() -> None:
    paper = YearlyPaper(list_id=new_id(), form="pdf", is_draft=True, ordered_by="lan")
    jobs = [plumbing.job(kind="print_yearly_list", subject_id=paper.id, state=state) for state in JobState]
    assert [yearly_papers.state_of(paper, job) for job in (*jobs, None)] == [
        "waiting", "making", "making", "failed", "failed"
    ]  # fmt: skip
