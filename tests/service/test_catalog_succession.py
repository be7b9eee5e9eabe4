"""A succession of agencies can be undone while nothing rests on it; both acts stay in the history."""

from tests.grounds import Ground
from tests.service.catalog_desk import catalog_desk
from tests.service.conftest import in_one_mode
from tests.service.test_catalog_agencies import BINH_PHUOC, DONG_NAI, SONG_BE, act, coded, found, made

MERGED = {"on": "2025-07-01", "basis": "Nghị quyết 202/2025/QH15"}
MISTAKEN = {"reason": "Nhập nhầm cơ quan kế thừa"}
UNDOING = "succession/undoing"


async def test_what_was_undone_is_as_before_and_may_be_done_again(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        old = await made(desk, SONG_BE, BINH_PHUOC, codes=[coded("H10", "1997-01-01")])
        new, right = await made(desk, DONG_NAI, codes=[coded("H19", "1976-01-01")]), await made(desk)
        ended = (await act(desk, old, "succession", {**MERGED, "successor_id": new["id"]})).json()
        stale = await act(desk, old, UNDOING, MISTAKEN)
        untold = await act(desk, ended, UNDOING, {"reason": " "})
        undone = await act(desk, ended, UNDOING, MISTAKEN)
        again = await act(desk, ended, UNDOING, MISTAKEN)
        other = await act(desk, undone.json(), UNDOING, {"reason": "khác"})
        now, then = await found(desk, "H10"), await found(desk, "h10", "2020-05-01")
        done_right = await act(desk, undone.json(), "succession", {**MERGED, "successor_id": right["id"]})
        past = (await desk.auditor.get(f"/catalog/agencies/{old['id']}/history")).json()["items"]
    assert [answer.status_code for answer in (stale, untold, undone)] == [412, 422, 200]
    assert again.json() == undone.json(), "sent again, it is done already"
    assert {**undone.json(), "version": 1} == {**old, "version": 1}
    assert (other.status_code, other.json()["code"]) == (409, "catalog.succession_missing")
    assert (now["agency"]["id"], now["is_in_force"], now["successors"]) == (old["id"], True, [])
    assert then["agency"]["id"] == old["id"]
    assert (done_right.status_code, done_right.json()["successor_id"]) == (200, right["id"])
    assert [each["act"] for each in past] == ["agency.succeeded", "agency.succession_undone", "agency.succeeded"]
    assert past[1]["content"]["reason"] == MISTAKEN["reason"]
    assert past[1]["content"]["agency"]["successor_id"] == new["id"]
    assert past[1]["after"]["agency"]["successor_id"] is None
    assert past[1]["after"]["names"] == past[2]["content"]["names"]


@in_one_mode
async def test_it_is_refused_once_something_rests_on_it(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        url = f"/catalog/fonds/{desk.fonds_id}/agencies"

        async def attributed(creator: str, version: int) -> None:
            told = {"creator_id": creator}
            answer = await desk.archivist.put(url, json=told, headers={"If-Match": f'"{version}"'})
            assert answer.status_code == 200, answer.text

        old = await made(desk, SONG_BE, BINH_PHUOC, codes=[coded("H10", "1997-01-01")])
        new, last = await made(desk, DONG_NAI), await made(desk)
        await attributed(old["id"], 0)
        ended = (await act(desk, old, "succession", {**MERGED, "successor_id": new["id"]})).json()
        await attributed(new["id"], 1)
        moved = await act(desk, ended, UNDOING, MISTAKEN)
        await attributed(old["id"], 2)
        follow = {"successor_id": last["id"], "on": "2026-01-01", "basis": "QĐ"}
        of_new = (await act(desk, new, "succession", follow)).json()
        followed = await act(desk, ended, UNDOING, MISTAKEN)
        assert (await act(desk, of_new, UNDOING, MISTAKEN)).status_code == 200
        taken_by = (await act(desk, last, "codes", {"code": "H10", "starts_on": "2025-08-01"})).json()
        taken = await act(desk, ended, UNDOING, MISTAKEN)
        unchanged = (await desk.auditor.get(f"/catalog/agencies/{old['id']}")).json()
        past = (await desk.auditor.get(f"{url}/history")).json()["items"]
    assert (moved.status_code, moved.json()["code"], moved.json()["fonds"]) == (
        409, "catalog.fonds_moved_since", ["P01"]
    )  # fmt: skip
    assert (followed.json()["code"], followed.json()["agency_id"]) == ("catalog.successor_ended_since", new["id"])
    assert (taken.json()["code"], taken.json()["agency_id"]) == ("catalog.agency_code_taken", taken_by["id"])
    assert unchanged == ended, "what was refused changed nothing"
    assert [(each["version"], each["content"]["creator_id"], each["by"]) for each in past] == [
        (2, new["id"], "lan"), (1, old["id"], "lan"), (0, None, "lan")
    ]  # fmt: skip
    assert [each["after"]["creator_id"] for each in past] == [old["id"], new["id"], old["id"]]
