"""A list is appraised by one person, approved by another, numbered, and told with the paper behind it."""

import json
from hashlib import sha256

import httpx
import pytest

from shared.auth.roles import Role
from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk, decided

DECISION = {"number": "123/QĐ-SNV", "signed_on": "05/03/2026", "signer": "Nguyễn Văn Minh"}


async def attach(desk: Desk, list_id: str, content: bytes, **params: str) -> httpx.Response:
    return await decided(desk.approver, list_id, "decision/document", content=content, params=params)


async def appraise(desk: Desk, list_id: str, *remarks: dict[str, str]) -> int:
    body = {"opinion": "Đủ căn cứ", "remarks": list(remarks)}
    return (await decided(desk.appraiser, list_id, "appraisal", body)).status_code


async def test_what_was_appraised_is_approved_by_another_person(ground: Ground) -> None:
    async with catalog_desk(ground, catalog_appraisal_required="true") as desk:
        both = desk.made.caller(Role.APPRAISER, Role.APPROVER, name="hai vai")
        list_id = await desk.list_of(await desk.chosen())
        assert await appraise(desk, list_id) == 409  # a draft
        await desk.submit(list_id)
        too_early = await desk.approve(list_id)
        appraised = (await decided(both, list_id, "appraisal", {"opinion": "Đủ"})).json()
        own = await decided(both, list_id, "approval")
        approved = (await desk.approve(list_id)).json()
        acts = await desk.acts()
    assert (too_early.status_code, too_early.json()["code"]) == (409, "catalog.appraisal_missing")
    assert (appraised["state"], appraised["is_appraised"], appraised["opinion"]) == ("appraised", True, "Đủ")
    assert (own.status_code, own.json()["code"]) == (403, "catalog.own_appraisal")
    assert (approved["state"], approved["appraised_by"], approved["number"]) == ("approved", "hai vai", 1)
    assert acts[-2:] == ["list.appraised", "list.approved"]


async def test_where_nobody_has_to_appraise_the_list_says_that_nobody_did(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.approved_list(await desk.chosen())
        told = (await desk.auditor.get(f"/catalog/lists/{list_id}")).json()
    assert (told["state"], told["is_appraised"], told["appraised_by"], told["decision"]) == (
        "approved",
        False,
        "",
        None,
    )


async def test_nobody_appraises_a_list_of_their_own(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        maker = desk.made.caller(Role.ARCHIVIST, Role.APPRAISER, account_id=desk.archivist_id)
        list_id = await desk.list_of(await desk.chosen())
        await desk.submit(list_id)
        answer = await decided(maker, list_id, "appraisal", {"opinion": "Tốt"})
    assert (answer.status_code, answer.json()["code"]) == (403, "catalog.own_list")


async def test_remarks_of_every_round_stay(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first, second, spare = await desk.chosen(1), await desk.chosen(2), await desk.chosen(3)
        list_id = await desk.list_of(first, second)
        url = f"/catalog/lists/{list_id}"
        await desk.submit(list_id)
        assert await appraise(desk, list_id, {"dossier_id": spare, "remark": "không có trong danh mục"}) == 422
        assert await appraise(desk, list_id, {"dossier_id": second, "remark": "thiếu chứng cứ"}) == 200
        body = {"reason": "xem lại", "remarks": [{"dossier_id": first, "remark": "sai thời gian"}]}
        assert (await decided(desk.appraiser, list_id, "return", body)).status_code == 200
        again = (await desk.submit(list_id)).json()
        assert await appraise(desk, list_id) == 200
        portion = (await desk.auditor.get(f"{url}/remarks", params={"limit": 3})).json()
        rest = (await desk.auditor.get(f"{url}/remarks", params={"cursor": portion["next"]})).json()
    assert (again["round"], again["is_appraised"], again["opinion"], again["reason"]) == (2, False, "", "")
    told = [
        (each["round"], each["stage"], each["dossier_id"], each["remark"]) for each in portion["items"] + rest["items"]
    ]
    assert told == [
        (1, "appraisal", None, "Đủ căn cứ"),
        (1, "appraisal", second, "thiếu chứng cứ"),
        (1, "return", None, "xem lại"),
        (1, "return", first, "sai thời gian"),
        (2, "appraisal", None, "Đủ căn cứ"),
    ]
    assert {each["by"] for each in portion["items"]} == {"hoa"}


async def test_every_remark_on_one_dossier_is_kept(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        list_id = await desk.list_of(dossier_id)
        await desk.submit(list_id)
        both = [{"dossier_id": dossier_id, "remark": words} for words in ("sai thời gian", "thiếu chứng cứ")]
        assert await appraise(desk, list_id, *both) == 200
        returned = await decided(desk.approver, list_id, "return", {"reason": "xem lại", "remarks": both})
        items = (await desk.auditor.get(f"/catalog/lists/{list_id}/remarks")).json()["items"]
    assert returned.status_code == 200
    told = [(each["stage"], each["remark"]) for each in items if each["dossier_id"]]
    assert told == [
        ("appraisal", "sai thời gian"), ("appraisal", "thiếu chứng cứ"),
        ("return", "sai thời gian"), ("return", "thiếu chứng cứ"),
    ]  # fmt: skip


async def test_the_decision_is_told_with_the_approval_and_corrected_later(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.list_of(await desk.chosen())
        url = f"/catalog/lists/{list_id}"
        early = await decided(desk.approver, list_id, "decision", DECISION)
        await desk.submit(list_id)
        approved = (await decided(desk.approver, list_id, "approval", {"decision": DECISION})).json()
        other = {**DECISION, "signed_on": "2026-03-06"}
        unexplained = await decided(desk.approver, list_id, "decision", other)
        why = {**other, "reason": "gõ nhầm ngày"}
        corrected = (await decided(desk.approver, list_id, "decision", why)).json()
        again = await decided(desk.approver, list_id, "decision", other)
        history = (await desk.auditor.get(f"{url}/decision/history")).json()["items"]
        audit = (await desk.auditor.get("/catalog/audit", params={"limit": 500})).json()["items"]
    assert (early.status_code, early.json()["code"]) == (409, "catalog.list_not_approved")
    assert approved["decision"] == {
        "number": "123/QĐ-SNV", "signed_on": "2026-03-05", "signer": "Nguyễn Văn Minh",
        "document_name": "", "document_size": 0, "document_sha256": "",
    }  # fmt: skip
    assert corrected["decision"]["signed_on"] == "2026-03-06"
    assert (unexplained.status_code, unexplained.json()["fields"], again.status_code) == (
        422, [{"field": "reason", "code": "reason_missing"}], 200
    )  # fmt: skip
    assert [(each["by"], each["reason"], each["before"], each["told"]["signed_on"]) for each in history] == [
        ("minh", "gõ nhầm ngày", {**DECISION, "signed_on": "2026-03-05"}, "2026-03-06"),
        ("minh", "", {}, "2026-03-05"),
    ]
    told = [json.loads(each["facts"])["before"] for each in audit if each["act"] == "list.decision_told"]
    assert sorted(str(each and each["signed_on"]) for each in told) == ["2026-03-05", "None"]


@pytest.mark.parametrize("day", ["03/2026", "31/02/2026", "2090-01-01", "hôm qua"])
async def test_a_decision_is_signed_on_a_day_that_was(ground: Ground, day: str) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.approved_list(await desk.chosen())
        answer = await decided(desk.approver, list_id, "decision", {**DECISION, "signed_on": day})
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.field_wrong")


async def test_the_scanned_decision_comes_back_as_it_was_and_older_ones_are_kept(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.approved_list(await desk.chosen())
        url = f"/catalog/lists/{list_id}/decision/document"
        assert (await desk.auditor.get(url)).status_code == 404
        assert (await attach(desk, list_id, content=b"")).json()["code"] == "catalog.list_document_empty"
        assert (await attach(desk, list_id, content=b"x" * (10 << 20) + b"x")).status_code == 413
        await attach(desk, list_id, content=b"first")
        named = {"name": "Quyết định 123.pdf"}
        unexplained = await attach(desk, list_id, content=b"second", **named)
        told = (await attach(desk, list_id, content=b"second", **named, reason="bản rõ hơn")).json()
        found = await desk.auditor.get(url)
        history = (await desk.auditor.get(f"/catalog/lists/{list_id}/decision/history")).json()["items"]
        older = await desk.auditor.get(url, params={"sha256": sha256(b"first").hexdigest()})
        acts = await desk.acts()
    digest = sha256(b"second").hexdigest()
    decision = told["decision"]
    assert (decision["document_name"], decision["document_size"]) == ("Quyết định 123.pdf", 6)
    assert (decision["document_sha256"], found.content, found.headers["etag"]) == (digest, b"second", f'"{digest}"')
    assert acts.count("list.document_attached") == 2
    assert (unexplained.status_code, older.content) == (422, b"first")
    assert [(each["reason"], each["before"].get("sha256")) for each in history] == [
        ("bản rõ hơn", sha256(b"first").hexdigest()), ("", None)
    ]  # fmt: skip


async def test_the_decision_on_a_superseded_list_is_not_rewritten(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.approved_list(await desk.chosen())
        await decided(desk.approver, list_id, "decision", DECISION)
        amendment = await desk.amended(list_id)
        await desk.submit(amendment)
        assert (await desk.approve(amendment)).status_code == 200
        told = {**DECISION, "number": "9/QĐ", "reason": "sửa"}
        refused = [
            await decided(desk.approver, list_id, "decision", told),
            await decided(desk.approver, list_id, "decision/document", content=b"x", params={"reason": "sửa"}),
        ]
        kept = (await desk.auditor.get(f"/catalog/lists/{list_id}")).json()["decision"]
    assert [(each.status_code, each.json()["code"]) for each in refused] == [(409, "catalog.list_not_approved")] * 2
    assert kept["number"] == DECISION["number"]


async def test_lists_are_numbered_within_their_fonds_and_year(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        lists = [await desk.approved_list(await desk.chosen(number)) for number in (1, 2)]
        other = await desk.fonds(code="P02")
        elsewhere = await desk.list_of(await desk.chosen(3, fonds_id=other), fonds_id=other)
        await desk.submit(elsewhere)
        await desk.approve(elsewhere)
        told = [(await desk.auditor.get(f"/catalog/lists/{each}")).json()["number"] for each in (*lists, elsewhere)]
    assert told == [1, 2, 1]


async def test_entries_are_numbered_by_series_and_code_and_stay_as_approved(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        for code in ("I", "II"):
            await desk.archivist.post(
                f"/catalog/fonds/{desk.fonds_id}/series", json={"code": code, "title": f"Nhóm {code}"}
            )
        codes = {"II": (3,), "I": (10, 2), None: (4,)}
        made = [
            await desk.chosen(
                number, series_code=series, sheet_count=5 if series else None,
                page_sizes={"A3": 2, "A4": 8} if number == 3 else {},
            )
            for series, numbers in codes.items() for number in numbers
        ]  # fmt: skip
        list_id = await desk.list_of(*made)
        url = f"/catalog/lists/{list_id}"
        before = (await desk.auditor.get(f"{url}/entries")).json()["items"]
        totals_before = (await desk.auditor.get(f"{url}/totals")).json()
        await desk.submit(list_id)
        await desk.approve(list_id)
        after = (await desk.auditor.get(f"{url}/entries", params={"limit": 3})).json()
        rest = (await desk.auditor.get(f"{url}/entries", params={"cursor": after["next"]})).json()
        totals = (await desk.auditor.get(f"{url}/totals")).json()
    codes_in_order = ["H49.1954.2", "H49.1954.10", "H49.1954.3", "H49.1954.4"]
    assert [each["description"]["file_code"] for each in before] == codes_in_order
    assert after["items"] + rest["items"] == before
    assert [each["number"] for each in before] == [1, 2, 3, 4]
    assert before[1]["evidence"] == {"permanent": "Mục lục số 1"}
    assert totals == totals_before
    assert (totals["dossiers"], totals["sheets"], totals["dossiers_without_sheets"], totals["pages"]) == (4, 15, 1, 40)
    assert (totals["a4_pages"], totals["estimated_bytes"], totals["estimated_days"]) == (42, 42 * 26_000_000, 1)
    assert [(each["code"], each["title"], each["dossiers"]) for each in totals["series"]] == [
        ("I", "Nhóm I", 2), ("II", "Nhóm II", 1), (None, "", 1),
    ]  # fmt: skip
