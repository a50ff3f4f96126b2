"""Captures of jobs by JobLens."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "joblens_captures",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("cluster", sa.String(64), nullable=False),
        sa.Column("job", sa.String(255), nullable=False),
        sa.Column("begun", sa.Float(53), nullable=False),
        sa.Column("until", sa.Float(53), nullable=False),
        sa.Column("interval_s", sa.Float(53), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("begun_by", sa.String(255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hosts", sa.Text(), nullable=False),
        sa.Column("ended", sa.Float(53), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_joblens_captures"),
    )
    op.create_index("ix_joblens_captures_cluster_job", "joblens_captures", ["cluster", "job"])
    op.create_index("ix_joblens_captures_until", "joblens_captures", ["until"])
