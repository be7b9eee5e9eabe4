"""A dossier that no list holds any more is not scanned further and never sealed; nothing that was sent is lost."""

from collections.abc import AsyncIterator
from hashlib import sha256
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from services.ingest.models import plumbing
from services.ingest.operations.accepting import SEAL
from shared.events.base import Event
from shared.events.catalog import DossierApproved, DossierWithdrawn
from shared.events.qc import DossierAccepted, pages_digest
from shared.ids import DossierId, SelectionListId
from tests.facts import approved
from tests.grounds import Ground
from tests.service.sealing_desk import SealingDesk, sealing_desk
from tests.service.test_ingest_pages import JPEG, OTHER, put


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    async with sealing_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


def withdrawn(dossier: UUID, version: int = 1) -> DossierWithdrawn:
    return DossierWithdrawn(
        dossier_id=DossierId(dossier), version=version, list_id=SelectionListId(uuid4()), reason="trùng với phông khác"
    )


def again(dossier: UUID, version: int, **told: object) -> DossierApproved:
    event = approved(dossier)
    description = event.description.model_copy(update=told)
    return event.model_copy(update={"version": version, "description": description})


async def seen(desk: SealingDesk, dossier: UUID) -> dict[str, Any]:
    told: dict[str, Any] = (await desk.station.get(f"/ingest/dossiers/{dossier}")).json()
    return told


async def seals(desk: SealingDesk) -> int:
    async with desk.context.database.reading() as session:
        return len((await session.exec(select(plumbing.job).where(plumbing.job.kind == SEAL))).all())


async def test_nothing_more_is_taken_of_a_withdrawn_dossier_and_what_is_here_stays(desk: SealingDesk) -> None:
    dossier, [page] = await desk.scanned([JPEG])
    order = await desk.rescanned(dossier, page, 1, b"")
    lying = desk.lying("incoming")
    await desk.system.tell("ingest", [withdrawn(dossier)])
    more = await put(desk.station, dossier, 2, OTHER)
    same = await put(desk.station, dossier, 1, JPEG)
    closing = await desk.station.post(f"/ingest/dossiers/{dossier}/closing", json={"scanned_count": 1})
    rescans = (await desk.station.get("/ingest/rescan-orders")).json()["items"]
    told = {"Content-Type": "image/jpeg", "Content-Digest": more.request.headers["content-digest"]}
    rescan = await desk.station.put(f"/ingest/rescan-orders/{order}/page", content=OTHER, headers=told)
    for answer in (more, closing, rescan):
        assert (answer.status_code, answer.json()["code"]) == (409, "ingest.dossier_withdrawn")
    assert (same.status_code, rescans) == (200, [])
    assert desk.lying("incoming") == lying
    state = await seen(desk, dossier)
    assert (state["state"], state["is_withdrawn"], state["scanned_count"]) == ("withdrawn", True, 1)
    assert state["withdrawal_reason"] == "trùng với phông khác"
    assert (await desk.acts())[-1] == "scan_order.withdrawn"


async def test_approved_anew_it_goes_on_where_it_was_stopped(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    await desk.system.tell("ingest", [withdrawn(dossier), again(dossier, 1), again(dossier, 2)])
    assert (await put(desk.station, dossier, 2, OTHER)).status_code == 201
    state = await seen(desk, dossier)
    assert (state["state"], state["is_withdrawn"], state["version"]) == ("open", False, 2)


async def test_an_acceptance_of_a_withdrawn_dossier_seals_nothing_until_it_is_approved_anew(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    await desk.close(dossier, [("Hồ sơ mẫu", 1, 1)])
    await desk.system.tell("ingest", [withdrawn(dossier)])
    await desk.system.tell("ingest", [acceptance(dossier)])
    await desk.work()
    assert ((await seen(desk, dossier))["state"], await seals(desk)) == ("withdrawn", 0)
    await desk.system.tell("ingest", [again(dossier, 2, title="Hồ sơ về đê")])
    await desk.seal(dossier)
    state = await seen(desk, dossier)
    assert (state["state"], state["title"], state["verified_copies"]) == ("preserved", "Hồ sơ về đê", 2)


async def test_what_is_preserved_is_not_touched_and_says_that_it_was_withdrawn(desk: SealingDesk) -> None:
    dossier = await desk.preserved([JPEG])
    kept = desk.lying("archive")
    await desk.system.tell("ingest", [withdrawn(dossier)])
    state = await seen(desk, dossier)
    assert (state["state"], state["is_withdrawn"], state["verified_copies"]) == ("preserved", True, 2)
    assert desk.lying("archive") == kept


async def test_a_description_corrected_before_sealing_is_what_is_sealed(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    await desk.close(dossier, [("Hồ sơ mẫu", 1, 1)])
    await desk.system.tell("ingest", [again(dossier, 2, title="Hồ sơ về đê", page_count=1)])
    await desk.system.tell("ingest", [acceptance(dossier)])
    await desk.seal(dossier)
    everything = b"".join(desk.lying("archive").values())
    assert "Hồ sơ về đê".encode() in everything
    assert "Hồ sơ mẫu".encode() not in everything


async def test_a_description_corrected_after_acceptance_is_shown_as_told_by_no_package_yet(desk: SealingDesk) -> None:
    dossier = await desk.preserved([JPEG])
    await desk.system.tell("ingest", [again(dossier, 3, title="ba"), again(dossier, 2, title="hai")])
    state = await seen(desk, dossier)
    assert (state["state"], state["version"], state["later_version"], state["title"]) == (
        "preserved",
        1,
        3,
        "Hồ sơ mẫu",
    )
    await desk.system.tell("ingest", [withdrawn(dossier, 2)])
    assert (await seen(desk, dossier))["is_withdrawn"] is False


async def test_in_any_order_and_repetition_the_newest_counts(desk: SealingDesk) -> None:
    for order in permutations(range(4)):
        dossier = uuid4()
        renewed = again(dossier, 2, title="hai")
        events: list[Event] = [again(dossier, 1), withdrawn(dossier, 1), renewed, withdrawn(dossier, 2)]
        told = [events[place].model_copy(update={"id": uuid4()}) for place in (*order, *order)]
        await desk.system.tell("ingest", told)
        state = await seen(desk, dossier)
        found = (state["state"], state["is_withdrawn"], state["title"], state["version"])
        assert found == ("withdrawn", True, "hai", 2), order
        await desk.system.tell("ingest", [again(dossier, 3)])
        assert (await seen(desk, dossier))["state"] == "open", order


async def test_a_withdrawal_heard_first_is_no_scan_order_until_the_approval_comes(desk: SealingDesk) -> None:
    dossier = uuid4()
    await desk.system.tell("ingest", [withdrawn(dossier)])
    assert (await desk.station.get(f"/ingest/dossiers/{dossier}")).status_code == 404
    assert (await desk.station.get("/ingest/scan-orders")).json()["items"] == []
    assert (await put(desk.station, dossier, 1, JPEG)).status_code == 409


def acceptance(dossier: UUID) -> Event:
    digest = pages_digest([(1, 1, sha256(JPEG).hexdigest())])
    return DossierAccepted(dossier_id=DossierId(dossier), accepted_count=1, reserved_count=0, pages_sha256=digest)
