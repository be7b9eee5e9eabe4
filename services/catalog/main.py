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
from services.catalog.operations.printing_yearly import print_list
from services.catalog.operations.reindexing import (
    REINDEX,
    RELIST,
    REWORD,
    index_documents,
    index_entered,
    index_strokes,
)
from services.catalog.operations.sweeping import sweep_ended
from services.catalog.operations.uploading import IMPORT, forget_uploads
from services.catalog.operations.yearly_papers import PRINT, forget_papers
from services.catalog.settings import CatalogSettings as Settings
from services.catalog.wording import worded
from shared.database import Database
from shared.metrics import Meter
from shared.papers.office import Office
from shared.papers.press import Press
from shared.register.writing import Register
from shared.service import Service

PASSING = (  # made again, or never needed again
    "job", "import_portion", "import_changes", "import_basis", "staged_dossier", "staged_mark", "yearly_paper",
    "yearly_paper_portion",
)  # fmt: skip
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
        kinds={
            GATHER: partial(gather, context),
            IMPORT: partial(import_workbook, context),
            PRINT: partial(print_list, context),
            REINDEX: partial(index_documents, context),
            RELIST: partial(index_entered, context),
            REWORD: partial(index_strokes, context),
        },
        hourly=partial(forget_old, context),
        register=Register.of("catalog", context.database, settings, *PASSING),
        worded=worded,
    )


async def forget_old(context: Context) -> None:
    """Let go of files that were uploaded or made too long ago, and of what imports have left behind."""
    await forget_uploads(context)
    await forget_papers(context)
    await sweep_ended(context.database)
