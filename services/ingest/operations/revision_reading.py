"""Read what a revision is made of: what was sealed, as its newer approval tells it, and the AIP that it replaces."""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.context import Context
from services.ingest.domain.documents import settled_in
from services.ingest.domain.reading_form import ReadingForm
from services.ingest.errors import AcceptedPagesDiffer, CopiesIncomplete
from services.ingest.models import Master, Page, ScanOrder, Sealing
from services.ingest.operations.approving import write_description
from services.ingest.operations.earlier_story import Earlier, first_told
from services.ingest.operations.listing import manifest_key_of
from services.ingest.operations.packing import Sealed
from services.ingest.operations.past import Past, read_past
from services.ingest.operations.reading import reading_forms
from services.ingest.operations.revision_orders import kept_aips, preserved_revisions
from services.ingest.operations.scrubbing import right_body
from services.ingest.revision_models import Revision
from shared.eark.manifest import Manifest, ManifestFile
from shared.events.catalog import DossierApproved
from shared.events.qc import DossierAccepted


@dataclass(frozen=True)
class Revised:
    """What a revision is made of: its row, the manifest of the AIP that it replaces, and what will be in the new one.

    `sealed` has the names and times of the new AIP and the description of the newer approval; `known` are the documents
    of which the database can tell how their reading forms were made; `earlier` is what the older AIPs did.
    """

    row: Revision
    before: Manifest
    sealed: Sealed
    known: frozenset[int]
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
        made = await forms_known(session, row.dossier_id)
    key = manifest_key_of(order.fonds_code, row.predecessor or "")
    digests = dict(aips)
    body = await right_body((context.archive, context.reserve), key, digests.get(row.predecessor or "", ""))
    if body is None:
        raise CopiesIncomplete(key)
    before = await asyncio.to_thread(Manifest.from_bytes, body)
    sealed = Sealed(
        described(order, row),
        named(sealing, row),
        DossierAccepted.model_validate_json(sealing.acceptance),
        sealed_pages(past, before),
        context.form,
        context.masters_form,
        past,
        carried_forms(row, before, made),
    )
    earlier = Earlier(
        told=await first_told(context, order.fonds_code, aips),
        first_objid=sealing.aip_objid,
        first_version=sealing.software_version,
        revisions=[each for each in revisions if each.version < row.version],
    )
    return Revised(row, before, sealed, frozenset(document for document, _ in made), earlier)


async def forms_known(session: AsyncSession, dossier_id: UUID) -> dict[tuple[int, str], ReadingForm]:
    """Give by document and digest what is known of the making of a dossier's reading forms."""
    return {(form.document, form.sha256): form for form in await reading_forms(session, dossier_id)}


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


def carried_forms(
    row: Revision, before: Manifest, made: Mapping[tuple[int, str], ReadingForm]
) -> Sequence[ReadingForm]:
    """Give the reading forms as they lie in the older AIP, with what is known of their making."""
    numbers = [file.page_number or 0 for file in before.pages]
    counts = {
        each.number: bisect_right(numbers, each.last_page) - bisect_left(numbers, each.first_page)
        for each in settled_in(row.documents)
    }
    return [
        replace(known, source_key=file.key)
        if (known := made.get((file.document_number or 0, file.sha256)))
        else untold_form(file, counts)
        for file in before.readings
    ]


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
