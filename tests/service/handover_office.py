"""What tests of handing over share: dossiers that are sealed, gathered, offered, and one that is damaged."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from shared.auth.roles import Role
from shared.events.identity import AccountGranted
from shared.events.qc import DossierAccepted, PageChecked, pages_digest
from shared.ids import AccountId, PageId
from tests.facts import approved
from tests.harness import Bench
from tests.raw_stores import RawStore, damage
from tests.service.test_ingest_pages import put

RECEIVER = uuid4()


def granted(account_id: UUID, *roles: Role) -> AccountGranted:
    """Give identity's word on an account."""
    return AccountGranted(account_id=AccountId(account_id), account_name="Cục", kind="machine", roles=roles)


async def sealed(
    system: Bench,
    pages: list[Path],
    code: str = "H49.2001.001",
    access_level: str = "01",
    checked: Sequence[int] = (),
    document_count: int | None = None,
) -> UUID:
    """Bring a dossier to its two verified copies; `checked` are the A4 equivalents of its first pages, as qc told."""
    event = approved(pages=len(pages), code=code)
    described = event.description.model_copy(update={"access_level": access_level, "document_count": document_count})
    event = event.model_copy(update={"description": described})
    await system.tell("ingest", [event])
    station = system.caller(Role.STATION)
    digests, told = [], []
    for number, page in enumerate(pages, start=1):
        body = page.read_bytes()
        digests.append((number, 1, sha256(body).hexdigest()))
        answer = await put(station, event.dossier_id, number, body)
        assert answer.status_code == 201
        told += [
            PageChecked(
                page_id=PageId(UUID(answer.json()["page_id"])),
                dossier_id=event.dossier_id,
                page_number=number,
                judgement="pass",
                profile="tt05-2025/1",
                a4_equivalents=count,
            )
            for count in checked[number - 1 : number]
        ]
    await system.tell("ingest", told)
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


TERMS = {
    "receiver_id": str(RECEIVER),
    "receiver_name": "Cục",
    "fonds_code": "P01",
    "agreed_on": "2026-11-24",
    "reference": "01/TT",
}


async def agreement_of(system: Bench, dossiers: int, **terms: object) -> str:
    """Agree on the fonds of the tests, once so many of its dossiers wait; gives the agreement's id."""
    officer = system.caller(Role.HANDOVER_OFFICER)
    for _ in range(100):
        waiting = (await officer.get("/handover/preserved")).json()["items"]
        if sum(each["package_id"] is None for each in waiting) >= dossiers:
            break
        await asyncio.sleep(0.1)
    agreed = await officer.post("/handover/agreements", json={**TERMS, **terms})
    assert agreed.status_code == 201, agreed.text
    await approved_agreement(system, agreed.json()["id"])
    return str(agreed.json()["id"])


async def approved_agreement(system: Bench, agreement_id: str) -> None:
    """Attach a document to an agreement, and have another person approve it."""
    officer, place = system.caller(Role.HANDOVER_OFFICER), f"/handover/agreements/{agreement_id}"
    attached = await officer.put(f"{place}/document", params={"name": "thỏa thuận.pdf"}, content=b"%PDF-1.7 made up")
    assert attached.status_code == 200, attached.text
    approved = await system.caller(Role.APPROVER).post(f"{place}/approval")
    assert approved.status_code == 200, approved.text


async def gathered(system: Bench, *, dossiers: int = 1, **terms: Any) -> str:  # noqa: ANN401 - any term
    """Gather what waits into a delivery; gives its id."""
    agreement = await agreement_of(system, dossiers, **terms)
    answer = await system.caller(Role.HANDOVER_OFFICER).post("/handover/deliveries", json={"agreement_id": agreement})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def delivered(system: Bench, **terms: Any) -> dict[str, object]:  # noqa: ANN401 - any term
    """Gather what waits into a delivery, and open it; gives its first package."""
    return (await opened_packages(system, await gathered(system, **terms)))[0]


async def opened_packages(system: Bench, delivery: str) -> list[dict[str, Any]]:
    """Open a delivery as soon as it is ready; gives its packages."""
    officer = system.caller(Role.HANDOVER_OFFICER)
    for _ in range(300):
        opened = await officer.post(f"/handover/deliveries/{delivery}/opening")
        if opened.status_code == 200:
            break
        assert opened.json()["code"] == "handover.delivery_not_ready"
        await asyncio.sleep(0.1)
    listed: list[dict[str, Any]] = (await officer.get(f"/handover/deliveries/{delivery}/packages")).json()["items"]
    return listed


async def failed_job(system: Bench) -> dict[str, Any]:
    """Wait until a job of handover's has failed, and give it."""
    auditor = system.caller(Role.AUDITOR)
    for _ in range(300):
        failed: list[dict[str, Any]] = (await auditor.get("/handover/jobs?state=failed")).json()["items"]
        if failed:
            return failed[0]
        await asyncio.sleep(0.1)
    raise AssertionError("no job failed")


async def damage_what_is_sent(store: RawStore) -> None:
    """Flip one bit of the first reading form that a store holds, or of the first page where there is none."""
    kept = [key for key in await store.keys() if "/data/" in key]
    await damage(store, next((key for key in kept if key.endswith(".pdf")), kept[0]))
