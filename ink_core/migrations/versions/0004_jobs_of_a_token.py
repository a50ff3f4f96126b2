"""How many jobs a token may submit, and how many it has."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("credentials", sa.Column("jobs", sa.Integer(), nullable=True))
    op.add_column("credentials", sa.Column("jobs_used", sa.Integer(), nullable=False, server_default="0"))
