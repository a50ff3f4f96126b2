"""Groups with members, and users with fewer scopes than all."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("users", sa.Column("own_scopes", sa.String(500), nullable=True))
    op.create_table(
        "user_groups",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("description", sa.String(500), nullable=False),
        sa.Column("permissions", sa.String(4000), nullable=False),
        sa.Column("scopes", sa.String(500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_user_groups"),
    )
    op.create_table(
        "group_members",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("username", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("name", "username", name="pk_group_members"),
        sa.ForeignKeyConstraint(["name"], ["user_groups.name"], name="fk_group_members_name", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["username"], ["users.username"], name="fk_group_members_username", ondelete="CASCADE"),
    )
    op.create_index("ix_group_members_username", "group_members", ["username"])
