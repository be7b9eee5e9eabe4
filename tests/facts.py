"""Events as tests need them, with every required field filled."""

from uuid import UUID, uuid4

from shared.events.catalog import DossierApproved, DossierDescription, FondsDescription
from shared.ids import DossierId, FondsId, SelectionListId

FONDS_ID = FondsId(UUID("01a20af6-59da-7963-b6de-1649591bb1aa"))


def approved(dossier_id: UUID | None = None, *, pages: int = 2, code: str = "H49.2001.001") -> DossierApproved:
    """Give the approval of a dossier."""
    return DossierApproved(
        dossier_id=DossierId(dossier_id or uuid4()),
        list_id=SelectionListId(uuid4()),
        list_sha256="0" * 64,
        fonds=FondsDescription(id=FONDS_ID, code="P01", title="Phông mẫu", kind="fonds", archive_code="H49"),
        description=DossierDescription(
            file_code=code, title="Hồ sơ mẫu", retention="01", access_level="01", page_count=pages
        ),
        criteria=("at_risk",),
        year=2026,
    )
