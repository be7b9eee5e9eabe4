"""What stands in the way is sent in, answered and closed; an agency sees its own, the report hears all of it."""

from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from shared.auth.roles import Role
from shared.events.base import Event
from shared.events.catalog import DifficultyAnswered, DifficultyChanged, DifficultyClosed, DifficultyRaised
from shared.events.listeners import LISTENERS
from tests.grounds import Ground
from tests.service.agencies_desk import AgenciesDesk, agencies_desk
from tests.service.conftest import in_one_mode

BODY = {"kind": "arrangement", "text": "25 mét chưa chỉnh lý", "wish": "Bố trí kinh phí chỉnh lý năm 2027",
        "holds_no_secret": True}  # fmt: skip


async def sent(desk: AgenciesDesk, caller: httpx.AsyncClient, **more: object) -> dict[str, Any]:
    """Send a difficulty in."""
    answer = await caller.post("/catalog/difficulties", json={**BODY, "year": 2026, **more})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def put(caller: httpx.AsyncClient, told: dict[str, Any], what: str, body: object) -> httpx.Response:
    """Change a difficulty in the version that was seen."""
    url = f"/catalog/difficulties/{told['id']}{what}"
    return await caller.put(url, json=body, headers={"If-Match": f'"{told["version"]}"'})


def reply(text: str) -> dict[str, object]:
    """Answer, and say that it is no secret."""
    return {"answer": text, "holds_no_secret": True}


async def close(caller: httpx.AsyncClient, told: dict[str, Any]) -> httpx.Response:
    """Close a difficulty."""
    url, headers = f"/catalog/difficulties/{told['id']}/closing", {"If-Match": f'"{told["version"]}"'}
    return await caller.post(url, headers=headers)


async def events(desk: AgenciesDesk) -> list[Event]:
    """Give the events about difficulties that wait to be sent."""
    outbox = desk.desk.database.plumbing.outbox
    async with desk.desk.database.reading() as session:
        rows = (await session.exec(select(outbox).order_by(col(outbox.position)))).all()
    return [Event.known[row.name].model_validate_json(row.body) for row in rows]


async def test_a_difficulty_of_an_agency_is_answered_closed_and_told(ground: Ground) -> None:
    async with agencies_desk(ground) as desk:
        raised = await sent(desk, desk.agency, agency_id=desk.agency_id)
        changed = (await put(desk.agency, raised, "", {**BODY, "text": "26 mét chưa chỉnh lý", "year": 2026})).json()
        early = await close(desk.archivist, changed)
        answered = (await put(desk.archivist, changed, "/answer", reply("Đã đưa vào dự toán 2027."))).json()
        again = await put(desk.archivist, changed, "/answer", reply("Đã đưa vào dự toán 2027."))
        late = await put(desk.agency, answered, "", {**BODY, "text": "khác"})
        closed = await close(desk.archivist, answered)
        reopened = await put(desk.archivist, closed.json(), "/answer", reply("khác"))
        seen = (await desk.agency.get(f"/catalog/difficulties/{raised['id']}")).json()
        past = (await desk.agency.get(f"/catalog/difficulties/{raised['id']}/history")).json()["items"]
        told = await events(desk)
        acts = await desk.desk.acts()
    assert (early.status_code, early.json()["code"]) == (409, "catalog.difficulty_state_wrong")
    assert again.json() == answered, "sent again because the answer was lost"
    assert [late.status_code, reopened.status_code] == [409, 409]
    assert (seen["state"], seen["answered_by"], seen["closed_by"]) == ("closed", "lan", "lan")
    assert [each["act"] for each in past] == ["difficulty.closed", "difficulty.answered", "difficulty.changed"]
    assert [(each["content"]["difficulty"]["state"], each["after"]["difficulty"]["state"]) for each in past] == [
        ("answered", "closed"), ("raised", "answered"), ("raised", "raised")
    ]  # fmt: skip
    assert acts[-4:] == ["difficulty.raised", *(each["act"] for each in reversed(past))]
    kinds = [DifficultyRaised, DifficultyChanged, DifficultyAnswered, DifficultyClosed]
    assert [type(each) for each in told] == kinds
    assert [each.version for each in told] == [1, 2, 3, 4]
    last = told[-1]
    assert isinstance(last, DifficultyClosed)
    assert last.difficulty.agency is not None
    assert (last.difficulty.agency.name, last.difficulty.agency.code) == ("Sở Công Thương", "H49.12")
    assert last.difficulty.kind_vi.startswith("Tài liệu chưa chỉnh lý")
    assert all(LISTENERS[each] == ("reporting",) for each in kinds)


async def test_an_agency_sees_and_writes_its_own_difficulties_and_no_other(ground: Ground) -> None:
    async with agencies_desk(ground) as desk:
        own = await sent(desk, desk.agency, agency_id=desk.agency_id)
        operator = desk.desk.made.caller(Role.OPERATOR)
        centre = await sent(desk, operator)
        for hidden in (own, centre):
            for path in ("", "/history"):
                answer = await desk.other.get(f"/catalog/difficulties/{hidden['id']}{path}")
                assert (answer.status_code, answer.json()["code"]) == (404, "catalog.difficulty_unknown")
            assert (await put(desk.other, hidden, "", BODY)).status_code == 404
        refused = [
            await desk.other.post("/catalog/difficulties", json={**BODY, "agency_id": desk.agency_id}),
            await desk.other.post("/catalog/difficulties", json=BODY),
            await operator.post("/catalog/difficulties", json={**BODY, "agency_id": desk.agency_id}),
            await put(operator, own, "", BODY),
            await put(desk.agency, own, "/answer", reply("tự trả lời")),
            await desk.auditor.post("/catalog/difficulties", json=BODY),
        ]
        lists = [
            (await caller.get("/catalog/difficulties")).json()["items"]
            for caller in (desk.agency, desk.other, desk.auditor)
        ]
        of_2027 = (await desk.auditor.get("/catalog/difficulties", params={"year": 2027})).json()["items"]
    assert [answer.status_code for answer in refused] == [404, 404, 404, 404, 403, 403]
    assert [len(each) for each in lists] == [1, 0, 2]
    assert of_2027 == []


@in_one_mode
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": "weather"}, "catalog.difficulty_kind_unknown"),
        ({"text": " "}, "invalid_request"),
        ({"text": "a\x01b"}, "invalid_request"),
        ({"year": 1999}, "invalid_request"),
        ({"year": "2026"}, "invalid_request"),
    ],
)
async def test_what_is_no_difficulty(ground: Ground, wrong: dict[str, object], code: str) -> None:
    async with agencies_desk(ground) as desk:
        answer = await desk.archivist.post("/catalog/difficulties", json={**BODY, **wrong})
        kinds = (await desk.agency.get("/catalog/difficulty-kinds")).json()["items"]
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert {"arrangement", "money", "other"} <= {each["code"] for each in kinds}
    assert all(each["vi"] and each["en"] for each in kinds)
