"""Alembic's entry for this service's database."""

from services.catalog.models import plumbing
from shared.migrating import run

run(plumbing.metadata)
