"""Assembles handover; decides nothing."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from services.handover.api import router
from services.handover.context import Context
from services.handover.errors import CertificateUnusable
from services.handover.handlers import subscriptions
from services.handover.models import plumbing
from services.handover.operations.building import BUILD, build_package
from services.handover.operations.freezing import freeze_delivery
from services.handover.operations.proving import prove_package
from services.handover.operations.readiness import FREEZE, PROVE
from services.handover.settings import HandoverSettings as Settings
from shared.database import Database
from shared.eark.profile import profile_named
from shared.metrics import Meter
from shared.papers.office import Office
from shared.papers.press import Press
from shared.register.writing import Register
from shared.service import Service
from shared.storage.open import closing, open_store

if TYPE_CHECKING:
    from shared.delivery.signing import Signer

PASSING = ()  # its register tells every table

__all__ = ["Settings", "assemble"]


def assemble(settings: Settings) -> Service:
    """Put the service together; nothing is opened yet."""
    context = Context(
        database=Database(settings.database_url, plumbing),
        archive=open_store(settings.store_archive_url, "archive"),
        reserve=open_store(settings.store_reserve_url, "reserve"),
        press=Press(settings.office_fonts),
        office=Office.of(settings),
        masters_form=profile_named(settings.handover_masters_profile).sip,
        signer=signer_of(settings),
    )

    return Service(
        name="handover",
        folder=Path(__file__).parent,
        router=router,
        subscriptions=subscriptions,
        context=context,
        meter=Meter("handover"),
        kinds={
            BUILD: partial(build_package, context),
            PROVE: partial(prove_package, context),
            FREEZE: partial(freeze_delivery, context),
        },
        hands=settings.handover_builders,
        opened=partial(closing, context.archive, context.reserve),
        register=Register.of("handover", context.database, settings, *PASSING),
    )


def signer_of(settings: Settings) -> "Signer | None":
    """Open the certificate that manifests are signed with; None where none is set. Raises CertificateUnusable."""
    if not settings.handover_certificate:
        return None
    from shared.delivery.signing import Signer  # only who signs needs its library
    from shared.signing.certificate import CertificateRefused, KeyedCertificate
    from shared.signing.timestamps import HttpTimeStamper

    url = settings.handover_timestamp_url
    try:
        certificate = KeyedCertificate.set_by(
            settings.handover_certificate, settings.handover_certificate_password_file
        )
    except CertificateRefused as unusable:
        raise CertificateUnusable(str(unusable)) from unusable
    return Signer(certificate, HttpTimeStamper(url) if url else None)
