"""What agencies and the centre write to each other holds no state secret: its writer says so, and no mark belies it."""

from tests.grounds import Ground
from tests.service.agencies_desk import TRANSFER, AgenciesDesk, act, agencies_desk
from tests.service.conftest import in_one_mode
from tests.service.test_catalog_difficulties import BODY, put, reply, sent

HIDDEN = "Kế hoạch phòng thủ"
MARKED = f"TỐI MẬT: {HIDDEN}"


async def nothing_kept(desk: AgenciesDesk) -> bool:
    """Say whether neither the database nor the audit holds the secret."""
    async with desk.desk.database.reading() as session:
        tables = desk.desk.database.plumbing.metadata.sorted_tables
        rows = [
            str(row) for table in tables for row in (await (await session.connection()).execute(table.select())).all()
        ]
    return not any(HIDDEN in row for row in rows)


async def test_what_bears_a_mark_or_is_not_said_to_be_open_is_not_kept(ground: Ground) -> None:
    async with agencies_desk(ground) as desk:
        registered = await desk.registered()
        raised = await sent(desk, desk.agency, agency_id=desk.agency_id)
        transfer = {**TRANSFER, "agency_id": desk.agency_id}
        marked = [
            await desk.agency.post("/catalog/transfers", json={**transfer, "title": MARKED}),
            await act(desk.agency, registered, "", {**TRANSFER, "note": MARKED}),
            await act(desk.agency, registered, "withdrawal", {"reason": MARKED}),
            await act(
                desk.agency, registered, "arrangements",
                {"reported_on": "2026-01-01", "arranged_metres": 1, "note": MARKED},
            ),
            await desk.agency.post("/catalog/difficulties", json={**BODY, "text": MARKED}),
            await put(desk.agency, raised, "", {**BODY, "wish": MARKED}),
            await put(desk.archivist, raised, "/answer", reply(MARKED)),
        ]  # fmt: skip
        unstated = [
            await desk.agency.post("/catalog/transfers", json={**transfer, "holds_no_secret": False}),
            await desk.agency.post("/catalog/difficulties", json={**BODY, "holds_no_secret": False}),
            await put(desk.archivist, raised, "/answer", {"answer": "Đã rõ"}),
        ]
        assert await nothing_kept(desk)
    assert [(each.status_code, each.json()["code"]) for each in marked] == [(422, "catalog.secret_marked")] * 7
    assert [each.json()["field"] for each in marked] == ["title", "note", "reason", "note", "text", "wish", "answer"]
    assert not any(HIDDEN in each.text for each in marked)
    assert [(each.status_code, each.json()["code"]) for each in unstated] == [(422, "catalog.secrecy_unstated")] * 3


@in_one_mode
async def test_who_said_that_a_text_is_open_stands_with_it(ground: Ground) -> None:
    async with agencies_desk(ground) as desk:
        registered = await desk.registered()
        changed = (await act(desk.archivist, registered, "", {**TRANSFER, "box_count": 205})).json()
        raised = await sent(desk, desk.agency, agency_id=desk.agency_id)
        answered = (await put(desk.archivist, raised, "/answer", reply("Đã rõ"))).json()
        history = (await desk.agency.get(f"/catalog/transfers/{registered['id']}/history")).json()["items"]
    assert (registered["secrecy_by"], changed["secrecy_by"]) == ("Sở Công Thương", "lan")
    assert history[0]["content"]["transfer"]["secrecy_by"] == "Sở Công Thương"
    assert (answered["secrecy_by"], answered["answer_secrecy_by"]) == ("Sở Công Thương", "lan")
    assert raised["answer_secrecy_at"] is None
    assert None not in (changed["secrecy_at"], answered["secrecy_at"], answered["answer_secrecy_at"])
