"""An import makes its rows ready beside everybody else's work, writes them in one go, and leaves nothing behind."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import update

from services.catalog.models import plumbing
from services.catalog.operations import comparing_rows
from services.catalog.operations.matching import Comparer
from services.catalog.operations.staging import stage
from shared.plumbing import JobState
from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, Desk, workbook
from tests.service.import_meanwhile import ROWS, slow_desk

NOTHING = [0, 0, 0]


async def killed(_desk: Desk) -> None:
    raise asyncio.CancelledError


async def test_others_write_while_an_import_compares_its_rows(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[tuple[int, int]] = []
    async with slow_desk(ground, monkeypatch) as slow:
        compare = Comparer.compare

        async def beside(*given: Any) -> Any:  # noqa: ANN401 - handed on
            compared = await compare(*given)
            code = {"code": f"S{len(written)}", "title": "Nhóm"}
            answer = await slow.desk.archivist.post(f"/catalog/fonds/{slow.desk.fonds_id}/series", json=code)
            written.append((answer.status_code, len(await slow.listed())))
            return compared

        monkeypatch.setattr(Comparer, "compare", beside)
        told = await slow.imported(ROWS)
    assert written == [(201, 0), (201, 0)]
    assert (told["state"], told["created"]) == ("done", 1500)


async def test_what_is_ready_is_seen_by_nobody_and_goes_with_the_end(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    async with slow_desk(ground, monkeypatch) as slow:

        async def look(desk: Desk) -> None:
            found = await desk.auditor.get("/catalog/dossiers", params={"q": "đắp đê"})
            seen.append((await slow.ready(), found.json()["count"], await desk.counts()))

        slow.before("compare_moved", look)
        await slow.imported(ROWS)
        after = [each["file_code"] for each in await slow.listed(q="đắp đê")]
        assert await slow.ready() == NOTHING
    assert seen == [([1500, 1500, 1500], 0, (0, 0, 1))]
    assert after == [row["fileCode"] for row in ROWS]


@pytest.mark.parametrize("stage", ["compare_moved", "write_staged", "conclude"])
async def test_an_import_that_is_killed_once_all_is_ready_leaves_nothing_to_see_and_the_next_begins_anew(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        slow.before(stage, killed)
        with pytest.raises(asyncio.CancelledError):
            await slow.imported(ROWS)
        assert (await slow.desk.counts(), await slow.ready()) == ((0, 0, 1), [1500, 1500, 1500])
        assert await slow.worker.work_once()
        assert (await slow.desk.counts(), await slow.ready()) == ((1500, 1500, 1), NOTHING)
        again = await slow.imported(ROWS)
        assert (again["unchanged"], await slow.ready()) == (1500, NOTHING)


async def test_what_an_import_left_that_nobody_will_end_is_swept_and_nothing_else(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        hourly = slow.desk.made.services["catalog"].hourly
        assert hourly is not None
        slow.before("write_staged", killed)
        with pytest.raises(asyncio.CancelledError):
            await slow.imported(ROWS[:3])
        await hourly()
        assert await slow.ready() == [3, 3, 3]
        async with slow.desk.database.writing() as uow:
            await uow.session.exec(update(plumbing.job).values(state=JobState.FAILED))
        await hourly()
        assert await slow.ready() == NOTHING


async def test_an_import_that_was_killed_after_its_end_is_swept_too(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        hourly = slow.desk.made.services["catalog"].hourly
        assert hourly is not None
        slow.before("sweep", killed)
        with pytest.raises(asyncio.CancelledError):
            await slow.imported(ROWS[:3])
        assert (await slow.desk.counts(), await slow.ready()) == ((3, 3, 1), [3, 3, 3])
        await hourly()
        assert (await slow.desk.counts(), await slow.ready()) == ((3, 3, 1), NOTHING)


async def test_whoever_edits_while_an_import_is_written_waits_and_overwrites_nothing(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        dossier_id = await slow.desk.dossier(1)
        editing: list[asyncio.Task[Any]] = []

        async def edit(desk: Desk) -> None:
            told = {"file_code": "H49.1954.1", "title": "Tên khác", "page_count": 10}
            editing.append(asyncio.create_task(desk.put(f"/catalog/dossiers/{dossier_id}", told)))
            done, _waiting = await asyncio.wait(editing, timeout=1)
            assert not done

        slow.before("write_staged", edit)
        told = await slow.imported([{**RIGHT, "fileCode": "H49.1954.1"}])
        answer = await editing[0]
        (read,) = await slow.listed()
    assert (told["updated"], answer.status_code, answer.json()["code"]) == (1, 412, "catalog.dossier_changed")
    assert (read["title"], read["version"]) == (RIGHT["title"], 2)


async def test_a_dry_run_and_a_refused_import_leave_nothing_ready(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{**RIGHT, "fileCode": "A"}, {**RIGHT, "fileCode": "B", "numberOfPage": "x"}]
    staged = []

    async def watched(*given: Any) -> None:  # noqa: ANN401 - handed on
        staged.append(given)
        await stage(*given)

    monkeypatch.setattr(comparing_rows, "stage", watched)
    async with slow_desk(ground, monkeypatch) as slow:
        await slow.imported(workbook(rows), dry_run="true")
        assert not staged
        assert (await slow.imported(rows))["state"] == "rejected"
        assert await slow.ready() == NOTHING


async def test_what_is_left_of_a_dossier_goes_when_it_is_found_secret(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        slow.before("sweep", killed)
        with pytest.raises(asyncio.CancelledError):
            await slow.imported(ROWS[:1])
        (read,) = await slow.listed()
        finding = {"checked_by": "Nguyễn Thị Lan", "number": "12/QĐ-TTLT", "signed_on": "2026-11-20"}
        answer = await slow.desk.archivist.post(
            f"/catalog/dossiers/{read['id']}/secrecy-finding", json=finding, headers={"If-Match": '"1"'}
        )
        assert (answer.status_code, await slow.ready()) == (200, NOTHING), answer.text
