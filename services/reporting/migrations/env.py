"""Alembic's entry for this service's database."""

from services.reporting.models import plumbing
from shared.migrating import run

run(plumbing.metadata)
