"""The catalog's own settings."""

from shared.settings import ServiceSettings


class CatalogSettings(ServiceSettings):
    """The programme dossiers are chosen for, whether secrets may be held, and the limits of what is imported.

    Secrets may be held only on an installation without any network (law 117/2025/QH15, article 5). The largest
    workbook is in bytes; the seconds are of silence inside a body. An uploaded file is kept for some days, so that it
    can be given back with what is wrong in it.
    """

    catalog_programme: str = "decision-71-2023"
    catalog_secrets_allowed: bool = False
    catalog_largest_workbook: int = 50 << 20
    catalog_slowest_seconds: float = 30.0
    catalog_uploads_kept_days: int = 30
