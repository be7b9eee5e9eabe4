"""The catalog's HTTP interface, one file per resource."""

from services.catalog.api.archivings import router as archivings
from services.catalog.api.decisions import router as decisions
from services.catalog.api.dossiers import router as dossiers
from services.catalog.api.editions import router as editions
from services.catalog.api.fonds import router as fonds
from services.catalog.api.imports import router as imports
from services.catalog.api.lists import router as lists
from services.catalog.api.templates import router as templates
from shared.auth.guard import guarded_router

router = guarded_router(fonds, dossiers, imports, lists, decisions, editions, archivings, templates)
