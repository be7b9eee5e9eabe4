"""Dossiers found by what their documents say, whichever act wrote it."""

import asyncio
from uuid import UUID

from sqlmodel import select

from services.catalog.models import Document, plumbing
from services.catalog.operations.reindexing import REINDEX
from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk, workbook

LETTER = {"number": 1, "title": "Tờ trình xin vá đê", "issuer": "Ty Công chính", "code_number": "12",
          "code_notation": "TTr-UB", "note": "bút phê mực đỏ"}  # fmt: skip


async def found(desk: Desk, asked: str) -> list[str]:
    """Give the ids of what is found."""
    answer = await desk.auditor.get("/catalog/dossiers", params={"q": asked})
    return [each["id"] for each in answer.json()["items"]]


async def indexed(desk: Desk) -> None:
    """Wait until the job has ended."""
    async with asyncio.timeout(30):
        while True:
            async with desk.database.reading() as session:
                job = (await session.exec(select(plumbing.job).where(plumbing.job.kind == REINDEX))).one()
            if job.state != "pending" and job.ended_at is not None:
                assert job.result == {"dossiers": 2}
                return
            await asyncio.sleep(0.02)


async def test_documents_are_found_by_their_words_until_they_say_something_else(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first = await desk.dossier(1)
        await desk.dossier(2)
        url = f"/catalog/dossiers/{first}"
        await desk.put(f"{url}/documents", {"documents": [LETTER]})
        for asked in ("va de", '"trinh xin va de"', "ty cong chinh", "12/ttr-ub", "đỏ 1954", "xin vá*"):
            assert await found(desk, asked) == [first], asked
        assert await found(desk, '"vá đê Ty"') == [], "no phrase reaches from one text into the next"
        told = {"file_code": "H49.1954.1", "title": "Tên mới", "page_count": 10}
        await desk.put(url, told)
        assert await found(desk, "moi vá") == [first], "the documents are found whatever else changes"
        await desk.put(f"{url}/documents", {"documents": [{"number": 1, "title": "Bản vẽ"}]})
        assert await found(desk, "vá") == []
        headers = {"If-Match": '"4"'}
        await desk.archivist.post(f"{url}/restoration", json={"version": 3}, headers=headers)
        assert await found(desk, "vá") == [first]


async def test_imported_documents_are_found(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first = await desk.dossier(1)
        row = {"fileCode": "H49.1954.1", "docOrdinal": 1, "subject": "Tờ trình vá đê"}
        answer = await desk.send(workbook([row], list(row)))
        assert answer.json()["state"] == "done", answer.text
        assert await found(desk, "vá đê") == [first]


async def test_what_a_secret_document_says_finds_nothing(ground: Ground) -> None:
    async with catalog_desk(ground, catalog_secrets_allowed=True) as desk:
        first = await desk.dossier(1)
        lines = [{"number": 1, "title": "Kế hoạch ngầm", "access_level": "03"}, {"number": 2, "title": "Bản đồ"}]
        assert (await desk.put(f"/catalog/dossiers/{first}/documents", {"documents": lines})).status_code == 200
        assert await found(desk, "ngầm") == []
        assert await found(desk, "bản đồ") == [first]


async def test_documents_of_before_are_brought_along_by_a_job(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        made = [await desk.dossier(number) for number in range(3)]
        async with desk.database.writing() as uow:
            rows = [Document(dossier_id=UUID(each), number=1, title=f"Tờ trình {each[-4:]}") for each in made[:2]]
            uow.session.add_all(rows)
        assert await found(desk, "tờ trình") == []
        async with desk.database.writing() as uow:
            await uow.enqueue(REINDEX, UUID(int=0))
        await indexed(desk)
        assert await found(desk, "tờ trình") == made[:2]
        assert await found(desk, "hồ sơ") == made
