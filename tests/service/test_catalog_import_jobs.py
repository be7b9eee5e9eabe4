"""An import is a job: ordered at once, shown as it goes, and whole or not at all whatever happens to its worker."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import func, select, update

from services.catalog.models import plumbing
from services.catalog.models.imports import ImportPortion, WorkbookImport
from services.catalog.operations import importing, uploading
from services.catalog.operations.comparing_rows import Run
from services.catalog.operations.matching import Comparer
from services.catalog.operations.tallying import Tally
from services.catalog.operations.writing_staged import write_staged
from shared.clock import now
from shared.jobs import Worker
from shared.metrics import Meter
from tests.grounds import Ground
from tests.harness import Issuer, bench
from tests.service.catalog_desk import RIGHT, Desk, catalog_desk, workbook

ROWS: list[dict[str, object]] = [{**RIGHT, "fileCode": f"H{number}"} for number in range(1500)]
Meanwhile = Callable[[Desk], Awaitable[object]]


@asynccontextmanager
async def idle_desk(ground: Ground) -> AsyncIterator[tuple[Desk, Worker]]:
    """Set the catalog to work without anybody who does its jobs; gives a worker that does them when it is told to."""
    service = await ground.service("catalog")
    database = service.context.database
    async with bench(Issuer(ground.folder), replace(service, kinds={})) as made:
        desk = Desk(made)
        desk.fonds_id = await desk.fonds()
        yield desk, Worker(database, service.kinds, 1, Meter("catalog"))


async def shown(desk: Desk, import_id: str) -> dict[str, Any]:
    told: dict[str, Any] = (await desk.archivist.get(f"/catalog/imports/{import_id}")).json()
    return told


async def test_an_import_is_ordered_at_once_and_shown_as_it_goes(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    compare = Comparer.compare

    async def watched(*given: Any) -> Any:  # noqa: ANN401 - handed on
        seen.append(await shown(desk, ordered.json()["id"]))
        return await compare(*given)

    async def watched_too(*given: Any) -> None:  # noqa: ANN401 - handed on
        seen.append(await shown(desk, ordered.json()["id"]))
        await write_staged(*given)

    monkeypatch.setattr(Comparer, "compare", watched)
    monkeypatch.setattr(importing, "write_staged", watched_too)
    async with idle_desk(ground) as (desk, worker):
        ordered = await desk.order(workbook(ROWS))
        assert await desk.counts() == (0, 0, 1)
        assert await worker.work_once()
        after = await shown(desk, ordered.json()["id"])
        assert await desk.counts() == (1500, 1500, 1)
    assert (ordered.status_code, ordered.json()["state"], ordered.json()["rows"]) == (202, "waiting", 1500)
    assert [(each["state"], each["read_count"], each["created"]) for each in seen] == [
        ("reading", 0, 0), ("reading", 1000, 0), ("writing", 1500, 0)
    ]  # fmt: skip
    assert (after["state"], after["read_count"], after["created"]) == ("done", 1500, 1500)


async def test_a_worker_that_dies_leaves_nothing_and_the_next_does_all(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    conclude = importing.conclude

    async def killed(*_: object) -> None:
        raise asyncio.CancelledError

    async with idle_desk(ground) as (desk, worker):
        import_id = (await desk.order(workbook(ROWS))).json()["id"]
        monkeypatch.setattr(importing, "conclude", killed)
        with pytest.raises(asyncio.CancelledError):
            await worker.work_once()
        assert await desk.counts() == (0, 0, 1)
        assert (await shown(desk, import_id))["state"] == "writing"
        monkeypatch.setattr(importing, "conclude", conclude)
        assert await worker.work_once()
        assert ((await shown(desk, import_id))["state"], await desk.counts()) == ("done", (1500, 1500, 1))


async def imported_after(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, meanwhile: Meanwhile
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Import a changed dossier and a new one while something else happens; gives the report and all dossiers."""
    look_through = importing.looked_through

    async def interrupted(run: Run) -> Tally:
        tally = await look_through(run)
        await meanwhile(desk)
        return tally

    monkeypatch.setattr(importing, "looked_through", interrupted)
    async with idle_desk(ground) as (desk, worker):
        await desk.chosen(1)
        rows = [{**RIGHT, "fileCode": "new"}, {**RIGHT, "fileCode": "H49.1954.1", "title": "Khác"}]
        import_id = (await desk.order(workbook(rows))).json()["id"]
        assert await worker.work_once()
        told = await shown(desk, import_id)
        told["kinds"] = [
            each["kind"] for each in (await desk.archivist.get(f"/catalog/imports/{import_id}/changes")).json()["items"]
        ]
        return told, (await desk.auditor.get("/catalog/dossiers")).json()["items"]


async def test_a_list_that_is_submitted_meanwhile_stays_as_it_is(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def submit(desk: Desk) -> None:
        (item,) = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
        assert (await desk.submit(await desk.list_of(item["id"]))).status_code == 200

    told, dossiers = await imported_after(ground, monkeypatch, submit)
    assert (told["state"], told["created"], [each["code"] for each in told["errors"]]) == (
        "rejected", 0, ["file_code_frozen"]
    )  # fmt: skip
    assert [(each["title"], each["version"]) for each in dossiers] == [("Hồ sơ 1", 2)]
    assert told["kinds"] == ["created", "rejected"]


async def test_a_dossier_that_is_added_meanwhile_is_taken_for_known(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, dossiers = await imported_after(ground, monkeypatch, lambda desk: desk.dossier(2, file_code="new"))
    assert (told["state"], told["created"], told["updated"]) == ("done", 0, 2)
    assert told["kinds"] == ["updated", "updated"]
    assert {each["file_code"]: each["title"] for each in dossiers} == {"new": RIGHT["title"], "H49.1954.1": "Khác"}


async def test_thirty_wrong_rows_among_ten_thousand_are_told_one_by_one(ground: Ground) -> None:
    wrong = range(150, 10_000, 330)
    rows = [{**RIGHT, "fileCode": f"H{n}", "numberOfPage": "x" if n in wrong else 3} for n in range(10_000)]
    async with catalog_desk(ground) as desk:
        whole = (await desk.import_rows(*rows)).json()
        right = (await desk.import_rows(*rows, valid_rows="true")).json()
    assert (whole["state"], whole["created"], whole["rejected"]) == ("rejected", 0, 30)
    assert [each["row"] for each in whole["errors"]] == [3 + number for number in wrong]
    assert (right["state"], right["created"], right["rejected"]) == ("done", 9970, 30)


async def test_a_code_that_stands_in_two_portions_is_refused(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = (await desk.import_rows(*ROWS, {**RIGHT, "fileCode": "H0"})).json()
    assert [(each["row"], each["code"]) for each in told["errors"]] == [(1503, "file_code_repeated")]


async def test_an_import_whose_job_failed_says_so(ground: Ground) -> None:
    async with idle_desk(ground) as (desk, worker):
        import_id = (await desk.order(workbook([RIGHT]))).json()["id"]
        async with desk.database.writing() as uow:
            for portion in await uow.session.exec(select(ImportPortion)):
                await uow.session.delete(portion)
        assert await worker.work_once()
        told = await shown(desk, import_id)
    assert (told["state"], told["failure"].split(":")[0]) == ("failed", "catalog.upload_gone")


async def test_uploads_are_kept_for_a_while_only(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        for title in ("cũ", "mới"):
            await desk.import_rows({**RIGHT, "title": title})
        context: Any = desk.made.services["catalog"].context
        old = now() - timedelta(days=31)
        async with desk.database.writing() as uow:
            first = (await uow.session.exec(select(WorkbookImport.id).order_by(WorkbookImport.at).limit(1))).one()  # type: ignore[arg-type] # a column
            await uow.session.exec(update(WorkbookImport).where(WorkbookImport.id == first).values(at=old))  # type: ignore[arg-type] # a column
        await uploading.forget_uploads(context)
        async with desk.database.reading() as session:
            kept = (await session.exec(select(func.count()).select_from(ImportPortion))).one()
            jobs = (await session.exec(select(func.count()).select_from(plumbing.job))).one()
    assert (kept, jobs) == (2, 2)
