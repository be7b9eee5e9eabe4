"""Reading forms as a sealing takes them, without a reader: small PDFs with as many pages as their documents have."""

import io
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID
from zlib import crc32

import pikepdf
import pytest

from services.ingest.context import Context
from services.ingest.domain.incoming_key import draft_key
from services.ingest.domain.reading_form import ReadingForm
from services.ingest.operations import sealing
from shared.storage.digest import streamed
from shared.storage.port import AlreadyStored

MADE_AT = datetime(2026, 11, 28, 3, 0, 0, 125_000, tzinfo=UTC)
SIGNED_AT = datetime(2026, 11, 28, 3, 0, 7, tzinfo=UTC)


def pdf_of(pages: int) -> bytes:
    """Make a PDF of blank A4 pages, always the same bytes."""
    made, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    made.save(out, deterministic_id=True)
    return out.getvalue()


async def read_as(
    context: Context, monkeypatch: pytest.MonkeyPatch, dossier: UUID | None, pages: Sequence[int]
) -> None:
    """Let the documents of a dossier (of every one: None) have reading forms of so many pages, the first one signed."""

    async def given(_session: object, asked: UUID) -> Sequence[ReadingForm]:
        if dossier not in (None, asked):
            return ()
        return [await read(context, asked, number, count) for number, count in enumerate(pages, start=1)]

    monkeypatch.setattr(sealing, "reading_forms", given)


async def read(context: Context, dossier: UUID, number: int, count: int) -> ReadingForm:
    """Draft the reading form of one document, unless it is there."""
    body = pdf_of(count)
    digest = sha256(body).hexdigest()
    key = draft_key(dossier, digest)
    with suppress(AlreadyStored):
        await context.incoming.put_new(key, streamed(body), size=len(body), sha256=digest)
    return ReadingForm(
        document=number,
        source_key=key,
        size=len(body),
        sha256=digest,
        crc32=crc32(body),
        mib_crc32=(crc32(body),),
        made_at=MADE_AT,
        page_count=count,
        unread_pages=(1,) if number > 1 else (),
        read_by="tesseract 5.3.0",
        signed_by="CN=Trung tâm Lưu trữ lịch sử" if number == 1 else None,
        signed_at=SIGNED_AT if number == 1 else None,
    )
