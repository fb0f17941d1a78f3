"""A word left out of a mail belongs to none: rows written before this was so named the mail they had been left out of."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the mail off; why and when the word was left out stays."""
    op.execute("UPDATE notification SET mail_id = NULL WHERE skipped_at IS NOT NULL AND mail_id IS NOT NULL")
