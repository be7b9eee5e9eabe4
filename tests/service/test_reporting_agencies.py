"""What agencies send in reaches the yearly report, in any order, and is made anew from what was heard."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import select

from services.reporting.domain.transfers import Transfer, figures
from services.reporting.models import ReportedDifficulty, ReportedTransfer
from services.reporting.operations.rebuilding import rebuild_from_heard
from shared.auth.roles import Role
from shared.events.catalog import (
    AgencyDescription,
    ArrangementReport,
    DifficultyAnswered,
    DifficultyDescription,
    DifficultyRaised,
    ReceivedTransfer,
    TransferChanged,
)
from shared.ids import AgencyId, DifficultyId, TransferId, new_id
from tests.grounds import Ground
from tests.harness import Bench, Issuer, bench
from tests.service.agencies_desk import MINUTES, TRANSFER, AgenciesDesk, act
from tests.service.catalog_desk import Desk
from tests.service.reporting_facts import reporting_bench

AGENCY = AgencyDescription(id=AgencyId(new_id()), name="Sở Công Thương", code="H49.12")
NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)


def difficulty(**changes: Any) -> DifficultyDescription:  # noqa: ANN401 - any field
    told = {
        "agency": AGENCY, "year": 2026, "kind": "money", "kind_vi": "Thiếu kinh phí", "kind_en": "Money",
        "text": "Thiếu", "state": "raised", "raised_by": "binh", "raised_at": NOON,
    }  # fmt: skip
    return DifficultyDescription(**{**told, **changes})


def transfer(transfer_id: UUID, version: int, **changes: Any) -> TransferChanged:  # noqa: ANN401 - any field
    told = {
        "agency": AGENCY, "title": "Phông", "state": "registered", "planned_year": 2026,
        "registered_on": date(2026, 1, 5), "dossier_count": 100, "shelf_cm": 1000, "box_count": 10,
    }  # fmt: skip
    return TransferChanged(transfer_id=TransferId(transfer_id), version=version, **{**told, **changes})


def arranged(*steps: tuple[date, int]) -> tuple[ArrangementReport, ...]:
    return tuple(ArrangementReport(reported_on=day, arranged_cm=cm) for day, cm in steps)


async def test_the_newest_word_counts_however_the_words_arrive_and_a_rebuild_says_the_same(ground: Ground) -> None:
    subject, moved = DifficultyId(new_id()), new_id()
    answered = DifficultyAnswered(
        difficulty_id=subject, version=2, difficulty=difficulty(state="answered", answer="Đã bố trí", answered_by="lan")
    )
    raised = DifficultyRaised(difficulty_id=subject, version=1, difficulty=difficulty())
    own = DifficultyRaised(difficulty_id=DifficultyId(new_id()), version=1, difficulty=difficulty(agency=None))
    newer = transfer(moved, 2, arrangements=arranged((date(2026, 6, 30), 400)))
    async with reporting_bench(ground) as made:
        await made.tell("reporting", [answered, raised, raised, own, newer, transfer(moved, 1, shelf_cm=1)])
        auditor = made.caller(Role.AUDITOR)
        items = (await auditor.get("/reporting/difficulties", params={"year": 2026})).json()["items"]
        other_year = (await auditor.get("/reporting/difficulties", params={"year": 2027})).json()["items"]
        before = await rows(made)
        await rebuild_from_heard(made.services["reporting"].context)  # type: ignore[arg-type]
        after = await rows(made)
        agency = await made.caller(Role.AGENCY).get("/reporting/difficulties")
        outside = await auditor.get("/reporting/transfer-figures", params={"year": 2026, "on": "2025-12-31"})
    by_id = {each["difficulty_id"]: each for each in items}
    assert (by_id[str(subject)]["answer"], by_id[str(subject)]["agency_code"]) == ("Đã bố trí", "H49.12")
    assert by_id[str(own.difficulty_id)]["agency_id"] is None
    assert other_year == []
    assert before == after
    assert len(before) == 3
    assert agency.status_code == 403
    assert (outside.status_code, outside.json()["code"]) == (422, "reporting.day_outside_year")


async def rows(made: Bench) -> list[dict[str, Any]]:
    """Give the projections about agencies."""
    async with made.services["reporting"].context.database.reading() as session:
        found = [*(await session.exec(select(ReportedDifficulty))), *(await session.exec(select(ReportedTransfer)))]
    return sorted((row.model_dump() for row in found), key=str)


async def test_figures_stand_as_of_a_day(ground: Ground) -> None:
    steps = arranged((date(2025, 12, 1), 100), (date(2026, 6, 30), 400), (date(2026, 12, 20), 1000))
    received = ReceivedTransfer(number="1", signed_on=date(2026, 12, 15), dossier_count=90, shelf_cm=950, box_count=9)
    told = [
        transfer(new_id(), 1, arrangements=steps),
        transfer(new_id(), 1, state="received", received=received),
        transfer(new_id(), 1, state="withdrawn"),
        transfer(new_id(), 1, planned_year=2027, registered_on=date(2026, 12, 16)),
    ]
    async with reporting_bench(ground) as made:
        await made.tell("reporting", told)
        auditor = made.caller(Role.AUDITOR)
        early, late = [
            (await auditor.get("/reporting/transfer-figures", params={"year": 2026, **more})).json()
            for more in ({"on": "2026-12-14"}, {})
        ]
    assert early["total"] == {
        "planned_transfers": 2, "planned_dossiers": 200, "planned_metres": 20, "received_transfers": 0,
        "received_dossiers": 0, "received_metres": 0, "arranged_metres": 3, "outstanding_transfers": 2,
        "outstanding_dossiers": 200, "outstanding_metres": 20, "backlog_metres": 16,
    }  # fmt: skip
    assert (late["on"], late["total"]["received_metres"], late["total"]["received_dossiers"]) == ("2026-12-31", 9.5, 90)
    assert (late["total"]["outstanding_transfers"], late["total"]["backlog_metres"]) == (2, 10)
    assert late["agencies"] == [
        {**late["total"], "agency_id": str(AGENCY.id), "agency_name": AGENCY.name, "agency_code": AGENCY.code}
    ]


def test_what_was_withdrawn_counts_nowhere() -> None:
    gone = Transfer(True, 2026, date(2026, 1, 1), 10, 100, [(date(2026, 2, 1), 50)], None, 0, 0)
    assert figures([gone], 2026, date(2026, 12, 31)) == figures([], 2026, date(2026, 12, 31))


async def test_what_an_agency_sends_over_http_stands_in_the_report(ground: Ground) -> None:
    services = [await ground.service(name) for name in ("catalog", "reporting")]
    async with bench(Issuer(ground.folder), *services) as made:
        desk = AgenciesDesk(Desk(made))
        await desk.open()
        registered = await desk.registered()
        reported = await act(
            desk.agency, registered, "arrangements", {"reported_on": "2026-06-30", "arranged_metres": 5.5}
        )
        other = {**TRANSFER, "agency_id": desk.other_id}
        await desk.other.post("/catalog/transfers", json=other)
        await act(desk.archivist, reported.json(), "receipt", MINUTES)
        body = {"kind": "money", "text": "Thiếu kinh phí", "agency_id": desk.agency_id, "year": 2026,
                "holds_no_secret": True}  # fmt: skip
        await desk.agency.post("/catalog/difficulties", json=body)
        figures_of: dict[str, Any] = {}
        items: list[dict[str, Any]] = []
        for _ in range(100):
            figures_of = (await desk.auditor.get("/reporting/transfer-figures", params={"year": 2026})).json()
            items = (await desk.auditor.get("/reporting/difficulties")).json()["items"]
            if items and figures_of["total"]["received_transfers"]:
                break
            await asyncio.sleep(0.1)
    assert figures_of["total"]["received_metres"] == 25.5
    assert figures_of["total"]["planned_dossiers"] == 2400
    assert [each["agency_name"] for each in figures_of["agencies"]] == ["Sở Công Thương", "Sở Y tế"]
    assert [(each["text"], each["raised_by"]) for each in items] == [("Thiếu kinh phí", "Sở Công Thương")]
