"""Alembic's entry for this service's database."""

from services.catalog import agency_models as agency_models  # the tables of these belong to the same database
from services.catalog import difficulty_models as difficulty_models
from services.catalog import import_models as import_models
from services.catalog import layout_models as layout_models
from services.catalog import marking_models as marking_models
from services.catalog import transfer_models as transfer_models
from services.catalog import yearly_models as yearly_models
from services.catalog.models import plumbing
from shared.migrating import run

run(plumbing.metadata)
