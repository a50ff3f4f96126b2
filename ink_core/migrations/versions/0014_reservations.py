"""What is reserved of the budgets of the site and of tasks, and what they have spent, for all who decide on them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_MEASURES = ("tokens", "money", "calls", "wall_ms", "cpu_s")


def _measures() -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in _MEASURES]


def upgrade() -> None:
    op.create_table(
        "reservations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seat", sa.String(300), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("task_id", sa.String(64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_measures(),
        sa.PrimaryKeyConstraint("id", name="pk_reservations"),
    )
    op.create_table(
        "spent_totals",
        sa.Column("account", sa.String(300), nullable=False),
        *_measures(),
        sa.PrimaryKeyConstraint("account", name="pk_spent_totals"),
    )
    op.create_index("ix_submissions_reserved_s", "submissions", ["reserved_s"])
