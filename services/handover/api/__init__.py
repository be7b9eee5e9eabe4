"""Handover's HTTP interface, one file per resource."""

from services.handover.api.agreements import router as agreements
from services.handover.api.corrections import router as corrections
from services.handover.api.deliveries import router as deliveries
from services.handover.api.giving_up import router as giving_up
from services.handover.api.manifests import router as manifests
from services.handover.api.media import router as media
from services.handover.api.packages import router as packages
from services.handover.api.papers import router as papers
from services.handover.api.receipts import router as receipts
from shared.auth.guard import guarded_router

router = guarded_router(agreements, deliveries, giving_up, manifests, media, packages, papers, receipts, corrections)
