"""Make the reading form of one document: its pages are read first, then bound, proved, signed, proved, drafted."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.context import Context
from services.ingest.domain.documents import DocumentPages, settled_in
from services.ingest.domain.incoming_key import draft_key
from services.ingest.domain.proof import PROOFS, Proof
from services.ingest.domain.renewal import FormWords, Naming
from services.ingest.errors import NotPdfA
from services.ingest.models import Master, Page, PageReading, Reading, ScanOrder, Sealing
from services.ingest.operations.accepting import accepted_pages
from services.ingest.operations.completing import seal_when_made
from services.ingest.operations.page_reading import NO_READER
from services.ingest.operations.picturing import picture_of
from services.ingest.operations.reading import READ
from services.ingest.reading.book import Book
from services.ingest.reading.page_text import PageText
from services.ingest.reading.proving import proof_now, prove_signed
from services.ingest.reading.workroom import workroom
from services.ingest.reading.xmp import About
from shared.clock import now
from shared.eark.profile import PackageForm
from shared.events.catalog import DossierApproved
from shared.events.qc import DossierAccepted
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.storage.digest import Hasher
from shared.storage.port import MIB, AlreadyStored, Fixity
from shared.uow import Caller

if TYPE_CHECKING:
    from services.ingest.reading.signing import Seal

TOLD_EVERY = 10
PORTION = 500
UNDECODABLE, PLAIN = "undecodable", "plain"


@dataclass(frozen=True)
class Order:
    """What a form is made of: its row, its dossier, its pages, and which of them somebody has tried to read."""

    form: Reading
    order: ScanOrder
    sealing: Sealing
    pages: Sequence[tuple[Page, Master]]
    tried: frozenset[UUID]

    @property
    def missing(self) -> list[Master]:
        """Give the pages that nobody has tried to read."""
        return [master for _, master in self.pages if master.id not in self.tried]


@dataclass
class Notes:
    """What is told of a form: of single pages, what its checker said, and when it was signed."""

    unread: list[dict[str, object]] = field(default_factory=list)
    guessed: list[dict[str, object]] = field(default_factory=list)
    readers: set[str] = field(default_factory=set)
    proofs: list[Proof] = field(default_factory=list)
    signed_at: datetime | None = None


async def make_form(context: Context, job: JobColumns, progress: Progress) -> None:
    """Do the job `make_reading_form`; what is drafted by one that was killed before its end is never named."""
    async with context.database.reading() as session:
        asked = await asked_for(session, job)
    form = asked.form
    if form.made_at is not None or form.failure is not None:
        return None
    if context.desk.reader and not form.is_plain and asked.missing:
        return await order_reading(asked, progress)
    try:
        await make(context, asked, progress, Notes(), plain=form.is_plain)
    except NotPdfA as refused:
        if form.is_plain:
            raise
        failed = proof_now(is_signed=refused.is_signed, fault=str(refused))
        await make(context, asked, progress, Notes(proofs=[failed]), plain=True)
    return None


async def asked_for(session: AsyncSession, job: JobColumns) -> Order:
    """Read what a form is made of."""
    form = await session.get_one(Reading, job.subject_id)
    sealing = await session.get_one(Sealing, form.dossier_id)
    accepted = await accepted_pages(session, DossierAccepted.model_validate_json(sealing.acceptance))
    tried = await session.exec(select(PageReading.master_id).where(PageReading.reading_id == form.id))
    return Order(
        form=form,
        order=await session.get_one(ScanOrder, form.dossier_id),
        sealing=sealing,
        pages=[each for each in accepted if form.first_page <= each[0].number <= form.last_page],
        tried=frozenset(tried),
    )


async def order_reading(asked: Order, progress: Progress) -> None:
    """Have every page read that was not; the last one read orders the form again."""
    async with progress.concluding(Caller("ingest"), {"pages_to_read": len(asked.missing)}) as uow:
        await uow.session.get_one(Reading, asked.form.id, with_for_update=True)
        job = uow.plumbing.job
        ids, begun = [master.id for master in asked.missing], asked.form.ordered_at
        for start in range(0, len(ids), PORTION):
            portion = ids[start : start + PORTION]
            there = select(job.subject_id).where(job.kind == READ, col(job.subject_id).in_(portion))
            known = set((await uow.session.exec(there)).all())
            uow.session.add_all(
                job(kind=READ, subject_id=each, not_before=begun) for each in portion if each not in known
            )
        uow.has_enqueued = True


async def make(context: Context, asked: Order, progress: Progress, notes: Notes, *, plain: bool) -> None:
    """Make the form, draft it, and write down what it is."""
    at, seal = now(), context.desk.seal
    with workroom() as folder:
        book, path = Book(folder), folder / "form.pdf"
        await fill(book, context, asked, notes, progress, plain=plain)
        notes.proofs.append(await asyncio.to_thread(book.bind, about(asked, context.form, at), path))
        if seal is not None:
            path = await signed(seal, path, notes)
        fixity = await draft_file(context, asked.form.dossier_id, path)
    async with progress.concluding(Caller("ingest"), {"bytes": fixity.size}) as uow:
        row = await uow.session.get_one(Reading, asked.form.id, with_for_update=True)
        row.made_at, row.is_plain = at, plain
        row.key, row.size = draft_key(row.dossier_id, fixity.sha256), fixity.size
        row.sha256, row.crc32 = fixity.sha256, fixity.crc32
        row.mib_crc32 = struct.pack(f">{len(fixity.mib_crc32)}I", *fixity.mib_crc32)
        row.unread_pages, row.guessed_pages = json.dumps(notes.unread), json.dumps(notes.guessed)
        row.proofs = PROOFS.dump_json(tuple(notes.proofs)).decode()
        row.read_by = ", ".join(sorted(notes.readers)) or None
        if seal is not None:
            row.signed_by, row.signed_at = seal.subject, notes.signed_at
        words = update(PageReading).where(col(PageReading.reading_id) == row.id)
        await uow.session.exec(words.values(text=None))  # they are in the form, and would fill the database for ever
        facts = {"document": row.document, "sha256": row.sha256, "unread": len(notes.unread), "signed": row.signed_by}
        uow.record("reading_form.made", row.dossier_id, **facts)
        await seal_when_made(uow, row.dossier_id)


async def signed(seal: "Seal", path: Path, notes: Notes) -> Path:
    """Sign a form and prove it again; gives the signed one. Raises NotPdfA, CertificateUnusable, TimestampMissing."""
    made, notes.signed_at = path.with_name("signed.pdf"), now()
    await seal.sign(path, made, notes.signed_at)
    notes.proofs.append(await asyncio.to_thread(prove_signed, made))
    return made


async def draft_file(context: Context, dossier_id: UUID, path: Path) -> Fixity:
    """Put a finished form into the incoming store, under the name of its digest; gives its sums."""
    fixity = await asyncio.to_thread(fixity_of_file, path)
    with suppress(AlreadyStored):
        key = draft_key(dossier_id, fixity.sha256)
        await context.incoming.put_new(key, streamed_file(path), size=fixity.size, sha256=fixity.sha256)
    return fixity


async def fill(book: Book, context: Context, asked: Order, notes: Notes, progress: Progress, *, plain: bool) -> None:
    """Add the pages of a document to its book, one after the other."""
    for done, (page, master) in enumerate(asked.pages):
        pictured = await picture_of(context, master, book.folder, plain=plain)
        if pictured.guessed:
            notes.guessed.append({"page": page.number, "source": pictured.guessed})
        reason = UNDECODABLE if pictured.picture is None else PLAIN if plain else None
        async with context.database.reading() as session:
            read = await session.get(PageReading, master.id)
        text = text_on(read, page.number, notes, reason)
        await asyncio.to_thread(book.add, pictured.picture, text)
        if done % TOLD_EVERY == 0:
            await progress.tell(done, len(asked.pages))


def text_on(read: PageReading | None, number: int, notes: Notes, reason: str | None) -> PageText | None:
    """Give the text of a page unless there is a reason against it, and note where there is none."""
    if reason is None and (read is None or read.text is None):
        reason = read.fault if read else NO_READER
    if reason is not None or read is None or read.text is None:
        notes.unread.append({"page": number, "reason": reason})
        return None
    if read.read_by:
        notes.readers.add(read.read_by)
    return PageText.of_bytes(read.text)


def about(asked: Order, written: PackageForm, at: datetime) -> About:
    """Say what the form is about."""
    form = asked.form
    document = DocumentPages(form.document, form.title, form.first_page, form.last_page)
    return said(naming_of(asked.order, asked.sealing.masters_objid, written).words_of(document), at)


def naming_of(order: ScanOrder, masters_objid: str, written: PackageForm) -> Naming:
    """Give what the forms of a dossier say alike, as it is described now and named where packages are written so."""
    fonds = DossierApproved.model_validate_json(order.approval).fonds
    documents = settled_in(order.documents)
    is_itemised = len(documents) != 1 or documents[0].title != order.title
    whole = "" if is_itemised else written.document_id(order.file_code, 1, is_itemised=False)
    return Naming(order.title, fonds.title, order.file_code, masters_objid, whole)


def said(words: FormWords, at: datetime) -> About:
    """Say what a form says of itself, when it is made by this program."""
    return About(**asdict(words), at=at, tool=f"Saoluu {version('saoluu')}")


def fixity_of_file(path: Path) -> Fixity:
    """Hash a file."""
    hasher = Hasher()
    with path.open("rb") as file:
        while chunk := file.read(MIB):
            hasher.update(chunk)
    return hasher.fixity()


async def streamed_file(path: Path) -> AsyncIterator[bytes]:
    """Stream a file in portions."""
    with path.open("rb") as file:
        while chunk := await asyncio.to_thread(file.read, MIB):
            yield chunk
