"""How many requests a minute a token may send."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("credentials", sa.Column("requests_per_minute", sa.Integer(), nullable=True))
