"""Read what a revision is made of: what was sealed, as its newer approval tells it, and the AIP that it replaces."""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.ingest.context import Context
from services.ingest.domain.documents import settled_in
from services.ingest.domain.reading_form import ReadingForm
from services.ingest.errors import AcceptedPagesDiffer, CopiesIncomplete
from services.ingest.models import Master, Page, ScanOrder, Sealing
from services.ingest.operations.approving import write_description
from services.ingest.operations.earlier_story import Earlier, first_told
from services.ingest.operations.form_past import FormPast, read_form_past
from services.ingest.operations.listing import manifest_key_of
from services.ingest.operations.packing import Sealed
from services.ingest.operations.past import Past, read_past
from services.ingest.operations.revision_orders import kept_aips, preserved_revisions
from services.ingest.operations.scrubbing import right_body
from services.ingest.revision_models import Revision
from shared.eark.manifest import Manifest, ManifestFile
from shared.events.catalog import DossierApproved
from shared.events.qc import DossierAccepted


@dataclass(frozen=True)
class Revised:
    """What a revision is made of: its row, the manifest of the AIP that it replaces, and what will be in the new one.

    `sealed` has the names and times of the new AIP and the description of the newer approval; `forms` is what is known
    of the making of its reading forms, those of the documents `anew` were made for this AIP; `earlier` is what the
    older AIPs did.
    """

    row: Revision
    before: Manifest
    sealed: Sealed
    forms: FormPast
    anew: frozenset[int]
    earlier: Earlier


async def read_revised(context: Context, revision_id: UUID) -> Revised:
    """Read a revision that was begun. Raises CopiesIncomplete, AcceptedPagesDiffer."""
    async with context.database.reading() as session:
        row = await session.get_one(Revision, revision_id)
        order = await session.get_one(ScanOrder, row.dossier_id)
        sealing = await session.get_one(Sealing, row.dossier_id)
        aips = await kept_aips(session, sealing)
        revisions = await preserved_revisions(session, row.dossier_id)
        past = await read_past(session, row.dossier_id, is_frozen=True)
        forms = await read_form_past(session, row.dossier_id)
    before = await replaced_manifest(context, order, row, dict(aips))
    anew = forms.made_for(row.id)
    sealed = Sealed(
        described(order, row),
        named(sealing, row),
        DossierAccepted.model_validate_json(sealing.acceptance),
        sealed_pages(past, before),
        context.form,
        context.masters_form,
        past,
        forms_in(row, before, forms, anew),
    )
    earlier = Earlier(
        told=await first_told(context, order.fonds_code, aips),
        first_objid=sealing.aip_objid,
        first_version=sealing.software_version,
        revisions=[each for each in revisions if each.version < row.version],
    )
    return Revised(row, before, sealed, forms, frozenset(anew), earlier)


async def replaced_manifest(context: Context, order: ScanOrder, row: Revision, digests: Mapping[str, str]) -> Manifest:
    """Read the manifest of the AIP that a revision replaces; `digests` are by AIP. Raises CopiesIncomplete."""
    objid = row.predecessor or ""
    key = manifest_key_of(order.fonds_code, objid)
    body = await right_body((context.archive, context.reserve), key, digests.get(objid, ""))
    if body is None:
        raise CopiesIncomplete(key)
    return await asyncio.to_thread(Manifest.from_bytes, body)


def described(order: ScanOrder, row: Revision) -> ScanOrder:
    """Give the order as the newer approval describes it; the row of the database stays what it is."""
    made = ScanOrder(**order.model_dump())
    write_description(made, DossierApproved.model_validate_json(row.approval), row.documents)
    return made


def named(sealing: Sealing, row: Revision) -> Sealing:
    """Give the sealing with the names and times of the revision; the row of the database stays what it is."""
    made = Sealing(**sealing.model_dump())
    made.aip_objid, made.software_version = row.aip_objid, row.software_version
    made.begun_at = row.begun_at or row.ordered_at
    return made


def sealed_pages(past: Past, before: Manifest) -> Sequence[tuple[Page, Master]]:
    """Give the pages in the versions that were sealed, whatever was scanned since. Raises AcceptedPagesDiffer."""
    known = {(page.number, master.version): (page, master) for page, master in past.versions}
    found = [known.get((file.page_number or 0, file.page_version or 0)) for file in before.pages]
    pages = [each for each in found if each is not None]
    if [master.sha256 for _, master in pages] != [file.sha256 for file in before.pages]:
        raise AcceptedPagesDiffer("the sealed pages are not known any more")
    return pages


def forms_in(
    row: Revision, before: Manifest, forms: FormPast, anew: Mapping[int, ReadingForm]
) -> Sequence[ReadingForm]:
    """Give the reading forms of a revision by document: made anew, or as they lie in the older AIP."""
    numbers = [file.page_number or 0 for file in before.pages]
    counts = {
        each.number: bisect_right(numbers, each.last_page) - bisect_left(numbers, each.first_page)
        for each in settled_in(row.documents)
    }
    found = dict(anew)
    for file in before.readings:
        number = file.document_number or 0
        if number not in anew and counts.get(number):
            known = forms.form(number, file.sha256)
            found[number] = replace(known, source_key=file.key) if known else untold_form(file, counts)
    return [found[number] for number in sorted(found)]


def untold_form(file: ManifestFile, counts: Mapping[int, int]) -> ReadingForm:
    """Give a reading form of which only its manifest tells."""
    number = file.document_number or 0
    return ReadingForm(
        document=number,
        source_key=file.key,
        size=file.size,
        sha256=file.sha256,
        crc32=file.crc32,
        mib_crc32=file.mib_crc32,
        made_at=file.created_at,
        page_count=counts[number],
    )
