"""Which DAG an ended job is of."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("ended_jobs", sa.Column("dag", sa.String(64), nullable=True))
    op.create_index("ix_ended_jobs_cluster_dag", "ended_jobs", ["cluster", "dag"])
