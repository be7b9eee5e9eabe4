"""Pages that cannot be read or shown, readers that are away or hang, workers that die: all told, none waited for."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from sqlalchemy import update
from sqlmodel import col, select

from services.ingest.domain.proof import Proof
from services.ingest.domain.state import DossierState
from services.ingest.errors import NotPdfA
from services.ingest.models import plumbing
from services.ingest.operations import forming
from services.ingest.operations.reading import FORM, READ
from services.ingest.operations.rescuing import rescue_forms
from services.ingest.reading import tesseract
from services.ingest.reading.book import Book
from services.ingest.reading.tesseract import Reader, find_reader
from shared.auth.roles import Role
from shared.clock import now
from shared.jobs import Progress, Worker
from shared.plumbing import JobColumns
from tests.grounds import Ground
from tests.service.conftest import in_one_mode
from tests.service.reading_room import (
    accepted,
    form,
    page,
    page_jobs,
    reading_desk,
    rows,
    said,
    told,
    unread,
    words_in,
)
from tests.service.sealing_desk import SealingDesk
from tests.service.sweeping_desk import drafts, swept
from tests.service.test_ingest_pages import JPEG


class PowerCut(Exception):
    """The process goes, in the middle."""


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    async with reading_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


@pytest.fixture
async def silent(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    """Give a desk that reads nothing, which is faster."""
    async with reading_desk(tmp_path, ground.empty_database_url("ingest"), ingest_reader="none") as made:
        yield made


@in_one_mode
async def test_a_broken_image_among_good_ones_keeps_its_place(desk: SealingDesk, tmp_path: Path) -> None:
    dossier = await accepted(desk, [page(1), JPEG, page(2)])
    await desk.seal(dossier)
    assert await unread(desk, dossier) == [(2, "undecodable")]
    path = await form(desk, dossier, tmp_path / "form.pdf")
    assert "Pages:           3" in said("pdfinfo", path)
    assert words_in(path, 1).strip()
    assert words_in(path, 2).strip() == ""
    assert words_in(path, 3).strip()
    assert (await told(desk, dossier))["reading"]["unread_pages"] == [
        {"document": 1, "page": 2, "reason": "undecodable"}
    ]


@in_one_mode
async def test_no_reader_installed_is_told_and_nothing_breaks(
    tmp_path: Path, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find_reader, "__defaults__", ("tesseract-that-nobody-installed",))
    async with reading_desk(tmp_path, ground.empty_database_url("ingest")) as desk:
        dossier = await accepted(desk, [page(1)])
        await desk.seal(dossier)
        assert await unread(desk, dossier) == [(1, "no_reader")]
        assert (await desk.order(dossier)).state == DossierState.PRESERVED


@in_one_mode
async def test_a_reader_that_hangs_is_ended_and_its_page_flagged(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    start = asyncio.create_subprocess_exec

    async def noted(*words: Any, **how: Any) -> Any:  # noqa: ANN401 - whatever asyncio takes
        process = await start(*words, **how)
        begun.append(process.pid)
        return process

    reader = desk.context.desk.reader
    assert reader is not None
    desk.context.desk.reader = Reader(reader.program, reader.version, reader.library, reader.languages, 0.3)
    monkeypatch.setattr(tesseract, "START", 0.2)
    monkeypatch.setattr(tesseract, "COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    dossier = await accepted(desk, [page(1)])
    await desk.seal(dossier)
    assert await unread(desk, dossier) == [(1, "too_slow")]
    for pid in begun[-1:]:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert (await desk.order(dossier)).state == DossierState.PRESERVED


async def test_drafts_are_swept_only_when_the_dossier_is_preserved(silent: SealingDesk) -> None:
    dossier = await accepted(silent, [page(1)])
    await silent.work()
    for days in (1, 40, 80):
        await swept(silent, days=days)
    assert len(drafts(silent)) == 1
    await silent.seal(dossier)
    for days in (1, 40, 80):
        await swept(silent, days=days)
    assert drafts(silent) == []


async def test_a_worker_killed_before_its_form_is_drafted_leaves_it_to_the_next(
    silent: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await accepted(silent, [page(1)])
    with monkeypatch.context() as patched:
        patched.setattr(silent.context.incoming, "put_new", cut)
        with pytest.raises(PowerCut):
            await form_job(silent, dossier)
    assert drafts(silent) == []
    await silent.seal(dossier)
    assert (await silent.order(dossier)).state == DossierState.PRESERVED


async def test_a_draft_that_nobody_named_is_swept_after_the_sealing(
    silent: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await accepted(silent, [page(1)])
    with monkeypatch.context() as patched:
        patched.setattr(forming, "seal_when_made", cut)
        with pytest.raises(PowerCut):
            await form_job(silent, dossier)
    (row,) = await rows(silent, dossier)
    assert row.made_at is None
    await silent.seal(dossier)
    for days in (1, 40):
        await swept(silent, days=days)
    assert drafts(silent) == []


async def test_a_page_whose_readers_died_is_given_up_and_the_dossier_sealed(desk: SealingDesk) -> None:
    dossier = await accepted(desk, [page(1)])
    worker = worker_of(desk)
    assert await worker.work_once()  # orders the reading
    await fail(desk, READ)
    assert await rescue_forms(desk.context) == 1
    assert await rescue_forms(desk.context) == 0
    await desk.seal(dossier)
    assert await unread(desk, dossier) == [(1, "given_up")]


async def test_a_form_that_is_no_pdf_a_is_made_in_the_plainest_way(
    silent: SealingDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bind, tried = Book.bind, []

    def once_wrong(*told: Any) -> Proof:  # noqa: ANN401 - whatever it takes
        tried.append(told)
        if len(tried) == 1:
            raise NotPdfA("something in the scanner's own data")
        return bind(*told)

    monkeypatch.setattr(Book, "bind", once_wrong)
    body = page(1)
    dossier = await accepted(silent, [body])
    await silent.seal(dossier)
    assert await unread(silent, dossier) == [(1, "plain")]
    with pikepdf.open(await form(silent, dossier, tmp_path / "form.pdf")) as pdf:
        assert pdf.pages[0].Resources.XObject.Im0.read_raw_bytes() != body


async def test_a_form_that_can_not_be_made_at_all_is_told_and_does_not_stop_the_sealing(
    silent: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise NotPdfA("never")

    monkeypatch.setattr(Book, "bind", never)
    dossier = await accepted(silent, [page(1)])
    await silent.work()
    assert (await told(silent, dossier))["reading"]["error"].startswith("ingest.not_pdf_a")
    await rescue_forms(silent.context)  # in the plainest way
    await silent.work()
    await rescue_forms(silent.context)  # and then without
    await silent.seal(dossier)
    reading = (await told(silent, dossier))["reading"]
    assert (reading["made"], reading["given_up"], reading["total"]) == (0, 1, 1)
    assert "never" in reading["error"]
    assert (await silent.order(dossier)).state == DossierState.PRESERVED


async def test_pages_and_forms_wait_for_room(
    desk: SealingDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await accepted(desk, [page(1)])
    worker = worker_of(desk)
    assert await worker.work_once()  # orders the reading
    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
        assert await worker.work_once()
    assert await page_jobs(desk) == ["pending"]
    await in_time(desk)
    await desk.seal(dossier)
    assert await unread(desk, dossier) == []


async def test_whoever_retries_a_sealing_retries_the_form_it_waits_for(
    silent: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise NotPdfA("never")

    dossier = await accepted(silent, [page(1)])
    with monkeypatch.context() as patched:
        patched.setattr(Book, "bind", never)
        await silent.work()
    answer = await silent.system.caller(Role.OPERATOR).post(f"/ingest/dossiers/{dossier}/sealing")
    assert (answer.status_code, answer.json()["state"]) == (200, "waiting")
    await silent.seal(dossier)
    assert (await silent.order(dossier)).state == DossierState.PRESERVED


async def form_job(desk: SealingDesk, dossier: UUID) -> None:
    """Do the job of a dossier's form until it ends or the power goes."""
    (row,) = await rows(desk, dossier)
    async with desk.context.database.reading() as session:
        asked = select(plumbing.job).where(plumbing.job.kind == FORM, plumbing.job.subject_id == row.id)
        job: JobColumns = (await session.exec(asked)).one()
    await forming.make_form(desk.context, job, Progress(desk.context.database, job))


def worker_of(desk: SealingDesk) -> Worker:
    """Give a worker for the jobs of reading forms."""
    service = desk.system.services["ingest"]
    return Worker(desk.context.database, service.apart, 1, service.meter)


async def in_time(desk: SealingDesk) -> None:
    """Let the time come for every job that was put off."""
    async with desk.context.database.writing() as uow:
        await uow.session.exec(update(plumbing.job).values(not_before=now()))


async def fail(desk: SealingDesk, kind: str) -> None:
    """Let every job of a kind have killed its workers."""
    async with desk.context.database.writing() as uow:
        await uow.session.exec(
            update(plumbing.job).where(col(plumbing.job.kind) == kind).values(state="failed", error="jobs.worker_died")
        )


async def cut(*_: object, **__: object) -> None:
    """Let the power go."""
    raise PowerCut
