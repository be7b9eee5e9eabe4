"""Handover's HTTP interface, one file per resource."""

from services.handover.api.deliveries import router as deliveries
from services.handover.api.packages import router as packages
from services.handover.api.papers import router as papers
from shared.auth.guard import guarded_router

router = guarded_router(deliveries, packages, papers)
