"""Jobs that have ended."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "ended_jobs",
        sa.Column("cluster", sa.String(64), nullable=False),
        sa.Column("job_id", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("cluster", "job_id", name="pk_ended_jobs"),
    )
    op.create_index("ix_ended_jobs_owner_ended_at", "ended_jobs", ["owner", "ended_at"])
    op.create_index("ix_ended_jobs_ended_at", "ended_jobs", ["ended_at"])
