"""Documents that are state secrets: kept nowhere on a networked installation, and never on a list."""

from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col

from services.catalog.models import Document
from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk

TITLE = "Kế hoạch tuyệt đối bí mật"
SECRET = {"documents": [{"number": 1, "title": TITLE, "access_level": "03"}]}
OPEN = {"documents": [{"number": 1, "title": "Tờ trình"}]}


async def made_secret(desk: Desk, dossier_id: str) -> None:
    """Make a document secret as it could become before this was refused."""
    async with desk.database.writing() as uow:
        mine = col(Document.dossier_id) == UUID(dossier_id)
        await uow.session.exec(update(Document).where(mine).values(access_level="03"))


async def test_a_secret_document_is_refused_and_its_title_is_nowhere(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        acts = await desk.acts()
        answer = await desk.put(f"/catalog/dossiers/{dossier_id}/documents", SECRET)
        kept = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()
        assert await desk.acts() == acts
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.secret_refused")
    assert TITLE not in answer.text
    assert (kept["documents"], kept["version"]) == ([], 1)
    assert not ground.files_with(TITLE)


async def test_a_dossier_is_not_brought_back_to_a_secret_document(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        url = f"/catalog/dossiers/{dossier_id}"
        await desk.put(f"{url}/documents", OPEN)
        await made_secret(desk, dossier_id)
        freed = await desk.put(f"{url}/documents", OPEN)
        answer = await desk.archivist.post(
            f"{url}/restoration", json={"version": 2}, headers={"If-Match": freed.headers["etag"]}
        )
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.secret_refused")


async def test_a_dossier_with_a_secret_document_from_before_is_kept_off_lists(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        url = f"/catalog/dossiers/{dossier_id}"
        await desk.put(f"{url}/documents", OPEN)
        list_id, other = await desk.list_of(dossier_id), await desk.list_of()
        await made_secret(desk, dossier_id)
        blocks = (await desk.auditor.get(url)).json()["blocks"]
        refused = [await desk.put_on(list_id, dossier_id), await desk.submit(list_id)]
        await desk.archivist.delete(f"/catalog/lists/{list_id}/dossiers/{dossier_id}")
        refused.append(await desk.put_on(other, dossier_id))
    assert [each["code"] for each in blocks] == ["secret_document"]
    assert [each.json()["dossiers"] for each in refused] == [{dossier_id: "secret_document"}] * 3


async def test_a_list_that_was_submitted_with_a_secret_document_is_not_approved(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        await desk.put(f"/catalog/dossiers/{dossier_id}/documents", OPEN)
        list_id = await desk.list_of(dossier_id)
        await made_secret(desk, dossier_id)
        with monkeypatch.context() as older:
            older.setattr("services.catalog.operations.choosing.demand_listable", lambda *_: None)
            assert (await desk.submit(list_id)).status_code == 200
        answer = await desk.approve(list_id)
        published = await desk.published()
    assert (answer.status_code, answer.json()["dossiers"]) == (409, {dossier_id: "secret_document"})
    assert published == []
