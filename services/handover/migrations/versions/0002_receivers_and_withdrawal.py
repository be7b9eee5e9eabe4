"""receivers and withdrawal."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receiver",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("may_receive", sa.Boolean(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_receiver")),
    )
    op.add_column("delivery", sa.Column("cancelled_at", UtcDateTime(), nullable=True))
    op.add_column("delivery", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("package", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    # whom deliveries were agreed with before handover heard of accounts: they are receivers until identity says else
    agreement = sa.table("agreement", sa.column("receiver_id", sa.Uuid()), sa.column("receiver_name", sa.String()))
    receiver = sa.table(
        "receiver",
        sa.column("account_id", sa.Uuid()),
        sa.column("name", sa.String()),
        sa.column("may_receive", sa.Boolean()),
        sa.column("heard_at", UtcDateTime()),
    )
    known = sa.select(
        agreement.c.receiver_id,
        sa.func.min(agreement.c.receiver_name),
        sa.true(),
        sa.literal(datetime(1970, 1, 1, tzinfo=UTC), UtcDateTime()),
    ).group_by(agreement.c.receiver_id)
    op.execute(receiver.insert().from_select(["account_id", "name", "may_receive", "heard_at"], known))
