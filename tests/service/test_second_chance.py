"""What failed gets its second chance by one rule, on both databases: a job, a sealing, an event given up on."""

import asyncio
from datetime import timedelta
from uuid import UUID

from services.ingest.models import ScanOrder, Sealing
from services.ingest.operations.accepting import SEAL
from shared.auth.roles import Role
from shared.clock import now
from shared.ids import new_id
from shared.plumbing import JobColumns
from tests.harness import Bench

FAR = now() + timedelta(days=365)


async def failed_job(system: Bench, kind: str, subject: UUID) -> UUID:
    """Leave a job behind that failed, and would have been tried again a year from now."""
    database = system.services["ingest"].context.database
    async with database.writing() as uow:
        row = database.plumbing.job(
            kind=kind, subject_id=subject, state="failed", attempts=5, not_before=FAR, ended_at=now(), error="why"
        )
        uow.session.add(row)
    return row.id


async def job(system: Bench, job_id: UUID) -> JobColumns:
    database = system.services["ingest"].context.database
    async with database.reading() as session:
        return await session.get_one(database.plumbing.job, job_id)


async def is_claimed(system: Bench, job_id: UUID) -> bool:
    """Say whether a worker takes a job within some seconds."""
    for _ in range(100):
        if (await job(system, job_id)).attempts:
            return True
        await asyncio.sleep(0.05)
    return False


async def acts(system: Bench, subject: UUID) -> list[str]:
    auditor = system.caller(Role.AUDITOR)
    told = (await auditor.get("/ingest/audit", params={"subject_id": str(subject)})).json()
    return [each["act"] for each in told["items"]]


async def test_a_failed_job_is_as_if_it_had_never_been_tried(whole_system: Bench) -> None:
    subject = new_id()
    job_id = await failed_job(whole_system, "no worker does this", subject)
    operator = whole_system.caller(Role.OPERATOR)
    answer = await operator.post(f"/ingest/jobs/{job_id}/retry")
    assert (answer.status_code, answer.json()["state"], answer.json()["ended_at"]) == (200, "pending", None)
    row = await job(whole_system, job_id)
    assert (row.state, row.attempts, row.ended_at, row.not_before < now()) == ("pending", 0, None, True)
    again = await operator.post(f"/ingest/jobs/{job_id}/retry")
    assert (again.status_code, again.json()["code"]) == (404, "not_found"), "it is not failed any more"
    assert await acts(whole_system, subject) == ["job.retried"]


async def test_a_failed_sealing_is_claimed_again_at_once(whole_system: Bench) -> None:
    dossier_id = new_id()
    async with whole_system.services["ingest"].context.database.writing() as uow:
        uow.session.add(
            ScanOrder(
                dossier_id=dossier_id, version=1, fonds_id=new_id(), expected_count=1, fonds_code="P", file_code="H",
                folder_name="H", title="T", approval="{}",
            )
        )  # fmt: skip
        await uow.session.flush()
        uow.session.add(
            Sealing(dossier_id=dossier_id, masters_objid="m", aip_objid="a", begun_at=now(), software_version="",
                    acceptance="{}")
        )  # fmt: skip
    job_id = await failed_job(whole_system, SEAL, dossier_id)
    answer = await whole_system.caller(Role.OPERATOR).post(f"/ingest/dossiers/{dossier_id}/sealing")
    assert (answer.status_code, answer.json()["state"]) == (200, "pending")
    assert await is_claimed(whole_system, job_id), "the worker waits for the time that was set when it failed"
    assert "job.retried" in await acts(whole_system, dossier_id)
