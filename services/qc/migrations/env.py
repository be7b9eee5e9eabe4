"""Alembic's entry for this service's database."""

from services.qc.models import plumbing
from shared.migrating import run

run(plumbing.metadata)
