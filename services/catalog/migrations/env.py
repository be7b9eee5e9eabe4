"""Alembic's entry for this service's database."""

from services.catalog.models import agencies as agencies  # the tables of these belong to the same database
from services.catalog.models import archivings as archivings
from services.catalog.models import difficulties as difficulties
from services.catalog.models import holdings as holdings
from services.catalog.models import imports as imports
from services.catalog.models import layouts as layouts
from services.catalog.models import markings as markings
from services.catalog.models import plumbing
from services.catalog.models import transfers as transfers
from services.catalog.models import yearly as yearly
from shared.migrating import run

run(plumbing.metadata)
