"""Assembles handover; decides nothing."""

from functools import partial
from pathlib import Path

from services.handover.api import router
from services.handover.context import Context
from services.handover.domain.minutes import Office
from services.handover.handlers import subscriptions
from services.handover.models import plumbing
from services.handover.operations.building import BUILD, build_package
from services.handover.papers.press import Press
from services.handover.settings import HandoverSettings as Settings
from shared.database import Database
from shared.eark.profile import profile_named
from shared.metrics import Meter
from shared.service import Service
from shared.storage.open import closing, open_store

__all__ = ["Settings", "assemble"]


def assemble(settings: Settings) -> Service:
    """Put the service together; nothing is opened yet."""
    context = Context(
        database=Database(settings.database_url, plumbing),
        archive=open_store(settings.store_archive_url, "archive"),
        reserve=open_store(settings.store_reserve_url, "reserve"),
        press=Press(settings.handover_fonts),
        office=Office(settings.handover_agency, settings.handover_superior, settings.handover_place),
        form=profile_named(settings.handover_profile).sip,
        masters_form=profile_named(settings.handover_masters_profile).sip,
    )

    return Service(
        name="handover",
        folder=Path(__file__).parent,
        router=router,
        subscriptions=subscriptions,
        context=context,
        meter=Meter("handover"),
        kinds={BUILD: partial(build_package, context)},
        hands=settings.handover_builders,
        opened=partial(closing, context.archive, context.reserve),
    )
