"""Alembic's entry for this service's database."""

from services.catalog import agency_models as agency_models  # its tables belong to the same database
from services.catalog.models import plumbing
from shared.migrating import run

run(plumbing.metadata)
