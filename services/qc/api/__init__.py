"""Qc's HTTP interface, one file per resource."""

from services.qc.api.dossiers import router as dossiers
from services.qc.api.iiif import router as iiif
from services.qc.api.lots import router as lots
from services.qc.api.pages import router as pages
from shared.auth.guard import guarded_router

router = guarded_router(dossiers, iiif, lots, pages)
