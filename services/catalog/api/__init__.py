"""The catalog's HTTP interface, one file per resource."""

from services.catalog.api.dossiers import router as dossiers
from services.catalog.api.exports import router as exports
from services.catalog.api.fonds import router as fonds
from services.catalog.api.imports import router as imports
from services.catalog.api.lists import router as lists
from services.catalog.api.templates import router as templates
from shared.auth.guard import guarded_router

router = guarded_router(fonds, dossiers, imports, exports, lists, templates)
