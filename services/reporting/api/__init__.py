"""Reporting's HTTP interface, one file per resource."""

from services.reporting.api.agencies import router as agencies
from services.reporting.api.ledger import router as ledger
from services.reporting.api.progress import router as progress
from shared.auth.guard import guarded_router

router = guarded_router(progress, ledger, agencies)
