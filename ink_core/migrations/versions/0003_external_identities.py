"""Who of an OpenID provider or a Kerberos realm is which user."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "external_identities",
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("username", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_external_identities"),
        sa.ForeignKeyConstraint(
            ["username"], ["users.username"], name="fk_external_identities_username", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("issuer", "username", name="uq_external_identities_issuer_username"),
    )
    op.create_index("ix_external_identities_username", "external_identities", ["username"])
