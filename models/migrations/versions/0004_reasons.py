"""Why something was done to a case is kept for every act alike: of a readmission or a correction it was kept nowhere (rules section 1)."""

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and let the database refuse to change what is in it."""
    op.create_table(
        "case_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_reason_case_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_case_reason_membership_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_reason_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_reason")),
    )
    for column in ("case_id", "membership_id", "person_id"):
        op.create_index(op.f(f"ix_case_reason_{column}"), "case_reason", [column])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER case_reason_no_{act.lower()} BEFORE {act} ON case_reason "
                "BEGIN SELECT RAISE(ABORT, 'case_reason is append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER case_reason_append_only BEFORE UPDATE OR DELETE ON case_reason FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
