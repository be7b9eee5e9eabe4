"""Verdicts: each about the image it names, once however often it is sent, and undone by a record of its own."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from services.qc.domain.reasons import ReasonClass, class_of, reasons
from services.qc.errors import ReasonUnknown
from shared.events.ingest import RescanClosed
from shared.events.qc import DossierAccepted, RescanOrdered, RescanWithdrawn
from shared.ids import DossierId, PageId
from tests.grounds import Ground
from tests.service.conftest import Set
from tests.service.qc_desk import Desk, code_of, queued, results, send, told


@pytest.fixture
async def desk(at_work: Set, ground: Ground) -> AsyncIterator[Desk]:
    async with at_work("qc") as system:
        yield Desk(system, ground)


async def test_a_verdict_on_an_older_image_is_refused_and_told_of_the_newest(desk: Desk) -> None:
    dossier = await desk.dossier("r")
    (page,) = await desk.take("lan", dossier)
    newer = await desk.rescanned(page)
    stale = await desk.say("lan", page)
    assert code_of(stale) == (409, "qc.image_stale")
    assert (stale.json()["version"], stale.json()["sha256"]) == (2, newer)
    unchecked = await desk.say("lan", {**page, "sha256": newer})
    assert code_of(unchecked) == (409, "qc.page_not_checked")


async def test_the_same_key_gives_the_same_answer_and_refuses_anything_else(desk: Desk) -> None:
    dossier = await desk.dossier("rr")
    first, second = await desk.take("lan", dossier)
    path = f"/qc/verdicts/{uuid4()}"
    lan, body = desk.inspector("lan"), told(first, "rejected", reason="blurred", note="mờ")
    answer = await lan.put(path, json=body)
    assert (answer.status_code, answer.json()["version"], answer.json()["inspector"]) == (200, 1, "lan")
    again = await lan.put(path, json=body)
    assert (again.status_code, again.json()) == (200, answer.json())
    for other in (told(first), told(second, "rejected", reason="blurred", note="mờ"), {**body, "note": "khác"}):
        assert code_of(await lan.put(path, json=other)) == (409, "qc.key_reused")
    assert code_of(await desk.inspector("minh").put(path, json=body)) == (409, "qc.key_reused"), "not his"
    history = (await lan.get(f"/qc/pages/{first['page_id']}/history")).json()
    assert len(history["verdicts"]) == 1


async def test_a_queue_is_answered_one_by_one_in_order_and_may_be_sent_again(desk: Desk) -> None:
    dossier = await desk.dossier("rrrf")
    one, two, three, four = await desk.take("lan", dossier)
    undone = queued(two, "rescan", reason="skewed")
    queue = [
        queued(one),
        queued({**one, "page_id": str(uuid4())}),
        undone,
        {"key": str(uuid4()), "undoes": undone["key"]},
        queued(two, "accepted_with_reservation", reason="skewed"),
        queued({**three, "sha256": "0" * 64}),
        queued(three, "rescan", reason="no_such"),
        queued(three, reason="blurred"),
        queued(four),
        queued(four, note="đọc được"),
    ]
    expected = [
        "accepted", "not_found", "rescan", "undone", "accepted_with_reservation", "qc.image_stale",
        "qc.reason_unknown", "qc.reason_unexpected", "qc.note_missing", "accepted",
    ]  # fmt: skip
    answers = await send(desk, "lan", *queue)
    assert results(answers) == expected
    assert [answer["key"] for answer in answers] == [each["key"] for each in queue]
    assert answers[5]["refused"]["facts"]["sha256"] == three["sha256"]
    assert answers[5]["refused"]["title"] == "Đã có ảnh mới hơn của trang này: hãy xem lại ảnh mới."
    again = await send(desk, "lan", *queue)
    assert again == answers
    assert len(await desk.told_of(RescanOrdered)) == 1, "nothing is done twice"
    half = await send(desk, "lan", *queue[2:5], queued(three))
    assert half[:3] == answers[2:5]
    assert results(half)[3] == "accepted"


async def test_a_key_counts_once_within_a_queue_too(desk: Desk) -> None:
    dossier = await desk.dossier("rr")
    one, two = await desk.take("lan", dossier)
    first = queued(one)
    answers = await send(
        desk, "lan", first, first, {**queued(two), "key": first["key"]}, {"key": first["key"], "undoes": first["key"]}
    )
    assert results(answers) == ["accepted", "accepted", "qc.key_reused", "qc.key_reused"]


async def test_a_queue_that_arrives_twice_at_once_is_done_once(desk: Desk) -> None:
    dossier = await desk.dossier("r" * 40)
    pages = await desk.take("lan", dossier, 40)
    queue = [queued(page, "rescan", reason="blurred") for page in pages]
    answers = await asyncio.gather(*(send(desk, "lan", *queue) for _ in range(4)))
    assert all(each == answers[0] for each in answers)
    assert set(results(answers[0])) == {"rescan"}
    assert len(await desk.told_of(RescanOrdered)) == 40


async def test_a_queue_has_at_most_500_verdicts(desk: Desk) -> None:
    page = (await desk.pages(await desk.dossier("r")))[0]
    lan = desk.inspector("lan")
    for count, status in ((500, 200), (501, 422), (0, 422)):
        answer = await lan.post("/qc/verdicts", json={"verdicts": [queued(page) for _ in range(count)]})
        assert answer.status_code == status, count
        if status == 200:
            given = results(answer.json()["answers"])
            assert (given[0], set(given[1:])) == ("accepted", {"qc.already_judged"})


async def test_a_verdict_undone_is_a_new_record_and_the_page_waits_again(desk: Desk) -> None:
    dossier = await desk.dossier("r")
    (page,) = await desk.take("lan", dossier)
    given = (await desk.say("lan", page, "rejected", reason="finger")).json()
    assert code_of(await desk.say("lan", page)) == (409, "qc.already_judged")
    undone = await desk.undo("lan", given["key"])
    assert (undone.status_code, undone.json()["verdict"], undone.json()["undoes"]) == (200, "undone", given["key"])
    assert await desk.pages(dossier) == [page], "as it was before"
    assert await desk.take("minh", dossier) == [], "it is on lan's desk"
    assert code_of(await desk.undo("lan", given["key"])) == (409, "qc.verdict_superseded")
    assert code_of(await desk.undo("lan", undone.json()["key"])) == (409, "qc.verdict_superseded")
    assert code_of(await desk.undo("lan", uuid4())) == (404, "not_found")
    assert (await desk.say("lan", page)).status_code == 200
    history = (await desk.inspector("lan").get(f"/qc/pages/{page['page_id']}/history")).json()
    assert [each["verdict"] for each in history["verdicts"]] == ["rejected", "undone", "accepted"]


async def test_nothing_is_undone_in_a_dossier_that_is_concluded(desk: Desk) -> None:
    dossier = await desk.dossier("r")
    (page,) = await desk.take("lan", dossier)
    given = (await desk.say("lan", page)).json()
    assert (await desk.inspector("lan").post(f"/qc/dossiers/{dossier}/acceptance", json={})).status_code == 200
    assert code_of(await desk.undo("lan", given["key"])) == (409, "qc.dossier_concluded")


async def test_an_undoing_that_meets_an_acceptance_comes_before_or_after_it(desk: Desk) -> None:
    for _ in range(8):
        dossier = await desk.dossier("r" * 30)
        pages = await desk.take("lan", dossier, 30)
        queue = [queued(page) for page in pages]
        await send(desk, "lan", *queue)
        undone, accepted = await asyncio.gather(
            desk.undo("lan", queue[0]["key"]),
            desk.inspector("minh").post(f"/qc/dossiers/{dossier}/acceptance", json={}),
        )
        both = (code_of(undone), code_of(accepted))
        assert both in (
            ((200, "None"), (409, "qc.verdicts_missing")),
            ((409, "qc.dossier_concluded"), (200, "None")),
        )


async def test_a_rescan_undone_withdraws_its_order_and_nothing_is_accepted_until_ingest_has_let_go(desk: Desk) -> None:
    dossier = await desk.dossier("r")
    (page,) = await desk.take("lan", dossier)
    given = (await desk.say("lan", page, "rescan", reason="dark")).json()
    (ordered,) = await desk.told_of(RescanOrdered)
    assert (await desk.undo("lan", given["key"])).status_code == 200
    (withdrawn,) = await desk.told_of(RescanWithdrawn)
    assert withdrawn.rescan_order_id == ordered.rescan_order_id
    assert (withdrawn.page_number, withdrawn.page_version) == (1, 1)
    assert (await desk.say("lan", page)).status_code == 200
    acceptance = f"/qc/dossiers/{dossier}/acceptance"
    assert code_of(await desk.inspector("lan").post(acceptance, json={})) == (409, "qc.rescan_open")
    closed = closing(ordered)
    await desk.system.tell("qc", [closed, closed])
    assert (await desk.inspector("lan").post(acceptance, json={})).status_code == 200
    assert len(await desk.told_of(DossierAccepted)) == 1


def closing(ordered: RescanOrdered, version: int | None = None) -> RescanClosed:
    """Let ingest have let go of an order."""
    return RescanClosed(
        rescan_order_id=ordered.rescan_order_id,
        page_id=PageId(ordered.page_id),
        dossier_id=DossierId(ordered.dossier_id),
        fulfilled_version=version,
    )


async def test_an_image_that_came_before_its_order_was_withdrawn_is_waited_for(desk: Desk) -> None:
    dossier = await desk.dossier("r")
    (page,) = await desk.take("lan", dossier)
    given = (await desk.say("lan", page, "rescan", reason="dark")).json()
    (ordered,) = await desk.told_of(RescanOrdered)
    await desk.undo("lan", given["key"])
    await desk.say("lan", page)
    await desk.system.tell("qc", [closing(ordered, version=2)])
    acceptance = f"/qc/dossiers/{dossier}/acceptance"
    assert code_of(await desk.inspector("lan").post(acceptance, json={})) == (409, "qc.rescan_open")
    await desk.rescanned(page)
    (renewed,) = await desk.pages(dossier)
    assert (renewed["version"], renewed["verdict"]) == (2, None), "the newer image is the page"
    history = (await desk.inspector("lan").get(f"/qc/pages/{page['page_id']}/history")).json()
    (order,) = history["rescans"]
    assert (order["is_open"], order["fulfilled_version"], order["withdrawn_at"] is None) == (False, 2, False)


async def test_a_rescan_whose_new_image_is_here_is_not_undone(desk: Desk) -> None:
    dossier = await desk.dossier("r")
    (page,) = await desk.take("lan", dossier)
    given = (await desk.say("lan", page, "rescan", reason="dark")).json()
    await desk.rescanned(page)
    assert code_of(await desk.undo("lan", given["key"])) == (409, "qc.rescan_fulfilled")
    assert await desk.told_of(RescanWithdrawn) == []


async def test_an_undo_is_idempotent_too(desk: Desk) -> None:
    dossier = await desk.dossier("r")
    (page,) = await desk.take("lan", dossier)
    given = (await desk.say("lan", page)).json()
    path, body = f"/qc/verdicts/{uuid4()}", {"undoes": given["key"]}
    first, again = [await desk.inspector("lan").put(path, json=body) for _ in range(2)]
    assert (again.status_code, again.json()) == (200, first.json())
    other = await desk.inspector("lan").put(path, json={"undoes": str(uuid4())})
    assert code_of(other) == (409, "qc.key_reused")
    assert code_of(await desk.inspector("lan").put(path, json=told(page))) == (409, "qc.key_reused")


async def test_what_is_not_simply_accepted_names_a_reason(desk: Desk) -> None:
    (page,) = await desk.take("lan", await desk.dossier("r"))
    for verdict in ("rescan", "rejected", "accepted_with_reservation"):
        assert code_of(await desk.say("lan", page, verdict)) == (422, "qc.reason_missing")
        assert code_of(await desk.say("lan", page, verdict, reason="no_such")) == (422, "qc.reason_unknown")
        assert code_of(await desk.say("lan", page, verdict, reason="other")) == (422, "qc.note_missing")
    assert code_of(await desk.say("lan", page, reason="blurred")) == (422, "qc.reason_unexpected")
    assert code_of(await desk.say("lan", page, "perfect")) == (422, "invalid_request")
    assert (await desk.say("lan", page, "rejected", reason="other", note="ố vàng")).status_code == 200


async def test_the_reasons_are_listed_in_the_readers_language(desk: Desk) -> None:
    for language, text in (("vi", "Ảnh mờ, không nét"), ("en", "Blurred")):
        answer = await desk.inspector("lan").get("/qc/reasons", headers={"Accept-Language": language})
        listed = {each["code"]: each for each in answer.json()["items"]}
        assert (listed["blurred"]["text"], listed["blurred"]["reason_class"]) == (text, "major")
        assert listed["other"]["needs_note"]
        assert listed.keys() == reasons().keys()


def test_every_reason_has_a_class() -> None:
    assert {class_of(code) for code in reasons()} == set(ReasonClass)
    with pytest.raises(ReasonUnknown):
        class_of("no_such")


async def test_an_accepted_dossier_tells_why_a_page_was_rejected(desk: Desk) -> None:
    dossier = await desk.dossier("pr")
    (page,) = await desk.take("lan", dossier)
    await desk.say("lan", page, "rejected", reason="blurred", note="mờ cả trang")
    assert (await desk.inspector("lan").post(f"/qc/dossiers/{dossier}/acceptance", json={})).status_code == 200
    (accepted,) = await desk.told_of(DossierAccepted)
    assert [each.explanation for each in accepted.rejected] == ["Ảnh mờ, không nét: mờ cả trang"]
    assert accepted.rejected[0].page_id == UUID(page["page_id"])
