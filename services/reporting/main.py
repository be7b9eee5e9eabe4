"""Assembles reporting; decides nothing."""

from functools import partial
from pathlib import Path

from services.reporting.api import router
from services.reporting.context import Context
from services.reporting.domain.plan import Plan
from services.reporting.handlers import subscriptions
from services.reporting.models import plumbing
from services.reporting.operations.rebuilding import PROJECTED, REBUILD, rebuild
from services.reporting.settings import ReportingSettings as Settings
from shared.database import Database
from shared.metrics import Meter
from shared.register.writing import Register
from shared.service import Service

__all__ = ["Settings", "assemble"]

PASSING = ("job", *(str(table.__tablename__) for table in PROJECTED))  # made anew from what was heard


def assemble(settings: Settings) -> Service:
    """Put the service together; nothing is opened yet."""
    context = Context(database=Database(settings.database_url, plumbing), plan=Plan.load())
    return Service(
        name="reporting",
        folder=Path(__file__).parent,
        router=router,
        subscriptions=subscriptions,
        context=context,
        meter=Meter("reporting"),
        kinds={REBUILD: partial(rebuild, context)},
        register=Register.of("reporting", context.database, settings, *PASSING),
    )
