"""Know which dossiers are preserved, and their newest AIPs, however the words arrive."""

from services.handover.models import PreservedDossier
from shared.events.ingest import DossierPreserved, DossierRevised
from shared.uow import UnitOfWork

ONCE = {"dossier_id", "fonds_code"}


async def know(uow: UnitOfWork, event: DossierPreserved) -> None:
    """Enter a dossier; of one that is known by a revision already only the day is news."""
    known = await uow.session.get(PreservedDossier, event.dossier_id, with_for_update=True)
    if known is None:
        facts = event.model_dump(include=set(PreservedDossier.model_fields))
        uow.session.add(PreservedDossier(**facts, preserved_at=event.occurred_at))
    elif known.preserved_at == known.revised_at:
        known.preserved_at = event.occurred_at


async def know_newer(uow: UnitOfWork, event: DossierRevised) -> None:
    """Enter a newer AIP of a dossier; packages that were gathered before keep what they were gathered as."""
    facts = event.model_dump(include=set(PreservedDossier.model_fields))
    known = await uow.session.get(PreservedDossier, event.dossier_id, with_for_update=True)
    if known is None:
        uow.session.add(PreservedDossier(**facts, preserved_at=event.occurred_at, revised_at=event.occurred_at))
    elif known.version < event.version:
        known.sqlmodel_update({name: value for name, value in facts.items() if name not in ONCE})
        known.revised_at = event.occurred_at
        uow.record("dossier.revised", event.dossier_id, version=event.version, package=known.package_id)
