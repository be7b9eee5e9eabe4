"""Look at one version of a page: decode it in the sandbox, judge it, keep its pictures, tell the others."""

from functools import partial
from importlib.metadata import version

from services.qc.context import Context
from services.qc.domain.judging import Opinion, judge
from services.qc.models import InspectedDossier, InspectedPage, PageCheck
from services.qc.operations.comparing import compare_when_ready
from shared.clock import now
from shared.events.qc import CheckOutcome, PageChecked
from shared.ids import DossierId, PageId
from shared.imaging.formats import sniff_name
from shared.imaging.sandbox import Seen
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.storage.digest import streamed
from shared.storage.port import AlreadyStored
from shared.uow import Caller, UnitOfWork

DRAWN = ("map", "drawing")  # kinds of dossiers all of whose pages are scanned finer


async def look_at_page(context: Context, job: JobColumns, progress: Progress) -> None:
    """Do the job `check_page`; doing it again comes to the same."""
    async with context.database.reading() as session:
        check = await session.get_one(PageCheck, job.subject_id)
        dossier = await session.get_one(InspectedDossier, check.dossier_id)
    seen = await context.sandbox.look_at(partial(context.incoming.copy_to, check.key))
    await keep_pictures(context, check, seen)
    named_type = sniff_name(check.file_name) if check.file_name else None
    drawn = dossier.kind in DRAWN
    opinion = judge(seen.measurement, context.profile, check.media_type, named_type, is_drawing=drawn)
    async with progress.concluding(Caller("qc")) as uow:
        await write_down(uow, check, seen, opinion, context.profile.label)


async def keep_pictures(context: Context, check: PageCheck, seen: Seen) -> None:
    """Put thumbnail and reading copy into the derived store."""
    for kind, picture in (("thumbnail", seen.thumbnail), ("reading", seen.reading_copy)):
        if picture is not None:
            try:
                await context.derived.put_new(picture_key(check, kind), streamed(picture), size=len(picture))
            except AlreadyStored:
                continue


def picture_key(check: PageCheck, kind: str) -> str:
    """Name a picture of a version of a page."""
    return f"{check.dossier_id}/{check.page_id}/v{check.version}-{kind}.jpg"


async def write_down(uow: UnitOfWork, check: PageCheck, seen: Seen, opinion: Opinion, profile: str) -> None:
    """Keep measures and judgement, and publish them, once."""
    row = await uow.session.get_one(PageCheck, check.id, with_for_update=True)
    if row.judgement is not None:
        return
    measures = seen.measurement.measures
    row.profile, row.judgement, row.checked_at = profile, opinion.judgement, now()
    row.findings = [finding.told() for finding in opinion.findings]
    row.has_images = seen.reading_copy is not None
    if measures is not None:
        row.measures = measures.model_dump(mode="json")
        row.seconds = measures.seconds_decode + measures.seconds_measure + measures.seconds_copies
    dossier = await uow.session.get_one(InspectedDossier, check.dossier_id, with_for_update=True)
    page = await uow.session.get(InspectedPage, check.page_id, with_for_update=True)
    if page is not None and page.version == check.version:
        page.judgement, page.findings, page.is_readable = opinion.judgement, row.findings, measures is not None
        await compare_when_ready(uow, dossier)
    uow.publish(
        PageChecked(
            page_id=PageId(check.page_id),
            version=check.version,
            dossier_id=DossierId(check.dossier_id),
            page_number=check.number,
            judgement=row.judgement,
            findings=tuple(str(finding["code"]) for finding in row.findings),
            profile=profile,
            width=measures.width if measures else None,
            height=measures.height if measures else None,
            a4_equivalents=opinion.a4_equivalents,
            checks=tuple(CheckOutcome(check=check, outcome=each) for check, each in opinion.outcomes.items()),
            program=version("saoluu"),
        )
    )
