"""Resumable uploads: parts are kept as objects of their own, and the page is put together when the last is here.

A part counts only when its object is durable and its row committed, so the offset we name never lies.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from services.ingest.context import Context
from services.ingest.domain.announcement import Announcement
from services.ingest.domain.incoming_key import part_key
from services.ingest.errors import ChecksumMismatch, UploadConflict, UploadUnknown
from services.ingest.operations.receiving import Place, Taken, look_up, place_of_order, receive_page
from services.ingest.swept import Reason
from services.ingest.upload_models import Upload, UploadPart
from shared.clock import now
from shared.errors import ArchiveError
from shared.ids import new_id
from shared.storage.port import LengthMismatch
from shared.uow import Caller, UnitOfWork


async def create_upload(
    context: Context, caller: Caller, target: tuple[UUID, int] | UUID, announced: Announcement
) -> Upload | Taken:
    """Open an upload for a page that may come, or give the page when these very bytes are here already.

    Raises what receive_page raises before the first byte.
    """
    async with context.database.writing(caller) as uow:
        place = await place_of_order(uow.session, target) if isinstance(target, UUID) else Place(*target)
        known = await look_up(uow.session, place, announced)
        if known is not None:
            return known
        upload = Upload(
            account_id=caller.account_id or UUID(int=0),
            dossier_id=place.dossier_id,
            number=place.number,
            rescan_order_id=place.rescan_order_id,
            size=announced.size,
            sha256=announced.sha256,
            media_type=announced.media_type,
            file_name=announced.file_name,
            capture=announced.capture,
        )
        uow.session.add(upload)
    return upload


async def find_upload(context: Context, caller: Caller, upload_id: UUID) -> Upload:
    """Give an upload to the account that opened it. Raises UploadUnknown."""
    async with context.database.reading() as session:
        upload = await session.get(Upload, upload_id)
    if upload is None or upload.account_id != caller.account_id:
        raise UploadUnknown
    return upload


async def append(
    context: Context,
    upload: Upload,
    start: int,
    body: AsyncIterator[bytes],
    size: int,
    checksum: tuple[str, bytes] | None,
) -> int:
    """Keep the next part; gives the offset after it. Raises UploadConflict, LengthMismatch, ChecksumMismatch."""
    if start != upload.held:
        raise UploadConflict(f"the upload stands at {upload.held}", held=upload.held)
    if size == 0 or start + size > upload.size:
        raise LengthMismatch(f"{size} bytes do not fit between {start} and {upload.size}")
    key = part_key(upload.id, start, new_id())
    await context.incoming.put_new(key, checked(body, checksum), size=size)
    async with context.database.writing() as uow:
        row = await uow.session.get(Upload, upload.id, with_for_update=True)
        if row is None or row.held != start:
            uow.session.expunge_all()
        else:
            row.held, row.grown_at = start + size, now()
            uow.session.add(UploadPart(upload_id=upload.id, start=start, size=size, key=key))
            return row.held
    await context.incoming.delete(key)
    raise UploadConflict("another part was quicker")


async def checked(body: AsyncIterator[bytes], checksum: tuple[str, bytes] | None) -> AsyncIterator[bytes]:
    """Let a part through, holding its last bytes back until its checksum is known to be right."""
    if checksum is None:
        async for chunk in body:
            yield chunk
        return
    algorithm, expected = checksum
    digest = hashlib.new(algorithm, usedforsecurity=False)
    held = b""
    async for chunk in body:
        digest.update(chunk)
        if held:
            yield held
        held = chunk
    if digest.digest() != expected:
        raise ChecksumMismatch
    yield held


async def finish(context: Context, caller: Caller, upload: Upload) -> Taken:
    """Put the parts together into a page, as if it had come in one piece, and drop them.

    An outage leaves the parts where they are: an empty part at the end of the upload tries again.
    """
    if upload.dossier_id is None or upload.number is None:
        raise UploadUnknown
    place = Place(upload.dossier_id, upload.number, upload.rescan_order_id)
    announced = Announcement(upload.size, upload.sha256, upload.media_type, upload.file_name, upload.capture)
    try:
        taken = await receive_page(context, caller, place, announced, parts_of(context, upload.id))
    except ArchiveError as failure:
        if not failure.retryable:
            await forget(context, upload.id)
        raise
    await forget(context, upload.id)
    return taken


async def parts_of(context: Context, upload_id: UUID) -> AsyncIterator[bytes]:
    """Stream all parts in order."""
    async with context.database.reading() as session:
        asked = select(UploadPart).where(UploadPart.upload_id == upload_id).order_by(col(UploadPart.start))
        parts = (await session.exec(asked)).all()
    for part in parts:
        async for chunk in context.incoming.read(part.key):
            yield chunk


async def forget(context: Context, upload_id: UUID) -> None:
    """Drop an upload and its parts."""
    async with context.database.writing() as uow:
        parts = await drop_rows(uow, await uow.session.get(Upload, upload_id, with_for_update=True))
    for part in parts:
        await context.incoming.delete(part.key)


async def abandon_uploads(context: Context, before: datetime) -> int:
    """Drop every upload that has not grown since before a moment, with its parts; gives how many."""
    async with context.database.reading() as session:
        found = (await session.exec(select(Upload.id).where(col(Upload.grown_at) < before))).all()
    dropped = 0
    for upload_id in found:
        async with context.database.writing(Caller("ingest")) as uow:
            upload = await uow.session.get(Upload, upload_id, with_for_update=True)
            if upload is None or upload.grown_at >= before:  # it grew or ended meanwhile
                continue
            parts = await drop_rows(uow, upload)
            uow.record("upload.abandoned", upload_id, held=upload.held, size=upload.size, grown_at=upload.grown_at)
        dropped += 1
        for part in parts:
            await context.incoming.delete(part.key)
            context.swept.add(Reason.ABANDONED, part.size)
    return dropped


async def drop_rows(uow: UnitOfWork, upload: Upload | None) -> Sequence[UploadPart]:
    """Delete the rows of an upload that is held, if there is one; gives its parts."""
    if upload is None:
        return ()
    parts = (await uow.session.exec(select(UploadPart).where(UploadPart.upload_id == upload.id))).all()
    for part in parts:
        await uow.session.delete(part)
    await uow.session.flush()
    await uow.session.delete(upload)
    return parts
