"""What people have given to clients of INK's own OpenID issuer."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "client_grants",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("username", sa.String(32), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("scopes", sa.String(500), nullable=False),
        sa.Column("words", sa.String(100), nullable=False),
        sa.Column("access_id", sa.String(32), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family", sa.String(64), nullable=True),
        sa.Column("refresh", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_client_grants"),
        sa.ForeignKeyConstraint(["username"], ["users.username"], name="fk_client_grants_username", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["access_id"], ["credentials.id"], name="fk_client_grants_access_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("family", name="uq_client_grants_family"),
        sa.UniqueConstraint("access_id", name="uq_client_grants_access_id"),
    )
    op.create_index("ix_client_grants_username_client_id", "client_grants", ["username", "client_id"])
