"""Two AIPs of one dossier are scrubbed, quarantined and copied out each by itself; their masters once."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from services.ingest.domain.fixity import CopyState
from services.ingest.models import FixityCheck, plumbing
from services.ingest.operations.revising import revise_dossier
from services.ingest.operations.revision_orders import REVISE
from services.ingest.revision_models import Revision
from shared.jobs import Progress
from shared.plumbing import JobState
from shared.uow import Caller
from tests.grounds import Ground
from tests.raw_stores import damage
from tests.service.copies_desk import CopiesDesk
from tests.service.revising_desk import again, divided
from tests.service.scrubbing_desk import ScrubbingDesk, scrubbing_desk
from tests.service.test_ingest_pages import JPEG, OTHER

DIVIDED = (("Tờ trình", 1, 1), ("Phụ lục", 2, 2))


@pytest.fixture
async def desk(ground: Ground) -> AsyncIterator[ScrubbingDesk]:
    async with scrubbing_desk(ground) as made:
        yield made


async def revised(desk: ScrubbingDesk, *documents: tuple[str, int, int]) -> tuple[UUID, Revision]:
    """Preserve a dossier and correct it, also by dividing its pages."""
    dossier = await desk.preserved([JPEG, OTHER])
    title = "Hồ sơ về đê"
    correction = divided(dossier, 2, *documents, title=title) if documents else again(dossier, 2, title=title)
    await desk.system.tell("ingest", [correction])
    async with desk.context.database.reading() as session:
        job = (await session.exec(select(plumbing.job).where(plumbing.job.kind == REVISE))).one()
    await revise_dossier(desk.context, job, Progress(desk.context.database, job))
    async with desk.context.database.reading() as session:
        return dossier, (await session.exec(select(Revision))).one()


@pytest.mark.parametrize("documents", [(), DIVIDED])
async def test_a_scrub_reads_masters_once_and_each_aip_with_its_manifest(
    desk: ScrubbingDesk, documents: tuple[tuple[str, int, int], ...]
) -> None:
    dossier, row = await revised(desk, *documents)
    assert await desk.scrub(dossier) == {CopyState.WHOLE}
    checks = await desk.checks(dossier)
    assert len(checks) == len({(check.objid, check.store) for check in checks}) == 6
    assert {check.outcome for check in checks} == {"whole"}
    read = sum(check.object_count for check in checks if check.store == "archive")
    assert read == len(await desk.everything("archive")), "every object, and each once"
    assert row.aip_objid in {check.objid for check in checks}


async def test_damage_in_the_newer_aip_is_mended_and_in_both_copies_quarantines_it_alone(desk: ScrubbingDesk) -> None:
    dossier, row = await revised(desk)
    lying = await desk.everything("archive")
    keys = [key for key in lying if row.aip_objid[-36:] in key]
    mets = next(key for key in keys if key.endswith("/METS.xml"))
    manifest = next(key for key in keys if key.endswith(".manifest.json"))
    await damage(desk.store("archive"), mets)
    await desk.store("reserve").remove(manifest)
    assert await desk.scrub(dossier) == {CopyState.WHOLE}
    assert await desk.everything("archive") == await desk.everything("reserve") == lying
    for name in ("archive", "reserve"):
        await damage(desk.store(name), mets)
    await desk.scrub(dossier)
    states = {(objid, copy.state) for (objid, _), copy in (await desk.copies(dossier)).items()}
    assert (row.aip_objid, CopyState.QUARANTINED) in states
    assert (row.predecessor, CopyState.WHOLE) in states
    (told,) = await desk.said("ingest.package.quarantined.v1")
    assert told["objid"] == row.aip_objid


async def test_a_correction_that_could_not_be_made_goes_on_as_soon_as_the_package_is_good_again(
    desk: ScrubbingDesk,
) -> None:
    dossier, row = await revised(desk)
    lying = await desk.everything("archive")
    mets = next(key for key in lying if row.aip_objid[-36:] in key and key.endswith("/METS.xml"))
    for name in ("archive", "reserve"):
        await damage(desk.store(name), mets)
    await desk.scrub(dossier)
    await desk.system.tell("ingest", [again(dossier, 3, title="Hồ sơ về kè")])
    job = plumbing.job
    async with desk.context.database.reading() as session:
        (waiting,) = (await session.exec(select(Revision.id).where(Revision.version == 3))).all()
    of_waiting = (col(job.kind) == REVISE, col(job.subject_id) == waiting)
    async with desk.context.database.writing(Caller("test")) as uow:
        await uow.session.exec(update(job).where(*of_waiting).values(state=JobState.FAILED, error="copies_incomplete"))
    assert await desk.scrub(dossier) != {CopyState.WHOLE}
    async with desk.context.database.reading() as session:
        assert (await session.exec(select(job.state).where(*of_waiting))).one() == JobState.FAILED, "nothing is mended"
    await desk.store("archive").remove(mets)
    await desk.store("archive").lay(mets, lying[mets])
    assert await desk.scrub(dossier) == {CopyState.WHOLE}
    async with desk.context.database.reading() as session:
        again_now = (await session.exec(select(job.state, job.error).where(*of_waiting))).one()
    assert again_now == (JobState.PENDING, None)


async def test_a_lost_manifest_of_one_aip_leaves_the_others_to_tell_of_the_masters(desk: ScrubbingDesk) -> None:
    dossier, row = await revised(desk)
    keys = [key for key in await desk.everything("archive") if key.endswith(".manifest.json")]
    older = next(key for key in keys if row.aip_objid[-36:] not in key)
    for name in ("archive", "reserve"):
        await desk.store(name).remove(older)
    await desk.scrub(dossier)
    checks: list[FixityCheck] = await desk.checks(dossier)
    outcomes = {(check.objid == row.predecessor, check.outcome) for check in checks}
    assert outcomes == {(True, "quarantined"), (False, "whole")}


@pytest.mark.parametrize("documents", [(), DIVIDED])
async def test_an_offline_set_has_both_and_copies_nothing_twice(
    desk: ScrubbingDesk, tmp_path: Path, documents: tuple[tuple[str, int, int], ...]
) -> None:
    await revised(desk, *documents)
    copies = CopiesDesk(desk.ground, desk, tmp_path / "set")
    first = await copies.copy()
    everything = await copies.everything()
    assert copies.objects() == everything
    assert (first.unnamed, first.total_objects) == ([], len(everything))
    copies.demand_true()
    second = await copies.copy(verify=True)
    assert second.written_bytes == 0
    copies.demand_true()
