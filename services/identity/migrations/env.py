"""Alembic's entry for this service's database."""

from services.identity.models import plumbing
from shared.migrating import run

run(plumbing.metadata)
