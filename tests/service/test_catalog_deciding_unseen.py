"""Nobody decides on a list that they have not seen: every decision names the list's ETag."""

from typing import Any

import pytest

from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk, decided

PAPER = {"number": "12/QĐ-SNV", "signed_on": "05/03/2026", "signer": "Trần Thị Mai"}
OTHER = {**PAPER, "number": "13/QĐ-SNV", "reason": "gõ nhầm số"}
ACTS: dict[str, Any] = {
    "submission": None, "appraisal": {"opinion": "Đủ"}, "approval": None, "return": {"reason": "x"},
    "abandonment": None, "decision": OTHER, "decision/document": None,
}  # fmt: skip


async def tag_seen(desk: Desk, list_id: str) -> str:
    """Look at a list."""
    answer = await desk.auditor.get(f"/catalog/lists/{list_id}")
    assert answer.headers["etag"] == f'"{answer.json()["tag"]}"'
    return str(answer.headers["etag"])


async def test_a_list_that_was_submitted_anew_is_not_decided_on_as_it_was_before(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        list_id = await desk.list_of(dossier_id)
        first = (await desk.submit(list_id)).json()["sha256"]
        seen = await tag_seen(desk, list_id)
        await decided(desk.approver, list_id, "return", {"reason": "sửa"})
        marks = {"criteria": [{"criterion": "permanent", "evidence": "Không ai đã xem"}]}
        assert (await desk.put(f"/catalog/dossiers/{dossier_id}/criteria", marks)).status_code == 200
        second = (await desk.submit(list_id)).json()["sha256"]
        refused = [
            await decided(desk.appraiser, list_id, "appraisal", {"opinion": "Đủ"}, seen=seen),
            await decided(desk.approver, list_id, "approval", seen=seen),
            await decided(desk.approver, list_id, "return", {"reason": "x"}, seen=seen),
        ]
        told = refused[0].json()
        approved = await decided(desk.approver, list_id, "approval", seen=f'"{told["tag"]}"')
    assert first != second
    assert [(each.status_code, each.json()["code"]) for each in refused] == [(412, "catalog.list_overtaken")] * 3
    assert (approved.status_code, approved.json()["sha256"]) == (200, second)


async def test_a_list_that_changed_nothing_is_another_once_it_is_submitted_again(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.list_of(await desk.chosen())
        tags = [await tag_seen(desk, list_id)]
        for _round in range(2):
            await desk.submit(list_id)
            tags.append(await tag_seen(desk, list_id))
            await decided(desk.approver, list_id, "return", {"reason": "xem lại"})
            tags.append(await tag_seen(desk, list_id))
        late = await decided(desk.archivist, list_id, "submission", seen=tags[2])
    assert len(set(tags)) == len(tags)
    assert (late.status_code, late.json()["code"]) == (412, "catalog.list_overtaken")


async def test_two_who_correct_the_paper_at_once_do_not_overwrite_each_other(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.approved_list(await desk.chosen())
        await decided(desk.approver, list_id, "decision", PAPER)
        seen = await tag_seen(desk, list_id)
        mine = await decided(desk.approver, list_id, "decision", OTHER, seen=seen)
        again = await decided(desk.approver, list_id, "decision", OTHER, seen=seen)
        yours = await decided(desk.approver, list_id, "decision", {**OTHER, "signer": "Khác"}, seen=seen)
        file = await decided(desk.approver, list_id, "decision/document", seen=seen, content=b"%PDF")
    assert (mine.status_code, again.status_code) == (200, 200)  # whose answer was lost asks again
    assert [(each.status_code, each.json()["code"]) for each in (yours, file)] == [(412, "catalog.list_overtaken")] * 2


@pytest.mark.parametrize("act", list(ACTS))
async def test_every_decision_names_what_was_seen(ground: Ground, act: str) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.list_of(await desk.chosen())
        person = {"submission": desk.archivist, "abandonment": desk.archivist, "appraisal": desk.appraiser}
        untold = [
            await decided(person.get(act, desk.approver), list_id, act, ACTS[act], seen=seen)
            for seen in ("*", '"1"', 'W/"' + "0" * 32 + '"')
        ]
    assert [(each.status_code, each.json()["code"]) for each in untold] == [(428, "catalog.version_untold")] * 3
