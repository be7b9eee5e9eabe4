"""Assembles the catalog; decides nothing."""

from functools import partial
from pathlib import Path

from services.catalog.api import router
from services.catalog.context import Context
from services.catalog.domain.programme import Programme
from services.catalog.domain.totals import Assumptions
from services.catalog.domain.yearly_rule import YearlyRule
from services.catalog.handlers import subscriptions
from services.catalog.models import plumbing
from services.catalog.operations.gathering import GATHER, gather
from services.catalog.operations.importing import import_workbook
from services.catalog.operations.uploading import IMPORT, forget_uploads
from services.catalog.settings import CatalogSettings as Settings
from shared.database import Database
from shared.metrics import Meter
from shared.papers.office import Office
from shared.papers.press import Press
from shared.register.writing import Register
from shared.service import Service

__all__ = ["Settings", "assemble"]


def assemble(settings: Settings) -> Service:
    """Put the service together; nothing is opened yet."""
    context = Context(
        database=Database(settings.database_url, plumbing),
        programme=Programme.load(settings.catalog_programme),
        yearly_rule=YearlyRule.load(),
        secrets_allowed=settings.catalog_secrets_allowed,
        largest_workbook=settings.catalog_largest_workbook,
        slowest_seconds=settings.catalog_slowest_seconds,
        uploads_kept_days=settings.catalog_uploads_kept_days,
        office=Office.of(settings),
        press=Press(settings.office_fonts),
        is_appraisal_required=settings.catalog_appraisal_required,
        assumptions=Assumptions(settings.catalog_bytes_per_page, settings.catalog_pages_per_day),
    )
    return Service(
        name="catalog",
        folder=Path(__file__).parent,
        router=router,
        subscriptions=subscriptions,
        context=context,
        meter=Meter("catalog"),
        kinds={GATHER: partial(gather, context), IMPORT: partial(import_workbook, context)},
        hourly=partial(forget_uploads, context),
        register=Register.of("catalog", context.database, settings, "job", "import_portion", "import_changes"),
    )
