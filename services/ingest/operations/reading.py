"""Reading forms of a dossier: ordered when it is accepted, and given to its sealing when they are made."""

import json
import struct
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.domain.documents import DocumentPages
from services.ingest.domain.proof import PROOFS
from services.ingest.domain.reading_form import ReadingForm
from services.ingest.models import Reading, ScanOrder
from services.ingest.revision_models import RenewedForm
from shared.uow import UnitOfWork

FORM, READ = "make_reading_form", "read_page"


async def order_forms(uow: UnitOfWork, order: ScanOrder, page_numbers: Sequence[int]) -> int:
    """Order a reading form for each document of which there are pages; gives how many."""
    documents = [DocumentPages(**each) for each in json.loads(order.documents)]
    count = 0
    for document in documents:
        pages = sum(document.first_page <= number <= document.last_page for number in page_numbers)
        if pages:
            form = Reading(
                dossier_id=order.dossier_id,
                document=document.number,
                title=document.title,
                first_page=document.first_page,
                last_page=document.last_page,
                page_count=pages,
            )
            uow.session.add(form)
            await uow.enqueue(FORM, form.id)
            count += 1
    return count


async def forms_of(session: AsyncSession, dossier_id: UUID) -> Sequence[Reading]:
    """Give the rows of a dossier's reading forms, in order of its documents."""
    asked = select(Reading).where(Reading.dossier_id == dossier_id).order_by(col(Reading.document))
    return (await session.exec(asked)).all()


async def reading_forms(session: AsyncSession, dossier_id: UUID) -> Sequence[ReadingForm]:
    """Give the finished reading forms of a dossier; one that could not be made, or was never ordered, is not there."""
    return [form_of(row) for row in await forms_of(session, dossier_id) if row.made_at is not None]


def form_of(row: Reading | RenewedForm) -> ReadingForm:
    """Give a finished reading form as a sealing takes it."""
    if row.made_at is None or row.key is None or row.size is None or row.sha256 is None or row.crc32 is None:
        raise ValueError(f"reading form {row.id} is not made")
    return ReadingForm(
        document=row.document,
        source_key=row.key,
        size=row.size,
        sha256=row.sha256,
        crc32=row.crc32,
        mib_crc32=struct.unpack(f">{len(row.mib_crc32) // 4}I", row.mib_crc32),
        made_at=row.made_at,
        page_count=row.page_count,
        unread_pages=tuple(each["page"] for each in json.loads(row.unread_pages)),
        read_by=row.read_by,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
        proofs=PROOFS.validate_json(row.proofs),
    )
