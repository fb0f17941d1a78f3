"""On which days the reminders were looked for: a day without a row, since the first, is one on which nobody could be reminded."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; nothing is known of the days before."""
    op.create_table(
        "scan_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_day")),
        sa.UniqueConstraint("day", name=op.f("uq_scan_day_day")),
    )
