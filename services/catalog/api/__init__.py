"""The catalog's HTTP interface, one file per resource."""

from services.catalog.api.agencies import router as agencies
from services.catalog.api.agency_links import router as agency_links
from services.catalog.api.archivings import router as archivings
from services.catalog.api.codes import router as codes
from services.catalog.api.decisions import router as decisions
from services.catalog.api.difficulties import router as difficulties
from services.catalog.api.dossiers import router as dossiers
from services.catalog.api.editions import router as editions
from services.catalog.api.exports import router as exports
from services.catalog.api.finding import router as finding
from services.catalog.api.fonds import router as fonds
from services.catalog.api.import_changes import router as import_changes
from services.catalog.api.imports import router as imports
from services.catalog.api.layouts import router as layouts
from services.catalog.api.lists import router as lists
from services.catalog.api.markings import router as markings
from services.catalog.api.minutes import router as minutes
from services.catalog.api.papers import router as papers
from services.catalog.api.secrecy_findings import router as secrecy_findings
from services.catalog.api.series import router as series
from services.catalog.api.suggestions import router as suggestions
from services.catalog.api.templates import router as templates
from services.catalog.api.transfers import router as transfers
from services.catalog.api.yearly import router as yearly
from services.catalog.api.yearly_papers import router as yearly_papers
from services.catalog.api.yearly_rule import router as yearly_rule
from shared.auth.guard import guarded_router

router = guarded_router(
    fonds,
    series,
    codes,
    finding,
    dossiers,
    secrecy_findings,
    markings,
    suggestions,
    layouts,
    imports,
    import_changes,
    exports,
    lists,
    decisions,
    editions,
    archivings,
    papers,
    templates,
    agencies,
    agency_links,
    transfers,
    minutes,
    difficulties,
    yearly,
    yearly_papers,
    yearly_rule,
)
