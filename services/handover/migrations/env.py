"""Alembic's entry for this service's database."""

from services.handover import layout_models as layout_models  # these tables belong to the same database
from services.handover.models import plumbing
from shared.migrating import run

run(plumbing.metadata)
