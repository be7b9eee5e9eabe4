"""What may leave the house: no dossier that is classified, whoever let it through before."""

from services.handover.errors import DossierSecret
from shared.events.catalog import DossierDescription

CLASSIFIED = "03"  # Circular 05/2025/TT-BNV, accessLevel: Mật


def demand_open(dossier: DossierDescription) -> None:
    """Raise DossierSecret for a dossier that is classified."""
    if dossier.access_level == CLASSIFIED:
        raise DossierSecret(dossier.file_code)
