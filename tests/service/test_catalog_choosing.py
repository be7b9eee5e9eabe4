"""Selection lists: made, submitted, approved by another person or returned, and frozen meanwhile."""

import json
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col

from services.catalog.models import CriterionMark, Dossier
from services.catalog.models.lists import SelectionList
from services.catalog.operations.freezing import listed_dossiers
from shared.auth.roles import Role
from tests.grounds import Ground
from tests.service.catalog_desk import ARRANGED, FONDS, Desk, catalog_desk, decided


async def test_an_approved_list_tells_of_every_dossier_as_described(ground: Ground) -> None:
    documents = [{"number": 1, "title": "Tờ trình", "first_page": 1, "last_page": 10, "issuer": "Sở Thủy lợi"}]
    async with catalog_desk(ground) as desk:
        made: dict[str, Any] = {
            "kind": "map",
            "carrier": "cloth",
            "conditions": ["torn"],
            "page_sizes": {"A1": 2, "A4": 8},
        }
        first = await desk.chosen(2, languages=["01", "03"], starts_on="1954", keywords="đê", **made)
        second = await desk.chosen(1)
        await desk.put(f"/catalog/dossiers/{first}/documents", {"documents": documents})
        list_id = await desk.list_of(first, second)
        submitted = (await desk.submit(list_id)).json()
        assert await desk.events() == []
        approved = (await desk.approve(list_id)).json()
        told = await desk.events()
        described = (await desk.auditor.get(f"/catalog/dossiers/{first}")).json()
        acts = await desk.acts()
    assert (submitted["state"], submitted["dossier_count"], submitted["page_count"]) == ("submitted", 2, 20)
    assert (approved["state"], approved["decided_by"], approved["sha256"]) == ("approved", "minh", submitted["sha256"])
    assert [str(event.dossier_id) for event in told] == [second, first]  # in order of their codes
    event = told[1]
    assert event.fonds.model_dump(exclude={"id"}) == FONDS
    for name, value in event.description.model_dump(mode="json").items():
        assert value == described[name], name
    told_fields = set(described["documents"][0])
    assert [each.model_dump(mode="json", include=told_fields) for each in event.documents] == described["documents"]
    assert event.documents[0].issuer == "Sở Thủy lợi"
    assert (event.criteria, event.year, event.list_sha256) == (("permanent",), 2026, submitted["sha256"])
    assert (event.actor, event.version) == ("minh", described["version"])
    assert acts[-1] == "list.approved"


async def test_a_dossier_that_may_not_be_listed_is_refused_with_its_reason(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        right, unmarked = await desk.chosen(1), await desk.dossier(2)
        unarranged = await desk.chosen(3, is_arranged=False)
        elsewhere = await desk.chosen(4, fonds_id=await desk.fonds(code="P02"))
        taken = await desk.chosen(5)
        long = await desk.chosen(6, file_code="001.03.08.H30.81.2024.K4.01.01.001")
        await desk.list_of(taken)
        unknown = "0195c2f0-0000-7000-8000-00000000000a"
        list_id = await desk.list_of()
        answer = await desk.put_on(list_id, right, unmarked, unarranged, elsewhere, taken, long, unknown)
        assert (await desk.stored(right)).list_id is None
    assert (answer.status_code, answer.json()["code"]) == (409, "catalog.not_eligible")
    assert answer.json()["dossiers"] == {
        unmarked: "no_criterion_with_evidence",
        unarranged: "not_arranged",
        elsewhere: "other_fonds",
        taken: "on_another_list",
        long: "no_room_for_document_numbers",
        unknown: "unknown",
    }


async def test_what_stopped_being_eligible_is_found_at_submission(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        list_id = await desk.list_of(dossier_id)
        await desk.put(f"/catalog/dossiers/{dossier_id}/criteria", {"criteria": []})
        answer = await desk.submit(list_id)
    assert (answer.status_code, answer.json()["dossiers"]) == (409, {dossier_id: "no_criterion_with_evidence"})


async def test_putting_on_and_taking_off_twice_is_done_once(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first, second = await desk.chosen(1), await desk.chosen(2)
        list_id = await desk.list_of(first, second)
        again = await desk.put_on(list_id, first, first)
        url = f"/catalog/lists/{list_id}/dossiers/{first}"
        once, twice = await desk.archivist.delete(url), await desk.archivist.delete(url)
        other = await desk.list_of(first)  # free again
        acts = await desk.acts()
    assert again.json()["dossier_count"] == 2
    assert [each.json()["dossier_count"] for each in (once, twice)] == [1, 1]
    assert other != list_id
    assert acts.count("list.extended") == 2
    assert acts.count("list.shortened") == 1


async def test_a_submitted_list_and_its_dossiers_are_frozen_until_it_is_returned(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id, spare = await desk.chosen(1), await desk.chosen(2)
        list_id = await desk.list_of(dossier_id)
        await desk.submit(list_id)
        changes = await attempts(desk, list_id, dossier_id, spare)
        returned = (await decided(desk.approver, list_id, "return", {"reason": "thiếu căn cứ"})).json()
        open_again = await attempts(desk, list_id, dossier_id, spare)
    assert changes == [(409, "catalog.description_frozen")] * 3 + [(409, "catalog.list_not_changeable")] * 2
    assert (returned["state"], returned["reason"], returned["decided_by"]) == ("returned", "thiếu căn cứ", "minh")
    assert open_again == [(200, "")] * 5


async def attempts(desk: Desk, list_id: str, dossier_id: str, spare: str) -> list[tuple[int, str]]:
    """Try every change of a listed dossier and of its list; gives how each was answered."""
    url = f"/catalog/dossiers/{dossier_id}"
    body = {"file_code": "A", "title": "changed", "page_count": 10, "is_arranged": True}
    marks = {"criteria": [{"criterion": "at_risk", "evidence": "mủn"}]}
    answers = [
        await desk.put(url, body),
        await desk.put(f"{url}/documents", {"documents": [{"number": 1, "title": "x"}]}),
        await desk.put(f"{url}/criteria", marks),
        await desk.put_on(list_id, spare),
        await desk.archivist.delete(f"/catalog/lists/{list_id}/dossiers/{spare}"),
    ]
    return [(answer.status_code, answer.json().get("code", "")) for answer in answers]


async def test_a_returned_list_is_submitted_again_with_another_digest(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first, second = await desk.chosen(1), await desk.chosen(2)
        list_id = await desk.list_of(first)
        digest = (await desk.submit(list_id)).json()["sha256"]
        await decided(desk.approver, list_id, "return", {"reason": "thiếu"})
        await desk.put_on(list_id, second)
        again = (await desk.submit(list_id)).json()
        approved = await desk.approve(list_id)
    assert again["sha256"] != digest
    assert (again["reason"], again["decided_by"]) == ("", "")
    assert approved.json()["state"] == "approved"


async def test_nobody_decides_a_list_they_had_a_hand_in(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        helper = desk.made.caller(Role.ARCHIVIST, Role.APPROVER, name="hoa", account_id=desk.archivist_id)
        editor = desk.made.caller(Role.ARCHIVIST, Role.APPROVER, name="an")
        first, second = await desk.chosen(1), await desk.chosen(2)
        list_id = await desk.list_of(first)
        put = await editor.put(f"/catalog/lists/{list_id}/dossiers", json={"dossier_ids": [second]})
        await desk.submit(list_id)
        for person in (helper, editor):  # the maker, and one who put a dossier on it
            for verb, body in (("approval", None), ("return", {"reason": "x"})):
                answer = await decided(person, list_id, verb, body)
                assert (answer.status_code, answer.json()["code"]) == (403, "catalog.own_list")
        assert put.status_code == 200
        assert await desk.events() == []
        assert (await desk.approve(list_id)).status_code == 200


async def test_the_submitter_alone_is_enough_to_be_refused(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        submitter = desk.made.caller(Role.ARCHIVIST, Role.APPROVER, name="an")
        list_id = await desk.list_of(await desk.chosen())
        assert (await decided(submitter, list_id, "submission")).status_code == 200
        answer = await decided(submitter, list_id, "approval")
    assert answer.json()["code"] == "catalog.own_list"


async def test_whoever_submitted_it_once_does_not_decide_it_later(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first = desk.made.caller(Role.ARCHIVIST, Role.APPROVER, name="an")
        list_id = await desk.list_of(await desk.chosen())
        await decided(first, list_id, "submission")
        await decided(desk.approver, list_id, "return", {"reason": "thiếu"})
        await desk.submit(list_id)
        answer = await decided(first, list_id, "approval")
    assert (answer.status_code, answer.json()["code"]) == (403, "catalog.own_list")


async def test_a_list_moves_only_as_the_table_says(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.list_of(await desk.chosen())

        async def moves() -> list[int]:
            return [
                (await desk.approve(list_id)).status_code,
                (await decided(desk.approver, list_id, "return", {"reason": "x"})).status_code,
            ]

        assert await moves() == [409, 409]  # a draft
        await desk.submit(list_id)
        assert (await desk.submit(list_id)).json()["code"] == "catalog.state_goes_backwards"
        await desk.approve(list_id)
        assert await moves() == [409, 409]  # approved
        assert (await desk.submit(list_id)).status_code == 409
        assert len(await desk.events()) == 1


async def test_a_return_says_why(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.list_of(await desk.chosen())
        await desk.submit(list_id)
        for body in ({}, {"reason": "  "}, None):
            assert (await decided(desk.approver, list_id, "return", body)).status_code == 422


async def test_an_empty_list_cannot_be_submitted(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        answer = await desk.submit(await desk.list_of())
    assert (answer.status_code, answer.json()["code"]) == (409, "catalog.list_empty")


@pytest.mark.parametrize("tampered", ["title", "evidence", "taken_off", "proof"])
async def test_what_was_changed_behind_our_back_is_not_approved(ground: Ground, tampered: str) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.list_of(await desk.chosen(1), await desk.chosen(2))
        await desk.submit(list_id)
        changes = {
            "title": update(Dossier).where(col(Dossier.file_code) == "H49.1954.1").values(title="khác"),
            "evidence": update(CriterionMark).values(evidence="khác"),
            "proof": update(Dossier).values(arrangement_number="khác"),
            "taken_off": update(Dossier).where(col(Dossier.file_code) == "H49.1954.1").values(list_id=None),
        }
        async with desk.database.writing() as uow:
            await uow.session.exec(changes[tampered])
        answer = await desk.approve(list_id)
        assert (answer.status_code, answer.json()["code"]) == (409, "catalog.list_changed")
        assert await desk.events() == []
        assert (await desk.auditor.get(f"/catalog/lists/{list_id}")).json()["state"] == "submitted"


async def test_the_digest_is_of_everything_that_the_approver_judges(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.list_of(
            await desk.chosen(1), await desk.chosen(2, secrecy="expired", secrecy_decision="5/QĐ")
        )
        digest = (await desk.submit(list_id)).json()["sha256"]
        async with desk.database.writing() as uow:
            listed = await listed_dossiers(uow, await uow.session.get_one(SelectionList, UUID(list_id)))
            facts = [each.facts for each in listed]
    spelled = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert digest == sha256(spelled.encode()).hexdigest()
    assert [fact["dossier"]["description"]["file_code"] for fact in facts] == ["H49.1954.1", "H49.1954.2"]
    assert facts[1]["columns"] == {
        "series_code": None,
        "secrecy": "expired",
        "secrecy_decision": "5/QĐ",
        **ARRANGED,
    }
    assert facts[1]["evidence"] == {"permanent": "Mục lục số 1"}


async def test_lists_are_listed_by_state_and_paged(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        made = [await desk.list_of(await desk.chosen(number)) for number in range(3)]
        await desk.submit(made[1])
        every = (await desk.auditor.get("/catalog/lists")).json()["items"]
        drafts = (await desk.auditor.get("/catalog/lists", params={"state": "draft"})).json()["items"]
        first = (await desk.auditor.get("/catalog/lists", params={"limit": 2})).json()
        rest = (await desk.auditor.get("/catalog/lists", params={"limit": 2, "cursor": first["next"]})).json()
    assert [each["id"] for each in every] == made
    assert [each["id"] for each in drafts] == [made[0], made[2]]
    assert ([each["id"] for each in rest["items"]], rest["next"]) == ([made[2]], None)


@pytest.mark.parametrize(
    "changes", [{"year": "2026"}, {"year": 1999}, {"name": ""}, {"colour": "red"}, {"fonds_id": "P01"}]
)
async def test_a_list_of_another_shape_is_refused(ground: Ground, changes: dict[str, object]) -> None:
    async with catalog_desk(ground) as desk:
        body = {"fonds_id": desk.fonds_id, "name": "x", "year": 2026, **changes}
        assert (await desk.archivist.post("/catalog/lists", json=body)).status_code == 422
        for ids in ([], ["x"], [desk.fonds_id] * 1001):
            answer = await desk.archivist.put(f"/catalog/lists/{desk.fonds_id}/dossiers", json={"dossier_ids": ids})
            assert answer.status_code == 422
