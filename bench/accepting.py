"""A dossier as it is when an inspector has accepted it: rows put straight into ingest's database."""

import json
import struct
from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.domain.state import DossierState
from services.ingest.models import Master, Page, ScanOrder, Sealing
from services.ingest.operations.reading import order_forms
from shared.clock import now
from shared.database import Database
from shared.eark.names import archive_objid
from shared.events.catalog import DossierApproved, DossierDescription, FondsDescription
from shared.events.qc import DossierAccepted, pages_digest
from shared.ids import DossierId, FondsId, SelectionListId
from shared.storage.port import Fixity


async def accept_dossier(
    database: Database, kept: Sequence[tuple[str, Fixity]], *, number: int = 1, in_documents: int = 1
) -> DossierId:
    """Write down a dossier as it is when an inspector has accepted it."""
    dossier, count = DossierId(uuid4()), len(kept)
    code, each = f"H49.2001.{number:03}", count // in_documents
    approval = approved(dossier, code, count)
    documents = [
        {"number": 1 + first // each, "title": "Hồ sơ mẫu", "first_page": first + 1, "last_page": first + each}
        for first in range(0, count, each)
    ]
    async with database.writing() as uow:
        order = ScanOrder(
            dossier_id=dossier, version=1, fonds_id=approval.fonds.id, fonds_code="P01", file_code=code,
            folder_name=code, title="Hồ sơ mẫu", expected_count=count, approval=approval.model_dump_json(),
            state=DossierState.ACCEPTED, documents=json.dumps(documents),
        )  # fmt: skip
        uow.session.add(order)
        await uow.session.flush()
        for place, (key, fixity) in enumerate(kept, 1):
            await add_page(uow.session, dossier, place, key, fixity)
        digest = pages_digest((place, 1, fixity.sha256) for place, (_, fixity) in enumerate(kept, 1))
        event = DossierAccepted(dossier_id=dossier, accepted_count=count, reserved_count=0, pages_sha256=digest)
        masters, aip = (archive_objid("P01", uuid4()) for _ in range(2))
        uow.session.add(
            Sealing(dossier_id=dossier, masters_objid=masters, aip_objid=aip, begun_at=now(), software_version="bench",
                    acceptance=event.model_dump_json())
        )  # fmt: skip
        await order_forms(uow, order, range(1, count + 1))
    return dossier


async def add_page(session: AsyncSession, dossier: UUID, number: int, key: str, fixity: Fixity) -> None:
    """Add a page with its one version."""
    page = Page(dossier_id=dossier, number=number)
    session.add(page)
    await session.flush()
    session.add(
        Master(
            page_id=page.id, version=1, key=key, sha256=fixity.sha256, size=fixity.size, crc32=fixity.crc32,
            mib_crc32=struct.pack(f">{len(fixity.mib_crc32)}I", *fixity.mib_crc32), media_type="image/jpeg",
            station="bench",
        )
    )  # fmt: skip


def approved(dossier: DossierId, code: str, count: int) -> DossierApproved:
    """Approve a dossier."""
    return DossierApproved(
        dossier_id=dossier,
        list_id=SelectionListId(uuid4()),
        list_sha256="0" * 64,
        fonds=FondsDescription(id=FondsId(uuid4()), code="P01", title="Phông mẫu", kind="fonds", archive_code="H49"),
        description=DossierDescription(
            file_code=code, title="Hồ sơ mẫu", retention="01", access_level="01", page_count=count
        ),
        criteria=("at_risk",),
        year=2026,
    )
