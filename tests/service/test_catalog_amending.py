"""An approved list changes only by a next edition, with a difference that can be read; the others hear of it."""

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, select

from services.catalog.models import DossierIndex
from services.catalog.models.lists import ListEntry, SelectionList
from services.catalog.operations.reindexing import RELIST
from shared.events.catalog import DossierApproved, DossierWithdrawn
from tests.grounds import Ground
from tests.service.catalog_desk import ARRANGED, RIGHT, Desk, catalog_desk, decided


async def retitled(desk: Desk, dossier_id: str, title: str) -> None:
    seen = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()
    told = {name: seen[name] for name in ("file_code", "page_count", *ARRANGED)}
    assert (await desk.put(f"/catalog/dossiers/{dossier_id}", {**told, "title": title})).status_code == 200


async def read(desk: Desk, list_id: str, part: str = "") -> Any:  # noqa: ANN401 - JSON
    answer = await desk.auditor.get(f"/catalog/lists/{list_id}{part}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def found(desk: Desk, list_id: str) -> set[str]:
    answer = await desk.auditor.get("/catalog/dossiers", params={"list_id": list_id})
    return {each["id"] for each in answer.json()["items"]}


async def test_dossiers_are_found_by_every_edition_that_holds_or_entered_them(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        kept, gone, new = [await desk.chosen(number) for number in (1, 2, 3)]
        list_id = await desk.approved_list(kept, gone)
        amendment = await desk.amended(list_id)
        assert (await found(desk, list_id), await found(desk, amendment)) == ({kept, gone}, {kept, gone})
        await desk.archivist.delete(f"/catalog/lists/{amendment}/dossiers/{gone}")
        await desk.put_on(amendment, new)
        row = {**RIGHT, "fileCode": "H49.1954.1", "title": "Hồ sơ nhập lại"}
        assert (await desk.import_rows(row)).json()["updated"] == 1
        assert (await found(desk, list_id), await found(desk, amendment)) == ({kept, gone}, {kept, new})
        await desk.submit(amendment)
        assert (await desk.approve(amendment)).status_code == 200
        assert (await found(desk, list_id), await found(desk, amendment)) == ({kept, gone}, {kept, new})


async def test_a_job_lets_dossiers_be_found_by_lists_they_were_approved_on_before(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        list_id = await desk.approved_list(dossier_id)
        amendment = await desk.amended(list_id)
        async with desk.database.writing() as uow:
            entry = (await uow.session.exec(select(DossierIndex))).one()
            entry.codes = " ".join(each for each in entry.codes.split() if UUID(list_id).hex not in each)
            await uow.enqueue(RELIST, UUID(int=0))
        async with asyncio.timeout(30):
            while await found(desk, list_id) != {dossier_id}:  # noqa: ASYNC110 - another task
                await asyncio.sleep(0.05)
        assert await found(desk, amendment) == {dossier_id}


async def test_an_amendment_tells_only_what_is_new_changed_or_withdrawn(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        same, changed, gone, new = [await desk.chosen(number) for number in (1, 2, 3, 4)]
        list_id = await desk.approved_list(same, changed, gone)
        entries = await read(desk, list_id, "/entries")
        amendment = await desk.amended(list_id)
        await retitled(desk, changed, "Hồ sơ về đê điều")
        await desk.archivist.delete(f"/catalog/lists/{amendment}/dossiers/{gone}")
        await desk.put_on(amendment, new)
        meanwhile = await read(desk, list_id)
        assert await read(desk, list_id, "/entries") == entries
        drafted = await read(desk, amendment, "/differences")
        before = len(await desk.published())
        await desk.submit(amendment)
        approved = (await desk.approve(amendment)).json()
        told = (await desk.published())[before:]
        replaced = await read(desk, list_id)
        assert await read(desk, amendment, "/differences") == drafted
        assert await read(desk, list_id, "/entries") == entries
    assert (meanwhile["state"], meanwhile["dossier_count"]) == ("approved", 3)
    assert (approved["number"], approved["edition"], approved["replaces_id"]) == (1, 2, list_id)
    assert (replaced["state"], replaced["dossier_count"], approved["dossier_count"]) == ("superseded", 3, 3)
    assert {each["dossier_id"]: each["kind"] for each in drafted["items"]} == {
        changed: "changed", gone: "withdrawn", new: "added",
    }  # fmt: skip
    fields = next(each["fields"] for each in drafted["items"] if each["kind"] == "changed")
    assert fields == [{"field": "title", "before": "Hồ sơ 2", "after": "Hồ sơ về đê điều"}]
    withdrawn = [event for event in told if isinstance(event, DossierWithdrawn)]
    assert [(str(event.dossier_id), event.version, event.reason) for event in withdrawn] == [(gone, 2, "rà soát lại")]
    renewed = [event for event in told if isinstance(event, DossierApproved)]
    assert [str(event.dossier_id) for event in renewed] == [changed, new]
    assert renewed[0].version == 3
    assert len(told) == 3


async def test_what_was_withdrawn_and_is_approved_again_is_newer_than_its_withdrawal(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        stays, comes_back = await desk.chosen(1), await desk.chosen(2)
        first = await desk.approved_list(stays, comes_back)
        second = await desk.amended(first)
        await desk.archivist.delete(f"/catalog/lists/{second}/dossiers/{comes_back}")
        elsewhere = await desk.approved_list(comes_back)  # before the amendment that withdraws it is approved
        await desk.submit(second)
        await desk.approve(second)
        told = [event for event in await desk.published() if str(event.subject_id) == comes_back]
    assert [(type(event).__name__, event.version) for event in told] == [
        ("DossierApproved", 2), ("DossierApproved", 3), ("DossierWithdrawn", 2),
    ]  # fmt: skip
    assert isinstance(told[1], DossierApproved)
    assert str(told[1].list_id) == elsewhere


async def test_everything_can_be_withdrawn(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        amendment = await desk.amended(await desk.approved_list(dossier_id))
        await desk.archivist.delete(f"/catalog/lists/{amendment}/dossiers/{dossier_id}")
        await desk.submit(amendment)
        approved = (await desk.approve(amendment)).json()
        told = await desk.published()
        assert (await read(desk, amendment, "/entries"))["items"] == []
        assert (await read(desk, amendment, "/totals"))["pages"] == 0
    assert (approved["state"], approved["dossier_count"]) == ("approved", 0)
    assert isinstance(told[-1], DossierWithdrawn)


async def test_one_amendment_is_open_at_a_time(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.list_of(await desk.chosen())
        url, reason = f"/catalog/lists/{list_id}/amendment", {"reason": "x"}
        early = await desk.archivist.post(url, json=reason)
        await desk.submit(list_id)
        await desk.approve(list_id)
        amendment = await desk.amended(list_id)
        second = await desk.archivist.post(url, json=reason)
        await desk.submit(amendment)
        await desk.approve(amendment)
        late = await desk.archivist.post(url, json=reason)
        assert (await read(desk, await desk.amended(amendment)))["edition"] == 3
    assert [each.json()["code"] for each in (early, late)] == ["catalog.list_not_approved"] * 2
    assert (second.status_code, second.json()["list_id"]) == (409, amendment)
    assert second.json()["code"] == "catalog.amendment_open"


async def test_an_amendment_is_abandoned_only_when_it_changes_nothing(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id, other = await desk.chosen(1), await desk.chosen(2)
        list_id = await desk.approved_list(dossier_id, other)
        amendment = await desk.amended(list_id)
        await retitled(desk, dossier_id, "khác")
        refused = await decided(desk.archivist, amendment, "abandonment")
        await retitled(desk, dossier_id, "Hồ sơ 1")
        abandoned = await decided(desk.archivist, amendment, "abandonment")
        given_back = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()["list_id"]
        again = await decided(desk.archivist, amendment, "abandonment")
        first = await decided(desk.archivist, list_id, "abandonment")
        assert (await read(desk, amendment, "/differences"))["items"] == []
        assert (await read(desk, await desk.amended(list_id)))["edition"] == 2
    assert (refused.status_code, refused.json()["code"]) == (409, "catalog.amendment_differs")
    assert refused.json()["differences"][0]["fields"] == [{"field": "title", "before": "Hồ sơ 1", "after": "khác"}]
    assert (abandoned.json()["state"], abandoned.json()["dossier_count"], given_back) == ("abandoned", 0, list_id)
    assert (again.json()["code"], first.json()["code"]) == ("catalog.state_goes_backwards", "catalog.no_amendment")


async def test_dossiers_of_an_approved_list_stay_frozen_until_it_is_amended(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        list_id = await desk.approved_list(dossier_id)
        body = {"file_code": "A", "title": "khác", "page_count": 10, **ARRANGED}
        frozen = await desk.put(f"/catalog/dossiers/{dossier_id}", body)
        amendment = await desk.amended(list_id)
        free = await desk.put(f"/catalog/dossiers/{dossier_id}", body)
        await desk.submit(amendment)
        again = await desk.put(f"/catalog/dossiers/{dossier_id}", {**body, "title": "nữa"})
    assert [each.status_code for each in (frozen, free, again)] == [409, 200, 409]


async def test_a_list_approved_before_there_were_entries_is_entered_when_it_is_amended(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        list_id = await desk.approved_list(dossier_id)
        async with desk.database.writing() as uow:
            await uow.session.exec(delete(ListEntry))
            await uow.session.exec(
                update(SelectionList).where(col(SelectionList.id) == UUID(list_id)).values(number=None)
            )
        assert len((await read(desk, list_id, "/entries"))["items"]) == 1
        amendment = await desk.amended(list_id)
        await retitled(desk, dossier_id, "khác")
        assert len((await read(desk, amendment, "/differences"))["items"]) == 1
        assert (await read(desk, list_id))["number"] == 1


async def test_two_who_act_at_once_get_two_numbers_and_begin_one_amendment(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        lists = [await desk.list_of(await desk.chosen(number)) for number in range(6)]
        for each in lists:
            await desk.submit(each)
        approved = await asyncio.gather(*(desk.approve(each) for each in lists))
        assert sorted(answer.json()["number"] for answer in approved) == [1, 2, 3, 4, 5, 6]
        url = f"/catalog/lists/{lists[0]}/amendment"
        begun = await asyncio.gather(*(desk.archivist.post(url, json={"reason": "x"}) for _ in range(4)))
    assert sorted(answer.status_code for answer in begun) == [201, 409, 409, 409]
