"""Ingest's HTTP interface, one file per resource."""

from services.ingest.api.copies import router as copies
from services.ingest.api.dossiers import router as dossiers
from services.ingest.api.pages import router as pages
from services.ingest.api.reading import router as reading
from services.ingest.api.revisions import router as revisions
from services.ingest.api.uploads import router as uploads
from shared.auth.guard import guarded_router

router = guarded_router(copies, dossiers, pages, reading, revisions, uploads)
