"""The catalog's own settings."""

from shared.settings import ServiceSettings


class CatalogSettings(ServiceSettings):
    """The programme dossiers are chosen for, and whether this installation may hold secrets (never when networked)."""

    catalog_programme: str = "decision-71-2023"
    catalog_secrets_allowed: bool = False
