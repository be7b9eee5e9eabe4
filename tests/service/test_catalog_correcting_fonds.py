"""Fonds and series are corrected in the version that was seen, with a past, and brought back; lists stay true."""

from typing import Any

import httpx

from shared.auth.roles import Role
from shared.events.catalog import DossierApproved
from tests.grounds import Ground
from tests.service.catalog_desk import FONDS, Desk, catalog_desk, decided
from tests.service.test_catalog_importing_fonds import COLUMNS, THERE, send

OTHER = {**FONDS, "title": "Ủy ban nhân dân tỉnh", "archive_code": "H19"}


async def corrected(desk: Desk, told: dict[str, Any], version: int = 1) -> httpx.Response:
    """Correct the fonds in a version."""
    url = f"/catalog/fonds/{desk.fonds_id}"
    return await desk.archivist.put(url, json=told, headers={"If-Match": f'"{version}"'})


async def test_a_fonds_is_corrected_in_the_version_that_was_seen(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        url = f"/catalog/fonds/{desk.fonds_id}"
        seen = await desk.auditor.get(url)
        untold = await desk.archivist.put(url, json=OTHER)
        changed, again = [await corrected(desk, OTHER) for _ in range(2)]
        late = await corrected(desk, {**OTHER, "title": "Tên khác"})
        other = await desk.fonds(code="P02")
        taken = await corrected(desk, {**OTHER, "code": "P02"}, 2)
        reader = await desk.approver.put(url, json=FONDS, headers={"If-Match": '"2"'})
    assert (seen.headers["etag"], untold.status_code, changed.headers["etag"]) == ('"1"', 428, '"2"')
    assert (again.status_code, again.json()) == (200, changed.json())
    assert {**seen.json(), **changed.json()} == {**seen.json(), **OTHER, "version": 2}
    assert (late.status_code, late.json()["code"]) == (412, "catalog.changed_meanwhile")
    assert (taken.json()["code"], reader.status_code, bool(other)) == ("catalog.code_taken", 403, True)


async def test_what_was_changed_of_a_fonds_is_told_and_brought_back(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        url = f"/catalog/fonds/{desk.fonds_id}"
        await corrected(desk, OTHER)
        await send(desk, COLUMNS, {**THERE, "fondsTitle": "Tên ba", "archiveCode": "H19"})
        restored = await desk.archivist.post(f"{url}/restoration", json={"version": 1}, headers={"If-Match": '"3"'})
        unknown = await desk.archivist.post(f"{url}/restoration", json={"version": 9}, headers={"If-Match": '"4"'})
        past = (await desk.auditor.get(f"{url}/history")).json()["items"]
        agencies = (await desk.auditor.get(f"{url}/agencies/history")).json()["items"]
    assert {name: restored.json()[name] for name in FONDS} == FONDS
    assert (restored.headers["etag"], unknown.json()["code"], agencies) == ('"4"', "catalog.version_unknown", [])
    assert [(each["version"], each["act"], each["by"]) for each in past] == [
        (3, "fonds.restored", "lan"), (2, "workbook.imported", "lan"), (1, "fonds.changed", "lan")
    ]  # fmt: skip
    assert [each["after"]["title"] for each in past] == [FONDS["title"], "Tên ba", OTHER["title"]]
    assert [each["content"]["archive_code"] for each in past] == ["H19", "H19", "H49"]


async def test_a_series_is_given_another_title_and_its_old_one_back(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        made = await desk.archivist.post(f"/catalog/fonds/{desk.fonds_id}/series", json={"code": "I", "title": "Đê"})
        url = f"/catalog/series/{made.json()['id']}"
        changed = await desk.archivist.put(url, json={"title": "Kè"}, headers={"If-Match": made.headers["etag"]})
        late = await desk.archivist.put(url, json={"title": "Cống"}, headers={"If-Match": made.headers["etag"]})
        back = await desk.archivist.post(f"{url}/restoration", json={"version": 1}, headers={"If-Match": '"2"'})
        past = (await desk.auditor.get(f"{url}/history")).json()["items"]
        seen = await desk.auditor.get(url)
    assert (changed.json()["title"], late.status_code, back.json()["title"]) == ("Kè", 412, "Đê")
    assert (seen.headers["etag"], seen.json()) == ('"3"', back.json())
    assert [(each["act"], each["content"]["title"], each["after"]["title"]) for each in past] == [
        ("series.restored", "Kè", "Đê"), ("series.changed", "Đê", "Kè")
    ]  # fmt: skip


async def test_what_a_list_that_is_decided_on_says_stays_until_then(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        made = await desk.archivist.post(f"/catalog/fonds/{desk.fonds_id}/series", json={"code": "I", "title": "Đê"})
        list_id = await desk.list_of(await desk.chosen(series_code="I"))
        await desk.submit(list_id)
        url = f"/catalog/series/{made.json()['id']}"
        refused = [
            await corrected(desk, OTHER),
            await desk.archivist.put(url, json={"title": "Kè"}, headers={"If-Match": '"1"'}),
        ]
        imported = await send(desk, COLUMNS, {**THERE, "archiveCode": "H19"})
        returned = await decided(desk.approver, list_id, "return", {"reason": "Sai tên phông"})
        free = await corrected(desk, OTHER)
    assert [each.json()["code"] for each in refused] == ["catalog.holding_frozen"] * 2
    assert refused[0].json()["fields"] == ["title", "archive_code"]
    assert [(each["column"], each["code"]) for each in imported["errors"]] == [("archiveCode", "archive_code_frozen")]
    assert "chờ quyết định" in imported["errors"][0]["message"]
    assert (returned.status_code, free.status_code) == (200, 200)


async def test_a_fonds_with_an_approved_list_is_corrected_but_for_its_code(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.approved_list(await desk.chosen())
        entries = (await desk.auditor.get(f"/catalog/lists/{list_id}/entries")).json()
        changed = await corrected(desk, OTHER)
        imported = await send(desk, COLUMNS, {**THERE, "fondsTitle": "Tên ba"})
        frozen = await corrected(desk, {**OTHER, "title": "Tên ba", "code": "P09"}, 3)
        same = (await desk.auditor.get(f"/catalog/lists/{list_id}/entries")).json()
        published = len(await desk.published())
    assert (changed.status_code, imported["updated"], same, published) == (200, 1, entries, 1)
    assert (frozen.status_code, frozen.json()["code"]) == (409, "catalog.fonds_code_frozen")


async def test_a_correction_reaches_the_others_with_the_next_edition_as_something_newer(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        ids = [await desk.chosen(number) for number in (1, 2)]
        list_id = await desk.approved_list(*ids)
        amendment = await desk.amended(list_id)
        assert (await corrected(desk, OTHER)).status_code == 200
        differences = (await desk.auditor.get(f"/catalog/lists/{amendment}/differences")).json()["items"]
        assert (await desk.submit(amendment)).status_code == 200
        assert (await desk.approve(amendment)).status_code == 200
        told = [each for each in await desk.published() if isinstance(each, DossierApproved)]
        past = (await desk.auditor.get(f"/catalog/dossiers/{ids[0]}/history")).json()["items"]
    assert [field["field"] for field in differences[0]["fields"]] == ["fonds.title", "fonds.archive_code"]
    before, after = ({each.dossier_id: each for each in portion} for portion in (told[:2], told[2:]))
    assert len(after) == len(before) == 2
    assert all(after[each].version == before[each].version + 1 for each in before)
    assert {(each.fonds.title, each.fonds.archive_code) for each in after.values()} == {(OTHER["title"], "H19")}
    assert [(past[0]["act"], past[0]["content"])] == [("fonds.corrected", {})]


async def test_an_amendment_of_a_fonds_that_stayed_renews_nothing(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        amendment = await desk.amended(await desk.approved_list(dossier_id))
        version = (await desk.stored(dossier_id)).version
        await desk.submit(amendment)
        assert (await desk.stored(dossier_id)).version == version


async def test_nobody_but_describers_corrects(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        for role in (Role.AUDITOR, Role.APPRAISER):
            caller = desk.made.caller(role)
            answer = await caller.put(f"/catalog/fonds/{desk.fonds_id}", json=OTHER, headers={"If-Match": '"1"'})
            assert answer.status_code == 403
