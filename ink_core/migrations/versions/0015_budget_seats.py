"""Who may reserve budgets: the one who sits at a seat."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "budget_seats",
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_budget_seats"),
    )
