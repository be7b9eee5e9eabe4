"""documents in full: the circular's fields of a document, and imports of documents."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXTS = ("code_number", "code_notation", "issuer", "information_sign", "keywords")
LONG_TEXTS = ("autograph", "note")
CODES = ("access_level", "trust_level", "physical_condition")


def upgrade() -> None:
    with op.batch_alter_table("document", schema=None) as batch_op:
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        for name in LONG_TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        for name in CODES:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=True))
        batch_op.add_column(sa.Column("languages", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("document", schema=None) as batch_op:
        for name in (*TEXTS, *LONG_TEXTS, "languages"):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("workbook_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("level", sa.String(), nullable=False, server_default="dossiers"))
        batch_op.add_column(sa.Column("noticed", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("notices", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("workbook_import", schema=None) as batch_op:
        batch_op.alter_column("level", server_default=None)
        batch_op.alter_column("noticed", server_default=None)
        batch_op.alter_column("notices", server_default=None)
