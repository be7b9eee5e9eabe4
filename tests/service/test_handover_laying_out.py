"""A package is laid out without reading a page, and built when every byte of it was read."""

from pathlib import Path
from typing import cast
from uuid import UUID

from sqlmodel import col, delete, select, update

from services.handover.context import Context
from services.handover.layout_models import GeneratedPiece
from services.handover.models import plumbing
from services.handover.operations.building import BUILD
from services.handover.operations.readiness import PROVE
from shared.auth.roles import Role
from shared.jobs import Worker
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, gathered, granted, sealed


async def worked(system: Bench, kind: str) -> None:
    """Do the one job of a kind that waits."""
    service = system.services["handover"]
    worker = Worker(service.context.database, {kind: service.kinds[kind]}, 1, service.meter)
    assert await worker.work_once()


async def packages_of(system: Bench, delivery: str) -> list[dict[str, object]]:
    """List the packages of a delivery."""
    answer = await system.caller(Role.HANDOVER_OFFICER).get(f"/handover/deliveries/{delivery}/packages")
    found: list[dict[str, object]] = answer.json()["items"]
    return found


async def test_laying_out_reads_no_page_and_building_reads_every_one(
    at_work: Set, made_pages: list[Path], ground: Ground
) -> None:
    async with at_work("catalog", "ingest", "handover", "reporting", handover_builders="0") as system:
        await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        await sealed(system, made_pages[:2])
        delivery = await gathered(system)
        data = [key for key in await ground.store("archive").keys() if "/data/" in key]
        for name in ("archive", "reserve"):
            for key in data:
                await ground.store(name).remove(key)
        await worked(system, BUILD)
        (package,) = await packages_of(system, delivery)
        assert (package["state"], package["sha256"]) == ("waiting", None)
        assert isinstance(package["size"], int)
        assert package["size"] > 0
        await worked(system, PROVE)
        (failed,) = (await system.caller(Role.ADMIN).get("/handover/jobs?state=failed")).json()["items"]
        assert (failed["kind"], failed["error"].split(":")[0]) == (PROVE, "handover.copies_damaged")
        (package,) = await packages_of(system, delivery)
        assert package["state"] == "waiting"
        officer = system.caller(Role.HANDOVER_OFFICER)
        refused = await officer.get(f"/handover/packages/{package['id']}/content")
        assert refused.json()["code"] == "handover.package_not_offered"


async def test_a_package_laid_out_by_a_system_that_is_gone_is_read_by_the_one_restored(
    at_work: Set, made_pages: list[Path]
) -> None:
    async with at_work("catalog", "ingest", "handover", "reporting", handover_builders="0") as system:
        await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        await sealed(system, made_pages[:1])
        delivery = await gathered(system)
        await worked(system, BUILD)
        (before,) = await packages_of(system, delivery)
        context, job = cast(Context, system.services["handover"].context), plumbing.job
        async with context.database.writing() as uow:  # jobs are not restored; this one is ordered anew
            await uow.session.exec(delete(job).where(col(job.kind) == PROVE))
            await uow.session.exec(update(job).where(col(job.kind) == BUILD).values(state="pending"))
        await worked(system, BUILD)
        await worked(system, PROVE)
        (after,) = await packages_of(system, delivery)
        assert (after["state"], after["size"]) == ("built", before["size"])


async def test_a_file_made_for_a_package_that_is_not_what_was_laid_out_never_leaves(
    at_work: Set, made_pages: list[Path]
) -> None:
    async with at_work("catalog", "ingest", "handover", "reporting", handover_builders="0") as system:
        await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        await sealed(system, made_pages[:1])
        delivery = await gathered(system)
        await worked(system, BUILD)
        await worked(system, PROVE)
        (package,) = await packages_of(system, delivery)
        context = cast(Context, system.services["handover"].context)
        async with context.database.writing() as uow:
            asked = select(GeneratedPiece).where(GeneratedPiece.package_id == UUID(str(package["id"])))
            for row in (await uow.session.exec(asked)).all():
                row.content = row.content[:-1] + b"?"
        officer = system.caller(Role.HANDOVER_OFFICER)
        broken = await officer.get(f"/handover/packages/{package['id']}/content")
        assert len(broken.content) < 200, "a header, and nothing of the file behind it"
