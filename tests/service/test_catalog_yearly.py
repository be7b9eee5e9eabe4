"""The yearly list is gathered, given up or frozen with a number and a digest, sent; a newer one tells what changed."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.models import Dossier, plumbing
from services.catalog.models.yearly import YearlyLine, YearlyList
from services.catalog.operations import gathering
from services.catalog.operations.gathering import digest_in
from shared.clock import day_in_vietnam, now
from shared.events.ingest import DossierPreserved
from shared.ids import DossierId
from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk
from tests.service.conftest import in_one_mode
from tests.service.reporting_facts import Dossier as Preserving

URL = "/catalog/yearly-lists"


async def gathered(desk: Desk, **more: object) -> dict[str, Any]:
    """Make a list and wait until it is gathered."""
    answer = await desk.archivist.post(URL, json={"year": 2026, **more})
    assert answer.status_code == 201, answer.text
    for _ in range(200):
        told: dict[str, Any] = (await desk.auditor.get(f"{URL}/{answer.json()['id']}")).json()
        if told["state"] != "gathering":
            return told
        await asyncio.sleep(0.05)
    raise AssertionError("never gathered")


async def act(desk: Desk, told: dict[str, Any], what: str, body: object = None) -> httpx.Response:
    """Change a list in the version that was seen."""
    headers = {"If-Match": f'"{told["version"]}"'}
    return await desk.archivist.post(f"{URL}/{told['id']}/{what}", json=body, headers=headers)


async def frozen(desk: Desk, **more: object) -> dict[str, Any]:
    """Make a list and freeze it."""
    answer = await act(desk, await gathered(desk, **more), "freezing")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def lines(desk: Desk, told: dict[str, Any]) -> list[dict[str, Any]]:
    """Read the dossiers on a list."""
    items: list[dict[str, Any]] = (await desk.auditor.get(f"{URL}/{told['id']}/dossiers")).json()["items"]
    return items


def preserved(dossier_id: str, copies: int = 2) -> DossierPreserved:
    """Say that a dossier has its copies."""
    return (
        Preserving()
        .preserved()
        .model_copy(update={"dossier_id": DossierId(UUID(dossier_id)), "verified_copies": copies})
    )


LETTER = {"sent_to": "Cục Văn thư và Lưu trữ nhà nước", "letter_number": "125/TTLTLS-QL"}


async def inventoried(desk: Desk) -> None:
    """Describe dossiers of every kind: two that need a copy, and one for each reason to leave it out."""
    for number in (2, 1):
        await desk.chosen(number, title=f"=HYPERLINK(“{number}”)", sheet_count=5, starts_on="12/1954")
    await desk.dossier(3)
    await desk.chosen(8, title="Chưa ai xem", secrecy_by="")
    await desk.chosen(4, reserve=False)
    await desk.chosen(5, title="Kế hoạch phòng thủ", secrecy="secret")
    copied, copied_once = await desk.chosen(6), await desk.chosen(7)
    await desk.made.tell("catalog", [preserved(copied), preserved(copied_once, copies=1)])


async def test_a_list_names_what_needs_a_copy_and_counts_what_it_leaves_out(ground: Ground) -> None:
    async with catalog_desk(ground, catalog_secrets_allowed=True) as desk:
        await inventoried(desk)
        draft = await gathered(desk)
        on_it = await lines(desk, draft)
        fixed = (await act(desk, draft, "freezing")).json()
        again = await act(desk, draft, "freezing")
        async with desk.database.reading() as session:
            digest = await digest_in(session, UUID(draft["id"]))
    assert [(each["number"], each["file_code"]) for each in on_it] == [
        (1, "H49.1954.1"), (2, "H49.1954.2"), (3, "H49.1954.7")
    ]  # fmt: skip
    assert (draft["dossier_count"], draft["page_count"], draft["sheet_count"]) == (3, 30, 10)
    assert draft["left_out"] == {
        "no_criterion_with_evidence": 1, "not_marked": 1, "secret": 1, "copied": 1, "unchecked": 1,
    }  # fmt: skip
    assert draft["left_out_words"].keys() == draft["left_out"].keys()
    assert draft["left_out_words"]["unchecked"]["vi"].startswith("Chưa ai kiểm tra độ mật")
    assert (draft["state"], draft["number"], fixed["state"], fixed["number"]) == ("gathered", None, "frozen", 1)
    assert fixed["sha256"] == draft["sha256"] == digest
    assert again.json() == fixed, "sent again because the answer was lost"


async def test_a_frozen_list_is_marked_as_sent(ground: Ground) -> None:
    letter = {**LETTER, "sent_on": str(day_in_vietnam(now()))}
    async with catalog_desk(ground) as desk:
        await desk.chosen(1)
        fixed = await frozen(desk)
        tomorrow = await act(desk, fixed, "sending", {**letter, "sent_on": "2999-01-01"})
        early = await act(desk, fixed, "sending", {**letter, "sent_on": "2020-01-01"})
        sent = await act(desk, fixed, "sending", letter)
        resent = await act(desk, fixed, "sending", letter)
        other_letter = await act(desk, sent.json(), "sending", {**letter, "letter_number": "126"})
        acts = await desk.acts()
    assert [(each.status_code, each.json()["code"]) for each in (tomorrow, early)] == [
        (422, "catalog.sending_wrong")
    ] * 2
    assert (sent.json()["state"], sent.json()["letter_number"]) == ("sent", "125/TTLTLS-QL")
    assert resent.json() == sent.json()
    assert (other_letter.status_code, other_letter.json()["state"]) == (409, "sent")
    assert [act for act in acts if act.startswith("yearly")] == [
        "yearly_list.begun", "yearly_list.gathered", "yearly_list.frozen", "yearly_list.sent"
    ]  # fmt: skip


async def test_a_newer_list_names_what_it_replaces_and_tells_the_difference(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        kept, changed, gone = [await desk.chosen(number) for number in (1, 2, 3)]
        first = await frozen(desk)
        body = {"file_code": "H49.1954.2", "title": "Tên mới", "page_count": 11, "secrecy_by": "Nguyễn Thị Lan"}
        assert (await desk.put(f"/catalog/dossiers/{changed}", body)).status_code == 200
        await desk.made.tell("catalog", [preserved(gone)])
        came = await desk.chosen(4)
        silent = await act(desk, await gathered(desk), "freezing")
        second = await frozen(desk, replaces_id=first["id"])
        told = (await desk.auditor.get(f"{URL}/{second['id']}/differences")).json()["items"]
        of_first = (await desk.auditor.get(f"{URL}/{first['id']}/differences")).json()["items"]
        rival = await act(desk, await gathered(desk, replaces_id=first["id"]), "freezing")
        before = await lines(desk, first)
    assert (silent.status_code, silent.json()["code"]) == (409, "catalog.yearly_list_replaces")
    assert silent.json()["current"] == first["id"]
    assert (second["number"], second["replaces_id"]) == (2, first["id"])
    by_id = {each["dossier_id"]: each for each in told}
    assert by_id.keys() == {changed, gone, came}
    assert by_id[changed]["fields"] == ["title", "page_count"]
    assert (by_id[changed]["before"]["title"], by_id[changed]["after"]["title"]) == ("Hồ sơ 2", "Tên mới")
    assert (by_id[gone]["after"], by_id[came]["before"]) == (None, None)
    assert {each["dossier_id"] for each in of_first} == {kept, changed, gone}, "of a first list, everything came"
    assert rival.json()["current"] == second["id"], "a list is replaced once"
    assert [each["title"] for each in before] == ["Hồ sơ 1", "Hồ sơ 2", "Hồ sơ 3"], "what was frozen stays"


@in_one_mode
async def test_what_cannot_be_done_with_a_list(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        empty = await act(desk, await gathered(desk), "freezing")
        await desk.chosen(1)
        draft = await gathered(desk)
        unsent = await act(desk, draft, "sending", {"sent_to": "Cục", "sent_on": "2026-01-01", "letter_number": "1"})
        stale = await act(desk, {**draft, "version": 1}, "freezing")
        untold = await desk.archivist.post(f"{URL}/{draft['id']}/freezing")
        refused = await desk.auditor.post(f"{URL}/{draft['id']}/freezing")
        answers = await asyncio.gather(*(act(desk, draft, "freezing") for _ in range(4)))
    assert (empty.status_code, empty.json()["code"]) == (409, "catalog.yearly_list_empty")
    assert (unsent.status_code, unsent.json()["code"]) == (409, "catalog.yearly_list_state_wrong")
    assert [answer.status_code for answer in (stale, untold, refused)] == [412, 428, 403]
    assert [answer.json()["number"] for answer in answers] == [1] * 4


@in_one_mode
async def test_a_list_of_many_portions_names_each_dossier_once(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "AT_ONCE", 3)
    async with catalog_desk(ground) as desk:
        for number in range(10):
            await desk.chosen(number)
        made = await frozen(desk)
        numbers = [each["number"] for each in await lines(desk, made)]
    assert numbers == list(range(1, 11))


async def test_a_draft_is_given_up_with_a_reason_and_another_gathered(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.chosen(1)
        draft = await gathered(desk)
        untold = await act(desk, draft, "discarding", {"reason": " "})
        stale = await act(desk, {**draft, "version": 1}, "discarding", {"reason": "thiếu hồ sơ"})
        given_up = await act(desk, draft, "discarding", {"reason": "thiếu hồ sơ"})
        again = await act(desk, draft, "discarding", {"reason": "thiếu hồ sơ"})
        late = await act(desk, given_up.json(), "freezing")
        await desk.chosen(2)
        fixed = await frozen(desk)
        of_fixed = await act(desk, fixed, "discarding", {"reason": "thiếu hồ sơ"})
        past = (await desk.auditor.get(f"{URL}/{draft['id']}/history")).json()["items"]
    assert [answer.status_code for answer in (untold, stale, given_up)] == [422, 412, 200]
    assert again.json() == given_up.json()
    told = given_up.json()
    assert (told["state"], told["discarded_by"], told["discard_reason"]) == ("discarded", "lan", "thiếu hồ sơ")
    assert [answer.json()["code"] for answer in (late, of_fixed)] == ["catalog.yearly_list_state_wrong"] * 2
    assert (fixed["number"], fixed["dossier_count"]) == (1, 2)
    assert [(each["act"], each["by"], each["content"]["list"]["state"]) for each in past] == [
        ("yearly_list.discarded", "lan", "gathered")
    ]
    assert past[0]["after"]["list"]["discard_reason"] == "thiếu hồ sơ"


@in_one_mode
async def test_a_list_that_nobody_gathers_any_more_is_given_up(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.chosen(1)
        told = await gathered(desk)
        async with desk.database.writing() as uow:  # as it is after a restore: half gathered, and without a job
            made = await uow.session.get_one(YearlyList, UUID(told["id"]))
            made.state, made.gathered_at = "gathering", None
        given_up = await act(desk, told, "discarding", {"reason": "khôi phục dở dang"})
        shown = await desk.auditor.get(f"{URL}/{told['id']}/dossiers")
        async with desk.database.reading() as session:
            left = (await session.exec(select(YearlyLine))).all()
    assert (given_up.status_code, left) == (200, [])
    assert (shown.status_code, shown.json()["state"]) == (409, "discarded")


@in_one_mode
async def test_a_list_that_is_given_up_while_it_is_gathered_ends_empty(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    known_of = gathering.known_of

    async def slowly(session: AsyncSession, rows: Sequence[Dossier]) -> gathering.Known:
        begun.set()
        await go_on.wait()
        return await known_of(session, rows)

    monkeypatch.setattr(gathering, "known_of", slowly)
    async with catalog_desk(ground) as desk:
        await desk.chosen(1)
        made = (await desk.archivist.post(URL, json={"year": 2026})).json()
        await begun.wait()
        given_up = await act(desk, made, "discarding", {"reason": "nhầm năm"})
        go_on.set()
        await idle(desk)
        told = (await desk.auditor.get(f"{URL}/{made['id']}")).json()
        async with desk.database.reading() as session:
            left = (await session.exec(select(YearlyLine))).all()
    assert (given_up.status_code, told["state"], left) == (200, "discarded", [])


async def idle(desk: Desk) -> None:
    """Wait until no job is left to be done."""
    asked = select(plumbing.job).where(col(plumbing.job.state).in_(("pending", "running")))
    for _ in range(500):
        async with desk.database.reading() as session:
            if (await session.exec(asked)).first() is None:
                return
        await asyncio.sleep(0.02)
    raise AssertionError("never done")
