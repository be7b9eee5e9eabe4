"""Make anew, for a revision, the reading forms that would say something else of themselves than they say.

Each is put together of pages of the forms in the older AIP, held against its manifest, and goes the way of every form:
proved, signed where the agency has a certificate, proved again, drafted, entered. What is entered is not made twice.
"""

import asyncio
import json
import logging
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlmodel import select

from services.ingest.context import Context
from services.ingest.domain.documents import settled_in
from services.ingest.domain.incoming_key import draft_key
from services.ingest.domain.proof import PROOFS
from services.ingest.domain.renewal import Renewal, renewals
from services.ingest.domain.revision import RevisionState
from services.ingest.errors import CopiesIncomplete
from services.ingest.models import ScanOrder, Sealing
from services.ingest.operations.form_past import FormPast, read_form_past
from services.ingest.operations.forming import Notes, draft_file, naming_of, said, signed
from services.ingest.operations.revision_orders import kept_aips
from services.ingest.operations.revision_reading import described, replaced_manifest
from services.ingest.reading.rewriting import Leaves, write_anew
from services.ingest.reading.workroom import workroom
from services.ingest.revision_models import RenewedForm, Revision
from shared.clock import now
from shared.eark.manifest import Manifest, ManifestFile
from shared.jobs import Progress
from shared.storage.digest import Hasher
from shared.storage.port import FixityLost, NotStored
from shared.uow import Caller

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plan:
    """What is still to be made for a revision, the AIP that it is made from, and what is known of the forms there."""

    row: Revision
    before: Manifest
    past: FormPast
    missing: Sequence[Renewal]


async def renew_forms(context: Context, revision_id: UUID, progress: Progress) -> None:
    """Make the forms of a revision that was begun.

    Raises CopiesIncomplete, NotPdfA, CertificateUnusable, TimestampMissing, WorkroomUnavailable.
    """
    plan = await read_plan(context, revision_id)
    if not plan.missing:
        return
    with workroom() as folder:
        shelf = Shelf(context, {file.document_number or 0: file for file in plan.before.readings}, folder)
        for done, renewal in enumerate(plan.missing):
            await progress.tell(done, len(plan.missing))
            await renew(context, plan, renewal, shelf)


async def read_plan(context: Context, revision_id: UUID) -> Plan:
    """Say what is still to be made: nothing any more once the revision is written down as a whole."""
    async with context.database.reading() as session:
        row = await session.get_one(Revision, revision_id)
        order = await session.get_one(ScanOrder, row.dossier_id)
        sealing = await session.get_one(Sealing, row.dossier_id)
        past = await read_form_past(session, row.dossier_id)
        aips = dict(await kept_aips(session, sealing))
    before = await replaced_manifest(context, order, row, aips)
    if row.state != RevisionState.ORDERED or row.manifest_sha256 or not before.readings:
        return Plan(row, before, past, ())
    older, newer = settled_in(order.documents), settled_in(row.documents)
    names = [naming_of(each, sealing.masters_objid, context.form) for each in (order, described(order, row))]
    numbers = [file.page_number or 0 for file in before.pages]
    made = past.made_for(revision_id)
    wanted = await asyncio.to_thread(lambda: list(renewals(older, names[0], newer, names[1], numbers)))
    return Plan(row, before, past, [each for each in wanted if each.document.number not in made])


async def renew(context: Context, plan: Plan, renewal: Renewal, shelf: "Shelf") -> None:
    """Make one form, draft it, and enter what it is."""
    at, seal, notes = now(), context.desk.seal, Notes()
    path, leaves = shelf.folder / "form.pdf", await shelf.leaves_of(renewal)
    notes.proofs.append(await asyncio.to_thread(write_anew, leaves, said(renewal.words, at), path))
    if seal is not None:
        path = await signed(seal, path, notes)
    fixity = await draft_file(context, plan.row.dossier_id, path)
    drawn = [(each, shelf.files[each.document].sha256) for each in renewal.portions]
    known = [(each, form) for each, sha256 in drawn if (form := plan.past.form(each.document, sha256))]
    unread = [page for each, form in known for page in form.unread_pages if each.first_page <= page <= each.last_page]
    told = [
        {"document": each.document, "sha256": sha256, "first_page": each.first_page, "last_page": each.last_page}
        for each, sha256 in drawn
    ]
    made = RenewedForm(
        revision_id=plan.row.id,
        document=renewal.document.number,
        page_count=renewal.page_count,
        drawn_from=json.dumps(told),
        is_divided=renewal.is_divided,
        made_at=at,
        key=draft_key(plan.row.dossier_id, fixity.sha256),
        size=fixity.size,
        sha256=fixity.sha256,
        crc32=fixity.crc32,
        mib_crc32=struct.pack(f">{len(fixity.mib_crc32)}I", *fixity.mib_crc32),
        unread_pages=json.dumps([{"page": page} for page in unread]),
        proofs=PROOFS.dump_json(tuple(notes.proofs)).decode(),
        read_by=", ".join(sorted({form.read_by for _, form in known if form.read_by})) or None,
        signed_by=seal.subject if seal else None,
        signed_at=notes.signed_at,
    )
    await enter(context, made)


async def enter(context: Context, made: RenewedForm) -> None:
    """Enter a form unless another worker was faster; the packing of its AIP begins after it."""
    async with context.database.writing(Caller("ingest")) as uow:
        row = await uow.session.get_one(Revision, made.revision_id, with_for_update=True)
        there = select(RenewedForm).where(
            RenewedForm.revision_id == made.revision_id, RenewedForm.document == made.document
        )
        is_late = row.state != RevisionState.ORDERED or row.manifest_sha256 is not None
        if is_late or (await uow.session.exec(there)).first() is not None:
            return
        uow.session.add(made)
        row.begun_at = now()
        facts = {"version": row.version, "document": made.document, "sha256": made.sha256, "signed": made.signed_by}
        uow.record("reading_form.renewed", row.dossier_id, **facts)


@dataclass
class Shelf:
    """The older forms that are drawn from now, as files in a folder: a huge one is fetched once for all its pages."""

    context: Context
    files: dict[int, ManifestFile]
    folder: Path
    there: dict[int, Path] = field(default_factory=dict)

    async def leaves_of(self, renewal: Renewal) -> list[Leaves]:
        """Give the pages that a form is put together of. Raises CopiesIncomplete."""
        wanted = {each.document for each in renewal.portions}
        for document in self.there.keys() - wanted:
            self.there.pop(document).unlink()
        for document in wanted - self.there.keys():
            path = self.folder / f"older-{document}.pdf"
            await fetch(self.context, self.files[document], path)
            self.there[document] = path
        return [Leaves(self.there[each.document], each.first_place, each.last_place) for each in renewal.portions]


async def fetch(context: Context, file: ManifestFile, path: Path) -> None:
    """Fetch an object from the first store that has it right. Raises CopiesIncomplete where neither has."""
    for store in (context.archive, context.reserve):
        hasher = Hasher()
        with suppress(NotStored, FixityLost), path.open("wb") as out:
            async for chunk in store.read(file.key):
                await asyncio.to_thread(hasher.update, chunk)
                await asyncio.to_thread(out.write, chunk)
        if hasher.fixity().sha256 == file.sha256:
            return
        log.error("%s is not right in %s: no reading form is drawn from it", file.key, store.name)
    raise CopiesIncomplete(file.key)
