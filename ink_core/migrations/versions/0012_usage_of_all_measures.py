"""What was used of tool calls, wall time and CPU time as well, by task and sub-agent; CPU time reserved for jobs."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_SPENDER = (
    ("username", sa.String(255), False),
    ("task_id", sa.String(64), True),
    ("session_id", sa.String(64), True),
    ("agent_id", sa.String(64), True),
    ("agents", sa.String(1000), False),
)
_SUMS = ("replies", "prompt_tokens", "completion_tokens", "money", "calls", "wall_ms", "cpu_s")


def _spender() -> list[sa.Column[Any]]:
    return [sa.Column(name, form, nullable=nullable) for name, form, nullable in _SPENDER]


def upgrade() -> None:
    op.create_table(
        "usage",
        sa.Column("id", sa.String(400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_spender(),
        sa.Column("model", sa.String(255), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _SUMS),
        sa.PrimaryKeyConstraint("id", name="pk_usage"),
    )
    op.create_index("ix_usage_username_at", "usage", ["username", "at"])
    op.create_index("ix_usage_at", "usage", ["at"])
    op.create_index("ix_usage_session_id", "usage", ["session_id"])
    op.create_index("ix_usage_task_id", "usage", ["task_id"])
    op.execute(
        sa.text(
            'INSERT INTO usage (id, "at", username, session_id, agent_id, agents, model, replies, prompt_tokens,'
            " completion_tokens, money, calls, wall_ms, cpu_s)"
            " SELECT session_id || '/' || seq, \"at\", username, session_id, session_id, session_id || '/', model, 1,"
            " prompt_tokens, completion_tokens, money, 0, 0, 0 FROM model_usage"
        )
    )
    op.drop_table("model_usage")
    op.create_table(
        "submissions",
        sa.Column("operation_id", sa.String(64), nullable=False),
        sa.Column("cluster", sa.String(64), nullable=False),
        sa.Column("dag", sa.String(64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_spender(),
        sa.Column("jobs", sa.BigInteger(), nullable=False),
        sa.Column("reserved_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", name="pk_submissions"),
    )
    op.create_index("ix_submissions_dag", "submissions", ["dag"])
    op.create_index("ix_submissions_username", "submissions", ["username"])
    op.create_index("ix_submissions_session_id", "submissions", ["session_id"])
    op.create_index("ix_submissions_task_id", "submissions", ["task_id"])
    for measure in ("calls", "wall_ms", "cpu_s"):
        op.add_column("raised_budgets", sa.Column(measure, sa.BigInteger(), nullable=True))
