"""what file codes are folded to, by which those too much alike are found."""

import sqlalchemy as sa
from alembic import op

from services.catalog.domain.file_code import folded_code

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

AT_ONCE = 1000
DOSSIER = sa.table("dossier", sa.column("id", sa.Uuid()), sa.column("file_code"), sa.column("code_key"))


def upgrade() -> None:
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code_key", sa.String(), nullable=False, server_default=""))
    fill()
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.alter_column("code_key", server_default=None)
        batch_op.create_index("ix_dossier_code_key", ["fonds_id", "code_key"])


def fill() -> None:
    """Fold the codes of the dossiers that are there."""
    database = op.get_bind()
    written = sa.update(DOSSIER).where(DOSSIER.c.id == sa.bindparam("of")).values(code_key=sa.bindparam("folded"))
    rows = database.execute(sa.select(DOSSIER.c.id, DOSSIER.c.file_code)).all()
    for begin in range(0, len(rows), AT_ONCE):
        told = [{"of": each, "folded": folded_code(code)} for each, code in rows[begin : begin + AT_ONCE]]
        database.execute(written, told)
