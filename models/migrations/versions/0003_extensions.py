"""Every later date given to a case is kept with its reason: the deadline row holds only the newest (rules section 5)."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and let the database refuse to change what is in it."""
    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("before_at", Moment(timezone=True), nullable=True),
        sa.Column("until_at", Moment(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_extension_case_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_extension_membership_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_extension_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    for column in ("case_id", "membership_id", "person_id"):
        op.create_index(op.f(f"ix_extension_{column}"), "extension", [column])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER extension_no_{act.lower()} BEFORE {act} ON extension "
                "BEGIN SELECT RAISE(ABORT, 'extension is append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER extension_append_only BEFORE UPDATE OR DELETE ON extension "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
