"""Alembic's entry for this service's database."""

from services.ingest import revision_models as revision_models  # these tables belong to the same database
from services.ingest import upload_models as upload_models
from services.ingest.models import plumbing
from shared.migrating import run

run(plumbing.metadata)
