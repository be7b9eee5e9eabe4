"""An accepted dossier gets its reading forms: whole, in Vietnamese, proved, and before it is sealed."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest
from sqlmodel import select

from services.ingest.domain.state import DossierState
from services.ingest.models import PageReading
from services.ingest.operations.reading import reading_forms
from services.ingest.reading.proving import prove
from shared.auth.roles import Role
from shared.jobs import Worker
from tests.grounds import Ground
from tests.service.conftest import in_one_mode
from tests.service.reading_room import accepted, form, page, page_jobs, reading_desk, said, told, unread, words_in
from tests.service.renewing_desk import metadata
from tests.service.sealing_desk import SealingDesk
from tests.service.sweeping_desk import swept
from tests.service.test_ingest_withdrawn_dossiers import withdrawn


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    async with reading_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


async def test_an_accepted_dossier_is_read_bound_proved_and_then_sealed(desk: SealingDesk, tmp_path: Path) -> None:
    dossier = await accepted(desk, [page(1), page(2)])
    before = await told(desk, dossier)
    assert (before["reading"]["made"], before["reading"]["total"], before["reading"]["pages_total"]) == (0, 1, 2)
    assert before["sealing"]["state"] == "waiting"
    await desk.seal(dossier)

    path = await form(desk, dossier, tmp_path / "form.pdf")
    prove(path)
    said("qpdf", "--check", path)
    assert metadata(path)["identifier"] == "H49.2001.001", "a dossier in one file has its own code, and so has the file"
    assert "Ban Tổ chức chính quyền kính trình Ủy ban hành chính tỉnh xem xét và quyết định" in " ".join(
        words_in(path).split()
    )
    after = await told(desk, dossier)
    reading = after["reading"]
    assert (reading["made"], reading["pages_read"], reading["unread_pages"]) == (1, 2, [])
    assert reading["signature"] == "unsigned: no certificate"
    assert (await desk.order(dossier)).state == DossierState.PRESERVED
    async with desk.context.database.reading() as session:
        kept = (await session.exec(select(PageReading.text))).all()
    assert kept == [None, None], "the words are in the form by now"


async def test_a_sealing_is_given_what_lies_in_the_store(desk: SealingDesk) -> None:
    dossier = await accepted(desk, [page(1)])
    await desk.work()
    async with desk.context.database.reading() as session:
        (made,) = await reading_forms(session, dossier)
    fixity = await desk.context.incoming.read_back(made.source_key)
    assert (fixity.size, fixity.sha256, fixity.crc32, fixity.mib_crc32) == (
        made.size, made.sha256, made.crc32, made.mib_crc32,
    )  # fmt: skip
    assert (made.document, made.page_count, made.unread_pages, made.signed_by) == (1, 1, (), None)
    assert made.read_by is not None
    assert made.read_by.startswith("Tesseract 5")
    assert made.read_by.endswith("(vie)")


@in_one_mode
async def test_a_jpeg_goes_in_as_the_scanner_wrote_it(desk: SealingDesk, tmp_path: Path) -> None:
    body = page(1)
    dossier = await accepted(desk, [body])
    await desk.work()
    with pikepdf.open(await form(desk, dossier, tmp_path / "form.pdf")) as pdf:
        image = pdf.pages[0].Resources.XObject.Im0
        assert image.read_raw_bytes() == body
        assert [float(side) for side in pdf.pages[0].mediabox] == pytest.approx([0, 0, 595.3, 841.9], abs=0.5)


async def test_a_form_is_read_until_it_was_swept(desk: SealingDesk) -> None:
    dossier = await accepted(desk, [page(1)])
    reader = desk.system.caller(Role.AUDITOR)
    address = f"/ingest/dossiers/{dossier}/reading-forms/1"
    assert (await reader.get(address)).status_code == 404
    await desk.seal(dossier)
    answer = await reader.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-1.7")
    assert answer.headers["etag"] == f'"{sha256(answer.content).hexdigest()}"'
    for days in (1, 40):
        await swept(desk, days=days)
    assert (await reader.get(address)).status_code == 404


async def test_no_form_of_a_dossier_is_shown_that_is_on_no_list_any_more(desk: SealingDesk) -> None:
    dossier = await accepted(desk, [page(1)])
    await desk.seal(dossier)
    await desk.system.tell("ingest", [withdrawn(dossier)])
    answer = await desk.system.caller(Role.AUDITOR).get(f"/ingest/dossiers/{dossier}/reading-forms/1")
    assert (answer.status_code, answer.json()["code"]) == (409, "ingest.dossier_withdrawn"), "it may be a secret"


async def test_who_was_accepted_first_is_sealed_before_the_pages_of_later_ones_are_read(desk: SealingDesk) -> None:
    first, second = [await accepted(desk, [page(1), page(2)]), await accepted(desk, [page(3), page(4)])]
    service = desk.system.services["ingest"]
    worker = Worker(desk.context.database, service.apart, 1, service.meter)
    while not (await told(desk, first))["reading"]["made"]:
        assert await worker.work_once()
    assert (await told(desk, second))["reading"]["pages_read"] == 0


@in_one_mode
async def test_each_page_is_a_job_of_its_own_and_none_is_read_twice(desk: SealingDesk) -> None:
    await accepted(desk, [page(1), page(2)])
    await desk.work()
    assert await page_jobs(desk) == ["done", "done"]


@in_one_mode
async def test_a_page_without_a_reader_is_kept_without_text_and_flagged(tmp_path: Path, ground: Ground) -> None:
    url = ground.empty_database_url("ingest")
    async with reading_desk(tmp_path, url, ingest_reader="none") as desk:
        dossier = await accepted(desk, [page(1)])
        await desk.seal(dossier)
        assert await unread(desk, dossier) == [(1, "no_reader")]
        assert words_in(await form(desk, dossier, tmp_path / "form.pdf")).strip() == ""
        assert (await desk.order(dossier)).state == DossierState.PRESERVED
