"""What tests of handing over share: dossiers that are sealed, gathered, offered, and one that is damaged."""

import asyncio
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from shared.auth.policy import Role
from shared.events.identity import AccountGranted
from shared.events.qc import DossierAccepted, pages_digest
from shared.ids import AccountId
from tests.facts import approved
from tests.harness import Bench
from tests.raw_stores import RawStore, damage
from tests.service.test_ingest_pages import put

RECEIVER = uuid4()


def granted(account_id: UUID, *roles: Role) -> AccountGranted:
    """Give identity's word on an account."""
    return AccountGranted(account_id=AccountId(account_id), account_name="Cục", kind="machine", roles=roles)


async def sealed(system: Bench, pages: list[Path], code: str = "H49.2001.001") -> UUID:
    """Bring a dossier to its two verified copies."""
    event = approved(pages=len(pages), code=code)
    await system.tell("ingest", [event])
    station = system.caller(Role.STATION)
    digests = []
    for number, page in enumerate(pages, start=1):
        body = page.read_bytes()
        digests.append((number, 1, sha256(body).hexdigest()))
        assert (await put(station, event.dossier_id, number, body)).status_code == 201
    await station.post(f"/ingest/dossiers/{event.dossier_id}/closing", json={"scanned_count": len(pages)})
    accepted = DossierAccepted(
        dossier_id=event.dossier_id, accepted_count=len(pages), reserved_count=0, pages_sha256=pages_digest(digests)
    )
    await system.tell("ingest", [accepted, accepted])
    seen: dict[str, object] = {}
    for _ in range(300):
        seen = (await station.get(f"/ingest/dossiers/{event.dossier_id}")).json()
        if seen["state"] == "preserved":
            assert seen["verified_copies"] == 2
            return event.dossier_id
        await asyncio.sleep(0.1)
    raise AssertionError(seen)


async def agreement_of(system: Bench, dossiers: int = 1) -> str:
    """Agree on the fonds of the tests, once so many of its dossiers wait; gives the agreement's id."""
    officer = system.caller(Role.HANDOVER_OFFICER)
    for _ in range(100):
        waiting = (await officer.get("/handover/preserved")).json()["items"]
        if sum(each["package_id"] is None for each in waiting) >= dossiers:
            break
        await asyncio.sleep(0.1)
    told = {"receiver_id": str(RECEIVER), "receiver_name": "Cục", "fonds_code": "P01"}
    told |= {"agreed_on": "2026-11-24", "reference": "01/TT"}
    agreed = await officer.post("/handover/agreements", json=told)
    assert agreed.status_code == 201, agreed.text
    return str(agreed.json()["id"])


async def gathered(system: Bench) -> str:
    """Gather what waits into a delivery; gives its id."""
    officer, agreement = system.caller(Role.HANDOVER_OFFICER), await agreement_of(system)
    answer = await officer.post("/handover/deliveries", json={"agreement_id": agreement})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def opened(system: Bench, delivery: str) -> None:
    """Open a delivery as soon as its packages are built."""
    officer = system.caller(Role.HANDOVER_OFFICER)
    for _ in range(300):
        answer = await officer.post(f"/handover/deliveries/{delivery}/opening")
        if answer.status_code == 200:
            return
        assert answer.json()["code"] == "handover.delivery_not_ready"
        await asyncio.sleep(0.1)
    raise AssertionError("never ready")


async def delivered(system: Bench) -> dict[str, object]:
    """Gather what waits into a delivery, and open it; gives its one package."""
    officer, delivery = system.caller(Role.HANDOVER_OFFICER), await gathered(system)
    await opened(system, delivery)
    listed = (await officer.get(f"/handover/deliveries/{delivery}/packages")).json()
    package: dict[str, object] = listed["items"][0]
    return package


async def failed_job(system: Bench) -> dict[str, Any]:
    """Wait until a job of handover's has failed, and give it."""
    auditor = system.caller(Role.AUDITOR)
    for _ in range(300):
        failed: list[dict[str, Any]] = (await auditor.get("/handover/jobs?state=failed")).json()["items"]
        if failed:
            return failed[0]
        await asyncio.sleep(0.1)
    raise AssertionError("no job failed")


async def damage_first_page(store: RawStore) -> None:
    """Flip one bit of the first page that a store holds."""
    await damage(store, next(key for key in await store.keys() if "/data/" in key and key.endswith(".jpg")))
