"""How many requests a minute a token may send."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("credentials", sa.Column("requests_per_minute", sa.Integer(), nullable=True))
