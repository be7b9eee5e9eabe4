"""The catalog's own settings."""

from pydantic import Field

from shared.papers.office import OfficeSettings


class CatalogSettings(OfficeSettings):
    """The programme dossiers are chosen for, whether secrets may be held, and the limits of what is imported.

    Secrets may be held only on an installation without any network (law 117/2025/QH15, article 5). The largest
    workbook is in bytes; the seconds are of silence inside a body. An uploaded file is kept for some days, so that it
    can be given back with what is wrong in it. What a page takes and what is scanned in a day are assumptions that a
    list's totals are estimated with: an A4 page in colour at 300 dpi, uncompressed, and one station.
    """

    catalog_programme: str = "decision-71-2023"
    catalog_secrets_allowed: bool = False
    catalog_largest_workbook: int = 50 << 20
    catalog_slowest_seconds: float = 30.0
    catalog_appraisal_required: bool = False
    catalog_bytes_per_page: int = Field(default=26_000_000, gt=0)
    catalog_pages_per_day: int = Field(default=1000, gt=0)
    catalog_uploads_kept_days: int = 30
