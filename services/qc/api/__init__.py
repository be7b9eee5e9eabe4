"""Qc's HTTP interface, one file per resource."""

from services.qc.api.dossiers import router as dossiers
from services.qc.api.history import router as history
from services.qc.api.iiif import router as iiif
from services.qc.api.judged_pages import router as judged_pages
from services.qc.api.lots import router as lots
from services.qc.api.pages import router as pages
from services.qc.api.reasons import router as reasons
from services.qc.api.rescans import router as rescans
from services.qc.api.scopes import router as scopes
from services.qc.api.verdicts import router as verdicts
from shared.auth.guard import guarded_router

router = guarded_router(dossiers, history, iiif, judged_pages, lots, pages, reasons, rescans, scopes, verdicts)
